"""What stories do with a running stack: send, look, break, mend."""
import base64
import itertools
import json
import os
import smtplib
import socket
import threading
import time

import dkim
import psycopg2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from rig import judge, kairan
from rig.stack import SOURCE, Stack

_number = itertools.count(1)
INVARIANTS = os.path.join(SOURCE, 'sql/invariants.sql')


def rows_of(connection, query, values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else []


class Client(Stack):
    """A stack with hands. Nothing here knows how our programs work inside, but for the tables that are named."""

    def __init__(self, folder):
        super().__init__(folder)
        self.asked = threading.local()

    # --- sending

    def lmtp(self, submission=False, timeout=30):
        return Lmtp(self.socket('worker', 'submission.sock' if submission else 'lmtp.sock'), timeout)

    def post(self, message, list_='test', sender='m1@members.example.org', **options):
        """Offers a post by LMTP; returns the reply to its data."""
        with self.lmtp(**options) as lmtp:
            lmtp.hello()
            return lmtp.deliver(sender, [address_of(list_)], message)[0]

    def mail(self, message, list_='test', sender='m1@members.example.org'):
        """Sends a post through the inbound Postfix, as the world does; straight to LMTP where Postfix cannot run."""
        if not self.state['postfix']:
            self.post(message, list_, sender)
            return
        with smtplib.SMTP('127.0.0.1', self.state['ports']['smtp'], local_hostname='client.example') as smtp:
            smtp.sendmail(sender, [address_of(list_)], message)

    # --- looking

    def sql(self, query, *values):
        """Rows of a query by the superuser, on a connection that each thread keeps: stories ask many times a second."""
        connection = getattr(self.asked, 'connection', None)
        if connection is not None and not connection.closed:
            try:
                return rows_of(connection, query, values)
            except psycopg2.Error as error:
                if error.pgcode is not None:
                    raise
        self.asked.connection = psycopg2.connect(self.postgres.dsn())       # the first, or the server was started anew
        self.asked.connection.autocommit = True
        return rows_of(self.asked.connection, query, values)

    def one(self, query, *values):
        return self.sql(query, *values)[0][0]

    def copies(self, mx=None):
        """Log rows of all copies taken (not the refused ones), oldest first; each row's message is in 'message'."""
        rows = [row for row in self.jsonl('log.jsonl') if row['mx'] != 'refused' and mx in (None, row['mx'])]
        for row in rows:
            with open(row['file'], 'rb') as file:
                row['message'] = file.read()
        return rows

    def refused(self):
        return [row for row in self.jsonl('log.jsonl') if row['mx'] == 'refused']

    def commands(self, mx=None):
        return [row for row in self.jsonl('commands.jsonl') if mx in (None, row['mx'])]

    def jsonl(self, name):
        path = self.path('sink', name)
        if not os.path.exists(path):
            return []
        with open(path) as file:
            return [json.loads(line) for line in file if line.endswith('\n')]

    def log(self, name):
        with open(self.keeper.log(name), encoding='utf-8', errors='replace') as file:
            return file.read()

    def until(self, ready, seconds=20, what='what was waited for', pause=0.05):
        """Waits for ready() to be true and returns what it said."""
        end = time.monotonic() + seconds
        while True:
            result = ready()
            if result:
                return result
            if time.monotonic() > end:
                raise AssertionError(f'{what} did not come within {seconds} s; {self.pending()}')
            time.sleep(pause)

    def pending(self):
        """What still waits in our queues, as a sentence."""
        rows = self.sql("SELECT (SELECT count(*) FROM incoming), (SELECT count(*) FROM chunk), "
                        "(SELECT count(*) FROM notice WHERE ended_at IS NULL), (SELECT count(*) FROM message WHERE state = 'set_aside')")
        return 'incoming %d, chunks %d, notices %d, set aside %d' % rows[0]

    def quiet(self, seconds=30):
        """Waits until all that was taken in has been decided and sent."""
        self.until(lambda: self.pending().startswith('incoming 0, chunks 0, notices 0'), seconds, 'an empty queue')

    def wait_copies(self, count, seconds=20, mx=None):
        self.until(lambda: len(self.jsonl('log.jsonl')) >= count and len(self.copies(mx)) >= count, seconds, f'{count} copies')
        return self.copies(mx)

    # --- changing the world

    def personality(self, mx, text):
        self.state['mxs'][mx]['personality'] = text
        self.write_mx_config()

    def recipient(self, address, text):
        self.state.setdefault('recipients', {})[address.lower()] = text
        self.write_mx_config()

    def dns_faults(self, *lines):
        with open(self.path('dns-faults'), 'w') as file:
            file.write(''.join(line + '\n' for line in lines))

    def zone(self, domain, **options):
        kairan.write_zone(self.path('zones'), domain, **options)

    def clear_sink(self):
        """Forgets the copies taken so far; the MXs go on writing to the same files."""
        for name in ('log.jsonl', 'commands.jsonl'):
            if os.path.exists(self.path('sink', name)):
                os.truncate(self.path('sink', name), 0)

    def set(self, list_, **settings):
        self.kairan.command('list', 'set', address_of(list_), *(f'{name}={value}' for name, value in settings.items()))

    def text(self, list_, name, body, subject=None, language='en'):
        """Puts a text of a list's own in the place of the inherited one."""
        self.kairan.command('template', 'set', address_of(list_), name, '--language', language, '--body', body,
                            *(() if subject is None else ('--subject', subject)))

    def new_list(self, name, members=3, addresses=None, **settings):
        """A list with members m1... or with these addresses."""
        self.kairan.command('list', 'create', address_of(name))
        people = addresses if addresses is not None else [f'm{i}@members.example.org' for i in range(1, members + 1)]
        if people:
            self.kairan.command('member', 'add', address_of(name), '-', stdin='\n'.join(people) + '\n')
        if settings:
            self.set(name, **settings)
        return address_of(name)

    # --- judging

    def breaches(self, repeats=0):
        """Every breach of I1-I8. `repeats`: how many copies may have come twice (P2)."""
        with open(INVARIANTS, encoding='utf-8') as file:
            text = file.read()
        connection = psycopg2.connect(self.postgres.dsn())
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute('PREPARE invariants (timestamptz) AS ' + text)
                cursor.execute('EXECUTE invariants (now())')
                found = ['%s: %s' % row for row in cursor.fetchall()]
        finally:
            connection.close()
        twice = self.repeated()
        if sum(twice.values()) > repeats:
            found.append(f'I3: copies that came again: {twice}')
        folder = self.path('state')
        found += [f'I6: temporary file {name}' for name in os.listdir(folder)]
        return found

    def repeated(self):
        """(Message-ID, archive address, return path, recipient) -> how often it came too often."""
        count = {}
        for row in self.copies():
            names = [(judge.values(row['message'], field) or [''])[0] for field in ('message-id', 'archived-at')]
            for recipient in row['rcpts']:
                key = (*names, row['from'], recipient)
                count[key] = count.get(key, 0) + 1
        return {key: number - 1 for key, number in count.items() if number > 1}


def address_of(name):
    return name if '@' in name else f'{name}@{kairan.DOMAIN}'


class Lmtp:
    """An LMTP client that can say anything, byte by byte."""

    def __init__(self, path, timeout=30):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        self.reader = self.socket.makefile('rb')
        self.greeting = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.reader.close()
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def reply(self):
        """One complete reply, its lines joined; '' when the connection is over."""
        lines = []
        while True:
            try:
                line = self.reader.readline()
            except ConnectionError:
                line = b''
            if not line:
                return '\n'.join(lines)
            lines.append(line.decode('utf-8', 'replace').rstrip('\r\n'))
            if line[3:4] != b'-':
                return '\n'.join(lines)

    def say(self, line):
        self.send(line.encode() + b'\r\n')
        return self.reply()

    def hello(self, **xforward):
        """LHLO, and XFORWARD as Postfix gives it."""
        self.greeting = self.reply()
        offers = self.say('LHLO mx.test')
        client = dict({'NAME': 'client.example', 'ADDR': '127.0.0.1', 'HELO': 'client.example'}, **xforward)
        self.say('XFORWARD ' + ' '.join(f'{name}={value}' for name, value in client.items()))
        return offers

    def deliver(self, sender, recipients, message, parameters=''):
        """One transaction; the replies to its data, or to RCPT where nobody was accepted."""
        answer = self.say(f'MAIL FROM:<{sender}>{parameters}')
        if not answer.startswith('250'):
            return [answer]
        answers = [self.say(f'RCPT TO:<{recipient}>') for recipient in recipients]
        taken = [answer for answer in answers if answer.startswith('250')]
        if not taken:
            self.say('RSET')
            return answers
        answer = self.say('DATA')
        if not answer.startswith('354'):
            return [answer]
        self.send(stuffed(message))
        return [self.reply() for _ in taken]


def stuffed(message):
    """A message as it goes over the wire after DATA, its end included."""
    if not message.endswith(b'\r\n'):
        message += b'\r\n'
    message = message.replace(b'\r\n.', b'\r\n..')
    return (b'.' if message.startswith(b'.') else b'') + message + b'.\r\n'


class Author:
    """Somebody who signs their mail: a domain with a key in our DNS."""

    def __init__(self, stack, domain=None, policy='reject'):
        # A domain for each: what the DNS said of another one may still be remembered.
        domain = domain or f'author{next(_number)}.example'
        self.domain, self.address = domain, f'anna@{domain}'
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                                     serialization.NoEncryption())
        public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        record = 'v=DKIM1; k=rsa; p=' + base64.b64encode(public).decode()
        stack.zone(domain, txt=[(f's1._domainkey.{domain}', record)], policy=policy)

    def sign(self, message, fields=(b'from', b'to', b'subject', b'date', b'message-id'), canonicalize=(b'relaxed', b'relaxed')):
        return dkim.sign(message, b's1', self.domain.encode(), self.key, include_headers=list(fields), canonicalize=canonicalize) + message


def message(subject='Hello', sender='m1@members.example.org', to='test@' + kairan.DOMAIN, body='Hello everybody.\r\n', extra='', mid=None):
    """A plain message with a Message-ID of its own."""
    mid = mid or f'{os.getpid()}.{next(_number)}.{time.time_ns()}@members.example.org'
    return (f'From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Sat, 21 Nov 2026 12:00:00 +0900\r\nMessage-ID: <{mid}>\r\n'
            f'{extra}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}').encode()
