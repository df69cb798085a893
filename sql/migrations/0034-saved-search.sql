-- Searches that people keep, each a private feed too.

CREATE TABLE saved_search (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES site_user ON DELETE CASCADE,
    list_id bigint REFERENCES list ON DELETE CASCADE,
    name text NOT NULL,
    query text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE saved_search IS 'Searches that people keep. What they find is asked with the rights that their owner has at that moment.';
COMMENT ON COLUMN saved_search.id IS 'Key.';
COMMENT ON COLUMN saved_search.user_id IS 'Whose it is.';
COMMENT ON COLUMN saved_search.list_id IS 'The list that is searched; NULL: all that its owner may read.';
COMMENT ON COLUMN saved_search.name IS 'What its owner calls it.';
COMMENT ON COLUMN saved_search.query IS 'As it was typed.';
COMMENT ON COLUMN saved_search.token_hash IS 'SHA-256 of the token in the address of its feed.';
COMMENT ON COLUMN saved_search.created_at IS 'When it was saved.';
CREATE INDEX saved_search_of_user ON saved_search (user_id);
CREATE INDEX saved_search_of_list ON saved_search (list_id);
