"""Receiving mail servers with scripted personalities, in one process.

Usage: python3 -m rig.mx CONFIG.json

CONFIG.json, read again when it changes, so that a test may change a personality while all runs:
    {"sink_dir": D, "dns_port": N, "tls_cert": FILE, "tls_key": FILE,
     "mxs": {NAME: {"port": N, ["host": ADDRESS,] "personality": TEXT, "domains": [DOMAIN, ...]}}, "recipients": {ADDRESS: TEXT}}
A session has the personality of its port; from RCPT on that of the recipient's address or domain, when there is one.

A personality is words joined by "+":
    accept               takes everything (the default)
    strict               refuses after the dot what is not RFC 5321/5322, and what fails DMARC
    lenient              ends data at any of the twenty end-of-data tricks, as careless servers do
    PHASE:ACTION[*N][=TEXT]   the first N times (default: always). PHASE: connect ehlo starttls auth mail rcpt data dot rset quit.
        ACTION: a code (421 closes the connection) | drop | reset | hang | tarpit | garbage | delay-MS | lost (dot: keeps the copy,
        sends no reply)
    cut:N                drops the connection after N bytes of message
    greylist             450 to the first try of each recipient
    max-rcpt:N           452 from the (N+1)th recipient of a transaction on
    no-8bitmime no-smtputf8 no-pipelining no-size no-dsn    does not offer that
    tls, auth            offers STARTTLS, AUTH PLAIN LOGIN (any name and password; they are logged)

Every copy taken is SINK_DIR/NAME/SEQ.eml and a line of SINK_DIR/log.jsonl; every command and reply is a line of SINK_DIR/commands.jsonl.
"""
import asyncio
import json
import os
import re
import socket
import ssl
import struct
import sys
import time

from rig import judge

ENDS = re.compile(rb'(?:\r\n|\r|\n)\.(?:\r\n|\r|\n)')
EHLO_OFFERS = (('size', 'SIZE 104857600'), ('8bitmime', '8BITMIME'), ('smtputf8', 'SMTPUTF8'), ('pipelining', 'PIPELINING'),
               ('dsn', 'DSN'), ('enhanced', 'ENHANCEDSTATUSCODES'))
FAULT = re.compile(r'^(connect|ehlo|starttls|auth|mail|rcpt|data|dot|rset|quit):(.+?)(?:\*(\d+))?(?:=(.*))?$')


class Gone(Exception):
    """The connection is over, by either side's will."""


class Config:
    def __init__(self, path):
        self.path, self.stamp, self.data, self.used = path, None, {}, {}

    def refresh(self):
        stamp = os.stat(self.path).st_mtime_ns
        if stamp != self.stamp:
            with open(self.path) as file:
                self.data = json.load(file)
            self.stamp, self.used = stamp, {}

    def of_port(self, name):
        self.refresh()
        return self.data['mxs'][name].get('personality', 'accept')

    def of_recipient(self, address):
        """(mx name, personality) for a recipient; None, None when only the port's counts."""
        self.refresh()
        domain = address.rsplit('@', 1)[-1].lower()
        name = next((mx for mx, row in self.data['mxs'].items() if domain in row.get('domains', [])), None)
        text = self.data.get('recipients', {}).get(address.lower())
        return name, text or (self.data['mxs'][name].get('personality', 'accept') if name else None)

    def fault(self, personality, phase, extra=''):
        """(action, text) of a phase that shall fail now; counts the *N."""
        for word in personality.split('+'):
            match = FAULT.match(word)
            if match is None or match.group(1) != phase:
                continue
            if match.group(3) is not None:
                key = (personality, word, extra)
                self.used[key] = self.used.get(key, 0) + 1
                if self.used[key] > int(match.group(3)):
                    continue
            return match.group(2), match.group(4)
        return None, None

    def first_try(self, *key):
        self.used[key] = self.used.get(key, 0) + 1
        return self.used[key] == 1


class Store:
    """The delivered copies and the two logs."""

    def __init__(self, folder):
        self.folder = folder
        self.copies = open(os.path.join(folder, 'log.jsonl'), 'a', buffering=1)
        self.commands = open(os.path.join(folder, 'commands.jsonl'), 'a', buffering=1)
        self.next, self.connections = {}, 0

    def keep(self, mx, message, row):
        folder = os.path.join(self.folder, mx)
        os.makedirs(folder, exist_ok=True)
        if mx not in self.next:
            self.next[mx] = 1 + max([int(name[:-4]) for name in os.listdir(folder) if name.endswith('.eml')], default=0)
        path = os.path.join(folder, f'{self.next[mx]:06d}.eml')
        self.next[mx] += 1
        with open(path, 'wb') as file:
            file.write(message)
        os.chmod(path, 0o644)
        self.copies.write(json.dumps(dict(row, file=path, bytes=len(message))) + '\n')

    def note(self, mx, connection, **what):
        self.commands.write(json.dumps(dict(t=round(time.time(), 4), mx=mx, conn=connection, **what)) + '\n')


class Session:
    def __init__(self, server, name, reader, writer):
        self.server, self.name, self.reader, self.writer = server, name, reader, writer
        self.config, self.store = server.config, server.store
        self.store.connections += 1
        self.number, self.buffer, self.utf8, self.eight_bit = self.store.connections, b'', False, False
        self.sender, self.recipients, self.at_mx, self.current = None, [], None, None

    # --- reading and writing

    async def fill(self):
        chunk = await self.reader.read(65536)
        if not chunk:
            raise Gone
        self.buffer += chunk

    async def line(self):
        while b'\n' not in self.buffer:
            await self.fill()
        line, self.buffer = self.buffer.split(b'\n', 1)
        return line + b'\n'

    async def send(self, data, slowly=False):
        if slowly:
            for byte in data:
                self.writer.write(bytes([byte]))
                await self.writer.drain()
                await asyncio.sleep(1)
        self.writer.write(b'' if slowly else data)
        await self.writer.drain()

    async def reply(self, text):
        self.store.note(self.name, self.number, s=text)
        await self.send(text.encode('utf-8') + b'\r\n')

    def personality(self):
        return self.current or self.config.of_port(self.name)

    async def faulted(self, phase, extra=''):
        """Plays the fault of a phase. True when the phase is settled by it; Gone when the connection is."""
        action, text = self.config.fault(self.personality(), phase, extra)
        if action is None:
            return False
        self.store.note(self.name, self.number, fault=f'{phase}:{action}')
        if action.startswith('delay-'):
            await asyncio.sleep(int(action[6:]) / 1000)
            return False
        if action == 'garbage':
            await self.send(b'\xff\xfe\x00 what\r\n')
            return True
        if action == 'hang':
            await asyncio.sleep(86400)
        if action == 'tarpit':
            await self.send(b'250-' + b'slow ' * 40 + b'\r\n', slowly=True)
            raise Gone
        if action == 'reset':
            self.writer.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            self.writer.transport.abort()
            raise Gone
        if action == 'drop':
            raise Gone
        if not action.isdigit():
            raise ValueError(f'no action is called {action}')
        await self.reply(f'{action} {text or action[0] + ".0.0 scripted for " + phase}')
        if action == '421':
            raise Gone
        return True

    # --- the session

    async def run(self):
        try:
            if await self.faulted('connect'):
                raise Gone
            await self.reply(f'220 {self.name} ESMTP test rig')
            while True:
                line = await self.line()
                self.store.note(self.name, self.number, c=line.decode('utf-8', 'replace').rstrip('\r\n'))
                if not line.endswith(b'\r\n') and 'lenient' not in self.personality().split('+'):
                    await self.reply('500 5.5.2 commands end in CR LF')
                    continue
                await self.command(line.rstrip(b'\r\n').decode('utf-8', 'replace'))
        except (Gone, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            self.store.note(self.name, self.number, closed=True)
            self.writer.close()

    async def command(self, line):
        verb = line.split(' ', 1)[0].upper()
        handler = {'EHLO': self.ehlo, 'HELO': self.ehlo, 'MAIL': self.mail, 'RCPT': self.rcpt, 'DATA': self.data, 'RSET': self.rset,
                   'QUIT': self.quit, 'STARTTLS': self.starttls, 'AUTH': self.auth, 'NOOP': self.noop}.get(verb)
        if handler is None:
            await self.reply('500 5.5.1 no such command')
        else:
            await handler(line)

    async def ehlo(self, line):
        if await self.faulted('ehlo'):
            return
        if line.upper().startswith('HELO'):
            await self.reply(f'250 {self.name}')
            return
        words = self.personality().split('+')
        offers = [text for word, text in EHLO_OFFERS if f'no-{word}' not in words]
        if 'tls' in words and self.writer.get_extra_info('ssl_object') is None:
            offers.append('STARTTLS')
        if 'auth' in words:
            offers.append('AUTH PLAIN LOGIN')
        lines = [self.name] + offers
        for i, text in enumerate(lines):
            await self.reply(f'250{" " if i == len(lines) - 1 else "-"}{text}')

    async def starttls(self, line):
        if await self.faulted('starttls'):
            return
        await self.reply('220 2.0.0 go ahead')
        self.buffer = b''
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.config.data['tls_cert'], self.config.data['tls_key'])
        await self.writer.start_tls(context)
        self.store.note(self.name, self.number, tls=self.writer.get_extra_info('cipher')[0])

    async def auth(self, line):
        if await self.faulted('auth'):
            return
        words = line.split()
        for prompt in (['VXNlcm5hbWU6', 'UGFzc3dvcmQ6'] if words[1:2] == ['LOGIN'] else [''])[len(words) - 2:]:
            await self.reply('334 ' + prompt)
            self.store.note(self.name, self.number, c=(await self.line()).decode().strip())
        await self.reply('235 2.7.0 welcome')

    async def mail(self, line):
        if await self.faulted('mail'):
            return
        if self.sender is not None:
            await self.reply('503 5.5.1 nested MAIL')
            return
        parameters = line.upper().split('>', 1)[-1].split()
        words = self.personality().split('+')
        self.utf8, self.eight_bit = 'SMTPUTF8' in parameters, 'BODY=8BITMIME' in parameters
        if ('no-smtputf8' in words and self.utf8) or ('no-8bitmime' in words and self.eight_bit):
            await self.reply('555 5.5.4 not offered')
            return
        if not line.isascii() and not self.utf8:
            await self.reply('553 5.6.7 needs SMTPUTF8')
            return
        self.sender = path_of(line)
        await self.reply('250 2.1.0 sender ok')

    async def rcpt(self, line):
        if self.sender is None:
            await self.reply('503 5.5.1 MAIL first')
            return
        address = path_of(line)
        mx, text = self.config.of_recipient(address)
        self.current = text if not self.recipients and text else self.current
        personality = text or self.personality()
        kept, self.current = self.current, personality
        try:
            if await self.faulted('rcpt', address):
                return
        finally:
            self.current = kept
        most = re.search(r'(?:^|\+)max-rcpt:(\d+)', personality)
        if most and len(self.recipients) >= int(most.group(1)):
            await self.reply('452 4.5.3 too many recipients')
        elif 'greylist' in personality.split('+') and self.config.first_try('greylist', address):
            await self.reply('450 4.7.1 greylisted, come again')
        elif not address.isascii() and not self.utf8:
            await self.reply('553 5.6.7 needs SMTPUTF8')
        else:
            self.at_mx = self.at_mx or mx
            self.current = self.current if self.recipients else text
            self.recipients.append(address)
            await self.reply('250 2.1.5 recipient ok')

    async def data(self, line):
        if await self.faulted('data'):
            return
        if not self.recipients:
            await self.reply('554 5.5.1 no valid recipients')
            return
        await self.reply('354 go ahead')
        message = await self.body()
        self.store.note(self.name, self.number, data=len(message))
        action, _ = self.config.fault(self.personality(), 'dot', 'peek')
        if action == 'lost':
            await self.judge_and_keep(message, 'lost')
            raise Gone
        if not await self.faulted('dot'):
            await self.reply(await self.judge_and_keep(message, 'sent'))
        self.forget()

    async def body(self):
        """The message up to its end, dots unstuffed, its last line end included."""
        words = self.personality().split('+')
        cut = next((int(word[4:]) for word in words if word.startswith('cut:')), None)
        searched = 0
        self.buffer = b'\r\n' + self.buffer
        while True:
            if cut is not None and len(self.buffer) - 2 >= cut:
                raise Gone
            if 'lenient' in words:
                match = ENDS.search(self.buffer, max(0, searched - 5))
                end, after = match.span() if match else (-1, 0)
            else:
                end = self.buffer.find(b'\r\n.\r\n', max(0, searched - 5))
                after = end + 5
            if end >= 0:
                break
            searched = len(self.buffer)
            await self.fill()
        message, self.buffer = self.buffer[:end] + b'\r\n', self.buffer[after:]
        return message.replace(b'\r\n..', b'\r\n.')[2:]

    async def judge_and_keep(self, message, reply):
        """Stores the copy and gives the reply's text, or refuses it when the personality is strict."""
        row = {'t': round(time.time(), 4), 'mx': self.at_mx or self.name, 'conn': self.number, 'from': self.sender,
               'rcpts': self.recipients, 'personality': self.personality(), 'reply': reply}
        if 'strict' in self.personality().split('+'):
            row.update(await asyncio.to_thread(self.judge, message))
            wrong = row['faults'] + ([] if row['dmarc'] else ['5.7.26 DMARC does not pass'])
            if wrong:
                self.store.keep('refused', message, dict(row, mx='refused', reply='refused', refused=wrong))
                return '550 5.6.0 ' + '; '.join(wrong).encode('ascii', 'replace').decode()[:400]
        self.store.keep(row['mx'], message, row)
        return f'250 2.0.0 taken as {self.store.next[row["mx"]] - 1}'

    def judge(self, message):
        resolver = judge.Resolver(self.config.data['dns_port'])
        results = judge.signatures(message, resolver)
        return {'faults': judge.faults(message, self.eight_bit or self.utf8, self.utf8), 'dkim': results,
                'dmarc': judge.dmarc_passes(message, results)}

    def forget(self):
        self.sender, self.recipients, self.at_mx, self.current = None, [], None, None

    async def rset(self, line):
        if not await self.faulted('rset'):
            self.forget()
            await self.reply('250 2.0.0 forgotten')

    async def quit(self, line):
        if not await self.faulted('quit'):
            await self.reply('221 2.0.0 bye')
        raise Gone

    async def noop(self, line):
        await self.reply('250 2.0.0 ok')


def path_of(line):
    """The address between the brackets of MAIL FROM:<...> or RCPT TO:<...>."""
    match = re.search(r':\s*<(.*?)>(?:\s|$)', line)
    return match.group(1) if match else line


class Server:
    def __init__(self, path):
        self.config = Config(path)
        self.config.refresh()
        self.store = Store(self.config.data['sink_dir'])

    async def run(self):
        servers = []
        for name, row in self.config.data['mxs'].items():
            def talk(reader, writer, name=name):
                return Session(self, name, reader, writer).run()
            servers.append(await asyncio.start_server(talk, row.get('host', '127.0.0.1'), row['port'], limit=2**20, backlog=500))
        await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == '__main__':
    asyncio.run(Server(sys.argv[1]).run())
