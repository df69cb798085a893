"""Owners split, join and reattach on pages and by command, take it back, and what comes later keeps to it."""
import itertools
import json
import re

import conftest
import pytest

from rig.client import message
from rig.kairan import CommandFailed
from rig.site import Site, heading

LIST = 'test'
SECONDS = itertools.count()


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'dns', 'worker', 'web', 'nginx'))
    conftest.need(stack, 'kairan', 'kairan-web', 'kairan-worker')
    site = Site(stack)
    for args in (('a1',), ('b1', 'a1'), ('c1', 'a1 b1'), ('d1', 'a1'), ('e1', 'x1'), ('f1', 'y1 x1'), ('g1',)):
        send(site, *args)
    yield site
    conftest.finish(stack)


def send(site, name, references=''):
    """A post that answers others; its subject and Message-ID are its name."""
    before = site.stack.one('SELECT count(*) FROM post')
    extra = f'References: {" ".join(f"<{r}@t.example>" for r in references.split())}\r\n' if references else ''
    site.stack.post(message(name, mid=f'{name}@t.example', extra=extra).replace(b'12:00:00', b'12:00:%02d' % next(SECONDS)))
    site.stack.until(lambda: site.stack.one('SELECT count(*) FROM post') > before, what=f'the post {name}')


def asked(site, *words):
    return json.loads(site.stack.kairan.command('thread', *words, '--json'))


def tree(site, name):
    """The thread of a message: its lines, two blanks a level, as the command shows them."""
    rows = asked(site, 'show', LIST, f'<{name}@t.example>')['thread']
    return [('  ' * row['depth']) + (row['subject'] if row['is_here'] else '-') for row in rows]


def hash_of(site, name):
    return site.stack.one('SELECT hash FROM post WHERE rfc_message_id = %s', f'{name}@t.example')


def page(site, name):
    return f'/lists/{LIST}/thread/{hash_of(site, name)}/change'


def read_thread(site, name):
    """Subjects on the page that a message's address of a thread leads to, by their hashes."""
    browser = site.browser()
    answer = browser.read(f'/lists/{LIST}/thread/{hash_of(site, name)}')
    if answer.status_code in (302, 303, 307, 308):
        answer = browser.read(answer.headers['Location'].split('#')[0])
    return {row[0] for row in site.stack.sql('SELECT subject, hash FROM post') if f'id="{row[1]}"' in answer.text}


def undo_in(answer):
    return re.search(r'name="id" value="(\d+)"', answer.text)[1]


def test_a_thread_is_shown_with_what_is_not_here(site):
    assert tree(site, 'c1') == ['a1', '  b1', '    c1', '  d1']
    assert tree(site, 'f1') == ['-', '  e1', '  f1']
    shown = site.stack.kairan.command('thread', 'show', LIST, hash_of(site, 'e1'))
    assert re.search(r'^\(a message that is not here\)', shown, re.M) and re.search(r'^  #\d+ .*: e1$', shown, re.M)
    with pytest.raises(CommandFailed, match='There is no post'):
        site.stack.kairan.command('thread', 'show', LIST, 'nobody@t.example')
    page = site.browser().read(f'/lists/{LIST}/thread/{hash_of(site, "e1")}').text
    assert page.index('A message that is not here') < page.index(f'id="{hash_of(site, "e1")}"') and 'x1@t.example' not in page
    assert 'A message that is not here' not in site.browser().read(f'/lists/{LIST}/thread/{hash_of(site, "a1")}').text


def test_a_thread_stands_when_a_post_of_it_is_not_shown(site):
    """Hidden, it leaves a mark of its own; kept out of the archive, a line where something hangs on it."""
    thread = f'/lists/{LIST}/thread/{hash_of(site, "a1")}'
    site.stack.kairan.command('post', 'hide', LIST, hash_of(site, 'b1'))
    page = site.browser().read(thread).text
    assert page.index(hash_of(site, 'b1')) < page.index(f'id="{hash_of(site, "c1")}"') and 'A message that is not here' not in page
    assert tree(site, 'c1') == ['a1', '  b1', '    c1', '  d1']
    site.stack.kairan.command('post', 'unhide', LIST, hash_of(site, 'b1'))
    site.stack.sql("UPDATE post SET archived = false WHERE subject = 'b1'")
    page = site.browser().read(thread).text
    assert page.index('A message that is not here') < page.index(f'id="{hash_of(site, "c1")}"') and hash_of(site, 'b1') not in page
    site.stack.sql("UPDATE post SET archived = true WHERE subject = 'b1'")


def test_a_threads_head_tells_nothing_of_hidden_posts(site):
    """Neither when they came nor what was with them; of a thread with nothing else no time is told."""
    thread, guest, stack = f'/lists/{LIST}/thread/{hash_of(site, "a1")}', site.browser(), site.stack
    ask = lambda: guest.read(thread + '.json').json()['thread']
    keys = ('count', 'files', 'started_at', 'last_at')
    before = [ask()[key] for key in keys]
    kept = stack.sql("SELECT id, accepted_at, attachments FROM post WHERE subject IN ('a1', 'd1') ORDER BY id")
    for (post, _, _), month in zip(kept, (1, 12)):
        stack.sql('UPDATE post SET accepted_at = %s, attachments = 3 WHERE id = %s', f'20{month + 20}-01-01T00:00:00Z', post)
    open_head = [ask()[key] for key in keys]
    assert open_head[1] == before[1] + 6 and open_head[2].startswith('2021-') and open_head[3].startswith('2032-')
    for name in ('a1', 'd1'):
        stack.kairan.command('post', 'hide', LIST, hash_of(site, name))
    head = [ask()[key] for key in keys]
    assert head[:2] == [before[0] - 2, before[1]] and open_head[2] < head[2] <= head[3] < open_head[3]
    assert not re.search('20(21|32)', re.search(r'<div class="page-head">.*?</div>', guest.read(thread).text, re.S)[0])
    for name in ('b1', 'c1'):
        stack.kairan.command('post', 'hide', LIST, hash_of(site, name))
    nothing = ask()
    assert [nothing.get(key) for key in keys] == [0, 0, None, None]
    assert '<time' not in re.search(r'<div class="page-head">.*?</div>', guest.read(thread).text, re.S)[0]
    for name in ('a1', 'b1', 'c1', 'd1'):
        stack.kairan.command('post', 'unhide', LIST, hash_of(site, name))
    for post, at, files in kept:
        stack.sql('UPDATE post SET accepted_at = %s, attachments = %s WHERE id = %s', at, files, post)
    assert [ask()[key] for key in keys] == before


def test_an_owner_splits_on_a_page_and_takes_it_back(site):
    owner = site.browser('owner')
    assert f'/thread/{hash_of(site, "a1")}/change' in owner.read(f'/lists/{LIST}/thread/{hash_of(site, "a1")}').text
    assert '/change"' not in site.browser('moderator').read(f'/lists/{LIST}/thread/{hash_of(site, "a1")}').text
    answer = owner.submit(page(site, 'a1'), {'act': 'split', 'post': hash_of(site, 'b1')})
    assert answer.status_code == 200 and heading(answer) == 'Make it a thread of its own?'
    assert tree(site, 'a1') == ['a1', '  b1', '    c1', '  d1']
    answer = owner.submit(page(site, 'a1'), {'act': 'split', 'post': hash_of(site, 'b1'), 'sure': '1'})
    assert answer.status_code == 303 and hash_of(site, 'b1') in answer.headers['Location']
    assert tree(site, 'b1') == ['b1', '  c1'] and tree(site, 'a1') == ['a1', '  d1']
    assert read_thread(site, 'c1') == {'b1', 'c1'} and read_thread(site, 'd1') == {'a1', 'd1'}
    send(site, 'c2', 'a1 b1')
    assert tree(site, 'c2') == ['b1', '  c1', '  c2']
    done = owner.read(answer.headers['Location'])
    assert 'a thread of their own now' in done.text
    answer = owner.submit(page(site, 'b1'), {'act': 'undo', 'id': undo_in(done)})
    assert answer.status_code == 303 and 'taken back' in owner.read(answer.headers['Location']).text
    assert tree(site, 'a1') == ['a1', '  b1', '    c1', '    c2', '  d1']
    assert read_thread(site, 'b1') == {'a1', 'b1', 'c1', 'c2', 'd1'}
    assert owner.submit(page(site, 'b1'), {'act': 'undo', 'id': undo_in(done)}).status_code == 303


def test_what_makes_no_sense_is_said_at_its_field(site):
    owner = site.browser('owner')
    for name, fields, why in (
            ('a1', {'act': 'split', 'post': hash_of(site, 'a1')}, 'begins its thread already'),
            ('a1', {'act': 'split'}, 'Choose a message'),
            ('a1', {'act': 'nonsense', 'post': hash_of(site, 'b1')}, 'Choose a message'),
            ('a1', {'act': 'reattach', 'post': hash_of(site, 'b1'), 'under': hash_of(site, 'c1')}, 'or an answer to it'),
            ('a1', {'act': 'reattach', 'post': hash_of(site, 'b1'), 'under': 'a1@t.example'}, 'there already'),
            ('a1', {'act': 'reattach', 'post': hash_of(site, 'b1'), 'under': 'nobody'}, 'There is no such message'),
            ('a1', {'act': 'join', 'under': hash_of(site, 'c1')}, 'in the same thread already'),
            ('a1', {'act': 'join', 'under': ''}, 'There is no such message')):
        for sure in ({}, {'sure': '1'}):
            answer = owner.submit(page(site, name), {**fields, **sure})
            assert answer.status_code == 422 and why in answer.text, fields
    assert tree(site, 'a1') == ['a1', '  b1', '    c1', '    c2', '  d1']


def test_a_post_of_another_list_cannot_be_reached(site):
    stranger = site.posts['members']
    owner = site.browser('owner')
    answer = owner.submit(page(site, 'a1'), {'act': 'join', 'under': f'/lists/closed/message/{stranger}'})
    assert answer.status_code == 422 and 'There is no such message' in answer.text
    assert owner.read(f'/lists/{LIST}/thread/{stranger}/change').status_code == 404


def test_a_join_holds_what_comes_later(site):
    command = site.stack.kairan.command
    change = asked(site, 'join', LIST, '<f1@t.example>', f'http://any/lists/{LIST}/thread/{hash_of(site, "a1")}#{hash_of(site, "b1")}')['change']
    assert tree(site, 'e1') == ['a1', '  b1', '    c1', '    c2', '  d1', '  -', '    e1', '    f1']
    send(site, 'x1')
    assert tree(site, 'e1') == ['a1', '  b1', '    c1', '    c2', '  d1', '  x1', '    e1', '    f1']
    command('thread', 'undo', LIST, str(change))
    assert tree(site, 'e1') == ['x1', '  e1', '  f1'] and tree(site, 'a1') == ['a1', '  b1', '    c1', '    c2', '  d1']
    with pytest.raises(CommandFailed, match='no change'):
        command('thread', 'undo', LIST, str(change))


def test_a_message_is_moved_and_every_act_is_in_the_log(site):
    owner = site.browser('owner')
    fields = {'act': 'reattach', 'post': hash_of(site, 'g1'), 'under': f'#{site.stack.one("SELECT number FROM post WHERE subject = %s", "d1")}', 'sure': '1'}
    assert owner.submit(page(site, 'g1'), fields).status_code == 303
    assert tree(site, 'g1') == ['a1', '  b1', '    c1', '    c2', '  d1', '    g1']
    assert read_thread(site, 'g1') == {'a1', 'b1', 'c1', 'c2', 'd1', 'g1'}
    changes = asked(site, 'changes', LIST)['changes']
    assert [(row['act'], row['undone_at'] is not None) for row in changes] == [('reattach', False), ('join', True), ('split', True)]
    acts = [row[0] for row in site.stack.sql("SELECT action FROM audit WHERE action LIKE 'thread\\_%%' ORDER BY id")]
    assert acts == ['thread_split', 'thread_undo', 'thread_join', 'thread_undo', 'thread_reattach']
    before = site.stack.sql('SELECT id, thread_id, parent_id, missing FROM post ORDER BY id')
    site.stack.kairan.command('thread', 'rebuild', LIST)
    assert site.stack.sql('SELECT id, thread_id, parent_id, missing FROM post ORDER BY id') == before
    answer = site.browser('owner', 'ja').read(page(site, 'g1'))
    assert heading(answer) == '話題の変更' and '元に戻' not in answer.text


def test_what_is_not_shown_is_no_key_of_a_page(site):
    """Keys can be tried one by one: that of a post that is not archived is answered as one that never was."""
    stack, guest, digest = site.stack, site.browser(), hash_of(site, 'e1')
    post, thread, month, at = stack.sql("SELECT id, thread_id, to_char(month, 'YYYY/MM'), (extract(epoch FROM accepted_at) * 1000000)::bigint"
                                        ' FROM post WHERE hash = %s', digest)[0]
    pages = [f'/lists/{LIST}/{month}/{rest}' for rest in ('?after={0}', '?view=flat&after={0}', 'index.json?after={0}')]
    pages = [(page.format(post), page.format(10 ** 15)) for page in pages]
    pages += [(f'{page}?before={at}&id={thread}', f'{page}?before={at + 1}&id={thread}') for page in (f'/lists/{LIST}/', f'/lists/{LIST}/index.json')]
    ask = lambda: [[guest.read(page) for page in pair] for pair in pages]
    assert [[answer.status_code for answer in pair] for pair in ask()] == [[200, 404]] * len(pages)
    for change in ('archived = false', "archived = false, removed = 'hidden', removed_at = now()"):
        stack.sql(f'UPDATE post SET {change} WHERE id = %s', post)
        for one, other in ask():
            assert one.status_code == other.status_code == 404 and one.content == other.content, one.url
    stack.sql('UPDATE post SET archived = true, removed = NULL, removed_at = NULL WHERE id = %s', post)
    assert [[answer.status_code for answer in pair] for pair in ask()] == [[200, 404]] * len(pages)


LONG = 12000


@pytest.fixture(scope='module')
def long_thread(site):
    """A thread of twelve thousand: each fifth answers the beginning, the others the one before them."""
    list_id = site.list_id(LIST)
    first = site.stack.one('SELECT max(id) FROM post')
    # The key of each post is known beforehand, so that what it answers is said at once; without triggers, as that takes long.
    site.stack.sql("SET LOCAL session_replication_role = replica; WITH n AS (SELECT n, 'l' || n || '@t.example' AS mid, now() - interval '1 day' + n * interval '1 second' AS at,"
                   " CASE WHEN n > 1 THEN CASE WHEN n %% 5 = 0 THEN 1 ELSE n - 1 END END AS up FROM generate_series(1, %s) n), "
                   "m AS (INSERT INTO message (list_id, state, bytes, size, sha256, sender, recipient, kind, received_at) "
                   " SELECT %s, 'accepted', convert_to(E'Subject: l\\r\\n\\r\\nLine ' || n, 'UTF8'), 20, sha256(mid::bytea), mid, '', 'post', at FROM n RETURNING id, sender), "
                   "t AS (INSERT INTO thread (list_id, subject, posts, first_post_id, last_post_id, started_at, last_at) SELECT %s, 'Long', %s, 0, 0, now(), now() RETURNING id) "
                   "INSERT INTO post (id, list_id, number, message_id, thread_id, parent_id, rfc_message_id, hash, subject, from_name, from_address, written_at, accepted_at, month, archived, attachments, excerpt, answers) "
                   "OVERRIDING SYSTEM VALUE SELECT %s + n, %s, 100000 + n, m.id, t.id, %s + up, mid, 'LONG' || translate(lpad(n::text, 28, '0'), '0189', 'ABCD'), 'l' || n, 'Hana', 'hana@people.example.org', at, at, date_trunc('month', at)::date, true, 0, '', "
                   "CASE WHEN up IS NULL THEN '{}' ELSE ARRAY['l' || up || '@t.example'] END FROM n JOIN m ON m.sender = mid CROSS JOIN t ORDER BY n",
                   LONG, list_id, list_id, LONG, first, list_id, first)
    site.stack.sql("SELECT setval(pg_get_serial_sequence('post', 'id'), %s)", first + LONG)
    site.stack.sql("UPDATE list SET last_number = 200000 WHERE id = %s", list_id)
    return f'/lists/{LIST}/thread/{hash_of(site, "l1")}'


def shown(text):
    return re.findall(r'id="(LONG[A-Z0-9]+)"', text)


def test_a_very_long_thread_is_read_page_by_page(site, long_thread):
    browser = site.browser()
    first = browser.read(long_thread).text
    assert len(first) < 200000 and f'{LONG} messages' in first and f'1–50 / {LONG}' in first and 'As a tree' not in first
    assert shown(first) == [hash_of(site, f'l{n}') for n in range(1, 51)]
    turn = re.search(r'href="(\?after=\d+)">More messages', first)[1]
    second = browser.read(long_thread + turn).text
    assert f'51–100 / {LONG}' in second and shown(second)[0] == hash_of(site, 'l51') and f'href="{long_thread}">Messages before these' in second
    last = browser.read(long_thread + re.search(r'href="(\?after=\d+)">The last messages', first)[1]).text
    assert shown(last)[-1] == hash_of(site, f'l{LONG}') and 'More messages' not in last and 'Messages before these' in last
    # Any message's address leads to a page that begins with it.
    answer = browser.read(f'/lists/{LIST}/thread/{hash_of(site, "l11000")}')
    assert answer.status_code == 303 and shown(browser.read(answer.headers['Location'].split('#')[0]).text)[0] == hash_of(site, 'l11000')
    rows = browser.read(long_thread + '.json' + turn).json()
    assert [row['hash'] for row in rows['thread']['posts']] == shown(second)
    assert browser.read(long_thread + f'?after={site.stack.one("SELECT max(id) + 1 FROM post")}').status_code == 404
    # What is kept out of the archive takes no place, and is no key.
    kept_out = site.stack.one("UPDATE post SET archived = false WHERE subject = 'l51' RETURNING id")
    again = browser.read(long_thread + turn).text
    assert shown(again)[0] == hash_of(site, 'l52') and len(shown(again)) == 50 and f'51–100 / {LONG - 1}' in again
    assert browser.read(long_thread + f'?after={kept_out}').status_code == 404
    site.stack.sql("UPDATE post SET archived = true WHERE subject = 'l51'")


def test_a_very_long_thread_is_split_and_grows(site, long_thread):
    owner, command = site.browser('owner'), site.stack.kairan.command
    text = owner.read(f'/lists/{LIST}/thread/{hash_of(site, "l11000")}/change').text
    assert len(text) < 600000 and f'value="{hash_of(site, "l11000")}" checked' in text
    assert len(asked(site, 'show', LIST, '<l1@t.example>')['thread']) == LONG
    change = asked(site, 'split', LIST, '<l11000@t.example>')['change']
    assert tree(site, 'l11000') == ['l11000', '  l11001', '    l11002', '      l11003', '        l11004']
    assert f'{LONG - 5} messages' in site.browser().read(long_thread).text
    command('thread', 'undo', LIST, str(change))
    assert site.stack.one('SELECT posts FROM thread t JOIN post p ON p.thread_id = t.id WHERE p.rfc_message_id = %s', 'l7@t.example') == LONG
    # One that comes late takes the answers that wait for it.
    send(site, 'l12002', 'l12000 l12001')
    send(site, 'l12001', 'l12000')
    assert asked(site, 'show', LIST, '<l12001@t.example>')['posts'] == LONG + 2
    assert site.stack.sql("SELECT p.rfc_message_id FROM post p JOIN post c ON c.parent_id = p.id WHERE c.rfc_message_id = 'l12002@t.example'") == [('l12001@t.example',)]
