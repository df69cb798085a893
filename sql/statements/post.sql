-- A message becomes a post: its number, its thread, its forms, its recipients.

-- list_next_number :one id bigint -> number bigint
UPDATE list SET last_number = last_number + 1 WHERE id = $1 RETURNING last_number;

-- post_hashes_like :one list bigint, hash text -> taken bigint
SELECT count(*) FROM post WHERE list_id = $1 AND hash >= $2 AND hash < $2 || '.' AND (hash = $2 OR hash LIKE $2 || '-%');

-- What the coming of a post touches: the nearest message that it names and that is here, and whether anybody waits for it, names
-- the same absent messages, or has the same Thread-Index and no sure place. OFFSET 0 has each name looked up by its key.
-- post_look :one list bigint, mid text, answers text[], root bytea -> is_copy bool, parent bigint, thread bigint, position int, is_archived bool, is_awaited bool, is_shared bool, is_hinted bool
SELECT EXISTS (SELECT FROM post WHERE list_id = $1 AND rfc_message_id = $2), k.id, k.thread_id, k.n, k.archived,
    EXISTS (SELECT FROM post_reference WHERE list_id = $1 AND rfc_message_id = $2),
    EXISTS (SELECT FROM unnest($3) WITH ORDINALITY AS w (mid, n)
            CROSS JOIN LATERAL (SELECT FROM post_reference r WHERE r.list_id = $1 AND r.rfc_message_id = w.mid LIMIT 1 OFFSET 0) r
            WHERE k.n IS NULL OR w.n - 1 < k.n),
    $4 IS NOT NULL AND EXISTS (SELECT FROM post h WHERE h.list_id = $1 AND h.thread_index IS NOT NULL
                               AND substring(h.thread_index FROM 1 FOR 22) = $4 AND (h.is_loose OR k.id IS NULL))
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
    SELECT p.id, p.thread_id, p.archived, (w.n - 1)::int AS n FROM unnest($3) WITH ORDINALITY AS w (mid, n)
    CROSS JOIN LATERAL (SELECT q.id, q.thread_id, q.archived FROM post q
                        WHERE q.list_id = $1 AND q.rfc_message_id = w.mid AND NOT q.is_copy LIMIT 1 OFFSET 0) p
    ORDER BY w.n LIMIT 1) k ON true;

-- thread_add :one list bigint, subject text, at timestamptz -> id bigint
INSERT INTO thread (list_id, subject, posts, first_post_id, last_post_id, started_at, last_at)
VALUES ($1, $2, 0, 0, 0, $3, $3) RETURNING id;

-- Counts anew, and names the thread after what begins it: of what may be read what stands at the top, the earliest.
-- thread_count :exec ids bigint[]
UPDATE thread t SET posts = s.posts, first_post_id = s.first, last_post_id = s.last, started_at = s.started, last_at = s.ended,
    subject = (SELECT p.subject FROM post p WHERE p.thread_id = t.id
               ORDER BY p.archived DESC, p.parent_id IS NOT NULL, p.missing IS NOT NULL, p.is_copy, p.written_at, p.hash LIMIT 1)
FROM (SELECT thread_id, count(*) FILTER (WHERE archived) AS posts, min(id) AS first,
          coalesce(max(id) FILTER (WHERE archived), min(id)) AS last, min(accepted_at) AS started,
          coalesce(max(accepted_at) FILTER (WHERE archived), min(accepted_at)) AS ended
      FROM post WHERE thread_id = ANY ($1) GROUP BY thread_id) s
WHERE t.id = s.thread_id;

-- thread_remove_empty :exec ids bigint[]
DELETE FROM thread t WHERE id = ANY ($1) AND NOT EXISTS (SELECT FROM post WHERE thread_id = t.id);

-- The thread counts it as well, when it may be read.
-- post_add :one list bigint, number bigint, message bigint, thread bigint, parent bigint, mid text, hash text, subject text, name text, address text, written timestamptz, now timestamptz, month date, archived bool, attachments int, excerpt text, bulk bool, anonymous bool, answers text[], missing text, thread_index bytea, loose bool -> id bigint
WITH added AS (
    INSERT INTO post (list_id, number, message_id, thread_id, parent_id, rfc_message_id, hash, subject, from_name, from_address,
        written_at, accepted_at, month, archived, attachments, excerpt, bulk, anonymous, answers, missing, thread_index, is_loose)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) RETURNING id),
grown AS (
    UPDATE thread t SET posts = posts + $14::int, first_post_id = CASE WHEN first_post_id = 0 THEN added.id ELSE first_post_id END,
        last_post_id = added.id, started_at = least(started_at, $12),
        last_at = CASE WHEN posts = 0 THEN $12 ELSE greatest(last_at, $12) END
    FROM added WHERE t.id = $4 AND ($14 OR first_post_id = 0))
SELECT id FROM added;

-- post_reference_add :exec list bigint, post bigint, mids text[]
INSERT INTO post_reference (list_id, post_id, position, rfc_message_id)
SELECT $1, $2, n - 1, mid FROM unnest($3) WITH ORDINALITY AS u (mid, n);

-- What is here of some names: the post that has a name (of copies the one with the answers), and whether anybody waits for it. Names of
-- which nothing is here have no row. OFFSET 0 has each looked up by its key.
-- places_look :many list bigint, names text[] -> n int, id bigint, thread bigint, is_archived bool, is_copy bool, is_awaited bool
SELECT u.n::int - 1, p.id, p.thread_id, p.archived, p.is_copy, r.is_awaited
FROM unnest($2) WITH ORDINALITY AS u (mid, n)
LEFT JOIN LATERAL (SELECT q.id, q.thread_id, q.archived, q.is_copy FROM post q WHERE q.list_id = $1 AND q.rfc_message_id = u.mid
                   ORDER BY q.is_copy, q.id LIMIT 1 OFFSET 0) p ON true
LEFT JOIN LATERAL (SELECT true AS is_awaited FROM post_reference w WHERE w.list_id = $1 AND w.rfc_message_id = u.mid LIMIT 1 OFFSET 0) r ON true
WHERE p.id IS NOT NULL OR r.is_awaited;

-- places_look_index :many list bigint, roots bytea[] -> n int, is_loose bool
SELECT u.n::int - 1, h.is_loose
FROM unnest($2) WITH ORDINALITY AS u (root, n)
CROSS JOIN LATERAL (SELECT bool_or(q.is_loose) AS is_loose FROM post q WHERE q.list_id = $1 AND q.thread_index IS NOT NULL
                    AND substring(q.thread_index FROM 1 FOR 22) = u.root OFFSET 0) h
WHERE h.is_loose IS NOT NULL;

-- Numbers for rows that name one another.
-- places_ids :one posts bigint, threads bigint -> posts bigint[], threads bigint[]
SELECT ARRAY(SELECT nextval(pg_get_serial_sequence('post', 'id')) FROM generate_series(1, $1)),
    ARRAY(SELECT nextval(pg_get_serial_sequence('thread', 'id')) FROM generate_series(1, $2));

-- threads_add :exec list bigint, ids bigint[], subjects text[], posts bigint[], firsts bigint[], lasts bigint[], started timestamptz[], ended timestamptz[]
INSERT INTO thread (id, list_id, subject, posts, first_post_id, last_post_id, started_at, last_at) OVERRIDING SYSTEM VALUE
SELECT u.id, $1, u.subject, u.posts, u.first, u.last, u.started, u.ended
FROM unnest($2, $3, $4, $5, $6, $7, $8) AS u (id, subject, posts, first, last, started, ended);

-- What so many new posts, all archived, change in threads that are here.
-- threads_grow :exec ids bigint[], posts bigint[], lasts bigint[], started timestamptz[], ended timestamptz[]
UPDATE thread t SET posts = t.posts + u.posts, last_post_id = u.last, started_at = least(t.started_at, u.started),
    last_at = CASE WHEN t.posts = 0 THEN u.ended ELSE greatest(t.last_at, u.ended) END
FROM unnest($1, $2, $3, $4, $5) AS u (id, posts, last, started, ended) WHERE t.id = u.id;

-- 0 and the empty text are none; answers are lines.
-- posts_add :exec list bigint, ids bigint[], numbers bigint[], messages bigint[], threads bigint[], parents bigint[], mids text[], hashes text[], subjects text[], names text[], addresses text[], written timestamptz[], times timestamptz[], months text[], attachments bigint[], excerpts text[], answers text[], missing text[], indexes bytea[], loose bigint[]
INSERT INTO post (id, list_id, number, message_id, thread_id, parent_id, rfc_message_id, hash, subject, from_name, from_address,
    written_at, accepted_at, month, archived, attachments, excerpt, answers, missing, thread_index, is_loose) OVERRIDING SYSTEM VALUE
SELECT u.id, $1, u.number, u.message_id, u.thread_id, nullif(u.parent_id, 0), u.mid, u.hash, u.subject, u.name, u.address,
    u.written, u.at, u.month::date, true, u.attachments, u.excerpt, string_to_array(u.answers, E'\n'), nullif(u.missing, ''),
    nullif(u.thread_index, ''), u.loose <> 0
FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
    AS u (id, number, message_id, thread_id, parent_id, mid, hash, subject, name, address, written, at, month, attachments, excerpt,
          answers, missing, thread_index, loose);

-- post_references_add :exec list bigint, posts bigint[], positions bigint[], mids text[]
INSERT INTO post_reference (list_id, post_id, position, rfc_message_id)
SELECT $1, u.post_id, u.position, u.mid FROM unnest($2, $3, $4) AS u (post_id, position, mid);

-- variant_add :exec post bigint, kind text, head bytea, body bytea, body_offset int, body_hash bytea, eightbit bool, proof text, valid_until timestamptz
INSERT INTO variant (post_id, kind, head, body, body_offset, body_sha256, eightbit, proof, valid_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- variant_add_once :exec post bigint, kind text, head bytea, body bytea, body_offset int, body_hash bytea, eightbit bool, proof text
INSERT INTO variant (post_id, kind, head, body, body_offset, body_sha256, eightbit, proof)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING;

-- A short list's chunks are smaller than `most`, so that all senders share its work and one slow receiver holds up few; with
-- bulk, many recipients in one transaction is the point. The turn counts recipients, whatever the chunks' size.
-- Not reached are those whose delivery is off, on whatever level; the author, by any address of the same account, who does not want
-- own posts; those who have muted the thread; those named in To or Cc who do not want the list's copy as well; members of a list that sends the post by itself
-- (exclude); and those who have chosen other topics. Members of other lists (include) are reached unless they are members here.
-- OFFSET 0 has each row looked up by its key: joined freely, a post to three members reads all members and addresses of the site.
-- chunk_expand :one post bigint, list bigint, now timestamptz, least int, most int, author text, named text[], include bigint[], exclude bigint[], by_topic bool, topics bigint[] -> recipients bigint
WITH start AS (SELECT coalesce((SELECT min(turn) FROM chunk WHERE owner IS NULL AND turn IS NOT NULL), 0) AS turn),
named AS (SELECT DISTINCT key FROM unnest($7) AS u (key)),
muted AS (
    SELECT q.user_id FROM post own JOIN post p ON p.thread_id = own.thread_id JOIN thread_mute q ON q.post_id = p.id WHERE own.id = $1),
author AS (
    SELECT o.id FROM address a JOIN address o ON o.id = a.id OR (a.user_id IS NOT NULL AND o.user_id = a.user_id) WHERE a.key = $6),
reached AS (
    SELECT m.id, row_number() OVER (ORDER BY m.id) - 1 AS n, count(*) OVER () AS total
    FROM (SELECT DISTINCT list_id FROM unnest(array_append($8, $2)) AS o (list_id)) o
    CROSS JOIN LATERAL (SELECT m.* FROM member m WHERE m.list_id = o.list_id AND m.role = 'member' AND m.left_at IS NULL OFFSET 0) m
    CROSS JOIN LATERAL (SELECT a.* FROM address a WHERE a.id = m.address_id OFFSET 0) a
    LEFT JOIN LATERAL (SELECT u.* FROM site_user u WHERE u.id = a.user_id OFFSET 0) u ON true
    CROSS JOIN site_preference s
    WHERE delivery_effective(m.delivery_status, m.vacation_until, a.delivery_status, a.vacation_until,
                               u.delivery_status, u.vacation_until, $3) = 'enabled'
        AND (coalesce(m.receive_own_postings, a.receive_own_postings, u.receive_own_postings, s.receive_own_postings, true)
             OR a.id NOT IN (SELECT id FROM author))
        AND (a.user_id IS NULL OR a.user_id NOT IN (SELECT user_id FROM muted))
        AND (coalesce(m.receive_list_copy, a.receive_list_copy, u.receive_list_copy, s.receive_list_copy, true)
             OR a.key NOT IN (SELECT key FROM named WHERE key IS NOT NULL))
        AND (m.list_id = $2 OR NOT EXISTS (
            SELECT FROM member e WHERE e.address_id = m.address_id AND e.role = 'member' AND e.left_at IS NULL
                AND (e.list_id = $2 OR (e.list_id = ANY ($8) AND e.id < m.id AND delivery_effective(e.delivery_status, e.vacation_until,
                     a.delivery_status, a.vacation_until, u.delivery_status, u.vacation_until, $3) = 'enabled')) OFFSET 0))
        AND (cardinality($9) = 0 OR NOT EXISTS (
            SELECT FROM member e WHERE e.address_id = m.address_id AND e.role = 'member' AND e.left_at IS NULL AND e.list_id = ANY ($9)
                AND delivery_effective(e.delivery_status, e.vacation_until, a.delivery_status, a.vacation_until,
                                       u.delivery_status, u.vacation_until, $3) = 'enabled' OFFSET 0))
        AND (NOT $10 OR m.list_id <> $2 OR (cardinality($11) = 0 AND m.without_topic)
             OR NOT EXISTS (SELECT FROM member_topic c WHERE c.member_id = m.id OFFSET 0)
             OR EXISTS (SELECT FROM member_topic c WHERE c.member_id = m.id AND c.topic_id = ANY ($11) OFFSET 0))),
numbered AS (SELECT id, n, n / greatest($4, least($5, (total + 15) / 16)) AS k FROM reached),
grouped AS (SELECT k, min(n) / $5 AS turn, array_agg(id ORDER BY id) AS members FROM numbered GROUP BY k),
added AS (
    INSERT INTO chunk (post_id, members, turn, due_at)
    SELECT $1, members, start.turn + grouped.turn, $3 FROM grouped, start RETURNING cardinality(members) AS n),
hint AS (SELECT pg_notify('kairan_send', '')),
counted AS (SELECT coalesce(sum(n), 0)::bigint AS n FROM added),
noted AS (UPDATE post SET recipients = counted.n FROM counted WHERE id = $1)
SELECT counted.n FROM counted, hint;
