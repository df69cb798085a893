-- What the clock asks for.

-- dns_cache_get :one name text, type text, now timestamptz -> found text, records text[], expires_at timestamptz
SELECT found, records, expires_at FROM dns_cache WHERE name = $1 AND type = $2 AND expires_at > $3;

-- dns_cache_put :exec name text, type text, found text, records text[], expires timestamptz
INSERT INTO dns_cache (name, type, found, records, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (name, type) DO UPDATE SET found = excluded.found, records = excluded.records, expires_at = excluded.expires_at;

-- dns_cache_forget :exec now timestamptz
DELETE FROM dns_cache WHERE expires_at < $1;

-- rate_forget :exec before timestamptz
DELETE FROM rate WHERE period < $1;

-- mail_link_forget :exec before timestamptz
DELETE FROM mail_link WHERE expires_at < $1;

-- notice_forget :exec before timestamptz
DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE ended_at < $1 ORDER BY ended_at LIMIT 10000);

-- message_release :exec before timestamptz
UPDATE message m SET bytes = NULL
WHERE m.bytes IS NOT NULL AND m.ended_at < $1 AND m.id IN (
    SELECT m.id FROM message m LEFT JOIN post p ON p.message_id = m.id
    WHERE m.bytes IS NOT NULL AND m.ended_at < $1
      AND (m.state IN ('refused', 'discarded')
           OR (m.state = 'accepted' AND p.id IS NOT NULL AND NOT p.archived AND NOT EXISTS (SELECT FROM chunk WHERE post_id = p.id)))
    LIMIT 1000);
