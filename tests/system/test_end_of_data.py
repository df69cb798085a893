"""Where a message ends: only at CR LF . CR LF, on the way in and on the way out (reference B.4)."""
import time

import pytest

from rig.client import message

# What careless servers take for the end of data.
TRICKS = [b'\n.\n', b'\n.\r\n', b'\r\n.\n', b'\r.\r', b'\r.\n', b'\n.\r', b'\r\n.\r', b'\r.\r\n', b'\r\r\n.\r\r\n', b'\r\n\0.\r\n', b'\r\n.\0\r\n',
          b'\n\n.\n\n', b'\r\n .\r\n', b'\r\n. \r\n', b'\r\n.\t\r\n', b'\r\n..\r\n', b'\n\r.\n\r', b'\x0b.\x0b', b'\x0c.\x0c', b'\xc2\x85.\xc2\x85']
SMUGGLED = b'MAIL FROM:<evil@smuggler.example>\r\nRCPT TO:<test@lists.example.jp>\r\nDATA\r\nFrom: evil@smuggler.example\r\nSubject: smuggled\r\n\r\nsmuggled\r\n'


def names(tricks):
    return [repr(trick)[2:-1] for trick in tricks]


@pytest.mark.parametrize('trick', TRICKS, ids=names(TRICKS))
def test_one_message_in_is_one_message_out(stack, trick):
    stack.personality('members', 'lenient')
    data = message('trick', body='before')
    before = stack.one('SELECT count(*) FROM message')
    with stack.lmtp(timeout=5) as lmtp:
        lmtp.hello()
        lmtp.send(b'MAIL FROM:<m1@members.example.org>\r\nRCPT TO:<test@lists.example.jp>\r\nDATA\r\n')
        replies = [lmtp.reply() for _ in range(3)]
        assert [reply[:3] for reply in replies] == ['250', '250', '354']
        lmtp.send(data + trick + SMUGGLED + b'\r\n.\r\n')
        assert lmtp.reply()[:3] in ('250', '451')
        lmtp.send(b'NOOP\r\n')
        assert lmtp.reply()[:3] == '250'
    stack.quiet()
    assert stack.one('SELECT count(*) FROM message') == before + 1
    stack.wait_copies(3)
    time.sleep(0.1)
    copies = stack.copies()
    assert len(copies) == 3
    assert not [row for row in copies if row['from'] == 'evil@smuggler.example']
    for row in copies:
        assert b'smuggled' in row['message'] and b'\0' not in row['message']
        assert b'\n' not in row['message'].replace(b'\r\n', b'') and b'\r' not in row['message'].replace(b'\r\n', b'')


COMMANDS = (
    (b'MAIL FROM:<a@b.example>\nRCPT TO:<test@lists.example.jp>\r\n', '5'), (b'NOOP\r', None), (b'NO\0OP\r\n', '5'),
    (b'MAIL FROM:<a@b.example\r>\r\n', '5'), (b'X' * 5000 + b'\r\n', '5'), (b'RCPT TO:<test@lists.example.jp>\r\n', '5'),
    (b'DATA\r\n', '5'), (b'EHLO x\r\n', '5'), (b'MAIL FROM:<a@b.example> SIZE=99999999999\r\n', '5'),
)


@pytest.mark.parametrize('command, expected', COMMANDS, ids=names([row[0][:30] for row in COMMANDS]))
def test_commands_that_are_none(stack, command, expected):
    with stack.lmtp(timeout=3) as lmtp:
        lmtp.hello()
        lmtp.send(command)
        if expected is None:
            lmtp.send(b'\nNOOP\r\n')
            assert lmtp.reply()[:3] == '250' and lmtp.reply()[:3] == '250'
        else:
            assert lmtp.reply()[:1] == expected
