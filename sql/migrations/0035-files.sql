-- Attachments by themselves: where each stands, and which posts have some.

ALTER TABLE post_part ADD COLUMN body_start int, ADD COLUMN body_end int, ADD COLUMN encoding text;
COMMENT ON COLUMN post_part.body_start IS 'Where in the message''s bytes it begins, so that only those are read to send it; NULL with body_end.';
COMMENT ON COLUMN post_part.body_end IS 'Where it ends; NULL: it is packed in something, or was looked at before this was noted.';
COMMENT ON COLUMN post_part.encoding IS 'Its transfer encoding, as core/mime/transfer.h knows it.';

CREATE INDEX post_attached ON post (list_id, id) WHERE archived AND attachments > 0;
