-- The HTML of a post is made from its bytes when somebody asks for it.

-- web_html :one list bigint, hash text, most int -> subject text, bytes bytea, size int
SELECT p.subject, substring(message_seen(m.bytes, m.masks) FOR $3), m.size FROM post p JOIN message m ON m.id = p.message_id
WHERE p.list_id = $1 AND p.hash = $2 AND p.archived;
