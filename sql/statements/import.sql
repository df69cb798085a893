-- Archives from elsewhere: runs of the import, and messages that enter as posts many at a time.

-- A run that was broken off goes on in its row: the list is private until it ends.
-- import_begin :one list bigint, who text, now timestamptz -> id bigint
INSERT INTO import_run (list_id, started_by, started_at) VALUES ($1, $2, $3)
ON CONFLICT (list_id) WHERE ended_at IS NULL DO UPDATE SET started_by = excluded.started_by RETURNING id;

-- import_end :exec list bigint, added bigint, known bigint, left_out bigint, now timestamptz
UPDATE import_run SET added = coalesce($2, 0), known = coalesce($3, 0), left_out = coalesce($4, 0), ended_at = $5
WHERE list_id = $1 AND ended_at IS NULL;

-- import_open :one list bigint -> started_at timestamptz
SELECT started_at FROM import_run WHERE list_id = $1 AND ended_at IS NULL;

-- import_lock :one list bigint -> last_number bigint
SELECT last_number FROM list WHERE id = $1 FOR UPDATE;

-- import_known :many list bigint, mids text[] -> mid text, sha256 bytea
SELECT p.rfc_message_id, m.sha256 FROM post p JOIN message m ON m.id = p.message_id
WHERE p.list_id = $1 AND p.rfc_message_id = ANY ($2);

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
