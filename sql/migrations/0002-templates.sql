-- Texts that owners changed.

CREATE TABLE template (
    scope text NOT NULL CHECK (scope IN ('site', 'domain', 'list')),
    scope_id bigint NOT NULL,
    name text NOT NULL,
    language text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (scope, scope_id, name, language)
);
COMMENT ON TABLE template IS 'Texts put in the place of the shipped ones of core/policy/notices.def; list before domain before site.';
COMMENT ON COLUMN template.scope IS 'Where the text was changed.';
COMMENT ON COLUMN template.scope_id IS 'The list''s or domain''s id; 0 for the site.';
COMMENT ON COLUMN template.name IS 'Its template name in notices.def, such as list:user:notice:welcome.';
COMMENT ON COLUMN template.language IS 'en or ja: for readers of that language alone.';
COMMENT ON COLUMN template.subject IS 'One line; empty for a text that is no mail.';
COMMENT ON COLUMN template.body IS 'Plain text with $variables, checked when it was saved.';
COMMENT ON COLUMN template.changed_by IS 'Who wrote it, in words.';
COMMENT ON COLUMN template.changed_at IS 'When.';
