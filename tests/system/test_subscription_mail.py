"""Joining and leaving through the mail path: by writing, by a plain reply, by a copy's leave address; an address changed during a post."""
import email
import email.policy
import re

import pytest

from rig import kairan
from rig.client import Author, message

LIST = f'test@{kairan.DOMAIN}'


@pytest.fixture(autouse=True)
def clean(whole):
    whole.clear_sink()
    whole.sql('DELETE FROM budget; DELETE FROM moderator_pace')
    whole.set('test', subscription_policy='confirm', unsubscription_policy='confirm', join_by_writing='no')


def is_member(whole, address):
    return whole.one("SELECT count(*) FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id WHERE l.name = 'test'"
                     " AND a.key = %s AND m.role = 'member' AND m.left_at IS NULL", address) == 1


def kinds_to(whole, address):
    return [row[0] for row in whole.sql("SELECT kind FROM notice WHERE recipient = %s ORDER BY id", address)]


def state(whole, subject):
    return whole.one("SELECT state FROM message WHERE convert_from(bytes, 'UTF8') LIKE %s ORDER BY id DESC LIMIT 1", f'%Subject: {subject}%')


@pytest.mark.parametrize('policy, setting, joins, kinds', [
    ('open', 'join', True, ['welcome']), ('confirm', 'join', True, ['welcome']), ('moderate', 'join', False, ['held']),
    ('confirm', 'offer', False, ['held', 'join_offer']), ('confirm', 'no', False, ['held'])])
def test_who_writes_and_is_proved_may_join_by_it(whole, policy, setting, joins, kinds):
    whole.set('test', subscription_policy=policy, join_by_writing=setting)
    author, subject = Author(whole), f'Written under {policy} {setting}'
    whole.post(author.sign(message(subject, sender=author.address)), sender=author.address)
    whole.quiet()
    assert is_member(whole, author.address) == joins and kinds_to(whole, author.address) == kinds
    assert state(whole, subject) == ('accepted' if joins else 'held')


def test_who_is_not_proved_does_not_join_by_writing(whole):
    whole.set('test', join_by_writing='join')
    author = Author(whole, policy='none')
    whole.post(message('Forged', sender=author.address), sender=author.address)
    whole.quiet()
    assert not is_member(whole, author.address) and kinds_to(whole, author.address) == [] and state(whole, 'Forged') == 'held'


def test_a_plain_reply_confirms(whole):
    author = Author(whole)
    whole.kairan.command('member', 'add', LIST, '--invite', author.address)
    copy = whole.wait_copies(1)[0]
    mail = email.message_from_bytes(copy['message'], policy=email.policy.default)
    assert mail['Auto-Submitted'] == 'auto-generated' and mail['Reply-To'].startswith('test-confirm+')
    reply = message('Re: ' + str(mail['Subject']), sender=author.address, to=str(mail['Reply-To']), body='Yes please.\r\n')
    whole.post(author.sign(reply), list_=str(mail['Reply-To']), sender=author.address)
    whole.quiet()
    assert is_member(whole, author.address)


def test_a_copys_leave_address_follows_the_lists_policy(whole):
    whole.set('test', unsubscription_policy='moderate')
    whole.post(message('Leave me by mail'))
    row = next(row for row in whole.wait_copies(3) if row['rcpts'] != ['m1@members.example.org'])
    address = re.search(r'<mailto:(u\.[^>?]+)', email.message_from_bytes(row['message'])['List-Unsubscribe'])[1]
    whole.post(message('unsubscribe', sender=row['rcpts'][0], to=address), list_=address, sender=row['rcpts'][0])
    whole.quiet()
    assert is_member(whole, row['rcpts'][0])
    whole.clear_sink()
    whole.post(message('Without the one who waits'))
    whole.quiet()
    assert row['rcpts'][0] not in {copy['rcpts'][0] for copy in whole.copies()}
    request = whole.one('SELECT id FROM subscription_request WHERE ended_at IS NULL AND kind = %s', 'leave')
    whole.kairan.command('request', 'accept', LIST, str(request))
    assert not is_member(whole, row['rcpts'][0])
    whole.kairan.command('member', 'add', LIST, row['rcpts'][0])


def test_an_address_changed_during_a_post_gets_one_copy(whole):
    old, new = 'm3@members.example.org', 'm33@members.example.org'
    whole.recipient(old, 'rcpt:450*1')
    whole.post(message('While moving'))
    whole.until(lambda: whole.one("SELECT count(*) FROM outcome WHERE result = 'deferred'") > 0, 20, 'a copy that is put off')
    whole.kairan.command('member', 'move', LIST, old, new)
    whole.quiet(60)
    got = [copy['rcpts'][0] for copy in whole.copies() if b'While moving' in copy['message']]
    assert [address for address in got if address in (old, new)] == [new] and len(got) == len(set(got))
    assert kinds_to(whole, new)[-1] == 'changed' and kinds_to(whole, old)[-1] == 'changed_old'
