-- Posts placed again, and what owners say about threads.

-- Threads that posts touch: their own, those of their copies, of who waits for them or for the same,
-- of whom they name, and of the same conversation.
-- thread_seeds :many list bigint, posts bigint[] -> id bigint
WITH p AS MATERIALIZED (SELECT id, thread_id, rfc_message_id, answers, substring(thread_index FROM 1 FOR 22) AS root FROM post WHERE id = ANY ($2))
SELECT thread_id FROM p
UNION
SELECT c.thread_id FROM p CROSS JOIN LATERAL (SELECT q.thread_id FROM post q WHERE q.list_id = $1 AND q.rfc_message_id = p.rfc_message_id OFFSET 0) c
UNION
SELECT w.thread_id FROM p
CROSS JOIN LATERAL (SELECT r.post_id FROM post_reference r WHERE r.list_id = $1 AND r.rfc_message_id = p.rfc_message_id OFFSET 0) r
JOIN post w ON w.id = r.post_id
UNION
SELECT k.thread_id FROM p CROSS JOIN unnest(p.answers) AS a (mid)
CROSS JOIN LATERAL (SELECT q.thread_id FROM post q WHERE q.list_id = $1 AND q.rfc_message_id = a.mid OFFSET 0) k
UNION
SELECT w.thread_id FROM p CROSS JOIN unnest(p.answers) AS a (mid)
CROSS JOIN LATERAL (SELECT r.post_id FROM post_reference r WHERE r.list_id = $1 AND r.rfc_message_id = a.mid OFFSET 0) r
JOIN post w ON w.id = r.post_id
UNION
SELECT h.thread_id FROM p
CROSS JOIN LATERAL (SELECT q.thread_id FROM post q WHERE q.list_id = $1 AND q.thread_index IS NOT NULL
                    AND substring(q.thread_index FROM 1 FOR 22) = p.root OFFSET 0) h
WHERE p.root IS NOT NULL;

-- Threads whose posts name the same absent messages as posts of these do, or hang on the same Thread-Index.
-- thread_near :many list bigint, threads bigint[] -> id bigint
WITH p AS MATERIALIZED (
    SELECT id, CASE WHEN is_loose THEN substring(thread_index FROM 1 FOR 22) END AS root FROM post
    WHERE thread_id = ANY ($2) AND (missing IS NOT NULL OR is_loose))
SELECT w.thread_id FROM p JOIN post_reference r ON r.post_id = p.id
CROSS JOIN LATERAL (SELECT o.post_id FROM post_reference o WHERE o.list_id = $1 AND o.rfc_message_id = r.rfc_message_id OFFSET 0) o
JOIN post w ON w.id = o.post_id
UNION
SELECT h.thread_id FROM p
CROSS JOIN LATERAL (SELECT q.thread_id FROM post q WHERE q.list_id = $1 AND q.thread_index IS NOT NULL
                    AND substring(q.thread_index FROM 1 FOR 22) = p.root OFFSET 0) h
WHERE p.root IS NOT NULL
UNION
SELECT unnest($2);

-- thread_rows :many threads bigint[], most int -> id bigint, thread bigint, parent bigint, mid text, answers text[], thread_index bytea, missing text, loose bool, copy bool, sha256 bytea
SELECT p.id, p.thread_id, p.parent_id, p.rfc_message_id, p.answers, p.thread_index, p.missing, p.is_loose, p.is_copy, m.sha256
FROM post p JOIN message m ON m.id = p.message_id WHERE p.thread_id = ANY ($1) ORDER BY p.id LIMIT $2;

-- thread_orders :many list bigint, threads bigint[] -> mid text, under text
SELECT DISTINCT ON (o.rfc_message_id) o.rfc_message_id, o.under
FROM thread_order o JOIN thread_change c ON c.id = o.change_id
WHERE o.list_id = $1 AND c.undone_at IS NULL
    AND (EXISTS (SELECT FROM post p WHERE p.list_id = $1 AND p.rfc_message_id = o.rfc_message_id AND p.thread_id = ANY ($2))
         OR EXISTS (SELECT FROM post_reference r JOIN post p ON p.id = r.post_id
                    WHERE r.list_id = $1 AND r.rfc_message_id = o.rfc_message_id AND p.thread_id = ANY ($2)))
ORDER BY o.rfc_message_id, o.change_id DESC;

-- 0 and the empty text are none; flags: 1 loose, 2 copy.
-- thread_move :exec posts bigint[], threads bigint[], parents bigint[], missings text[], flags bigint[]
UPDATE post p SET thread_id = u.thread_id, parent_id = nullif(u.parent_id, 0), missing = nullif(u.missing, ''),
    is_loose = u.flags & 1 <> 0, is_copy = u.flags & 2 <> 0
FROM unnest($1, $2, $3, $4, $5) AS u (id, thread_id, parent_id, missing, flags) WHERE p.id = u.id;

-- What has come needs not be looked for any more, nor what stands behind it.
-- post_reference_drop :exec list bigint, posts bigint[]
DELETE FROM post_reference r USING post p, post_reference f
WHERE p.id = ANY ($2) AND f.list_id = $1 AND f.rfc_message_id = p.rfc_message_id AND r.post_id = f.post_id AND r.position >= f.position;

-- list_hold :one id bigint -> id bigint
SELECT id FROM list WHERE id = $1 FOR NO KEY UPDATE;

-- ---- owners ----

-- By number, hash or Message-ID, whatever was given.
-- thread_post :one list bigint, number bigint, hash text, mid text -> id bigint, thread bigint, parent bigint, number bigint, hash text, mid text, subject text, name text, address text, missing text, is_archived bool
SELECT id, thread_id, parent_id, number, hash, rfc_message_id, subject, from_name, from_address, missing, archived FROM post
WHERE list_id = $1 AND (number = $2 OR hash = $3 OR rfc_message_id = $4) ORDER BY is_copy, id LIMIT 1;

-- thread_leaves :many thread bigint, most int -> id bigint, parent bigint, number bigint, hash text, mid text, missing text, subject text, name text, address text, written_at timestamptz, is_archived bool, is_loose bool, is_copy bool
SELECT id, parent_id, number, hash, rfc_message_id, missing, subject, from_name, from_address, written_at, archived, is_loose, is_copy
FROM post WHERE thread_id = $1 ORDER BY id LIMIT $2;

-- Names of absent messages at the top of a thread.
-- thread_absent :many thread bigint -> mid text
SELECT DISTINCT r.rfc_message_id FROM post p JOIN post_reference r ON r.post_id = p.id
WHERE p.thread_id = $1 AND p.parent_id IS NULL AND p.is_loose ORDER BY 1 LIMIT 1000;

-- thread_change_add :one list bigint, act text, post bigint, target bigint, now timestamptz, mids text[], under text -> id bigint
WITH added AS (
    INSERT INTO thread_change (list_id, act, post_id, target_id, made_at) VALUES ($1, $2, $3, $4, $5) RETURNING id),
orders AS (
    INSERT INTO thread_order (change_id, list_id, rfc_message_id, under)
    SELECT added.id, $1, mid, $7 FROM added CROSS JOIN (SELECT DISTINCT mid FROM unnest($6) AS u (mid)) u)
SELECT id FROM added;

-- thread_change_undo :one list bigint, id bigint, now timestamptz -> act text
UPDATE thread_change SET undone_at = $3 WHERE list_id = $1 AND id = $2 AND undone_at IS NULL RETURNING act;

-- thread_changed :one id bigint -> act text, hash text, number bigint, target_number bigint
SELECT c.act, p.hash, p.number, t.number FROM thread_change c JOIN post p ON p.id = c.post_id LEFT JOIN post t ON t.id = c.target_id WHERE c.id = $1;

-- The posts that a change's orders are about, or wait for: they are placed again.
-- thread_change_posts :many list bigint, change bigint -> id bigint
SELECT p.id FROM thread_order o JOIN post p ON p.list_id = $1 AND p.rfc_message_id = o.rfc_message_id WHERE o.change_id = $2
UNION
SELECT r.post_id FROM thread_order o JOIN post_reference r ON r.list_id = $1 AND r.rfc_message_id = o.rfc_message_id WHERE o.change_id = $2
UNION
SELECT post_id FROM thread_change WHERE id = $2
UNION
SELECT target_id FROM thread_change WHERE id = $2 AND target_id IS NOT NULL;

-- The newest changes of a list that touch a thread (NULL: any).
-- thread_changes :many list bigint, thread bigint, most int -> id bigint, act text, hash text, subject text, target_hash text, target_subject text, made_at timestamptz, undone_at timestamptz
SELECT c.id, c.act, p.hash, p.subject, t.hash, t.subject, c.made_at, c.undone_at
FROM thread_change c JOIN post p ON p.id = c.post_id LEFT JOIN post t ON t.id = c.target_id
WHERE c.list_id = $1 AND ($2::bigint IS NULL OR p.thread_id = $2 OR t.thread_id = $2) ORDER BY c.id DESC LIMIT $3;

-- thread_ids :many list bigint, after bigint, most int -> id bigint
SELECT id FROM thread WHERE list_id = $1 AND id > coalesce($2, 0) ORDER BY id LIMIT $3;

-- thread_post_ids :many threads bigint[] -> id bigint
SELECT id FROM post WHERE thread_id = ANY ($1);
