"""Two private Postfix instances: one hands mail to our LMTP socket, the other is our smarthost. Settings are DESIGN's table."""
import os
import pwd
import shutil
import subprocess

from rig.process import RigError, answers_tcp, run, wait_until

COMMON = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
mail_owner = postfix
setgid_group = postdrop
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
myhostname = {hostname}
myorigin = $myhostname
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {log}
maillog_file_prefixes = {log_folder}
smtpd_forbid_bare_newline = yes
message_drop_headers =
local_header_rewrite_clients =
message_size_limit = 53000000
smtputf8_enable = yes
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_client_connection_count_limit = 0
minimal_backoff_time = 2s
maximal_backoff_time = 10s
queue_run_delay = 2s
smtpd_tls_security_level = none
smtp_tls_security_level = none
"""

INBOUND = """
mynetworks =
relay_domains = socketmap:unix:{socketmap}:domains
relay_transport = lmtp:unix:{lmtp}
relay_recipient_maps = socketmap:unix:{socketmap}:recipients
smtpd_recipient_restrictions = reject_unauth_destination
smtpd_authorized_xclient_hosts = 127.0.0.1
lmtp_send_xforward_command = yes
lmtp_line_length_limit = 0
lmtp_destination_concurrency_limit = 10
lmtp_destination_recipient_limit = 1000
"""

OUTBOUND = """
mynetworks = 127.0.0.0/8
relay_domains =
smtpd_recipient_restrictions = permit_mynetworks,reject
transport_maps = regexp:{home}/transport
disable_mime_output_conversion = yes
smtp_line_length_limit = 0
smtputf8_autodetect_classes = verify
default_destination_concurrency_limit = 20
bounce_queue_lifetime = 1h
"""

SERVICES = """
{address}    inet  n - n - -   smtpd
pickup       unix  n - n 60 1  pickup
cleanup      unix  n - n - 0   cleanup
qmgr         unix  n - n 300 1 qmgr
rewrite      unix  - - n - -   trivial-rewrite
bounce       unix  - - n - 0   bounce
defer        unix  - - n - 0   bounce
trace        unix  - - n - 0   bounce
verify       unix  - - n - 1   verify
flush        unix  n - n 1000? 0 flush
proxymap     unix  - - n - -   proxymap
proxywrite   unix  - - n - 1   proxymap
smtp         unix  - - n - -   smtp
relay        unix  - - n - -   smtp
showq        unix  n - n - -   showq
error        unix  - - n - -   error
retry        unix  - - n - -   error
discard      unix  - - n - -   discard
lmtp         unix  - - n - -   lmtp
anvil        unix  - - n - 1   anvil
scache       unix  - - n - 1   scache
postlog      unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One instance. `main` is its own part of main.cf, `tables` its lookup files by name."""

    def __init__(self, keeper, name, folder, port, main, tables, hostname):
        self.keeper, self.name, self.folder, self.port = keeper, name, folder, port
        self.main, self.tables, self.hostname = main, tables, hostname

    def create(self):
        if os.getuid() != 0:
            raise RigError('Postfix can only be started by root; use --no-postfix')
        if not os.path.exists('/usr/sbin/postfix'):
            raise RigError('Postfix is not installed; on Debian: apt-get install postfix')
        for part in ('', 'queue', 'data', 'config'):
            os.makedirs(os.path.join(self.folder, part), mode=0o755, exist_ok=True)
        shutil.chown(os.path.join(self.folder, 'data'), 'postfix', 'postfix')
        log = self.keeper.log(self.name)
        text = (COMMON + self.main).format(home=self.folder, hostname=self.hostname, log=log, log_folder=os.path.dirname(log))
        self.write('config/main.cf', text)
        self.write('config/master.cf', SERVICES.format(address=f'127.0.0.1:{self.port}'))
        for table, rows in self.tables.items():
            self.write(table, rows)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, 'w') as file:
            file.write(text)
        # Postfix waits until a file is two seconds old, lest it be half written.
        old = os.stat(path).st_mtime - 10
        os.utime(path, (old, old))

    def command(self, *words):
        return run(['postfix', '-c', os.path.join(self.folder, 'config'), *words], what=f'postfix {words[0]} ({self.name})')

    def start(self):
        self.create()
        if self.keeper.pid(self.name) is not None:
            raise RigError(f'{self.name} is running already')
        self.command('start')
        wait_until(lambda: answers_tcp(self.port), 15, self.name, self.keeper.log(self.name))
        self.keeper.note(self.name, self.master())

    def master(self):
        """The pid that Postfix wrote, when that process works in our queue; else None."""
        queue = os.path.join(self.folder, 'queue')
        try:
            with open(os.path.join(queue, 'pid/master.pid')) as file:
                pid = int(file.read())
            return pid if os.readlink(f'/proc/{pid}/cwd') == os.path.realpath(queue) else None
        except (OSError, ValueError):
            return None

    def stop(self):
        """Also when whoever started it was stopped before he could note the pid."""
        if self.keeper.pid(self.name) is None and self.master() is not None:
            self.keeper.note(self.name, self.master())
        if self.keeper.pid(self.name) is None:
            self.keeper.forget(self.name)
            return False
        return self.keeper.stop(self.name)

    def queue(self):
        """Its queue as postqueue -j tells it, one JSON object a line."""
        return subprocess.run(['postqueue', '-c', os.path.join(self.folder, 'config'), '-j'], stdout=subprocess.PIPE,
                              check=False).stdout.decode()

    def flush(self):
        run(['postqueue', '-c', os.path.join(self.folder, 'config'), '-f'])


def available():
    """Why Postfix cannot be started here, or None."""
    if os.getuid() != 0:
        return 'only root can start Postfix'
    try:
        pwd.getpwnam('postfix')
    except KeyError:
        return 'Postfix is not installed'
    return None if os.path.exists('/usr/sbin/postfix') else 'Postfix is not installed'
