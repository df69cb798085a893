-- Who sees the addresses of authors whole.
ALTER TABLE list_effective ADD COLUMN archive_addresses text NOT NULL DEFAULT 'members' CHECK (archive_addresses IN ('members', 'moderators'));
ALTER TABLE list_effective ALTER COLUMN archive_addresses DROP DEFAULT;
COMMENT ON COLUMN list_effective.archive_addresses IS 'Who sees the addresses of authors whole: members, or moderators and owners alone.';
