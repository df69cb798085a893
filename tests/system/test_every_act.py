"""Every act of moderation from everywhere, in both languages: tests/moderation.tsv, done line by line."""
import email
import email.policy

import conftest
import pytest
import requests

from rig.client import Author, address_of, message
from rig.held import Held
from rig.site import Browser
from rig.walk import lines

WAYS = ('page', 'all', 'link', 'mail', 'command')
OWNER, REASON = 'owner@people.example.org', {'en': 'Too far from our subject.', 'ja': '話題が違います。'}
CANNED = 'Advertising has no place on this list.'
MAIL_WORDS = {'accept': ('accept', '承認'), 'reject': ('reject', '却下'), 'discard': ('discard', '破棄'), 'search': ('discard all', '破棄　すべて'),
              'undo': ('undo', '取り消し'), 'ban': ('ban', '禁止'), 'always': ('always', 'いつも'), 'never': ('never', '不可'),
              'forward': ('forward', '転送'), 'canned': ('canned', '定型'), 'retry': ('retry', '再試行'), 'drop': ('remove', '削除')}


def table():
    return {row[0]: dict(zip(WAYS, row[1:])) for row in lines('moderation.tsv')}


@pytest.fixture(scope='module')
def stack():
    stack = conftest.start(members=0, web=True, direct=True, settings={'worker.poll_ms': 100, 'moderation.undo_s': 1, 'moderation.notice_s': 3600})
    conftest.need(stack, 'kairan', 'kairan-worker', 'kairan-web')
    stack.moderator = Author(stack)
    for language in ('en', 'ja'):
        name = 'club' + language
        stack.new_list(name, 0, preferred_language=language, default_member_action='hold', default_nonmember_action='hold', admin_daily_summary='no')
        stack.kairan.command('member', 'add', address_of(name), OWNER, stack.moderator.address, '--role', 'owner')
    yield stack
    stack.quiet()
    assert stack.breaches() == []
    conftest.finish(stack)


def rejections(held):
    return held.stack.one("SELECT count(*) FROM notice WHERE kind = 'rejected' AND recipient = %s", held.author)


def text_to(stack, address):
    """The newest mail that reached somebody."""
    stack.quiet()
    rows = [row['message'] for row in stack.copies() if row['rcpts'] == [address]]
    mail = email.message_from_bytes(rows[-1], policy=email.policy.default)
    return f'{mail["Subject"]}\n{mail.get_body().get_content()}'


def language_of(held):
    return held.list[-2:]


# ---- from where ----

def fields_of(held, act):
    """The form that an act is: its button, and what else is filled in."""
    form = {'act': act, 'id': held.id, 'sure': '1'}
    more = {'reject': {'reason': REASON[language_of(held)]}, 'canned': {'act': 'reject', 'canned': CANNED}, 'never': {'act': 'discard', 'future': 'discard'},
            'search': {'act': 'discard', 'match': '1', 'q': held.subject, 'upto': held.id}, 'retry': {'id': held.message},
            'drop': {'act': 'discard', 'id': held.message}}
    form.update(more.get(act, {}))
    if act == 'search':
        del form['id']
    return form


def told(answer):
    """The status; that of what is not there where nothing was found to act on."""
    return 404 if 'done=0' in answer.headers.get('Location', '') else answer.status_code


def by_form(stack, held, act, path):
    browser = Browser(stack.http_url())
    browser.headers['Accept-Language'] = language_of(held)
    browser.sign_in(stack, stack.owner)
    return told(browser.submit(path, fields_of(held, act)))


def by_page(stack, held, act):
    return by_form(stack, held, act, f'/lists/{held.list}/' + ('set-aside' if act in ('retry', 'drop') else 'held'))


def by_all(stack, held, act):
    return by_form(stack, held, act, '/held')


def by_link(stack, held, act):
    answer = requests.post(stack.http_url() + held.link(stack.moderator.address), data=fields_of(held, act),
                           headers={'Accept-Language': language_of(held)}, allow_redirects=False, timeout=30)
    return told(answer)


def by_mail(stack, held, act):
    to, word = held.reply_address(stack.moderator.address), MAIL_WORDS[act][language_of(held) == 'ja']
    reason = {'en': ': ', 'ja': '：'}[language_of(held)] + REASON[language_of(held)] if act == 'reject' else ''
    body = f'{word}{reason}\r\n'
    stack.post(stack.moderator.sign(message('Re: Held', sender=stack.moderator.address, to=to, body=body)), to, stack.moderator.address)
    stack.quiet()
    return 303


def by_command(stack, held, act):
    ways = {'ban': ['discard', str(held.id), '--ban'], 'always': ['accept', str(held.id), '--always', '--now'], 'search': ['discard', '--match', held.subject],
            'reject': ['reject', str(held.id), '--reason', REASON[language_of(held)]]}
    if act in ('retry', 'drop'):
        stack.kairan.command('queue', {'retry': 'retry', 'drop': 'discard'}[act], str(held.message))
    elif act in ('canned', 'never'):
        return 403      # there is no such option
    else:
        word, *rest = ways.get(act, [act, str(held.id)])
        stack.kairan.command('held', word, address_of(held.list), *rest)
    return 303


DO = {'page': by_page, 'all': by_all, 'link': by_link, 'mail': by_mail, 'command': by_command}


# ---- what comes of it ----

def ends_as(held, state):
    held.stack.until(lambda: held.state() == state, 20, f'{held.subject} to be {state}')


def accepted(held):
    ends_as(held, 'accepted')


def back(held):
    assert held.waits() and held.state() == 'held'


def refused(held):
    ends_as(held, 'refused')
    assert rejections(held) == 1 and REASON[language_of(held)] in text_to(held.stack, held.author)


def refused_canned(held):
    ends_as(held, 'refused')
    words = {'en': CANNED, 'ja': '広告'}[language_of(held)]
    assert words in text_to(held.stack, held.author)


def discarded(held):
    ends_as(held, 'discarded')
    assert rejections(held) == 0


def banned(held):
    discarded(held)
    assert held.stack.one('SELECT count(*) FROM ban WHERE list_id = %s AND pattern = %s', held.list_id, held.author) == 1


def treated(action):
    def check(held):
        ends_as(held, {'accept': 'accepted', 'discard': 'discarded'}[action])
        assert held.stack.one('SELECT m.moderation_action FROM member m JOIN address a ON a.id = m.address_id WHERE m.list_id = %s AND a.key = %s',
                              held.list_id, held.author) == action
    return check


def forwarded(held):
    assert held.waits() and held.subject in text_to(held.stack, OWNER)


def tried_again(held):
    held.stack.until(lambda: held.stack.one('SELECT count(*) FROM held WHERE message_id = %s', held.message) == 1, 20, 'the post, judged again')


CHECKS = {'accept': accepted, 'undo': back, 'reject': refused, 'canned': refused_canned, 'discard': discarded, 'ban': banned, 'always': treated('accept'),
          'never': treated('discard'), 'forward': forwarded, 'search': discarded, 'retry': tried_again, 'drop': discarded}
AUDITS = {'accept': 'held_accept', 'undo': 'held_undo', 'reject': 'held_reject', 'canned': 'held_reject', 'discard': 'held_discard', 'ban': 'held_discard',
          'always': 'held_accept', 'never': 'held_discard', 'forward': 'held_forward', 'search': 'held_discard'}


def test_every_act_has_its_line():
    assert set(table()) == set(CHECKS) == set(MAIL_WORDS)


@pytest.mark.parametrize('language', ['en', 'ja'])
@pytest.mark.parametrize('act', list(CHECKS))
def test_an_act_from_everywhere(stack, act, language):
    stack.sql('DELETE FROM budget')
    if not hasattr(stack, 'owner'):
        stack.owner = stack.one("INSERT INTO site_user (name, created_at) VALUES ('', now()) RETURNING id")
        stack.sql('UPDATE address SET user_id = %s, verified_at = now() WHERE key = %s', stack.owner, OWNER)
    for way, may in table()[act].items():
        held = Held(stack, 'club' + language, 'set_aside' if act in ('retry', 'drop') else 'held')
        if act == 'undo':
            stack.sql("UPDATE held SET accept_at = now() + interval '1 minute', accepted_at = now(), accepted_by = %s WHERE id = %s", OWNER, held.id)
        before = (held.state(), held.waits())
        answer = DO[way](stack, held, act)
        if may == 'no':
            assert (held.state(), held.waits()) == before and rejections(held) == 0, (act, way)
            assert way == 'mail' or answer in (403, 404, 422), (act, way, answer)
            continue
        assert answer == 303, (act, way, answer)
        CHECKS[act](held)
        if act in AUDITS:
            assert stack.one('SELECT count(*) FROM audit WHERE action = %s AND object = %s', AUDITS[act], held.subject) == 1, (act, way)
