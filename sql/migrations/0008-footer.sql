-- The footer of posts is a text like the others: what was a setting becomes a row of template, for readers of every language.

INSERT INTO template (scope, scope_id, name, language, subject, body, changed_by, changed_at)
SELECT s.scope, s.scope_id, 'list:member:regular:footer', l.code, '', replace(s.value, '$', '$$'), s.changed_by, s.changed_at
FROM setting s CROSS JOIN (VALUES ('en'), ('ja')) AS l (code) WHERE s.name = 'footer_text';

DELETE FROM setting WHERE name = 'footer_text';
