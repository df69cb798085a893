-- Joining, leaving and changing an address: what is asked for, who decides, what became of it.

-- subscription_facts :one list bigint, key text -> is_own bool, is_banned bool, member_id bigint, epoch int, email text, name text, waiting_id bigint, is_expected bool
-- Everything that one address's wish depends on. waiting_id: a wish to join that waits for a moderator; is_expected: an owner has
-- agreed or invited.
SELECT $2 = l.name || '@' || d.name,
    EXISTS (SELECT FROM list_ban b WHERE b.for_list = $1 AND b.pattern IN ($2, regexp_replace($2, '^.*@', '@'))),
    m.id, coalesce(m.epoch, 0), m.email, m.name,
    (SELECT r.id FROM subscription_request r WHERE r.list_id = $1 AND r.kind = 'join' AND r.key = $2 AND r.ended_at IS NULL
        AND r.confirmed_at IS NOT NULL),
    EXISTS (SELECT FROM subscription_request r WHERE r.list_id = $1 AND r.kind = 'join' AND r.key = $2 AND r.ended_at IS NULL
        AND (r.approved_by IS NOT NULL OR r.is_invitation))
FROM list l JOIN domain d ON d.id = l.domain_id
LEFT JOIN LATERAL (
    SELECT m.id, m.epoch, a.email, a.name FROM address a JOIN member m ON m.address_id = a.id
    WHERE a.key = $2 AND m.list_id = $1 AND m.role = 'member' AND m.left_at IS NULL) m ON true
WHERE l.id = $1;

-- subscription_lock :exec list bigint, key text
-- What people and owners do at once about one address on one list comes one after the other: they take the rows of the wish, the
-- membership and the address in orders of their own, and would else wait for each other.
SELECT pg_advisory_xact_lock(hashtextextended($2, $1));

-- subscription_lock_member :exec member bigint
SELECT pg_advisory_xact_lock(hashtextextended(a.key, m.list_id)) FROM member m JOIN address a ON a.id = m.address_id WHERE m.id = $1;

-- subscription_lock_request :exec id bigint
-- To leave is a wish of the membership, whatever its address is by now.
SELECT pg_advisory_xact_lock(hashtextextended(coalesce(a.key, r.key), r.list_id)) FROM subscription_request r
LEFT JOIN member m ON m.id = r.member_id AND r.kind = 'leave' LEFT JOIN address a ON a.id = m.address_id WHERE r.id = $1;

-- subscription_ask :one list bigint, kind text, key text, email text, name text, language text, member bigint, invitation bool, approved_by text, asked_by text, now timestamptz, expires timestamptz, outcome text -> id bigint
-- A wish that waits for the person; asked for again, it is the same wish. With an outcome it is noted and ended at once, so that
-- asking costs the same whoever asks.
INSERT INTO subscription_request AS r (list_id, kind, key, email, name, language, member_id, is_invitation, approved_by, asked_by,
    created_at, expires_at, ended_at, ended_by, outcome)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, CASE WHEN $13::text IS NOT NULL THEN $11 END,
    CASE WHEN $13::text IS NOT NULL THEN '' END, $13)
ON CONFLICT (list_id, kind, key) WHERE ended_at IS NULL DO UPDATE SET
    name = CASE WHEN excluded.name <> '' THEN excluded.name ELSE r.name END, language = excluded.language, member_id = excluded.member_id,
    is_invitation = excluded.is_invitation OR r.is_invitation, approved_by = coalesce(excluded.approved_by, r.approved_by),
    expires_at = greatest(excluded.expires_at, r.expires_at)
RETURNING id;

-- subscription_link_add :exec hash bytea, purpose text, email text, list bigint, request bigint, now timestamptz, expires timestamptz
INSERT INTO mail_link (token_hash, purpose, email, list_id, request_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- subscription_link :one hash bytea -> link_id bigint, purpose text, list_id bigint, list_name text, domain text, id bigint, kind text, email text, key text, name text, language text, member_id bigint, old_email text, is_invitation bool, approved_by text, expires_at timestamptz, used_at timestamptz, confirmed_at timestamptz, ended_at timestamptz, outcome text
SELECT k.id, k.purpose, l.id, l.name, d.name, r.id, r.kind, r.email, r.key, r.name, r.language, r.member_id, a.email, r.is_invitation, r.approved_by,
    k.expires_at, k.used_at, r.confirmed_at, r.ended_at, r.outcome
FROM mail_link k JOIN subscription_request r ON r.id = k.request_id JOIN list l ON l.id = r.list_id AND l.removed_at IS NULL
JOIN domain d ON d.id = l.domain_id LEFT JOIN member m ON m.id = r.member_id LEFT JOIN address a ON a.id = m.address_id
WHERE k.token_hash = $1;

-- subscription_link_use :exec link bigint, now timestamptz
UPDATE mail_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2;

-- subscription_confirmed :exec id bigint, now timestamptz
-- The person has spoken: exactly one of two confirmations at once finds it still waiting.
UPDATE subscription_request SET confirmed_at = $2 WHERE id = $1 AND confirmed_at IS NULL AND ended_at IS NULL;

-- subscription_wait :one list bigint, kind text, key text, email text, name text, language text, member bigint, asked_by text, now timestamptz, expires timestamptz -> id bigint, is_new bool
-- A wish that waits for a moderator. is_new: it did not before.
WITH before AS (
    SELECT id FROM subscription_request
    WHERE list_id = $1 AND kind = $2 AND key = $3 AND ended_at IS NULL AND confirmed_at IS NOT NULL AND told_at IS NOT NULL
), put AS (
    INSERT INTO subscription_request AS r (list_id, kind, key, email, name, language, member_id, asked_by, created_at, expires_at, confirmed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9)
    ON CONFLICT (list_id, kind, key) WHERE ended_at IS NULL DO UPDATE SET
        confirmed_at = coalesce(r.confirmed_at, excluded.confirmed_at), member_id = excluded.member_id,
        name = CASE WHEN excluded.name <> '' THEN excluded.name ELSE r.name END, expires_at = greatest(r.expires_at, excluded.expires_at)
    RETURNING id
)
SELECT put.id, NOT EXISTS (SELECT FROM before) FROM put;

-- subscription_end :one id bigint, list bigint, outcome text, by text, reason text, now timestamptz -> kind text, key text, email text, name text, language text, member_id bigint, confirmed_at timestamptz, is_invitation bool
-- The first act wins: who finds no row comes too late.
UPDATE subscription_request SET ended_at = $6, ended_by = $4, reason = $5, outcome = CASE WHEN $3 <> 'accepted' THEN $3
    WHEN kind = 'join' THEN 'joined' WHEN kind = 'leave' THEN 'left' ELSE 'changed' END
WHERE id = $1 AND list_id = $2 AND ended_at IS NULL AND ($3 <> 'accepted' OR confirmed_at IS NOT NULL)
RETURNING kind, key, email, name, language, member_id, confirmed_at, is_invitation;

-- subscription_approve :one id bigint, list bigint, by text -> kind text, email text
-- A moderator agrees before the person has confirmed.
UPDATE subscription_request SET approved_by = $3
WHERE id = $1 AND list_id = $2 AND ended_at IS NULL AND confirmed_at IS NULL AND approved_by IS NULL
RETURNING kind, email;

-- subscription_outcome :exec id bigint, outcome text
-- What was agreed to had no room any more.
UPDATE subscription_request SET outcome = $2 WHERE id = $1;

-- subscription_end_by_id :exec id bigint, outcome text, by text, now timestamptz
UPDATE subscription_request SET ended_at = $4, outcome = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL;

-- subscription_end_of :exec list bigint, kind text, key text, outcome text, by text, now timestamptz
-- What was asked for has come about in another way.
UPDATE subscription_request SET ended_at = $6, outcome = $4, ended_by = $5
WHERE list_id = $1 AND kind = $2 AND key = $3 AND ended_at IS NULL;

-- subscription_end_of_member :exec member bigint, kind text, outcome text, by text, now timestamptz
UPDATE subscription_request SET ended_at = $5, outcome = $3, ended_by = $4 WHERE member_id = $1 AND kind = $2 AND ended_at IS NULL;

-- subscription_member :one id bigint -> list_id bigint, key text, email text, name text, epoch int, left_at timestamptz, left_epoch int
SELECT m.list_id, a.key, a.email, a.name, m.epoch, m.left_at, m.left_epoch FROM member m JOIN address a ON a.id = m.address_id
WHERE m.id = $1 AND m.role = 'member';

-- subscription_member_end :exec id bigint, epoch int, now timestamptz, by_self bool
-- The epoch is raised, so that links of the old membership end with it; who left may take it back with the link that ended it.
UPDATE member SET left_at = $3, epoch = epoch + 1, left_epoch = CASE WHEN $4 THEN epoch ELSE left_epoch END
WHERE id = $1 AND epoch = $2 AND left_at IS NULL AND role = 'member';

-- subscription_member_stop :exec id bigint, epoch int
-- Where leaving needs consent, delivery stops at once.
UPDATE member SET delivery_status = 'by_user', vacation_until = NULL
WHERE id = $1 AND epoch = $2 AND left_at IS NULL AND role = 'member'
    AND (delivery_status IS DISTINCT FROM 'by_user' OR vacation_until IS NOT NULL);

-- subscription_member_return :exec id bigint, epoch int, since timestamptz
UPDATE member SET left_at = NULL, left_epoch = NULL, delivery_status = NULL, vacation_until = NULL, epoch = $2
WHERE id = $1 AND role = 'member' AND ((epoch = $2 + 1 AND left_epoch = $2 AND left_at > $3)
    OR (epoch = $2 AND left_at IS NULL AND delivery_status = 'by_user'));

-- subscription_move_address :one key text, email text, member bigint, now timestamptz, proved bool -> id bigint, epoch int, earlier_id bigint
-- The row of the address to which a membership moves, and its earlier membership there, if any.
WITH was AS (SELECT m.id, m.list_id, m.role, m.epoch, a.name FROM member m JOIN address a ON a.id = m.address_id WHERE m.id = $3), put AS (
    INSERT INTO address (key, email, name, verified_at, created_at) SELECT $1, $2, was.name, CASE WHEN $5 THEN $4 END, $4 FROM was
    ON CONFLICT (key) DO UPDATE SET verified_at = coalesce(address.verified_at, excluded.verified_at)
    RETURNING id
)
SELECT put.id, was.epoch, (SELECT o.id FROM member o WHERE o.list_id = was.list_id AND o.address_id = put.id AND o.role = was.role)
FROM put, was;

-- subscription_move :exec member bigint, address bigint
UPDATE member m SET address_id = $2, epoch = m.epoch + 1
WHERE m.id = $1 AND m.left_at IS NULL AND NOT EXISTS (
    SELECT FROM member o WHERE o.list_id = m.list_id AND o.address_id = $2 AND o.role = m.role);

-- subscription_move_revive :exec member bigint, address bigint
UPDATE member o SET left_at = NULL, left_epoch = NULL, epoch = o.epoch + 1, joined_at = m.joined_at, moderation_action = m.moderation_action,
    delivery_status = m.delivery_status, vacation_until = m.vacation_until, delivery_mode = m.delivery_mode,
    acknowledge_posts = m.acknowledge_posts, receive_own_postings = m.receive_own_postings, receive_list_copy = m.receive_list_copy,
    hide_address = m.hide_address, preferred_language = m.preferred_language
FROM member m
WHERE m.id = $1 AND m.left_at IS NULL AND o.list_id = m.list_id AND o.address_id = $2 AND o.role = m.role AND o.left_at IS NOT NULL;

-- subscription_follow :one from_member bigint, to_member bigint -> copies bigint
SELECT chunk_follow($1, $2);

-- subscription_prove :one key text, email text, name text, now timestamptz -> id bigint
INSERT INTO address (key, email, name, verified_at, created_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (key) DO UPDATE SET verified_at = coalesce(address.verified_at, excluded.verified_at),
    name = CASE WHEN address.name = '' THEN excluded.name ELSE address.name END
RETURNING id;

-- subscription_owners :many list bigint -> email text, language text
-- Who hears of joining and leaving.
SELECT a.email, min(coalesce(m.preferred_language, a.preferred_language, u.preferred_language))
FROM member m JOIN address a ON a.id = m.address_id LEFT JOIN site_user u ON u.id = a.user_id
WHERE m.list_id = $1 AND m.role = 'owner' AND m.left_at IS NULL GROUP BY a.id ORDER BY a.id LIMIT 50;

-- subscription_tell_due :many before timestamptz -> list_id bigint
-- Lists whose owners have not yet heard who joined and left, and were left in peace long enough.
SELECT l.id FROM list l LEFT JOIN list_told t ON t.list_id = l.id
WHERE l.removed_at IS NULL AND (t.changes_at IS NULL OR t.changes_at < $1)
    AND EXISTS (SELECT FROM audit a WHERE a.list_id = l.id AND a.id > coalesce(t.changes_to, 0)
                AND a.action IN ('member_add', 'member_remove'))
LIMIT 500;

-- subscription_changes_turn :one list bigint, now timestamptz, before timestamptz -> after bigint
-- Moves the mark to the newest row, and says where it was; no row: it is somebody else's turn.
WITH was AS (SELECT changes_to FROM list_told WHERE list_id = $1 FOR UPDATE), newest AS (
    SELECT coalesce(max(id), 0) AS id FROM audit WHERE list_id = $1
), put AS (
    INSERT INTO list_told AS t (list_id, changes_at, changes_to) SELECT $1, $2, newest.id FROM newest
    ON CONFLICT (list_id) DO UPDATE SET changes_at = excluded.changes_at, changes_to = excluded.changes_to
    WHERE t.changes_at IS NULL OR t.changes_at < $3
    RETURNING list_id
)
SELECT coalesce((SELECT changes_to FROM was), 0) FROM put;

-- subscription_changes :many list bigint, after bigint, most int -> action text, actor text, object text, total bigint
-- Undone and repeated changes are told as they came.
SELECT action, actor, object, count(*) OVER () FROM audit
WHERE list_id = $1 AND id > coalesce($2, 0) AND action IN ('member_add', 'member_remove') AND detail IN ('member', 'undo') ORDER BY id LIMIT $3;

-- subscription_told :exec id bigint, now timestamptz
UPDATE subscription_request SET told_at = $2 WHERE id = $1;

-- subscription_expire :exec now timestamptz
UPDATE subscription_request SET ended_at = $1, ended_by = '', outcome = 'expired' WHERE ended_at IS NULL AND expires_at < $1;

-- subscription_forget :exec before timestamptz
DELETE FROM subscription_request WHERE ended_at < $1;

-- budget_take :one key bytea, now timestamptz, since timestamptz, most int -> taken bool
-- One row is one lock: however many ask at once, no more than `most` get it since then.
INSERT INTO budget AS b (key, taken) VALUES ($1, ARRAY[$2::timestamptz])
ON CONFLICT (key) DO UPDATE SET
    taken = coalesce((SELECT array_agg(t ORDER BY t) FROM unnest(b.taken) AS u (t) WHERE t > $3), '{}') || excluded.taken
WHERE (SELECT count(*) FROM unnest(b.taken) AS u (t) WHERE t > $3) < $4
RETURNING true;

-- budget_count :one key bytea, since timestamptz -> count bigint
SELECT coalesce((SELECT count(*) FROM budget b, unnest(b.taken) AS u (t) WHERE b.key = $1 AND t > $2), 0);

-- budget_forget :exec before timestamptz
DELETE FROM budget WHERE taken[cardinality(taken)] < $1;

-- subscription_waiting :many list bigint, after bigint, most int -> id bigint, kind text, email text, name text, is_invitation bool, approved_by text, asked_by text, created_at timestamptz, expires_at timestamptz, confirmed_at timestamptz, old_email text
SELECT r.id, r.kind, r.email, r.name, r.is_invitation, r.approved_by, r.asked_by, r.created_at, r.expires_at, r.confirmed_at,
    coalesce(a.email, CASE WHEN r.kind = 'change' THEN r.name END)
FROM subscription_request r LEFT JOIN member m ON m.id = r.member_id LEFT JOIN address a ON a.id = m.address_id
WHERE r.list_id = $1 AND r.ended_at IS NULL AND r.id > coalesce($2, 0) ORDER BY r.id LIMIT $3;

-- notice_newest :one recipient text -> kind text, bytes bytea
SELECT kind, bytes FROM notice WHERE recipient = $1 AND result IS DISTINCT FROM 'not sent' ORDER BY id DESC LIMIT 1;

-- notice_count :one recipient text -> count bigint
SELECT count(*) FROM notice WHERE ($1::text IS NULL OR recipient = $1) AND result IS DISTINCT FROM 'not sent';

-- web_requests :many list bigint, confirmed bool, after bigint, most int -> id bigint, kind text, email text, name text, is_invitation bool, approved_by text, asked_by text, created_at timestamptz, expires_at timestamptz, old_email text, is_known bool
SELECT r.id, r.kind, r.email, CASE WHEN r.kind = 'change' THEN '' ELSE r.name END, r.is_invitation, r.approved_by, r.asked_by, coalesce(r.confirmed_at, r.created_at), r.expires_at,
    coalesce(a.email, CASE WHEN r.kind = 'change' THEN r.name END), r.member_id IS NOT NULL
FROM subscription_request r LEFT JOIN member m ON m.id = r.member_id LEFT JOIN address a ON a.id = m.address_id
WHERE r.list_id = $1 AND r.ended_at IS NULL AND (r.confirmed_at IS NOT NULL) = $2 AND r.id > coalesce($3, 0) ORDER BY r.id LIMIT $4;

-- web_requests_count :one list bigint -> waiting bigint, unconfirmed bigint
SELECT count(*) FILTER (WHERE confirmed_at IS NOT NULL), count(*) FILTER (WHERE confirmed_at IS NULL)
FROM subscription_request WHERE list_id = $1 AND ended_at IS NULL;

-- web_requests_ended :many list bigint, since timestamptz -> kind text, email text, outcome text, ended_by text, ended_at timestamptz, reason text
-- What people decided lately: who comes second sees here who was first.
SELECT kind, email, outcome, ended_by, ended_at, reason FROM subscription_request
WHERE list_id = $1 AND ended_at > $2 AND confirmed_at IS NOT NULL AND outcome IN ('joined', 'left', 'changed', 'rejected', 'discarded')
ORDER BY ended_at DESC, id DESC LIMIT 10;
