-- What the first look at kept views showed to be missing.

ALTER TABLE post_view ADD COLUMN is_cut bool NOT NULL DEFAULT false, ADD COLUMN parts int NOT NULL DEFAULT 0;
COMMENT ON COLUMN post_view.is_cut IS 'The body is the beginning of a longer text; the message''s own page shows more.';
COMMENT ON COLUMN post_view.parts IS 'How many rows of post_part there are.';

ALTER TABLE post_stale ADD COLUMN attempts int NOT NULL DEFAULT 0, ADD COLUMN busy_until timestamptz;
COMMENT ON COLUMN post_stale.attempts IS 'How often its making was begun; counted before the work, so that a message that ends the process is given up.';
COMMENT ON COLUMN post_stale.busy_until IS 'Somebody is at it until then; NULL: nobody.';
