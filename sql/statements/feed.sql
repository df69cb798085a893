-- Posts for feeds and files.

-- feed_list :many list bigint, most int -> hash text, subject text, from_name text, from_address text, accepted_at timestamptz, parent_hash text, bytes bytea
SELECT p.hash, p.subject, p.from_name, p.from_address, p.accepted_at, a.hash, substring(message_seen(m.bytes, m.masks) FOR 262144)
FROM post p JOIN message m ON m.id = p.message_id LEFT JOIN post a ON a.id = p.parent_id AND a.archived
WHERE p.list_id = $1 AND p.archived ORDER BY p.number DESC LIMIT $2;

-- feed_thread :one list bigint, hash text -> id bigint, first_hash text, subject text
SELECT t.id, f.hash, thread_title(t.id, t.subject) FROM post p JOIN thread t ON t.id = p.thread_id
JOIN LATERAL (SELECT hash FROM post x WHERE x.thread_id = t.id AND x.archived ORDER BY x.id LIMIT 1) f ON true
WHERE p.list_id = $1 AND p.hash = $2 AND p.archived;

-- feed_thread_posts :many thread bigint, most int -> hash text, subject text, from_name text, from_address text, accepted_at timestamptz, parent_hash text, bytes bytea
SELECT p.hash, p.subject, p.from_name, p.from_address, p.accepted_at, a.hash, substring(message_seen(m.bytes, m.masks) FOR 262144)
FROM post p JOIN message m ON m.id = p.message_id LEFT JOIN post a ON a.id = p.parent_id AND a.archived
WHERE p.thread_id = $1 AND p.archived ORDER BY p.id DESC LIMIT $2;

-- feed_lists_posts :many lists bigint[], most int -> list_id bigint, hash text, subject text, from_name text, from_address text, accepted_at timestamptz, parent_hash text, bytes bytea
-- Of each list no more than could be wanted, then the newest of all.
SELECT n.list_id, n.hash, n.subject, n.from_name, n.from_address, n.accepted_at, a.hash, substring(message_seen(m.bytes, m.masks) FOR 262144)
FROM (SELECT p.* FROM unnest($1) AS l (id) CROSS JOIN LATERAL (
          SELECT * FROM post WHERE list_id = l.id AND archived ORDER BY number DESC LIMIT $2) p
      ORDER BY p.accepted_at DESC, p.id DESC LIMIT $2) n
JOIN message m ON m.id = n.message_id LEFT JOIN post a ON a.id = n.parent_id AND a.archived
ORDER BY n.accepted_at DESC, n.id DESC;

-- ---- private feeds ----

-- feed_find :one hash bytea -> id bigint, user_id bigint, list_id bigint, created_at timestamptz, is_admin bool, language text, name text
SELECT f.id, f.user_id, f.list_id, f.created_at, u.is_admin, u.preferred_language, u.name FROM feed f JOIN site_user u ON u.id = f.user_id
WHERE f.token_hash = $1;

-- feed_lists :many user bigint, list bigint -> id bigint, name text, domain text, title text, web_host text, slug text, advertised bool, archive_policy text, addresses text, is_member bool, is_moderator bool, is_owner bool, is_domain_owner bool, rights text[]
-- One list, whoever asks, or all that the account belongs to; whether it may be read is said by may().
SELECT l.id, l.name, d.name, e.display_name, d.web_host,
    CASE WHEN EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL)
        THEN l.name || '.' || d.name ELSE l.name END,
    e.advertised, e.archive_policy, e.archive_addresses, coalesce(r.member, false), coalesce(r.moderator, false), coalesce(r.owner, false),
    EXISTS (SELECT FROM domain_owner o WHERE o.domain_id = d.id AND o.user_id = $1), coalesce(r.rights, '{}')
FROM list l JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
LEFT JOIN LATERAL (
    SELECT bool_or(m.role = 'member') AS member, bool_or(m.role = 'moderator') AS moderator, bool_or(m.role = 'owner') AS owner,
        max(coalesce(m.rights, ARRAY['held', 'requests'])) FILTER (WHERE m.role = 'moderator') AS rights
    FROM address a JOIN member m ON m.address_id = a.id
    WHERE a.user_id = $1 AND a.verified_at IS NOT NULL AND m.list_id = l.id AND m.left_at IS NULL AND m.role <> 'nonmember') r ON true
WHERE l.removed_at IS NULL AND ($2::bigint = l.id OR ($2::bigint IS NULL AND l.id IN (
    SELECT m.list_id FROM address a JOIN member m ON m.address_id = a.id
    WHERE a.user_id = $1 AND a.verified_at IS NOT NULL AND m.left_at IS NULL AND m.role <> 'nonmember')))
ORDER BY e.display_name, l.id LIMIT 500;

-- feeds_of :many user bigint, admin bool -> id bigint, list_id bigint, title text, created_at timestamptz
-- A list has its title only where its page may be seen, as may() says of RIGHT_SEE: it may be called otherwise by now.
SELECT f.id, f.list_id, CASE WHEN s.is_seen THEN e.display_name END, f.created_at
FROM feed f LEFT JOIN list l ON l.id = f.list_id LEFT JOIN list_effective e ON e.list_id = l.id
CROSS JOIN LATERAL (SELECT
    (l.removed_at IS NULL AND ($2 OR e.advertised
        OR EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
                   WHERE m.list_id = l.id AND a.user_id = $1 AND a.verified_at IS NOT NULL AND m.left_at IS NULL AND m.role <> 'nonmember')
        OR EXISTS (SELECT FROM domain_owner o WHERE o.domain_id = l.domain_id AND o.user_id = $1))) IS TRUE AS is_seen) s
WHERE f.user_id = $1 ORDER BY f.id DESC LIMIT 100;

-- feed_add :exec user bigint, list bigint, hash bytea, now timestamptz
-- No more than 50 of one account.
INSERT INTO feed (user_id, list_id, token_hash, created_at)
SELECT $1, $2, $3, $4 WHERE (SELECT count(*) FROM feed WHERE user_id = $1) < 50;

-- feed_remove :exec id bigint, user bigint
DELETE FROM feed WHERE id = $1 AND user_id = $2;

-- ---- many messages as one file ----

-- mbox_month :many list bigint, month date, after bigint, most int, bytes bigint -> id bigint, hash text, subject text, from_name text, from_address text, written_at timestamptz, accepted_at timestamptz, anonymous bool, bytes bytea
-- The next of a month: as many as have so many bytes together, and one at least.
SELECT n.id, n.hash, n.subject, n.from_name, n.from_address, n.written_at, n.accepted_at, n.anonymous, message_seen(m.bytes, m.masks)
FROM (SELECT o.*, sum(o.size) OVER (ORDER BY o.id) - o.size AS before FROM (
          SELECT p.*, s.size FROM post p JOIN message s ON s.id = p.message_id
          WHERE p.list_id = $1 AND p.month = $2 AND p.archived AND ($3::bigint IS NULL OR p.id > $3) ORDER BY p.id LIMIT $4) o) n
JOIN message m ON m.id = n.message_id WHERE n.before < $5 ORDER BY n.id;

-- mbox_thread :many thread bigint, after bigint, most int, bytes bigint -> id bigint, hash text, subject text, from_name text, from_address text, written_at timestamptz, accepted_at timestamptz, anonymous bool, bytes bytea
SELECT n.id, n.hash, n.subject, n.from_name, n.from_address, n.written_at, n.accepted_at, n.anonymous, message_seen(m.bytes, m.masks)
FROM (SELECT o.*, sum(o.size) OVER (ORDER BY o.id) - o.size AS before FROM (
          SELECT p.*, s.size FROM post p JOIN message s ON s.id = p.message_id
          WHERE p.thread_id = $1 AND p.archived AND ($2::bigint IS NULL OR p.id > $2) ORDER BY p.id LIMIT $3) o) n
JOIN message m ON m.id = n.message_id WHERE n.before < $4 ORDER BY n.id;

-- mbox_posts :many posts bigint[], bytes bigint -> id bigint, hash text, subject text, from_name text, from_address text, written_at timestamptz, accepted_at timestamptz, anonymous bool, bytes bytea, list_id bigint, slug text, addresses text
-- Of whatever lists.
SELECT n.id, n.hash, n.subject, n.from_name, n.from_address, n.written_at, n.accepted_at, n.anonymous, message_seen(m.bytes, m.masks), l.id,
    CASE WHEN EXISTS (SELECT FROM list o JOIN domain x ON x.id = o.domain_id
                      WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL AND x.web_host = d.web_host)
        THEN l.name || '.' || d.name ELSE l.name END, e.archive_addresses
FROM (SELECT o.*, sum(o.size) OVER (ORDER BY o.id) - o.size AS before FROM (
          SELECT p.*, s.size FROM post p JOIN message s ON s.id = p.message_id WHERE p.id = ANY ($1) AND p.archived) o) n
JOIN message m ON m.id = n.message_id JOIN list l ON l.id = n.list_id AND l.removed_at IS NULL JOIN domain d ON d.id = l.domain_id
JOIN list_effective e ON e.list_id = l.id WHERE n.before < $2 ORDER BY n.id;

-- mbox_posts_fit :one posts bigint[], bytes bigint -> posts bigint[]
-- The first of them that have no more than so many bytes together, one at least.
SELECT coalesce(array_agg(f.id ORDER BY f.id), '{}') FROM (
    SELECT w.id, w.n, sum(m.size) OVER (ORDER BY w.n) AS upto
    FROM unnest($1) WITH ORDINALITY AS w (id, n) JOIN post p ON p.id = w.id AND p.archived JOIN message m ON m.id = p.message_id) f
WHERE f.upto <= $2 OR f.n = 1;

-- mbox_month_mark :one list bigint, month date -> posts bigint, newest bigint, loss bigint
-- No row: the month has no posts.
SELECT m.posts, coalesce((SELECT p.id FROM post p WHERE p.list_id = $1 AND p.month = $2 ORDER BY p.id DESC LIMIT 1), 0), archive_loss($1)
FROM list_month m WHERE m.list_id = $1 AND m.month = $2 AND m.posts > 0;

-- mbox_month_size :one list bigint, month date -> bytes bigint
SELECT coalesce(sum(m.size), 0) FROM post p JOIN message m ON m.id = p.message_id
WHERE p.list_id = $1 AND p.month = $2 AND p.archived;

-- mbox_thread_size :one thread bigint -> posts bigint, bytes bigint
SELECT count(*), coalesce(sum(m.size), 0) FROM post p JOIN message m ON m.id = p.message_id WHERE p.thread_id = $1 AND p.archived;
