-- What people write on a page instead of in a mail program.

CREATE TABLE web_post (
    message_id bigint PRIMARY KEY REFERENCES message ON DELETE CASCADE,
    user_id bigint NOT NULL REFERENCES site_user ON DELETE CASCADE,
    mark text NOT NULL,
    UNIQUE (user_id, mark)
);
COMMENT ON TABLE web_post IS 'A message that was written on a page: who is signed in has proved the address in From, which is the envelope''s too.';
COMMENT ON COLUMN web_post.message_id IS 'The message.';
COMMENT ON COLUMN web_post.user_id IS 'The account that wrote it.';
COMMENT ON COLUMN web_post.mark IS 'Of the form that was sent: sent twice it is one message.';
