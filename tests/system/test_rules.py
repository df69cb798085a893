"""Each rule through real mail: what becomes of a post, what members get, and what nobody may see."""
import base64
import email
import email.policy
import html
import json
import re

import conftest
import pytest

from rig import kairan
from rig.client import Author, address_of, message
from rig.site import Site, heading

BANNED, STRANGER = 'spammer@bad.example', 'stranger@other.example'


@pytest.fixture(scope='module')
def stack():
    yield from conftest.kept_when_failing(conftest.start(web=True), 'kairan', 'kairan-worker', 'kairan-web')


@pytest.fixture(scope='module')
def site(stack):
    site = Site(stack)
    # What it puts in place is no history of this worker's.
    stack.sql("UPDATE message SET ended_at = received_at WHERE state = 'accepted' AND ended_at IS NULL")
    stack.sql("UPDATE member m SET left_at = now() FROM address a, list l WHERE a.id = m.address_id AND l.id = m.list_id"
              " AND l.name = 'test' AND m.role = 'member' AND a.key LIKE '%%@people.example.org'")
    return site


@pytest.fixture(autouse=True)
def clean(stack):
    stack.quiet()
    stack.clear_sink()
    yield
    assert stack.breaches() == []


def judged(stack, data, list_='test', sender='m1@members.example.org'):
    """(action, rule, reason) of a post that is offered now."""
    newest = stack.one('SELECT coalesce(max(id), 0) FROM message')
    assert stack.post(data, list_, sender).startswith('250')
    stack.until(lambda: stack.sql('SELECT 1 FROM judgement WHERE message_id > %s', newest), what='a judgement')
    stack.quiet()
    return stack.sql('SELECT action, rule, reason FROM judgement WHERE message_id > %s', newest)[0]


def answer(stack, *words, **options):
    return json.loads(stack.kairan.command('--json', *words, **options))


def text_of(copy):
    return email.message_from_bytes(copy['message'], policy=email.policy.default).get_content()


# ---- header filters ----

JAPANESE = '=?iso-2022-jp?B?' + base64.b64encode('緊急のお知らせ'.encode('iso-2022-jp')).decode() + '?='
FILTERS = (
    ('Subject', r'^\[ad\]', 'discard', message('[AD] Buy'), 'discard'),
    ('Subject', r'^\[ad\]', 'discard', message('No [ad]'), 'accept'),
    ('Subject', '緊急の?お知らせ$', 'hold', message(JAPANESE), 'hold'),
    ('X-Mailer', 'BulkSender', 'reject', message('x', extra='X-Mailer: bulksender 3\r\n'), 'reject'),
    (':any', 'attachment.*\\.exe', 'discard',
     b'From: m1@members.example.org\r\nTo: test@lists.example.jp\r\nSubject: x\r\nMIME-Version: 1.0\r\n'
     b'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n--b\r\nContent-Disposition: attachment; filename=a.exe\r\n'
     b'Content-Type: application/x-thing\r\n\r\nMZ\r\n--b--\r\n', 'discard'),
    (':text', 'lottery|宝くじ', 'hold', message('x', body='宝くじが当たりました。\r\n'), 'hold'),
    (':size', '2', 'hold', message('x', body=('y' * 70 + '\r\n') * 60), 'hold'),
    (':size', '20', 'hold', message('x', body=('y' * 70 + '\r\n') * 60), 'accept'),
    (':spam', '4', 'discard', b'X-Spam-Score: 4.2\r\nReceived: by mx.lists.example.jp; now\r\n' + message('x'), 'discard'),
    ('From', 'stranger', 'accept', message('x', sender=STRANGER), 'accept'),
)


@pytest.mark.parametrize('field, expression, action, data, wanted', FILTERS, ids=[f'{row[0]} {row[4]}' for row in FILTERS])
def test_a_filter_decides(stack, field, expression, action, data, wanted):
    added = answer(stack, 'filter', 'add', field, expression, '--list', address_of('test'), '--action', action)['added']
    try:
        got = judged(stack, data)
        hit = field == 'From' or wanted != 'accept'
        assert got[:2] == (wanted, 'header-filter' if hit else 'default'), got
        assert stack.sql('SELECT hits, last_hit_at IS NOT NULL FROM header_filter WHERE id = %s', added) == [(int(hit), hit)]
    finally:
        stack.kairan.command('filter', 'remove', str(added), '--list', address_of('test'))


def test_filters_of_the_site_come_first_and_the_order_counts(stack):
    add = lambda *words: str(answer(stack, 'filter', 'add', *words)['added'])
    of_site = add('X-Probe', 'site', '--action', 'discard')
    first = add('X-Probe', '.', '--list', address_of('test'), '--action', 'hold')
    second = add('X-Probe', 'two', '--list', address_of('test'), '--action', 'reject')
    probe = lambda text: judged(stack, message('x', extra=f'X-Probe: {text}\r\n'))[0]
    try:
        assert [probe('site two'), probe('two'), probe('one')] == ['discard', 'hold', 'hold']
        stack.kairan.command('filter', 'move', second, '1', '--list', address_of('test'))
        assert [probe('site two'), probe('two'), probe('one')] == ['discard', 'reject', 'hold']
    finally:
        stack.kairan.command('filter', 'remove', of_site)
        for one in (first, second):
            stack.kairan.command('filter', 'remove', one, '--list', address_of('test'))


def test_all_conditions_must_be_met(stack):
    one = str(answer(stack, 'filter', 'add', 'Subject', 'sale', '--list', address_of('test'), '--action', 'discard', '--and',
                                'X-Mailer: bulk')['added'])
    try:
        assert judged(stack, message('Sale'))[0] == 'accept'
        assert judged(stack, message('Sale', extra='X-Mailer: Bulk\r\n'))[0] == 'discard'
    finally:
        stack.kairan.command('filter', 'remove', one, '--list', address_of('test'))


def test_a_catastrophic_expression_holds_and_delays_nobody(stack):
    """Nobody knows what it would have said: a person looks, and the worker goes on."""
    one = str(answer(stack, 'filter', 'add', 'Subject', r'^(([a-z])+.)+[A-Z]([a-z])+$', '--list', address_of('test'),
                                '--action', 'discard')['added'])
    try:
        got = judged(stack, message('a' * 900))
        assert got == ('hold', 'header-filter', 'A header filter would have taken too long on this message.')
        assert stack.one('SELECT costly FROM header_filter WHERE id = %s', one) == 1
        assert stack.one("SELECT attempts FROM incoming UNION ALL SELECT 0 LIMIT 1") == 0
        assert judged(stack, message('Short'))[0] == 'discard'
    finally:
        stack.kairan.command('filter', 'remove', one, '--list', address_of('test'))


def test_a_refused_author_reads_the_filters_own_words(stack):
    author = Author(stack)
    stack.kairan.command('member', 'add', address_of('test'), author.address)
    one = str(answer(stack, 'filter', 'add', 'Subject', 'HTML', '--list', address_of('test'), '--action', 'reject', '--text',
                                'この一覧では HTML はご遠慮ください。')['added'])
    try:
        data = author.sign(message('HTML', sender=author.address))
        assert judged(stack, data, sender=author.address)[:2] == ('reject', 'header-filter')
        mail = stack.until(lambda: [row for row in stack.copies() if author.address in row['rcpts']], what='the notice')[0]
        assert 'この一覧では HTML はご遠慮ください。' in text_of(mail)
    finally:
        stack.kairan.command('filter', 'remove', one, '--list', address_of('test'))
        stack.kairan.command('member', 'remove', address_of('test'), author.address)


# ---- bans and people outside the list ----

@pytest.mark.parametrize('place', (('--list', address_of('test')), ('--domain', kairan.DOMAIN), ()), ids=('list', 'domain', 'site'))
@pytest.mark.parametrize('pattern', (BANNED, '@bad.example', r'^spam.*@'))
def test_a_ban_discards_and_refuses_to_add(stack, pattern, place):
    stack.kairan.command('ban', 'add', pattern, *place)
    try:
        assert judged(stack, message('x', sender=BANNED), sender=BANNED)[:2] == ('discard', 'banned-address')
        # From another's name, but the envelope is his.
        assert judged(stack, message('x'), sender=BANNED)[:2] == ('discard', 'banned-address')
        assert answer(stack, 'member', 'add', address_of('test'), BANNED)['others'][0]['outcome'] == 'banned'
    finally:
        stack.kairan.command('ban', 'remove', pattern, *place)
    assert judged(stack, message('x', sender=BANNED), sender=BANNED)[:2] == ('hold', 'nonmember-moderation')


def test_the_four_lists_and_the_members_of_another_list(stack):
    stack.new_list('club', addresses=['clubber@other.example'])
    lists = {'accept': 'accept_these_nonmembers', 'hold': 'hold_these_nonmembers', 'reject': 'reject_these_nonmembers',
             'discard': 'discard_these_nonmembers'}
    for action, name in lists.items():
        stack.set('test', default_nonmember_action='hold' if action != 'hold' else 'accept', **{name: f'@club@lists.example.jp\n{STRANGER}'})
        for sender in ('clubber@other.example', STRANGER):
            assert judged(stack, message('x', sender=sender), sender=sender)[0] == action, (name, sender)
        assert judged(stack, message('x', sender='else@other.example'))[0] == ('hold' if action != 'hold' else 'accept')
        stack.set('test', **{name: ''})
    stack.set('test', default_nonmember_action='hold')
    assert stack.one("SELECT count(*) FROM member WHERE role = 'nonmember'") == 0       # nobody gets a row for having written


# ---- rule by rule ----

ENCODED = 'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n'
MANY = ', '.join(['test@lists.example.jp'] + [f'p{n}@else.example' for n in range(9)])
# what is set, the post, what becomes of it by which rule
DECIDED = (
    ({}, message('unsubscribe'), 'hold', 'administrivia'),
    ({}, message('x').split(b'MIME-Version')[0] + (ENCODED + base64.b64encode('退会します。\r\n'.encode()).decode()).encode(), 'hold', 'administrivia'),
    ({'administrivia': 'no'}, message('unsubscribe'), 'accept', 'default'),
    ({}, message('x', to='else@else.example'), 'hold', 'implicit-dest'),
    ({}, message('x', to='else@else.example', extra='Cc: Test <TEST@lists.example.jp>\r\n'), 'accept', 'default'),
    ({}, message('x', to='else@else.example', extra='Resent-To: test@lists.example.jp\r\n'), 'accept', 'default'),
    ({'acceptable_aliases': 'choir@else.example\n^all-.*@else'}, message('x', to='Choir@else.example'), 'accept', 'default'),
    ({'acceptable_aliases': 'choir@else.example\n^all-.*@else'}, message('x', to='all-of-us@else.example'), 'accept', 'default'),
    ({'acceptable_aliases': 'choir@else.example\n^all-.*@else'}, message('x', to='to-all-of@else.example'), 'hold', 'implicit-dest'),
    ({'require_explicit_destination': 'no'}, message('x', to='else@else.example'), 'accept', 'default'),
    ({}, message('x', to=MANY), 'hold', 'max-recipients'),
    ({}, message('x', to=MANY.rsplit(',', 1)[0]), 'accept', 'default'),
    ({'max_num_recipients': 0}, message('x', to=MANY), 'accept', 'default'),
    ({'max_message_size': 2}, message('x', body=('y' * 70 + '\r\n') * 40), 'hold', 'max-size'),
    ({'max_message_size': 0}, message('x', body=('y' * 70 + '\r\n') * 40), 'accept', 'default'),
    ({}, message(''), 'hold', 'no-subject'),
    ({'no_subject_action': 'discard'}, message(''), 'discard', 'no-subject'),
    ({}, message('x', extra='Auto-Submitted: auto-replied\r\n'), 'hold', 'auto-reply'),
    ({}, message('x', extra='List-Post: <mailto:test@lists.example.jp>\r\n'), 'discard', 'loop'),
    ({'emergency': 'yes'}, message('x'), 'hold', 'emergency'),
    ({'default_member_action': 'hold'}, message('x'), 'hold', 'member-moderation'),
    ({'default_member_action': 'discard'}, message('x'), 'discard', 'member-moderation'),
    ({'default_member_action': 'accept'}, message('unsubscribe'), 'accept', 'member-moderation'),
    ({}, message('x', sender=STRANGER), 'hold', 'nonmember-moderation'),
    ({'default_nonmember_action': 'defer'}, message('x', sender=STRANGER), 'accept', 'default'),
    ({'default_nonmember_action': 'reject'}, message('x', sender=STRANGER), 'reject', 'nonmember-moderation'),
    ({'virus_field': 'X-Scanned'}, b'X-Scanned: Infected by x\r\nReceived: by mx.lists.example.jp; now\r\n' + message('x'), 'discard', 'virus'),
)


def test_each_rule_decides_as_it_is_set(stack):
    wrong = []
    for number, (settings, data, action, rule) in enumerate(DECIDED):
        if settings:
            stack.set('test', **settings)
        sender = STRANGER if b'From: ' + STRANGER.encode() in data else 'm1@members.example.org'
        got = judged(stack, data, sender=sender)[:2]
        if got != (action, rule):
            wrong.append((number, settings, got))
        if settings:
            stack.kairan.command('list', 'set', address_of('test'), *settings)
    assert wrong == []


@pytest.mark.parametrize('role, settings', [
    ('member', {'default_member_action': 'reject', 'member_moderation_notice': 'メンバーへ: 今は読むだけです。'}),
    ('stranger', {'default_nonmember_action': 'reject', 'nonmember_rejection_notice': 'Please join before you write.'})])
def test_refused_authors_read_the_owners_words(stack, role, settings):
    author = Author(stack)
    if role == 'member':
        stack.kairan.command('member', 'add', address_of('test'), '--no-welcome', author.address)
    stack.set('test', **settings)
    stack.clear_sink()
    assert judged(stack, author.sign(message('Why', sender=author.address)), sender=author.address)[0] == 'reject'
    mail = stack.until(lambda: [row for row in stack.copies() if author.address in row['rcpts']], what='the notice')[0]
    assert list(settings.values())[1] in text_of(mail)
    stack.kairan.command('list', 'set', address_of('test'), *settings)
    if role == 'member':
        stack.kairan.command('member', 'remove', address_of('test'), author.address)


# ---- what the mail server's filters wrote ----

OURS = b'Received: from client.example by mx.lists.example.jp; Sat, 21 Nov 2026 12:00:00 +0900\r\n'


def test_spam_and_virus_are_known_by_our_filter_alone(stack):
    assert judged(stack, b'X-Spam-Flag: YES\r\n' + OURS + message('x'))[:2] == ('hold', 'spam')
    assert judged(stack, OURS + b'X-Spam-Flag: YES\r\nX-Virus-Status: Infected\r\n' + message('x'))[0] == 'accept'
    assert judged(stack, b'X-Virus-Status: Infected (Eicar)\r\n' + OURS + message('x'))[:2] == ('discard', 'virus')
    stack.set('test', spam_threshold=5, spam_action='discard')
    assert judged(stack, b'X-Spam-Score: 4.9\r\n' + OURS + message('x'))[0] == 'accept'
    assert judged(stack, b'X-Spam-Score: 5.0\r\n' + OURS + message('x'))[:2] == ('discard', 'spam')
    stack.set('test', spam_threshold=0, spam_action='hold')


# ---- emergency and the moderators' password ----

PASSWORD = 'Kaede & maple 7'
HTML = ('Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n'
        'Content-Transfer-Encoding: base64\r\n\r\n' + base64.b64encode(f'Approved: {PASSWORD}\r\n明日は休みです。\r\n'.encode()).decode() +
        '\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        f'<p>Approved: Kaede &amp; =\r\nmaple 7</p><p>See you.</p>\r\n--b--\r\n')
PASSED = {
    'a field': message('By field', sender=STRANGER, extra=f'Approved: {PASSWORD}\r\n'),
    'the first line': message('By line', sender=STRANGER, body=f'\r\nApprove: {PASSWORD}\r\n明日は休みです。\r\n'),
    'both parts': message('By parts', sender=STRANGER).split(b'MIME-Version')[0] + b'MIME-Version: 1.0\r\n' + HTML.encode(),
}


@pytest.fixture
def secretive(stack):
    """The list in an emergency, with a password."""
    stack.kairan.command('password', 'set', address_of('test'), stdin=PASSWORD + '\n')
    stack.set('test', emergency='yes')
    yield
    stack.set('test', emergency='no')
    stack.kairan.command('password', 'remove', address_of('test'))
    stack.sql('DELETE FROM rate')


@pytest.mark.parametrize('how', PASSED)
def test_the_password_lets_pass_and_nobody_sees_it(stack, site, secretive, how):
    assert judged(stack, PASSED[how], sender=STRANGER)[:2] == ('accept', 'approved')
    copies = stack.wait_copies(3)
    for row in copies:
        everything = row['message'] + b''.join(part.get_payload(decode=True) or b'' for part in email.message_from_bytes(row['message']).walk())
        assert b'Approve' not in everything and b'maple' not in everything, everything
        assert any(result['ok'] for result in row['dkim'])
    stack.quiet()
    hash_, raw = stack.sql('SELECT p.hash, m.bytes FROM post p JOIN message m ON m.id = p.message_id ORDER BY p.id DESC LIMIT 1')[0]
    for path in (f'message/{hash_}', f'message/{hash_}/raw', f'thread/{hash_}', ''):
        for role in ('anonymous', 'owner'):
            page = site.browser(role).read('/lists/test/' + path)
            assert page.status_code == 200 and 'maple' not in page.text, (path, role)
    seen = site.browser('owner').read(f'/lists/test/message/{hash_}/raw').content
    assert all(b'maple' not in (part.get_payload(decode=True) or b'') for part in email.message_from_bytes(seen).walk())
    assert (b'maple' in bytes(raw)) == (how != 'both parts') or how == 'both parts'     # kept as it came


def test_a_wrong_password_is_masked_held_and_limited(stack, secretive):
    stack.set('test', emergency='no')
    for _ in range(10):
        assert judged(stack, message('x', body='Approved: Kaede & mapel\r\nHi\r\n'))[:2] == ('hold', 'wrong-password')
    assert stack.one('SELECT masks IS NOT NULL FROM message ORDER BY id DESC LIMIT 1')
    assert 'mapel' not in stack.one('SELECT excerpt FROM held ORDER BY id DESC LIMIT 1')
    # The right one is not looked at any more in this hour.
    got = judged(stack, message('x', extra=f'Approved: {PASSWORD}\r\n'))
    assert got[:2] == ('hold', 'wrong-password')
    assert stack.one("SELECT facts->>'password' FROM judgement ORDER BY message_id DESC LIMIT 1") == 'not looked at'
    assert 'apel' not in stack.log('worker') and PASSWORD not in stack.log('worker')
    held = stack.one('SELECT max(id) FROM held')
    stack.clear_sink()
    stack.kairan.command('held', 'accept', address_of('test'), '--now', str(held))
    stack.wait_copies(3)
    stack.quiet()
    assert all(b'aple' not in row['message'] for row in stack.copies())
    stack.sql('DELETE FROM rate')


def test_a_password_that_cannot_be_taken_out_goes_to_nobody(stack, secretive):
    data = message('x', sender=STRANGER, body=f'Approved: {PASSWORD}\r\nI wrote {PASSWORD} above.\r\n')
    assert judged(stack, data, sender=STRANGER)[:2] == ('hold', 'approved')
    stack.kairan.command('held', 'accept', address_of('test'), '--now', str(stack.one('SELECT max(id) FROM held')))
    stack.quiet()
    assert stack.one('SELECT state FROM message ORDER BY id DESC LIMIT 1') == 'refused'
    # Notices about what was held, with its masked beginning, may come at any time.
    assert [row for row in stack.copies() if b'above' in row['message'] and b'\nauto-submitted:' not in row['message'].lower()] == []
    assert all(PASSWORD.encode() not in row['message'] for row in stack.copies())


# ---- siblings, umbrellas, topics ----

def rcpts(stack):
    """Who got a copy of a post; what the system wrote to moderators meanwhile comes from nobody."""
    return sorted(row['rcpts'][0] for row in stack.copies() if row['from'] not in ('', '<>', None))


def test_members_of_other_lists_are_reached_once(stack):
    stack.new_list('sister', addresses=['m1@members.example.org', 's1@members.example.org', 's2@members.example.org'])
    stack.new_list('cousin', addresses=['s2@members.example.org', 'c1@members.example.org'])
    stack.set('test', regular_include_lists='sister@lists.example.jp\ncousin@lists.example.jp\nabsent@lists.example.jp')
    stack.post(message('To all'))
    stack.until(lambda: len(rcpts(stack)) >= 6, 20, 'six copies')
    stack.quiet()
    assert rcpts(stack) == [f'{name}@members.example.org' for name in ('c1', 'm1', 'm2', 'm3', 's1', 's2')]
    stack.clear_sink()
    stack.set('test', regular_include_lists='')
    stack.set('test', regular_exclude_lists='sister@lists.example.jp')
    stack.post(message('To both', to='test@lists.example.jp, Sister@Lists.example.jp'))
    stack.until(lambda: len(rcpts(stack)) >= 2, 20, 'two copies')
    stack.quiet()
    assert rcpts(stack) == ['m2@members.example.org', 'm3@members.example.org']
    stack.clear_sink()
    stack.post(message('To one'))
    stack.until(lambda: len(rcpts(stack)) >= 3, 20, 'three copies')
    stack.set('test', regular_exclude_lists='')


def test_an_umbrella_passes_posts_on_and_loops_end(stack):
    stack.new_list('all', addresses=['m9@members.example.org', address_of('strings')])
    stack.new_list('strings', addresses=['v1@members.example.org', address_of('all')])
    stack.set('strings', umbrella_lists=address_of('all'))
    stack.set('all', umbrella_lists=address_of('strings'))

    stack.kairan.command('member', 'add', address_of('all'), 'm1@members.example.org')
    stack.quiet()
    stack.clear_sink()
    stack.post(message('Concert', to=address_of('all')), 'all')

    def judgements():
        return stack.sql("SELECT l.name, j.action, j.rule FROM judgement j JOIN message m ON m.id = j.message_id"
                         " JOIN list l ON l.id = m.list_id WHERE l.name IN ('all', 'strings') ORDER BY m.id")
    stack.until(lambda: len(judgements()) == 3, what='the way round')
    assert judgements() == [('all', 'accept', 'default'), ('strings', 'accept', 'umbrella'), ('all', 'discard', 'loop')]
    stack.quiet()
    assert rcpts(stack) == ['m1@members.example.org', 'm9@members.example.org', 'v1@members.example.org']
    copy, sender = stack.sql("SELECT m.bytes, m.sender FROM message m JOIN list l ON l.id = m.list_id WHERE l.name = 'strings'")[0]
    copy = bytes(copy)
    assert sender.startswith('b.') and b'/u/' not in copy
    # The same bytes from anybody else are a stranger's post.
    assert judged(stack, copy.replace(b'Concert', b'Concerto'), 'strings', STRANGER)[0] == 'hold'
    stack.set('strings', umbrella_lists='')
    assert judged(stack, copy.replace(b'Concert', b'Concerts'), 'strings', sender)[0] == 'hold'


def test_posts_go_by_topic(stack):
    stack.new_list('topics', 3, topics_enabled='yes')
    list_ = address_of('topics')
    stack.kairan.command('topic', 'add', list_, 'Concerts', 'concert|演奏会')
    stack.kairan.command('topic', 'add', list_, '練習', 'rehearsal|練習')
    stack.kairan.command('topic', 'choose', list_, 'm1@members.example.org', 'Concerts', '--only')
    stack.kairan.command('topic', 'choose', list_, 'm2@members.example.org', '練習')

    def reached(subject, **options):
        stack.clear_sink()
        assert judged(stack, message(subject, to=list_, **options), 'topics')[0] == 'accept'
        stack.wait_copies(stack.one('SELECT recipients FROM post ORDER BY id DESC LIMIT 1'))
        return ''.join(address[1] for address in rcpts(stack))
    encoded = '=?iso-2022-jp?B?' + base64.b64encode('春の演奏会'.encode('iso-2022-jp')).decode() + '?='
    assert reached('The Concert') == '13' and reached(encoded) == '13'
    assert email.message_from_bytes(stack.copies()[0]['message'])['X-Topics'] == 'Concerts'
    assert reached('x', extra='Keywords: Rehearsal, hall\r\n') == '23'
    assert reached('x', body='\r\nKeywords: concert\r\nHello\r\n') == '13'
    assert reached('x', body='Hello\r\nKeywords: concert\r\n') == '23'
    stack.set('topics', topics_bodylines_limit=0)
    assert reached('x', body='\r\nKeywords: concert\r\nHello\r\n') == '23'
    stack.set('topics', topics_bodylines_limit=5)
    assert reached('Concert and rehearsal') == '123'
    assert reached('Lost umbrella') == '23'
    assert stack.one("SELECT count(*) FROM post_topic") == 6
    stack.set('topics', topics_enabled='no')
    assert reached('Lost umbrella') == '123'
    assert email.message_from_bytes(stack.copies()[0]['message'])['X-Topics'] is None


# ---- asking why ----

def test_explaining_changes_nothing(stack):
    before = stack.sql('SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM audit), (SELECT count(*) FROM rate)')
    told = answer(stack, 'rules', 'explain', address_of('test'), stdin=message('', sender=STRANGER).decode())
    assert (told['action'], told['rule']) == ('hold', 'nonmember-moderation')
    by_name = {row['name']: row['answer'] for row in told['rules']}
    assert (by_name['banned-address'], by_name['nonmember-moderation'], by_name['no-subject']) == ('missed', 'hit', 'not asked')
    assert stack.sql('SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM audit), (SELECT count(*) FROM rate)') == before


# ---- the pages ----

PASTED = 'From: stranger@other.example\nTo: test@lists.example.jp\nSubject: ' + JAPANESE + '\n\nHello\n'


def filter_form(**changes):
    return {'where1': '', 'field1': 'Subject', 'pattern1': '緊急', 'action': 'discard', 'act': 'save', **changes}


def test_a_filter_is_tried_before_it_counts(stack, site):
    owner = site.browser('owner')
    before = stack.one('SELECT count(*) FROM header_filter')
    tried = owner.submit('/lists/test/filters/new', filter_form(act='try', message=PASTED))
    assert tried.status_code == 200 and 'The message meets this filter.' in tried.text and '緊急のお知らせ' in tried.text
    assert 'value="緊急"' in tried.text and stack.one('SELECT count(*) FROM header_filter') == before
    assert 'does not meet' in owner.submit('/lists/test/filters/new', filter_form(act='try', message=PASTED, pattern1='^のお')).text
    wrong = owner.submit('/lists/test/filters/new', filter_form(pattern1='(緊急', note='keep me'))
    assert wrong.status_code == 422 and 'not a regular expression' in wrong.text and 'keep me' in wrong.text and '(緊急' in wrong.text
    missing = owner.submit('/lists/test/filters/new', filter_form(act='try', message='no header'))
    assert missing.status_code == 422 and 'does not begin with the header' in missing.text


def test_filters_are_kept_ordered_and_removed_on_the_page(stack, site):
    owner, base = site.browser('owner'), '/lists/test/filters'
    order = lambda: [row[0][0] for row in stack.sql('SELECT patterns FROM header_filter WHERE list_id = %s ORDER BY position, id', site.list_id('test'))]
    for word in ('one', 'two', 'three'):
        done = owner.submit(base + '/new', filter_form(pattern1=word, where2=':text', pattern2='x', note=word))
        assert (done.status_code, done.headers['Location']) == (303, base + '?done=saved')
    assert order()[-3:] == ['one', 'two', 'three']
    moves = re.findall(r'name="move" value="(\d+\.\d+)" aria-label="Move filter (\d+) up"', owner.read(base).text)
    owner.submit(base + '/move', {'move': moves[-1][0]})
    assert order()[-3:] == ['one', 'three', 'two']
    number = stack.one("SELECT id FROM header_filter WHERE patterns[1] = 'two'")
    assert owner.submit(f'{base}/{number}', filter_form(pattern1='zwei')).status_code == 303
    assert stack.sql('SELECT fields, patterns, action FROM header_filter WHERE id = %s', number) == [(['Subject'], ['zwei'], 'discard')]
    assert judged(stack, message('Zwei'))[:2] == ('discard', 'header-filter')
    assert '1 hit.' in owner.read(f'{base}/{number}').text
    for word in ('one', 'three', 'zwei'):
        number = stack.one('SELECT id FROM header_filter WHERE patterns[1] = %s', word)
        assert owner.submit(f'{base}/{number}', {'act': 'remove'}).headers['Location'] == base + '?done=removed'
    assert owner.read(f'{base}/{number}').status_code == 404
    assert site.browser('other_owner').read(base).status_code == 403
    # Another list's filter is not reached by this list's path.
    assert owner.submit(f'/lists/test/filters/{site.filters["hidden"]}', {'act': 'remove'}).status_code == 404
    words = [row[0] for row in stack.sql("SELECT action FROM audit WHERE action LIKE 'filter%%' AND actor LIKE 'owner@%%' ORDER BY id")]
    assert words == ['filter_add'] * 3 + ['filter_move', 'filter_change'] + ['filter_remove'] * 3


def test_the_sites_filters_and_bans_are_the_administrators(stack, site):
    admin = site.browser('admin')
    assert admin.submit('/admin/filters/new', filter_form(pattern1='everywhere')).headers['Location'] == '/admin/filters?done=saved'
    assert judged(stack, message('Everywhere'))[:2] == ('discard', 'header-filter')
    number = stack.one("SELECT id FROM header_filter WHERE patterns[1] = 'everywhere' AND list_id IS NULL")
    admin.submit(f'/admin/filters/{number}', {'act': 'remove'})
    assert admin.submit('/admin/bans', {'pattern': '＠Bad.example', 'reason': 'all of them'}).status_code == 303
    assert stack.sql('SELECT pattern, reason FROM ban WHERE list_id IS NULL') == [('@bad.example', 'all of them')]
    assert judged(stack, message('x', sender=BANNED), sender=BANNED)[:2] == ('discard', 'banned-address')
    done = admin.submit('/admin/bans', {'pattern': '@bad.example', 'reason': 'all of them', 'act': 'remove'})
    assert 'Ban again' in admin.read(done.headers['Location']).text
    assert stack.one('SELECT count(*) FROM ban') == 0


def test_a_domains_owner_keeps_its_bans_and_filters(stack, site):
    stack.kairan.command('domain', 'create', 'elsewhere.example.org')
    owner, base = site.browser('domain_owner'), f'/admin/domains/{kairan.DOMAIN}/'
    stack.kairan.command('list', 'create', 'there@elsewhere.example.org')
    for role in ('owner', 'moderator', 'anonymous'):
        assert site.browser(role).read(base + 'bans').status_code == site.browser(role).submit(base + 'filters/new', filter_form()).status_code == 403
    assert owner.read('/admin/domains/elsewhere.example.org/bans').status_code == 403, 'not of a domain of others'
    assert base + 'bans' in owner.read(base).text and f'all lists of {kairan.DOMAIN}' in owner.read(base + 'bans').text
    assert owner.submit(base + 'filters/new', filter_form(pattern1='domainwide')).headers['Location'] == base + 'filters?done=saved'
    number = stack.one("SELECT id FROM header_filter WHERE patterns[1] = 'domainwide' AND domain_id IS NOT NULL AND list_id IS NULL")
    assert 'domainwide' in owner.read(base + 'filters').text and 'domainwide' not in site.browser('admin').read('/admin/filters').text
    assert judged(stack, message('Domainwide'))[:2] == ('discard', 'header-filter')
    # The site's are asked before, the list's after it.
    probe = lambda: judged(stack, message('Domainwide', extra='X-Probe: 1\r\n'))[0]
    mine = str(answer(stack, 'filter', 'add', 'X-Probe', '.', '--list', address_of('test'), '--action', 'reject')['added'])
    assert probe() == 'discard'
    sites = str(answer(stack, 'filter', 'add', 'X-Probe', '.', '--action', 'hold')['added'])
    assert probe() == 'hold'
    stack.kairan.command('filter', 'remove', sites)
    assert [row['id'] for row in answer(stack, 'filter', 'list', '--domain', kairan.DOMAIN)['filters'] if 'domainwide' in row['conditions']] == [number]
    assert owner.submit(f'{base}filters/{number}', {'act': 'remove'}).headers['Location'] == base + 'filters?done=removed'
    assert probe() == 'reject'
    stack.kairan.command('filter', 'remove', mine, '--list', address_of('test'))
    # A ban holds for its lists alone, for posts and for joining, and the compiled expressions are renewed at once.
    for pattern in ('@bad.example', '^spam.*@'):
        assert owner.submit(base + 'bans', {'pattern': pattern, 'reason': 'all of them'}).status_code == 303
        assert judged(stack, message('x', sender=BANNED), sender=BANNED)[:2] == ('discard', 'banned-address')
        assert answer(stack, 'member', 'add', address_of('test'), BANNED)['others'][0]['outcome'] == 'banned'
        assert answer(stack, 'member', 'add', 'there@elsewhere.example.org', BANNED, '--dry-run')['added'] == 1
        assert owner.submit(base + 'bans', {'pattern': pattern}).status_code == 422
        removed = owner.submit(base + 'bans', {'pattern': pattern, 'act': 'remove'})
        assert 'Ban again' in owner.read(removed.headers['Location']).text
        assert judged(stack, message('x', sender=BANNED), sender=BANNED)[:2] == ('hold', 'nonmember-moderation')
    assert stack.sql("SELECT actor, detail FROM audit WHERE action = 'ban_add' AND object = '@bad.example' ORDER BY id DESC LIMIT 1") == [
        ('domain-owner@people.example.org', f'{kairan.DOMAIN}: all of them')]
    # People from outside, for all lists of the domain.
    stack.kairan.command('list', 'set', address_of('test'), 'discard_these_nonmembers')     # nothing of its own
    page = base + 'settings/message_acceptance'
    assert owner.submit(page, {'has.discard_these_nonmembers': '1', 'set.discard_these_nonmembers': BANNED}).status_code == 303
    assert judged(stack, message('x', sender=BANNED), sender=BANNED)[0] == 'discard'
    stack.kairan.command('list', 'set', '--domain', kairan.DOMAIN, 'discard_these_nonmembers')
    stack.kairan.command('list', 'remove', 'there@elsewhere.example.org', '--quiet')
    stack.kairan.command('list', 'erase', 'there@elsewhere.example.org')
    stack.kairan.command('domain', 'remove', 'elsewhere.example.org')


def test_bans_are_searched_and_paged_by_key(stack, site):
    owner, base = site.browser('owner'), '/lists/test/bans'
    stack.sql("INSERT INTO ban (list_id, pattern, created_by, created_at) SELECT %s, 'a' || lpad(n::text, 4, '0') || '@many.example', 'x', now()"
              ' FROM generate_series(1, 120) n', site.list_id('test'))
    first = owner.read(base)
    more = html.unescape(re.search(r'href="([^"]*after=[^"]*)"', first.text)[1])
    assert 'a0001@' in first.text and 'a0051@' not in first.text
    second = owner.read(more)
    assert 'a0051@' in second.text and 'a0050@' not in second.text and 'a0100@' in second.text
    found = owner.read(base, params={'q': 'A0117'})
    assert 'a0117@' in found.text and 'a0001@' not in found.text
    assert 'Nobody like that' in owner.read(base, params={'q': 'nobody'}).text
    for pattern, sentence in (('x y', 'neither an address'), ('^(', 'neither an address'), ('a0001@many.example', 'banned already')):
        answer_ = owner.submit(base, {'pattern': pattern, 'reason': 'kept text'})
        assert answer_.status_code in (409, 422) and sentence in answer_.text and 'kept text' in answer_.text
    stack.sql("DELETE FROM ban WHERE pattern LIKE '%%@many.example'")


def test_the_page_says_why(stack, site):
    owner = site.browser('owner')
    assert heading(owner.read('/lists/test/rules')) == 'Rules'
    page = owner.submit('/lists/test/rules', {'message': PASTED, 'proof': 'none'})
    assert heading(page) == 'It would be held for a moderator.' and 'The author is not a member of the list.' in page.text
    page = owner.submit('/lists/test/rules', {'message': PASTED.replace('stranger@other', 'm1@members').replace('.example\nTo', '.example.org\nTo'), 'proof': 'fail'})
    assert heading(page) == 'It would be held for a moderator.' and 'probably not from there' in page.text
    japanese = site.browser('owner', 'ja').submit('/lists/test/rules', {'message': PASTED})
    assert heading(japanese) == '保留になります。' and '差出人はリストの外の人ですか。' in japanese.text
    assert owner.submit('/lists/test/rules', {'message': ''}).status_code == 422
    # A password is never tried here.
    stack.kairan.command('password', 'set', address_of('test'), stdin=PASSWORD + '\n')
    page = owner.submit('/lists/test/rules', {'message': f'Approved: {PASSWORD}\n' + PASTED})
    assert heading(page) == 'It would be held for a moderator.'
    stack.kairan.command('password', 'remove', address_of('test'))


def test_topics_are_made_by_owners_and_chosen_by_members(stack, site):
    owner, member = site.browser('owner'), site.browser('member')
    assert owner.submit('/lists/closed/topics', {'name': '演奏会', 'pattern': '演奏会|concert', 'description': 'x'}).status_code == 303
    assert owner.submit('/lists/closed/topics', {'name': '演奏会', 'pattern': 'y'}).status_code in (409, 422)
    wrong = owner.submit('/lists/closed/topics', {'name': 'Dogs', 'pattern': '('})
    assert wrong.status_code == 422 and 'value="Dogs"' in wrong.text
    number = stack.one("SELECT id FROM topic WHERE name = '演奏会'")
    assert '演奏会' in member.read('/lists/closed/my-topics').text
    assert member.submit('/lists/closed/my-topics', [('topic', str(number)), ('topic', str(site.topics['hidden']))]).status_code == 303
    chosen = stack.sql('SELECT c.topic_id, m.without_topic FROM member_topic c JOIN member m ON m.id = c.member_id'
                       ' WHERE m.list_id = %s', site.list_id('closed'))
    assert chosen == [(number, False)]      # a topic of another list is none of this one's
    assert re.search(rf'value="{number}" checked', member.read('/lists/closed/my-topics').text)
    assert site.browser().read('/lists/test/my-topics').status_code == 403
    owner.submit(f'/lists/closed/topics/{number}', {'act': 'remove'})
    assert stack.one('SELECT count(*) FROM member_topic WHERE topic_id = %s', number) == 0


def test_the_password_is_set_on_a_page_and_shown_nowhere(stack, site):
    owner = site.browser('owner')
    assert owner.submit('/lists/test/password', {'password': 'short', 'act': 'set'}).status_code == 422
    assert owner.submit('/lists/test/password', {'password': PASSWORD, 'act': 'set'}).status_code == 303
    hash_ = stack.one('SELECT hash FROM moderator_password')
    assert hash_.startswith('$argon2id$') and PASSWORD not in hash_
    page = owner.read('/lists/test/password')
    assert 'A password is set, by owner@people.example.org.' in page.text and PASSWORD not in page.text and 'argon2' not in page.text
    assert stack.one("SELECT count(*) FROM audit WHERE detail LIKE '%%maple%%' OR object LIKE '%%maple%%'") == 0
    assert judged(stack, message('x', sender=STRANGER, extra=f'Approved: {PASSWORD}\r\n'), sender=STRANGER)[:2] == ('accept', 'approved')
    owner.submit('/lists/test/password', {'act': 'remove'})
    assert stack.one('SELECT count(*) FROM moderator_password') == 0


def test_ten_thousand_others_are_kept_on_the_settings_page(stack, site):
    owner, lines = site.browser('owner'), '\r\n'.join(f'person{i}@other{i % 500}.example' for i in range(10000))
    saved = owner.submit('/lists/test/settings/message_acceptance', {'has.discard_these_nonmembers': '1', 'set.discard_these_nonmembers': lines})
    assert saved.status_code == 303
    sender = 'Person9999@other499.example'
    assert judged(stack, message('x', sender=sender), sender=sender)[:2] == ('discard', 'nonmember-moderation')
    stack.set('test', discard_these_nonmembers='')


def test_filters_and_topics_go_with_a_copy_of_a_list(stack):
    from_, to = stack.new_list('pattern', 0), stack.new_list('copied', 0)
    stack.kairan.command('filter', 'add', 'Subject', 'first', '--list', from_, '--action', 'discard', '--and', 'X-Mailer: y')
    stack.kairan.command('filter', 'add', 'Subject', 'second', '--list', from_)
    stack.kairan.command('topic', 'add', from_, 'Cats', 'cat')
    stack.kairan.command('list', 'copy', from_, to, '--parts', 'filters')
    rows = answer(stack, 'filter', 'list', '--list', to)['filters']
    assert [(row['conditions'], row['action'], row['hits']) for row in rows] == [('Subject: first, X-Mailer: y', 'discard', 0), ('Subject: second', 'hold', 0)]
    assert [row['topic'] for row in answer(stack, 'topic', 'list', to)['topics']] == ['Cats']
