-- The list that a path names. A host that is no domain's sees every list: a try-out behind a tunnel or an address.

-- web_list :one host text, name text, user bigint -> id bigint, domain_id bigint, name text, domain text, web_host text, title text, description text, language text, advertised bool, archive_policy text, roster text, member_id bigint, is_member bool, is_moderator bool, rights text[], is_owner bool, is_domain_owner bool, ambiguous bool, held bigint
SELECT l.id, d.id, l.name, d.name, d.web_host, e.display_name, e.description, e.preferred_language, e.advertised, e.archive_policy,
    e.member_roster_visibility,
    (SELECT m.id FROM member m JOIN address a ON a.id = m.address_id
     WHERE m.list_id = l.id AND a.user_id = $3 AND m.role = 'member' AND m.left_at IS NULL ORDER BY m.id LIMIT 1),
    EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
            WHERE m.list_id = l.id AND a.user_id = $3 AND a.verified_at IS NOT NULL AND m.role = 'member' AND m.left_at IS NULL),
    EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
            WHERE m.list_id = l.id AND a.user_id = $3 AND a.verified_at IS NOT NULL AND m.role = 'moderator' AND m.left_at IS NULL),
    ARRAY(SELECT DISTINCT unnest(coalesce(m.rights, ARRAY['held', 'requests'])) FROM member m JOIN address a ON a.id = m.address_id
          WHERE m.list_id = l.id AND a.user_id = $3 AND a.verified_at IS NOT NULL AND m.role = 'moderator' AND m.left_at IS NULL),
    EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
            WHERE m.list_id = l.id AND a.user_id = $3 AND a.verified_at IS NOT NULL AND m.role = 'owner' AND m.left_at IS NULL),
    EXISTS (SELECT FROM domain_owner o WHERE o.domain_id = d.id AND o.user_id = $3),
    EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL),
    (SELECT count(*) FROM (SELECT FROM held h WHERE h.list_id = l.id AND h.accept_at IS NULL LIMIT 1000) n)
FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
WHERE l.removed_at IS NULL AND (l.name = $2 OR l.name || '.' || d.name = $2)
    AND (d.web_host IN ($1, split_part($1, ':', 1))
         OR NOT EXISTS (SELECT FROM domain x WHERE x.web_host IN ($1, split_part($1, ':', 1))))
ORDER BY l.name = $2 DESC, l.id LIMIT 1;

-- web_lists :many host text, user bigint, admin bool, month timestamptz -> id bigint, name text, domain text, title text, description text, language text, archive_policy text, is_member bool, is_moderator bool, is_owner bool, held bigint, recent bigint, last_subject text, last_at timestamptz, may_read bool, slug text
SELECT l.id, l.name, d.name, e.display_name, e.description, e.preferred_language, e.archive_policy,
    coalesce(mine.member, false), coalesce(mine.moderator, false), coalesce(mine.owner, false),
    CASE WHEN mine.held OR mine.owner THEN (SELECT count(*) FROM (SELECT FROM held h WHERE h.list_id = l.id AND h.accept_at IS NULL LIMIT 1000) n) ELSE 0 END,
    CASE WHEN shown.read THEN (SELECT count(*) FROM post p WHERE p.list_id = l.id AND p.archived
        AND p.month >= date_trunc('month', $4, 'UTC')::date AND p.accepted_at >= $4) ELSE 0 END,
    CASE WHEN shown.read THEN newest.subject END, CASE WHEN shown.read THEN newest.last_at END, shown.read,
    CASE WHEN EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL)
        THEN l.name || '.' || d.name ELSE l.name END
FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
LEFT JOIN LATERAL (
    SELECT bool_or(r.role = 'member') AS member, bool_or(r.role = 'moderator') AS moderator, bool_or(r.role = 'owner') AS owner,
        bool_or(r.held) AS held
    FROM (SELECT m.role, m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])) AS held
          FROM member m JOIN address a ON a.id = m.address_id
          WHERE m.list_id = l.id AND a.user_id = $2 AND a.verified_at IS NOT NULL AND m.left_at IS NULL AND m.role <> 'nonmember'
          UNION ALL SELECT 'owner', true FROM domain_owner o WHERE o.domain_id = d.id AND o.user_id = $2) r) mine ON true
CROSS JOIN LATERAL (
    SELECT e.archive_policy <> 'never' AND (e.archive_policy = 'public' OR mine.member OR mine.moderator OR mine.owner OR $3) IS TRUE AS read) shown
LEFT JOIN LATERAL (
    SELECT t.subject, t.last_at FROM thread t WHERE t.list_id = l.id ORDER BY t.last_at DESC, t.id DESC LIMIT 1) newest ON true
WHERE l.removed_at IS NULL AND (e.advertised OR $3 OR mine.member OR mine.moderator OR mine.owner)
    AND (d.web_host IN ($1, split_part($1, ':', 1))
         OR NOT EXISTS (SELECT FROM domain x WHERE x.web_host IN ($1, split_part($1, ':', 1))))
ORDER BY coalesce(mine.member, false) OR coalesce(mine.moderator, false) OR coalesce(mine.owner, false) DESC, e.display_name, l.id
LIMIT 500;

-- web_domain :one name text, user bigint -> id bigint, name text, web_host text, is_owner bool
SELECT d.id, d.name, d.web_host, EXISTS (SELECT FROM domain_owner o WHERE o.domain_id = d.id AND o.user_id = $2)
FROM domain d WHERE d.name = $1;

-- web_activity :many lists bigint[], since date -> list_id bigint, month text, posts bigint
SELECT list_id, to_char(month, 'YYYY-MM'), count(*) FROM post
WHERE list_id = ANY ($1) AND month >= $2 AND archived GROUP BY list_id, month ORDER BY list_id, month;

-- web_list_known :one name text, domain text -> web_host text
SELECT d.web_host FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.name = $1 AND d.name = $2 AND l.removed_at IS NULL;
