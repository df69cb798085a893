-- An address that changes on all lists at once (core/policy/subscription-moved.c).

-- moved_ask :exec link bigint, language text, actor text, now timestamptz
INSERT INTO job (kind, key, args, due_at, created_by, created_at)
VALUES ('moved', $1::bigint::text, jsonb_build_object('language', $2::text), $4, $3, $4) ON CONFLICT DO NOTHING;

-- moved_take :one now timestamptz -> id bigint, email text, old text, language text
SELECT j.id, k.email, k.detail, j.args ->> 'language' FROM job j JOIN mail_link k ON k.id = j.key::bigint
WHERE j.kind = 'moved' AND j.state = 'waiting' AND j.due_at <= $1 ORDER BY j.id LIMIT 1 FOR UPDATE OF j SKIP LOCKED;

-- moved_end :exec id bigint
DELETE FROM job WHERE id = $1;

-- moved_memberships :many key text -> id bigint, list_id bigint
SELECT m.id, m.list_id FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id
WHERE a.key = $1 AND m.role = 'member' AND m.left_at IS NULL AND l.removed_at IS NULL ORDER BY m.list_id LIMIT 500;

-- moved_told :exec ids bigint[], now timestamptz
-- One mail told of all of them.
UPDATE subscription_request SET told_at = $2 WHERE id = ANY ($1);

-- moved_deciders :many lists bigint[] -> email text, list_id bigint
SELECT a.email, m.list_id FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = ANY ($1) AND (m.role = 'owner' OR (m.role = 'moderator' AND (m.rights IS NULL OR 'requests' = ANY (m.rights))))
    AND m.left_at IS NULL
GROUP BY a.id, m.list_id ORDER BY a.id, m.list_id LIMIT 5000;

-- moved_stop :exec key text, old_key text, old text, now timestamptz
-- The old address keeps what nobody has decided about yet.
WITH stopped AS (
    UPDATE subscription_request r SET ended_at = $4, outcome = 'cancelled', ended_by = $3 FROM member m JOIN address a ON a.id = m.address_id
    WHERE m.id = r.member_id AND a.key = $2 AND r.kind = 'change' AND r.key = $1 AND r.ended_at IS NULL
    RETURNING r.list_id, r.email
)
INSERT INTO audit (at, actor, action, list_id, object, detail) SELECT $4, $3, 'change_stop', list_id, $3, email FROM stopped;

-- moved_state :many key text, old text, since timestamptz -> title text, outcome text
-- What became of each list's request; no outcome: it waits.
SELECT coalesce(e.display_name, l.name), r.outcome FROM subscription_request r JOIN list l ON l.id = r.list_id
LEFT JOIN list_effective e ON e.list_id = l.id
WHERE r.kind = 'change' AND r.key = $1 AND r.name = $2 AND r.created_at >= $3 AND l.removed_at IS NULL ORDER BY 1, r.id LIMIT 500;
