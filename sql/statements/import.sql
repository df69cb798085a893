-- Archives from elsewhere: runs of the import, and messages that enter as posts many at a time.

-- A run that was broken off goes on in its row: the list is private until it ends.
-- import_begin :one list bigint, who text, now timestamptz -> id bigint
INSERT INTO import_run (list_id, started_by, started_at) VALUES ($1, $2, $3)
ON CONFLICT (list_id) WHERE ended_at IS NULL DO UPDATE SET started_by = excluded.started_by RETURNING id;

-- import_end :exec list bigint, added bigint, known bigint, left_out bigint, now timestamptz
WITH ended AS (
    UPDATE import_run SET added = coalesce($2, 0), known = coalesce($3, 0), left_out = coalesce($4, 0), ended_at = $5
    WHERE list_id = $1 AND ended_at IS NULL RETURNING list_id)
SELECT archive_note('list', list_id, 'look', NULL) FROM ended;

-- import_open :one list bigint -> started_at timestamptz
SELECT started_at FROM import_run WHERE list_id = $1 AND ended_at IS NULL;

-- import_lock :one list bigint -> last_number bigint
SELECT last_number FROM list WHERE id = $1 FOR UPDATE;

-- import_numbers :one list bigint, fresh bigint -> before bigint
UPDATE list SET last_number = last_number + $2 WHERE id = $1 RETURNING last_number - $2;

-- What the list has of these Message-IDs, and what it had under these hashes before something was taken out of it (mid NULL). OFFSET 0
-- has each looked up by its key.
-- import_known :many list bigint, mids text[], hashes bytea[] -> mid text, sha256 bytea
SELECT p.rfc_message_id, p.sha256 FROM unnest($2) AS u (mid)
CROSS JOIN LATERAL (SELECT q.rfc_message_id, m.sha256 FROM post q JOIN message m ON m.id = q.message_id
                    WHERE q.list_id = $1 AND q.rfc_message_id = u.mid OFFSET 0) p
UNION ALL
SELECT NULL, h.first_sha256 FROM unnest($3) AS u (hash)
CROSS JOIN LATERAL (SELECT m.first_sha256 FROM message m WHERE m.list_id = $1 AND m.first_sha256 = u.hash OFFSET 0) h;

-- Until the transaction ends notes of changes are silent (sql/migrations/*-import-quiet.sql), and plans are made for any list: of this one
-- the statistics know nothing yet.
-- import_quiet :one -> quiet text, plans text
SELECT set_config('kairan.quiet', 'on', true), set_config('plan_cache_mode', 'force_generic_plan', true);

-- Plans made while the tables were smaller take any index of a list for as good as another; soon they would read all of it.
-- import_plan_anew :exec
DISCARD PLANS;

-- The first post of each Message-ID.
-- import_posts_of :many list bigint, mids text[] -> mid text, id bigint
SELECT DISTINCT ON (rfc_message_id) rfc_message_id, id FROM post
WHERE list_id = $1 AND rfc_message_id = ANY ($2) AND archived ORDER BY rfc_message_id, number;

-- Ids grow with the order of the arrays.
-- import_messages :many list bigint, recipient text, now timestamptz, bytes bytea[], sizes bigint[], hashes bytea[], changed bigint[], times timestamptz[] -> id bigint
INSERT INTO message (list_id, state, bytes, size, sha256, changed_bytes, sender, recipient, kind, received_at, ended_at)
SELECT $1, 'accepted', u.bytes, u.size, u.hash, u.changed, '', $2, 'post', u.at, $3
FROM unnest($4, $5, $6, $7, $8) WITH ORDINALITY AS u (bytes, size, hash, changed, at, n) ORDER BY u.n RETURNING id;

-- Posts of the archive, in the order of their numbers, as they are given away: at most so many, and so many bytes or one post.
-- archive_export :many list bigint, after bigint, since timestamptz, until timestamptz, most int, most_bytes bigint -> number bigint, accepted_at timestamptz, from_address text, sender text, bytes bytea, anonymous bool
SELECT s.number, s.accepted_at, s.from_address, m.sender, message_seen(m.bytes, m.masks), s.anonymous
FROM (SELECT f.*, sum(f.size) OVER (ORDER BY f.number) - f.size AS before
      FROM (SELECT p.number, p.accepted_at, p.from_address, p.anonymous, p.message_id, x.size FROM post p JOIN message x ON x.id = p.message_id
            WHERE p.list_id = $1 AND p.archived AND x.bytes IS NOT NULL AND p.number > coalesce($2, 0)
                AND ($3::timestamptz IS NULL OR p.accepted_at >= $3) AND ($4::timestamptz IS NULL OR p.accepted_at < $4)
            ORDER BY p.number LIMIT $5) f) s
JOIN message m ON m.id = s.message_id WHERE s.before < $6 ORDER BY s.number;
