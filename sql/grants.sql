-- grants.sql - least privilege; run by "kairan db migrate" after the migrations, may be run again.
-- The matrix of role x table x verb is tested against tests/sql/role-matrix.tsv.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, kairan_worker, kairan_web, kairan_admin;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO kairan_worker, kairan_web, kairan_admin;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kairan_worker, kairan_web, kairan_admin;
GRANT SELECT ON schema_migration TO kairan_worker, kairan_web, kairan_admin;

-- the operator's command line
GRANT SELECT, INSERT, UPDATE, DELETE ON domain, dkim_key, list, setting, template, list_effective, site_user, address, member, ban,
    message, incoming, seen, held, job, mail_link, notice, chunk, token_key TO kairan_admin;
GRANT SELECT ON auth_result, judgement, thread, post, post_reference, variant, outcome, outcome_default, worker_process,
    dns_cache, session, rate TO kairan_admin;
GRANT INSERT ON judgement TO kairan_admin;
GRANT SELECT, INSERT ON audit TO kairan_admin;
GRANT SELECT, INSERT ON setting_change TO kairan_admin, kairan_web;
GRANT SELECT, INSERT, UPDATE ON setting_act TO kairan_admin, kairan_web;
GRANT EXECUTE ON FUNCTION chunk_follow(bigint, bigint) TO kairan_admin, kairan_worker, kairan_web;
GRANT EXECUTE ON FUNCTION outcome_partition(date), list_erase(bigint, int) TO kairan_admin, kairan_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON domain_alias, list_old_name TO kairan_admin;
GRANT SELECT ON domain_name, list_name, list_ban, list_header_filter TO kairan_admin, kairan_worker, kairan_web;

GRANT SELECT, INSERT, UPDATE, DELETE ON subscription_request, list_told, budget TO kairan_admin, kairan_worker;

-- the worker: no session, no password
GRANT SELECT ON domain, dkim_key, setting, template, list_effective, site_user, ban, token_key TO kairan_worker;
GRANT SELECT, UPDATE ON list TO kairan_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON message, seen, incoming, auth_result, judgement, held, thread, post,
    post_reference, variant, chunk, notice, worker_process, job, dns_cache, rate TO kairan_worker;
GRANT SELECT, INSERT ON outcome, outcome_default, audit TO kairan_worker;
GRANT SELECT, INSERT, UPDATE ON address, member TO kairan_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_link TO kairan_worker;

-- the web: no key, no queue of other people's mail beyond what a page shows
GRANT SELECT ON domain, dkim_key, list, token_key, judgement, auth_result, thread, post, post_reference, variant,
    outcome, chunk TO kairan_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON setting, template, session, rate, ban, held, mail_link TO kairan_web;
GRANT SELECT, INSERT, DELETE ON domain_alias, list_old_name TO kairan_web;
GRANT INSERT, UPDATE, DELETE ON domain TO kairan_web;
GRANT INSERT, UPDATE (domain_id, name, removed_at, erase_at) ON list TO kairan_web;
GRANT DELETE ON list_effective TO kairan_web;
GRANT SELECT, INSERT, UPDATE ON list_effective, site_user, address, member, message, judgement TO kairan_web;
GRANT SELECT, INSERT ON incoming, job, audit TO kairan_web;
GRANT SELECT, INSERT, UPDATE ON subscription_request, budget TO kairan_web;
GRANT INSERT ON notice TO kairan_web;
GRANT SELECT (id, domain_id, list_id, kind, tries, due_at, created_at, ended_at) ON notice TO kairan_web;

-- moderation: who decided what, who was told, and the links of moderators
GRANT SELECT, INSERT, UPDATE, DELETE ON held_decision, held_look, moderator_todo, moderator_pace, moderator_notice, moderator_link TO kairan_admin;
GRANT SELECT, INSERT, DELETE ON held_decision, moderator_todo, moderator_notice, moderator_link TO kairan_worker;
GRANT SELECT, INSERT, UPDATE ON moderator_pace TO kairan_worker;
GRANT SELECT, INSERT ON held_decision, moderator_link TO kairan_web;
GRANT INSERT ON moderator_todo TO kairan_web;
GRANT SELECT, INSERT, UPDATE ON held_look TO kairan_web;

-- people: preferences, domains' owners, passwords (which the worker may not read); of sessions it sees what their owner may
GRANT SELECT (id, user_id, agent, is_lasting, created_at, last_seen, ends_at) ON session TO kairan_worker;
GRANT EXECUTE ON FUNCTION delivery_effective(text, timestamptz, text, timestamptz, text, timestamptz, timestamptz)
    TO kairan_worker, kairan_web, kairan_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON domain_owner, site_preference TO kairan_admin;
GRANT SELECT ON domain_owner, site_preference TO kairan_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON acknowledgement TO kairan_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON autoresponse TO kairan_worker;
GRANT SELECT ON autoresponse TO kairan_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON domain_owner, password TO kairan_web;
GRANT DELETE ON site_user TO kairan_web;
GRANT SELECT (user_id) ON password TO kairan_admin;
GRANT SELECT, UPDATE ON site_preference TO kairan_web;

-- rules: what posts are decided by; the worker counts hits of filters, and the web may set a moderators' password, not read it
GRANT EXECUTE ON FUNCTION message_seen(bytea, bigint[]), message_masked(bytea, bigint[]) TO kairan_worker, kairan_web, kairan_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON header_filter, moderator_password, topic, member_topic TO kairan_admin;
GRANT SELECT ON post_topic TO kairan_admin, kairan_web;
GRANT SELECT ON header_filter, moderator_password, topic, member_topic TO kairan_worker;
GRANT UPDATE (hits, last_hit_at, costly) ON header_filter TO kairan_worker;
GRANT SELECT, INSERT ON post_topic TO kairan_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON header_filter, topic, member_topic TO kairan_web;
GRANT SELECT (list_id, changed_by, changed_at), INSERT, UPDATE, DELETE ON moderator_password TO kairan_web;

-- threads: placed by whoever adds a post, and placed again where owners change them
GRANT SELECT ON thread_change, thread_order TO kairan_worker, kairan_web, kairan_admin;
GRANT INSERT ON thread_change, thread_order TO kairan_web, kairan_admin;
GRANT UPDATE (rfc_message_id, under) ON thread_order TO kairan_worker;
GRANT UPDATE (undone_at) ON thread_change TO kairan_web, kairan_admin;
GRANT INSERT, UPDATE, DELETE ON thread TO kairan_web, kairan_admin;
GRANT UPDATE (thread_id, parent_id, missing, is_loose, is_copy) ON post TO kairan_web, kairan_admin;
GRANT DELETE ON post_reference TO kairan_web, kairan_admin;

-- pages of members, and lists that owners send
GRANT SELECT, INSERT, UPDATE ON member_tally TO kairan_admin, kairan_worker, kairan_web;
GRANT DELETE ON member_tally TO kairan_worker;
GRANT SELECT, INSERT, DELETE ON member_batch TO kairan_web;
GRANT SELECT (id, expires_at), DELETE ON member_batch TO kairan_worker;
GRANT SELECT, INSERT, UPDATE ON invitation_run TO kairan_web;
GRANT SELECT, INSERT, DELETE ON invitation TO kairan_web;
GRANT SELECT, UPDATE ON invitation_run TO kairan_admin;
GRANT SELECT, DELETE ON invitation TO kairan_admin;
GRANT SELECT, UPDATE, DELETE ON invitation_run TO kairan_worker;
GRANT SELECT, DELETE ON invitation TO kairan_worker;
GRANT EXECUTE ON FUNCTION name_folded(text), member_keep_sorted(), address_keep_sorted() TO kairan_admin, kairan_worker, kairan_web;

-- archives from elsewhere
GRANT INSERT, UPDATE ON thread, post TO kairan_admin;
GRANT DELETE ON thread TO kairan_admin;
GRANT INSERT ON post_reference TO kairan_admin;
GRANT SELECT, INSERT, UPDATE ON import_run TO kairan_admin;
GRANT SELECT ON import_run TO kairan_web;
GRANT EXECUTE ON FUNCTION archive_note(text, bigint, text, timestamptz) TO kairan_admin;

-- the archive as it is shown and searched: made by the worker, read by the web
GRANT SELECT, INSERT, UPDATE, DELETE ON post_stale, post_view, post_part, post_search TO kairan_worker, kairan_admin;
GRANT SELECT ON post_view, post_part, post_search TO kairan_web;
GRANT SELECT ON list_month TO kairan_worker, kairan_web, kairan_admin;
GRANT EXECUTE ON FUNCTION thread_title(bigint, text) TO kairan_worker, kairan_web, kairan_admin;

-- what people write on a page; the worker asks whether a message is one
GRANT SELECT, INSERT, UPDATE ON web_post TO kairan_web;
GRANT SELECT ON web_post TO kairan_worker;
GRANT SELECT, UPDATE ON web_post TO kairan_admin;

-- versions of archives, kept by triggers with their owner's rights; old addresses; private feeds
GRANT SELECT, INSERT, UPDATE, DELETE ON archive_change TO kairan_worker;
GRANT SELECT ON archive_change, old_address TO kairan_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON old_address TO kairan_worker, kairan_admin;
GRANT SELECT ON archive_change TO kairan_admin;
GRANT SELECT, INSERT, DELETE ON feed TO kairan_web;
GRANT SELECT (id, user_id, list_id, created_at) ON feed TO kairan_worker;
GRANT SELECT, INSERT, DELETE ON archive_pack, archive_part TO kairan_worker;
GRANT SELECT ON archive_pack, archive_part TO kairan_web;
GRANT EXECUTE ON FUNCTION archive_loss(bigint) TO kairan_worker, kairan_web;

-- removal: owners and the operator ask, the worker carries it out
GRANT SELECT, INSERT, UPDATE, DELETE ON removal, removal_find TO kairan_worker, kairan_admin;
GRANT SELECT, INSERT ON removal TO kairan_web;
GRANT UPDATE (state, due_at) ON removal TO kairan_web;
GRANT SELECT, UPDATE (chosen) ON removal_find TO kairan_web;
GRANT UPDATE (archived, removed, removed_at) ON post TO kairan_web, kairan_admin;
GRANT EXECUTE ON FUNCTION words_gone(text, text[]), person_erase(bigint, text[]) TO kairan_worker;

-- what people who are signed in keep about the archive; the worker obeys what they muted, and gives them all of it as files
GRANT SELECT, INSERT, UPDATE, DELETE ON read_mark, read_thread, thread_favourite, thread_mute, post_vote, thread_tag, category, thread_category
    TO kairan_web;
GRANT SELECT ON read_mark, read_thread, thread_favourite, thread_mute, post_vote, thread_tag TO kairan_worker;
GRANT SELECT, INSERT, UPDATE ON read_mark, read_thread, thread_favourite, thread_mute, post_vote, thread_tag TO kairan_admin;
GRANT SELECT, INSERT, UPDATE ON search_extent TO kairan_worker, kairan_admin;
GRANT SELECT ON search_extent TO kairan_web;
GRANT SELECT, INSERT, DELETE ON saved_search TO kairan_web;
GRANT SELECT (id, user_id, list_id, name, query, created_at) ON saved_search TO kairan_worker;
GRANT EXECUTE ON FUNCTION search_merge() TO kairan_worker, kairan_admin;

-- What the groups above give besides, and no statement of the role asks for (tests/sql/check-statements.py): taken back. A statement that
-- comes to need it takes it out of here.
REVOKE DELETE ON budget, dkim_key, list, list_told, mail_link, message, moderator_pace, notice, removal, subscription_request FROM kairan_admin;
REVOKE DELETE, INSERT ON chunk, removal_find, site_preference FROM kairan_admin;
REVOKE DELETE, INSERT, UPDATE ON held_look, seen FROM kairan_admin;
REVOKE DELETE, UPDATE ON held_decision, moderator_link, moderator_notice, old_address, token_key FROM kairan_admin;
REVOKE INSERT ON held, job, judgement FROM kairan_admin;
REVOKE UPDATE ON ban, domain_alias, domain_owner, list_old_name, member_topic, moderator_todo, post_part, thread_favourite,
    thread_mute FROM kairan_admin;
REVOKE DELETE ON mail_link, rate, read_mark FROM kairan_web;
REVOKE INSERT ON held FROM kairan_web;
REVOKE INSERT, UPDATE ON judgement FROM kairan_web;
REVOKE SELECT ON outcome, post_topic FROM kairan_web;
REVOKE UPDATE ON ban, domain_owner, member_topic, thread_favourite, thread_mute FROM kairan_web;
REVOKE DELETE ON archive_pack, archive_part, autoresponse, judgement, list_told, message, removal FROM kairan_worker;
REVOKE DELETE, UPDATE ON old_address FROM kairan_worker;
REVOKE INSERT ON job FROM kairan_worker;
REVOKE SELECT ON post_topic FROM kairan_worker;
REVOKE UPDATE ON post_part, seen, variant FROM kairan_worker;
