-- held_take :one id bigint, list bigint -> message_id bigint, subject text, from_address text, author_is_proved bool
DELETE FROM held WHERE id = $1 AND list_id = $2
RETURNING message_id, subject, from_address,
    EXISTS (SELECT FROM auth_result r WHERE r.message_id = held.message_id AND r.method = 'dmarc' AND r.result = 'pass' AND r.aligned);

-- held_back_to_incoming :exec message bigint, approved_by text, now timestamptz
WITH hint AS (SELECT pg_notify('kairan_incoming', '')),
back AS (UPDATE message SET state = 'received', ended_at = NULL WHERE id = $1 AND state = 'held' RETURNING id)
INSERT INTO incoming (message_id, due_at, approved_by) SELECT back.id, $3, $2 FROM back, hint;

-- held_message_end :exec message bigint, state text, now timestamptz
UPDATE message SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'held';

-- notice_add :exec domain bigint, list bigint, kind text, recipient text, bytes bytea, now timestamptz, unsent bool
INSERT INTO notice (domain_id, list_id, kind, recipient, bytes, due_at, created_at, ended_at, result)
VALUES ($1, $2, $3, $4, CASE WHEN NOT $7 THEN $5 END, $6, $6, CASE WHEN $7 THEN $6 END, CASE WHEN $7 THEN 'not sent' END);

-- held_newest :one list bigint -> id bigint, message_id bigint
SELECT id, message_id FROM held WHERE list_id = $1 ORDER BY id DESC LIMIT 1;

-- held_of_list :many list bigint -> id bigint, subject text, from_address text, reason text, authentication text, held_at timestamptz
SELECT id, subject, from_address, array_to_string(reasons, ' '), authentication, held_at FROM held WHERE list_id = $1 ORDER BY id;
