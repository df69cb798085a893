"""What a search costs: the newest-first page of a common, a rare and a two-letter Japanese word, over one list and over 300.

Posts are rows put there by statements, 20,000 of them, or with --full 1,000,000: words of a mail of some 200, over ten years."""
import statistics
import time
import urllib.parse

import account
from visit import Visitor, psql, sign_in

LISTS, POSTS, POSTS_FULL, VIEWS = 300, 20000, 1000000, 200
WORDS = (('common', 'gemein'), ('rare', 'selten'), ('japanese', '東京'))
AT_ONCE = 50000
ROWS = """
WITH l AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS nth FROM list WHERE name LIKE 'found%'),
m AS (INSERT INTO message (list_id, state, bytes, size, sha256, sender, recipient, kind, received_at)
      SELECT l.id, 'accepted', 'x', 1, '\\x00', 'a@people.example.org', 'found', 'post',
          timestamptz '2016-01-01' + n * interval '10 years' / {all}
      FROM generate_series({first}, {last}) n JOIN l ON l.nth = n * 7919 % {lists} RETURNING id, list_id, received_at)
INSERT INTO post (list_id, number, message_id, thread_id, rfc_message_id, hash, subject, from_name, from_address, written_at, accepted_at,
    month, archived, attachments, excerpt)
SELECT m.list_id, m.id, m.id, t.id, m.id || '@bench.example', upper(md5(m.id::text)), 'Subject ' || m.id, 'Author ' || m.id % 500,
    'a' || m.id % 500 || '@people.example.org', received_at, received_at, date_trunc('month', received_at), true, 0, 'Some lines of text.'
FROM m JOIN thread t ON t.list_id = m.list_id"""
FOUND = """
INSERT INTO post_search (post_id, list_id, version, at, folded, words)
SELECT p.id, p.list_id, 1, p.accepted_at, w.folded, array_to_tsvector(
    string_to_array(trim(w.folded), ' ') || ARRAY['L' || p.list_id] || ARRAY(
        SELECT 'B' || level || '.' || (extract(epoch FROM p.accepted_at)::bigint >> level) FROM unnest('{{13,16,19,22,25,28}}'::int[]) AS u (level)))
FROM post p CROSS JOIN LATERAL (
    SELECT string_agg(DISTINCT 'w' || floor(exp(random() * ln(100000)))::int, ' ') || CASE WHEN random() < 0.3 THEN ' gemein' ELSE '' END
        || CASE WHEN random() < 0.01 THEN ' 東京' ELSE '' END || CASE WHEN p.id % ({all} / 5) = 0 THEN ' selten' ELSE '' END AS folded
    FROM generate_series(1, 200) n WHERE p.id > 0) w
WHERE p.id > {after} AND p.rfc_message_id LIKE '%@bench.example'"""
REST = ("""INSERT INTO post_view (post_id, version, body) SELECT post_id, 1, '<div class="text">' || folded || '</div>' FROM post_search
           ON CONFLICT DO NOTHING""",
        'INSERT INTO search_extent SELECT list_id, min(at), max(at) FROM post_search GROUP BY list_id ON CONFLICT DO NOTHING',
        'UPDATE list SET last_number = s.posts FROM (SELECT list_id, count(*) AS posts FROM post_search GROUP BY list_id) s WHERE s.list_id = list.id',
        'SELECT search_merge()', 'VACUUM ANALYZE post_search', 'VACUUM ANALYZE post')


def fill(bench, posts):
    for number in range(LISTS):
        bench.list(f'found{number}', 0)
    psql(bench, "INSERT INTO thread (list_id, subject, posts, first_post_id, last_post_id, started_at, last_at)"
                " SELECT id, 'Bench', 1, 0, 0, now(), now() FROM list WHERE name LIKE 'found%'")
    psql(bench, 'ALTER TABLE post DISABLE TRIGGER USER')
    begun = time.time()
    for first in range(0, posts, AT_ONCE):
        after = bench.count('SELECT coalesce(max(id), 0) FROM post')
        psql(bench, ROWS.format(all=posts, first=first, last=min(first + AT_ONCE, posts) - 1, lists=LISTS))
        psql(bench, FOUND.format(all=posts, after=after))
        psql(bench, 'SELECT search_merge()')
    for statement in REST:
        psql(bench, statement)
    psql(bench, 'ALTER TABLE post ENABLE TRIGGER USER')
    return time.time() - begun


def look(bench, ask, name, path):
    """The median time of the page in ms, and its CPU in ms."""
    if name != 'rare' and 'class="subject"' not in ask(path):
        raise RuntimeError(f'{path} found nothing')
    times = []
    for _ in range(VIEWS // 4):
        ask(path)
    cpu = account.cpu(bench.roots())
    for _ in range(VIEWS):
        begun = time.perf_counter()
        ask(path)
        times.append(1000 * (time.perf_counter() - begun))
    used = account.cpu(bench.roots())
    return statistics.median(times), 1000 * sum(used[name] - cpu[name] for name in ('nginx', 'web', 'postgres')) / VIEWS


def measure(bench):
    posts = POSTS_FULL if bench.options.full else POSTS
    found = {'posts': posts, 'fill_s': fill(bench, posts)}
    found['index_mb'] = bench.count("SELECT pg_relation_size('post_search_words')") / 2**20
    found['table_mb'] = bench.count("SELECT pg_table_size('post_search')") / 2**20
    visitor = Visitor(bench, sign_in(bench, 'member', 'found0'))     # pages of people who are signed in are never kept
    for name, word in WORDS:
        query = urllib.parse.quote(word)
        found[f'{name}_300_ms'], found[f'{name}_300_cpu_ms'] = look(bench, visitor.ask, name, f'/search?q={query}')
        found[f'{name}_1_ms'], found[f'{name}_1_cpu_ms'] = look(bench, visitor.ask, name, f'/lists/found0/search?q={query}')
    found['best_ms'], found['best_cpu_ms'] = look(bench, visitor.ask, 'best', '/search?sort=best&q=' + urllib.parse.quote('東京'))
    return found


def together(results, what):
    """A line's figures of the three words."""
    found = [results.get('search', {}).get(f'{name}_{what}') for name, _ in WORDS]
    return None if None in found else ' / '.join(f'{value:.3g}' for value in found)


def sizes(results):
    found = results.get('search', {})
    return f"{found['index_mb']:.0f} / {found['table_mb']:.0f}" if found else None
