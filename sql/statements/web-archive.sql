-- Reading the archive. Only archived posts are ever named here.

-- web_threads :many list bigint, before timestamptz, before_id bigint, most int -> id bigint, hash text, subject text, posts int, last_at timestamptz, excerpt text, authors text[], addresses text[]
SELECT t.id, f.hash, t.subject, t.posts, t.last_at, f.excerpt, w.names, w.addresses
FROM thread t
JOIN LATERAL (SELECT p.hash, p.excerpt FROM post p WHERE p.thread_id = t.id AND p.archived ORDER BY p.id LIMIT 1) f ON true
CROSS JOIN LATERAL (
    SELECT array_agg(a.from_name ORDER BY a.first) AS names, array_agg(a.from_address ORDER BY a.first) AS addresses
    FROM (SELECT p.from_name, p.from_address, min(p.id) AS first FROM post p WHERE p.thread_id = t.id AND p.archived
          GROUP BY p.from_name, p.from_address ORDER BY min(p.id) LIMIT 50) a) w
WHERE t.list_id = $1 AND ($2::timestamptz IS NULL OR (t.last_at, t.id) < ($2, $3))
ORDER BY t.last_at DESC, t.id DESC LIMIT $4;

-- web_thread_of :one list bigint, hash text -> id bigint, first_hash text, subject text, posts int, started_at timestamptz, last_at timestamptz, people bigint
SELECT t.id, f.hash, t.subject, t.posts, t.started_at, t.last_at,
    (SELECT count(DISTINCT q.from_address) FROM post q WHERE q.thread_id = t.id AND q.archived)
FROM post p JOIN thread t ON t.id = p.thread_id
JOIN LATERAL (SELECT hash FROM post x WHERE x.thread_id = t.id AND x.archived ORDER BY x.id LIMIT 1) f ON true
WHERE p.list_id = $1 AND p.hash = $2 AND p.archived;

-- web_thread_posts :many thread bigint, after bigint, most int -> id bigint, number bigint, hash text, subject text, from_name text, from_address text, written_at timestamptz, accepted_at timestamptz, parent_hash text, parent_name text, parent_address text, bytes bytea, size int, signed_by text
SELECT p.id, p.number, p.hash, p.subject, p.from_name, p.from_address, p.written_at, p.accepted_at,
    a.hash, a.from_name, a.from_address, substring(message_seen(m.bytes, m.masks) FOR 524288), m.size,
    (SELECT r.domain FROM auth_result r WHERE NOT p.anonymous AND r.message_id = m.id AND r.method = 'dkim' AND r.result = 'pass' AND r.aligned ORDER BY r.position LIMIT 1)
FROM post p JOIN message m ON m.id = p.message_id LEFT JOIN post a ON a.id = p.parent_id AND a.archived
WHERE p.thread_id = $1 AND p.archived AND ($2::bigint IS NULL OR p.id > $2) ORDER BY p.id LIMIT $3;

-- web_post :one list bigint, hash text, most int -> id bigint, number bigint, hash text, subject text, from_name text, from_address text, written_at timestamptz, accepted_at timestamptz, parent_hash text, parent_name text, parent_address text, bytes bytea, size int, signed_by text, thread_hash text, previous_hash text, next_hash text, month text, anonymous bool
SELECT p.id, p.number, p.hash, p.subject, p.from_name, p.from_address, p.written_at, p.accepted_at,
    a.hash, a.from_name, a.from_address, substring(message_seen(m.bytes, m.masks) FOR $3), m.size,
    (SELECT r.domain FROM auth_result r WHERE NOT p.anonymous AND r.message_id = m.id AND r.method = 'dkim' AND r.result = 'pass' AND r.aligned ORDER BY r.position LIMIT 1),
    (SELECT x.hash FROM post x WHERE x.thread_id = p.thread_id AND x.archived ORDER BY x.id LIMIT 1),
    (SELECT x.hash FROM post x WHERE x.list_id = p.list_id AND x.number < p.number AND x.archived ORDER BY x.number DESC LIMIT 1),
    (SELECT x.hash FROM post x WHERE x.list_id = p.list_id AND x.number > p.number AND x.archived ORDER BY x.number LIMIT 1),
    to_char(p.month, 'YYYY/MM'), p.anonymous
FROM post p JOIN message m ON m.id = p.message_id LEFT JOIN post a ON a.id = p.parent_id AND a.archived
WHERE p.list_id = $1 AND p.hash = $2 AND p.archived;

-- web_months :many list bigint -> year int, month int, posts bigint
SELECT extract(year FROM month)::int, extract(month FROM month)::int, count(*) FROM post
WHERE list_id = $1 AND archived GROUP BY month ORDER BY month DESC;

-- web_month_posts :many list bigint, month date, after bigint, most int -> id bigint, number bigint, hash text, subject text, from_name text, from_address text, accepted_at timestamptz
SELECT id, number, hash, subject, from_name, from_address, accepted_at FROM post
WHERE list_id = $1 AND month = $2 AND archived AND ($3::bigint IS NULL OR id > $3) ORDER BY id LIMIT $4;
