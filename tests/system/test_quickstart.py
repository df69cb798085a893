"""The README's first command, the demo behind it, and the examples that operators copy.

The whole run takes a minute and two fixed ports: it is done where KAIRAN_TEST_QUICKSTART is set.
"""
import email
import email.policy
import importlib.machinery
import importlib.util
import os
import re
import smtplib
import subprocess
import time
import urllib.request

import pytest
from conftest import TESTS
from rig import postfix
from rig.process import free_port, run

TOP = os.path.dirname(TESTS)
QUICKSTART = os.path.join(TOP, 'quickstart')


def quickstart(*words, timeout=60):
    done = subprocess.run([QUICKSTART, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=timeout, check=False, text=True)
    return done.returncode, done.stdout


@pytest.fixture(scope='module')
def demo():
    loader = importlib.machinery.SourceFileLoader('demo', os.path.join(TESTS, 'demo/demo'))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader('demo', loader))
    loader.exec_module(module)
    return module


def test_help_names_every_option():
    status, text = quickstart('--help')
    assert status == 0
    with open(QUICKSTART) as file:
        understood = set(re.findall(r'^\s+(--[a-z|-]+)\)', file.read(), re.MULTILINE))
    words = {word for group in understood for word in group.split('|') if word.startswith('--')} | {'--help'}
    assert len(words) >= 8
    assert [word for word in sorted(words) if word not in text] == []


def test_show_says_packages_and_ports():
    status, text = quickstart('--show', '--http', '8123', '--smtp', '2623')
    assert status == 0
    assert 'pages on 8123' in text and 'mail in on 2623' in text and 'packages' in text.lower()


@pytest.mark.parametrize('words', [['--http', 'many'], ['--http'], ['--lisen', 'x'], ['--listen', 'a b'], ['--listen']])
def test_what_is_not_understood_is_said(words):
    status, text = quickstart(*words)
    assert status == 1
    assert words[0] in text


def test_sample_mails_are_what_they_say(demo):
    mails = demo.sample_mails()
    assert len(mails) >= 25
    members = {address for name, *_ in demo.LISTS for address, _ in demo.people(name)['member']}
    seen, strangers, charsets, kinds = set(), [], set(), set()
    for _, sender, recipient, data in mails:
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert message.defects == [] and message['from'].defects == (), message['subject']
        references = re.findall(r'<[^>]+>', str(message.get('references', '')))
        assert set(references) <= seen, f'{message["subject"]}: answers what was not written yet'
        seen.add(str(message['message-id']))
        strangers += [sender] if sender not in members else []
        for part in message.walk():
            charsets.add(part.get_content_charset())
            kinds.add(part.get_content_type())
            kinds |= {'attachment'} if part.is_attachment() else set()
        assert b'\n' not in data.replace(b'\r\n', b'')
        assert recipient.split('@')[0] in {name for name, *_ in demo.LISTS}
    assert len(strangers) == 2, 'one mail to each list waits for a moderator'
    assert {'iso-2022-jp', 'utf-8', 'us-ascii'} <= charsets
    assert {'text/html', 'multipart/alternative', 'multipart/mixed', 'attachment'} <= kinds


def test_the_newest_sample_mail_is_of_the_last_day(demo):
    newest = email.message_from_bytes(demo.sample_mails()[-1][3], policy=email.policy.default)
    age = time.time() - newest['date'].datetime.timestamp()
    assert 0 <= age < 86400 + 60


def test_postfix_example_has_what_our_instances_have(tmp_path):
    """Each setting of the tried instances is in the example with the same value, unless it says where things are."""
    if postfix.available():
        pytest.skip(postfix.available())
    for name, around in (('main.cf', ''), ('master.cf', 'lmtp unix - - y - - lmtp\nsmtp unix - - y - - smtp\n')):
        with open(os.path.join(TOP, 'postfix-example', name)) as file:
            (tmp_path / name).write_text(around + file.read())
    places = {'mynetworks', 'relay_domains', 'relay_transport', 'transport_maps', 'relay_recipient_maps', 'smtpd_recipient_restrictions',
              'smtpd_authorized_xclient_hosts', 'bounce_queue_lifetime', 'default_destination_concurrency_limit'}
    rig = dict(line.split(' = ', 1) if ' = ' in line else (line.split(' =')[0], '')
               for line in (postfix.INBOUND + postfix.OUTBOUND).splitlines() if '=' in line)
    rig.update({name: '' for name in ('message_drop_headers', 'local_header_rewrite_clients')}, smtpd_forbid_bare_newline='yes')
    lines = run(['postconf', '-c', str(tmp_path), '-n']).splitlines()
    shown = dict(re.match(r'(\S+) = ?(.*)', line).groups() for line in lines if ' =' in line)
    for name, value in rig.items():
        if name not in places:
            assert shown.get(name) == value, f'postfix-example/main.cf: {name}'
    services = run(['postconf', '-c', str(tmp_path), '-M'])
    assert '127.0.0.1:10026' in services


@pytest.mark.skipif('KAIRAN_TEST_QUICKSTART' not in os.environ, reason='takes a minute; set KAIRAN_TEST_QUICKSTART')
def test_whole_run():
    http, smtp = free_port(), free_port()
    ports = ['--http', str(http), '--smtp', str(smtp)]
    try:
        status, text = quickstart('--yes', *ports, timeout=600)
        assert status == 0, text
        page = f'http://localhost:{http}/'
        assert page in text and '/login/' in text and 'Three things to try' in text
        with urllib.request.urlopen(page) as answer:
            assert '/lists/orchestra/' in answer.read().decode()
        status, again = quickstart('--yes', *ports)
        assert status == 0 and 'already running' in again
        with smtplib.SMTP('127.0.0.1', smtp) as client:
            client.sendmail('priya@runners.example', ['running@lists.example.jp'],
                            b'From: priya@runners.example\r\nTo: running@lists.example.jp\r\nSubject: hello\r\n\r\nhello\r\n')
        status, link = quickstart('--link')
        assert status == 0 and '/login/' in link
        assert quickstart('--stop')[0] == 0
    finally:
        assert quickstart('--reset')[0] == 0
