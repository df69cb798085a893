-- Search: what is found stands in order of time, and each list says from when to when it has posts.

DELETE FROM post_search;
ALTER TABLE post_search ADD COLUMN at timestamptz NOT NULL;
COMMENT ON COLUMN post_search.at IS 'When the list accepted it: of two hits the newer stands first.';
COMMENT ON COLUMN post_search.folded IS 'Folded as in core/archive/search-fold.h, one line for each section of search-words.h: what a hit is proved on.';
COMMENT ON COLUMN post_search.words IS 'Lexemes of search-words.h, without positions: words and pairs of letters, and marks of list, time and fields.';

-- A hit is read for its time and list alone; the long columns stand elsewhere until they are asked for.
ALTER TABLE post_search SET (toast_tuple_target = 128);
ALTER TABLE post_search ALTER COLUMN words SET COMPRESSION lz4;

-- New words go to the list of pending ones, which search_merge() puts in their places together, after each turn of the indexer:
-- in that order a word is looked up once for all posts of a turn, and no search has to read the list.
ALTER INDEX post_search_words SET (fastupdate = on, gin_pending_list_limit = 65536);

CREATE FUNCTION search_merge() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT gin_clean_pending_list('public.post_search_words'::regclass) $$;
COMMENT ON FUNCTION search_merge() IS 'Puts pending words in their places in the index.';

CREATE TABLE search_extent (
    list_id bigint PRIMARY KEY REFERENCES list ON DELETE CASCADE,
    oldest timestamptz NOT NULL,
    newest timestamptz NOT NULL
);
COMMENT ON TABLE search_extent IS 'From when to when a list has posts that can be found: where a search begins and ends.';
COMMENT ON COLUMN search_extent.list_id IS 'The list.';
COMMENT ON COLUMN search_extent.oldest IS 'No post was accepted before this.';
COMMENT ON COLUMN search_extent.newest IS 'No post was accepted after this.';
