-- Accounts and what they prefer, on four levels; moderators' rights one by one; owners of domains.

-- ---- preferences: a column of the same name on each level, NULL inherits: member, address, user, site ----------------

ALTER TABLE site_user RENAME COLUMN language TO preferred_language;
ALTER TABLE site_user
    ADD COLUMN acknowledge_posts bool,
    ADD COLUMN receive_own_postings bool,
    ADD COLUMN receive_list_copy bool,
    ADD COLUMN hide_address bool,
    ADD COLUMN delivery_mode text CHECK (delivery_mode IN ('regular', 'plaintext_digests', 'mime_digests')),
    ADD COLUMN delivery_status text CHECK (delivery_status IN ('enabled', 'by_user')),
    ADD COLUMN vacation_until timestamptz,
    ADD COLUMN time_zone text,
    ADD COLUMN preferred_address_id bigint REFERENCES address ON DELETE SET NULL;
COMMENT ON COLUMN site_user.preferred_language IS 'en or ja, or NULL: as the browser or the list says.';
COMMENT ON COLUMN site_user.acknowledge_posts IS 'A mail back about each own post; NULL: as the site says. Of core/policy/preferences.def, as the next six.';
COMMENT ON COLUMN site_user.receive_own_postings IS 'Gets copies of own posts.';
COMMENT ON COLUMN site_user.receive_list_copy IS 'Gets the list''s copy although named in To or Cc.';
COMMENT ON COLUMN site_user.hide_address IS 'Not shown to other members.';
COMMENT ON COLUMN site_user.delivery_mode IS 'Each post, or digests of a kind.';
COMMENT ON COLUMN site_user.delivery_status IS 'enabled, or by_user: no copies.';
COMMENT ON COLUMN site_user.vacation_until IS 'With by_user: until then; afterwards this level says nothing.';
COMMENT ON COLUMN site_user.time_zone IS 'Such as Asia/Tokyo; NULL: the site''s.';
COMMENT ON COLUMN site_user.preferred_address_id IS 'Memberships as_user go to it; NULL: the oldest.';

ALTER TABLE address
    ADD COLUMN acknowledge_posts bool,
    ADD COLUMN receive_own_postings bool,
    ADD COLUMN receive_list_copy bool,
    ADD COLUMN hide_address bool,
    ADD COLUMN delivery_mode text CHECK (delivery_mode IN ('regular', 'plaintext_digests', 'mime_digests')),
    ADD COLUMN delivery_status text CHECK (delivery_status IN ('enabled', 'by_user')),
    ADD COLUMN vacation_until timestamptz,
    ADD COLUMN preferred_language text;
COMMENT ON COLUMN address.acknowledge_posts IS 'As site_user.acknowledge_posts, for this address; NULL: as the account says.';
COMMENT ON COLUMN address.receive_own_postings IS 'As site_user.receive_own_postings.';
COMMENT ON COLUMN address.receive_list_copy IS 'As site_user.receive_list_copy.';
COMMENT ON COLUMN address.hide_address IS 'As site_user.hide_address.';
COMMENT ON COLUMN address.delivery_mode IS 'As site_user.delivery_mode.';
COMMENT ON COLUMN address.delivery_status IS 'As site_user.delivery_status.';
COMMENT ON COLUMN address.vacation_until IS 'As site_user.vacation_until.';
COMMENT ON COLUMN address.preferred_language IS 'As site_user.preferred_language.';

DROP INDEX member_reached;
ALTER TABLE member RENAME COLUMN delivery TO delivery_status;
ALTER TABLE member ALTER COLUMN delivery_status DROP NOT NULL, ALTER COLUMN delivery_status DROP DEFAULT;
UPDATE member SET delivery_status = NULL WHERE delivery_status = 'enabled';
ALTER TABLE member
    ADD COLUMN acknowledge_posts bool,
    ADD COLUMN receive_own_postings bool,
    ADD COLUMN receive_list_copy bool,
    ADD COLUMN hide_address bool,
    ADD COLUMN delivery_mode text CHECK (delivery_mode IN ('regular', 'plaintext_digests', 'mime_digests')),
    ADD COLUMN vacation_until timestamptz,
    ADD COLUMN preferred_language text,
    ADD COLUMN subscription_mode text NOT NULL DEFAULT 'as_address' CHECK (subscription_mode IN ('as_address', 'as_user')),
    ADD COLUMN rights text[] CHECK (rights <@ ARRAY['held', 'requests', 'members', 'bans']);
CREATE INDEX member_reached ON member (list_id, id) WHERE role = 'member' AND left_at IS NULL;
COMMENT ON COLUMN member.delivery_status IS 'enabled, or who stopped delivery: by_user, by_bounces, by_moderator; NULL: as the address or account says.';
COMMENT ON COLUMN member.acknowledge_posts IS 'As site_user.acknowledge_posts, for this membership; NULL: as the address says.';
COMMENT ON COLUMN member.receive_own_postings IS 'As site_user.receive_own_postings.';
COMMENT ON COLUMN member.receive_list_copy IS 'As site_user.receive_list_copy.';
COMMENT ON COLUMN member.hide_address IS 'As site_user.hide_address.';
COMMENT ON COLUMN member.delivery_mode IS 'As site_user.delivery_mode.';
COMMENT ON COLUMN member.vacation_until IS 'As site_user.vacation_until.';
COMMENT ON COLUMN member.preferred_language IS 'As site_user.preferred_language.';
COMMENT ON COLUMN member.subscription_mode IS 'as_user: address_id follows the account''s preferred address; as_address: it stays.';
COMMENT ON COLUMN member.rights IS 'What this moderator may do beside reading; NULL: held and requests.';

CREATE TABLE site_preference (
    id int PRIMARY KEY CHECK (id = 1),
    acknowledge_posts bool,
    receive_own_postings bool,
    receive_list_copy bool,
    hide_address bool,
    delivery_mode text CHECK (delivery_mode IN ('regular', 'plaintext_digests', 'mime_digests'))
);
INSERT INTO site_preference (id) VALUES (1);
COMMENT ON TABLE site_preference IS 'What members get who said nothing: one row. NULL: as core/policy/preferences.def says.';
COMMENT ON COLUMN site_preference.id IS 'Always 1.';
COMMENT ON COLUMN site_preference.acknowledge_posts IS 'As site_user.acknowledge_posts.';
COMMENT ON COLUMN site_preference.receive_own_postings IS 'As site_user.receive_own_postings.';
COMMENT ON COLUMN site_preference.receive_list_copy IS 'As site_user.receive_list_copy.';
COMMENT ON COLUMN site_preference.hide_address IS 'As site_user.hide_address.';
COMMENT ON COLUMN site_preference.delivery_mode IS 'As site_user.delivery_mode.';

-- Inlined where it is used. The level that speaks first counts; a vacation that is over says nothing.
CREATE FUNCTION delivery_effective(m_status text, m_until timestamptz, a_status text, a_until timestamptz,
    u_status text, u_until timestamptz, at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(CASE WHEN m_until IS NULL OR m_until > at THEN m_status END,
                    CASE WHEN a_until IS NULL OR a_until > at THEN a_status END,
                    CASE WHEN u_until IS NULL OR u_until > at THEN u_status END, 'enabled')
$$;
COMMENT ON FUNCTION delivery_effective(text, timestamptz, text, timestamptz, text, timestamptz, timestamptz) IS
    'Effective delivery_status of a membership: of the member, the address, the user, each with its vacation_until.';

-- ---- owners of domains ------------------------------------------------------------------------------------------

CREATE TABLE domain_owner (
    domain_id bigint NOT NULL REFERENCES domain ON DELETE CASCADE,
    user_id bigint NOT NULL REFERENCES site_user ON DELETE CASCADE,
    added_at timestamptz NOT NULL,
    added_by text NOT NULL,
    PRIMARY KEY (domain_id, user_id)
);
COMMENT ON TABLE domain_owner IS 'Accounts that own a domain: they make lists there and have an owner''s rights on all of them.';
COMMENT ON COLUMN domain_owner.domain_id IS 'The domain.';
COMMENT ON COLUMN domain_owner.user_id IS 'The account.';
COMMENT ON COLUMN domain_owner.added_at IS 'Since when.';
COMMENT ON COLUMN domain_owner.added_by IS 'Who made it so, in words.';
CREATE INDEX domain_owner_user ON domain_owner (user_id);

ALTER TABLE list_effective ADD COLUMN member_roster_visibility text NOT NULL DEFAULT 'moderators'
    CHECK (member_roster_visibility IN ('moderators', 'members', 'public'));
ALTER TABLE list_effective ALTER COLUMN member_roster_visibility DROP DEFAULT;
COMMENT ON COLUMN list_effective.member_roster_visibility IS 'Who sees the members: moderators, members or everybody.';

-- ---- accounts ---------------------------------------------------------------------------------------------------

CREATE TABLE password (
    user_id bigint PRIMARY KEY REFERENCES site_user ON DELETE CASCADE,
    hash text NOT NULL,
    changed_at timestamptz NOT NULL
);
COMMENT ON TABLE password IS 'Passwords of those who want one beside the mailed link. The worker may not read them.';
COMMENT ON COLUMN password.user_id IS 'Whose.';
COMMENT ON COLUMN password.hash IS 'argon2id, as libsodium writes it, with its salt and cost.';
COMMENT ON COLUMN password.changed_at IS 'When it was set.';

-- What a link may be for is a word of the code that makes it.
ALTER TABLE mail_link DROP CONSTRAINT mail_link_purpose_check;
ALTER TABLE mail_link ADD CONSTRAINT mail_link_purpose_check CHECK (purpose ~ '^[a-z_]+$');
ALTER TABLE mail_link ADD COLUMN user_id bigint REFERENCES site_user ON DELETE CASCADE, ADD COLUMN detail text;
COMMENT ON COLUMN mail_link.user_id IS 'The account that asked, where it matters.';
COMMENT ON COLUMN mail_link.detail IS 'What else the purpose needs, such as the old address.';

CREATE TABLE acknowledgement (
    post_id bigint PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    email text NOT NULL,
    language text NOT NULL,
    due_at timestamptz NOT NULL
);
COMMENT ON TABLE acknowledgement IS 'Authors who want to know what became of their post; a row goes when the mail about it is written.';
COMMENT ON COLUMN acknowledgement.post_id IS 'The post.';
COMMENT ON COLUMN acknowledgement.email IS 'The author''s address, proved in that very mail.';
COMMENT ON COLUMN acknowledgement.language IS 'Of the mail.';
COMMENT ON COLUMN acknowledgement.due_at IS 'When the mail goes at the latest.';
CREATE INDEX acknowledgement_due ON acknowledgement (due_at);
