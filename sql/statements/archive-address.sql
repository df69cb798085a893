-- Where a post is found by other names than its own.

-- old_address :one list bigint, path text -> hash text
SELECT p.hash FROM old_address o JOIN post p ON p.id = o.post_id WHERE o.list_id = $1 AND o.path = $2 AND p.archived;

-- old_address_add :exec list bigint, paths text[], posts bigint[]
INSERT INTO old_address (list_id, path, post_id) SELECT $1, u.path, u.post_id FROM unnest($2, $3) AS u (path, post_id)
ON CONFLICT DO NOTHING;

-- web_post_by_message_id :one list bigint, mid text -> hash text
-- Of several with one Message-ID the first, whose hash has no number.
SELECT hash FROM post WHERE list_id = $1 AND rfc_message_id = $2 AND archived ORDER BY id LIMIT 1;

-- archive_key_post :one list bigint, id bigint, month date -> id bigint
-- What a page goes on from: a post of the list, and of the month where one is named. One that is not archived is none, as keys can be
-- tried one by one.
SELECT id FROM post WHERE id = $2 AND list_id = $1 AND archived AND ($3::date IS NULL OR month = $3);

-- archive_key_thread :one list bigint, thread bigint, at timestamptz -> id bigint
-- A thread, and when one of its posts came that is archived.
SELECT thread_id FROM post WHERE thread_id = $2 AND list_id = $1 AND archived AND accepted_at = $3 LIMIT 1;
