-- keep.sql - backups, and what they are held against when they come back (the schema's owner alone)

-- keep_patient :one -> done bool
-- What follows on this connection takes as long as a table is long, and waits for other programs in between. Rows become the same text
-- whatever the server's settings are.
SELECT set_config('statement_timeout', '0', false) || set_config('idle_in_transaction_session_timeout', '0', false)
    || set_config('datestyle', 'ISO', false) || set_config('intervalstyle', 'postgres', false) || set_config('bytea_output', 'hex', false)
    || set_config('extra_float_digits', '1', false) <> '';

-- keep_server :one -> version int
-- The main version.
SELECT current_setting('server_version_num')::int / 10000;

-- keep_snapshot :one -> name text, server text
SELECT pg_export_snapshot(), current_setting('server_version');

-- keep_tables :many -> name text, bytes bigint
SELECT c.relname::text, pg_table_size(c.oid) FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname COLLATE "C";

-- keep_sum :one name text -> counted bigint, sum text
-- Rows of a table and the sum of their hashes, whatever their order. The table has a name that no statement can be bound to; and a function
-- of ours would be missing in a schema of before.
SELECT substring(x from '<counted>(\d+)</counted>')::bigint, substring(x from '<sum>(-?\d+)</sum>')
FROM (SELECT query_to_xml(format('SELECT count(*) AS counted, coalesce(sum((''x'' || encode(substr(sha256(convert_to(whole_row::text, ''UTF8'')), '
    '1, 8), ''hex''))::bit(64)::bigint), 0) AS sum FROM public.%I AS whole_row', $1), false, false, '')::text AS x) answer;

-- keep_copying :one command text -> name text, tuples bigint
-- The table that pg_dump or pg_restore is at, and how many of its rows are done.
SELECT c.relname::text, p.tuples_processed FROM pg_stat_progress_copy p JOIN pg_class c ON c.oid = p.relid
WHERE p.datname = current_database() AND p.command = $1 ORDER BY p.pid LIMIT 1;

-- keep_relations :one -> relations bigint, database text, sessions text
-- What is in the database, and which programs of ours are connected to it beside this one.
SELECT (SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')),
    current_database()::text, (SELECT coalesce(string_agg(DISTINCT a.application_name, ', ' ORDER BY a.application_name), '') FROM pg_stat_activity a
        WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
        AND a.usename IN ('kairan_owner', 'kairan_worker', 'kairan_web', 'kairan_admin'));

-- keep_content :one -> domains bigint, lists bigint, users bigint, messages bigint, others text
-- What people have made. others: tables with rows in them, but for those that our programs fill by themselves; the site's preferences are
-- a row that is always there, and a change of them is in audit.
SELECT (SELECT count(*) FROM domain), (SELECT count(*) FROM list), (SELECT count(*) FROM site_user),
    (SELECT count(*) FROM (SELECT FROM message LIMIT 1000) AS few),
    (SELECT coalesce(string_agg(c.relname, ', ' ORDER BY c.relname COLLATE "C"), '') FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('schema_migration', 'token_key',
            'site_preference', 'worker_process', 'dns_cache', 'rate', 'session', 'archive_change', 'search_extent')
        AND query_to_xml(format('SELECT 1 AS one FROM public.%I LIMIT 1', c.relname), false, true, '')::text <> '');

-- keep_drop_schema :exec
DROP SCHEMA public CASCADE;

-- keep_make_schema :exec
CREATE SCHEMA public;

-- keep_put_off :one until timestamptz -> messages bigint, copies bigint, notices bigint, invitations bigint
-- What was not finished when the backup was taken may have been, since: it waits for a person.
WITH m AS (UPDATE incoming SET owner = NULL, due_at = $1 RETURNING 1),
c AS (UPDATE chunk SET owner = NULL, claimed_at = NULL, turn = NULL, due_at = $1 RETURNING cardinality(members) AS copies),
n AS (UPDATE notice SET owner = NULL, due_at = $1 WHERE ended_at IS NULL RETURNING 1),
r AS (UPDATE invitation_run SET next_at = $1 WHERE ended_at IS NULL RETURNING id)
SELECT (SELECT count(*) FROM m), (SELECT coalesce(sum(copies), 0)::bigint FROM c), (SELECT count(*) FROM n),
    (SELECT count(*) FROM invitation i JOIN r ON r.id = i.run_id);

-- queue_release :one until timestamptz, now timestamptz -> messages bigint, copies bigint, notices bigint, invitations bigint
WITH hint AS (SELECT pg_notify('kairan_incoming', ''), pg_notify('kairan_send', '')),
m AS (UPDATE incoming SET due_at = $2 WHERE owner IS NULL AND due_at >= $1 RETURNING 1),
c AS (UPDATE chunk SET due_at = $2 WHERE owner IS NULL AND due_at >= $1 RETURNING cardinality(members) AS copies),
n AS (UPDATE notice SET due_at = $2 WHERE owner IS NULL AND ended_at IS NULL AND due_at >= $1 RETURNING 1),
r AS (UPDATE invitation_run SET next_at = $2 WHERE ended_at IS NULL AND next_at >= $1 RETURNING id)
SELECT (SELECT count(*) FROM m), (SELECT coalesce(sum(copies), 0)::bigint FROM c), (SELECT count(*) FROM n),
    (SELECT count(*) FROM invitation i JOIN r ON r.id = i.run_id) FROM hint;

-- keep_archiver :one -> mode text, archived_at timestamptz, failed_at timestamptz, failed_wal text
-- PostgreSQL's own log of changes, whether it is kept, and how the last piece fared.
SELECT current_setting('archive_mode'), last_archived_time, last_failed_time, coalesce(last_failed_wal, '') FROM pg_stat_archiver;

-- migration_table :one name text -> bytes bigint
SELECT pg_table_size(c.oid) FROM pg_class c WHERE c.oid = to_regclass('public.' || quote_ident($1));
