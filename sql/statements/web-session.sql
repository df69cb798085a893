-- Who is asking.

-- web_session :one hash bytea, now timestamptz -> id bigint, user_id bigint, form_secret bytea, last_seen timestamptz, name text, language text, is_admin bool, email text, time_zone text, owns_domains bool
SELECT s.id, s.user_id, s.form_secret, s.last_seen, u.name, u.preferred_language, u.is_admin,
    coalesce((SELECT a.email FROM address a WHERE a.user_id = u.id AND a.verified_at IS NOT NULL
              ORDER BY a.id = u.preferred_address_id DESC NULLS LAST, a.id LIMIT 1), ''), u.time_zone,
    EXISTS (SELECT FROM domain_owner o WHERE o.user_id = u.id)
FROM session s JOIN site_user u ON u.id = s.user_id
WHERE s.token_hash = $1 AND s.ends_at > $2
    AND s.last_seen > $2 - CASE WHEN u.is_admin THEN interval '12 hours' ELSE interval '14 days' END;

-- web_session_seen :exec id bigint, now timestamptz
UPDATE session SET last_seen = $2 WHERE id = $1 AND last_seen < $2 - interval '1 hour';

-- web_session_add :one hash bytea, user bigint, secret bytea, lasting bool, agent text, now timestamptz, ends timestamptz -> id bigint
INSERT INTO session (token_hash, user_id, form_secret, is_lasting, agent, created_at, last_seen, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7) RETURNING id;

-- web_session_remove :exec id bigint, user bigint
DELETE FROM session WHERE id = $1 AND user_id = $2;

-- web_session_remove_all :exec user bigint
DELETE FROM session WHERE user_id = $1;

-- web_sessions_of :many user bigint, now timestamptz -> id bigint, agent text, last_seen timestamptz
SELECT id, agent, last_seen FROM session WHERE user_id = $1 AND ends_at > $2
ORDER BY last_seen DESC, id DESC LIMIT 100;

-- web_user_language :exec id bigint, language text
UPDATE site_user SET preferred_language = $2 WHERE id = $1;

-- web_rate :one key text, period timestamptz -> count bigint
INSERT INTO rate (key, period, count) VALUES ($1, $2, 1)
ON CONFLICT (key, period) DO UPDATE SET count = rate.count + 1 RETURNING count::bigint;
