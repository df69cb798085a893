-- A new post is looked at before those of an import, however many of them wait.

CREATE OR REPLACE FUNCTION post_becomes_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO post_stale (post_id, since)
    VALUES (NEW.id, CASE WHEN current_setting('kairan.quiet', true) = 'on' THEN 'infinity' ELSE NEW.accepted_at END)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
COMMENT ON COLUMN post_stale.since IS 'When it became so: the oldest are done first. infinity: of an import, or made again; nobody waits for it.';
