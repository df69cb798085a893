-- The first schema: what a list is, what a message becomes, who is reached, and what people did.
-- Times are timestamptz, given by the programs. Ids are bigint and begin at 1.

CREATE TABLE schema_migration (
    number int PRIMARY KEY,
    name text NOT NULL,
    applied_at timestamptz NOT NULL
);
COMMENT ON TABLE schema_migration IS 'Migrations that have run.';
COMMENT ON COLUMN schema_migration.number IS 'Number at the head of the file name.';
COMMENT ON COLUMN schema_migration.name IS 'The rest of the file name.';
COMMENT ON COLUMN schema_migration.applied_at IS 'When it ran.';

-- ---- domains, lists, settings ------------------------------------------------------------------------------------

CREATE TABLE domain (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name = lower(name) AND name <> '' AND length(name) <= 253),
    web_host text NOT NULL CHECK (web_host = lower(web_host)),
    token_domain text NOT NULL,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE domain IS 'A mail domain that has lists.';
COMMENT ON COLUMN domain.id IS 'Key.';
COMMENT ON COLUMN domain.name IS 'The part after the @ of its lists, small letters, A-labels.';
COMMENT ON COLUMN domain.web_host IS 'Host (and port, in a try-out) under which its pages are reached. Several domains may share one.';
COMMENT ON COLUMN domain.token_domain IS 'Domain of bounce, leave and relay addresses; MX must be us. Usually the domain itself.';
COMMENT ON COLUMN domain.created_at IS 'When it was made.';

CREATE TABLE dkim_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    domain_id bigint NOT NULL REFERENCES domain ON DELETE CASCADE,
    selector text NOT NULL CHECK (selector = lower(selector)),
    algorithm text NOT NULL CHECK (algorithm IN ('rsa', 'ed25519')),
    public_key text NOT NULL,
    active bool NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (domain_id, selector)
);
COMMENT ON TABLE dkim_key IS 'Signing keys: selector and public part. The private part is a file of the signer.';
COMMENT ON COLUMN dkim_key.id IS 'Key.';
COMMENT ON COLUMN dkim_key.domain_id IS 'Whose key.';
COMMENT ON COLUMN dkim_key.selector IS 'Selector (RFC 6376 3.1).';
COMMENT ON COLUMN dkim_key.algorithm IS 'rsa or ed25519.';
COMMENT ON COLUMN dkim_key.public_key IS 'As in the record''s p=.';
COMMENT ON COLUMN dkim_key.active IS 'Used for new signatures. A retired key stays published until old signatures have expired.';
COMMENT ON COLUMN dkim_key.created_at IS 'When it was made.';

CREATE TABLE list (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    domain_id bigint NOT NULL REFERENCES domain,
    name text NOT NULL CHECK (name = lower(name) AND name ~ '^[a-z0-9][a-z0-9._+-]*$' AND length(name) <= 60),
    last_number bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    UNIQUE (domain_id, name)
);
COMMENT ON TABLE list IS 'A mailing list.';
COMMENT ON COLUMN list.id IS 'Key.';
COMMENT ON COLUMN list.domain_id IS 'Its domain.';
COMMENT ON COLUMN list.name IS 'Local part of its posting address.';
COMMENT ON COLUMN list.last_number IS 'Number of its newest post; grows by one in the accepting transaction.';
COMMENT ON COLUMN list.created_at IS 'When it was made.';
COMMENT ON COLUMN list.removed_at IS 'Set when it was removed: it takes no mail and is seen by nobody, until it is erased.';

CREATE TABLE setting (
    scope text NOT NULL CHECK (scope IN ('site', 'domain', 'list')),
    scope_id bigint NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (scope, scope_id, name)
);
COMMENT ON TABLE setting IS 'Values that differ from the default of core/policy/settings.def; list inherits from domain, domain from site.';
COMMENT ON COLUMN setting.scope IS 'Where the value was set.';
COMMENT ON COLUMN setting.scope_id IS 'The list''s or domain''s id; 0 for the site.';
COMMENT ON COLUMN setting.name IS 'Name in settings.def.';
COMMENT ON COLUMN setting.value IS 'As text, checked against settings.def when it was set.';
COMMENT ON COLUMN setting.changed_by IS 'Who set it, in words.';
COMMENT ON COLUMN setting.changed_at IS 'When.';

CREATE TABLE list_effective (
    list_id bigint PRIMARY KEY REFERENCES list ON DELETE CASCADE,
    advertised bool NOT NULL,
    archive_policy text NOT NULL CHECK (archive_policy IN ('public', 'private', 'never')),
    display_name text NOT NULL,
    description text NOT NULL,
    preferred_language text NOT NULL
);
COMMENT ON TABLE list_effective IS 'Effective values that statements filter by, rewritten in the transaction of any change. No row: not visible.';
COMMENT ON COLUMN list_effective.list_id IS 'The list.';
COMMENT ON COLUMN list_effective.advertised IS 'Shown in the directory.';
COMMENT ON COLUMN list_effective.archive_policy IS 'public: anybody reads; private: members read; never: nothing is kept for reading.';
COMMENT ON COLUMN list_effective.display_name IS 'Name for people.';
COMMENT ON COLUMN list_effective.description IS 'One line.';
COMMENT ON COLUMN list_effective.preferred_language IS 'en or ja.';

-- ---- people ------------------------------------------------------------------------------------------------------

CREATE TABLE site_user (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    language text,
    is_admin bool NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE site_user IS 'User: an account, owns addresses. (Called so because "user" is a reserved word.)';
COMMENT ON COLUMN site_user.id IS 'Key.';
COMMENT ON COLUMN site_user.name IS 'As its owner writes it, in one field.';
COMMENT ON COLUMN site_user.language IS 'en or ja, or NULL: as the browser says.';
COMMENT ON COLUMN site_user.is_admin IS 'Site administrator.';
COMMENT ON COLUMN site_user.created_at IS 'When it was made.';

CREATE TABLE address (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    email text NOT NULL,
    name text NOT NULL DEFAULT '',
    user_id bigint REFERENCES site_user ON DELETE SET NULL,
    verified_at timestamptz,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE address IS 'A mail address of a person.';
COMMENT ON COLUMN address.id IS 'Key.';
COMMENT ON COLUMN address.key IS 'Form for comparing (mime/address.h: address_key).';
COMMENT ON COLUMN address.email IS 'As its owner wrote it; used in envelopes.';
COMMENT ON COLUMN address.name IS 'Name of the person, may be empty.';
COMMENT ON COLUMN address.user_id IS 'The account that owns it, once proved.';
COMMENT ON COLUMN address.verified_at IS 'When its owner proved it.';
COMMENT ON COLUMN address.created_at IS 'When it was first seen.';
CREATE INDEX address_user ON address (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE member (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    address_id bigint NOT NULL REFERENCES address,
    role text NOT NULL CHECK (role IN ('member', 'nonmember', 'moderator', 'owner')),
    delivery text NOT NULL DEFAULT 'enabled' CHECK (delivery IN ('enabled', 'by_user', 'by_bounces', 'by_moderator')),
    moderation_action text CHECK (moderation_action IN ('accept', 'hold', 'reject', 'discard', 'defer')),
    epoch int NOT NULL DEFAULT 1,
    joined_at timestamptz NOT NULL,
    left_at timestamptz,
    UNIQUE (list_id, address_id, role)
);
COMMENT ON TABLE member IS 'An address in a role on a list.';
COMMENT ON COLUMN member.id IS 'Key.';
COMMENT ON COLUMN member.list_id IS 'The list.';
COMMENT ON COLUMN member.address_id IS 'The address.';
COMMENT ON COLUMN member.role IS 'member gets the posts; nonmember is remembered for its moderation; moderator and owner have rights.';
COMMENT ON COLUMN member.delivery IS 'enabled, or who stopped delivery.';
COMMENT ON COLUMN member.moderation_action IS 'What happens to this one''s posts; NULL: as the list says.';
COMMENT ON COLUMN member.epoch IS 'Part of the tokens of this membership: raised when it ends, so that old links end with it.';
COMMENT ON COLUMN member.joined_at IS 'When it began.';
COMMENT ON COLUMN member.left_at IS 'When it ended; the row stays for undo and for the outcomes that name it.';
CREATE INDEX member_address ON member (address_id);
CREATE INDEX member_reached ON member (list_id, id) WHERE role = 'member' AND delivery = 'enabled' AND left_at IS NULL;

CREATE TABLE ban (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint REFERENCES list ON DELETE CASCADE,
    pattern text NOT NULL CHECK (pattern <> ''),
    reason text NOT NULL DEFAULT '',
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (list_id, pattern)
);
COMMENT ON TABLE ban IS 'Who may neither post nor join.';
COMMENT ON COLUMN ban.id IS 'Key.';
COMMENT ON COLUMN ban.list_id IS 'The list, or NULL for all.';
COMMENT ON COLUMN ban.pattern IS 'An address key, or @domain.';
COMMENT ON COLUMN ban.reason IS 'Why, for the owners.';
COMMENT ON COLUMN ban.created_by IS 'Who, in words.';
COMMENT ON COLUMN ban.created_at IS 'When.';

-- ---- what comes in -----------------------------------------------------------------------------------------------

CREATE TABLE message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint REFERENCES list,
    state text NOT NULL CHECK (state IN ('received', 'held', 'accepted', 'refused', 'discarded', 'set_aside')),
    bytes bytea,
    size int NOT NULL,
    sha256 bytea NOT NULL,
    changed_bytes int NOT NULL DEFAULT 0,
    sender text NOT NULL,
    recipient text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('post', 'owner', 'request', 'join', 'leave', 'confirm', 'bounce', 'unsubscribe', 'relay')),
    detail text,
    client_ip text,
    client_name text,
    client_helo text,
    submitted bool NOT NULL DEFAULT false,
    received_at timestamptz NOT NULL,
    ended_at timestamptz
);
ALTER TABLE message ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE message IS 'The bytes as received, once per list, in normal form (every line end CR LF, no NUL).';
COMMENT ON COLUMN message.id IS 'Key.';
COMMENT ON COLUMN message.list_id IS 'The list it was sent to.';
COMMENT ON COLUMN message.state IS 'received, then exactly one of the others; held leads on to accepted, refused or discarded.';
COMMENT ON COLUMN message.bytes IS 'NULL once nothing needs them any more.';
COMMENT ON COLUMN message.size IS 'Bytes.';
COMMENT ON COLUMN message.sha256 IS 'Of the bytes.';
COMMENT ON COLUMN message.changed_bytes IS 'How many bytes the normal form changed.';
COMMENT ON COLUMN message.sender IS 'Envelope sender; empty for the null sender.';
COMMENT ON COLUMN message.recipient IS 'As given, with sub-address and token.';
COMMENT ON COLUMN message.kind IS 'What the recipient means: a post, or which sub-address.';
COMMENT ON COLUMN message.detail IS 'What the sub-address carried, such as a token.';
COMMENT ON COLUMN message.client_ip IS 'From XFORWARD; NULL when the MTA did not say.';
COMMENT ON COLUMN message.client_name IS 'From XFORWARD.';
COMMENT ON COLUMN message.client_helo IS 'From XFORWARD.';
COMMENT ON COLUMN message.submitted IS 'It came through the submission socket: its sender gave a password to the MTA.';
COMMENT ON COLUMN message.received_at IS 'When it was committed.';
COMMENT ON COLUMN message.ended_at IS 'When it left received or held.';
CREATE INDEX message_open ON message (list_id, state) WHERE state IN ('received', 'held', 'set_aside');

CREATE TABLE seen (
    recipient text NOT NULL,
    sha256 bytea NOT NULL,
    sender text NOT NULL,
    message_id bigint NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (sha256, recipient, sender)
);
COMMENT ON TABLE seen IS 'Deliveries taken in: the same one offered again after a lost reply is recognised here.';
COMMENT ON COLUMN seen.recipient IS 'As given, with sub-address and token.';
COMMENT ON COLUMN seen.sha256 IS 'Of the bytes.';
COMMENT ON COLUMN seen.sender IS 'Envelope sender.';
COMMENT ON COLUMN seen.message_id IS 'What it became.';
COMMENT ON COLUMN seen.seen_at IS 'When; rows go after the MTA''s longest queue life.';
CREATE INDEX seen_age ON seen (seen_at);

CREATE TABLE incoming (
    message_id bigint PRIMARY KEY REFERENCES message ON DELETE CASCADE,
    attempts int NOT NULL DEFAULT 0,
    owner bigint,
    due_at timestamptz NOT NULL,
    approved_by text,
    trouble text
);
COMMENT ON TABLE incoming IS 'Messages waiting to be decided; a row goes in the transaction that decides.';
COMMENT ON COLUMN incoming.message_id IS 'The message.';
COMMENT ON COLUMN incoming.attempts IS 'Counted and committed before each attempt; after three the message is set aside.';
COMMENT ON COLUMN incoming.owner IS 'The worker_process at it.';
COMMENT ON COLUMN incoming.due_at IS 'Not before; while it is owned, since when.';
COMMENT ON COLUMN incoming.approved_by IS 'A person accepted it from the held ones: it is not judged again.';
COMMENT ON COLUMN incoming.trouble IS 'What went wrong at the last attempt.';
CREATE INDEX incoming_due ON incoming (due_at) WHERE owner IS NULL;
CREATE INDEX incoming_owner ON incoming (owner) WHERE owner IS NOT NULL;

CREATE TABLE auth_result (
    message_id bigint NOT NULL REFERENCES message ON DELETE CASCADE,
    position int NOT NULL,
    method text NOT NULL CHECK (method IN ('spf', 'dkim', 'dmarc', 'arc')),
    result text NOT NULL,
    domain text,
    selector text,
    aligned bool NOT NULL DEFAULT false,
    detail text,
    PRIMARY KEY (message_id, position)
);
COMMENT ON TABLE auth_result IS 'What authentication said of a message (RFC 8601).';
COMMENT ON COLUMN auth_result.message_id IS 'The message.';
COMMENT ON COLUMN auth_result.position IS 'Order of the results.';
COMMENT ON COLUMN auth_result.method IS 'spf, dkim, dmarc, arc.';
COMMENT ON COLUMN auth_result.result IS 'pass, fail, none, temperror ... as RFC 8601 names them.';
COMMENT ON COLUMN auth_result.domain IS 'd=, the author''s domain, or the envelope''s.';
COMMENT ON COLUMN auth_result.selector IS 's= of a signature.';
COMMENT ON COLUMN auth_result.aligned IS 'It speaks for the author''s domain.';
COMMENT ON COLUMN auth_result.detail IS 'The reason in words.';

CREATE TABLE judgement (
    message_id bigint PRIMARY KEY REFERENCES message ON DELETE CASCADE,
    action text NOT NULL CHECK (action IN ('accept', 'hold', 'reject', 'discard')),
    rule text NOT NULL,
    reason text NOT NULL,
    hits text[] NOT NULL,
    misses text[] NOT NULL,
    facts jsonb NOT NULL,
    judged_at timestamptz NOT NULL
);
COMMENT ON TABLE judgement IS 'What the rules decided, and the facts another setting would have decided on.';
COMMENT ON COLUMN judgement.message_id IS 'The message.';
COMMENT ON COLUMN judgement.action IS 'What was done.';
COMMENT ON COLUMN judgement.rule IS 'The rule that settled it.';
COMMENT ON COLUMN judgement.reason IS 'In words, English; translated when shown.';
COMMENT ON COLUMN judgement.hits IS 'Rules that hit.';
COMMENT ON COLUMN judgement.misses IS 'Rules that were asked and missed.';
COMMENT ON COLUMN judgement.facts IS 'Size, member state, alignment, what would have survived.';
COMMENT ON COLUMN judgement.judged_at IS 'When.';

CREATE TABLE held (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    message_id bigint NOT NULL UNIQUE REFERENCES message ON DELETE CASCADE,
    subject text NOT NULL,
    from_name text NOT NULL,
    from_address text NOT NULL,
    reasons text[] NOT NULL,
    authentication text NOT NULL,
    excerpt text NOT NULL,
    held_at timestamptz NOT NULL
);
COMMENT ON TABLE held IS 'Messages waiting for a moderator. A row leaves exactly once: accepted, refused or discarded.';
COMMENT ON COLUMN held.id IS 'Key.';
COMMENT ON COLUMN held.list_id IS 'The list.';
COMMENT ON COLUMN held.message_id IS 'The message.';
COMMENT ON COLUMN held.subject IS 'Decoded.';
COMMENT ON COLUMN held.from_name IS 'Decoded name of the author.';
COMMENT ON COLUMN held.from_address IS 'Address of the author.';
COMMENT ON COLUMN held.reasons IS 'Why, in words, English.';
COMMENT ON COLUMN held.authentication IS 'pass, fail or none: what DMARC said.';
COMMENT ON COLUMN held.excerpt IS 'First lines of the text.';
COMMENT ON COLUMN held.held_at IS 'Since when.';
CREATE INDEX held_list ON held (list_id, id);

-- ---- posts and the archive ---------------------------------------------------------------------------------------

CREATE TABLE thread (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    subject text NOT NULL,
    posts int NOT NULL,
    first_post_id bigint NOT NULL,
    last_post_id bigint NOT NULL,
    started_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL
);
COMMENT ON TABLE thread IS 'Posts that answer one another.';
COMMENT ON COLUMN thread.id IS 'Key.';
COMMENT ON COLUMN thread.list_id IS 'The list.';
COMMENT ON COLUMN thread.subject IS 'Of its first post.';
COMMENT ON COLUMN thread.posts IS 'How many.';
COMMENT ON COLUMN thread.first_post_id IS 'Its first post.';
COMMENT ON COLUMN thread.last_post_id IS 'Its newest post.';
COMMENT ON COLUMN thread.started_at IS 'Arrival of the first.';
COMMENT ON COLUMN thread.last_at IS 'Arrival of the newest.';
CREATE INDEX thread_recent ON thread (list_id, last_at DESC, id DESC);

CREATE TABLE post (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    number bigint NOT NULL,
    message_id bigint NOT NULL UNIQUE REFERENCES message,
    thread_id bigint NOT NULL REFERENCES thread,
    parent_id bigint REFERENCES post,
    rfc_message_id text NOT NULL,
    hash text NOT NULL,
    subject text NOT NULL,
    from_name text NOT NULL,
    from_address text NOT NULL,
    written_at timestamptz NOT NULL,
    accepted_at timestamptz NOT NULL,
    month date NOT NULL,
    archived bool NOT NULL,
    attachments int NOT NULL,
    excerpt text NOT NULL,
    bulk bool NOT NULL DEFAULT false,
    recipients int NOT NULL DEFAULT 0,
    UNIQUE (list_id, number),
    UNIQUE (list_id, hash)
);
COMMENT ON TABLE post IS 'A message accepted by a list.';
COMMENT ON COLUMN post.id IS 'Key.';
COMMENT ON COLUMN post.list_id IS 'The list.';
COMMENT ON COLUMN post.number IS 'Number on the list, without gaps, never changed.';
COMMENT ON COLUMN post.message_id IS 'The bytes.';
COMMENT ON COLUMN post.thread_id IS 'Its thread.';
COMMENT ON COLUMN post.parent_id IS 'The post it answers, where that is here.';
COMMENT ON COLUMN post.rfc_message_id IS 'Message-ID without angle brackets; made by us when there was none.';
COMMENT ON COLUMN post.hash IS 'Mailman''s Message-ID-Hash; with -2, -3 for another body under the same Message-ID.';
COMMENT ON COLUMN post.subject IS 'Decoded.';
COMMENT ON COLUMN post.from_name IS 'Decoded name of the author.';
COMMENT ON COLUMN post.from_address IS 'Address of the author.';
COMMENT ON COLUMN post.written_at IS 'Date field, or the arrival where that is absent or absurd.';
COMMENT ON COLUMN post.accepted_at IS 'When the list accepted it.';
COMMENT ON COLUMN post.month IS 'First day of the month of acceptance: names the partition of its outcomes.';
COMMENT ON COLUMN post.archived IS 'May be read in the archive.';
COMMENT ON COLUMN post.attachments IS 'How many.';
COMMENT ON COLUMN post.excerpt IS 'First lines of the text.';
COMMENT ON COLUMN post.bulk IS 'Sent to many recipients at once, without tokens and with one signature.';
COMMENT ON COLUMN post.recipients IS 'How many members it was expanded to.';
CREATE INDEX post_thread ON post (thread_id, id);
CREATE INDEX post_month ON post (list_id, month, id);
CREATE INDEX post_message_id ON post (list_id, rfc_message_id);

CREATE TABLE post_reference (
    list_id bigint NOT NULL,
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    position int NOT NULL,
    rfc_message_id text NOT NULL,
    PRIMARY KEY (post_id, position)
);
COMMENT ON TABLE post_reference IS 'What a post answers, nearest first: In-Reply-To and References.';
COMMENT ON COLUMN post_reference.list_id IS 'The list.';
COMMENT ON COLUMN post_reference.post_id IS 'The post.';
COMMENT ON COLUMN post_reference.position IS '0 is the parent it names.';
COMMENT ON COLUMN post_reference.rfc_message_id IS 'Message-ID without angle brackets.';
CREATE INDEX post_reference_wanted ON post_reference (list_id, rfc_message_id);

-- ---- what goes out -----------------------------------------------------------------------------------------------

CREATE TABLE variant (
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('kept', 'replaced', 'reencoded')),
    head bytea NOT NULL,
    body bytea,
    body_offset int NOT NULL,
    body_sha256 bytea NOT NULL,
    eightbit bool NOT NULL,
    proof text NOT NULL,
    valid_until timestamptz,
    PRIMARY KEY (post_id, kind)
);
COMMENT ON TABLE variant IS 'A form of a post as it is sent, decided once; per-copy fields and signatures are added at sending.';
COMMENT ON COLUMN variant.post_id IS 'The post.';
COMMENT ON COLUMN variant.kind IS 'kept: the author''s From; replaced: ours; reencoded: for a hop without 8BITMIME.';
COMMENT ON COLUMN variant.head IS 'Its header fields, without the empty line.';
COMMENT ON COLUMN variant.body IS 'Its body where it is not the received one.';
COMMENT ON COLUMN variant.body_offset IS 'Where the received body begins in message.bytes.';
COMMENT ON COLUMN variant.body_sha256 IS 'Of the body in relaxed canonical form (RFC 6376 3.4.4).';
COMMENT ON COLUMN variant.eightbit IS 'It has bytes over 127.';
COMMENT ON COLUMN variant.proof IS 'Why the author''s From was kept or replaced, in words, English.';
COMMENT ON COLUMN variant.valid_until IS 'kept: when the author''s signature expires.';

CREATE TABLE chunk (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    members bigint[] NOT NULL CHECK (cardinality(members) BETWEEN 1 AND 50),
    turn bigint,
    attempt int NOT NULL DEFAULT 0,
    tries int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    owner bigint,
    claimed_at timestamptz,
    trouble text
);
COMMENT ON TABLE chunk IS 'At most 50 members of one post who are still to be sent their copy; deleted when done.';
COMMENT ON COLUMN chunk.id IS 'Key.';
COMMENT ON COLUMN chunk.post_id IS 'The post.';
COMMENT ON COLUMN chunk.members IS 'Their ids.';
COMMENT ON COLUMN chunk.turn IS 'Order among posts: a small post need not wait for the end of a large one. NULL while put off.';
COMMENT ON COLUMN chunk.attempt IS 'Raised at each claim: part of the key of the outcomes.';
COMMENT ON COLUMN chunk.tries IS 'How often these members were tried and put off.';
COMMENT ON COLUMN chunk.due_at IS 'Not before.';
COMMENT ON COLUMN chunk.owner IS 'The worker_process at it.';
COMMENT ON COLUMN chunk.claimed_at IS 'Since when.';
COMMENT ON COLUMN chunk.trouble IS 'Why it was given back, when the smarthost could not be reached.';
CREATE INDEX chunk_turn ON chunk (turn, id) WHERE owner IS NULL AND turn IS NOT NULL;
CREATE INDEX chunk_put_off ON chunk (due_at) WHERE turn IS NULL;
CREATE INDEX chunk_owner ON chunk (owner) WHERE owner IS NOT NULL;
CREATE INDEX chunk_post ON chunk (post_id);

CREATE TABLE outcome (
    month date NOT NULL,
    post_id bigint NOT NULL,
    member_id bigint NOT NULL,
    attempt int NOT NULL,
    result text NOT NULL CHECK (result IN ('handed_on', 'deferred', 'failed', 'left')),
    variant text NOT NULL,
    phase text NOT NULL,
    reply text NOT NULL,
    queue_id text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (month, post_id, member_id, attempt)
) PARTITION BY RANGE (month);
CREATE TABLE outcome_default PARTITION OF outcome DEFAULT;
COMMENT ON TABLE outcome IS 'What became of a delivery (post x member) at each attempt; rows are only ever added.';
COMMENT ON COLUMN outcome.month IS 'post.month.';
COMMENT ON COLUMN outcome.post_id IS 'The post.';
COMMENT ON COLUMN outcome.member_id IS 'The member.';
COMMENT ON COLUMN outcome.attempt IS 'chunk.attempt.';
COMMENT ON COLUMN outcome.result IS 'handed_on, failed and left end the delivery; deferred does not.';
COMMENT ON COLUMN outcome.variant IS 'Which form was sent.';
COMMENT ON COLUMN outcome.phase IS 'Where in SMTP the answer came: connect ... dot.';
COMMENT ON COLUMN outcome.reply IS 'The answer as it came.';
COMMENT ON COLUMN outcome.queue_id IS 'The smarthost''s name for the copy.';
COMMENT ON COLUMN outcome.at IS 'When.';

CREATE FUNCTION outcome_partition(first_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF first_day <> date_trunc('month', first_day)::date THEN
        RAISE EXCEPTION 'not the first day of a month: %', first_day USING ERRCODE = '22023';
    END IF;
    IF to_regclass('outcome_' || to_char(first_day, 'YYYY_MM')) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF outcome FOR VALUES FROM (%L) TO (%L)',
            'outcome_' || to_char(first_day, 'YYYY_MM'), first_day, (first_day + interval '1 month')::date);
    END IF;
EXCEPTION WHEN duplicate_table THEN
    NULL; -- another process made it at the same moment
END $$;
COMMENT ON FUNCTION outcome_partition(date) IS 'Makes the partition of one month, if it is not there.';

CREATE TABLE notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    domain_id bigint NOT NULL REFERENCES domain,
    list_id bigint REFERENCES list ON DELETE CASCADE,
    kind text NOT NULL,
    recipient text NOT NULL,
    bytes bytea,
    tries int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    owner bigint,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    result text
);
COMMENT ON TABLE notice IS 'A mail of the system to one person, sent with the null sender.';
COMMENT ON COLUMN notice.id IS 'Key.';
COMMENT ON COLUMN notice.domain_id IS 'The domain that signs it.';
COMMENT ON COLUMN notice.list_id IS 'The list it is about.';
COMMENT ON COLUMN notice.kind IS 'What it is: confirm, login, welcome ...';
COMMENT ON COLUMN notice.recipient IS 'Its address.';
COMMENT ON COLUMN notice.bytes IS 'The mail, unsigned; NULL once it has ended, as it may carry a link that is a secret.';
COMMENT ON COLUMN notice.tries IS 'How often it was tried.';
COMMENT ON COLUMN notice.due_at IS 'Not before; while it is owned, since when.';
COMMENT ON COLUMN notice.owner IS 'The worker_process at it.';
COMMENT ON COLUMN notice.created_at IS 'When it was written.';
COMMENT ON COLUMN notice.ended_at IS 'When it was handed on or given up.';
COMMENT ON COLUMN notice.result IS 'handed_on or failed, and the answer.';
CREATE INDEX notice_due ON notice (due_at) WHERE owner IS NULL AND ended_at IS NULL;
CREATE INDEX notice_owner ON notice (owner) WHERE owner IS NOT NULL;

CREATE TABLE token_key (
    id int PRIMARY KEY CHECK (id BETWEEN 1 AND 31),
    secret bytea NOT NULL CHECK (length(secret) = 32),
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE token_key IS 'Keys of the tokens in addresses and links; the newest makes, all are understood.';
COMMENT ON COLUMN token_key.id IS 'Stands in the token.';
COMMENT ON COLUMN token_key.secret IS '32 random bytes.';
COMMENT ON COLUMN token_key.created_at IS 'When it was made.';

-- The first key. gen_random_uuid() draws on the server's strong random source; three of them carry 366 bits.
INSERT INTO token_key (id, secret, created_at)
SELECT 1, sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'epoch';

-- ---- processes and jobs ------------------------------------------------------------------------------------------

CREATE TABLE worker_process (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    role text NOT NULL,
    host text NOT NULL,
    pid int NOT NULL,
    started_at timestamptz NOT NULL,
    lost_at timestamptz
);
COMMENT ON TABLE worker_process IS 'Processes that may own work. Each holds the advisory lock (4711, id) while it lives.';
COMMENT ON COLUMN worker_process.id IS 'Key; the value in the owner columns.';
COMMENT ON COLUMN worker_process.role IS 'post, send or jobs.';
COMMENT ON COLUMN worker_process.host IS 'Its machine.';
COMMENT ON COLUMN worker_process.pid IS 'Its process id there.';
COMMENT ON COLUMN worker_process.started_at IS 'When it began.';
COMMENT ON COLUMN worker_process.lost_at IS 'When its lock was first found free; its work is given back after 30 seconds.';

CREATE TABLE job (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    key text,
    args jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    tries int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    owner bigint,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    result text
);
COMMENT ON TABLE job IS 'Work that a page or the clock asks of the worker.';
COMMENT ON COLUMN job.id IS 'Key.';
COMMENT ON COLUMN job.kind IS 'Name in core/worker/jobs.def.';
COMMENT ON COLUMN job.key IS 'Two waiting jobs of one kind and key are one.';
COMMENT ON COLUMN job.args IS 'What the kind needs.';
COMMENT ON COLUMN job.state IS 'waiting, done, failed.';
COMMENT ON COLUMN job.tries IS 'How often it was tried.';
COMMENT ON COLUMN job.due_at IS 'Not before.';
COMMENT ON COLUMN job.owner IS 'The worker_process at it.';
COMMENT ON COLUMN job.created_by IS 'Who asked, in words.';
COMMENT ON COLUMN job.created_at IS 'When.';
COMMENT ON COLUMN job.ended_at IS 'When it ended.';
COMMENT ON COLUMN job.result IS 'What came of it, in words.';
CREATE UNIQUE INDEX job_once ON job (kind, key) WHERE state = 'waiting' AND key IS NOT NULL;
CREATE INDEX job_due ON job (due_at) WHERE state = 'waiting' AND owner IS NULL;

CREATE TABLE dns_cache (
    name text NOT NULL,
    type text NOT NULL,
    found text NOT NULL CHECK (found IN ('found', 'nxdomain', 'nodata')),
    records text[] NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (name, type)
);
COMMENT ON TABLE dns_cache IS 'Answers of the DNS, for all processes.';
COMMENT ON COLUMN dns_cache.name IS 'Asked name, small letters.';
COMMENT ON COLUMN dns_cache.type IS 'TXT, MX, A ...';
COMMENT ON COLUMN dns_cache.found IS 'found, nxdomain or nodata; trouble is not kept.';
COMMENT ON COLUMN dns_cache.records IS 'The answer.';
COMMENT ON COLUMN dns_cache.expires_at IS 'By its TTL.';

-- ---- the web: sessions, links, limits, audit ----------------------------------------------------------------------

CREATE TABLE session (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    user_id bigint NOT NULL REFERENCES site_user ON DELETE CASCADE,
    form_secret bytea NOT NULL,
    is_lasting bool NOT NULL,
    agent text NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    ends_at timestamptz NOT NULL
);
COMMENT ON TABLE session IS 'Signed-in browsers.';
COMMENT ON COLUMN session.id IS 'Key.';
COMMENT ON COLUMN session.token_hash IS 'SHA-256 of the cookie''s value.';
COMMENT ON COLUMN session.user_id IS 'Who.';
COMMENT ON COLUMN session.form_secret IS 'Forms of this session are marked with a keyed hash of it (CSRF).';
COMMENT ON COLUMN session.is_lasting IS 'The person said that the device is their own.';
COMMENT ON COLUMN session.agent IS 'What the browser calls itself, cut, for the person''s own list of sessions.';
COMMENT ON COLUMN session.created_at IS 'When it began.';
COMMENT ON COLUMN session.last_seen IS 'Written at most hourly; exempt from "GET changes nothing".';
COMMENT ON COLUMN session.ends_at IS 'When it ends at the latest.';
CREATE INDEX session_of_user ON session (user_id);

CREATE TABLE mail_link (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    code_hash bytea,
    purpose text NOT NULL CHECK (purpose IN ('login', 'join', 'leave')),
    email text NOT NULL,
    list_id bigint REFERENCES list ON DELETE CASCADE,
    return_to text,
    code_tries int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
COMMENT ON TABLE mail_link IS 'Links that we mail: one purpose, one address, one use.';
COMMENT ON COLUMN mail_link.id IS 'Key.';
COMMENT ON COLUMN mail_link.token_hash IS 'SHA-256 of the link''s token.';
COMMENT ON COLUMN mail_link.code_hash IS 'SHA-256 of id, colon, six-digit code.';
COMMENT ON COLUMN mail_link.purpose IS 'What it does.';
COMMENT ON COLUMN mail_link.email IS 'Whom it was mailed to, as written.';
COMMENT ON COLUMN mail_link.list_id IS 'The list it is about.';
COMMENT ON COLUMN mail_link.return_to IS 'The page that asked, a path on this site.';
COMMENT ON COLUMN mail_link.code_tries IS 'Wrong codes; after five only the link works.';
COMMENT ON COLUMN mail_link.created_at IS 'When it was made.';
COMMENT ON COLUMN mail_link.expires_at IS 'When it ends.';
COMMENT ON COLUMN mail_link.used_at IS 'When it was used.';
CREATE INDEX mail_link_email ON mail_link (email, created_at);

CREATE TABLE rate (
    key text NOT NULL,
    period timestamptz NOT NULL,
    count int NOT NULL,
    PRIMARY KEY (key, period)
);
COMMENT ON TABLE rate IS 'How often something was done in a period; exempt from "GET changes nothing".';
COMMENT ON COLUMN rate.key IS 'What, and by whom (hashed where it is a person).';
COMMENT ON COLUMN rate.period IS 'Beginning of the period.';
COMMENT ON COLUMN rate.count IS 'How often.';

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    user_id bigint,
    action text NOT NULL,
    list_id bigint,
    object text NOT NULL,
    detail text NOT NULL
);
COMMENT ON TABLE audit IS 'Every change of state by a person; rows are only ever added.';
COMMENT ON COLUMN audit.id IS 'Key.';
COMMENT ON COLUMN audit.at IS 'When.';
COMMENT ON COLUMN audit.actor IS 'Who, in words: an address, "command line (root)", "link in a mail".';
COMMENT ON COLUMN audit.user_id IS 'The account, where there was one.';
COMMENT ON COLUMN audit.action IS 'What: member_add, setting_change, held_accept ...';
COMMENT ON COLUMN audit.list_id IS 'The list; no foreign key, the log outlives it.';
COMMENT ON COLUMN audit.object IS 'On what.';
COMMENT ON COLUMN audit.detail IS 'From what to what.';
CREATE INDEX audit_list ON audit (list_id, id DESC);
