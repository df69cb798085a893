-- Bans and filters of a domain, for all its lists.

ALTER TABLE ban ADD COLUMN domain_id bigint REFERENCES domain ON DELETE CASCADE, ADD CHECK (list_id IS NULL OR domain_id IS NULL);
COMMENT ON COLUMN ban.domain_id IS 'The domain on whose lists it holds; with list_id NULL, too: on all lists.';
ALTER TABLE ban DROP CONSTRAINT ban_list_id_pattern_key;
ALTER TABLE ban ADD CONSTRAINT ban_once UNIQUE NULLS NOT DISTINCT (list_id, domain_id, pattern);
CREATE INDEX ban_pattern ON ban (pattern);

ALTER TABLE header_filter ADD COLUMN domain_id bigint REFERENCES domain ON DELETE CASCADE, ADD CHECK (list_id IS NULL OR domain_id IS NULL);
COMMENT ON COLUMN header_filter.domain_id IS 'The domain whose lists it is asked for; with list_id NULL, too: all lists.';
CREATE INDEX header_filter_domain ON header_filter (domain_id) WHERE domain_id IS NOT NULL;

CREATE VIEW list_ban AS
    SELECT l.id AS for_list, b.id, b.pattern FROM list l
    JOIN ban b ON b.list_id = l.id OR b.domain_id = l.domain_id OR (b.list_id IS NULL AND b.domain_id IS NULL);
COMMENT ON VIEW list_ban IS 'Bans that hold on a list: its own, its domain''s and the site''s.';
COMMENT ON COLUMN list_ban.for_list IS 'The list.';
COMMENT ON COLUMN list_ban.id IS 'The ban.';
COMMENT ON COLUMN list_ban.pattern IS 'Whom it is about, as in ban.';

CREATE VIEW list_header_filter AS
    SELECT l.id AS for_list, f.id, f.list_id, f.domain_id, f.position, f.fields, f.patterns, f.action, f.reject_text, f.note, f.revision
    FROM list l
    JOIN header_filter f ON f.list_id = l.id OR f.domain_id = l.domain_id OR (f.list_id IS NULL AND f.domain_id IS NULL);
COMMENT ON VIEW list_header_filter IS 'Header filters that are asked for a list: the site''s, its domain''s and its own.';
COMMENT ON COLUMN list_header_filter.for_list IS 'The list.';
