"""Mails of the system: every kind of notices.def is caused and sent in English and Japanese, and judged as it arrives.

What they say stands in tests/system/notices/LANGUAGE.txt, to be read at once; KAIRAN_UPDATE=1 writes it anew. Pictures of some of them:
tests/browser/notice-pictures.py."""
import email
import email.policy
import email.utils
import os
import re

import pytest

import conftest
from rig import judge, kairan, kept, notices
from rig.client import Author, address_of, message
from rig.site import now

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'notices')
LANGUAGES = ('en', 'ja')
URL = re.compile(r'https?://\S+')
SIGN_OFF = {'en': 'Owners: ', 'ja': '管理者: '}
WHY = {'en': 'because you look after the list', 'ja': '管理者または承認担当者の方にお送りしています'}
ELSEWHERE = {'moved', 'moved_told', 'moved_asked'}     # caused by tests/system/test_moves.py, about several lists
GATHERED = ('held_moderators', 'things_wait', 'held_summary', 'requests_waiting', 'join_asked', 'leave_asked', 'change_asked')
# What differs from run to run.
CHANGING = ((r'http://127\.0\.0\.1:\d+', 'https://lists.example.jp'), (r'\b[a-z2-7]{16,60}\b', lambda found: ('abcdefghijklmnopqrstuvwxyz234567' * 2)[:len(found[0])]),
            (r'\b\d{6}\b', '123456'), (r'\b\d{1,2} [A-Z][a-z]{2} \d{4}(,? \d\d:\d\d( UTC)?)?', '1 Dec 2026'),
            (r'\d{4}年\d{1,2}月\d{1,2}日( \d\d:\d\d( UTC)?)?', '2026年12月1日'))


@pytest.fixture(scope='module')
def stack():
    made = conftest.start(web=True, direct=True, settings={'limits.answers_day': 2, 'worker.poll_ms': 100})
    yield from conftest.kept_when_failing(made, 'kairan', 'kairan-worker', 'kairan-web')


class Letter:
    """A mail as it arrived."""

    def __init__(self, row, kinds):
        self.bytes, self.to, self.sender = row['message'], row['rcpts'], row['from']
        self.mail = email.message_from_bytes(self.bytes, policy=email.policy.default)
        self.number, self.kind = kinds.get(str(self.mail['Message-ID']), (0, None))
        part = next(part for part in self.mail.walk() if not part.is_multipart())
        self.text = part.get_content().replace('\r\n', '\n')


@pytest.fixture(scope='module')
def letters(stack):
    """{language: all mails of the system about its list}, and who caused them."""
    assert stack.state['mxs']['members']['personality'] == 'strict'
    notices.keep_all(stack)
    made = {language: notices.Notices(stack, language).make_all() for language in LANGUAGES}
    stack.quiet()
    kinds = {}
    for number, kind, data in stack.sql('SELECT id, kind, bytes FROM story_notice'):
        kinds[str(email.message_from_bytes(bytes(data), policy=email.policy.default)['Message-ID'])] = number, kind
    arrived = [letter for letter in (Letter(row, kinds) for row in stack.copies()) if letter.kind]
    assert stack.refused() == [] and stack.breaches() == []
    return {language: ([letter for letter in arrived if f'-{language}@' in letter.to[0] or f'-{language}.example' in letter.to[0]], made[language])
            for language in LANGUAGES}


@pytest.mark.parametrize('language', LANGUAGES)
def test_no_kind_is_missing(letters, language):
    missing = set(notices.rows()) - ELSEWHERE - {letter.kind for letter in letters[language][0]}
    assert missing == set()


def faults(letter, language, made, templates, resolver):
    """Everything about a mail that is not as it should be."""
    mail, wrong = letter.mail, judge.faults(letter.bytes, eight_bit=False, utf8=False)
    if not judge.dmarc_passes(letter.bytes, judge.signatures(letter.bytes, resolver)):
        wrong.append('DMARC does not pass')
    if letter.sender not in ('', '<>', None):
        wrong.append(f'return path {letter.sender}')
    if not str(mail['Message-ID']).endswith(f'@{kairan.DOMAIN}>') and letter.kind != 'owner_mail':
        wrong.append(f'Message-ID {mail["Message-ID"]}')
    if mail.defects or any(value.defects for value in mail.values() if hasattr(value, 'defects')):
        wrong.append('a header with defects')
    if [address.addr_spec for address in mail['To'].addresses] != letter.to and letter.kind != 'owner_mail':
        wrong.append(f'To is {mail["To"]}')
    if letter.kind == 'owner_mail':
        return wrong
    template, cause = templates[letter.kind], made.causes.get((letter.kind, letter.to[0]))
    if str(mail['Auto-Submitted']) != ('auto-replied' if cause else 'auto-generated'):
        wrong.append(f'Auto-Submitted: {mail["Auto-Submitted"]}')
    if mail['In-Reply-To'] != (f'<{cause}>' if cause else None):
        wrong.append(f'In-Reply-To: {mail["In-Reply-To"]} for {cause}')
    thread = str(mail['References'] or '')
    if cause and thread != f'<{cause}>' or letter.kind in GATHERED and not re.fullmatch(rf'<waiting\.\d+\.{made.name}@{kairan.DOMAIN}>', thread):
        wrong.append(f'References: {thread}')
    identity = re.search(r'<(.*)>', str(mail['List-Id'] or ''))
    if (identity and identity[1]) != (None if template.startswith('site:') else f'{made.name}.{kairan.DOMAIN}'):
        wrong.append(f'List-Id: {mail["List-Id"]}')
    author = mail['From'].addresses[0]
    if author.addr_spec != (f'postmaster@{kairan.DOMAIN}' if template.startswith('site:') else f'{made.name}-owner@{kairan.DOMAIN}'):
        wrong.append(f'From: {mail["From"]}')
    return wrong + faults_of_text(letter, language, made, template)


def faults_of_text(letter, language, made, template):
    mail, text, wrong = letter.mail, letter.text, []
    if letter.kind != 'held_forward' and (mail.get_content_type() != 'text/plain' or mail.get_content_charset() != 'utf-8'):
        wrong.append(f'Content-Type: {mail["Content-Type"]}')
    if re.search(r'\$\{?[a-z_]+|%[123]|\(null\)', text + str(mail['Subject'])):
        wrong.append('something is not filled in')
    for line in text.split('\n'):
        line = URL.sub(lambda found: found[0].replace(made.stack.http_url(), 'https://lists.example.jp'), line)
        if '://' in line and not (URL.fullmatch(line) and line.isascii() and len(line) <= 70 and '@' not in line):
            wrong.append(f'a link that is not alone, too long or not plain: {line} ({len(line)})')
    if '\n\n\n' in text or text != text.lstrip():
        wrong.append('empty lines')
    body, _, end = text.rpartition('\n-- \n')
    if template.startswith('site:'):
        return wrong + ([] if end == 'Kairan\n' else [f'sign-off {end!r}'])
    if not end.startswith(f'{made.title}\n{made.list}\n{SIGN_OFF[language]}{made.name}-owner@{kairan.DOMAIN}\n'):
        wrong.append(f'sign-off {end!r}')
    if (letter.kind in (*GATHERED, 'members_changed')) != (WHY[language] in end):
        wrong.append('it does not say why it came')
    if letter.kind != 'autoresponse' and made.title not in str(mail['Subject']) + body:
        wrong.append('it does not say which list')
    return wrong


@pytest.mark.parametrize('language', LANGUAGES)
def test_each_mail_is_sound(stack, letters, language):
    found, made = letters[language]
    templates, resolver = notices.rows(), judge.Resolver(stack.state['ports']['dns'])
    assert {f'{letter.kind} to {letter.to[0]}': wrong for letter in found if (wrong := faults(letter, language, made, templates, resolver))} == {}


def test_where_nothing_is_known_of_the_reader_both_languages_are_there(letters):
    def of(kind, language, word=''):
        return next(letter for letter in letters[language][0] if letter.kind == kind and word in letter.to[0])
    for kind in ('invite', 'dismissed', 'held', 'rejected'):
        letter = of(kind, 'ja')
        japanese, english = letter.text.split('\n* * *\n')
        assert re.search('[ぁ-ん]', japanese) and 'Owners:' not in english and not re.search('[ぁ-ん]', english.split('\n-- \n')[0].replace(SUBJECTS, '').replace(letter_title('ja'), ''))
        assert ' / ' in str(letter.mail['Subject'])
        assert '* * *' not in of(kind, 'en').text, 'the site speaks English, and so does the list'
    for kind in ('login', 'join', 'posted', 'command_results'):
        assert '* * *' not in of(kind, 'ja').text


SUBJECTS = notices.SUBJECTS['ja']


def letter_title(language):
    return notices.NAMES[language][1]


@pytest.mark.parametrize('language', LANGUAGES)
def test_what_they_say(letters, language):
    """One mail of each kind, as it is read."""
    pages = []
    for kind in [kind for kind in notices.rows() if kind not in ELSEWHERE]:
        letter = min((letter for letter in letters[language][0] if letter.kind == kind), key=lambda letter: (letter.to, letter.number))
        head = [f'{name}: {letter.mail[name]}' for name in ('From', 'To', 'Reply-To', 'Subject', 'Auto-Submitted', 'List-Id') if letter.mail[name]]
        pages.append(f'==== {kind}\n' + '\n'.join(head) + '\n\n' + letter.text)
    output = '\n'.join(pages)
    for expression, word in CHANGING:
        output = re.sub(expression, word, output)
    kept.compare(os.path.join(FOLDER, language + '.txt'), output)


# ---- who looks after several lists, and in another language ----

def test_one_mail_for_posts_and_requests_of_all_lists_in_the_readers_language(stack, letters):
    assert letters
    reader = 'reader@members.example.org'
    stack.sql("INSERT INTO address (key, email, preferred_language, created_at) VALUES (%s, %s, 'en', %s)", reader, reader, now())
    for name, right in (('hiragana', 'held,requests'), ('katakana', 'requests')):
        stack.kairan.command('list', 'create', address_of(name), '--language', 'ja', '--display-name', name.capitalize())
        stack.kairan.command('member', 'add', address_of(name), reader, '--role', 'moderator', '--no-welcome')
        stack.kairan.command('member', 'set', address_of(name), reader, f'rights={right}', '--role', 'moderator')
        stack.set(name, subscription_policy='moderate', default_nonmember_action='hold')
    stack.sql('INSERT INTO moderator_pace (address_id, noticed_at) SELECT id, %s FROM address WHERE key = %s', now(), reader)
    for name in ('hiragana', 'katakana'):
        author = Author(stack, f'{name}.example')
        for to in (address_of(name), f'{name}-join@{kairan.DOMAIN}'):
            stack.post(author.sign(message('Hello', sender=author.address, to=to)), to, author.address)
    stack.until(lambda: stack.one('SELECT count(*) FROM moderator_todo t JOIN address a ON a.id = t.address_id WHERE a.key = %s', reader) == 3, 20, 'three things')
    stack.quiet()
    assert stack.one('SELECT count(*) FROM notice WHERE recipient = %s', reader) == 0
    stack.clear_sink()
    stack.sql('DELETE FROM moderator_pace')
    stack.until(lambda: [row for row in stack.copies() if row['rcpts'] == [reader]], 20, 'the mail')
    stack.quiet()
    (row,) = [row for row in stack.copies() if row['rcpts'] == [reader]]
    mail = email.message_from_bytes(row['message'], policy=email.policy.default)
    text = mail.get_content().replace('\r\n', '\n')
    first, second = text.split('Katakana (')
    assert 'posts and requests wait for you' in str(mail['Subject']) and mail['List-Id'] is None
    assert '1. Hello' in first and 'anna@hiragana.example asks to join.' in first and re.search(r'/m/\w+$', first, re.M)
    assert 'anna@katakana.example asks to join.' in second and '/m/' not in second and '/lists/katakana/requests\n' in second


def test_reply_addresses_fit_where_the_lists_name_is_long(stack, letters):
    assert letters
    name, bella = 'l' + 'o' * 49 + 'ng', Author(stack, 'bella-long.example')
    stack.kairan.command('list', 'create', address_of(name))
    stack.kairan.command('member', 'add', address_of(name), bella.address, '--role', 'moderator', '--no-welcome')
    stack.clear_sink()

    def reply_to(address):
        stack.until(lambda: [row for row in stack.copies() if row['rcpts'] == [address]], 20, f'the mail to {address}')
        mail = email.message_from_bytes([row for row in stack.copies() if row['rcpts'] == [address]][-1]['message'], policy=email.policy.default)
        to = email.utils.parseaddr(str(mail['Reply-To']))[1]
        assert len(to.split('@')[0]) <= 64 and to.startswith('c.')
        assert all(len(address.split('@')[0]) <= 64 for _, address in email.utils.getaddresses([str(mail['From'])]))
        return to

    stack.post(message('Hold it', sender='x@members.example.org', to=address_of(name)), address_of(name), 'x@members.example.org')
    to = reply_to(bella.address)
    stack.post(bella.sign(message('Re: it', sender=bella.address, to=to, body='discard\r\n')), to, bella.address)
    stack.quiet()
    assert stack.one("SELECT decided_by FROM held_decision WHERE subject = 'Hold it'") == bella.address
    invited = Author(stack, 'invited-long.example')
    stack.kairan.command('member', 'add', address_of(name), '--invite', invited.address)
    to = reply_to(invited.address)
    stack.post(invited.sign(message('Re: join', sender=invited.address, to=to, body='Yes\r\n')), to.upper(), invited.address)
    stack.quiet()
    assert stack.one("SELECT count(*) FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = %s AND m.role = 'member'", invited.address) == 1
    with stack.lmtp() as lmtp:
        lmtp.hello()
        assert lmtp.deliver(invited.address, [f'c.m-{"a" * 16}@{kairan.DOMAIN}'], b'x\r\n')[0].startswith('550')
