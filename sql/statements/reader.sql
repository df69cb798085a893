-- What people who are signed in do in the archive. A post is new to somebody when it came after their mark on the list (upto, since) and
-- on its thread, and they did not write it; a list's counts leave out threads that they have muted. What belongs to a thread hangs on one
-- of its posts (see the migration).

-- reader_mark :one user bigint, list bigint -> upto bigint, since timestamptz, marked_at timestamptz
-- The hour: the clock is read before a list's posts are put in order. since NULL: nothing is new to them, they never were here.
SELECT r.upto, coalesce(r.until - interval '1 hour', (
        SELECT min(m.joined_at) FROM member m JOIN address a ON a.id = m.address_id
        WHERE m.list_id = $2 AND a.user_id = $1 AND m.left_at IS NULL AND m.role <> 'nonmember')), r.marked_at
FROM (SELECT) AS one LEFT JOIN read_mark r ON r.user_id = $1 AND r.list_id = $2;

-- reader_new :one user bigint, list bigint, upto bigint, since timestamptz, most int -> posts bigint
SELECT count(*) FROM (
    SELECT FROM thread t LEFT JOIN read_thread r ON r.user_id = $1 AND r.thread_id = t.id
    JOIN post p ON p.thread_id = t.id AND p.archived AND p.id > coalesce(greatest($3, r.upto), 0) AND p.accepted_at > $4
        AND lower(p.from_address) <> ALL (ARRAY(SELECT a.key FROM address a WHERE a.user_id = $1))
    WHERE t.list_id = $2 AND t.last_at > $4
        AND t.id NOT IN (SELECT y.thread_id FROM thread_mute q JOIN post y ON y.id = q.post_id WHERE q.user_id = $1) LIMIT $5) n;

-- reader_new_threads :many user bigint, list bigint, upto bigint, since timestamptz, before timestamptz, before_id bigint, most int -> id bigint
SELECT t.id FROM thread t LEFT JOIN read_thread r ON r.user_id = $1 AND r.thread_id = t.id
WHERE t.list_id = $2 AND t.last_at > $4 AND ($5::timestamptz IS NULL OR (t.last_at, t.id) < ($5, $6))
    AND t.id NOT IN (SELECT y.thread_id FROM thread_mute q JOIN post y ON y.id = q.post_id WHERE q.user_id = $1)
    AND EXISTS (SELECT FROM post p WHERE p.thread_id = t.id AND p.archived AND p.id > coalesce(greatest($3, r.upto), 0) AND p.accepted_at > $4
                AND lower(p.from_address) <> ALL (ARRAY(SELECT a.key FROM address a WHERE a.user_id = $1)))
ORDER BY t.last_at DESC, t.id DESC LIMIT $7;

-- reader_kept :many user bigint, list bigint, before timestamptz, before_id bigint, most int -> id bigint
SELECT t.id FROM thread t
WHERE t.list_id = $2 AND ($3::timestamptz IS NULL OR (t.last_at, t.id) < ($3, $4))
    AND t.id IN (SELECT p.thread_id FROM thread_favourite f JOIN post p ON p.id = f.post_id WHERE f.user_id = $1)
    AND EXISTS (SELECT FROM post x WHERE x.thread_id = t.id AND x.archived)
ORDER BY t.last_at DESC, t.id DESC LIMIT $5;

-- reader_threads :many user bigint, upto bigint, since timestamptz, threads bigint[] -> id bigint, new_posts bigint, first_new bigint, upto bigint, is_favourite bool, is_muted bool
SELECT t.id, n.posts, n.first, coalesce(greatest($2, r.upto), 0),
    EXISTS (SELECT FROM thread_favourite f JOIN post x ON x.id = f.post_id WHERE f.user_id = $1 AND x.thread_id = t.id),
    EXISTS (SELECT FROM thread_mute q JOIN post x ON x.id = q.post_id WHERE q.user_id = $1 AND x.thread_id = t.id)
FROM unnest($4) AS t (id) LEFT JOIN read_thread r ON r.user_id = $1 AND r.thread_id = t.id
CROSS JOIN LATERAL (
    SELECT count(*) AS posts, min(p.id) AS first FROM post p
    WHERE p.thread_id = t.id AND p.archived AND p.id > coalesce(greatest($2, r.upto), 0) AND p.accepted_at > $3
        AND lower(p.from_address) <> ALL (ARRAY(SELECT a.key FROM address a WHERE a.user_id = $1))) n;

-- reader_shown :many list bigint, threads bigint[], posts bigint[] -> is_post bool, id bigint, votes_for bigint, votes_against bigint, category bigint, category_name text, tags text[]
-- What all readers see: votes on posts, category and tags of threads. Only those that have any.
WITH tagged AS (
    SELECT p.thread_id, array_agg(DISTINCT g.name ORDER BY g.name) AS tags FROM thread_tag g JOIN post p ON p.id = g.post_id
    WHERE g.list_id = $1 AND p.thread_id = ANY ($2) GROUP BY p.thread_id
), sorted AS (
    SELECT DISTINCT ON (p.thread_id) p.thread_id, c.id, c.name FROM category c JOIN thread_category k ON k.category_id = c.id
    JOIN post p ON p.id = k.post_id WHERE c.list_id = $1 AND p.thread_id = ANY ($2) ORDER BY p.thread_id, p.id
)
SELECT false, coalesce(g.thread_id, s.thread_id), NULL::bigint, NULL::bigint, s.id, s.name, coalesce(g.tags, '{}')
FROM tagged g FULL JOIN sorted s ON s.thread_id = g.thread_id
UNION ALL
SELECT true, v.post_id, count(*) FILTER (WHERE v.value = 1), count(*) FILTER (WHERE v.value = -1), NULL, NULL, '{}'
FROM post_vote v WHERE v.post_id = ANY ($3) GROUP BY v.post_id;

-- reader_posts :many user bigint, posts bigint[], upto bigint, since timestamptz -> id bigint, vote int, is_new bool
SELECT p.id, coalesce((SELECT v.value FROM post_vote v WHERE v.post_id = p.id AND v.user_id = $1), 0),
    (p.id > coalesce($3, 0) AND p.accepted_at > $4
        AND lower(p.from_address) <> ALL (ARRAY(SELECT a.key FROM address a WHERE a.user_id = $1))) IS TRUE
FROM post p WHERE p.id = ANY ($2) AND p.archived;

-- reader_first :one thread bigint, first bigint -> newest bigint, hash text
-- The thread's newest post, and the hash of the first one that is new (0: none is).
SELECT max(p.id), max(p.hash) FILTER (WHERE p.id = $2) FROM post p WHERE p.thread_id = $1 AND p.archived;

-- reader_last :one thread bigint -> last_at timestamptz
SELECT last_at FROM thread WHERE id = $1;

-- reader_newest :one list bigint -> id bigint
SELECT id FROM post WHERE list_id = $1 AND archived ORDER BY number DESC LIMIT 1;

-- reader_rows :many threads bigint[] -> id bigint, hash text, subject text, posts int, last_at timestamptz, excerpt text, authors text[], addresses text[]
-- Threads in the order given.
SELECT t.id, f.hash, thread_title(t.id, t.subject), t.posts, t.last_at, f.excerpt, w.names, w.addresses
FROM unnest($1) WITH ORDINALITY AS u (id, n) JOIN thread t ON t.id = u.id
JOIN LATERAL (SELECT p.hash, p.excerpt FROM post p WHERE p.thread_id = t.id AND p.archived ORDER BY p.id LIMIT 1) f ON true
CROSS JOIN LATERAL (
    SELECT array_agg(a.from_name ORDER BY a.first) AS names, array_agg(a.from_address ORDER BY a.first) AS addresses
    FROM (SELECT p.from_name, p.from_address, min(p.id) AS first FROM post p WHERE p.thread_id = t.id AND p.archived
          GROUP BY p.from_name, p.from_address ORDER BY min(p.id) LIMIT 50) a) w
ORDER BY u.n;

-- reader_tagged :many list bigint, tag text, category bigint, before timestamptz, before_id bigint, most int -> id bigint
SELECT t.id FROM thread t
WHERE t.list_id = $1 AND ($4::timestamptz IS NULL OR (t.last_at, t.id) < ($4, $5))
    AND t.id IN (SELECT p.thread_id FROM post p JOIN thread_tag g ON g.post_id = p.id WHERE g.list_id = $1 AND g.name = $2
                 UNION ALL SELECT p.thread_id FROM post p JOIN thread_category k ON k.post_id = p.id WHERE k.category_id = $3)
    AND EXISTS (SELECT FROM post x WHERE x.thread_id = t.id AND x.archived)
ORDER BY t.last_at DESC, t.id DESC LIMIT $6;

-- reader_tags :many list bigint, most int -> name text, threads bigint
-- Those used most.
SELECT g.name, count(DISTINCT p.thread_id) FROM thread_tag g JOIN post p ON p.id = g.post_id
WHERE g.list_id = $1 AND EXISTS (SELECT FROM post x WHERE x.thread_id = p.thread_id AND x.archived) GROUP BY g.name ORDER BY count(DISTINCT p.thread_id) DESC, g.name LIMIT $2;

-- ---- what they change ----

-- reader_mark_list :exec user bigint, list bigint, upto bigint, now timestamptz
WITH to_post AS (
    SELECT p.id, p.accepted_at FROM post p WHERE p.list_id = $2 AND p.id = $3 AND p.archived
), seen AS (
    DELETE FROM read_thread r WHERE r.user_id = $1 AND r.list_id = $2 AND r.upto <= $3
)
INSERT INTO read_mark (user_id, list_id, upto, until, marked_at)
SELECT $1, $2, coalesce(t.id, 0), coalesce(t.accepted_at, $4), $4 FROM (SELECT) AS one LEFT JOIN to_post t ON true
ON CONFLICT (user_id, list_id) DO UPDATE SET upto = greatest(read_mark.upto, excluded.upto), marked_at = excluded.marked_at,
    until = CASE WHEN excluded.upto >= read_mark.upto THEN excluded.until ELSE read_mark.until END;

-- reader_mark_thread :exec user bigint, list bigint, thread bigint, upto bigint
INSERT INTO read_thread (user_id, thread_id, list_id, upto)
SELECT $1, p.thread_id, p.list_id, p.id FROM post p WHERE p.list_id = $2 AND p.thread_id = $3 AND p.id <= $4 AND p.archived ORDER BY p.id DESC LIMIT 1
ON CONFLICT (user_id, thread_id) DO UPDATE SET upto = greatest(read_thread.upto, excluded.upto);

-- reader_keep :exec user bigint, post bigint, now timestamptz, most int
-- Nothing when the thread is kept already, or there are too many.
INSERT INTO thread_favourite (user_id, post_id, added_at)
SELECT $1, $2, $3 WHERE (SELECT count(*) FROM thread_favourite f WHERE f.user_id = $1) < $4 ON CONFLICT DO NOTHING;

-- reader_drop :exec user bigint, thread bigint
DELETE FROM thread_favourite f USING post p WHERE p.id = f.post_id AND f.user_id = $1 AND p.thread_id = $2;

-- reader_mute :exec user bigint, post bigint, now timestamptz, most int
INSERT INTO thread_mute (user_id, post_id, muted_at)
SELECT $1, $2, $3 WHERE (SELECT count(*) FROM thread_mute f WHERE f.user_id = $1) < $4 ON CONFLICT DO NOTHING;

-- reader_unmute :exec user bigint, thread bigint
DELETE FROM thread_mute f USING post p WHERE p.id = f.post_id AND f.user_id = $1 AND p.thread_id = $2;

-- reader_vote :exec user bigint, post bigint, value int, now timestamptz
INSERT INTO post_vote (post_id, user_id, value, voted_at) VALUES ($2, $1, $3, $4)
ON CONFLICT (post_id, user_id) DO UPDATE SET value = excluded.value, voted_at = excluded.voted_at;

-- reader_unvote :exec user bigint, post bigint
DELETE FROM post_vote WHERE post_id = $2 AND user_id = $1;

-- reader_tag_count :one list bigint, thread bigint -> tags bigint
SELECT count(DISTINCT g.name) FROM thread_tag g JOIN post p ON p.id = g.post_id WHERE g.list_id = $1 AND p.thread_id = $2;

-- reader_tag :exec list bigint, post bigint, name text, user bigint, now timestamptz
INSERT INTO thread_tag (list_id, name, post_id, user_id, added_at)
SELECT $1, $3, $2, $4, $5 WHERE NOT EXISTS (
    SELECT FROM thread_tag g JOIN post p ON p.id = g.post_id JOIN post x ON x.thread_id = p.thread_id
    WHERE g.list_id = $1 AND g.name = $3 AND x.id = $2);

-- reader_untag :exec list bigint, thread bigint, name text
DELETE FROM thread_tag g USING post p WHERE p.id = g.post_id AND g.list_id = $1 AND g.name = $3 AND p.thread_id = $2;

-- category_list :many list bigint -> id bigint, name text, threads bigint
SELECT c.id, c.name, (SELECT count(DISTINCT p.thread_id) FROM thread_category k JOIN post p ON p.id = k.post_id
     WHERE k.category_id = c.id AND EXISTS (SELECT FROM post x WHERE x.thread_id = p.thread_id AND x.archived))
FROM category c WHERE c.list_id = $1 ORDER BY c.position, c.id;

-- category_names :many list bigint -> id bigint, name text
SELECT id, name FROM category WHERE list_id = $1 ORDER BY position, id;

-- category_add :exec list bigint, name text
INSERT INTO category (list_id, name, position)
SELECT $1, $2, coalesce(max(position), 0) + 1 FROM category WHERE list_id = $1;

-- category_rename :exec list bigint, id bigint, name text
UPDATE category SET name = $3 WHERE list_id = $1 AND id = $2;

-- category_remove :exec list bigint, id bigint
DELETE FROM category WHERE list_id = $1 AND id = $2;

-- category_raise :exec list bigint, id bigint
-- It changes places with the one before it.
WITH pair AS (
    SELECT c.id, c.position, o.id AS other, o.position AS before FROM category c
    JOIN LATERAL (SELECT * FROM category b WHERE b.list_id = $1 AND (b.position, b.id) < (c.position, c.id)
                  ORDER BY b.position DESC, b.id DESC LIMIT 1) o ON true
    WHERE c.list_id = $1 AND c.id = $2)
UPDATE category c SET position = CASE WHEN c.id = p.id THEN p.before ELSE p.position END FROM pair p WHERE c.id IN (p.id, p.other);

-- category_put :exec post bigint, category bigint
WITH gone AS (
    DELETE FROM thread_category k USING post p, post x WHERE x.id = $1 AND p.thread_id = x.thread_id AND k.post_id = p.id AND p.id <> $1)
INSERT INTO thread_category (post_id, category_id) VALUES ($1, $2) ON CONFLICT (post_id) DO UPDATE SET category_id = excluded.category_id;

-- category_take :exec thread bigint
DELETE FROM thread_category k USING post p WHERE p.id = k.post_id AND p.thread_id = $1;

-- ---- their own page, their account ----

-- me_threads :many user bigint, admin bool, muted bool, before timestamptz, before_id bigint, most int -> post_id bigint, at timestamptz, hash text, subject text, posts int, last_at timestamptz, title text, slug text
-- Kept or muted threads of lists that they may still read, the newest mark first.
SELECT w.post_id, w.at, f.hash, thread_title(t.id, t.subject), t.posts, t.last_at, e.display_name,
    CASE WHEN EXISTS (SELECT FROM list o WHERE o.name = l.name AND o.id <> l.id AND o.removed_at IS NULL)
        THEN l.name || '.' || d.name ELSE l.name END
FROM (SELECT post_id, added_at AS at FROM thread_favourite WHERE user_id = $1 AND NOT $3
      UNION ALL SELECT post_id, muted_at FROM thread_mute WHERE user_id = $1 AND $3) w
JOIN post p ON p.id = w.post_id JOIN thread t ON t.id = p.thread_id
JOIN LATERAL (SELECT x.hash FROM post x WHERE x.thread_id = t.id AND x.archived ORDER BY x.id LIMIT 1) f ON true
JOIN list l ON l.id = t.list_id AND l.removed_at IS NULL JOIN domain d ON d.id = l.domain_id JOIN list_effective e ON e.list_id = l.id
WHERE e.archive_policy <> 'never' AND ($4::timestamptz IS NULL OR (w.at, w.post_id) < ($4, $5))
    AND ($2 OR (e.advertised AND e.archive_policy = 'public')
         OR EXISTS (SELECT FROM member m JOIN address a ON a.id = m.address_id
                    WHERE m.list_id = l.id AND a.user_id = $1 AND a.verified_at IS NOT NULL AND m.left_at IS NULL AND m.role <> 'nonmember')
         OR EXISTS (SELECT FROM domain_owner o WHERE o.domain_id = d.id AND o.user_id = $1))
ORDER BY w.at DESC, w.post_id DESC LIMIT $6;

-- reader_merge :exec into bigint, other bigint
-- All marks of an account that another one takes in. Where both have one, the one that has read further stays.
WITH marks AS (
    INSERT INTO read_mark (user_id, list_id, upto, until, marked_at) SELECT $1, list_id, upto, until, marked_at FROM read_mark WHERE user_id = $2
    ON CONFLICT (user_id, list_id) DO UPDATE SET upto = excluded.upto, until = excluded.until, marked_at = excluded.marked_at
    WHERE read_mark.upto < excluded.upto
), threads AS (
    INSERT INTO read_thread (user_id, thread_id, list_id, upto) SELECT $1, thread_id, list_id, upto FROM read_thread WHERE user_id = $2
    ON CONFLICT (user_id, thread_id) DO UPDATE SET upto = greatest(read_thread.upto, excluded.upto)
), kept AS (
    INSERT INTO thread_favourite (user_id, post_id, added_at) SELECT $1, post_id, added_at FROM thread_favourite WHERE user_id = $2
    ON CONFLICT DO NOTHING
), muted AS (
    INSERT INTO thread_mute (user_id, post_id, muted_at) SELECT $1, post_id, muted_at FROM thread_mute WHERE user_id = $2 ON CONFLICT DO NOTHING
), votes AS (
    INSERT INTO post_vote (post_id, user_id, value, voted_at) SELECT post_id, $1, value, voted_at FROM post_vote WHERE user_id = $2
    ON CONFLICT DO NOTHING
)
UPDATE thread_tag SET user_id = $1 WHERE user_id = $2;

-- export_read :many user bigint -> list text, read_to timestamptz, marked_at timestamptz
SELECT l.name || '@' || d.name, r.until, r.marked_at FROM read_mark r JOIN list l ON l.id = r.list_id JOIN domain d ON d.id = l.domain_id
WHERE r.user_id = $1 ORDER BY 1;

-- export_lists :one user bigint -> lists bigint[]
-- Lists whose archives they may read now, as may() says of RIGHT_READ.
SELECT coalesce(array_agg(l.id), '{}') FROM list l JOIN list_effective e ON e.list_id = l.id
WHERE l.removed_at IS NULL AND e.archive_policy <> 'never'
    AND ((e.advertised AND e.archive_policy = 'public') OR EXISTS (SELECT FROM site_user u WHERE u.id = $1 AND u.is_admin)
         OR l.id IN (SELECT m.list_id FROM member m JOIN address a ON a.id = m.address_id
                     WHERE a.user_id = $1 AND a.verified_at IS NOT NULL AND m.left_at IS NULL AND m.role <> 'nonmember')
         OR l.domain_id IN (SELECT o.domain_id FROM domain_owner o WHERE o.user_id = $1));

-- Of a post that may not be read any more, or whose list may not, the subject is not told.
-- export_read_threads :many user bigint, lists bigint[] -> list text, subject text
SELECT l.name || '@' || d.name, CASE WHEN t.list_id = ANY ($2) THEN thread_title(t.id, t.subject) ELSE '' END
FROM read_thread r JOIN thread t ON t.id = r.thread_id JOIN list l ON l.id = t.list_id JOIN domain d ON d.id = l.domain_id
WHERE r.user_id = $1 ORDER BY t.id;

-- export_favourites :many user bigint, lists bigint[] -> list text, subject text, message_id text, at timestamptz
SELECT l.name || '@' || d.name, CASE WHEN p.archived AND p.list_id = ANY ($2) THEN p.subject ELSE '' END, p.rfc_message_id, f.added_at
FROM thread_favourite f JOIN post p ON p.id = f.post_id JOIN list l ON l.id = p.list_id JOIN domain d ON d.id = l.domain_id
WHERE f.user_id = $1 ORDER BY f.added_at;

-- export_muted :many user bigint, lists bigint[] -> list text, subject text, message_id text, at timestamptz
SELECT l.name || '@' || d.name, CASE WHEN p.archived AND p.list_id = ANY ($2) THEN p.subject ELSE '' END, p.rfc_message_id, f.muted_at
FROM thread_mute f JOIN post p ON p.id = f.post_id JOIN list l ON l.id = p.list_id JOIN domain d ON d.id = l.domain_id
WHERE f.user_id = $1 ORDER BY f.muted_at;

-- export_votes :many user bigint, lists bigint[] -> list text, subject text, message_id text, is_for bool, at timestamptz
SELECT l.name || '@' || d.name, CASE WHEN p.archived AND p.list_id = ANY ($2) THEN p.subject ELSE '' END, p.rfc_message_id, v.value > 0, v.voted_at
FROM post_vote v JOIN post p ON p.id = v.post_id JOIN list l ON l.id = p.list_id JOIN domain d ON d.id = l.domain_id
WHERE v.user_id = $1 ORDER BY v.voted_at;

-- export_tags :many user bigint, lists bigint[] -> list text, tag text, subject text, at timestamptz
SELECT l.name || '@' || d.name, g.name, CASE WHEN p.archived AND p.list_id = ANY ($2) THEN p.subject ELSE '' END, g.added_at
FROM thread_tag g JOIN post p ON p.id = g.post_id JOIN list l ON l.id = p.list_id JOIN domain d ON d.id = l.domain_id
WHERE g.user_id = $1 ORDER BY g.added_at;

-- reader_thread_of :one list bigint, hash text -> id bigint, post_id bigint, first_id bigint, first_hash text, subject text
SELECT t.id, p.id, f.id, f.hash, thread_title(t.id, t.subject) FROM post p JOIN thread t ON t.id = p.thread_id
JOIN LATERAL (SELECT x.id, x.hash FROM post x WHERE x.thread_id = t.id AND x.archived ORDER BY x.id LIMIT 1) f ON true
WHERE p.list_id = $1 AND p.hash = $2 AND p.archived;

-- reader_counts :one user bigint -> favourites bigint, mutes bigint
SELECT (SELECT count(*) FROM thread_favourite WHERE user_id = $1), (SELECT count(*) FROM thread_mute WHERE user_id = $1);
