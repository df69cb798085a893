-- An import says once, at its end, that the archive changed: nobody but members reads it before, and they are given nothing kept.
-- So its connection sets kairan.quiet, and what notes each change by itself is silent there.

DROP TRIGGER thread_added ON thread;
DROP TRIGGER thread_changed ON thread;
DROP TRIGGER post_added ON post;
CREATE TRIGGER thread_added AFTER INSERT ON thread FOR EACH ROW
    WHEN (current_setting('kairan.quiet', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION archive_changed();
CREATE TRIGGER thread_removed AFTER DELETE ON thread FOR EACH ROW EXECUTE FUNCTION archive_changed();
CREATE TRIGGER thread_changed AFTER UPDATE ON thread FOR EACH ROW
    WHEN (current_setting('kairan.quiet', true) IS DISTINCT FROM 'on' AND to_jsonb(OLD) - 'version' IS DISTINCT FROM to_jsonb(NEW) - 'version')
    EXECUTE FUNCTION archive_changed();
CREATE TRIGGER post_added AFTER INSERT ON post FOR EACH ROW
    WHEN (NEW.archived AND current_setting('kairan.quiet', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION archive_changed();

-- Views are made by whoever comes first, so there the list's state counts.
CREATE OR REPLACE FUNCTION archive_changed_by_post() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM archive_note('list', p.list_id, 'new', NULL), archive_note('thread', p.thread_id, 'new', NULL)
    FROM post p WHERE p.archived AND p.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.post_id ELSE NEW.post_id END
        AND NOT EXISTS (SELECT FROM import_run r WHERE r.list_id = p.list_id AND r.ended_at IS NULL);
    RETURN NULL;
END $$;

-- What was taken out of a message must not come back with the file that it was imported from.
ALTER TABLE message ADD COLUMN first_sha256 bytea;
COMMENT ON COLUMN message.first_sha256 IS 'Of the bytes as they came, where something was taken out of them since: by this an import knows the message. NULL: they are as they came.';
CREATE INDEX message_first_sha256 ON message (list_id, first_sha256) WHERE first_sha256 IS NOT NULL;
CREATE FUNCTION message_keeps_first_hash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.first_sha256 := coalesce(OLD.first_sha256, OLD.sha256);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION message_keeps_first_hash() IS 'Keeps message.first_sha256.';
CREATE TRIGGER message_first_hash BEFORE UPDATE OF sha256 ON message FOR EACH ROW WHEN (OLD.sha256 IS DISTINCT FROM NEW.sha256)
    EXECUTE FUNCTION message_keeps_first_hash();
