-- What rules ask beside the author: other lists, passwords, topics.

-- facts_member_of :many key text, lists text[] -> address text
-- Those of these lists that have the person as a member, by any address of the account.
SELECT l.name || '@' || d.name
FROM unnest($2) AS w (address) JOIN domain d ON d.name = split_part(w.address, '@', 2)
JOIN list l ON l.domain_id = d.id AND l.name = split_part(w.address, '@', 1) AND l.removed_at IS NULL
WHERE EXISTS (SELECT FROM address a JOIN address o ON o.id = a.id OR (a.user_id IS NOT NULL AND o.user_id = a.user_id)
              JOIN member m ON m.address_id = o.id
              WHERE a.key = $1 AND m.list_id = l.id AND m.role = 'member' AND m.left_at IS NULL);

-- umbrella_of :one post bigint, member bigint, key text -> address text
-- The list whose copy of this post went to that member, when the member is this address.
SELECT l.name || '@' || d.name FROM post p JOIN member m ON m.id = $2 AND m.list_id = p.list_id JOIN address a ON a.id = m.address_id
JOIN list l ON l.id = p.list_id JOIN domain d ON d.id = l.domain_id
WHERE p.id = $1 AND a.key = $3;

-- password_get :one list bigint -> hash text
SELECT hash FROM moderator_password WHERE list_id = $1;

-- password_set :exec list bigint, hash text, actor text, now timestamptz
INSERT INTO moderator_password (list_id, hash, changed_by, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (list_id) DO UPDATE SET hash = $2, changed_by = $3, changed_at = $4;

-- password_remove :exec list bigint
DELETE FROM moderator_password WHERE list_id = $1;

-- password_who :one list bigint -> changed_by text, changed_at timestamptz
SELECT changed_by, changed_at FROM moderator_password WHERE list_id = $1;

-- rate_count :one key text, period timestamptz -> count int
SELECT count FROM rate WHERE key = $1 AND period = $2;

-- message_mask :exec id bigint, masks bigint[]
UPDATE message SET masks = $2 WHERE id = $1 AND masks IS DISTINCT FROM $2;

-- topic_of_list :many list bigint -> id bigint, name text, pattern text, description text, members bigint
SELECT t.id, t.name, t.pattern, t.description,
    (SELECT count(*) FROM member_topic c JOIN member m ON m.id = c.member_id WHERE c.topic_id = t.id AND m.left_at IS NULL)
FROM topic t WHERE t.list_id = $1 ORDER BY t.name;

-- topic_add :exec list bigint, name text, pattern text, description text
INSERT INTO topic (list_id, name, pattern, description) VALUES ($1, $2, $3, $4);

-- topic_change :exec list bigint, id bigint, name text, pattern text, description text
UPDATE topic SET name = $3, pattern = $4, description = $5 WHERE list_id = $1 AND id = $2;

-- topic_remove :one list bigint, id bigint -> name text
DELETE FROM topic WHERE list_id = $1 AND id = $2 RETURNING name;

-- topic_chosen :many member bigint -> topic_id bigint
SELECT topic_id FROM member_topic WHERE member_id = $1 ORDER BY topic_id;

-- topic_others :one member bigint -> without_topic bool
SELECT without_topic FROM member WHERE id = $1;

-- topic_choose :exec list bigint, member bigint, topics bigint[], without_topic bool
-- Those of the list alone; the statement says how many rows of member it changed: 0 means that there is no such member.
WITH wanted AS (SELECT t.id FROM topic t WHERE t.list_id = $1 AND t.id = ANY ($3)),
gone AS (DELETE FROM member_topic c WHERE c.member_id = $2 AND c.topic_id NOT IN (SELECT id FROM wanted)),
added AS (INSERT INTO member_topic (member_id, topic_id) SELECT m.id, w.id FROM wanted w, member m
          WHERE m.id = $2 AND m.list_id = $1 ON CONFLICT DO NOTHING)
UPDATE member SET without_topic = $4 WHERE id = $2 AND list_id = $1 AND role = 'member' AND left_at IS NULL;

-- topic_member :one list bigint, key text -> id bigint
SELECT m.id FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $1 AND a.key = $2 AND m.role = 'member' AND m.left_at IS NULL;

-- post_topic_add :exec post bigint, topics bigint[]
INSERT INTO post_topic (post_id, topic_id) SELECT $1, t.id FROM topic t WHERE t.id = ANY ($2);

-- lists_by_address :many addresses text[] -> id bigint
SELECT l.id FROM unnest($1) AS w (address) JOIN domain d ON d.name = split_part(w.address, '@', 2)
JOIN list l ON l.domain_id = d.id AND l.name = split_part(w.address, '@', 1) WHERE l.removed_at IS NULL ORDER BY l.id;
