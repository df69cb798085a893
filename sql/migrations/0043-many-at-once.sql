-- Posts enter, and their views are kept, many in one statement: what was done for each row is done once for all of a statement.

DROP TRIGGER post_stale ON post;
CREATE OR REPLACE FUNCTION post_becomes_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO post_stale (post_id, since)
    SELECT id, CASE WHEN current_setting('kairan.quiet', true) = 'on' THEN 'infinity' ELSE accepted_at END FROM fresh WHERE archived
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER post_stale AFTER INSERT ON post REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_becomes_stale();

DROP TRIGGER post_view_added ON post_view;
DROP TRIGGER post_view_changed ON post_view;
-- Views are made by whoever comes first, so the list's state counts here: during an import nobody is told.
CREATE FUNCTION archive_changed_by_views() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    posts bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(post_id) INTO posts FROM fresh;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(post_id) INTO posts FROM past;
    ELSE
        SELECT array_agg(n.post_id) INTO posts FROM fresh n JOIN past o USING (post_id) WHERE o IS DISTINCT FROM n;
    END IF;
    IF posts IS NOT NULL THEN
        PERFORM archive_note('list', c.list_id, 'new', NULL) FROM (
            SELECT DISTINCT p.list_id FROM unnest(posts) AS u (id) CROSS JOIN LATERAL (SELECT * FROM post q WHERE q.id = u.id AND q.archived OFFSET 0) p
            WHERE NOT EXISTS (SELECT FROM import_run r WHERE r.list_id = p.list_id AND r.ended_at IS NULL)) c;
        PERFORM archive_note('thread', c.thread_id, 'new', NULL) FROM (
            SELECT DISTINCT p.thread_id FROM unnest(posts) AS u (id) CROSS JOIN LATERAL (SELECT * FROM post q WHERE q.id = u.id AND q.archived OFFSET 0) p
            WHERE NOT EXISTS (SELECT FROM import_run r WHERE r.list_id = p.list_id AND r.ended_at IS NULL)) c;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION archive_changed_by_views() IS 'Of post_view, a statement at a time.';
CREATE TRIGGER post_view_added AFTER INSERT ON post_view REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION archive_changed_by_views();
CREATE TRIGGER post_view_changed AFTER UPDATE ON post_view REFERENCING NEW TABLE AS fresh OLD TABLE AS past
    FOR EACH STATEMENT EXECUTE FUNCTION archive_changed_by_views();
CREATE TRIGGER post_view_gone AFTER DELETE ON post_view REFERENCING OLD TABLE AS past FOR EACH STATEMENT EXECUTE FUNCTION archive_changed_by_views();

-- Words have no repetitions that could be packed.
ALTER TABLE post_search ALTER COLUMN words SET STORAGE EXTERNAL;
