"""People: what they prefer acts on their mail; their pages; passwords and sessions; who owns which address."""
import datetime
import email
import html
import mailbox
import os
import re
import time

import pytest
import requests

import conftest
from rig import kairan
from rig.client import Author, address_of, message
from rig.site import Browser, heading, now

M = [f'm{i}@members.example.org' for i in range(5)]


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(members=4, web=True, direct=True)
    conftest.need(stack, 'kairan', 'kairan-worker', 'kairan-web')
    yield stack
    assert stack.breaches() == []
    conftest.finish(stack)


@pytest.fixture(autouse=True)
def as_before(site):
    """Nobody prefers anything, nothing waits."""
    yield
    site.quiet()
    clear = ('acknowledge_posts = NULL, receive_own_postings = NULL, receive_list_copy = NULL, hide_address = NULL, delivery_mode = NULL')
    for table in ('member', 'address', 'site_user'):
        site.sql(f'UPDATE {table} SET {clear}, delivery_status = NULL, vacation_until = NULL, preferred_language = NULL')
    site.sql(f'UPDATE site_preference SET {clear}')
    site.sql('DELETE FROM rate')
    site.clear_sink()


def account(site, address, admin=False):
    """The account of an address, made where there is none."""
    found = site.sql('SELECT user_id FROM address WHERE key = %s AND user_id IS NOT NULL', address)
    if found:
        return found[0][0]
    user = site.one("INSERT INTO site_user (name, is_admin, created_at) VALUES ('', %s, %s) RETURNING id", admin, now())
    site.sql('INSERT INTO address (key, email, user_id, verified_at, created_at) VALUES (%s, %s, %s, %s, %s)'
             ' ON CONFLICT (key) DO UPDATE SET user_id = excluded.user_id, verified_at = excluded.verified_at',
             address, address, user, now(), now())
    return user


def browser(site, address, language='en', admin=False):
    one = Browser(site.http_url())
    one.headers['Accept-Language'] = language
    one.sign_in(site, account(site, address, admin))
    return one


def membership(site, address, list_='test'):
    found = site.sql('SELECT m.id FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id'
                    " WHERE a.key = %s AND l.name = %s AND m.role = 'member' AND m.left_at IS NULL", address, list_)
    return found[0][0] if found else None


def mail_to(site, address, subject):
    """The newest mail of the system to somebody with these words in its subject, as it was handed on."""
    found = []

    def ready():
        mails = [email.message_from_bytes(row['message'], policy=email.policy.default) for row in site.copies()
                 if row['rcpts'] == [address] and row['from'] == '']
        found[:] = [mail for mail in mails if subject in mail['Subject']]
        return bool(found)
    site.until(ready, 30, f'{subject} to {address}')
    assert found[-1]['Auto-Submitted'].startswith('auto-')
    return found[-1]


def reached(site, count, sender=M[1], **options):
    """Who gets copies of a new post."""
    site.clear_sink()
    site.post(message('Who gets it', sender=sender, **options), sender=sender)
    rows = site.wait_copies(count)
    site.quiet()
    rows = [row for row in site.copies() if row['from'] != '']
    assert len(rows) == count
    return {row['rcpts'][0] for row in rows}


# ---- what is preferred acts ----

def test_delivery_stops_by_each_level_and_comes_again(site):
    everybody = set(M[1:])
    assert reached(site, 4) == everybody
    page = browser(site, M[2])
    saved = page.submit('/me/', {f'status.{membership(site, M[2])}': 'by_user'})
    assert saved.status_code == 303
    assert reached(site, 3) == everybody - {M[2]}
    page.submit('/me/', {f'status.{membership(site, M[2])}': 'inherit'})
    # The account stops; this one list comes all the same.
    page.submit('/me/preferences', {'set.delivery_status': 'by_user', 'name': 'Second'})
    assert reached(site, 3) == everybody - {M[2]}
    page.submit('/me/', {f'status.{membership(site, M[2])}': 'enabled'})
    assert reached(site, 4) == everybody


def test_a_vacation_ends_by_itself(site):
    page = browser(site, M[3])
    day = (datetime.date.today() + datetime.timedelta(days=9)).isoformat()
    path = f'/me/membership/{membership(site, M[3])}'
    past = page.submit(path, {'set.delivery_status': 'until', 'set.vacation_until': '2020-01-01'})
    assert past.status_code == 422 and 'This day is over already.' in past.text
    assert page.submit(path, {'set.delivery_status': 'until', 'set.vacation_until': day}).status_code == 303
    assert f'value="{day}"' in page.read(path).text and 'Rests until' in page.read('/me/').text
    assert M[3] not in reached(site, 3)
    site.sql("UPDATE member SET vacation_until = %s WHERE vacation_until IS NOT NULL", now() - datetime.timedelta(seconds=1))
    assert M[3] in reached(site, 4)
    assert 'Rests until' not in page.read('/me/').text


def test_those_who_stop_after_a_post_was_accepted_are_not_sent_it(site):
    """The claim asks again."""
    chunks = site.one("SELECT count(*) FROM chunk")
    assert chunks == 0
    post = site.one('SELECT max(id) FROM post')
    member = membership(site, M[1])
    site.sql("UPDATE member SET delivery_status = 'by_user' WHERE id = %s", member)
    rows = site.sql("SELECT count(*) FROM outcome WHERE result = 'left' AND post_id = %s", post)
    assert rows == [(0,)]
    site.sql("UPDATE post SET recipients = recipients WHERE id = %s", post)
    site.sql('DELETE FROM outcome WHERE post_id = %s AND member_id = %s', post, member)
    site.sql('INSERT INTO chunk (post_id, members, turn, due_at) VALUES (%s, %s, 0, %s)', post, [member], now())
    site.until(lambda: site.sql("SELECT result FROM outcome WHERE post_id = %s AND member_id = %s", post, member) == [('left',)], 20)


def test_own_posts_by_any_address_of_the_account(site):
    """The member writes from a second address that is no member itself."""
    user = account(site, M[1])
    site.sql('INSERT INTO address (key, email, user_id, verified_at, created_at) VALUES (%s, %s, %s, %s, %s)', 'second@members.example.org',
             'second@members.example.org', user, now(), now())
    page = browser(site, M[1])
    assert page.submit('/me/preferences', {'set.receive_own_postings': 'no', 'name': ''}).status_code == 303
    assert M[1] not in reached(site, 3)
    assert M[1] not in reached(site, 3, sender='second@members.example.org')
    assert M[1] in reached(site, 4, sender=M[2])


def test_who_is_named_in_to_or_cc_may_do_without_the_lists_copy(site):
    page = browser(site, M[4])
    page.submit(f'/me/membership/{membership(site, M[4])}', {'set.receive_list_copy': 'no'})
    assert M[4] in reached(site, 4)
    assert M[4] not in reached(site, 3, extra=f'Cc: Fourth <{M[4].upper()}>\r\n')
    assert M[4] not in reached(site, 3, to=f'{M[4]}, {address_of("test")}')


def test_the_site_says_what_holds_for_all_others(site):
    admin = browser(site, 'operator@people.example.org', admin=True)
    assert admin.submit('/admin/preferences', {'set.receive_own_postings': 'no'}).status_code == 303
    assert M[1] not in reached(site, 3) and M[2] not in reached(site, 3, sender=M[2])
    browser(site, M[1]).submit('/me/preferences', {'set.receive_own_postings': 'yes', 'name': ''})
    assert M[1] in reached(site, 4)
    assert browser(site, M[1]).read('/admin/preferences').status_code == 403


def test_a_report_about_a_post_that_was_proved(site):
    author = Author(site)
    site.kairan.command('member', 'add', address_of('test'), author.address)
    page = browser(site, author.address)
    page.submit('/me/preferences', {'set.acknowledge_posts': 'yes', 'set.preferred_language': 'ja', 'name': ''})
    site.clear_sink()
    site.post(author.sign(message('Do report', sender=author.address)), sender=author.address)
    mail = mail_to(site, author.address, '送り出しました')
    assert 'Do report' in mail.get_content() and '5通を引き渡しました。' in mail.get_content()
    assert site.one('SELECT count(*) FROM acknowledgement') == 0
    # Not signed: it might be anybody's, so nobody is told.
    site.clear_sink()
    site.post(message('Forged', sender=author.address), sender=author.address)
    time.sleep(0.5)
    assert site.one('SELECT count(*) FROM acknowledgement') == 0
    site.kairan.command('member', 'remove', address_of('test'), author.address)


def test_a_report_does_not_wait_longer_than_four_hours(site):
    author = Author(site)
    site.kairan.command('member', 'add', address_of('test'), author.address, 'stuck@members.example.org')
    browser(site, author.address).submit('/me/preferences', {'set.acknowledge_posts': 'yes', 'name': ''})
    site.recipient('stuck@members.example.org', 'rcpt:450')
    site.clear_sink()
    site.post(author.sign(message('Stuck', sender=author.address)), sender=author.address)
    site.until(lambda: site.one('SELECT count(*) FROM acknowledgement') == 1, 20)
    site.until(lambda: site.one("SELECT count(*) FROM outcome WHERE result = 'deferred'") >= 1, 20)
    due = site.one('SELECT due_at FROM acknowledgement')
    assert 3.9 < (due - now()).total_seconds() / 3600 <= 4
    site.sql('UPDATE acknowledgement SET due_at = %s', now())
    text = mail_to(site, author.address, 'was sent on').get_content()
    assert '5 copies were handed on for delivery.' in text and '1 copy still waits to be sent.' in text and 'delivered' not in text
    site.state['recipients'] = {}
    site.personality('members', 'strict')
    site.sql('UPDATE chunk SET due_at = %s', now())
    site.quiet()
    site.kairan.command('member', 'remove', address_of('test'), author.address, 'stuck@members.example.org')


# ---- pages ----

PAGES = ('/me/', '/me/data', '/me/leave-all', '/me/delete', '/me/preferences', '/me/addresses', '/me/sign-in', '/me/password/remove', '/login/password')


@pytest.mark.parametrize('language', ['en', 'ja'])
def test_the_pages_in_both_languages(site, language):
    page = browser(site, M[1], language)
    for path in PAGES + (f'/me/membership/{membership(site, M[1])}',):
        answer = page.read(path)
        assert answer.status_code == 200 and answer.headers['Content-Language'] == language, path
        assert answer.headers['Cache-Control'] == 'private, no-store'
        if language == 'ja':
            main = re.search(r'<main.*</main>', answer.text, re.S)[0]
            words = re.sub(r'<select.*?</select>|<bdi>.*?</bdi>|<[^>]+>', ' ', main, flags=re.S)
            assert not re.search(r'\b(the|and|your|Save|Back)\b', words), (path, words)


def test_what_is_another_persons_is_not_there(site):
    stranger = browser(site, 'stranger@people.example.org')
    member, address = membership(site, M[1]), site.one('SELECT id FROM address WHERE key = %s', M[1])
    session = site.one('SELECT max(id) FROM session WHERE user_id = %s', account(site, M[2]))
    browser(site, M[2])
    for path in (f'/me/membership/{member}', f'/me/addresses/{address}', f'/me/addresses/{address}/remove'):
        assert stranger.read(path).status_code == 404
        assert stranger.submit(path, {'set.delivery_status': 'by_user', 'address': '0'}).status_code == 404
    assert stranger.submit(f'/me/addresses/{address}/prefer').status_code == 404
    if session:
        assert stranger.submit(f'/me/sessions/{session}/end').status_code == 404
    stranger.submit('/me/', {f'status.{member}': 'by_user'})
    assert site.one('SELECT delivery_status FROM member WHERE id = %s', member) is None


def test_what_an_owner_stopped_only_an_owner_starts(site):
    member = membership(site, M[1])
    site.sql("UPDATE member SET delivery_status = 'by_moderator' WHERE id = %s", member)
    page = browser(site, M[1])
    assert 'An owner of the list stopped it.' in page.read(f'/me/membership/{member}').text
    for path, field in (('/me/', f'status.{member}'), (f'/me/membership/{member}', 'set.delivery_status')):
        answer = page.submit(path, {field: 'enabled'})
        assert answer.status_code == 422 and 'An owner of the list stopped it.' in answer.text
    assert site.one('SELECT delivery_status FROM member WHERE id = %s', member) == 'by_moderator'


def test_times_are_shown_in_the_persons_zone(site):
    page = browser(site, M[1])
    at = datetime.datetime(2026, 11, 20, 23, 30, tzinfo=datetime.timezone.utc)
    site.sql('UPDATE member SET joined_at = %s WHERE id = %s', at, membership(site, M[1]))
    path = f'/me/membership/{membership(site, M[1])}'
    assert page.submit('/me/preferences', {'name': 'First', 'time_zone': 'Mars/Olympus'}).status_code == 422
    for zone, day in (('Asia/Tokyo', '21 Nov 2026'), ('America/New_York', '20 Nov 2026'), ('Pacific/Auckland', '21 Nov 2026'), ('UTC', '20 Nov 2026')):
        assert page.submit('/me/preferences', {'name': 'First', 'time_zone': zone}).status_code == 303
        assert day in page.read(path).text, zone
    assert 'First' in page.read('/me/').text


# ---- addresses ----

def code_of(mail):
    return re.search(r'\b\d{6}\b', mail.get_content())[0]


def test_an_address_is_added_by_code_and_brings_its_account(site):
    page = browser(site, 'main@members.example.org')
    user, other = account(site, 'main@members.example.org'), account(site, 'extra@members.example.org')
    guest = browser(site, 'extra@members.example.org')
    site.kairan.command('member', 'add', address_of('test'), 'extra@members.example.org')
    site.sql("UPDATE site_user SET name = 'Extra' WHERE id = %s", other)
    site.clear_sink()
    sent = page.submit('/me/addresses', {'email': 'Extra@members.example.org'})
    assert sent.status_code == 303, sent.text
    mail = mail_to(site, 'Extra@members.example.org', 'Please confirm')
    assert 'main@members.example.org' in mail.get_content()
    link = re.search(r'/me/address/\w+', mail.get_content())[0]
    # The owner of the other account follows the link without having asked: nothing happens.
    assert heading(guest.read(link)) == 'This link is for another account'
    guest.submit(link)
    assert site.one('SELECT user_id FROM address WHERE key = %s', 'extra@members.example.org') == other
    query = {'id': re.search(r'id=(\d+)', sent.headers['Location'])[1]}
    assert page.submit('/me/addresses/code', {**query, 'code': '000000'}).status_code == 422
    assert guest.submit('/me/addresses/code', {**query, 'code': code_of(mail)}).status_code == 422
    done = page.submit('/me/addresses/code', {**query, 'code': code_of(mail)})
    assert done.status_code == 303
    assert site.one('SELECT user_id FROM address WHERE key = %s', 'extra@members.example.org') == user
    assert site.one('SELECT count(*) FROM site_user WHERE id = %s', other) == 0
    assert guest.read('/me/').status_code == 403
    assert membership(site, 'extra@members.example.org') and 'Test' in page.read('/me/').text
    assert site.one('SELECT name FROM site_user WHERE id = %s', user) == 'Extra'
    assert heading(page.read(link)) == 'This link has been used'


def test_memberships_follow_the_preferred_address(site):
    page, user = browser(site, 'main@members.example.org'), account(site, 'main@members.example.org')
    first = site.one('SELECT id FROM address WHERE key = %s', 'main@members.example.org')
    extra = site.one('SELECT id FROM address WHERE key = %s', 'extra@members.example.org')
    path = f'/me/membership/{membership(site, "extra@members.example.org")}'
    assert page.submit(path, {'address': '0'}).status_code == 303
    assert 'main@members.example.org' in reached(site, 5)
    assert page.submit(f'/me/addresses/{extra}/prefer').status_code == 303
    assert 'extra@members.example.org' in reached(site, 5)
    assert site.one('SELECT preferred_address_id FROM site_user WHERE id = %s', user) == extra
    page.submit(f'/me/addresses/{first}/prefer')
    # Back again, where a membership of that address had never ended: it is one membership all the time.
    assert site.one("SELECT count(*) FROM member m JOIN address a ON a.id = m.address_id WHERE a.user_id = %s", user) == 1
    assert 'main@members.example.org' in reached(site, 5)
    site.sql('INSERT INTO ban (pattern, created_by, created_at) VALUES (%s, %s, %s)', 'extra@members.example.org', 'story', now())
    banned = page.submit(f'/me/membership/{membership(site, "main@members.example.org")}', {'address': str(extra)})
    assert banned.status_code == 422 and 'does not take that address' in banned.text
    site.sql('DELETE FROM ban')


def test_all_lists_of_an_address_move_to_another(site):
    page = browser(site, 'main@members.example.org')
    extra = site.one('SELECT id FROM address WHERE key = %s', 'extra@members.example.org')
    first = site.one('SELECT id FROM address WHERE key = %s', 'main@members.example.org')
    path = f'/me/addresses/{first}'
    assert 'From now on its lists write to' in page.read(path).text
    site.clear_sink()
    moved = page.submit(path + '/move', {'to': str(extra)})
    assert heading(moved) == 'Your lists write to another address'
    assert 'extra@members.example.org' in mail_to(site, 'main@members.example.org', 'write to another address').get_content()
    assert membership(site, 'extra@members.example.org') and membership(site, 'main@members.example.org') is None
    foreign = site.one('SELECT id FROM address WHERE key = %s', M[2])
    assert page.submit(f'/me/addresses/{extra}/move', {'to': str(foreign)}).status_code == 404
    assert page.submit(f'/me/addresses/{extra}/move', {'to': str(first)}).status_code == 200
    assert 'main@members.example.org' in reached(site, 5)


def test_an_address_is_given_up(site):
    page = browser(site, 'main@members.example.org')
    extra = site.one('SELECT id FROM address WHERE key = %s', 'extra@members.example.org')
    first = site.one('SELECT id FROM address WHERE key = %s', 'main@members.example.org')
    assert 'It leaves 1 list.' in page.read(f'/me/addresses/{first}/remove').text
    assert page.submit(f'/me/addresses/{extra}/remove').status_code == 303
    refused = page.submit(f'/me/addresses/{first}/remove')
    assert refused.status_code == 422 and 'the only address' in refused.text
    assert site.sql('SELECT user_id, verified_at FROM address WHERE id = %s', extra) == [(None, None)]
    site.kairan.command('member', 'remove', address_of('test'), 'main@members.example.org')


# ---- sessions and passwords ----

def test_one_session_or_all_are_ended(site):
    here, there, third = (browser(site, 'sessions@people.example.org') for _ in range(3))
    ids = [row[0] for row in site.sql('SELECT id FROM session WHERE user_id = %s ORDER BY id', account(site, 'sessions@people.example.org'))]
    assert here.submit(f'/me/sessions/{ids[1]}/end').status_code == 303
    assert there.read('/me/').status_code == 403 and third.read('/me/').status_code == 200
    assert here.submit('/me/sessions/end').status_code == 303
    assert here.read('/me/').status_code == 403 and third.read('/me/').status_code == 403


def test_a_password_signs_in_and_is_changed_and_removed(site):
    address, other = 'words@people.example.org', 'nowords@people.example.org'
    here, there = browser(site, address), browser(site, address)
    account(site, other)
    assert here.submit('/me/password', {'password': 'short'}).status_code == 422
    assert here.submit('/me/password', {'password': address}).status_code == 422
    assert here.submit('/me/password', {'password': '練習は毎週土曜日の朝です'}).status_code == 303
    assert there.read('/me/').status_code == 403, 'setting a password ends the other sessions'
    assert 'was set just now' in mail_to(site, address, 'was set').get_content()
    stored = site.one('SELECT hash FROM password')
    assert stored.startswith('$argon2id$')
    guest = Browser(site.http_url())
    guest.headers['Accept-Language'] = 'en'
    answers, times = [], []
    for who, words in ((address, 'wrong words'), (other, 'wrong words'), ('unknown@people.example.org', 'wrong words')):
        tries = []
        for _ in range(3):      # the shortest: a slow moment of the machine is none of ours
            begin = time.monotonic()
            answers.append(guest.submit('/login/password', {'email': who, 'password': words}))
            tries.append(time.monotonic() - begin)
        times.append(min(tries))
    assert {answer.status_code for answer in answers} == {422}
    assert len({re.sub(r'value="[^"]*"', '', answer.text) for answer in answers}) == 1
    assert min(times) > 0.3 * max(times), times
    good = guest.submit('/login/password', {'email': address, 'password': '練習は毎週土曜日の朝です', 'return': '/me/data'})
    assert good.status_code == 303 and good.headers['Location'] == '/me/data' and guest.read('/me/').status_code == 200
    assert here.submit('/me/password', {'current': 'not it', 'password': 'another good one'}).status_code == 422
    assert here.submit('/me/password', {'current': '練習は毎週土曜日の朝です', 'password': 'another good one'}).status_code == 303
    # Forgotten: a code from a mail.
    site.clear_sink()
    sent = here.submit('/me/password/code')
    assert sent.status_code == 303, sent.text
    code = code_of(mail_to(site, address, 'Your code'))
    assert here.submit('/me/password/remove', {'id': re.search(r'id=(\d+)', sent.headers['Location'])[1], 'code': code}).status_code == 303
    assert site.one('SELECT count(*) FROM password') == 0
    assert Browser(site.http_url()).submit('/login/password', {'email': address, 'password': 'another good one'}).status_code == 422


def test_guessing_passwords_is_slowed(site):
    guest = Browser(site.http_url())
    codes = [guest.submit('/login/password', {'email': 'guess@people.example.org', 'password': f'guess number {i}'}).status_code for i in range(12)]
    assert codes[:10] == [422] * 10 and codes[10:] == [429] * 2


def test_the_worker_may_not_read_passwords(site):
    assert site.one("SELECT has_any_column_privilege('kairan_worker', 'password', 'SELECT')") is False
    assert site.one("SELECT has_column_privilege('kairan_admin', 'password', 'hash', 'SELECT')") is False
    assert requests.get(site.http_url() + '/me/', timeout=10).status_code == 403
    assert kairan.DOMAIN


# ---- ends ----

def test_all_lists_are_left_at_once_by_each_lists_policy(site):
    site.new_list('asks', addresses=['leaver@members.example.org'], unsubscription_policy='moderate')
    site.kairan.command('member', 'add', address_of('test'), 'leaver@members.example.org', '--no-welcome')
    page = browser(site, 'leaver@members.example.org')
    assert heading(page.read('/me/leave-all')) == 'Leave all these lists?'
    done = page.submit('/me/leave-all', {'sure': '1'})
    assert heading(done) == 'You have left your lists' and done.text.count('owners still have to agree') == 1
    assert membership(site, 'leaver@members.example.org') is None
    assert site.sql('SELECT left_at, delivery_status FROM member WHERE id = %s', membership(site, 'leaver@members.example.org', 'asks')) == [(None, 'by_user')]
    assert 'leaver@members.example.org' not in reached(site, 4)


def test_an_account_is_deleted_after_a_proof(site):
    address = 'gone@members.example.org'
    site.kairan.command('member', 'add', address_of('test'), address, '--no-welcome')
    page, user = browser(site, address), account(site, address)
    site.post(message('Stays in the archive', sender=address), sender=address)
    site.quiet()
    assert page.submit('/me/delete').status_code == 422
    site.clear_sink()
    sent = page.submit('/me/delete/code')
    code = code_of(mail_to(site, address, 'Your code'))
    query = {'id': re.search(r'id=(\d+)', sent.headers['Location'])[1]}
    wrong = page.submit('/me/delete', {**query, 'code': '111111' if code != '111111' else '222222'})
    assert wrong.status_code == 422 and 'not the code' in wrong.text
    # The last owner of a list names another one first.
    site.kairan.command('member', 'add', address_of('asks'), address, '--role', 'owner', '--no-welcome')
    site.sql("UPDATE member SET left_at = %s WHERE role = 'owner' AND list_id = (SELECT id FROM list WHERE name = 'asks')"
             ' AND address_id <> (SELECT id FROM address WHERE key = %s)', now(), address)
    owner = page.submit('/me/delete', {**query, 'code': code})
    assert owner.status_code == 422 and address_of('asks') in owner.text, re.search('<main.*', owner.text, re.S)[0]
    site.kairan.command('member', 'remove', address_of('asks'), address, '--role', 'owner', '--last-owner')
    done = page.submit('/me/delete', {**query, 'code': code})
    assert heading(done) == 'Your account is deleted' and page.read('/me/').status_code == 403
    assert site.one('SELECT count(*) FROM site_user WHERE id = %s', user) == 0
    assert site.sql('SELECT user_id, verified_at, name FROM address WHERE key = %s', address) == [(None, None, '')]
    assert membership(site, address) is None
    assert site.one("SELECT count(*) FROM post WHERE subject = 'Stays in the archive'") == 1


# ---- one's data ----

def personal():
    """tests/personal.tsv: {(table, column): (how it is exported, what deleting the account does)}."""
    with open(os.path.join(conftest.TESTS, 'personal.tsv'), encoding='utf-8') as file:
        rows = [line.rstrip('\n').split('\t') for line in file if line.strip() and not line.startswith('#')]
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


PERSONAL_EXPORT = {f'{table}.{column}': exported.split(':')[1] for (table, column), (exported, _) in personal().items()
                   if exported.startswith('exported:')}
# Columns that point at a person: by a foreign key, or by the address itself.
POINTERS = """SELECT c.relname, a.attname FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (f.conkey)
    WHERE f.contype = 'f' AND f.confrelid IN ('site_user'::regclass, 'address'::regclass, 'member'::regclass) AND NOT c.relispartition
    UNION SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname ~ '^(user_id|.*_user|member_id|members|address_id|email|key|.*_key|from_address|from_name|sender|recipient|viewer|actor|object|.*_by|pattern|facts|ended_by)$'"""


def test_everything_that_points_at_a_person_has_its_row(site):
    assert {tuple(row) for row in site.sql(POINTERS)} == set(personal())
    for where, (exported, deleted) in personal().items():
        assert exported.startswith(('exported:', 'no: ')) and deleted.startswith(('ends: ', 'gone: ', 'unlinked: ', 'stays: ')), where


def test_nothing_that_should_be_gone_is_left_of_an_account(site):
    address = 'wholly@members.example.org'
    site.kairan.command('member', 'add', address_of('test'), f'Name <{address}>', '--no-welcome')
    page, user = browser(site, address), account(site, address)
    found = site.one('SELECT id FROM address WHERE key = %s', address)
    member = membership(site, address)
    page.submit('/me/password', {'password': 'a few good words'})
    page.submit('/me/', {f'status.{member}': 'by_user'})
    page.submit('/me/addresses', {'email': 'wholly2@members.example.org'})
    topic = site.one("INSERT INTO topic (list_id, name, pattern) SELECT id, 'Wholly', 'x' FROM list WHERE name = 'test' RETURNING id")
    site.sql('INSERT INTO member_topic (member_id, topic_id) VALUES (%s, %s)', member, topic)
    site.sql("INSERT INTO domain_owner SELECT id, %s, %s, 'story' FROM domain", user, now())
    site.sql("INSERT INTO subscription_request (list_id, kind, key, email, asked_by, created_at, expires_at, confirmed_at) SELECT id, 'join', %s,"
             " %s, 'story', %s, %s, %s FROM list WHERE name <> 'test' LIMIT 1", address, address, now(), now(), now())
    site.quiet()
    site.clear_sink()
    sent = page.submit('/me/delete/code')
    code = code_of(mail_to(site, address, 'Your code'))
    done = page.submit('/me/delete', {'id': re.search(r'id=(\d+)', sent.headers['Location'])[1], 'code': code})
    assert heading(done) == 'Your account is deleted', done.text
    values = {'user_id': user, 'member_id': member, 'address_id': found, 'email': address, 'key': address, 'recipient': address}
    for (table, column), (_, deleted) in personal().items():
        if deleted == 'gone: at once' and column in values:
            assert site.one(f'SELECT count(*) FROM {table} WHERE {column} = %s', values[column]) == 0, (table, column)
    assert site.sql('SELECT user_id, verified_at, name, delivery_status FROM address WHERE id = %s', found) == [(None, None, '', None)]
    assert site.sql('SELECT left_at IS NOT NULL, display_name, delivery_status FROM member WHERE id = %s', member) == [(True, None, None)]
    assert site.one("SELECT count(*) FROM subscription_request WHERE key = %s AND ended_at IS NULL", address) == 0
    assert site.one("SELECT count(*) FROM mail_link WHERE email = %s AND used_at IS NULL", address) == 0
    site.sql('DELETE FROM topic WHERE id = %s', topic)


def test_ones_data_come_as_files_for_oneself_alone(site):
    address = 'keeper@members.example.org'
    site.kairan.command('member', 'add', address_of('test'), address, '--no-welcome')
    page, stranger = browser(site, address), browser(site, 'stranger@people.example.org')
    page.submit('/me/preferences', {'set.hide_address': 'yes', 'name': '保管 太郎'})
    site.post(message('To be kept', sender=address, body='From now on\r\n>From then on\r\nこんにちは\r\n'), sender=address)
    site.post(message('Of somebody else', sender=M[1]), sender=M[1])
    site.quiet()
    assert page.submit('/me/data').status_code == 303
    site.until(lambda: 'data.json' in page.read('/me/data').text, 20, 'the files')
    path = re.search(r'/me/data/\d+/', page.read('/me/data').text)[0]
    answer = page.read(path + 'data.json')
    assert answer.status_code == 200 and answer.headers['Content-Type'].startswith('application/json')
    assert 'attachment' in answer.headers['Content-Disposition']
    data = answer.json()
    assert data['account']['name'] == '保管 太郎' and data['account']['preferences'] == {'hide_address': 'yes'}
    assert [row['address'] for row in data['addresses']] == [address]
    assert [(row['list'], row['role']) for row in data['memberships']] == [(address_of('test'), 'member')]
    assert [row['subject'] for row in data['posts']] == ['To be kept']
    assert 'preference_change' in {row['action'] for row in data['log']}
    assert len(data['sessions']) == 1 and 'token' not in str(data['sessions']) and data['sessions'][0]['ends_at']
    assert {(row['action'], row['by']) for row in data['about_you']} >= {('preference_change', address)}
    assert {row['action'] for row in data['about_you']} >= {'member_add', 'preference_change'}
    for table, exported in PERSONAL_EXPORT.items():
        assert exported in data, f'{table} is said to be exported as {exported}'
    folder = site.path('test.mbox')
    with open(folder, 'wb') as file:
        file.write(page.read(path + 'posts.mbox').content)
    posts = list(mailbox.mbox(folder))
    assert [post['Subject'] for post in posts] == ['To be kept']
    body = posts[0].get_payload(decode=True).decode()
    assert '>From now on' in body and '>>From then on' in body and 'こんにちは' in body
    for who in (stranger, Browser(site.http_url())):
        assert who.read(path + 'data.json').status_code in (403, 404)
    names = os.listdir(site.path('spool'))
    assert len(names) == 2 and requests.get(f'{site.http_url()}/spool/{names[0]}', timeout=10).status_code == 404
    assert page.read(path + 'passwd').status_code == 404
    lost, fresh, strange = 32 * 'a' + '-2020-01.mbox.gz', 32 * 'b' + '.json', 'strange.json'
    for name in lost, fresh, strange:
        with open(site.path('spool', name), 'wb'):
            pass
    for name in names + [lost, strange]:
        os.utime(site.path('spool', name), (0, 0))
    site.restart('worker')
    site.until(lambda: lost not in os.listdir(site.path('spool')), 20, 'the end of a file that nothing names')
    assert sorted(os.listdir(site.path('spool'))) == sorted(names + [fresh, strange])
    os.remove(site.path('spool', fresh))
    os.remove(site.path('spool', strange))
    site.kairan.command('member', 'remove', address_of('test'), address)


# ---- the site's accounts ----

def test_administrators_find_people_and_act(site):
    admin, someone = browser(site, 'operator@people.example.org', admin=True), account(site, 'someone@people.example.org')
    site.sql("UPDATE site_user SET name = '山田 花子' WHERE id = %s", someone)
    assert browser(site, M[1]).read('/admin/users').status_code == 403
    for query in ('someone@', '花子', 'SOMEONE'):
        found = re.search('<main.*', admin.read('/admin/users', params={'q': query}).text, re.S)[0]
        assert 'someone@people.example.org' in found and 'operator@people.example.org' not in found, query
    assert 'Nobody is called so.' in admin.read('/admin/users', params={'q': '%'}).text
    path = f'/admin/users/{someone}'
    assert 'someone@people.example.org' in admin.read(path).text
    guest = browser(site, 'someone@people.example.org')
    assert admin.submit(path + '/sessions/end').status_code == 303 and guest.read('/me/').status_code == 403
    assert admin.submit(path + '/admin', {'is': '1'}).status_code == 303
    assert browser(site, 'someone@people.example.org').read('/admin/').status_code == 200
    assert admin.submit(path + '/admin', {'is': '0'}).status_code == 303
    site.sql('UPDATE site_user SET is_admin = false WHERE id <> %s', account(site, 'operator@people.example.org'))
    last = admin.submit(f'/admin/users/{account(site, "operator@people.example.org")}/admin', {'is': '0'})
    assert last.status_code == 422 and 'without an administrator' in last.text
    assert admin.submit(path + '/delete').status_code == 303
    assert site.one('SELECT count(*) FROM site_user WHERE id = %s', someone) == 0


def test_the_command_line_does_it_too(site):
    run = site.kairan.command
    account(site, 'cli@people.example.org')
    run('member', 'add', address_of('test'), 'cli@people.example.org', '--no-welcome')
    assert 'cli@people.example.org' in run('user', 'list', '--search', 'cli@')
    run('user', 'address', 'cli@people.example.org', '--add', 'cli2@people.example.org')
    shown = run('user', 'show', 'cli2@people.example.org')
    assert 'cli@people.example.org' in shown and address_of('test') in shown
    assert 'memberships: 1' in run('address', 'change', 'cli@people.example.org', 'cli3@members.example.org')
    assert membership(site, 'cli3@members.example.org') and membership(site, 'cli@people.example.org') is None
    assert 'cli3@members.example.org' in reached(site, 5)
    run('user', 'admin', 'cli3@members.example.org')
    run('user', 'admin', 'cli3@members.example.org', '--off')
    run('user', 'delete', 'cli3@members.example.org')
    assert membership(site, 'cli3@members.example.org') is None
    with pytest.raises(kairan.CommandFailed):
        run('user', 'show', 'cli3@members.example.org')


# ---- what others set ----

def test_an_administrator_sets_what_a_person_prefers_and_the_person_sees_it(site):
    admin, address = browser(site, 'operator2@people.example.org', admin=True), M[4]
    person, user = browser(site, address), account(site, address)
    base = f'/admin/users/{user}/preferences'
    assert person.read(base).status_code == 403
    shown = admin.read(base)
    assert heading(shown) == 'What this person prefers' and 'value="inherit" checked' in shown.text
    assert base in admin.read(f'/admin/users/{user}').text
    everybody = reached(site, 4)
    assert address in everybody
    # The account, the address, one membership, the site: each says something, and takes it back.
    assert admin.submit(base, {'set.delivery_status': 'by_user'}).status_code == 303
    assert reached(site, 3) == everybody - {address}
    found = site.one('SELECT id FROM address WHERE key = %s', address)
    assert admin.submit(base, {'address': str(found), 'set.delivery_status': 'enabled'}).headers['Location'].endswith(f'address={found}')
    assert reached(site, 4) == everybody
    member = f'/lists/test/members/{membership(site, address)}'
    assert admin.submit(member, {'pref.delivery_status': 'by_moderator'}).status_code == 303
    assert reached(site, 3) == everybody - {address}
    admin.submit(member, {'pref.delivery_status': ''})
    admin.submit(base, {'address': str(found), 'set.delivery_status': 'inherit'})
    assert site.sql('SELECT delivery_status FROM address WHERE id = %s', found) == [(None,)]
    admin.submit(base, {'set.delivery_status': 'inherit', 'set.receive_own_postings': 'no'})
    assert site.sql('SELECT delivery_status, receive_own_postings FROM site_user WHERE id = %s', user) == [(None, False)]
    history = re.sub(r'<[^>]+>', ' ', person.read('/me/history').text)
    assert 'operator2@people.example.org' in history and 'Copies of the posts: inherited → Stopped by the member' in history
    assert 'Copies of your own posts: inherited → no' in html.unescape(history)
    # Only what is there, and only for administrators.
    foreign = site.one('SELECT id FROM address WHERE key = %s', M[1])
    assert admin.submit(base, {'address': str(foreign), 'set.delivery_status': 'by_user'}).status_code == 404
    assert admin.submit(base, {'set.delivery_status': 'until', 'set.vacation_until': '2020-01-01'}).status_code == 422
    assert person.submit(base, {'set.hide_address': 'no'}).status_code == 403
    assert admin.read('/admin/users/999999999/preferences').status_code == 404
    for language, words_ in (('ja', 'この人の設定'), ('en', 'What this person prefers')):
        assert heading(browser(site, 'operator2@people.example.org', language).read(base)) == words_


def test_the_command_line_sets_each_level(site):
    run, address = site.kairan.command, M[2]
    account(site, address)
    everybody = reached(site, 4)
    run('user', 'set', address, 'delivery_status=by_user', 'receive_own_postings=no')
    shown = run('user', 'show', address)
    assert 'by_user' in shown and reached(site, 3) == everybody - {address}
    run('user', 'set', address, '--address', 'delivery_status=enabled')
    assert reached(site, 4) == everybody
    run('member', 'set', address_of('test'), address, 'delivery_status=by_moderator')
    assert reached(site, 3) == everybody - {address}
    run('member', 'set', address_of('test'), address, 'delivery_status')
    run('user', 'set', address, '--address', 'delivery_status')
    run('user', 'set', address, 'delivery_status', 'receive_own_postings')
    assert reached(site, 4) == everybody
    assert 'hide_address' in run('preference', 'set', 'hide_address=no') and site.one('SELECT hide_address FROM site_preference') is False
    assert 'hide_address' in run('preference', 'show')
    run('preference', 'set', 'hide_address')
    for wrong in (('user', 'set', address, 'no_such=1'), ('user', 'set', address, 'receive_own_postings=perhaps'),
                  ('user', 'set', address, 'delivery_status=by_moderator'), ('preference', 'set', 'delivery_status=by_user'),
                  ('user', 'set', 'nobody-at-all@people.example.org', 'hide_address=no')):
        with pytest.raises(kairan.CommandFailed):
            run(*wrong)
    assert site.one("SELECT count(*) FROM audit WHERE action = 'preference_change' AND object = %s AND actor LIKE 'command line%%'", address) >= 8
