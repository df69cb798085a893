-- Answers that a list gives by itself, once in a while to each person.

CREATE TABLE autoresponse (
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('owner', 'postings', 'requests')),
    key text NOT NULL,
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (list_id, kind, key)
);
COMMENT ON TABLE autoresponse IS 'To whom an automatic answer of a list went, and when last.';
COMMENT ON COLUMN autoresponse.list_id IS 'The list.';
COMMENT ON COLUMN autoresponse.kind IS 'What had been written to: the owners, the list itself, or LIST-request.';
COMMENT ON COLUMN autoresponse.key IS 'Whom it went to (address.key).';
COMMENT ON COLUMN autoresponse.sent_at IS 'When; the next one comes after autoresponse_grace_period.';
