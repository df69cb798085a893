-- Posts of anonymous lists: the archive names the list, and the mail as it came is for moderators alone.
ALTER TABLE post ADD COLUMN anonymous bool NOT NULL DEFAULT false;
COMMENT ON COLUMN post.anonymous IS 'Accepted while the list hid who writes: from_name and from_address are the list''s.';
