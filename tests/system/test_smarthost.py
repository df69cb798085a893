"""The way to the smarthost: TLS as promised and never less, AUTH, and words for what does not work (reference C row 16)."""
import base64
import os
import shutil

import pytest

from conftest import kept_when_failing, start
from rig.client import message
from rig.kairan import USER

SETTINGS = {'smtp.reply_timeout_s': 3, 'smtp.connect_timeout_s': 3, 'smtp.retry_first_s': 1, 'smtp.retry_most_s': 1, 'worker.poll_ms': 100,
            'worker.send_children': 1}


@pytest.fixture(scope='module')
def world():
    yield from kept_when_failing(start(members=1, postfix=False, direct=True, settings=SETTINGS), 'kairan', 'kairan-worker')


def arrange(stack, personality, **smtp):
    """The worker begins anew with these settings of [smtp]."""
    stack.stop_part('worker')
    stack.personality('members', personality)
    stack.clear_sink()
    stack.state['set'] = dict(SETTINGS, **{f'smtp.{name}': value for name, value in smtp.items()})
    stack.write_config()
    stack.start_part('worker')


def of_last_copy(stack, what):
    """Rows of the last copy's connection that have `what`."""
    connection = stack.copies()[-1]['conn']
    return [row for row in stack.commands() if row['conn'] == connection and what in row]


@pytest.mark.parametrize('mode, personality, encrypted', [
    ('none', 'strict+tls', False), ('may', 'strict', False), ('may', 'strict+tls', True), ('must', 'strict+tls', True),
    ('verify', 'strict+tls', True), ('may', 'strict+tls+starttls:454', False), ('may', 'strict+tls+starttls:garbage', False),
])
def test_mail_goes(world, mode, personality, encrypted):
    arrange(world, personality, tls=mode, ca_file=world.path('mx-cert.pem') if mode == 'verify' else '')
    assert world.post(message('goes')).startswith('250')
    world.wait_copies(1)
    assert bool(of_last_copy(world, 'tls')) == encrypted
    world.quiet()
    assert len(world.copies()) == 1


@pytest.mark.parametrize('mode, personality, words', [
    ('must', 'strict', 'STARTTLS'), ('verify', 'strict', 'STARTTLS'), ('must', 'strict+tls+starttls:454', 'scripted'),
    ('verify', 'strict+tls', 'certificate'),
])
def test_mail_waits_rather_than_go_in_the_open(world, mode, personality, words):
    """Nothing is said to a smarthost that is less than was asked for; the queue says why, and the mail goes when it is mended."""
    arrange(world, personality, tls=mode)
    assert world.post(message('waits')).startswith('250')
    world.until(lambda: [row for row in world.sql('SELECT trouble FROM chunk') if row[0] and words in row[0]], 10, 'the reason')
    assert not [row for row in world.commands() if row.get('c', '').startswith('MAIL')]
    arrange(world, 'strict+tls', tls='must')
    world.wait_copies(1)
    world.quiet()
    assert of_last_copy(world, 'tls') and world.breaches() == []


def test_password(world):
    path = world.path('smtp-password')
    with open(path, 'w') as file:
        file.write('ひみつ 1\n')
    os.chmod(path, 0o600)
    if os.getuid() == 0:
        shutil.chown(path, USER)
    arrange(world, 'strict+tls+auth', tls='must', user='kairan', password_file=path)
    assert world.post(message('password')).startswith('250')
    world.wait_copies(1)
    world.quiet()
    said = [row['c'] for row in of_last_copy(world, 'c') if row['c'].startswith('AUTH')]
    assert [base64.b64decode(line.split()[-1]).decode() for line in said] == ['\0kairan\0ひみつ 1']
    assert 'ひみつ' not in world.log('worker')


def test_wrong_password(world):
    path = world.path('smtp-password')
    arrange(world, 'strict+tls+auth+auth:535=5.7.8 wrong password', tls='must', user='kairan', password_file=path)
    assert world.post(message('wrong password')).startswith('250')
    world.until(lambda: [row for row in world.sql('SELECT trouble FROM chunk') if row[0] and 'wrong password' in row[0]], 10, 'the reason')
    world.personality('members', 'strict+tls+auth')
    world.wait_copies(1)
    world.quiet()
    assert world.breaches() == []
