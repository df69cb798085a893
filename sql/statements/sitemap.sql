-- What crawlers are told.

-- sitemap_parts :many host text, most int -> slug text, web_host text, year int
-- Years from the first to the newest post of each list that anybody may read and search engines may list.
SELECT CASE WHEN EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL)
        THEN l.name || '.' || d.name ELSE l.name END, d.web_host, y.year
FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
CROSS JOIN LATERAL (SELECT min(month) AS first, max(month) AS last FROM post WHERE list_id = l.id) m
CROSS JOIN LATERAL generate_series(extract(year FROM m.first)::int, extract(year FROM m.last)::int) AS y (year)
WHERE l.removed_at IS NULL AND e.advertised AND e.archive_policy = 'public' AND e.search_engines
    AND (d.web_host IN ($1, split_part($1, ':', 1))
         OR NOT EXISTS (SELECT FROM domain x WHERE x.web_host IN ($1, split_part($1, ':', 1))))
    AND EXISTS (SELECT FROM post p WHERE p.list_id = l.id AND p.month BETWEEN make_date(y.year, 1, 1) AND make_date(y.year, 12, 1) AND p.archived)
ORDER BY l.id, y.year LIMIT $2;

-- sitemap_threads :many list bigint, first date, last date, most int -> hash text, last_at timestamptz
-- Threads whose first post came in these months.
SELECT p.hash, t.last_at FROM post p JOIN thread t ON t.id = p.thread_id
WHERE p.list_id = $1 AND p.month BETWEEN $2 AND $3 AND p.archived
    AND p.id = (SELECT min(x.id) FROM post x WHERE x.thread_id = p.thread_id AND x.archived)
ORDER BY p.id LIMIT $4;
