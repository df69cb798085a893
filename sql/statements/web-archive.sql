-- Reading the archive. Only archived posts are ever named here.

-- The newest threads; or of the newest `among` those with the most posts. A line names those who wrote the first twelve.
-- web_threads :many list bigint, before timestamptz, before_id bigint, most int, among int, by_posts bool -> id bigint, hash text, subject text, posts int, last_at timestamptz, excerpt text, authors text[], addresses text[]
SELECT t.id, f.hash, thread_title(t.id, t.subject), t.posts, t.last_at, f.excerpt, f.names, f.addresses
FROM (SELECT n.* FROM (SELECT t.id, t.subject, t.posts, t.last_at FROM thread t
                       WHERE t.list_id = $1 AND t.posts > 0 AND ($2::timestamptz IS NULL OR (t.last_at, t.id) < ($2, $3))
                       ORDER BY t.last_at DESC, t.id DESC LIMIT $5) n
      ORDER BY CASE WHEN $6 THEN n.posts END DESC NULLS LAST, n.last_at DESC, n.id DESC LIMIT $4) t
CROSS JOIN LATERAL (
    SELECT (array_agg(p.hash))[1] AS hash, (array_agg(p.excerpt))[1] AS excerpt, array_agg(p.from_name) AS names,
        array_agg(p.from_address) AS addresses
    FROM (SELECT p.hash, p.excerpt, p.from_name, p.from_address FROM post p WHERE p.thread_id = t.id AND p.archived
          ORDER BY p.id LIMIT 12) p) f
WHERE f.hash IS NOT NULL
ORDER BY CASE WHEN $6 THEN t.posts END DESC NULLS LAST, t.last_at DESC, t.id DESC;

-- All posts of the thread that a post is in, without what they say; of those that owners removed, that they were there; of others
-- that are not shown only their place, for what hangs on them, unless only what is shown is wanted. The thread's address is the hash of
-- the lowest id that is shown.
-- web_thread_outline :many list bigint, hash text, after bigint, most int, only_shown bool -> thread_id bigint, subject text, id bigint, parent_id bigint, hash text, from_name text, from_address text, accepted_at timestamptz, attachments int, anonymous bool, is_removed bool, missing text, is_copy bool, is_shown bool
SELECT t.id, t.title, p.id, p.parent_id, p.hash, p.from_name, p.from_address, p.accepted_at, p.attachments, p.anonymous, NOT p.archived,
    p.missing, p.is_copy, p.archived OR coalesce(p.removed IN ('hidden', 'deleted'), false)
FROM (SELECT t.id, thread_title(t.id, t.subject) AS title FROM post q JOIN thread t ON t.id = q.thread_id
      WHERE q.list_id = $1 AND q.hash = $2 AND (q.archived OR q.removed IN ('hidden', 'deleted')) OFFSET 0) t
JOIN post p ON p.thread_id = t.id AND p.id > coalesce($3, 0)
WHERE NOT $5 OR p.archived OR coalesce(p.removed IN ('hidden', 'deleted'), false) ORDER BY p.id LIMIT $4;

-- Of a thread that is too long to be put in order as a whole: how many posts there are, up to `at` (counted to 100,000) and up to the
-- page's end; after which posts the page before, the last page and that of the post after `at` begin (NULL: the first page). Only what
-- is shown counts: `at` is no key where its post is not.
-- web_thread_turn :one thread bigint, at bigint, most int -> posts int, last_at timestamptz, is_here bool, before bigint, previous bigint, newest bigint, alone bigint
WITH shown AS NOT MATERIALIZED (
    SELECT p.id FROM post p WHERE p.thread_id = $1 AND (p.archived OR coalesce(p.removed IN ('hidden', 'deleted'), false)))
SELECT t.posts, t.last_at, EXISTS (SELECT FROM shown p WHERE p.id = $2),
    (SELECT count(*) FROM (SELECT FROM shown p WHERE p.id <= $2 LIMIT 100000) n),
    (SELECT p.id FROM shown p WHERE p.id <= $2 ORDER BY p.id DESC OFFSET $3 LIMIT 1),
    (SELECT p.id FROM shown p ORDER BY p.id DESC OFFSET $3 LIMIT 1),
    (SELECT p.id FROM shown p WHERE p.id < $2 ORDER BY p.id DESC LIMIT 1)
FROM thread t WHERE t.id = $1;

-- In the order of the ids given. The bytes come only where no view of this version is kept.
-- web_thread_posts :many ids bigint[], version int -> id bigint, number bigint, hash text, subject text, from_name text, from_address text, written_at timestamptz, accepted_at timestamptz, parent_hash text, parent_name text, parent_address text, parent_subject text, bytes bytea, size int, signed_by text, anonymous bool, body text, language text, reaction text, broken text[], is_cut bool, parts int
SELECT p.id, p.number, p.hash, p.subject, p.from_name, p.from_address, p.written_at, p.accepted_at,
    a.hash, a.from_name, a.from_address, a.subject,
    CASE WHEN v.post_id IS NULL THEN substring(message_seen(m.bytes, m.masks) FOR 524288) END, m.size,
    (SELECT r.domain FROM auth_result r WHERE NOT p.anonymous AND r.message_id = m.id AND r.method = 'dkim' AND r.result = 'pass' AND r.aligned ORDER BY r.position LIMIT 1),
    p.anonymous, v.body, v.language, v.reaction, v.broken, v.is_cut, v.parts
FROM unnest($1) WITH ORDINALITY AS u (id, n) JOIN post p ON p.id = u.id JOIN message m ON m.id = p.message_id
LEFT JOIN post a ON a.id = p.parent_id AND a.archived LEFT JOIN post_view v ON v.post_id = p.id AND v.version = $2
WHERE p.archived ORDER BY u.n;

-- The thread beside that of a post, in the order of the list's page; a row without a hash when it is the last.
-- web_thread_beside :one list bigint, hash text, older bool -> hash text
SELECT CASE WHEN $3 THEN (SELECT f.hash FROM thread x
    JOIN LATERAL (SELECT p.hash FROM post p WHERE p.thread_id = x.id AND p.archived ORDER BY p.id LIMIT 1) f ON true
    WHERE x.list_id = t.list_id AND (x.last_at, x.id) < (t.last_at, t.id) ORDER BY x.last_at DESC, x.id DESC LIMIT 1)
ELSE (SELECT f.hash FROM thread x
    JOIN LATERAL (SELECT p.hash FROM post p WHERE p.thread_id = x.id AND p.archived ORDER BY p.id LIMIT 1) f ON true
    WHERE x.list_id = t.list_id AND (x.last_at, x.id) > (t.last_at, t.id) ORDER BY x.last_at, x.id LIMIT 1) END
FROM post q JOIN thread t ON t.id = q.thread_id WHERE q.list_id = $1 AND q.hash = $2 AND q.archived;

-- Of a longer text than is kept the bytes come as well; with version 0 they always do.
-- web_post :one list bigint, hash text, most int, version int -> id bigint, number bigint, hash text, subject text, from_name text, from_address text, written_at timestamptz, accepted_at timestamptz, parent_hash text, parent_name text, parent_address text, parent_subject text, bytes bytea, size int, signed_by text, thread_hash text, previous_hash text, next_hash text, month text, anonymous bool, body text, language text, has_html bool, reaction text, broken text[], is_cut bool, parts int, message_id bigint
SELECT p.id, p.number, p.hash, p.subject, p.from_name, p.from_address, p.written_at, p.accepted_at,
    a.hash, a.from_name, a.from_address, a.subject,
    CASE WHEN v.post_id IS NULL OR v.is_cut THEN substring(message_seen(m.bytes, m.masks) FOR $3) END, m.size,
    (SELECT r.domain FROM auth_result r WHERE NOT p.anonymous AND r.message_id = m.id AND r.method = 'dkim' AND r.result = 'pass' AND r.aligned ORDER BY r.position LIMIT 1),
    (SELECT x.hash FROM post x WHERE x.thread_id = p.thread_id AND x.archived ORDER BY x.id LIMIT 1),
    (SELECT x.hash FROM post x WHERE x.list_id = p.list_id AND x.number < p.number AND x.archived ORDER BY x.number DESC LIMIT 1),
    (SELECT x.hash FROM post x WHERE x.list_id = p.list_id AND x.number > p.number AND x.archived ORDER BY x.number LIMIT 1),
    to_char(p.month, 'YYYY/MM'), p.anonymous, v.body, v.language, v.has_html, v.reaction, v.broken, v.is_cut, v.parts, p.message_id
FROM post p JOIN message m ON m.id = p.message_id LEFT JOIN post a ON a.id = p.parent_id AND a.archived
    LEFT JOIN post_view v ON v.post_id = p.id AND v.version = $4
WHERE p.list_id = $1 AND p.hash = $2 AND p.archived;

-- web_post_parts :many posts bigint[] -> post_id bigint, position int, part int, kind text, name text, type text, size int
SELECT q.post_id, q.position, q.part, q.kind, q.name, q.type, q.size FROM post_part q JOIN post p ON p.id = q.post_id
WHERE q.post_id = ANY ($1) AND p.archived ORDER BY q.post_id, q.position;

-- web_post_reactions :many post bigint, most int -> reaction text, from_name text, from_address text
SELECT v.reaction, p.from_name, p.from_address FROM post p JOIN post_view v ON v.post_id = p.id
WHERE p.parent_id = $1 AND p.archived AND v.reaction IS NOT NULL ORDER BY p.id LIMIT $2;

-- web_months :many list bigint -> year int, month int, posts bigint
SELECT extract(year FROM month)::int, extract(month FROM month)::int, posts FROM list_month
WHERE list_id = $1 AND posts > 0 ORDER BY month DESC;

-- web_month :one list bigint, month date -> posts bigint, before text, after text
SELECT m.posts,
    (SELECT to_char(x.month, 'YYYY/MM') FROM list_month x WHERE x.list_id = $1 AND x.month < $2 AND x.posts > 0 ORDER BY x.month DESC LIMIT 1),
    (SELECT to_char(x.month, 'YYYY/MM') FROM list_month x WHERE x.list_id = $1 AND x.month > $2 AND x.posts > 0 ORDER BY x.month LIMIT 1)
FROM list_month m WHERE m.list_id = $1 AND m.month = $2 AND m.posts > 0;

-- Threads that had a post in the month, by the first of it; posts and authors are the month's.
-- web_month_threads :many list bigint, month date, after bigint, most int -> first bigint, first_hash text, thread_hash text, subject text, posts bigint, at timestamptz, excerpt text, authors text[], addresses text[]
SELECT g.first, p.hash, f.hash, thread_title(t.id, t.subject), g.posts, p.accepted_at, p.excerpt, n.names, n.addresses
FROM (SELECT thread_id, min(id) AS first, count(*) AS posts FROM post WHERE list_id = $1 AND month = $2 AND archived
      GROUP BY thread_id HAVING $3::bigint IS NULL OR min(id) > $3 ORDER BY min(id) LIMIT $4) g
JOIN thread t ON t.id = g.thread_id JOIN post p ON p.id = g.first
CROSS JOIN LATERAL (
    SELECT array_agg(x.from_name) AS names, array_agg(x.from_address) AS addresses
    FROM (SELECT x.from_name, x.from_address FROM post x
          WHERE x.thread_id = g.thread_id AND x.id >= g.first AND x.month = $2 AND x.archived ORDER BY x.id LIMIT 12) x) n
JOIN LATERAL (SELECT x.hash FROM post x WHERE x.thread_id = t.id AND x.archived ORDER BY x.id LIMIT 1) f ON true
ORDER BY g.first;

-- web_month_posts :many list bigint, month date, after bigint, most int -> id bigint, number bigint, hash text, subject text, from_name text, from_address text, accepted_at timestamptz
SELECT id, number, hash, subject, from_name, from_address, accepted_at FROM post
WHERE list_id = $1 AND month = $2 AND archived AND ($3::bigint IS NULL OR id > $3) ORDER BY id LIMIT $4;

-- Who wrote a post, unless the list hides that: how they called themselves last, and the first of their posts, which is the page's address.
-- web_author :one list bigint, hash text, most int -> address text, name text, first_hash text, posts bigint
SELECT p.from_address,
    (SELECT x.from_name FROM post x WHERE x.list_id = $1 AND lower(x.from_address) = lower(p.from_address) AND x.archived AND NOT x.anonymous
     ORDER BY x.id DESC LIMIT 1),
    (SELECT x.hash FROM post x WHERE x.list_id = $1 AND lower(x.from_address) = lower(p.from_address) AND x.archived AND NOT x.anonymous
     ORDER BY x.id LIMIT 1),
    (SELECT count(*) FROM (SELECT FROM post x WHERE x.list_id = $1 AND lower(x.from_address) = lower(p.from_address) AND x.archived
                           AND NOT x.anonymous LIMIT $3) c)
FROM post p WHERE p.list_id = $1 AND p.hash = $2 AND p.archived AND NOT p.anonymous AND p.from_address <> '';

-- web_author_posts :many list bigint, address text, before bigint, most int -> id bigint, hash text, subject text, excerpt text, accepted_at timestamptz
SELECT id, hash, subject, excerpt, accepted_at FROM post
WHERE list_id = $1 AND lower(from_address) = lower($2) AND archived AND NOT anonymous AND ($3::bigint IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4;

-- Where in the message's bytes it stands, unless it is packed in something: then body_end is 0.
-- web_attachment :one list bigint, hash text, position int, version int -> message_id bigint, part int, name text, type text, body_start int, body_end int, encoding text
SELECT p.message_id, q.part, q.name, q.type, q.body_start, q.body_end, q.encoding
FROM post p JOIN post_view v ON v.post_id = p.id AND v.version = $4 JOIN post_part q ON q.post_id = p.id AND q.position = $3
WHERE p.list_id = $1 AND p.hash = $2 AND p.archived;

-- From the byte counted from 1. Without masks only the piece is read from the disk.
-- web_message_slice :one message bigint, first int, len int -> bytes bytea
SELECT CASE WHEN masks IS NULL THEN substring(bytes FROM $2 FOR $3) ELSE substring(message_seen(bytes, masks) FROM $2 FOR $3) END
FROM message WHERE id = $1;

-- The newest first; of one post in the order of the post.
-- web_files :many list bigint, post bigint, position int, most int -> post_id bigint, hash text, subject text, from_name text, from_address text, accepted_at timestamptz, position int, kind text, name text, type text, size int
SELECT p.id, p.hash, p.subject, p.from_name, p.from_address, p.accepted_at, q.position, q.kind, q.name, q.type, q.size
FROM post p JOIN post_part q ON q.post_id = p.id AND q.kind <> 'sealed'
WHERE p.list_id = $1 AND p.archived AND p.attachments > 0
    AND ($2::bigint IS NULL OR (p.id <= $2 AND (p.id < $2 OR q.position > $3)))
ORDER BY p.id DESC, q.position LIMIT $4;
