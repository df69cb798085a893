"""The rig itself must be able to say no: its MXs, its DNS server and its fault proxy, without any program of ours."""
import os
import smtplib
import socket
import subprocess
import time

import dnslib
import pytest

from conftest import BUILD, finish, start
from rig import judge
from rig.client import Author, message
from rig.process import free_port


@pytest.fixture(scope='module')
def rig():
    """A stack whose worker is not needed."""
    stack = start(postfix=False, mx=[('rough', 'accept'), ('careless', 'lenient')], only=['dns', 'mx'])
    yield stack
    finish(stack)


def offer(rig, mx, data, sender='anna@author.example', recipient='m1@members.example.org', options=()):
    """The reply of an MX to a message, as 'CODE text'."""
    with smtplib.SMTP('127.0.0.1', rig.state['mxs'][mx]['port'], local_hostname='test', timeout=5) as smtp:
        smtp.ehlo()
        try:
            smtp.sendmail(sender, [recipient], data, mail_options=options)
            return '250'
        except smtplib.SMTPDataError as refusal:
            return f'{refusal.smtp_code} {refusal.smtp_error.decode()}'


STRICT = (
    ('signed and proper', lambda m, sign: sign(m), '250'),
    ('not signed', lambda m, sign: m, '550'),
    ('changed after signing', lambda m, sign: sign(m).replace(b'everybody', b'nobody'), '550'),
    ('signed, two subjects', lambda m, sign: sign(b'Subject: one\r\n' + m), '550'),
    ('signed, no date', lambda m, sign: sign(m.replace(b'Date: Sat, 21 Nov 2026 12:00:00 +0900\r\n', b'')), '550'),
    ('signed, long line', lambda m, sign: sign(m + b'x' * 999 + b'\r\n'), '550'),
    ('signed, two authors', lambda m, sign: sign(m.replace(b'From: ', b'From: b@author.example, ')), '550'),
    ('signed, 8-bit not announced', lambda m, sign: sign(m.replace(b'everybody', 'みなさん'.encode())), '550'),
)


@pytest.mark.parametrize('name, make, expected', STRICT, ids=[row[0] for row in STRICT])
def test_strict_mx(rig, name, make, expected):
    author = Author(rig)
    assert offer(rig, 'members', make(message(sender=author.address), author.sign))[:3] == expected


def test_strict_mx_wants_the_signature_aligned(rig):
    author = Author(rig)
    assert offer(rig, 'members', author.sign(message(sender='x@members.example.org')))[:3] == '550'


def test_bare_line_ends_are_seen():
    assert judge.faults(b'From: a@b.example\r\nDate: Sat, 21 Nov 2026 12:00:00 +0900\r\nMessage-ID: <1@b>\r\n\r\na\nb\r\n') == ['bare CR or LF']
    assert 'NUL in the message' in judge.faults(b'a\0')


PERSONALITIES = (
    ('connect:554', (554, None)), ('connect:421', (421, None)), ('mail:450', (None, 450)), ('rcpt:550', (None, 550)),
    ('rcpt:452', (None, 452)), ('data:451', (None, 451)), ('dot:554', (None, 554)), ('dot:421', (None, 421)),
    ('connect:drop', ('gone', None)), ('mail:drop', (None, 'gone')), ('dot:reset', (None, 'gone')), ('cut:5', (None, 'gone')),
    ('greylist', (None, 450)), ('rcpt:450*1', (None, 450)),
)


@pytest.mark.parametrize('text, expected', PERSONALITIES, ids=[row[0] for row in PERSONALITIES])
def test_personalities(rig, text, expected):
    rig.personality('rough', text)
    assert trial(rig) == expected
    if text in ('greylist', 'rcpt:450*1'):
        assert trial(rig) == (None, None)


def trial(rig):
    """What connecting and then sending end with: a code, 'gone' or None."""
    try:
        smtp = smtplib.SMTP('127.0.0.1', rig.state['mxs']['rough']['port'], local_hostname='test', timeout=5)
    except smtplib.SMTPConnectError as refusal:
        return refusal.smtp_code, None
    except (smtplib.SMTPServerDisconnected, ConnectionError):
        return 'gone', None
    try:
        smtp.sendmail('a@author.example', ['x@rough.example.org'], message())
        return None, None
    except smtplib.SMTPRecipientsRefused as refusal:
        return None, list(refusal.recipients.values())[0][0]
    except smtplib.SMTPResponseException as refusal:
        return None, refusal.smtp_code
    except (smtplib.SMTPServerDisconnected, ConnectionError):
        return None, 'gone'
    finally:
        smtp.close()


def test_lenient_mx_falls_for_smuggling(rig):
    before = len(rig.copies('careless'))
    with socket.create_connection(('127.0.0.1', rig.state['mxs']['careless']['port'])) as wire:
        wire.sendall(b'EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@careless.example.org>\r\nDATA\r\n')
        time.sleep(0.3)
        wire.sendall(b'one\n.\nMAIL FROM:<c@d.example>\r\nRCPT TO:<x@careless.example.org>\r\nDATA\r\ntwo\r\n.\r\nQUIT\r\n')
        time.sleep(0.3)
    assert len(rig.copies('careless')) == before + 2


def ask(rig, name, kind='TXT', transport='udp', timeout=1.0):
    question = dnslib.DNSRecord.question(name, kind)
    packet = question.send('127.0.0.1', rig.state['ports']['dns'], tcp=transport == 'tcp', timeout=timeout)
    return question, dnslib.DNSRecord.parse(packet)


def test_dns_answers_and_faults(rig):
    rig.zone('faulty.example')
    _, answer = ask(rig, '_dmarc.faulty.example')
    assert 'p=reject' in str(answer.rr[0].rdata)
    assert dnslib.RCODE.get(ask(rig, 'nobody.faulty.example')[1].header.rcode) == 'NXDOMAIN'
    rig.dns_faults('*.faulty.example * servfail')
    assert dnslib.RCODE.get(ask(rig, '_dmarc.faulty.example')[1].header.rcode) == 'SERVFAIL'
    rig.dns_faults('*.faulty.example TXT truncate')
    assert ask(rig, '_dmarc.faulty.example')[1].header.tc == 1
    assert ask(rig, '_dmarc.faulty.example', transport='tcp')[1].rr
    rig.dns_faults('*.faulty.example * wrongid')
    question, answer = ask(rig, '_dmarc.faulty.example')
    assert answer.header.id != question.header.id
    rig.dns_faults('*.faulty.example * cnames 100')
    assert len(ask(rig, '_dmarc.faulty.example', transport='tcp')[1].rr) == 100
    rig.dns_faults('*.faulty.example * silence')
    with pytest.raises((socket.timeout, TimeoutError)):
        ask(rig, '_dmarc.faulty.example', timeout=0.3)
    rig.dns_faults()


FAULTS = (
    ('at reply 2: stop', 'timeout'), ('at reply 2: rst', 'gone'), ('at reply 1: close', 'gone'), ('at reply 2: garbage', 'garbage'),
    ('after 3 bytes: close', 'gone'), ('at reply 2: delay 300', 'late'), ('up after 3 bytes: stop', 'timeout'),
    ('at reply 2: dup', 'twice'), ('at reply 2: trickle 20', 'late'),
)


@pytest.mark.parametrize('rule, expected', FAULTS, ids=[row[0] for row in FAULTS])
def test_fault_proxy(rig, rule, expected):
    program = os.path.join(BUILD, 'tests/faultproxy')
    if not os.access(program, os.X_OK):
        pytest.skip('tests/faultproxy has not been built')
    rig.personality('rough', 'accept')
    port = free_port()
    proxy = subprocess.Popen([program, str(port), str(rig.state['mxs']['rough']['port']), rule], stdout=subprocess.PIPE)
    try:
        assert proxy.stdout.readline() == b'ready\n'
        assert converse(port) == expected
    finally:
        proxy.terminate()
        proxy.wait()


def converse(port):
    """What a short SMTP conversation is like."""
    begin = time.monotonic()
    with socket.create_connection(('127.0.0.1', port), timeout=1.5) as wire:
        try:
            reader = wire.makefile('rb')
            if not reader.readline():
                return 'gone'
            wire.sendall(b'NOOP\r\n')
            first = reader.readline()
            if not first:
                return 'gone'
            if not first.startswith(b'250'):
                return 'garbage'
            wire.settimeout(0.4)
            try:
                if reader.readline() == first:
                    return 'twice'
            except (socket.timeout, TimeoutError):
                pass
        except (socket.timeout, TimeoutError):
            return 'timeout'
        except ConnectionError:
            return 'gone'
    return 'late' if time.monotonic() - begin > 0.65 else 'well'
