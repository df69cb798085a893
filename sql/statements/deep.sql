-- deep.sql - what "kairan check --deep" looks for beside the invariants: what is missing, left over, or not as PostgreSQL should have it

-- deep_damages :many attempts_most int -> kind text, what text
-- kind: a row of core/cli/deep.def, which says how it is mended.
WITH address AS (SELECT l.id, l.name || '@' || d.name AS list FROM list l JOIN domain d ON d.id = l.domain_id)
SELECT 'view' AS kind, format('%s: %s posts have nothing that pages show; the first is number %s', a.list, count(*), min(p.number)) AS what
FROM post p JOIN address a ON a.id = p.list_id
WHERE p.archived AND NOT EXISTS (SELECT FROM post_view v WHERE v.post_id = p.id) AND NOT EXISTS (SELECT FROM post_stale s WHERE s.post_id = p.id)
GROUP BY a.list
UNION ALL
SELECT 'search', format('%s: %s posts cannot be found by search; the first is number %s', a.list, count(*), min(p.number))
FROM post p JOIN address a ON a.id = p.list_id
WHERE p.archived AND NOT EXISTS (SELECT FROM post_search v WHERE v.post_id = p.id) AND NOT EXISTS (SELECT FROM post_stale s WHERE s.post_id = p.id)
GROUP BY a.list
UNION ALL
SELECT 'given_up', format('%s: of %s posts what is shown and found could not be made; the first is number %s', a.list, count(*), min(p.number))
FROM post_stale s JOIN post p ON p.id = s.post_id JOIN address a ON a.id = p.list_id WHERE s.attempts >= $1 GROUP BY a.list
UNION ALL
SELECT 'shown', format('%s: %s posts are hidden or deleted, but their text is still kept for pages or search; the first is number %s', a.list, count(*), min(p.number))
FROM post p JOIN address a ON a.id = p.list_id
WHERE NOT p.archived AND (EXISTS (SELECT FROM post_view v WHERE v.post_id = p.id) OR EXISTS (SELECT FROM post_search v WHERE v.post_id = p.id)
    OR EXISTS (SELECT FROM post_part v WHERE v.post_id = p.id))
GROUP BY a.list
UNION ALL
SELECT 'effective', format('%s: the settings that lists are looked up by are missing', a.list)
FROM address a JOIN list l ON l.id = a.id WHERE l.removed_at IS NULL AND NOT EXISTS (SELECT FROM list_effective e WHERE e.list_id = a.id)
UNION ALL
SELECT 'thread', format('%s: %s posts answer one in another thread; the first is number %s', a.list, count(*), min(p.number))
FROM post p JOIN post q ON q.id = p.parent_id JOIN address a ON a.id = p.list_id WHERE q.thread_id <> p.thread_id GROUP BY a.list
UNION ALL
SELECT 'thread', format('%s: %s threads have no posts, or begin with one that is not in them; the first is thread %s', a.list, count(*), min(t.id))
FROM thread t JOIN address a ON a.id = t.list_id
WHERE NOT EXISTS (SELECT FROM post p WHERE p.id = t.first_post_id AND p.thread_id = t.id) GROUP BY a.list
UNION ALL
SELECT 'month', format('%s: %s is said to have %s posts, and has %s', a.list, to_char(coalesce(m.month, n.month), 'YYYY-MM'), coalesce(m.posts, 0), coalesce(n.posts, 0))
FROM list_month m FULL JOIN (SELECT list_id, month, count(*) AS posts FROM post WHERE archived GROUP BY 1, 2) n ON n.list_id = m.list_id AND n.month = m.month
JOIN address a ON a.id = coalesce(m.list_id, n.list_id) WHERE coalesce(m.posts, 0) <> coalesce(n.posts, 0)
UNION ALL
SELECT 'sequence', format('the next %s of table %s would be %s, but there is one with %s', s.attname, s.relname, s.last + 1, s.most)
FROM (SELECT c.relname, a.attname, coalesce(pg_sequence_last_value(pg_get_serial_sequence(quote_ident(c.relname), a.attname)::regclass), 0) AS last,
          CASE WHEN has_table_privilege(c.oid, 'SELECT')
              THEN substring(query_to_xml(format('SELECT max(%I) AS most FROM public.%I', a.attname, c.relname), false, false, '')::text from '<most>(\d+)</most>')::bigint
          END AS most
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attidentity <> '') s
WHERE s.most > s.last
UNION ALL
SELECT 'index', format('the index %s is not valid', i.indexrelid::regclass) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisvalid
UNION ALL
SELECT 'constraint', format('the constraint %s of table %s was never held against its rows', k.conname, k.conrelid::regclass)
FROM pg_constraint k WHERE k.connamespace = 'public'::regnamespace AND NOT k.convalidated
UNION ALL
SELECT 'trigger', format('the trigger %s of table %s is switched off', t.tgname, t.tgrelid::regclass)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'public'::regnamespace AND t.tgenabled = 'D'
UNION ALL
SELECT 'page', format('PostgreSQL has read %s broken pages of this database', checksum_failures)
FROM pg_stat_database WHERE datname = current_database() AND checksum_failures > 0
UNION ALL
SELECT 'token_key', 'there is no key for the tokens in addresses and links' WHERE NOT EXISTS (SELECT FROM token_key)
ORDER BY 1, 2;

-- deep_results :many -> result text
-- How the names of files begin that lie in the spool for somebody.
SELECT result FROM job WHERE state = 'done' AND length(result) >= 16;
