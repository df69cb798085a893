-- What rules want to know beyond the first release: header filters, moderators' passwords, what of a message nobody may see, topics.

CREATE SEQUENCE header_filter_revision;
CREATE TABLE header_filter (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint REFERENCES list ON DELETE CASCADE,
    position int NOT NULL,
    fields text[] NOT NULL CHECK (cardinality(fields) BETWEEN 1 AND 5),
    patterns text[] NOT NULL CHECK (cardinality(patterns) = cardinality(fields)),
    action text NOT NULL CHECK (action IN ('accept', 'hold', 'reject', 'discard')),
    reject_text text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT '',
    hits bigint NOT NULL DEFAULT 0,
    last_hit_at timestamptz,
    costly bigint NOT NULL DEFAULT 0,
    revision bigint NOT NULL DEFAULT nextval('header_filter_revision'),
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
);
COMMENT ON SEQUENCE header_filter_revision IS 'Grows with every change of a filter: who keeps compiled filters sees that they are old.';
COMMENT ON TABLE header_filter IS 'What header fields decide about a post, in order; those of the site are asked before those of the list.';
COMMENT ON COLUMN header_filter.id IS 'Key.';
COMMENT ON COLUMN header_filter.list_id IS 'The list, or NULL for all.';
COMMENT ON COLUMN header_filter.position IS 'Order among those of the same list; gaps are fine.';
COMMENT ON COLUMN header_filter.fields IS 'Where each condition looks: a field''s name, or :any, :text, :size, :spam. All conditions must be met.';
COMMENT ON COLUMN header_filter.patterns IS 'What each condition looks for: a regular expression; a number of KiB for :size, a score for :spam.';
COMMENT ON COLUMN header_filter.action IS 'What becomes of a post that meets it.';
COMMENT ON COLUMN header_filter.reject_text IS 'What the author is told when it refuses; empty: the usual sentence.';
COMMENT ON COLUMN header_filter.note IS 'Why it is there, for those who keep it.';
COMMENT ON COLUMN header_filter.hits IS 'How many posts it has decided.';
COMMENT ON COLUMN header_filter.last_hit_at IS 'When it last did.';
COMMENT ON COLUMN header_filter.costly IS 'How many posts it was stopped at because its expression took too long: those were held.';
COMMENT ON COLUMN header_filter.revision IS 'From header_filter_revision; not touched by hits.';
COMMENT ON COLUMN header_filter.changed_by IS 'Who made or changed it, in words.';
COMMENT ON COLUMN header_filter.changed_at IS 'When.';
CREATE INDEX header_filter_order ON header_filter (list_id, position, id);

COMMENT ON COLUMN ban.pattern IS 'An address key, @domain, or a ^regular expression on keys.';
CREATE INDEX ban_expression ON ban (list_id) WHERE left(pattern, 1) = '^';

CREATE TABLE moderator_password (
    list_id bigint PRIMARY KEY REFERENCES list ON DELETE CASCADE,
    hash text NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
);
COMMENT ON TABLE moderator_password IS 'The password that lets a post pass by its Approved: field or first line.';
COMMENT ON COLUMN moderator_password.list_id IS 'The list.';
COMMENT ON COLUMN moderator_password.hash IS 'argon2id.';
COMMENT ON COLUMN moderator_password.changed_by IS 'Who set it, in words.';
COMMENT ON COLUMN moderator_password.changed_at IS 'When.';

ALTER TABLE message ADD COLUMN masks bigint[];
COMMENT ON COLUMN message.masks IS 'Ranges of the bytes that nobody may see, such as a password: offset and length by turns; a negative length is a range of base64.';

CREATE FUNCTION message_masked(bytes bytea, masks bigint[]) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    i int := 1;
    len int;
BEGIN
    WHILE i < cardinality(masks) LOOP
        len := least(abs(masks[i + 1]), length(bytes) - masks[i])::int;
        IF len > 0 THEN
            bytes := overlay(bytes PLACING convert_to(CASE WHEN masks[i + 1] < 0 THEN left(repeat('ICAg', len / 4 + 1), len)
                ELSE repeat('*', len) END, 'UTF8') FROM (masks[i] + 1)::int FOR len);
        END IF;
        i := i + 2;
    END LOOP;
    RETURN bytes;
END $$;
COMMENT ON FUNCTION message_masked(bytea, bigint[]) IS 'The bytes with stars in the ranges of message.masks; blanks within base64.';

CREATE FUNCTION message_seen(bytes bytea, masks bigint[]) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN masks IS NULL THEN bytes ELSE message_masked(bytes, masks) END $$;
COMMENT ON FUNCTION message_seen(bytea, bigint[]) IS 'A message''s bytes as people may see them: every view reads them through this.';

CREATE TABLE topic (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    pattern text NOT NULL CHECK (pattern <> ''),
    description text NOT NULL DEFAULT '',
    UNIQUE (list_id, name)
);
COMMENT ON TABLE topic IS 'What posts of a list can be about; members may want only some.';
COMMENT ON COLUMN topic.id IS 'Key.';
COMMENT ON COLUMN topic.list_id IS 'The list.';
COMMENT ON COLUMN topic.name IS 'As members read it, and as X-Topics says it.';
COMMENT ON COLUMN topic.pattern IS 'Regular expression, looked for in Subject and Keywords.';
COMMENT ON COLUMN topic.description IS 'One line for members.';

CREATE TABLE member_topic (
    member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
    topic_id bigint NOT NULL REFERENCES topic ON DELETE CASCADE,
    PRIMARY KEY (member_id, topic_id)
);
COMMENT ON TABLE member_topic IS 'Topics that a member wants; a member without any gets all posts.';
COMMENT ON COLUMN member_topic.member_id IS 'The member.';
COMMENT ON COLUMN member_topic.topic_id IS 'The topic.';
CREATE INDEX member_topic_topic ON member_topic (topic_id);

ALTER TABLE member ADD COLUMN without_topic bool NOT NULL DEFAULT true;
COMMENT ON COLUMN member.without_topic IS 'With topics chosen: posts that are about none of the list''s topics come as well.';

CREATE TABLE post_topic (
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    topic_id bigint NOT NULL REFERENCES topic ON DELETE CASCADE,
    PRIMARY KEY (post_id, topic_id)
);
COMMENT ON TABLE post_topic IS 'What a post is about.';
COMMENT ON COLUMN post_topic.post_id IS 'The post.';
COMMENT ON COLUMN post_topic.topic_id IS 'The topic.';
CREATE INDEX post_topic_topic ON post_topic (topic_id);
