-- Taking posts out of the archive, words out of posts, and people out of everything.

-- removal_hide :many list bigint, ids bigint[], how text, now timestamptz -> id bigint
UPDATE post SET archived = false, removed = $3, removed_at = $4 WHERE list_id = $1 AND id = ANY ($2) AND (archived OR removed = 'hidden')
    AND removed IS DISTINCT FROM $3 RETURNING id;

-- removal_show :many list bigint, ids bigint[] -> id bigint
UPDATE post SET archived = true, removed = NULL, removed_at = NULL WHERE list_id = $1 AND id = ANY ($2) AND removed = 'hidden' RETURNING id;

-- removal_older :many list bigint, after bigint, before timestamptz, most int -> id bigint
-- Without a time all of them.
SELECT id FROM post WHERE list_id = $1 AND id > coalesce($2, 0) AND (archived OR removed = 'hidden') AND ($3::timestamptz IS NULL OR accepted_at < $3)
ORDER BY id LIMIT $4;

-- removal_post :one list bigint, hash text -> id bigint, number bigint, subject text, from_name text, accepted_at timestamptz, removed text, removed_at timestamptz, thread_hash text
SELECT p.id, p.number, p.subject, p.from_name, p.accepted_at, p.removed, p.removed_at,
    (SELECT x.hash FROM post x WHERE x.thread_id = p.thread_id AND (x.archived OR x.removed IS NOT NULL) ORDER BY x.id LIMIT 1)
FROM post p WHERE p.list_id = $1 AND p.hash = $2 AND (p.archived OR p.removed IS NOT NULL);

-- removal_listed :many list bigint, before bigint, most int -> id bigint, hash text, number bigint, subject text, from_name text, removed text, removed_at timestamptz
SELECT id, hash, number, subject, from_name, removed, removed_at FROM post
WHERE list_id = $1 AND removed IN ('hidden', 'deleted') AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3;

-- removal_add :one list bigint, kind text, post bigint, words text[], made_by text, user bigint, now timestamptz -> id bigint
INSERT INTO removal (list_id, kind, state, post_id, words, made_by, user_id, created_at, due_at)
VALUES ($1, $2, CASE WHEN $2 = 'redact' THEN 'ending' ELSE 'looking' END, $3, $4, $5, $6, $7, $7) RETURNING id;

-- removal_choose :exec removal bigint, posts bigint[]
UPDATE removal_find SET chosen = true WHERE removal_id = $1 AND post_id = ANY ($2);

-- removal_choose_all :exec removal bigint
UPDATE removal_find SET chosen = true WHERE removal_id = $1;

-- removal_decided :exec removal bigint, now timestamptz
UPDATE removal SET state = 'ending', due_at = $2 WHERE id = $1 AND state = 'review';

-- One of the addresses that still is a member of the list (0: of any), or, for all lists, belongs to an account.
-- removal_belongs :one list bigint, keys text[] -> key text
SELECT (SELECT a.key FROM address a WHERE a.key = ANY ($2)
        AND (EXISTS (SELECT FROM member m WHERE m.address_id = a.id AND m.left_at IS NULL AND ($1::bigint IS NULL OR m.list_id = $1))
             OR ($1::bigint IS NULL AND a.user_id IS NOT NULL)) LIMIT 1);

-- Mail of one of them that waits for somebody: it would enter the archive, with their name, after they were taken out of it.
-- removal_waits :one list bigint, keys text[] -> key text, list text
SELECT coalesce(h.author_key, lower(m.sender)), l.name || '@' || d.name
FROM message m LEFT JOIN held h ON h.message_id = m.id JOIN list l ON l.id = m.list_id JOIN domain d ON d.id = l.domain_id
WHERE m.state IN ('received', 'held', 'set_aside') AND ($1::bigint IS NULL OR m.list_id = $1)
    AND (lower(m.sender) = ANY ($2) OR h.author_key = ANY ($2) OR lower(h.from_address) = ANY ($2)) ORDER BY m.id LIMIT 1;

-- removal_claim :one now timestamptz -> id bigint, list_id bigint, kind text, state text, post_id bigint, words text[], reached bigint
SELECT id, list_id, kind, state, post_id, words, reached FROM removal
WHERE state IN ('looking', 'ending') AND due_at <= $1 ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- removal_walk :many list bigint, after bigint, most int -> id bigint
SELECT p.id FROM post p WHERE ($1::bigint IS NULL OR p.list_id = $1) AND p.id > coalesce($2, 0) ORDER BY p.id LIMIT $3;

-- Bytes as people may see them: what is covered is written away for good. Copies on their way still need the old ones.
-- removal_bytes :one post bigint -> message_id bigint, list_id bigint, from_name text, from_address text, bytes bytea, is_sent bool
SELECT m.id, p.list_id, p.from_name, p.from_address, message_seen(m.bytes, m.masks),
    NOT EXISTS (SELECT FROM chunk c WHERE c.post_id = p.id)
FROM post p JOIN message m ON m.id = p.message_id WHERE p.id = $1;

-- removal_write_bytes :exec message bigint, bytes bytea, sha bytea
UPDATE message SET bytes = $2, size = length($2), sha256 = $3, masks = NULL WHERE id = $1;

-- removal_write_post :exec post bigint, subject text, name text, address text, excerpt text, mid text
WITH changed AS (UPDATE post SET subject = $2, from_name = $3, from_address = $4, excerpt = $5, rfc_message_id = coalesce($6, rfc_message_id)
                 WHERE id = $1 RETURNING id, thread_id),
named AS (UPDATE thread t SET subject = $2 FROM changed c WHERE t.id = c.thread_id AND t.first_post_id = c.id)
DELETE FROM variant WHERE post_id = $1;

-- What was made of the old words is gone at once, and is made anew before all that nobody waits for, even if it was given up. A statement
-- after removal_write_post: that may have waited for the index, and only what begins later sees what the index wrote. An index that has
-- claimed the post keeps it: it waits for the new words.
-- removal_unmake_view :exec post bigint
WITH views AS (DELETE FROM post_view WHERE post_id = $1),
parts AS (DELETE FROM post_part WHERE post_id = $1),
words AS (DELETE FROM post_search WHERE post_id = $1)
INSERT INTO post_stale (post_id, since) SELECT id, accepted_at FROM post WHERE id = $1 AND archived
ON CONFLICT (post_id) DO UPDATE SET since = EXCLUDED.since, attempts = 0;

-- Names of messages, wherever posts and owners' orders have them: the same word is gone from all, so they still meet.
-- removal_references :exec list bigint, words text[]
WITH named AS (
    UPDATE post SET answers = ARRAY(SELECT words_gone(mid, $2) FROM unnest(answers) WITH ORDINALITY AS u (mid, n) ORDER BY n),
        missing = words_gone(missing, $2)
    WHERE ($1::bigint IS NULL OR list_id = $1)
        AND (missing <> words_gone(missing, $2) OR array_to_string(answers, ' ') <> words_gone(array_to_string(answers, ' '), $2))),
orders AS (
    UPDATE thread_order SET rfc_message_id = words_gone(rfc_message_id, $2), under = words_gone(under, $2)
    WHERE ($1::bigint IS NULL OR list_id = $1) AND (rfc_message_id <> words_gone(rfc_message_id, $2) OR under <> words_gone(under, $2)))
UPDATE post_reference r SET rfc_message_id = words_gone(r.rfc_message_id, $2)
FROM post p WHERE p.id = r.post_id AND ($1::bigint IS NULL OR p.list_id = $1) AND r.rfc_message_id <> words_gone(r.rfc_message_id, $2);

-- removal_found :exec removal bigint, post bigint, hits int
INSERT INTO removal_find (removal_id, post_id, hits) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- removal_chosen :many removal bigint, most int -> post_id bigint
SELECT post_id FROM removal_find WHERE removal_id = $1 AND chosen ORDER BY post_id LIMIT $2;

-- removal_find_done :exec removal bigint, post bigint
DELETE FROM removal_find WHERE removal_id = $1 AND post_id = $2;

-- removal_reach :exec removal bigint, reached bigint, changed int, due timestamptz
UPDATE removal SET reached = coalesce($2, reached), posts = posts + $3, due_at = $4 WHERE id = $1;

-- removal_state :exec removal bigint, state text, now timestamptz
UPDATE removal SET state = $2, words = CASE WHEN $2 = 'done' THEN '{}' ELSE words END, ended_at = CASE WHEN $2 = 'done' THEN $3 END WHERE id = $1;

-- removal_finds_any :one removal bigint -> finds bigint, chosen bigint
SELECT count(*), count(*) FILTER (WHERE chosen) FROM removal_find WHERE removal_id = $1;

-- removal_sweep :exec list bigint, words text[]
SELECT person_erase($1, $2);

-- removal_forget_finds :exec removal bigint
DELETE FROM removal_find WHERE removal_id = $1;

-- removal_get :one id bigint, list bigint -> id bigint, list_id bigint, kind text, state text, words text[], posts int, created_at timestamptz, finds bigint
SELECT r.id, r.list_id, r.kind, r.state, r.words, r.posts, r.created_at,
    (SELECT count(*) FROM removal_find f WHERE f.removal_id = r.id)
FROM removal r WHERE r.id = $1 AND ($2::bigint IS NULL OR r.list_id = $2);

-- removal_all :many list bigint, kind text, before bigint, most int -> id bigint, list_id bigint, kind text, state text, words text[], posts int, made_by text, created_at timestamptz, finds bigint
SELECT r.id, r.list_id, r.kind, r.state, r.words, r.posts, r.made_by, r.created_at,
    (SELECT count(*) FROM removal_find f WHERE f.removal_id = r.id)
FROM removal r WHERE r.list_id IS NOT DISTINCT FROM $1 AND r.kind = $2 AND ($3::bigint IS NULL OR r.id < $3) ORDER BY r.id DESC LIMIT $4;

-- removal_finds :many removal bigint, after bigint, most int -> post_id bigint, hits int, hash text, subject text, from_name text, list text, accepted_at timestamptz
SELECT f.post_id, f.hits, p.hash, p.subject, p.from_name, l.name, p.accepted_at
FROM removal_find f JOIN post p ON p.id = f.post_id JOIN list l ON l.id = p.list_id
WHERE f.removal_id = $1 AND NOT f.chosen AND ($2::bigint IS NULL OR f.post_id > $2) ORDER BY f.post_id LIMIT $3;

-- Deleted and expired posts give up their bytes and words when no copy waits to be sent. Their number, hash and place in the thread stay.
-- removal_empty :many most int -> id bigint
WITH due AS (
    SELECT p.id, p.message_id, p.thread_id FROM post p JOIN message m ON m.id = p.message_id
    WHERE p.removed IN ('deleted', 'expired') AND (m.bytes IS NOT NULL OR p.subject <> '')
      AND NOT EXISTS (SELECT FROM chunk c WHERE c.post_id = p.id)
    ORDER BY p.id LIMIT $1 FOR UPDATE OF p SKIP LOCKED),
bytes AS (UPDATE message m SET bytes = NULL, masks = NULL FROM due WHERE m.id = due.message_id),
facts AS (UPDATE judgement j SET facts = '{}', reason = '' FROM due WHERE j.message_id = due.message_id),
proofs AS (DELETE FROM auth_result a USING due WHERE a.message_id = due.message_id),
forms AS (DELETE FROM variant v USING due WHERE v.post_id = due.id),
named AS (UPDATE thread t SET subject = coalesce((SELECT x.subject FROM post x WHERE x.thread_id = t.id AND x.archived ORDER BY x.id LIMIT 1), '')
          FROM due WHERE t.id = due.thread_id AND t.first_post_id = due.id)
UPDATE post p SET subject = '', from_name = '', from_address = '', excerpt = '', attachments = 0 FROM due WHERE p.id = due.id RETURNING p.id;

-- removal_expire :many list bigint, before timestamptz, now timestamptz, most int -> id bigint
UPDATE post SET archived = false, removed = 'expired', removed_at = $3
WHERE id IN (SELECT id FROM post WHERE list_id = $1 AND archived AND accepted_at < $2 ORDER BY id LIMIT $4) RETURNING id;

-- Lists with a limit of their own, or under a domain or site with one.
-- removal_lists :many -> list_id bigint
SELECT l.id FROM list l WHERE l.removed_at IS NULL AND EXISTS (
    SELECT FROM setting s WHERE s.name = 'archive_months' AND (s.scope = 'site' OR (s.scope = 'list' AND s.scope_id = l.id)
        OR (s.scope = 'domain' AND s.scope_id = l.domain_id)));
