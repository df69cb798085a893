"""A full disk refuses mail and changes for a while and says so; nothing half written stays, and making room is the only repair."""
import os
import re
import shutil
import subprocess
import tempfile
import time

import pytest

from conftest import BUILD, need
from rig.client import Client, address_of, message
from rig.kairan import CommandFailed
from rig.site import Browser, now
from test_crash import MEMBERS, SETTINGS, as_mta, check, received


@pytest.fixture
def small():
    """A stack whose folder is a small disk of its own."""
    folder = tempfile.mkdtemp(prefix='kairan-small-')
    if os.getuid() != 0 or subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=260m,mode=755', 'tmpfs', folder]).returncode:
        os.rmdir(folder)
        pytest.skip('a small disk cannot be mounted here')
    stack, aside = Client(folder), tempfile.mkdtemp(prefix='kairan-aside-')
    try:
        stack.create({'build': BUILD, 'members': MEMBERS, 'postfix': False, 'direct': True, 'mx': [], 'set': SETTINGS, 'ports': {},
                      'listen': None, 'only': ['postgres', 'dns', 'mx', 'worker', 'web', 'nginx']})
        os.chmod(aside, 0o755)
        os.symlink(aside, stack.path('nginx'))      # the web server has a disk of its own: what is looked at is what we say
        stack.up()
        need(stack, 'kairan', 'kairan-worker', 'kairan-web')
        stack.personality('members', 'accept')
        stack.quiet()
        yield stack
    finally:
        stack.down()
        subprocess.run(['umount', '-l', folder], check=False)
        os.rmdir(folder)
        shutil.rmtree(aside, ignore_errors=True)


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


def writer(stack):
    """A member's browser."""
    page, at = Browser(stack.http_url()), now()
    user = stack.one("INSERT INTO site_user (name, created_at) VALUES ('', %s) RETURNING id", at)
    stack.sql("UPDATE address SET user_id = %s, verified_at = %s WHERE key = 'm2@members.example.org' RETURNING id", user, at)
    page.sign_in(stack, user)
    page.headers['Accept-Language'] = 'en'
    return page, [form_of(page) for _ in range(60)]


def form_of(page):
    """A form to write to the list, not sent yet: of a size that nginx keeps in memory, and that needs room in the database."""
    mark = re.search(r'name="mark" value="(\w+)"', page.read('/lists/test/write').text)[1]
    return {'subject': f'page {mark}', 'text': 'word ' * 2500, 'act': 'send', 'mark': mark}


def look(stack, page, forms):
    """What people and the operator are told while there is no room. PostgreSQL refuses, or stops until there is. Gives the subjects that
    found the last pages, and the form that was refused."""
    taken = []
    for form in forms:
        answer = page.submit('/lists/test/write', form)
        if answer.status_code != 303:
            break
        taken.append(form['subject'])
    assert answer.status_code == 503 and answer.headers['Retry-After'] and ('disk' in answer.text or 'busy' in answer.text), answer.text
    assert page.read('/lists/test/').status_code in ((200,) if 'disk' in answer.text else (200, 503))
    with pytest.raises(CommandFailed) as told:
        stack.kairan.command('status')
    assert 'disk was full' in told.value.printed or 'database cannot be reached' in told.value.printed, told.value.printed
    return taken, form


def test_a_full_disk_is_later_and_not_never(small):
    stamp = time.time_ns()
    as_mta(small, received(message(f'before {stamp}', to=address_of('test'))), 'test')
    small.wait_copies(MEMBERS)
    page, forms = writer(small)
    page.submit('/language', {'language': 'en'})
    ballast = os.path.join(small.folder, 'ballast')
    fill(ballast)
    answers = [offer(small, f'full {stamp}') for _ in range(5)]
    taken_pages, refused = look(small, page, forms)
    # Some may still find a page that PostgreSQL had kept; whatever was not taken was put off, never refused.
    assert {answer[:1] for answer in answers} <= {'2', '4'} and '4' in {answer[:1] for answer in answers}, answers
    os.remove(ballast)
    if not small.postgres.ready():
        small.keeper.stop('postgres')
        small.postgres.start()
    as_mta(small, received(message(f'after {stamp}', to=address_of('test'))), 'test', 40)
    assert page.submit('/lists/test/write', refused).status_code == 303         # the same form again: nothing was lost by it
    small.quiet()
    taken = sum(answer.startswith('2') for answer in answers)
    expected = {f'before {stamp}': MEMBERS, f'after {stamp}': MEMBERS, **{subject: MEMBERS for subject in [*taken_pages, refused['subject']]}}
    if taken:
        expected[f'full {stamp}'] = MEMBERS
    # What was handed on while its result could not be written may come twice: the one transaction in flight of each sender.
    check(small, expected, SETTINGS['worker.send_children'])
