"""No mail lost, none silently twice, no repair step: whatever is killed, whenever (DESIGN P1, P2, P3, P6)."""
import contextlib
import os
import random
import re
import signal
import subprocess
import tempfile
import threading
import time

import pytest

from conftest import BUILD, kept_when_failing, start
from rig.client import address_of, message
from rig.stack import SOURCE

# Kill points that this workload cannot pass are named here, with the test that passes them.
ELSEWHERE = {'import.written': 'test_import.test_killed_and_repeated', 'import.committed': 'test_import.test_killed_and_repeated'}
MEMBERS = 12


def kill_points():
    """Every name in the source, so that a new one is tried without anybody remembering it."""
    found = set()
    for where, _, files in os.walk(os.path.join(SOURCE, 'core')):
        for name in files:
            if name.endswith('.c'):
                with open(os.path.join(where, name), encoding='utf-8') as file:
                    found |= set(re.findall(r'\bkillpoint\("([^"]+)"\)', file.read()))
    return sorted(found)


SETTINGS = {'worker.lmtp_children': 2, 'worker.post_children': 2, 'worker.send_children': 2, 'worker.jobs_children': 1, 'web.children': 1,
            'worker.poll_ms': 100, 'smtp.reply_timeout_s': 5, 'smtp.data_timeout_s': 5, 'smtp.connect_timeout_s': 2}


@pytest.fixture(scope='module')
def crash():
    """A stack without Postfix, because the story itself is the MTA that comes again."""
    for stack in kept_when_failing(start(members=MEMBERS, postfix=False, direct=True, settings=SETTINGS), 'kairan', 'kairan-worker'):
        stack.personality('members', 'accept')
        stack.new_list('bulk', MEMBERS, bulk_delivery='yes')
        stack.new_list('crowd', 120)
        stack.quiet()
        yield stack


def as_mta(stack, data, list_, seconds=20):
    """Offers a message until it is taken, as Postfix does: it never forgets and never changes a byte."""
    end = time.monotonic() + seconds
    while True:
        try:
            with stack.lmtp(timeout=6) as lmtp:
                lmtp.hello()
                if lmtp.deliver('m1@members.example.org', [address_of(list_)], data)[0].startswith('250'):
                    return
        except (OSError, IndexError):
            pass
        assert time.monotonic() < end, f'not taken within {seconds} s'
        time.sleep(0.05)


def received(data):
    """With the field that our MTA puts on top: only then is a repeated delivery recognised."""
    return (b'Received: from client.example (client.example [127.0.0.1])\r\n\tby mx.lists.example.jp (Postfix) with ESMTP id X\r\n'
            b'\tfor <test@lists.example.jp>; Sat, 21 Nov 2026 12:00:00 +0900 (JST)\r\n') + data


def notify(stack, subject):
    """A mail to one person, as a page asks for it: a row."""
    data = message(subject, sender='test@lists.example.jp', to='m1@members.example.org')
    stack.sql("INSERT INTO notice (domain_id, kind, recipient, bytes, due_at, created_at) "
              "SELECT id, 'test', 'm1@members.example.org', %s, now(), now() FROM domain LIMIT 1", data)


def workload(stack):
    """A post to each kind of list, one that is held, a mail of the system. Returns {subject: number of recipients}."""
    stamp = str(time.time_ns())
    notify(stack, f'notice {stamp}')
    jobs = [('test', f'personal {stamp}', 'm1@members.example.org', MEMBERS), ('bulk', f'bulk {stamp}', 'm1@members.example.org', MEMBERS),
            ('test', f'held {stamp}', 'stranger@elsewhere.example', 0), ('renraku', f'second {stamp}', 'm2@members.example.org', MEMBERS)]
    for list_, subject, sender, _ in jobs:
        as_mta(stack, received(message(subject, sender=sender, to=address_of(list_))), list_)
    return dict({subject: count for _, subject, _, count in jobs}, **{f'notice {stamp}': 1})


def check(stack, expected, repeats):
    """All arrived, at most `repeats` copies came twice, the invariants hold."""
    stack.quiet(45)
    copies = {}
    for row in stack.copies():
        subject = re.search(rb'^Subject: (.*?)\r$', row['message'], re.MULTILINE).group(1).decode()
        for recipient in row['rcpts']:
            copies.setdefault(subject, []).append(recipient)
    for subject, count in expected.items():
        assert len(set(copies.get(subject, []))) == count, f'{subject}: {sorted(copies.get(subject, []))}'
    assert stack.breaches(repeats) == []
    assert stack.one("SELECT count(*) FROM message WHERE state = 'set_aside' AND kind = 'post'") == 0


def restart(stack, **env):
    stack.state['env'] = env
    stack.restart('worker')


def passes(folder, name):
    path = os.path.join(folder, name)
    return os.path.getsize(path) if os.path.exists(path) else 0


def new_folder(stack):
    folder = tempfile.mkdtemp(prefix='kill-', dir=stack.path())
    os.chmod(folder, 0o777)
    return folder


@pytest.fixture(scope='module')
def counted(crash):
    """How often the workload passes each kill point when nothing is killed."""
    folder = new_folder(crash)
    restart(crash, KAIRAN_KILL_DIR=folder)
    crash.clear_sink()
    check(crash, workload(crash), 0)
    return {name: passes(folder, name) for name in kill_points()}


def test_every_kill_point_is_reached(counted):
    assert len(counted) >= 10, 'was the build made with --enable-killpoints?'
    assert [name for name, count in counted.items() if count == 0 and name not in ELSEWHERE] == []


@pytest.mark.parametrize('name', [name for name in kill_points() if name not in ELSEWHERE])
@pytest.mark.parametrize('which', ['first', 'second', 'last'])
def test_killed_at(crash, counted, name, which):
    most = counted[name]
    if most == 0:
        pytest.fail('never reached')
    number = {'first': 1, 'second': 2, 'last': most}[which]
    if number > most or (which == 'last' and most <= 2):
        pytest.skip(f'passed {most} times only')
    folder = new_folder(crash)
    restart(crash, KAIRAN_KILL_DIR=folder, KAIRAN_KILL=f'{name}:{number}')
    crash.clear_sink()
    expected = workload(crash)
    check(crash, expected, repeats=MEMBERS)
    assert passes(folder, name) >= number, 'the kill point was not reached'
    for subject, extra in repeats_by_subject(crash).items():
        assert extra <= (MEMBERS if subject.startswith('bulk') else 1), f'{subject}: {extra} copies came again'


def repeats_by_subject(stack):
    seen, again = set(), {}
    for row in stack.copies():
        subject = re.search(rb'^Subject: (.*?)\r$', row['message'], re.MULTILINE).group(1).decode()
        for recipient in row['rcpts']:
            again[subject] = again.get(subject, 0) + ((subject, recipient) in seen)
            seen.add((subject, recipient))
    return again


# --- killed from outside

def pids(stack, role):
    """Children of one role; their name for ps says it."""
    return [pid for pid in descendants(stack) if name_of(pid) == 'kairan-' + role]


def name_of(pid):
    try:
        with open(f'/proc/{pid}/comm') as file:
            return file.read().strip()
    except OSError:
        return ''


def descendants(stack):
    todo, found = [stack.keeper.pid('worker')], []
    while todo:
        pid = todo.pop()
        done = subprocess.run(['ps', '-o', 'pid=', '--ppid', str(pid)], stdout=subprocess.PIPE, check=False)
        children = [int(word) for word in done.stdout.split()]
        found += children
        todo += children
    return found


@contextlib.contextmanager
def slow_crowd(crash, delay):
    """A post to 120 members of a server that takes its time over each; its subject."""
    restart(crash)
    crash.clear_sink()
    crash.personality('members', f'dot:delay-{delay}')
    try:
        subject = f'crowd {time.time_ns()}'
        as_mta(crash, received(message(subject, to=address_of('crowd'))), 'crowd')
        yield subject
    finally:
        crash.personality('members', 'accept')


@pytest.mark.parametrize('role', ['lmtp', 'post', 'send', 'sign', 'jobs'])
def test_kill_9_in_mid_delivery(crash, role):
    with slow_crowd(crash, 20) as subject:
        killed = 0
        for _ in range(4):
            time.sleep(0.3)
            for pid in pids(crash, role)[:1]:
                os.kill(pid, signal.SIGKILL)
                killed += 1
        assert killed > 0, f'no child of role {role} was found'
        check(crash, {subject: 120}, repeats=2 * killed)


def test_kill_9_of_the_master(crash):
    with slow_crowd(crash, 20) as subject:
        time.sleep(0.5)
        os.kill(crash.keeper.pid('worker'), signal.SIGKILL)
        time.sleep(0.3)
        crash.stop_part('worker')
        crash.start_part('worker')
        # The dead processes' locks are free at once; their work comes back after 30 seconds without them.
        check(crash, {subject: 120}, repeats=2)


def test_an_orderly_stop_loses_and_repeats_nothing(crash):
    with slow_crowd(crash, 20) as subject:
        for _ in range(3):
            time.sleep(0.3)
            crash.restart('worker')
        check(crash, {subject: 120}, repeats=0)


def test_a_stopped_sender_that_wakes_up_late(crash):
    """SIGSTOP in mid-delivery for longer than the lease: others finish its work, and it asks before its next final dot."""
    lease = 3
    crash.state['set']['worker.lease_s'] = lease
    crash.write_config()
    try:
        with slow_crowd(crash, 30) as subject:
            crash.until(lambda: len(crash.jsonl('log.jsonl')) > 5, 10, 'the first copies')
            stopped = pids(crash, 'send')[:1]
            os.kill(stopped[0], signal.SIGSTOP)
            crash.until(lambda: len({r for row in crash.jsonl('log.jsonl') for r in row['rcpts']}) == 120, 10 * lease, 'copies by the other')
            os.kill(stopped[0], signal.SIGCONT)
            check(crash, {subject: 120}, repeats=1)
            time.sleep(1)
            check(crash, {subject: 120}, repeats=1)
    finally:
        del crash.state['set']['worker.lease_s']
        crash.write_config()


def other_worker(stack, **settings):
    """A second worker on the same database, with sockets of its own."""
    from rig import kairan
    own = dict(stack.settings(), **settings)
    for name in ('lmtp_socket', 'submission_socket', 'socketmap_socket'):
        own['worker.' + name] += '2'
    config = stack.path('kairan-2.conf')
    kairan.write_config(config, own)
    # As rig.kairan starts it: without looking for leaks, which a process in its sandbox cannot.
    child = stack.keeper.start('worker-2', [stack.kairan.daemon('kairan-worker'), '-c', config], env={'ASAN_OPTIONS': 'detect_leaks=0'},
                               user=kairan.USER if os.getuid() == 0 else None)
    stack.until(lambda: os.path.exists(own['worker.lmtp_socket']), 10, 'the second worker')
    return child


def test_two_workers_by_mistake(crash):
    restart(crash)
    crash.clear_sink()
    other_worker(crash)
    try:
        subjects = {}
        for i in range(5):
            subject = f'both {i} {time.time_ns()}'
            as_mta(crash, received(message(subject, to=address_of('crowd'))), 'crowd')
            subjects[subject] = 120
        check(crash, subjects, repeats=0)
    finally:
        crash.keeper.stop('worker-2')


class Load:
    """Posts that keep coming while something else happens: `with Load(stack) as subjects`."""

    def __init__(self, stack, list_='test', members=MEMBERS):
        self.stack, self.list_, self.members = stack, list_, members
        self.subjects, self.stop, self.thread = {}, threading.Event(), threading.Thread(target=self.send)

    def send(self):
        while not self.stop.is_set():
            subject = f'load {len(self.subjects)} {time.time_ns()}'
            as_mta(self.stack, received(message(subject, to=address_of(self.list_))), self.list_, 60)
            self.subjects[subject] = self.members
            time.sleep(0.02)

    def __enter__(self):
        self.thread.start()
        return self.subjects

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join(90)


def test_postgresql_stops_at_once_under_load(crash):
    restart(crash)
    crash.clear_sink()
    with Load(crash) as subjects:
        for _ in range(3):
            time.sleep(1)
            crash.postgres.crash()
            time.sleep(0.5)
            crash.postgres.start()
    assert len(subjects) > 10
    # One transaction in flight per sender and stop.
    check(crash, subjects, repeats=3 * SETTINGS['worker.send_children'])


def test_kill_9_at_random_under_load(crash):
    """Children of all roles die one after the other while posts come in."""
    restart(crash)
    crash.clear_sink()
    dice, killed = random.Random(8), 0
    with Load(crash) as subjects:
        for _ in range(25):
            time.sleep(0.3)
            victims = pids(crash, dice.choice(['lmtp', 'post', 'send', 'sign', 'jobs']))
            for pid in victims[:1]:
                os.kill(pid, signal.SIGKILL)
                killed += 1
    assert killed > 15 and len(subjects) > 10
    check(crash, subjects, repeats=killed)


SLOW_COMMIT = """
CREATE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(2); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.member_id = {member}) EXECUTE FUNCTION slow_commit();
"""


def test_a_server_that_dies_between_its_answer_and_its_commit(crash):
    """PostgreSQL says "INSERT 0 1" before it commits. Who believes that loses the row when the server dies in between."""
    restart(crash)
    crash.clear_sink()
    table = crash.one("SELECT 'outcome_' || to_char(now(), 'YYYY_MM')")
    member = crash.one("SELECT m.id FROM member m JOIN list l ON l.id = m.list_id WHERE l.name = 'test' AND role = 'member' ORDER BY 1 OFFSET 4 LIMIT 1")
    crash.sql(SLOW_COMMIT.format(table=table, member=member))
    try:
        subject = f'between {time.time_ns()}'
        as_mta(crash, received(message(subject)), 'test')
        crash.until(lambda: len(crash.jsonl('log.jsonl')) >= 5, 10, 'the fifth copy')
        time.sleep(0.5)
        crash.postgres.crash()
        crash.postgres.start()
    finally:
        crash.sql('DROP FUNCTION slow_commit CASCADE')
    check(crash, {subject: MEMBERS}, repeats=1)


def test_database_away_is_a_451_and_comes_back_by_itself(crash):
    restart(crash)
    crash.postgres.stop()
    try:
        with crash.lmtp(timeout=10) as lmtp:
            lmtp.hello()
            answers = lmtp.deliver('m1@members.example.org', [address_of('test')], message())
            assert answers[0].startswith('4'), answers
    finally:
        crash.postgres.start()
    crash.clear_sink()
    as_mta(crash, received(message('Back again')), 'test', 10)
    crash.wait_copies(MEMBERS, 10)


@pytest.mark.parametrize('fault', ['silence', 'servfail', 'nxdomain', 'wrongid', 'cnames 100', 'garbage', 'delay 2000'])
def test_dns_trouble_delays_nobody(crash, fault):
    restart(crash)
    crash.clear_sink()
    crash.dns_faults(f'* * {fault}')
    try:
        subject = f'dns {time.time_ns()}'
        data = b'DKIM-Signature: v=1; a=rsa-sha256; d=members.example.org; s=x; h=from; bh=AAAA; b=AAAA\r\n' + message(subject)
        as_mta(crash, data, 'test')
        crash.wait_copies(MEMBERS, 20)
        check(crash, {subject: MEMBERS}, 0)
    finally:
        crash.dns_faults()


def test_build_has_kill_points():
    """A suite on a build without them would prove nothing."""
    program = os.path.join(BUILD, 'kairan-worker')
    if os.path.exists(program):
        with open(program, 'rb') as file:
            assert b'KAIRAN_KILL_DIR' in file.read()
