-- One gathered mail for a moderator, about held posts and about requests, and the reply addresses of lists with long names.

ALTER TABLE moderator_todo DROP CONSTRAINT moderator_todo_pkey;
ALTER TABLE moderator_todo ALTER COLUMN held_id DROP NOT NULL;
ALTER TABLE moderator_todo ADD COLUMN request_id bigint REFERENCES subscription_request ON DELETE CASCADE;
ALTER TABLE moderator_todo ADD CONSTRAINT moderator_todo_one CHECK (num_nonnulls(held_id, request_id) = 1);
ALTER TABLE moderator_todo ADD CONSTRAINT moderator_todo_of_held UNIQUE (address_id, held_id);
ALTER TABLE moderator_todo ADD CONSTRAINT moderator_todo_of_request UNIQUE (address_id, request_id);
COMMENT ON TABLE moderator_todo IS 'What a moderator will be told of with the next gathered notice: a held message or a request.';
COMMENT ON COLUMN moderator_todo.held_id IS 'About this message; decided meanwhile, the row is gone with it.';
COMMENT ON COLUMN moderator_todo.request_id IS 'About this request to join, to leave or to change an address.';
CREATE INDEX moderator_todo_request ON moderator_todo (request_id);

-- Requests of which nobody was told yet.
INSERT INTO moderator_todo (address_id, request_id, member_id)
SELECT DISTINCT ON (m.address_id, r.id) m.address_id, r.id, m.id
FROM subscription_request r JOIN member m ON m.list_id = r.list_id AND m.left_at IS NULL
    AND (m.role = 'owner' OR (m.role = 'moderator' AND (m.rights IS NULL OR 'requests' = ANY (m.rights))))
WHERE r.ended_at IS NULL AND r.confirmed_at IS NOT NULL AND r.told_at IS NULL
ORDER BY m.address_id, r.id, m.role <> 'owner', m.id;
COMMENT ON COLUMN subscription_request.told_at IS 'When it was put before those who decide; NULL while it waits for the person.';
UPDATE subscription_request SET told_at = confirmed_at WHERE ended_at IS NULL AND confirmed_at IS NOT NULL AND told_at IS NULL;
ALTER TABLE list_told DROP COLUMN requests_at;

ALTER TABLE moderator_notice ADD COLUMN list_id bigint REFERENCES list ON DELETE CASCADE;
COMMENT ON COLUMN moderator_notice.list_id IS 'The list from whose addresses it came; answers go there.';
CREATE INDEX moderator_notice_list ON moderator_notice (list_id);
