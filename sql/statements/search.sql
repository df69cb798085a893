-- Search: which lists, which posts, what is shown of them; and what the indexer writes. See core/archive/search.h.

-- The lists whose archives one may read on a host, and those among them whose members' addresses one sees. everywhere: how many posts all
-- lists have, about; 0: not known.
-- search_scope :one host text, user bigint, admin bool -> lists bigint[], belongs bigint[], posts bigint, everywhere bigint, oldest timestamptz, newest timestamptz
WITH mine AS (
    SELECT m.list_id, bool_or(m.role = 'member') AS member,
        bool_or(m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])))) AS moderates
    FROM address a JOIN member m ON m.address_id = a.id
    WHERE a.user_id = $2 AND a.verified_at IS NOT NULL AND m.left_at IS NULL AND m.role <> 'nonmember' GROUP BY m.list_id
), seen AS (
    SELECT l.id, l.last_number, x.oldest, x.newest,
        e.archive_addresses <> 'nobody' AND (
            coalesce(mine.moderates OR (mine.member AND e.archive_addresses = 'members'), false) OR o.user_id IS NOT NULL OR $3) AS belongs
    FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
    LEFT JOIN mine ON mine.list_id = l.id
    LEFT JOIN domain_owner o ON o.domain_id = d.id AND o.user_id = $2
    LEFT JOIN search_extent x ON x.list_id = l.id
    WHERE l.removed_at IS NULL AND e.archive_policy <> 'never'
        AND ((e.advertised AND e.archive_policy = 'public') OR mine.list_id IS NOT NULL OR o.user_id IS NOT NULL OR $3)
        AND (d.web_host IN ($1, split_part($1, ':', 1))
             OR NOT EXISTS (SELECT FROM domain w WHERE w.web_host IN ($1, split_part($1, ':', 1))))
)
SELECT coalesce(array_agg(id ORDER BY id), '{}'), coalesce(array_agg(id ORDER BY id) FILTER (WHERE belongs), '{}'),
    coalesce(sum(last_number), 0)::bigint, (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'post_search'::regclass),
    min(oldest), max(newest)
FROM seen;

-- search_extent_of :one list bigint -> posts bigint, everywhere bigint, oldest timestamptz, newest timestamptz
SELECT l.last_number, (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'post_search'::regclass), x.oldest, x.newest
FROM list l LEFT JOIN search_extent x ON x.list_id = l.id WHERE l.id = $1;

-- search_extent_together :one lists bigint[] -> posts bigint, oldest timestamptz, newest timestamptz
SELECT coalesce(sum(l.last_number), 0)::bigint, min(x.oldest), max(x.newest)
FROM list l LEFT JOIN search_extent x ON x.list_id = l.id WHERE l.id = ANY ($1);

-- search_lists_all :one -> lists bigint[], posts bigint, everywhere bigint, oldest timestamptz, newest timestamptz
SELECT coalesce(array_agg(l.id ORDER BY l.id), '{}'), coalesce(sum(l.last_number), 0)::bigint,
    (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'post_search'::regclass), min(x.oldest), max(x.newest)
FROM list l LEFT JOIN search_extent x ON x.list_id = l.id WHERE l.removed_at IS NULL;

-- search_list_names :many lists bigint[] -> id bigint, name text, domain text, title text
SELECT l.id, l.name, d.name, e.display_name FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
WHERE l.id = ANY ($1) ORDER BY l.name, d.name;

-- Until the transaction ends each statement has one plan whatever its values, and that asks the index of words.
-- search_plan :one -> mode text, seqscan text
SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true);

-- Lists: none where the question has their marks. A row's list is not looked at either while no other list has anything that can be found;
-- that is asked in the same statement, as another list may begin at any moment.

-- The newest hits before a place, of a time of which the question holds the marks. Where the total is `most` there were more, and those that
-- are named need not be the newest.
-- search_hits :many question text, lists bigint[], before timestamptz, before_id bigint, since timestamptz, most int, shown int -> post_id bigint, list_id bigint, at timestamptz, total bigint, last_at timestamptz
SELECT post_id, list_id, at, count(*) OVER (), min(at) OVER () FROM (
    SELECT s.post_id, s.list_id, s.at FROM post_search s
    WHERE s.words @@ $1::tsquery AND ((SELECT cardinality($2) = 0 OR NOT EXISTS (SELECT FROM search_extent x WHERE x.list_id NOT IN (SELECT unnest($2))))
            OR (s.list_id IN (SELECT unnest($2))) IS TRUE) AND s.at >= $5 AND (s.at, s.post_id) < ($3, $4)
    LIMIT $6) hit
ORDER BY at DESC, post_id DESC LIMIT $7;

-- search_count :one question text, lists bigint[], before timestamptz, since timestamptz, most int -> total bigint
SELECT count(*) FROM (
    SELECT FROM post_search s
    WHERE s.words @@ $1::tsquery AND ((SELECT cardinality($2) = 0 OR NOT EXISTS (SELECT FROM search_extent x WHERE x.list_id NOT IN (SELECT unnest($2))))
            OR (s.list_id IN (SELECT unnest($2))) IS TRUE) AND s.at >= $4 AND s.at < $3 LIMIT $5) hit;

-- The newest with what they are proved on: so many letters of it at least.
-- search_candidates :many question text, lists bigint[], before timestamptz, before_id bigint, since timestamptz, most int, letters int -> post_id bigint, list_id bigint, at timestamptz, folded text
SELECT post_id, list_id, at, CASE WHEN octet_length(folded) <= $7 THEN folded ELSE left(folded, $7) END FROM (
    SELECT s.post_id, s.list_id, s.at, s.folded FROM post_search s
    WHERE s.words @@ $1::tsquery AND ((SELECT cardinality($2) = 0 OR NOT EXISTS (SELECT FROM search_extent x WHERE x.list_id NOT IN (SELECT unnest($2))))
            OR (s.list_id IN (SELECT unnest($2))) IS TRUE) AND s.at >= $5 AND (s.at, s.post_id) < ($3, $4)
    ORDER BY s.at DESC, s.post_id DESC LIMIT $6) hit
ORDER BY at DESC, post_id DESC;

-- search_shown :many posts bigint[], letters int -> id bigint, list_id bigint, number bigint, hash text, subject text, from_name text, from_address text, accepted_at timestamptz, excerpt text, body text, language text, list_title text, list_language text, slug text
SELECT p.id, p.list_id, p.number, p.hash, p.subject, p.from_name, p.from_address, p.accepted_at, p.excerpt,
    CASE WHEN octet_length(v.body) <= $2 THEN v.body ELSE left(v.body, $2) END, v.language, e.display_name, e.preferred_language,
    CASE WHEN EXISTS (SELECT FROM list o JOIN domain x ON x.id = o.domain_id
                      WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL AND x.web_host = d.web_host)
        THEN l.name || '.' || d.name ELSE l.name END
FROM unnest($1) WITH ORDINALITY AS w (id, n) JOIN post p ON p.id = w.id AND p.archived
JOIN list l ON l.id = p.list_id AND l.removed_at IS NULL JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
LEFT JOIN post_view v ON v.post_id = p.id ORDER BY w.n;

-- search_authors :many posts bigint[], most int -> name text, address text, posts bigint
SELECT max(from_name), from_address, count(*) FROM post WHERE id = ANY ($1) AND archived
GROUP BY from_address ORDER BY count(*) DESC, from_address LIMIT $2;

-- And from when to when their lists have posts.
-- search_put :exec posts bigint[], lists bigint[], version int, times timestamptz[], folded text[], words tsvector[]
WITH fresh AS (SELECT * FROM unnest($1, $2, $4, $5, $6) AS u (post_id, list_id, at, folded, words)),
put AS (
    INSERT INTO post_search (post_id, list_id, version, at, folded, words) SELECT post_id, list_id, $3, at, folded, words FROM fresh
    ON CONFLICT (post_id) DO UPDATE SET list_id = excluded.list_id, version = excluded.version, at = excluded.at, folded = excluded.folded,
        words = excluded.words
    WHERE (post_search.version, post_search.at, post_search.folded) IS DISTINCT FROM (excluded.version, excluded.at, excluded.folded)
        OR post_search.words <> excluded.words)
INSERT INTO search_extent (list_id, oldest, newest)
SELECT list_id, min(at), max(at) FROM unnest($2, $4) AS u (list_id, at) GROUP BY list_id ORDER BY list_id
ON CONFLICT (list_id) DO UPDATE SET oldest = least(search_extent.oldest, excluded.oldest),
    newest = greatest(search_extent.newest, excluded.newest)
WHERE search_extent.oldest > excluded.oldest OR search_extent.newest < excluded.newest;

-- Words that wait are put in their places in the index.
-- search_merge :exec
SELECT search_merge();

-- ---- saved searches ----

-- A list has title and slug only where its page may be seen, as may() says of RIGHT_SEE: it may be called otherwise by now.
-- saved_searches :many user bigint, admin bool -> id bigint, list_id bigint, list_title text, list_slug text, name text, query text, created_at timestamptz
SELECT s.id, s.list_id, CASE WHEN w.is_seen THEN e.display_name END,
    CASE WHEN NOT w.is_seen THEN NULL
        WHEN EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL)
        THEN l.name || '.' || d.name ELSE l.name END,
    s.name, s.query, s.created_at
FROM saved_search s LEFT JOIN list l ON l.id = s.list_id LEFT JOIN domain d ON d.id = l.domain_id
LEFT JOIN list_effective e ON e.list_id = s.list_id
CROSS JOIN LATERAL (SELECT
    (l.removed_at IS NULL AND ($2 OR e.advertised
        OR EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
                   WHERE m.list_id = l.id AND a.user_id = $1 AND a.verified_at IS NOT NULL AND m.left_at IS NULL AND m.role <> 'nonmember')
        OR EXISTS (SELECT FROM domain_owner o WHERE o.domain_id = l.domain_id AND o.user_id = $1))) IS TRUE AS is_seen) w
WHERE s.user_id = $1 ORDER BY s.name, s.id LIMIT 100;

-- No more than 50 of one account.
-- saved_search_add :exec user bigint, list bigint, name text, query text, hash bytea, now timestamptz
INSERT INTO saved_search (user_id, list_id, name, query, token_hash, created_at)
SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM saved_search WHERE user_id = $1) < 50;

-- saved_search_remove :exec id bigint, user bigint
DELETE FROM saved_search WHERE id = $1 AND user_id = $2;

-- saved_search_find :one hash bytea -> id bigint, user_id bigint, list_id bigint, name text, query text, created_at timestamptz, is_admin bool, language text
SELECT s.id, s.user_id, s.list_id, s.name, s.query, s.created_at, u.is_admin, u.preferred_language
FROM saved_search s JOIN site_user u ON u.id = s.user_id WHERE s.token_hash = $1;
