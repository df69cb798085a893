"""Addresses that last, pages that web servers keep, feeds and files: what guests are given, how cheaply, and to whom nothing is."""
import datetime
import email
import email.policy
import gzip
import http.client
import mailbox
import os
import re
import time
import xml.etree.ElementTree as xml

import conftest
import psycopg2
import pytest
import requests

from rig import kairan
from rig.kairan import CommandFailed
from rig.nginx import Example
from rig.process import free_port
from rig.site import KINDS, ROLES, Browser, Site, now, routes
from rig.stack import SOURCE
from test_web import expectations

ATOM = {'a': 'http://www.w3.org/2005/Atom', 'thr': 'http://purl.org/syndication/thread/1.0'}


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'web', 'nginx'))
    conftest.need(stack, 'kairan', 'kairan-web')
    yield Site(stack)
    conftest.finish(stack)


@pytest.fixture(scope='module')
def kept(site):
    """nginx-example before the same site; its address."""
    example = Example(site.stack.nginx, site.stack.path('nginx-example'), free_port(), SOURCE + '/nginx-example')
    example.start()
    yield f'http://127.0.0.1:{example.port}'
    example.stop()


@pytest.fixture(scope='module', autouse=True)
def gone(site, kept):
    """A list that went private when its pages had just been kept: a guest, what he had of each page, and when."""
    guest = Browser(kept)
    site.stack.kairan.command('list', 'create', f'passing@{kairan.DOMAIN}')
    digest, guest.headers['Accept-Language'] = site.post('passing', 'Passing'), 'en'
    paths = [site.path(pattern, 'public').replace('/test/', '/passing/').replace(site.posts['public'], digest) for _, pattern, _ in archive_routes()]
    tags_of = {path: guest.read(path).headers['ETag'] for path in paths}
    site.stack.kairan.command('list', 'set', f'passing@{kairan.DOMAIN}', 'archive_policy=private', 'advertised=no')
    return guest, tags_of, time.monotonic()


def archive_routes():
    """(name, pattern, form) of what is read in an archive and has a version: a month's file has one of its own."""
    return [(name, pattern + ('?q=test' if 'search' in name else ''), form) for name, method, pattern, right, _, _, form in routes()
            if method == 'GET' and (form in ('ARCHIVE', 'THREAD') or name == 'month_mbox') and right in ('RIGHT_READ', 'RIGHT_SEE')]


# ---- pages that are still the same ----

def tags(site, kind='public'):
    """{route: (ETag, Last-Modified)} of every page that has a version."""
    browser, found = site.browser(), {}
    for name, pattern, _ in archive_routes():
        answer = browser.read(site.path(pattern, kind))
        assert answer.status_code == 200, name
        found[name] = answer.headers['ETag'], answer.headers.get('Last-Modified')
    return found


def changed(before, after):
    return {name for name in before if before[name][0] != after[name][0]}


def test_a_page_that_is_the_same_costs_one_query(site):
    browser, known = site.browser(), tags(site)
    lock = psycopg2.connect(site.stack.postgres.dsn())
    try:        # whatever else a page is made of cannot be read
        lock.cursor().execute('LOCK TABLE message, setting, post_view, post_reference IN ACCESS EXCLUSIVE MODE')
        for name, pattern, _ in archive_routes():
            tag, since = known[name]
            for headers in ({'If-None-Match': tag}, {'If-None-Match': f'"x", W/{tag}'}, {'If-Modified-Since': since}):
                if all(headers.values()):
                    answer = browser.read(site.path(pattern, 'public'), headers=headers)
                    assert (answer.status_code, answer.content) == (304, b''), (name, headers)
                    assert answer.headers['ETag'] == tag and answer.headers['Cache-Control'] == 'max-age=0, s-maxage=30'
    finally:
        lock.close()
    for headers in ({'If-None-Match': '"0123456789"'}, {'If-Modified-Since': 'Sat, 21 Nov 2099 09:12:00 GMT'},
                    {'If-None-Match': '"0"', 'If-Modified-Since': known['thread'][1]}):
        assert browser.read(site.path('/lists/{list}/thread/{hash}', 'public'), headers=headers).status_code == 200
    thread = site.path('/lists/{list}/thread/{hash}', 'public')
    assert site.browser(language='ja').read(thread).headers['ETag'] != known['thread'][0]
    for role in ('member', 'owner'):
        assert not {'ETag', 'Last-Modified'} & set(site.browser(role).read(thread, headers={'If-None-Match': known['thread'][0]}).headers)


def test_a_page_kept_in_memory_is_for_those_alone_who_may_read_it(site):
    guest, address = site.browser(), f'test@{kairan.DOMAIN}'
    paths = [site.path(pattern, 'public') for name, pattern, _ in archive_routes() if name in ('list', 'month', 'thread', 'message', 'feed')]
    fresh = [guest.read(path) for path in paths]
    lock = psycopg2.connect(site.stack.postgres.dsn())
    try:        # whatever else a page is made of cannot be read
        lock.cursor().execute('LOCK TABLE message, setting, post_view, post_reference, thread_tag IN ACCESS EXCLUSIVE MODE')
        again = [guest.read(path) for path in paths]
    finally:
        lock.close()
    for one, other in zip(fresh, again):
        assert one.status_code == other.status_code == 200 and one.content == other.content
        assert one.headers['ETag'] == other.headers['ETag'] and one.headers['Content-Security-Policy'] == other.headers['Content-Security-Policy']
    assert [site.browser(language='ja').read(path).headers['Content-Language'] for path in paths] == ['ja'] * len(paths)
    for path in paths:
        own = site.browser('member').read(path)
        assert own.headers['Cache-Control'] == 'private, no-store' and 'ETag' not in own.headers
    site.stack.kairan.command('list', 'set', address, 'archive_policy=private')
    closed = [guest.read(path) for path in paths]
    assert [answer.status_code for answer in closed] == [200] + [404] * (len(paths) - 1)
    assert site.posts['public'] not in closed[0].text and site.browser('member').read(paths[2]).status_code == 200
    site.stack.kairan.command('list', 'set', address, 'archive_policy=public')
    assert [guest.read(path).status_code for path in paths] == [200] * len(paths)
    site.stack.sql("UPDATE post SET subject = 'A subject that was mended' WHERE hash = %s", site.posts['public'])
    assert all('A subject that was mended' in guest.read(path).text for path in paths)


def test_a_tag_of_what_one_may_not_see_is_none(site):
    browser = site.browser()
    for kind in ('members', 'hidden'):
        for name, pattern, _ in archive_routes():
            if name in ('list', 'list_json') and kind == 'members':
                continue
            answers = [browser.read(site.path(pattern, kind), headers={'If-None-Match': tag}) for tag in ('*', '"x"')]
            answers.append(browser.read('/lists/nosuchlist/', headers={'If-None-Match': '*'}))
            assert {answer.status_code for answer in answers} == {404} and len({answer.headers['ETag'] for answer in answers}) == 1


def test_a_closed_archive_does_not_tell_that_mail_came(site):
    """Guests see the list's own page; its tag moves with its settings, and with nothing that is in the archive."""
    stack, paths = site.stack, ('/lists/closed/', '/lists/closed/index.json')
    ask = lambda tags=(None, None): [site.browser().read(path, headers={'If-None-Match': tag}) for path, tag in zip(paths, tags)]
    seen = [answer.headers['ETag'] for answer in ask()]
    digest = site.post('closed', 'Not for guests')
    stack.sql("UPDATE post SET subject = 'Not for them at all' WHERE hash = %s", digest)
    stack.sql("INSERT INTO category (list_id, name, position) VALUES (%s, 'Own', 1)", site.list_id('closed'))
    assert [answer.status_code for answer in ask(seen)] == [304, 304]
    assert [answer.headers['ETag'] for answer in ask()] == seen
    stack.kairan.command('list', 'set', f'closed@{kairan.DOMAIN}', 'info=Another word')
    assert [answer.status_code for answer in ask(seen)] == [200, 200] and 'Another word' in ask()[0].text
    stack.sql('DELETE FROM category WHERE list_id = %s', site.list_id('closed'))


def test_every_change_that_guests_see_makes_another_version(site):
    stack, every, box = site.stack, {name for name, _, _ in archive_routes()}, {'month_mbox'}
    of_list = {name for name, _, form in archive_routes() if form == 'ARCHIVE'}
    pages, next_month = every - box, (now().replace(day=1) + datetime.timedelta(days=31)).date().replace(day=1)
    post = stack.one('SELECT id FROM post WHERE hash = %s', site.posts['public'])
    message = stack.one('SELECT message_id FROM post WHERE id = %s', post)
    acts = [
        ('another post', of_list | box, lambda: site.post('test', 'Another')),
        ('a post of another month', of_list, lambda: stack.sql(
            'WITH m AS (INSERT INTO message (list_id, state, bytes, size, sha256, sender, recipient, kind, received_at)'
            '           SELECT list_id, state, bytes, size, sha256, sender, recipient, kind, received_at FROM message WHERE id = %s RETURNING id)'
            ' INSERT INTO post (list_id, number, message_id, thread_id, rfc_message_id, hash, subject, from_name, from_address, written_at, accepted_at,'
            " month, archived, attachments, excerpt) SELECT list_id, 4000, m.id, thread_id, 'x', 'X', subject, '', '', written_at, accepted_at, %s, true, 0, ''"
            ' FROM post, m WHERE post.id = %s', message, next_month, post)),
        ('its name', every, lambda: stack.kairan.command('list', 'set', f'test@{kairan.DOMAIN}', 'display_name=Another name')),
        ('a setting of the domain', every, lambda: stack.kairan.command('list', 'set', '--domain', kairan.DOMAIN, 'info=About')),
        ('its time zone', every, lambda: stack.kairan.command('list', 'set', f'test@{kairan.DOMAIN}', 'time_zone=Asia/Tokyo')),
        ('a view', pages, lambda: stack.sql("INSERT INTO post_view (post_id, version, body) VALUES (%s, -1, 'x')", post)),
        ('another view', pages, lambda: stack.sql("UPDATE post_view SET body = 'y' WHERE post_id = %s", post)),
        ('the same view', set(), lambda: stack.sql("UPDATE post_view SET body = 'y' WHERE post_id = %s", post)),
        ('no view', pages, lambda: stack.sql('DELETE FROM post_view WHERE post_id = %s', post)),
        ('its subject', every, lambda: stack.sql("UPDATE post SET subject = 'Changed' WHERE id = %s", post)),
        ('what nobody may see in it', every, lambda: stack.sql("UPDATE message SET masks = '{1,2}' WHERE id = %s", message)),
        ('nothing', set(), lambda: None),
        ('a vote', pages, lambda: stack.sql('INSERT INTO post_vote (post_id, user_id, value, voted_at) VALUES (%s, %s, 1, %s)', post, site.users['member'], now())),
        ('a tag', pages, lambda: stack.sql("INSERT INTO thread_tag (list_id, name, post_id, added_at) VALUES (%s, 'hall', %s, %s)", site.list_id('test'), post, now())),
        ('a category', of_list, lambda: stack.sql("INSERT INTO category (list_id, name, position) VALUES (%s, 'News', 1)", site.list_id('test'))),
        ('a thread in it', pages, lambda: stack.sql('INSERT INTO thread_category SELECT %s, id FROM category', post)),
        ('its name there', pages, lambda: stack.sql("UPDATE category SET name = 'Old news'")),
        ('a thread kept', set(), lambda: stack.sql('INSERT INTO thread_favourite VALUES (%s, %s, %s)', site.users['member'], post, now())),
        ('somebody joins', set(), lambda: stack.kairan.command('member', 'add', f'test@{kairan.DOMAIN}', '-', stdin='joiner@people.example.org\n')),
        ('a post waits', set(), lambda: site.hold('test')),
        ('a post elsewhere', set(), lambda: site.post('closed', 'Elsewhere')),
        ('notes are added up', set(), lambda: fold(site)),
        ('another post after that', of_list | box, lambda: site.post('test', 'And another')),
    ]
    for what, wanted, act in acts:
        before = tags(site)
        act()
        after = tags(site)
        assert changed(before, after) == wanted, what
    assert stack.one("SELECT count(*) FROM archive_change WHERE scope = 'thread'") == 0
    stack.sql("DELETE FROM post WHERE hash = 'X'")


def test_guests_see_times_in_the_lists_zone_and_people_in_their_own(site):
    stack, digest = site.stack, site.post('test', 'At the turn of a month')
    at = datetime.datetime(2024, 5, 31, 20, 30, tzinfo=datetime.timezone.utc)
    stack.sql("UPDATE post SET written_at = %s, accepted_at = %s, month = '2024-05-01' WHERE hash = %s", at, at, digest)
    stack.sql('UPDATE site_user SET time_zone = %s WHERE id = %s', 'America/New_York', site.users['owner'])
    shown = {'anonymous': ('1 Jun 2024, 05:30 JST', '>1 Jun 2024<'), 'member': ('1 Jun 2024, 05:30 JST', '>1 Jun 2024<'),
             'owner': ('31 May 2024, 16:30 EDT', '>31 May 2024<')}
    stack.kairan.command('list', 'set', '--domain', kairan.DOMAIN, 'time_zone=Asia/Tokyo')
    for role, (full, short) in shown.items():
        browser = site.browser(role)
        for path in (f'message/{digest}', f'thread/{digest}'):
            assert full in browser.read('/lists/test/' + path).text, (role, path)
        month = browser.read('/lists/test/2024/05/?view=flat')      # its month is where it was
        assert 'At the turn of a month' in month.text and short in month.text, role
    guest = site.browser()
    stack.kairan.command('reindex', f'test@{kairan.DOMAIN}')
    for day, posts in (('2024-06-01', 1), ('2024-05-31', 0)):       # days of a search are the list's, too
        assert guest.read(f'/lists/test/search?q=turn+date:{day}').text.count(f'message/{digest}"') == posts, day
    stack.kairan.command('list', 'set', f'test@{kairan.DOMAIN}', 'time_zone=UTC')
    assert '31 May 2024, 20:30 UTC' in guest.read(f'/lists/test/message/{digest}').text
    with pytest.raises(CommandFailed, match='There is no such time zone'):
        stack.kairan.command('list', 'set', f'test@{kairan.DOMAIN}', 'time_zone=Tokyo')
    stack.sql('UPDATE post SET written_at = %s, accepted_at = %s, month = %s WHERE hash = %s', now(), now(), now().date().replace(day=1), digest)


def fold(site):
    """As the job of the worker does it."""
    text = open(SOURCE + '/sql/statements/jobs.sql', encoding='utf-8').read()
    for name in ('archive_change_fold', 'archive_change_fold_threads', 'archive_change_forget'):
        site.stack.sql(re.search(rf'-- {name} :exec[^\n]*\n((?:--[^\n]*\n)*)(.*?;)\n', text, re.S)[2].replace('$1', '5000').replace('%', '%%'))


def test_an_address_is_written_in_one_way(site):
    browser, thread = site.browser(), site.path('/lists/{list}/thread/{hash}', 'public')
    for asked, told in (('?utm_source=x', ''), ('?after=7&x=1', '?after=7'), ('?x', ''), ('?after=7&after=8', '?after=7')):
        answer = browser.read(thread + asked)
        assert (answer.status_code, answer.headers['Location']) == (308, thread + told)
    for absurd in ('?after=x', '?after=-1', '?after=0', '?after=99999999999999999999'):
        assert browser.read(thread + absurd).status_code == 404, absurd
    assert browser.read('/lists/secret/?x=1').content == browser.read('/lists/nosuchlist/').content


# ---- other addresses ----

def test_a_message_is_found_by_its_message_id(site):
    mid, browser = 'a/b+c%d=?ü@people.example.org', site.browser()
    site.stack.sql('UPDATE post SET rfc_message_id = %s WHERE hash = %s', mid, site.posts['public'])
    for path in ('a/b+c%25d=%3F%C3%BC@people.example.org', 'a%2Fb%2Bc%25d%3D%3F%C3%BC%40people.example.org', '%3Ca/b+c%25d=%3F%C3%BC@people.example.org%3E'):
        answer = browser.read('/lists/test/message-id/' + path)
        assert (answer.status_code, answer.headers['Location']) == (302, f'/lists/test/message/{site.posts["public"]}')
    for path in ('', 'nothing@x', 'x' * 1500, '%01', '%ff'):
        assert browser.read('/lists/test/message-id/' + path).status_code == 404
    site.stack.sql('UPDATE post SET rfc_message_id = %s WHERE hash = %s', site.message_ids['public'], site.posts['public'])


def test_addresses_of_earlier_archives_lead_here(site):
    browser, digest = site.browser(), site.posts['public']
    for name in ('test', 'closed'):
        site.stack.sql("INSERT INTO old_address (list_id, path, post_id) SELECT list_id, '2024-May/012345.html', id FROM post WHERE list_id = %s"
                       ' ORDER BY id LIMIT 1', site.list_id(name))
    at = f'test@{kairan.DOMAIN}'
    rows = [(f'/hyperkitty/list/{at}/', ''), (f'/archives/list/{at}', None), (f'/archives/list/{at}/latest?page=7', ''),
            (f'/mailman3/hyperkitty/list/{at}/thread/{digest}/?sort=date', f'thread/{digest}'),
            (f'/hyperkitty/list/{at}/message/{digest}/', f'message/{digest}'), (f'/hyperkitty/list/{at}/2024/5/', '2024/05/'),
            ('/pipermail/test/2024-May/012345.html', f'message/{digest}'), ('/pipermail/Test/2024-May/thread.html', '2024/05/'),
            ('/mailman/private/test/2024q2/date.html', '2024/04/'), ('/mailman/listinfo/test', ''), (f'/mailman3/lists/test.{kairan.DOMAIN}/', '')]
    for path, target in rows:
        answer = browser.read(path)
        assert answer.status_code == 308, path
        assert target is None or answer.headers['Location'] == '/lists/test/' + target, path
    for path in (f'/hyperkitty/list/{at}/nonsense', '/pipermail/test/2024-May/000001.html', '/pipermail/closed/2024-May/012345.html',
                 '/pipermail/secret/', '/pipermail/nosuchlist/'):
        assert browser.read(path).status_code == 404, path
    assert site.browser('member').read('/pipermail/closed/2024-May/012345.html').status_code == 308


# ---- feeds ----

def read_feed(answer):
    """What a feed says, checked against RFC 4287 4.1: the root element, and its entries."""
    assert answer.status_code == 200 and answer.headers['Content-Type'] == 'application/atom+xml; charset=utf-8'
    root = xml.fromstring(answer.content)
    assert root.tag == '{http://www.w3.org/2005/Atom}feed'
    for one in [root] + root.findall('a:entry', ATOM):
        for name in ('id', 'title', 'updated'):
            assert len(one.findall('a:' + name, ATOM)) == 1 and one.find('a:' + name, ATOM).text, name
        assert re.fullmatch(r'[a-z]+:\S+', one.find('a:id', ATOM).text)
        datetime.datetime.strptime(one.find('a:updated', ATOM).text, '%Y-%m-%dT%H:%M:%SZ')
        assert [link.get('rel') for link in one.findall('a:link', ATOM)].count('alternate') == 1
    entries = root.findall('a:entry', ATOM)
    for entry in entries:
        assert entry.find('a:author/a:name', ATOM).text and entry.find('a:content', ATOM).get('type') == 'html'
    ids = [entry.find('a:id', ATOM).text for entry in entries]
    assert len(ids) == len(set(ids))
    times = [entry.find('a:updated', ATOM).text for entry in entries]
    assert times == sorted(times, reverse=True) and (not times or root.find('a:updated', ATOM).text >= times[0])
    return root, entries


def titles(answer):
    return [entry.find('a:title', ATOM).text for entry in read_feed(answer)[1]]


def test_a_list_and_a_thread_have_feeds(site):
    hostile = '<b>&"\' ]]> \x01 \ufffe 会場'
    digest = site.post('test', hostile, text=f'{hostile}\n\nsecond <i>paragraph</i>\nfriend@people.example.org /u/' + 'a' * 32 + '\n', author='山田')
    for path, role in (('/lists/test/feed.atom', 'anonymous'), (f'/lists/test/thread/{digest}.atom', 'anonymous'), ('/lists/test/feed.atom', 'member')):
        root, entries = read_feed(site.browser(role).read(path))
        text = entries[0].find('a:content', ATOM).text
        assert 'second &lt;i&gt;paragraph' in text and '<i>' not in text and '会場' in entries[0].find('a:title', ATOM).text
        assert ('friend@people.example.org' in text) == (role == 'member') and '/u/aaaa' not in text
        assert entries[0].find('a:link', ATOM).get('href').endswith('/lists/test/message/' + digest)
        assert root.find("a:link[@rel='self']", ATOM).get('href').endswith(path)
    assert site.browser().read('/lists/test/feed.atom').headers['X-Robots-Tag'] == 'noindex'


def make_feed(browser, **fields):
    answer = browser.submit('/me/feeds', fields)
    assert answer.status_code == 200
    return re.search(r'/f/[a-z2-7]{32}\.atom', answer.text)[0]


def test_a_private_feed_shows_what_its_owner_may_read_now(site):
    member, guest, stack = site.browser('member'), site.browser(), site.stack
    every, one = make_feed(member), make_feed(member, list=site.list_id('closed'))
    assert member.submit('/me/feeds', {'list': site.list_id('renraku')}).status_code == 404
    assert {'Post on closed', 'Post on secret'} <= {title.split(': ')[-1] for title in titles(guest.read(every))}
    assert titles(guest.read(one))[-1] == 'Post on closed'
    answer = guest.read(one)
    assert answer.headers['Cache-Control'] == 'private, no-store' and 'ETag' not in answer.headers
    stack.sql('UPDATE member SET left_at = %s WHERE id = %s', now(), site.members['members'])
    assert guest.read(one).content == guest.read('/f/' + 'a' * 32 + '.atom').content and guest.read(one).status_code == 404
    assert not any('closed' in title.lower() for title in titles(guest.read(every)))
    stack.sql('UPDATE member SET left_at = NULL WHERE id = %s', site.members['members'])
    assert titles(guest.read(one))[-1] == 'Post on closed'
    # What a list is called is told to those who may see the list.
    stack.kairan.command('list', 'set', f'closed@{kairan.DOMAIN}', 'display_name=Renamed since')
    assert '<bdi>Renamed since</bdi>' in member.read('/me/feeds').text
    stack.kairan.command('list', 'set', f'closed@{kairan.DOMAIN}', 'advertised=no')
    assert '<bdi>Renamed since</bdi>' in member.read('/me/feeds').text
    stack.sql('UPDATE member SET left_at = %s WHERE id = %s', now(), site.members['members'])
    page = member.read('/me/feeds').text
    assert 'Renamed since' not in page and '<bdi>A list that you may not see now</bdi>' in page and '<bdi>All your lists</bdi>' in page
    stack.sql('UPDATE member SET left_at = NULL WHERE id = %s', site.members['members'])
    stack.kairan.command('list', 'set', f'closed@{kairan.DOMAIN}', 'advertised=yes', 'display_name=')
    token = one[3:-5]
    assert token not in str(stack.sql('SELECT * FROM feed')) and token not in member.read('/me/feeds').text
    ids = [row[0] for row in stack.sql('SELECT id FROM feed ORDER BY id')]
    assert site.browser('owner').submit(f'/me/feeds/{ids[1]}/end').status_code == 404
    assert member.submit(f'/me/feeds/{ids[1]}/end').status_code == 303 and guest.read(one).status_code == 404
    assert [row[0] for row in stack.sql("SELECT action FROM audit WHERE action LIKE 'feed%%' ORDER BY id")] == ['feed_make', 'feed_make', 'feed_end']


# ---- addresses that are hidden ----

def telling(site, browser, digest, secret):
    """Names of the routes over an archive that tell the address."""
    told = set()
    for name, method, pattern, right, *_ in routes():
        if method != 'GET' or right not in ('RIGHT_READ', 'RIGHT_SEE') and name not in ('home', 'search', 'search_json', 'search_feed', 'search_mbox'):
            continue
        path = site.path(pattern, 'public').replace(site.posts['public'], digest)
        data = browser.read(path, params={'q': 'Ask'} if 'search' in name else {'view': 'flat'} if name.startswith('month') and 'mbox' not in name else {}).content
        data = gzip.decompress(data) if data[:2] == b'\x1f\x8b' else data
        if secret in data:
            told.add(name)
    return told


def test_addresses_that_are_shown_to_nobody_are_on_no_path(site):
    stack, secret = site.stack, b'secret.author@hidden.example.org'
    site.post('test', f'Ask {secret.decode()}', text=f'Write to {secret.decode()}\n', author='', sender=secret.decode())
    digest = stack.one('SELECT hash FROM post WHERE from_address = %s', secret.decode())
    stack.kairan.command('reindex', f'test@{kairan.DOMAIN}')
    owner, as_it_came = site.browser('owner'), {'raw', 'eml'}
    feed = make_feed(owner, list=site.list_id('test'))
    everywhere = as_it_came | {'list', 'month', 'thread', 'message', 'author', 'feed', 'thread_feed', 'list_json', 'message_json', 'thread_mbox', 'month_mbox',
                               'search', 'list_search', 'search_json', 'search_feed', 'search_mbox', 'list_search_json', 'list_search_feed', 'list_search_mbox'}
    for setting, by_role in (('members', {'anonymous': set(), 'other_member': set(), 'member': everywhere, 'owner': everywhere}),
                             ('nobody', {'anonymous': set(), 'member': set(), 'moderator': as_it_came, 'owner': as_it_came})):
        stack.kairan.command('list', 'set', f'test@{kairan.DOMAIN}', f'archive_addresses={setting}')
        for role, wanted in by_role.items():
            told = telling(site, site.browser(role), digest, secret)
            assert told == wanted if wanted != everywhere else told >= wanted, (setting, role, told ^ wanted)
        assert (secret in owner.read(feed).content) == (setting == 'members')
        for query in (secret.decode(), 'from:' + secret.decode(), 'subject:' + secret.decode(), 'from:secret.author'):
            for path in ('/search.json', '/lists/test/search.json'):
                assert (owner.read(path, params={'q': query}).json()['search']['total'] > 0) == (setting == 'members'), (setting, query)
    assert b'shows addresses to nobody' in site.browser('member').read(f'/lists/test/message/{digest}/raw').content
    stack.kairan.command('list', 'set', f'test@{kairan.DOMAIN}', 'archive_addresses=members')
    stack.sql('DELETE FROM rate')


# ---- files ----

def messages_of(answer, folder):
    """The messages of an mbox.gz, as Python reads it, in the archive's form."""
    assert answer.status_code == 200 and answer.headers['Content-Type'] == 'application/gzip'
    path = os.path.join(folder, 'box')
    with open(path, 'wb') as file:
        file.write(gzip.decompress(answer.content))
    box = mailbox.mbox(path, create=False)
    return [re.sub(rb'(?m)^>(>*From )', rb'\1', box.get_bytes(key)).replace(b'\n', b'\r\n') for key in box.keys()]


def bytes_of(site, where, *values):
    return [bytes(row[0]).replace(b'/u/' + b'a' * 32, b'/u/' + b'x' * 32) for row in site.stack.sql(f'SELECT message_seen(m.bytes, m.masks) FROM post p JOIN message m ON m.id = p.message_id WHERE {where} ORDER BY p.id', *values)]


def test_files_give_the_very_bytes(site, tmp_path):
    stack, month = site.stack, site.path('/lists/{list}/{year}/{month}/mbox.gz', 'public')
    odd = (b'From: a@people.example.org\r\nSubject: \xe4\xbc\x9a\r\n\r\nFrom here\r\n>From there\r\n>>From\r\n\x1b$B\xff bare\rCR\r\n\r\nFrom \r\n\r\n\r\n',
           b'Subject: only a head\r\n\r\n', b'From someone\r\n\r\nFrom someone else\r\n')
    for number, data in enumerate(odd):
        digest = site.post('test', f'Odd {number}')
        stack.sql('UPDATE message m SET bytes = %s, size = %s FROM post p WHERE p.message_id = m.id AND p.hash = %s', data, len(data), digest)
    member, guest = site.browser('member'), site.browser()
    assert messages_of(member.read(month), tmp_path) == bytes_of(site, 'p.list_id = %s', site.list_id('test'))
    thread = f'/lists/test/thread/{digest}'
    assert messages_of(member.read(thread + '/mbox.gz'), tmp_path) == bytes_of(site, 'p.hash = %s', digest) == [odd[2]]
    assert member.read(f'/lists/test/message/{digest}.eml').content == odd[2]
    reduced = messages_of(guest.read(month), tmp_path)
    assert len(reduced) == len(bytes_of(site, 'p.list_id = %s', site.list_id('test')))
    for one in reduced + [guest.read(f'/lists/test/message/{digest}.eml').content]:
        mail = email.message_from_bytes(one, policy=email.policy.default)
        assert b'@people.example.org' not in one and mail['Comments'].startswith('Reduced form') and '/lists/test/message/' in mail['Archived-At']
        assert mail['From'].addresses[0].addr_spec == 'hidden@address.invalid' and mail.get_content_type() == 'text/plain'
    assert '-reduced' in guest.read(month).headers['Content-Disposition'] and '-reduced' not in member.read(month).headers['Content-Disposition']


def test_large_files_are_made_by_the_worker_and_end_with_what_is_taken_out(site, tmp_path):
    stack, member, guest = site.stack, site.browser('member'), site.browser()
    month, file = (site.path(pattern, 'members') for pattern in ('/lists/{list}/{year}/{month}/mbox.gz', f'/lists/{{list}}/mbox/{now():%Y-%m}.mbox.gz'))
    stack.sql("INSERT INTO message (list_id, state, bytes, size, sha256, sender, recipient, kind, received_at) SELECT list_id, state, bytes, 17000000,"
              ' sha256, sender, recipient, kind, received_at FROM message WHERE id = (SELECT message_id FROM post WHERE hash = %s)', site.posts['members'])
    stack.sql('UPDATE post SET message_id = (SELECT max(id) FROM message) WHERE hash = %s', site.posts['members'])
    assert member.read(month).headers['Location'] == '/lists/closed/mbox'
    stack.start_part('worker')
    try:
        assert member.submit('/lists/closed/mbox').status_code == 303
        stack.until(lambda: member.read(file).status_code == 200, 20, 'the files')
        assert member.read(month).headers['Location'] == file and guest.read(file).status_code == 404
        assert messages_of(member.read(file), tmp_path) == bytes_of(site, 'p.list_id = %s', site.list_id('closed'))
        assert member.submit('/lists/closed/mbox').status_code == 303
        assert stack.one("SELECT count(*) FROM job WHERE kind = 'archive'") == 1
        spool = stack.path('spool')
        assert [name[-16:] for name in os.listdir(spool)] == [f'-{now():%Y-%m}.mbox.gz'[-16:]]
        stack.sql("UPDATE post SET subject = 'Without the name' WHERE hash = %s", site.posts['members'])
        assert member.read(file).status_code == 404
        stack.until(lambda: os.listdir(spool) == [], 20, 'the files to go')
    finally:
        stack.stop_part('worker')
    stack.sql('UPDATE message SET size = 100 WHERE size = 17000000')


def test_memory_stays_flat_whatever_is_packed(site):
    list_id, at = site.list_id('test'), datetime.datetime(2024, 5, 17, tzinfo=datetime.timezone.utc)
    site.stack.sql("INSERT INTO message (list_id, state, bytes, size, sha256, sender, recipient, kind, received_at) SELECT %s, 'accepted', convert_to("
                   "E'Subject: x\\r\\n\\r\\n' || (SELECT string_agg(md5(n::text || k::text), E'\\r\\n') FROM generate_series(1, 4500) k), 'UTF8'), 155000,"
                   " '', 's' || n, '', 'post', %s FROM generate_series(1, 100) n", list_id, at)
    site.stack.sql("INSERT INTO thread (list_id, subject, posts, first_post_id, last_post_id, started_at, last_at) VALUES (%s, 'x', 100, 0, 0, %s, %s)",
                   list_id, at, at)
    site.stack.sql('INSERT INTO post (list_id, number, message_id, thread_id, rfc_message_id, hash, subject, from_name, from_address, written_at, accepted_at,'
                   " month, archived, attachments, excerpt) SELECT %s, 5000 + m.id, m.id, (SELECT max(id) FROM thread), 'x' || m.id, lpad(m.id::text, 32, 'A'), 'x',"
                   " '', '', %s, %s, '2024-05-01', true, 0, '' FROM message m WHERE m.sender LIKE 's%%' AND m.recipient = ''", list_id, at, at)
    answer = site.browser('member').read('/lists/test/2024/05/mbox.gz')
    assert len(gzip.decompress(answer.content)) > 14_000_000
    master = site.stack.keeper.pid('web')
    with open(f'/proc/{master}/task/{master}/children') as file:
        peaks = [int(re.search(r'VmHWM:\s+(\d+)', open(f'/proc/{pid}/status').read())[1]) for pid in file.read().split()]
    with open(site.stack.kairan.program('kairan-web'), 'rb') as program:
        is_watched = b'__asan_init' in program.read()
    # A sanitizer keeps what was freed for a while, which hides what is flat; the bytes above are what it watches.
    assert is_watched or max(peaks) < 52_000, peaks


def test_a_file_that_breaks_off_is_kept_by_nobody(site, kept):
    """The database goes away while a month is packed, at the first message that is read for it: after the answer's head."""
    guest, path = Browser(kept), f'/lists/test/{now():%Y/%m}/mbox.gz'
    # More than is packed before it is sent.
    site.stack.sql("UPDATE message SET size = 10000000 WHERE id = (SELECT max(message_id) FROM post WHERE list_id = %s AND archived"
                   " AND month = date_trunc('month', %s::timestamptz))", site.list_id('test'), now())
    whole, seen = site.browser().read(path), site.stack.one("SELECT pg_get_functiondef('message_seen'::regproc)")
    assert whole.status_code == 200 and 'Content-Length' not in whole.headers
    for turn in range(2):
        guest.headers['Accept-Language'] = f'x-{turn}, en;q=0.5'        # nothing is kept for that yet
        site.stack.sql('CREATE OR REPLACE FUNCTION message_seen(bytes bytea, masks bigint[]) RETURNS bytea LANGUAGE sql AS '
                       '$$ SELECT CASE WHEN NOT pg_terminate_backend(pg_backend_pid()) THEN bytes END $$')
        try:
            with pytest.raises((requests.exceptions.RequestException, AssertionError)):
                assert guest.read(path).content == whole.content
        finally:
            site.stack.sql(seen)
        assert guest.read(path).content == whole.content
    site.stack.sql('UPDATE message SET size = length(bytes) WHERE size = 10000000')


def test_months_are_kept_by_web_servers(site, kept):
    guest, path = Browser(kept), f'/lists/test/{now():%Y/%m}/mbox.gz'
    answer = guest.read(path)
    assert answer.headers['Cache-Control'] == 'max-age=0, s-maxage=30' and int(answer.headers['Content-Length']) == len(answer.content)
    assert 'no-store' in site.browser('member').read(path).headers['Cache-Control']


def test_json_says_what_the_page_says(site):
    digest, guest, member = site.post('test', 'As JSON', text='Write to friend@people.example.org\n'), site.browser(), site.browser('member')
    for path, name in (('index.json', 'overview'), (f'{now():%Y/%m}/index.json', 'month'), (f'thread/{digest}.json', 'thread'), (f'message/{digest}.json', 'message')):
        answer = guest.read('/lists/test/' + path)
        assert answer.headers['Content-Type'] == 'application/json' and answer.headers['X-Robots-Tag'] == 'noindex'
        tree = answer.json()
        assert tree['list']['address'] == f'test@{kairan.DOMAIN}' and tree['list']['is_reduced'] and 'As JSON' in str(tree[name])
        assert '@people.example.org' not in answer.text and not member.read('/lists/test/' + path).json()['list']['is_reduced']
    assert '@people.example.org' in member.read(f'/lists/test/message/{digest}.json').text


# ---- what crawlers are told ----

def locations(answer):
    assert answer.status_code == 200 and answer.headers['Content-Type'] == 'application/xml; charset=utf-8'
    return [loc.text for loc in xml.fromstring(answer.content).iter('{http://www.sitemaps.org/schemas/sitemap/0.9}loc')]


def test_crawlers_are_told_what_is_public(site):
    guest, digest = site.browser(), site.post('test', 'To be found')
    robots = guest.read('/robots.txt').text
    index = re.search(r'^Sitemap: (http\S+)$', robots, re.M)[1]
    assert index.endswith('/sitemap.xml') and 'Disallow: /f/' in robots
    parts = locations(guest.read('/sitemap.xml'))
    assert any(f'/lists/test/{now():%Y}/sitemap.xml' in part for part in parts) and not any('closed' in part or 'secret' in part for part in parts)
    assert any(loc.endswith(f'/lists/test/thread/{digest}') for loc in locations(guest.read(f'/lists/test/{now():%Y}/sitemap.xml')))
    assert guest.read('/lists/test/1999/sitemap.xml').status_code == 404
    assert 'X-Robots-Tag' not in guest.read('/lists/test/').headers
    site.stack.kairan.command('list', 'set', f'test@{kairan.DOMAIN}', 'search_engines=no')
    assert not any('/lists/test/' in part for part in locations(guest.read('/sitemap.xml')))
    assert guest.read(f'/lists/test/thread/{digest}').headers['X-Robots-Tag'] == 'noindex, nofollow'
    site.stack.kairan.command('list', 'set', f'test@{kairan.DOMAIN}', 'search_engines')


# ---- through a web server that keeps pages ----

def test_rights_hold_where_pages_are_kept(site, kept):
    """Whoever comes first, a guest is never given what somebody else was, nor the other way round."""
    wanted, wrong = expectations(), []
    for turn, order in enumerate((ROLES, tuple(reversed(ROLES)))):
        site.stack.sql('DELETE FROM rate')
        browsers = {}
        for role in order:
            browsers[role] = Browser(kept)
            browsers[role].headers['Accept-Language'] = 'en'
            if role != 'anonymous':
                browsers[role].sign_in(site.stack, site.users[role])
        for name, method, pattern, right, _, _, form in routes():
            if method != 'GET' or right not in ('RIGHT_READ', 'RIGHT_SEE') or form == 'OWN':
                continue
            for kind in KINDS:
                for role in order:
                    answer = browsers[role].read(site.path(pattern, kind))
                    if answer.status_code != wanted[name, kind][role]:
                        wrong.append(f'{turn} {name} {kind} {role}: {answer.status_code}')
    assert wrong == []


def ask_raw(address, path, fields):
    """A request with these fields, some of them perhaps twice."""
    connection = http.client.HTTPConnection(address.removeprefix('http://'), timeout=30)
    connection.putrequest('GET', path)
    for name, value in fields:
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 404
    connection.close()


def test_no_guest_gets_a_page_in_the_language_of_another(site, kept):
    """What is kept under a language is in it, however oddly somebody wrote his cookie who asked first."""
    long = 'a=' + 'b' * 4500
    odd = [('lang=ja x',), ('lang="ja"',), ('lang=ja\tx',), ('lang=ja ; a=b',), ('lang=de',), ('lang=',), ('lang=ja; lang=en',), ('lang=de; lang=ja',),
           ('lang=en; a=lang=ja',), (';lang=ja',), (';\tlang=ja',), ('a=b;  lang=ja',), ('a=b lang=ja',), ('xlang=ja',), (long + '; lang=ja',),
           ('lang=ja; ' + long,), ('lang=ja', long, long), ('lang=ja', 'a=b'), ('a=b', 'lang=ja'), ('lang=ja', 'lang=en'), ()]
    mixed = []
    for way, first in enumerate((['en'], ['ja'], ['en', 'ja'], ['ja', 'en'])):
        for turn, cookies in enumerate(odd):
            path = f'/lists/test/message/{way}-{turn}'      # that there is none is kept as well, and was not asked before
            ask_raw(kept, path, [('Cookie', value) for value in cookies] + [('Accept-Language', value) for value in first])
            for language in ('en', 'ja'):
                for headers in ({'Accept-Language': language}, {'Accept-Language': 'x-other', 'Cookie': f'lang={language}'}):
                    answer = Browser(kept).read(path, headers=headers)
                    if answer.status_code != 404 or answer.headers['Content-Language'] != language:
                        mixed.append((first, [value[:20] for value in cookies], headers, answer.status_code, answer.headers.get('Content-Language')))
    assert mixed == []


def test_a_list_that_went_private_is_gone_after_30_seconds(site, kept, gone):
    guest, tags_of, began = gone
    assert all(site.browser().read(path, headers={'If-None-Match': tag}).status_code == 404 for path, tag in tags_of.items())
    time.sleep(max(0, 31 - (time.monotonic() - began)))
    answers = [guest.read(path, headers=headers) for path, tag in tags_of.items() for headers in ({}, {'If-None-Match': tag})]
    assert {answer.status_code for answer in answers} == {404} and len({answer.content for answer in answers}) == 1
