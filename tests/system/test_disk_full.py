"""A full disk refuses mail for a while; nothing half written stays, and making room is the only repair."""
import os
import subprocess
import tempfile
import time

import pytest

from conftest import BUILD, need
from rig.client import Client, address_of, message
from test_crash import MEMBERS, SETTINGS, as_mta, check, received


@pytest.fixture
def small():
    """A stack whose folder is a small disk of its own."""
    folder = tempfile.mkdtemp(prefix='kairan-small-')
    if os.getuid() != 0 or subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=260m,mode=755', 'tmpfs', folder]).returncode:
        os.rmdir(folder)
        pytest.skip('a small disk cannot be mounted here')
    stack = Client(folder)
    try:
        stack.create({'build': BUILD, 'members': MEMBERS, 'postfix': False, 'direct': True, 'mx': [], 'set': SETTINGS, 'ports': {},
                      'listen': None, 'only': ['postgres', 'dns', 'mx', 'worker']})
        stack.up()
        need(stack, 'kairan', 'kairan-worker')
        stack.personality('members', 'accept')
        stack.quiet()
        yield stack
    finally:
        stack.down()
        subprocess.run(['umount', '-l', folder], check=False)
        os.rmdir(folder)


def fill(path):
    """Takes all the room there is."""
    with open(path, 'wb', buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(b'\0' * size)
            except OSError:
                size //= 4


def offer(stack, subject):
    """One try, as an MTA makes it; a connection that breaks is a "later" too."""
    body = 'x' * 70 + '\r\n'
    try:
        with stack.lmtp(timeout=30) as lmtp:
            lmtp.hello()
            data = received(message(subject, to=address_of('test'), body=body * 3000))
            return lmtp.deliver('m1@members.example.org', [address_of('test')], data)[0]
    except (OSError, IndexError):
        return '4'


def test_a_full_disk_is_later_and_not_never(small):
    stamp = time.time_ns()
    as_mta(small, received(message(f'before {stamp}', to=address_of('test'))), 'test')
    small.wait_copies(MEMBERS)
    ballast = os.path.join(small.folder, 'ballast')
    fill(ballast)
    answers = [offer(small, f'full {stamp}') for _ in range(5)]
    # Some may still find a page that PostgreSQL had kept; whatever was not taken was put off, never refused.
    assert {answer[:1] for answer in answers} <= {'2', '4'} and '4' in {answer[:1] for answer in answers}, answers
    os.remove(ballast)
    if not small.postgres.ready():
        small.keeper.stop('postgres')
        small.postgres.start()
    as_mta(small, received(message(f'after {stamp}', to=address_of('test'))), 'test', 40)
    taken = sum(answer.startswith('2') for answer in answers)
    expected = {f'before {stamp}': MEMBERS, f'after {stamp}': MEMBERS}
    if taken:
        expected[f'full {stamp}'] = MEMBERS
    # What was handed on while its result could not be written may come twice: the one transaction in flight of each sender.
    check(small, expected, SETTINGS['worker.send_children'])
