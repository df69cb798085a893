-- What people who are signed in do in the archive: what they have read, keep, mute and think of it; by what members sort
-- it. What belongs to a thread hangs on one of its posts, so that it goes along when threads are joined or split.

CREATE TABLE read_mark (
    user_id bigint NOT NULL REFERENCES site_user ON DELETE CASCADE,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    upto bigint NOT NULL,
    until timestamptz NOT NULL,
    marked_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, list_id)
);
CREATE INDEX read_mark_list ON read_mark (list_id);
COMMENT ON TABLE read_mark IS 'Up to where somebody has read a list. No row: what came before they joined counts as read.';
COMMENT ON COLUMN read_mark.user_id IS 'The account.';
COMMENT ON COLUMN read_mark.list_id IS 'The list.';
COMMENT ON COLUMN read_mark.upto IS 'Id of the newest post that counts as read; 0 when the list had none.';
COMMENT ON COLUMN read_mark.until IS 'When that post came: older ones count as read too, even if they are imported later.';
COMMENT ON COLUMN read_mark.marked_at IS 'When they said so: "new since ...".';

CREATE TABLE read_thread (
    user_id bigint NOT NULL REFERENCES site_user ON DELETE CASCADE,
    thread_id bigint NOT NULL REFERENCES thread ON DELETE CASCADE,
    list_id bigint NOT NULL,
    upto bigint NOT NULL,
    PRIMARY KEY (user_id, thread_id)
);
CREATE INDEX read_thread_thread ON read_thread (thread_id);
COMMENT ON TABLE read_thread IS 'A thread read further than its list; goes when the list is marked as read.';
COMMENT ON COLUMN read_thread.user_id IS 'The account.';
COMMENT ON COLUMN read_thread.thread_id IS 'The thread.';
COMMENT ON COLUMN read_thread.list_id IS 'Its list.';
COMMENT ON COLUMN read_thread.upto IS 'Id of the newest of its posts that counts as read.';

CREATE TABLE thread_favourite (
    user_id bigint NOT NULL REFERENCES site_user ON DELETE CASCADE,
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (post_id, user_id)
);
CREATE INDEX thread_favourite_user ON thread_favourite (user_id);
COMMENT ON TABLE thread_favourite IS 'Threads that somebody wants to find again.';
COMMENT ON COLUMN thread_favourite.user_id IS 'The account.';
COMMENT ON COLUMN thread_favourite.post_id IS 'A post of the thread: the first of that time.';
COMMENT ON COLUMN thread_favourite.added_at IS 'When it was kept.';

CREATE TABLE thread_mute (
    user_id bigint NOT NULL REFERENCES site_user ON DELETE CASCADE,
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    muted_at timestamptz NOT NULL,
    PRIMARY KEY (post_id, user_id)
);
CREATE INDEX thread_mute_user ON thread_mute (user_id);
COMMENT ON TABLE thread_mute IS 'Threads whose further posts are not delivered to somebody, at none of their addresses.';
COMMENT ON COLUMN thread_mute.user_id IS 'The account.';
COMMENT ON COLUMN thread_mute.post_id IS 'A post of the thread: the first of that time.';
COMMENT ON COLUMN thread_mute.muted_at IS 'When it was muted.';

CREATE TABLE post_vote (
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    user_id bigint NOT NULL REFERENCES site_user ON DELETE CASCADE,
    value int NOT NULL CHECK (value IN (-1, 1)),
    voted_at timestamptz NOT NULL,
    PRIMARY KEY (post_id, user_id)
);
CREATE INDEX post_vote_user ON post_vote (user_id);
COMMENT ON TABLE post_vote IS 'What readers think of a post. Sums are shown, voters are not.';
COMMENT ON COLUMN post_vote.post_id IS 'The post.';
COMMENT ON COLUMN post_vote.user_id IS 'The account.';
COMMENT ON COLUMN post_vote.value IS '1 for it, -1 against it.';
COMMENT ON COLUMN post_vote.voted_at IS 'When.';

CREATE TABLE thread_tag (
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
    user_id bigint REFERENCES site_user ON DELETE SET NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (list_id, name, post_id)
);
CREATE INDEX thread_tag_post ON thread_tag (post_id);
CREATE INDEX thread_tag_user ON thread_tag (user_id);
COMMENT ON TABLE thread_tag IS 'Words that members put on threads, for all readers.';
COMMENT ON COLUMN thread_tag.list_id IS 'The list.';
COMMENT ON COLUMN thread_tag.name IS 'The word, folded: small letters, half width.';
COMMENT ON COLUMN thread_tag.post_id IS 'A post of the thread: the first of that time.';
COMMENT ON COLUMN thread_tag.user_id IS 'Who put it there; NULL: the account is gone.';
COMMENT ON COLUMN thread_tag.added_at IS 'When.';

CREATE TABLE category (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    position int NOT NULL,
    UNIQUE (list_id, name)
);
COMMENT ON TABLE category IS 'Into what the owners of a list sort its threads.';
COMMENT ON COLUMN category.id IS 'Key.';
COMMENT ON COLUMN category.list_id IS 'The list.';
COMMENT ON COLUMN category.name IS 'As the owners call it.';
COMMENT ON COLUMN category.position IS 'Its place in the order.';

CREATE TABLE thread_category (
    post_id bigint PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    category_id bigint NOT NULL REFERENCES category ON DELETE CASCADE
);
CREATE INDEX thread_category_category ON thread_category (category_id, post_id);
COMMENT ON TABLE thread_category IS 'The category of a thread. Where joined threads bring several, the one on the oldest post counts.';
COMMENT ON COLUMN thread_category.post_id IS 'A post of the thread: the first of that time.';
COMMENT ON COLUMN thread_category.category_id IS 'The category.';

-- Guests see votes, tags and categories: pages that show them have other versions when they change.
CREATE TRIGGER post_vote_changed AFTER INSERT OR DELETE OR UPDATE OF value ON post_vote FOR EACH ROW EXECUTE FUNCTION archive_changed_by_post();
CREATE TRIGGER thread_tag_changed AFTER INSERT OR DELETE ON thread_tag FOR EACH ROW EXECUTE FUNCTION archive_changed_by_post();
CREATE TRIGGER thread_category_changed AFTER INSERT OR DELETE OR UPDATE ON thread_category FOR EACH ROW EXECUTE FUNCTION archive_changed_by_post();

CREATE FUNCTION archive_changed_by_category() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM archive_note('list', CASE WHEN TG_OP = 'DELETE' THEN OLD.list_id ELSE NEW.list_id END, 'new', NULL);
    IF TG_OP = 'UPDATE' THEN
        PERFORM archive_note('thread', t.id, 'new', NULL)
        FROM (SELECT DISTINCT p.thread_id AS id FROM thread_category k JOIN post p ON p.id = k.post_id WHERE k.category_id = NEW.id) t;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION archive_changed_by_category() IS 'Of category: its name stands on the pages of its threads, its place in the list of all.';
CREATE TRIGGER category_changed AFTER INSERT OR DELETE OR UPDATE ON category FOR EACH ROW EXECUTE FUNCTION archive_changed_by_category();
