-- How pages of an archive know that nothing changed, where a post was in an archive before this one, and private feeds.

-- ---- versions ---------------------------------------------------------------------------------------------------
-- A version is a clock in seconds that each change moves on by one at least, and a new post to the time of its arrival: so it is a
-- Last-Modified as well, and two states never have the same one. Rows are only added, none is waited for: accepting a post never
-- waits for whoever makes its view. A job sums them up, which changes no sum.

CREATE TABLE archive_change (
    scope text NOT NULL CHECK (scope IN ('site', 'domain', 'list', 'thread')),
    scope_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('new', 'less', 'look')),
    made_in xid8 NOT NULL,
    seconds bigint NOT NULL,
    PRIMARY KEY (scope, scope_id, kind, made_in)
);
COMMENT ON TABLE archive_change IS 'That something changed which guests are shown of an archive. The version of a list is the sum of seconds of its own rows, its domain''s and the site''s.';
COMMENT ON COLUMN archive_change.scope IS 'Where it changed.';
COMMENT ON COLUMN archive_change.scope_id IS 'The id of the list, domain or thread; 0 for the site.';
COMMENT ON COLUMN archive_change.kind IS 'new: there is more, or it is shown in another way; less: a post was changed or went; look: what is on every page changed (settings, names, words).';
COMMENT ON COLUMN archive_change.made_in IS 'The transaction: one row each. 0: the sum of older ones.';
COMMENT ON COLUMN archive_change.seconds IS 'How far the clock went on.';

ALTER TABLE thread ADD COLUMN version bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN thread.version IS 'Grows with every change: seconds since 1970 of its newest post, and one more for each change without a time. The newest changes are still in archive_change, to be added.';
UPDATE thread SET version = extract(epoch FROM last_at)::bigint;

CREATE FUNCTION archive_note(text, bigint, text, timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    INSERT INTO archive_change (scope, scope_id, kind, made_in, seconds)
    SELECT $1, $2, $3, pg_current_xact_id(), CASE WHEN $4 IS NULL THEN 1 ELSE greatest(1, extract(epoch FROM $4)::bigint - (
        SELECT coalesce(sum(c.seconds), 0)::bigint FROM archive_change c WHERE c.scope = $1 AND c.scope_id = $2)) END
    ON CONFLICT DO NOTHING
$$;
COMMENT ON FUNCTION archive_note(text, bigint, text, timestamptz) IS 'Notes a change: scope, its id, kind, and when, if that is known.';

CREATE FUNCTION thread_grows_older() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := greatest(NEW.version, CASE WHEN TG_OP = 'UPDATE' THEN OLD.version + 1 ELSE 1 END, extract(epoch FROM NEW.last_at)::bigint);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION thread_grows_older() IS 'Keeps thread.version.';
CREATE TRIGGER thread_version BEFORE INSERT OR UPDATE ON thread FOR EACH ROW EXECUTE FUNCTION thread_grows_older();

CREATE FUNCTION archive_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF TG_TABLE_NAME = 'thread' THEN
        PERFORM archive_note('list', CASE WHEN TG_OP = 'DELETE' THEN OLD.list_id ELSE NEW.list_id END, 'new',
                             CASE WHEN TG_OP <> 'DELETE' THEN NEW.last_at END);
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM archive_note('list', NEW.list_id, 'new', NEW.accepted_at);
    ELSE
        PERFORM archive_note('list', OLD.list_id, 'less', NULL), archive_note('thread', OLD.thread_id, 'less', NULL);
        IF TG_OP = 'UPDATE' AND NEW.thread_id <> OLD.thread_id THEN
            PERFORM archive_note('thread', NEW.thread_id, 'less', NULL);
        END IF;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION archive_changed() IS 'Of thread and post.';
CREATE TRIGGER thread_added AFTER INSERT OR DELETE ON thread FOR EACH ROW EXECUTE FUNCTION archive_changed();
CREATE TRIGGER thread_changed AFTER UPDATE ON thread FOR EACH ROW
    WHEN (to_jsonb(OLD) - 'version' IS DISTINCT FROM to_jsonb(NEW) - 'version') EXECUTE FUNCTION archive_changed();
CREATE TRIGGER post_added AFTER INSERT ON post FOR EACH ROW WHEN (NEW.archived) EXECUTE FUNCTION archive_changed();
CREATE TRIGGER post_changed AFTER UPDATE ON post FOR EACH ROW
    WHEN ((OLD.archived OR NEW.archived) AND OLD.recipients = NEW.recipients AND OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION archive_changed();
CREATE TRIGGER post_removed AFTER DELETE ON post FOR EACH ROW WHEN (OLD.archived) EXECUTE FUNCTION archive_changed();

CREATE FUNCTION archive_changed_by_post() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM archive_note('list', p.list_id, 'new', NULL), archive_note('thread', p.thread_id, 'new', NULL)
    FROM post p WHERE p.archived AND p.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.post_id ELSE NEW.post_id END;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION archive_changed_by_post() IS 'For tables with a column post_id whose rows guests are shown.';
CREATE TRIGGER post_view_added AFTER INSERT OR DELETE ON post_view FOR EACH ROW EXECUTE FUNCTION archive_changed_by_post();
CREATE TRIGGER post_view_changed AFTER UPDATE ON post_view FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION archive_changed_by_post();

CREATE FUNCTION archive_changed_by_thread() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM archive_note('list', t.list_id, 'new', NULL), archive_note('thread', t.id, 'new', NULL)
    FROM thread t WHERE t.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.thread_id ELSE NEW.thread_id END;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION archive_changed_by_thread() IS 'For tables with a column thread_id whose rows guests are shown.';

CREATE FUNCTION archive_changed_by_bytes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM archive_note('list', p.list_id, 'less', NULL), archive_note('thread', p.thread_id, 'less', NULL)
    FROM post p WHERE p.message_id = NEW.id AND p.archived;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION archive_changed_by_bytes() IS 'Of message: what was taken out of a post is gone from its pages.';
CREATE TRIGGER message_bytes_changed AFTER UPDATE OF bytes, masks ON message FOR EACH ROW WHEN (NEW.state = 'accepted')
    EXECUTE FUNCTION archive_changed_by_bytes();

CREATE FUNCTION archive_looks_other() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM archive_note(OLD.scope, OLD.scope_id, 'look', NULL);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM archive_note(NEW.scope, NEW.scope_id, 'look', NULL);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION archive_looks_other() IS 'Of setting and template.';
CREATE TRIGGER setting_looks AFTER INSERT OR UPDATE OR DELETE ON setting FOR EACH ROW EXECUTE FUNCTION archive_looks_other();
CREATE TRIGGER template_looks AFTER INSERT OR UPDATE OR DELETE ON template FOR EACH ROW EXECUTE FUNCTION archive_looks_other();

-- A list's path has its domain in it where another list has the same name: so all of that name are told.
CREATE FUNCTION archive_is_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF TG_TABLE_NAME = 'domain' THEN
        PERFORM archive_note('domain', NEW.id, 'look', NULL);
    ELSIF TG_TABLE_NAME = 'list_effective' THEN
        PERFORM archive_note('list', CASE WHEN TG_OP = 'DELETE' THEN OLD.list_id ELSE NEW.list_id END, 'look', NULL);
    ELSE
        PERFORM archive_note('list', l.id, 'look', NULL) FROM list l
        WHERE l.name = CASE WHEN TG_OP = 'DELETE' THEN OLD.name ELSE NEW.name END OR (TG_OP = 'UPDATE' AND l.name = OLD.name);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION archive_is_named() IS 'Of list, list_effective and domain.';
CREATE TRIGGER list_named AFTER INSERT OR DELETE OR UPDATE OF name, domain_id, removed_at ON list
    FOR EACH ROW EXECUTE FUNCTION archive_is_named();
CREATE TRIGGER list_effective_looks AFTER INSERT OR DELETE ON list_effective FOR EACH ROW EXECUTE FUNCTION archive_is_named();
CREATE TRIGGER list_effective_changed AFTER UPDATE ON list_effective FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION archive_is_named();
CREATE TRIGGER domain_looks AFTER UPDATE ON domain FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION archive_is_named();

INSERT INTO archive_change (scope, scope_id, kind, made_in, seconds)
SELECT 'list', l.id, 'new', '0', extract(epoch FROM coalesce((SELECT max(p.accepted_at) FROM post p WHERE p.list_id = l.id), l.created_at))::bigint
FROM list l;

-- ---- addresses of archives before this one ------------------------------------------------------------------------

CREATE TABLE old_address (
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    path text NOT NULL CHECK (length(path) BETWEEN 1 AND 500),
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    PRIMARY KEY (list_id, path)
);
COMMENT ON TABLE old_address IS 'Where a post was in an archive before this one; written by import.';
COMMENT ON COLUMN old_address.list_id IS 'The list.';
COMMENT ON COLUMN old_address.path IS 'What followed the list''s own address there, such as 2024-May/012345.html.';
COMMENT ON COLUMN old_address.post_id IS 'The post.';
CREATE INDEX old_address_post ON old_address (post_id);

-- ---- private feeds -------------------------------------------------------------------------------------------------

CREATE TABLE feed (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES site_user ON DELETE CASCADE,
    list_id bigint REFERENCES list ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE feed IS 'Addresses under which feed readers read what their owner may read; rights are asked at each request.';
COMMENT ON COLUMN feed.id IS 'Key.';
COMMENT ON COLUMN feed.user_id IS 'Whose.';
COMMENT ON COLUMN feed.list_id IS 'Of one list; NULL: of all lists that the account belongs to.';
COMMENT ON COLUMN feed.token_hash IS 'SHA-256 of the token in its address.';
COMMENT ON COLUMN feed.created_at IS 'When it was made.';
CREATE INDEX feed_of_user ON feed (user_id);
