-- member_add_many :many list bigint, role text, keys text[], emails text[], names text[], delivery_status text[], delivery_mode text[], preferred_language text[], moderation_action text[], hide_address text[], acknowledge_posts text[], receive_own_postings text[], receive_list_copy text[], actor text, user_id bigint, now timestamptz -> place int, outcome text
-- Several rows of one key: the first counts, the others are told as repeated. A name that the address does not have is the name on this
-- list. Empty words are nothing said. Who waited for a moderator does so no more.
WITH input AS (
    SELECT u.*, regexp_replace(u.key, '^.*@', '@') AS domain
    FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) WITH ORDINALITY AS u (key, email, name, delivery_status, delivery_mode,
        preferred_language, moderation_action, hide_address, acknowledge_posts, receive_own_postings, receive_list_copy, place)
), banned AS (
    SELECT pattern FROM list_ban WHERE for_list = $1
), fresh AS (
    SELECT DISTINCT ON (key) *,
           key = (SELECT l.name || '@' || d.name FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.id = $1) AS is_own,
           key IN (SELECT pattern FROM banned) OR domain IN (SELECT pattern FROM banned) AS is_banned
    FROM input ORDER BY key, place
), known AS (
    INSERT INTO address (key, email, name, created_at)
    SELECT key, email, name, $16 FROM fresh WHERE NOT is_banned AND NOT is_own ORDER BY key
    ON CONFLICT (key) DO UPDATE SET name = CASE WHEN address.name = '' THEN excluded.name ELSE address.name END
    RETURNING id, key, name
), added AS (
    INSERT INTO member (list_id, address_id, role, joined_at, display_name, delivery_status, delivery_mode, preferred_language,
        moderation_action, hide_address, acknowledge_posts, receive_own_postings, receive_list_copy)
    SELECT $1, known.id, $2, $16, CASE WHEN f.name <> known.name THEN nullif(f.name, '') END, nullif(f.delivery_status, ''),
        nullif(f.delivery_mode, ''), nullif(f.preferred_language, ''), nullif(f.moderation_action, ''), nullif(f.hide_address, '')::bool,
        nullif(f.acknowledge_posts, '')::bool, nullif(f.receive_own_postings, '')::bool, nullif(f.receive_list_copy, '')::bool
    FROM known JOIN fresh f ON f.key = known.key
    ON CONFLICT (list_id, address_id, role) DO UPDATE SET left_at = NULL, vacation_until = NULL, joined_at = excluded.joined_at,
        display_name = excluded.display_name, delivery_status = excluded.delivery_status, delivery_mode = excluded.delivery_mode,
        preferred_language = excluded.preferred_language, moderation_action = excluded.moderation_action,
        hide_address = excluded.hide_address, acknowledge_posts = excluded.acknowledge_posts,
        receive_own_postings = excluded.receive_own_postings, receive_list_copy = excluded.receive_list_copy
    WHERE member.left_at IS NOT NULL
    RETURNING address_id
), logged AS (
    INSERT INTO audit (at, actor, user_id, action, list_id, object, detail)
    SELECT $16, $14, $15, 'member_add', $1, fresh.email, $2
    FROM fresh JOIN known ON known.key = fresh.key JOIN added ON added.address_id = known.id ORDER BY fresh.place
), agreed AS (
    UPDATE subscription_request r SET ended_at = $16, ended_by = $14, outcome = 'joined' FROM known JOIN added ON added.address_id = known.id
    WHERE $2 = 'member' AND r.list_id = $1 AND r.kind = 'join' AND r.key = known.key AND r.ended_at IS NULL AND r.confirmed_at IS NOT NULL
)
SELECT input.place::int, CASE WHEN fresh.place IS NULL THEN 'repeated' WHEN fresh.is_own THEN 'own'
                         WHEN fresh.is_banned THEN 'banned'
                         WHEN added.address_id IS NULL THEN 'member' ELSE 'added' END
FROM input LEFT JOIN fresh ON fresh.place = input.place LEFT JOIN known ON known.key = fresh.key
     LEFT JOIN added ON added.address_id = known.id
ORDER BY input.place;

-- member_try_many :many list bigint, role text, keys text[] -> place int, outcome text
-- What member_add_many would say.
WITH input AS (
    SELECT u.key, u.place, regexp_replace(u.key, '^.*@', '@') AS domain FROM unnest($3) WITH ORDINALITY AS u (key, place)
), banned AS (
    SELECT pattern FROM list_ban WHERE for_list = $1
), own AS (
    SELECT l.name || '@' || d.name AS key FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.id = $1
), fresh AS (
    SELECT DISTINCT ON (key) key, place FROM input ORDER BY key, place
)
SELECT input.place::int, CASE WHEN fresh.place IS NULL THEN 'repeated' WHEN input.key IN (SELECT key FROM own) THEN 'own'
           WHEN input.key IN (SELECT pattern FROM banned) OR input.domain IN (SELECT pattern FROM banned) THEN 'banned'
           WHEN m.id IS NOT NULL THEN 'member' ELSE 'added' END
FROM input LEFT JOIN fresh ON fresh.place = input.place LEFT JOIN address a ON a.key = input.key
     LEFT JOIN member m ON m.list_id = $1 AND m.role = $2 AND m.address_id = a.id AND m.left_at IS NULL
ORDER BY input.place;

-- member_remove_many :many list bigint, role text, keys text[], actor text, user_id bigint, now timestamptz -> place int
WITH gone AS (
    UPDATE member m SET left_at = $6, epoch = m.epoch + 1
    FROM unnest($3) WITH ORDINALITY AS u (key, place) JOIN address a ON a.key = u.key
    WHERE m.list_id = $1 AND m.role = $2 AND m.left_at IS NULL AND a.id = m.address_id
    RETURNING u.place::int AS place, a.email, m.id
), agreed AS (
    UPDATE subscription_request r SET ended_at = $6, ended_by = $4, outcome = 'left' FROM gone
    WHERE r.member_id = gone.id AND r.kind = 'leave' AND r.ended_at IS NULL AND r.confirmed_at IS NOT NULL
), logged AS (
    INSERT INTO audit (at, actor, user_id, action, list_id, object, detail)
    SELECT $6, $4, $5, 'member_remove', $1, email, $2 FROM gone
)
SELECT place FROM gone;

-- member_epochs :many list bigint, keys text[] -> place int, id bigint, epoch int, language text
-- What the links in mails to members are made of, and their language; also of those who are members no more.
SELECT u.place::int, m.id, m.epoch, coalesce(m.preferred_language, a.preferred_language, s.preferred_language) FROM unnest($2) WITH ORDINALITY AS u (key, place) JOIN address a ON a.key = u.key
JOIN member m ON m.list_id = $1 AND m.role = 'member' AND m.address_id = a.id LEFT JOIN site_user s ON s.id = a.user_id ORDER BY u.place;

-- member_there_many :many list bigint, role text, keys text[] -> place int
-- Whom member_remove_many would remove.
SELECT min(u.place)::int FROM unnest($3) WITH ORDINALITY AS u (key, place) JOIN address a ON a.key = u.key
JOIN member m ON m.list_id = $1 AND m.role = $2 AND m.address_id = a.id AND m.left_at IS NULL GROUP BY a.id;

-- member_owners_lock :exec list bigint
-- Two owners who remove one another at once must not both succeed. Advisory, as the web's role may not lock rows of list.
SELECT pg_advisory_xact_lock((4713::bigint << 32) + $1);

-- member_owners_but :one list bigint, keys text[] -> owners bigint
SELECT count(*) FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $1 AND m.role = 'owner' AND m.left_at IS NULL AND a.key <> ALL ($2);

-- member_others :many list bigint, role text, keys text[] -> email text, name text, key text
-- Who is there and not among these.
SELECT a.email, coalesce(m.display_name, a.name), a.key FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $1 AND m.role = $2 AND m.left_at IS NULL AND NOT EXISTS (SELECT FROM unnest($3) AS u (key) WHERE u.key = a.key)
ORDER BY a.key;

-- member_one :one list bigint, id bigint, now timestamptz -> id bigint, address_id bigint, role text, email text, key text, name text, own_name text, address_name text, user_id bigint, user_name text, verified_at timestamptz, moderation_action text, rights text[], has_rights bool, delivery_status text, joined_at timestamptz, left_at timestamptz, last_bounce_at timestamptz
SELECT m.id, a.id, m.role, a.email, a.key, coalesce(m.display_name, a.name), m.display_name, a.name, a.user_id, u.name, a.verified_at,
    m.moderation_action, m.rights, m.rights IS NOT NULL,
    delivery_effective(m.delivery_status, m.vacation_until, a.delivery_status, a.vacation_until, u.delivery_status, u.vacation_until, $3),
    m.joined_at, m.left_at, m.last_bounce_at
FROM member m JOIN address a ON a.id = m.address_id LEFT JOIN site_user u ON u.id = a.user_id
WHERE m.list_id = $1 AND m.id = $2;

-- member_of_key :one list bigint, role text, key text -> id bigint
SELECT m.id FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $1 AND m.role = $2 AND a.key = $3 AND m.left_at IS NULL;

-- member_roles :many list bigint, address bigint -> id bigint, role text, email text
-- Every role of a person on the list: of the address, and of the account that owns it.
SELECT m.id, m.role, o.email FROM address a JOIN address o ON o.id = a.id OR (a.user_id IS NOT NULL AND o.user_id = a.user_id)
JOIN member m ON m.address_id = o.id AND m.list_id = $1 AND m.left_at IS NULL
WHERE a.id = $2 ORDER BY array_position(ARRAY['member', 'nonmember', 'moderator', 'owner'], m.role), m.id;

-- member_history :many list bigint, object text -> at timestamptz, actor text, action text, detail text
SELECT at, actor, action, detail FROM audit WHERE object = $2 AND list_id = $1 ORDER BY id DESC LIMIT 100;

-- member_posts :many list bigint, address text -> hash text, subject text, accepted_at timestamptz
SELECT hash, subject, accepted_at FROM post WHERE list_id = $1 AND lower(from_address) = lower($2) ORDER BY id DESC LIMIT 20;

-- member_held :many list bigint, address text -> id bigint, subject text, held_at timestamptz
SELECT id, subject, held_at FROM held WHERE list_id = $1 AND lower(from_address) = lower($2) ORDER BY id DESC LIMIT 20;

-- member_put_name :exec id bigint, name text
UPDATE member SET display_name = $2 WHERE id = $1;

-- member_put_moderation :exec id bigint, moderation_action text
UPDATE member SET moderation_action = $2 WHERE id = $1;

-- member_put_rights :exec id bigint, rights text[]
UPDATE member SET rights = $2 WHERE id = $1;

-- member_find :many low text, high text, most int, now timestamptz -> list text, role text, email text, name text, delivery_status text, joined_at timestamptz
-- By the beginning of an address or a name, over all lists.
SELECT l.name || '@' || d.name, m.role, a.email, coalesce(m.display_name, a.name),
    delivery_effective(m.delivery_status, m.vacation_until, a.delivery_status, a.vacation_until, u.delivery_status, u.vacation_until, $4),
    m.joined_at
FROM member m JOIN address a ON a.id = m.address_id LEFT JOIN site_user u ON u.id = a.user_id JOIN list l ON l.id = m.list_id
JOIN domain d ON d.id = l.domain_id
WHERE m.left_at IS NULL AND ((m.sort_address >= lower($1) AND m.sort_address < lower($2))
    OR (m.sort_name >= name_folded($1) AND m.sort_name < name_folded($2)))
ORDER BY m.sort_address, l.name, d.name, m.role LIMIT $3;

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
