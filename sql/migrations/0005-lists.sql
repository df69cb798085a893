-- Names of lists and domains: what they were called, what else they are called; lists that end after a grace period.

ALTER TABLE domain ADD COLUMN description text NOT NULL DEFAULT '' CHECK (length(description) <= 300);
COMMENT ON COLUMN domain.description IS 'One line about what the domain is for.';

CREATE TABLE domain_alias (
    name text PRIMARY KEY CHECK (name = lower(name) AND name <> '' AND length(name) <= 253),
    domain_id bigint NOT NULL REFERENCES domain ON DELETE CASCADE,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE domain_alias IS 'Other names of a domain: mail to LIST@ALIAS reaches LIST@DOMAIN.';
COMMENT ON COLUMN domain_alias.name IS 'The other name, small letters, A-labels. Never the name of a domain.';
COMMENT ON COLUMN domain_alias.domain_id IS 'The domain.';
COMMENT ON COLUMN domain_alias.created_at IS 'When it was added.';
CREATE INDEX domain_alias_domain ON domain_alias (domain_id);

CREATE TABLE list_old_name (
    domain_id bigint NOT NULL REFERENCES domain ON DELETE CASCADE,
    name text NOT NULL,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    renamed_at timestamptz NOT NULL,
    PRIMARY KEY (domain_id, name)
);
COMMENT ON TABLE list_old_name IS 'What a list was called before: mail and pages still find it by that.';
COMMENT ON COLUMN list_old_name.domain_id IS 'The domain it was in then.';
COMMENT ON COLUMN list_old_name.name IS 'Its name then.';
COMMENT ON COLUMN list_old_name.list_id IS 'The list.';
COMMENT ON COLUMN list_old_name.renamed_at IS 'When it was given another name.';
CREATE INDEX list_old_name_list ON list_old_name (list_id);

ALTER TABLE list ADD COLUMN erase_at timestamptz;
ALTER TABLE list ADD CHECK (erase_at IS NULL OR removed_at IS NOT NULL);
COMMENT ON COLUMN list.erase_at IS 'When a removed list is erased with its archive; until then it can be restored. NULL: when the operator says so.';
CREATE INDEX list_by_name ON list (name);
CREATE INDEX list_erase ON list (erase_at) WHERE erase_at IS NOT NULL;
-- Else each post that is erased would ask all others whether they answer it.
CREATE INDEX post_parent ON post (parent_id) WHERE parent_id IS NOT NULL;

-- What has gone out in a domain's name does not keep it.
ALTER TABLE notice DROP CONSTRAINT notice_domain_id_fkey;
ALTER TABLE notice ADD CONSTRAINT notice_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domain ON DELETE CASCADE;

CREATE VIEW domain_name AS
    SELECT name, id AS domain_id, false AS is_alias FROM domain
    UNION ALL SELECT name, domain_id, true FROM domain_alias;
COMMENT ON VIEW domain_name IS 'Every name by which a domain is reached.';

CREATE VIEW list_name AS
    SELECT domain_id, name, id AS list_id, false AS is_old FROM list
    UNION ALL SELECT domain_id, name, list_id, true FROM list_old_name;
COMMENT ON VIEW list_name IS 'Every name by which a list is reached, its old ones included.';

-- Erases one part of a removed list at a time: posts with their bytes and outcomes, then other messages, members, the rest.
-- True: nothing is left. Runs with the owner's rights, so that nobody else needs to be able to delete an archive.
CREATE FUNCTION list_erase(list bigint, most int) RETURNS bool
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    posts bigint[];
    messages bigint[];
    rows bigint;
BEGIN
    PERFORM FROM list l WHERE l.id = $1 AND l.removed_at IS NOT NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN true;
    END IF;
    IF EXISTS (SELECT FROM chunk c JOIN post p ON p.id = c.post_id WHERE p.list_id = $1 AND c.owner IS NOT NULL) THEN
        RETURN false; -- a sender has it in hand
    END IF;
    SELECT array_agg(p.id), array_agg(p.message_id) INTO posts, messages
    FROM (SELECT id, message_id FROM post WHERE list_id = $1 ORDER BY id DESC LIMIT most) p;
    IF posts IS NOT NULL THEN
        UPDATE post SET parent_id = NULL WHERE parent_id = ANY (posts);
        DELETE FROM outcome o USING post p WHERE p.id = ANY (posts) AND o.month = p.month AND o.post_id = p.id;
        DELETE FROM post WHERE id = ANY (posts);
        DELETE FROM message WHERE id = ANY (messages);
        RETURN false;
    END IF;
    DELETE FROM message WHERE id IN (SELECT id FROM message WHERE list_id = $1 LIMIT most);
    GET DIAGNOSTICS rows = ROW_COUNT;
    IF rows = most THEN
        RETURN false;
    END IF;
    DELETE FROM member WHERE id IN (SELECT id FROM member WHERE list_id = $1 LIMIT most * 10);
    GET DIAGNOSTICS rows = ROW_COUNT;
    IF rows = most * 10 THEN
        RETURN false;
    END IF;
    DELETE FROM setting WHERE scope = 'list' AND scope_id = $1;
    DELETE FROM template WHERE scope = 'list' AND scope_id = $1;
    DELETE FROM setting_change WHERE scope = 'list' AND scope_id = $1;
    DELETE FROM list WHERE id = $1;
    RETURN true;
END $$;
COMMENT ON FUNCTION list_erase(bigint, int) IS 'Erases a removed list part by part; true when nothing is left.';
