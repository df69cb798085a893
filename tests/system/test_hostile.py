"""Mail made to hurt: refused or contained, memory flat, and the list still works (reference B.3, issue 2)."""
import os
import re
import threading
import time

import pytest

from rig import judge
from rig.client import address_of, message


def status(pid, name):
    """A kB value of /proc/PID/status; 0 when the process is gone."""
    try:
        with open(f'/proc/{pid}/status') as file:
            return int(re.search(rf'^{name}:\s+(\d+) kB', file.read(), re.MULTILINE).group(1))
    except (OSError, AttributeError):
        return 0


def workers(stack):
    """Pids of all of the worker's processes."""
    master = str(stack.keeper.pid('worker'))
    found = []
    for entry in os.listdir('/proc'):
        if entry.isdigit():
            try:
                with open(f'/proc/{entry}/stat') as file:
                    parent = file.read().rsplit(')', 1)[1].split()[1]
            except OSError:
                continue
            if parent == master:
                found.append(int(entry))
    return found


def peak_kb(stack):
    """The most memory of its own that any process of the worker has had."""
    return max(status(pid, 'VmHWM') for pid in workers(stack))


HEAD = 'From: m1@members.example.org\r\nTo: test@lists.example.jp\r\nDate: Sat, 21 Nov 2026 12:00:00 +0900\r\nSubject: hostile\r\n'


def many_parts():
    return (HEAD + 'Message-ID: <parts@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'
            + '--b\r\n\r\nx\r\n' * 100000 + '--b--\r\n').encode()


def nested_parts():
    opening = ''.join(f'Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n' for i in range(5000))
    return (HEAD + 'Message-ID: <nested@x.example>\r\nMIME-Version: 1.0\r\n' + opening + '\r\nx\r\n').encode()


def many_addresses():
    to = ',\r\n '.join(f'a{i}@b.example' for i in range(200000))
    return f'From: m1@members.example.org\r\nTo: {to}\r\nCc: test@lists.example.jp\r\nSubject: crowd\r\nMessage-ID: <crowd@x.example>\r\n\r\nx\r\n'.encode()


def many_parameters():
    parameters = ''.join(f';\r\n name*{i}*=x' for i in range(100000))
    return (HEAD + f'Message-ID: <params@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain{parameters}\r\n\r\nx\r\n').encode()


def comments():
    return f'From: {"(" * 100000}m1@members.example.org\r\nTo: test@lists.example.jp\r\nSubject: x\r\nMessage-ID: <c@x.example>\r\n\r\nx\r\n'.encode()


def long_field():
    return (HEAD + 'Message-ID: <long@x.example>\r\nX-Long: ' + '\r\n '.join(['y' * 900] * 6000) + '\r\n\r\nx\r\n').encode()


def many_fields():
    return (HEAD + 'Message-ID: <fields@x.example>\r\n' + ''.join(f'X-{i}: y\r\n' for i in range(100000)) + '\r\nx\r\n').encode()


def long_line():
    return (HEAD + 'Message-ID: <line@x.example>\r\n\r\n').encode() + b'x' * 20_000_000 + b'\r\n'


def many_references():
    references = '\r\n '.join(f'<{i}@r.example>' for i in range(100000))
    return (HEAD + f'Message-ID: <refs@x.example>\r\nReferences: {references}\r\n\r\nx\r\n').encode()


def many_signatures():
    one = 'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=d{}.example; s=s; h=from; bh=AAAA; b=AAAA\r\n'
    return ''.join(one.format(i) for i in range(2000)).encode() + message('signatures')


MONSTERS = (many_parts, nested_parts, many_addresses, many_parameters, comments, long_field, many_fields, long_line, many_references, many_signatures)


@pytest.mark.parametrize('make', MONSTERS, ids=[make.__name__ for make in MONSTERS])
def test_monsters_are_contained(stack, make):
    """Taken, ended in a named state soon, without much memory; a plain post behind it is not held up."""
    stack.restart('worker')
    data = make()
    assert stack.post(data, timeout=60)[:1] in '24'
    stack.post(message('behind it'))
    stack.quiet(60)
    assert stack.one("SELECT count(*) FROM message WHERE state IN ('received', 'set_aside') AND kind = 'post'") == 0
    assert peak_kb(stack) < 300_000
    stack.until(lambda: [row for row in stack.copies() if b'Subject: behind it' in row['message']], 10, 'the post behind it')
    assert 'signal=' not in re.sub(r'signal=0\b', '', stack.log('worker').rsplit('event=started', 1)[-1])


def test_a_stream_without_end(stack):
    """1 GB in one message: not kept, memory flat, the connection lives on."""
    stack.restart('worker')
    line = b'x' * 76 + b'\r\n'
    block = line * (1_000_000 // len(line))
    before = stack.one('SELECT count(*) FROM message')
    with stack.lmtp(timeout=300) as lmtp:
        lmtp.hello()
        lmtp.send(b'MAIL FROM:<m1@members.example.org>\r\nRCPT TO:<test@lists.example.jp>\r\nDATA\r\n')
        assert [lmtp.reply()[:3] for _ in range(3)] == ['250', '250', '354']
        lmtp.send(message('stream'))
        for _ in range(1000):
            lmtp.send(block)
        lmtp.send(b'.\r\n')
        reply = lmtp.reply()
        assert reply[:3] in ('250', '452', '552'), reply
        assert lmtp.say('NOOP')[:3] == '250'
    assert peak_kb(stack) < 64_000
    stack.quiet()
    rows = stack.sql('SELECT state, length(bytes) FROM message ORDER BY id OFFSET %s', before)
    assert all(state in ('refused', 'discarded') and not length for state, length in rows), rows
    assert os.listdir(stack.path('state')) == []


INJECTIONS = ('a\rBcc: evil@x.example', 'a\nBcc: evil@x.example', 'a\r\n\tfolded', 'a\0b', '=?utf-8?q?a=0d=0aBcc:_evil@x.example?=',
              '=?utf-8?b?YQ0KQmNjOiBldmlsQHguZXhhbXBsZQ==?=', '=?utf-8?q?=00=1b[31m?=', '\x1b$B%F%9%H\x1b(B', '=?iso-2022-jp?b?GyRCJUYlOSVIGyhC?=\r\n =?utf-8?q?_=0a?=')


@pytest.mark.parametrize('field', ['From', 'Subject', 'To', 'Message-ID', 'Reply-To', 'Date', 'References', 'Content-Type', 'X-Any'])
def test_nothing_breaks_out_of_a_field(stack, field):
    """CR, LF, NUL and encoded ones in every field: no copy has a field that its author or we did not write."""
    stack.new_list('inject-' + field.lower(), 1, subject_prefix='[P %d]', default_nonmember_action='accept', no_subject_action='accept',
                   require_explicit_destination='no', max_num_recipients='0')
    stack.text('inject-' + field.lower(), 'post_footer', 'Foot')
    stack.quiet()
    stack.clear_sink()
    for injection in INJECTIONS:
        value = {'From': f'{injection} <m1@members.example.org>', 'To': f'{injection} <test@lists.example.jp>', 'Message-ID': f'<{injection}@x.example>'}
        data = message('plain').decode()
        data = re.sub(rf'(?m)^{field}: .*?\r\n', '', data)
        stack.post(f'{field}: {value.get(field, injection)}\r\n'.encode('utf-8') + data.encode(), 'inject-' + field.lower())
    stack.quiet()
    for row in stack.copies():
        fields, wrong = judge.split_fields(row['message'])
        names = [name for name, _ in fields]
        assert b'bcc' not in names, row['message'][:2000]
        assert wrong == [] and b'\0' not in row['message']
        assert judge.faults(row['message']) in ([], [fault for fault in judge.faults(row['message']) if fault.startswith(('Date not', 'a line'))])


BAD_ADDRESSES = ('a\rb@x.example', 'a\0b@x.example', '<@x.example>', 'a' * 400 + '@x.example', '"a\\"@x.example', '""@x.example', 'a@' + 'b.' * 200 + 'example', "a'; DROP TABLE list; --@x.example")


@pytest.mark.parametrize('address', BAD_ADDRESSES, ids=[repr(address)[1:25] for address in BAD_ADDRESSES])
def test_addresses_that_are_none(stack, address):
    with stack.lmtp(timeout=10) as lmtp:
        lmtp.hello()
        for line in (f'MAIL FROM:<{address}>', 'RSET', 'MAIL FROM:<m1@members.example.org>', f'RCPT TO:<{address}>'):
            lmtp.send(line.encode() + b'\r\n')
            assert lmtp.reply()[:1] in '25', line
        assert lmtp.say('RSET')[:3] == '250'


def test_two_authors_wait_for_a_person(stack):
    held = stack.one('SELECT count(*) FROM held')
    stack.post(b'From: x@elsewhere.example\r\n' + message('two From fields'))
    stack.post(message('one From, two authors', sender='m1@members.example.org, boss@bank.example'))
    stack.quiet()
    assert stack.one('SELECT count(*) FROM held') == held + 2 and stack.copies() == []


def test_two_lists_subscribed_to_each_other(stack):
    """Our own mail comes back: it goes round at most once."""
    for one, other in (('ping', 'pong'), ('pong', 'ping')):
        stack.new_list(one, addresses=['m1@members.example.org', address_of(other)], default_nonmember_action='accept',
                       require_explicit_destination='no', default_member_action='accept')
    stack.quiet()
    stack.clear_sink()
    stack.mail(message('round', to=address_of('ping')), 'ping')
    stack.wait_copies(1)
    time.sleep(3)
    stack.quiet()
    assert len([row for row in stack.copies() if b'Subject: round' in row['message']]) <= 2
    assert stack.one("SELECT count(*) FROM post WHERE subject = 'round'") <= 3


def test_slow_clients_hold_up_nobody(stack):
    """Nine connections that say nothing (Postfix opens ten at most), and one post at once."""
    silent = [stack.lmtp() for _ in range(9)]
    try:
        done = []
        thread = threading.Thread(target=lambda: done.append(stack.post(message('quick'))))
        thread.start()
        thread.join(10)
        assert done and done[0].startswith('250')
    finally:
        for one in silent:
            one.close()
