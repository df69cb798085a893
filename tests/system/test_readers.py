"""What people who are signed in do in the archive: answer, mark, keep, mute, vote, sort; and that others see nothing of it."""
import email
import email.policy
import re

import conftest
import pytest

from rig.client import address_of, message
from rig.site import Browser, now

M = [None] + [f'm{i}@members.example.org' for i in (1, 2, 3)]
GUEST = 'guest@people.example.org'
TEXT = 'Where is the hall?\r\n\r\n> 会場はどこですか\r\n\r\nm1\r\n-- \r\nsecret address\r\n'


@pytest.fixture(scope='module')
def stack():
    stack = conftest.start(members=3, web=True, direct=True, settings={'worker.poll_ms': 100})
    conftest.need(stack, 'kairan', 'kairan-worker', 'kairan-web')
    stack.users = {}
    for address in (*M[1:], GUEST):
        user = stack.users[address] = stack.one('INSERT INTO site_user (name, created_at) VALUES (%s, %s) RETURNING id',
                                                '鈴木 一郎' if address == M[2] else '', now())
        stack.sql('INSERT INTO address (key, email, user_id, verified_at, created_at) VALUES (%s, %s, %s, %s, %s)'
                  ' ON CONFLICT (key) DO UPDATE SET user_id = excluded.user_id, verified_at = excluded.verified_at',
                  address, address, user, now(), now())
    stack.set('test', archive_policy='public', advertised='yes')
    yield stack
    stack.quiet()
    assert stack.breaches() == []
    conftest.finish(stack)


@pytest.fixture(autouse=True)
def clean(stack):
    stack.quiet()
    stack.clear_sink()
    stack.sql('DELETE FROM rate')


def browser(stack, address=None, language='en'):
    page = Browser(stack.http_url())
    page.headers['Accept-Language'] = language
    if address:
        page.sign_in(stack, stack.users[address])
    return page


def posted(stack, subject, sender=M[1], extra='', body=TEXT):
    """A post by mail; its hash and its Message-ID."""
    stack.post(message(subject, sender=sender, body=body, extra=extra), sender=sender)
    stack.quiet()
    return stack.sql('SELECT hash, rfc_message_id FROM post WHERE subject = %s ORDER BY id DESC LIMIT 1', subject)[0]


def mark_of(page, path):
    answer = page.read(path)
    assert answer.status_code == 200, path
    return re.search(r'name="mark" value="(\w+)"', answer.text)[1], answer.text


def mails(stack):
    """{recipient: mail} of the copies taken."""
    return {row['rcpts'][0]: email.message_from_bytes(row['message'], policy=email.policy.default) for row in stack.copies()}


def main_of(answer):
    return re.search(r'<main.*</main>', answer.text, re.S)[0]


# ---- writing ----

def test_an_answer_written_here_is_a_mail_like_any_other(stack):
    parent, mid = posted(stack, 'Hall')
    stack.clear_sink()
    page, path = browser(stack, M[2]), f'/lists/test/message/{parent}/reply'
    mark, text = mark_of(page, path)
    assert 'value="Re: Hall"' in text and '&gt; Where is the hall?' in text and '&gt;&gt; 会場はどこですか' in text and 'secret address' not in text
    fields = {'subject': 'Re: Hall', 'text': '公民館です。\r\nSee the plan.\r\n> Where is the hall?', 'mark': mark, 'act': 'preview'}
    files = [('file', ('地図.pdf', b'%PDF-1.4\n\x00\xff', 'application/pdf')), ('file', ('b.txt', b'plain\n', 'text/plain'))]
    shown = page.submit(path, fields, files=files)
    assert shown.status_code == 200 and '地図.pdf' in shown.text and 'choose them again' in shown.text and f'value="{mark}"' in shown.text
    sent = [page.submit(path, {**fields, 'act': 'send'}, files=files) for _ in range(2)]
    assert {answer.status_code for answer in sent} == {303} and len({answer.headers['Location'] for answer in sent}) == 1
    stack.quiet()
    assert 'It is on the list.' in page.read(sent[0].headers['Location']).text
    assert browser(stack, M[1]).read(sent[0].headers['Location']).status_code == 404
    got = mails(stack)
    assert set(got) == set(M[1:])
    mail = got[M[1]]
    assert (mail['In-Reply-To'], mail['References']) == (f'<{mid}>', f'<{mid}>')
    assert mail['From'].addresses[0].display_name == '鈴木 一郎 via Test list' and mail['From'].addresses[0].addr_spec == address_of('test')
    assert mail.get_body().get_content().splitlines() == ['公民館です。', 'See the plan.', '> Where is the hall?']
    assert [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) for part in mail.iter_attachments()][:2] == [
        ('地図.pdf', 'application/pdf', b'%PDF-1.4\n\x00\xff'), ('b.txt', 'text/plain', b'plain\n')]
    row = stack.sql('SELECT p.subject, p.from_address, a.hash, m.submitted, m.changed_bytes FROM post p JOIN message m ON m.id = p.message_id'
                    ' JOIN post a ON a.id = p.parent_id ORDER BY p.id DESC LIMIT 1')[0]
    assert row == ('Re: Hall', M[2], parent, True, 0)
    # Guests see how to answer by mail, and no form.
    guest = browser(stack).read(path)
    assert 'mailto:test@' in guest.text and 'In-Reply-To=%3C' in guest.text and '<form' not in main_of(guest) and M[1] not in guest.text
    assert f'mailto:{M[1]}?In-Reply-To' in page.read(path).text


def test_who_is_not_a_member_knows_beforehand_and_joins_nothing(stack):
    stack.set('test', join_by_writing='join', subscription_policy='open', default_nonmember_action='hold')
    page = browser(stack, GUEST)
    mark, text = mark_of(page, '/lists/test/write')
    assert 'A moderator will look at it' in text and 'not a member' in text and '/lists/test/join' in text
    fields = {'subject': 'From outside', 'text': 'Hello.', 'mark': mark, 'act': 'send',
              'from': stack.one('SELECT id FROM address WHERE key = %s', M[1])}
    assert page.submit('/lists/test/write', {**fields, 'subject': ' '}).status_code == 422
    assert page.submit('/lists/test/write', {**fields, 'text': ' '}).status_code == 422
    sent = page.submit('/lists/test/write', fields)
    stack.quiet()
    assert 'It waits for a moderator.' in page.read(sent.headers['Location']).text
    assert '保留になっています' in browser(stack, GUEST, 'ja').read(sent.headers['Location']).text
    assert stack.sql('SELECT sender, state FROM message ORDER BY id DESC LIMIT 1') == [(GUEST, 'held')]
    assert stack.one('SELECT count(*) FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = %s', GUEST) == 0
    assert stack.one("SELECT count(*) FROM notice WHERE kind = 'held' AND recipient = %s", GUEST) == 1
    stack.set('test', default_nonmember_action='reject')
    assert 'would not take this mail' in page.read('/lists/test/write').text
    stack.sql('DELETE FROM rate')
    answers = [page.submit('/lists/test/write', {**fields, 'mark': f'm{n}'}).status_code for n in range(31)]
    assert answers == [303] * 30 + [429]
    stack.set('test', default_nonmember_action='hold', join_by_writing='no')
    # More than the list takes; a list that hides who may read it is not there.
    stack.set('test', max_message_size='20')
    big = browser(stack, M[2])
    answer = big.submit('/lists/test/write', {'subject': 'Big', 'text': 'x', 'mark': 'big', 'act': 'send'}, files=[('file', ('a.bin', b'x' * 30000))])
    assert answer.status_code == 422 and 'more than the list takes' in answer.text and '20 KB' in answer.text
    stack.set('test', max_message_size='1024')


# ---- what is new ----

def new_of(page, path='/lists/test/'):
    return [int(n) for n in re.findall(r'>(\d+) new(?: messages?)?</a>', page.read(path).text)]


def test_what_is_new_is_marked_by_buttons_alone(stack):
    posted(stack, 'Before')
    page = browser(stack, M[3])
    newest = re.search(r'name="upto" value="(\d+)"', page.read('/lists/test/').text)[1]
    assert page.submit('/lists/test/read', {'upto': newest}).headers['Location'] == '/lists/test/'
    assert new_of(page) == [] and new_of(page, '/lists/test/unread') == []
    one, mid = posted(stack, 'New one')
    two, _ = posted(stack, 'New two')
    answer, _ = posted(stack, 'Re: New one', extra=f'In-Reply-To: <{mid}>\r\n')
    posted(stack, 'My own', sender=M[3])
    for _ in range(2):      # looking changes nothing
        assert new_of(page) == new_of(page, '/lists/test/unread') == [3, 2, 1]
        thread = page.read(f'/lists/test/thread/{one}').text
        assert f'/lists/test/thread/{one}"' in thread and thread.count('>new</span>') == 2
    assert new_of(browser(stack)) == []
    upto = re.search(r'name="upto" value="(\d+)"', thread)[1]
    assert page.submit(f'/lists/test/thread/{answer}/mark', {'act': 'read', 'upto': upto}).headers['Location'] == f'/lists/test/thread/{one}'
    assert new_of(page) == [1, 1] and '>new</span>' not in page.read(f'/lists/test/thread/{one}').text
    later, _ = posted(stack, 'Re: Re: New one', extra=f'In-Reply-To: <{mid}>\r\n')
    assert f'/lists/test/thread/{later}">To the first new message' in page.read(f'/lists/test/thread/{one}').text
    seen = re.search(r'name="upto" value="(\d+)"', page.read('/lists/test/').text)[1]
    missed, _ = posted(stack, 'Came while reading')
    page.submit('/lists/test/read', {'upto': seen})
    assert new_of(page) == [1, 1] and stack.one('SELECT count(*) FROM read_thread') == 0
    assert missed in page.read('/lists/test/unread').text and two not in page.read('/lists/test/unread').text


# ---- muted ----

def test_a_muted_thread_is_not_delivered(stack):
    first, mid = posted(stack, 'Long talk')
    page = browser(stack, M[3])
    answer = f'In-Reply-To: <{mid}>\r\n'
    assert '>Mute</button>' in page.read(f'/lists/test/thread/{first}').text
    page.submit(f'/lists/test/thread/{first}/mark', {'act': 'mute'})
    stack.clear_sink()
    posted(stack, 'Re: Long talk', extra=answer)
    assert set(mails(stack)) == {M[1], M[2]}
    stack.clear_sink()
    before = new_of(page)[0]
    posted(stack, 'Another thread')
    posted(stack, 'Re: Re: Long talk', extra=answer)
    assert new_of(page)[0] == before + 1 and 'Long talk' not in page.read('/lists/test/unread').text
    assert set(mails(stack)) == set(M[1:]) and len(stack.copies()) == 5
    assert 'Long talk' in page.read('/me/muted').text and 'is muted' in page.read(f'/lists/test/thread/{first}').text
    assert 'Thread muted' in page.read('/me/history').text
    assert page.submit(f'/lists/test/thread/{first}/mark', {'act': 'unmute', 'back': 'muted'}).headers['Location'] == '/me/muted'
    stack.clear_sink()
    posted(stack, 'Re: Once more', extra=answer)
    assert set(mails(stack)) == set(M[1:]) and 'Long talk' not in page.read('/me/muted').text


def test_marks_stay_with_a_thread_that_is_joined_to_another(stack):
    stack.sql('DELETE FROM thread_mute')
    missing = 'late.parent@members.example.org'
    answer, _ = posted(stack, 'Answer first', extra=f'In-Reply-To: <{missing}>\r\n')
    page = browser(stack, M[3])
    for act in ('mute', 'keep'):
        page.submit(f'/lists/test/thread/{answer}/mark', {'act': act})
    stack.clear_sink()
    stack.post(message('The parent', mid=missing))
    stack.quiet()
    assert set(mails(stack)) == {M[1], M[2]}
    assert '2 messages' in page.read('/me/favourites').text and '>kept</span>' in page.read('/lists/test/').text
    page.submit(f'/lists/test/thread/{answer}/mark', {'act': 'unmute'})
    assert stack.one('SELECT count(*) FROM thread_mute') == 0


# ---- kept, votes, tags, categories ----

def test_what_readers_think_and_how_members_sort(stack):
    first, _ = posted(stack, 'Sorted thread')
    thread, owner = f'/lists/test/thread/{first}', 'owner@people.example.org'
    member, guest, plain = browser(stack, M[2]), browser(stack, GUEST), browser(stack)
    before = plain.read(thread).text
    for page, value in ((member, '1'), (guest, '1'), (browser(stack, M[3]), '-1'), (guest, '0'), (browser(stack, M[1]), '1')):
        assert page.submit(f'/lists/test/message/{first}/vote', {'value': value}).status_code == 303
    assert member.submit(f'/lists/test/message/{first}/vote', {'value': '7'}).status_code == 422
    member.submit(thread + '/mark', {'act': 'keep'})
    assert 'Sorted thread' in member.read('/lists/test/kept').text and 'Another thread' not in member.read('/lists/test/kept').text
    assert 'Sorted thread' in member.read('/me/favourites').text and '>kept</span>' in member.read('/lists/test/').text
    assert guest.submit(thread + '/tags', {'add': 'x'}).status_code == 403
    assert member.submit(thread + '/tags', {'add': ' #Ｈａｌｌ '}).status_code == 303
    assert member.submit(thread + '/tags', {'add': '練習 日程'}).status_code == 303
    assert member.submit(thread + '/tags', {'add': 'a,b'}).status_code == 422
    assert member.submit(thread + '/tags', {'remove': '練習 日程'}).status_code == 303
    # The owner's categories.
    stack.users[owner] = stack.one('INSERT INTO site_user (name, is_admin, created_at) VALUES (%s, true, %s) RETURNING id', 'Owner', now())
    stack.sql('INSERT INTO address (key, email, user_id, verified_at, created_at) VALUES (%s, %s, %s, %s, %s)', owner, owner, stack.users[owner], now(), now())
    admin = browser(stack, owner)
    for name in ('お知らせ', 'Questions'):
        assert admin.submit('/lists/test/categories', {'name': name}).status_code == 303
    assert admin.submit('/lists/test/categories', {'name': 'Questions'}).status_code == 422
    ids = [row[0] for row in stack.sql('SELECT id FROM category ORDER BY position')]
    admin.submit('/lists/test/categories', {'id': ids[1], 'act': 'raise'})
    assert [row[0] for row in stack.sql('SELECT name FROM category ORDER BY position')] == ['Questions', 'お知らせ']
    assert member.submit(thread + '/tags', {'category': ids[0]}).status_code == 303
    assert member.submit(thread + '/tags', {'category': 999999}).status_code == 422
    # All readers see the sums and the words, and nothing of the readers.
    text = plain.read(thread).text
    assert '2 for' in text and '1 against' in text and 'お知らせ' in text and '#<bdi>hall</bdi>' in text and '日程' not in main_of(plain.read(thread))
    assert '<form' not in main_of(plain.read(thread)) and '鈴木' not in text and 'kept' not in text and before != text
    assert plain.read(thread).headers['ETag'] and 'Set-Cookie' not in plain.read(thread).headers
    for path in ('/lists/test/tagged?tag=HALL', f'/lists/test/tagged?category={ids[0]}'):
        assert 'Sorted thread' in plain.read(path).text and 'Another thread' not in plain.read(path).text
    assert plain.read('/lists/test/tagged?tag=nothing').status_code == 404
    assert 'お知らせ' in plain.read('/lists/test/tagged').text
    admin.submit('/lists/test/categories', {'id': ids[0], 'act': 'remove'})
    assert 'お知らせ' not in plain.read(thread).text
    actions = [row[0] for row in stack.sql("SELECT action FROM audit WHERE action ~ '^(tag|category|thread_category|thread_m)' ORDER BY id DESC LIMIT 9")]
    assert set(actions) >= {'tag_add', 'tag_remove', 'category_add', 'category_move', 'category_remove', 'thread_category'}


def data_of(stack, page):
    """data.json, made anew."""
    stack.sql("DELETE FROM job WHERE kind = 'export'")
    page.submit('/me/data')
    stack.until(lambda: 'data.json' in page.read('/me/data').text, 20, 'the files')
    return page.read(re.search(r'/me/data/\d+/', page.read('/me/data').text)[0] + 'data.json').json()


def test_what_is_kept_of_a_person_is_theirs_and_goes_with_them(stack):
    page, user = browser(stack, M[2]), stack.users[M[2]]
    first = stack.one("SELECT hash FROM post WHERE subject = 'Sorted thread'")
    page.submit(f'/lists/test/thread/{first}/mark', {'act': 'mute'})
    page.submit('/lists/test/read', {'upto': stack.one('SELECT max(id) FROM post')})
    stack.sql("INSERT INTO thread_favourite SELECT %s, id, now() FROM post WHERE subject = 'Another thread'", user)
    stack.sql("UPDATE post SET archived = false WHERE subject = 'Another thread'")
    data = data_of(stack, page)
    for part, subjects in (('favourites', ['Sorted thread', '']), ('muted', ['Sorted thread']), ('votes', ['Sorted thread'])):
        assert [row['subject'] for row in data[part]] == subjects, part
    assert data['votes'][0]['is_for'] is True and [row['tag'] for row in data['tags']] == ['hall'] and len(data['read']) == 1
    # Of an archive that is closed to them by now the marks are told, without what stands in it.
    stack.set('test', archive_policy='private')
    assert [row['subject'] for row in data_of(stack, page)['votes']] == ['Sorted thread']
    stack.sql('UPDATE member SET left_at = now() WHERE address_id = (SELECT id FROM address WHERE key = %s)', M[2])
    stack.sql('INSERT INTO read_thread SELECT %s, thread_id, list_id, id FROM post WHERE hash = %s ON CONFLICT DO NOTHING', user, first)
    data = data_of(stack, page)
    for part in ('read_threads', 'favourites', 'muted', 'votes', 'tags'):
        assert data[part] and {row['subject'] for row in data[part]} == {''}, part
    stack.sql('UPDATE member SET left_at = NULL WHERE address_id = (SELECT id FROM address WHERE key = %s)', M[2])
    stack.set('test', archive_policy='public')
    stack.kairan.command('user', 'delete', M[2])
    for table in ('read_mark', 'read_thread', 'thread_favourite', 'thread_mute', 'post_vote', 'thread_tag', 'web_post'):
        assert stack.one(f'SELECT count(*) FROM {table} WHERE user_id = %s', user) == 0
    text = browser(stack).read(f'/lists/test/thread/{first}').text
    assert '1 for' in text and '#<bdi>hall</bdi>' in text
