-- Invitations to very many (core/policy/invitation.c).

-- invitation_begin :one list bigint, user bigint, asked_by text, now timestamptz, emails text[], names text[], languages text[] -> id bigint
WITH run AS (
    INSERT INTO invitation_run (list_id, user_id, asked_by, asked_at, next_at, total)
    VALUES ($1, $2, $3, $4, $4, cardinality($5::text[])) RETURNING id
), people AS (
    INSERT INTO invitation (run_id, place, email, name, language)
    SELECT run.id, u.place, u.email, u.name, nullif(u.language, '')
    FROM run, unnest($5::text[], $6::text[], $7::text[]) WITH ORDINALITY AS u (email, name, language, place)
)
SELECT id FROM run;

-- invitation_due :one now timestamptz -> id bigint, asked_by text, user_id bigint, list_id bigint, list_name text, domain_id bigint, domain text, web_host text
SELECT r.id, r.asked_by, r.user_id, l.id, l.name, d.id, d.name, d.web_host
FROM invitation_run r JOIN list l ON l.id = r.list_id AND l.removed_at IS NULL JOIN domain d ON d.id = l.domain_id
WHERE r.ended_at IS NULL AND r.next_at <= $1 ORDER BY r.next_at LIMIT 1 FOR UPDATE OF r SKIP LOCKED;

-- invitation_take :many run bigint, most bigint -> email text, name text, language text
DELETE FROM invitation WHERE run_id = $1 AND place IN (SELECT place FROM invitation WHERE run_id = $1 ORDER BY place LIMIT $2)
RETURNING email, name, language;

-- invitation_counted :exec run bigint, invited bigint, left_out bigint, next timestamptz, ended timestamptz
UPDATE invitation_run SET invited = invited + coalesce($2, 0), left_out = left_out + coalesce($3, 0), next_at = coalesce($4, next_at), ended_at = $5 WHERE id = $1;

-- invitation_lately :one list bigint, since timestamptz -> count bigint
-- However they were asked for.
SELECT count(*) FROM subscription_request WHERE list_id = $1 AND is_invitation AND created_at > $2;

-- invitation_runs :many list bigint, id bigint, most bigint -> id bigint, asked_by text, asked_at timestamptz, total bigint, invited bigint, left_out bigint, ended_at timestamptz, stopped_by text
-- The newest first; id: that one alone.
SELECT id, asked_by, asked_at, total, invited, left_out, ended_at, stopped_by FROM invitation_run
WHERE list_id = $1 AND ($2::bigint IS NULL OR id = $2) ORDER BY id DESC LIMIT $3;

-- invitation_stop :exec list bigint, id bigint, by text, now timestamptz
UPDATE invitation_run SET ended_at = $4, stopped_by = $3 WHERE list_id = $1 AND id = $2 AND ended_at IS NULL;

-- invitation_drop :exec run bigint
DELETE FROM invitation WHERE run_id = $1;

-- invitation_forget :exec before timestamptz
DELETE FROM invitation_run WHERE ended_at < $1;
