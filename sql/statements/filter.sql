-- Header filters: the lists', the domains' and (list and domain NULL) the site's.

-- filter_stamp :one list bigint -> filters bigint, filter_sum bigint, bans bigint, ban_sum bigint
-- What is kept compiled is as it was while these are.
SELECT f.n, f.total, b.n, b.total
FROM (SELECT count(*) AS n, coalesce(sum(revision), 0)::bigint AS total FROM list_header_filter WHERE for_list = $1) f,
     (SELECT count(*) AS n, coalesce(sum(id), 0)::bigint AS total FROM list_ban WHERE left(pattern, 1) = '^' AND for_list = $1) b;

-- filter_all :many list bigint, domain bigint -> id bigint, list_id bigint, domain_id bigint, fields text[], patterns text[], action text, reject_text text, note text
-- In the order in which they are asked: the site's, the domain's, the list's.
SELECT f.id, f.list_id, f.domain_id, f.fields, f.patterns, f.action, f.reject_text, f.note FROM header_filter f
WHERE f.list_id = $1 OR f.domain_id = coalesce($2, (SELECT l.domain_id FROM list l WHERE l.id = $1))
    OR (f.list_id IS NULL AND f.domain_id IS NULL)
ORDER BY f.list_id NULLS FIRST, f.domain_id NULLS FIRST, f.position, f.id;

-- filter_of :many list bigint, domain bigint -> id bigint, fields text[], patterns text[], action text, reject_text text, note text, hits bigint, last_hit_at timestamptz, costly bigint, changed_by text, changed_at timestamptz
SELECT id, fields, patterns, action, reject_text, note, hits, last_hit_at, costly, changed_by, changed_at
FROM header_filter WHERE list_id IS NOT DISTINCT FROM $1 AND domain_id IS NOT DISTINCT FROM $2 ORDER BY position, id;

-- filter_lock :exec list bigint, domain bigint
-- Two people do not number the same filters at once. Advisory, as there may be no row yet.
SELECT pg_advisory_xact_lock(4713, (coalesce($1, -$2, 0) % 2147483647)::int);

-- filter_add :one list bigint, domain bigint, fields text[], patterns text[], action text, reject_text text, note text, actor text, now timestamptz -> id bigint
INSERT INTO header_filter (list_id, domain_id, position, fields, patterns, action, reject_text, note, changed_by, changed_at)
SELECT $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8, $9 FROM header_filter
WHERE list_id IS NOT DISTINCT FROM $1 AND domain_id IS NOT DISTINCT FROM $2
RETURNING id;

-- filter_change :exec list bigint, domain bigint, id bigint, fields text[], patterns text[], action text, reject_text text, note text, actor text, now timestamptz
UPDATE header_filter SET fields = $4, patterns = $5, action = $6, reject_text = $7, note = $8, changed_by = $9, changed_at = $10,
    revision = nextval('header_filter_revision'), costly = 0
WHERE list_id IS NOT DISTINCT FROM $1 AND domain_id IS NOT DISTINCT FROM $2 AND id = $3;

-- filter_remove :exec list bigint, domain bigint, id bigint
DELETE FROM header_filter WHERE list_id IS NOT DISTINCT FROM $1 AND domain_id IS NOT DISTINCT FROM $2 AND id = $3;

-- filter_place :exec ids bigint[]
-- In the order of the array.
UPDATE header_filter f SET position = u.place::int, revision = nextval('header_filter_revision')
FROM unnest($1) WITH ORDINALITY AS u (id, place) WHERE f.id = u.id AND f.position <> u.place;

-- filter_hit :exec id bigint, now timestamptz
UPDATE header_filter SET hits = hits + 1, last_hit_at = $2 WHERE id = $1;

-- filter_costly :exec id bigint
UPDATE header_filter SET costly = costly + 1 WHERE id = $1;

-- filter_copy :exec from_list bigint, to_list bigint, actor text, now timestamptz
INSERT INTO header_filter (list_id, position, fields, patterns, action, reject_text, note, changed_by, changed_at)
SELECT $2, f.position + (SELECT coalesce(max(o.position), 0) FROM header_filter o WHERE o.list_id = $2), f.fields, f.patterns, f.action,
    f.reject_text, f.note, $3, $4
FROM header_filter f WHERE f.list_id = $1 ORDER BY f.position, f.id LIMIT 500;

-- topic_copy :exec from_list bigint, to_list bigint
INSERT INTO topic (list_id, name, pattern, description) SELECT $2, name, pattern, description FROM topic WHERE list_id = $1
ON CONFLICT DO NOTHING;
