"""What an operator sees from outside: numbers, health, the status on one screen, the log, a disk that is full and a clock that jumps."""
import collections
import datetime
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

import conftest
from rig.client import address_of, message
from rig.site import now
from test_crash import as_mta, received

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@pytest.fixture(scope='module')
def site():
    yield from conftest.kept_when_failing(conftest.start(web=True, direct=True), 'kairan', 'kairan-worker', 'kairan-web')


def ask(path, request):
    """The whole answer of a small web server on a Unix socket to these bytes."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(path)
        connection.sendall(request)
        answer = b''
        while True:
            piece = connection.recv(65536)
            if not piece:
                return answer.decode()
            answer += piece


def get(stack, program, path):
    head, _, body = ask(stack.socket(program, 'metrics.sock'), f'GET {path} HTTP/1.1\r\nHost: x\r\n\r\n'.encode()).partition('\r\n\r\n')
    return int(head.split()[1]), body


def numbers(text):
    """{(name, label value): number}, as Prometheus reads it."""
    return {(sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text) for sample in family.samples}


def declared():
    """name -> (type, label, values, source) of metrics.def."""
    with open(os.path.join(SOURCE, 'core/util/metrics.def'), encoding='utf-8') as file:
        rows = re.findall(r'^METRIC\(\w+, (\w+), "(\w+)", "(\w*)", (?:"([^"]*)"|\w+), (\w+),', file.read(), re.M)
    return {name: (kind.lower(), label, values.split(), source) for kind, name, label, values, source in rows}


def test_numbers(site):
    before = numbers(get(site, 'worker', '/metrics')[1])
    as_mta(site, received(message(f'counted {time.time_ns()}', to=address_of('test'))), 'test')
    site.wait_copies(3)
    site.quiet()
    urllib.request.urlopen(site.http_url() + '/').read()
    text = site.kairan.command('metrics')
    families = {family.name: family for family in text_string_to_metric_families(text)}
    after = numbers(text)
    # Each row of metrics.def is there, of its type, with no label but its own; and nothing else is.
    rows = declared()
    assert {name.removesuffix('_total') if kind == 'counter' else name for name, (kind, *_) in rows.items()} == set(families)
    for name, (kind, label, values, _) in rows.items():
        family = families[name.removesuffix('_total') if kind == 'counter' else name]
        assert family.type == kind and len(family.documentation) > 10, name
        for sample in family.samples:
            assert set(sample.labels) == ({label} if label else set()), sample
            assert not values or sample.labels[label] in values, sample
        if values and kind == 'gauge' and not name.endswith('_seconds'):       # nobody watches a number that comes and goes
            assert {sample.labels[label] for sample in family.samples} == set(values), name
    # One message: received, accepted, three copies handed on.
    for key, more in {('kairan_messages_received_total',): 1, ('kairan_posts_judged_total', 'accept'): 1,
                      ('kairan_copies_total', 'handed_on'): 3}.items():
        assert after[key] - before[key] == more, key
    assert after[('kairan_members', 'member')] == 6 and after[('kairan_lists', 'open')] == 2
    assert after[('kairan_up', 'worker')] == after[('kairan_up', 'web')] == 1
    assert after[('kairan_web_requests_total', '2xx')] >= 1 and after[('kairan_web_children',)] == after[('kairan_web_children_wanted',)]
    assert after[('kairan_worker_children', 'send')] == after[('kairan_worker_children_wanted', 'send')] > 0
    assert after[('kairan_job_runs_total', 'index_posts')] > 0 and after[('kairan_job_failures_total', 'index_posts')] == 0
    assert 80 * 86400 < after[('kairan_partition_headroom_seconds',)] < 130 * 86400
    # Who is a member of what is not among them.
    assert 'members.example.org' not in text and 'renraku' not in text and '@' not in text


def test_who_asks_wrongly_is_sent_away(site):
    for program in ('worker', 'web'):
        path = site.socket(program, 'metrics.sock')
        assert ask(path, b'HEAD /metrics HTTP/1.0\r\n\r\n').endswith('\r\n\r\n')
        assert ask(path, b'GET /health?x HTTP/1.1\r\n\r\n').endswith('\r\n\r\nok\n')
        assert ask(path, b'POST /metrics HTTP/1.1\r\n\r\n').startswith('HTTP/1.1 405 ')
        assert ask(path, b'GET /etc/passwd HTTP/1.1\r\n\r\n').startswith('HTTP/1.1 404 ')
        assert ask(path, b'\0\xff nonsense\r\n').startswith('HTTP/1.1 400 ')
        assert ask(path, b'GET / HTTP/1.1\r\n' + b'x: y\r\n' * 100).startswith('HTTP/1.1 400 ')
        with socket.socket(socket.AF_UNIX) as silent:       # and nobody waits long for somebody who says nothing
            silent.connect(path)
            assert get(site, program, '/health')[0] == 200


def named(site, program):
    """Process id -> name of a master's children."""
    with open(f'/proc/{site.keeper.pid(program)}/task/{site.keeper.pid(program)}/children', encoding='ascii') as file:
        pids = file.read().split()
    names = {}
    for pid in pids:
        with open(f'/proc/{pid}/comm', encoding='ascii') as file:
            names[int(pid)] = file.read().strip()
    return names


def holders(site, program):
    """Names of the master's children that hold its metrics socket."""
    with open('/proc/net/unix', encoding='ascii') as file:
        own = {f'socket:[{line.split()[6]}]' for line in file if line.rstrip().endswith(' ' + site.socket(program, 'metrics.sock'))}
    return [name for pid, name in named(site, program).items() if own & {os.readlink(entry.path) for entry in os.scandir(f'/proc/{pid}/fd')}]


def test_who_answers_is_watched_too(site):
    """A process that answers for numbers and dies is replaced and counted; no other holds its socket."""
    for program, crashed in (('worker', ('kairan_worker_children_crashed_total', 'watch')), ('web', ('kairan_web_children_crashed_total',))):
        site.until(lambda: holders(site, program) == ['kairan-watch'])      # pylint: disable=cell-var-from-loop
        before, = [pid for pid, name in named(site, program).items() if name == 'kairan-watch']
        count = numbers(get(site, program, '/counted')[1])[crashed]
        os.kill(before, signal.SIGKILL)
        site.until(lambda: 'kairan-watch' in {name for pid, name in named(site, program).items() if pid != before})     # pylint: disable=cell-var-from-loop
        assert numbers(get(site, program, '/counted')[1])[crashed] == count + 1
        line = next(line for line in site.log(program).splitlines() if f'child_pid={before} ' in line)
        assert 'event=child_ended child=watch' in line and line.endswith('signal=9')


def test_what_is_said_at_the_start_is_among_the_warnings(site):
    site.state['set']['security.seccomp'] = 'no'
    site.write_config()
    try:
        for program in ('worker', 'web'):
            site.restart(program)
            site.until(lambda: os.path.exists(site.socket(program, 'metrics.sock')))     # pylint: disable=cell-var-from-loop
            assert 'event=sandbox_off' in get(site, program, '/warnings')[1]
    finally:
        del site.state['set']['security.seccomp']
        site.write_config()
        site.restart('worker')
        site.restart('web')


def fetch(url, host=None, method='GET'):
    request = urllib.request.Request(url, method=method, headers={'Host': host} if host else {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def status_with(site, settings):
    """What kairan status says with another configuration; all is well."""
    path = site.path('other.conf')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(settings)
    return subprocess.run([site.kairan.program('kairan'), '-c', path, 'status'], capture_output=True, text=True, check=True).stdout


def test_health_and_status_without_the_database(site):
    url = site.http_url() + '/health'
    for host in (None, '10.1.2.3'):             # a load balancer names us as it likes
        code, head, body = fetch(url, host)
        assert (code, body) == (200, b'ok\n') and 'Set-Cookie' not in head and 'no-store' in head['Cache-Control']
    assert fetch(url, method='HEAD')[2] == b''
    screen = site.kairan.command('status')
    assert screen.startswith('state: fine\n') and len(screen.splitlines()) <= 24 and max(map(len, screen.splitlines())) <= 80, screen
    ends = subprocess.run(['openssl', 'x509', '-noout', '-enddate', '-in', site.path('mx-cert.pem')], capture_output=True, text=True, check=True)
    day = time.strftime('%Y-%m-%d', time.strptime(ends.stdout.split('=')[1].strip(), '%b %d %H:%M:%S %Y GMT'))
    with open(site.config, encoding='utf-8') as file:
        settings = file.read()
    assert f'certificate: ends at {day}T' in status_with(site, re.sub(
        r'(?m)^url = http:.*', f'url = https://lists.example.jp\ncertificate = {site.path("mx-cert.pem")}', settings))
    assert 'worker: not known, as [worker] metrics_socket is empty\n' in status_with(site, re.sub(r'(?m)^metrics_socket = .*', 'metrics_socket =', settings))
    assert json.loads(site.kairan.command('status', '--json'))['state'] == 'fine'
    site.stop_part('postgres')
    try:
        code, head, body = fetch(url)
        assert (code, body, head['Retry-After']) == (503, b'not now\n', '5')
        assert get(site, 'worker', '/health') == (503, 'the database cannot be asked\n')
        assert numbers(get(site, 'worker', '/metrics')[1])[('kairan_worker_children_wanted', 'post')] > 0
        with pytest.raises(Exception) as failed:
            site.kairan.command('status')
        assert 'The database cannot be reached' in failed.value.printed and failed.value.status == 73
    finally:
        site.start_part('postgres')
    site.until(lambda: fetch(url)[0] == 200 and get(site, 'worker', '/health')[0] == 200)       # by itself
    # Each process says once that the database is away, and not five times a second; those that were at work say that it is back.
    tries = collections.Counter(re.findall(r'<4>pid=(\d+) [^\n]*event=database_unreachable', site.log('worker')))
    site.until(lambda: 'event=database_back' in site.log('worker'))
    assert tries and max(tries.values()) == 1, tries


def test_no_log_names_people(site):
    """Whatever happens, the logs of all our programs have neither addresses nor the secrets of mailed links in them."""
    site.clear_sink()
    site.recipient('m2@members.example.org', 'rcpt:550=5.1.1 <m2@members.example.org>: no such user here')
    as_mta(site, received(message(f'a failing copy {time.time_ns()}', to=address_of('test'))), 'test')
    with site.lmtp() as lmtp:       # a stranger joins: a mail with a link, and a reply to an address with a token
        lmtp.hello()
        assert lmtp.deliver('hana@stranger.example.org', [address_of('test').replace('@', '-join@')],
                            received(message('join', to=address_of('test').replace('@', '-join@'), sender='hana@stranger.example.org')))[0][:3] == '250'
    for path in ('/login', '/lists/test@lists.example.jp/join', '/u/AAAAAAAAAAAAAAAAAAAAAAAA', '/?"\'<>%0d%0aevent=forged'):
        fetch(site.http_url() + path)
    site.quiet()
    mails = b''.join(copy['message'] for copy in site.copies())
    secrets = set(re.findall(r'[A-Za-z0-9_-]{22,}', mails.decode('utf-8', 'replace').replace('=\r\n', '')))
    for program in ('worker', 'web'):
        for line in site.log(program).splitlines():
            assert re.fullmatch(r'<[3467]>pid=\d+ program=kairan-\w+( role=\w+)? event=\w+( \w+=("(\\.|[^"\\])*"|[^ "=]+))*', line), line
            assert not re.search(r'[\w.+-]@|hana', line), line
            assert not any(word in line for word in secrets), line
    assert 'event=copies' in site.log('worker') and 'failed=1' in site.log('worker')


def test_a_notice_that_nobody_can_sign_is_counted_as_put_off(site):
    keys, away, join = os.path.join(site.keys_dir(), 'lists.example.jp'), site.path('keys-away'), address_of('test').replace('@', '-join@')

    def reload():
        count = site.log('worker').count('event=reload ')
        os.kill(site.keeper.pid('worker'), signal.SIGHUP)
        site.until(lambda: site.log('worker').count('event=reload ') > count)

    def is_taken():
        """A child of before, which is about to end, breaks off: a mail server then tries again."""
        try:
            with site.lmtp() as lmtp:
                lmtp.hello()
                return lmtp.deliver('jun@stranger.example.org', [join],
                                    received(message('join', to=join, sender='jun@stranger.example.org')))[0][:3] == '250'
        except OSError:
            return False
    put_off = lambda: numbers(get(site, 'worker', '/counted')[1])[('kairan_notices_total', 'deferred')]     # noqa: E731
    before = put_off()
    os.rename(keys, away)
    try:
        reload()
        site.until(is_taken)
        site.until(lambda: put_off() > before)
    finally:
        os.rename(away, keys)
        reload()
    site.quiet()


def test_a_clock_that_jumps(site):
    """A day on and back: it is said, nothing is sent twice or lost for ever, and what was put off on the false clock does not wait for a day."""
    site.clear_sink()
    site.state['recipients'] = {}
    jumps = lambda seconds: site.until(lambda: f'event=clock_jumped seconds={seconds}' in site.log('worker'))   # noqa: E731
    site.personality('members', 'rcpt:451=4.2.0 later')
    site.new_list('gone')
    site.kairan.command('list', 'remove', address_of('gone'), '--quiet')
    site.sql("UPDATE list SET erase_at = %s WHERE name = 'gone' RETURNING id", now() + datetime.timedelta(hours=12))
    for offset, seconds in ((86400, 86400), (0, -86400)):
        site.state['set']['clock.offset_s'] = offset
        site.write_config()
        os.kill(site.keeper.pid('worker'), 1)
        jumps(seconds)
        if offset:
            as_mta(site, received(message(f'put off {time.time_ns()}', to=address_of('test'))), 'test')
            site.until(lambda: site.one('SELECT count(*) FROM chunk WHERE turn IS NULL AND owner IS NULL') > 0)
            assert site.one("SELECT count(*) FROM list WHERE name = 'gone'") == 1       # its time is over on a clock that may be wrong
    site.until(lambda: 'event=due_mended' in site.log('worker'))
    site.personality('members', 'strict')
    site.wait_copies(3)
    site.quiet()
    assert site.breaches() == []
    with pytest.raises(Exception) as failed:
        site.kairan.command('status')
    assert 'The clock jumped by -86400 s' in failed.value.printed
