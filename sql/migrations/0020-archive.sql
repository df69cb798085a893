-- What the archive shows and finds of a post. All of it is made from the post's bytes, by the worker's jobs role, and can be made
-- again: nothing here is kept anywhere else, and nothing here is the mail.

CREATE TABLE post_stale (
    post_id bigint PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    since timestamptz NOT NULL
);
COMMENT ON TABLE post_stale IS 'Posts whose view and search words are to be made, or made anew. A new post enters by trigger.';
COMMENT ON COLUMN post_stale.post_id IS 'The post.';
COMMENT ON COLUMN post_stale.since IS 'When it became so: the oldest are done first.';
CREATE INDEX post_stale_since ON post_stale (since, post_id);

CREATE FUNCTION post_becomes_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO post_stale (post_id, since) VALUES (NEW.id, NEW.accepted_at) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION post_becomes_stale() IS 'Has a new post looked at.';
CREATE TRIGGER post_stale AFTER INSERT ON post FOR EACH ROW WHEN (NEW.archived) EXECUTE FUNCTION post_becomes_stale();

CREATE TABLE post_view (
    post_id bigint PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    version int NOT NULL,
    body text NOT NULL,
    language text,
    has_html bool NOT NULL DEFAULT false,
    reaction text,
    broken text[] NOT NULL DEFAULT '{}'
);
ALTER TABLE post_view ALTER COLUMN body SET COMPRESSION lz4;
COMMENT ON TABLE post_view IS 'A post as people read it. No row, or an older version: it is made from the bytes when somebody asks.';
COMMENT ON COLUMN post_view.post_id IS 'The post.';
COMMENT ON COLUMN post_view.version IS 'Of the program that made it: VIEW_VERSION in core/mime/view.h.';
COMMENT ON COLUMN post_view.body IS 'HTML with marks for what depends on the reader: see core/mime/view-html.h.';
COMMENT ON COLUMN post_view.language IS 'The language of its text as far as letters show it: ja, ko, zh, en ...; NULL when they do not.';
COMMENT ON COLUMN post_view.has_html IS 'It has an HTML part that can be asked for.';
COMMENT ON COLUMN post_view.reaction IS 'It is nothing but a reaction (RFC 9078): the sign.';
COMMENT ON COLUMN post_view.broken IS 'What is broken in it, as words of core/mime/view-faults.def.';

CREATE TABLE post_part (
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    position int NOT NULL,
    part int NOT NULL,
    kind text NOT NULL CHECK (kind IN ('file', 'image', 'message', 'calendar', 'sealed')),
    name text NOT NULL,
    type text NOT NULL,
    size int NOT NULL,
    content_id text,
    PRIMARY KEY (post_id, position)
);
COMMENT ON TABLE post_part IS 'What is attached to a post.';
COMMENT ON COLUMN post_part.post_id IS 'The post.';
COMMENT ON COLUMN post_part.position IS 'From 1, as shown; part of its address.';
COMMENT ON COLUMN post_part.part IS 'Which of the message''s parts holds it: index of core/mime/part.h.';
COMMENT ON COLUMN post_part.kind IS 'file; image: of a type that browsers show; message: forwarded; calendar: an invitation; sealed: signed or encrypted.';
COMMENT ON COLUMN post_part.name IS 'Its file name, made safe; empty when it has none.';
COMMENT ON COLUMN post_part.type IS 'What it really is, by its first bytes where they tell, else as labelled.';
COMMENT ON COLUMN post_part.size IS 'Bytes, decoded.';
COMMENT ON COLUMN post_part.content_id IS 'Content-ID without angle brackets, by which an HTML part names it.';

CREATE TABLE post_search (
    post_id bigint PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    list_id bigint NOT NULL,
    version int NOT NULL,
    folded text NOT NULL,
    words tsvector NOT NULL
);
ALTER TABLE post_search ALTER COLUMN folded SET COMPRESSION lz4;
COMMENT ON TABLE post_search IS 'By what a post is found.';
COMMENT ON COLUMN post_search.post_id IS 'The post; of two the newer has the higher number.';
COMMENT ON COLUMN post_search.list_id IS 'Its list.';
COMMENT ON COLUMN post_search.version IS 'Of the program that made it: SEARCH_VERSION in core/archive/search-words.h.';
COMMENT ON COLUMN post_search.folded IS 'Subject, author, text and file names, folded as in core/archive/search-fold.h: what a hit is proved on.';
COMMENT ON COLUMN post_search.words IS 'Words and pairs of letters (no positions), and marks for list, place in time and fields.';
CREATE INDEX post_search_words ON post_search USING gin (words);

INSERT INTO post_stale (post_id, since) SELECT id, accepted_at FROM post WHERE archived;
