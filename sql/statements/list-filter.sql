-- Lists by settings and state, for those who have many. A term's value is what counts: the list's own, else its domain's, the site's,
-- the program's.

-- Which lists they are is found first; what is told of each is asked for those alone, counting no further than `counted`.
-- list_filtered :many user bigint, ids bigint[], address text, domain text, own text, no_owner bool, silent_since timestamptz, held_since timestamptz, names text[], signs text[], values text[], defaults text[], shown text, shown_default text, after_domain text, after_name text, most int, counted bigint, sort text, is_down bool, after_key bigint -> id bigint, name text, domain text, title text, members bigint, about bigint, owners bigint, held bigint, posts bigint, last_at timestamptz, created_at timestamptz, key bigint, own text, value text
WITH every AS MATERIALIZED (
    SELECT l.id, l.name, l.domain_id, d.name AS domain, e.display_name, l.last_number, l.created_at
    FROM list l JOIN domain d ON d.id = l.domain_id LEFT JOIN list_effective e ON e.list_id = l.id WHERE l.removed_at IS NULL
), found AS (
    SELECT l.id, l.name, l.domain_id, l.domain, coalesce(l.display_name, l.name) AS title, l.last_number, p.last_at, l.created_at, k.key
    FROM every l
    LEFT JOIN LATERAL (SELECT accepted_at AS last_at FROM post WHERE list_id = l.id ORDER BY number DESC LIMIT 1) p ON true
    CROSS JOIN LATERAL (SELECT CASE WHEN $20 THEN -1 ELSE 1 END * CASE $19
        WHEN 'members' THEN greatest((SELECT count(*) FROM (SELECT FROM member m WHERE m.list_id = l.id AND m.role = 'member' AND m.left_at IS NULL
                                                             ORDER BY m.sort_address, m.id LIMIT $18) n),
            (SELECT t.members FROM member_tally t WHERE t.list_id = l.id AND t.role = 'member' AND t.members > $18))
        WHEN 'held' THEN (SELECT count(*) FROM (SELECT FROM held h WHERE h.list_id = l.id ORDER BY h.id LIMIT $18) n)
        WHEN 'last' THEN coalesce((extract(epoch FROM p.last_at) * 1000000)::bigint, 0)
        WHEN 'created' THEN (extract(epoch FROM l.created_at) * 1000000)::bigint ELSE 0 END AS key) k
    WHERE ($1::bigint IS NULL OR EXISTS (SELECT FROM domain_owner x WHERE x.domain_id = l.domain_id AND x.user_id = $1))
        AND (cardinality($2::bigint[]) = 0 OR l.id = ANY ($2))
        AND ($3::text IS NULL OR position($3 IN l.name || '@' || l.domain) > 0 OR position($3 IN lower(l.display_name)) > 0)
        AND ($4::text IS NULL OR l.domain = $4)
        AND ($5::text IS NULL OR EXISTS (SELECT FROM setting s WHERE s.scope = 'list' AND s.scope_id = l.id AND s.name = $5))
        AND (NOT $6 OR NOT EXISTS (
            SELECT FROM member m WHERE m.list_id = l.id AND m.role = 'owner' AND m.left_at IS NULL ORDER BY m.sort_address, m.id OFFSET 0))
        AND ($7::timestamptz IS NULL OR coalesce(p.last_at, l.created_at) < $7)
        AND ($8::timestamptz IS NULL OR EXISTS (SELECT FROM held h WHERE h.list_id = l.id AND h.held_at < $8))
        AND NOT EXISTS (
            SELECT FROM unnest($9::text[], $10::text[], $11::text[], $12::text[]) AS t (name, sign, value, fallback)
            CROSS JOIN LATERAL (SELECT coalesce(
                (SELECT s.value FROM setting s WHERE s.scope = 'list' AND s.scope_id = l.id AND s.name = t.name),
                (SELECT s.value FROM setting s WHERE s.scope = 'domain' AND s.scope_id = l.domain_id AND s.name = t.name),
                (SELECT s.value FROM setting s WHERE s.scope = 'site' AND s.scope_id = 0 AND s.name = t.name), t.fallback) AS value) v
            WHERE NOT CASE t.sign WHEN '=' THEN v.value = t.value WHEN '!=' THEN v.value <> t.value
                WHEN '~' THEN position(lower(t.value) IN lower(v.value)) > 0
                WHEN '<' THEN v.value::numeric < t.value::numeric ELSE v.value::numeric > t.value::numeric END)
        AND ($15::text IS NULL OR (k.key, l.domain, l.name) > (coalesce($21, 0), $15, $16))
    ORDER BY k.key, l.domain, l.name LIMIT $17
)
SELECT f.id, f.name, f.domain, f.title,
    (SELECT count(*) FROM (SELECT FROM member m WHERE m.list_id = f.id AND m.role = 'member' AND m.left_at IS NULL
                           ORDER BY m.sort_address, m.id LIMIT $18) n),
    coalesce((SELECT t.members FROM member_tally t WHERE t.list_id = f.id AND t.role = 'member'), 0),
    (SELECT count(*) FROM (SELECT FROM member m WHERE m.list_id = f.id AND m.role = 'owner' AND m.left_at IS NULL
                           ORDER BY m.sort_address, m.id LIMIT $18) n),
    (SELECT count(*) FROM (SELECT FROM held h WHERE h.list_id = f.id ORDER BY h.id LIMIT $18) n), f.last_number, f.last_at, f.created_at, f.key,
    (SELECT value FROM setting WHERE scope = 'list' AND scope_id = f.id AND name = $13),
    CASE WHEN $13::text IS NOT NULL THEN coalesce(
        (SELECT value FROM setting WHERE scope = 'list' AND scope_id = f.id AND name = $13),
        (SELECT value FROM setting WHERE scope = 'domain' AND scope_id = f.domain_id AND name = $13),
        (SELECT value FROM setting WHERE scope = 'site' AND scope_id = 0 AND name = $13), $14) END
FROM found f ORDER BY f.key, f.domain, f.name;

-- domain_is_owned :one domain bigint, user bigint -> id bigint
SELECT domain_id FROM domain_owner WHERE domain_id = $1 AND user_id = $2;
