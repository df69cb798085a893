"""An archive of any size, quickly: some mails are really taken in with their index, the rest are copies that statements make of them.

A real import of a million takes most of an hour, and search does not see the difference: each copy is a whole archive with its
threads, spread over lists, with ids, Message-IDs, hashes and times of its own. A copy is some months older than the one before, so
that they lie over years; rows stand list after list, as imports leave them, which is the dearest order for a search over all. Indexes
are made at the end, at once: a little smaller than the same grown. What copies do not have is words that the mails taken in lack."""
import json
import os
import subprocess
import time

import corpus
from visit import psql

LARGE, LISTS, BASE_MONTHS, AT_ONCE, SPAN_YEARS = 'bench', 300, 36, 50000, 20
SESSION = "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'; "
TABLES = ('message', 'post', 'thread', 'post_view', 'post_part', 'post_search')
# Copies could be made again: while they are made the disk is not waited for, and nobody cleans up behind them.
HASTE = {'fsync': 'off', 'full_page_writes': 'off', 'max_wal_size': "'16GB'", 'checkpoint_timeout': "'1h'", 'autovacuum': 'off'}
# All that is no constraint; those of a few rows are kept, as jobs ask them all the time.
INDEXES = f"""
SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = ANY (ARRAY{list(TABLES)}::regclass[])
    AND indpred IS NULL AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"""
# Where each copy of a thread goes: three in ten to the large list, the others to lists of very different size.
PLAN = """
CREATE UNLOGGED TABLE spread AS
WITH top AS (SELECT greatest((SELECT max(id) FROM post), (SELECT max(id) FROM message), (SELECT max(id) FROM thread)) AS id),
l AS (SELECT id, last_number, row_number() OVER (ORDER BY name <> '{large}', id) - 1 AS nth FROM list WHERE name = '{large}' OR name LIKE 'spread%'),
t AS (SELECT id, c, (hashint8(id * 1000 + c) & 16777215) / 16777216.0::float AS u FROM thread, generate_series(1, {copies}) c)
SELECT p.id AS old, t.c AS copy, l.id AS list_id, p.accepted_at - t.c * interval '{years} years' / {copies} AS at,
    top.id + row_number() OVER (ORDER BY l.id, p.accepted_at - t.c * interval '{years} years' / {copies}, t.c, p.id) AS new,
    l.last_number + row_number() OVER (PARTITION BY l.id ORDER BY p.accepted_at - t.c * interval '{years} years' / {copies}, t.c, p.id) AS number
FROM top, post p JOIN t ON t.id = p.thread_id
JOIN l ON l.nth = CASE WHEN u < 0.3 THEN 0 ELSE floor(exp((u - 0.3) / 0.7 * ln({lists} + 1)))::int END;
CREATE UNIQUE INDEX ON spread (new); CREATE UNIQUE INDEX ON spread (old, copy); ANALYZE spread"""
# The mails taken in, beside what grows.
BASE = [f'CREATE UNLOGGED TABLE base_{name} AS SELECT * FROM {name}; ANALYZE base_{name}' for name in TABLES]
ROWS = ("""
INSERT INTO message (id, list_id, state, bytes, size, sha256, sender, recipient, kind, received_at, ended_at) OVERRIDING SYSTEM VALUE
SELECT s.new, s.list_id, m.state, m.bytes, m.size, sha256(s.new::text::bytea), m.sender, m.recipient, m.kind, s.at, s.at
FROM spread s JOIN base_post p ON p.id = s.old JOIN base_message m ON m.id = p.message_id WHERE s.new BETWEEN {first} AND {last} ORDER BY s.new""", """
INSERT INTO post (id, list_id, number, message_id, thread_id, parent_id, rfc_message_id, hash, subject, from_name, from_address, written_at,
    accepted_at, month, archived, attachments, excerpt, answers, missing, is_loose) OVERRIDING SYSTEM VALUE
SELECT s.new, s.list_id, s.number, s.new, f.new, u.new, s.copy || '.' || p.rfc_message_id, upper(md5(s.new::text)), p.subject, p.from_name,
    p.from_address, s.at, s.at, date_trunc('month', s.at), true, p.attachments, p.excerpt,
    ARRAY(SELECT s.copy || '.' || a FROM unnest(p.answers) a), p.missing, p.is_loose
FROM spread s JOIN base_post p ON p.id = s.old JOIN base_thread t ON t.id = p.thread_id JOIN spread f ON f.old = t.first_post_id AND f.copy = s.copy
LEFT JOIN spread u ON u.old = p.parent_id AND u.copy = s.copy WHERE s.new BETWEEN {first} AND {last} ORDER BY s.new""", """
INSERT INTO thread (id, list_id, subject, posts, first_post_id, last_post_id, started_at, last_at) OVERRIDING SYSTEM VALUE
SELECT s.new, s.list_id, t.subject, t.posts, s.new, l.new, s.at, l.at
FROM spread s JOIN base_thread t ON t.first_post_id = s.old JOIN spread l ON l.old = t.last_post_id AND l.copy = s.copy
WHERE s.new BETWEEN {first} AND {last} ORDER BY s.new""", """
INSERT INTO post_view (post_id, version, body, language, has_html, reaction, broken, is_cut, parts)
SELECT s.new, v.version, v.body, v.language, v.has_html, v.reaction, v.broken, v.is_cut, v.parts
FROM spread s JOIN base_post_view v ON v.post_id = s.old WHERE s.new BETWEEN {first} AND {last} ORDER BY s.new""", """
INSERT INTO post_part (post_id, position, part, kind, name, type, size, content_id, body_start, body_end, encoding)
SELECT s.new, v.position, v.part, v.kind, v.name, v.type, v.size, v.content_id, v.body_start, v.body_end, v.encoding
FROM spread s JOIN base_post_part v ON v.post_id = s.old WHERE s.new BETWEEN {first} AND {last} ORDER BY s.new""", """
INSERT INTO post_search (post_id, list_id, version, folded, words, at)
SELECT s.new, s.list_id, w.version, replace(w.folded, ' M' || p.rfc_message_id, ' M' || s.copy || '.' || p.rfc_message_id),
    ts_delete(w.words, marks.old) || array_to_tsvector(marks.new), s.at
FROM spread s JOIN base_post_search w ON w.post_id = s.old JOIN base_post p ON p.id = s.old CROSS JOIN LATERAL (
    SELECT ARRAY['L' || w.list_id, 'M' || p.rfc_message_id] || array_agg('B' || n || '.' || (extract(epoch FROM w.at)::bigint >> n)) AS old,
        ARRAY['L' || s.list_id, 'M' || s.copy || '.' || p.rfc_message_id] || array_agg('B' || n || '.' || (extract(epoch FROM s.at)::bigint >> n)) AS new
    FROM unnest('{{13,16,19,22,25,28}}'::int[]) AS u (n)) marks
WHERE s.new BETWEEN {first} AND {last} ORDER BY s.new""")
REST = ("""INSERT INTO search_extent SELECT list_id, min(at), max(at) FROM post_search GROUP BY list_id
           ON CONFLICT (list_id) DO UPDATE SET oldest = excluded.oldest, newest = excluded.newest""",
        "UPDATE list SET last_number = s.posts FROM (SELECT list_id, max(number) AS posts FROM post GROUP BY list_id) s WHERE s.list_id = list.id",
        "INSERT INTO list_month SELECT list_id, month, count(*) FROM post GROUP BY 1, 2 ON CONFLICT (list_id, month) DO UPDATE SET posts = excluded.posts",
        *(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))" for name in ('post', 'message', 'thread')),
        'DROP TABLE spread, ' + ', '.join('base_' + name for name in TABLES))


def take_in(bench, address, number):
    """Mails of corpus.py, imported with their index; what is in them."""
    path = os.path.join(bench.folder, f'spread-{number}.mbox')
    if not os.path.exists(path + '.json'):
        corpus.write(path, number, BASE_MONTHS)
    kairan = bench.stack.kairan
    subprocess.run([kairan.program('kairan'), '-c', kairan.config, 'import', address, path, '--index', '--json'], stdout=subprocess.PIPE, check=True)
    with open(path + '.json', encoding='utf-8') as file:
        return json.load(file)


def multiply(bench, copies):
    psql(bench, SESSION + PLAN.format(large=LARGE, lists=LISTS, copies=copies, years=SPAN_YEARS))
    indexes = [line.split('|') for line in psql(bench, INDEXES).splitlines()]
    for statement in [*(f'DROP INDEX {name}' for name, _ in indexes), *BASE]:
        psql(bench, SESSION + statement)
    first, last = (bench.count(f'SELECT {which}(new) FROM spread') for which in ('min', 'max'))
    for statement in ROWS:
        for begin in range(first, last + 1, AT_ONCE):
            psql(bench, SESSION + statement.format(first=begin, last=min(last, begin + AT_ONCE - 1)))
    for statement in [*(made for _, made in indexes), *REST]:
        psql(bench, SESSION + statement)


def hasten(bench, on):
    for name, value in HASTE.items():
        bench.stack.postgres.psql('-qc', f'ALTER SYSTEM SET {name} = {value}' if on else f'ALTER SYSTEM RESET {name}')
    bench.stack.postgres.psql('-qc', 'SELECT pg_reload_conf()')


def make(bench, domain, posts, base=50000):
    """So many posts on the large list and LISTS others; seconds of the import, of all, and what the mails are."""
    begun = time.time()
    for name in [LARGE] + [f'spread{number}' for number in range(LISTS)]:
        bench.list(name, 0)
    base = min(base, posts)
    made = take_in(bench, f'{LARGE}@{domain}', base)
    imported = time.time() - begun
    hasten(bench, True)
    if posts > base:
        multiply(bench, posts // base - 1)
    psql(bench, 'VACUUM ANALYZE')
    hasten(bench, False)
    bench.stack.postgres.psql('-qc', 'CHECKPOINT')
    return {'posts': bench.count('SELECT count(*) FROM post_search'), 'import_s': imported, 'fill_s': time.time() - begun,
            'mail_bytes': bench.count('SELECT sum(size) FROM message'), 'probes': made['probes']}
