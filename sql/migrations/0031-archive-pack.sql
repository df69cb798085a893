-- Whole archives as files, and whether search engines may list an archive.

CREATE TABLE archive_pack (
    job_id bigint PRIMARY KEY REFERENCES job ON DELETE CASCADE,
    list_id bigint NOT NULL,
    is_reduced bool NOT NULL,
    version bigint NOT NULL
);
COMMENT ON TABLE archive_pack IS 'Files made of a whole archive, as long as they lie in the spool.';
COMMENT ON COLUMN archive_pack.job_id IS 'The job that made them; its result is how their names begin.';
COMMENT ON COLUMN archive_pack.list_id IS 'The list. No foreign key: the files are removed before this row.';
COMMENT ON COLUMN archive_pack.is_reduced IS 'Without addresses, for guests of lists that hide them.';
COMMENT ON COLUMN archive_pack.version IS 'archive_loss() when they were made: later on they may hold what is gone, and nobody gets them.';
CREATE INDEX archive_pack_list ON archive_pack (list_id);

CREATE TABLE archive_part (
    job_id bigint NOT NULL REFERENCES archive_pack ON DELETE CASCADE,
    month date NOT NULL,
    posts int NOT NULL,
    size bigint NOT NULL,
    PRIMARY KEY (job_id, month)
);
COMMENT ON TABLE archive_part IS 'One of these files: a month.';
COMMENT ON COLUMN archive_part.job_id IS 'Whose part.';
COMMENT ON COLUMN archive_part.month IS 'First day of the month.';
COMMENT ON COLUMN archive_part.posts IS 'How many are in it.';
COMMENT ON COLUMN archive_part.size IS 'Bytes, packed.';

CREATE FUNCTION archive_loss(bigint) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(sum(seconds), 0)::bigint FROM archive_change WHERE scope = 'list' AND scope_id = $1 AND kind = 'less'
$$;
COMMENT ON FUNCTION archive_loss(bigint) IS 'Grows whenever a post of a list is changed or goes.';

ALTER TABLE list_effective ADD COLUMN search_engines bool NOT NULL DEFAULT true;
ALTER TABLE list_effective ALTER COLUMN search_engines DROP DEFAULT;
COMMENT ON COLUMN list_effective.search_engines IS 'Search engines may list its pages.';

-- What stands in place of a post that was removed changes with the reason.
DROP TRIGGER post_changed ON post;
CREATE TRIGGER post_changed AFTER UPDATE ON post FOR EACH ROW
    WHEN ((OLD.archived OR NEW.archived OR OLD.removed IS NOT NULL OR NEW.removed IS NOT NULL) AND OLD.recipients = NEW.recipients
          AND OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION archive_changed();
