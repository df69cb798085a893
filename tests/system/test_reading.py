"""The archive as people read it: threads as trees and by date, months, authors; nothing that is not archived is named anywhere."""
import html
import random
import re
import urllib.parse

import conftest
import pytest

from rig import kairan
from rig.site import Site, heading

ARTICLE = re.compile(r'<article class="message([^"]*)" id="([^"]+)">(.*?)</article>', re.S)


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'web', 'nginx'))
    conftest.need(stack, 'kairan', 'kairan-web')
    yield Site(stack)
    conftest.finish(stack)


def post(site, subject, answers=None, **more):
    return site.post('renraku', subject, answers=answers, **more)


def articles(page):
    """[(depth, hash, inside)] of the messages on a page."""
    return [(int((re.search(r'\bd(\d)\b', classes) or [0, 0])[1]), name, inside) for classes, name, inside in ARTICLE.findall(page.text)]


def read(site, path, role='anonymous'):
    answer = site.browser(role).read(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer


def words(page):
    return html.unescape(re.sub(r'<[^>]+>', ' ', page.text))


@pytest.fixture(scope='module')
def thread(site):
    """A question, two answers, an answer to the first of them under another subject, and one that is not archived."""
    question = post(site, 'Where do we rehearse?', author='Hana', sender='hana@people.example.org')
    first = post(site, 'Re: Where do we rehearse?', question, author='Ken', sender='ken@people.example.org')
    second = post(site, 'Re: Where do we rehearse?', question, author='Mari', sender='mari@people.example.org')
    deep = post(site, 'Parking (was: Where do we rehearse?)', first, author='Hana', sender='Hana@people.example.org')
    gone = post(site, 'Not for the archive', second, author='Quiet', sender='quiet@people.example.org')
    site.stack.sql('UPDATE post SET archived = false WHERE hash = %s', gone)
    return question, first, second, deep, gone


def test_a_thread_is_a_tree_or_a_row(site, thread):
    question, first, second, deep, _ = thread
    tree = articles(read(site, f'/lists/renraku/thread/{question}'))
    assert [(depth, name) for depth, name, _ in tree] == [(0, question), (1, first), (2, deep), (1, second)]
    flat = articles(read(site, f'/lists/renraku/thread/{question}?view=flat'))
    assert [(depth, name) for depth, name, _ in flat] == [(0, question), (0, first), (0, second), (0, deep)]
    assert f'href="#{first}"' in tree[2][2] and 'in reply to Ken' in tree[2][2]
    assert ['New subject:' in inside for _, _, inside in tree] == [False, False, True, False]
    page = words(read(site, f'/lists/renraku/thread/{question}'))
    assert '4 messages' in page and '3 people' in page and re.search(r'Taking part:\s+Hana\s+,\s+Ken\s+,\s+Mari\s', page)


def test_any_post_leads_to_its_thread(site, thread):
    answer = site.browser().read(f'/lists/renraku/thread/{thread[3]}')
    assert (answer.status_code, answer.headers['Location']) == (303, f'/lists/renraku/thread/{thread[0]}#{thread[3]}')


def test_what_is_not_archived_is_named_nowhere(site, thread):
    gone = thread[4]
    for path in ('/lists/renraku/', '/lists/renraku/?sort=active', f'/lists/renraku/thread/{thread[0]}', f'/lists/renraku/message/{thread[2]}',
                 *months(site), *(month + '?view=flat' for month in months(site))):
        page = read(site, path).text
        assert 'Not for the archive' not in page and gone not in page and 'Quiet' not in page, path
    for path in ('thread', 'message', 'author'):
        assert site.browser('admin').read(f'/lists/renraku/{path}/{gone}').status_code == 404
    # A thread that an unarchived post began is called by one that may be read.
    begun = post(site, 'A secret beginning')
    after = post(site, 'Re: what may be read', begun)
    site.stack.sql('UPDATE post SET archived = false WHERE hash = %s', begun)
    assert heading(read(site, f'/lists/renraku/thread/{after}')) == 'Re: what may be read'
    assert 'secret beginning' not in read(site, '/lists/renraku/').text


def months(site):
    return sorted(set(re.findall(r'href="(/lists/renraku/\d{4}/\d\d/)"', read(site, '/lists/renraku/').text)))


def test_a_month_has_its_threads_and_its_posts(site, thread):
    month = months(site)[-1]
    page = read(site, month)
    assert f'href="/lists/renraku/thread/{thread[0]}"' in page.text and '4 messages' in words(page)
    flat = read(site, month + '?view=flat')
    assert [flat.text.index(f'message/{name}') for name in thread[:4]] == sorted(flat.text.index(f'message/{name}') for name in thread[:4])


def tally(site):
    """The counts by month as pages tell them, and as they are."""
    told = site.stack.sql('SELECT list_id, month, posts FROM list_month WHERE posts <> 0 ORDER BY 1, 2')
    return told, site.stack.sql('SELECT list_id, month, count(*) FROM post WHERE archived GROUP BY 1, 2 ORDER BY 1, 2')


def test_months_are_counted_whatever_becomes_of_posts(site):
    old, other = post(site, 'Long ago'), post(site, 'Long ago, too')
    for change in ("UPDATE post SET month = '2019-03-01' WHERE hash = ANY (%s)", "UPDATE post SET archived = false WHERE hash = ANY (%s)",
                   "UPDATE post SET archived = true WHERE hash = ANY (%s)", "UPDATE post SET subject = 'x' WHERE hash = ANY (%s)"):
        site.stack.sql(change, [old, other])
        told, true = tally(site)
        assert told == true
    page = read(site, '/lists/renraku/2019/03/')
    assert '2 messages' in words(page) and re.search(r'<a [^>]*href="/lists/renraku/20[2-9]\d/\d\d/" rel="next"', page.text)
    assert 'rel="prev"' not in page.text
    site.stack.sql('DELETE FROM post WHERE hash = ANY (%s)', [old, other])
    told, true = tally(site)
    assert told == true
    assert site.browser().read('/lists/renraku/2019/03/').status_code == 404


def test_an_author_s_page_tells_no_guest_an_address(site, thread):
    first = post(site, 'By an address alone', author='', sender='bare@people.example.org')
    hidden = post(site, 'By nobody', author='Hana', sender='hana@people.example.org')
    site.stack.sql('UPDATE post SET anonymous = true WHERE hash = %s', hidden)
    answer = site.browser().read(f'/lists/renraku/author/{thread[3]}')
    assert answer.status_code == 303
    assert re.fullmatch('/lists/renraku/author/[A-Z2-7]{32}', answer.headers['Location'])
    page = read(site, answer.headers['Location'])
    assert heading(page) == 'Hana' and 'Parking' in page.text and 'By nobody' not in page.text and 'people.example.org' not in page.text
    bare = read(site, f'/lists/renraku/author/{first}')
    assert heading(bare) == 'bare@…' and 'people.example.org' not in bare.text
    assert 'bare@people.example.org' in read(site, f'/lists/renraku/author/{first}', 'other_member').text
    assert site.browser('admin').read(f'/lists/renraku/author/{hidden}').status_code == 404
    assert f'author/{hidden}' not in read(site, f'/lists/renraku/message/{hidden}').text


def test_older_and_newer_walk_along_the_list(site, thread):
    page, order = read(site, '/lists/renraku/').text, []
    order = list(dict.fromkeys(re.findall(r'href="/lists/renraku/thread/([A-Z2-7]{32})"', page)))
    assert len(order) > 3
    for here, beside in zip(order, order[1:]):
        assert site.browser().read(f'/lists/renraku/thread/{here}/older').headers['Location'] == f'/lists/renraku/thread/{beside}'
        assert site.browser().read(f'/lists/renraku/thread/{beside}/newer').headers['Location'] == f'/lists/renraku/thread/{here}'
    assert site.browser().read(f'/lists/renraku/thread/{order[0]}/newer').headers['Location'] == '/lists/renraku/'


def test_a_long_thread_is_read_in_pages_and_short_ones_are_small(site):
    root = post(site, 'A long one', text='Short.\n' * 3)
    names = [root]
    for number in range(119):
        names.append(post(site, 'Re: A long one', names[number // 3], text=f'Answer {number}.\n' * 3))
    first = read(site, f'/lists/renraku/thread/{root}')
    assert len(articles(first)) == 50 and len(first.content) <= 60000, len(first.content)
    for view in ('', 'view=flat'):
        seen, query = [], '?' + view
        while query:
            page = read(site, f'/lists/renraku/thread/{root}{query}')
            seen += [name for _, name, _ in articles(page)]
            more = re.search(r'class="button main" href="(\?[^"]+)"', page.text)
            query = html.unescape(more[1]) if more else None
        assert sorted(seen) == sorted(names)
    for name in (names[60], names[119]):
        place = site.browser().read(f'/lists/renraku/thread/{name}').headers['Location']
        path, mark = place.split('#')
        assert mark == name and name in [one for _, one, _ in articles(read(site, path))]


# ---- attachments ----

PNG = b'\x89PNG\r\n\x1a\n' + bytes(range(256))
FILES = (('地図.png', 'image/png', PNG), ('a "quoted" name.svg', 'image/svg+xml', b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
         ('page.html', 'text/html', b'<script>alert(1)</script> Write to hana@people.example.org.'), ('note.txt', 'text/plain', b'Ask ken@people.example.org.\n'),
         ('long.bin', 'application/octet-stream', random.Random(7).randbytes(1500000)))


@pytest.fixture(scope='module')
def attached(site):
    """A post with a file of each kind; returns its hash."""
    return post(site, 'With files', text='See below.\n', files=FILES)


def file_path(name, position):
    return f'attachment/{position}/{urllib.parse.quote(name)}'


def fetch(site, attached, name, role='anonymous'):
    position = [row[0] for row in FILES].index(name) + 1
    return site.browser(role).read(f'/lists/renraku/message/{attached}/' + file_path(name, position))


def test_files_come_as_they_were_and_never_as_pages_of_ours(site, attached):
    for name, kind, content in FILES:
        answer = fetch(site, attached, name, 'other_member')
        assert (answer.status_code, answer.content) == (200, content), name
        shown = kind in ('image/png', 'text/plain')
        assert answer.headers['Content-Type'].split(';')[0] == (kind if shown else 'application/octet-stream')
        assert answer.headers['Content-Disposition'].startswith('inline;' if shown else 'attachment;')
        assert "filename*=UTF-8''" + urllib.parse.quote(name, safe='') in answer.headers['Content-Disposition']
        assert answer.headers['X-Content-Type-Options'] == 'nosniff'
        assert 'sandbox' in answer.headers['Content-Security-Policy'] and 'no-store' in answer.headers['Cache-Control']
    assert fetch(site, attached, '地図.png').headers['Cache-Control'] != 'private, no-store'


def test_guests_get_texts_without_addresses(site, attached):
    for name in ('page.html', 'note.txt'):
        answer = fetch(site, attached, name)
        assert answer.status_code == 200 and 'people.example.org' not in answer.text and '@…' in answer.text
        assert answer.headers['Content-Type'] == 'text/plain; charset=utf-8'


def test_what_is_not_there_is_not_there(site, attached):
    browser = site.browser('admin')
    for rest in (file_path('note.txt', 1), file_path('other.txt', 4), file_path('note.txt', 0), file_path('note.txt', 99), 'attachment/4/'):
        assert browser.read(f'/lists/renraku/message/{attached}/{rest}').status_code == 404, rest


def keep_parts(site, name):
    """What the indexer writes of a post, with where each part stands."""
    number, data = site.stack.sql('SELECT p.id, m.bytes FROM post p JOIN message m ON m.id = p.message_id WHERE p.hash = %s', name)[0]
    data, at = bytes(data), 0
    site.stack.sql("INSERT INTO post_view (post_id, version, body) VALUES (%s, %s, 'kept') ON CONFLICT (post_id) DO NOTHING", number, view_version())
    for position, (file, kind, _) in enumerate(FILES, 1):
        head = data.index(b'Content-Type: ' + kind.encode(), at)
        at = data.index(b'\r\n\r\n', head) + 4
        encoding = re.search(rb'Content-Transfer-Encoding: (\S+)', data[head:at])[1].decode()
        site.stack.sql('INSERT INTO post_part (post_id, position, part, kind, name, type, size, body_start, body_end, encoding)'
                       ' VALUES (%s, %s, %s, %s, %s, %s, 1, %s, %s, %s) ON CONFLICT DO NOTHING', number, position, position + 1,
                       'image' if kind == 'image/png' else 'file', file, kind, at, data.index(b'\r\n--', at), encoding)
    site.stack.sql('UPDATE post_view SET parts = %s WHERE post_id = %s', position, number)


def view_version():
    with open(conftest.TESTS + '/../core/mime/view.h', encoding='utf-8') as file:
        return int(re.search(r'VIEW_VERSION = (\d+)', file.read())[1])


def test_a_list_shows_markdown(site):
    """By a setting; the text as it was written is one click away; what was kept as text is not shown, and is made anew."""
    name = f'renraku@{kairan.DOMAIN}'
    digest = post(site, 'Marked', text='# One\n\n*two* [three](javascript:x) ![four](http://pictures.example/4.gif) hana@people.example.org\n')
    path, number = f'/lists/renraku/message/{digest}', site.stack.one('SELECT id FROM post WHERE hash = %s', digest)
    site.stack.sql("INSERT INTO post_view (post_id, version, body) VALUES (%s, %s, 'kept as text')", number, view_version())
    assert 'kept as text' in read(site, path).text and '?text=1' not in read(site, path).text
    assert site.browser('member').read(path + '?text=1').status_code == 404
    site.stack.kairan.command('list', 'set', name, 'archive_rendering_mode=markdown')
    page = read(site, path).text
    assert '<h3>One</h3><p><em>two</em> three <a href="http://pictures.example/4.gif" rel="nofollow noopener">four</a> hana@…</p>' in page
    assert 'kept as text' not in page and '<img' not in page.split('</h1>')[1] and '<h3>One</h3>' in read(site, f'/lists/renraku/thread/{digest}').text
    plain = read(site, re.search(r'href="([^"]+\?text=1)"', page)[1]).text
    assert 'kept as text' in plain and f'href="{path}"' in plain
    assert site.stack.one('SELECT count(*) FROM post_stale WHERE post_id = %s', number) == 1
    site.stack.sql("UPDATE post_view SET version = version + 65536, body = 'kept otherwise' WHERE post_id = %s", number)
    assert 'kept otherwise' in read(site, path).text
    site.stack.kairan.command('list', 'set', name, 'archive_rendering_mode')
    assert '# One' in read(site, path).text


def test_kept_places_give_the_same_bytes_and_the_gallery(site, attached):
    keep_parts(site, attached)
    for name, _, content in FILES:
        answer = fetch(site, attached, name, 'other_member')
        assert (answer.status_code, answer.content) == (200, content), name
    assert 'people.example.org' not in fetch(site, attached, 'note.txt').text
    page = read(site, '/lists/renraku/files')
    assert re.search(r'<img src="/lists/renraku/message/\w+/attachment/1/[^"]+" [^>]*alt="地図.png"', page.text)
    # Pictures are loaded as they are: of 20 of a megabyte each, a page shows as many as fit into 16.
    site.stack.sql("INSERT INTO post_part (post_id, position, part, kind, name, type, size, body_start, body_end, encoding) SELECT id, n, n, 'image', 'p' || n, 'image/png', 1000000, 1, 2, '7bit'"
                   ' FROM post, generate_series(20, 39) n WHERE hash = %s', attached)
    many = site.browser('other_member').read('/lists/renraku/files').text
    assert len(re.findall(r'<img src="[^"]+/p\d+"', many)) == 16 and len(re.findall(r'<bdi>p\d+</bdi>', many)) == 4
    site.stack.sql("DELETE FROM post_part WHERE name LIKE 'p__' AND size = 1000000")
    assert all(html.escape(row[0]) in page.text for row in FILES) and '<script' not in re.sub(r'<script src="[^"]+" defer></script>', '', page.text)
    site.stack.sql('UPDATE post SET archived = false WHERE hash = %s', attached)
    assert 'note.txt' not in read(site, '/lists/renraku/files').text and fetch(site, attached, 'note.txt').status_code == 404
    site.stack.sql('UPDATE post SET archived = true WHERE hash = %s', attached)
