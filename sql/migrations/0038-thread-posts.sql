-- A thread counts, and is as new as, what may be read of it: a post that is hidden, too old or not wanted in the archive leaves no trace there.

COMMENT ON COLUMN thread.posts IS 'How many may be read; 0: the archive does not show it.';
COMMENT ON COLUMN thread.last_post_id IS 'Its newest post that may be read; without any, its first.';
COMMENT ON COLUMN thread.last_at IS 'Arrival of the newest that may be read; without any, as it was before.';

CREATE FUNCTION post_counts_in_thread() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.archived THEN
        UPDATE thread SET posts = posts + 1, last_at = CASE WHEN posts = 0 THEN NEW.accepted_at ELSE greatest(last_at, NEW.accepted_at) END,
            last_post_id = CASE WHEN posts = 0 THEN NEW.id ELSE greatest(last_post_id, NEW.id) END
        WHERE id = NEW.thread_id;
    ELSE
        UPDATE thread t SET posts = t.posts - 1,
            last_at = CASE WHEN t.last_at > NEW.accepted_at THEN t.last_at ELSE coalesce(
                (SELECT max(p.accepted_at) FROM post p WHERE p.thread_id = t.id AND p.archived), t.last_at) END,
            last_post_id = CASE WHEN t.last_post_id > NEW.id THEN t.last_post_id ELSE coalesce(
                (SELECT max(p.id) FROM post p WHERE p.thread_id = t.id AND p.archived), t.first_post_id) END
        WHERE t.id = NEW.thread_id;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION post_counts_in_thread() IS 'Keeps thread.posts and what is newest when a post leaves the archive or comes back; post_add and thread_count do the rest.';
CREATE TRIGGER post_counted AFTER UPDATE OF archived ON post FOR EACH ROW WHEN (OLD.archived <> NEW.archived)
    EXECUTE FUNCTION post_counts_in_thread();

-- Guests' pages do not grow older by what they do not show. A thread is empty when its row is added; its first post tells of it.
DROP TRIGGER thread_added ON thread;
DROP TRIGGER thread_removed ON thread;
DROP TRIGGER thread_changed ON thread;
CREATE TRIGGER thread_removed AFTER DELETE ON thread FOR EACH ROW WHEN (OLD.posts > 0) EXECUTE FUNCTION archive_changed();
CREATE TRIGGER thread_changed AFTER UPDATE ON thread FOR EACH ROW
    WHEN (current_setting('kairan.quiet', true) IS DISTINCT FROM 'on' AND (OLD.posts > 0 OR NEW.posts > 0)
          AND to_jsonb(OLD) - 'version' IS DISTINCT FROM to_jsonb(NEW) - 'version')
    EXECUTE FUNCTION archive_changed();

UPDATE thread t SET posts = s.posts, last_at = coalesce(s.last_at, t.last_at), last_post_id = coalesce(s.last, t.first_post_id)
FROM (SELECT thread_id, count(*) FILTER (WHERE archived) AS posts, max(accepted_at) FILTER (WHERE archived) AS last_at,
          max(id) FILTER (WHERE archived) AS last
      FROM post GROUP BY thread_id) s
WHERE s.thread_id = t.id AND (t.posts <> s.posts OR t.last_at <> s.last_at);
