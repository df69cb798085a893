"""The archive: taken in with its index, read and searched through nginx; beside a trivial FastCGI answer and a static file."""
import gzip
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import account
import corpus
from rig.process import free_port, wait_until
from visit import psql, sign_in

LIST, MBOXES, SHORT = 'bench', 10, 'short'
EXTRA = """
    fastcgi_cache_path {home}/cache levels=1:2 keys_zone=bench:10m max_size=1g inactive=10m use_temp_path=off;
    server {{
        listen 127.0.0.1:{cached};
        location / {{
            fastcgi_pass unix:{socket};
            {params}
            fastcgi_cache bench;
            fastcgi_cache_key $request_uri;
            fastcgi_ignore_headers Vary;
            fastcgi_cache_valid 200 60s;
        }}
    }}
    server {{
        listen 127.0.0.1:{floor};
        location /static {{ alias {home}/static; }}
        location / {{ fastcgi_pass unix:{echo}; {params} }}
        location /same {{ fastcgi_pass unix:{same}; {params} }}
    }}
"""


class Front:
    """An nginx of this bench's own, with the rig's words for kairan-web: without a cache, with one, and before what is trivial."""

    def __init__(self, bench, page_bytes):
        self.bench, self.folder = bench, os.path.join(bench.folder, 'front')
        self.ports = {name: free_port() for name in ('plain', 'cached', 'floor')}
        os.makedirs(self.folder, mode=0o755)
        self.sockets = {name: bench.stack.socket(name + '.sock') for name in ('echo', 'same')}
        self.echoes = {'echo': self.answer('echo', page_bytes)}
        with open(os.path.join(self.folder, 'static'), 'wb') as file:
            file.write(b'x' * page_bytes)
        self.nginx = self.start()

    def answer(self, name, page_bytes):
        """A trivial program that always gives so many bytes."""
        program = os.path.join(self.bench.build, 'tests/bench/echo')
        return subprocess.Popen([program, self.sockets[name], str(page_bytes), '8'])

    def start(self):
        rig = self.bench.stack.nginx
        with open(os.path.join(rig.folder, 'nginx.conf'), encoding='utf-8') as file:
            text = file.read()
        params = '\n'.join(re.findall(r'^\s*fastcgi_param .*;$', text, re.M))
        extra = EXTRA.format(home=self.folder, socket=rig.socket, params=params, **self.sockets, cached=self.ports['cached'],
                             floor=self.ports['floor'])
        text = text.replace(rig.folder, self.folder).replace(rig.listen, f'127.0.0.1:{self.ports["plain"]}')
        text = re.sub(r'^pid .*;$', f'pid {self.folder}/nginx.pid;', text, flags=re.M)
        with open(os.path.join(self.bench.source, 'nginx-example'), encoding='utf-8') as file:
            buffers = ' '.join(re.findall(r'^\s*(fastcgi_buffer\S* [^;]*;)', file.read(), re.M))
        text = re.sub(r'access_log .*;', f'access_log off; {buffers}', text).replace('server {', extra + '    server {', 1)
        path = os.path.join(self.folder, 'nginx.conf')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        child = subprocess.Popen([shutil.which('nginx') or '/usr/sbin/nginx', '-c', path, '-p', self.folder, '-e', os.path.join(self.folder, 'error')])
        wait_until(lambda: self.get('floor', '/static')[0] == 200, 10, 'nginx', os.path.join(self.folder, 'error'), lambda: child.poll() is None)
        return child

    def get(self, server, path, **headers):
        asked = urllib.request.Request(f'http://127.0.0.1:{self.ports[server]}{path}', headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b''

    def roots(self):
        return {**{name: pid for name, pid in self.bench.roots().items() if name in ('web', 'postgres')}, 'front': self.nginx.pid,
                **{name: process.pid for name, process in self.echoes.items()}}

    def load(self, server, path, seconds, connections=8, session=None):
        """Requests a second and what one costs of CPU in all processes, wrk's own left out; of somebody signed in with a session."""
        before, begun = account.cpu(self.roots()), time.time()
        who = ['-H', f'Cookie: session={session}'] if session else []
        text = subprocess.run(['wrk', '-t1', f'-c{connections}', f'-d{seconds}', '--timeout', '60', '--latency', *who,
                               f'http://127.0.0.1:{self.ports[server]}{path}'], stdout=subprocess.PIPE, check=True).stdout.decode()
        used, whole = account.cpu(self.roots()), time.time() - begun
        count = int(re.search(r'(\d+) requests in', text)[1])
        if 'Non-2xx' in text or count == 0:
            raise RuntimeError(f'{path}: {text}')
        ours = sum(used[name] - before[name] for name in before if name)
        return {'per_s': float(re.search(r'Requests/sec:\s+([\d.]+)', text)[1]), 'cpu_ms': 1000 * ours / count,
                'p50_ms': milliseconds(re.search(r'50%\s+(\S+)', text)[1]), 'p99_ms': milliseconds(re.search(r'99%\s+(\S+)', text)[1]),
                'busy_share': (used[''] - before['']) / whole / os.cpu_count()}

    def tag(self, server, path):
        with urllib.request.urlopen(f'http://127.0.0.1:{self.ports[server]}{path}', timeout=60) as answer:
            return answer.headers['ETag']

    def few(self, server, path, count, wanted=200, **headers):
        """The same of requests one by one, for what may be asked for a few times in an hour alone."""
        before, begun, times = account.cpu(self.roots()), time.time(), []
        for _ in range(count):
            asked = time.time()
            status, _ = self.get(server, path, **headers)
            if status != wanted:
                raise RuntimeError(f'{path}: {status}')
            times.append(1000 * (time.time() - asked))
        used, whole = account.cpu(self.roots()), time.time() - begun
        times.sort()
        return {'per_s': count / whole, 'cpu_ms': 1000 * sum(used[name] - before[name] for name in before if name) / count,
                'p50_ms': times[count // 2], 'alone_p50_ms': times[count // 2], 'p99_ms': times[-1],
                'busy_share': (used[''] - before['']) / whole / os.cpu_count()}

    def stop(self):
        for process in (self.nginx, *self.echoes.values()):
            process.terminate()
            process.wait()


def milliseconds(text):
    """None where wrk had nothing to count."""
    found = re.fullmatch(r'([\d.]+)(us|ms|s|m)', text)
    return found and float(found[1]) * {'us': 0.001, 'ms': 1, 's': 1000, 'm': 60000}[found[2]]


# --- taking in

def messages_file(bench, number):
    """The same mails as the reference installation reads, where it is measured beside us; else those of corpus.py."""
    maker = os.path.join(bench.peer_folder, 'corpus.py')
    is_theirs = bench.options.peer and number == 20000 and os.path.exists(maker)
    path = os.path.join(bench.folder, f'archive-{number}.mbox')
    if is_theirs:
        subprocess.run(['/usr/bin/python3', maker, path, '--n', str(number)], check=True, stdout=subprocess.DEVNULL)
    elif not os.path.exists(path + '.json'):
        corpus.write(path, number, 36 if number <= 100000 else 240)
    with open(path + '.json', encoding='utf-8') as file:
        made = json.load(file)
    if is_theirs:
        made['probes'] = {'common': made['probe']['common'], 'rare': made['probe']['rare'], 'japanese': made['probe']['ja'][:2]}
    return path, made


def resident(pid):
    try:
        with open(f'/proc/{pid}/status') as file:
            return int(re.search(r'VmHWM:\s+(\d+)', file.read())[1]) / 1024
    except (OSError, TypeError):
        return 0


def wait_for_index(bench, patience=20):
    """Until every post can be found; how many cannot when nothing has gone on for so many seconds."""
    last, changed = None, time.time()
    while True:
        due = bench.count('SELECT count(*) FROM post_stale')
        if due != last:
            last, changed = due, time.time()
        if due == 0 or time.time() - changed > patience:
            return due
        time.sleep(0.2)


def take_in(bench, path, number):
    """The import with its index, until the last post can be found; seconds, CPU of all, memory of the importer."""
    kairan, roots = bench.stack.kairan, {name: pid for name, pid in bench.roots().items() if name in ('worker', 'postgres')}
    before, begun = account.cpu(roots), time.time()
    most, own = 0, 0
    with tempfile.TemporaryFile(dir=bench.folder) as answer:     # not a pipe: nobody reads it before the end, and a report can be long
        work = subprocess.Popen([kairan.program('kairan'), '-c', kairan.config, 'import', f'{LIST}@{bench.domain}', path, '--index', '--json'],
                                stdout=answer)
        while work.poll() is None:
            most, own = max(most, resident(work.pid)), max(own, account.cpu({'import': work.pid})['import'])
            time.sleep(0.2)
        seconds = time.time() - begun
        answer.seek(0)
        told = json.load(answer)
    if work.returncode != 0 or told['added'] != number:
        raise RuntimeError(f'import: {told}')
    not_found = wait_for_index(bench)
    whole, used = time.time() - begun, account.cpu(roots)
    cpu = {name: used[name] - before[name] for name in roots}
    cpu['import'] = own
    return {'messages': number, 'not_indexed': not_found, 'seconds': whole, 'per_s': number / whole, 'in_per_s': number / seconds, 'cpu_s': cpu,
            'cpu_ms_each': 1000 * sum(cpu.values()) / number, 'by_cpu_per_s': os.cpu_count() * number / sum(cpu.values()), 'memory_mb': most,
            'others_share': (used[''] - before[''] - sum(cpu.values())) / whole / os.cpu_count()}


# --- reading

def hash_of_thread(bench, posts):
    return psql(bench, f"SELECT p.hash FROM thread t JOIN post p ON p.id = t.first_post_id JOIN list l ON l.id = t.list_id"
                       f" WHERE l.name = '{LIST}' ORDER BY abs(t.posts - {posts}), t.id LIMIT 1")


def paths(bench, made):
    """name -> path of what is asked for; only what this build answers."""
    month = sorted(made['months'])[len(made['months']) // 2].replace('-', '/')
    fifty, many, base = hash_of_thread(bench, 50), hash_of_thread(bench, 180), f'/lists/{LIST}/'
    found = {'overview': base, 'month': f'{base}{month}/', 'thread_50': f'{base}thread/{fifty}', 'thread_180': f'{base}thread/{many}',
             'message': f'{base}message/{fifty}', 'month_mbox': f'{base}{month}/mbox.gz'}
    for name, word in made['probes'].items():
        found['search_' + name] = f'{base}search?q={urllib.parse.quote(word)}'
        found['search_all_' + name] = f'/search?q={urllib.parse.quote(word)}'
    return found


def short_thread(bench):
    """A list of one thread, as people talk: 50 messages of some lines. Its path."""
    said = ('I can bring the parts for the second violins on Thursday.', 'Rehearsal is in the small hall, as the large one is taken.',
            '木曜日の練習に少し遅れます。先に始めていてください。', 'Thank you! That is a great help to all of us.')
    path = os.path.join(bench.folder, 'short.mbox')
    with open(path, 'w', encoding='utf-8') as file:
        for i in range(50):
            above = f'In-Reply-To: <short{(i - 1) // 2}@example.org>\n' if i else ''
            lines = '\n'.join(said[(i + k) % len(said)] for k in range(1 + i % 3))
            file.write(f'From member{i % 9}@example.org Mon Nov  2 09:{i:02}:00 2026\nFrom: Member {i % 9} <member{i % 9}@example.org>\n'
                       f'To: short@{bench.domain}\nSubject: {"Re: " if i else ""}Rehearsal on Thursday\nMessage-ID: <short{i}@example.org>\n{above}'
                       f'Date: Mon, 2 Nov 2026 09:{i:02}:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n{lines}\n\nM.\n\n')
    bench.stack.kairan.command('list', 'create', f'{SHORT}@{bench.domain}')
    bench.stack.kairan.command('import', f'{SHORT}@{bench.domain}', path, '--index')
    wait_for_index(bench)
    return f'/lists/{SHORT}/thread/' + psql(bench, f"SELECT p.hash FROM thread t JOIN post p ON p.id = t.first_post_id JOIN list l ON l.id = t.list_id"
                                                   f" WHERE l.name = '{SHORT}' AND t.posts = 50")


def read(bench, made):
    """Each page through nginx: once by itself, then for some seconds from eight connections."""
    seconds, asked, found = bench.options.seconds, {**paths(bench, made), 'thread_short': short_thread(bench)}, {}
    front, session = Front(bench, 20480), sign_in(bench, 'member', LIST)
    try:
        for name, path in asked.items():
            status, page = front.get('plain', path)
            if status != 200:
                found[name] = {'status': status}
                continue
            if name == 'month_mbox':
                found[name] = {'bytes': len(page), **front.few('plain', path, MBOXES)}
                found[name + '_same'] = front.few('plain', path, 10 * MBOXES, 304, **{'If-None-Match': front.tag('plain', path)})
                found[name + '_cached'] = front.few('cached', path, 10 * MBOXES)
                continue
            front.load('plain', path, 1)
            found[name] = {'bytes': len(page), 'gzip_bytes': len(gzip.compress(page)), **front.load('plain', path, seconds),
                           'alone_p50_ms': front.load('plain', path, max(2, seconds // 2), 1)['p50_ms']}
            front.load('plain', path, 1, session=session)
            anew = front.load('plain', path, max(2, seconds // 2), session=session)
            found[name].update(anew_cpu_ms=anew['cpu_ms'], anew_per_s=anew['per_s'],
                               anew_p50_ms=front.load('plain', path, max(2, seconds // 2), 1, session)['p50_ms'])
        found['trivial'] = front.load('floor', '/', seconds)
        front.echoes['same'] = front.answer('same', found['thread_50']['bytes'])
        wait_until(lambda: front.get('floor', '/same')[0] == 200, 10, 'the program', os.path.join(front.folder, 'error'))
        found['same'] = front.load('floor', '/same', seconds)
        with open(os.path.join(front.folder, 'static'), 'wb') as file:      # the very bytes that the cache gives
            file.write(front.get('cached', asked['thread_50'])[1])
        found['static'], found['cached'] = front.load('floor', '/static', seconds), front.load('cached', asked['thread_50'], seconds)
    finally:
        front.stop()
    return found


def measure(bench, domain, number):
    bench.domain = domain
    path, made = messages_file(bench, number)
    bench.stack.kairan.command('list', 'create', f'{LIST}@{domain}')
    before = bench.count("SELECT pg_database_size('kairan')")
    found = {'mail_bytes': made['bytes'], 'import': take_in(bench, path, number)}
    psql(bench, 'VACUUM ANALYZE')
    found['database_bytes'] = bench.count("SELECT pg_database_size('kairan')") - before
    found['times_mail'] = found['database_bytes'] / made['bytes']
    found['tables'] = dict(line.split('|') for line in psql(
        bench, "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
               " ORDER BY 2 DESC LIMIT 8").splitlines())
    found['pages'] = read(bench, made)
    for name in (LIST, SHORT):
        bench.stack.kairan.command('list', 'remove', f'{name}@{domain}', '--quiet')
        bench.stack.kairan.command('list', 'erase', f'{name}@{domain}')
    return found


# --- the table

PAGES = (('thread_50', 'a thread of 50 messages', 50), ('thread_short', 'a thread of 50 short messages', None),
         ('thread_180', 'a thread of 180 messages', None), ('month', 'a month', 50),
         ('message', 'a message', 50), ('overview', 'a list\'s overview', 50), ('month_mbox', 'a month as mbox.gz, packed anew', 20),
         ('month_mbox_same', 'the same for those who have it already: "not modified"', None),
         ('month_mbox_cached', 'the same from nginx\'s cache', None),
         ('search_common', 'search for a common word', 50), ('search_rare', 'search for a rare word', 50),
         ('search_japanese', 'search for two Japanese letters', 50), ('search_all_common', 'the same, all lists: common', None),
         ('search_all_rare', '&nbsp;&nbsp;rare', None), ('search_all_japanese', '&nbsp;&nbsp;Japanese', None))


def rows(results, reference, name='archive'):
    """Of one of the two sizes; what Mailman's archive did is of 20,000 messages."""
    found = results.get(name)
    if found is None:
        return []
    taken, pages = found['import'], found['pages']
    theirs = reference if name == 'archive' else dict.fromkeys(reference)
    trivial = pages['trivial']['per_s']
    yield f'archive of {taken["messages"]:,} messages taken in with index, messages per second', taken['per_s'], '>= 1,500', theirs['import_per_s']
    if taken['not_indexed']:
        yield '  posts that could not be found in the end', taken['not_indexed'], '0', None
    yield '  were both processors ours (from CPU seconds)', taken['by_cpu_per_s'], '>= 1,500', None
    yield '  CPU of all processes for one message, ms', taken['cpu_ms_each'], None, None
    yield '  memory of the importer, MB', taken['memory_mb'], None, None
    yield '  others took of the processors meanwhile (share)', taken['others_share'], None, None
    yield '  database with index, times the mail\'s bytes', found['times_mail'], '<= 2.5', theirs['times_mail']
    for page, words, times in PAGES:
        if 'per_s' not in pages.get(page, {}):
            continue
        one, other = pages[page], theirs.get('archive_' + page + '_per_s')
        yield f'{words}: requests per second', one['per_s'], None, other
        if other:       # a search that somebody made before is seldom asked for again: it counts as made anew
            yield '  times Mailman', one['anew_per_s' if 'search' in page else 'per_s'] / other, f'>= {200 if page == "thread_50" else times}' if times else None, None
        yield '  CPU of all processes, ms', one['cpu_ms'], None, None
        yield '  one by one, p50 ms', one['alone_p50_ms'], '<= 10' if 'search' in page else None, None
        if 'anew_cpu_ms' in one:
            yield '  made anew, for who is signed in: requests per second', one['anew_per_s'], None, None
            yield '  &nbsp;&nbsp;CPU of all processes, ms', one['anew_cpu_ms'], None, None
            yield '  &nbsp;&nbsp;one by one, p50 ms', one['anew_p50_ms'], '<= 10' if 'search' in page else None, None
        if page in ('thread_50', 'thread_short'):
            yield '  share of the trivial answer\'s rate', one['per_s'] / trivial, '>= 0.25', None
            yield '  KB of HTML', one['bytes'] / 1024, '<= 60' if page == 'thread_short' else None, theirs.get(f'archive_{page}_kb')
        if page == 'thread_50':
            yield '  share of the rate of a trivial answer as long', one['per_s'] / pages['same']['per_s'], None, None
    yield 'a trivial FastCGI answer of 20 KB, requests per second', trivial, None, None
    yield '  a thread from nginx\'s cache', pages['cached']['per_s'], None, None
    yield '  the same bytes as a static file', pages['static']['per_s'], None, None
    yield '  the cached page\'s share of the static file\'s rate', pages['cached']['per_s'] / pages['static']['per_s'], '>= 0.5', None
