"""Our own programs in the rig: the configuration file, the database's birth, the demo domain and its lists."""
import json
import os
import shutil
import subprocess

from rig.process import answers_unix, reachable, run, wait_until

DOMAIN = 'lists.example.jp'
LISTS = (('test', 'Test list', 'en'), ('renraku', '連絡', 'ja'))
OWNER = 'owner@members.example.org'
USER = 'nobody'


class Kairan:
    """The three programs of one build, and the configuration that they share."""

    def __init__(self, keeper, build, source, config, copies):
        self.keeper, self.build, self.source, self.config, self.copies = keeper, build, source, config, copies

    def program(self, name):
        """Path of a program when it has been built, else None."""
        path = os.path.join(self.build, name) if self.build else shutil.which(name)
        return path if path and os.access(path, os.X_OK) else None

    def daemon(self, name):
        """A program where its unprivileged user can reach it: a copy, when the build is in somebody's home."""
        path = self.program(name)
        if os.getuid() != 0 or reachable(path):
            return path
        os.makedirs(self.copies, mode=0o755, exist_ok=True)
        return shutil.copy(path, os.path.join(self.copies, name))

    def command(self, *words, stdin=None):
        """Runs the command line; returns its output."""
        options = {'input': stdin.encode()} if stdin is not None else {'stdin': subprocess.DEVNULL}
        done = subprocess.run([self.program('kairan'), '-c', self.config, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False, **options)
        if done.returncode != 0:
            raise CommandFailed(words, done)
        return done.stdout.decode('utf-8', 'replace')

    def start(self, name, ready_socket, env=None):
        """Starts kairan-worker or kairan-web and waits for its socket. In a build with sanitizers leaks are not looked for: a child leaves
        its master's connection alone, which looks like one, and thirty children that name where it was made take ten seconds to end."""
        env = {'ASAN_OPTIONS': 'detect_leaks=0', **(env or {})}
        child = self.keeper.start(name, [self.daemon('kairan-' + name), '-c', self.config], env=env,
                                  user=USER if os.getuid() == 0 else None)
        wait_until(lambda: answers_unix(ready_socket), 15, 'kairan-' + name, self.keeper.log(name), lambda: child.poll() is None)

    def stop(self, name):
        return self.keeper.stop(name, patience=20)


class CommandFailed(Exception):
    def __init__(self, words, done):
        self.words, self.status, self.output = words, done.returncode, (done.stderr or done.stdout).decode('utf-8', 'replace')
        self.printed = done.stdout.decode('utf-8', 'replace')
        super().__init__(f'kairan {" ".join(words)} ended with {done.returncode}:\n{self.output[-2000:]}')


def write_config(path, settings):
    """kairan.conf from {"section.name": value}."""
    sections = {}
    for key, value in settings.items():
        section, name = key.split('.', 1)
        sections.setdefault(section, []).append(f'{name} = {value}')
    with open(path, 'w', encoding='utf-8') as file:
        for section, lines in sections.items():
            file.write(f'[{section}]\n' + '\n'.join(lines) + '\n\n')


def make_database(postgres, kairan):
    """Roles, database, schema. May be run again."""
    postgres.psql('-f', os.path.join(kairan.source, 'sql/roles.sql'))
    if 'kairan' not in postgres.psql('-Atc', "SELECT datname FROM pg_database WHERE datname = 'kairan'").split():
        postgres.psql('-c', 'CREATE DATABASE kairan OWNER kairan_owner')
    kairan.command('db', 'migrate')


def make_domain(kairan, web_host, zones, key_dir, key_user):
    """The demo domain with its keys, their records in our zone."""
    kairan.command('domain', 'create', DOMAIN, '--web-host', web_host)
    kairan.command('dkim', 'new', DOMAIN)
    publish_keys(kairan, DOMAIN, zones)
    if key_user and os.getuid() == 0:
        run(['chown', '-R', key_user, key_dir])


def publish_keys(kairan, domain, zones):
    """Writes ZONES/dkim.DOMAIN.zone-lines into the domain's zone file: A, MX, SPF, DMARC, keys."""
    shown = json.loads(kairan.command('dkim', 'show', domain, '--json'))
    rows = shown if isinstance(shown, list) else shown.get('records', shown.get('keys', []))
    records = [(row['name'].rstrip('.'), row['value']) for row in rows if row.get('value')]
    write_zone(zones, domain, records)


def write_zone(zones, domain, txt=(), policy='reject', extra=''):
    """A mail domain's zone file: it receives at 127.0.0.1, sends from there, and asks for DMARC `policy`."""
    lines = [f'{domain}. IN A 127.0.0.1', f'{domain}. IN MX 10 {domain}.',
             f'{domain}. IN TXT "v=spf1 ip4:127.0.0.1 -all"']
    if policy:
        lines.append(f'_dmarc.{domain}. IN TXT "v=DMARC1; p={policy}"')
    lines += [f'{name}. IN TXT {quoted(value)}' for name, value in txt]
    path = os.path.join(zones, domain + '.zone')
    with open(path + '.new', 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n' + extra)
    os.rename(path + '.new', path)


def quoted(value):
    """A TXT value as character strings of at most 250 bytes."""
    value = value.replace('\\', '\\\\').replace('"', '\\"')
    return ' '.join(f'"{value[i:i + 250]}"' for i in range(0, len(value), 250))


def make_lists(kairan, members, domain=DOMAIN):
    """An English and a Japanese list, each with the same members m1..mN@members.example.org."""
    for name, title, language in LISTS:
        address = f'{name}@{domain}'
        kairan.command('list', 'create', address, '--display-name', title, '--language', language)
        if members:
            addresses = ''.join(f'm{i}@members.example.org\n' for i in range(1, members + 1))
            kairan.command('member', 'add', address, '-', stdin=addresses)
