"""A private PostgreSQL cluster: its own folder, its own port, a Unix socket in a folder whose name nobody can guess."""
import os
import shutil
import signal

from rig.process import RigError, identity, run, wait_until

CONFIG = """
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0777
port = {port}
max_connections = 120
shared_buffers = 64MB
fsync = {sync}
synchronous_commit = on
full_page_writes = on
logging_collector = off
log_min_messages = warning
log_line_prefix = '%m [%p] %u '
timezone = 'UTC'
"""


def binaries():
    roots = sorted((entry.path for entry in os.scandir('/usr/lib/postgresql') if entry.name.isdigit()),
                   key=lambda path: int(os.path.basename(path))) if os.path.isdir('/usr/lib/postgresql') else []
    if not roots:
        raise RigError('PostgreSQL is not installed; on Debian: apt-get install postgresql-15')
    return os.path.join(roots[-1], 'bin')


class Postgres:
    name = 'postgres'

    def __init__(self, keeper, folder, sockets, port, template=None):
        """With a template the cluster begins as a copy of that folder, once it is there (see keep_as_template). Such a cluster is for
        looking at processes that end, not at machines that do: nothing in it is forced to the disk."""
        self.keeper, self.folder, self.sockets, self.port, self.template = keeper, folder, sockets, port, template
        self.user = 'postgres' if os.getuid() == 0 else None

    def dsn(self, user='postgres', database='kairan'):
        return f'host={self.sockets} port={self.port} dbname={database} user={user}'

    def create(self):
        """The cluster, once; the socket folder at every start."""
        os.makedirs(self.sockets, mode=0o711, exist_ok=True)
        if self.user:
            shutil.chown(self.sockets, self.user, self.user)
        if os.path.exists(os.path.join(self.folder, 'PG_VERSION')):
            return
        # Made beside and moved, so that a cluster is whole or not there at all.
        new = self.folder + '.new'
        for path in (new, self.folder):
            shutil.rmtree(path, ignore_errors=True)
        if self.template and os.path.isdir(self.template):
            run(['cp', '-a', self.template, new])
        else:
            os.makedirs(new, mode=0o700)
            if self.user:
                shutil.chown(new, self.user, self.user)
            run([os.path.join(binaries(), 'initdb'), '-D', new, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C',
                 '--no-sync'], what='initdb', cwd='/', **identity(self.user))
        with open(os.path.join(new, 'postgresql.auto.conf'), 'w') as file:
            file.write(CONFIG.format(sockets=self.sockets, port=self.port, sync='off' if self.template else 'on'))
        os.rename(new, self.folder)

    def start(self):
        self.create()
        child = self.keeper.start(self.name, [os.path.join(binaries(), 'postgres'), '-D', self.folder], user=self.user)
        wait_until(self.ready, 20, 'PostgreSQL', self.keeper.log(self.name), lambda: child.poll() is None)

    def ready(self):
        return os.system(f'{binaries()}/pg_isready -q -h {self.sockets} -p {self.port} -U postgres -d postgres') == 0

    def stop(self):
        """Fast stop."""
        return self.keeper.stop(self.name, signal.SIGINT)

    def keep_as_template(self):
        """What is in the cluster now is what those that come later begin with; the first one gives it, in a moment of standing still."""
        if not self.template or os.path.isdir(self.template):
            return
        self.stop()
        run(['cp', '-a', self.folder, self.template + '.new'])
        os.rename(self.template + '.new', self.template)
        self.start()

    def crash(self):
        """Immediate stop: no checkpoint, recovery at the next start."""
        return self.keeper.stop(self.name, signal.SIGQUIT)

    def psql(self, *arguments, database='postgres'):
        return run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', self.sockets, '-p', str(self.port), '-U', 'postgres',
                    '-d', database, *arguments], what='psql')
