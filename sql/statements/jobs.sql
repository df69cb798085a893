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

-- spool_lost :many files text[], token int -> file text
-- Those whose name begins with no job's result: whoever wrote them was ended before it could say so.
SELECT u.file FROM unnest($1) AS u (file) WHERE NOT EXISTS (SELECT FROM job j WHERE j.result = left(u.file, $2));

-- notice_forget :exec before timestamptz
DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE ended_at < $1 ORDER BY ended_at LIMIT 10000);

-- message_release :exec before timestamptz
UPDATE message m SET bytes = NULL
WHERE m.bytes IS NOT NULL AND m.ended_at < $1 AND m.id IN (
    SELECT m.id FROM message m LEFT JOIN post p ON p.message_id = m.id
    WHERE m.bytes IS NOT NULL AND m.ended_at < $1
      AND (m.state IN ('refused', 'discarded')
           OR (m.state = 'accepted' AND p.id IS NOT NULL AND NOT p.archived AND p.removed IS DISTINCT FROM 'hidden' AND NOT EXISTS (SELECT FROM chunk WHERE post_id = p.id)))
    LIMIT 1000);

-- archive_change_fold :exec most int
-- Adds up the notes of lists, domains and the site; the sum stays what it was, whoever looks meanwhile.
WITH old AS (
    SELECT scope, scope_id, kind, made_in FROM archive_change WHERE scope <> 'thread' AND made_in <> '0'
    ORDER BY scope, scope_id, kind, made_in LIMIT $1 FOR UPDATE SKIP LOCKED),
gone AS (
    DELETE FROM archive_change c USING old o
    WHERE c.scope = o.scope AND c.scope_id = o.scope_id AND c.kind = o.kind AND c.made_in = o.made_in
    RETURNING c.scope, c.scope_id, c.kind, c.seconds)
INSERT INTO archive_change AS c (scope, scope_id, kind, made_in, seconds)
SELECT g.scope, g.scope_id, g.kind, '0', sum(g.seconds) FROM gone g
WHERE g.scope <> 'list' OR EXISTS (SELECT FROM list l WHERE l.id = g.scope_id)
GROUP BY g.scope, g.scope_id, g.kind ORDER BY g.scope, g.scope_id, g.kind
ON CONFLICT (scope, scope_id, kind, made_in) DO UPDATE SET seconds = c.seconds + excluded.seconds;

-- archive_change_fold_threads :exec most int
-- Those of threads into thread.version. A thread that a post is coming into is left for the next time: nobody waits for anybody.
WITH free AS (
    SELECT t.id FROM thread t WHERE t.id IN (SELECT scope_id FROM archive_change WHERE scope = 'thread' ORDER BY scope_id LIMIT $1)
    FOR UPDATE SKIP LOCKED),
gone AS (DELETE FROM archive_change c USING free f WHERE c.scope = 'thread' AND c.scope_id = f.id RETURNING c.scope_id, c.seconds)
UPDATE thread t SET version = t.version + s.seconds
FROM (SELECT scope_id, sum(seconds)::bigint AS seconds FROM gone GROUP BY scope_id) s WHERE t.id = s.scope_id;

-- archive_change_forget :exec
-- Of threads and lists that are gone.
DELETE FROM archive_change c WHERE (c.scope = 'thread' AND NOT EXISTS (SELECT FROM thread t WHERE t.id = c.scope_id))
    OR (c.scope = 'list' AND NOT EXISTS (SELECT FROM list l WHERE l.id = c.scope_id));

-- due_mend :one now timestamptz, soon timestamptz, most timestamptz -> mended bigint
-- Where the clock was moved back, what waits would wait for a time that is far off: nothing of ours waits for longer than `most`, and
-- what was not tried yet for no longer than `soon`. What is due in the year 9999 waits for "kairan queue release" (core/cli/keep.h).
WITH a AS (UPDATE incoming SET due_at = $1 WHERE owner IS NULL AND due_at > $2 AND due_at < '9999-01-01' RETURNING 1),
b AS (UPDATE notice SET due_at = $1 WHERE owner IS NULL AND ended_at IS NULL AND due_at > CASE WHEN tries = 0 THEN $2 ELSE $3 END AND due_at < '9999-01-01' RETURNING 1),
c AS (UPDATE chunk SET due_at = $1 WHERE owner IS NULL AND turn IS NULL AND due_at > $3 AND due_at < '9999-01-01' RETURNING 1),
d AS (UPDATE job SET due_at = $1 WHERE owner IS NULL AND state = 'waiting' AND due_at > $2 AND created_at > $2 RETURNING 1),
e AS (UPDATE moderator_pace SET noticed_at = $1 WHERE noticed_at > $2 RETURNING 1)
SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b) + (SELECT count(*) FROM c) + (SELECT count(*) FROM d) + (SELECT count(*) FROM e);
