"""The pages: who may see and do what, what a mail's link does, and that looking changes nothing."""
import html
import os
import re
import signal
import threading

import conftest
import psycopg2
import pytest
import requests

from rig import kairan
from rig.site import KINDS, ROLES, Site, heading, now, routes

EXEMPT = ('rate', 'budget', 'held_look')      # and session.last_seen: see the schema


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'web', 'nginx'), settings={'web.request_timeout_s': 5})
    conftest.need(stack, 'kairan', 'kairan-web')
    yield Site(stack)
    conftest.finish(stack)


@pytest.fixture(autouse=True)
def no_limits(site):
    forget_limits(site)


def forget_limits(site):
    site.stack.sql('DELETE FROM rate; DELETE FROM budget')


# ---- rights ----

def expectations():
    with open(os.path.join(conftest.TESTS, 'rights.tsv'), encoding='utf-8') as file:
        rows = [line.rstrip('\n').split('\t') for line in file if not line.startswith('#')]
    return {(row[0], row[1]): dict(zip(ROLES, map(int, row[2:]))) for row in rows}


def test_every_route_has_its_row_of_rights():
    wanted = {(name, kind) for name, _, pattern, *_ in routes() for kind in (KINDS if '{list}' in pattern else ('-',))}
    assert wanted == set(expectations())


def test_every_route_answers_every_role_as_written(site):
    fields = {'setting_restore': {'name': 'advertised'}, 'setting_restore_act': {'name': 'reply_to_address'},
              'domain_setting_restore': {'name': 'advertised'}, 'domain_setting_restore_act': {'name': 'reply_to_address'},
              'site_setting_restore': {'name': 'advertised'}, 'site_setting_restore_act': {'name': 'reply_to_address'},
              'language_set': {'language': 'en'}}
    table, wrong, browsers = {name: (method, pattern) for name, method, pattern, *_ in routes()}, [], {}
    for (name, kind), by_role in expectations().items():
        method, pattern = table[name]
        for role, wanted in by_role.items():
            path = site.path(pattern, kind)
            browser = browsers.get(role) or browsers.setdefault(role, site.browser(role))
            answer = (browser.read(path, params=fields.get(name)) if method == 'GET' else browser.submit(path, fields.get(name, {})))
            if method != 'GET':
                browsers.clear()        # it may have ended anybody's session
            if answer.status_code != wanted:
                wrong.append(f'{name} {kind} {role}: {answer.status_code}, not {wanted}')
    assert wrong == []


def test_hidden_closed_and_absent_are_one_page(site):
    browser = site.browser()
    hidden = [browser.read('/lists/secret/'), browser.read('/lists/nosuchlist/'), browser.read('/lists/secret/held'),
              browser.read(f'/lists/closed/thread/{site.posts["members"]}'), browser.read('/lists/closed/thread/' + 'A' * 32),
              browser.read('/nothing/at/all')]
    assert {answer.status_code for answer in hidden} == {404}
    assert len({answer.content for answer in hidden}) == 1
    headers = [{k: v for k, v in answer.headers.items() if k != 'Date'} for answer in hidden]
    assert all(one == headers[0] for one in headers)


def test_no_page_tells_a_guest_of_what_is_closed(site):
    seen = ' '.join(site.browser().read(path).text for path in ('/', '/lists/closed/', '/lists/test/'))
    assert 'secret' not in seen and 'Post on closed' not in seen and 'author@people.example.org' not in seen


# ---- forms ----

def test_every_form_refuses_foreign_marks(site):
    owner, other = site.browser('owner'), site.browser('admin')
    other.submit('/language', {'language': 'en'})
    forms = [(name, site.path(pattern, 'public')) for name, method, pattern, *_, form in routes() if method == 'POST' and form == 'FORM']
    before = dump(site)
    for name, path in forms:
        for mark in (None, '', '0' * 64, other.mark, 'x', other.mark[:-1]):
            data = {} if mark is None else {'form': mark}
            answer = owner.post(owner.base + path, data=data, allow_redirects=False, timeout=30)
            assert answer.status_code == 403, (name, mark)
        own = site.browser('owner')
        own.submit('/language', {'language': 'en'})
        for header in ({'Origin': 'https://evil.example'}, {'Sec-Fetch-Site': 'cross-site'}, {'Origin': 'null'}):
            assert own.submit(path, {}, headers=header).status_code == 403, (name, header)
    assert changed(before, dump(site)) == ['session']       # those that this story began


def test_a_body_that_is_too_large_or_malformed_is_refused(site):
    browser = site.browser()
    assert browser.submit('/login', {'email': 'a' * 5000}).status_code == 413
    for body, kind in ((b'email=%ff', 'application/x-www-form-urlencoded'), (b'x', 'multipart/form-data; boundary=y'),
                       (b'{}', 'application/json')):
        answer = browser.post(browser.base + '/login', data=body, headers={'Content-Type': kind}, allow_redirects=False)
        assert answer.status_code == 422


def test_an_error_is_a_page_even_where_a_file_was_asked_for(site):
    answer = site.browser('admin').read('/admin/lists/export', params={'where': 'nonsense'})
    assert answer.status_code == 422 and answer.headers['Content-Type'].startswith('text/html')
    assert 'Content-Disposition' not in answer.headers and 'is no condition' in answer.text


# ---- looking changes nothing ----

def dump(site):
    """A digest of every table but the exempt ones and partitions."""
    tables = [row[0] for row in site.stack.sql("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace ="
                                               " 'public'::regnamespace AND NOT relispartition ORDER BY 1")]
    return {table: site.stack.one(f'SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), \'\')) FROM {table} t')
            for table in tables if table not in EXEMPT}


def changed(before, after):
    return [table for table in before if before[table] != after[table]]


def crawl(site, role):
    """GETs everything that pages link to, and what forms are sent to; returns the statuses."""
    browser, todo, done = site.browser(role), ['/', '/robots.txt', '/nothing'], {}
    before = dump(site)
    while todo and len(done) < 400:
        path = todo.pop()
        if path in done:
            continue
        answer = browser.read(path)
        done[path] = answer.status_code
        if 'Location' in answer.headers:
            todo.append(answer.headers['Location'].split('#')[0])
        if not answer.headers['Content-Type'].startswith('text/html'):
            continue
        for link in map(html.unescape, re.findall(r'(?:href|action|src)="([^"]*)"', answer.text)):
            link = link.split('#')[0]
            link = path.split('?')[0] + link if link.startswith('?') else link
            if link.startswith('/') and link not in done:
                todo.append(link)
    assert changed(before, dump(site)) == []
    return done


@pytest.mark.parametrize('role', ['anonymous', 'member', 'owner', 'admin'])
def test_looking_at_everything_changes_nothing(site, role):
    done = crawl(site, role)
    assert len(done) > 20
    assert {path: status for path, status in done.items() if status >= 500} == {}
    assert {status for status in done.values()} <= {200, 303, 308, 403, 404, 405}


# ---- signing in ----

def test_signing_in_by_code_and_by_link(site):
    browser = site.browser()
    answer = browser.submit('/login', {'email': ' Ｎｅｗ＠people.example.org　', 'return': '/lists/test/'})
    assert answer.status_code == 303
    kind, subject, text = site.mail_to('New@people.example.org')
    code, link = re.search(r'\b(\d{6})\b', text)[1], re.search(r'/login/\w+', text)[0]
    page = answer.headers['Location']
    wrong = browser.submit('/login/code', {'id': page.split('=')[1], 'code': '000000' if code != '000000' else '111111'})
    assert (wrong.status_code, 'Set-Cookie' in wrong.headers) == (422, False)
    right = browser.submit('/login/code', {'id': page.split('=')[1], 'code': f'{code[:3]} {code[3:]}'})
    assert (right.status_code, right.headers['Location']) == (303, '/lists/test/')
    assert 'HttpOnly' in right.headers['Set-Cookie'] and 'SameSite=Lax' in right.headers['Set-Cookie']
    assert 'max-age' not in right.headers['Set-Cookie'].lower()
    assert browser.read('/me/').status_code == 200
    again = site.browser().submit(link)
    assert (again.status_code, 'Set-Cookie' in again.headers) == (410, False)
    browser.mark = None
    token = browser.cookies['session']
    assert browser.submit('/logout').status_code == 303
    browser.cookies.set('session', token)
    assert browser.read('/me/').status_code == 403
    assert site.stack.one("SELECT count(*) FROM site_user u JOIN address a ON a.user_id = u.id WHERE a.key = 'new@people.example.org'") == 1


def test_five_wrong_codes_end_the_code_and_not_the_link(site):
    browser = site.browser()
    page = browser.submit('/login', {'email': 'codes@people.example.org'}).headers['Location']
    text = site.mail_to('codes@people.example.org')[2]
    code, link = re.search(r'\b(\d{6})\b', text)[1], re.search(r'/login/\w+', text)[0]
    for _ in range(5):
        assert browser.submit('/login/code', {'id': page.split('=')[1], 'code': '999999' if code != '999999' else '1'}).status_code == 422
    assert browser.submit('/login/code', {'id': page.split('=')[1], 'code': code}).status_code == 422
    assert browser.submit(link).status_code == 303


def test_one_link_signs_in_once_however_many_try(site):
    site.browser().submit('/login', {'email': 'race@people.example.org'})
    link = re.search(r'/login/\w+', site.mail_to('race@people.example.org')[2])[0]
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(requests.post(site.base + link, allow_redirects=False).status_code))
               for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303] + [410] * 19


def test_the_answer_does_not_tell_who_is_known(site):
    pages = [site.browser().submit('/lists/test/join', {'email': address}) for address in
             ('member@people.example.org', 'nobody@people.example.org')]
    assert 'Please look into your mail' in pages[0].text
    assert pages[0].text.replace('member@', 'nobody@') == pages[1].text
    assert [site.mail_to(address)[0] for address in ('member@people.example.org', 'nobody@people.example.org')] == ['member_already', 'join']


def test_mails_that_a_form_can_cause_are_few(site):
    answers = [site.browser().submit('/lists/test/join', {'email': 'victim@people.example.org'}) for _ in range(5)]
    answers += [site.browser().submit(f'/lists/{name}/join', {'email': 'Victim@People.example.org'}) for name in ('closed', 'renraku')]
    assert {answer.status_code for answer in answers} == {200}
    assert site.stack.one("SELECT count(*) FROM notice WHERE lower(recipient) = 'victim@people.example.org'") == 3


# ---- joining and leaving ----

def test_joining_needs_the_mail_and_leaving_needs_one_post(site):
    guest = site.browser(language='ja')
    assert guest.submit('/lists/test/join', {'email': 'hana@people.example.org'}).status_code == 200
    kind, subject, text = site.mail_to('hana@people.example.org')
    assert kind == 'join' and '参加' in subject
    link = re.search(r'/confirm/\w+', text)[0]
    assert 'method="post"' in guest.read(link).text
    members = 'SELECT count(*) FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = %s AND m.left_at IS NULL'
    assert site.stack.one(members, 'hana@people.example.org') == 0
    assert requests.post(site.base + link).status_code == 200
    assert site.stack.one(members, 'hana@people.example.org') == 1
    assert requests.post(site.base + link).status_code == 410
    leave = re.search(r'/u/\w+', site.mail_to('hana@people.example.org')[2])[0]
    assert site.mail_to('hana@people.example.org')[0] == 'welcome'
    assert guest.read(leave).status_code == 200 and site.stack.one(members, 'hana@people.example.org') == 1
    answer = requests.post(site.base + leave, data={'List-Unsubscribe': 'One-Click'}, allow_redirects=False)
    assert answer.status_code == 200 and site.stack.one(members, 'hana@people.example.org') == 0
    assert requests.post(site.base + leave, data={'action': 'undo'}).status_code == 200
    assert site.stack.one(members, 'hana@people.example.org') == 1
    answer = requests.post(site.base + leave, files={'List-Unsubscribe': (None, 'One-Click')}, allow_redirects=False)
    assert answer.status_code == 200 and site.stack.one(members, 'hana@people.example.org') == 0
    audit = site.stack.sql("SELECT action FROM audit WHERE object = 'hana@people.example.org' ORDER BY id")
    assert [row[0] for row in audit] == ['member_add', 'member_remove', 'member_add', 'member_remove']


def test_an_old_leave_link_does_not_end_a_new_membership(site):
    site.browser().submit('/lists/test/join', {'email': 'again@people.example.org'})
    requests.post(site.base + re.search(r'/confirm/\w+', site.mail_to('again@people.example.org')[2])[0])
    old = re.search(r'/u/\w+', site.mail_to('again@people.example.org')[2])[0]
    requests.post(site.base + old)
    forget_limits(site)
    site.browser().submit('/lists/test/join', {'email': 'again@people.example.org'})
    requests.post(site.base + re.search(r'/confirm/\w+', site.mail_to('again@people.example.org')[2])[0])
    requests.post(site.base + old)
    assert site.stack.one("SELECT m.left_at IS NULL FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = 'again@people.example.org'")


def test_a_banned_address_gets_no_mail_and_the_same_answer(site):
    site.stack.sql("INSERT INTO ban (list_id, pattern, created_by, created_at) VALUES (NULL, '@banned.example', 'story', %s)", now())
    answer = site.browser().submit('/lists/test/join', {'email': 'x@banned.example'})
    assert heading(answer) == 'Please look into your mail'
    assert site.stack.one("SELECT count(*) FROM notice WHERE recipient = 'x@banned.example' AND ended_at IS NULL") == 0


def test_leaving_where_owners_decide_stops_delivery_at_once(site):
    site.stack.kairan.command('list', 'set', f'renraku@{kairan.DOMAIN}', 'unsubscription_policy=moderate')
    site.stack.kairan.command('member', 'add', f'renraku@{kairan.DOMAIN}', '-', stdin='stay@people.example.org\n')
    site.browser().submit('/lists/renraku/leave', {'email': 'stay@people.example.org'})
    link = re.search(r'/confirm/\w+', site.mail_to('stay@people.example.org')[2])[0]
    assert heading(requests.post(site.base + link, headers={'Accept-Language': 'en'})) == 'Delivery has stopped'
    row = site.stack.sql("SELECT m.delivery_status, m.left_at FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = 'stay@people.example.org'")
    assert row == [('by_user', None)]
    assert site.stack.one('SELECT r.kind FROM moderator_todo t JOIN subscription_request r ON r.id = t.request_id JOIN address a'
                          " ON a.id = t.address_id WHERE a.key = 'other-owner@people.example.org' ORDER BY r.id DESC LIMIT 1") == 'leave'


# ---- settings and held posts ----

def test_settings_say_where_a_value_comes_from(site):
    owner = site.browser('owner')
    page = '/lists/test/settings/alter_messages'
    bad = owner.submit(page, {'has.subject_prefix': '1', 'set.subject_prefix': '[kept]', 'has.reply_to_address': '1',
                            'set.reply_to_address': 'nonsense'})
    assert bad.status_code == 422 and '[kept]' in bad.text and 'class="why"' in bad.text
    assert site.stack.one("SELECT count(*) FROM setting WHERE name = 'subject_prefix'") == 0
    site.stack.kairan.command('list', 'set', '--domain', kairan.DOMAIN, 'subject_prefix=[domain]')
    assert 'From the domain.' in owner.read(page).text
    saved = owner.submit(page, {'has.subject_prefix': '1', 'set.subject_prefix': '[list]'})
    assert saved.status_code == 303
    assert 'The domain&#39;s choice is: [domain]' in owner.read(page).text
    restored = owner.submit('/lists/test/setting/restore', {'name': 'subject_prefix'})
    assert restored.status_code == 303 and 'value="[domain]"' in owner.read(page).text
    site.stack.kairan.command('list', 'set', '--domain', kairan.DOMAIN, 'subject_prefix')


def test_a_moderator_decides_about_held_posts(site):
    ids = [site.hold('test', f'Held {n}') for n in range(4)]
    moderator, second = site.browser('moderator'), site.browser('owner')
    assert moderator.submit('/lists/test/held', {'act': 'accept', 'id': ids[0]}).headers['Location'].endswith('done=1')
    late = second.submit('/lists/test/held', {'act': 'accept', 'id': ids[0]}).headers['Location']
    assert late.endswith(f'done=0&gone={ids[0]}') and 'moderator@people.example.org accepted it.' in second.read(late).text
    assert heading(moderator.submit('/lists/test/held', {'act': 'discard', 'id': ids[1]})) == 'Discard 1 post?'
    assert moderator.submit('/lists/test/held', {'act': 'discard', 'id': ids[1], 'sure': '1'}).status_code == 303
    assert moderator.submit('/lists/test/held', {'act': 'reject', 'id': ids[2], 'reason': 'Not here.'}).status_code == 303
    states = site.stack.sql('SELECT h.id, h.accepted_by FROM held h WHERE h.id = ANY(%s) ORDER BY h.id', ids)
    assert states == [(ids[0], 'moderator@people.example.org'), (ids[3], None)]
    # a held post of another list is not there
    other = site.held['members']
    assert moderator.read(f'/lists/test/held/{other}').status_code == 404
    assert moderator.submit('/lists/test/held', {'act': 'discard', 'id': other, 'sure': '1'}).headers['Location'].endswith('done=0')
    assert site.stack.one('SELECT count(*) FROM held WHERE id = %s', other) == 1


# ---- what people write ----

HOSTILE = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)> javascript:alert(1) \x1b$B \u202eevil http://a.example/"onclick=x'


def test_hostile_text_stays_text_everywhere(site):
    digest = site.post('test', HOSTILE, text=HOSTILE + '\n> ' + HOSTILE + '\n', author=HOSTILE)
    held = site.hold('test', HOSTILE, text=HOSTILE, author=HOSTILE)
    owner = site.browser('owner')
    page = '/lists/test/settings/list_identity'
    assert owner.submit(page, {'has.description': '1', 'set.description': HOSTILE.replace('\x1b', ''), 'has.info': '1', 'set.info': HOSTILE}).status_code == 303
    site.stack.sql('UPDATE site_user SET name = %s WHERE id = %s', HOSTILE, site.users['owner'])
    for path in ('/', '/lists/test/', f'/lists/test/thread/{digest}', f'/lists/test/message/{digest}', '/lists/test/held',
                 f'/lists/test/held/{held}', page, '/me/', '/lists/test/join', site.path('/lists/{list}/{year}/{month}/', 'public')):
        text = owner.read(path).text
        assert '<script>alert' not in text and '<img' not in text and 'href="javascript' not in text.lower(), path
        assert not re.search(r'<[^>]*\son\w+=', re.sub(r'"[^"]*"', '""', text)), path
        assert '\x1b' not in text, path
    site.stack.sql('UPDATE site_user SET name = %s WHERE id = %s', 'owner', site.users['owner'])


def test_links_of_ours_in_a_post_are_masked(site):
    token = 'u.' + 'abcdefghijklmnopqrstuvwxyz234567'
    digest = site.post('test', 'Quoted', text=f'Unsubscribe: {token}@{kairan.DOMAIN} or http://x.example/u/{token[2:]}\n')
    for role in ('anonymous', 'member', 'admin'):
        browser = site.browser(role)
        for path in (f'/lists/test/thread/{digest}', f'/lists/test/message/{digest}/raw'):
            assert token[2:] not in browser.read(path).text, (role, path)


def test_guests_get_the_raw_mail_without_addresses_and_members_as_it_came(site):
    digest = site.post('test', 'Raw', text='Write to friend@people.example.org\n')
    guest = site.browser().read(f'/lists/test/message/{digest}/raw')
    assert guest.text.startswith('Reduced form') and '@people.example.org' not in guest.text
    member = site.browser('member').read(f'/lists/test/message/{digest}/raw')
    raw = site.stack.one('SELECT m.bytes FROM post p JOIN message m ON m.id = p.message_id WHERE p.hash = %s', digest)
    assert member.content == bytes(raw) and member.headers['Content-Disposition'].startswith('attachment')


# ---- header fields ----

def test_every_answer_carries_its_protection(site):
    for role, path in (('anonymous', '/'), ('anonymous', '/nothing'), ('admin', '/admin/'), ('anonymous', '/login')):
        headers = site.browser(role).read(path).headers
        assert "default-src 'none'" in headers['Content-Security-Policy'] and headers['X-Content-Type-Options'] == 'nosniff'
        assert headers['Referrer-Policy'] == 'strict-origin' and headers['Content-Type'] == 'text/html; charset=utf-8'
    guest, person = site.browser().read('/lists/test/'), site.browser('member').read('/lists/test/')
    assert guest.headers['Cache-Control'] == 'max-age=0, s-maxage=30' and 'Set-Cookie' not in guest.headers
    assert person.headers['Cache-Control'] == 'private, no-store' and 'ETag' not in person.headers
    assert 'method="post"' not in guest.text
    same = site.browser().read('/lists/test/', headers={'If-None-Match': guest.headers['ETag']})
    assert (same.status_code, same.content) == (304, b'')
    assert site.browser().read('/lists/test/join').headers['Cache-Control'] == 'private, no-store'


def test_a_name_on_two_domains_needs_its_domain(site):
    site.stack.kairan.command('domain', 'create', 'other.example.jp', '--web-host', f'127.0.0.1:{site.stack.state["ports"]["http"]}')
    site.stack.kairan.command('list', 'create', 'test@other.example.jp')
    browser = site.browser()
    links = set(re.findall(r'href="(/lists/test[^"/]*/)"', browser.read('/').text))
    assert links == {'/lists/test.lists.example.jp/', '/lists/test.other.example.jp/'}
    for path in ('/lists/test@other.example.jp/', '/lists/Test%40Other.example.jp/'):
        assert browser.read(path).headers['Location'] == '/lists/test.other.example.jp/'
    assert 'test@other.example.jp' in browser.read('/lists/test.other.example.jp/').text
    site.stack.kairan.command('list', 'remove', 'test@other.example.jp')
    assert browser.read('/lists/test.lists.example.jp/').headers['Location'] == '/lists/test/'


def test_pages_speak_the_readers_language(site):
    assert '<html lang="ja">' in site.browser(language='ja').read('/').text
    assert '<html lang="en">' in site.browser(language='fr, en;q=0.5').read('/').text
    browser = site.browser(language='en')
    assert browser.submit('/language', {'language': 'ja', 'return': '/lists/test/'}).headers['Location'] == '/lists/test/'
    assert '<html lang="ja">' in browser.read('/').text
    assert browser.submit('/language', {'language': 'ja', 'return': '//evil.example/'}).headers['Location'] == '/'


# ---- the processes ----

def children(site):
    master = site.stack.keeper.pid('web')
    with open(f'/proc/{master}/task/{master}/children') as file:
        return master, [int(pid) for pid in file.read().split() if name_of(pid) != 'kairan-watch']


def name_of(pid):
    try:
        with open(f'/proc/{pid}/comm') as file:
            return file.read().strip()
    except FileNotFoundError:
        return None


def test_a_child_that_dies_is_replaced_and_reload_loses_no_request(site):
    master, before = children(site)
    os.kill(before[0], signal.SIGKILL)
    site.stack.until(lambda: before[0] not in children(site)[1] and len(children(site)[1]) == len(before), 10, 'a new child')
    bad, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            answer = requests.get(site.base + '/lists/test/')
            if answer.status_code != 200:
                bad.append(answer.status_code)
    asker = threading.Thread(target=ask)
    asker.start()
    for _ in range(5):
        old = set(children(site)[1])
        os.kill(master, signal.SIGHUP)
        site.stack.until(lambda: not old & set(children(site)[1]), 20, 'a new generation')
    stop.set()
    asker.join()
    assert bad == []


def test_a_request_that_takes_too_long_is_ended(site):
    lock = psycopg2.connect(site.stack.postgres.dsn())
    try:
        lock.cursor().execute('LOCK TABLE list_effective IN ACCESS EXCLUSIVE MODE')
        before = set(children(site)[1])
        assert requests.get(site.base + '/', timeout=30).status_code == 502
        site.stack.until(lambda: len(children(site)[1]) == len(before) and before - set(children(site)[1]), 10, 'a new child')
    finally:
        lock.close()
    assert requests.get(site.base + '/', timeout=30).status_code == 200


def test_without_the_database_there_is_a_page_that_says_so(site):
    site.stack.postgres.stop()
    try:
        answer = site.browser(language='ja').read('/lists/test/')
        assert (answer.status_code, answer.headers['Retry-After'], answer.headers['Cache-Control']) == (503, '5', 'private, no-store')
        assert '再起動' in answer.text
    finally:
        site.stack.postgres.start()
    site.stack.until(lambda: site.browser().read('/lists/test/').status_code == 200, 5, 'the page again')
