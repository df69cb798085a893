-- Accounts, and what their owners asked for.

-- acknowledgement_add :exec post bigint, list bigint, key text, email text, language text, due timestamptz
-- For an author who is a member, by any address of the account (the one written from first), and wants a report.
INSERT INTO acknowledgement (post_id, email, language, due_at)
SELECT $1, $4, coalesce(w.language, $5), $6 FROM (
    SELECT coalesce(m.acknowledge_posts, a.acknowledge_posts, u.acknowledge_posts, s.acknowledge_posts, false) AS wanted,
        coalesce(m.preferred_language, a.preferred_language, u.preferred_language) AS language
    FROM address f JOIN address a ON a.id = f.id OR (f.user_id IS NOT NULL AND a.user_id = f.user_id)
    JOIN member m ON m.address_id = a.id LEFT JOIN site_user u ON u.id = a.user_id CROSS JOIN site_preference s
    WHERE f.key = $3 AND m.list_id = $2 AND m.role = 'member' AND m.left_at IS NULL
    ORDER BY a.id <> f.id, m.id LIMIT 1) w
WHERE w.wanted;

-- acknowledgement_take :one now timestamptz -> post bigint, email text, language text, list_id bigint, list_name text, domain_id bigint, domain text, web_host text, title text, subject text, rfc_message_id text
-- One whose copies are all final, or that has waited long enough.
WITH k AS (
    DELETE FROM acknowledgement WHERE post_id = (
        SELECT a.post_id FROM acknowledgement a WHERE a.due_at <= $1 OR NOT EXISTS (SELECT FROM chunk c WHERE c.post_id = a.post_id)
        ORDER BY a.due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING post_id, email, language
)
SELECT k.post_id, k.email, k.language, l.id, l.name, d.id, d.name, d.web_host, coalesce(e.display_name, l.name), p.subject, p.rfc_message_id
FROM k JOIN post p ON p.id = k.post_id JOIN list l ON l.id = p.list_id JOIN domain d ON d.id = l.domain_id
LEFT JOIN list_effective e ON e.list_id = l.id;

-- person_language :one list bigint, key text -> language text
-- In which language to write to an address about a list; no row or NULL: in the list's.
SELECT coalesce((SELECT m.preferred_language FROM member m WHERE m.address_id = a.id AND m.list_id = $1 AND m.left_at IS NULL
                 AND m.preferred_language IS NOT NULL ORDER BY m.id LIMIT 1), a.preferred_language, u.preferred_language)
FROM address a LEFT JOIN site_user u ON u.id = a.user_id WHERE a.key = $2;

-- user_get :one id bigint -> id bigint, name text, is_admin bool, time_zone text, language text, preferred_address bigint, created_at timestamptz, email text, has_password bool
SELECT u.id, u.name, u.is_admin, u.time_zone, u.preferred_language, coalesce(u.preferred_address_id, p.id), u.created_at, coalesce(p.email, ''),
    (SELECT count(*) FROM password w WHERE w.user_id = u.id) > 0
FROM site_user u LEFT JOIN LATERAL (
    SELECT a.id, a.email FROM address a WHERE a.user_id = u.id AND a.verified_at IS NOT NULL
    ORDER BY a.id = u.preferred_address_id DESC NULLS LAST, a.id LIMIT 1) p ON true
WHERE u.id = $1;

-- user_rename :exec id bigint, name text, time_zone text
UPDATE site_user SET name = $2, time_zone = $3 WHERE id = $1 AND (name <> $2 OR time_zone IS DISTINCT FROM $3);

-- user_set_admin :exec id bigint, is_admin bool
UPDATE site_user SET is_admin = $2 WHERE id = $1 AND is_admin <> $2
    AND ($2 OR EXISTS (SELECT FROM site_user o WHERE o.is_admin AND o.id <> $1));

-- user_is_last_admin :one id bigint -> is_last bool
SELECT u.is_admin AND NOT EXISTS (SELECT FROM site_user o WHERE o.is_admin AND o.id <> u.id) FROM site_user u WHERE u.id = $1;

-- user_addresses :many user bigint -> id bigint, email text, key text, verified_at timestamptz, memberships bigint, is_preferred bool
SELECT a.id, a.email, a.key, a.verified_at,
    (SELECT count(*) FROM member m JOIN list l ON l.id = m.list_id
     WHERE m.address_id = a.id AND m.left_at IS NULL AND m.role <> 'nonmember' AND l.removed_at IS NULL),
    a.id = coalesce(u.preferred_address_id, (SELECT min(x.id) FROM address x WHERE x.user_id = u.id AND x.verified_at IS NOT NULL))
FROM address a JOIN site_user u ON u.id = a.user_id WHERE a.user_id = $1 ORDER BY a.id LIMIT 100;

-- address_by_key :one key text -> id bigint, email text, user_id bigint, verified_at timestamptz
SELECT id, email, user_id, verified_at FROM address WHERE key = $1;

-- user_prefer :exec id bigint, address bigint
UPDATE site_user u SET preferred_address_id = a.id FROM address a
WHERE u.id = $1 AND a.id = $2 AND a.user_id = u.id AND a.verified_at IS NOT NULL AND u.preferred_address_id IS DISTINCT FROM a.id;

-- user_following :many user bigint, address bigint -> id bigint
-- Memberships that follow the account's preferred address and are not there yet.
SELECT m.id FROM member m JOIN address a ON a.id = m.address_id
WHERE a.user_id = $1 AND m.subscription_mode = 'as_user' AND m.left_at IS NULL AND m.address_id <> $2;

-- address_members :many address bigint -> id bigint
SELECT id FROM member WHERE address_id = $1 AND left_at IS NULL AND role <> 'nonmember';

-- membership_move :one members bigint[], address bigint, mode text, actor text, user_id bigint, now timestamptz -> moved bigint, copies bigint
-- To another address, with all that was decided about them, and with the copies that still wait to be sent. Where the address is in that role on the list already, that membership stays
-- and the moved one ends; one that had ended begins again in its place.
WITH wanted AS (
    SELECT m.*, row_number() OVER (PARTITION BY m.list_id, m.role ORDER BY m.joined_at, m.id) AS n
    FROM member m WHERE m.id = ANY ($1) AND m.left_at IS NULL
), there AS (
    SELECT w.id AS from_id, o.id AS to_id, o.left_at FROM wanted w
    JOIN member o ON o.list_id = w.list_id AND o.role = w.role AND o.address_id = $2 AND o.id <> w.id
), revived AS (
    UPDATE member o SET left_at = NULL, joined_at = w.joined_at, moderation_action = w.moderation_action, rights = w.rights,
        delivery_status = w.delivery_status, vacation_until = w.vacation_until, delivery_mode = w.delivery_mode,
        acknowledge_posts = w.acknowledge_posts, receive_own_postings = w.receive_own_postings,
        receive_list_copy = w.receive_list_copy, hide_address = w.hide_address, preferred_language = w.preferred_language,
        subscription_mode = coalesce($3, w.subscription_mode)
    FROM there t JOIN wanted w ON w.id = t.from_id WHERE o.id = t.to_id AND t.left_at IS NOT NULL AND w.n = 1
), ended AS (
    UPDATE member m SET left_at = $6, epoch = m.epoch + 1 FROM wanted w
    WHERE m.id = w.id AND m.address_id <> $2 AND (w.n > 1 OR EXISTS (SELECT FROM there t WHERE t.from_id = w.id))
), moved AS (
    UPDATE member m SET address_id = $2, subscription_mode = coalesce($3, m.subscription_mode) FROM wanted w
    WHERE m.id = w.id AND w.n = 1 AND NOT EXISTS (SELECT FROM there t WHERE t.from_id = w.id)
), followed AS (
    SELECT chunk_follow(t.from_id, t.to_id) AS copies FROM there t JOIN wanted w ON w.id = t.from_id WHERE t.left_at IS NOT NULL AND w.n = 1
), logged AS (
    INSERT INTO audit (at, actor, user_id, action, list_id, object, detail)
    SELECT $6, $4, $5, 'member_address', w.list_id, a.email, w.role || ' -> ' || b.email
    FROM wanted w JOIN address a ON a.id = w.address_id JOIN address b ON b.id = $2 WHERE a.id <> b.id
)
SELECT count(*), coalesce((SELECT sum(copies) FROM followed), 0)::bigint FROM wanted;

-- user_merge :exec into bigint, other bigint
UPDATE site_user i SET name = CASE WHEN i.name = '' THEN f.name ELSE i.name END, is_admin = i.is_admin OR f.is_admin,
    preferred_language = coalesce(i.preferred_language, f.preferred_language), time_zone = coalesce(i.time_zone, f.time_zone),
    acknowledge_posts = coalesce(i.acknowledge_posts, f.acknowledge_posts),
    receive_own_postings = coalesce(i.receive_own_postings, f.receive_own_postings),
    receive_list_copy = coalesce(i.receive_list_copy, f.receive_list_copy), hide_address = coalesce(i.hide_address, f.hide_address),
    delivery_mode = coalesce(i.delivery_mode, f.delivery_mode)
FROM site_user f WHERE i.id = $1 AND f.id = $2;

-- user_merge_addresses :exec into bigint, other bigint
UPDATE address SET user_id = $1 WHERE user_id = $2;

-- user_merge_domains :exec into bigint, other bigint
INSERT INTO domain_owner (domain_id, user_id, added_at, added_by)
SELECT domain_id, $1, added_at, added_by FROM domain_owner WHERE user_id = $2 ON CONFLICT DO NOTHING;

-- user_forget :exec user bigint, by text, now timestamptz
-- What the rows that stay say about a person: names and preferences of ended memberships, what still waits for a decision, news of posts.
WITH mine AS (SELECT m.id FROM member m JOIN address a ON a.id = m.address_id WHERE a.user_id = $1
), topics AS (DELETE FROM member_topic t USING mine WHERE t.member_id = mine.id
), requests AS (
    UPDATE subscription_request r SET ended_at = $3, outcome = 'cancelled', ended_by = $2
    WHERE r.ended_at IS NULL AND (r.member_id IN (SELECT id FROM mine) OR r.key IN (SELECT a.key FROM address a WHERE a.user_id = $1))
), links AS (
    UPDATE mail_link k SET used_at = $3
    WHERE k.used_at IS NULL AND k.email IN (SELECT a.email FROM address a WHERE a.user_id = $1)
)
UPDATE member m SET display_name = NULL, delivery_status = NULL, vacation_until = NULL, delivery_mode = NULL, acknowledge_posts = NULL,
    receive_own_postings = NULL, receive_list_copy = NULL, hide_address = NULL, preferred_language = NULL, rights = NULL
FROM mine WHERE m.id = mine.id;

-- user_remove :exec id bigint
DELETE FROM site_user WHERE id = $1;

-- address_free :exec id bigint
-- It belongs to nobody any more; what was said about it goes with it.
UPDATE address SET user_id = NULL, verified_at = NULL, name = '', acknowledge_posts = NULL, receive_own_postings = NULL,
    receive_list_copy = NULL, hide_address = NULL, delivery_mode = NULL, delivery_status = NULL, vacation_until = NULL,
    preferred_language = NULL
WHERE id = $1;

-- address_free_all :exec user bigint
UPDATE address SET user_id = NULL, verified_at = NULL, name = '', acknowledge_posts = NULL, receive_own_postings = NULL,
    receive_list_copy = NULL, hide_address = NULL, delivery_mode = NULL, delivery_status = NULL, vacation_until = NULL,
    preferred_language = NULL
WHERE user_id = $1;

-- sole_lock :exec user bigint, address bigint
-- With member_owners_lock: two last owners who go at once must not both succeed.
SELECT pg_advisory_xact_lock((4713::bigint << 32) + o.list_id) FROM (
    SELECT DISTINCT m.list_id FROM member m JOIN address a ON a.id = m.address_id
    WHERE m.role = 'owner' AND m.left_at IS NULL AND (a.user_id = $1 OR a.id = $2) ORDER BY 1) o;

-- sole_lists :many user bigint, address bigint -> list text
-- Lists that would have no owner without this account, or without this address.
SELECT l.name || '@' || d.name FROM list l JOIN domain d ON d.id = l.domain_id
WHERE l.removed_at IS NULL
    AND EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
                WHERE m.list_id = l.id AND m.role = 'owner' AND m.left_at IS NULL AND (a.user_id = $1 OR a.id = $2))
    AND NOT EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
                    WHERE m.list_id = l.id AND m.role = 'owner' AND m.left_at IS NULL AND (a.user_id = $1 OR a.id = $2) IS NOT TRUE)
ORDER BY 1 LIMIT 20;

-- memberships_end :exec user bigint, address bigint, actor text, actor_id bigint, now timestamptz
WITH gone AS (
    UPDATE member m SET left_at = $5, epoch = m.epoch + 1 FROM address a
    WHERE a.id = m.address_id AND m.left_at IS NULL AND (a.user_id = $1 OR a.id = $2)
    RETURNING m.list_id, m.role, a.email
)
INSERT INTO audit (at, actor, user_id, action, list_id, object, detail)
SELECT $5, $3, $4, 'member_remove', list_id, email, role FROM gone;

-- me_memberships :many user bigint, title text, id bigint, now timestamptz, most int -> id bigint, list_id bigint, list_name text, domain text, title text, role text, email text, own_status text, own_until timestamptz, status text, joined_at timestamptz, slug text
SELECT m.id, l.id, l.name, d.name, e.display_name, m.role, a.email, m.delivery_status, m.vacation_until,
    delivery_effective(m.delivery_status, m.vacation_until, a.delivery_status, a.vacation_until, u.delivery_status, u.vacation_until, $4),
    m.joined_at,
    CASE WHEN EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL)
        THEN l.name || '.' || d.name ELSE l.name END
FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id JOIN domain d ON d.id = l.domain_id
JOIN list_effective e ON e.list_id = l.id JOIN site_user u ON u.id = a.user_id
WHERE a.user_id = $1 AND m.left_at IS NULL AND m.role <> 'nonmember' AND l.removed_at IS NULL
    AND ($2::text IS NULL OR (e.display_name, m.id) > ($2, $3))
ORDER BY e.display_name, m.id LIMIT $5;

-- me_membership :one user bigint, id bigint -> id bigint, list_id bigint, list_name text, domain_id bigint, domain text, web_host text, title text, role text, email text, key text, address bigint, mode text, epoch int, joined_at timestamptz, slug text
SELECT m.id, l.id, l.name, d.id, d.name, d.web_host, e.display_name, m.role, a.email, a.key, a.id, m.subscription_mode, m.epoch, m.joined_at,
    CASE WHEN EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL)
        THEN l.name || '.' || d.name ELSE l.name END
FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id JOIN domain d ON d.id = l.domain_id
JOIN list_effective e ON e.list_id = l.id
WHERE m.id = $2 AND a.user_id = $1 AND m.left_at IS NULL AND m.role <> 'nonmember' AND l.removed_at IS NULL;

-- session_end :exec id bigint, user bigint
DELETE FROM session WHERE id = $1 AND user_id = $2;

-- sessions_end_others :exec user bigint, keep bigint
DELETE FROM session WHERE user_id = $1 AND id IS DISTINCT FROM $2;

-- account_password :one key text -> user_id bigint, email text, hash text
SELECT w.user_id, a.email, w.hash FROM address a JOIN password w ON w.user_id = a.user_id
WHERE a.key = $1 AND a.verified_at IS NOT NULL;

-- account_password_of :one user bigint -> hash text
SELECT hash FROM password WHERE user_id = $1;

-- account_password_put :exec user bigint, hash text, now timestamptz
INSERT INTO password (user_id, hash, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at;

-- account_password_drop :exec user bigint
DELETE FROM password WHERE user_id = $1;

-- people_link_add :one hash bytea, purpose text, email text, user bigint, detail text, now timestamptz, expires timestamptz -> id bigint
INSERT INTO mail_link (token_hash, purpose, email, user_id, detail, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id;

-- people_link :one hash bytea -> id bigint, purpose text, email text, user_id bigint, detail text, expires_at timestamptz, used_at timestamptz
SELECT id, purpose, email, user_id, detail, expires_at, used_at FROM mail_link WHERE token_hash = $1;

-- people_link_use :one id bigint, now timestamptz -> purpose text, email text, user_id bigint, detail text
UPDATE mail_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2 RETURNING purpose, email, user_id, detail;

-- people_link_try_code :one id bigint, user bigint, purpose text, now timestamptz -> code_hash bytea
UPDATE mail_link SET code_tries = code_tries + 1
WHERE id = $1 AND user_id = $2 AND purpose = $3 AND used_at IS NULL AND expires_at > $4 AND code_hash IS NOT NULL AND code_tries < 5
RETURNING code_hash;

-- people_links_void :exec user bigint, purpose text, now timestamptz
UPDATE mail_link SET used_at = $3 WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL;

-- users_find :many text text, after bigint, most int -> id bigint, name text, is_admin bool, email text, addresses bigint, memberships bigint, created_at timestamptz, last_seen timestamptz
-- By the beginning of an address, or by a piece of the name; the newest first.
SELECT u.id, u.name, u.is_admin,
    coalesce((SELECT a.email FROM address a WHERE a.user_id = u.id ORDER BY a.id = u.preferred_address_id DESC NULLS LAST, a.id LIMIT 1), ''),
    (SELECT count(*) FROM address a WHERE a.user_id = u.id),
    (SELECT count(*) FROM address a JOIN member m ON m.address_id = a.id
     WHERE a.user_id = u.id AND m.left_at IS NULL AND m.role <> 'nonmember'),
    u.created_at, (SELECT max(s.last_seen) FROM session s WHERE s.user_id = u.id)
FROM site_user u
WHERE ($2::bigint IS NULL OR u.id < $2)
    AND ($1 = '' OR position(lower($1) IN lower(u.name)) > 0
         OR u.id IN (SELECT a.user_id FROM address a
                     WHERE a.user_id IS NOT NULL AND a.key COLLATE "C" >= lower($1) AND a.key COLLATE "C" < lower($1) || U&'\+10FFFF'))
ORDER BY u.id DESC LIMIT $3;

-- user_count :one -> users bigint, about bigint
-- Up to 1,000 counted; above, what PostgreSQL believes.
SELECT (SELECT count(*) FROM (SELECT FROM site_user LIMIT 1001) n),
    (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'site_user'::regclass);

-- export_ask :exec user bigint, actor text, now timestamptz
-- One at a time for each account.
INSERT INTO job (kind, key, due_at, created_by, created_at) VALUES ('export', $1::bigint::text, $3, $2, $3) ON CONFLICT DO NOTHING;

-- exports_of :many user bigint, since timestamptz -> id bigint, state text, created_at timestamptz, ended_at timestamptz, result text
SELECT id, state, created_at, ended_at, result FROM job WHERE kind = 'export' AND key = $1::bigint::text AND created_at > $2
ORDER BY id DESC LIMIT 10;

-- export_take :one now timestamptz -> id bigint, user_id bigint
SELECT id, key::bigint FROM job WHERE kind = 'export' AND state = 'waiting' AND due_at <= $1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- export_end :exec id bigint, state text, result text, now timestamptz
UPDATE job SET state = $2, result = $3, ended_at = $4 WHERE id = $1;

-- export_old :one before timestamptz -> id bigint, result text
SELECT id, result FROM job WHERE kind = 'export' AND state <> 'waiting' AND ended_at < $1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- export_forget :exec id bigint
DELETE FROM job WHERE id = $1;

-- export_user :one id bigint -> name text, is_admin bool, time_zone text, language text, created_at timestamptz, email text
SELECT u.name, u.is_admin, u.time_zone, u.preferred_language, u.created_at,
    coalesce((SELECT a.email FROM address a WHERE a.user_id = u.id AND a.verified_at IS NOT NULL
              ORDER BY a.id = u.preferred_address_id DESC NULLS LAST, a.id LIMIT 1), '')
FROM site_user u WHERE u.id = $1;

-- export_memberships :many user bigint -> id bigint, list text, role text, email text, joined_at timestamptz, left_at timestamptz, mode text, moderation_action text
SELECT m.id, l.name || '@' || d.name, m.role, a.email, m.joined_at, m.left_at, m.subscription_mode, m.moderation_action
FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id JOIN domain d ON d.id = l.domain_id
WHERE a.user_id = $1 ORDER BY m.id;

-- export_topics :many member bigint -> name text
SELECT t.name FROM member_topic m JOIN topic t ON t.id = m.topic_id WHERE m.member_id = $1 ORDER BY 1;

-- export_domains :many user bigint -> name text, since timestamptz
SELECT d.name, o.added_at FROM domain_owner o JOIN domain d ON d.id = o.domain_id WHERE o.user_id = $1 ORDER BY 1;

-- export_sessions :many user bigint -> agent text, is_lasting bool, created_at timestamptz, last_seen timestamptz, ends_at timestamptz
SELECT agent, is_lasting, created_at, last_seen, ends_at FROM session WHERE user_id = $1 ORDER BY id LIMIT 1000;

-- export_feeds :many user bigint -> list text, created_at timestamptz
SELECT l.name || '@' || d.name, f.created_at FROM feed f LEFT JOIN list l ON l.id = f.list_id LEFT JOIN domain d ON d.id = l.domain_id
WHERE f.user_id = $1 ORDER BY f.id;

-- export_searches :many user bigint -> name text, query text, list text, created_at timestamptz
SELECT s.name, s.query, l.name || '@' || d.name, s.created_at
FROM saved_search s LEFT JOIN list l ON l.id = s.list_id LEFT JOIN domain d ON d.id = l.domain_id WHERE s.user_id = $1 ORDER BY s.id;

-- export_links :many user bigint -> purpose text, email text, created_at timestamptz, expires_at timestamptz, used_at timestamptz
-- Mails with a link to one's addresses, without what is secret in them.
SELECT k.purpose, k.email, k.created_at, k.expires_at, k.used_at FROM mail_link k
WHERE k.user_id = $1 OR k.email IN (SELECT a.email FROM address a WHERE a.user_id = $1) ORDER BY k.id LIMIT 10000;

-- export_requests :many user bigint -> list text, kind text, email text, name text, created_at timestamptz, confirmed_at timestamptz, ended_at timestamptz, outcome text, reason text
SELECT l.name || '@' || d.name, r.kind, r.email, r.name, r.created_at, r.confirmed_at, r.ended_at, r.outcome, r.reason
FROM subscription_request r JOIN list l ON l.id = r.list_id JOIN domain d ON d.id = l.domain_id
WHERE r.key IN (SELECT a.key FROM address a WHERE a.user_id = $1 AND a.verified_at IS NOT NULL)
    OR r.member_id IN (SELECT m.id FROM member m JOIN address a ON a.id = m.address_id WHERE a.user_id = $1)
ORDER BY r.id LIMIT 10000;

-- export_held :many user bigint -> list text, subject text, excerpt text, held_at timestamptz, action text, decided_at timestamptz
-- Held posts that wait, and what was decided about earlier ones.
SELECT l.name || '@' || d.name, h.subject, h.excerpt, h.at, h.action, h.decided_at FROM (
    SELECT list_id, subject, excerpt, held_at AS at, NULL AS action, NULL::timestamptz AS decided_at, author_key FROM held
    UNION ALL SELECT list_id, subject, '', NULL, action, decided_at, author_key FROM held_decision) h
JOIN list l ON l.id = h.list_id JOIN domain d ON d.id = l.domain_id
WHERE h.author_key IN (SELECT a.key FROM address a WHERE a.user_id = $1 AND a.verified_at IS NOT NULL)
ORDER BY coalesce(h.at, h.decided_at) LIMIT 10000;

-- export_bans :many user bigint -> place text, pattern text, since timestamptz
-- That an address is banned; why is a note of those who banned it.
SELECT coalesce(l.name || '@' || ld.name, d.name, 'site'), b.pattern, b.created_at FROM ban b
LEFT JOIN list l ON l.id = b.list_id LEFT JOIN domain ld ON ld.id = l.domain_id LEFT JOIN domain d ON d.id = b.domain_id
WHERE b.pattern IN (SELECT a.key FROM address a WHERE a.user_id = $1 AND a.verified_at IS NOT NULL) ORDER BY b.id;

-- export_notices :many user bigint -> kind text, recipient text, created_at timestamptz, ended_at timestamptz
-- Mails of the system to one's addresses.
SELECT n.kind, n.recipient, n.created_at, n.ended_at FROM notice n
WHERE n.recipient IN (SELECT a.email FROM address a WHERE a.user_id = $1 AND a.verified_at IS NOT NULL)
    AND n.result IS DISTINCT FROM 'not sent' ORDER BY n.id LIMIT 10000;

-- export_log :many user bigint -> at timestamptz, action text, object text, detail text
SELECT at, action, object, detail FROM audit WHERE user_id = $1 ORDER BY id LIMIT 100000;

-- export_posts :many user bigint, after bigint, most int -> id bigint, list text, number bigint, subject text, written_at timestamptz, accepted_at timestamptz, rfc_message_id text, from_address text, bytes bytea
SELECT p.id, l.name || '@' || d.name, p.number, p.subject, p.written_at, p.accepted_at, p.rfc_message_id, p.from_address, message_seen(m.bytes, m.masks)
FROM post p JOIN message m ON m.id = p.message_id JOIN list l ON l.id = p.list_id JOIN domain d ON d.id = l.domain_id
WHERE p.id > coalesce($2, 0) AND lower(p.from_address) IN (SELECT a.key FROM address a WHERE a.user_id = $1 AND a.verified_at IS NOT NULL)
ORDER BY p.id LIMIT $3;
