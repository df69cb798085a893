-- What moderators are told, and the links with which they decide.

-- Everybody who decides about this list's held messages will be told; nobody more than ten times a day about one author.
-- moderator_todo_add :exec held bigint, list bigint, author text, since timestamptz
INSERT INTO moderator_todo (address_id, held_id, member_id)
SELECT DISTINCT ON (m.address_id) m.address_id, $1, m.id FROM member m
WHERE m.list_id = $2 AND (m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])))) AND m.left_at IS NULL
    AND (SELECT count(*) FROM (SELECT FROM held h WHERE h.list_id = $2 AND h.author_key = $3 AND h.held_at > $4 LIMIT 11) n) <= 10
ORDER BY m.address_id, m.role = 'owner', m.id
ON CONFLICT DO NOTHING;

-- Everybody who decides about requests will be told of this one.
-- moderator_todo_request :exec request bigint, list bigint
INSERT INTO moderator_todo (address_id, request_id, member_id)
SELECT DISTINCT ON (m.address_id) m.address_id, $1, m.id FROM member m
WHERE m.list_id = $2 AND (m.role = 'owner' OR (m.role = 'moderator' AND 'requests' = ANY (coalesce(m.rights, ARRAY['requests'])))) AND m.left_at IS NULL
ORDER BY m.address_id, m.role <> 'owner', m.id
ON CONFLICT DO NOTHING;

-- The next moderator whose time has come; the row in moderator_pace is his turn, and nobody else takes it in this transaction.
-- moderator_next :one now timestamptz, before timestamptz -> address_id bigint, email text, user_id bigint, language text
WITH waiting AS (
    SELECT t.address_id FROM moderator_todo t
    WHERE NOT EXISTS (SELECT FROM moderator_pace p WHERE p.address_id = t.address_id AND p.noticed_at > $2)
    ORDER BY t.address_id LIMIT 1
), turn AS (
    INSERT INTO moderator_pace (address_id, noticed_at) SELECT address_id, $1 FROM waiting
    ON CONFLICT (address_id) DO UPDATE SET noticed_at = excluded.noticed_at WHERE moderator_pace.noticed_at <= $2
    RETURNING address_id
)
SELECT a.id, a.email, a.user_id, coalesce(a.preferred_language, u.preferred_language) FROM turn JOIN address a ON a.id = turn.address_id LEFT JOIN site_user u ON u.id = a.user_id;

-- moderator_todo_take :many address bigint -> held_id bigint, member_id bigint, epoch int, list_id bigint, subject text, from_name text, from_address text, reasons text[], authentication text, excerpt text
-- Who lost the role meanwhile, and what was decided, is told nothing about.
WITH mine AS (DELETE FROM moderator_todo WHERE address_id = $1 AND held_id IS NOT NULL RETURNING held_id, member_id)
SELECT h.id, m.id, m.epoch, h.list_id, h.subject, h.from_name, h.from_address, h.reasons, h.authentication, h.excerpt
FROM mine JOIN held h ON h.id = mine.held_id JOIN member m ON m.id = mine.member_id JOIN list l ON l.id = h.list_id
WHERE h.accept_at IS NULL AND m.left_at IS NULL AND (m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])))) AND l.removed_at IS NULL
ORDER BY h.list_id, h.id LIMIT 1000;

-- moderator_todo_take_requests :many address bigint -> member_id bigint, list_id bigint, kind text, email text
WITH mine AS (DELETE FROM moderator_todo WHERE address_id = $1 AND request_id IS NOT NULL RETURNING request_id, member_id)
SELECT m.id, r.list_id, r.kind, r.email
FROM mine JOIN subscription_request r ON r.id = mine.request_id JOIN member m ON m.id = mine.member_id JOIN list l ON l.id = r.list_id
WHERE r.ended_at IS NULL AND r.confirmed_at IS NOT NULL AND m.left_at IS NULL AND (m.role = 'owner' OR (m.role = 'moderator' AND 'requests' = ANY (coalesce(m.rights, ARRAY['requests'])))) AND l.removed_at IS NULL
ORDER BY r.list_id, r.id LIMIT 1000;

-- moderator_pace_back :exec address bigint, at timestamptz
UPDATE moderator_pace SET noticed_at = $2 WHERE address_id = $1;

-- Lists on which something has waited for long: held posts and what could not be processed, or requests.
-- moderator_lists_waiting :many before timestamptz -> list_id bigint, has_posts bool, has_requests bool
WITH waiting AS (
    SELECT list_id, true AS post FROM held WHERE accept_at IS NULL AND held_at < $1
    UNION SELECT list_id, true FROM message WHERE state = 'set_aside' AND kind <> 'bounce' AND ended_at < $1
    UNION SELECT list_id, false FROM subscription_request WHERE ended_at IS NULL AND confirmed_at < $1
)
SELECT l.id, bool_or(w.post), NOT bool_and(w.post) FROM waiting w JOIN list l ON l.id = w.list_id AND l.removed_at IS NULL
GROUP BY l.id ORDER BY l.id;

-- Moderators on whose lists something has waited for long and who were told nothing meanwhile. posts, requests: the lists with such.
-- moderator_reminded :one now timestamptz, before timestamptz, posts bigint[], requests bigint[] -> address_id bigint, email text, user_id bigint, language text
WITH waiting AS (
    SELECT m.address_id FROM member m
    WHERE m.left_at IS NULL AND ((m.list_id = ANY ($3) AND (m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])))))
            OR (m.list_id = ANY ($4) AND (m.role = 'owner' OR (m.role = 'moderator' AND 'requests' = ANY (coalesce(m.rights, ARRAY['requests']))))))
        AND NOT EXISTS (SELECT FROM moderator_pace p WHERE p.address_id = m.address_id AND p.noticed_at > $2)
    ORDER BY m.address_id LIMIT 1
), turn AS (
    INSERT INTO moderator_pace (address_id, noticed_at) SELECT address_id, $1 FROM waiting
    ON CONFLICT (address_id) DO UPDATE SET noticed_at = excluded.noticed_at WHERE moderator_pace.noticed_at <= $2
    RETURNING address_id
)
SELECT a.id, a.email, a.user_id, coalesce(a.preferred_language, u.preferred_language) FROM turn JOIN address a ON a.id = turn.address_id LEFT JOIN site_user u ON u.id = a.user_id;

-- moderator_summary :many address bigint, posts bigint[], requests bigint[] -> member_id bigint, epoch int, list_id bigint, held bigint, held_since timestamptz, aside bigint, requests bigint, requests_since timestamptz
-- What waits on those of the lists on which this person decides about such things.
WITH mine AS (
    SELECT DISTINCT ON (m.list_id) m.id, m.epoch, m.list_id,
        bool_or(m.list_id = ANY ($2) AND (m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held']))))) OVER own AS posts,
        bool_or(m.list_id = ANY ($3) AND (m.role = 'owner' OR (m.role = 'moderator' AND 'requests' = ANY (coalesce(m.rights, ARRAY['requests']))))) OVER own AS requests
    FROM member m WHERE m.address_id = $1 AND m.left_at IS NULL AND m.role IN ('owner', 'moderator') AND (m.list_id = ANY ($2) OR m.list_id = ANY ($3))
    WINDOW own AS (PARTITION BY m.list_id)
    ORDER BY m.list_id, m.role <> 'owner', m.id
)
SELECT mine.id, mine.epoch, mine.list_id,
    (SELECT count(*) FROM held h WHERE mine.posts AND h.list_id = mine.list_id AND h.accept_at IS NULL),
    (SELECT min(h.held_at) FROM held h WHERE mine.posts AND h.list_id = mine.list_id AND h.accept_at IS NULL),
    (SELECT count(*) FROM message g WHERE mine.posts AND g.list_id = mine.list_id AND g.state = 'set_aside' AND g.kind <> 'bounce'),
    (SELECT count(*) FROM subscription_request r WHERE mine.requests AND r.list_id = mine.list_id AND r.ended_at IS NULL AND r.confirmed_at IS NOT NULL),
    (SELECT min(r.confirmed_at) FROM subscription_request r WHERE mine.requests AND r.list_id = mine.list_id AND r.ended_at IS NULL)
FROM mine WHERE mine.posts OR mine.requests ORDER BY mine.list_id;

-- moderator_notice_add :exec address bigint, list bigint, reply_hash bytea, items bigint[], now timestamptz
INSERT INTO moderator_notice (address_id, list_id, reply_hash, items, sent_at) VALUES ($1, $2, $3, $4, $5);

-- moderator_notice_find :one hash bytea -> id bigint, address_id bigint, email text, key text, user_id bigint, items bigint[], sent_at timestamptz
SELECT n.id, a.id, a.email, a.key, a.user_id, n.items, n.sent_at
FROM moderator_notice n JOIN address a ON a.id = n.address_id WHERE n.reply_hash = $1;

-- Lists on which this address has the role now.
-- moderator_lists :many address bigint -> list_id bigint
SELECT DISTINCT m.list_id FROM member m JOIN list l ON l.id = m.list_id
WHERE m.address_id = $1 AND (m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])))) AND m.left_at IS NULL AND l.removed_at IS NULL;

-- moderator_link_add :exec hash bytea, member bigint, epoch int, now timestamptz, expires timestamptz
INSERT INTO moderator_link (token_hash, member_id, epoch, created_at, expires_at) VALUES ($1, $2, $3, $4, $5);

-- moderator_link_find :one hash bytea -> id bigint, member_id bigint, epoch int, address_id bigint, email text, name text, user_id bigint, list_id bigint, list_name text, domain text, expires_at timestamptz, has_role bool
SELECT k.id, m.id, m.epoch, a.id, a.email, a.name, a.user_id, l.id, l.name, d.name, k.expires_at,
    m.left_at IS NULL AND m.epoch = k.epoch AND (m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])))) AND l.removed_at IS NULL
FROM moderator_link k JOIN member m ON m.id = k.member_id JOIN address a ON a.id = m.address_id
JOIN list l ON l.id = m.list_id JOIN domain d ON d.id = l.domain_id
WHERE k.token_hash = $1;

-- moderator_forget :exec links_before timestamptz, notices_before timestamptz
WITH notices AS (DELETE FROM moderator_notice WHERE sent_at < $2)
DELETE FROM moderator_link WHERE expires_at < $1;
