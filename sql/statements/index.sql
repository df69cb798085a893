-- Making what the archive shows and finds of a post.

-- What was begun before and did not end is looked at one by one, so that one message does not hold up the others. A command at work on
-- what nobody waits for holds the advisory lock of this kind: that is left to it, unless `all`.
-- What somebody waits for shares its batch with nothing else: all of a batch is seen when the last of it is made.
-- post_stale_claim :many now timestamptz, until timestamptz, attempts_most int, again bool, most int, all bool, kind bigint -> post_id bigint, size bigint
WITH due AS (
    SELECT post_id, since FROM post_stale WHERE attempts < $3 AND (attempts > 0) = $4 AND (busy_until IS NULL OR busy_until < $1)
        AND ($6 OR since < 'infinity' OR NOT EXISTS (SELECT FROM pg_locks k WHERE k.locktype = 'advisory' AND k.classid::bigint = $7 AND k.granted
                AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())))
    ORDER BY since, post_id LIMIT $5 FOR UPDATE SKIP LOCKED)
UPDATE post_stale s SET attempts = s.attempts + 1, busy_until = $2 FROM due
WHERE s.post_id = due.post_id AND (due.since < 'infinity' OR (SELECT min(since) FROM due) = 'infinity')
RETURNING s.post_id, (SELECT m.size FROM post p JOIN message m ON m.id = p.message_id WHERE p.id = s.post_id);

-- Not the message's fault: free again at once.
-- post_stale_release :exec posts bigint[]
UPDATE post_stale SET busy_until = NULL, attempts = greatest(attempts - 1, 0) WHERE post_id = ANY ($1);

-- What an older version of the program made, behind what is new; given-up ones stay given up. Versions with Markdown are by so much larger.
-- post_view_older :exec version int, most int, markdown int
INSERT INTO post_stale (post_id, since)
SELECT post_id, 'infinity' FROM post_view WHERE version < $1 OR (version >= $3 AND version < $3 + $1) ORDER BY version LIMIT $2
ON CONFLICT DO NOTHING;

-- post_stale_end :exec posts bigint[]
DELETE FROM post_stale WHERE post_id = ANY ($1);

-- Held until the view is written: a post that is hidden or changed meanwhile waits, and takes away what was written.
-- posts_to_hold :many posts bigint[] -> id bigint
SELECT id FROM post WHERE id = ANY ($1) AND archived ORDER BY id FOR SHARE;

-- Of those that are archived and held. Its own statement: one that waited for a post would read the message as it was before it waited.
-- OFFSET 0 has each looked up by its key.
-- posts_to_index :many posts bigint[], most int -> id bigint, list_id bigint, rfc_message_id text, anonymous bool, subject text, from_name text, from_address text, accepted_at timestamptz, bytes bytea, size int, shows_markdown bool
SELECT p.id, p.list_id, p.rfc_message_id, p.anonymous, p.subject, p.from_name, p.from_address, p.accepted_at,
    substring(message_seen(m.bytes, m.masks) FOR $2), m.size,
    EXISTS (SELECT FROM list_effective e WHERE e.list_id = p.list_id AND e.archive_rendering_mode = 'markdown')
FROM unnest($1) AS u (id)
CROSS JOIN LATERAL (SELECT q.* FROM post q WHERE q.id = u.id AND q.archived OFFSET 0) p
CROSS JOIN LATERAL (SELECT * FROM message x WHERE x.id = p.message_id OFFSET 0) m;

-- flags: 1 has HTML, 2 is cut. The empty text is none; what is broken are words with blanks between them.
-- post_views_put :exec posts bigint[], versions bigint[], bodies text[], languages text[], reactions text[], broken text[], flags bigint[], parts bigint[]
WITH gone AS (DELETE FROM post_part WHERE post_id = ANY ($1))
INSERT INTO post_view (post_id, version, body, language, has_html, reaction, broken, is_cut, parts)
SELECT u.post_id, u.version, u.body, nullif(u.language, ''), u.flags & 1 <> 0, nullif(u.reaction, ''), string_to_array(u.broken, ' '),
    u.flags & 2 <> 0, u.parts
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS u (post_id, version, body, language, reaction, broken, flags, parts)
ON CONFLICT (post_id) DO UPDATE SET version = EXCLUDED.version, body = EXCLUDED.body, language = EXCLUDED.language,
    has_html = EXCLUDED.has_html, reaction = EXCLUDED.reaction, broken = EXCLUDED.broken, is_cut = EXCLUDED.is_cut, parts = EXCLUDED.parts;

-- post_parts_put :exec posts bigint[], positions bigint[], parts bigint[], kinds text[], names text[], types text[], sizes bigint[], content_ids text[], starts bigint[], ends bigint[], encodings text[]
INSERT INTO post_part (post_id, position, part, kind, name, type, size, content_id, body_start, body_end, encoding)
SELECT u.post_id, u.position, part, kind, name, type, size, nullif(content_id, ''), starts, nullif(ends, 0), nullif(encoding, '')
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    AS u (post_id, position, part, kind, name, type, size, content_id, starts, ends, encoding);

-- What was made of posts that are not archived any more.
-- post_view_of_none :exec posts bigint[]
WITH parts AS (DELETE FROM post_part WHERE post_id = ANY ($1)), words AS (DELETE FROM post_search WHERE post_id = ANY ($1))
DELETE FROM post_view WHERE post_id = ANY ($1);

-- Posts of a list, or of all, are looked at again; new ones come first.
-- post_stale_all :exec list bigint
INSERT INTO post_stale (post_id, since) SELECT id, 'infinity' FROM post WHERE archived AND ($1::bigint IS NULL OR list_id = $1)
ON CONFLICT (post_id) DO UPDATE SET attempts = 0;

-- post_stale_left :one list bigint, attempts_most int -> posts bigint
SELECT count(*) FROM post_stale s WHERE s.attempts < $2
    AND ($1::bigint IS NULL OR EXISTS (SELECT FROM post p WHERE p.id = s.post_id AND p.list_id = $1));
