"""The server and the world around it, inside the namespaces that prove made: server.py FOLDER

The server is FOLDER/root with the address 192.0.2.25; the world is a second network with 192.0.2.53: DNS, the receiving server of
readers.example, and people who write. What is started on the server is what Debian's init scripts and our units start: ExecStart, User,
Group and folders are read from the installed unit files.
"""
import contextlib
import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from rig import judge                                                     # noqa: E402

DOMAIN, SERVER, WORLD = 'lists.example.org', '192.0.2.25', '192.0.2.53'
MAIN_CF, SITE, CONFLICT = '/etc/postfix/main.cf', '/etc/nginx/sites-available/kairan', 73
ADMIN, WRITER = 'you@readers.example', 'hana@writer.example'
READERS = [f'reader{n}@readers.example' for n in (1, 2, 3)]


def say(text):
    print(f'\n=== {text}', flush=True)


def fail(text):
    print(f'\nprove: {text}', file=sys.stderr, flush=True)
    sys.exit(1)


def until(ready, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ready()
        if found:
            return found
        time.sleep(0.2)
    return fail(f'{what} did not happen within {seconds} s.')


class World:
    """DNS, a receiving server, a sender, in a network of their own."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, 'world')
        self.sink = os.path.join(self.folder, 'sink')
        self.zones = os.path.join(self.folder, 'zones')
        os.makedirs(self.zones)
        os.makedirs(self.sink)
        self.holder = subprocess.Popen(['unshare', '-n', 'sleep', 'infinity'])
        time.sleep(0.5)
        self.network()
        self.zone('readers.example', f'@ IN MX 10 mx.readers.example.\nmx IN A {WORLD}\n')
        self.zone('writer.example', f'@ IN MX 10 mx.readers.example.\n@ IN TXT "v=spf1 ip4:{WORLD} -all"\n'
                                    '_dmarc IN TXT "v=DMARC1; p=none"\n')
        self.zone('2.0.192.in-addr.arpa', '25 IN PTR mail.example.org.\n53 IN PTR mx.readers.example.\n')
        with open(os.path.join(self.folder, 'mx.json'), 'w', encoding='ascii') as file:
            json.dump({'sink_dir': self.sink, 'dns_port': 53, 'mxs': {'readers': {
                'host': WORLD, 'port': 25, 'personality': 'accept', 'domains': ['readers.example', 'writer.example']}}}, file)
        open(os.path.join(self.folder, 'faults'), 'w', encoding='ascii').close()
        self.start('dns', '-m', 'rig.dnsserver', '53', self.zones, os.path.join(self.folder, 'faults'), os.path.join(self.folder, 'queries'), WORLD)
        self.start('mx', '-m', 'rig.mx', os.path.join(self.folder, 'mx.json'))
        self.resolver = judge.Resolver(53, address=WORLD)

    def network(self):
        for words in ('ip link set lo up', 'ip link add server type veth peer name world', f'ip link set world netns {self.holder.pid}',
                      f'ip addr add {SERVER}/24 dev server', 'ip link set server up'):
            subprocess.run(words.split(), check=True)
        for words in ('ip link set lo up', f'ip addr add {WORLD}/24 dev world', 'ip link set world up'):
            subprocess.run(self.inside(*words.split()), check=True)

    def inside(self, *words):
        return ['nsenter', '-t', str(self.holder.pid), '-n', *words]

    def start(self, name, *words):
        with open(os.path.join(self.folder, name + '.log'), 'ab') as log:
            subprocess.Popen(self.inside('/usr/bin/python3', '-B', *words), cwd=os.path.dirname(HERE), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        time.sleep(1)

    def zone(self, name, text):
        with open(os.path.join(self.zones, name + '.zone'), 'w', encoding='ascii') as file:
            file.write('$TTL 60\n' + text)

    def publish(self, lines):
        """What setup printed, pasted into the zones. Names are whole: the origin does not matter."""
        self.zone('example.org', '\n'.join(lines) + '\n')

    def write(self, subject, body):
        """By SMTP from outside, as anybody's mail program would."""
        message = (f'From: Hana Sato <{WRITER}>\r\nTo: club@{DOMAIN}\r\nSubject: {subject}\r\n'
                   f'Date: {time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())}\r\nMessage-ID: <{time.time_ns()}@writer.example>\r\n'
                   f'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n')
        code = ('import smtplib, sys\n'
                f'with smtplib.SMTP("{SERVER}", 25, local_hostname="mx.readers.example") as smtp:\n'
                f'    smtp.sendmail("{WRITER}", ["club@{DOMAIN}"], sys.stdin.buffer.read())\n')
        subprocess.run(self.inside('/usr/bin/python3', '-c', code), input=message.encode(), check=True)

    def copies(self, subject):
        """{recipient: bytes} of the copies with this subject that have come."""
        found, log = {}, os.path.join(self.sink, 'log.jsonl')
        for line in open(log, encoding='utf-8') if os.path.exists(log) else ():
            row = json.loads(line)
            path = row.get('file') or row.get('path')
            with open(path if os.path.isabs(path) else os.path.join(self.sink, path), 'rb') as file:
                message = file.read()
            if f'Subject: {subject}'.encode() in message or f'Subject: [Club] {subject}'.encode() in message:
                found.update({recipient: message for recipient in row.get('rcpts') or row.get('recipients')})
        return found


class Server:
    """The root, and what runs in it."""

    def __init__(self, folder):
        self.root = os.path.join(folder, 'root')
        self.running = {}
        self.original = {}
        for target, words in (('proc', ['-t', 'proc', 'proc']), ('dev', ['--rbind', '/dev'])):
            subprocess.run(['mount', *words, os.path.join(self.root, target)], check=True)
        os.makedirs(os.path.join(self.root, 'run/lock'), exist_ok=True)
        with open(os.path.join(self.root, 'etc/resolv.conf'), 'w', encoding='ascii') as file:
            file.write(f'nameserver {WORLD}\n')
        subprocess.run(['hostname', 'mail'], check=True)

    def command(self, *words, wanted=0, quiet=False, shown=None):
        """As typed by root. What it prints is shown and returned."""
        if not quiet:
            print(f'\n# {shown or " ".join(words)}', flush=True)
        done = subprocess.run(['chroot', self.root, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C.UTF-8', 'HOME': '/root', 'DEBIAN_FRONTEND': 'noninteractive'},
                              check=False)
        if not quiet:
            print(done.stdout.rstrip(), flush=True)
        if done.returncode != wanted:
            fail(f'"{" ".join(words)}" ended with {done.returncode}, not {wanted}.' + ('' if not quiet else '\n' + done.stdout))
        return done.stdout

    def read(self, path):
        with open(self.root + path, encoding='utf-8') as file:
            return file.read()

    # --- services of Debian's, by their init scripts; their output goes to a file, which a daemon may keep open
    def service(self, name, act):
        log = os.path.join(self.root, 'var/log', f'prove-{name}.log')
        with open(log, 'ab') as file:
            done = subprocess.run(['chroot', self.root, '/usr/sbin/service', name, act], stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                  env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin'}, check=False)
        if done.returncode and act == 'start':
            subprocess.run(['tail', '-20', log], check=False)
            fail(f'service {name} {act} ended with {done.returncode}.')

    # --- our units
    def unit(self, name):
        """What the unit file says; the last of equal names counts."""
        text = self.read(f'/lib/systemd/system/{name}.service')
        return dict(line.split('=', 1) for line in re.sub(r'\\\n', ' ', text).splitlines() if re.match(r'[A-Z]\w*=', line))

    def ids(self, user, group):
        users = dict((row.split(':')[0], row.split(':')) for row in self.read('/etc/passwd').splitlines())
        groups = [row.split(':') for row in self.read('/etc/group').splitlines()]
        gid = next(int(row[2]) for row in groups if row[0] == group)
        extra = [int(row[2]) for row in groups if user in row[3].split(',')]
        return int(users[user][2]), gid, [gid, *extra]

    def start_unit(self, name):
        unit = self.unit(name)
        uid, gid, groups = self.ids(unit['User'], unit.get('Group', unit['User']))
        for key, base in (('RuntimeDirectory', '/run'), ('StateDirectory', '/var/lib')):
            for folder in unit.get(key, '').split():
                path = f'{self.root}{base}/{folder}'
                os.makedirs(path, exist_ok=True)
                os.chown(path, uid, gid)
                os.chmod(path, int(unit.get(key + 'Mode', '0755'), 8))
        words, mask, root = unit['ExecStart'].split(), int(unit.get('UMask', '0022'), 8), self.root

        def become():
            os.chroot(root)
            os.chdir('/')
            os.setgroups(groups)
            os.setresgid(gid, gid, gid)
            os.setresuid(uid, uid, uid)
            os.umask(mask)

        log = open(f'{self.root}/var/log/prove-{name}.log', 'ab')
        self.running[name] = subprocess.Popen(words, preexec_fn=become, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                              env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin'})
        print(f'{name}: {unit["ExecStart"]} as {unit["User"]}', flush=True)

    def stop_unit(self, name):
        process = self.running.pop(name)
        process.send_signal(signal.SIGTERM)
        process.wait(45)

    def start_ours(self):
        for name in ('kairan-worker', 'kairan-web'):
            self.start_unit(name)
        until(lambda: os.path.exists(self.root + '/var/spool/postfix/kairan/lmtp.sock') and os.path.exists(self.root + '/run/kairan-web/web.sock'),
              20, 'the start of worker and web')

    def stop_ours(self):
        for name in ('kairan-web', 'kairan-worker'):
            self.stop_unit(name)

    def start_all(self):
        for name in ('postgresql', 'nginx', 'postfix'):
            self.service(name, 'start')
        self.start_ours()

    def stop_all(self):
        self.stop_ours()
        for name in ('postfix', 'nginx', 'postgresql'):
            self.service(name, 'stop')

    def page(self, path):
        """As a browser gets it: https through nginx."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(SERVER, 443, context=context, timeout=30)
        connection.request('GET', path, headers={'Host': DOMAIN})
        answer = connection.getresponse()
        return answer.status, answer.read().decode('utf-8', 'replace')


def post_and_judge(world, server, subject):
    """A post, its three copies, each signed and aligned, and the archive's page."""
    begin = time.monotonic()
    world.write(subject, f'This is {subject}.\r\nIt has two lines.')
    copies = until(lambda: (found := world.copies(subject)) and set(READERS) <= set(found) and found, 90, f'the arrival of "{subject}"')
    for reader in READERS:
        judged = judge.signatures(copies[reader], world.resolver)
        if not judge.dmarc_passes(copies[reader], judged):
            fail(f'the copy of {reader} is not signed by an aligned domain: {judged}')
        if judge.faults(copies[reader]):
            fail(f'the copy of {reader}: {judge.faults(copies[reader])}')
        author = judge.values(copies[reader], 'from')[0]
        print(f'{reader}: From {author}; ' + ', '.join(f'{one["a"]} d={one["d"]} {"good" if one["ok"] else one["why"]}' for one in judged))
    status, page = until(lambda: (answer := server.page('/lists/club/')) and subject in answer[1] and answer, 60, f'"{subject}" in the archive')
    print(f'https://{DOMAIN}/lists/club/ answers {status} and shows "{subject}"; {time.monotonic() - begin:.1f} s from sending to here')


def kept_files(server):
    paths = (MAIN_CF, '/etc/postfix/master.cf', '/etc/postgresql/15/main/pg_hba.conf', '/etc/postgresql/15/main/pg_ident.conf')
    return {path: server.read(path) for path in paths}


@contextlib.contextmanager
def away(server, path):
    """Without this program: another script stands in its place, which says so."""
    os.rename(server.root + path, server.root + path + '.away')
    with open(server.root + path, 'w', encoding='ascii') as file:
        file.write('#!/bin/sh\necho "it is away" >&2\nexit 1\n')
    os.chmod(file.name, 0o755)
    yield
    os.rename(server.root + path + '.away', server.root + path)


def set_up(world, server):
    words = ['kairan', 'setup', '--domain', DOMAIN, '--admin', ADMIN, '--site-name', 'Lists of Example', '--time-zone', 'Europe/Berlin', '--yes']
    say('kairan setup --dry-run changes nothing')
    before = kept_files(server)
    server.command(*words, '--dry-run')
    if kept_files(server) != before or os.path.exists(server.root + '/etc/kairan/kairan.conf'):
        fail('--dry-run changed something.')
    say('kairan setup, interrupted: PostgreSQL cannot be told to read its files')
    with away(server, '/usr/bin/pg_ctlcluster'):
        server.command(*words, wanted=CONFLICT)
    say('again: it is told now. A port that is taken is refused before Postfix gets a setting')
    server.command('postconf', '-Me', '127.0.0.1:10026/inet=127.0.0.1:10026 inet n - y - - smtpd')
    said = server.command(*words, wanted=CONFLICT, quiet=True)
    if 'another service on 127.0.0.1:10026' not in said or server.read(MAIN_CF) != before[MAIN_CF]:
        fail(f'not refused for that, or main.cf has changed:\n{said}')
    print(said.splitlines()[-2])
    server.command('postconf', '-MX', '127.0.0.1:10026/inet')
    say('kairan setup')
    server.command(*words)
    server.command('runuser', '-u', 'postgres', '--', 'psql', '-XAtqc', 'SELECT count(*) FROM list', 'kairan')
    server.service('nginx', 'start')
    server.service('postfix', 'start')
    server.start_ours()
    records = server.command(*words, quiet=True)
    world.publish([line for line in records.splitlines() if re.match(r'[\w.-]+\. IN ', line)])
    say('the same again, with the records in DNS: all is there, and the check finds no trouble')
    said = server.command('kairan', 'setup', '--yes')
    if ' done ' in said or 'finds no trouble' not in said:
        fail('the second run did something, or found trouble.')
    return before


def main(folder):
    begin = time.monotonic()
    world, server = World(folder), Server(folder)
    server.service('postgresql', 'start')
    before = set_up(world, server)

    say('the first list, three readers, a post by SMTP')
    server.command('kairan', 'list', 'create', f'club@{DOMAIN}', '--owner', ADMIN, '--display-name', 'Club')
    server.command('kairan', 'list', 'set', f'club@{DOMAIN}', 'archive_policy=public')
    server.command('kairan', 'member', 'add', f'club@{DOMAIN}', *READERS, WRITER, '--no-welcome')
    post_and_judge(world, server, 'Rehearsal on Sunday')
    print(f'\nFrom the installed package to the first post in its readers\' mailboxes: {time.monotonic() - begin:.0f} s')
    until(lambda: world.copies('Your sign-in link for Lists of Example'), 60, "the administrator's first mail")
    print(f'{ADMIN} has the mail with the sign-in link')

    say('all stopped, as by a shutdown, and started again')
    server.stop_all()
    server.start_all()
    post_and_judge(world, server, 'After the restart')

    say('upgrade: dpkg -i, kairan db migrate, restart')
    server.command('dpkg', '-i', '/root/newer.deb')
    server.command('kairan', 'db', 'migrate')
    server.stop_ours()
    server.start_ours()
    server.command('dpkg-query', '-W', 'kairan')
    post_and_judge(world, server, 'After the upgrade')

    say('backup')
    os.makedirs(server.root + '/var/backups/kairan', exist_ok=True)
    server.command('kairan', 'backup', '/var/backups/kairan')
    made = os.listdir(server.root + '/var/backups/kairan')
    server.command('kairan', 'backup', 'verify', f'/var/backups/kairan/{made[0]}')

    say('kairan setup --remove, while postconf fails: what it could not take back is for the next one')
    server.stop_ours()
    with away(server, '/usr/sbin/postconf'):
        server.command('kairan', 'setup', '--remove', wanted=CONFLICT, quiet=True)
    if 'relay_domains' not in server.read('/etc/kairan/setup/record'):
        fail('the record has lost what was not taken back.')
    say('kairan setup --remove')
    server.command('kairan', 'setup', '--remove')
    if 'kairan' in server.command('postconf', '-n', quiet=True):
        fail("Postfix's settings still name Kairan.")
    for path, text in kept_files(server).items():
        print(f'{path} is {"as it was before setup" if text == before[path] else "not as it was"}')
        if path.startswith('/etc/postgresql') and text != before[path]:
            fail(f'{path} was not put back.')
    server.command('nginx', '-t')
    server.command('postfix', 'check')

    say("set up again, and purged without asking for --remove first; a site that a person has changed stays, and is out of nginx's way")
    server.command('kairan', 'setup', '--yes', quiet=True)
    with open(server.root + SITE, 'a', encoding='ascii') as file:
        file.write('# mine\n')
    server.command('kairan', 'setup', '--yes', quiet=True)
    purge(server)
    if not server.read(SITE).endswith('# mine\n') or os.path.exists(server.root + SITE + '.kairan-new'):
        fail(f'{SITE} went, or what setup had put beside it stays.')
    os.unlink(server.root + SITE)

    say('installed and set up after the purge, and purged again')
    server.command('dpkg', '-i', '/root/newer.deb', quiet=True)
    server.command('kairan', 'setup', '--domain', DOMAIN, '--admin', ADMIN, '--yes')
    purge(server)
    if os.path.lexists(server.root + SITE):
        fail(f'{SITE} is still there.')
    if 'kairan|' not in server.command('runuser', '-u', 'postgres', '--', 'psql', '-XAtl', quiet=True):
        fail('the database went with the package.')
    print('\nThe database is still there, as the package said.')
    say(f'proved in {time.monotonic() - begin:.0f} s')


def purge(server):
    server.command('dpkg', '--purge', 'kairan')
    for path in ('/etc/kairan', '/var/lib/kairan', '/var/spool/kairan', '/etc/nginx/sites-enabled/kairan', '/usr/bin/kairan'):
        if os.path.lexists(server.root + path):
            fail(f'{path} is still there.')
    if 'kairan' in server.command('postconf', '-n', quiet=True):
        fail("Postfix's settings still name Kairan.")
    server.command('nginx', '-t')


if __name__ == '__main__':
    main(sys.argv[1])
