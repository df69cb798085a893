-- Mails of ours are forgotten in time, and what removals of lists, accounts and addresses look up is found by an index.

CREATE INDEX notice_open ON notice (created_at) WHERE ended_at IS NULL;
CREATE INDEX notice_ended ON notice (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX notice_list ON notice (list_id) WHERE list_id IS NOT NULL;
CREATE INDEX mail_link_list ON mail_link (list_id) WHERE list_id IS NOT NULL;
CREATE INDEX mail_link_user ON mail_link (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX site_user_preferred_address ON site_user (preferred_address_id) WHERE preferred_address_id IS NOT NULL;
COMMENT ON TABLE notice IS 'A mail of the system to one person, sent with the null sender; forgotten 30 days after its end.';
