"""Ten thousand hostile forms through nginx: every budget holds, others are served, answers tell nothing, and a person still finds a way in."""
import email
import email.policy
import re
import threading

import conftest
import pytest

from rig import kairan
from rig.client import Author, message
from rig.forms import Wire, made_stamp, solve
from rig.site import Site

NET_WORK, NET_HOUR, SITE_WORK, SITE_HOUR = 3, 6, 40, 60
FORMS, THREADS, NETS = 10000, 4, 40
LISTS = ('test', 'closed', 'renraku')
MAILED, LIMITED = b'Please look into your mail', b'Please write to us instead'
TABLES = ('subscription_request', 'mail_link', 'budget', 'rate', 'address', 'member', 'audit', 'session', 'site_user')


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, direct=True, settings={
        'limits.form_least_s': 1, 'limits.net_work': NET_WORK, 'limits.net_hour': NET_HOUR, 'limits.site_work': SITE_WORK,
        'limits.site_hour': SITE_HOUR})
    conftest.need(stack, 'kairan', 'kairan-web', 'kairan-worker')
    yield Site(stack)
    conftest.finish(stack)


def port(site):
    return site.stack.state['ports']['http']


def sizes(site):
    return {table: site.stack.one(f'SELECT count(*) FROM {table}') for table in TABLES}


def mails(site, **where):
    rows = site.stack.sql("SELECT recipient, coalesce(list_id, 0) FROM notice WHERE result IS DISTINCT FROM 'not sent'"
                          " AND kind IN ('join', 'leave', 'not_a_member', 'member_already', 'change')")
    return rows


class Flood:
    """What a machine sends that has read our forms; counts what it was told."""

    def __init__(self, site):
        self.site, self.port, self.lock = site, port(site), threading.Lock()
        self.ids = {name: site.list_id(name) for name in LISTS}
        self.stamps = {name: made_stamp(site.stack, self.ids[name], 60) for name in LISTS}
        self.old = {name: made_stamp(site.stack, self.ids[name], 12 * 3600 + 60) for name in LISTS}
        self.told, self.wrong, self.solved, self.last_work = {}, [], 0, 'x'
        self.hidden = made_stamp(site.stack, site.list_id('secret'), 60)

    # each answers (path, form, statuses that are right)
    def good(self, n):
        name, act = LISTS[n % 3], ('join', 'leave', 'moved')[n // 3 % 3]
        form = {'email': f'v{n}@people.example.org', 'stamp': self.stamps[name]}
        return f'/lists/{name}/{act}', dict(form, old=f'o{n}@people.example.org') if act == 'moved' else form, (200, 429)

    def victim(self, n):
        local = ('victim{}', 'Victim{}', 'VICTIM{}', 'ｖictim{}')[n // 5 % 4].format(n % 5)
        name = LISTS[n // 7 % 3]
        return f'/lists/{name}/join', {'email': f'{local}@people.example.org', 'stamp': self.stamps[name]}, (200, 429)

    def forged(self, n):
        name = LISTS[n % 3]
        stamp = self.stamps[name]
        at = 1 + n % (len(stamp) - 2)
        return f'/lists/{name}/join', {'email': f'f{n}@people.example.org', 'stamp': stamp[:at] + ('a' if stamp[at] != 'a' else 'b')
                                       + stamp[at + 1:]}, (422,)

    def foreign(self, n):
        return '/lists/test/join', {'email': f'f{n}@people.example.org', 'stamp': self.stamps['renraku']}, (422,)

    def expired(self, n):
        return '/lists/test/leave', {'email': f'f{n}@people.example.org', 'stamp': self.old['test']}, (422,)

    def bare(self, n):
        return '/lists/closed/join', {'email': f'f{n}@people.example.org'}, (422,)

    def trap(self, n):
        name = LISTS[n % 3]
        return f'/lists/{name}/join', {'email': f't{n}@people.example.org', 'stamp': self.stamps[name], 'website': 'http://x.example'}, (200,)

    def lazy(self, n):
        return '/lists/test/join', {'email': f'l{n}@people.example.org', 'stamp': self.stamps['test'], 'work': str(n)}, (200, 429)

    def replayed_work(self, n):
        return '/lists/test/join', {'email': f'r{n}@people.example.org', 'stamp': self.stamps['test'], 'work': self.last_work}, (200, 429)

    def replay(self, _):
        return '/lists/test/join', {'email': 'again@people.example.org', 'stamp': self.stamps['test']}, (200, 429)

    def nonsense(self, n):
        return '/lists/test/join', {'email': ('nobody', '@', 'a@b@c', '<script>@x', 'a' * 250 + '@x')[n % 5], 'stamp': self.stamps['test']}, (422,)

    def unseen(self, n):
        return '/lists/secret/join', {'email': f'h{n}@people.example.org', 'stamp': self.hidden}, (404,)

    def large(self, n):
        return '/lists/test/join', {'email': f'b{n}@people.example.org', 'stamp': self.stamps['test'], 'website': 'x' * 5000}, (413,)

    KINDS = (good, good, good, good, victim, victim, victim, forged, foreign, expired, bare, trap, trap, lazy, replayed_work, replay, nonsense,
             unseen, large, good)

    def send(self, wire, n):
        path, form, right = self.KINDS[n % len(self.KINDS)](self, n)
        status, page = wire.post(path, fields=f'X-Forwarded-For: 198.51.{n % 256}.{n // 256}\r\n', **form)
        self.note(n, path, form, status, page, right)
        if n % 260 == 0 and b'data-puzzle' in page:     # one that does the work
            work = solve(page.decode())
            status, page = wire.post(path, work=work, **form)
            self.note(n, path, form, status, page, right)
            self.solved, self.last_work = self.solved + 1, work

    def note(self, n, path, form, status, page, right):
        with self.lock:
            self.told[status] = self.told.get(status, 0) + 1
            if status not in right:
                self.wrong.append((n, path, form, status))
            if status == 429 and b'-join@' not in page and b'-leave@' not in page and b'-owner@' not in page:
                self.wrong.append((n, 'a dead end', path))

    def attack(self, share):
        wires = [Wire(f'127.20.{share * NETS // THREADS + net}.{net + 1}', self.port) for net in range(NETS // THREADS)]
        for n in range(share, FORMS, THREADS):
            self.send(wires[n // 37 % len(wires)], n)
        for wire in wires:
            wire.close()


class Visitor(threading.Thread):
    """Somebody who reads meanwhile, and one who joins as members do."""

    def __init__(self, site):
        super().__init__()
        self.site, self.over, self.answers, self.joined = site, False, [], None
        self.guest = Wire('127.30.1.1', port(site))
        self.member = site.browser('other_member')

    def run(self):
        while not self.over:
            for path in ('/', '/lists/test/', '/lists/test/join'):
                self.answers.append(self.guest.ask('GET', path)[0])
            self.answers.append(self.member.read('/me/').status_code)
            if self.joined is None:
                self.joined = self.member.submit('/lists/test/join', {'email': 'other-member@people.example.org'}).status_code


def test_ten_thousand_hostile_forms(site):
    flood, visitor, before, known = Flood(site), Visitor(site), sizes(site), len(mails(site))
    visitor.start()
    threads = [threading.Thread(target=flood.attack, args=(share,)) for share in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    visitor.over = True
    visitor.join()
    # nobody else noticed anything, and nothing failed
    assert flood.wrong == [] and sum(flood.told.values()) == FORMS + flood.solved
    assert set(visitor.answers) == {200} and len(visitor.answers) >= 40 and visitor.joined == 200
    # the budgets: of the site, of each network, of each address, of each address and list
    sent = mails(site)[known:]
    assert SITE_WORK <= len(sent) <= SITE_HOUR and flood.solved > SITE_HOUR - SITE_WORK
    of_address = [recipient.lower() for recipient, _ in sent]
    assert max(map(of_address.count, of_address)) <= 3
    assert len({(recipient.lower(), list_) for recipient, list_ in sent}) == len(sent)
    spent = sorted(site.stack.sql('SELECT cardinality(taken) FROM budget'), reverse=True)
    assert spent[0][0] == len(sent) and spent[1][0] <= NET_HOUR
    assert not [one for one in of_address if one[0] in 'fthb']      # those forms cause nothing
    # what is refused leaves nothing: rows are as many as mails
    grown = {table: count - before[table] for table, count in sizes(site).items()}
    assert grown['subscription_request'] <= len(sent) and grown['mail_link'] <= len(sent) and grown['budget'] <= 3 * len(sent) + 1
    assert grown['rate'] == 0 and grown['address'] == 0 and grown['session'] == 0 and grown['site_user'] == 0
    assert (grown['member'], grown['audit']) == (1, 1)              # the visitor's


# ---- a person afterwards ----

def fill_in(site, language, address, **form):
    """The form as a browser without script sends it, from a network of its own."""
    wire = Wire(address, port(site))
    form.setdefault('stamp', made_stamp(site.stack, site.list_id('test')))
    status, page = wire.post('/lists/test/join', fields=f'Accept-Language: {language}\r\n', **form)
    wire.close()
    return status, page.decode()


def used_up(site):
    """The hour's mails of the whole site are spent, however this story was reached."""
    flood, wire = Flood(site), None
    for n in range(400):
        wire = Wire(f'127.40.{n % 200}.9', port(site))
        form = {'email': f'z{n}@people.example.org', 'stamp': flood.stamps['test']}
        status, page = wire.post('/lists/test/join', **form)
        if status == 429 and b'data-puzzle' in page:
            status, page = wire.post('/lists/test/join', work=solve(page.decode()), **form)
        wire.close()
        if LIMITED in page:
            return
    raise AssertionError('the site never said that it is enough')


@pytest.mark.parametrize('language', ['en', 'ja'])
def test_without_script_one_joins_by_mail_when_forms_are_many(site, language):
    """The page that asks for work, and the one that says that it is enough, name an address that works for everybody."""
    stack = site.stack
    used_up(site)
    status, page = fill_in(site, language, '127.31.1.1', email='hana@people.example.org')
    address = re.search(r'mailto:(test-join@[\w.]+)', page)[1]
    assert status == 429 and 'data-puzzle' in page and f'<html lang="{language}">' in page
    stamp = re.search(r'name="stamp" value="(\w+)"', page)[1]
    status, enough = fill_in(site, language, '127.31.1.1', email='hana@people.example.org', stamp=stamp, work=solve(page))
    assert status == 429 and f'mailto:{address}' in enough and 'data-puzzle' not in enough
    proved = Author(stack)
    stack.post(proved.sign(message('', sender=proved.address, to=address, body='\r\n')), address, proved.address)
    plain = Author(stack, domain=f'plain-{language}.example', policy=None)
    stack.clear_sink()
    stack.post(message('', sender=plain.address, to=address, body='\r\n'), address, plain.address)
    stack.quiet()
    assert is_member(stack, proved.address)
    asked = [row['message'] for row in stack.copies() if row['rcpts'] == [plain.address]]
    assert len(asked) == 1, 'whoever cannot prove their mail is asked by mail, whatever forms have spent'
    back = str(email.message_from_bytes(asked[0], policy=email.policy.default)['Reply-To'])
    stack.post(message('Re', sender=plain.address, to=back, body='Yes.\r\n'), back, plain.address)
    stack.quiet()
    assert is_member(stack, plain.address)


def is_member(stack, address):
    return stack.one("SELECT count(*) FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id WHERE l.name = 'test'"
                     " AND a.key = %s AND m.role = 'member' AND m.left_at IS NULL", address) == 1


def test_an_hour_later_the_form_works_again(site):
    used_up(site)
    site.stack.sql("UPDATE budget SET taken = (SELECT array_agg(t - interval '61 minutes' ORDER BY t) FROM unnest(taken) AS u (t))")
    before = len(mails(site))
    status, page = fill_in(site, 'en', '127.32.1.1', email='later@people.example.org')
    assert status == 200 and MAILED.decode() in page and len(mails(site)) == before + 1
    status, page = fill_in(site, 'en', '127.32.2.1', email='later@people.example.org')     # but an address has its day
    assert status == 200 and MAILED.decode() in page and len(mails(site)) == before + 1


# ---- nothing is told ----

STATES = ('stranger', 'member', 'paused', 'banned', 'banmen', 'domain', 'regexp', 'invite', 'waits')


@pytest.fixture(scope='module')
def known(site):
    """state -> address; all of one length, so that a page differs by that alone."""
    people = {state: f'{state[:6]:x<8}@{"unwanted" if state == "domain" else "familiar"}.example' for state in STATES}
    stack, name = site.stack, f'test@{kairan.DOMAIN}'
    stack.kairan.command('member', 'add', name, '-', stdin='\n'.join(people[state] for state in ('member', 'paused', 'banmen')) + '\n')
    stack.kairan.command('member', 'set', name, people['paused'], 'delivery_status=by_user')
    for pattern in (people['banned'], people['banmen'], '@unwanted.example', '^regexp.*'):
        stack.kairan.command('ban', 'add', pattern, '--list', name)
    for state, invited in (('invite', True), ('waits', False)):
        stack.sql('INSERT INTO subscription_request (list_id, kind, key, email, asked_by, is_invitation, created_at, expires_at, confirmed_at)'
                  " VALUES (%s, 'join', %s, %s, 'story', %s, now(), now() + interval '3 days', CASE WHEN %s THEN NULL ELSE now() END)",
                  site.list_id('test'), people[state], people[state], invited, invited)
    return people


def form_of(act, address):
    return {'old': address, 'email': 'neu@familiar.example'} if act == 'old' else {'email': address, 'old': 'alt@familiar.example'} \
        if act == 'moved' else {'email': address}


@pytest.mark.parametrize('act', ['join', 'leave', 'moved', 'old'])
@pytest.mark.parametrize('stage', ['free', 'work', 'enough', 'day'])
def test_the_answer_is_the_same_whoever_an_address_belongs_to(site, known, act, stage):
    """Byte for byte but for the address, and made by the same statements in the same order: no time can tell."""
    stack, path = site.stack, '/lists/test/' + ('moved' if act == 'old' else act)
    stamp, wire, pages = made_stamp(stack, site.list_id('test'), 60), Wire('127.33.1.1', port(site)), {}
    stack.sql('DELETE FROM budget')
    prepare(site, stage, known)
    for state, address in known.items():
        if stage == 'free':
            stack.sql('DELETE FROM budget')
        form = dict(form_of(act, address), stamp=stamp)
        if stage == 'enough':
            form['work'] = solve(wire.post(path, **form)[1].decode())
        status, page = wire.post(path, **form)
        pages[state] = (status, page.decode().replace(address, 'ADDRESS'))
    assert len(set(pages.values())) == 1, {state: page[0] for state, page in pages.items()}
    assert {'free': MAILED, 'day': MAILED, 'work': b'data-puzzle', 'enough': LIMITED}[stage].decode() in pages['member'][1]
    wire.close()


def prepare(site, stage, known):
    """Brings the budgets to where a story wants them."""
    if stage == 'day':
        for address in [*known.values(), 'neu@familiar.example']:
            for key in (f'list:{site.list_id("test")} {address}', f'address:{address}'):
                site.stack.sql("INSERT INTO budget (key, taken) SELECT substring(sha256(%s::bytea) FOR 16), array_agg(now()) FROM generate_series(1, 3)"
                               ' ON CONFLICT (key) DO NOTHING', key)
    most = {'work': SITE_WORK, 'enough': SITE_HOUR}.get(stage, 0)
    if most:
        site.stack.sql("INSERT INTO budget (key, taken) SELECT substring(sha256('site:') FOR 16), array_agg(now()) FROM generate_series(1, %s)", most)


EXECUTED = re.compile(r'(?:execute|statement:) ([\w ]+?)[:;\n]')


def asked(stack, act):
    """The statements of kairan-web while act() runs, in order, but for what each process reads now and then for itself."""
    path = stack.keeper.log('postgres')
    with open(path, 'rb') as log:
        log.seek(0, 2)
        act()
        text = log.read().decode('utf-8', 'replace')
    names = [match[1] for line in text.splitlines() if ' kairan_web ' in line and (match := EXECUTED.search(line))]
    return [name for name in names if name not in ('web_hosts', 'template_site_words')]


def executed(stack, act):
    """The same where it does not matter whether the process knows the list: who does asks for its version first, for everybody."""
    names = ['the list' if name in ('web_list', 'web_list_version') else name for name in asked(stack, act)]
    return [name for n, name in enumerate(names) if name != 'the list' or names[n - 1:n] != ['the list']]


@pytest.mark.parametrize('act', ['join', 'leave', 'moved', 'old'])
def test_the_work_is_the_same_whoever_an_address_belongs_to(site, known, act):
    stack, path, seen = site.stack, '/lists/test/' + ('moved' if act == 'old' else act), {}
    stamp, wire = made_stamp(stack, site.list_id('test'), 60), Wire('127.34.1.1', port(site))
    stack.postgres.psql('-c', "ALTER SYSTEM SET log_statement = 'all'", '-c', 'SELECT pg_reload_conf()')
    try:
        stack.until(lambda: executed(stack, lambda: wire.ask('GET', '/lists/test/')), 10, 'statements in the log')
        for state, address in known.items():
            stack.sql('DELETE FROM budget')
            seen[state] = executed(stack, lambda: wire.post(path, stamp=stamp, **form_of(act, address)))     # pylint: disable=cell-var-from-loop
    finally:
        stack.postgres.psql('-c', 'ALTER SYSTEM RESET log_statement', '-c', 'SELECT pg_reload_conf()')
        wire.close()
    assert 'subscription_link_add' in seen['stranger']
    assert {state: sorted(set(names) ^ set(seen['stranger'])) or names for state, names in seen.items() if names != seen['stranger']} == {}


def test_a_hidden_list_is_asked_for_as_one_that_is_not_there(site):
    """The same statements, for guests and for strangers who are signed in, also where its members were just served; by an old name too."""
    stack, member, seen = site.stack, site.browser('member'), {}
    stack.sql("INSERT INTO list_old_name (list_id, domain_id, name, renamed_at) SELECT id, domain_id, 'oldsecret', now() FROM list WHERE name = 'secret'")
    askers = {'anonymous': ('secret', 'oldsecret'), 'other_member': ('secret',)}
    stack.postgres.psql('-c', "ALTER SYSTEM SET log_statement = 'all'", '-c', 'SELECT pg_reload_conf()')
    try:
        stack.until(lambda: asked(stack, lambda: site.browser().read('/lists/test/')), 10, 'statements in the log')
        for role, names in askers.items():
            browser = site.browser(role)
            for rest in ('', f'thread/{site.posts["hidden"]}'):
                for name in ('nosuchlist', *names):
                    assert {member.read('/lists/secret/').status_code for _ in range(8)} == {200}
                    assert browser.read(f'/lists/{name}/{rest}').status_code == 404
                    seen[role, rest[:6], name] = asked(stack, lambda: browser.read(f'/lists/{name}/{rest}'))  # pylint: disable=cell-var-from-loop
    finally:
        stack.postgres.psql('-c', 'ALTER SYSTEM RESET log_statement', '-c', 'SELECT pg_reload_conf()')
        stack.sql("DELETE FROM list_old_name WHERE name = 'oldsecret'")
    assert 'web_list_moved' in seen['anonymous', '', 'nosuchlist']
    assert {key: names for key, names in seen.items() if names != seen[key[0], key[1], 'nosuchlist']} == {}
