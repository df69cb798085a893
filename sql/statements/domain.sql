-- domain_add :one name text, web_host text, token_domain text, description text, now timestamptz -> id bigint
INSERT INTO domain (name, web_host, token_domain, description, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id;

-- domain_find :one name text -> id bigint, name text, web_host text, token_domain text, description text, created_at timestamptz, lists bigint
SELECT d.id, d.name, d.web_host, d.token_domain, d.description, d.created_at,
       (SELECT count(*) FROM list l WHERE l.domain_id = d.id AND l.removed_at IS NULL)
FROM domain d WHERE d.name = $1;

-- domain_all :many -> id bigint, name text, web_host text, token_domain text, description text, created_at timestamptz, lists bigint
SELECT d.id, d.name, d.web_host, d.token_domain, d.description, d.created_at,
       (SELECT count(*) FROM list l WHERE l.domain_id = d.id AND l.removed_at IS NULL)
FROM domain d ORDER BY d.name;

-- domain_of_user :many user bigint, admin bool -> id bigint, name text, web_host text, description text, lists bigint
-- Where somebody may make lists.
SELECT d.id, d.name, d.web_host, d.description, (SELECT count(*) FROM list l WHERE l.domain_id = d.id AND l.removed_at IS NULL)
FROM domain d WHERE $2 OR EXISTS (SELECT FROM domain_owner o WHERE o.domain_id = d.id AND o.user_id = $1)
ORDER BY d.name LIMIT 1000;

-- domain_set :exec id bigint, web_host text, token_domain text, description text
UPDATE domain SET web_host = $2, token_domain = $3, description = $4 WHERE id = $1;

-- domain_remove :exec id bigint
DELETE FROM domain WHERE id = $1;

-- domain_settings_remove :exec id bigint
WITH texts AS (DELETE FROM template WHERE scope = 'domain' AND scope_id = $1)
DELETE FROM setting WHERE scope = 'domain' AND scope_id = $1;

-- domain_is_used :one id bigint -> lists bigint, removed bigint, notices bigint
SELECT count(*) FILTER (WHERE removed_at IS NULL), count(*) FILTER (WHERE removed_at IS NOT NULL),
    (SELECT count(*) FROM notice n WHERE n.domain_id = $1 AND n.ended_at IS NULL)
FROM list WHERE domain_id = $1;

-- domain_name_of :one name text -> domain_id bigint, is_alias bool
SELECT domain_id, is_alias FROM domain_name WHERE name = $1;

-- domain_aliases :many domain bigint -> name text, created_at timestamptz
SELECT name, created_at FROM domain_alias WHERE domain_id = $1 ORDER BY name LIMIT 1000;

-- domain_alias_add :exec name text, domain bigint, now timestamptz
INSERT INTO domain_alias (name, domain_id, created_at) VALUES ($1, $2, $3);

-- domain_alias_drop :exec name text, domain bigint
DELETE FROM domain_alias WHERE name = $1 AND domain_id = $2;

-- domain_names_lock :exec
-- A domain and an alias of the same name are not made at once.
SELECT pg_advisory_xact_lock(4713);

-- domain_owners :many domain bigint -> user_id bigint, name text, email text, added_at timestamptz
SELECT o.user_id, u.name, coalesce((SELECT a.email FROM address a WHERE a.user_id = o.user_id
                                    ORDER BY a.id = u.preferred_address_id DESC NULLS LAST, a.id LIMIT 1), ''), o.added_at
FROM domain_owner o JOIN site_user u ON u.id = o.user_id WHERE o.domain_id = $1 ORDER BY o.added_at, o.user_id LIMIT 200;

-- domain_owner_add :exec domain bigint, user bigint, now timestamptz, by text
INSERT INTO domain_owner (domain_id, user_id, added_at, added_by) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- domain_owner_drop :exec domain bigint, key text
DELETE FROM domain_owner o USING address a WHERE a.key = $2 AND a.user_id = o.user_id AND o.domain_id = $1;

-- domain_lists :many domain bigint, after text, most int -> name text, title text, slug text
SELECT l.name, e.display_name, l.name || '.' || d.name
FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
WHERE l.domain_id = $1 AND l.removed_at IS NULL AND ($2::text IS NULL OR l.name > $2) ORDER BY l.name LIMIT $3;

-- check_domains :many -> name text, is_alias bool
SELECT name, is_alias FROM domain_name ORDER BY is_alias, name;

-- check_lists :many -> name text, domain text
-- By every name that mail reaches them by.
SELECT n.name, d.name FROM list_name n JOIN list l ON l.id = n.list_id AND l.removed_at IS NULL
JOIN domain_name d ON d.domain_id = n.domain_id ORDER BY d.name, n.name LIMIT 100000;

-- check_hidden :many -> name text, other text, is_domain bool
-- Names that another of ours hides.
SELECT a.name, d.name, true FROM domain_alias a JOIN domain d ON d.id = a.domain_id WHERE EXISTS (SELECT FROM domain x WHERE x.name = a.name)
UNION ALL
SELECT o.name || '@' || od.name, l.name || '@' || d.name, false
FROM list_old_name o JOIN domain od ON od.id = o.domain_id JOIN list l ON l.id = o.list_id AND l.removed_at IS NULL
JOIN domain d ON d.id = l.domain_id
WHERE EXISTS (SELECT FROM list x WHERE x.domain_id = o.domain_id AND x.name = o.name AND x.removed_at IS NULL)
ORDER BY 1;
