-- member_add_many :many list bigint, role text, keys text[], emails text[], names text[], actor text, user_id bigint, now timestamptz -> place int, outcome text
-- Several rows of one key: the first counts, the others are told as repeated.
WITH input AS (
    SELECT u.place::int AS place, u.key, u.email, u.name, regexp_replace(u.key, '^.*@', '@') AS domain
    FROM unnest($3, $4, $5) WITH ORDINALITY AS u (key, email, name, place)
), banned AS (
    SELECT pattern FROM ban WHERE list_id IS NULL OR list_id = $1
), fresh AS (
    SELECT DISTINCT ON (key) place, key, email, name,
           key = (SELECT l.name || '@' || d.name FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.id = $1) AS is_own,
           key IN (SELECT pattern FROM banned) OR domain IN (SELECT pattern FROM banned) AS is_banned
    FROM input ORDER BY key, place
), known AS (
    INSERT INTO address (key, email, name, created_at)
    SELECT key, email, name, $8 FROM fresh WHERE NOT is_banned AND NOT is_own ORDER BY key
    ON CONFLICT (key) DO UPDATE SET name = CASE WHEN address.name = '' THEN excluded.name ELSE address.name END
    RETURNING id, key
), added AS (
    INSERT INTO member (list_id, address_id, role, joined_at) SELECT $1, known.id, $2, $8 FROM known
    ON CONFLICT (list_id, address_id, role) DO UPDATE SET left_at = NULL, delivery_status = NULL, vacation_until = NULL,
        joined_at = excluded.joined_at
    WHERE member.left_at IS NOT NULL
    RETURNING address_id
), logged AS (
    INSERT INTO audit (at, actor, user_id, action, list_id, object, detail)
    SELECT $8, $6, $7, 'member_add', $1, fresh.email, $2
    FROM fresh JOIN known ON known.key = fresh.key JOIN added ON added.address_id = known.id ORDER BY fresh.place
)
SELECT input.place, CASE WHEN fresh.place IS NULL THEN 'repeated' WHEN fresh.is_own THEN 'own'
                         WHEN fresh.is_banned THEN 'banned'
                         WHEN added.address_id IS NULL THEN 'member' ELSE 'added' END
FROM input LEFT JOIN fresh ON fresh.place = input.place LEFT JOIN known ON known.key = fresh.key
     LEFT JOIN added ON added.address_id = known.id
ORDER BY input.place;

-- member_remove_many :many list bigint, role text, keys text[], actor text, user_id bigint, now timestamptz -> place int
WITH gone AS (
    UPDATE member m SET left_at = $6, epoch = m.epoch + 1
    FROM unnest($3) WITH ORDINALITY AS u (key, place) JOIN address a ON a.key = u.key
    WHERE m.list_id = $1 AND m.role = $2 AND m.left_at IS NULL AND a.id = m.address_id
    RETURNING u.place::int AS place, a.email
), logged AS (
    INSERT INTO audit (at, actor, user_id, action, list_id, object, detail)
    SELECT $6, $4, $5, 'member_remove', $1, email, $2 FROM gone
)
SELECT place FROM gone;

-- member_of_list :many list bigint, role text, now timestamptz -> id bigint, email text, name text, delivery_status text, moderation_action text, joined_at timestamptz
SELECT m.id, a.email, a.name,
       delivery_effective(m.delivery_status, m.vacation_until, a.delivery_status, a.vacation_until, u.delivery_status, u.vacation_until, $3),
       m.moderation_action, m.joined_at
FROM member m JOIN address a ON a.id = m.address_id LEFT JOIN site_user u ON u.id = a.user_id
WHERE m.list_id = $1 AND m.role = $2 AND m.left_at IS NULL ORDER BY a.key;

-- address_ensure :one key text, email text, name text, now timestamptz -> id bigint, user_id bigint, name text
INSERT INTO address (key, email, name, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (key) DO UPDATE SET name = CASE WHEN address.name = '' THEN excluded.name ELSE address.name END
RETURNING id, user_id, name;

-- address_give :exec id bigint, user bigint, now timestamptz
UPDATE address SET user_id = $2, verified_at = coalesce(verified_at, $3) WHERE id = $1;

-- user_add :one name text, now timestamptz -> id bigint
INSERT INTO site_user (name, created_at) VALUES ($1, $2) RETURNING id;

-- user_make_admin :exec id bigint
UPDATE site_user SET is_admin = true WHERE id = $1 AND NOT is_admin;

-- mail_link_add_login :exec token_hash bytea, email text, now timestamptz, expires timestamptz
INSERT INTO mail_link (token_hash, purpose, email, created_at, expires_at) VALUES ($1, 'login', $2, $3, $4);

-- facts_author :many list bigint, key text -> id bigint, role text, moderation_action text
-- All addresses of the author's account count; the address itself comes first, a membership before other roles.
SELECT m.id, m.role, m.moderation_action
FROM address a JOIN address o ON o.id = a.id OR (a.user_id IS NOT NULL AND o.user_id = a.user_id)
JOIN member m ON m.address_id = o.id
WHERE a.key = $2 AND m.list_id = $1 AND m.left_at IS NULL
ORDER BY array_position(ARRAY['member', 'owner', 'moderator', 'nonmember'], m.role), o.id <> a.id, m.id LIMIT 1;
