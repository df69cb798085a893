-- What people prefer: a column of the same name on each level (core/policy/preferences.def).

-- preferences_get :many member bigint, address bigint, user_id bigint -> level int, id bigint, object text, list bigint, delivery_status text, vacation_until text, delivery_mode text, receive_own_postings text, acknowledge_posts text, receive_list_copy text, hide_address text, preferred_language text
WITH m AS (SELECT * FROM member WHERE id = $1),
a AS (SELECT * FROM address WHERE id = coalesce((SELECT address_id FROM m), $2)),
u AS (SELECT * FROM site_user WHERE id = coalesce((SELECT user_id FROM a), $3))
SELECT
    0, m.id, a.email, m.list_id, m.delivery_status, extract(epoch FROM m.vacation_until)::bigint::text, m.delivery_mode,
    CASE m.receive_own_postings WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE m.acknowledge_posts WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE m.receive_list_copy WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE m.hide_address WHEN true THEN 'yes' WHEN false THEN 'no' END, m.preferred_language
FROM m JOIN a ON true
UNION ALL SELECT
    1, a.id, a.email, NULL, a.delivery_status, extract(epoch FROM a.vacation_until)::bigint::text, a.delivery_mode,
    CASE a.receive_own_postings WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE a.acknowledge_posts WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE a.receive_list_copy WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE a.hide_address WHEN true THEN 'yes' WHEN false THEN 'no' END, a.preferred_language
FROM a
UNION ALL SELECT
    2, u.id,
    coalesce((SELECT x.email FROM address x WHERE x.user_id = u.id ORDER BY x.id = u.preferred_address_id DESC NULLS LAST, x.id LIMIT 1), u.name),
    NULL, u.delivery_status, extract(epoch FROM u.vacation_until)::bigint::text, u.delivery_mode,
    CASE u.receive_own_postings WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE u.acknowledge_posts WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE u.receive_list_copy WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE u.hide_address WHEN true THEN 'yes' WHEN false THEN 'no' END, u.preferred_language
FROM u
UNION ALL SELECT
    3, NULL, 'site', NULL, NULL, NULL, s.delivery_mode,
    CASE s.receive_own_postings WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE s.acknowledge_posts WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE s.receive_list_copy WHEN true THEN 'yes' WHEN false THEN 'no' END,
    CASE s.hide_address WHEN true THEN 'yes' WHEN false THEN 'no' END, NULL
FROM site_preference s
ORDER BY 1;

-- preference_put_member :exec id bigint, name text, value text
UPDATE member SET
    delivery_status = CASE WHEN $2 = 'vacation_until' AND $3 IS NOT NULL THEN 'by_user' WHEN $2 = 'delivery_status' THEN $3 ELSE delivery_status END,
    vacation_until = CASE $2 WHEN 'vacation_until' THEN to_timestamp($3::bigint) WHEN 'delivery_status' THEN NULL ELSE vacation_until END,
    delivery_mode = CASE $2 WHEN 'delivery_mode' THEN $3 ELSE delivery_mode END,
    receive_own_postings = CASE $2 WHEN 'receive_own_postings' THEN $3 = 'yes' ELSE receive_own_postings END,
    acknowledge_posts = CASE $2 WHEN 'acknowledge_posts' THEN $3 = 'yes' ELSE acknowledge_posts END,
    receive_list_copy = CASE $2 WHEN 'receive_list_copy' THEN $3 = 'yes' ELSE receive_list_copy END,
    hide_address = CASE $2 WHEN 'hide_address' THEN $3 = 'yes' ELSE hide_address END,
    preferred_language = CASE $2 WHEN 'preferred_language' THEN $3 ELSE preferred_language END
WHERE id = $1;

-- preference_put_address :exec id bigint, name text, value text
UPDATE address SET
    delivery_status = CASE WHEN $2 = 'vacation_until' AND $3 IS NOT NULL THEN 'by_user' WHEN $2 = 'delivery_status' THEN $3 ELSE delivery_status END,
    vacation_until = CASE $2 WHEN 'vacation_until' THEN to_timestamp($3::bigint) WHEN 'delivery_status' THEN NULL ELSE vacation_until END,
    delivery_mode = CASE $2 WHEN 'delivery_mode' THEN $3 ELSE delivery_mode END,
    receive_own_postings = CASE $2 WHEN 'receive_own_postings' THEN $3 = 'yes' ELSE receive_own_postings END,
    acknowledge_posts = CASE $2 WHEN 'acknowledge_posts' THEN $3 = 'yes' ELSE acknowledge_posts END,
    receive_list_copy = CASE $2 WHEN 'receive_list_copy' THEN $3 = 'yes' ELSE receive_list_copy END,
    hide_address = CASE $2 WHEN 'hide_address' THEN $3 = 'yes' ELSE hide_address END,
    preferred_language = CASE $2 WHEN 'preferred_language' THEN $3 ELSE preferred_language END
WHERE id = $1;

-- preference_put_user :exec id bigint, name text, value text
UPDATE site_user SET
    delivery_status = CASE WHEN $2 = 'vacation_until' AND $3 IS NOT NULL THEN 'by_user' WHEN $2 = 'delivery_status' THEN $3 ELSE delivery_status END,
    vacation_until = CASE $2 WHEN 'vacation_until' THEN to_timestamp($3::bigint) WHEN 'delivery_status' THEN NULL ELSE vacation_until END,
    delivery_mode = CASE $2 WHEN 'delivery_mode' THEN $3 ELSE delivery_mode END,
    receive_own_postings = CASE $2 WHEN 'receive_own_postings' THEN $3 = 'yes' ELSE receive_own_postings END,
    acknowledge_posts = CASE $2 WHEN 'acknowledge_posts' THEN $3 = 'yes' ELSE acknowledge_posts END,
    receive_list_copy = CASE $2 WHEN 'receive_list_copy' THEN $3 = 'yes' ELSE receive_list_copy END,
    hide_address = CASE $2 WHEN 'hide_address' THEN $3 = 'yes' ELSE hide_address END,
    preferred_language = CASE $2 WHEN 'preferred_language' THEN $3 ELSE preferred_language END
WHERE id = $1;

-- preference_put_site :exec name text, value text
UPDATE site_preference SET
    delivery_mode = CASE $1 WHEN 'delivery_mode' THEN $2 ELSE delivery_mode END,
    receive_own_postings = CASE $1 WHEN 'receive_own_postings' THEN $2 = 'yes' ELSE receive_own_postings END,
    acknowledge_posts = CASE $1 WHEN 'acknowledge_posts' THEN $2 = 'yes' ELSE acknowledge_posts END,
    receive_list_copy = CASE $1 WHEN 'receive_list_copy' THEN $2 = 'yes' ELSE receive_list_copy END,
    hide_address = CASE $1 WHEN 'hide_address' THEN $2 = 'yes' ELSE hide_address END;
