-- Lists may hide the addresses of authors from everybody.
ALTER TABLE list_effective DROP CONSTRAINT list_effective_archive_addresses_check;
ALTER TABLE list_effective ADD CHECK (archive_addresses IN ('members', 'moderators', 'nobody'));
COMMENT ON COLUMN list_effective.archive_addresses IS 'Who sees the addresses of authors whole: members, or moderators and owners alone, or nobody.';
