-- A list's page is /lists/NAME/, or /lists/NAME.DOMAIN/ where its web host has two of the name: "slug".

-- list_add :one domain bigint, name text, now timestamptz -> id bigint
INSERT INTO list (domain_id, name, created_at) VALUES ($1, $2, $3) RETURNING id;

-- list_find :one name text, domain text -> id bigint, name text, domain_id bigint, domain text, web_host text, token_domain text, last_number bigint, created_at timestamptz, slug text
SELECT l.id, l.name, d.id, d.name, d.web_host, d.token_domain, l.last_number, l.created_at,
    CASE WHEN EXISTS (SELECT FROM list o JOIN domain x ON x.id = o.domain_id
                      WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL AND x.web_host = d.web_host)
        THEN l.name || '.' || d.name ELSE l.name END
FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.name = $1 AND d.name = $2 AND l.removed_at IS NULL;

-- list_find_anyhow :one name text, domain text -> name text, domain text
-- By an old name, or by another name of its domain.
SELECT l.name, d.name FROM domain_name dn JOIN list_name ln ON ln.domain_id = dn.domain_id
JOIN list l ON l.id = ln.list_id AND l.removed_at IS NULL JOIN domain d ON d.id = l.domain_id
WHERE ln.name = $1 AND dn.name = $2 ORDER BY ln.is_old LIMIT 1;

-- list_by_id :one id bigint -> id bigint, name text, domain_id bigint, domain text, web_host text, token_domain text, last_number bigint, created_at timestamptz, slug text
SELECT l.id, l.name, d.id, d.name, d.web_host, d.token_domain, l.last_number, l.created_at,
    CASE WHEN EXISTS (SELECT FROM list o JOIN domain x ON x.id = o.domain_id
                      WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL AND x.web_host = d.web_host)
        THEN l.name || '.' || d.name ELSE l.name END
FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.id = $1 AND l.removed_at IS NULL;

-- list_all :many domain text -> address text, display_name text, members bigint, posts bigint, held bigint, created_at timestamptz, erase_at timestamptz, is_removed bool
SELECT l.name || '@' || d.name, coalesce(e.display_name, ''),
       (SELECT count(*) FROM member m WHERE m.list_id = l.id AND m.role = 'member' AND m.left_at IS NULL), l.last_number,
       (SELECT count(*) FROM held h WHERE h.list_id = l.id), l.created_at, l.erase_at, l.removed_at IS NOT NULL
FROM list l JOIN domain d ON d.id = l.domain_id LEFT JOIN list_effective e ON e.list_id = l.id
WHERE $1::text IS NULL OR d.name = $1 ORDER BY d.name, l.name;

-- list_remove :exec id bigint, now timestamptz, erase timestamptz
UPDATE list SET removed_at = $2, erase_at = $3 WHERE id = $1 AND removed_at IS NULL;

-- list_restore :exec id bigint, now timestamptz
-- Not once its erasing may have begun.
UPDATE list SET removed_at = NULL, erase_at = NULL WHERE id = $1 AND removed_at IS NOT NULL AND (erase_at IS NULL OR erase_at > $2);

-- list_erase_now :exec id bigint, now timestamptz
UPDATE list SET erase_at = $2 WHERE id = $1 AND removed_at IS NOT NULL;

-- list_erase_due :many now timestamptz -> id bigint, address text
SELECT l.id, l.name || '@' || d.name FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.erase_at <= $1 ORDER BY l.erase_at LIMIT 10;

-- list_erase_part :one id bigint, most int -> done bool
SELECT list_erase($1, $2);

-- list_ended :one id bigint, name text, domain text -> id bigint, name text, domain_id bigint, domain text, web_host text, last_number bigint, removed_at timestamptz, erase_at timestamptz
SELECT l.id, l.name, d.id, d.name, d.web_host, l.last_number, l.removed_at, l.erase_at
FROM list l JOIN domain d ON d.id = l.domain_id
WHERE (l.id = $1 OR (l.name = $2 AND d.name = $3)) AND l.removed_at IS NOT NULL;

-- list_effective_drop :exec id bigint
DELETE FROM list_effective WHERE list_id = $1;

-- list_old_name_of :one domain bigint, name text -> list_id bigint
SELECT list_id FROM list_old_name WHERE domain_id = $1 AND name = $2;

-- list_old_name_add :exec domain bigint, name text, list bigint, now timestamptz
INSERT INTO list_old_name (domain_id, name, list_id, renamed_at) VALUES ($1, $2, $3, $4);

-- list_old_name_drop :exec domain bigint, name text
DELETE FROM list_old_name WHERE domain_id = $1 AND name = $2;

-- list_old_names :many list bigint -> domain_id bigint, name text, domain text, renamed_at timestamptz
SELECT o.domain_id, o.name, d.name, o.renamed_at FROM list_old_name o JOIN domain d ON d.id = o.domain_id
WHERE o.list_id = $1 ORDER BY o.renamed_at DESC, o.name LIMIT 100;

-- list_rename :exec id bigint, domain bigint, name text
UPDATE list SET domain_id = $2, name = $3 WHERE id = $1 AND removed_at IS NULL;

-- list_addresses :many list bigint -> address text
-- Every address by which posts reach it.
SELECT n.name || '@' || d.name FROM list_name n JOIN domain_name d ON d.domain_id = n.domain_id
WHERE n.list_id = $1 ORDER BY n.is_old, d.is_alias LIMIT 1000;

-- list_name_taken :one domain bigint, name text -> is_removed bool
SELECT removed_at IS NOT NULL FROM list WHERE domain_id = $1 AND name = $2;

-- list_people :many list bigint, role text -> email text, name text, language text
SELECT a.email, coalesce(nullif(a.name, ''), u.name, ''), coalesce(m.preferred_language, a.preferred_language, u.preferred_language)
FROM member m JOIN address a ON a.id = m.address_id LEFT JOIN site_user u ON u.id = a.user_id
WHERE m.list_id = $1 AND m.role = $2 AND m.left_at IS NULL ORDER BY m.id LIMIT 1000;

-- ban_copy :exec from_list bigint, to_list bigint, by text, now timestamptz
INSERT INTO ban (list_id, pattern, reason, created_by, created_at)
SELECT $2, pattern, reason, $3, $4 FROM ban WHERE list_id = $1 ON CONFLICT DO NOTHING;

-- text_copy :exec from_list bigint, to_list bigint, by text, now timestamptz
INSERT INTO template (scope, scope_id, name, language, subject, body, changed_by, changed_at)
SELECT 'list', $2, name, language, subject, body, $3, $4 FROM template WHERE scope = 'list' AND scope_id = $1
ON CONFLICT (scope, scope_id, name, language) DO UPDATE SET subject = excluded.subject, body = excluded.body,
    changed_by = excluded.changed_by, changed_at = excluded.changed_at;

-- recipient_list :one domain text, names text[] -> list_id bigint, domain_id bigint, place int
SELECT l.id, l.domain_id, n.place::int
FROM domain_name d JOIN list_name ln ON ln.domain_id = d.domain_id JOIN list l ON l.id = ln.list_id AND l.removed_at IS NULL
JOIN unnest($2) WITH ORDINALITY AS n (name, place) ON n.name = ln.name
WHERE d.name = $1 ORDER BY n.place, ln.is_old LIMIT 1;

-- recipient_reply :one hash bytea -> list_id bigint, domain_id bigint
-- The list of a mailed link, or of a notice to a moderator, whose token stands in a reply address.
SELECT l.id, l.domain_id
FROM (SELECT list_id FROM mail_link WHERE token_hash = $1 UNION ALL SELECT list_id FROM moderator_notice WHERE reply_hash = $1) t
JOIN list l ON l.id = t.list_id AND l.removed_at IS NULL;

-- recipient_domain :one name text -> id bigint
SELECT domain_id FROM domain_name WHERE name = $1
UNION ALL SELECT id FROM domain WHERE token_domain = $1 ORDER BY 1 LIMIT 1;

-- recipient_token_domain :one token_domain text -> id bigint
SELECT id FROM domain WHERE token_domain = $1 ORDER BY id LIMIT 1;

-- list_named :many name text -> address text
SELECT l.name || '@' || d.name FROM list l JOIN domain d ON d.id = l.domain_id
WHERE l.name = $1 AND l.removed_at IS NULL ORDER BY d.name LIMIT 10;

-- list_ended_named :many name text -> address text
SELECT l.name || '@' || d.name FROM list l JOIN domain d ON d.id = l.domain_id
WHERE l.name = $1 AND l.removed_at IS NOT NULL ORDER BY d.name LIMIT 10;
