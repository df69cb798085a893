"""Moderation: every act, undone in time, two at once, links without signing in, gathered notices, and nothing lost."""
import email
import email.policy
import json
import os
import re
import signal
import threading

import pytest
import requests

import conftest
from rig.client import Author, address_of, message
from rig.site import Browser, now

OWNER, SECOND = 'owner@people.example.org', 'second@people.example.org'


@pytest.fixture(scope='module')
def stack():
    stack = conftest.start(web=True, direct=True, settings={'moderation.undo_s': 2, 'moderation.notice_s': 3600, 'worker.poll_ms': 100})
    conftest.need(stack, 'kairan', 'kairan-worker', 'kairan-web')
    yield stack
    conftest.finish(stack)


@pytest.fixture(autouse=True)
def sound(stack):
    for table in ('rate', 'budget', 'moderator_todo', 'moderator_pace'):
        stack.sql(f'DELETE FROM {table}')
    yield
    stack.quiet()
    assert stack.breaches() == []


@pytest.fixture
def club(stack, request):
    """A list of its own for each story, with an owner and a moderator, whose members' posts are held."""
    name = 'c' + re.sub(r'\W|_', '', request.node.name)[5:35]
    stack.new_list(name, 3, default_member_action='hold', default_nonmember_action='hold', admin_daily_summary='no')
    stack.kairan.command('member', 'add', address_of(name), OWNER, '--role', 'owner')
    stack.kairan.command('member', 'add', address_of(name), SECOND, '--role', 'moderator')
    stack.clear_sink()
    return name


def person(stack, address):
    """A signed-in browser of an address's owner; the account is made at the first time."""
    browser = Browser(stack.http_url())
    browser.headers['Accept-Language'] = 'en'
    stack.sql('UPDATE address SET verified_at = %s WHERE key = %s AND verified_at IS NULL', now(), address)
    if stack.one('SELECT user_id FROM address WHERE key = %s', address) is None:
        user = stack.one("INSERT INTO site_user (name, created_at) VALUES ('', %s) RETURNING id", now())
        stack.sql('UPDATE address SET user_id = %s WHERE key = %s', user, address)
    browser.sign_in(stack, stack.one('SELECT user_id FROM address WHERE key = %s', address))
    return browser


def hold(stack, name, subject='May I', author=None, sender='m1@members.example.org', body='Please let me in.\r\n'):
    """Posts, waits until it is held, and returns its id."""
    before = stack.one('SELECT coalesce(max(id), 0) FROM held')
    data = message(subject, sender=author.address if author else sender, to=address_of(name), body=body)
    stack.post(author.sign(data) if author else data, name, author.address if author else sender)
    stack.until(lambda: stack.one('SELECT count(*) FROM held WHERE id > %s', before) == 1, 20, 'the held post')
    return stack.one('SELECT max(id) FROM held')


def state(stack, subject):
    return stack.one('SELECT m.state FROM message m JOIN (SELECT message_id, subject FROM held UNION SELECT message_id, subject'
                     ' FROM held_decision) h ON h.message_id = m.id WHERE h.subject = %s', subject)


def notices(stack, kind, to=None):
    """(recipient, mail) of what we wrote, the newest last; taken from the receivers' sink when sent."""
    stack.quiet()
    rows = stack.sql('SELECT recipient FROM notice WHERE kind = %s ORDER BY id', kind)
    mails = [(row['rcpts'][0], email.message_from_bytes(row['message'], policy=email.policy.default)) for row in stack.copies()]
    return [one for one in mails if one[1]['X-Auto-Response-Suppress'] and (to is None or one[0] == to)] if rows else []


def act(browser, name, act, ids, **fields):
    data = [('act', act)] + [('id', one) for one in (ids if isinstance(ids, list) else [ids])] + list(fields.items())
    return browser.submit(f'/lists/{name}/held', data)


# ---- every act ----

def test_accepting_waits_and_can_be_undone(stack, club):
    owner, held = person(stack, OWNER), hold(stack, club, 'Undo me')
    assert act(owner, club, 'accept', held).status_code == 303
    page = owner.read(f'/lists/{club}/held').text
    assert 'Accepted, and about to go out' in page and 'value="undo"' in page
    assert act(owner, club, 'undo', held).headers['Location'].endswith('act=undo&done=1')
    assert state(stack, 'Undo me') == 'held' and stack.copies('members') == []
    assert act(owner, club, 'accept', held).status_code == 303
    stack.until(lambda: state(stack, 'Undo me') == 'accepted', 20, 'the accepted post')
    assert act(owner, club, 'undo', held).headers['Location'].endswith('act=undo&done=0&gone=' + str(held))
    assert 'accepted it.' in owner.read(f'/lists/{club}/held/{held}').text
    acts = [row[0] for row in stack.sql("SELECT action FROM audit WHERE object = 'Undo me' ORDER BY id")]
    assert acts == ['held_accept', 'held_undo', 'held_accept']


def test_refusing_asks_for_a_reason_and_tells_a_proved_author(stack, club):
    owner, anna = person(stack, OWNER), Author(stack)
    proved, unproved = hold(stack, club, 'Refuse me', author=anna), hold(stack, club, 'Refuse quietly', sender='x@nowhere.example')
    stack.quiet()
    stack.clear_sink()
    asked = act(owner, club, 'reject', [proved, unproved])
    assert asked.status_code == 200 and 'Refuse 2 posts?' in asked.text and asked.text.count('name="canned"') == 5
    done = act(owner, club, 'reject', [proved, unproved], sure=1, canned='Advertising has no place on this list.')
    assert done.headers['Location'].endswith('act=reject&done=2')
    told = notices(stack, 'rejected')
    assert [to for to, _ in told] == [anna.address] and 'Advertising has no place' in told[0][1].get_content()
    stack.kairan.command('list', 'set', address_of(club), 'rejection_reasons=Our own reason')
    third = hold(stack, club, 'Refuse by own')
    assert 'Our own reason' in act(owner, club, 'reject', third).text
    assert act(owner, club, 'reject', third, reason='In my words').status_code == 303
    assert stack.one('SELECT reason FROM held_decision WHERE held_id = %s', third) == 'In my words'


def test_discarding_and_banning_ask_once(stack, club):
    owner, held = person(stack, OWNER), hold(stack, club, 'Ban me', sender='spam@bad.example')
    asked = act(owner, club, 'ban', held)
    assert asked.status_code == 200 and 'ban its author' in asked.text and state(stack, 'Ban me') == 'held'
    assert act(owner, club, 'ban', held, sure=1).status_code == 303
    assert state(stack, 'Ban me') == 'discarded'
    assert stack.one("SELECT count(*) FROM ban b JOIN list l ON l.id = b.list_id WHERE l.name = %s AND b.pattern = 'spam@bad.example'", club) == 1
    second = person(stack, SECOND)      # a moderator without the right to ban
    other = hold(stack, club, 'Not banned', sender='other@bad.example')
    assert 'value="ban"' not in second.read(f'/lists/{club}/held').text
    assert act(second, club, 'ban', other, sure=1).status_code == 403 and state(stack, 'Not banned') == 'held'


def test_always_accepting_treats_members_and_strangers(stack, club):
    owner = person(stack, OWNER)
    member, stranger = hold(stack, club, 'Member'), hold(stack, club, 'Stranger', sender='new@nowhere.example')
    assert act(owner, club, 'always', [member, stranger]).status_code == 303
    rows = stack.sql('SELECT a.key, m.role, m.moderation_action FROM member m JOIN address a ON a.id = m.address_id JOIN list l'
                     ' ON l.id = m.list_id WHERE l.name = %s AND m.moderation_action IS NOT NULL ORDER BY 1', club)
    assert rows == [('m1@members.example.org', 'member', 'accept'), ('new@nowhere.example', 'nonmember', 'accept')]
    stack.quiet()
    stack.until(lambda: state(stack, 'Stranger') == 'accepted', 20, 'both accepted')
    stack.post(message('Without asking', to=address_of(club)), club)
    stack.until(lambda: stack.one("SELECT count(*) FROM post WHERE subject = 'Without asking'") == 1, 20, 'the next post')


def test_a_copy_goes_to_the_owners_and_it_still_waits(stack, club):
    second, held = person(stack, SECOND), hold(stack, club, 'Look at this', body='日本語の本文\r\n')
    stack.clear_sink()
    assert act(second, club, 'forward', held).headers['Location'].endswith('act=forward&done=1')
    told = [one for one in notices(stack, 'held_forward', OWNER) if 'Look at this' in one[1]['Subject']]
    parts = list(told[0][1].iter_attachments())
    assert len(told) == 1 and len(parts) == 1 and '日本語の本文'.encode() in (parts[0].get_content() if isinstance(parts[0].get_content(), bytes)
                                                                    else parts[0].get_content().as_bytes())
    assert state(stack, 'Look at this') == 'held'


def test_a_post_is_shown_with_all_one_needs_to_decide(stack, club):
    owner, anna = person(stack, OWNER), Author(stack)
    body = ('--x\r\nContent-Type: text/html\r\n\r\n<p>Hello <b>there</b><script>alert(1)</script><img src=http://evil.example/x></p>\r\n--x\r\n'
            'Content-Type: application/pdf; name="map.pdf"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n'
            'aGVsbG8=\r\n--x--\r\n')
    data = message('Rich', sender=anna.address, to=address_of(club), body=body).replace(
        b'Content-Type: text/plain; charset=utf-8', b'Content-Type: multipart/mixed; boundary=x')
    before = stack.one('SELECT coalesce(max(id), 0) FROM held')
    stack.post(anna.sign(data), club, anna.address)
    stack.until(lambda: stack.one('SELECT count(*) FROM held WHERE id > %s', before) == 1, 20, 'the held post')
    held = stack.one('SELECT max(id) FROM held')
    page = owner.read(f'/lists/{club}/held/{held}').text
    assert 'Hello there' in page and '<b>there' not in page and 'evil.example/x"' not in page and '<script>alert' not in page
    assert 'map.pdf' in page and 'PDF, 5 bytes' in page
    assert f'DMARC: the mail comes from {anna.domain}.' in page and f'the signature of {anna.domain} is good' in page
    assert 'No post accepted so far' in page and '1 held' in page
    raw = owner.read(f'/lists/{club}/held/{held}/raw')
    assert raw.headers['Content-Disposition'].startswith('attachment') and b'aGVsbG8=' in raw.content


# ---- many ----

def test_a_search_decides_about_all_that_match_and_were_there(stack, club):
    owner = person(stack, OWNER)
    for n in range(3):
        hold(stack, club, f'Sale {n} 100%_off')
    kept = hold(stack, club, 'Sale 100 off')
    page = owner.read(f'/lists/{club}/held', params={'q': '100%_off'}).text
    assert page.count('name="id"') == 3 and 'With all 3 that match the search' in page
    asked = owner.submit(f'/lists/{club}/held', {'act': 'discard', 'match': '1', 'q': '100%_off'})
    upto = re.search(r'name="upto" value="(\d+)"', asked.text)[1]
    assert 'Discard 3 posts?' in asked.text
    late = hold(stack, club, 'Sale late 100%_off')
    done = owner.submit(f'/lists/{club}/held', {'act': 'discard', 'match': '1', 'q': '100%_off', 'upto': upto, 'sure': '1'})
    assert done.headers['Location'].endswith('act=discard&done=3')
    left = [row[0] for row in stack.sql('SELECT h.id FROM held h JOIN list l ON l.id = h.list_id WHERE l.name = %s ORDER BY 1', club)]
    assert left == [kept, late]


def test_a_search_knows_no_case_and_no_width(stack, club):
    owner = person(stack, OWNER)
    held = hold(stack, club, 'Spring セール')
    hold(stack, club, 'Autumn')
    for text in ('spring', 'SPRING ｾｰﾙ', 'ｓｐｒｉｎｇ', 'ール'):
        page = owner.read(f'/lists/{club}/held', params={'q': text}).text
        assert re.findall(r'name="id" value="(\d+)"', page) == [str(held)] and 'With all 1 that match the search' in page, text
    assert 'Nothing found.' in owner.read(f'/lists/{club}/held', params={'q': 'summer'}).text
    listed = json.loads(stack.kairan.command('held', 'list', address_of(club), '--match', 'ｾｰﾙ', '--json'))
    assert [row['id'] for row in listed['held']] == [held]


def test_all_lists_of_a_moderator_are_one_page(stack, club):
    other = 'x' + club[:30]
    stack.new_list(other, 1, default_member_action='hold')
    stack.kairan.command('member', 'add', address_of(other), SECOND, '--role', 'moderator')
    here, there, foreign = hold(stack, club, 'Here'), hold(stack, other, 'There'), hold(stack, 'test', 'Foreign', sender='z@nowhere.example')
    second = person(stack, SECOND)
    assert 'href="/held"' in second.read('/').text
    page = second.read('/held').text
    assert 'Here' in page and 'There' in page and 'Foreign' not in page and f'href="/held/{there}"' in page
    one = second.read(f'/held/{there}').text        # opened here, it is decided here, and the way back leads here
    assert 'action="/held"' in one and 'action="/lists/' not in one and '<a href="/held">' in one and f'href="/lists/{other}/held/{there}/raw"' in one
    assert 'Please let me in.' in one and second.read(f'/lists/{other}/held/{there}/raw').status_code == 200
    at_list = second.read(f'/lists/{other}/held/{there}').text      # where older links lead
    assert f'action="/lists/{other}/held"' in at_list and 'action="/held"' not in at_list
    away = [second.read(f'/held/{id}') for id in (foreign, 999999999)]
    assert [answer.status_code for answer in away] == [404, 404] and away[0].content == away[1].content
    done = second.submit('/held', [('act', 'discard'), ('sure', '1'), ('id', here), ('id', there), ('id', foreign)])
    assert done.headers['Location'] == '/held?act=discard&done=2' and state(stack, 'Foreign') == 'held'
    assert f'{SECOND} discarded it.' in second.read(f'/held/{here}').text
    nobody = person(stack, 'm3@members.example.org')
    assert 'not a moderator' in nobody.read('/held').text and 'href="/held"' not in nobody.read('/').text
    assert {nobody.read(f'/held/{id}').status_code for id in (here, foreign, 999999999)} == {404}
    stack.kairan.command('held', 'discard', address_of('test'), str(foreign))


def test_commands_do_what_pages_do(stack, club):
    one, two, three = (hold(stack, club, f'Command {n}') for n in range(3))
    listed = stack.kairan.command('held', 'list', address_of(club), '--match', 'command')
    assert listed.count('Command') == 3 and 'Please let me in.' in stack.kairan.command('held', 'show', address_of(club), str(one))
    assert 'accepted: 1' in stack.kairan.command('held', 'accept', address_of(club), str(one))
    assert 'waiting_again: 1' in stack.kairan.command('held', 'undo', address_of(club), str(one))
    assert 'accepted: 2' in stack.kairan.command('held', 'accept', address_of(club), str(one), str(two), '--now', '--always')
    assert 'refused: 1' in stack.kairan.command('held', 'reject', address_of(club), '--match', 'command 2', '--reason', 'No', '--ban')
    assert stack.one("SELECT count(*) FROM ban WHERE pattern = 'm1@members.example.org'") == 1
    stack.sql("DELETE FROM ban WHERE pattern = 'm1@members.example.org'")
    stack.until(lambda: state(stack, 'Command 1') == 'accepted', 20, 'the accepted posts')
    assert 'Command' not in stack.kairan.command('held', 'list', '--all')
    assert three


# ---- two at once ----

def test_two_moderators_at_once_have_one_outcome(stack, club):
    owner, second = person(stack, OWNER), person(stack, SECOND)
    ids = [hold(stack, club, f'Race {n}') for n in range(6)]
    for browser in (owner, second):
        browser.submit('/language', {'language': 'en'})
    answers = {}

    def decide(name, browser, word):
        answers[name] = act(browser, club, word, ids, sure=1).headers['Location']

    threads = [threading.Thread(target=decide, args=one) for one in (('owner', owner, 'accept'), ('second', second, 'discard'))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = {name: int(re.search(r'done=(\d+)', path)[1]) for name, path in answers.items()}
    assert sum(done.values()) == 6
    loser, browser = ('owner', owner) if done['owner'] < done['second'] else ('second', second)
    winner = SECOND if loser == 'owner' else OWNER
    page = browser.read(answers[loser]).text
    assert 'Somebody else was faster:' in page and page.count(winner) >= 6


def test_who_looks_at_a_post_is_seen_by_others(stack, club):
    owner, second, held = person(stack, OWNER), person(stack, SECOND), hold(stack, club, 'Seen')
    assert 'is looking at it' not in owner.read(f'/lists/{club}/held/{held}').text
    assert f'{OWNER} is looking at it.' in second.read(f'/lists/{club}/held').text
    assert f'{OWNER} is looking at it.' in second.read(f'/lists/{club}/held/{held}').text
    assert f'{SECOND} is looking at it.' in owner.read(f'/lists/{club}/held/{held}').text
    assert act(second, club, 'discard', held, sure=1).status_code == 303
    assert f'{SECOND} discarded it.' in owner.read(f'/lists/{club}/held/{held}').text


# ---- the author ----

def cancel_link(stack, author):
    told = [mail for to, mail in notices(stack, 'held', author.address)]
    return re.search(r'/cancel/\w+', told[-1].get_content())[0]


def test_an_author_takes_a_post_back(stack, club):
    anna, owner = Author(stack), person(stack, OWNER)
    held = hold(stack, club, 'Mine', author=anna)
    link = stack.http_url() + cancel_link(stack, anna)
    assert 'Take this post back?' in requests.get(link, headers={'Accept-Language': 'en'}).text and state(stack, 'Mine') == 'held'
    assert 'You have taken it back' in requests.post(link, headers={'Accept-Language': 'en'}).text
    assert state(stack, 'Mine') == 'discarded'
    late = act(owner, club, 'accept', held).headers['Location']
    assert late.endswith(f'done=0&gone={held}') and 'Its author took it back.' in owner.read(late).text
    hold(stack, club, 'Not proved', sender='x@nowhere.example')
    assert notices(stack, 'held', 'x@nowhere.example') == []


def test_authors_and_moderators_are_told_only_where_the_list_wants_it(stack, club):
    anna = Author(stack)
    stack.set(club, respond_to_post_requests='no', admin_immed_notify='no')
    hold(stack, club, 'Quietly', author=anna)
    assert notices(stack, 'held', anna.address) == [] and notices(stack, 'held_moderators') == []
    assert stack.one("SELECT cancel_hash FROM held WHERE subject = 'Quietly'") is None
    stack.set(club, respond_to_post_requests='yes', admin_immed_notify='yes')
    hold(stack, club, 'Aloud', author=anna)
    stack.until(lambda: len(told(stack, SECOND)) == 1, 20, 'the notice to moderators')
    assert 'Aloud' in notices(stack, 'held', anna.address)[0][1].get_content() and 'Quietly' not in told(stack, SECOND)[0].get_content()


def test_a_poster_cancels_while_a_moderator_accepts(stack, club):
    anna, owner = Author(stack), person(stack, OWNER)
    owner.submit('/language', {'language': 'en'})
    for n in range(4):
        subject, answers = f'Both {n}', {}
        stack.clear_sink()
        held = hold(stack, club, subject, author=anna)
        link = stack.http_url() + cancel_link(stack, anna)
        threads = [threading.Thread(target=lambda: answers.update(cancel=requests.post(link, headers={'Accept-Language': 'en'}).text)),
                   threading.Thread(target=lambda: answers.update(accept=act(owner, club, 'accept', held).headers['Location']))]
        for thread in threads if n % 2 else reversed(threads):
            thread.start()
        for thread in threads:
            thread.join()
        if 'done=1' in answers['accept']:
            assert 'A moderator has accepted it' in answers['cancel']
            stack.until(lambda: state(stack, subject) == 'accepted', 20, 'the accepted post')     # pylint: disable=cell-var-from-loop
        else:
            assert 'You have taken it back' in answers['cancel'] and state(stack, subject) == 'discarded'
            assert 'Its author took it back.' in owner.read(answers['accept']).text


# ---- notices and links ----

def told(stack, address):
    return [mail for to, mail in notices(stack, 'held_moderators', address) if 'wait for a moderator' in mail['Subject']]


def open_link(mail):
    return re.search(r'/m/\w+', mail.get_content())[0]


def test_notices_are_gathered_and_their_link_needs_no_sign_in(stack, club):
    first = hold(stack, club, 'First')
    stack.until(lambda: len(told(stack, SECOND)) == 1 and len(told(stack, OWNER)) == 1, 20, 'the first notice')
    second, third = hold(stack, club, 'Second'), hold(stack, club, 'Third')
    stack.quiet()
    assert len(told(stack, SECOND)) == 1
    stack.sql("UPDATE moderator_pace SET noticed_at = noticed_at - interval '2 hours'")
    stack.until(lambda: len(told(stack, SECOND)) == 2, 20, 'the gathered notice')
    mail = told(stack, SECOND)[1]
    assert '1. Second' in mail.get_content() and '2. Third' in mail.get_content() and 'First' not in mail.get_content()
    assert mail['Auto-Submitted'] == 'auto-generated' and f'{club}-confirm+m-' in mail['Reply-To']
    guest, link = Browser(stack.http_url()), open_link(mail)
    guest.headers['Accept-Language'] = 'en'
    page = guest.read(link)
    assert page.status_code == 200 and all(word in page.text for word in ('First', 'Second', 'Third', 'm1@members.example.org'))
    assert page.headers['Cache-Control'] == 'private, no-store'
    assert 'Please let me in.' in guest.read(f'{link}?id={first}').text
    assert guest.post(guest.base + link, data={'act': 'accept', 'id': first}, allow_redirects=False).status_code == 303
    assert 'Discard 1 post?' in guest.post(guest.base + link, data={'act': 'discard', 'id': second}).text
    assert guest.post(guest.base + link, data={'act': 'discard', 'id': second, 'sure': 1}, allow_redirects=False).status_code == 303
    assert stack.one("SELECT decided_by FROM held_decision WHERE held_id = %s", second) == SECOND
    assert 'Third' in guest.read(link).text and 'Second' not in guest.read(link).text
    elsewhere = hold(stack, 'test', 'Elsewhere', sender='z@nowhere.example')
    answer = guest.post(guest.base + link, data={'act': 'discard', 'id': [third, elsewhere], 'sure': 1}, allow_redirects=False)
    assert answer.headers['Location'].endswith('act=discard&done=1') and state(stack, 'Elsewhere') == 'held'
    stack.kairan.command('held', 'discard', address_of('test'), str(elsewhere))


def test_a_link_ends_after_seven_days_or_with_the_role_and_can_be_renewed(stack, club):
    hold(stack, club, 'Link')
    stack.until(lambda: len(told(stack, SECOND)) == 1, 20, 'the notice')
    guest, link = Browser(stack.http_url()), open_link(told(stack, SECOND)[0])
    guest.headers['Accept-Language'] = 'en'
    stack.sql("UPDATE moderator_link SET expires_at = expires_at - interval '6 days 23 hours'")
    assert guest.read(link).status_code == 200
    stack.sql("UPDATE moderator_link SET expires_at = expires_at - interval '1 hour'")
    over = guest.read(link)
    assert over.status_code == 410 and 'Send me a new link' in over.text and 'Link' not in re.sub(r'[Tt]his link|new link', '', over.text).replace('<link', '')
    assert guest.post(guest.base + link, data={'act': 'discard', 'id': 1, 'sure': 1}).status_code == 410
    stack.clear_sink()
    assert 'A new link is on its way' in guest.post(guest.base + link, data={'act': 'renew'}).text
    mails = [mail for to, mail in notices(stack, 'held_link', SECOND)]
    fresh = open_link(mails[-1])
    assert fresh != link and 'value="accept"' in guest.read(fresh).text
    stack.kairan.command('member', 'remove', address_of(club), SECOND, '--role', 'moderator')
    ended = guest.read(fresh)
    assert ended.status_code == 410 and 'no longer decides' in ended.text
    assert guest.post(guest.base + fresh, data={'act': 'renew'}).status_code == 410
    stack.kairan.command('member', 'add', address_of(club), SECOND, '--role', 'moderator')
    assert guest.read(fresh).status_code == 410


def test_a_right_taken_away_ends_link_and_page(stack, club):
    hold(stack, club, 'Right')
    stack.until(lambda: len(told(stack, SECOND)) == 1, 20, 'the notice')
    link, second = open_link(told(stack, SECOND)[0]), person(stack, SECOND)
    stack.sql("UPDATE member m SET rights = '{requests}' FROM list l, address a WHERE l.id = m.list_id AND a.id = m.address_id"
              " AND l.name = %s AND a.key = %s", club, SECOND)
    assert second.read(f'/lists/{club}/held').status_code == 403 and 'Right' not in second.read('/held').text
    assert requests.get(stack.http_url() + link).status_code == 410


def test_one_author_does_not_cause_more_than_ten_notices_a_day(stack, club):
    ids = [hold(stack, club, f'Flood {n}') for n in range(13)]
    stack.sql("UPDATE moderator_pace SET noticed_at = noticed_at - interval '2 hours'")
    stack.quiet()
    stack.until(lambda: stack.one('SELECT count(*) FROM moderator_todo') == 0, 20, 'all told')
    stack.quiet()
    named = sum(len(re.findall(r'^\d+\. Flood', mail.get_content(), re.M)) for mail in told(stack, SECOND))
    assert named == 10 and len(ids) == 13


def test_moderators_are_told_in_the_list_s_language(stack, club):
    stack.set(club, preferred_language='ja')
    stack.sql('UPDATE site_user SET preferred_language = NULL')      # a person's own choice comes first
    hold(stack, club, '団費のお知らせ')
    stack.until(lambda: notices(stack, 'held_moderators', SECOND), 20, 'the notice')
    mail = notices(stack, 'held_moderators', SECOND)[-1][1]
    assert '承認を待っている投稿があります' in mail['Subject'] and '1. 団費のお知らせ' in mail.get_content()
    assert '差出人はこのリストの参加者では' in mail.get_content() or '承認' in mail.get_content()
    assert max(map(len, open_link(mail).split())) < 70 and '「承認」「却下」「破棄」' in mail.get_content()


# ---- by mail ----

def answer_to(stack, mail, author, body, signed=True, sender=None):
    """An author's answer to a notice; waits until it was read."""
    to = re.search(r'[\w.+-]+@[\w.-]+', mail['Reply-To'])[0]
    data = message('Re: ' + mail['Subject'], sender=author.address, to=to, body=body)
    reply = stack.post(author.sign(data) if signed else data, to, author.address if sender is None else sender)
    assert reply.startswith('250'), (to, reply)
    stack.quiet()


def answers(stack, address):
    return [mail.get_content().replace('\r\n', '\n') for to, mail in notices(stack, 'held_answer', address)
            if 'your answer about' in mail['Subject']]


def test_a_moderator_decides_by_mail(stack, club):
    bella, mallory = Author(stack), Author(stack)
    stack.kairan.command('member', 'add', address_of(club), bella.address, '--role', 'moderator')
    hold(stack, club, 'Mail one')
    stack.until(lambda: len(told(stack, bella.address)) == 1, 20, 'the notice')
    ids = [hold(stack, club, f'Mail {n}') for n in ('two', 'three', 'four')]
    stack.sql("UPDATE moderator_pace SET noticed_at = noticed_at - interval '2 hours'")
    stack.until(lambda: len(told(stack, bella.address)) == 2, 20, 'the gathered notice')
    mail = told(stack, bella.address)[1]
    answer_to(stack, mail, mallory, 'discard all\r\n')                      # somebody else, though proved
    answer_to(stack, mail, bella, 'discard all\r\n', signed=False)           # her name, proved by nothing
    answer_to(stack, mail, bella, 'Thank you!\r\n> discard all\r\n')
    answer_to(stack, mail, bella, 'discard\r\n')
    assert [state(stack, f'Mail {n}') for n in ('two', 'three', 'four')] == ['held'] * 3
    texts = answers(stack, bella.address)
    assert any('No word was found' in text for text in texts) and any('name the number' in text for text in texts)
    assert answers(stack, mallory.address) == []
    assert stack.kairan.command('held', 'discard', address_of(club), str(ids[2]))
    answer_to(stack, mail, bella, 'accept 1\r\n却下　２：話題が違います\r\ndiscard 3\r\n\r\nBella\r\n')
    assert stack.one('SELECT reason FROM held_decision WHERE held_id = %s', ids[1]) == '話題が違います'
    assert stack.sql('SELECT decided_by FROM held_decision WHERE held_id = %s', ids[1]) == [(bella.address,)]
    stack.until(lambda: state(stack, 'Mail two') == 'accepted', 20, 'the accepted post')
    last = answers(stack, bella.address)[-1]
    assert 'Mail two\nAccepted.' in last and 'Mail three\nRefused.' in last and 'command line' in last and 'discarded it.' in last
    stack.kairan.command('member', 'remove', address_of(club), bella.address, '--role', 'moderator')
    answer_to(stack, told(stack, bella.address)[0], bella, 'accept\r\n')
    assert state(stack, 'Mail one') == 'held' and 'does not wait any more' in answers(stack, bella.address)[-1]


# ---- time ----

def test_what_waits_too_long_is_decided_by_the_list(stack, club):
    stack.set(club, max_days_to_hold=3, max_days_to_hold_action='discard')
    old, young = hold(stack, club, 'Too old'), hold(stack, club, 'Young')
    stack.sql("UPDATE held SET held_at = held_at - interval '4 days' WHERE id = %s", old)
    stack.restart('worker')
    stack.until(lambda: state(stack, 'Too old') == 'discarded', 20, 'the old post to be discarded')
    assert state(stack, 'Young') == 'held' and young
    assert stack.one("SELECT actor FROM audit WHERE object = 'Too old'") == 'max_days_to_hold'


def test_moderators_are_reminded_once_a_day(stack, club):
    stack.set(club, admin_daily_summary='yes')
    held = hold(stack, club, 'Forgotten')
    stack.until(lambda: len(told(stack, SECOND)) == 1, 20, 'the notice')
    stack.clear_sink()
    stack.sql("UPDATE held SET held_at = held_at - interval '2 days' WHERE id = %s", held)
    stack.sql("UPDATE moderator_pace SET noticed_at = noticed_at - interval '25 hours'")
    stack.restart('worker')
    stack.until(lambda: len(notices(stack, 'held_summary', SECOND)) == 1, 20, 'the reminder')
    mail = notices(stack, 'held_summary', SECOND)[0][1]
    assert '1 post waits' in mail.get_content() and '/m/' in mail.get_content()
    stack.restart('worker')
    stack.quiet()
    assert len(notices(stack, 'held_summary', SECOND)) == 1


# ---- what could not be processed ----

def test_what_was_set_aside_is_seen_saved_and_tried_again(stack, club):
    held = hold(stack, club, 'Aside')
    number = stack.one('SELECT message_id FROM held WHERE id = %s', held)
    stack.sql('DELETE FROM held WHERE id = %s', held)
    stack.sql("UPDATE message SET state = 'set_aside', ended_at = %s WHERE id = %s", now(), number)
    stack.sql("UPDATE judgement SET rule = 'set_aside', reason = 'Three attempts to process this message ended before it was decided.'"
              ' WHERE message_id = %s', number)
    owner = person(stack, OWNER)
    page = owner.read(f'/lists/{club}/held').text
    assert 'Could not be processed' in page and 'Three attempts to process' in page
    assert b'Subject: Aside' in owner.read(f'/lists/{club}/set-aside/{number}/raw').content
    assert owner.read(f'/lists/test/set-aside/{number}/raw').status_code == 403
    assert owner.submit(f'/lists/{club}/set-aside', {'act': 'retry', 'id': number}).headers['Location'].endswith('act=retry&done=1')
    stack.until(lambda: stack.one('SELECT count(*) FROM held WHERE message_id = %s', number) == 1, 20, 'the post, held again')
    assert owner.submit(f'/lists/{club}/set-aside', {'act': 'retry', 'id': number}).headers['Location'].endswith('done=0')


# ---- nothing lost ----

def test_killed_at_any_moment_nothing_is_lost(stack, club):
    """Accepted posts and notices are rows: whoever dies, they are there for the next."""
    owner = person(stack, OWNER)
    ids = [hold(stack, club, f'Kill {n}') for n in range(5)]
    assert act(owner, club, 'accept', ids).headers['Location'].endswith('done=5')
    for _ in range(3):
        stack.sql("UPDATE held SET accept_at = accept_at - interval '1 hour' WHERE accept_at IS NOT NULL")
        os.kill(stack.keeper.pid('worker'), signal.SIGKILL)
        stack.until(lambda: stack.keeper.pid('worker') is None, 10, 'the end of the worker')
        stack.restart('worker')
    stack.until(lambda: stack.one("SELECT count(*) FROM post WHERE subject LIKE 'Kill %%'") == 5, 30, 'the accepted posts')
    stack.quiet()
    assert stack.one('SELECT count(*) FROM moderator_todo t JOIN held h ON h.id = t.held_id JOIN list l ON l.id = h.list_id WHERE l.name = %s', club) == 0
