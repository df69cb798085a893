-- How the posts of a list are shown: as they were written, or with their Markdown turned into headings and lists.
ALTER TABLE list_effective ADD COLUMN archive_rendering_mode text NOT NULL DEFAULT 'text';
ALTER TABLE list_effective ALTER COLUMN archive_rendering_mode DROP DEFAULT;
COMMENT ON COLUMN list_effective.archive_rendering_mode IS 'text or markdown: of which kind the views of its posts are.';
UPDATE list_effective e SET archive_rendering_mode = 'markdown' FROM list l
WHERE l.id = e.list_id AND 'markdown' = coalesce(
    (SELECT value FROM setting WHERE scope = 'list' AND scope_id = l.id AND name = 'archive_rendering_mode'),
    (SELECT value FROM setting WHERE scope = 'domain' AND scope_id = l.domain_id AND name = 'archive_rendering_mode'),
    (SELECT value FROM setting WHERE scope = 'site' AND name = 'archive_rendering_mode'));

CREATE FUNCTION list_shows_otherwise() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO post_stale (post_id, since) SELECT id, 'infinity' FROM post WHERE archived AND list_id = NEW.list_id ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION list_shows_otherwise() IS 'Of list_effective: views of the other kind are made of all posts, behind what is new. Until then they are made when somebody asks.';
CREATE TRIGGER list_shows_otherwise AFTER UPDATE ON list_effective FOR EACH ROW
    WHEN (OLD.archive_rendering_mode <> NEW.archive_rendering_mode) EXECUTE FUNCTION list_shows_otherwise();

COMMENT ON COLUMN post_view.version IS 'Of the program that made it: VIEW_VERSION in core/mime/view.h, and VIEW_MARKDOWN more where it has Markdown.';
