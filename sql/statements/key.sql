-- dkim_key_add :exec domain bigint, selector text, algorithm text, public_key text, now timestamptz
INSERT INTO dkim_key (domain_id, selector, algorithm, public_key, active, created_at) VALUES ($1, $2, $3, $4, true, $5);

-- dkim_key_retire :exec domain bigint, algorithm text, selector text
UPDATE dkim_key SET active = false WHERE domain_id = $1 AND algorithm = $2 AND active AND selector <> $3;

-- dkim_key_of_domain :many domain bigint -> selector text, algorithm text, public_key text, active bool, created_at timestamptz
SELECT selector, algorithm, public_key, active, created_at FROM dkim_key WHERE domain_id = $1 ORDER BY active DESC, id;

-- dkim_key_of_all :many -> domain text, selector text, algorithm text, public_key text, active bool
SELECT d.name, k.selector, k.algorithm, k.public_key, k.active FROM dkim_key k JOIN domain d ON d.id = k.domain_id
ORDER BY d.name, k.id;
