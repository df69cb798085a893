"""What a search costs: the newest-first page of a common, a rare and a two-letter Japanese word, over one list and over what people of
different memberships may read.

The archive is made by spread.py: 20,000 posts, or as many as --messages says for search-large. Nearly all posts have the word "the".
Of the lists that 20, 100 or 300 memberships open, some are large and most small; the largest of all is not among them."""
import statistics
import time
import urllib.parse

import account
import spread
from visit import Visitor, psql, sign_in

VIEWS, BASE, BASE_LARGE = 100, 5000, 50000
READABLE = (20, 100, 300)       # lists


def join(bench, session, lists):
    """Has the person of a session join so many lists, of all sizes."""
    psql(bench, f"""
        INSERT INTO member (list_id, address_id, role, joined_at)
        SELECT l.id, a.id, 'member', now() FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS nth FROM list WHERE name LIKE 'spread%') l,
            session s JOIN address a ON a.user_id = s.user_id
        WHERE s.token_hash = sha256('{session}') AND nth % ({spread.LISTS} / {lists}) = 0""")


def look(bench, ask, path):
    """The median time of the page in ms, and its CPU in ms; None when it found nothing."""
    is_found = 'class="subject"' in ask(path)
    times = []
    for _ in range(VIEWS // 4):
        ask(path)
    cpu = account.cpu(bench.roots())
    for _ in range(VIEWS):
        begun = time.perf_counter()
        ask(path)
        times.append(1000 * (time.perf_counter() - begun))
    used = account.cpu(bench.roots())
    return {'ms': statistics.median(times), 'found': is_found,
            'cpu_ms': 1000 * sum(used[name] - cpu[name] for name in ('nginx', 'web', 'postgres')) / VIEWS}


def scopes(bench):
    """(name, who asks, path): pages of people who are signed in are never kept."""
    everybody = Visitor(bench, sign_in(bench, 'member', 'spread0'))
    yield 'all', everybody, '/search'
    yield 'one', everybody, f'/lists/{spread.LARGE}/search'
    yield 'small', everybody, f'/lists/spread{spread.LISTS - 1}/search'
    psql(bench, "UPDATE list_effective SET archive_policy = 'private'")
    for lists in READABLE:
        session = sign_in(bench, 'nonmember', 'spread0')
        join(bench, session, lists)
        yield str(lists), Visitor(bench, session), '/search'
    psql(bench, "UPDATE list_effective SET archive_policy = 'public'")


def ask_all(bench, words):
    found = {}
    for scope, visitor, path in scopes(bench):
        for name, word in words.items():
            found[f'{name}_{scope}'] = look(bench, visitor.ask, f'{path}?q={urllib.parse.quote(word)}')
        if scope == 'all':
            found['best'] = look(bench, visitor.ask, f'{path}?sort=best&q=' + urllib.parse.quote(words['japanese']))
    return found


def measure(bench, domain, posts, base):
    before = bench.count("SELECT pg_database_size('kairan')")
    found = spread.make(bench, domain, posts, base)
    found['database_bytes'] = bench.count("SELECT pg_database_size('kairan')") - before
    found['times_mail'] = found['database_bytes'] / found['mail_bytes']
    found['index_mb'] = bench.count("SELECT pg_relation_size('post_search_words')") / 2**20
    found['table_mb'] = bench.count("SELECT pg_table_size('post_search')") / 2**20
    found['pages'] = ask_all(bench, {**found['probes'], 'most': 'the'})
    return found


# --- the table

WORDS = (('common', 'a common word'), ('rare', 'a rare one'), ('japanese', 'two Japanese letters'), ('most', 'a word of nearly all posts'))
SCOPES = (('all', 'all lists'), ('one', 'the largest'), ('small', 'a small one'), *((str(lists), f'{lists} lists that one may read') for lists in READABLE))


def rows(results, part='search'):
    found = results.get(part)
    if found is None:
        return
    for scope, where in SCOPES:
        for name, word in WORDS:
            page = found['pages'][f'{name}_{scope}']
            yield f'search of {found["posts"]:,} posts, {where}: {word}, median ms', page['ms'], None if name == 'most' else '<= 10', None
            yield '  CPU of all processes, ms', page['cpu_ms'], None, None
    yield '  best first with counts, median ms', found['pages']['best']['ms'], None, None
    yield '  index and table of the words, MB', f'{found["index_mb"]:.0f} / {found["table_mb"]:.0f}', None, None
    yield '  database with index, times the mail\'s bytes', found['times_mail'], '<= 2.5', None
