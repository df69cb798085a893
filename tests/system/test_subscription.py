"""Joining and leaving: every policy x state on the pages and by the links in mails, in both languages; what moderators do; two at once."""
import html
import re
import threading

import conftest
import pytest
import requests

from rig import kairan
from rig.site import Site, heading

MEMBER = "SELECT count(*) FROM member m JOIN address a ON a.id = m.address_id WHERE m.list_id = %s AND a.key = %s AND m.role = 'member' AND m.left_at IS NULL"


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'web', 'nginx'))
    conftest.need(stack, 'kairan', 'kairan-web')
    yield Site(stack)
    conftest.finish(stack)


@pytest.fixture(autouse=True)
def fresh(site):
    site.stack.sql("DELETE FROM rate; DELETE FROM budget; DELETE FROM moderator_todo; "
                   "DELETE FROM ban; UPDATE subscription_request SET ended_at = created_at, outcome = 'discarded' WHERE ended_at IS NULL")
    rules(site, subscription_policy='confirm', unsubscription_policy='confirm')
    yield


def rules(site, name='test', **settings):
    site.stack.kairan.command('list', 'set', f'{name}@{kairan.DOMAIN}', *[f'{k}={v}' for k, v in settings.items()])


def is_member(site, address, name='test'):
    return site.stack.one(MEMBER, site.list_id(name), address.lower()) == 1


def add(site, address, name='test'):
    site.stack.kairan.command('member', 'add', f'{name}@{kairan.DOMAIN}', '-', stdin=address + '\n')


def link_to(site, address, kind='confirm'):
    return re.search(rf'/{kind}/\w+', site.mail_to(address)[2])[0]


def press(site, path, language='en', **fields):
    return requests.post(site.base + path, data=fields, headers={'Accept-Language': language}, timeout=30)


def kinds_to(site, address):
    return [row[0] for row in site.stack.sql('SELECT kind FROM notice WHERE recipient = %s AND result IS DISTINCT FROM %s ORDER BY id', address, 'not sent')]


number = iter(range(1, 10000))


def somebody():
    return f'person{next(number)}@people.example.org'


# ---- every policy x who asks, in both languages ----

ASKED = {'en': 'The owners have been asked', 'ja': '管理者に連絡しました'}
MAILED = {'en': 'Please look into your mail', 'ja': 'メールを確かめてください'}
JOINED = {'en': 'You are a member', 'ja': '参加しました'}
POLICIES = ('open', 'confirm', 'moderate', 'confirm_then_moderate')


@pytest.mark.parametrize('language', ['en', 'ja'])
@pytest.mark.parametrize('policy', POLICIES)
def test_a_guest_joins(site, policy, language):
    rules(site, subscription_policy=policy)
    address, guest = somebody(), site.browser(language=language)
    page = guest.submit('/lists/test/join', {'email': address})
    assert page.status_code == 200 and address in page.text
    join_words = heading(page)
    assert not is_member(site, address)
    kind, subject, text = site.mail_to(address)
    assert kind == 'join' and ('参加' in subject) == (language == 'ja')
    shown = guest.read(link_to(site, address))
    assert shown.status_code == 200 and not is_member(site, address)
    done = press(site, link_to(site, address), language)
    waits = 'moderate' in policy
    assert is_member(site, address) == (not waits)
    assert join_words == MAILED[language] and heading(done) == (ASKED if waits else JOINED)[language]
    assert kinds_to(site, address) == ['join'] + ([] if waits else ['welcome'])
    if waits:
        ids = re.findall(r'name="id" value="(\d+)"', site.browser('moderator').read('/lists/test/requests').text)
        assert site.browser('moderator').submit('/lists/test/requests', {'act': 'accept', 'id': ids[-1]}).status_code == 303
        assert is_member(site, address) and kinds_to(site, address) == ['join', 'welcome']
        assert ('ようこそ' in site.mail_to(address)[1]) == (language == 'ja')


@pytest.mark.parametrize('policy', POLICIES)
def test_who_is_signed_in_needs_one_press(site, policy):
    rules(site, 'renraku', subscription_policy=policy, unsubscription_policy=policy)
    member, address = site.browser('member'), 'member@people.example.org'
    page = member.read('/lists/renraku/join')
    assert f'value="{address}"' in page.text
    answer = member.submit('/lists/renraku/join', {'email': address})
    waits = 'moderate' in policy
    assert heading(answer) == (ASKED if waits else JOINED)['en']
    if waits:
        site.stack.kairan.command('request', 'accept', f'renraku@{kairan.DOMAIN}', str(newest_request(site)))
    assert is_member(site, address, 'renraku')
    left = member.submit('/lists/renraku/leave', {'email': address})
    assert heading(left) == ('Delivery has stopped' if waits else 'You have left')
    assert is_member(site, address, 'renraku') == waits
    if waits:
        site.stack.kairan.command('request', 'accept', f'renraku@{kairan.DOMAIN}', str(newest_request(site)))
    assert not is_member(site, address, 'renraku')
    rules(site, 'renraku', subscription_policy='confirm', unsubscription_policy='confirm')


def test_who_joins_again_and_gets_nothing_is_told_so(site):
    member, address = site.browser('member'), 'member@people.example.org'
    assert f'Posts will come to {address}.' in member.submit('/lists/test/join', {'email': address}).text
    rules(site, unsubscription_policy='moderate')
    assert heading(member.submit('/lists/test/leave', {'email': address})) == 'Delivery has stopped'
    row = site.member_id('test', address)
    for status, words in (('by_user', 'You can start it again'), ('by_bounces', 'You can start it again'), ('by_moderator', 'Please ask the owners.')):
        assert status != 'by_user' or site.stack.one('SELECT delivery_status FROM member WHERE id = %s', row) == status
        site.stack.sql('UPDATE member SET delivery_status = %s WHERE id = %s', status, row)
        page = member.submit('/lists/test/join', {'email': address})
        assert heading(page) == 'You are a member, but delivery is stopped' and words in page.text
        assert 'Posts will come' not in page.text and f'href="/me/membership/{row}"' in page.text
    assert member.read(f'/me/membership/{row}').status_code == 200
    # Who only names the address learns nothing.
    assert heading(site.browser('other_member').submit('/lists/test/join', {'email': address})) == MAILED['en']
    site.stack.sql('UPDATE member SET delivery_status = NULL WHERE id = %s', row)
    assert f'Posts will come to {address}.' in member.submit('/lists/test/join', {'email': address}).text


def newest_request(site):
    return site.stack.one('SELECT max(id) FROM subscription_request WHERE ended_at IS NULL')


@pytest.mark.parametrize('language', ['en', 'ja'])
@pytest.mark.parametrize('policy', POLICIES)
def test_a_guest_leaves(site, policy, language):
    rules(site, unsubscription_policy=policy)
    address = somebody()
    add(site, address)
    assert heading(site.browser(language=language).submit('/lists/test/leave', {'email': address})) == MAILED[language]
    assert is_member(site, address) and kinds_to(site, address) == ['leave']
    press(site, link_to(site, address), language)
    waits = 'moderate' in policy
    assert is_member(site, address) == waits
    status = site.stack.one('SELECT m.delivery_status FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = %s', address)
    assert (status == 'by_user') == waits
    if not waits:
        assert kinds_to(site, address) == ['leave', 'goodbye']
        assert press(site, link_to(site, address, 'u'), action='undo').status_code == 200
        assert is_member(site, address)


def test_invited_people_need_no_moderator(site):
    """The owners' page for it belongs to the members' pages; here is what its link does."""
    rules(site, subscription_policy='confirm_then_moderate')
    address = somebody()
    site.browser().submit('/lists/test/join', {'email': address})
    site.stack.sql("UPDATE subscription_request SET is_invitation = true, asked_by = 'owner' WHERE email = %s", address)
    assert 'The owners of this list invite you.' in site.browser().read(link_to(site, address)).text
    assert heading(press(site, link_to(site, address))) == JOINED['en']
    assert is_member(site, address)


# ---- addresses as carriers once gave them ----

@pytest.mark.parametrize('typed, stored', [('a..b@docomo.ne.jp', 'a..b@docomo.ne.jp'), ('ａｂ．＠ezweb.ne.jp', 'ab.@ezweb.ne.jp'),
                                           ('.x-@softbank.ne.jp', '.x-@softbank.ne.jp')])
def test_addresses_with_odd_dots_join_and_leave(site, typed, stored):
    page = site.browser().submit('/lists/test/join', {'email': typed})
    assert page.status_code == 200 and stored in page.text
    data = bytes(site.stack.one('SELECT bytes FROM notice WHERE recipient = %s ORDER BY id DESC LIMIT 1', stored)).decode()
    local, domain = stored.split('@')
    assert f'To: "{local}"@{domain}' in data
    press(site, link_to(site, stored))
    assert is_member(site, stored)
    site.stack.sql('DELETE FROM budget')
    site.browser().submit('/lists/test/leave', {'email': typed})
    press(site, link_to(site, stored))
    assert not is_member(site, stored)


# ---- moderators ----

def waiting(site, count=1, policy='moderate'):
    rules(site, subscription_policy=policy)
    people = [somebody() for _ in range(count)]
    for address in people:
        site.browser().submit('/lists/test/join', {'email': address})
        press(site, link_to(site, address))
    return {address: site.stack.one('SELECT id FROM subscription_request WHERE email = %s AND ended_at IS NULL', address) for address in people}


def test_a_refusal_says_why_and_a_discarded_request_nothing(site):
    people = waiting(site, 3)
    (refused, first), (dropped, second), (kept, third) = people.items()
    moderator = site.browser('moderator')
    assert moderator.submit('/lists/test/requests', {'act': 'reject', 'id': first, 'reason': 'Only for members of the club.'}).status_code == 303
    kind, subject, text = site.mail_to(refused)
    assert kind == 'join_rejected' and 'Only for members of the club.' in text
    asked = moderator.submit('/lists/test/requests', {'act': 'discard', 'id': second})
    assert heading(asked) == 'Discard 1 request?' and site.stack.one('SELECT ended_at FROM subscription_request WHERE id = %s', second) is None
    assert moderator.submit('/lists/test/requests', {'act': 'discard', 'id': second, 'sure': '1'}).status_code == 303
    assert kinds_to(site, dropped) == ['join']
    assert not is_member(site, refused) and not is_member(site, dropped)
    assert heading(site.browser().read(link_to_of(site, dropped))) == 'The owners have decided'
    assert kept in moderator.read('/lists/test/requests').text


def link_to_of(site, address):
    data = bytes(site.stack.one("SELECT bytes FROM notice WHERE recipient = %s AND kind = 'join' ORDER BY id DESC LIMIT 1", address))
    return re.search(rb'/confirm/\w+', data)[0].decode()


def test_the_second_moderator_is_told_who_was_first(site):
    (address, request), = waiting(site).items()
    first, second = site.browser('moderator'), site.browser('owner')
    assert 'done=1&gone=0' in first.submit('/lists/test/requests', {'act': 'accept', 'id': request}).headers['Location']
    late = second.submit('/lists/test/requests', {'act': 'reject', 'id': request, 'reason': 'no'}).headers['Location']
    assert 'done=0&gone=1' in late
    page = second.read(late).text
    assert 'decided by somebody else before' in page and 'moderator@people.example.org' in page and address in page
    assert is_member(site, address) and kinds_to(site, address) == ['join', 'welcome']


def test_many_moderators_at_once_are_one(site):
    (address, request), = waiting(site).items()
    browsers, answers = [site.browser(role) for role in ('moderator', 'owner', 'admin') * 4], []
    for browser in browsers:
        browser.submit('/language', {'language': 'en'})
    acts = ['accept', 'reject', 'accept'] * 4
    threads = [threading.Thread(target=lambda b=b, a=a: answers.append(b.submit('/lists/test/requests', {'act': a, 'id': request}).headers['Location']))
               for b, a in zip(browsers, acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum('done=1' in answer for answer in answers) == 1 and sum('gone=1' in answer for answer in answers) == 11
    joined = is_member(site, address)
    assert kinds_to(site, address)[1:] == (['welcome'] if joined else ['join_rejected'])


def put_before(site, address):
    """The kinds of requests of which somebody's next gathered mail will tell."""
    return [row[0] for row in site.stack.sql('SELECT r.kind FROM moderator_todo t JOIN subscription_request r ON r.id = t.request_id'
                                             ' JOIN address a ON a.id = t.address_id WHERE a.key = %s ORDER BY r.id', address)]


def test_a_request_of_another_list_is_not_there(site):
    (address, request), = waiting(site).items()
    other = site.browser('other_owner').submit('/lists/renraku/requests', {'act': 'accept', 'id': request})
    assert 'done=0&gone=1' in other.headers['Location'] and not is_member(site, address)


def test_owners_are_told_once_and_by_name(site):
    waiting(site, 3)
    assert put_before(site, 'moderator@people.example.org') == put_before(site, 'owner@people.example.org') == ['join'] * 3
    rules(site, admin_immed_notify='no')
    site.stack.sql('DELETE FROM moderator_todo')
    waiting(site, 1)
    assert site.stack.one('SELECT count(*) FROM moderator_todo') == 0
    rules(site, admin_immed_notify='yes')


def test_the_commands_do_the_same(site):
    people = waiting(site, 3)
    (yes, first), (no, second), (dropped, third) = people.items()
    command, name = site.stack.kairan.command, f'test@{kairan.DOMAIN}'
    assert yes in command('request', 'list', name)
    assert 'done' in command('request', 'accept', name, str(first))
    command('request', 'reject', name, str(second), '--reason', 'Sorry.')
    command('request', 'discard', name, str(third))
    assert is_member(site, yes) and not is_member(site, no) and 'Sorry.' in site.mail_to(no)[2]
    with pytest.raises(kairan.CommandFailed) as failed:
        command('request', 'accept', name, str(second))
    assert failed.value.status == 66 and 'somebody has decided' in failed.value.output
    actions = [row[0] for row in site.stack.sql('SELECT action FROM audit WHERE object = ANY(%s) ORDER BY id DESC LIMIT 4', [yes, no, dropped])]
    assert actions == ['request_discard', 'request_reject', 'request_accept', 'member_add']


def test_requests_are_paged_by_key(site):
    waiting_ids = []
    for n in range(53):
        waiting_ids.append(site.stack.one(
            "INSERT INTO subscription_request (list_id, kind, key, email, asked_by, created_at, expires_at, confirmed_at)"
            " VALUES (%s, 'join', %s, %s, 'story', now(), now() + interval '1 day', now()) RETURNING id", site.list_id('test'),
            f'many{n}@people.example.org', f'many{n}@people.example.org'))
    owner = site.browser('owner')
    page = owner.read('/lists/test/requests').text
    assert len(re.findall(r'name="id" value=', page)) == 50
    more = html.unescape(re.search(r'href="([^"]*after=\d+)"', page)[1])
    assert len(re.findall(r'name="id" value=', owner.read(more).text)) == 3


def test_greetings_can_be_switched_off(site):
    address, other = somebody(), somebody()
    rules(site, send_welcome_message='no', send_goodbye_message='no')
    for one, greeted in ((address, False), (other, True)):
        site.browser().submit('/lists/test/join', {'email': one})
        press(site, link_to(site, one))
        site.stack.sql('DELETE FROM budget')
        site.browser().submit('/lists/test/leave', {'email': one})
        press(site, re.search(r'/confirm/\w+', site.mail_to(one)[2])[0])
        assert not is_member(site, one)
        assert kinds_to(site, one) == (['join', 'welcome', 'leave', 'goodbye'] if greeted else ['join', 'leave'])
        rules(site, send_welcome_message='yes', send_goodbye_message='yes')


# ---- meanwhile ----

def test_two_confirmations_at_once_are_one(site):
    address = somebody()
    site.browser().submit('/lists/test/join', {'email': address})
    link, answers = link_to(site, address), []
    threads = [threading.Thread(target=lambda: answers.append(press(site, link).status_code)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [410] * 9
    assert is_member(site, address) and kinds_to(site, address) == ['join', 'welcome']
    assert heading(press(site, link)) == 'This link has been used'


def test_who_left_in_the_middle_is_told(site):
    """A confirmation of leaving is under way when the member leaves by the link in a copy: one ending, and both pages say it."""
    address = somebody()
    add(site, address)
    site.browser().submit('/lists/test/leave', {'email': address})
    link = link_to(site, address)
    site.stack.kairan.command('member', 'remove', f'test@{kairan.DOMAIN}', address)
    assert heading(press(site, link)) == 'You have left'
    assert heading(site.browser().read(link)) == 'This link has been used'
    assert kinds_to(site, address) == ['leave']


def test_an_owner_adds_whom_a_mail_has_gone_to(site):
    address = somebody()
    site.browser().submit('/lists/test/join', {'email': address})
    add(site, address)
    assert heading(press(site, link_to(site, address))) == JOINED['en']
    assert is_member(site, address)


def test_a_ban_comes_before_an_older_mail(site):
    address = somebody()
    site.browser().submit('/lists/test/join', {'email': address})
    site.stack.kairan.command('ban', 'add', address, '--list', f'test@{kairan.DOMAIN}')
    assert heading(press(site, link_to(site, address))) == 'This address cannot join'
    assert not is_member(site, address)


def test_a_link_that_is_too_old_offers_another(site):
    address = somebody()
    site.browser().submit('/lists/test/join', {'email': address})
    site.stack.sql("UPDATE mail_link SET expires_at = now() - interval '1 second' WHERE email = %s", address)
    old = press(site, link_to(site, address))
    assert (old.status_code, heading(old)) == (410, 'This link has expired') and '/lists/test/join' in old.text
    assert not is_member(site, address)


def test_what_an_owner_ended_is_not_undone_by_an_old_link(site):
    address = somebody()
    site.browser().submit('/lists/test/join', {'email': address})
    press(site, link_to(site, address))
    link = link_to(site, address, 'u')
    site.stack.kairan.command('member', 'remove', f'test@{kairan.DOMAIN}', address)
    assert 'value="undo"' not in site.browser().read(link).text
    press(site, link, action='undo')
    assert not is_member(site, address)


def test_one_click_stops_delivery_where_owners_decide_and_can_be_undone(site):
    rules(site, unsubscription_policy='moderate')
    address = somebody()
    site.browser().submit('/lists/test/join', {'email': address})
    press(site, link_to(site, address))
    link = link_to(site, address, 'u')
    assert heading(press(site, link, **{'List-Unsubscribe': 'One-Click'})) == 'Delivery has stopped'
    assert put_before(site, 'owner@people.example.org') == ['leave'] and is_member(site, address)
    assert address in site.browser('owner').read('/lists/test/requests').text
    assert heading(press(site, link, action='undo')) == 'You are a member again'
    assert address not in site.browser('owner').read('/lists/test/requests').text.split('<h2>Decided')[0]


def test_the_page_after_asking_helps(site):
    page = html.unescape(site.browser(language='ja').submit('/lists/test/join', {'email': somebody()}).text)
    for words in ('ドコモ', 'au: ', 'ソフトバンク', kairan.DOMAIN, f'mailto:test-join@{kairan.DOMAIN}'):
        assert words in page


# ---- another address ----

def ask_change(site, old, new, language='en'):
    return site.browser(language=language).submit('/lists/test/moved', {'old': old, 'email': new})


def test_a_new_address_is_proved_the_old_one_told_and_the_owners_asked(site):
    old, new = somebody(), somebody()
    add(site, old)
    member = site.stack.one('SELECT m.id FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = %s', old)
    assert heading(ask_change(site, old, new)) == MAILED['en'] and kinds_to(site, old) == []
    assert heading(press(site, link_to(site, new))) == ASKED['en']
    assert kinds_to(site, old) == ['change_told'] and is_member(site, old) and not is_member(site, new)
    assert put_before(site, 'owner@people.example.org') == ['change']
    page = site.browser('owner').read('/lists/test/requests').text
    assert new in page and old in page
    site.browser('owner').submit('/lists/test/requests', {'act': 'accept', 'id': newest_request(site)})
    assert is_member(site, new) and not is_member(site, old)
    assert site.stack.one('SELECT m.id FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = %s', new) == member
    assert kinds_to(site, new) == ['change', 'changed'] and kinds_to(site, old) == ['change_told', 'changed_old']
    assert site.stack.one("SELECT detail FROM audit WHERE action = 'member_move' ORDER BY id DESC LIMIT 1") == f'{old} -> {new}'


def test_the_old_address_can_stop_it(site):
    old, new = somebody(), somebody()
    add(site, old)
    ask_change(site, old, new, 'ja')
    press(site, link_to(site, new))
    stop = link_to(site, old)
    assert heading(site.browser().read(stop)) == 'Keep the old address?'
    assert heading(press(site, stop)) == 'All stays as it is'
    assert heading(press(site, stop)) == 'All stays as it is'
    assert newest_request(site) is None and is_member(site, old) and not is_member(site, new)


def test_asking_for_another_address_does_not_tell_who_is_a_member(site):
    member, stranger, one, other = (somebody() for _ in range(4))
    add(site, member)
    pages = [ask_change(site, old, new).text.replace(new, '').replace(old, '') for old, new in ((member, one), (stranger, other))]
    assert pages[0] == pages[1] and site.mail_to(one)[:2] == site.mail_to(other)[:2]
    done = [press(site, link_to(site, new)).text for new in (one, other)]
    assert done[0] == done[1] and kinds_to(site, stranger) == []
    page = html.unescape(site.browser('owner').read('/lists/test/requests').text)
    assert f'is the new address of {stranger}, who is not a member' in page


def test_an_old_address_that_cannot_be_told_is_not_changed_behind_its_back(site):
    old, new = somebody(), [somebody() for _ in range(6)]
    add(site, old)
    answers = []
    for one in new:
        ask_change(site, old, one)
        answers.append(heading(press(site, link_to(site, one))))
    assert answers == [ASKED['en']] * 5 + ['Please ask again tomorrow'] and kinds_to(site, old) == ['change_told'] * 5
    assert site.stack.sql('SELECT outcome FROM subscription_request WHERE key = %s', new[-1].lower()) == [('discarded',)]


def test_an_owner_changes_an_address_at_once(site):
    old, new, again = somebody(), somebody(), somebody()
    add(site, old)
    owner = site.browser('owner')
    assert 'This address is not a member' in owner.submit('/lists/test/moved', {'old': again, 'email': new}).text
    assert heading(owner.submit('/lists/test/moved', {'old': old, 'email': new})) == 'The address was changed'
    assert is_member(site, new) and kinds_to(site, new) == ['changed'] and kinds_to(site, old) == ['changed_old']
    site.stack.kairan.command('member', 'move', f'test@{kairan.DOMAIN}', new, again)
    assert is_member(site, again)
    site.stack.kairan.command('member', 'move', f'test@{kairan.DOMAIN}', again, old)
    assert is_member(site, old)         # and its earlier address is taken up again
    moderator = site.browser('moderator').submit('/lists/test/moved', {'old': old, 'email': new})
    assert heading(moderator) == MAILED['en'] and is_member(site, old)
