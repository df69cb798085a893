-- Who asks to join, to leave or to change an address, and how many mails strangers may cause.

CREATE TABLE subscription_request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('join', 'leave', 'change')),
    key text NOT NULL,
    email text NOT NULL,
    name text NOT NULL DEFAULT '',
    language text,
    member_id bigint REFERENCES member ON DELETE CASCADE,
    is_invitation bool NOT NULL DEFAULT false,
    approved_by text,
    asked_by text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    told_at timestamptz,
    ended_at timestamptz,
    ended_by text,
    outcome text CHECK (outcome IN ('joined', 'left', 'changed', 'rejected', 'discarded', 'cancelled', 'expired', 'member',
                                    'not_member', 'banned')),
    reason text NOT NULL DEFAULT '',
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
COMMENT ON TABLE subscription_request IS 'Wishes to join, to leave or to change an address: waiting for the person, then for a moderator, then ended.';
COMMENT ON COLUMN subscription_request.id IS 'Key.';
COMMENT ON COLUMN subscription_request.list_id IS 'The list.';
COMMENT ON COLUMN subscription_request.kind IS 'join, leave; change: member_id wants to be reached at email.';
COMMENT ON COLUMN subscription_request.key IS 'The address in its form for comparing; of a change the new one.';
COMMENT ON COLUMN subscription_request.email IS 'The address as its owner wrote it.';
COMMENT ON COLUMN subscription_request.name IS 'Name as given, may be empty.';
COMMENT ON COLUMN subscription_request.language IS 'Language of the mails about it: en or ja; NULL: the list''s.';
COMMENT ON COLUMN subscription_request.member_id IS 'leave, change: the membership.';
COMMENT ON COLUMN subscription_request.is_invitation IS 'An owner asks the person, not the other way round.';
COMMENT ON COLUMN subscription_request.approved_by IS 'Who agreed before the person confirmed; the confirmation is then enough.';
COMMENT ON COLUMN subscription_request.asked_by IS 'Who asked, in words.';
COMMENT ON COLUMN subscription_request.created_at IS 'When it was asked for first.';
COMMENT ON COLUMN subscription_request.expires_at IS 'Three days for a person, 180 for a moderator.';
COMMENT ON COLUMN subscription_request.confirmed_at IS 'When the address was proved; NULL: it waits for the person.';
COMMENT ON COLUMN subscription_request.told_at IS 'When the owners were told that it waits for them.';
COMMENT ON COLUMN subscription_request.ended_at IS 'When it ended; set exactly once.';
COMMENT ON COLUMN subscription_request.ended_by IS 'Who ended it, in words.';
COMMENT ON COLUMN subscription_request.outcome IS 'How. member, not_member and banned: there was nothing to ask for.';
COMMENT ON COLUMN subscription_request.reason IS 'The moderator''s words to the person.';
CREATE UNIQUE INDEX subscription_request_open ON subscription_request (list_id, kind, key) WHERE ended_at IS NULL;
CREATE INDEX subscription_request_waiting ON subscription_request (list_id, id) WHERE ended_at IS NULL;
CREATE INDEX subscription_request_expiry ON subscription_request (expires_at) WHERE ended_at IS NULL;
CREATE INDEX subscription_request_ended ON subscription_request (list_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX subscription_request_member ON subscription_request (member_id) WHERE member_id IS NOT NULL;

ALTER TABLE mail_link ADD COLUMN request_id bigint REFERENCES subscription_request ON DELETE CASCADE;
ALTER TABLE mail_link DROP CONSTRAINT mail_link_purpose_check;
ALTER TABLE mail_link ADD CONSTRAINT mail_link_purpose_check CHECK (purpose IN ('login', 'join', 'leave', 'change', 'keep'));
COMMENT ON COLUMN mail_link.request_id IS 'What the link confirms (join, leave, change), or stops (keep: the old address stays).';
CREATE INDEX mail_link_request ON mail_link (request_id) WHERE request_id IS NOT NULL;

ALTER TABLE member ADD COLUMN left_epoch int;
COMMENT ON COLUMN member.left_epoch IS 'The epoch that the member ended, and may take back for seven days; an owner''s removal leaves it as it was.';

CREATE TABLE list_told (
    list_id bigint PRIMARY KEY REFERENCES list ON DELETE CASCADE,
    requests_at timestamptz,
    changes_at timestamptz,
    changes_to bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE list_told IS 'When the owners of a list were last written to, so that mails about many things are one.';
COMMENT ON COLUMN list_told.list_id IS 'The list.';
COMMENT ON COLUMN list_told.requests_at IS 'Last mail about requests to join or leave.';
COMMENT ON COLUMN list_told.changes_at IS 'Last mail about who joined and left.';
COMMENT ON COLUMN list_told.changes_to IS 'The audit row up to which that mail told.';

CREATE TABLE budget (
    key bytea PRIMARY KEY,
    taken timestamptz[] NOT NULL
);
COMMENT ON TABLE budget IS 'How many mails strangers caused, one row for each address, network and site; exempt from "GET changes nothing".';
COMMENT ON COLUMN budget.key IS 'SHA-256 of what is counted, cut to 16 bytes: the table names nobody.';
COMMENT ON COLUMN budget.taken IS 'When, in the period that counts; the oldest first.';
