-- What the pages of the archive are made from: how many posts each month of a list has, and who wrote what in the order of arrival.

CREATE TABLE list_month (
    list_id bigint NOT NULL REFERENCES list ON DELETE CASCADE,
    month date NOT NULL,
    posts bigint NOT NULL,
    PRIMARY KEY (list_id, month)
);
COMMENT ON TABLE list_month IS 'How many archived posts each month of a list has, kept by triggers of post: counting a million takes too long for a page.';
COMMENT ON COLUMN list_month.list_id IS 'The list.';
COMMENT ON COLUMN list_month.month IS 'As post.month.';
COMMENT ON COLUMN list_month.posts IS 'How many; 0 when all of them are gone.';

CREATE FUNCTION post_counts_in_month() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO list_month AS m (list_id, month, posts)
        SELECT list_id, month, count(*) FROM fresh WHERE archived GROUP BY list_id, month ORDER BY list_id, month
        ON CONFLICT (list_id, month) DO UPDATE SET posts = m.posts + excluded.posts;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO list_month AS m (list_id, month, posts)
        SELECT list_id, month, sum(n) FROM (SELECT list_id, month, 1 AS n FROM fresh WHERE archived
                                            UNION ALL SELECT list_id, month, -1 FROM past WHERE archived) c
        GROUP BY list_id, month HAVING sum(n) <> 0 ORDER BY list_id, month
        ON CONFLICT (list_id, month) DO UPDATE SET posts = m.posts + excluded.posts;
    ELSE
        UPDATE list_month m SET posts = m.posts - c.n
        FROM (SELECT list_id, month, count(*) AS n FROM past WHERE archived GROUP BY list_id, month) c
        WHERE m.list_id = c.list_id AND m.month = c.month;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION post_counts_in_month() IS 'Keeps list_month, a statement at a time.';
CREATE TRIGGER post_counts_new AFTER INSERT ON post REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_counts_in_month();
CREATE TRIGGER post_counts_changed AFTER UPDATE ON post REFERENCING NEW TABLE AS fresh OLD TABLE AS past FOR EACH STATEMENT EXECUTE FUNCTION post_counts_in_month();
CREATE TRIGGER post_counts_gone AFTER DELETE ON post REFERENCING OLD TABLE AS past FOR EACH STATEMENT EXECUTE FUNCTION post_counts_in_month();
INSERT INTO list_month (list_id, month, posts) SELECT list_id, month, count(*) FROM post WHERE archived GROUP BY list_id, month;

DROP INDEX post_author;
CREATE INDEX post_author ON post (list_id, lower(from_address), id);

CREATE FUNCTION thread_title(thread bigint, subject text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT p.subject FROM post p WHERE p.thread_id = $1 AND p.archived AND p.subject = $2 LIMIT 1),
                    (SELECT p.subject FROM post p WHERE p.thread_id = $1 AND p.archived ORDER BY p.id LIMIT 1)) $$;
COMMENT ON FUNCTION thread_title(bigint, text) IS 'The subject of a thread as pages say it: that of a post that may be read, never of one that is not archived.';
