"""What settings cost: their pages, the question what a choice would change, and changing many lists at once."""
import re
import time

import members
from visit import Visitor, psql, sign_in

VIEWS, LISTS = 200, 300
OTHERS = {'directory': '/', 'list': '/lists/settings/', 'me': '/me/', 'admin': '/admin/', 'accounts': '/admin/users', 'domains': '/admin/domains/'}
POSTS = """
WITH m AS (INSERT INTO message (list_id, state, bytes, size, sha256, sender, recipient, kind, received_at)
           SELECT {list}, 'accepted', 'x', n * 1000, '', '', '', 'post', now() FROM generate_series(1, 100) n RETURNING id, size / 1000 AS n),
t AS (INSERT INTO thread (list_id, subject, posts, first_post_id, last_post_id, started_at, last_at)
      VALUES ({list}, 'x', 100, 0, 0, now(), now()) RETURNING id),
p AS (INSERT INTO post (list_id, number, message_id, thread_id, rfc_message_id, hash, subject, from_name, from_address, written_at, accepted_at,
                        month, archived, attachments, excerpt)
      SELECT {list}, m.n, m.id, t.id, m.n || '@x', 'H' || m.n, 'x', 'x', 'x', now(), now(), date_trunc('month', now())::date, true, 0, 'x' FROM m, t
      RETURNING id, message_id, number),
v AS (INSERT INTO variant (post_id, kind, head, body_offset, body_sha256, eightbit, proof)
      SELECT id, 'kept', 'x', 0, '', false, 'x' FROM p WHERE number % 3 > 0)
INSERT INTO judgement (message_id, action, rule, reason, hits, misses, facts, judged_at)
SELECT message_id, 'accept', 'default', 'x', '{{}}', '{{a,b,c,d,e,f,g,h,i,j}}', jsonb_build_object('author', 'a' || number % 60 || '@people.example.org',
    'author_state', 'member', 'size', number * 1000, 'to_addresses', number % 12, 'has_subject', true, 'dmarc_policy', 'reject'), now() FROM p"""


def measure(bench, domain):
    members.ensure_huge(bench)
    address = bench.list('settings', 0)
    psql(bench, POSTS.format(list=psql(bench, "SELECT id FROM list WHERE name = 'settings'")))
    for i in range(LISTS):
        psql(bench, f"INSERT INTO list (domain_id, name, created_at) SELECT id, 'many{i}', now() FROM domain WHERE name = '{domain}'")
    psql(bench, "INSERT INTO list_effective SELECT (jsonb_populate_record(e, jsonb_build_object('list_id', l.id))).* FROM list_effective e"
                " JOIN list o ON o.id = e.list_id AND o.name = 'settings' JOIN list l ON l.name ~ '^many[0-9]+$' ON CONFLICT (list_id) DO NOTHING")
    psql(bench, 'ANALYZE')
    visitor = Visitor(bench, sign_in(bench))
    groups = sorted(set(re.findall(r'/lists/settings/settings/(\w+)"', visitor.ask('/lists/settings/settings/list_identity'))))
    by_group = {group: visitor.cpu_ms([f'/lists/settings/settings/{group}'], VIEWS) for group in groups}
    effect = [('ask', 'subject_prefix'), ('has.subject_prefix', '1'), ('set.subject_prefix', '[Bench]')]
    if 'would lose' not in visitor.ask('/lists/settings/setting/effect', effect):
        raise RuntimeError('the effect is not told')
    found = {'page_ms': sum(by_group.values()) / len(by_group), 'dearest_ms': max(by_group.values()), 'by_group': by_group,
             'effect_ms': visitor.cpu_ms(['/lists/settings/setting/effect'], VIEWS, effect),
             'find_ms': visitor.cpu_ms(['/admin/lists?setting=max_message_size&sign=%3E&value=500'], VIEWS // 4)}
    for name, path in OTHERS.items():
        found[name + '_ms'] = visitor.cpu_ms([path], VIEWS // 4)
    begun = time.time()
    bench.stack.kairan.command('list', 'set', '--where', 'address~many', 'max_message_size=600')
    return {**found, 'apply_s': time.time() - begun, 'address': address}
