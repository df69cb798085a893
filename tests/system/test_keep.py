"""What is kept for bad days: a backup comes back row for row, byte for byte, and sends nothing twice by itself."""
import contextlib
import email
import email.header
import gzip
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import threading
import time
import urllib.error
import urllib.request

import psycopg2
import pytest

from conftest import kept_when_failing, need, start
from rig import kairan, postgres
from rig.client import message
from rig.kairan import CommandFailed
from rig.process import answers_unix, free_port, identity, run
from rig.stack import SOURCE
from test_crash import SETTINGS, as_mta, received

WAITING = 'm3@members.example.org'      # a mailbox that takes nothing yet
PATIENT = dict(SETTINGS, **{'smtp.retry_first_s': 3600, 'smtp.retry_most_s': 3600})
UNFINISHED = ('incoming', 'chunk', 'notice')


@pytest.fixture(scope='module')
def live():
    """A machine at work: no Postfix, because the story itself is the MTA."""
    for stack in kept_when_failing(start(members=4, postfix=False, direct=True, settings=PATIENT), 'kairan', 'kairan-worker'):
        stack.personality('members', 'accept')
        stack.recipient(WAITING, 'rcpt:450')
        yield stack


@pytest.fixture
def other(own):
    """Another machine, with PostgreSQL and a schema as setting it up leaves it, and nothing else."""
    return own(members=0, postfix=False, direct=True, settings=dict(PATIENT, **{'dns.timeout_ms': 200}), only=['postgres'])


@pytest.fixture(scope='module')
def posted(live):
    """What was posted and taken: Message-ID -> bytes. Two are held, all wait for one mailbox."""
    taken = {}
    for number in range(3):
        post(live, taken, f'before {number}')
    post(live, taken, 'held', sender='stranger@elsewhere.example')
    post(live, taken, 'decided', sender='guest@elsewhere.example')
    post(live, taken, '練習会場の変更', list_='renraku', body='来週は市民会館です。\r\n')
    live.until(lambda: live.one("SELECT count(*) FROM message WHERE state = 'received'") == 0, what='a decision about each')
    live.until(lambda: live.one("SELECT count(*) FROM chunk WHERE owner IS NULL AND turn IS NULL") >= 4, what='copies that wait')
    live.until(lambda: live.one('SELECT count(*) FROM post_stale') == 0, what='what search finds')
    return taken


def post(stack, taken, subject, sender='m1@members.example.org', list_='test', body='Hello.\r\n'):
    data = received(message(subject, sender=sender, to=f'{list_}@lists.example.jp', body=body))
    as_mta(stack, data, list_)
    taken[re.search(rb'Message-ID: <(.*?)>', data)[1].decode()] = data


def backup(stack, folder):
    """A new backup; its folder."""
    printed = stack.kairan.command('backup', folder)
    return re.search(r'^backup: (.*)$', printed, re.M)[1]


@pytest.fixture(scope='module')
def taken(live, posted):
    """A backup of which stories take copies to damage."""
    return backup(live, live.path('backups'))


def manifest(folder):
    with open(os.path.join(folder, 'manifest'), encoding='utf-8') as file:
        return [line.rstrip('\n').split('\t') for line in file]


def sums(stack):
    """table -> (rows, sum), computed without our programs."""
    found = {}
    for table, in stack.sql("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"):
        stack.sql("SET timezone = 'UTC'")
        rows = [row for row, in stack.sql(f'SELECT whole::text FROM {table} AS whole')]
        found[table] = (len(rows), sum(int.from_bytes(hashlib.sha256(row.encode()).digest()[:8], 'big', signed=True) for row in rows))
    return found


def files(folder):
    """path -> (mode, bytes) of all files below."""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with open(path, 'rb') as file:
                found[os.path.relpath(path, folder)] = (stat.S_IMODE(os.stat(path).st_mode), file.read())
    return found


@contextlib.contextmanager
def on_its_way(stack):
    """A post that was accepted just now, and people who are being invited; of neither anything goes out meanwhile."""
    stack.sql("UPDATE held SET accept_at = now() + interval '1 day', accepted_at = now(), accepted_by = 'owner' WHERE subject = 'decided'")
    run_id = stack.one("INSERT INTO invitation_run (list_id, user_id, asked_by, asked_at, next_at, total) SELECT l.id, u.id, 'owner', now(),"
                       " now() + interval '1 day', 1 FROM list l, site_user u WHERE l.name = 'test' ORDER BY u.id LIMIT 1 RETURNING id")
    stack.sql("INSERT INTO invitation (run_id, place, email, name) VALUES (%s, 1, 'invited@members.example.org', '')", run_id)
    try:
        yield
    finally:
        stack.sql('DELETE FROM invitation_run WHERE id = %s', run_id)
        stack.sql("UPDATE held SET accept_at = NULL, accepted_at = NULL, accepted_by = NULL WHERE subject = 'decided'")


def test_restored_it_sends_nothing_until_told(live, posted, other):
    """What waited for the backup may have gone out since."""
    with on_its_way(live):
        folder = backup(live, live.path('way'))
    printed = other.kairan.command('restore', folder, '--json')
    assert 'queue release' in printed and json.loads(printed)['put_off']['messages'] == json.loads(printed)['put_off']['invitations'] == 1
    assert other.one("SELECT count(*) FROM incoming WHERE due_at >= '9999-01-01'") == 1
    assert other.one("SELECT count(*) FROM invitation_run WHERE next_at >= '9999-01-01'") == 1
    waiting = live.one('SELECT sum(cardinality(members)) FROM chunk')
    assert other.one('SELECT sum(cardinality(members)) FROM chunk') == waiting >= 4
    other.start_dns()
    other.personality('members', 'accept')
    other.start_mx()
    other.start_worker()
    new = {}
    post(other, new, 'after the restore')
    other.until(lambda: other.one("SELECT count(*) FROM chunk WHERE due_at < '9000-01-01'") == 0 and len(other.copies()) >= 4)
    assert {re.search(rb'Subject: (.*)\r', row['message'])[1] for row in other.copies()} == {b'after the restore'}
    assert mended(other) == 0 and json.loads(other.kairan.command('queue', '--json'))['invitations'] == 1
    other.kairan.command('queue', 'release')
    other.until(lambda: other.one('SELECT count(*) FROM invitation') == 0)
    other.quiet()
    assert len(other.copies()) == 4 + waiting + 4 + 1
    assert len([row for row in other.copies() if b'Subject: decided\r' in row['message']]) == 4
    assert [row['rcpts'] for row in other.copies() if 'invited@members.example.org' in row['rcpts']] == [['invited@members.example.org']]
    assert other.breaches() == []
    other.kairan.command('held', 'accept', 'test@lists.example.jp', '--match', 'held', '--now')
    other.quiet()
    assert len(other.copies()) == 13 + waiting


def test_a_restore_that_is_broken_off_sends_nothing(live, taken, other, tmp_path):
    """Until all is compared and put off it is no database that Kairan works with, whoever starts what; before, nothing of anybody's goes."""
    other.kairan.command('ban', 'add', 'spam@elsewhere.example')
    with pytest.raises(CommandFailed, match='database kairan is not empty: there are rows in audit, ban.\n'):
        other.kairan.command('restore', taken)
    other.sql('DELETE FROM ban')
    other.sql('DELETE FROM audit')
    with contextlib.closing(psycopg2.connect(other.postgres.dsn('kairan_worker'), application_name='kairan-worker: send')):
        with pytest.raises(CommandFailed, match='in use: kairan-worker: send.\nNothing was done. Stop kairan-worker'):
            other.kairan.command('restore', taken)
    folder = str(tmp_path / 'backup')
    shutil.copytree(taken, folder)
    resealed(folder, lambda text: re.sub(r'(?m)^(table\tpost\t.*\t)\S+$', r'\g<1>1', text))
    with pytest.raises(CommandFailed, match='(?s)table post is not as it was.*not yet one that Kairan works with.*"dropdb kairan"'):
        other.kairan.command('restore', folder)
    assert other.one("SELECT count(*) FROM chunk WHERE due_at < '9000-01-01'") > 0
    words = 'did not come to its end'
    worker = subprocess.run([other.kairan.program('kairan-worker'), '-c', other.config], capture_output=True, text=True, timeout=30, check=False)
    assert worker.returncode != 0 and words in worker.stderr
    for command in (('restore', taken), ('db', 'migrate'), ('db', 'migrate', '--dry-run'), ('db', 'status'), ('backup', str(tmp_path)), ('queue', 'release')):
        with pytest.raises(CommandFailed) as failed:
            other.kairan.command(*command)
        assert words in failed.value.output, command
    assert words in judged(other)


def test_posted_during_the_backup_whole_or_not_at_all(live, posted, other):
    stop, during = threading.Event(), {}

    def go_on():
        while not stop.is_set():
            post(live, during, f'during {len(during)}')
            stop.wait(0.05)
    poster = threading.Thread(target=go_on)
    poster.start()
    try:
        live.until(lambda: len(during) >= 2)
        folder = backup(live, live.path('busy'))
        known = len(during)
        live.until(lambda: len(during) >= known + 2)
    finally:
        stop.set()
        poster.join()
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700 and {mode for mode, _ in files(folder).values()} == {0o600}
    assert 'troubles' not in other.kairan.command('backup', 'verify', folder)

    live_keys = files(live.keys_dir())
    other.kairan.command('restore', folder)
    # every table, but for what waits now until somebody lets it go
    kept, found = {row[1]: (int(row[2]), int(row[4])) for row in manifest(folder) if row[0] == 'table'}, sums(other)
    assert sorted(kept) == sorted(found)
    assert {table for table in kept if kept[table] != found[table]} <= set(UNFINISHED)
    assert {table: kept[table][0] for table in UNFINISHED} == {table: found[table][0] for table in UNFINISHED}
    # every message is one that was posted, byte for byte; all from before, and of those meanwhile some
    back = {re.search(rb'Message-ID: <(.*?)>', bytes(data))[1].decode(): bytes(data) for data, in other.sql("SELECT bytes FROM message WHERE kind = 'post'")}
    assert set(posted) <= set(back) <= set(posted) | set(during)
    assert {name: data.rstrip() for name, data in back.items()} == {name: {**posted, **during}[name].rstrip() for name in back}
    assert len(back) >= len(posted) + 2
    assert other.breaches() == []
    assert files(other.keys_dir()) == live_keys and live_keys
    # the live side lost nothing
    assert live.one("SELECT count(*) FROM message WHERE kind = 'post'") == len(posted) + len(during)


def mended(stack):
    """How much the worker would let go that waits for too long, as after a clock that was moved back (worker/jobs-clock.c)."""
    with open(os.path.join(SOURCE, 'sql/statements/jobs.sql'), encoding='utf-8') as file:
        text = re.search(r'^-- due_mend :one.*?\n(.*?);', file.read(), re.S | re.M)[1]
    with psycopg2.connect(stack.postgres.dsn()) as connection:
        cursor = connection.cursor()
        cursor.execute('PREPARE due_mend (timestamptz, timestamptz, timestamptz) AS ' + text)
        cursor.execute("EXECUTE due_mend (now(), now() + interval '1 hour', now() + interval '1 day')")
        return cursor.fetchone()[0]


def flip(path):
    with open(path, 'r+b') as file:
        file.seek(os.path.getsize(path) // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))


def cut(path):
    os.truncate(path, os.path.getsize(path) - 100)


DAMAGES = [('database.dump', flip, 'database.dump is not as it was written'), ('database.dump', cut, 'database.dump has '),
           ('database.dump', os.unlink, 'database.dump is missing'), ('keys', shutil.rmtree, '.pem is missing'),
           ('configuration', shutil.rmtree, 'kairan.conf is missing'), ('manifest', flip, 'manifest is not as it was written'),
           ('manifest', cut, 'manifest is not as it was written'), ('manifest', os.unlink, 'has no manifest')]


@pytest.mark.parametrize('name, damage, words', DAMAGES, ids=[f'{name}-{damage.__name__}' for name, damage, _ in DAMAGES])
def test_a_damaged_backup_is_refused_by_name(live, taken, tmp_path, name, damage, words):
    folder = str(tmp_path / 'backup')
    shutil.copytree(taken, folder)
    damage(os.path.join(folder, name))
    for command in (('backup', 'verify', folder), ('restore', folder)):
        with pytest.raises(CommandFailed) as failed:
            live.kairan.command(*command)
        assert words in failed.value.output + failed.value.printed, command


def resealed(folder, change):
    """The manifest changed by somebody who knows how it ends."""
    path = os.path.join(folder, 'manifest')
    with open(path, encoding='utf-8') as file:
        text = change(''.join(file.readlines()[:-1]))
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text + f'end\t{hashlib.sha256(text.encode()).hexdigest()}\n')


@pytest.mark.parametrize('change, words', [
    (lambda text: re.sub(r'(?m)^schema\t\d+', 'schema\t9999', text), 'has schema 9999; this program knows'),
    (lambda text: text.replace('kairan-backup\t1', 'kairan-backup\t2'), 'does not know'),
    (lambda text: re.sub(r'(?m)^(file\tkey\t\S+.*\t)\S+$', r'\1../../../tmp/x', text), 'is no line of a manifest'),
    (lambda text: re.sub(r'(?m)^file\tdatabase.*\n', '', text), 'names no database')], ids=['newer', 'kind', 'outside', 'no-database'])
def test_a_strange_backup_is_refused(live, taken, tmp_path, change, words):
    folder = str(tmp_path / 'backup')
    shutil.copytree(taken, folder)
    resealed(folder, change)
    with pytest.raises(CommandFailed) as failed:
        live.kairan.command('restore', folder)
    assert words in failed.value.output


def test_nothing_is_restored_over_what_is_there(live, taken):
    before = sums(live)
    with pytest.raises(CommandFailed) as failed:
        live.kairan.command('restore', taken)
    assert 'The database kairan is not empty: domains: 1, lists: 2, ' in failed.value.output and 'dropdb' in failed.value.output
    assert sums(live) == before


def unfinished(stack):
    return [name for name in os.listdir(stack.path('few')) if name.endswith('.unfinished')]


@pytest.mark.skipif(os.getuid() != 0, reason='small disks and other users need root')
def test_a_backup_that_cannot_be_is_not_half_there(live, tmp_path):
    """Whatever stops it, nothing of it stays."""
    os.makedirs(live.path('few'), exist_ok=True)
    key = next(os.path.join(where, names[0]) for where, _, names in os.walk(live.keys_dir()) if names)
    small = tmp_path / 'small'
    small.mkdir()
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small], check=True)
    try:
        with pytest.raises(CommandFailed, match='(?s)No space left.*Nothing of this backup was kept'):
            live.kairan.command('backup', str(small))
        assert os.listdir(small) == []
    finally:
        subprocess.run(['umount', small], check=True)
    with pytest.raises(CommandFailed, match='Not a directory'):
        live.kairan.command('backup', key)
    # no rights
    done = subprocess.run(['setpriv', '--reuid=daemon', '--regid=daemon', '--clear-groups', live.kairan.daemon('kairan'), '-c', live.config, 'backup',
                           open_folder(tmp_path)], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 75 and b'cannot be read: Permission denied. Run this as root.' in done.stderr, done.stderr
    assert os.listdir(tmp_path / 'open') == []
    # stopped by hand while pg_dump waits for a lock
    with psycopg2.connect(live.postgres.dsn()) as lock:
        lock.cursor().execute('LOCK TABLE domain IN ACCESS EXCLUSIVE MODE')
        child = subprocess.Popen([live.kairan.program('kairan'), '-c', live.config, 'backup', live.path('few')], stderr=subprocess.PIPE)
        live.until(lambda: unfinished(live))
        child.send_signal(signal.SIGTERM)
        lock.rollback()
        assert b'Stopped.' in child.communicate()[1] and child.returncode == 75
    assert os.listdir(live.path('few')) == []


def test_links_are_followed_and_nothing_is_passed_over(live, tmp_path):
    key = next(os.path.join(where, names[0]) for where, _, names in os.walk(live.keys_dir()) if names)
    elsewhere, folder, file, loop = tmp_path / 'elsewhere', *(os.path.join(live.keys_dir(), name) for name in ('linked.example.org', 'linked.pem', 'loop'))
    elsewhere.mkdir()
    shutil.copy(key, elsewhere / 's1.pem')
    os.makedirs(live.path('few'), exist_ok=True)
    try:
        os.symlink(elsewhere, folder)
        os.symlink(elsewhere / 's1.pem', file)
        os.symlink('nowhere', os.path.join(live.keys_dir(), '.#lock'))
        kept = files(os.path.join(backup(live, live.path('links')), 'keys'))
        with open(key, 'rb') as original:
            assert kept['linked.example.org/s1.pem'] == kept['linked.pem'] == (0o600, original.read()) and '.#lock' not in kept
        for target, words in (('loop', 'loop cannot be read: Too many levels'), ('.', 'lies too deep, or a link leads round in a circle')):
            os.symlink(target, loop)
            with pytest.raises(CommandFailed, match=words + '(?s:.*)Nothing of this backup was kept'):
                live.kairan.command('backup', live.path('few'))
            assert os.listdir(live.path('few')) == []
            os.unlink(loop)
    finally:
        for path in (folder, file, loop, os.path.join(live.keys_dir(), '.#lock')):
            if os.path.islink(path):
                os.unlink(path)


def open_folder(tmp_path):
    folder = tmp_path / 'open'
    folder.mkdir(mode=0o777)
    for path in (folder, *folder.parents):
        if path.stat().st_uid == os.getuid() and path != folder.parents[-1]:
            os.chmod(path, path.stat().st_mode | 0o755)
    os.chmod(folder, 0o777)
    return str(folder)


@pytest.mark.skipif(os.getuid() != 0, reason='files of others need root')
def test_folders_of_a_new_machine_belong_to_whom_they_should(live, taken, tmp_path):
    """User kairan can walk to the configuration and to the keys, and nobody else looks into the keys."""
    folder, etc = str(tmp_path / 'backup'), tmp_path / 'etc'
    shutil.copytree(taken, folder)
    resealed(folder, lambda text: re.sub(r'(?m)^file\tconfiguration\t(.*)\t\S+$', rf'file\tfile\t\1\t{etc}/kairan/more/kairan.conf', text))
    tried = [live.kairan.program('kairan'), '-c', str(tmp_path / 'new.conf'), 'restore', folder, '--files']
    kairan.write_config(str(tmp_path / 'new.conf'), {**live.settings(), 'keys.dir': str(tmp_path / 'new.conf/keys')})
    refused = subprocess.run(tried, check=False, capture_output=True, text=True)
    assert refused.returncode != 0 and 'Not a directory.\nWhat is in its place by now stays there; run this again.' in refused.stderr, refused.stderr
    kairan.write_config(str(tmp_path / 'new.conf'), {**live.settings(), 'keys.dir': str(etc / 'kairan/keys')})
    assert 'next: Run "kairan check", then start' in subprocess.run(tried, check=True, capture_output=True, text=True).stdout
    found = {path: (path.owner(), stat.S_IMODE(path.stat().st_mode)) for path in (etc, *etc.rglob('*'))}
    ours = {etc, etc / 'kairan', etc / 'kairan/more'}
    assert {path: found[path] for path in ours} == dict.fromkeys(ours, ('root', 0o755))
    keys = {path for path in found if etc / 'kairan/keys' in (path, *path.parents) and path.is_dir()}
    assert len(keys) >= 2 and {path: found[path] for path in keys} == dict.fromkeys(keys, (kairan.USER, 0o700))
    assert {found[path] for path in found if path.suffix == '.pem'} == {(kairan.USER, 0o600)}


# --- an older version's database

OLD = os.path.join(SOURCE, 'tests/data/upgrade/schema-19.sql.gz')


@pytest.fixture
def old(own):
    """A machine with the database of an older version, on the day when that one stopped; no program of ours runs."""
    stack = own(members=0, postfix=False, direct=True, settings=SETTINGS, only=['postgres'])
    stack.postgres.psql('-f', os.path.join(SOURCE, 'sql/roles.sql'))
    stack.postgres.psql('-c', 'DROP DATABASE IF EXISTS kairan')
    stack.postgres.psql('-c', 'CREATE DATABASE kairan OWNER kairan_owner')
    with gzip.open(OLD) as file:
        path = stack.path('old.sql')
        with open(path, 'wb') as out:
            shutil.copyfileobj(file, out)
    stack.postgres.psql('-f', path, database='kairan')
    it_is(stack, 60)
    return stack


def it_is(stack, seconds):
    """That long after the older version stopped."""
    stopped = stack.one('SELECT max(received_at) FROM message')
    stack.state['set'] = dict(SETTINGS, **{'clock.offset_s': int(stopped.timestamp() - time.time()) + seconds})
    stack.write_config()


def migrate(stack, *words):
    return subprocess.Popen([stack.kairan.program('kairan'), '-c', stack.config, 'db', 'migrate', *words], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def status_of(stack, path):
    try:
        with urllib.request.urlopen(stack.http_url() + path, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_nobody_works_with_a_schema_that_is_not_theirs(old):
    known = json.loads(old.kairan.command('db', 'migrate', '--dry-run', '--json'))['known']
    for number, words in ((19, f'has schema 19, this program needs {known}: run "kairan db migrate"'),
                          (9999, f'has schema 9999, this program knows {known}: install the newer Kairan')):
        if number != 19:
            old.kairan.command('db', 'migrate')
            old.sql("INSERT INTO schema_migration VALUES (9999, 'of-later', now())")
        for command in (('list', 'list'), ('queue',), ('held', 'list', '--all')):
            with pytest.raises(CommandFailed, match=re.escape(words)):
                old.kairan.command(*command)
        worker = subprocess.run([old.kairan.program('kairan-worker'), '-c', old.config], capture_output=True, text=True, timeout=30, check=False)
        assert worker.returncode != 0 and words in worker.stderr
        old.start_web()
        old.nginx.start()
        assert status_of(old, '/') == 503
        assert old.log('web').count('event=schema_other') >= 1 and words in old.log('web').replace('\\"', '"')
        if number == 19:
            old.kairan.command('db', 'migrate')
            assert status_of(old, '/') == 200       # the same processes, once the schema is theirs
        old.nginx.stop()
        old.kairan.stop('web')
    for options in ((), ('--dry-run',)):
        with pytest.raises(CommandFailed, match='install the newer Kairan'):
            old.kairan.command('db', 'migrate', *options)
    with pytest.raises(CommandFailed, match='install the newer Kairan'):
        old.kairan.command('backup', old.path('backups'))


def test_a_backup_of_an_older_version_is_brought_up_to_date(old):
    folder, kept = backup(old, old.path('backups')), old.sql('SELECT number, hash FROM post ORDER BY id')
    waiting = old.one('SELECT count(*) FROM chunk')
    old.postgres.psql('-c', 'DROP DATABASE kairan WITH (FORCE)', '-c', 'CREATE DATABASE kairan OWNER kairan_owner')
    printed = old.kairan.command('restore', folder, '--migrate')
    assert 'copies: ' in printed and 'kairan db migrate' not in printed
    assert old.kairan.command('db', 'status').endswith('current: yes\n') and old.sql('SELECT number, hash FROM post ORDER BY id') == kept
    assert old.one("SELECT count(*) FROM chunk WHERE due_at >= '9999-01-01'") == waiting > 0 and old.breaches() == []


def test_an_upgrade_loses_nothing_and_repeats_nothing(old):
    printed = json.loads(old.kairan.command('db', 'migrate', '--dry-run', '--json'))
    assert printed['version'] == 19 and len(printed['migrations']) == printed['known'] - 19 and 'Stop kairan-worker' in printed['next']
    assert old.one('SELECT max(number) FROM schema_migration') == 19
    # Two at once, and somebody who reads for long: one works, after the reader has ended, and nobody queues behind it for ever.
    reader = psycopg2.connect(old.postgres.dsn())
    reader.cursor().execute('SELECT count(*) FROM post')
    first = migrate(old)
    old.until(lambda: old.one("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 4716") == 1)
    second = migrate(old)
    old.until(lambda: old.one("SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = 'post' AND NOT l.granted"))
    with psycopg2.connect(old.postgres.dsn()) as other:
        cursor = other.cursor()
        cursor.execute("SET lock_timeout = '10s'")
        for _ in range(3):
            cursor.execute('SELECT count(*) FROM post')
            other.rollback()
    reader.close()
    (_, said), (_, waited) = first.communicate(timeout=120), second.communicate(timeout=120)
    assert (first.returncode, second.returncode) == (0, 0), said + waited
    assert 'others use its tables' in said and 'another "kairan db migrate" is at work' in waited and 'migration 0' not in waited
    assert old.breaches() == []

    old.kairan.command('dkim', 'new', 'lists.example.jp')
    kairan.publish_keys(old.kairan, 'lists.example.jp', old.path('zones'))
    if os.getuid() == 0:
        subprocess.run(['chown', '-R', kairan.USER, old.keys_dir()], check=True)
    old.personality('members', 'accept')
    old.start_dns()
    old.start_mx()
    old.start_worker()
    old.until(lambda: old.one('SELECT count(*) FROM worker_process WHERE lost_at IS NOT NULL'), what='seeing that the old processes are gone')
    it_is(old, 3600)
    old.restart('worker')
    for list_ in ('test', 'quiet'):
        old.kairan.command('held', 'accept', f'{list_}@lists.example.jp', '--match', 'a', '--now')
    old.quiet()
    five, three = [f'm{i}' for i in range(1, 6)], ['hanako', 'ichiro', 'taro']
    expected = {'Half delivered': five[2:], 'Not yet decided': five, 'A stranger asks': five, '[告知] 送信待ちの投稿': three, '保留される投稿': five[:3]}
    got = {}
    for row in old.copies():
        subject = str(email.header.make_header(email.header.decode_header(email.message_from_bytes(row['message'])['Subject'])))
        got.setdefault(' '.join(subject.split()), []).extend(address.split('@')[0] for address in row['rcpts'])
    assert {subject: sorted(people) for subject, people in got.items()} == expected
    assert old.breaches() == []
    # what the archive shows and finds is made for what came before there was one
    old.until(lambda: old.one('SELECT count(*) FROM post_stale') == 0)
    assert old.one('SELECT count(*) FROM post_search') == old.one('SELECT count(*) FROM post WHERE archived') == 13
    for words, posts in (('公民館', 2), ('ISO-2022-JPの本文', 1)):
        assert f'found: {posts}\n' in old.kairan.command('search', '--all', words)


# --- what is damaged is found

FIRST = '(SELECT min(id) FROM post)'
DAMAGED = (
    (f'DELETE FROM post_view WHERE post_id = {FIRST}', 'test@lists.example.jp: 1 posts have nothing that pages show; the first is number 1; run "kairan reindex".'),
    (f'DELETE FROM post_search WHERE post_id = {FIRST}', '1 posts cannot be found by search; the first is number 1; run "kairan reindex".'),
    ('INSERT INTO post_stale (post_id, since, attempts) SELECT max(id), now(), 3 FROM post', 'of 1 posts what is shown and found could not be made'),
    (f'UPDATE post SET archived = false WHERE id = {FIRST} + 1', '1 posts are hidden or deleted, but their text is still kept'),
    ("DELETE FROM list_effective e USING list l WHERE l.id = e.list_id AND l.name = 'renraku'", 'renraku@lists.example.jp: the settings that lists are looked up by'),
    (f'UPDATE post SET parent_id = {FIRST} WHERE id = {FIRST} + 2', '1 posts answer one in another thread; the first is number 3; run "kairan thread rebuild"'),
    (f'UPDATE thread SET first_post_id = {FIRST} + 9 WHERE first_post_id = {FIRST}', 'threads have no posts, or begin with one that is not in them'),
    ("UPDATE list_month SET posts = posts + 3 FROM list l WHERE l.id = list_id AND l.name = 'renraku'", 'is said to have 4 posts, and has 1'),
    ("SELECT setval(pg_get_serial_sequence('list', 'id'), 1)", 'the next id of table list would be 2, but there is one with 2'),
    ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'post_author'::regclass", 'the index post_author is not valid; as postgres run REINDEX INDEX'),
    ('ALTER TABLE ban DROP CONSTRAINT ban_pattern_check, ADD CONSTRAINT ban_pattern_check CHECK (true) NOT VALID', 'ban_pattern_check of table ban was never held against'),
    ('ALTER TABLE post DISABLE TRIGGER post_removed', 'the trigger post_removed of table post is switched off'),
    ("UPDATE message SET bytes = bytes || 'x' WHERE id = (SELECT min(id) FROM message)", 'its bytes are not those received'),
    ('DELETE FROM member WHERE id = (SELECT min(members[1]) FROM chunk)', 'who is not there'),
    ('DELETE FROM token_key', 'there is no key for the tokens'),
)


def judged(stack):
    """What kairan check --deep prints; there is always something, as nothing runs."""
    with pytest.raises(CommandFailed) as failed:
        stack.kairan.command('check', '--deep')
    return failed.value.printed


def test_what_is_damaged_is_found_with_its_mend(taken, other):
    other.kairan.command('restore', taken)
    assert 'The stored data agrees with itself.' in judged(other)
    with psycopg2.connect(other.postgres.dsn()) as connection:
        cursor = connection.cursor()
        cursor.execute('SET session_replication_role = replica')
        for damage, _ in DAMAGED:
            cursor.execute(damage)
    key = next(os.path.join(where, names[0]) for where, _, names in os.walk(other.keys_dir()) if names)
    os.makedirs(os.path.join(other.keys_dir(), 'gone.example.org'))
    shutil.copy(key, os.path.join(other.keys_dir(), 'gone.example.org', 's1.pem'))
    os.unlink(key)
    with open(other.path('spool', 'strange.json'), 'w') as file:
        file.write('{}')
    found = judged(other)
    words = [words for _, words in DAMAGED] + ['The key file ' + key, 'gone.example.org/s1.pem is the key of no domain here', 'lie 1 files that nobody asked for, strange.json']
    assert [one for one in words if one not in found] == [], found
    assert 'agrees with itself' not in found
    other.sql('ALTER TABLE saved_search RENAME COLUMN query TO words')
    assert 'The schema is not whole: the statement ' in judged(other)
    # what cannot be looked at is not taken for what is not there
    other.sql('ALTER TABLE saved_search RENAME COLUMN words TO query')
    os.symlink('loop', os.path.join(other.keys_dir(), 'loop'))
    os.symlink('loop', other.path('spool', 'loop'))
    found = judged(other)
    assert [one for one in ('keys/loop cannot be read', 'spool/loop cannot be read') if one not in found] == [], found
    other.sql('REVOKE SELECT ON dkim_key FROM kairan_admin')
    assert re.findall(r'(?m)^trouble +keys +The data could not be checked: (.*)', judged(other)) == ['permission denied for table dkim_key'] * 3


# --- the web application is changed over under load

TAKE_OVER = """import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1', LISTEN_FDNAMES='web')
os.execv(sys.argv[2], sys.argv[2:])"""


class Manager:
    """As systemd does with FileDescriptorStoreMax=1: keeps the socket that a service hands over, and gives it to the next one."""

    def __init__(self, stack):
        self.stack, self.path, self.kept = stack, stack.socket('web', 'notify'), None
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(20)
        os.chmod(self.path, 0o777)

    def start(self):
        argv = [self.stack.kairan.daemon('kairan-web'), '-c', self.stack.config]
        if self.kept is not None:
            argv = ['/usr/bin/python3', '-c', TAKE_OVER, str(self.kept), *argv]
        with open(self.stack.keeper.log('web'), 'ab') as log:
            child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(os.environ, NOTIFY_SOCKET=self.path),
                                     pass_fds=() if self.kept is None else (self.kept,), start_new_session=True,
                                     **identity(kairan.USER if os.getuid() == 0 else None))
        self.stack.keeper.note('web', child.pid)
        words, handed, _, _ = socket.recv_fds(self.socket, 1024, 4)
        assert words == b'FDSTORE=1\nFDNAME=web\n' and len(handed) == 1
        if self.kept is not None:
            os.close(self.kept)
        self.kept = handed[0]

    def close(self):
        self.socket.close()
        os.close(self.kept)


def ask(stack, stop, answers):
    while not stop.is_set():
        connection = http.client.HTTPConnection('127.0.0.1', stack.state['ports']['http'], timeout=60)
        try:
            connection.request('GET', '/', headers={'Cookie': 'session=of-nobody'})     # never from nginx's cache
            answers.append(connection.getresponse().status)
        except OSError as error:
            answers.append(repr(error))
        finally:
            connection.close()


def test_no_request_fails_while_the_web_is_changed_over(own):
    stack = own(members=0, postfix=False, settings=dict(SETTINGS, **{'web.children': 3}), only=['postgres'])
    need(stack, 'kairan-web')
    stack.populate()
    manager, stop, answers = Manager(stack), threading.Event(), []
    manager.start()
    stack.nginx.start()
    askers = [threading.Thread(target=ask, args=(stack, stop, answers)) for _ in range(4)]

    def some_more():
        before = len(answers)
        stack.until(lambda: len(answers) >= before + 8, 40, 'answers')
    for asker in askers:
        asker.start()
    try:
        some_more()
        for number in range(10):
            os.kill(stack.keeper.pid('web'), signal.SIGHUP)
            stack.until(lambda: stack.log('web').count('event=reload ') == number + 1)      # pylint: disable=cell-var-from-loop
            some_more()
        for _ in range(3):
            stack.keeper.stop('web', patience=40)
            stack.until(lambda: answers_unix(stack.socket('web', 'web.sock')))
            manager.start()
            some_more()
    finally:
        stop.set()
        for asker in askers:
            asker.join()
        manager.close()
    failed = [answer for answer in answers if answer != 200]
    print(f'{len(answers)} requests, 10 reloads, 3 restarts: {len(failed)} failed')
    assert failed == []


# --- a second machine takes over

def follow(stack):
    """A standby of the stack's PostgreSQL, which confirms every commit."""
    first = stack.postgres
    second = postgres.Postgres(stack.keeper, stack.path('standby'), stack.socket('pg2'), free_port())
    second.name = 'standby'
    run([os.path.join(postgres.binaries(), 'pg_basebackup'), '-d', f'host={first.sockets} port={first.port} user=postgres application_name=b', '-D',
         second.folder, '-R', '-X', 'stream', '--checkpoint=fast', '--no-sync'] if not first.user else
        ['setpriv', f'--reuid={first.user}', f'--regid={first.user}', '--init-groups', os.path.join(postgres.binaries(), 'pg_basebackup'), '-d',
         f'host={first.sockets} port={first.port} user=postgres application_name=b', '-D', second.folder, '-R', '-X', 'stream', '--checkpoint=fast',
         '--no-sync'], cwd='/')
    with open(os.path.join(second.folder, 'postgresql.auto.conf'), 'a') as file:
        file.write(f"port = {second.port}\nunix_socket_directories = '{second.sockets}'\n")
    second.start()
    first.psql('-c', "ALTER SYSTEM SET synchronous_standby_names = 'b'", '-c', 'SELECT pg_reload_conf()')
    stack.until(lambda: stack.one("SELECT count(*) FROM pg_stat_replication WHERE application_name = 'b' AND sync_state = 'sync'") == 1)
    return second


def test_the_second_machine_takes_over(own):
    """What was answered 250 on the first is on the second, and both names in [database] are enough to find it."""
    stack = own(members=4, postfix=False, direct=True, settings=SETTINGS)
    stack.personality('members', 'accept')
    stack.quiet()
    if stack.postgres.user:
        os.makedirs(stack.path('standby'), mode=0o700)
        shutil.chown(stack.path('standby'), stack.postgres.user)
    first, second = stack.postgres, follow(stack)
    both = f'host={first.sockets},{second.sockets} port={first.port},{second.port} dbname=kairan target_session_attrs=read-write connect_timeout=3'
    stack.state['set'] = dict(SETTINGS, **{f'database.{role}': f'{both} user=kairan_{role}' for role in ('worker', 'web', 'admin', 'owner')})
    stack.write_config()
    stack.restart('worker')
    stack.clear_sink()
    stop, taken = threading.Event(), {}

    def go_on():
        while not stop.is_set():
            post(stack, taken, f'post {len(taken)}')
    poster = threading.Thread(target=go_on)
    poster.start()
    try:
        stack.until(lambda: len(taken) >= 6)
        first.crash()
        before = len(taken)
        second.psql('-c', 'SELECT pg_promote()')
        stack.postgres = second
        stack.until(lambda: len(taken) >= before + 3, 40)
    finally:
        stop.set()
        poster.join()
    stack.quiet(60)
    count = {}
    for row in stack.copies():
        name = re.search(rb'Message-ID: <(.*?)>', row['message'])[1].decode()
        count.setdefault(name, []).extend(row['rcpts'])
    assert {name: len(set(count.get(name, []))) for name in taken} == dict.fromkeys(taken, 4)
    # at most what each sender had in the hands of the smarthost in that moment (P2)
    assert stack.breaches(repeats=SETTINGS['worker.send_children']) == []
