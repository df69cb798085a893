"""Hostile forms: few mails go out, each limit is exact, and a person always finds a way in. Ten thousand of them: test_flood.py."""
import re
import threading
import time

import conftest
import pytest
import requests
from requests.adapters import HTTPAdapter

from rig import kairan
from rig.forms import solve
from rig.site import Site

NET_WORK, NET_HOUR, SITE_WORK, SITE_HOUR = 4, 8, 20, 30


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'web', 'nginx'), settings={
        'limits.form_least_s': 1, 'limits.net_work': NET_WORK, 'limits.net_hour': NET_HOUR, 'limits.site_work': SITE_WORK,
        'limits.site_hour': SITE_HOUR})
    conftest.need(stack, 'kairan', 'kairan-web')
    yield Site(stack)
    conftest.finish(stack)


@pytest.fixture(autouse=True)
def fresh(site):
    site.stack.sql('DELETE FROM rate; DELETE FROM budget')


class From(HTTPAdapter):
    """Asks from an address of the loopback network."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, source_address=(self.address, 0), **options)


def browser(address='127.0.0.1'):
    session = requests.Session()
    session.headers['Accept-Language'] = 'en'
    session.mount('http://', From(address))
    return session


def stamp(site, name='test', act='join'):
    """A stamp that is as old as a person's form; one serves many forms, as a machine would do it."""
    found = re.search(r'name="stamp" value="(\w+)"', requests.get(f'{site.base}/lists/{name}/{act}').text)[1]
    time.sleep(1.1)
    return found


def send(site, session, email, mark, name='test', act='join', **fields):
    return session.post(f'{site.base}/lists/{name}/{act}', data=dict({'email': email, 'stamp': mark}, **fields), timeout=30)


def send_working(site, session, email, mark, **options):
    answer = send(site, session, email, mark, **options)
    return send(site, session, email, mark, work=solve(answer.text), **options) if 'data-puzzle' in answer.text else answer


def mails(site):
    return site.stack.one("SELECT count(*) FROM notice WHERE result IS DISTINCT FROM 'not sent'")


def is_mailed(answer):
    return answer.status_code == 200 and 'Please look into your mail' in answer.text


# ---- the budgets, each exactly ----

def test_one_victim_gets_one_mail_a_list_and_three_a_day(site):
    site.stack.kairan.command('list', 'create', f'fourth@{kairan.DOMAIN}')
    before, sessions = mails(site), [browser(f'127.0.{n}.1') for n in range(4)]
    for n, name in enumerate(('test', 'closed', 'renraku', 'fourth')):
        mark = stamp(site, name)
        for email in ('victim@people.example.org', 'Victim@PEOPLE.example.org', ' ｖictim@people.example.org'):
            assert is_mailed(send_working(site, sessions[n], email, mark, name=name))
    assert mails(site) - before == 3


def test_one_network_causes_so_many_an_hour_and_no_more(site):
    before, mark, session = mails(site), stamp(site), browser('127.0.9.1')
    plain = [send(site, session, f'a{n}@people.example.org', mark) for n in range(20)]
    assert [answer.status_code for answer in plain] == [200] * NET_WORK + [429] * (20 - NET_WORK)
    assert mails(site) - before == NET_WORK
    working = [send_working(site, browser(f'127.0.9.{n + 2}'), f'b{n}@people.example.org', mark) for n in range(12)]
    assert [is_mailed(answer) for answer in working] == [True] * (NET_HOUR - NET_WORK) + [False] * (12 - NET_HOUR + NET_WORK)
    assert mails(site) - before == NET_HOUR
    assert 'Please write to us instead' in working[-1].text and f'mailto:test-join@{kairan.DOMAIN}' in working[-1].text
    assert is_mailed(send(site, browser('127.0.10.1'), 'other@people.example.org', mark))


def test_the_whole_site_causes_so_many_an_hour_and_no_more(site):
    before, mark, sent = mails(site), stamp(site), []
    for n in range(50):
        sent.append(is_mailed(send_working(site, browser(f'127.1.{n}.1'), f'c{n}@people.example.org', mark)))
    assert sent == [True] * SITE_HOUR + [False] * 20
    assert mails(site) - before == SITE_HOUR
    # what was refused took nothing from the addresses: an hour later they can join
    site.stack.sql("DELETE FROM budget WHERE cardinality(taken) > 5")
    assert is_mailed(send(site, browser('127.1.60.1'), 'c49@people.example.org', mark))


def test_many_at_once_get_no_more(site):
    before, mark, answers = mails(site), stamp(site), []

    def ask(n):
        session = browser(f'127.2.7.{n + 1}')
        answers.append(send_working(site, session, f'd{n}@people.example.org', mark))
    threads = [threading.Thread(target=ask, args=(n,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(map(is_mailed, answers)) == NET_HOUR and mails(site) - before == NET_HOUR
    assert {answer.status_code for answer in answers} == {200, 429}


# ---- forms that no person sent ----

def test_a_form_needs_its_stamp_and_a_moment(site):
    before, session = mails(site), browser('127.4.1.1')
    good, other = stamp(site), stamp(site, 'renraku')
    quick = re.search(r'name="stamp" value="(\w+)"', session.get(site.base + '/lists/test/join').text)[1]
    for mark in ('', 'a' * 40, good[:-1] + ('a' if good[-1] != 'a' else 'b'), other, quick):
        answer = send(site, session, 'hana@people.example.org', mark)
        assert answer.status_code == 422 and 'Please press the button once more' in answer.text
        assert 'value="hana@people.example.org"' in answer.text and 'name="stamp"' in answer.text
    assert mails(site) == before
    assert is_mailed(send(site, session, 'hana@people.example.org', good))


def test_who_fills_in_what_nobody_sees_gets_the_usual_answer_and_no_mail(site):
    before, session, mark = mails(site), browser('127.5.1.1'), stamp(site)
    trap = send(site, session, 'trap@people.example.org', mark, website='http://spam.example/')
    real = send(site, session, 'real@people.example.org', mark)
    assert mails(site) - before == 1 and is_mailed(trap)
    assert trap.text.replace('trap@', 'real@') == real.text


def test_work_for_one_form_is_none_for_another(site):
    mark, session = stamp(site), browser('127.6.1.1')
    for n in range(NET_WORK):
        assert is_mailed(send(site, session, f'f{n}@people.example.org', mark))
    page = send(site, session, 'g@people.example.org', mark)
    assert page.status_code == 429 and f'mailto:test-join@{kairan.DOMAIN}' in page.text
    work = solve(page.text)
    assert not is_mailed(send(site, session, 'other@people.example.org', mark, work=work))
    assert not is_mailed(send(site, session, 'g@people.example.org', mark, work='x'))
    assert is_mailed(send(site, session, 'g@people.example.org', mark, work=work))
