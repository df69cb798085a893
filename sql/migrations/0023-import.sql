-- Archives from elsewhere. While one is being taken in, the list's archive is not public: what a reader could see would be half of it.

CREATE TABLE import_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    started_by text NOT NULL,
    started_at timestamptz NOT NULL,
    added bigint NOT NULL DEFAULT 0,
    known bigint NOT NULL DEFAULT 0,
    left_out bigint NOT NULL DEFAULT 0,
    ended_at timestamptz
);
COMMENT ON TABLE import_run IS 'Archives that were taken in, and the one that is being taken in.';
COMMENT ON COLUMN import_run.id IS 'Key.';
COMMENT ON COLUMN import_run.list_id IS 'The list.';
COMMENT ON COLUMN import_run.started_by IS 'Who, in words.';
COMMENT ON COLUMN import_run.started_at IS 'When it began; of one that was broken off and repeated, the first time.';
COMMENT ON COLUMN import_run.added IS 'Messages that became posts; of one that was broken off, in its last part.';
COMMENT ON COLUMN import_run.known IS 'Messages that were here already.';
COMMENT ON COLUMN import_run.left_out IS 'Messages that could not be taken.';
COMMENT ON COLUMN import_run.ended_at IS 'When it ended. NULL: under way, or broken off and to be repeated; the archive is not public.';
CREATE UNIQUE INDEX import_run_open ON import_run (list_id) WHERE ended_at IS NULL;
CREATE INDEX import_run_list ON import_run (list_id);
