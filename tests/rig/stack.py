"""One stack: its folder, its parts, and the order in which they start and stop."""
import json
import os
import pwd
import re
import shutil
import sys
import tempfile

from rig import kairan as ours
from rig import nginx, postfix, postgres
from rig.process import Keeper, RigError, answers_tcp, free_port, port_is_free, reachable, run, wait_until

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PORTS = ('postgres', 'dns', 'smtp', 'out_smtp', 'http')
PARTS = ('postgres', 'dns', 'mx', 'postfix-in', 'postfix-out', 'worker', 'web', 'nginx')
DEFAULT_MX = 'members'


def say(text):
    print(text, file=sys.stderr, flush=True)


class Stack:
    """DIR/stack.json is all that must be known to find the stack again."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.state_path = os.path.join(self.folder, 'stack.json')
        self.state = {}
        if os.path.exists(self.state_path):
            with open(self.state_path) as file:
                self.state = json.load(file)
            self.bind()

    # --- birth

    def create(self, options):
        """Lays the folder out and decides ports and paths; nothing runs yet. An existing stack keeps its own."""
        if self.state:
            self.keep_ports()
            self.keep_folders()
            return
        home = self.folder if reachable(self.folder) else tempfile.mkdtemp(prefix='kairan-rig-', dir='/var/tmp')
        sockets = tempfile.mkdtemp(prefix='kr-', dir='/tmp')
        os.chmod(sockets, 0o711)
        if home != self.folder:
            os.chmod(home, 0o711)
        for part in ('pid', 'log', 'zones', 'sink'):
            os.makedirs(os.path.join(home, part), mode=0o755, exist_ok=True)
            if home != self.folder:
                os.symlink(os.path.join(home, part), os.path.join(self.folder, part))
        mxs = {DEFAULT_MX: {'port': free_port(), 'personality': 'strict', 'domains': ['members.example.org']}}
        for name, personality in options['mx']:
            domain = name if '.' in name else name + '.example.org'
            if name == DEFAULT_MX:
                mxs[name]['personality'] = personality
            else:
                mxs[name] = {'port': free_port(), 'personality': personality, 'domains': [domain]}
        self.state = {'home': home, 'sockets': sockets, 'build': options['build'], 'members': options['members'],
                      'postfix': options['postfix'], 'direct': options['direct'], 'set': options['set'], 'env': {},
                      'listen': options['listen'], 'only': options.get('only'), 'template': options.get('template'),
                      'ports': {name: free_port() for name in PORTS}, 'mxs': mxs}
        self.state['ports'].update(options['ports'])
        self.save()
        self.bind()

    def keep_ports(self):
        busy = [str(port) for name, port in self.state['ports'].items()
                if self.keeper.pid({'smtp': 'postfix-in', 'out_smtp': 'postfix-out', 'http': 'nginx'}.get(name, name)) is None
                and not port_is_free(port)]
        if busy:
            raise RigError(f'somebody else now listens on port {", ".join(busy)}; use a new folder')

    def keep_folders(self):
        """The folders outside DIR are still ours: /tmp is emptied at a restart of the machine, and anybody may make names in it."""
        os.makedirs(self.state['sockets'], mode=0o711, exist_ok=True)
        for folder in (self.state['home'], self.state['sockets']):
            if not os.path.isdir(folder) or os.path.islink(folder) or os.stat(folder).st_uid != os.getuid():
                raise RigError(f'{folder} is gone or not ours any more; remove {self.folder} and begin anew')

    def save(self):
        with open(self.state_path + '.new', 'w') as file:
            json.dump(self.state, file, indent=1)
        os.rename(self.state_path + '.new', self.state_path)

    def path(self, *parts):
        """A path in the stack's home: DIR, or a folder elsewhere when no system user can walk to DIR."""
        return os.path.join(self.state['home'], *parts)

    def socket(self, *parts):
        return os.path.join(self.state['sockets'], *parts)

    def bind(self):
        """Objects of the parts, from the state."""
        state, ports = self.state, self.state['ports']
        self.keeper = Keeper(self.path('pid'), self.path('log'))
        self.config = self.path('kairan.conf')
        self.kairan = ours.Kairan(self.keeper, state['build'], SOURCE, self.config, self.path('bin'))
        self.postgres = postgres.Postgres(self.keeper, self.path('postgres'), self.socket('pg'), ports['postgres'], state.get('template'))
        self.nginx = nginx.Nginx(self.keeper, self.path('nginx'), ports['http'], self.socket('web', 'web.sock'),
                                 os.path.join(self.data_dir(), 'static'), listen=state['listen'], tls=state.get('tls'), spool=self.path('spool'))
        self.inbound = postfix.Postfix(
            self.keeper, 'postfix-in', self.path('postfix-in'), ports['smtp'],
            postfix.INBOUND.replace('{socketmap}', self.socket('worker', 'socketmap.sock'))
            .replace('{lmtp}', self.socket('worker', 'lmtp.sock')), {}, 'mx.' + ours.DOMAIN)
        self.outbound = postfix.Postfix(self.keeper, 'postfix-out', self.path('postfix-out'), ports['out_smtp'],
                                        postfix.OUTBOUND, {'transport': self.routes()}, 'out.' + ours.DOMAIN)

    def routes(self):
        """transport_maps of the outbound Postfix: our domain to the inbound one, each MX's to its port, the rest to the default MX."""
        rows = [f'/@{re.escape(ours.DOMAIN)}$/ smtp:[127.0.0.1]:{self.state["ports"]["smtp"]}\n']
        rows += [f'/[@.]{re.escape(domain)}$/ smtp:[127.0.0.1]:{mx["port"]}\n'
                for mx in self.state['mxs'].values() for domain in mx['domains']]
        return ''.join(rows) + f'/./ smtp:[127.0.0.1]:{self.state["mxs"][DEFAULT_MX]["port"]}\n'

    # --- parts

    def start_dns(self):
        child = self.keeper.start('dns', self.python('rig.dnsserver', self.state['ports']['dns'], self.path('zones'),
                                                     self.path('dns-faults'), self.path('log', 'dns-queries.log')), env=self.python_env())
        wait_until(lambda: answers_tcp(self.state['ports']['dns']), 10, 'the DNS server', self.keeper.log('dns'),
                   lambda: child.poll() is None)

    def start_mx(self):
        self.write_mx_config()
        child = self.keeper.start('mx', self.python('rig.mx', self.path('mx.json')), env=self.python_env())
        wait_until(lambda: all(answers_tcp(mx['port']) for mx in self.state['mxs'].values()), 10, 'the receiving MXs',
                   self.keeper.log('mx'), lambda: child.poll() is None)

    def write_mx_config(self, recipients=None):
        """Personalities for the running MXs; they read them again at the next session."""
        if not os.path.exists(self.path('mx-cert.pem')):
            run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=127.0.0.1', '-addext',
                 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-keyout', self.path('mx-key.pem'), '-out', self.path('mx-cert.pem')])
        config = {'sink_dir': self.path('sink'), 'dns_port': self.state['ports']['dns'], 'tls_cert': self.path('mx-cert.pem'),
                  'tls_key': self.path('mx-key.pem'), 'mxs': self.state['mxs'],
                  'recipients': self.state.get('recipients', {}) if recipients is None else recipients}
        with open(self.path('mx.json.new'), 'w') as file:
            json.dump(config, file, indent=1)
        os.rename(self.path('mx.json.new'), self.path('mx.json'))

    @staticmethod
    def python(module, *arguments):
        return ['/usr/bin/python3', '-m', module, *map(str, arguments)]

    @staticmethod
    def python_env():
        return {'PYTHONPATH': os.path.join(SOURCE, 'tests'), 'PYTHONDONTWRITEBYTECODE': '1'}

    def settings(self):
        """kairan.conf of this stack."""
        ports, account = self.state['ports'], ours.USER if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        for role in ('worker', 'web'):
            os.makedirs(self.socket(role), mode=0o755, exist_ok=True)
            if os.getuid() == 0:
                shutil.chown(self.socket(role), ours.USER)
        state_dir = self.path('state')
        os.makedirs(state_dir, mode=0o700, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(state_dir, ours.USER)
        spool = self.path('spool')
        os.makedirs(spool, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(spool, ours.USER, 'nogroup')
        os.chmod(spool, 0o2755)
        settings = {f'database.{role}': self.postgres.dsn('kairan_' + role) for role in ('worker', 'web', 'admin', 'owner')}
        settings.update({
            'site.url': self.http_url(), 'site.contact': 'operator@' + ours.DOMAIN, 'site.data_dir': self.data_dir(), 'site.spool_dir': spool,
            'worker.lmtp_socket': self.socket('worker', 'lmtp.sock'), 'worker.submission_socket': self.socket('worker', 'submission.sock'),
            'worker.socketmap_socket': self.socket('worker', 'socketmap.sock'),
            'worker.metrics_socket': self.socket('worker', 'metrics.sock'), 'web.metrics_socket': self.socket('web', 'metrics.sock'), 'worker.socket_mode': 0o666,
            'worker.trusted_users': f'root postfix {account}', 'worker.state_dir': state_dir, 'worker.hostname': 'mx.' + ours.DOMAIN,
            'worker.poll_ms': 200, 'smtp.port': self.smarthost_port(), 'smtp.transparent': 'yes', 'smtp.retry_first_s': 1,
            'smtp.retry_most_s': 8, 'dns.servers': f'127.0.0.1:{ports["dns"]}', 'keys.dir': self.keys_dir(),
            'web.socket': self.socket('web', 'web.sock'), 'web.secure_cookies': 'no',
            # stories fill in forms as fast as machines do, and all from one network
            'limits.form_least_s': 0, 'limits.net_work': 10000, 'limits.site_work': 10000, 'limits.net_hour': 10000, 'limits.site_hour': 10000,
            'limits.search_minute': 100000})
        settings.update(self.state['set'])
        return settings

    def write_config(self):
        ours.write_config(self.config, self.settings())

    def data_dir(self):
        """Where sql, templates, static and po are: the source tree, or a copy when system users cannot reach that."""
        if reachable(SOURCE) or os.getuid() != 0:
            return SOURCE
        copy = self.path('data')
        for part in ('sql', 'templates', 'static', 'po'):
            if os.path.isdir(os.path.join(SOURCE, part)):
                shutil.copytree(os.path.join(SOURCE, part), os.path.join(copy, part), dirs_exist_ok=True)
        return copy

    def keys_dir(self):
        path = self.path('keys')
        os.makedirs(path, mode=0o700, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(path, ours.USER)
        return path

    def smarthost_port(self):
        if self.state['direct'] or not self.state['postfix']:
            return self.state['mxs'][DEFAULT_MX]['port']
        return self.state['ports']['out_smtp']

    def http_url(self):
        return f'http://127.0.0.1:{self.state["ports"]["http"]}'

    def populate(self):
        """The database, the domain and its lists, once."""
        if self.state.get('populated'):
            self.kairan.command('db', 'migrate')
            return
        ours.make_database(self.postgres, self.kairan)
        self.postgres.keep_as_template()
        ours.make_domain(self.kairan, '127.0.0.1', self.path('zones'), self.keys_dir(), ours.USER)
        ours.make_lists(self.kairan, self.state['members'])
        link = re.search(r'https?://\S+', self.kairan.command('user', 'login-link', ours.OWNER, '--admin'))
        self.state['login'] = link.group(0) if link else ''
        self.state['populated'] = True
        self.save()

    def skip(self, part, why):
        say(f'{part}: skipped, {why}')

    def start_worker(self):
        if self.kairan.program('kairan-worker') is None:
            return self.skip('worker', 'kairan-worker has not been built')
        return self.kairan.start('worker', self.socket('worker', 'lmtp.sock'), env=self.state['env'])

    def start_web(self):
        if self.kairan.program('kairan-web') is None:
            return self.skip('web', 'kairan-web has not been built')
        return self.kairan.start('web', self.socket('web', 'web.sock'), env=self.state['env'])

    def start_part(self, name):
        {'postgres': self.postgres.start, 'dns': self.start_dns, 'mx': self.start_mx, 'postfix-in': self.inbound.start,
         'postfix-out': self.outbound.start, 'worker': self.start_worker, 'web': self.start_web, 'nginx': self.nginx.start}[name]()

    def wanted(self):
        """The parts of this stack in starting order; says why one is left out."""
        parts = list(PARTS)
        why = 'not asked for' if not self.state['postfix'] else postfix.available()
        if why:
            self.skip('postfix', why)
            self.state['postfix'] = False
            parts = [part for part in parts if not part.startswith('postfix')]
        elif self.state['direct']:
            parts.remove('postfix-out')
        return [part for part in parts if self.state['only'] is None or part in self.state['only']]

    def up(self):
        """Starts what does not run yet."""
        parts = self.wanted()
        self.write_config()
        first = next((part for part in parts if part in ('worker', 'web')), None)
        for part in parts:
            if part == first:
                if self.kairan.program('kairan') is None:
                    self.skip('kairan', 'the command line has not been built')
                    parts = [name for name in parts if name == 'nginx']
                else:
                    self.populate()
            if part in parts and self.keeper.pid(part) is None:
                self.start_part(part)
        self.save()

    def stop_part(self, name):
        stop = {'postgres': self.postgres.stop, 'worker': lambda: self.kairan.stop('worker'), 'web': lambda: self.kairan.stop('web'),
                'postfix-in': self.inbound.stop, 'postfix-out': self.outbound.stop, 'nginx': self.nginx.stop}
        return stop.get(name, lambda: self.keeper.stop(name))()

    def down(self, remove=False):
        """Ends every process of the stack, last started first. The folder stays unless it shall go."""
        for part in reversed(PARTS):
            self.stop_part(part)
        for part in self.keeper.names():
            self.keeper.stop(part)
        if remove:
            for path in (self.state['sockets'], self.state['home'], self.folder):
                shutil.rmtree(path, ignore_errors=True)

    def restart(self, name):
        self.stop_part(name)
        self.start_part(name)

    def status(self):
        """(part, pid or None) of every part."""
        return [(part, self.keeper.pid(part)) for part in PARTS]

    def values(self):
        """What `up` prints."""
        ports = self.state['ports']
        values = {'DIR': self.folder, 'HOME_DIR': self.state['home'], 'SMTP_PORT': ports['smtp'] if self.state['postfix'] else '',
                  'OUT_SMTP_PORT': ports['out_smtp'] if self.state['postfix'] and not self.state['direct'] else '',
                  'LMTP_SOCKET': self.socket('worker', 'lmtp.sock'), 'SUBMISSION_SOCKET': self.socket('worker', 'submission.sock'),
                  'SOCKETMAP_SOCKET': self.socket('worker', 'socketmap.sock'), 'WEB_SOCKET': self.socket('web', 'web.sock'),
                  'HTTP_URL': self.state.get('url', self.http_url()), 'DNS_PORT': ports['dns'], 'DB_DSN': self.postgres.dsn(),
                  'CONFIG': self.config, 'ZONES_DIR': self.path('zones'), 'DNS_FAULTS': self.path('dns-faults'),
                  'SINK_DIR': self.path('sink'), 'SINK_PORT': self.state['mxs'][DEFAULT_MX]['port'], 'LOG_DIR': self.path('log'),
                  'DOMAIN': ours.DOMAIN, 'ADMIN_LOGIN_URL': self.state.get('login', '')}
        for name, mx in self.state['mxs'].items():
            values['MX_PORT_' + re.sub(r'\W', '_', name).upper()] = mx['port']
        for part, pid in self.status():
            if pid is not None:
                values['PID_' + part.upper().replace('-', '_')] = pid
        return values
