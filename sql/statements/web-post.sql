-- What people write on a page.

-- web_post_by_mark :one user bigint, mark text -> message_id bigint
SELECT message_id FROM web_post WHERE user_id = $1 AND mark = $2;

-- web_post_add :exec message bigint, user bigint, mark text
INSERT INTO web_post (message_id, user_id, mark) VALUES ($1, $2, $3);

-- web_post_state :one user bigint, list bigint, message bigint -> state text, hash text, is_archived bool, reasons text[], reason text
-- What became of it, for its author.
SELECT m.state, p.hash, coalesce(p.archived, false), h.reasons, j.reason
FROM web_post w JOIN message m ON m.id = w.message_id LEFT JOIN post p ON p.message_id = m.id LEFT JOIN held h ON h.message_id = m.id
LEFT JOIN judgement j ON j.message_id = m.id
WHERE w.user_id = $1 AND m.list_id = $2 AND w.message_id = $3;

-- web_reply_to :one list bigint, hash text, most int -> id bigint, mid text, hash text, subject text, from_name text, from_address text, written_at timestamptz, anonymous bool, bytes bytea
SELECT p.id, p.rfc_message_id, p.hash, p.subject, p.from_name, p.from_address, p.written_at, p.anonymous,
    substring(message_seen(m.bytes, m.masks) FOR $3)
FROM post p JOIN message m ON m.id = p.message_id WHERE p.list_id = $1 AND p.hash = $2 AND p.archived;

-- web_post_member :one user bigint, list bigint -> email text
-- By which of their addresses somebody belongs to a list.
SELECT a.email FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $2 AND a.user_id = $1 AND a.verified_at IS NOT NULL AND m.left_at IS NULL AND m.role <> 'nonmember'
ORDER BY m.role <> 'member', m.id LIMIT 1;

-- web_post_merge :exec into bigint, other bigint
UPDATE web_post w SET user_id = $1 WHERE w.user_id = $2 AND NOT EXISTS (SELECT FROM web_post o WHERE o.user_id = $1 AND o.mark = w.mark);
