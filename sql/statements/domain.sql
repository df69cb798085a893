-- domain_add :one name text, web_host text, token_domain text, now timestamptz -> id bigint
INSERT INTO domain (name, web_host, token_domain, created_at) VALUES ($1, $2, $3, $4) RETURNING id;

-- domain_find :one name text -> id bigint, name text, web_host text, token_domain text, created_at timestamptz, lists bigint
SELECT d.id, d.name, d.web_host, d.token_domain, d.created_at,
       (SELECT count(*) FROM list l WHERE l.domain_id = d.id AND l.removed_at IS NULL)
FROM domain d WHERE d.name = $1;

-- domain_all :many -> id bigint, name text, web_host text, token_domain text, created_at timestamptz, lists bigint
SELECT d.id, d.name, d.web_host, d.token_domain, d.created_at,
       (SELECT count(*) FROM list l WHERE l.domain_id = d.id AND l.removed_at IS NULL)
FROM domain d ORDER BY d.name;

-- domain_remove :exec id bigint
DELETE FROM domain WHERE id = $1;

-- domain_settings_remove :exec id bigint
DELETE FROM setting WHERE scope = 'domain' AND scope_id = $1;
