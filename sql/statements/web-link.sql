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

-- web_memberships :many user bigint, now timestamptz -> id bigint, list_name text, domain text, title text, role text, email text, delivery_status text, joined_at timestamptz, slug text
SELECT m.id, l.name, d.name, e.display_name, m.role, a.email,
    delivery_effective(m.delivery_status, m.vacation_until, a.delivery_status, a.vacation_until, u.delivery_status, u.vacation_until, $2),
    m.joined_at,
    CASE WHEN EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL)
        THEN l.name || '.' || d.name ELSE l.name END
FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id JOIN domain d ON d.id = l.domain_id
JOIN list_effective e ON e.list_id = l.id JOIN site_user u ON u.id = a.user_id
WHERE a.user_id = $1 AND m.left_at IS NULL AND m.role <> 'nonmember' AND l.removed_at IS NULL
ORDER BY e.display_name, l.id, m.role LIMIT 500;

-- web_addresses :many user bigint -> email text, verified_at timestamptz
SELECT email, verified_at FROM address WHERE user_id = $1 ORDER BY id LIMIT 100;

-- web_member :one id bigint -> list_id bigint, list_name text, domain_id bigint, domain text, web_host text, title text, description text, language text, email text, role text, delivery_status text, epoch int, left_at timestamptz
SELECT l.id, l.name, d.id, d.name, d.web_host, e.display_name, e.description, e.preferred_language, a.email, m.role, coalesce(m.delivery_status, 'enabled'), m.epoch, m.left_at
FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id JOIN domain d ON d.id = l.domain_id
JOIN list_effective e ON e.list_id = l.id
WHERE m.id = $1;

-- web_member_of :one list bigint, key text -> id bigint, epoch int, email text
SELECT m.id, m.epoch, a.email FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $1 AND a.key = $2 AND m.role = 'member' AND m.left_at IS NULL;

-- web_member_mine :many list bigint, user bigint -> id bigint, epoch int, email text
SELECT m.id, m.epoch, a.email FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $1 AND a.user_id = $2 AND m.role = 'member' AND m.left_at IS NULL ORDER BY m.id LIMIT 20;

-- web_is_banned :one list bigint, key text -> banned bool
SELECT EXISTS (SELECT FROM ban WHERE (list_id = $1 OR list_id IS NULL) AND pattern IN ($2, regexp_replace($2, '^.*@', '@')));

-- web_address_of_user :one user bigint, key text -> email text
SELECT email FROM address WHERE user_id = $1 AND key = $2 AND verified_at IS NOT NULL;

-- web_member_leave :exec id bigint, epoch int, now timestamptz, actor text
-- The epoch is raised, so that links of the old membership end with it; the one who left may undo with the link that ended it.
WITH gone AS (
    UPDATE member SET left_at = $3, epoch = epoch + 1 WHERE id = $1 AND epoch = $2 AND left_at IS NULL AND role = 'member'
    RETURNING list_id, address_id
)
INSERT INTO audit (at, actor, action, list_id, object, detail)
SELECT $3, $4, 'member_remove', gone.list_id, a.email, 'member' FROM gone JOIN address a ON a.id = gone.address_id;

-- web_member_stop :exec id bigint, epoch int, now timestamptz, actor text
-- Where leaving needs the owners' consent, delivery stops at once and they are asked.
WITH gone AS (
    UPDATE member SET delivery_status = 'by_user', vacation_until = NULL
    WHERE id = $1 AND epoch = $2 AND left_at IS NULL AND role = 'member'
        AND (delivery_status IS DISTINCT FROM 'by_user' OR vacation_until IS NOT NULL)
    RETURNING list_id, address_id
)
INSERT INTO audit (at, actor, action, list_id, object, detail)
SELECT $3, $4, 'leave_ask', gone.list_id, a.email, '' FROM gone JOIN address a ON a.id = gone.address_id;

-- web_member_return :exec id bigint, epoch int, now timestamptz, actor text
WITH back AS (
    UPDATE member SET left_at = NULL, delivery_status = NULL, vacation_until = NULL, epoch = $2
    WHERE id = $1 AND role = 'member' AND ((epoch = $2 + 1 AND left_at > $3 - interval '7 days')
        OR (epoch = $2 AND left_at IS NULL AND delivery_status = 'by_user'))
    RETURNING list_id, address_id
)
INSERT INTO audit (at, actor, action, list_id, object, detail)
SELECT $3, $4, 'member_add', back.list_id, a.email, 'undo' FROM back JOIN address a ON a.id = back.address_id;

-- web_owners :many list bigint -> email text, name text
SELECT a.email, a.name FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $1 AND m.role = 'owner' AND m.left_at IS NULL ORDER BY m.id LIMIT 20;
