-- facts_ban :one list bigint, keys text[] -> key text, pattern text
SELECT k.key, b.pattern
FROM unnest($2) AS k (key) JOIN list_ban b ON b.pattern IN (k.key, regexp_replace(k.key, '^.*@', '@'))
WHERE b.for_list = $1 LIMIT 1;

-- ban_expressions :many list bigint -> pattern text
SELECT pattern FROM list_ban WHERE left(pattern, 1) = '^' AND for_list = $1 ORDER BY id LIMIT 20000;

-- Of a list, of a domain, or (both NULL) of the site.
-- ban_add :exec list bigint, domain bigint, pattern text, reason text, actor text, now timestamptz
INSERT INTO ban (list_id, domain_id, pattern, reason, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- ban_remove :exec list bigint, domain bigint, pattern text
DELETE FROM ban WHERE list_id IS NOT DISTINCT FROM $1 AND domain_id IS NOT DISTINCT FROM $2 AND pattern = $3;

-- ban_list :many list bigint, domain bigint -> pattern text, reason text, created_by text, created_at timestamptz
SELECT pattern, reason, created_by, created_at FROM ban
WHERE list_id IS NOT DISTINCT FROM $1 AND domain_id IS NOT DISTINCT FROM $2 ORDER BY pattern;

-- ban_page :many list bigint, domain bigint, wanted text, after text, most int -> pattern text, reason text, created_by text, created_at timestamptz
SELECT pattern, reason, created_by, created_at FROM ban
WHERE list_id IS NOT DISTINCT FROM $1 AND domain_id IS NOT DISTINCT FROM $2 AND pattern > $4
    AND ($3 = '' OR strpos(lower(pattern), lower($3)) > 0)
ORDER BY pattern LIMIT $5;
