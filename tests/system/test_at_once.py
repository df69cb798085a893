"""Two hands at once, in chosen order: whoever comes first decides, nothing fails, and each is told what became of it."""
import email
import email.policy
import html
import itertools
import re
import threading

import conftest
import pytest
import requests

from rig import kairan
from rig.client import Author, address_of, message
from rig.forms import made_stamp, made_token
from rig.held import Held
from rig.site import Browser, now
from rig.turns import in_turn
from rig.walk import at_once

OWNER, SECOND = 'owner@people.example.org', 'second@people.example.org'
HEADING = re.compile(r'<h1[^>]*>(.*?)</h1>', re.S)
number = itertools.count(1)


@pytest.fixture(scope='module')
def stack():
    stack = conftest.start(members=0, web=True, direct=True, settings={'worker.poll_ms': 100, 'moderation.undo_s': 30, 'moderation.notice_s': 3600})
    conftest.need(stack, 'kairan', 'kairan-worker', 'kairan-web')
    stack.new_list('club', 0, default_member_action='hold', default_nonmember_action='hold', admin_daily_summary='no')
    for address, role in ((OWNER, 'owner'), (SECOND, 'moderator')):
        stack.kairan.command('member', 'add', address_of('club'), address, '--role', role)
    yield stack
    conftest.finish(stack)


@pytest.fixture(autouse=True)
def fresh(stack):
    stack.sql('DELETE FROM rate; DELETE FROM budget; DELETE FROM list_told; DELETE FROM ban')
    stack.set('club', subscription_policy='confirm', unsubscription_policy='confirm')
    before = stack.log('web').count('deadlock')
    yield
    stack.quiet()
    assert stack.breaches() == []
    assert stack.log('web').count('deadlock') == before


def browser(stack, address, language='en'):
    """A signed-in browser of an address's owner, who has read a form."""
    one = Browser(stack.http_url())
    one.headers['Accept-Language'] = language
    stack.sql('INSERT INTO address (key, email, created_at) VALUES (%s, %s, now()) ON CONFLICT DO NOTHING', address, address)
    stack.sql('UPDATE address SET verified_at = %s WHERE key = %s AND verified_at IS NULL', now(), address)
    if stack.one('SELECT user_id FROM address WHERE key = %s', address) is None:
        user = stack.one("INSERT INTO site_user (name, created_at) VALUES ('', now()) RETURNING id")
        stack.sql('UPDATE address SET user_id = %s WHERE key = %s', user, address)
    one.sign_in(stack, stack.one('SELECT user_id FROM address WHERE key = %s', address))
    one.submit('/language', {'language': language})
    return one


def heading(answer):
    return html.unescape(re.sub(r'<[^>]+>', '', HEADING.search(answer.text)[1])).strip()


def list_id(stack, name='club'):
    return stack.one('SELECT id FROM list WHERE name = %s', name)


def somebody():
    return f'p{next(number)}@people.example.org'


def press(stack, path, language='en', **form):
    answer = requests.post(stack.http_url() + path, data=form, headers={'Accept-Language': language}, timeout=60)
    assert answer.status_code in (200, 410), (path, answer.status_code, heading(answer))
    return heading(answer)


def is_member(stack, address):
    return stack.one("SELECT count(*) FROM member m JOIN address a ON a.id = m.address_id WHERE m.list_id = %s AND a.key = %s AND m.role = 'member'"
                     ' AND m.left_at IS NULL', list_id(stack), address) == 1


def kinds_to(stack, address):
    return [row[0] for row in stack.sql('SELECT kind FROM notice WHERE recipient = %s AND result IS DISTINCT FROM %s ORDER BY id', address, 'not sent')]


def audits(stack, address, *actions):
    return [row[0] for row in stack.sql('SELECT action FROM audit WHERE object = %s AND action = ANY (%s) ORDER BY id', address, list(actions))]


# ---- held posts: two moderators, and the author ----

WAYS = ('page', 'all', 'link', 'mail', 'command', 'cancel')


class Post(Held):
    """A held post, and every way to decide about it: what each returns is 'first', or what the one who came second is told."""

    def __init__(self, stack, moderator, browsers):
        super().__init__(stack, 'club')
        self.moderator, self.browsers, self.taken_back = moderator, browsers, self.cancel_link()
        self.reply, self.door = self.reply_address(moderator.address), self.link(moderator.address, 'moderator')

    def by(self, way, word):
        """An act that can be begun."""
        return lambda: getattr(self, 'by_' + way)(word)

    def form(self, word):
        return {'act': word, 'id': self.id, 'sure': '1'}

    def by_page(self, word, path='/lists/club/held', who=OWNER):
        answer = self.browsers[who].submit(path, self.form(word))
        assert answer.status_code == 303, answer.status_code
        return 'first' if 'done=1' in answer.headers['Location'] else self.browsers[who].read(answer.headers['Location']).text

    def by_all(self, word):
        return self.by_page(word, '/held', SECOND)

    def by_link(self, word):
        answer = requests.post(self.stack.http_url() + self.door, data=self.form(word), allow_redirects=False, timeout=60)
        assert answer.status_code == 303, answer.status_code
        where = answer.headers['Location']
        return 'first' if 'done=1' in where else requests.get(self.stack.http_url() + where, headers={'Accept-Language': 'en'}, timeout=60).text

    def by_mail(self, word):
        data = message('Re: Held', sender=self.moderator.address, to=self.reply, body=f'{word}\r\n')
        self.stack.post(self.moderator.sign(data), self.reply, self.moderator.address)
        text = self.stack.until(self.answer, 40, 'the answer')
        return 'first' if f'{self.subject}\n{"Accepted" if word == "accept" else "Discarded"}.' in text else text

    def answer(self):
        mails = [parsed(row['message']) for row in self.stack.copies() if row['rcpts'] == [self.moderator.address]]
        texts = [mail.get_content().replace('\r\n', '\n') for mail in mails]
        return next((text for text in texts if self.subject in text), None)

    def by_command(self, word):
        try:
            self.stack.kairan.command('held', word, address_of('club'), str(self.id))
        except kairan.CommandFailed as failed:
            return failed.output + failed.printed
        return 'first'

    def by_cancel(self, _):
        said = requests.post(self.stack.http_url() + self.taken_back, headers={'Accept-Language': 'en'}, timeout=60).text
        return 'first' if 'You have taken it back' in said else said


def parsed(data):
    return email.message_from_bytes(data, policy=email.policy.default)


@pytest.fixture(scope='module')
def people(stack):
    """(the moderator who writes, signed-in browsers of the others)."""
    moderator = Author(stack)
    stack.kairan.command('member', 'add', address_of('club'), moderator.address, '--role', 'moderator')
    return moderator, {OWNER: browser(stack, OWNER), SECOND: browser(stack, SECOND)}


def told(first, second, word, says):
    """Whether the one who came second has read who was first."""
    names = {'page': OWNER, 'all': SECOND, 'command': 'command line'}
    if second == 'cancel':
        return 'A moderator has accepted it' in says if word == 'accept' else 'You have taken it back' not in says
    if second == 'command' and 'somebody has decided about it' not in says:
        return False
    if first == 'cancel':
        return 'Its author took it back.' in says or (second == 'command' and 'cancelled' in says)
    if {first, second} == {'link', 'mail'}:
        return True         # they are one person
    return names.get(first, 'anna@') in says


@pytest.mark.parametrize('first, second', [pair for pair in itertools.permutations(WAYS, 2)])
def test_the_first_hand_on_a_held_post_decides_and_the_second_is_told(stack, people, first, second):
    for word, other in (('accept', 'discard'), ('discard', 'accept')):
        if first == 'cancel' and word == 'accept':
            continue
        post = Post(stack, *people)
        one, two = in_turn(stack, ('SELECT FROM held WHERE id = %s FOR UPDATE', post.id), post.by(first, word), post.by(second, other))
        assert one == 'first' and two != 'first', (word, one[-2000:], two[-2000:])
        assert post.fate() == ('cancelled' if first == 'cancel' else 'accepted' if word == 'accept' else 'discarded'), word
        assert told(first, second, word, two), (word, two)


# ---- joining and leaving ----

def add(stack, address):
    stack.kairan.command('member', 'add', address_of('club'), address)
    return stack.one('SELECT m.id FROM member m JOIN address a ON a.id = m.address_id WHERE m.list_id = %s AND a.key = %s', list_id(stack), address)


def ask(stack, address, act='join', language='en', **form):
    """A form of a guest; the link of the mail that comes of it."""
    data = dict({'email': address, 'stamp': made_stamp(stack, list_id(stack))}, **form)
    requests.post(f'{stack.http_url()}/lists/club/{act}', data=data, headers={'Accept-Language': language}, timeout=60)
    row = stack.sql('SELECT bytes FROM notice WHERE recipient = %s AND bytes IS NOT NULL ORDER BY id DESC LIMIT 1', address)
    data = bytes(row[0][0]) if row else stack.until(lambda: [one for one in stack.copies() if one['rcpts'] == [address]], 20, 'the mail')[-1]['message']
    return re.search(r'/confirm/\w+', parsed(data).get_content())[0]


def request_of(stack, address):
    return stack.one('SELECT id FROM subscription_request WHERE key = %s AND ended_at IS NULL', address)


def decide(stack, request, word, **form):
    """What an owner is told: (done, gone)."""
    answer = people_browser(stack).submit('/lists/club/requests', dict({'act': word, 'id': request, 'sure': '1'}, **form))
    assert answer.status_code == 303, (answer.status_code, heading(answer))
    found = re.search(r'done=(\d)&gone=(\d)', answer.headers['Location'])
    return int(found[1]), int(found[2])


_browsers = {}


def people_browser(stack):
    return _browsers.setdefault(stack.folder, browser(stack, OWNER))


LOCKS = {'member': 'SELECT FROM member WHERE id IN (SELECT m.id FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = %s) FOR UPDATE',
         'address': 'SELECT FROM address WHERE key = %s FOR UPDATE',
         'request': 'SELECT FROM subscription_request WHERE key = %s FOR UPDATE',
         'link': 'SELECT FROM mail_link WHERE email = %s FOR UPDATE'}
both = pytest.mark.parametrize('turned', [False, True])


def orders(acts, turned):
    return list(reversed(acts)) if turned else list(acts)


@both
@pytest.mark.parametrize('row', ['member', 'request', 'link'])
@pytest.mark.parametrize('language', ['en', 'ja'])
def test_a_member_leaves_by_a_copy_in_mid_confirmation(stack, turned, row, language):
    """The link of a mail and that of a copy: one goodbye, and both pages say that it is over."""
    address = somebody()
    member = add(stack, address)
    confirm, leave = ask(stack, address, 'leave', language), '/u/' + made_token(stack, 'u', member, 1)
    acts = orders([lambda: press(stack, confirm, language), lambda: press(stack, leave, language, action='leave')], turned)
    said = in_turn(stack, (LOCKS[row], address), *acts)
    assert not is_member(stack, address) and kinds_to(stack, address) == ['leave', 'goodbye'] and audits(stack, address, 'member_remove') == ['member_remove']
    over = {'en': {'You have left', 'This link has been used'}, 'ja': {'退会しました', 'このリンクは使用済みです'}}[language]
    assert set(said) <= over and {'You have left', '退会しました'} & set(said), said


@both
@pytest.mark.parametrize('row', ['member', 'request'])
def test_an_owner_agrees_while_the_member_takes_it_back(stack, turned, row):
    stack.set('club', unsubscription_policy='moderate')
    address = somebody()
    link = '/u/' + made_token(stack, 'u', add(stack, address), 1)
    assert press(stack, link, action='leave') == 'Delivery has stopped'
    request = request_of(stack, address)
    acts = orders([lambda: press(stack, link, action='undo'), lambda: decide(stack, request, 'accept')], turned)
    said = in_turn(stack, (LOCKS[row], address), *acts)
    # taken back in time the request is gone; taken back after the end it begins anew, as within the seven days after any leaving
    assert is_member(stack, address)
    assert said == ([(1, 0), 'You are a member again'] if turned else ['You are a member again', (0, 1)])
    assert kinds_to(stack, address) == (['goodbye'] if turned else [])
    assert stack.one('SELECT count(*) FROM subscription_request WHERE key = %s AND ended_at IS NULL', address) == 0


@both
@pytest.mark.parametrize('row', ['address', 'request'])
def test_joining_by_the_link_and_by_a_press_is_joining_once(stack, turned, row):
    address = somebody()
    link, person = ask(stack, address), browser(stack, address)
    acts = orders([lambda: press(stack, link), lambda: heading(person.submit('/lists/club/join', {'email': address, 'stamp': 'x'}))], turned)
    said = in_turn(stack, (LOCKS[row], address), *acts)
    assert is_member(stack, address) and kinds_to(stack, address) == ['join', 'welcome'] and audits(stack, address, 'member_add') == ['member_add']
    assert said[0] == 'You are a member' and said[1] in ('You are a member', 'This link has been used'), said


@pytest.mark.parametrize('row', ['request', 'link'])
def test_one_link_pressed_twice_counts_once(stack, row):
    address = somebody()
    link = ask(stack, address)
    assert in_turn(stack, (LOCKS[row], address), lambda: press(stack, link), lambda: press(stack, link)) == ['You are a member', 'This link has been used']
    assert kinds_to(stack, address) == ['join', 'welcome']


@both
@pytest.mark.parametrize('word, outcome', [('accept', True), ('reject', False), ('discard', False)])
def test_an_owner_decides_while_the_person_confirms(stack, turned, word, outcome):
    """Agreed before or after: member. Refused before: the link says so. Refused after: it waits for nobody any more, and is refused."""
    stack.set('club', subscription_policy='moderate')
    address = somebody()
    link = ask(stack, address)
    request = request_of(stack, address)
    acts = orders([lambda: press(stack, link), lambda: decide(stack, request, word)], turned)
    said = in_turn(stack, (LOCKS['request'], address), *acts)
    assert is_member(stack, address) == outcome
    told = said[0] if not turned else said[1]
    assert (1, 0) in said
    assert told == ('The owners have decided' if turned and not outcome else 'You are a member' if turned else 'The owners have been asked'), said
    assert kinds_to(stack, address) == ['join'] + (['welcome'] if outcome else ['join_rejected'] if word == 'reject' and not turned else [])


@both
def test_a_ban_and_a_confirmation_at_once(stack, turned):
    address = somebody()
    link, owner = ask(stack, address), people_browser(stack)
    stack.sql('INSERT INTO address (key, email, created_at) VALUES (%s, %s, now()) ON CONFLICT DO NOTHING', address, address)
    def ban():
        return owner.submit('/lists/club/bans', {'pattern': address, 'act': 'add'}).status_code
    said = in_turn(stack, (LOCKS['address'], address), *orders([lambda: press(stack, link), ban], turned))
    # the one who waits for the row of the address has not joined yet: the ban counts in either order
    assert not is_member(stack, address) and kinds_to(stack, address) == ['join']
    assert sorted(map(str, said)) == ['303', 'This address cannot join'], said
    assert stack.one('SELECT count(*) FROM ban WHERE pattern = %s', address) == 1


@both
def test_an_owner_removes_who_is_leaving(stack, turned):
    address = somebody()
    member = add(stack, address)
    link, owner = '/u/' + made_token(stack, 'u', member, 1), people_browser(stack)
    def remove():
        return owner.submit(f'/lists/club/members/{member}/remove', {'sure': '1', 'goodbye': '1'}).status_code
    said = in_turn(stack, (LOCKS['member'], address), *orders([lambda: press(stack, link, action='leave'), remove], turned))
    assert not is_member(stack, address) and audits(stack, address, 'member_remove') == ['member_remove']
    assert kinds_to(stack, address) == (['dismissed'] if turned else ['goodbye']) and 'You have left' in said, said


@both
def test_two_owners_remove_each_other_and_one_stays(stack, turned):
    name = f'pair{next(number)}'
    stack.new_list(name, 0)
    stack.kairan.command('member', 'add', address_of(name), OWNER, SECOND, '--role', 'owner')
    ids = dict(stack.sql("SELECT a.key, m.id FROM member m JOIN address a ON a.id = m.address_id WHERE m.list_id = %s AND m.role = 'owner'",
                         list_id(stack, name)))
    def remove(who, whom):
        one = browser(stack, who)
        return lambda: one.submit(f'/lists/{name}/members/{ids[whom]}/remove', {'sure': '1'}).status_code
    lock = 'SELECT pg_advisory_xact_lock((4713::bigint << 32) + %s)', list_id(stack, name)
    said = in_turn(stack, lock, *orders([remove(OWNER, SECOND), remove(SECOND, OWNER)], turned))
    assert said[0] == 303 and said[1] in (403, 422), said
    left = stack.sql("SELECT a.key FROM member m JOIN address a ON a.id = m.address_id WHERE m.list_id = %s AND m.role = 'owner' AND m.left_at IS NULL",
                     list_id(stack, name))
    assert left == [(SECOND if turned else OWNER,)]


# ---- another address ----

@both
@pytest.mark.parametrize('row', ['request', 'link'])
def test_the_old_address_keeps_what_an_owner_lets_go(stack, turned, row):
    old, new = somebody(), somebody()
    add(stack, old)
    press(stack, ask(stack, new, 'moved', old=old))
    request = request_of(stack, new)
    keep = stack.until(lambda: [link for one in stack.copies() if one['rcpts'] == [old]
                                for link in re.findall(r'/confirm/\w+', parsed(one['message']).get_content())], 20, 'the mail with a link')[-1]
    lock = (LOCKS[row], new if row == 'request' else old)
    said = in_turn(stack, lock, *orders([lambda: press(stack, keep), lambda: decide(stack, request, 'accept')], turned))
    moved = (1, 0) in said
    assert (is_member(stack, new), is_member(stack, old)) == (moved, not moved)
    assert said[turned] == ('The owners have decided' if moved else 'All stays as it is') and ((0, 1) in said) != moved, said
    assert ('changed_old' in kinds_to(stack, old)) == moved


def test_an_address_that_changes_during_posts_gets_each_once(stack):
    """Posts are under way while an owner moves the membership to and fro: each reaches the person, at one of the addresses, once."""
    old, new = somebody(), somebody()
    stack.new_list('moving', 0, default_member_action='accept', member_roster_visibility='members')
    stack.kairan.command('member', 'add', address_of('moving'), old, *[f'w{n}@members.example.org' for n in range(3)], '--no-welcome')
    stack.quiet()
    stack.clear_sink()
    stack.recipient(old, 'rcpt:450*2+dot:delay-200')
    stack.recipient(new, 'dot:delay-200')
    over, subjects = [], [f'Moving {n}' for n in range(12)]

    def move():
        here, there = old, new
        while not over:
            stack.kairan.command('member', 'move', address_of('moving'), here, there)
            here, there = there, here
    mover = threading.Thread(target=move)
    mover.start()
    at_once([(stack.post, message(subject, sender='w0@members.example.org', to=address_of('moving')), 'moving', 'w0@members.example.org')
             for subject in subjects], 2)
    stack.quiet(90)
    over.append(True)
    mover.join()
    stack.quiet(60)
    got = [row['rcpts'][0] for row in stack.copies() for subject in subjects if f'Subject: {subject}\r\n'.encode() in row['message']
           and row['rcpts'][0] in (old, new)]
    assert len(got) == len(subjects)
    for subject in subjects:
        count = sum(f'Subject: {subject}\r\n'.encode() in row['message'] for row in stack.copies() if row['rcpts'][0] in (old, new))
        assert count == 1, subject
