#!/usr/bin/python3
"""make bench - how fast Kairan is, and how near to what the machine allows

    tests/bench/bench.py [--work DIR] [--only personal,bulk,...] [--full] [--peer] [--json FILE] [--keep]

Builds a release of its own in DIR (default: a temporary folder), starts tests/stack without Postfix and with a counting sink as
smarthost, and measures. Figures are ratios of one run: what the parts of a copy cost is measured in the same minutes as the whole.
Nothing here passes or fails: a busy machine gives worse figures, so each line says what others took of the processors meanwhile.
"""
import argparse
import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(SOURCE, 'tests')]

import account   # noqa: E402
import archive   # noqa: E402
import load   # noqa: E402
import pages   # noqa: E402
import peer   # noqa: E402
import peer_archive   # noqa: E402
import held   # noqa: E402
import members   # noqa: E402
import search   # noqa: E402
import settings   # noqa: E402
from members import people   # noqa: E402
from rig.kairan import DOMAIN   # noqa: E402
from rig.postgres import binaries   # noqa: E402
from rig.process import free_port   # noqa: E402
from rig.stack import Stack   # noqa: E402

PEER_FOLDER = os.environ.get('KAIRAN_PEER', os.path.join(SOURCE, '../shared/peers/mailman3'))
UNTRACKED = shutil.ignore_patterns('.git', '*.o', '*.a', '.deps', 'config.status', 'config.h', 'Makefile', 'gen', 'autom4te.cache',
                                   'bench-build')


def say(text):
    print(text, file=sys.stderr, flush=True)


# --- the release

def run(*command, cwd):
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        sys.exit(f'bench: {" ".join(command)} failed:\n{done.stdout.decode("utf-8", "replace")[-3000:]}')


def build(work):
    """A release (-O2, no sanitizers, no kill points) in WORK/build, made again only where the source changed."""
    source, folder = SOURCE, os.path.join(work, 'build')
    if os.path.exists(os.path.join(SOURCE, 'config.status')):
        source = os.path.join(work, 'source')   # a tree that is itself configured cannot be built from elsewhere
        shutil.copytree(SOURCE, source, dirs_exist_ok=True, ignore=UNTRACKED)
    if not os.path.exists(os.path.join(source, 'configure')):
        run('./autogen.sh', cwd=source)
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(os.path.join(folder, 'Makefile')):
        run(os.path.join(source, 'configure'), 'CFLAGS=-O2 -g', cwd=folder)
    run('make', f'-j{os.cpu_count()}', 'all', cwd=folder)
    run('make', *(f'tests/bench/{name}' for name in ('parts', 'rules', 'sink', 'echo')), cwd=folder)
    return folder


def sink_program(work, folder):
    """The reference installation's sink where it is at hand, so that both are measured with the same; else ours."""
    theirs = os.path.join(PEER_FOLDER, 'sink.c')
    if not os.path.exists(theirs):
        return os.path.join(folder, 'tests/bench/sink')
    program = os.path.join(work, 'peer-sink')
    run('gcc', '-O2', '-o', program, theirs, cwd=work)
    return program


# --- the installation under test

class Bench:
    def __init__(self, options, work):
        self.options, self.work, self.results, self.peer_folder = options, work, {}, PEER_FOLDER
        self.source = SOURCE
        self.build = options.build or build(work)
        self.folder = tempfile.mkdtemp(prefix='kairan-bench-')
        os.chmod(self.folder, 0o755)
        self.sink = load.Sink(sink_program(work, self.build), self.folder, free_port())
        self.stack, self.lists = None, {}

    def start(self, postfix=False):
        """A fresh stack whose smarthost is the sink, or a Postfix that sends to the sink."""
        parts = ['postgres', 'dns', 'worker', 'web', 'nginx'] + (['postfix-out'] if postfix else [])
        self.stack = Stack(os.path.join(self.folder, 'postfix' if postfix else 'direct'))
        os.makedirs(self.stack.folder, mode=0o755)
        self.stack.create({'build': self.build, 'members': 0, 'postfix': postfix, 'direct': False, 'mx': [], 'ports': {},
                           'set': {'worker.poll_ms': '1000', 'smtp.tls': 'none'}, 'listen': None, 'only': parts})
        self.stack.state['mxs']['members']['port'] = self.sink.port
        self.stack.save()
        self.stack.bind()
        self.stack.up()
        self.lists = {}

    def roots(self):
        found = {name: self.stack.keeper.pid(name) for name in ('worker', 'web', 'nginx', 'postgres', 'postfix-out')}
        found['sink'] = self.sink.process.pid
        return {name: pid for name, pid in found.items() if pid is not None}

    def list(self, name, members, **settings):
        """Address of a list with so many members, made at its first use."""
        address = f'{name}@{DOMAIN}'
        if name not in self.lists:
            self.stack.kairan.command('list', 'create', address)
            settings = dict({'default_nonmember_action': 'accept'}, **settings)
            self.stack.kairan.command('list', 'set', address, *(f'{key}={value}' for key, value in settings.items()))
            if members:
                self.stack.kairan.command('member', 'add', address, '-', stdin=people(name, members))
            self.lists[name] = members
        return address

    def lmtp(self):
        return load.Lmtp(self.stack.socket('worker', 'lmtp.sock'))

    def count(self, query):
        return int(self.stack.postgres.psql('-Atc', query, database='kairan').strip())

    def settle(self):
        """Until nothing is under way and the last notes are written."""
        for _ in range(600):
            if self.count('SELECT (SELECT count(*) FROM chunk) + (SELECT count(*) FROM incoming)') == 0:
                return
            time.sleep(0.1)

    def deliver(self, address, members, posts):
        """Sends posts one after the other over one LMTP connection and waits for the last copy."""
        self.sink.reset()
        client, messages = self.lmtp(), [load.post(address)[0] for _ in range(posts)]
        cpu, begun = account.cpu(self.roots()), time.time()
        client.deliver(address, messages[0])
        accepted = time.time()
        for message in messages[1:]:
            client.deliver(address, message)
        client.close()
        end = self.sink.wait(members * posts)
        seconds = end['last_ns'] / 1e9 - accepted
        used = {name: value - cpu[name] for name, value in account.cpu(self.roots()).items()}
        whole = time.time() - begun
        ours = sum(value for name, value in used.items() if name)
        self.settle()
        copies = end['recipients']
        return {'per_s': copies / seconds, 'seconds': seconds, 'copies': copies, 'transactions': end['transactions'],
                'signatures': end['dkim'] / end['transactions'],
                'cpu_per_1000': {name: 1000 * value / copies for name, value in used.items() if name},
                'cpu_per_1000_all': 1000 * ours / copies, 'others_share': (used[''] - ours) / whole / os.cpu_count()}

    def view(self, path):
        return pages.view(path, self.stack.socket('web', 'web.sock'))

    def views(self, paths, count):
        """Looks at the pages in turn, eight at a time so that every child has its share; returns the seconds."""
        threads = [threading.Thread(target=lambda: [self.view(paths[i % len(paths)]) for i in range(count // 8)]) for _ in range(8)]
        begun = time.time()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.time() - begun

    def stop(self):
        if self.stack is not None:
            self.stack.down(remove=not self.options.keep)
            self.stack = None

    def close(self):
        self.stop()
        self.sink.stop()
        if not self.options.keep:
            shutil.rmtree(self.folder, ignore_errors=True)


# --- the measures; each returns a dictionary

def measure_memory(bench):
    """Memory at rest of everything of ours, default numbers of children, PostgreSQL left out."""
    time.sleep(3)
    rows = [account.pss(pid) for name, pid in bench.roots().items() if name in ('worker', 'web')]
    return {'processes': sum(row[0] for row in rows), 'pss_mb': sum(row[1] for row in rows) / 2**20,
            'private_mb': sum(row[2] for row in rows) / 2**20}


def measure_parts(bench):
    dsn = bench.stack.postgres.dsn('kairan_worker')
    cpu, begun = account.cpu(bench.roots()), time.time()
    text = subprocess.run([os.path.join(bench.build, 'tests/bench/parts'), str(bench.sink.port), dsn, bench.stack.keys_dir(), DOMAIN,
                           str(bench.options.rounds)], stdout=subprocess.PIPE, check=True).stdout
    used = account.cpu(bench.roots())['']
    found = json.loads(text)
    found['busy_share'] = (used - cpu['']) / (time.time() - begun) / os.cpu_count()
    found['bound_per_s'] = os.cpu_count() * 1e6 / sum(found[f'{part}_us'] for part in ('smtp', 'sign', 'commit'))
    return found


def measure_personal(bench):
    address = bench.list('personal', 1000)
    bench.deliver(address, 1000, 1)
    found = bench.deliver(address, 1000, bench.options.posts)
    found['one_post_per_s'] = bench.deliver(address, 1000, 1)['per_s']
    return found


def measure_bulk(bench):
    address = bench.list('bulk', 1000, bulk_delivery='yes')
    bench.deliver(address, 1000, 1)
    return bench.deliver(address, 1000, 4 * bench.options.posts)


def measure_first(bench):
    """From our 250 to the first of three copies, posts one by one."""
    address, accepted = bench.list('three', 3), {}
    bench.sink.reset()
    client = bench.lmtp()
    for _ in range(bench.options.singles):
        message, mark = load.post(address)
        client.deliver(address, message)
        accepted[mark] = time.time()
        time.sleep(0.15)
    client.close()
    bench.sink.wait(3 * bench.options.singles)
    waits = sorted(1000 * (copies[0] - accepted[mark]) for mark, copies in bench.sink.times().items() if mark in accepted)
    return {'median_ms': statistics.median(waits), 'p95_ms': waits[int(0.95 * len(waits))], 'most_ms': waits[-1], 'posts': len(waits)}


def measure_members(bench):
    return members.measure_adding(bench)


def measure_members_page(bench):
    return members.measure_page(bench)


def measure_acceptance(bench):
    """Posts taken in from several connections at once; nobody gets a copy, so that only taking in and archiving is seen."""
    address, clients, posts = bench.list('quiet', 0), 4, 25 * bench.options.posts
    before = bench.count('SELECT count(*) FROM post')

    def send():
        client = bench.lmtp()
        for _ in range(posts):
            client.deliver(address, load.post(address)[0])
        client.close()

    threads = [threading.Thread(target=send) for _ in range(clients)]
    begun = time.time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = time.time() - begun
    bench.settle()
    archived = time.time() - begun
    done = bench.count('SELECT count(*) FROM post') - before
    return {'accepted_per_s': clients * posts / accepted, 'archived_per_s': done / archived, 'posts': done}


def measure_fairness(bench):
    """A post to 50 members by itself, and one handed in while 20,000 copies of another are going out."""
    large, small = bench.list('large', 20000), bench.list('fifty', 50)
    alone = bench.deliver(small, 50, 1)['seconds']
    bench.sink.reset()
    client = bench.lmtp()
    client.deliver(large, load.post(large)[0])
    bench.sink.wait(500)
    message, mark = load.post(small)
    client.deliver(small, message)
    accepted = time.time()
    client.close()
    bench.sink.wait(20050)
    bench.settle()
    times = bench.sink.times()
    return {'alone_s': alone, 'beside_s': max(times[mark]) - accepted,
            'large_s': max(max(copies) for copies in times.values()) - min(min(copies) for copies in times.values())}


def measure_growth(bench):
    """Memory before and after many deliveries, then before and after many page views, each once every child has done some. The
    pages stay the same meanwhile: a page with more posts needs more memory, which is no growth."""
    address, wanted = bench.list('personal', 1000), 100000 if bench.options.full else 20000
    bench.deliver(address, 1000, 10)
    fresh = measure_memory(bench)
    bench.deliver(address, 1000, wanted // 1000)
    delivered = measure_memory(bench)
    paths = [path for path in ('/', '/robots.txt', '/lists/personal/', f'/lists/personal/{time.strftime("%Y/%m", time.gmtime())}/')
             if bench.view(path) == 200]
    bench.views(paths, 8000)
    warm = measure_memory(bench)
    seconds = bench.views(paths, wanted)
    viewed = measure_memory(bench)
    return {'deliveries': wanted, 'views': wanted, 'paths': paths, 'views_per_s': wanted / seconds, 'before_deliveries_mb': fresh['pss_mb'],
            'after_deliveries_mb': delivered['pss_mb'], 'before_views_mb': warm['pss_mb'], 'after_views_mb': viewed['pss_mb'],
            'deliveries_percent': 100 * (delivered['pss_mb'] / fresh['pss_mb'] - 1),
            'views_percent': 100 * (viewed['pss_mb'] / warm['pss_mb'] - 1)}


def measure_postfix(bench):
    bench.stop()
    bench.start(postfix=True)
    address = bench.list('personal', 1000)
    bench.deliver(address, 1000, 1)
    return bench.deliver(address, 1000, 2)


def measure_rules(bench):
    """A stranger's post to a list with 200 filters and 10,000 lines about nonmembers, none of which knows him: everything is asked."""
    address = bench.list('ruled', 1, default_nonmember_action='hold')
    bench.stack.postgres.psql('-q', '-v', 'ON_ERROR_STOP=1', '-c', r"""
        INSERT INTO header_filter (list_id, position, fields, patterns, action, changed_by, changed_at)
        SELECT l.id, n, '{Subject}', ARRAY[format('^\[spam%s\]|offer%s(ed)?$', n, n)], 'discard', 'bench', now()
        FROM list l, generate_series(1, 200) n WHERE l.name = 'ruled';
        INSERT INTO setting (scope, scope_id, name, value, changed_by, changed_at)
        SELECT 'list', l.id, 'discard_these_nonmembers', (SELECT string_agg(CASE
            WHEN n % 100 = 0 THEN format('@domain%s.example', n) WHEN n % 100 = 1 THEN format('^bot%s[0-9]+@.*\.example$', n)
            ELSE format('person%s@other%s.example', n, n % 700) END, E'\n') FROM generate_series(1, 10000) n), 'bench', now()
        FROM list l WHERE l.name = 'ruled'""", database='kairan')
    cpu = account.cpu(bench.roots())
    found = json.loads(subprocess.run([os.path.join(bench.build, 'tests/bench/rules'), bench.stack.postgres.dsn('kairan_worker'), address,
                                       str(bench.options.rounds)], stdout=subprocess.PIPE, check=True).stdout)
    used = account.cpu(bench.roots())
    found['cpu_ms'] = 1000 * (used['postgres'] - cpu['postgres']) / bench.options.rounds + found['own_cpu_ms']
    return found


def measure_settings(bench):
    return settings.measure(bench, DOMAIN)


def measure_held(bench):
    return held.measure(bench)


def measure_search(bench):
    return search.measure(bench, DOMAIN, 20000, search.BASE)


def measure_search_large(bench):
    return search.measure(bench, DOMAIN, bench.options.messages, search.BASE_LARGE)


def measure_archive(bench):
    return archive.measure(bench, DOMAIN, 20000)


def measure_archive_large(bench):
    return archive.measure(bench, DOMAIN, bench.options.messages)


MEASURES = {name: globals()['measure_' + name.replace('-', '_')] for name in
            ('memory', 'members', 'members-page', 'first', 'parts', 'personal', 'bulk', 'acceptance', 'fairness', 'growth', 'settings', 'held', 'search', 'rules', 'archive',
             'archive-large', 'search-large', 'postfix')}
SLOW = {'archive-large', 'search-large'}     # not measured unless it is named


# --- the table

def other_pages(results):
    found = [results.get('settings', {}).get(name + '_ms') for name in settings.OTHERS]
    return None if None in found else ' / '.join(shown(value) for value in found)


def rows(results, reference):
    """(what, figure, wanted, Mailman's or None) of everything that was measured."""
    def figure(measure, key):
        return results.get(measure, {}).get(key)

    def ratio(a, b):
        return a / b if a and b else None

    personal, bulk = figure('personal', 'per_s'), figure('bulk', 'per_s')
    cpu = figure('personal', 'cpu_per_1000_all')
    by_cpu = os.cpu_count() * 1000 / cpu if cpu else None
    bound = figure('parts', 'bound_per_s')
    return [
        ('personal copies, each with two signatures, per second', personal, None, reference['personal_per_s']),
        ('  times Mailman', ratio(personal, reference['personal_per_s']), '>= 60', None),
        ('  CPU seconds for 1,000 copies, PostgreSQL and sink included', cpu, None, None),
        ('  per second, were both processors ours (from CPU seconds)', by_cpu, None, None),
        ('  one transaction with the sink, microseconds', figure('parts', 'smtp_us'), None, None),
        ('  two signatures, microseconds', figure('parts', 'sign_us'), None, None),
        ('  one committed row, microseconds', figure('parts', 'commit_us'), None, None),
        ('  bound: cores / (the three), per second', bound, None, None),
        ('  share of the bound', ratio(personal, bound), '>= 0.60', None),
        ('  share of the bound, from CPU seconds', ratio(by_cpu, bound), None, None),
        ('  others took of the processors meanwhile (share)', figure('personal', 'others_share'), None, None),
        ('bulk copies per second', bulk, None, reference['bulk_per_s']),
        ('  times Mailman', ratio(bulk, reference['bulk_per_s']), '>= 20', None),
        ('first of three copies after our 250, median ms', figure('first', 'median_ms'), '<= 50', reference['first_copy_ms']),
        ('  p95 ms', figure('first', 'p95_ms'), None, None),
        ('10,000 members added on the command line, seconds', figure('members', 'seconds'), '<= 2', reference['members_10000_s']),
        ('  1,000 pasted on the page, looked at and added, seconds', figure('members', 'page_1000_s'), None, reference['members_1000_page_s']),
        ('  100,000 members added, seconds', figure('members-page', 'add_100000_s'), None, None),
        ('a page of 100,000 members (Mailman: 10,000), at any place and in any order: most CPU, ms', figure('members-page', 'most_cpu_ms'),
         '<= 5', reference['members_page_ms']),
        ('  times cheaper than Mailman', ratio(reference['members_page_ms'], figure('members-page', 'most_cpu_ms')), '>= 50', None),
        ('  the first', figure('members-page', 'first_cpu_ms'), None, None),
        ('  the last', figure('members-page', 'last_cpu_ms'), None, None),
        ('  by address', figure('members-page', 'address_cpu_ms'), None, None),
        ('  by name', figure('members-page', 'name_cpu_ms'), None, None),
        ('  by joined', figure('members-page', 'joined_cpu_ms'), None, None),
        ('  by last bounce', figure('members-page', 'bounce_back_cpu_ms'), None, None),
        ('  searched by prefix', figure('members-page', 'search_cpu_ms'), None, reference['members_search_ms']),
        ('memory at rest, MB PSS without PostgreSQL', figure('memory', 'pss_mb'), '<= 60', reference['memory_mb']),
        ('  processes', figure('memory', 'processes'), None, None),
        ('  at rest again after work', figure('growth', 'after_views_mb'), '<= 60', None),
        ('growth over so many deliveries, percent', figure('growth', 'deliveries_percent'), '< 1', None),
        ('growth over so many page views, percent', figure('growth', 'views_percent'), '< 1', None),
        ('  deliveries and page views, each', figure('growth', 'deliveries'), None, None),
        ('  page views per second', figure('growth', 'views_per_s'), None, None),
        ('a page of settings, signed in, ms of CPU of all processes', figure('settings', 'page_ms'), '<= 3',
         reference['settings_page_ms']),
        ('  the dearest of them', figure('settings', 'dearest_ms'), '<= 3', None),
        ('what would this change?, of 100 posts, ms of CPU', figure('settings', 'effect_ms'), '<= 20', None),
        ('find among 300 lists by a setting, ms of CPU', figure('settings', 'find_ms'), None, None),
        ('  the directory / a list / one\'s lists / administration / accounts / domains, ms of CPU', other_pages(results), None, None),
        ('change a setting of 300 lists, seconds', figure('settings', 'apply_s'), None, None),
        ('first page of 5,000 held posts (Mailman: 200), signed in, ms of CPU of all processes', figure('held', 'page_ms'), '<= 5',
         reference['held_page_ms']),
        ('  one search among them, ms of CPU', figure('held', 'search_ms'), '<= 5', None),
        ('  one that finds all of them', figure('held', 'search_common_ms'), None, None),
        ('  over all 300 lists', figure('held', 'all_lists_ms'), None, None),
        ('accept 100 held posts at once (Mailman: 10), seconds', figure('held', 'accept_s'), '<= 1', reference['accept_10_s']),
        ('  decided and archived after further seconds', figure('held', 'archived_s'), None, None),
        ('a post decided, with 200 filters and 10,000 nonmember lines: median ms', figure('rules', 'median_ms'), '<= 5', None),
        ('  99th of 100, ms', figure('rules', 'p99_ms'), None, None),
        ('  CPU of all processes, ms', figure('rules', 'cpu_ms'), None, None),
        ('  the first of a process, ms', figure('rules', 'first_ms'), None, None),
        ('through Postfix: personal copies per second', figure('postfix', 'per_s'), None, None),
        ('posts accepted by LMTP per second', figure('acceptance', 'accepted_per_s'), None, None),
        ('  decided and archived per second', figure('acceptance', 'archived_per_s'), None, None),
        ('post to 50 members by itself: last copy after s', figure('fairness', 'alone_s'), None, None),
        ('  beside a post to 20,000', figure('fairness', 'beside_s'), None, None),
        ('  that takes s', figure('fairness', 'large_s'), None, None),
        *search.rows(results), *search.rows(results, 'search-large'), *archive.rows(results, reference), *archive.rows(results, reference, 'archive-large'),
    ]


def shown(value):
    if value is None:
        return ''
    if isinstance(value, str):
        return value
    return f'{value:,.0f}' if abs(value) >= 100 else f'{value:.3g}'


def table(machine, results, reference, source):
    lines = [f'{machine["cores"]} cores ({machine["cpu"]}), {machine["memory_gib"]} GiB, Linux {machine["kernel"]}, '
             f'{machine["postgresql"]}, {machine["compiler"]}', '', f'| | Kairan | wanted | Mailman 3 ({source}) |', '|---|---:|---:|---:|']
    lines += [f'| {what.replace("  ", "&nbsp;&nbsp;", 1) if what.startswith("  ") else what} | {shown(value)} | {shown(wanted)} '
              f'| {shown(theirs)} |' for what, value, wanted, theirs in rows(results, reference) if value is not None]
    return '\n'.join(lines)


def arguments():
    parser = argparse.ArgumentParser(prog='bench.py', description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--work', help='folder for the release build, kept (default: a temporary one)')
    parser.add_argument('--build', help='measure this build instead of making one')
    parser.add_argument('--only', help='some of: ' + ', '.join(MEASURES))
    parser.add_argument('--posts', type=int, default=10, help='posts to 1,000 members each (10)')
    parser.add_argument('--singles', type=int, default=50, help='posts to three members (50)')
    parser.add_argument('--rounds', type=int, default=1000, help='how often each part is done (1000)')
    parser.add_argument('--views', type=int, default=200, help='views of each kind of page (200)')
    parser.add_argument('--seconds', type=int, default=6, help='how long each page of the archive is asked for (6)')
    parser.add_argument('--messages', type=int, default=1000000, help='messages of archive-large and search-large (1000000)')
    parser.add_argument('--full', action='store_true', help='growth over 100,000 deliveries and page views instead of 20,000')
    parser.add_argument('--peer', action='store_true', help='run Mailman 3 too (installs packages), by the scripts in KAIRAN_PEER')
    parser.add_argument('--json', metavar='FILE', help='write everything that was measured')
    parser.add_argument('--keep', action='store_true', help='leave the stack\'s folder')
    return parser.parse_args()


def measure_all(bench, names):
    bench.start()
    for name in names:
        bench.results[name] = MEASURES[name](bench)
        say(f'{name}: {json.dumps(bench.results[name])}')
    return bench.results


def main():
    options = arguments()
    names = options.only.split(',') if options.only else [name for name in MEASURES if name not in SLOW]
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        sys.exit(f'bench: there is no measure {unknown[0]}')
    work = options.work or tempfile.mkdtemp(prefix='kairan-bench-build-')
    os.makedirs(work, exist_ok=True)
    bench = Bench(options, work)
    try:
        results = measure_all(bench, names)
    finally:
        bench.close()
        if not options.work:
            shutil.rmtree(work, ignore_errors=True)
    reference, source = {**peer.RECORDED, **peer_archive.RECORDED}, 'recorded'
    if options.peer:
        try:
            reference.update(peer.Peer(PEER_FOLDER).measure(names))
            source = 'same run'
        except (OSError, subprocess.CalledProcessError) as error:
            say(f'bench: Mailman could not be measured: {error}')
    postgres = sorted(glob.glob(os.path.join(binaries(), 'postgres')))[-1]
    machine = account.machine(postgres)
    print(table(machine, results, reference, source))
    if options.json:
        with open(options.json, 'w') as file:
            json.dump({'machine': machine, 'results': results, 'mailman': reference, 'mailman_source': source}, file, indent=1)


if __name__ == '__main__':
    main()
