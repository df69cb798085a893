-- What was changed in settings, one row a change, so that each can be told and taken back.

CREATE TABLE setting_act (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    words text NOT NULL,
    made_by text NOT NULL,
    user_id bigint,
    made_at timestamptz NOT NULL,
    undone_at timestamptz
);
COMMENT ON TABLE setting_act IS 'Changes of settings of many lists that were made together, and are taken back together.';
COMMENT ON COLUMN setting_act.id IS 'Key.';
COMMENT ON COLUMN setting_act.words IS 'What was asked for.';
COMMENT ON COLUMN setting_act.made_by IS 'Who, in words.';
COMMENT ON COLUMN setting_act.user_id IS 'The account, where there was one.';
COMMENT ON COLUMN setting_act.made_at IS 'When.';
COMMENT ON COLUMN setting_act.undone_at IS 'When it was taken back.';

CREATE TABLE setting_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    act_id bigint REFERENCES setting_act,
    scope text NOT NULL CHECK (scope IN ('site', 'domain', 'list')),
    scope_id bigint NOT NULL,
    name text NOT NULL,
    before text,
    after text,
    changed_by text NOT NULL,
    user_id bigint,
    changed_at timestamptz NOT NULL,
    undoes bigint
);
COMMENT ON TABLE setting_change IS 'Every change of a setting; rows are only ever added.';
COMMENT ON COLUMN setting_change.id IS 'Key.';
COMMENT ON COLUMN setting_change.act_id IS 'The act it was part of, if any.';
COMMENT ON COLUMN setting_change.scope IS 'As in setting.';
COMMENT ON COLUMN setting_change.scope_id IS 'As in setting; no foreign key, the history outlives it.';
COMMENT ON COLUMN setting_change.name IS 'Name in settings.def.';
COMMENT ON COLUMN setting_change.before IS 'What was set there; NULL: inherited.';
COMMENT ON COLUMN setting_change.after IS 'What is set since; NULL: inherited.';
COMMENT ON COLUMN setting_change.changed_by IS 'Who, in words.';
COMMENT ON COLUMN setting_change.user_id IS 'The account, where there was one.';
COMMENT ON COLUMN setting_change.changed_at IS 'When.';
COMMENT ON COLUMN setting_change.undoes IS 'The change that this one took back.';
CREATE INDEX setting_change_place ON setting_change (scope, scope_id, name, id DESC);
CREATE INDEX setting_change_act ON setting_change (act_id) WHERE act_id IS NOT NULL;
CREATE INDEX setting_change_undoes ON setting_change (undoes) WHERE undoes IS NOT NULL;
