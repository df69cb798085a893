"""Archives from elsewhere: imported, exported, imported again; broken off and repeated; private until the end."""
import gzip
import hashlib
import json
import mailbox
import os
import re
import signal
import subprocess
import time

import conftest
import psycopg2
import pytest

from rig.client import address_of
from rig.corpus import normal
from rig.kairan import CommandFailed
from rig.site import Site

BOXES = ('threading/notmuch/default.mbox', 'threading/jwz/references.mbox', 'threading/mail-thread/testbox-4.mbox',
         'threading/mail-thread/testbox-5.mbox', 'threading/mail-thread/testbox-8.mbox', 'threading/imaptest/thread.mbox',
         'mime/imaptest/search-date.mbox', 'mime/imaptest/search-addresses.mbox', 'mime/mimekit/mbox/content-length.mbox.txt',
         'mime/mailarch/private.mbox', 'mime/mailarch/windows1252.mbox', 'mime/hyperkitty/pipermail_nextpart.txt')
COUNT = 1100    # three batches


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'web', 'nginx'))
    conftest.need(stack, 'kairan', 'kairan-web')
    site = Site(stack)
    before = stack.breaches()   # of posts that it put in by hand
    yield site
    assert stack.breaches() == before
    conftest.finish(stack)


def take(site, name, *words):
    """Imports into a list, which is made where there is none; what the command says."""
    if not site.stack.sql('SELECT id FROM list WHERE name = %s', name):
        site.stack.new_list(name, 0)
    return json.loads(site.stack.kairan.command('import', address_of(name), *words, '--json'))


def rows(site, name):
    """What an import may not change when it is repeated."""
    return site.stack.sql('SELECT p.id, p.number, p.hash, p.thread_id, p.parent_id, p.rfc_message_id, p.accepted_at, encode(m.sha256, %s)'
                          ' FROM post p JOIN message m ON m.id = p.message_id JOIN list l ON l.id = p.list_id WHERE l.name = %s'
                          ' ORDER BY p.number', 'hex', name)


def hashes(site, name):
    return [row[-1] for row in rows(site, name)]


def digests(messages):
    return list(dict.fromkeys(hashlib.sha256(normal(data)).hexdigest() for data in messages))


def box(path):
    """The messages of an mbox as Python reads it: what is quoted stays so."""
    opened = mailbox.mbox(path, create=False)
    return [opened.get_bytes(key) for key in opened.iterkeys()]


def unquoted(data):
    return re.sub(rb'^>(>*From )', rb'\1', data, flags=re.MULTILINE)


@pytest.mark.parametrize('path', BOXES)
def test_box_of_somebody(site, corpora, tmp_path, path):
    """In, out, in again, out again: the same bytes, message for message; twice is once."""
    name, source = 'box-' + re.sub(r'\W+', '-', path.lower()).strip('-')[-40:].strip('-'), os.path.join(corpora, path)
    expected = [unquoted(data) for data in box(source)]
    told = take(site, name, source)
    assert (told['read'], told['added'], told['left_out']) == (len(expected), len(digests(expected)), 0), told
    assert hashes(site, name) == digests(expected)
    first, again = str(tmp_path / 'first.mbox'), str(tmp_path / 'again.mbox')
    site.stack.kairan.command('export', address_of(name), first)
    assert digests(unquoted(data) for data in box(first)) == digests(expected)
    before = rows(site, name)
    told = take(site, name, source, first)
    assert (told['added'], told['known']) == (0, len(expected) + len(before)) and rows(site, name) == before
    told = take(site, name + '-2', first)
    assert (told['added'], told['known']) == (len(before), 0)
    assert [(row[1:3], row[5:]) for row in rows(site, name + '-2')] == [(row[1:3], row[5:]) for row in before]
    site.stack.kairan.command('export', address_of(name + '-2'), again)
    with open(first, 'rb') as one, open(again, 'rb') as other:
        assert one.read() == other.read()


def letter(number, **fields):
    """A message that answers the one before it; every hundredth begins a thread."""
    fields = {'From': f'Writer {number % 7} <w{number % 7}@example.org>', 'Subject': f'Letter {number}', 'Message-ID': f'<l{number}@example.org>',
              'Date': f'Mon, 1 Jan 2024 {number // 3600:02}:{number // 60 % 60:02}:{number % 60:02} +0000', **fields}
    if number % 100:
        fields['In-Reply-To'] = f'<l{number - 1}@example.org>'
    return ''.join(f'{key}: {value}\n' for key, value in fields.items() if value).encode() + b'\nHello.\nFrom here on it is text.\n'


def put_box(path, messages, opened=open):
    with opened(path, 'wb') as file:
        for data in messages:
            file.write(b'From w@example.org Mon Jan  1 12:00:00 2024\n' + re.sub(rb'^(>*From )', rb'>\1', data, flags=re.MULTILINE) + b'\n')


def test_every_form(site, tmp_path):
    """The same letters from an mbox, gzipped, from a Maildir, MH, a folder of files and of mboxes."""
    letters = [letter(number) for number in range(12)]
    for folder in ('maildir/new', 'maildir/cur', 'maildir/tmp', 'mh', 'eml', 'months'):
        os.makedirs(tmp_path / folder)
    for number, data in enumerate(letters):
        (tmp_path / 'maildir' / ('new' if number % 2 else 'cur') / f'17000000{number:02}.M1.host{":2,S" if number % 2 == 0 else ""}').write_bytes(data)
        (tmp_path / 'mh' / str(number + 1)).write_bytes(data)
        (tmp_path / 'eml' / f'{number + 1}.eml').write_bytes(data.replace(b'\n', b'\r\n'))
    (tmp_path / 'maildir/tmp/17000000.half').write_bytes(b'half')
    (tmp_path / 'mh/.mh_sequences').write_bytes(b'unseen: 1\n')
    put_box(tmp_path / 'plain.mbox', letters)
    put_box(tmp_path / 'packed.mbox.gz', letters, gzip.open)
    put_box(tmp_path / 'months/2024-January.txt.gz', letters[:6], gzip.open)
    put_box(tmp_path / 'months/2024-April.txt', letters[6:])
    for number, path in enumerate(('plain.mbox', 'packed.mbox.gz', 'maildir', 'mh', 'eml', 'months')):
        told = take(site, f'form{number}', str(tmp_path / path))
        assert (told['read'], told['left_out'], hashes(site, f'form{number}')) == (12, 0, digests(letters)), path
    for form in ('maildir', 'eml'):
        out = str(tmp_path / ('out-' + form))
        site.stack.kairan.command('export', address_of('form0'), out, '--format', form)
        assert take(site, 'form-' + form, out)['added'] == 12
        assert hashes(site, 'form-' + form) == digests(letters)
    printed = site.stack.kairan.command('export', address_of('form0'), '-', '--from', '2024-01-01', '--to', '2024-01-01')
    assert printed.count('\nMessage-ID: ') == 12 and site.stack.kairan.command('export', address_of('form0'), '-', '--from', '2024-01-02') == ''


def test_report(site, tmp_path):
    """What is mended or left out is said with file and offset; the same id with other bytes is another post."""
    path = str(tmp_path / 'odd.mbox')
    with open(path, 'wb') as file:
        file.write(b'From w@example.org Mon Jan  1 12:00:00 2024\nFrom: a@example.org\nMessage-ID: <one@x>\n\nText\n\nFrom here on text\n\n'
                   b'From w@example.org Mon Jan  1 12:00:00 2099\nFrom: a@example.org\nDate: Tue, 2 Jan 2024 10:00:00 +0000\n\nNo id\n\n'
                   b'From hana at example.jp  Wed Jan  3 12:00:00 2024\nFrom: hana at example.jp (=?utf-8?q?Hana?=)\nMessage-ID: <one@x>\n\nOther\n\n')
    (tmp_path / 'noise.txt').write_bytes(b'This is no mail at all.\n')
    (tmp_path / 'cut.mbox.gz').write_bytes(gzip.compress(b'From w@example.org Mon Jan  1 12:00:00 2024\n' + letter(1))[:-12])
    sources = [path, str(tmp_path / 'noise.txt'), str(tmp_path / 'cut.mbox.gz')]
    assert take(site, 'odd', *sources, '--dry-run')['added'] == 3 and rows(site, 'odd') == []
    told = take(site, 'odd', *sources)
    assert (told['read'], told['added'], told['same_id_other_bytes'], told['left_out']) == (3, 3, 1, 2), told
    report = [(os.path.basename(row['file']), row['offset'] if row['file'] == path else 0, row['left_out'], row['what']) for row in told['report']]
    with open(path, 'rb') as file:
        second, third = [match.start() for match in re.finditer(rb'^From .*20', file.read(), re.MULTILINE)][1:]
    for name, offset, left_out, words in (('odd.mbox', 0, False, 'not quoted'), ('odd.mbox', second, False, '2099'),
                                          ('odd.mbox', second, False, 'no Message-ID'), ('odd.mbox', third, False, 'hana@example.jp'),
                                          ('noise.txt', 0, True, 'neither'), ('cut.mbox.gz', 0, True, 'too early')):
        assert [row for row in report if row[:3] == (name, offset, left_out) and words in row[3]], (name, words, report)
    posts = site.stack.sql("SELECT hash, from_name, from_address, to_char(accepted_at, 'YYYY-MM-DD'), recipients FROM post p JOIN list l"
                           " ON l.id = p.list_id WHERE l.name = 'odd' ORDER BY number")
    assert posts[2][0] == posts[0][0] + '-2' and posts[2][1:3] == ('Hana', 'hana@example.jp') and posts[1][3] == '2024-01-02'
    assert take(site, 'odd', *sources)['added'] == 0
    for words in (('nowhere@lists.example.jp', path), (address_of('odd'), '/nowhere'), (address_of('odd'),),
                  (address_of('odd'), path, '--format', 'zip'), (address_of('odd'), path, '--since', 'soon')):
        with pytest.raises(CommandFailed):
            site.stack.kairan.command('import', *words)


def test_links_to_the_archive_before(site, tmp_path):
    """Pipermail's pages name their messages; so does a text of paths and ids. What is not here is said."""
    put_box(tmp_path / 'club.mbox', [letter(number) for number in range(3)])
    os.makedirs(tmp_path / 'club/2024-January')
    for number, identity in enumerate(('l0', 'l1', 'nobody')):
        (tmp_path / f'club/2024-January/00000{number}.html').write_text(
            f'<HTML><BODY><A HREF="mailto:club%40example.org?Subject=Re%3A%20x&In-Reply-To=%3C{identity}%40example.org%3E" TITLE="x">W</A>')
    (tmp_path / 'club/2024-January/000009.html').write_text('<HTML>no link</HTML>')
    (tmp_path / 'club/2024-January/thread.html').write_text('<HTML>an index</HTML>')
    told = take(site, 'old', str(tmp_path / 'club.mbox'), '--old-addresses', str(tmp_path / 'club'))
    assert (told['added'], told['old_addresses_read'], told['old_addresses_noted'], told['old_addresses_left_out']) == (3, 4, 2, 2), told
    (tmp_path / 'paths').write_text('# ours\n2024-January/000001.html <l2@example.org>\nmsg/17.html\tl2@example.org\n\n')
    assert take(site, 'old', '--old-addresses', str(tmp_path / 'paths'))['old_addresses_noted'] == 2
    known = dict(site.stack.sql("SELECT o.path, p.number FROM old_address o JOIN post p ON p.id = o.post_id JOIN list l ON l.id = p.list_id"
                                " WHERE l.name = 'old'"))
    assert known == {'2024-January/000000.html': 1, '2024-January/000001.html': 2, 'msg/17.html': 3}
    answer = site.browser().read('/pipermail/old/2024-January/000001.html')
    assert answer.status_code in (301, 302, 307, 308) and '/lists/old/' in answer.headers['Location']


def test_what_was_taken_out_stays_out(site, tmp_path):
    """A post that owners changed or deleted does not come back with the file that it was imported from."""
    put_box(tmp_path / 'club.mbox', [letter(number) for number in range(3)])
    take(site, 'redacted', str(tmp_path / 'club.mbox'))
    site.stack.sql("UPDATE message m SET bytes = 'x', size = 1, sha256 = sha256('x') FROM post p JOIN list l ON l.id = p.list_id"
                   " WHERE p.message_id = m.id AND l.name = 'redacted' AND p.number < 3")
    site.stack.sql("UPDATE message m SET bytes = 'y', sha256 = sha256('y') FROM post p JOIN list l ON l.id = p.list_id"
                   " WHERE p.message_id = m.id AND l.name = 'redacted' AND p.number = 2")
    site.stack.sql("UPDATE post p SET rfc_message_id = 'other@example.org', archived = false FROM list l"
                   " WHERE l.id = p.list_id AND l.name = 'redacted' AND p.number = 1")
    before = rows(site, 'redacted')
    told = take(site, 'redacted', str(tmp_path / 'club.mbox'))
    assert (told['added'], told['known']) == (0, 3) and rows(site, 'redacted') == before


def test_guests_pages_are_told_at_the_end(site, tmp_path):
    """What was kept of an archive's pages counts no more once an import has ended; each post by itself notes nothing."""
    put_box(tmp_path / 'club.mbox', [letter(number) for number in range(30)])
    site.stack.new_list('quiet', 0)
    seen = site.browser().read('/lists/quiet/')
    take(site, 'quiet', str(tmp_path / 'club.mbox'), '--index')
    assert site.stack.one("SELECT count(*) FROM post_view v JOIN post p ON p.id = v.post_id JOIN list l ON l.id = p.list_id WHERE l.name = 'quiet'") == 30
    assert site.stack.sql("SELECT DISTINCT kind FROM archive_change c JOIN list l ON l.id = c.scope_id WHERE scope = 'list'"
                          " AND l.name = 'quiet' AND kind IN ('new', 'less')") == []
    again = site.browser().read('/lists/quiet/', headers={key: value for key, value in (
        ('If-None-Match', seen.headers.get('ETag')), ('If-Modified-Since', seen.headers.get('Last-Modified'))) if value})
    assert again.status_code == 200 and 'Letter 0' in again.text


def test_imported_posts_are_looked_at_after_new_ones(site, tmp_path):
    put_box(tmp_path / 'club.mbox', [letter(number) for number in range(3)])
    take(site, 'behind', str(tmp_path / 'club.mbox'))
    assert site.stack.sql("SELECT s.since::text FROM post_stale s JOIN post p ON p.id = s.post_id JOIN list l ON l.id = p.list_id"
                          " WHERE l.name = 'behind'") == [('infinity',)] * 3


def test_posts_that_nobody_waits_for_are_left_to_the_import_at_work(site, tmp_path):
    put_box(tmp_path / 'club.mbox', [letter(number) for number in range(3)])
    take(site, 'left', str(tmp_path / 'club.mbox'))
    views = ("SELECT count(*) FROM post_view v JOIN post p ON p.id = v.post_id JOIN list l ON l.id = p.list_id WHERE l.name = 'left'")
    bulk = psycopg2.connect(site.stack.postgres.dsn())
    try:
        bulk.cursor().execute('SELECT pg_advisory_lock(4715, 0)')
        other = subprocess.Popen([site.stack.kairan.program('kairan'), '-c', site.stack.kairan.config, 'reindex', address_of('left')],
                                 stdout=subprocess.DEVNULL)
        time.sleep(0.5)
        assert other.poll() is None and site.stack.one(views) == 0
    finally:
        bulk.close()
    assert other.wait(30) == 0 and site.stack.one(views) == 3


def may_read(site, name):
    return 'threads' in site.browser().read(f'/lists/{name}/').text


@pytest.mark.parametrize('point', ['import.written:2', 'import.committed:2'])
def test_killed_and_repeated(site, tmp_path, point):
    """Killed in the middle: nobody but members reads it. Repeated: every letter is there once, in its order, and all may read."""
    name, path = 'broken-' + re.sub(r'\W', '-', point), str(tmp_path / 'long.mbox')
    put_box(path, [letter(number) for number in range(COUNT)])
    site.stack.new_list(name, 0)
    done = subprocess.run([site.stack.kairan.program('kairan'), '-c', site.stack.kairan.config, 'import', address_of(name), path],
                          env=dict(os.environ, KAIRAN_KILL=point, KAIRAN_KILL_DIR=str(tmp_path)), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode == 0:
        pytest.skip('the build has no kill points')
    assert done.returncode == 137 and len(rows(site, name)) == (500 if 'written' in point else 1000)
    assert not may_read(site, name)
    told = take(site, name, path)
    assert told['added'] + told['known'] == COUNT and told['known'] == (500 if 'written' in point else 1000)
    assert [row[1] for row in rows(site, name)] == list(range(1, COUNT + 1))
    assert hashes(site, name) == digests(letter(number) for number in range(COUNT))
    assert site.stack.one('SELECT count(DISTINCT thread_id) FROM post p JOIN list l ON l.id = p.list_id WHERE l.name = %s', name) == COUNT // 100
    assert may_read(site, name)


def test_stopped_by_hand(site, tmp_path):
    """Ctrl-C: what was read is kept, the archive stays closed, the owner is told so; --finish opens it."""
    put_box(tmp_path / 'some.mbox', [letter(number) for number in range(3)])
    site.stack.new_list('stopped', 0)
    site.stack.kairan.command('member', 'add', address_of('stopped'), 'owner@people.example.org', '--role', 'owner')
    work = subprocess.Popen([site.stack.kairan.program('kairan'), '-c', site.stack.kairan.config, 'import', address_of('stopped'), '-'],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    site.stack.until(lambda: site.stack.one('SELECT count(*) FROM import_run r JOIN list l ON l.id = r.list_id WHERE l.name = %s', 'stopped'))
    with pytest.raises(CommandFailed, match='under way'):
        site.stack.kairan.command('import', address_of('stopped'), str(tmp_path / 'some.mbox'))
    with pytest.raises(CommandFailed, match='under way'):
        site.stack.kairan.command('import', address_of('stopped'), '--finish')
    work.send_signal(signal.SIGINT)
    _, words = work.communicate((tmp_path / 'some.mbox').read_bytes())
    assert work.returncode == 75 and b'again' in words
    assert not may_read(site, 'stopped')
    site.stack.kairan.command('list', 'set', address_of('stopped'), 'description=A change of a setting opens nothing')
    assert not may_read(site, 'stopped')
    assert 'Import under way' in site.browser('owner').read('/lists/stopped/').text
    take(site, 'stopped', str(tmp_path / 'some.mbox'), '--since', '2024-01-01')
    assert may_read(site, 'stopped') and len(rows(site, 'stopped')) == 3
    assert 'Import under way' not in site.browser('owner').read('/lists/stopped/').text
    site.stack.sql("INSERT INTO import_run (list_id, started_by, started_at) SELECT id, 'story', now() FROM list WHERE name = 'stopped'")
    site.stack.kairan.command('import', address_of('stopped'), '--finish')
    assert site.stack.one("SELECT count(*) FROM import_run WHERE ended_at IS NULL") == 0
