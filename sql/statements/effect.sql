-- What the last posts, and those that wait, were judged by. Sorted by author, the waiting ones last.

-- effect_posts :many list bigint, most int -> is_waiting bool, hits text[], author text, author_state text, has_own_action bool, listed text, is_named bool, is_command bool, to_addresses int, size bigint, has_subject bool, dmarc_policy text, is_kept bool, is_signed bool, has_text bool
SELECT x.is_waiting, j.hits, j.facts ->> 'author', j.facts ->> 'author_state', j.facts ->> 'own_action' IS NOT NULL, j.facts ->> 'listed',
    coalesce((j.facts ->> 'named')::bool, true), coalesce((j.facts ->> 'command')::bool, false),
    coalesce((j.facts ->> 'to_addresses')::int, 0), coalesce((j.facts ->> 'size')::bigint, 0),
    coalesce((j.facts ->> 'has_subject')::bool, true), j.facts ->> 'dmarc_policy',
    EXISTS (SELECT FROM variant v WHERE v.post_id = x.post_id AND v.kind = 'kept'),
    EXISTS (SELECT FROM auth_result r WHERE r.message_id = x.message_id AND r.method = 'dkim' AND r.result = 'pass' AND r.aligned),
    t.there
FROM ((SELECT false AS is_waiting, id AS post_id, message_id FROM post WHERE list_id = $1 ORDER BY number DESC LIMIT $2)
      UNION ALL (SELECT true, NULL, message_id FROM held WHERE list_id = $1 ORDER BY id DESC LIMIT $2)) x
JOIN judgement j ON j.message_id = x.message_id
CROSS JOIN (SELECT EXISTS (SELECT FROM template t JOIN list l ON l.id = $1
    WHERE t.name IN ('list:member:regular:header', 'list:member:regular:footer') AND t.body <> ''
        AND (t.scope, t.scope_id) IN (('site', 0), ('domain', l.domain_id), ('list', l.id))) AS there) t
ORDER BY x.is_waiting, j.facts ->> 'author';
