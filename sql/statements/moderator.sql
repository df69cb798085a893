-- What moderators are told, and the links with which they decide.

-- Everybody who decides about this list's held messages will be told; nobody more than ten times a day about one author.
-- moderator_todo_add :exec held bigint, list bigint, author text, since timestamptz
INSERT INTO moderator_todo (address_id, held_id, member_id)
SELECT DISTINCT ON (m.address_id) m.address_id, $1, m.id FROM member m
WHERE m.list_id = $2 AND (m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])))) AND m.left_at IS NULL
    AND (SELECT count(*) FROM (SELECT FROM held h WHERE h.list_id = $2 AND h.author_key = $3 AND h.held_at > $4 LIMIT 11) n) <= 10
ORDER BY m.address_id, m.role = 'owner', m.id
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
SELECT a.id, a.email, a.user_id, u.preferred_language FROM turn JOIN address a ON a.id = turn.address_id LEFT JOIN site_user u ON u.id = a.user_id;

-- moderator_todo_take :many address bigint -> held_id bigint, member_id bigint, epoch int, list_id bigint, subject text, from_name text, from_address text, reasons text[], authentication text, excerpt text
-- Who lost the role meanwhile, and what was decided, is told nothing about.
WITH mine AS (DELETE FROM moderator_todo WHERE address_id = $1 RETURNING held_id, member_id)
SELECT h.id, m.id, m.epoch, h.list_id, h.subject, h.from_name, h.from_address, h.reasons, h.authentication, h.excerpt
FROM mine JOIN held h ON h.id = mine.held_id JOIN member m ON m.id = mine.member_id JOIN list l ON l.id = h.list_id
WHERE h.accept_at IS NULL AND m.left_at IS NULL AND (m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])))) AND l.removed_at IS NULL
ORDER BY h.list_id, h.id LIMIT 1000;

-- moderator_pace_back :exec address bigint, at timestamptz
UPDATE moderator_pace SET noticed_at = $2 WHERE address_id = $1;

-- Moderators on whose lists something has waited for long and who were told nothing meanwhile.
-- moderator_reminded :one now timestamptz, before timestamptz, lists bigint[] -> address_id bigint, email text, user_id bigint, language text
WITH waiting AS (
    SELECT m.address_id FROM member m
    WHERE m.list_id = ANY ($3) AND (m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])))) AND m.left_at IS NULL
        AND NOT EXISTS (SELECT FROM moderator_pace p WHERE p.address_id = m.address_id AND p.noticed_at > $2)
    ORDER BY m.address_id LIMIT 1
), turn AS (
    INSERT INTO moderator_pace (address_id, noticed_at) SELECT address_id, $1 FROM waiting
    ON CONFLICT (address_id) DO UPDATE SET noticed_at = excluded.noticed_at WHERE moderator_pace.noticed_at <= $2
    RETURNING address_id
)
SELECT a.id, a.email, a.user_id, u.preferred_language FROM turn JOIN address a ON a.id = turn.address_id LEFT JOIN site_user u ON u.id = a.user_id;

-- moderator_summary :many address bigint, lists bigint[] -> member_id bigint, epoch int, list_id bigint, held bigint, oldest timestamptz
SELECT DISTINCT ON (m.list_id) m.id, m.epoch, m.list_id,
    (SELECT count(*) FROM held h WHERE h.list_id = m.list_id AND h.accept_at IS NULL),
    (SELECT min(h.held_at) FROM held h WHERE h.list_id = m.list_id AND h.accept_at IS NULL)
FROM member m
WHERE m.address_id = $1 AND m.list_id = ANY ($2) AND (m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held'])))) AND m.left_at IS NULL
ORDER BY m.list_id, m.role = 'owner', m.id;

-- moderator_notice_add :exec address bigint, reply_hash bytea, items bigint[], now timestamptz
INSERT INTO moderator_notice (address_id, reply_hash, items, sent_at) VALUES ($1, $2, $3, $4);

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
