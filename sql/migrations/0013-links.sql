-- Links that prove an address of an account, or its owner: what a link may be for is a word of the code that makes it.
ALTER TABLE mail_link DROP CONSTRAINT mail_link_purpose_check;
ALTER TABLE mail_link ADD CONSTRAINT mail_link_purpose_check CHECK (purpose ~ '^[a-z_]+$');
