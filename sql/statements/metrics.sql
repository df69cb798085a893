-- What the database says about itself in numbers (core/util/metrics.def, source ROWS). Each row is read from few rows or by an index;
-- only members are counted one by one.

-- metric_rows :many now timestamptz -> name text, value text, number bigint
-- Times are microseconds. What has no number is left out.
SELECT r.name, r.value, r.number FROM (
    SELECT 'kairan_schema_version' AS name, '' AS value, max(number)::bigint AS number FROM schema_migration
    UNION ALL SELECT 'kairan_database_bytes', '', pg_database_size(current_database())
    UNION ALL SELECT 'kairan_oldest_transaction_seconds', '', coalesce(max(greatest(0, extract(epoch FROM $1 - xact_start) * 1000000)), 0)::bigint
        FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    UNION ALL SELECT 'kairan_oldest_snapshot_transactions', '', pg_snapshot_xmax(s)::text::bigint - pg_snapshot_xmin(s)::text::bigint FROM pg_current_snapshot() s
    UNION ALL SELECT 'kairan_partition_headroom_seconds', '',
        (extract(epoch FROM (to_date(right(max(c.relname), 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' - $1) * 1000000)::bigint
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'outcome'::regclass AND c.relname ~ '^outcome_[0-9]{4}_[0-9]{2}$'
    UNION ALL SELECT 'kairan_domains', '', count(*) FROM domain
    UNION ALL SELECT 'kairan_lists', s, count(l.id) FROM unnest(ARRAY['open', 'removed']) s LEFT JOIN list l ON (l.removed_at IS NULL) = (s = 'open') GROUP BY s
    UNION ALL SELECT 'kairan_members', role, count(*) FROM member WHERE left_at IS NULL GROUP BY role
    UNION ALL SELECT 'kairan_archive_posts', '', coalesce(sum(posts), 0)::bigint FROM list_month
    UNION ALL SELECT 'kairan_messages_open', s, count(m.id) FROM unnest(ARRAY['received', 'held', 'set_aside']) s
        LEFT JOIN message m ON m.state = s AND m.state IN ('received', 'held', 'set_aside') GROUP BY s
    UNION ALL SELECT 'kairan_messages_oldest_seconds', s, coalesce(extract(epoch FROM $1 - min(m.received_at)) * 1000000, 0)::bigint
        FROM unnest(ARRAY['received', 'held', 'set_aside']) s LEFT JOIN message m ON m.state = s AND m.state IN ('received', 'held', 'set_aside') GROUP BY s
    UNION ALL SELECT 'kairan_copies_open', s, coalesce(sum(cardinality(c.members)), 0)::bigint FROM unnest(ARRAY['waiting', 'at_work', 'put_off']) s
        LEFT JOIN chunk c ON s = CASE WHEN c.owner IS NOT NULL THEN 'at_work' WHEN c.due_at <= $1 THEN 'waiting' ELSE 'put_off' END GROUP BY s
    UNION ALL SELECT 'kairan_copies_due', '', coalesce(sum(cardinality(members)), 0)::bigint FROM chunk WHERE due_at <= $1
    UNION ALL SELECT 'kairan_copies_oldest_due_seconds', '', coalesce(extract(epoch FROM $1 - min(due_at)) * 1000000, 0)::bigint
        FROM chunk WHERE owner IS NULL AND due_at <= $1
    UNION ALL SELECT 'kairan_notices_open', s, count(n.id) FROM unnest(ARRAY['waiting', 'at_work', 'put_off']) s
        LEFT JOIN notice n ON n.ended_at IS NULL AND s = CASE WHEN n.owner IS NOT NULL THEN 'at_work' WHEN n.due_at <= $1 THEN 'waiting' ELSE 'put_off' END GROUP BY s
    UNION ALL SELECT 'kairan_notices_oldest_due_seconds', '', coalesce(extract(epoch FROM $1 - min(due_at)) * 1000000, 0)::bigint
        FROM notice WHERE ended_at IS NULL AND owner IS NULL AND due_at <= $1
    UNION ALL SELECT 'kairan_index_backlog', '', count(*) FROM post_stale
    UNION ALL SELECT 'kairan_jobs', s, count(j.id) FROM unnest(ARRAY['waiting', 'failed']) s LEFT JOIN job j ON j.state = s GROUP BY s
    UNION ALL SELECT 'kairan_dkim_key_age_seconds', algorithm, (extract(epoch FROM $1 - min(created_at)) * 1000000)::bigint FROM dkim_key WHERE active GROUP BY algorithm
) r WHERE r.number IS NOT NULL;

-- health_bound :exec
-- For this transaction: whoever asks for health has no time.
SELECT set_config('statement_timeout', '2000', true);

-- health :one -> fine bool
SELECT EXISTS (SELECT FROM schema_migration);

-- status_hour :one since timestamptz -> received bigint, accepted bigint, held bigint, refused bigint
-- What came in: of the last messages alone, by their numbers, so that it is the same work in a small and in a large archive.
SELECT count(*), count(*) FILTER (WHERE state = 'accepted'), count(*) FILTER (WHERE state = 'held'), count(*) FILTER (WHERE state IN ('refused', 'discarded'))
FROM (SELECT state, received_at FROM message ORDER BY id DESC LIMIT 20000) m WHERE received_at >= $1;

-- status_reasons :many most int -> reason text, copies bigint
-- Why copies wait to be tried again: the newest answer about each.
SELECT coalesce(c.trouble, o.reply, ''), sum(cardinality(c.members))::bigint
FROM (SELECT post_id, members, trouble, attempt FROM chunk WHERE turn IS NULL AND owner IS NULL ORDER BY due_at LIMIT 500) c
JOIN post p ON p.id = c.post_id
LEFT JOIN LATERAL (SELECT o.reply FROM outcome o WHERE o.month = p.month AND o.post_id = p.id AND o.member_id = c.members[1]
                   ORDER BY o.attempt DESC LIMIT 1) o ON true
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $1;

-- status_sent :one since timestamptz -> handed_on bigint, failed bigint
-- What went out: of the newest posts.
SELECT count(*) FILTER (WHERE o.result = 'handed_on'), count(*) FILTER (WHERE o.result = 'failed')
FROM (SELECT id, month, accepted_at FROM post ORDER BY id DESC LIMIT 500) p JOIN outcome o ON o.month = p.month AND o.post_id = p.id
WHERE p.accepted_at >= $1 - interval '1 day' AND o.at >= $1;
