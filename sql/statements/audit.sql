-- audit_add :exec at timestamptz, actor text, user_id bigint, action text, list bigint, object text, detail text
INSERT INTO audit (at, actor, user_id, action, list_id, object, detail) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- audit_newest :many list bigint, most int -> id bigint, at timestamptz, actor text, action text, list text, object text, detail text
SELECT a.id, a.at, a.actor, a.action, CASE WHEN l.id IS NOT NULL THEN l.name || '@' || d.name END, a.object, a.detail
FROM audit a LEFT JOIN list l ON l.id = a.list_id LEFT JOIN domain d ON d.id = l.domain_id
WHERE $1::bigint IS NULL OR a.list_id = $1 ORDER BY a.id DESC LIMIT $2;

-- audit_about :many user bigint, before bigint, most int -> id bigint, at timestamptz, actor text, action text, list text, object text, detail text
-- What a person may see of what was done to them: their addresses, memberships and preferences, not what moderators think of them.
SELECT a.id, a.at, a.actor, a.action, CASE WHEN l.id IS NOT NULL THEN l.name || '@' || d.name END, a.object, a.detail
FROM audit a LEFT JOIN list l ON l.id = a.list_id LEFT JOIN domain d ON d.id = l.domain_id
WHERE a.object IN (SELECT x.key FROM address x WHERE x.user_id = $1 UNION SELECT x.email FROM address x WHERE x.user_id = $1)
    AND (a.action IN ('preference_change', 'member_add', 'member_remove', 'member_join', 'member_leave', 'join_ask', 'leave_ask', 'change_ask',
            'change_stop', 'member_move', 'member_address', 'request_accept', 'request_reject', 'topic_choose', 'user_create', 'user_change',
            'user_absorb', 'user_admin', 'address_add', 'address_change', 'address_prefer', 'address_remove', 'password_set', 'password_remove',
            'session_end', 'sessions_end', 'sign_in', 'login_link', 'export', 'thread_mute', 'thread_unmute')
        OR (a.action = 'member_change' AND a.detail NOT LIKE 'moderation_action %'))
    AND ($2::bigint IS NULL OR a.id < $2)
ORDER BY a.id DESC LIMIT $3;

-- One list's log, or (list NULL) the site's. who is part of a name or address, small letters.
-- audit_page :many list bigint, who text, action text, since date, until date, before bigint, most int -> id bigint, at timestamptz, actor text, action text, list text, object text, detail text
SELECT a.id, a.at, a.actor, a.action, CASE WHEN l.id IS NOT NULL THEN l.name || '@' || d.name END, a.object, a.detail
FROM audit a LEFT JOIN list l ON l.id = a.list_id LEFT JOIN domain d ON d.id = l.domain_id
WHERE ($1::bigint IS NULL OR a.list_id = $1)
    AND ($2::text IS NULL OR position($2 IN lower(a.actor)) > 0 OR position($2 IN lower(a.object)) > 0)
    AND ($3::text IS NULL OR a.action = $3)
    AND ($4::date IS NULL OR a.at >= $4::date) AND ($5::date IS NULL OR a.at < $5::date + 1)
    AND ($6::bigint IS NULL OR a.id < $6)
ORDER BY a.id DESC LIMIT $7;
