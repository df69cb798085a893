-- Which list a path names, and whether its domain stands in the path, depends on all domains and their hosts: all lists are told.

DROP TRIGGER domain_looks ON domain;
CREATE OR REPLACE FUNCTION archive_is_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF TG_TABLE_NAME = 'domain' THEN
        PERFORM archive_note('site', 0, 'look', NULL);
    ELSIF TG_TABLE_NAME = 'list_effective' THEN
        PERFORM archive_note('list', CASE WHEN TG_OP = 'DELETE' THEN OLD.list_id ELSE NEW.list_id END, 'look', NULL);
    ELSE
        PERFORM archive_note('list', l.id, 'look', NULL) FROM list l
        WHERE l.name = CASE WHEN TG_OP = 'DELETE' THEN OLD.name ELSE NEW.name END OR (TG_OP = 'UPDATE' AND l.name = OLD.name);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER domain_comes_or_goes AFTER INSERT OR DELETE ON domain FOR EACH ROW EXECUTE FUNCTION archive_is_named();
CREATE TRIGGER domain_looks AFTER UPDATE ON domain FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION archive_is_named();
