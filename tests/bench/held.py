"""What the held queue costs: its first page among 5,000, and accepting 100 at once."""
import time
import urllib.parse

import members
from visit import Visitor, psql, sign_in

WAITING, ACCEPTED, VIEWS = 5000, 100, 200
HELD = """
WITH m AS (INSERT INTO message (list_id, state, bytes, size, sha256, sender, recipient, kind, received_at)
           SELECT {list}, 'held', b.bytes, length(b.bytes), sha256(b.bytes), 'a@people.example.org', 'held', 'post', now()
           FROM generate_series(1, {count}) n, LATERAL (SELECT convert_to(format(E'From: a%s@people.example.org\\r\\nTo: held@lists.example.jp\\r\\n'
               'Subject: Post %s\\r\\nMessage-ID: <%s@bench.example>\\r\\nDate: Sat, 21 Nov 2026 12:00:00 +0900\\r\\n\\r\\n%s\\r\\n', n % 500, n, n,
               repeat('Some lines of text. ', 40)), 'UTF8') AS bytes) b
           RETURNING id)
INSERT INTO held (list_id, message_id, subject, from_name, from_address, author_key, reasons, authentication, excerpt, held_at)
SELECT {list}, id, 'Post ' || id, 'Author ' || id % 500, 'a' || id % 500 || '@people.example.org', 'a' || id % 500 || '@people.example.org',
    '{{The author is not a member of the list.}}', 'none', repeat('Some lines of text. ', 8), now() FROM m"""


def measure(bench):
    members.ensure_huge(bench)
    bench.list('held', 0)
    number = psql(bench, "SELECT id FROM list WHERE name = 'held'")
    psql(bench, HELD.format(list=number, count=WAITING))
    psql(bench, 'ANALYZE')
    visitor = Visitor(bench, sign_in(bench))
    if visitor.ask('/lists/held/held').count('name="id"') != 50:
        raise RuntimeError('the first page does not show 50 posts')
    subjects = psql(bench, f'SELECT subject FROM held WHERE list_id = {number} ORDER BY random() LIMIT 100').splitlines()
    found = {'page_ms': visitor.cpu_ms(['/lists/held/held'], VIEWS), 'all_lists_ms': visitor.cpu_ms(['/held'], VIEWS),
             'search_ms': visitor.cpu_ms(['/lists/held/held?q=' + urllib.parse.quote_plus(subject) for subject in subjects], VIEWS),
             'search_common_ms': visitor.cpu_ms(['/lists/held/held?q=lines+of+text'], VIEWS)}
    ids = psql(bench, f'SELECT id FROM held WHERE list_id = {number} ORDER BY id LIMIT {ACCEPTED}').split()
    begun = time.time()
    visitor.ask('/lists/held/held', [('act', 'accept')] + [('id', one) for one in ids])
    found['accept_s'] = time.time() - begun
    if bench.count('SELECT count(*) FROM held WHERE accept_at IS NOT NULL') != ACCEPTED:
        raise RuntimeError('not all were accepted')
    psql(bench, 'UPDATE held SET accept_at = now() WHERE accept_at IS NOT NULL')
    begun = time.time()
    while bench.count(f'SELECT count(*) FROM post WHERE list_id = {number}') < ACCEPTED:
        time.sleep(0.05)
    found['archived_s'] = time.time() - begun
    return found
