-- Finds what an older version of the program made.
CREATE INDEX post_view_version ON post_view (version);
