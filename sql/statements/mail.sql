-- Mail to sub-addresses: who asks, and what the answers tell (core/worker/post-command.c).

-- mail_asker :one list bigint, key text -> user_id bigint, language text, is_admin bool, is_moderator bool, rights text[], is_owner bool, is_domain_owner bool, member_id bigint, member_key text, member_email text, is_banned bool
-- Everything counts by every proved address of the account; the membership by the very address first.
WITH asker AS (SELECT a.id, a.user_id, a.preferred_language FROM address a WHERE a.key = $2),
mine AS (SELECT a.id, a.key, a.email, a.preferred_language FROM address a JOIN asker ON a.id = asker.id
    OR (a.user_id = asker.user_id AND a.verified_at IS NOT NULL)),
roles AS (SELECT m.id, m.role, m.rights, m.preferred_language, mine.key, mine.email FROM member m JOIN mine ON mine.id = m.address_id
    WHERE m.list_id = $1 AND m.left_at IS NULL)
SELECT (SELECT user_id FROM asker),
    coalesce(mem.preferred_language, (SELECT preferred_language FROM asker),
             (SELECT u.preferred_language FROM site_user u JOIN asker ON asker.user_id = u.id)),
    EXISTS (SELECT FROM site_user u JOIN asker ON asker.user_id = u.id WHERE u.is_admin),
    EXISTS (SELECT FROM roles WHERE role = 'moderator'),
    ARRAY(SELECT DISTINCT unnest(coalesce(rights, ARRAY['held', 'requests'])) FROM roles WHERE role = 'moderator'),
    EXISTS (SELECT FROM roles WHERE role = 'owner'),
    EXISTS (SELECT FROM domain_owner o JOIN asker ON asker.user_id = o.user_id WHERE o.domain_id = l.domain_id),
    mem.id, mem.key, mem.email,
    EXISTS (SELECT FROM list_ban b WHERE b.for_list = $1 AND b.pattern IN ($2, regexp_replace($2, '^.*@', '@')))
FROM list l LEFT JOIN LATERAL (
    SELECT id, key, email, preferred_language FROM roles WHERE role = 'member' ORDER BY key = $2 DESC, id LIMIT 1) mem ON true
WHERE l.id = $1;

-- mail_who :many list bigint, all bool, most int, delivery text, mode text, now timestamptz -> name text, email text
-- For members (all is false) without the addresses that their owners hide. delivery: enabled or disabled, mode: regular or digest; NULL
-- shows both.
SELECT coalesce(nullif(a.name, ''), u.name, ''),
    CASE WHEN $2 OR NOT coalesce(m.hide_address, a.hide_address, u.hide_address, p.hide_address, true) THEN a.email END
FROM member m JOIN address a ON a.id = m.address_id LEFT JOIN site_user u ON u.id = a.user_id
LEFT JOIN site_preference p ON p.id = 1
WHERE m.list_id = $1 AND m.role = 'member' AND m.left_at IS NULL
    AND ($4::text IS NULL OR ($4 = 'enabled') = (delivery_effective(m.delivery_status, m.vacation_until, a.delivery_status, a.vacation_until,
        u.delivery_status, u.vacation_until, $6) = 'enabled'))
    AND ($5::text IS NULL OR ($5 = 'regular')
        = (coalesce(m.delivery_mode, a.delivery_mode, u.delivery_mode, p.delivery_mode, 'regular') = 'regular'))
ORDER BY a.key LIMIT $3;

-- mail_who_count :one list bigint -> members bigint
SELECT count(*) FROM member WHERE list_id = $1 AND role = 'member' AND left_at IS NULL;

-- mail_lists :many list bigint -> name text, domain text, title text, description text
-- What the directory of the list's web host shows to everybody.
SELECT l.name, d.name, e.display_name, e.description
FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
WHERE l.removed_at IS NULL AND e.advertised
    AND d.web_host = (SELECT x.web_host FROM domain x JOIN list o ON o.domain_id = x.id WHERE o.id = $1)
ORDER BY e.display_name, l.id LIMIT 200;

-- mail_owners :many list bigint -> email text
-- Owners and moderators, each address once.
SELECT DISTINCT ON (a.id) a.email FROM member m JOIN address a ON a.id = m.address_id
WHERE m.list_id = $1 AND m.role IN ('owner', 'moderator') AND m.left_at IS NULL ORDER BY a.id LIMIT 50;

-- autoresponse_take :one list bigint, kind text, key text, now timestamptz, before timestamptz -> list_id bigint
-- No row while the same person had the same answer a short time ago.
INSERT INTO autoresponse AS t (list_id, kind, key, sent_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (list_id, kind, key) DO UPDATE SET sent_at = excluded.sent_at WHERE t.sent_at <= $5
RETURNING list_id;
