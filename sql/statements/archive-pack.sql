-- Whole archives as files: asked for by a page, made by the worker, one for each month.

-- archive_ask :exec list bigint, reduced bool, actor text, now timestamptz
INSERT INTO job (kind, key, due_at, created_by, created_at)
SELECT 'archive', $1::bigint || CASE WHEN $2 THEN ':reduced' ELSE ':whole' END, $4, $3, $4
WHERE NOT EXISTS (
    SELECT FROM archive_pack a JOIN job j ON j.id = a.job_id WHERE a.list_id = $1 AND a.is_reduced = $2 AND j.state = 'done'
        AND a.version = archive_loss($1))
ON CONFLICT DO NOTHING;

-- archive_pack :one list bigint, reduced bool -> state text, ended_at timestamptz
-- The newest, unless something went out of the archive since.
SELECT j.state, j.ended_at FROM job j LEFT JOIN archive_pack a ON a.job_id = j.id
WHERE j.kind = 'archive' AND j.key = $1::bigint || CASE WHEN $2 THEN ':reduced' ELSE ':whole' END
    AND (j.state <> 'done' OR a.version = archive_loss($1))
ORDER BY j.id DESC LIMIT 1;

-- archive_file :one list bigint, reduced bool, month date -> result text
SELECT j.result FROM archive_pack a JOIN job j ON j.id = a.job_id JOIN archive_part p ON p.job_id = a.job_id AND p.month = $3
WHERE a.list_id = $1 AND a.is_reduced = $2 AND j.state = 'done' AND a.version = archive_loss($1) ORDER BY j.id DESC LIMIT 1;

-- archive_months :many list bigint, reduced bool -> year int, month int, posts bigint, size bigint
-- With the size of the file where one was made of just as many posts.
SELECT extract(year FROM m.month)::int, extract(month FROM m.month)::int, m.posts, (
    SELECT p.size FROM archive_pack a JOIN job j ON j.id = a.job_id JOIN archive_part p ON p.job_id = a.job_id AND p.month = m.month
    WHERE a.list_id = $1 AND a.is_reduced = $2 AND j.state = 'done' AND a.version = archive_loss($1) AND p.posts = m.posts
    ORDER BY j.id DESC LIMIT 1)
FROM (SELECT month, count(*) AS posts FROM post WHERE list_id = $1 AND archived GROUP BY month) m ORDER BY m.month DESC;

-- archive_take :one now timestamptz -> id bigint, list_id bigint, reduced bool
SELECT id, split_part(key, ':', 1)::bigint, split_part(key, ':', 2) = 'reduced' FROM job
WHERE kind = 'archive' AND state = 'waiting' AND due_at <= $1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- archive_list :one list bigint -> name text, slug text, web_host text, language text, version bigint, addresses text
SELECT l.name, CASE WHEN EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL)
        THEN l.name || '.' || d.name ELSE l.name END,
    d.web_host, e.preferred_language, archive_loss(l.id), e.archive_addresses
FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id WHERE l.id = $1 AND l.removed_at IS NULL;

-- archive_list_months :many list bigint -> month text
SELECT DISTINCT month::text FROM post WHERE list_id = $1 AND archived ORDER BY 1;

-- archive_pack_add :exec job bigint, list bigint, reduced bool, version bigint
INSERT INTO archive_pack (job_id, list_id, is_reduced, version) VALUES ($1, $2, $3, coalesce($4, 0));

-- archive_part_add :exec job bigint, month date, posts int, size bigint
INSERT INTO archive_part (job_id, month, posts, size) VALUES ($1, $2, $3, coalesce($4, 0));

-- archive_end :exec id bigint, state text, result text, now timestamptz
UPDATE job SET state = $2, result = $3, ended_at = $4 WHERE id = $1;

-- archive_old :one before timestamptz -> id bigint, result text
-- Too old, of a list that is gone, or made before something went out of the archive.
SELECT j.id, j.result FROM job j LEFT JOIN archive_pack a ON a.job_id = j.id
WHERE j.kind = 'archive' AND j.state <> 'waiting' AND (j.ended_at < $1 OR (a.job_id IS NOT NULL AND (
    a.version <> archive_loss(a.list_id) OR NOT EXISTS (SELECT FROM list l WHERE l.id = a.list_id AND l.removed_at IS NULL))))
ORDER BY j.id LIMIT 1 FOR UPDATE OF j SKIP LOCKED;

-- archive_parts :many job bigint -> month text
SELECT month::text FROM archive_part WHERE job_id = $1 ORDER BY month;

-- archive_forget :exec id bigint
DELETE FROM job WHERE id = $1;
