-- Texts that were changed (core/policy/text.c).

-- template_find :one name text, language text, list bigint, domain bigint -> scope text, subject text, body text
-- The innermost one.
SELECT scope, subject, body FROM template
WHERE name = $1 AND language = $2
    AND ((scope = 'list' AND scope_id = $3) OR (scope = 'domain' AND scope_id = $4) OR (scope = 'site' AND scope_id = 0))
ORDER BY array_position(ARRAY['list', 'domain', 'site'], scope) LIMIT 1;

-- template_places :many list bigint, domain bigint -> name text, language text, scope text, changed_by text, changed_at timestamptz
SELECT name, language, scope, changed_by, changed_at FROM template
WHERE (scope = 'list' AND scope_id = $1) OR (scope = 'domain' AND scope_id = $2) OR (scope = 'site' AND scope_id = 0)
ORDER BY name, language, array_position(ARRAY['list', 'domain', 'site'], scope);

-- template_put :exec scope text, scope_id bigint, name text, language text, subject text, body text, changed_by text, now timestamptz
INSERT INTO template AS t (scope, scope_id, name, language, subject, body, changed_by, changed_at)
VALUES ($1, coalesce($2, 0), $3, $4, $5, $6, $7, $8)
ON CONFLICT (scope, scope_id, name, language) DO UPDATE SET subject = excluded.subject, body = excluded.body,
    changed_by = excluded.changed_by, changed_at = excluded.changed_at
WHERE (t.subject, t.body) IS DISTINCT FROM (excluded.subject, excluded.body);

-- template_drop :exec scope text, scope_id bigint, name text, language text
DELETE FROM template WHERE scope = $1 AND scope_id = coalesce($2, 0) AND name = $3 AND language = $4;

-- template_list :one list bigint -> name text, domain text, web_host text, slug text
SELECT l.name, d.name, d.web_host,
    CASE WHEN EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL)
        THEN l.name || '.' || d.name ELSE l.name END
FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.id = $1;

-- template_sample :one list bigint, domain bigint -> list_id bigint, subject text, number bigint
-- A list and its newest post, for previews: the list itself, or the first one of the domain or the site.
SELECT l.id, p.subject, p.number FROM list l
LEFT JOIN LATERAL (SELECT subject, number FROM post WHERE list_id = l.id ORDER BY number DESC LIMIT 1) AS p ON true
WHERE l.removed_at IS NULL AND ($1::bigint IS NULL OR l.id = $1) AND ($2::bigint IS NULL OR l.domain_id = $2) ORDER BY l.id LIMIT 1;

-- template_site_words :many -> name text, language text, body text, web_host text
-- Words on pages about no list: those of domains, for their web hosts, before those of the site.
SELECT t.name, t.language, t.body, d.web_host FROM template t LEFT JOIN domain d ON t.scope = 'domain' AND d.id = t.scope_id
WHERE t.scope IN ('domain', 'site') AND t.name LIKE 'site:page:%' ORDER BY t.scope, d.id LIMIT 10000;
