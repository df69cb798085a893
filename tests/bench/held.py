"""What the held queue costs: its first page among 5,000, and accepting 100 at once."""
import re
import time
import urllib.parse

import pages
from settings import cpu_of, psql, sign_in

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
    bench.list('held', 0)
    number = psql(bench, "SELECT id FROM list WHERE name = 'held'")
    psql(bench, HELD.format(list=number, count=WAITING))
    psql(bench, 'ANALYZE')
    cookies, path = sign_in(bench), bench.stack.socket('web', 'web.sock')

    def ask(page, form=None):
        status, answer = pages.ask(page, path, cookies, None if form is None else urllib.parse.urlencode(form).encode())
        if status not in (200, 303):
            raise RuntimeError(f'{page}: {status}')
        return answer.decode()

    if ask('/lists/held/held').count('name="id"') != 50:
        raise RuntimeError('the first page does not show 50 posts')
    mark = re.search(r'name="form" value="(\w+)"', ask('/language'))[1]
    found = {'page_ms': cpu_of(bench, lambda: ask('/lists/held/held'), VIEWS), 'search_ms': cpu_of(bench, lambda: ask('/lists/held/held?q=Post+4999'), 20)}
    ids = psql(bench, f'SELECT id FROM held WHERE list_id = {number} ORDER BY id LIMIT {ACCEPTED}').split()
    begun = time.time()
    ask('/lists/held/held', [('act', 'accept'), ('form', mark)] + [('id', one) for one in ids])
    found['accept_s'] = time.time() - begun
    if bench.count('SELECT count(*) FROM held WHERE accept_at IS NOT NULL') != ACCEPTED:
        raise RuntimeError('not all were accepted')
    psql(bench, 'UPDATE held SET accept_at = now() WHERE accept_at IS NOT NULL')
    begun = time.time()
    while bench.count(f'SELECT count(*) FROM post WHERE list_id = {number}') < ACCEPTED:
        time.sleep(0.05)
    found['archived_s'] = time.time() - begun
    return found
