-- setting_of_list :many list bigint -> list_name text, name text, value text
SELECT l.name, s.name, s.value
FROM list l CROSS JOIN LATERAL (VALUES (1, 'site', 0::bigint), (2, 'domain', l.domain_id), (3, 'list', l.id)) AS v (rank, scope, id)
LEFT JOIN setting s ON s.scope = v.scope AND s.scope_id = v.id
WHERE l.id = $1 ORDER BY v.rank;

-- setting_of_scope :many scope text, scope_id bigint -> list_id bigint, list_name text, name text, value text
SELECT l.id, l.name, s.name, s.value
FROM list l CROSS JOIN LATERAL (VALUES (1, 'site', 0::bigint), (2, 'domain', l.domain_id), (3, 'list', l.id)) AS v (rank, scope, id)
LEFT JOIN setting s ON s.scope = v.scope AND s.scope_id = v.id
WHERE $1 = 'site' OR ($1 = 'domain' AND l.domain_id = $2) OR ($1 = 'list' AND l.id = $2)
ORDER BY l.id, v.rank;

-- setting_own :many scope text, scope_id bigint -> name text, value text, changed_by text, changed_at timestamptz
SELECT name, value, changed_by, changed_at FROM setting WHERE scope = $1 AND scope_id = coalesce($2, 0) ORDER BY name;

-- setting_lock :exec
-- One change at a time, a new list's first values included: else a list made while the site's value changes could keep the old one
-- in list_effective. Advisory, as the web's role may not lock rows of list.
SELECT pg_advisory_xact_lock(4712);

-- setting_put :exec scope text, scope_id bigint, name text, value text, changed_by text, now timestamptz
INSERT INTO setting (scope, scope_id, name, value, changed_by, changed_at) VALUES ($1, coalesce($2, 0), $3, $4, $5, $6)
ON CONFLICT (scope, scope_id, name) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by,
    changed_at = excluded.changed_at;

-- setting_drop :exec scope text, scope_id bigint, name text
DELETE FROM setting WHERE scope = $1 AND scope_id = coalesce($2, 0) AND name = $3;

-- list_effective_put :exec lists bigint[], advertised text[], archive_policy text[], display_name text[], description text[], preferred_language text[], roster text[]
INSERT INTO list_effective (list_id, advertised, archive_policy, display_name, description, preferred_language,
    member_roster_visibility)
SELECT u.list_id, u.advertised = 'yes', u.archive_policy, u.display_name, u.description, u.preferred_language, u.roster
FROM unnest($1, $2, $3, $4, $5, $6, $7) AS u (list_id, advertised, archive_policy, display_name, description, preferred_language, roster)
ON CONFLICT (list_id) DO UPDATE SET advertised = excluded.advertised, archive_policy = excluded.archive_policy,
    display_name = excluded.display_name, description = excluded.description, preferred_language = excluded.preferred_language,
    member_roster_visibility = excluded.member_roster_visibility;

-- list_effective_all :many -> list_id bigint, advertised bool, archive_policy text, display_name text, description text, preferred_language text, member_roster_visibility text
SELECT list_id, advertised, archive_policy, display_name, description, preferred_language, member_roster_visibility FROM list_effective ORDER BY list_id;
