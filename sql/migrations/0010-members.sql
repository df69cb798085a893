-- What the pages of members are sorted and searched by, and the lists that owners send to add or remove many at once.

ALTER TABLE member
    ADD COLUMN display_name text,
    ADD COLUMN last_bounce_at timestamptz,
    ADD COLUMN sort_address text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN sort_name text COLLATE "C" NOT NULL DEFAULT '';
COMMENT ON COLUMN member.display_name IS 'The name on this list; NULL: the name of the address.';
COMMENT ON COLUMN member.last_bounce_at IS 'When a copy last came back; NULL: none did.';
COMMENT ON COLUMN member.sort_address IS 'The address''s key, kept by a trigger: one index then gives a list''s members in order.';
COMMENT ON COLUMN member.sort_name IS 'The name as it is sorted and searched by (name_folded), kept by a trigger.';

CREATE FUNCTION name_folded(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT lower(normalize(name, NFKC)) $$;
COMMENT ON FUNCTION name_folded(text) IS 'A name for sorting and searching: small letters, half and full width made one.';

CREATE FUNCTION member_keep_sorted() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    SELECT a.key, name_folded(coalesce(NEW.display_name, a.name)) INTO NEW.sort_address, NEW.sort_name
    FROM address a WHERE a.id = NEW.address_id;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION member_keep_sorted() IS 'Fills member.sort_address and sort_name.';
CREATE TRIGGER member_keep_sorted BEFORE INSERT OR UPDATE OF address_id, display_name ON member
    FOR EACH ROW EXECUTE FUNCTION member_keep_sorted();

CREATE FUNCTION address_keep_sorted() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE member SET address_id = address_id WHERE address_id = NEW.id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION address_keep_sorted() IS 'A change of an address''s key or name reaches its members'' sort_address and sort_name.';
CREATE TRIGGER address_keep_sorted AFTER UPDATE OF key, name ON address
    FOR EACH ROW WHEN (OLD.key IS DISTINCT FROM NEW.key OR OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION address_keep_sorted();

UPDATE member SET address_id = address_id;

CREATE INDEX member_by_address ON member (list_id, role, sort_address, id) WHERE left_at IS NULL;
CREATE INDEX member_by_name ON member (list_id, role, sort_name, id) WHERE left_at IS NULL;
CREATE INDEX member_by_joined ON member (list_id, role, joined_at, id) WHERE left_at IS NULL;
CREATE INDEX member_by_bounce ON member (list_id, role, coalesce(last_bounce_at, '-infinity'), id) WHERE left_at IS NULL;
CREATE INDEX member_by_delivery ON member (list_id, delivery_status) WHERE left_at IS NULL AND delivery_status IS NOT NULL;
CREATE INDEX member_by_mode ON member (list_id, delivery_mode) WHERE left_at IS NULL AND delivery_mode IS NOT NULL;
CREATE INDEX member_by_moderation ON member (list_id, role) WHERE left_at IS NULL AND moderation_action IS NOT NULL;
CREATE INDEX address_delivery ON address (id) WHERE delivery_status IS NOT NULL;
CREATE INDEX site_user_delivery ON site_user (id) WHERE delivery_status IS NOT NULL;
CREATE INDEX audit_object ON audit (object, list_id, id DESC);

CREATE TABLE member_tally (
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('member', 'nonmember', 'moderator', 'owner')),
    members bigint NOT NULL,
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (list_id, role)
);
COMMENT ON TABLE member_tally IS 'How many members there are, about: counted by the clock and after many were added. Pages count up to 1,000 themselves.';
COMMENT ON COLUMN member_tally.list_id IS 'The list.';
COMMENT ON COLUMN member_tally.role IS 'As member.role.';
COMMENT ON COLUMN member_tally.members IS 'How many.';
COMMENT ON COLUMN member_tally.counted_at IS 'When they were counted.';

CREATE TABLE member_batch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    user_id bigint NOT NULL REFERENCES site_user ON DELETE CASCADE,
    act text NOT NULL CHECK (act IN ('add', 'invite', 'remove')),
    role text NOT NULL CHECK (role IN ('member', 'nonmember', 'moderator', 'owner')),
    greet bool NOT NULL,
    charset text NOT NULL,
    bytes bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE member_batch IS 'People that an owner sent, shown before anything happens; the row goes when it is done, or after a day.';
COMMENT ON COLUMN member_batch.id IS 'Key.';
COMMENT ON COLUMN member_batch.list_id IS 'The list.';
COMMENT ON COLUMN member_batch.user_id IS 'Who sent it; nobody else sees it.';
COMMENT ON COLUMN member_batch.act IS 'What is to be done with them.';
COMMENT ON COLUMN member_batch.role IS 'In which role.';
COMMENT ON COLUMN member_batch.greet IS 'They get a mail of welcome, or of goodbye.';
COMMENT ON COLUMN member_batch.charset IS 'As the owner said; empty: found out.';
COMMENT ON COLUMN member_batch.bytes IS 'The file, or the text, as it came.';
COMMENT ON COLUMN member_batch.created_at IS 'When it came.';
COMMENT ON COLUMN member_batch.expires_at IS 'When it is forgotten.';
CREATE INDEX member_batch_expiry ON member_batch (expires_at);
