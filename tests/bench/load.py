"""The load: posts, the client that hands them over, and the sink that counts what comes out."""
import mmap
import os
import random
import signal
import socket
import struct
import subprocess
import time

COUNTERS = 'connections transactions recipients bytes first_ns last_ns dkim arc'.split()
SENDER = 'poster@example.com'


def post(address, size=10240):
    """A plain post of about `size` bytes and its mark, different from every other."""
    mark = f'{time.time_ns():x}{random.getrandbits(32):08x}'
    line = 'The quick brown mailing list delivers sixty-eight characters here.\r\n'
    head = (f'From: Poster <{SENDER}>\r\nTo: {address}\r\nSubject: bench {mark}\r\nMessage-ID: <{mark}@bench.example.com>\r\n'
            f'Date: {time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())}\r\nX-Bench-Id: {mark}\r\nMIME-Version: 1.0\r\n'
            'Content-Type: text/plain; charset=us-ascii\r\n\r\n')
    return (head + line * max(1, (size - len(head)) // len(line))).encode(), mark


class Lmtp:
    """As little of an LMTP client as will do, so that it costs little."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(120)
        self.socket.connect(path)
        self.replies = self.socket.makefile('rb')
        self.reply()
        self.command('LHLO bench.example.com')

    def reply(self):
        while True:
            line = self.replies.readline()
            if not line:
                raise ConnectionError('the LMTP server closed the connection')
            if line[3:4] != b'-':
                return line.decode().rstrip()

    def command(self, line):
        self.socket.sendall(line.encode() + b'\r\n')
        return self.reply()

    def deliver(self, address, message):
        for line, expected in ((f'MAIL FROM:<{SENDER}>', '2'), (f'RCPT TO:<{address}>', '2'), ('DATA', '3')):
            reply = self.command(line)
            if not reply.startswith(expected):
                raise RuntimeError(f'{line}: {reply}')
        self.socket.sendall(message.replace(b'\r\n.', b'\r\n..') + b'.\r\n')
        reply = self.reply()
        if not reply.startswith('250'):
            raise RuntimeError(f'the post was answered with: {reply}')

    def close(self):
        self.socket.close()


class Sink:
    """The counting sink: a process of ours on a port of its own."""

    def __init__(self, program, folder, port):
        self.log_path, counters = os.path.join(folder, 'sink.log'), os.path.join(folder, 'sink.cnt')
        self.port = port
        self.process = subprocess.Popen([program, '-p', str(port), '-l', self.log_path, '-c', counters])
        end = time.monotonic() + 5
        while not self.answers():
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError('the sink does not answer')
            time.sleep(0.02)
        with open(counters, 'rb') as file:
            self.map = mmap.mmap(file.fileno(), 64, prot=mmap.PROT_READ)

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(('127.0.0.1', self.port)) == 0

    def get(self):
        return dict(zip(COUNTERS, struct.unpack('8Q', self.map[:64])))

    def reset(self):
        """Counters and log begin anew; no copies may be under way."""
        self.process.send_signal(signal.SIGUSR1)
        while self.get()['transactions'] or os.path.getsize(self.log_path):
            time.sleep(0.01)
            with socket.socket() as probe:      # wakes a sink that is waiting for something to happen
                probe.connect_ex(('127.0.0.1', self.port))

    def wait(self, recipients, seconds=600, quiet=60):
        """Until so many recipients have been served; complains when nothing comes for `quiet` seconds."""
        end, last, changed = time.monotonic() + seconds, -1, time.monotonic()
        while True:
            now = self.get()
            if now['recipients'] >= recipients:
                return now
            if now['recipients'] != last:
                last, changed = now['recipients'], time.monotonic()
            if time.monotonic() > min(end, changed + quiet):
                raise RuntimeError(f'{now["recipients"]} of {recipients} copies came out')
            time.sleep(0.005)

    def times(self):
        """mark -> [seconds since 1970 of each copy], oldest first."""
        time.sleep(0.1)
        with socket.socket() as probe:
            probe.connect_ex(('127.0.0.1', self.port))
        time.sleep(1.2)
        found = {}
        with open(self.log_path, errors='replace') as file:
            for line in file:
                fields = line.split(' ')
                found.setdefault(fields[5], []).append(int(fields[0]) / 1e9)
        return found

    def stop(self):
        self.process.terminate()
        self.process.wait()
