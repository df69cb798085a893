-- setting_of_list :many list bigint -> list_name text, name text, value text
SELECT l.name, s.name, s.value
FROM list l CROSS JOIN LATERAL (VALUES (1, 'site', 0::bigint), (2, 'domain', l.domain_id), (3, 'list', l.id)) AS v (rank, scope, id)
LEFT JOIN setting s ON s.scope = v.scope AND s.scope_id = v.id
WHERE l.id = $1 ORDER BY v.rank;

-- setting_of_scope :many scope text, scope_id bigint -> list_id bigint, list_name text, name text, value text
SELECT l.id, l.name, s.name, s.value
FROM list l CROSS JOIN LATERAL (VALUES (1, 'site', 0::bigint), (2, 'domain', l.domain_id), (3, 'list', l.id)) AS v (rank, scope, id)
LEFT JOIN setting s ON s.scope = v.scope AND s.scope_id = v.id
WHERE l.removed_at IS NULL AND ($1 = 'site' OR ($1 = 'domain' AND l.domain_id = $2) OR ($1 = 'list' AND l.id = $2))
ORDER BY l.id, v.rank;

-- setting_own :many scope text, scope_id bigint -> name text, value text, changed_by text, changed_at timestamptz
SELECT name, value, changed_by, changed_at FROM setting WHERE scope = $1 AND scope_id = coalesce($2, 0) ORDER BY name;

-- setting_chain :many domain bigint, list bigint -> scope text, name text, value text, changed_by text, changed_at timestamptz
SELECT scope, name, value, changed_by, changed_at FROM setting
WHERE (scope = 'site' AND scope_id = 0) OR (scope = 'domain' AND scope_id = $1) OR (scope = 'list' AND scope_id = $2)
ORDER BY scope, name;

-- setting_value :one scope text, scope_id bigint, name text -> value text
SELECT value FROM setting WHERE scope = $1 AND scope_id = coalesce($2, 0) AND name = $3;

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

-- While an archive is being taken in, nobody but members sees it.
-- list_effective_put :exec lists bigint[], advertised text[], archive_policy text[], display_name text[], description text[], preferred_language text[], roster text[], addresses text[], search_engines text[], time_zone text[], rendering text[]
INSERT INTO list_effective (list_id, advertised, archive_policy, display_name, description, preferred_language,
    member_roster_visibility, archive_addresses, search_engines, time_zone, archive_rendering_mode)
SELECT u.list_id, u.advertised = 'yes', CASE WHEN u.archive_policy = 'public' AND EXISTS (
        SELECT FROM import_run i WHERE i.list_id = u.list_id AND i.ended_at IS NULL) THEN 'private' ELSE u.archive_policy END,
    u.display_name, u.description, u.preferred_language, u.roster, u.addresses, u.search_engines = 'yes', u.time_zone,
    u.rendering
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    AS u (list_id, advertised, archive_policy, display_name, description, preferred_language, roster, addresses, search_engines, time_zone, rendering)
ON CONFLICT (list_id) DO UPDATE SET advertised = excluded.advertised, archive_policy = excluded.archive_policy,
    display_name = excluded.display_name, description = excluded.description, preferred_language = excluded.preferred_language,
    member_roster_visibility = excluded.member_roster_visibility, archive_addresses = excluded.archive_addresses,
    search_engines = excluded.search_engines, time_zone = excluded.time_zone, archive_rendering_mode = excluded.archive_rendering_mode;

-- list_effective_all :many -> list_id bigint, advertised bool, archive_policy text, display_name text, description text, preferred_language text, member_roster_visibility text, archive_addresses text, search_engines bool, time_zone text, archive_rendering_mode text
SELECT list_id, advertised, archive_policy, display_name, description, preferred_language, member_roster_visibility, archive_addresses, search_engines, time_zone,
    archive_rendering_mode FROM list_effective ORDER BY list_id;

-- setting_change_add :exec act bigint, scope text, scope_id bigint, name text, before text, after text, changed_by text, user bigint, now timestamptz, undoes bigint
INSERT INTO setting_change (act_id, scope, scope_id, name, before, after, changed_by, user_id, changed_at, undoes)
VALUES ($1, $2, coalesce($3, 0), $4, $5, $6, $7, $8, $9, $10);

-- setting_history :many scope text, scope_id bigint, name text, before_id bigint, most int -> id bigint, act_id bigint, undoes bigint, changed_at timestamptz, name text, before text, after text, changed_by text, is_undone bool
SELECT c.id, c.act_id, c.undoes, c.changed_at, c.name, c.before, c.after, c.changed_by,
    EXISTS (SELECT FROM setting_change u WHERE u.undoes = c.id)
FROM setting_change c
WHERE c.scope = $1 AND c.scope_id = coalesce($2, 0) AND ($3::text IS NULL OR c.name = $3) AND ($4::bigint IS NULL OR c.id < $4)
ORDER BY c.id DESC LIMIT $5;

-- setting_change_find :one id bigint -> id bigint, act_id bigint, undoes bigint, changed_at timestamptz, scope text, scope_id bigint, name text, before text, after text, changed_by text, is_undone bool
SELECT c.id, c.act_id, c.undoes, c.changed_at, c.scope, c.scope_id, c.name, c.before, c.after, c.changed_by,
    EXISTS (SELECT FROM setting_change u WHERE u.undoes = c.id)
FROM setting_change c WHERE c.id = $1;

-- setting_act_add :one words text, made_by text, user bigint, now timestamptz -> id bigint
INSERT INTO setting_act (words, made_by, user_id, made_at) VALUES ($1, $2, $3, $4) RETURNING id;

-- setting_acts :many user bigint, most int -> id bigint, words text, made_by text, user_id bigint, made_at timestamptz, undone_at timestamptz, changes bigint
SELECT a.id, a.words, a.made_by, a.user_id, a.made_at, a.undone_at, (SELECT count(*) FROM setting_change c WHERE c.act_id = a.id)
FROM setting_act a WHERE $1::bigint IS NULL OR a.user_id = $1 ORDER BY a.id DESC LIMIT $2;

-- setting_act_undone :exec id bigint, now timestamptz
UPDATE setting_act SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL;

-- setting_act_find :one id bigint -> id bigint, words text, made_by text, user_id bigint, made_at timestamptz, undone_at timestamptz
SELECT id, words, made_by, user_id, made_at, undone_at FROM setting_act WHERE id = $1;

-- Undone: what the act gave is no longer what stands there.
-- setting_act_changes :many act bigint -> id bigint, changed_at timestamptz, scope text, scope_id bigint, place text, name text, before text, after text, changed_by text, is_undone bool
SELECT c.id, c.changed_at, c.scope, c.scope_id, coalesce(l.name || '@' || d.name, x.name, 'site'), c.name, c.before, c.after, c.changed_by,
    s.value IS DISTINCT FROM c.after
FROM setting_change c LEFT JOIN setting s ON s.scope = c.scope AND s.scope_id = c.scope_id AND s.name = c.name
LEFT JOIN list l ON c.scope = 'list' AND l.id = c.scope_id LEFT JOIN domain d ON d.id = l.domain_id
LEFT JOIN domain x ON c.scope = 'domain' AND x.id = c.scope_id
WHERE c.act_id = $1 ORDER BY c.id;

-- setting_act_foreign :one act bigint, user bigint -> changes bigint
SELECT count(*) FROM setting_change c LEFT JOIN list l ON c.scope = 'list' AND l.id = c.scope_id
WHERE c.act_id = $1 AND NOT EXISTS (SELECT FROM domain_owner o WHERE o.user_id = $2
    AND o.domain_id = CASE c.scope WHEN 'list' THEN l.domain_id WHEN 'domain' THEN c.scope_id END);
