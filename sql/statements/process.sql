-- Who is at work, and what happens to the work of the dead.

-- process_add :one role text, host text, pid int, now timestamptz -> id bigint
INSERT INTO worker_process (role, host, pid, started_at) VALUES ($1, $2, $3, $4) RETURNING id;

-- process_remove :exec id bigint
DELETE FROM worker_process WHERE id = $1;

-- process_by_pid :one host text, pid int -> id bigint
SELECT id FROM worker_process WHERE host = $1 AND pid = $2 ORDER BY id DESC LIMIT 1;

-- process_list :many -> id bigint, role text, host text, pid int, lost_at timestamptz, is_locked bool
SELECT p.id, p.role, p.host, p.pid, p.lost_at,
    EXISTS (SELECT FROM pg_locks k WHERE k.locktype = 'advisory' AND k.classid = 4711 AND k.objid = p.id::int::oid AND k.granted
            AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
FROM worker_process p ORDER BY p.id;

-- process_mark_lost :exec id bigint, now timestamptz
UPDATE worker_process SET lost_at = $2 WHERE id = $1 AND lost_at IS NULL;

-- process_mark_found :exec id bigint
UPDATE worker_process SET lost_at = NULL WHERE id = $1 AND lost_at IS NOT NULL;

-- process_give_back :exec id bigint
WITH free AS (SELECT $1::bigint AS id WHERE pg_try_advisory_xact_lock(4711, $1::int)),
a AS (UPDATE chunk SET owner = NULL WHERE owner IN (SELECT id FROM free)),
b AS (UPDATE incoming SET owner = NULL WHERE owner IN (SELECT id FROM free)),
c AS (UPDATE notice SET owner = NULL WHERE owner IN (SELECT id FROM free)),
d AS (UPDATE job SET owner = NULL WHERE owner IN (SELECT id FROM free))
DELETE FROM worker_process WHERE id IN (SELECT id FROM free);

-- The process lives, so it was not the message that ended the attempt: it does not count.
-- process_release :exec id bigint
WITH a AS (UPDATE chunk SET owner = NULL WHERE owner = $1 RETURNING 1),
b AS (UPDATE incoming SET owner = NULL, attempts = greatest(attempts - 1, 0) WHERE owner = $1 RETURNING 1),
c AS (UPDATE notice SET owner = NULL WHERE owner = $1 RETURNING 1),
d AS (UPDATE job SET owner = NULL WHERE owner = $1 RETURNING 1)
SELECT 1 FROM a UNION ALL SELECT 1 FROM b UNION ALL SELECT 1 FROM c UNION ALL SELECT 1 FROM d;

-- process_backstop :exec before timestamptz
WITH a AS (UPDATE chunk SET owner = NULL WHERE owner IS NOT NULL AND claimed_at < $1 RETURNING 1),
b AS (UPDATE incoming SET owner = NULL WHERE owner IS NOT NULL AND due_at < $1 RETURNING 1),
c AS (UPDATE notice SET owner = NULL WHERE owner IS NOT NULL AND due_at < $1 RETURNING 1)
SELECT 1 FROM a UNION ALL SELECT 1 FROM b UNION ALL SELECT 1 FROM c;

-- database_mode :one -> is_read_only bool
SELECT current_setting('transaction_read_only')::boolean;

-- max_connections :one -> most int
SELECT current_setting('max_connections')::int;

-- outcome_partitions :exec first date, second date, third date, fourth date
SELECT outcome_partition($1), outcome_partition($2), outcome_partition($3), outcome_partition($4);

-- process_exists :one id bigint -> id bigint
SELECT id FROM worker_process WHERE id = $1;
