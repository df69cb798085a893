"""What a strict receiver thinks of a message: RFC 5321/5322 on its bytes, then DKIM by dkimpy and DMARC alignment."""
import email.utils
import re
import socket
import struct

import dkim
from dnslib import QTYPE, DNSRecord

SINGLE_FIELDS = (b'from', b'sender', b'reply-to', b'to', b'cc', b'bcc', b'message-id', b'in-reply-to', b'references',
                 b'subject', b'date')
FIELD = re.compile(rb'^([!-9;-~]+):[ \t]?(.*)$', re.DOTALL)
ADDR_SPEC = re.compile(r'^[^@\s<>(),;:"\[\]]+@[A-Za-z0-9.\-\u0080-\U0010ffff]+$|^"[^"\r\n]*"@[A-Za-z0-9.\-]+$')


def split_fields(message):
    """Header fields in their order, as (lower-case name, value unfolded); the second result is what is wrong with them."""
    header, wrong = message.split(b'\r\n\r\n', 1)[0], []
    if message.startswith(b'\r\n'):
        header = b''
    lines = re.sub(rb'\r\n(?=[ \t])', b'', header).split(b'\r\n')
    fields = []
    for line in lines if header else []:
        match = FIELD.match(line)
        if match is None:
            wrong.append(f'header line is no field: {line[:60]!r}')
        else:
            fields.append((match.group(1).lower(), match.group(2).strip()))
    return fields, wrong


def values(message, name):
    wanted = name.lower().encode()
    return [value.decode('utf-8', 'replace') for key, value in split_fields(message)[0] if key == wanted]


def faults(message, eight_bit=True, utf8=True):
    """Everything in the bytes that RFC 5321/5322 does not allow, as sentences; empty when all is well."""
    wrong = []
    if b'\0' in message:
        wrong.append('NUL in the message')
    if re.search(rb'\r(?!\n)|(?<!\r)\n', message):
        wrong.append('bare CR or LF')
    longest = max((len(line) for line in message.split(b'\r\n')), default=0)
    if longest > 998:
        wrong.append(f'a line of {longest} bytes')
    if not message.endswith(b'\r\n'):
        wrong.append('no line end at the end')
    header, _, body = message.partition(b'\r\n\r\n')
    if not header.isascii() and not utf8:
        wrong.append('8-bit header without SMTPUTF8')
    if not body.isascii() and not eight_bit:
        wrong.append('8-bit body without BODY=8BITMIME')
    fields, field_faults = split_fields(message)
    names = [name for name, _ in fields]
    wrong += field_faults
    wrong += [f'{names.count(name)} {name.decode()} fields' for name in SINGLE_FIELDS if names.count(name) > 1]
    wrong += [f'no {name.decode()} field' for name in (b'from', b'date', b'message-id') if name not in names]
    for name, value in fields:
        if name == b'date' and readable_date(value) is None:
            wrong.append(f'Date not readable: {value[:60]!r}')
    if names.count(b'from') == 1 and len(from_addresses(message)) != 1:
        wrong.append(f'From has not one address: {values(message, "from")[0][:100]!r}')
    return wrong


def readable_date(value):
    try:
        return email.utils.parsedate_to_datetime(value.decode('ascii', 'replace'))
    except (TypeError, ValueError, IndexError):
        return None


def from_addresses(message):
    pairs = email.utils.getaddresses(values(message, 'from'))
    return [address for _, address in pairs if ADDR_SPEC.match(address)]


class Resolver:
    """TXT lookups at our own DNS server, in the form dkimpy wants."""

    def __init__(self, port, timeout=3, address='127.0.0.1'):
        self.port, self.timeout, self.address = port, timeout, address

    def txt(self, name, timeout=None):
        name = name.decode() if isinstance(name, bytes) else name
        question = DNSRecord.question(name.rstrip('.'), 'TXT')
        with socket.create_connection((self.address, self.port), self.timeout) as stream:
            packet = question.pack()
            stream.sendall(struct.pack('!H', len(packet)) + packet)
            reader = stream.makefile('rb')
            size = reader.read(2)
            answer = DNSRecord.parse(reader.read(int.from_bytes(size, 'big'))) if len(size) == 2 else None
        for row in answer.rr if answer else []:
            if row.rtype == QTYPE.TXT:
                return b''.join(row.rdata.data)
        return None


def tags(value):
    """A tag list such as a signature's, white space taken out of the values."""
    pairs = (item.split('=', 1) for item in value.split(';') if '=' in item)
    return {name.strip(): re.sub(r'\s+', '', text) for name, text in pairs}


def signatures(message, resolver):
    """Every DKIM-Signature of a message, top first, as dkimpy judges it."""
    judged = []
    for index, value in enumerate(values(message, 'dkim-signature')):
        tag = tags(value)
        result = {'d': tag.get('d', '').lower(), 's': tag.get('s', ''), 'a': tag.get('a', ''), 'h': tag.get('h', '').lower().split(':'),
                  'l': 'l' in tag, 'x': tag.get('x'), 'ok': False, 'why': ''}
        try:
            result['ok'] = bool(dkim.DKIM(message).verify(idx=index, dnsfunc=resolver.txt))
            result['why'] = '' if result['ok'] else 'signature does not verify'
        except Exception as problem:   # dkimpy raises for every kind of malformed signature or key
            result['why'] = f'{type(problem).__name__}: {problem}'
        judged.append(result)
    return judged


def aligned(one, other):
    """Relaxed alignment, good enough for zones of two labels and more."""
    one, other = one.lower(), other.lower()
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    return longer == shorter or ('.' in shorter and longer.endswith('.' + shorter))


def dmarc_passes(message, judged):
    authors = from_addresses(message)
    if len(authors) != 1:
        return False
    domain = authors[0].rsplit('@', 1)[1]
    return any(result['ok'] and aligned(result['d'], domain) for result in judged)
