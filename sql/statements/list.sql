-- list_add :one domain bigint, name text, now timestamptz -> id bigint
INSERT INTO list (domain_id, name, created_at) VALUES ($1, $2, $3) RETURNING id;

-- list_find :one name text, domain text -> id bigint, name text, domain_id bigint, domain text, web_host text, token_domain text, last_number bigint, created_at timestamptz
SELECT l.id, l.name, d.id, d.name, d.web_host, d.token_domain, l.last_number, l.created_at
FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.name = $1 AND d.name = $2 AND l.removed_at IS NULL;

-- list_by_id :one id bigint -> id bigint, name text, domain_id bigint, domain text, web_host text, token_domain text, last_number bigint, created_at timestamptz
SELECT l.id, l.name, d.id, d.name, d.web_host, d.token_domain, l.last_number, l.created_at
FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.id = $1 AND l.removed_at IS NULL;

-- list_all :many domain text -> address text, display_name text, members bigint, posts bigint, held bigint, created_at timestamptz
SELECT l.name || '@' || d.name, coalesce(e.display_name, ''),
       (SELECT count(*) FROM member m WHERE m.list_id = l.id AND m.role = 'member' AND m.left_at IS NULL), l.last_number,
       (SELECT count(*) FROM held h WHERE h.list_id = l.id), l.created_at
FROM list l JOIN domain d ON d.id = l.domain_id LEFT JOIN list_effective e ON e.list_id = l.id
WHERE l.removed_at IS NULL AND ($1::text IS NULL OR d.name = $1) ORDER BY d.name, l.name;

-- list_remove :exec id bigint, now timestamptz
UPDATE list SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL;

-- list_effective_drop :exec id bigint
DELETE FROM list_effective WHERE list_id = $1;

-- recipient_list :one domain text, names text[] -> list_id bigint, domain_id bigint, place int
SELECT l.id, d.id, n.place::int
FROM domain d JOIN list l ON l.domain_id = d.id AND l.removed_at IS NULL
JOIN unnest($2) WITH ORDINALITY AS n (name, place) ON n.name = l.name
WHERE d.name = $1 ORDER BY n.place LIMIT 1;

-- recipient_token_domain :one token_domain text -> id bigint
SELECT id FROM domain WHERE token_domain = $1 ORDER BY id LIMIT 1;

-- list_named :many name text -> address text
SELECT l.name || '@' || d.name FROM list l JOIN domain d ON d.id = l.domain_id
WHERE l.name = $1 AND l.removed_at IS NULL ORDER BY d.name LIMIT 10;
