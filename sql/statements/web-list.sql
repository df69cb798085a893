-- The list that a path names. A host that is no domain's sees every list: a try-out behind a tunnel or an address.

-- looked, changed and thread_version are for web/validator.h; hash names a post, or is NULL. All that a guest's page costs when it is
-- the same still: what somebody is to the list is another statement.
-- web_list :one host text, name text, hash text -> id bigint, domain_id bigint, name text, domain text, web_host text, title text, description text, language text, advertised bool, archive_policy text, roster text, addresses text, ambiguous bool, looked bigint, changed bigint, thread_version bigint, search_engines bool, time_zone text, shows_markdown bool
SELECT l.id, d.id, l.name, d.name, d.web_host, e.display_name, e.description, e.preferred_language, e.advertised, e.archive_policy,
    e.member_roster_visibility, e.archive_addresses,
    EXISTS (SELECT FROM list o JOIN domain x ON x.id = o.domain_id
            WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL
                AND (x.web_host IN (d.web_host, $1, split_part($1, ':', 1)) OR d.web_host NOT IN ($1, split_part($1, ':', 1)))),
    v.looked, v.changed,
    (SELECT t.version + coalesce((SELECT sum(c.seconds) FROM archive_change c WHERE c.scope = 'thread' AND c.scope_id = t.id), 0)::bigint
     FROM post p JOIN thread t ON t.id = p.thread_id WHERE p.list_id = l.id AND p.hash = $3 AND p.archived), e.search_engines, e.time_zone,
    e.archive_rendering_mode = 'markdown'
FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(c.seconds) FILTER (WHERE c.kind = 'look'), 0)::bigint AS looked, coalesce(sum(c.seconds), 0)::bigint AS changed
    FROM archive_change c
    WHERE (c.scope = 'list' AND c.scope_id = l.id) OR (c.scope = 'domain' AND c.scope_id = d.id) OR (c.scope = 'site' AND c.scope_id = 0)) v
WHERE l.removed_at IS NULL AND (l.name = $2 OR l.name || '.' || d.name = $2)
    AND l.name = ANY (ARRAY(SELECT left($2, n) FROM generate_series(1, length($2)) n WHERE substr($2 || '.', n + 1, 1) = '.'))
    AND (d.web_host IN ($1, split_part($1, ':', 1))
         OR NOT EXISTS (SELECT FROM domain x WHERE x.web_host IN ($1, split_part($1, ':', 1))))
ORDER BY l.name = $2 DESC, l.id LIMIT 1;

-- web_standing :one list bigint, user bigint -> member_id bigint, is_member bool, is_moderator bool, rights text[], is_owner bool, is_domain_owner bool, held bigint
-- What somebody is to a list.
SELECT
    (SELECT m.id FROM member m JOIN address a ON a.id = m.address_id
     WHERE m.list_id = l.id AND a.user_id = $2 AND m.role = 'member' AND m.left_at IS NULL ORDER BY m.id LIMIT 1),
    EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
            WHERE m.list_id = l.id AND a.user_id = $2 AND a.verified_at IS NOT NULL AND m.role = 'member' AND m.left_at IS NULL),
    EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
            WHERE m.list_id = l.id AND a.user_id = $2 AND a.verified_at IS NOT NULL AND m.role = 'moderator' AND m.left_at IS NULL),
    ARRAY(SELECT DISTINCT unnest(coalesce(m.rights, ARRAY['held', 'requests'])) FROM member m JOIN address a ON a.id = m.address_id
          WHERE m.list_id = l.id AND a.user_id = $2 AND a.verified_at IS NOT NULL AND m.role = 'moderator' AND m.left_at IS NULL),
    EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
            WHERE m.list_id = l.id AND a.user_id = $2 AND a.verified_at IS NOT NULL AND m.role = 'owner' AND m.left_at IS NULL),
    EXISTS (SELECT FROM domain_owner o WHERE o.domain_id = l.domain_id AND o.user_id = $2),
    (SELECT count(*) FROM (SELECT FROM held h WHERE h.list_id = l.id AND h.accept_at IS NULL LIMIT 1000) n)
FROM list l WHERE l.id = $1;

-- web_list_version :one list bigint, domain bigint -> looked bigint, changed bigint
-- The numbers of web_list alone, for who has read the rest before (web/list-known.h). Two statements: each has one plan for all values.
SELECT coalesce(sum(c.seconds) FILTER (WHERE c.kind = 'look'), 0)::bigint, coalesce(sum(c.seconds), 0)::bigint
FROM archive_change c
WHERE (c.scope = 'list' AND c.scope_id = $1) OR (c.scope = 'domain' AND c.scope_id = $2) OR (c.scope = 'site' AND c.scope_id = 0);
-- web_list_thread_version :one list bigint, domain bigint, hash text -> looked bigint, changed bigint, thread_version bigint
SELECT coalesce(sum(c.seconds) FILTER (WHERE c.kind = 'look'), 0)::bigint, coalesce(sum(c.seconds), 0)::bigint,
    (SELECT t.version + coalesce((SELECT sum(h.seconds) FROM archive_change h WHERE h.scope = 'thread' AND h.scope_id = t.id), 0)::bigint
     FROM post p JOIN thread t ON t.id = p.thread_id WHERE p.list_id = $1 AND p.hash = $3 AND p.archived)
FROM archive_change c
WHERE (c.scope = 'list' AND c.scope_id = $1) OR (c.scope = 'domain' AND c.scope_id = $2) OR (c.scope = 'site' AND c.scope_id = 0);
-- web_list_moved :one host text, name text -> id bigint, name text, domain text, web_host text, advertised bool, here bool
-- A list by an old name of it, or by another name of its domain.
SELECT l.id, l.name, d.name, d.web_host, e.advertised, d.web_host IN ($1, split_part($1, ':', 1))
    OR NOT EXISTS (SELECT FROM domain x WHERE x.web_host IN ($1, split_part($1, ':', 1)))
FROM list_name n JOIN domain_name o ON o.domain_id = n.domain_id JOIN domain od ON od.id = n.domain_id
JOIN list l ON l.id = n.list_id AND l.removed_at IS NULL JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
WHERE (n.name = $2 OR n.name || '.' || o.name = $2)
    AND (od.web_host IN ($1, split_part($1, ':', 1))
         OR NOT EXISTS (SELECT FROM domain x WHERE x.web_host IN ($1, split_part($1, ':', 1))))
ORDER BY n.name = $2 DESC, n.is_old, l.id LIMIT 1;

-- web_hosts :many -> web_host text
SELECT DISTINCT web_host FROM domain ORDER BY 1 LIMIT 10000;

-- web_lists :many host text, user bigint, admin bool, month timestamptz, words text, by_activity bool, mode text, after bigint, most int -> id bigint, name text, domain text, title text, description text, language text, is_member bool, is_moderator bool, is_owner bool, held bigint, recent bigint, last_subject text, last_at timestamptz, may_read bool, slug text, total bigint
-- mode: all, mine (where one has a role), others. One page; `total` counts all pages. Costly columns are asked for the page alone.
WITH seen AS (
    SELECT l.id, l.name, d.name AS domain, d.web_host, e.display_name, e.description, e.preferred_language, mine.member, mine.moderator,
        mine.owner, mine.held, lower(e.display_name) AS name_key,
        e.archive_policy <> 'never' AND (e.archive_policy = 'public' OR mine.member OR mine.moderator OR mine.owner OR $3) IS TRUE AS read
    FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
    LEFT JOIN LATERAL (
        SELECT bool_or(r.role = 'member') AS member, bool_or(r.role = 'moderator') AS moderator, bool_or(r.role = 'owner') AS owner,
            bool_or(r.held) AS held, bool_or(r.own) AS own
        FROM (SELECT m.role, m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])) AS held, true AS own
              FROM member m JOIN address a ON a.id = m.address_id
              WHERE m.list_id = l.id AND a.user_id = $2 AND a.verified_at IS NOT NULL AND m.left_at IS NULL AND m.role <> 'nonmember'
              UNION ALL SELECT 'owner', true, false FROM domain_owner o WHERE o.domain_id = d.id AND o.user_id = $2) r) mine ON true
    WHERE l.removed_at IS NULL AND (e.advertised OR $3 OR mine.member OR mine.moderator OR mine.owner)
        AND ($7 = 'all' OR ($7 = 'mine') = coalesce(mine.own, false))
        AND (d.web_host IN ($1, split_part($1, ':', 1))
             OR NOT EXISTS (SELECT FROM domain x WHERE x.web_host IN ($1, split_part($1, ':', 1))))
        AND NOT EXISTS (
            SELECT FROM regexp_split_to_table(normalize(lower($5), NFKC), '\s+') AS w (word)
            WHERE position(w.word IN normalize(lower(e.display_name || ' ' || e.description || ' ' || l.name || '@' || d.name), NFKC)) = 0)
), keyed AS (
    SELECT s.*, CASE WHEN $6 THEN coalesce((SELECT max(t.last_at) FROM thread t WHERE t.list_id = s.id AND t.posts > 0 AND s.read), 'epoch') END AS time_key
    FROM seen s
), page AS (
    SELECT k.* FROM keyed k
    WHERE $8::bigint IS NULL
        OR CASE WHEN $6 THEN (k.time_key, k.id) < (SELECT a.time_key, a.id FROM keyed a WHERE a.id = $8)
                ELSE (k.name_key, k.id) > (SELECT a.name_key, a.id FROM keyed a WHERE a.id = $8) END
    ORDER BY k.time_key DESC, CASE WHEN NOT $6 THEN k.name_key END, CASE WHEN $6 THEN -k.id ELSE k.id END LIMIT $9
)
SELECT p.id, p.name, p.domain, p.display_name, p.description, p.preferred_language, coalesce(p.member, false), coalesce(p.moderator, false),
    coalesce(p.owner, false),
    CASE WHEN p.held OR p.owner THEN (SELECT count(*) FROM (SELECT FROM held h WHERE h.list_id = p.id AND h.accept_at IS NULL LIMIT 1000) n) ELSE 0 END,
    CASE WHEN p.read THEN (SELECT count(*) FROM post o WHERE o.list_id = p.id AND o.archived
        AND o.month >= date_trunc('month', $4, 'UTC')::date AND o.accepted_at >= $4) ELSE 0 END,
    newest.subject, newest.last_at, p.read,
    CASE WHEN EXISTS (SELECT FROM list o JOIN domain x ON x.id = o.domain_id
                      WHERE o.name = p.name AND o.id <> p.id AND o.removed_at IS NULL
                          AND (x.web_host IN (p.web_host, $1, split_part($1, ':', 1)) OR p.web_host NOT IN ($1, split_part($1, ':', 1))))
        THEN p.name || '.' || p.domain ELSE p.name END,
    (SELECT count(*) FROM seen)
FROM page p LEFT JOIN LATERAL (
    SELECT thread_title(t.id, t.subject) AS subject, t.last_at FROM thread t WHERE t.list_id = p.id AND t.posts > 0 AND p.read
    ORDER BY t.last_at DESC, t.id DESC LIMIT 1) newest ON true
ORDER BY p.time_key DESC, CASE WHEN NOT $6 THEN p.name_key END, CASE WHEN $6 THEN -p.id ELSE p.id END;

-- web_list_ended :one id bigint, host text, name text, user bigint, admin bool -> id bigint
-- A removed list that one may bring back: by its id, or by the name that a path has.
SELECT l.id FROM list l JOIN domain d ON d.id = l.domain_id
WHERE l.removed_at IS NOT NULL
    AND (l.id = $1 OR ((l.name = $3 OR l.name || '.' || d.name = $3)
                       AND (d.web_host IN ($2, split_part($2, ':', 1))
                            OR NOT EXISTS (SELECT FROM domain x WHERE x.web_host IN ($2, split_part($2, ':', 1))))))
    AND ($5 OR EXISTS (SELECT FROM domain_owner o WHERE o.domain_id = d.id AND o.user_id = $4)
        OR EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
                   WHERE m.list_id = l.id AND m.role = 'owner' AND m.left_at IS NULL AND a.user_id = $4 AND a.verified_at IS NOT NULL))
ORDER BY l.name = $3 DESC, l.id LIMIT 1;

-- web_lists_ended :many user bigint, admin bool -> id bigint, address text, erase_at timestamptz
-- Removed lists that one may bring back.
SELECT l.id, l.name || '@' || d.name, l.erase_at
FROM list l JOIN domain d ON d.id = l.domain_id
WHERE l.removed_at IS NOT NULL AND ($2 OR EXISTS (SELECT FROM domain_owner o WHERE o.domain_id = d.id AND o.user_id = $1)
    OR EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
               WHERE m.list_id = l.id AND m.role = 'owner' AND m.left_at IS NULL AND a.user_id = $1 AND a.verified_at IS NOT NULL))
ORDER BY l.erase_at, l.id LIMIT 50;

-- web_domain :one name text, user bigint -> id bigint, name text, web_host text, is_owner bool
SELECT d.id, d.name, d.web_host, EXISTS (SELECT FROM domain_owner o WHERE o.domain_id = d.id AND o.user_id = $2)
FROM domain d WHERE d.name = $1;

-- web_activity :many lists bigint[], since date -> list_id bigint, month text, posts bigint
SELECT list_id, to_char(month, 'YYYY-MM'), posts FROM list_month
WHERE list_id = ANY ($1) AND month >= $2 AND posts > 0 ORDER BY list_id, month;

-- web_list_known :one name text, domain text -> web_host text
SELECT d.web_host FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.name = $1 AND d.name = $2 AND l.removed_at IS NULL;
