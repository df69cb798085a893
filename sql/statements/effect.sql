-- What the last posts, and those that wait, were judged by.

-- effect_posts :many lists bigint[], most bigint, now timestamptz -> list_id bigint, is_waiting bool, hits text[], author text, author_state text, has_own_action bool, listed text, is_named bool, is_command bool, to_addresses int, size bigint, has_subject bool, dmarc_policy text, is_spam bool, has_score bool, score_tenths int, has_virus bool, days int, is_kept bool, is_signed bool, has_text bool
-- List by list in the order given; in each sorted by author, the waiting ones last.
SELECT l.id, x.is_waiting, j.hits, j.facts ->> 'author', j.facts ->> 'author_state', j.facts ->> 'own_action' IS NOT NULL, j.facts ->> 'listed',
    coalesce((j.facts ->> 'named')::bool, true), coalesce((j.facts ->> 'command')::bool, false),
    coalesce((j.facts ->> 'to_addresses')::int, 0), coalesce((j.facts ->> 'size')::bigint, 0),
    coalesce((j.facts ->> 'has_subject')::bool, true), j.facts ->> 'dmarc_policy',
    coalesce((j.facts ->> 'spam')::bool, false), j.facts ->> 'spam_score' IS NOT NULL,
    coalesce(round((j.facts ->> 'spam_score')::numeric * 10)::int, 0), j.facts ->> 'virus' IS NOT NULL,
    floor(coalesce(extract(epoch FROM $3 - x.held_at), 0) / 86400)::int,
    EXISTS (SELECT FROM variant v WHERE v.post_id = x.post_id AND v.kind = 'kept'),
    EXISTS (SELECT FROM auth_result r WHERE r.message_id = x.message_id AND r.method = 'dkim' AND r.result = 'pass' AND r.aligned),
    t.there
FROM unnest($1::bigint[]) WITH ORDINALITY AS a (id, place) JOIN list l ON l.id = a.id
CROSS JOIN LATERAL (
    (SELECT false AS is_waiting, id AS post_id, message_id, NULL::timestamptz AS held_at FROM post WHERE list_id = l.id ORDER BY number DESC LIMIT $2)
    UNION ALL (SELECT true, NULL, message_id, held_at FROM held WHERE list_id = l.id ORDER BY id DESC LIMIT $2)) x
JOIN judgement j ON j.message_id = x.message_id
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM template t
    WHERE t.name IN ('list:member:regular:header', 'list:member:regular:footer') AND t.body <> ''
        AND (t.scope, t.scope_id) IN (('site', 0), ('domain', l.domain_id), ('list', l.id))) AS there) t
ORDER BY a.place, x.is_waiting, j.facts ->> 'author';

-- effect_lists :many scope text, scope_id bigint, setting text, most bigint -> list_id bigint, name text, value text
-- The lists below a domain or the site that have no nearer value of the setting, with all that is set for them, the outer first.
SELECT l.id, s.name, s.value
FROM (SELECT id, domain_id FROM list WHERE removed_at IS NULL AND ($1 = 'site' OR domain_id = $2)
        AND NOT EXISTS (SELECT FROM setting o WHERE o.name = $3 AND ((o.scope = 'list' AND o.scope_id = list.id)
            OR ($1 = 'site' AND o.scope = 'domain' AND o.scope_id = list.domain_id)))
      ORDER BY id LIMIT $4) l
CROSS JOIN LATERAL (VALUES (1, 'site', 0::bigint), (2, 'domain', l.domain_id), (3, 'list', l.id)) AS v (rank, scope, id)
LEFT JOIN setting s ON s.scope = v.scope AND s.scope_id = v.id
ORDER BY l.id, v.rank;

-- effect_topics :one lists bigint[] -> members bigint
SELECT count(DISTINCT c.member_id) FROM topic t JOIN member_topic c ON c.topic_id = t.id JOIN member m ON m.id = c.member_id
WHERE t.list_id = ANY ($1::bigint[]) AND m.left_at IS NULL;
