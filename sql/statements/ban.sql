-- facts_ban :one list bigint, keys text[] -> key text, pattern text
SELECT k.key, b.pattern
FROM unnest($2) AS k (key) JOIN ban b ON b.pattern IN (k.key, regexp_replace(k.key, '^.*@', '@'))
WHERE b.list_id IS NULL OR b.list_id = $1 LIMIT 1;

-- ban_expressions :many list bigint -> pattern text
SELECT pattern FROM ban WHERE left(pattern, 1) = '^' AND (list_id IS NULL OR list_id = $1) ORDER BY id LIMIT 20000;

-- ban_add :exec list bigint, pattern text, reason text, actor text, now timestamptz
INSERT INTO ban (list_id, pattern, reason, created_by, created_at) VALUES ($1, $2, $3, $4, $5);

-- ban_remove :exec list bigint, pattern text
DELETE FROM ban WHERE list_id IS NOT DISTINCT FROM $1 AND pattern = $2;

-- ban_list :many list bigint -> pattern text, reason text, created_by text, created_at timestamptz
SELECT pattern, reason, created_by, created_at FROM ban WHERE list_id IS NOT DISTINCT FROM $1 ORDER BY pattern;

-- ban_page :many list bigint, wanted text, after text, most int -> pattern text, reason text, created_by text, created_at timestamptz
SELECT pattern, reason, created_by, created_at FROM ban
WHERE list_id IS NOT DISTINCT FROM $1 AND pattern > $3 AND ($2 = '' OR strpos(lower(pattern), lower($2)) > 0)
ORDER BY pattern LIMIT $4;
