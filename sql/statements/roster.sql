-- Pages of members, by key. Each answers a page of 50 and one more, as ids; roster_shown makes rows of them. The member whose id is
-- given is where to go on; LIMIT is a constant, as a plan for any number of rows is another one.

-- roster_cursor :one list bigint, id bigint -> sort_address text, sort_name text, joined_at timestamptz, last_bounce_at timestamptz
SELECT sort_address, sort_name, joined_at, last_bounce_at FROM member WHERE list_id = $1 AND id = $2;

-- roster_by_address_up :many list bigint, role text, key text, id bigint -> id bigint
SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND (sort_address, id) > ($3, coalesce($4, 0))
ORDER BY sort_address, id LIMIT 51;

-- roster_by_address_down :many list bigint, role text, key text, id bigint -> id bigint
SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND (sort_address, id) < ($3, coalesce($4, 0))
ORDER BY sort_address DESC, id DESC LIMIT 51;

-- roster_by_name_up :many list bigint, role text, key text, id bigint -> id bigint
SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND (sort_name, id) > ($3, coalesce($4, 0))
ORDER BY sort_name, id LIMIT 51;

-- roster_by_name_down :many list bigint, role text, key text, id bigint -> id bigint
SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND (sort_name, id) < ($3, coalesce($4, 0))
ORDER BY sort_name DESC, id DESC LIMIT 51;

-- roster_by_joined_up :many list bigint, role text, key timestamptz, id bigint -> id bigint
SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND (joined_at, id) > (coalesce($3, '-infinity'), coalesce($4, 0))
ORDER BY joined_at, id LIMIT 51;

-- roster_by_joined_down :many list bigint, role text, key timestamptz, id bigint -> id bigint
SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND (joined_at, id) < (coalesce($3, 'infinity'), coalesce($4, 0))
ORDER BY joined_at DESC, id DESC LIMIT 51;

-- roster_by_bounce_up :many list bigint, role text, key timestamptz, id bigint -> id bigint
SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL
    AND (coalesce(last_bounce_at, '-infinity'), id) > (coalesce($3, '-infinity'), coalesce($4, 0))
ORDER BY coalesce(last_bounce_at, '-infinity'), id LIMIT 51;

-- roster_by_bounce_down :many list bigint, role text, key timestamptz, id bigint, first bool -> id bigint
SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL
    AND (coalesce(last_bounce_at, '-infinity'), id) < (CASE WHEN $5 THEN 'infinity' ELSE coalesce($3, '-infinity') END, coalesce($4, 0))
ORDER BY coalesce(last_bounce_at, '-infinity') DESC, id DESC LIMIT 51;

-- roster_found_address :many list bigint, role text, low text, high text, key text, id bigint -> id bigint
-- Addresses that begin with what was typed: low and high are the ends of that range.
SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND sort_address < $4
    AND (sort_address, id) > (greatest($3, $5), CASE WHEN $5 >= $3 THEN coalesce($6, 0) ELSE 0 END)
ORDER BY sort_address, id LIMIT 51;

-- roster_found_name :many list bigint, role text, low text, high text, key text, id bigint, address_low text, address_high text -> id bigint, twice bool
-- Those found by their address, too, were shown before.
SELECT id, sort_address >= $7 AND sort_address < $8 FROM (
    SELECT id, sort_name, sort_address FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND sort_name < name_folded($4)
        AND (sort_name, id) > (greatest(name_folded($3), $5), CASE WHEN $5 >= name_folded($3) THEN coalesce($6, 0) ELSE 0 END)
    ORDER BY sort_name, id LIMIT 300) f
ORDER BY sort_name, id;

-- roster_found_count :one list bigint, role text, low text, high text, name_low text, name_high text -> members bigint
SELECT count(*) FROM (
    (SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND sort_address >= $3 AND sort_address < $4
     ORDER BY sort_address, id LIMIT 1001)
    UNION
    (SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND sort_name >= name_folded($5)
        AND sort_name < name_folded($6) ORDER BY sort_name, id LIMIT 1001)) f;

-- roster_with_delivery :many list bigint, role text, wanted text, key text, id bigint, now timestamptz -> id bigint
-- Of those whom some level may have stopped, the ones whose delivery is as wanted.
SELECT m.id FROM member m
CROSS JOIN LATERAL (SELECT delivery_status, vacation_until, user_id FROM address WHERE id = m.address_id OFFSET 0) a
LEFT JOIN LATERAL (SELECT delivery_status, vacation_until FROM site_user WHERE id = a.user_id OFFSET 0) u ON true
WHERE m.id IN (
        SELECT id FROM member WHERE list_id = $1 AND left_at IS NULL AND delivery_status IS NOT NULL
        UNION ALL
        SELECT x.id FROM address b JOIN member x ON x.address_id = b.id WHERE b.delivery_status IS NOT NULL AND x.list_id = $1
        UNION ALL
        SELECT x.id FROM site_user v JOIN address b ON b.user_id = v.id JOIN member x ON x.address_id = b.id
        WHERE v.delivery_status IS NOT NULL AND x.list_id = $1)
    AND m.role = $2 AND m.left_at IS NULL AND (m.sort_address, m.id) > ($4, coalesce($5, 0))
    AND delivery_effective(m.delivery_status, m.vacation_until, a.delivery_status, a.vacation_until, u.delivery_status,
                           u.vacation_until, $6) = $3
ORDER BY m.sort_address, m.id LIMIT 51;

-- roster_with_digest :many list bigint, role text, key text, id bigint -> id bigint
SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND delivery_mode IN ('mime_digests', 'plaintext_digests')
    AND (sort_address, id) > ($3, coalesce($4, 0)) ORDER BY sort_address, id LIMIT 51;

-- roster_with_moderation :many list bigint, role text, key text, id bigint -> id bigint
SELECT id FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL AND moderation_action IS NOT NULL
    AND (sort_address, id) > ($3, coalesce($4, 0)) ORDER BY sort_address, id LIMIT 51;

-- roster_shown :many ids bigint[], now timestamptz -> id bigint, email text, name text, delivery_status text, delivery_mode text, moderation_action text, hide_address bool, verified bool, joined_at timestamptz, last_bounce_at timestamptz, sort_name text
SELECT m.id, a.email, coalesce(m.display_name, a.name),
    delivery_effective(m.delivery_status, m.vacation_until, a.delivery_status, a.vacation_until, u.delivery_status, u.vacation_until, $2),
    coalesce(m.delivery_mode, a.delivery_mode, u.delivery_mode, s.delivery_mode, 'regular'), m.moderation_action,
    coalesce(m.hide_address, a.hide_address, u.hide_address, s.hide_address, true), a.verified_at IS NOT NULL, m.joined_at,
    m.last_bounce_at, m.sort_name
FROM unnest($1) WITH ORDINALITY AS w (id, place) JOIN member m ON m.id = w.id JOIN address a ON a.id = m.address_id
LEFT JOIN site_user u ON u.id = a.user_id CROSS JOIN site_preference s
ORDER BY w.place;

-- roster_counts :many list bigint -> role text, members bigint, about bigint
-- Up to 1,000 counted now; above, what was counted by the clock.
SELECT r.role, c.members, coalesce(t.members, 0)
FROM unnest(ARRAY['member', 'nonmember', 'moderator', 'owner']) WITH ORDINALITY AS r (role, place)
CROSS JOIN LATERAL (SELECT count(*) AS members FROM (
    SELECT FROM member m WHERE m.list_id = $1 AND m.role = r.role AND m.left_at IS NULL
    ORDER BY m.sort_address, m.id LIMIT 1001) x) c
LEFT JOIN member_tally t ON t.list_id = $1 AND t.role = r.role
ORDER BY r.place;

-- roster_export :many list bigint, role text, after bigint, now timestamptz -> id bigint, email text, name text, delivery_status text, delivery_mode text, preferred_language text, moderation_action text, hide_address text, acknowledge_posts text, receive_own_postings text, receive_list_copy text, joined_at timestamptz, last_bounce_at timestamptz
-- What each membership says itself; its address and account may say more.
SELECT m.id, a.email, coalesce(m.display_name, a.name),
    CASE WHEN m.vacation_until IS NULL OR m.vacation_until > $4 THEN m.delivery_status END, m.delivery_mode, m.preferred_language,
    m.moderation_action, CASE m.hide_address WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE m.acknowledge_posts WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE m.receive_own_postings WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE m.receive_list_copy WHEN true THEN 'yes' WHEN false THEN 'no' END, m.joined_at, m.last_bounce_at
FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $1 AND m.role = $2 AND m.left_at IS NULL AND m.id > coalesce($3, 0) ORDER BY m.id LIMIT 1000;

-- member_tally_count :exec list bigint, role text, now timestamptz
INSERT INTO member_tally (list_id, role, members, counted_at)
SELECT $1, $2, count(*), $3 FROM member WHERE list_id = $1 AND role = $2 AND left_at IS NULL
ON CONFLICT (list_id, role) DO UPDATE SET members = excluded.members, counted_at = excluded.counted_at;

-- member_tally_all :exec now timestamptz
-- Those that have become few again are forgotten.
WITH counted AS (
    SELECT list_id, role, count(*) AS members FROM member WHERE left_at IS NULL GROUP BY list_id, role HAVING count(*) > 1000
), few AS (
    DELETE FROM member_tally t WHERE NOT EXISTS (SELECT FROM counted c WHERE c.list_id = t.list_id AND c.role = t.role)
)
INSERT INTO member_tally (list_id, role, members, counted_at) SELECT list_id, role, members, $1 FROM counted
ON CONFLICT (list_id, role) DO UPDATE SET members = excluded.members, counted_at = excluded.counted_at;

-- member_batch_add :one list bigint, user bigint, act text, role text, greet bool, charset text, bytes bytea, now timestamptz, expires timestamptz -> id bigint
INSERT INTO member_batch (list_id, user_id, act, role, greet, charset, bytes, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id;

-- member_batch_get :one list bigint, user bigint, id bigint, now timestamptz -> id bigint, act text, role text, greet bool, charset text, bytes bytea
SELECT id, act, role, greet, charset, bytes FROM member_batch WHERE list_id = $1 AND user_id = $2 AND id = $3 AND expires_at > $4;

-- member_batch_drop :exec list bigint, user bigint, id bigint
DELETE FROM member_batch WHERE list_id = $1 AND user_id = $2 AND id = $3;

-- member_batch_forget :exec now timestamptz
DELETE FROM member_batch WHERE expires_at < $1;
