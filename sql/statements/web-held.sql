-- web_queue :many now timestamptz -> list_name text, subject text, members bigint, waiting bigint, due_at timestamptz
SELECT l.name || '@' || d.name, p.subject, p.recipients::bigint, sum(cardinality(c.members)), min(greatest(c.due_at, $1))
FROM chunk c JOIN post p ON p.id = c.post_id JOIN list l ON l.id = p.list_id JOIN domain d ON d.id = l.domain_id
GROUP BY l.name, d.name, p.id ORDER BY min(c.turn) LIMIT 100;

-- web_counts :one now timestamptz -> incoming bigint, held bigint, notices bigint
SELECT (SELECT count(*) FROM incoming), (SELECT count(*) FROM held),
    (SELECT count(*) FROM notice WHERE ended_at IS NULL AND created_at <= $1);
