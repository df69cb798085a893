"""Every role x every command and sub-address, proved, unproved and forged: tests/rights-mail.tsv, sent line by line."""
import dataclasses
import email
import email.header
import email.policy
import hashlib
import os
import re
import secrets

import conftest
import psycopg2
import pytest

from rig import kairan
from rig.client import Author, message
from rig.forms import made_token
from rig.stack import SOURCE
from rig.walk import at_once, japanese, lines

ROLES = ('stranger', 'member', 'moderator', 'owner', 'admin')
PROOFS = ('proved', 'plain', 'forged')
DOMAINS = {'proved': 'proved.example', 'plain': 'plain.example', 'forged': 'forged.example'}
ASKED = {'join', 'leave', 'member_already', 'not_a_member'}
TOKENS = 'abcdefghijklmnopqrstuvwxyz234567'


def commands():
    """name -> (English word, Japanese word) of mail-commands.def."""
    with open(os.path.join(SOURCE, 'core/policy/mail-commands.def'), encoding='utf-8') as file:
        rows = re.findall(r'^MAIL_COMMAND\((\w+), \d+, \d+, "([^"]+)"', file.read(), re.M)
    return {name: (words.split()[0], next(word for word in words.split() if not word.isascii())) for name, words in rows}


def sub_addresses():
    with open(os.path.join(SOURCE, 'core/policy/recipient.c'), encoding='utf-8') as file:
        return set(re.findall(r'\{"-(\w+)", RECIPIENT_', file.read()))


def test_every_command_and_sub_address_has_its_lines():
    rows = lines('rights-mail.tsv')
    assert all(len(row) == 3 + len(ROLES) for row in rows) and len({tuple(row[:3]) for row in rows}) == len(rows)
    assert {row[1].split()[0] for row in rows if row[0] == 'request'} == set(commands())
    assert {row[0] for row in rows} == sub_addresses() | {'token', 'moderate'}
    assert {(to, what) for to, what, *_ in rows if {row[2] for row in rows if tuple(row[:2]) == (to, what)} != set(PROOFS)} == set()


@dataclasses.dataclass
class Case:
    to: str
    what: str
    proof: str
    role: str
    language: str
    expected: str
    address: str            # of the writer
    holder: str             # to whom the token was mailed
    token: str = ''
    held: int = 0
    mid: str = ''

    @property
    def list(self):
        return {'owner': 'ask', 'moderate': 'mods'}.get(self.to, 'rights') + self.language

    @property
    def kind(self):
        return self.what.split()[-2 if self.to == 'moderate' else -1]


def cases():
    found = []
    for n, (to, what, proof, *answers) in enumerate(lines('rights-mail.tsv')):
        for place, (role, expected) in enumerate(zip(ROLES, answers)):
            for language in ('en', 'ja') if proof == 'proved' else ('en', 'ja')[(n + place) % 2:][:1]:
                address = f'{role}{n}{language}@{DOMAINS[proof]}'
                holder = address if 'foreign' not in what else f'holder{n}{role}{language}@members.example.org'
                if expected != '-':
                    found.append(Case(to, what, proof, role, language, expected, address, holder))
    return found


class World:
    def __init__(self, stack):
        self.stack, self.cases, self.japanese, self.words = stack, cases(), japanese(), commands()
        self.signer = Author(stack, domain=DOMAINS['proved'])
        stack.zone(DOMAINS['plain'], policy=None)
        stack.zone(DOMAINS['forged'], policy='reject')
        for language in ('en', 'ja'):
            for name in ('rights', 'ask', 'mods'):
                stack.new_list(name + language, 0, preferred_language=language, admin_daily_summary='no', respond_to_post_requests='no')
            stack.kairan.command('member', 'add', f'ask{language}@{kairan.DOMAIN}', 'boss@members.example.org', '--role', 'owner')
        self.lists = {name: key for key, name in stack.sql('SELECT id, name FROM list')}
        with psycopg2.connect(stack.postgres.dsn()) as connection, connection.cursor() as cursor:
            for case in self.cases:
                self.prepare(cursor, case)
        connection.close()

    # --- the people, and what they have

    def prepare(self, cursor, case):
        def one(query, *values):
            cursor.execute(query, values)
            return cursor.fetchone()[0] if cursor.description else None

        def known(address):
            cursor.execute('INSERT INTO address (key, email, verified_at, created_at) VALUES (%s, %s, now(), now()) ON CONFLICT DO NOTHING',
                           (address, address))
            return one('SELECT id FROM address WHERE key = %s', address)

        def member(address, role):
            return one('INSERT INTO member (list_id, address_id, role, joined_at, left_at, epoch) VALUES (%s, %s, %s, now(), CASE WHEN %s THEN now()'
                       ' END, 1) RETURNING id', self.lists[case.list], known(address), role, case.kind == 'ended')
        mine = member(case.address, case.role) if case.role in ('member', 'moderator', 'owner') else None
        if case.role == 'admin':
            user = one("INSERT INTO site_user (name, is_admin, created_at) VALUES ('', true, now()) RETURNING id")
            one('UPDATE address SET user_id = %s WHERE id = %s RETURNING id', user, known(case.address))
        if case.to == 'token' and case.kind != 'none':
            case.token = self.leave_token(case, mine if case.holder == case.address else member(case.holder, 'member'))
        if case.to == 'moderate' and case.kind != 'none':
            if case.holder != case.address:
                member(case.holder, 'moderator')
            self.hold(cursor, case, known(case.holder))
        if case.to == 'confirm' or case.what.startswith('confirm'):
            case.token = self.ask(one, case, mine) if case.kind != 'none' else 'a' * 32

    def leave_token(self, case, member):
        return made_token(self.stack, 'u', member, 7 if case.kind == 'old' else 1)

    @staticmethod
    def word():
        return ''.join(secrets.choice(TOKENS) for _ in range(32))

    def ask(self, one, case, mine):
        """A wish of the token's holder that waits for a word: members wish to leave, others to join."""
        kind = 'leave' if mine and case.role == 'member' and case.holder == case.address else 'join'
        request = one('INSERT INTO subscription_request (list_id, kind, key, email, member_id, asked_by, created_at, expires_at)'
                      " VALUES (%s, %s, %s, %s, %s, 'story', now(), now() + interval '3 days') RETURNING id", self.lists[case.list], kind,
                      case.holder, case.holder, mine if kind == 'leave' else None)
        token = self.word()
        one('INSERT INTO mail_link (token_hash, purpose, email, list_id, request_id, created_at, expires_at) VALUES (%s, %s, %s, %s, %s, now(),'
            " now() + CASE WHEN %s THEN interval '-1 second' ELSE interval '3 days' END) RETURNING id", hashlib.sha256(token.encode()).digest(),
            kind, case.holder, self.lists[case.list], request, case.kind == 'old')
        return token

    def hold(self, cursor, case, moderator):
        """A held post of a stranger, and the notice about it whose reply address the holder has."""
        data = message('Held', sender='somebody@people.example.org', to=f'{case.list}@{kairan.DOMAIN}')
        cursor.execute("INSERT INTO message (list_id, state, bytes, size, sha256, sender, recipient, kind, received_at) VALUES (%s, 'held', %s, %s,"
                       " %s, 'somebody@people.example.org', %s, 'post', now()) RETURNING id", (self.lists[case.list], data, len(data),
                                                                                            hashlib.sha256(data).digest(),
                                                                                            f'{case.list}@{kairan.DOMAIN}'))
        number = cursor.fetchone()[0]
        cursor.execute('INSERT INTO held (list_id, message_id, subject, from_name, from_address, author_key, reasons, authentication, excerpt, held_at)'
                       " VALUES (%s, %s, %s, '', 'somebody@people.example.org', 'somebody@people.example.org', '{x}', 'none', '', now())"
                       ' RETURNING id', (self.lists[case.list], number, f'Held {number}'))
        case.held, token = cursor.fetchone()[0], self.word()[:16]
        cursor.execute('INSERT INTO moderator_notice (address_id, reply_hash, items, sent_at) VALUES (%s, %s, %s, now() - CASE WHEN %s THEN'
                       " interval '7 days 1 minute' ELSE interval '1 minute' END)", (moderator, hashlib.sha256(token.encode()).digest(),
                                                                                  [case.held], case.kind == 'old'))
        case.token = token

    # --- sending

    def send(self, case):
        local, subject, body = f'{case.list}-{case.to}', '', '\r\n'
        if case.to == 'request':
            name, *rest = case.what.split()
            subject = self.words[name][case.language == 'ja'] + (' ' + case.token if rest else ' hide on' if name == 'set' else '')
        elif case.to == 'confirm':
            local += '+' + case.token
        elif case.to == 'token':
            local = 'u.' + (case.token or 'a' * 40)
        elif case.to == 'moderate':
            local = f'{case.list}-confirm+m-{case.token or "a" * 16}'
            body = {'accept': ('accept', '承認'), 'reject': ('reject', '却下'), 'discard': ('discard', '破棄'),
                    'thanks': ('Thank you', 'ありがとう')}[case.what.split()[-1]][case.language == 'ja'] + '\r\n'
        to = f'{local}@{kairan.DOMAIN}'
        encoded = subject if subject.isascii() else email.header.Header(subject, 'utf-8').encode()
        case.mid = f'{secrets.token_hex(8)}@story.example'
        data = message(encoded, sender=case.address, to=to, body=body, mid=case.mid)
        self.stack.post(self.signer.sign(data) if case.proof == 'proved' else data, to, case.address)

    # --- looking

    def is_member(self, case, address):
        return (self.lists[case.list], address) in self.members

    def look(self):
        stack = self.stack
        self.members = set(stack.sql("SELECT m.list_id, a.key FROM member m JOIN address a ON a.id = m.address_id WHERE m.role = 'member'"
                                     ' AND m.left_at IS NULL'))
        self.waiting = {row[0] for row in stack.sql('SELECT id FROM held WHERE accept_at IS NULL')}
        self.given, self.sent, self.hidden = set(), {}, {row[0] for row in stack.sql(
            'SELECT a.key FROM member m JOIN address a ON a.id = m.address_id WHERE m.hide_address')}
        for recipient, kind in stack.sql("SELECT recipient, kind FROM notice WHERE result IS DISTINCT FROM 'not sent' ORDER BY id"):
            self.sent.setdefault(recipient, []).append(kind)
        self.texts = {}
        for row in stack.copies():
            mail = email.message_from_bytes(row['message'], policy=email.policy.default)
            self.texts.setdefault(row['rcpts'][0], []).append(mail.get_content())
            if row['rcpts'] == ['boss@members.example.org']:
                self.given.add(str(mail['Message-ID']).strip('<>'))

    def says(self, address, text):
        return any(text in said or self.japanese.get(text, text) in said for said in self.texts.get(address, []))

    def has_happened(self, case):
        """Whether what was asked for has come about, whoever was told."""
        if case.to == 'moderate':
            return case.held != 0 and case.held not in self.waiting
        word = case.what.split()[0] if case.to == 'request' else case.to
        if word == 'confirm' and case.kind != 'none':
            return self.is_member(case, case.holder) != (case.role == 'member' and case.holder == case.address)
        if word in ('leave', 'unsubscribe', 'token'):
            whose = case.holder if case.to == 'token' else case.address
            return (case.role == 'member' or whose != case.address) and not self.is_member(case, whose)
        if word in ('join', 'subscribe'):
            return case.role != 'member' and self.is_member(case, case.address)
        return word == 'set' and case.address in self.hidden

    def outcome(self, case):
        kinds, happened = self.sent.get(case.address, []), self.has_happened(case)
        if case.to == 'owner':
            return 'given' if case.mid in self.given else 'silent'
        if case.to == 'moderate' and not happened and 'held_answer' in self.sent.get(case.holder, []):
            proves = self.says(case.holder, 'Nothing was done, because nothing in your answer proves that it comes from you. Please use the link instead.')
            return 'warned' if proves else 'not'
        if self.says(case.address, 'Not done:'):
            return 'not'
        if happened or 'command_results' in kinds:
            return 'done'
        return 'mailed' if set(kinds) & ASKED else 'silent' if not kinds else ','.join(kinds)

    def faults(self):
        """What differs from the table, and what happened where nothing may."""
        found = []
        for case in self.cases:
            seen = self.outcome(case)
            if seen != case.expected:
                found.append(f'{case.to} {case.what} {case.proof} {case.role} {case.language}: {seen}, not {case.expected}')
            elif case.expected != 'done' and self.has_happened(case):
                found.append(f'{case.to} {case.what} {case.proof} {case.role} {case.language}: it happened')
            elif case.expected == 'silent' and case.to != 'owner' and self.sent.get(case.holder):
                found.append(f'{case.to} {case.what} {case.proof} {case.role} {case.language}: {case.holder} was written to')
        return found


@pytest.fixture(scope='module')
def world():
    stack = conftest.start(members=0, direct=True, settings={'worker.poll_ms': 100, 'moderation.undo_s': 1})
    conftest.need(stack, 'kairan', 'kairan-worker')
    world = World(stack)
    at_once([(world.send, case) for case in world.cases])
    stack.quiet(120)
    world.look()
    yield world
    assert stack.breaches() == []
    conftest.finish(stack)


@pytest.mark.parametrize('proof', PROOFS)
def test_every_role_gets_what_the_table_says(world, proof):
    assert [fault for fault in world.faults() if f' {proof} ' in fault] == []
