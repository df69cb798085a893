-- Messages that wait for a moderator. Many are decided by one statement, which says which of them it found; the rows are locked in
-- the order of their ids, so that two moderators never block each other for good.

-- held_accept :many ids bigint[], lists bigint[], now timestamptz, due timestamptz, actor text, user_id bigint -> id bigint, list_id bigint, from_name text, from_address text, author_key text
WITH wanted AS (
    SELECT id FROM held WHERE id = ANY ($1) AND list_id = ANY ($2) AND accept_at IS NULL ORDER BY id FOR UPDATE
), taken AS (
    UPDATE held h SET accept_at = $4, accepted_at = $3, accepted_by = $5, accepted_user = nullif($6, 0) FROM wanted w WHERE h.id = w.id
    RETURNING h.id, h.list_id, h.subject, h.from_name, h.from_address, h.author_key
), logged AS (
    INSERT INTO audit (at, actor, user_id, action, list_id, object, detail)
    SELECT $3, $5, nullif($6, 0), 'held_accept', list_id, left(subject, 500), from_address FROM taken ORDER BY id
)
SELECT id, list_id, from_name, from_address, author_key FROM taken ORDER BY id;

-- held_undo :many ids bigint[], lists bigint[], now timestamptz, actor text, user_id bigint -> id bigint, list_id bigint, from_name text, from_address text, author_key text
WITH wanted AS (
    SELECT id FROM held WHERE id = ANY ($1) AND list_id = ANY ($2) AND accept_at IS NOT NULL ORDER BY id FOR UPDATE
), back AS (
    UPDATE held h SET accept_at = NULL, accepted_at = NULL, accepted_by = NULL, accepted_user = NULL FROM wanted w WHERE h.id = w.id
    RETURNING h.id, h.list_id, h.subject, h.from_name, h.from_address, h.author_key
), logged AS (
    INSERT INTO audit (at, actor, user_id, action, list_id, object, detail)
    SELECT $3, $4, nullif($5, 0), 'held_undo', list_id, left(subject, 500), from_address FROM back ORDER BY id
)
SELECT id, list_id, from_name, from_address, author_key FROM back ORDER BY id;

-- held_end :many ids bigint[], lists bigint[], now timestamptz, state text, action text, audit text, reason text, actor text, user_id bigint -> id bigint, list_id bigint, subject text, from_name text, from_address text, author_key text, message_id bigint, author_is_proved bool
-- What was accepted already is no longer anybody's to refuse.
WITH wanted AS (
    SELECT id FROM held WHERE id = ANY ($1) AND list_id = ANY ($2) AND accept_at IS NULL ORDER BY id FOR UPDATE
), gone AS (
    DELETE FROM held h USING wanted w WHERE h.id = w.id
    RETURNING h.id, h.list_id, h.message_id, h.subject, h.from_name, h.from_address, h.author_key, h.cancel_hash
), said AS (
    INSERT INTO held_decision (held_id, list_id, message_id, action, decided_by, user_id, author_key, subject, reason, cancel_hash, decided_at)
    SELECT id, list_id, message_id, $5, $8, nullif($9, 0), author_key, subject, $7, cancel_hash, $3 FROM gone
), ended AS (
    UPDATE message m SET state = $4, ended_at = $3 FROM gone WHERE m.id = gone.message_id AND m.state = 'held'
), logged AS (
    INSERT INTO audit (at, actor, user_id, action, list_id, object, detail)
    SELECT $3, $8, nullif($9, 0), $6, list_id, left(subject, 500), from_address FROM gone ORDER BY id
)
SELECT gone.id, gone.list_id, gone.subject, gone.from_name, gone.from_address, gone.author_key, gone.message_id,
    EXISTS (SELECT FROM auth_result r WHERE r.message_id = gone.message_id AND r.method = 'dmarc' AND r.result = 'pass' AND r.aligned)
FROM gone ORDER BY gone.id;

-- Those whose time to be taken back is over go to the incoming messages, with the name of the person.
-- held_release :exec now timestamptz, most int
WITH due AS (
    SELECT id FROM held WHERE accept_at <= $1 ORDER BY accept_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM held h USING due WHERE h.id = due.id
    RETURNING h.id, h.list_id, h.message_id, h.subject, h.author_key, h.cancel_hash, h.accepted_at, h.accepted_by, h.accepted_user
), said AS (
    INSERT INTO held_decision (held_id, list_id, message_id, action, decided_by, user_id, author_key, subject, cancel_hash, decided_at)
    SELECT id, list_id, message_id, 'accepted', accepted_by, accepted_user, author_key, subject, cancel_hash, accepted_at FROM gone
), back AS (
    UPDATE message m SET state = 'received', ended_at = NULL FROM gone WHERE m.id = gone.message_id AND m.state = 'held'
    RETURNING m.id, gone.accepted_by
), hint AS (SELECT pg_notify('kairan_incoming', '') FROM (SELECT FROM back LIMIT 1) b)
INSERT INTO incoming (message_id, due_at, approved_by) SELECT back.id, $1, back.accepted_by FROM back, hint;

-- held_hurry :exec ids bigint[], now timestamptz
UPDATE held SET accept_at = $2 WHERE id = ANY ($1) AND accept_at > $2;

-- What others did with messages that somebody wanted to decide about.
-- held_fates :many ids bigint[], lists bigint[] -> id bigint, action text, decided_by text, decided_at timestamptz, subject text
SELECT id, 'accepted', accepted_by, accepted_at, subject FROM held WHERE id = ANY ($1) AND list_id = ANY ($2) AND accept_at IS NOT NULL
UNION ALL
SELECT held_id, action, decided_by, decided_at, subject FROM held_decision WHERE held_id = ANY ($1) AND list_id = ANY ($2)
ORDER BY 1 LIMIT 50;

-- held_match :many lists bigint[], search text, upto bigint, most int -> id bigint
-- Those that hold the text that was looked for; the empty text is in all.
SELECT id FROM held
WHERE list_id = ANY ($1) AND accept_at IS NULL AND id <= $3 AND position((SELECT name_folded(coalesce($2, ''))) IN words) > 0
ORDER BY id LIMIT $4;

-- held_found :many lists bigint[], search text, after bigint, page int, most int -> count bigint, id bigint
-- How many there are (no more than `most`), and a page of them; the count alone where the page is empty.
WITH wanted AS MATERIALIZED (SELECT name_folded($2) AS words),
found AS MATERIALIZED (
    SELECT h.id FROM unnest($1) u (list_id) CROSS JOIN LATERAL (
        SELECT x.id FROM held x
        WHERE x.list_id = u.list_id AND x.accept_at IS NULL AND position((SELECT words FROM wanted) IN x.words) > 0
        ORDER BY x.id LIMIT $5) h
    ORDER BY h.id LIMIT $5
), page AS (
    SELECT id FROM found WHERE $3::bigint IS NULL
    UNION ALL
    SELECT h.id FROM unnest($1) u (list_id) CROSS JOIN LATERAL (
        SELECT x.id FROM held x
        WHERE x.list_id = u.list_id AND x.accept_at IS NULL AND x.id > $3 AND position((SELECT words FROM wanted) IN x.words) > 0
        ORDER BY x.id LIMIT $4) h
    WHERE $3::bigint IS NOT NULL
    ORDER BY id LIMIT $4
)
SELECT n.count, p.id FROM (SELECT count(*) AS count FROM found) n LEFT JOIN page p ON true ORDER BY p.id;

-- held_older :many list bigint, before timestamptz, most int -> id bigint
SELECT id FROM held WHERE list_id = $1 AND accept_at IS NULL AND held_at < $2 ORDER BY id LIMIT $3;

-- held_lists_older :many before timestamptz -> list_id bigint
SELECT l.id FROM list l
WHERE l.removed_at IS NULL AND EXISTS (SELECT FROM held h WHERE h.list_id = l.id AND h.accept_at IS NULL AND h.held_at < $1) ORDER BY l.id;

-- The author's posts from now on: on the row of a member (by any address of the account), else as somebody who is none.
-- held_future :exec list bigint, key text, email text, name text, action text, now timestamptz, actor text, user_id bigint
WITH mine AS (
    UPDATE member m SET moderation_action = $5 FROM address a
    WHERE m.list_id = $1 AND m.role = 'member' AND m.left_at IS NULL AND a.id = m.address_id
        AND (a.key = $2 OR a.user_id = (SELECT user_id FROM address WHERE key = $2))
    RETURNING m.id
), known AS (
    INSERT INTO address (key, email, name, created_at) SELECT $2, $3, $4, $6 WHERE NOT EXISTS (SELECT FROM mine)
    ON CONFLICT (key) DO UPDATE SET name = CASE WHEN address.name = '' THEN excluded.name ELSE address.name END
    RETURNING id
), other AS (
    INSERT INTO member (list_id, address_id, role, moderation_action, joined_at) SELECT $1, id, 'nonmember', $5, $6 FROM known
    ON CONFLICT (list_id, address_id, role) DO UPDATE SET moderation_action = excluded.moderation_action, left_at = NULL
)
INSERT INTO audit (at, actor, user_id, action, list_id, object, detail) VALUES ($6, $7, nullif($8, 0), 'member_moderation', $1, $3, $5);

-- held_ban :exec list bigint, key text, now timestamptz, actor text, user_id bigint
WITH added AS (
    INSERT INTO ban (list_id, pattern, reason, created_by, created_at) VALUES ($1, $2, '', $4, $3)
    ON CONFLICT (list_id, domain_id, pattern) DO NOTHING RETURNING id
)
INSERT INTO audit (at, actor, user_id, action, list_id, object, detail)
SELECT $3, $4, nullif($5, 0), 'ban_add', $1, $2, '' FROM added;

-- held_get :one id bigint, lists bigint[] -> id bigint, list_id bigint, message_id bigint, subject text, from_name text, from_address text, author_key text, reasons text[], authentication text, excerpt text, held_at timestamptz, accept_at timestamptz, accepted_by text, size int
SELECT h.id, h.list_id, h.message_id, h.subject, h.from_name, h.from_address, h.author_key, h.reasons, h.authentication, h.excerpt,
    h.held_at, h.accept_at, h.accepted_by, m.size
FROM held h JOIN message m ON m.id = h.message_id WHERE h.id = $1 AND h.list_id = ANY ($2);

-- held_bytes :one message bigint, most int -> bytes bytea
SELECT substring(message_seen(bytes, masks) FOR $2) FROM message WHERE id = $1;

-- held_authentication :many message bigint -> method text, result text, domain text, aligned bool, detail text
SELECT method, result, domain, aligned, detail FROM auth_result WHERE message_id = $1 ORDER BY position LIMIT 20;

-- held_author :one list bigint, key text -> posts bigint, held bigint, refused bigint, newest timestamptz, role text, moderation_action text, joined_at timestamptz
SELECT p.posts, (SELECT count(*) FROM (SELECT FROM held h WHERE h.list_id = $1 AND h.author_key = $2 LIMIT 1000) n)
    + (SELECT count(*) FROM (SELECT FROM held_decision d WHERE d.list_id = $1 AND d.author_key = $2 LIMIT 1000) n),
    (SELECT count(*) FROM (SELECT FROM held_decision d WHERE d.list_id = $1 AND d.author_key = $2 AND d.action IN ('refused', 'discarded') LIMIT 1000) n)
    + (SELECT count(*) FROM (SELECT FROM judgement j JOIN message m ON m.id = j.message_id
        WHERE j.facts ->> 'author' = $2 AND j.action IN ('reject', 'discard') AND m.list_id = $1 LIMIT 1000) n),
    p.newest, mine.role, mine.moderation_action, mine.joined_at
FROM (SELECT count(*) AS posts, max(accepted_at) AS newest
      FROM (SELECT accepted_at FROM post WHERE list_id = $1 AND lower(from_address) = $2 ORDER BY id DESC LIMIT 1000) n) p
LEFT JOIN LATERAL (
    SELECT m.role, m.moderation_action, m.joined_at FROM member m JOIN address a ON a.id = m.address_id
    WHERE m.list_id = $1 AND m.left_at IS NULL AND a.key = $2
    ORDER BY array_position(ARRAY['member', 'owner', 'moderator', 'nonmember'], m.role) LIMIT 1) mine ON true;

-- held_cancel_find :one hash bytea -> held_id bigint, list_id bigint, list_name text, domain text, subject text, action text, decided_at timestamptz
SELECT h.id, l.id, l.name, d.name, h.subject, CASE WHEN h.accept_at IS NOT NULL THEN 'accepted' END, h.accepted_at
FROM held h JOIN list l ON l.id = h.list_id JOIN domain d ON d.id = l.domain_id WHERE h.cancel_hash = $1
UNION ALL
SELECT x.held_id, l.id, l.name, d.name, x.subject, x.action, x.decided_at
FROM held_decision x JOIN list l ON l.id = x.list_id JOIN domain d ON d.id = l.domain_id WHERE x.cancel_hash = $1;

-- held_decision_forget :exec before timestamptz
DELETE FROM held_decision WHERE held_id IN (SELECT held_id FROM held_decision WHERE decided_at < $1 ORDER BY decided_at LIMIT 1000);
-- notice_add :exec domain bigint, list bigint, kind text, recipient text, bytes bytea, now timestamptz, unsent bool
INSERT INTO notice (domain_id, list_id, kind, recipient, bytes, due_at, created_at, ended_at, result)
VALUES ($1, $2, $3, $4, CASE WHEN NOT $7 THEN $5 END, $6, $6, CASE WHEN $7 THEN $6 END, CASE WHEN $7 THEN 'not sent' END);

-- held_waiting :many lists bigint[], after bigint, most int -> id bigint
SELECT h.id FROM unnest($1) u (list_id) CROSS JOIN LATERAL (
    SELECT x.id FROM held x WHERE x.list_id = u.list_id AND x.accept_at IS NULL AND x.id > coalesce($2, 0) ORDER BY x.id LIMIT $3) h
ORDER BY h.id LIMIT $3;

-- held_shown :many ids bigint[] -> id bigint, list_id bigint, subject text, from_name text, from_address text, reasons text[], authentication text, excerpt text, held_at timestamptz
SELECT id, list_id, subject, from_name, from_address, reasons, authentication, excerpt, held_at FROM held WHERE id = ANY ($1) ORDER BY id;

-- held_count :one lists bigint[], most int -> count bigint
SELECT count(*) FROM (SELECT FROM held WHERE list_id = ANY ($1) AND accept_at IS NULL LIMIT $2) n;

-- held_pending :many lists bigint[] -> id bigint, list_id bigint, subject text, from_name text, from_address text, accept_at timestamptz, accepted_by text
SELECT id, list_id, subject, from_name, from_address, accept_at, accepted_by
FROM held WHERE list_id = ANY ($1) AND accept_at IS NOT NULL ORDER BY accept_at DESC, id DESC LIMIT 20;

-- held_look :exec held bigint, viewer text, now timestamptz
INSERT INTO held_look (held_id, viewer, looked_at) VALUES ($1, $2, $3)
ON CONFLICT (held_id, viewer) DO UPDATE SET looked_at = excluded.looked_at;

-- held_lookers :many ids bigint[], viewer text, since timestamptz -> held_id bigint, viewer text, looked_at timestamptz
SELECT held_id, viewer, looked_at FROM held_look WHERE held_id = ANY ($1) AND viewer <> $2 AND looked_at > $3 ORDER BY looked_at DESC LIMIT 200;

-- held_lists_of_user :many user bigint -> id bigint, name text, domain text, title text, slug text, held bigint
SELECT l.id, l.name, d.name, e.display_name,
    CASE WHEN EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL)
        THEN l.name || '.' || d.name ELSE l.name END,
    (SELECT count(*) FROM (SELECT FROM held h WHERE h.list_id = l.id AND h.accept_at IS NULL LIMIT 1000) n)
FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
WHERE l.removed_at IS NULL AND l.id IN (
    SELECT m.list_id FROM member m JOIN address a ON a.id = m.address_id
    WHERE a.user_id = $1 AND a.verified_at IS NOT NULL AND m.left_at IS NULL
        AND (m.role = 'owner' OR (m.role = 'moderator' AND 'held' = ANY (coalesce(m.rights, ARRAY['held']))))
    UNION ALL
    SELECT x.id FROM list x JOIN domain_owner o ON o.domain_id = x.domain_id WHERE o.user_id = $1)
ORDER BY e.display_name, l.id LIMIT 1000;

-- held_all_lists :many -> id bigint
SELECT id FROM list WHERE removed_at IS NULL ORDER BY id;

-- Messages that the worker could not process. Their bytes are not read here: they may be what stopped it.
-- aside_of_lists :many lists bigint[] -> id bigint, list_id bigint, kind text, sender text, reason text, received_at timestamptz, ended_at timestamptz, size int
SELECT m.id, m.list_id, m.kind, m.sender, j.reason, m.received_at, m.ended_at, m.size
FROM message m LEFT JOIN judgement j ON j.message_id = m.id
WHERE m.list_id = ANY ($1) AND m.state = 'set_aside' AND m.kind <> 'bounce' ORDER BY m.id LIMIT 50;

-- aside_find :one id bigint, lists bigint[] -> id bigint, list_id bigint, sender text
SELECT id, list_id, sender FROM message WHERE id = $1 AND list_id = ANY ($2) AND state = 'set_aside';

-- aside_retry :exec id bigint, now timestamptz
WITH hint AS (SELECT pg_notify('kairan_incoming', '')),
back AS (UPDATE message SET state = 'received', ended_at = NULL WHERE id = $1 AND state = 'set_aside' AND bytes IS NOT NULL RETURNING id)
INSERT INTO incoming (message_id, due_at) SELECT back.id, $2 FROM back, hint;

-- aside_discard :exec id bigint, now timestamptz
UPDATE message SET state = 'discarded', ended_at = $2 WHERE id = $1 AND state = 'set_aside';

-- held_owners :many list bigint -> email text
SELECT a.email FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $1 AND m.role = 'owner' AND m.left_at IS NULL ORDER BY m.id LIMIT 20;
