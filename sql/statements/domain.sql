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
