-- Lists by settings and state, for those who have many. A term's value is what counts: the list's own, else its domain's, the site's,
-- the program's.

-- list_filtered :many user bigint, ids bigint[], address text, domain text, own text, no_owner bool, silent_since timestamptz, held_since timestamptz, names text[], signs text[], values text[], defaults text[], shown text, shown_default text, after_domain text, after_name text, most int -> id bigint, name text, domain text, title text, members bigint, owners bigint, held bigint, last_at timestamptz, own text, value text
SELECT l.id, l.name, d.name, coalesce(e.display_name, l.name),
    (SELECT count(*) FROM member m WHERE m.list_id = l.id AND m.role = 'member' AND m.left_at IS NULL), o.owners,
    (SELECT count(*) FROM held h WHERE h.list_id = l.id), p.last_at,
    (SELECT value FROM setting WHERE scope = 'list' AND scope_id = l.id AND name = $13),
    CASE WHEN $13::text IS NOT NULL THEN coalesce(
        (SELECT value FROM setting WHERE scope = 'list' AND scope_id = l.id AND name = $13),
        (SELECT value FROM setting WHERE scope = 'domain' AND scope_id = d.id AND name = $13),
        (SELECT value FROM setting WHERE scope = 'site' AND scope_id = 0 AND name = $13), $14) END
FROM list l JOIN domain d ON d.id = l.domain_id LEFT JOIN list_effective e ON e.list_id = l.id
CROSS JOIN LATERAL (SELECT count(*) AS owners FROM member m WHERE m.list_id = l.id AND m.role = 'owner' AND m.left_at IS NULL) o
LEFT JOIN LATERAL (SELECT accepted_at AS last_at FROM post WHERE list_id = l.id ORDER BY number DESC LIMIT 1) p ON true
WHERE l.removed_at IS NULL
    AND ($1::bigint IS NULL OR EXISTS (SELECT FROM domain_owner x WHERE x.domain_id = d.id AND x.user_id = $1))
    AND (cardinality($2::bigint[]) = 0 OR l.id = ANY ($2))
    AND ($3::text IS NULL OR position($3 IN l.name || '@' || d.name) > 0 OR position($3 IN lower(e.display_name)) > 0)
    AND ($4::text IS NULL OR d.name = $4)
    AND ($5::text IS NULL OR EXISTS (SELECT FROM setting s WHERE s.scope = 'list' AND s.scope_id = l.id AND s.name = $5))
    AND (NOT $6 OR o.owners = 0)
    AND ($7::timestamptz IS NULL OR coalesce(p.last_at, l.created_at) < $7)
    AND ($8::timestamptz IS NULL OR EXISTS (SELECT FROM held h WHERE h.list_id = l.id AND h.held_at < $8))
    AND NOT EXISTS (
        SELECT FROM unnest($9::text[], $10::text[], $11::text[], $12::text[]) AS t (name, sign, value, fallback)
        CROSS JOIN LATERAL (SELECT coalesce(
            (SELECT s.value FROM setting s WHERE s.scope = 'list' AND s.scope_id = l.id AND s.name = t.name),
            (SELECT s.value FROM setting s WHERE s.scope = 'domain' AND s.scope_id = d.id AND s.name = t.name),
            (SELECT s.value FROM setting s WHERE s.scope = 'site' AND s.scope_id = 0 AND s.name = t.name), t.fallback) AS value) v
        WHERE NOT CASE t.sign WHEN '=' THEN v.value = t.value WHEN '!=' THEN v.value <> t.value
            WHEN '~' THEN position(lower(t.value) IN lower(v.value)) > 0
            WHEN '<' THEN v.value::numeric < t.value::numeric ELSE v.value::numeric > t.value::numeric END)
    AND ($15::text IS NULL OR (d.name, l.name) > ($15, $16))
ORDER BY d.name, l.name LIMIT $17;

-- domain_is_owned :one domain bigint, user bigint -> id bigint
SELECT domain_id FROM domain_owner WHERE domain_id = $1 AND user_id = $2;
