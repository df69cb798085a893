"""The manual: every command in it runs, every link leads somewhere, every name in it is one of ours, and its pages are sound HTML.

A chapter's blocks marked "sh" are typed here line by line, as root would, in the order of the book, on an installation with the domain
lists.example.org, the list club@lists.example.org and its owner you@example.org. Folders of a real machine stand for folders of the stack.
The Japanese chapters have the same blocks: tests/lint/book.py."""
import os
import re
import subprocess
import sys
import time
import urllib.parse

import conftest
import html5lib
import pytest

from rig import kairan
from rig.stack import SOURCE

sys.path.insert(0, os.path.join(conftest.TESTS, 'lint'))

import book   # noqa: E402

LIST, OWNER = 'club@lists.example.org', 'you@example.org'
PEOPLE = ('taro@example.org', 'hanako@example.org', 'm1@members.example.org')

# What only a machine of one's own can run. (how the line begins, why it is not run here, where it is)
ELSEWHERE = (
    ('apt-get ', 'installs packages', 'tests/packages'),
    ('dpkg-buildpackage ', 'builds the package', 'tests/install/prove'),
    ('kairan setup', 'makes a server of the machine', 'tests/install/prove'),
    ('systemctl ', 'starts and stops services of the machine', 'systemd'),
    ('systemd-analyze ', 'asks the machine\'s systemd', 'tests/units-score'),
    ('journalctl ', 'reads the journal of the machine', 'systemd'),
    ('./autogen.sh', 'builds', 'quickstart'),
    ('./configure ', 'builds', 'quickstart'),
    ('make', 'builds and installs', 'quickstart'),
    ('adduser ', 'makes users of the system', 'systemd'),
    ('install -', 'makes folders of the system', 'systemd'),
    ('cp ', 'changes /etc', 'nginx-example'),
    ('ln -s ', 'changes /etc', 'nginx-example'),
    ('certbot ', 'asks Let\'s Encrypt', 'nginx-example'),
    ('postfix ', 'is the machine\'s mail server', 'postfix-example'),
    ('nginx ', 'is the machine\'s web server', 'nginx-example'),
    ('su - postgres ', 'changes the machine\'s database', 'sql/roles.sql'),
)
# Commands that say by their exit code what they found; all others end with 0.
JUDGES = {'kairan status': (0, 73), 'kairan check': (0, 73)}
# A domain, list or key that a chapter makes is there already, as an earlier one made it.
EXISTS = 73
MAKES = ('kairan domain create', 'kairan list create', 'kairan dkim new', 'kairan domain alias add')

PLAIN = b"""From: Taro <taro@example.org>\r
To: club@lists.example.org\r
Subject: Hello\r
Date: Sat, 21 Nov 2026 09:12:00 +0900\r
Message-ID: <%s@example.org>\r
\r
Hello to everybody.\r
"""


def chapters(language='en'):
    """{name: text} in the order of the book."""
    texts = {}
    for name in book.chapters(SOURCE):
        path = os.path.join(SOURCE, 'doc/book', language, name + '.md')
        if os.path.exists(path):
            with open(path, encoding='utf-8') as file:
                texts[name] = file.read()
    return texts


def lines():
    """(chapter, line) of every command."""
    return [(name, line) for name, text in chapters().items() for block in book.blocks(text, 'sh')
            for line in re.sub(r'\\\n\s*', '', block).split('\n') if line.strip() and not line.startswith('#')]


@pytest.fixture(scope='module')
def stack():
    stack = conftest.start(web=True, postfix=False, direct=True)
    conftest.need(stack, 'kairan', 'kairan-worker', 'kairan-web')
    furnish(stack)
    yield stack
    conftest.finish(stack)


def furnish(stack):
    command = stack.kairan.command
    command('domain', 'create', 'lists.example.org', '--web-host', 'lists.example.org')
    command('dkim', 'new', 'lists.example.org')
    if os.getuid() == 0:
        subprocess.run(['chown', '-R', kairan.USER, stack.keys_dir()], check=True)
    command('list', 'create', LIST, '--owner', OWNER, '--display-name', 'Our club', '--quiet')
    for person in PEOPLE:
        command('member', 'add', LIST, person)
    home = stack.path('home')
    os.makedirs(home)
    with open(os.path.join(home, 'members.txt'), 'w', encoding='utf-8') as file:
        file.write('jiro@example.org\nHanako Suzuki <hana2@example.org>\n')
    for name in ('club.mbox', 'mail.eml'):
        with open(os.path.join(home, name), 'wb') as file:
            file.write((b'From taro@example.org Sat Nov 21 00:12:00 2026\n' if name.endswith('mbox') else b'') + PLAIN.replace(b'\r', b'') % name.encode())
    offer(stack, 'taro@example.org', PLAIN % b'first')
    offer(stack, 'stranger@outside.example.net', PLAIN.replace(b'taro@example.org', b'stranger@outside.example.net') % b'held')
    stack.until(lambda: stack.one('SELECT count(*) FROM held') == 1 and stack.one('SELECT count(*) FROM post') == 1, what='a post and a held one')
    tools = stack.path('bin')
    os.makedirs(tools)
    with open(os.path.join(tools, 'kairan'), 'w', encoding='utf-8') as file:
        file.write(f'#!/bin/sh\nKAIRAN_CONF="{stack.config}" exec "{stack.kairan.program("kairan")}" "$@"\n')
    os.chmod(os.path.join(tools, 'kairan'), 0o755)


def offer(stack, sender, message):
    with stack.lmtp() as lmtp:
        lmtp.hello()
        assert lmtp.deliver(sender, [LIST], message)[0].startswith('250')


def places(stack, line):
    """The line with folders of the stack in the place of the machine's."""
    for real in ('/var/backups', '/etc/kairan', '/srv'):
        line = re.sub(rf'(?<![\w/]){real}\b', stack.path('root') + real, line)
    return line


def type_in(stack, line):
    home = stack.path('home')
    for folder in ('/var/backups', '/srv'):
        os.makedirs(stack.path('root') + folder, exist_ok=True)
    return subprocess.run(['/bin/sh', '-c', places(stack, line)], cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, 'PATH': stack.path('bin') + ':' + os.environ['PATH'], 'HOME': home}, timeout=120, check=False)


def is_fine(line, code):
    for begins, codes in JUDGES.items():
        if line.startswith(begins):
            return code in codes
    return code == 0 or (code == EXISTS and line.startswith(MAKES))


def test_every_command_runs(stack):
    wrong, run = [], 0
    for chapter, line in lines():
        if any(line.startswith(begins) for begins, _, _ in ELSEWHERE):
            continue
        if line.startswith('kairan backup'):
            time.sleep(1)       # a backup is called after its second, and two chapters make one
        done = type_in(stack, line)
        run += 1
        if not is_fine(line, done.returncode):
            wrong.append(f'{chapter}: {line}: {done.returncode}: {done.stdout.decode("utf-8", "replace")[-400:]}')
    assert wrong == []
    assert run > 0
    print(f'{run} commands of {len(chapters())} chapters')


def test_what_is_not_run_is_named_with_its_reason():
    """Every line is our own command or stands in the table above; each row of the table is of such a line, and points to what is there."""
    others = [f'{chapter}: {line}' for chapter, line in lines()
              if not line.startswith('kairan ') and not any(line.startswith(begins) for begins, _, _ in ELSEWHERE)]
    assert others == []
    assert [begins for begins, _, _ in ELSEWHERE if not any(line.startswith(begins) for _, line in lines())] == []
    assert [where for _, _, where in ELSEWHERE if not os.path.exists(os.path.join(SOURCE, where))] == []


# ---- names ----

def rows(path, expression):
    with open(os.path.join(SOURCE, path), encoding='utf-8') as file:
        return set(re.findall(expression, file.read(), re.MULTILINE))


# Words with an underscore that belong to others: Postfix, nginx, PostgreSQL, our roles; and what our own commands print.
PRINTED = {'handed_on', 'put_off', 'set_aside'}
FOREIGN = re.compile(r'(relay|content|default|smtp|lmtp|smtp|smtpd|smtputf8|message|local|disable|inet|transport|virtual|mynetworks|my|milter|non|sender|recipient|header|in|alias|client|proxy|ssl|fastcgi)_\w+'
                     r'|kairan_\w+|full_page_writes|synchronous_commit|max_connections|shared_buffers|work_mem|effective_cache_size|pg_\w+|primary_conninfo|target_session_attrs'
                     r'|wal_\w+|hot_standby\w*|archive_command|archive_mode|restore_command|max_\w+_senders|synchronous_standby_names|application_name|listen_addresses|summarize_wal|\w+_mailboxes|list_members|client_body\w*|keepalive_\w+|server_name')


def test_names_of_ours_exist():
    settings = rows('core/policy/settings.def', r'^[A-Z]+\((\w+),') | rows('core/policy/preferences.def', r'^[A-Z_]+\((\w+),')
    names = rows('core/util/conf.def', r'^CONF_\w+\(\w+, (\w+),')
    others = rows('core/policy/choices.def', r'"(\w+)"') | rows('core/cli/commands.def', r'\b([a-z]+_[a-z_]+)\b') | rows('core/worker/jobs.def', r'"(\w+)"')
    others |= rows('core/policy/notices.def', r'^\w+\((\w+),') | {name.lower() for name in rows('core/util/log.def', r'^EVENT\((\w+),')}
    wrong = []
    for language in ('en', 'ja'):
        for chapter, text in chapters(language).items():
            for code in re.findall(r'`([^`\n]+)`', book.FENCE.sub('', text)):
                word = re.match(r'(\[\w+\] )?([a-z0-9]+(?:_[a-z0-9]+)+)(?=$|\s*=)', code)
                if word and word[2] not in settings | names | others | PRINTED and not FOREIGN.fullmatch(word[2]):
                    wrong.append(f'{language}/{chapter}: {code}')
                if code.startswith('[') and re.match(r'\[(\w+)\] (\w+)', code) and re.match(r'\[\w+\] (\w+)', code)[1] not in names:
                    wrong.append(f'{language}/{chapter}: {code}')
    assert wrong == []


# ---- pages ----

def pages(stack, language):
    """{path: text} of all pages of the manual."""
    import requests
    web, found, todo = requests.Session(), {}, ['/help/', '/help/all']
    while todo:
        path = todo.pop(0)
        if path in found:
            continue
        answer = web.get(stack.http_url() + path, headers={'Accept-Language': language}, timeout=30)
        assert answer.status_code == 200, path
        found[path] = answer.text
        for link in re.findall(r'href="(/help/[^"#]*)', answer.text):
            todo.append(link)
    return found


@pytest.fixture(scope='module', params=['en', 'ja'])
def manual(request, stack):
    return request.param, pages(stack, request.param)


def test_every_chapter_has_its_page(manual):
    language, found = manual
    assert {path for path in found if path not in ('/help/', '/help/all')} == {'/help/' + name for name in chapters(language) if name != 'index'}
    for path, text in found.items():
        assert f'<html lang="{language}">' in text, path


def test_every_link_leads_somewhere(manual):
    _, found = manual
    ids = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in found.items()}
    wrong, outside = [], set()
    for path, text in found.items():
        body = text[text.index('<main'):text.index('</main>')]
        for link in re.findall(r'href="([^"]*)"', body):
            target, _, anchor = link.partition('#')
            if target.startswith('/help/') or not target:
                target = target or path
                if target not in found or (anchor and anchor not in ids[target]):
                    wrong.append(f'{path}: {link}')
            elif not target.startswith('/'):
                outside.add(link)
    for link in outside:
        parts = urllib.parse.urlsplit(link)
        if not (parts.scheme == 'https' and re.fullmatch(r'[\w-]+(\.[\w-]+)+', parts.netloc)):
            wrong.append(link)
    assert wrong == []


def test_pages_are_sound_html(manual):
    wrong = []
    for path, text in manual[1].items():
        parser = html5lib.HTMLParser()
        parser.parse(text)
        wrong += [f'{path}: {error}' for error in parser.errors]
        ids = re.findall(r'\bid="([^"]+)"', text)
        wrong += [f'{path}: id {one} twice' for one in set(ids) if ids.count(one) > 1]
    assert wrong == []
