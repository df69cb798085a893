-- The way in: messages received, decided, accepted.

-- message_receive :one list bigint, bytes bytea, size int, sha256 bytea, changed int, sender text, recipient text, kind text, detail text, ip text, name text, helo text, submitted bool, now timestamptz, state text -> id bigint
INSERT INTO message (list_id, bytes, size, sha256, changed_bytes, sender, recipient, kind, detail, client_ip, client_name,
    client_helo, submitted, received_at, state, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, CASE WHEN $15 <> 'received' THEN $14::timestamptz END)
RETURNING id;

-- seen_add :exec recipient text, sha256 bytea, sender text, message bigint, now timestamptz
INSERT INTO seen (recipient, sha256, sender, message_id, seen_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- seen_forget :exec before timestamptz
DELETE FROM seen WHERE ctid IN (SELECT ctid FROM seen WHERE seen_at < $1 LIMIT 10000);

-- incoming_add :exec message bigint, now timestamptz
WITH hint AS (SELECT pg_notify('kairan_incoming', ''))
INSERT INTO incoming (message_id, due_at) SELECT $1, $2 FROM hint;

-- incoming_claim :one owner bigint, now timestamptz -> message_id bigint, attempts int, approved_by text
UPDATE incoming SET owner = $1, attempts = attempts + 1, due_at = $2
WHERE message_id = (SELECT message_id FROM incoming WHERE owner IS NULL AND due_at <= $2
                    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING message_id, attempts, approved_by;

-- incoming_put_off :exec message bigint, due timestamptz, trouble text, is_free bool
UPDATE incoming SET owner = NULL, due_at = $2, trouble = $3, attempts = attempts - CASE WHEN $4 THEN 1 ELSE 0 END WHERE message_id = $1;

-- incoming_end :exec message bigint, owner bigint
DELETE FROM incoming WHERE message_id = $1 AND owner = $2;

-- message_end :exec message bigint, state text, now timestamptz
UPDATE message SET state = $2, ended_at = CASE WHEN $2 = 'held' THEN NULL ELSE $3 END WHERE id = $1;

-- message_get :one id bigint -> list_id bigint, state text, bytes bytea, sender text, recipient text, kind text, detail text, client_ip text, client_name text, client_helo text, submitted bool, received_at timestamptz, is_masked bool, is_web bool
SELECT list_id, state, bytes, sender, recipient, kind, detail, client_ip, client_name, client_helo, submitted, received_at,
    masks IS NOT NULL, EXISTS (SELECT FROM web_post w WHERE w.message_id = m.id)
FROM message m WHERE id = $1;

-- auth_result_set :exec message bigint, methods text[], results text[], domains text[], selectors text[], aligned text[], details text[]
WITH gone AS (DELETE FROM auth_result WHERE message_id = $1 AND position > cardinality($2))
INSERT INTO auth_result (message_id, position, method, result, domain, selector, aligned, detail)
SELECT $1, n, m, r, nullif(d, ''), nullif(s, ''), a = 'yes', nullif(t, '')
FROM unnest($2, $3, $4, $5, $6, $7) WITH ORDINALITY AS u (m, r, d, s, a, t, n)
ON CONFLICT (message_id, position) DO UPDATE SET method = excluded.method, result = excluded.result,
    domain = excluded.domain, selector = excluded.selector, aligned = excluded.aligned, detail = excluded.detail;

-- judgement_set :exec message bigint, action text, rule text, reason text, hits text[], misses text[], facts text, now timestamptz
INSERT INTO judgement (message_id, action, rule, reason, hits, misses, facts, judged_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8)
ON CONFLICT (message_id) DO UPDATE SET action = excluded.action, rule = excluded.rule, reason = excluded.reason,
    hits = excluded.hits, misses = excluded.misses, facts = excluded.facts, judged_at = excluded.judged_at;

-- held_add :one list bigint, message bigint, subject text, name text, address text, key text, reasons text[], authentication text, excerpt text, cancel_hash bytea, now timestamptz -> id bigint
INSERT INTO held (list_id, message_id, subject, from_name, from_address, author_key, reasons, authentication, excerpt, cancel_hash, held_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (message_id) DO NOTHING RETURNING id;
