-- What held messages and accounts are searched by.

ALTER TABLE held ADD COLUMN words text NOT NULL
    GENERATED ALWAYS AS (name_folded(subject || E'\n' || from_name || E'\n' || from_address || E'\n' || excerpt)) STORED;
COMMENT ON COLUMN held.words IS 'What a moderator''s search looks in: subject, author and first lines, folded once instead of at each search.';

CREATE INDEX address_owned ON address (key COLLATE "C") WHERE user_id IS NOT NULL;
