-- Moderation: accepting that can be taken back, who decided what, whom we told, and the links with which moderators decide.

ALTER TABLE held ADD COLUMN author_key text NOT NULL DEFAULT '',
    ADD COLUMN cancel_hash bytea UNIQUE,
    ADD COLUMN accept_at timestamptz,
    ADD COLUMN accepted_at timestamptz,
    ADD COLUMN accepted_by text,
    ADD COLUMN accepted_user bigint,
    ADD CHECK ((accept_at IS NULL) = (accepted_at IS NULL) AND (accept_at IS NULL) = (accepted_by IS NULL));
UPDATE held SET author_key = lower(from_address);
COMMENT ON COLUMN held.author_key IS 'Address of the author in the form for comparing; empty where the message names nobody.';
COMMENT ON COLUMN held.cancel_hash IS 'SHA-256 of the token with which the author may take the message back; NULL where the address was not proved.';
COMMENT ON COLUMN held.accept_at IS 'Somebody accepted it: it goes on at this time, until then that can be undone. NULL: it waits.';
COMMENT ON COLUMN held.accepted_at IS 'When it was accepted.';
COMMENT ON COLUMN held.accepted_by IS 'Who accepted it, in words.';
COMMENT ON COLUMN held.accepted_user IS 'Their account.';
CREATE INDEX held_open ON held (list_id, id) WHERE accept_at IS NULL;
CREATE INDEX held_accepted ON held (accept_at) WHERE accept_at IS NOT NULL;

CREATE TABLE held_decision (
    held_id bigint PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    message_id bigint NOT NULL REFERENCES message ON DELETE CASCADE,
    action text NOT NULL CHECK (action IN ('accepted', 'refused', 'discarded', 'cancelled')),
    decided_by text NOT NULL,
    user_id bigint,
    author_key text NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL DEFAULT '',
    cancel_hash bytea UNIQUE,
    decided_at timestamptz NOT NULL
);
COMMENT ON TABLE held_decision IS 'What became of held messages: for whoever comes second, and as the author''s history.';
COMMENT ON COLUMN held_decision.held_id IS 'held.id of the row that is gone.';
COMMENT ON COLUMN held_decision.list_id IS 'The list.';
COMMENT ON COLUMN held_decision.message_id IS 'The message.';
COMMENT ON COLUMN held_decision.action IS 'accepted, refused, discarded, or cancelled by its author.';
COMMENT ON COLUMN held_decision.decided_by IS 'Who, in words.';
COMMENT ON COLUMN held_decision.user_id IS 'Their account.';
COMMENT ON COLUMN held_decision.author_key IS 'As held.author_key.';
COMMENT ON COLUMN held_decision.subject IS 'Decoded.';
COMMENT ON COLUMN held_decision.reason IS 'What the author was told, when it was refused.';
COMMENT ON COLUMN held_decision.cancel_hash IS 'As held.cancel_hash: the author''s link goes on to say what happened.';
COMMENT ON COLUMN held_decision.decided_at IS 'When; rows go after a year.';
CREATE INDEX held_decision_author ON held_decision (list_id, author_key);
CREATE INDEX held_decision_message ON held_decision (message_id);
CREATE INDEX held_decision_age ON held_decision (decided_at);

-- For the author's history on a list.
CREATE INDEX post_author ON post (list_id, lower(from_address));
CREATE INDEX judgement_turned_away ON judgement ((facts ->> 'author')) WHERE action IN ('reject', 'discard');

CREATE TABLE held_look (
    held_id bigint NOT NULL REFERENCES held ON DELETE CASCADE,
    viewer text NOT NULL,
    looked_at timestamptz NOT NULL,
    PRIMARY KEY (held_id, viewer)
);
COMMENT ON TABLE held_look IS 'Who is looking at a held message just now, for other moderators; exempt from "GET changes nothing".';
COMMENT ON COLUMN held_look.held_id IS 'The message.';
COMMENT ON COLUMN held_look.viewer IS 'Who, in words.';
COMMENT ON COLUMN held_look.looked_at IS 'When it was last opened.';

CREATE TABLE moderator_todo (
    address_id bigint NOT NULL REFERENCES address ON DELETE CASCADE,
    held_id bigint NOT NULL REFERENCES held ON DELETE CASCADE,
    member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
    PRIMARY KEY (address_id, held_id)
);
COMMENT ON TABLE moderator_todo IS 'Held messages about which a moderator will be told with the next gathered notice.';
COMMENT ON COLUMN moderator_todo.address_id IS 'Whom to tell.';
COMMENT ON COLUMN moderator_todo.held_id IS 'About what; decided meanwhile, the row is gone with it.';
COMMENT ON COLUMN moderator_todo.member_id IS 'Their row as moderator or owner of the list.';
CREATE INDEX moderator_todo_held ON moderator_todo (held_id);
CREATE INDEX moderator_todo_member ON moderator_todo (member_id);

CREATE TABLE moderator_pace (
    address_id bigint PRIMARY KEY REFERENCES address ON DELETE CASCADE,
    noticed_at timestamptz NOT NULL
);
COMMENT ON TABLE moderator_pace IS 'When a moderator last got a notice or summary, so that they are not too many.';
COMMENT ON COLUMN moderator_pace.address_id IS 'The moderator.';
COMMENT ON COLUMN moderator_pace.noticed_at IS 'When.';

CREATE TABLE moderator_notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address_id bigint NOT NULL REFERENCES address ON DELETE CASCADE,
    reply_hash bytea NOT NULL UNIQUE,
    items bigint[] NOT NULL,
    sent_at timestamptz NOT NULL
);
COMMENT ON TABLE moderator_notice IS 'Notices to moderators that can be answered by mail; kept for 7 days.';
COMMENT ON COLUMN moderator_notice.id IS 'Key.';
COMMENT ON COLUMN moderator_notice.address_id IS 'Whom it was sent to; nobody else may answer it.';
COMMENT ON COLUMN moderator_notice.reply_hash IS 'SHA-256 of the token in its reply address.';
COMMENT ON COLUMN moderator_notice.items IS 'held.id of what it told, in its order.';
COMMENT ON COLUMN moderator_notice.sent_at IS 'When.';
CREATE INDEX moderator_notice_address ON moderator_notice (address_id);

CREATE TABLE moderator_link (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
    epoch int NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE moderator_link IS 'Links to one list''s held messages that need no sign-in: for one moderator, for 7 days.';
COMMENT ON COLUMN moderator_link.id IS 'Key.';
COMMENT ON COLUMN moderator_link.token_hash IS 'SHA-256 of the link''s token.';
COMMENT ON COLUMN moderator_link.member_id IS 'The moderator''s or owner''s row; the link ends with the role.';
COMMENT ON COLUMN moderator_link.epoch IS 'member.epoch: a role given again does not bring old links back.';
COMMENT ON COLUMN moderator_link.created_at IS 'When it was mailed.';
COMMENT ON COLUMN moderator_link.expires_at IS 'When it ends; for a while after that it can still be asked for a new one.';
CREATE INDEX moderator_link_member ON moderator_link (member_id);
