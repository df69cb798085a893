-- Threads that do not depend on who came first: what a post answers stays with it, and owners may say otherwise.

ALTER TABLE post ADD answers text[] NOT NULL DEFAULT '{}', ADD missing text, ADD thread_index bytea,
    ADD is_loose bool NOT NULL DEFAULT false, ADD is_copy bool NOT NULL DEFAULT false;
COMMENT ON COLUMN post.answers IS 'Message-IDs that it says it answers, nearest first: In-Reply-To, then References from the end.';
COMMENT ON COLUMN post.missing IS 'Message-ID of what it answers when that is not here; parent_id is then what stands behind it, if anything. "?" where only Thread-Index says so.';
COMMENT ON COLUMN post.thread_index IS 'Outlook''s Thread-Index field, decoded.';
COMMENT ON COLUMN post.is_loose IS 'Nothing that it names is here: its place hangs on what others name, or on Thread-Index.';
COMMENT ON COLUMN post.is_copy IS 'Another post has the same Message-ID and has the answers; this one stands beside it.';
CREATE INDEX post_thread_index ON post (list_id, substring(thread_index FROM 1 FOR 22)) WHERE thread_index IS NOT NULL;

UPDATE post p SET answers = r.mids
FROM (SELECT post_id, array_agg(rfc_message_id ORDER BY position) AS mids FROM post_reference WHERE position < 50 GROUP BY post_id) r
WHERE r.post_id = p.id;
UPDATE post p SET is_copy = true FROM message m
WHERE m.id = p.message_id AND EXISTS (
    SELECT FROM post q JOIN message n ON n.id = q.message_id
    WHERE q.list_id = p.list_id AND q.rfc_message_id = p.rfc_message_id AND (n.sha256, q.id) < (m.sha256, p.id));

-- Only names of absent messages are looked for: the row of what is here, and those behind it, are not needed.
DELETE FROM post_reference r USING post_reference f, post p
WHERE f.post_id = r.post_id AND f.position <= r.position AND p.list_id = f.list_id AND p.rfc_message_id = f.rfc_message_id;
UPDATE post p SET missing = r.rfc_message_id FROM post_reference r WHERE r.post_id = p.id AND r.position = 0;
UPDATE post SET is_loose = true WHERE parent_id IS NULL AND answers <> '{}';
COMMENT ON TABLE post_reference IS 'Names of absent messages in posts: what a post that comes late, or another that answers the same, is found by.';
COMMENT ON COLUMN post_reference.position IS 'Its place in post.answers, from 0.';

CREATE TABLE thread_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    act text NOT NULL CHECK (act IN ('split', 'join', 'reattach')),
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    target_id bigint REFERENCES post ON DELETE CASCADE,
    made_at timestamptz NOT NULL,
    undone_at timestamptz
);
COMMENT ON TABLE thread_change IS 'What owners changed about threads; who did it is in the log.';
COMMENT ON COLUMN thread_change.id IS 'Key.';
COMMENT ON COLUMN thread_change.list_id IS 'The list.';
COMMENT ON COLUMN thread_change.act IS 'split: the post begins a thread; join: its thread goes under another''s beginning; reattach: the post goes under another.';
COMMENT ON COLUMN thread_change.post_id IS 'The post, or the first of the thread.';
COMMENT ON COLUMN thread_change.target_id IS 'Under which post; NULL for a split.';
COMMENT ON COLUMN thread_change.made_at IS 'When.';
COMMENT ON COLUMN thread_change.undone_at IS 'When it was taken back.';
CREATE INDEX thread_change_list ON thread_change (list_id, id);
CREATE INDEX thread_change_post ON thread_change (post_id);
CREATE INDEX thread_change_target ON thread_change (target_id);

CREATE TABLE thread_order (
    change_id bigint NOT NULL REFERENCES thread_change ON DELETE CASCADE,
    list_id bigint NOT NULL,
    rfc_message_id text NOT NULL,
    under text,
    PRIMARY KEY (change_id, rfc_message_id)
);
COMMENT ON TABLE thread_order IS 'Where owners want messages to stand, those as well that are not here yet. Of several orders the newest that was not taken back holds.';
COMMENT ON COLUMN thread_order.change_id IS 'The change.';
COMMENT ON COLUMN thread_order.list_id IS 'The list.';
COMMENT ON COLUMN thread_order.rfc_message_id IS 'The message.';
COMMENT ON COLUMN thread_order.under IS 'Message-ID of its parent; NULL: it begins a thread.';
CREATE INDEX thread_order_named ON thread_order (list_id, rfc_message_id);
