-- What owners take out of the archive, and people out of everything. The address of a post and its thread stay.

ALTER TABLE post ADD COLUMN removed text CHECK (removed IN ('hidden', 'deleted', 'expired'));
ALTER TABLE post ADD COLUMN removed_at timestamptz;
ALTER TABLE post ADD CONSTRAINT post_removed_is_not_read CHECK (removed IS NULL OR NOT archived);
COMMENT ON COLUMN post.removed IS 'hidden: owners may show it again; deleted: its bytes are gone or going; expired: older than the list keeps posts. NULL: it is there.';
COMMENT ON COLUMN post.removed_at IS 'When that was done.';
CREATE INDEX post_removed ON post (list_id, removed_at) WHERE removed IS NOT NULL;

CREATE FUNCTION post_leaves_archive() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.archived THEN
        INSERT INTO post_stale (post_id, since) VALUES (NEW.id, NEW.accepted_at) ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM post_stale WHERE post_id = NEW.id;
        DELETE FROM post_view WHERE post_id = NEW.id;
        DELETE FROM post_part WHERE post_id = NEW.id;
        DELETE FROM post_search WHERE post_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION post_leaves_archive() IS 'Nothing that the archive shows or finds stays of a post that may not be read; of one that may be read again it is made anew.';
CREATE TRIGGER post_archived AFTER UPDATE OF archived ON post FOR EACH ROW WHEN (OLD.archived <> NEW.archived)
    EXECUTE FUNCTION post_leaves_archive();

CREATE TABLE removal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint REFERENCES list ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('redact', 'erase')),
    state text NOT NULL CHECK (state IN ('looking', 'review', 'ending', 'done')),
    post_id bigint REFERENCES post ON DELETE SET NULL,
    words text[] NOT NULL,
    reached bigint NOT NULL DEFAULT 0,
    posts int NOT NULL DEFAULT 0,
    made_by text NOT NULL,
    user_id bigint,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    ended_at timestamptz
);
COMMENT ON TABLE removal IS 'Words to be taken out of posts, and people out of everything. The worker carries it out; when it is done, the words are forgotten.';
COMMENT ON COLUMN removal.id IS 'Key.';
COMMENT ON COLUMN removal.list_id IS 'The list; NULL: all lists.';
COMMENT ON COLUMN removal.kind IS 'redact: words of one post; erase: a person''s addresses and names, everywhere.';
COMMENT ON COLUMN removal.state IS 'looking: walks through the posts; review: posts of others name the person, somebody decides about them; ending: the rest is done; done.';
COMMENT ON COLUMN removal.post_id IS 'redact: the post.';
COMMENT ON COLUMN removal.words IS 'What is taken out; of erase addresses (with @) and names. Empty once it is done.';
COMMENT ON COLUMN removal.reached IS 'erase: the last post looked at.';
COMMENT ON COLUMN removal.posts IS 'How many posts were changed.';
COMMENT ON COLUMN removal.made_by IS 'Who asked for it, in words.';
COMMENT ON COLUMN removal.user_id IS 'The account.';
COMMENT ON COLUMN removal.created_at IS 'When.';
COMMENT ON COLUMN removal.due_at IS 'Not before: put off while copies of a post are still being sent.';
COMMENT ON COLUMN removal.ended_at IS 'When it was done.';
CREATE INDEX removal_open ON removal (due_at) WHERE state IN ('looking', 'ending');
CREATE INDEX removal_of_list ON removal (list_id, id);

CREATE TABLE removal_find (
    removal_id bigint NOT NULL REFERENCES removal ON DELETE CASCADE,
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    hits int NOT NULL,
    chosen bool NOT NULL DEFAULT false,
    PRIMARY KEY (removal_id, post_id)
);
COMMENT ON TABLE removal_find IS 'Posts of others in which a person who is erased is named or quoted: offered for review.';
COMMENT ON COLUMN removal_find.removal_id IS 'The erasure.';
COMMENT ON COLUMN removal_find.post_id IS 'The post.';
COMMENT ON COLUMN removal_find.hits IS 'How often it names the person.';
COMMENT ON COLUMN removal_find.chosen IS 'It is to be changed, too.';

-- A phrase with its word boundaries, as a regular expression; of the words of a person.
CREATE FUNCTION words_gone(value text, words text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    word text;
BEGIN
    FOREACH word IN ARRAY words LOOP
        CONTINUE WHEN position(lower(word) IN lower(value)) = 0;
        value := regexp_replace(value, '(^|[^[:alnum:]])' || regexp_replace(word, '([][\\.^$*+?(){}|])', '\\\1', 'g')
            || '(?![[:alnum:]])', '\1' || CASE WHEN position('@' IN word) > 0 THEN 'erased@erased.invalid' ELSE 'erased' END, 'gi');
    END LOOP;
    RETURN value;
END $$;
COMMENT ON FUNCTION words_gone(text, text[]) IS 'A text without the words: addresses become erased@erased.invalid, names "erased".';

-- Everything beside the posts' bytes that may name a person. list NULL: everything on the site.
CREATE FUNCTION person_erase(list bigint, words text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys text[] := ARRAY(SELECT lower(w) FROM unnest(words) AS u (w) WHERE position('@' IN w) > 0);
BEGIN
    UPDATE message m SET sender = 'erased@erased.invalid' WHERE lower(m.sender) = ANY (keys) AND (list IS NULL OR m.list_id = list);
    DELETE FROM seen WHERE lower(sender) = ANY (keys) AND (list IS NULL OR message_id IN (SELECT id FROM message WHERE list_id = list));
    UPDATE auth_result r SET detail = words_gone(r.detail, words) FROM message m
        WHERE m.id = r.message_id AND (list IS NULL OR m.list_id = list) AND r.detail <> words_gone(r.detail, words);
    UPDATE judgement j SET reason = words_gone(j.reason, words), facts = words_gone(j.facts::text, words)::jsonb FROM message m
        WHERE m.id = j.message_id AND (list IS NULL OR m.list_id = list)
          AND (j.reason <> words_gone(j.reason, words) OR j.facts::text <> words_gone(j.facts::text, words));
    UPDATE held_decision SET author_key = '' WHERE author_key = ANY (keys) AND (list IS NULL OR list_id = list);
    UPDATE subscription_request SET email = 'erased@erased.invalid', key = 'erased@erased.invalid'
        WHERE key = ANY (keys) AND ended_at IS NOT NULL AND (list IS NULL OR list_id = list);
    UPDATE notice SET recipient = 'erased@erased.invalid' WHERE lower(recipient) = ANY (keys) AND ended_at IS NOT NULL
        AND (list IS NULL OR list_id = list);
    UPDATE audit SET actor = words_gone(actor, words), object = words_gone(object, words), detail = words_gone(detail, words)
        WHERE (list IS NULL OR list_id = list)
          AND (actor <> words_gone(actor, words) OR object <> words_gone(object, words) OR detail <> words_gone(detail, words));
    IF list IS NULL THEN
        UPDATE address a SET key = 'erased-' || a.id || '@erased.invalid', email = 'erased-' || a.id || '@erased.invalid', name = '',
            verified_at = NULL
            WHERE a.key = ANY (keys) AND a.user_id IS NULL AND NOT EXISTS (SELECT FROM member m WHERE m.address_id = a.id AND m.left_at IS NULL);
    END IF;
END $$;
COMMENT ON FUNCTION person_erase(bigint, text[]) IS 'Takes a person out of the rows about posts, decisions and acts: of a list, or of all.';
