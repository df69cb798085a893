"""Every page there is: what links lead to, what only a mail or a form leads to, and what forms answer.

A row is (name, role, path, press). The name is the route's, with a word behind it where a page is looked at twice; press is what is
done on the page to come to the one that is meant, as script, or None."""
import collections
import hashlib
import html
import re

from rig import kairan
from rig.site import now, routes

MOST_OF_A_ROUTE = 8
# All chapters of the manual one below the other: axe takes two minutes for what it says of one chapter in five seconds. test_book.py
# judges it otherwise.
TOO_LONG = {'help_all'}
# The same for everybody, but for the head that each page has.
SAME = {'help', 'help_chapter'}
TOKEN = 'd4' * 16


PARAMETER = {'{id}': r'\d+', '{role}': '[a-z]+'}
# Plain words win over parameters: (parameters, name, expression) of every GET route with a page.
PATTERNS = sorted((pattern.count('{'), name, re.compile('/'.join(
    PARAMETER.get(part, '[^/]+') if part.startswith('{') else re.escape(part) for part in pattern.split('/'))))
                  for name, method, pattern, _, template, _, _ in routes() if method == 'GET' and template)


def route_of(path):
    """The name of the GET route with this path, or None."""
    return next((name for _, name, expression in PATTERNS if expression.fullmatch(path.split('?')[0])), None)


def linked(site, role, *begin):
    """One address of each route that links lead to; {route: path}."""
    browser, todo, done, found = site.browser(role), list(begin), set(), {}
    visits = collections.Counter()
    while todo:
        path = todo.pop(0)
        route = route_of(path)
        if path in done or (route and visits[route] == MOST_OF_A_ROUTE):
            continue
        done.add(path)
        visits[route] += 1
        answer = browser.read(path)
        if 'Location' in answer.headers:
            todo.insert(0, answer.headers['Location'].split('#')[0])
        if answer.status_code != 200 or not answer.headers['Content-Type'].startswith('text/html'):
            continue
        found.setdefault(route, path)
        for link in map(html.unescape, re.findall(r'<a [^>]*href="([^"]*)"', answer.text)):
            link = link.split('#')[0]
            link = path.split('?')[0] + link if link.startswith('?') else link
            if link.startswith('/') and not link.startswith('//'):
                todo.append(link)
    found.pop(None, None)
    return found


# ---- what is there to be seen ----

def furnish(site):
    """Rows for pages that would be empty otherwise."""
    admin, renraku = site.browser('admin'), '/lists/renraku'
    for subject, author in (('来週の練習会場の変更について', '山田 太郎'), ('Where is the hall?', 'A. Stranger'), ('無題', '')):
        site.hold('renraku', subject, '先日のお知らせに誤りがありました。お手数ですが、ご確認ください。\n' * 3, author)
    for number in range(1, 4):
        site.stack.sql("INSERT INTO subscription_request (list_id, kind, key, email, name, asked_by, created_at, expires_at, confirmed_at) VALUES"
                       " (%s, 'join', %s, %s, %s, 'story', %s, %s + interval '3 days', %s)", site.list_id('renraku'), f'r{number}@people.example.org',
                       f'r{number}@people.example.org', ['', '鈴木 一郎', 'Kei'][number - 1], now(), now(), now())
    site.stack.sql("INSERT INTO address (key, email, user_id, verified_at, created_at) VALUES ('other@people.example.org', 'other@people.example.org', %s, %s, %s)",
                   site.users['owner'], now(), now())
    site.filter('renraku')
    for form in ({'name': '練習', 'pattern': '練習|rehearsal', 'description': '練習の日時と場所'}, {'name': 'Concert', 'pattern': 'concert'}):
        admin.submit(renraku + '/topics', form)
    for pattern in ('spam@bad.example.org', '@worse.example.org'):
        admin.submit(renraku + '/bans', {'pattern': pattern, 'reason': '宣伝', 'act': 'ban'})
    admin.submit(renraku + '/settings/list_identity', {'has.description': '1', 'set.description': '団員全員への連絡'})
    admin.submit('/admin/settings/list_identity', {'has.description': '1', 'set.description': 'A list'})
    admin.submit(f'/admin/domains/{kairan.DOMAIN}/settings/list_identity', {'has.description': '1', 'set.description': 'A list of ours'})
    admin.submit(f'/admin/domains/{kairan.DOMAIN}/', {'alias': 'old.example.jp'})
    admin.submit(renraku + '/rename', {'name': 'renraku-new', 'domain': kairan.DOMAIN})
    admin.submit('/lists/renraku-new/rename', {'name': 'renraku', 'domain': kairan.DOMAIN, 'take': '1'})
    for place in ('/admin', f'/admin/domains/{kairan.DOMAIN}', renraku):
        text = 'posted' if place == '/admin' else 'goodbye'
        admin.submit(f'{place}/templates/{text}', {'language': 'en', 'subject': 'Hello', 'body': 'Hello.\n', 'act': 'save'})


def index(site):
    """What the indexer would have written of the posts that are there, as far as a search for "post" asks for it."""
    site.stack.sql('''INSERT INTO post_search (post_id, list_id, version, at, folded, words)
        SELECT p.id, p.list_id, 1, p.accepted_at, E'\\n\\n\\nan author\\n' || lower(p.subject) || E'\\n\\nhello',
            array_to_tsvector(ARRAY['post', 'L' || p.list_id] || ARRAY(
                SELECT 'B' || level || '.' || (extract(epoch FROM p.accepted_at)::bigint >> level) FROM unnest('{13,16,19,22,25,28}'::int[]) AS u (level)))
        FROM post p WHERE p.archived ON CONFLICT DO NOTHING''')
    site.stack.sql('INSERT INTO search_extent SELECT list_id, min(at), max(at) FROM post_search GROUP BY list_id ON CONFLICT DO NOTHING')


def link_in(site, address, what):
    return re.search(what, site.mail_to(address)[2])[0]


def mailed(site):
    """Pages whose address a mail tells, or a form."""
    guest, owner, admin = site.browser(), site.browser('owner'), site.browser('admin')
    code = guest.submit('/login', {'email': 'member@people.example.org'}).headers['Location']
    yield 'login_code', 'anonymous', code
    yield 'login_link', 'anonymous', link_in(site, 'member@people.example.org', r'/login/\w+')
    guest.submit('/lists/test/join', {'email': 'new@outside.example.org'})
    yield 'confirm', 'anonymous', link_in(site, 'new@outside.example.org', r'/confirm/\w+')
    guest.submit('/lists/test/join', {'email': 'newer@outside.example.org'})
    guest.post(site.base + link_in(site, 'newer@outside.example.org', r'/confirm/\w+'))
    yield 'unsubscribe', 'anonymous', link_in(site, 'newer@outside.example.org', r'/u/\w+')
    yield 'address_code', 'owner', owner.submit('/me/addresses', {'email': 'second@people.example.org'}).headers['Location']
    yield 'address_link', 'owner', link_in(site, 'second@people.example.org', r'/me/address/\w+')
    site.stack.sql("INSERT INTO moderator_link (token_hash, member_id, epoch, created_at, expires_at) SELECT %s, m.id, m.epoch, %s, %s + interval '7 days'"
                   " FROM member m JOIN list l ON l.id = m.list_id WHERE l.name = 'renraku' AND m.role = 'owner' LIMIT 1",
                   hashlib.sha256(TOKEN.encode()).digest(), now(), now())
    yield 'moderate', 'anonymous', '/m/' + TOKEN
    held = site.stack.one("SELECT max(h.id) FROM held h JOIN list l ON l.id = h.list_id WHERE l.name = 'renraku'")
    yield 'moderate one', 'anonymous', f'/m/{TOKEN}?id={held}'
    yield 'held_mine_one', 'other_owner', f'/held/{held}'
    site.stack.sql('UPDATE held SET cancel_hash = %s WHERE id = %s', hashlib.sha256(TOKEN.encode()).digest(), site.held['public'])
    yield 'cancel', 'anonymous', '/cancel/' + TOKEN
    site.stack.kairan.command('list', 'create', f'ending@{kairan.DOMAIN}', '--owner', 'owner@people.example.org')
    yield 'remove', 'owner', f'/lists/test/message/{site.posts["public"]}/remove'
    for name in ('お知らせ', 'Questions'):
        admin.submit('/lists/test/categories', {'name': name})
    yield 'categories', 'admin', '/lists/test/categories'
    post = '/lists/test/thread/' + site.posts['public']
    for tag in ('練習', 'hall'):
        admin.submit(post + '/tags', {'add': tag})
    admin.submit(post + '/tags', {'category': site.stack.one('SELECT min(id) FROM category')})
    for act in ('keep', 'mute'):
        admin.submit(post + '/mark', {'act': act})
    yield 'tagged tag', 'anonymous', '/lists/test/tagged?tag=hall'
    yield 'kept', 'admin', '/lists/test/kept'
    yield 'unread', 'member', '/lists/test/unread'
    yield 'written', 'member', site.browser('member').submit('/lists/test/write', {'subject': '来週の練習', 'text': '公民館です。', 'mark': 'page'}).headers['Location']
    index(site)
    yield 'search', 'anonymous', '/search'
    yield 'search found', 'member', '/search?q=post'
    yield 'search best', 'member', '/search?q=post&sort=best'
    yield 'search refused', 'anonymous', '/search?q=%E4%BC%9A%E5%A0%B4+OR'
    yield 'list_search', 'anonymous', '/lists/test/search?q=post'
    yield 'erase_found', 'owner', owner.submit('/lists/test/erase', {'words': 'gone@outside.example.org', 'sure': '1'}).headers['Location']
    yield 'write', 'other_member', '/lists/renraku/write'
    yield 'my_topics', 'other_member', '/lists/renraku/my-topics'
    yield 'text_reset', 'admin', '/lists/renraku/templates/goodbye/reset?language=en'
    yield 'domain_text_reset', 'admin', f'/admin/domains/{kairan.DOMAIN}/templates/goodbye/reset?language=en'
    yield 'site_text_reset', 'admin', '/admin/templates/posted/reset?language=en'
    yield 'list_ended', 'owner', owner.submit('/lists/ending/delete', {'name': f'ending@{kairan.DOMAIN}'}).headers['Location']
    yield 'members_batch', 'admin', admin.submit('/lists/renraku/members/add', {
        'act': 'add', 'people': '鈴木 花子 <hanako@outside.example.org>\nnot an address\nm1@members.example.org\n'}).headers['Location']
    # More than a hundred are invited little by little, and have a page.
    batch = admin.submit('/lists/renraku/members/add', {'act': 'invite', 'people': ''.join(f'g{n}@guests.example.org\n' for n in range(101))}).headers['Location']
    yield 'members_invited', 'admin', admin.submit(batch, {'way': 'all'}).headers['Location']
    yield 'many_act', 'admin', admin.submit('/admin/lists/apply', [('id', site.list_id('closed')), ('setting', 'emergency'), ('value', 'yes'),
                                                                   ('step', 'do')]).headers['Location'].split('?')[0]
    owner.submit('/me/password', {'password': 'a long enough word'})
    yield 'password_remove', 'owner', owner.submit('/me/password/code').headers['Location']


TICK = "document.querySelectorAll('input[name=id]').forEach(function (box, n) { box.checked = n < 2; });"


def button(value, where='main'):
    return f"document.querySelector('{where} button[value={value}]').click()"


def fill(name, value, then):
    return f"document.querySelector('[name=\"{name}\"]').value = '{value}'; document.querySelector('[name=\"{name}\"]').form.requestSubmit({then})"


def answers(site):
    """What forms answer: questions before what cannot be undone, and what is wrong at a field."""
    yield 'held_act discard', 'admin', '/lists/renraku/held', TICK + button('discard')
    yield 'held_act reject', 'admin', '/lists/renraku/held', TICK + button('reject')
    yield 'requests_act', 'admin', '/lists/renraku/requests', TICK + button('discard')
    yield 'members_chosen', 'admin', '/lists/renraku/members', TICK + button('remove')
    yield 'join_ask wrong', 'anonymous', '/lists/renraku/join', fill('email', 'hana(at)example', '')
    yield 'settings_save wrong', 'admin', '/lists/renraku/settings/message_acceptance', fill('set.max_message_size', 'much', '')
    yield 'filter_make wrong', 'admin', '/lists/renraku/filters/new', fill('pattern1', '(', '')
    yield 'rules_ask', 'admin', '/lists/renraku/rules', fill('message', 'From: a@outside.example.org\\nSubject: Hello\\n\\nHello.', '')
    yield 'write_send wrong', 'member', '/lists/test/write', fill('text', '', '')
    yield 'write_send preview', 'member', '/lists/test/write', "document.querySelector('[name=subject]').value = '練習'; document.querySelector('[name=text]').value = '> 会場はどこですか\\n公民館です。'; " + button('preview')
    yield 'many_apply', 'admin', '/admin/lists', TICK + "document.querySelector('form[action$=apply] button.main').click()"
    yield 'held nothing', 'admin', '/lists/renraku/held?q=nothing', None
    yield 'moderate over', 'anonymous', '/m/' + TOKEN[::-1], None
    yield 'list missing', 'anonymous', '/lists/secret/', None
    yield 'archive', 'anonymous', '/lists/renraku/mbox', None
    yield 'feed_make', 'owner', '/me/feeds', "document.querySelector('form[action=\"/me/feeds\"] button').click()"


def every(site):
    """All rows. A page is looked at as the one who sees most there, and pages for everybody as a guest too."""
    furnish(site)
    rows = {name: (name, role, path, None) for name, role, path in mailed(site)}
    guests = linked(site, 'anonymous', '/', '/lists/renraku/')
    for role, found in (('owner', linked(site, 'owner', '/me/')), ('admin', linked(site, 'admin', '/lists/renraku/', '/', '/admin/', '/me/')), ('anonymous', guests)):
        for name, path in found.items():
            if role != 'owner' or path.startswith('/me/'):
                rows.setdefault(name, (name, role, path, None))
    for name, path in guests.items():
        if name not in TOO_LONG | SAME and rows[name][1] != 'anonymous':
            rows[name + ' guest'] = (name + ' guest', 'anonymous', path, None)
    for row in answers(site):
        rows[row[0]] = row
    for name in TOO_LONG:
        rows.pop(name, None)
    return sorted(rows.values(), key=lambda row: (row[1], row[0]))
