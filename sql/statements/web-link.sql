-- Links that we mail, and what they do.

-- web_link_add :one hash bytea, purpose text, email text, list bigint, return_to text, now timestamptz, expires timestamptz -> id bigint
INSERT INTO mail_link (token_hash, purpose, email, list_id, return_to, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id;

-- web_link_code :exec id bigint, code_hash bytea
UPDATE mail_link SET code_hash = $2 WHERE id = $1;

-- web_link :one hash bytea -> id bigint, purpose text, email text, list_id bigint, return_to text, expires_at timestamptz, used_at timestamptz
SELECT id, purpose, email, list_id, return_to, expires_at, used_at FROM mail_link WHERE token_hash = $1;

-- web_link_use :one id bigint, now timestamptz -> purpose text, email text, list_id bigint, return_to text
UPDATE mail_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2
RETURNING purpose, email, list_id, return_to;

-- web_link_try_code :one id bigint, now timestamptz -> code_hash bytea, purpose text
UPDATE mail_link SET code_tries = code_tries + 1
WHERE id = $1 AND used_at IS NULL AND expires_at > $2 AND code_hash IS NOT NULL AND code_tries < 5
RETURNING code_hash, purpose;

-- web_address_prove :one key text, email text, now timestamptz -> id bigint, user_id bigint
INSERT INTO address (key, email, verified_at, created_at) VALUES ($1, $2, $3, $3)
ON CONFLICT (key) DO UPDATE SET verified_at = coalesce(address.verified_at, excluded.verified_at)
RETURNING id, user_id;

-- web_user_add :one name text, language text, now timestamptz -> id bigint
INSERT INTO site_user (name, preferred_language, created_at) VALUES ($1, $2, $3) RETURNING id;

-- web_address_own :exec id bigint, user bigint
UPDATE address SET user_id = $2 WHERE id = $1 AND user_id IS NULL;

-- web_domain_of_host :one host text -> id bigint, name text
SELECT id, name FROM domain ORDER BY web_host IN ($1, split_part($1, ':', 1)) DESC, id LIMIT 1;

-- web_addresses :many user bigint -> email text, verified_at timestamptz
SELECT email, verified_at FROM address WHERE user_id = $1 ORDER BY id LIMIT 100;

-- web_member :one id bigint -> list_id bigint, list_name text, domain_id bigint, domain text, web_host text, title text, description text, language text, email text, role text, delivery_status text, epoch int, left_at timestamptz, left_epoch int, is_asked bool
SELECT l.id, l.name, d.id, d.name, d.web_host, e.display_name, e.description, e.preferred_language, a.email, m.role, coalesce(m.delivery_status, 'enabled'), m.epoch, m.left_at,
    m.left_epoch, EXISTS (SELECT FROM subscription_request r WHERE r.member_id = m.id AND r.kind = 'leave' AND r.ended_at IS NULL AND r.confirmed_at IS NOT NULL)
FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id JOIN domain d ON d.id = l.domain_id
JOIN list_effective e ON e.list_id = l.id
WHERE m.id = $1;

-- web_member_mine :many list bigint, user bigint -> id bigint, epoch int, email text
SELECT m.id, m.epoch, a.email FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $1 AND a.user_id = $2 AND m.role = 'member' AND m.left_at IS NULL ORDER BY m.id LIMIT 20;

-- web_member_delivery :one list bigint, key text, now timestamptz -> id bigint, status text
SELECT m.id, delivery_effective(m.delivery_status, m.vacation_until, a.delivery_status, a.vacation_until, u.delivery_status, u.vacation_until, $3)
FROM member m JOIN address a ON a.id = m.address_id LEFT JOIN site_user u ON u.id = a.user_id
WHERE m.list_id = $1 AND a.key = $2 AND m.role = 'member' AND m.left_at IS NULL;

-- web_address_of_user :one user bigint, key text -> email text
SELECT email FROM address WHERE user_id = $1 AND key = $2 AND verified_at IS NOT NULL;
