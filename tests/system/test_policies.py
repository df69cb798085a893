"""Every policy x state of subscription, by every way, in both languages: tests/subscription.tsv, walked line by line."""
import dataclasses
import email
import email.header
import email.policy
import html
import re

import conftest
import psycopg2
import pytest
import requests

from rig import kairan
from rig.client import Author, message
from rig.forms import made_stamp, made_token
from rig.site import Browser
from rig.walk import at_once, japanese, lines

LANGUAGES = ('en', 'ja')
POLICIES = {'open': 'open', 'confirm': 'confirm', 'moderate': 'moderate', 'then': 'confirm_then_moderate'}
WAYS = {'join': ('form', 'signed', 'join-proved', 'join-plain', 'request-proved', 'request-plain', 'writing', 'offer', 'invite', 'add'),
        'leave': ('form', 'signed', 'leave-proved', 'leave-plain', 'request-proved', 'request-plain', 'one-click', 'page', 'token', 'all', 'remove')}
STATES = {'join': ('stranger', 'asked', 'waits', 'member', 'paused', 'banned', 'invited'),
          'leave': ('stranger', 'member', 'paused', 'banned', 'asked', 'waits')}
ANSWERS = {'mailed': 'Please look into your mail', 'joined': 'You are a member', 'waiting': 'The owners have been asked',
           'refused': 'This address cannot join', 'left': 'You have left', 'stopped': 'Delivery has stopped', 'used': 'This link has been used',
           'done': 'You have left your lists', 'paused': 'You are a member, but delivery is stopped'}
WORDS = {('join', 'en'): 'subscribe', ('join', 'ja'): '参加希望です', ('leave', 'en'): 'unsubscribe', ('leave', 'ja'): '退会します'}
PROVED, PLAIN = 'proved.example', 'plain.example'
HEADING = re.compile(r'<h1[^>]*>(.*?)</h1>', re.S)
JAPANESE = re.compile('[ぁ-んァ-ヶ一-龠]')


# ---- the table ----

def table():
    """(act, way, policy, state) -> lines of the table, each what is expected."""
    found = {}
    for act, way, policies, states, *expected in lines('subscription.tsv'):
        for policy in policies.split(','):
            for state in states.split(','):
                found.setdefault((act, way, policy, state), []).append(expected)
    return found


def combinations():
    return [(act, way, policy, state) for act, ways in WAYS.items() for way in ways for policy in POLICIES for state in STATES[act]]


def test_every_way_policy_and_state_has_its_line():
    found = table()
    assert set(combinations()) == set(found)
    assert [key for key, rows in found.items() if len(rows) != 1] == []


# ---- the people ----

@dataclasses.dataclass
class Case:
    """One address, one way, one policy, one state, one language."""
    act: str
    way: str
    policy: str
    state: str
    language: str
    address: str
    expected: list
    answer: str = '-'
    mails: list = dataclasses.field(default_factory=list)
    now: str = ''
    then: str = '-'
    later: list = dataclasses.field(default_factory=list)
    finally_: str = ''
    user: int = 0
    member: int = 0

    @property
    def list(self):
        return self.policy + self.language

    def seen(self):
        words = [','.join(kinds) or '-' for kinds in (self.mails, self.later)]
        return [self.answer, words[0], self.now, self.then, self.finally_, words[1]]


def cases():
    found = table()
    return [Case(act, way, policy, state, language, f'{act}{n}{language}@{PROVED if is_proved(way) else PLAIN}', found[act, way, policy, state][0])
            for n, (act, way, policy, state) in enumerate(combinations()) for language in LANGUAGES]


def is_proved(way):
    return way.endswith('-proved') or way in ('writing', 'offer')


class World:
    """The stack with its eight lists, and what became of every case."""

    def __init__(self, stack):
        self.stack, self.cases, self.base = stack, cases(), stack.http_url()
        self.signer = Author(stack, domain=PROVED)
        stack.zone(PLAIN, policy=None)
        for name in POLICIES:
            for language in LANGUAGES:
                stack.new_list(name + language, 0, subscription_policy=POLICIES[name], unsubscription_policy=POLICIES[name],
                               preferred_language=language, join_by_writing='join', default_member_action='discard',
                               default_nonmember_action='hold', display_name='Choir' if language == 'en' else '合唱団')
        self.lists = {name: key for key, name in stack.sql('SELECT id, name FROM list')}
        self.stamps = {name: made_stamp(stack, key) for name, key in self.lists.items()}
        self.words = japanese()
        self.admin = stack.one("INSERT INTO site_user (name, is_admin, created_at) VALUES ('admin', true, now()) RETURNING id")
        with psycopg2.connect(stack.postgres.dsn()) as connection, connection.cursor() as cursor:
            for case in self.cases:
                self.prepare(cursor, case)
        connection.close()

    def prepare(self, cursor, case):
        """The address in its state, by rows: how one comes into it is another line of the table."""
        list_, address = self.lists[case.list], case.address

        def one(query, *values):
            cursor.execute(query, values)
            return cursor.fetchone()[0]
        signs_in, was = case.way in ('signed', 'all'), case.act == 'leave' or case.state in ('member', 'paused')
        if signs_in:
            case.user = one("INSERT INTO site_user (name, created_at) VALUES ('', now()) RETURNING id")
        if signs_in or was:
            key = one('INSERT INTO address (key, email, user_id, verified_at, created_at) VALUES (%s, %s, %s, CASE WHEN %s THEN now() END, now())'
                      ' RETURNING id', address, address, case.user or None, signs_in)
        if was:
            stops = case.state == 'paused' or (case.act, case.state) == ('leave', 'waits')
            left = (case.act, case.state) == ('leave', 'stranger')
            case.member = one('INSERT INTO member (list_id, address_id, role, joined_at, delivery_status, epoch, left_epoch, left_at)'
                              " VALUES (%s, %s, 'member', now(), %s, %s, %s, CASE WHEN %s THEN now() END) RETURNING id", list_, key,
                              'by_user' if stops else None, 2 if left else 1, 1 if left else None, left)
        if case.state == 'banned':
            cursor.execute("INSERT INTO ban (list_id, pattern, created_by, created_at) VALUES (%s, %s, 'story', now())", (list_, address))
        if case.state in ('asked', 'waits', 'invited'):
            cursor.execute('INSERT INTO subscription_request (list_id, kind, key, email, member_id, asked_by, is_invitation, language, created_at,'
                           " expires_at, confirmed_at) VALUES (%s, %s, %s, %s, %s, 'story', %s, %s, now(), now() + interval '3 days',"
                           ' CASE WHEN %s THEN now() END)', (list_, case.act, address, address, case.member or None, case.state == 'invited',
                                                           case.language, case.state == 'waits'))

    # --- acting

    def of(self, *ways):
        return [case for case in self.cases if case.way in ways]

    def heading(self, answer, language):
        """What a page says, as a word of the table."""
        said = html.unescape(re.sub(r'<[^>]+>', '', HEADING.search(answer.text)[1])).strip()
        texts = {text if language == 'en' else self.words[text]: word for word, text in ANSWERS.items()}
        return texts.get(said, f'{answer.status_code} {said}')

    def browser(self, case, user=0):
        browser = Browser(self.base)
        browser.headers['Accept-Language'] = case.language
        if user:
            browser.sign_in(self.stack, user)
        return browser

    def by_form(self, case):
        browser = self.browser(case, case.user)
        if not case.user:
            browser.mark = ''
        case.answer = self.heading(browser.submit(f'/lists/{case.list}/{case.act}', {'email': case.address, 'stamp': self.stamps[case.list]}),
                                   case.language)

    def by_link(self, case):
        token = made_token(self.stack, 'u', case.member, 1)
        data = {'List-Unsubscribe': 'One-Click'} if case.way == 'one-click' else {'action': 'leave'}
        case.answer = self.heading(requests.post(f'{self.base}/u/{token}', data=data, headers={'Accept-Language': case.language}, timeout=30),
                                   case.language)

    def by_all(self, case):
        case.answer = self.heading(self.browser(case, case.user).submit('/me/leave-all', {'sure': '1'}), case.language)

    def by_owner(self, group):
        """All of a list at once, as owners do it."""
        browser, case = self.browser(group[0], self.admin), group[0]
        asked = browser.submit(f'/lists/{case.list}/members/add', {'people': '\n'.join(one.address for one in group), 'act': case.way,
                                                                   'role': 'member', 'greet': '1'})
        done = browser.submit(asked.headers['Location'], {'way': 'good'})
        for one in group:
            one.answer = 'done' if done.status_code == 303 else str(done.status_code)

    def by_mail(self, case):
        word = case.way.split('-')[0]
        to, subject = f'{case.list}-{word}@{kairan.DOMAIN}', ''
        if word == 'request':
            subject = WORDS[case.act, case.language]
        elif word == 'token':
            to = f'u.{made_token(self.stack, "u", case.member, 1)}@{kairan.DOMAIN}'
        elif word in ('writing', 'offer'):
            to, subject = f'{case.list}@{kairan.DOMAIN}', 'Hello'
        encoded = subject if subject.isascii() else email.header.Header(subject, 'iso-2022-jp').encode()
        data = message(encoded, sender=case.address, to=to)
        self.stack.post(self.signer.sign(data) if is_proved(case.way) else data, to, case.address)

    def walk(self):
        at_once([(self.by_form, case) for case in self.of('form', 'signed')] + [(self.by_link, case) for case in self.of('one-click', 'page')]
                + [(self.by_all, case) for case in self.of('all')])
        for way in ('invite', 'add', 'remove'):
            for name in self.lists:
                group = [case for case in self.of(way) if case.list == name]
                if group:
                    self.by_owner(group)
        at_once([(self.by_mail, case) for case in self.cases if case.way in ('token', 'writing') or case.way.endswith(('-proved', '-plain'))])
        self.stack.quiet(120)
        for name in POLICIES:
            for language in LANGUAGES:
                self.stack.set(name + language, join_by_writing='offer')
        at_once([(self.by_mail, case) for case in self.of('offer')])
        self.stack.quiet(120)
        self.note('mails', 'now')
        copies, sent = self.copies(), [case for case in self.cases if case.expected[3] != '-']
        at_once([(self.confirm, case, copies.get(case.address, [])) for case in sent])
        self.stack.quiet(120)
        self.note('later', 'finally_')
        for case in self.cases:
            case.later = case.later[len(case.mails):]
        return self

    def copies(self):
        found = {}
        for row in self.stack.copies():
            found.setdefault(row['rcpts'][0], []).append(email.message_from_bytes(row['message'], policy=email.policy.default))
        return found

    def confirm(self, case, mails):
        """What a person does with the mail: its link, or a plain reply."""
        mails = [mail for mail in mails if 'confirm' in str(mail['Reply-To'] or '')]
        if len(mails) != 1:
            case.then = f'{len(mails)} mails to confirm'
            return
        if case.expected[3] == 'reply':
            to = str(mails[0]['Reply-To'])
            self.stack.post(message('Re: ' + case.act, sender=case.address, to=to, body='Yes please.\r\n'), to, case.address)
            case.then = 'reply'
            return
        link = re.search(r'/confirm/\w+', mails[0].get_content())[0]
        case.then = self.heading(requests.post(self.base + link, headers={'Accept-Language': case.language}, timeout=30), case.language)

    # --- looking

    def note(self, mails, state):
        sent, kinds = {}, self.stack.sql("SELECT recipient, kind FROM notice WHERE result IS DISTINCT FROM 'not sent' ORDER BY id")
        for recipient, kind in kinds:
            sent.setdefault(recipient, []).append(kind)
        members = {(list_, key): status for list_, key, status in self.stack.sql(
            "SELECT m.list_id, a.key, coalesce(m.delivery_status, '') FROM member m JOIN address a ON a.id = m.address_id"
            " WHERE m.role = 'member' AND m.left_at IS NULL")}
        open_ = {(list_, key): (kind, waits) for list_, key, kind, waits in self.stack.sql(
            'SELECT list_id, key, kind, confirmed_at IS NOT NULL FROM subscription_request WHERE ended_at IS NULL')}
        for case in self.cases:
            key, words = (self.lists[case.list], case.address), []
            if key in members:
                words.append('paused' if members[key] == 'by_user' else 'member')
            if key in open_:
                kind, waits = open_[key]
                words.append({('join', True): 'j-waits', ('join', False): 'joining', ('leave', True): 'l-waits', ('leave', False): 'leaving'}[kind, waits])
            setattr(case, state, '+'.join(words) or 'none')
            setattr(case, mails, sent.get(case.address, []))


# ---- the walk ----

@pytest.fixture(scope='module')
def world():
    stack = conftest.start(members=0, web=True, direct=True, settings={'worker.poll_ms': 100})
    conftest.need(stack, 'kairan', 'kairan-worker', 'kairan-web')
    yield World(stack).walk()
    assert stack.breaches() == []
    conftest.finish(stack)


@pytest.mark.parametrize('act, way', [(act, way) for act, ways in WAYS.items() for way in ways])
def test_what_becomes_of_it_is_as_written(world, act, way):
    wrong = [f'{case.policy} {case.state} {case.language}: {case.seen()}, not {case.expected}' for case in world.cases
             if (case.act, case.way) == (act, way) and case.seen() != case.expected]
    assert wrong == []


def test_every_mail_is_in_the_language_of_the_person(world):
    copies, wrong = world.copies(), []
    for case in world.cases:
        for mail in copies.get(case.address, []):
            if bool(JAPANESE.search(mail.get_content())) != (case.language == 'ja'):
                wrong.append((case.address, case.way, str(mail['Subject'])))
    assert wrong == []
