-- Invitations to very many: sent little by little.

CREATE TABLE invitation_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    user_id bigint REFERENCES site_user ON DELETE SET NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    total bigint NOT NULL,
    invited bigint NOT NULL DEFAULT 0,
    left_out bigint NOT NULL DEFAULT 0,
    ended_at timestamptz,
    stopped_by text
);
COMMENT ON TABLE invitation_run IS 'Invitations of very many people to one list, sent by the worker little by little; forgotten 30 days after their end.';
COMMENT ON COLUMN invitation_run.id IS 'Key.';
COMMENT ON COLUMN invitation_run.list_id IS 'The list.';
COMMENT ON COLUMN invitation_run.user_id IS 'The account that asked for them.';
COMMENT ON COLUMN invitation_run.asked_by IS 'Who asked for them, in words.';
COMMENT ON COLUMN invitation_run.asked_at IS 'When.';
COMMENT ON COLUMN invitation_run.next_at IS 'When the next of them may go out.';
COMMENT ON COLUMN invitation_run.total IS 'How many people.';
COMMENT ON COLUMN invitation_run.invited IS 'How many have been invited.';
COMMENT ON COLUMN invitation_run.left_out IS 'How many were passed over, as they had joined or were banned meanwhile.';
COMMENT ON COLUMN invitation_run.ended_at IS 'When the last was sent, or somebody stopped it.';
COMMENT ON COLUMN invitation_run.stopped_by IS 'Who stopped it, in words.';
CREATE UNIQUE INDEX invitation_run_open ON invitation_run (list_id) WHERE ended_at IS NULL;
CREATE INDEX invitation_run_due ON invitation_run (next_at) WHERE ended_at IS NULL;
CREATE INDEX invitation_run_list ON invitation_run (list_id, id);
CREATE INDEX invitation_run_ended ON invitation_run (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE invitation (
    run_id bigint NOT NULL REFERENCES invitation_run ON DELETE CASCADE,
    place bigint NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    language text,
    PRIMARY KEY (run_id, place)
);
COMMENT ON TABLE invitation IS 'People still to be invited; the row goes when they are.';
COMMENT ON COLUMN invitation.run_id IS 'With whom.';
COMMENT ON COLUMN invitation.place IS 'Their order.';
COMMENT ON COLUMN invitation.email IS 'The address as written.';
COMMENT ON COLUMN invitation.name IS 'The name as written, may be empty.';
COMMENT ON COLUMN invitation.language IS 'Language of the mail; NULL: the list''s.';

CREATE INDEX subscription_request_invited ON subscription_request (list_id, created_at) WHERE is_invitation;
