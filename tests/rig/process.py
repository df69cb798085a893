"""Starting, finding and ending the rig's processes, by pid and never by name."""
import os
import pwd
import random
import signal
import socket
import subprocess
import time


class RigError(Exception):
    """What a person should read when a part does not come up."""


def free_port():
    """A loopback TCP and UDP port nobody listens on, below the range the kernel gives to clients."""
    for _ in range(400):
        port = random.randint(20000, 31999)
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(('127.0.0.1', port))
            return port
        except OSError:
            continue
    raise RigError('no free port found on 127.0.0.1')


def port_is_free(port):
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(('127.0.0.1', port))
        return True
    except OSError:
        return False


def wait_until(ready, seconds, what, log=None, alive=None):
    """Polls ready() until it is true; names `what` and shows the end of `log` when it never is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return
        if alive is not None and not alive():
            raise RigError(f'{what} ended at once{tail(log)}')
        time.sleep(0.02)
    raise RigError(f'{what} was not ready within {seconds} s{tail(log)}')


def tail(log, lines=15):
    if log is None or not os.path.exists(log):
        return ''
    with open(log, 'rb') as file:
        text = file.read()[-8000:].decode('utf-8', 'replace')
    return f'; the end of {log}:\n' + '\n'.join('    ' + line for line in text.splitlines()[-lines:])


def answers_tcp(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(('127.0.0.1', port)) == 0


def answers_unix(path):
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(path)
            return True
        except OSError:
            return False


def reachable(path):
    """Can any system user walk to this folder or program?"""
    while True:
        if not os.stat(path).st_mode & 0o001:
            return False
        parent = os.path.dirname(path)
        if parent == path:
            return True
        path = parent


def started_at(pid):
    """The kernel's start tick of a process: with the pid it names one process for ever. None when it is gone."""
    try:
        with open(f'/proc/{pid}/stat') as file:
            rest = file.read().rsplit(')', 1)[1].split()
    except OSError:
        return None
    return None if rest[0] == 'Z' else int(rest[19])


def identity(user):
    """Popen's arguments for running as `user`; nothing when that is who we are."""
    if user is None or os.getuid() != 0 or user == 'root':
        return {}
    entry = pwd.getpwnam(user)
    return {'user': entry.pw_uid, 'group': entry.pw_gid, 'extra_groups': []}


class Keeper:
    """Pid files of one stack: DIR/pid/NAME holds "pid starttick"."""

    def __init__(self, directory, logs):
        self.directory, self.logs = directory, logs

    def log(self, name):
        return os.path.join(self.logs, name + '.log')

    def start(self, name, argv, user=None, env=None, cwd='/'):
        """Starts a part in the foreground of a session of its own, its output in its log."""
        if self.pid(name) is not None:
            raise RigError(f'{name} is running already')
        full_env = dict(os.environ, **(env or {}))
        with open(self.log(name), 'ab') as log:
            child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=full_env, cwd=cwd,
                                     start_new_session=True, **identity(user))
        self.note(name, child.pid)
        return child

    def note(self, name, pid):
        with open(os.path.join(self.directory, name), 'w') as file:
            file.write(f'{pid} {started_at(pid)}\n')

    def pid(self, name):
        """The pid while that very process lives, else None."""
        try:
            with open(os.path.join(self.directory, name)) as file:
                pid, tick = file.read().split()
        except (OSError, ValueError):
            return None
        return int(pid) if tick != 'None' and started_at(int(pid)) == int(tick) else None

    def names(self):
        return sorted(os.listdir(self.directory))

    def stop(self, name, how=signal.SIGTERM, patience=10.0):
        """Asks a part to end, and after `patience` seconds ends it with its whole session. True when it was running."""
        pid = self.pid(name)
        if pid is None:
            self.forget(name)
            return False
        group = os.getpgid(pid)
        os.kill(pid, how)
        end = time.monotonic() + patience
        while self.pid(name) is not None:
            reap(pid)
            if time.monotonic() > end:
                (os.killpg if group == pid else os.kill)(pid, signal.SIGKILL)
                end = time.monotonic() + 5
            time.sleep(0.01)
        self.forget(name)
        return True

    def forget(self, name):
        try:
            os.unlink(os.path.join(self.directory, name))
        except FileNotFoundError:
            pass


def reap(pid):
    """Takes the exit status of a child of ours; anybody else's is left alone."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass


def run(argv, what=None, **options):
    """Runs a command to its end; its output becomes the complaint when it fails."""
    done = subprocess.run(argv, stdin=options.pop('stdin', subprocess.DEVNULL), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        text = done.stdout.decode('utf-8', 'replace')
        raise RigError(f'{what or " ".join(map(str, argv))} failed ({done.returncode}):\n{text[-3000:]}')
    return done.stdout.decode('utf-8', 'replace')
