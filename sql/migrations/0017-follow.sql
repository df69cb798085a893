-- Copies on their way follow a membership that goes on in an earlier row.

CREATE FUNCTION chunk_follow(from_member bigint, to_member bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH changed AS (
        UPDATE chunk SET members = array_replace(members, from_member, to_member)
        WHERE from_member = ANY (members) AND NOT to_member = ANY (members)
        RETURNING id)
    SELECT count(*) FROM changed
$$;
COMMENT ON FUNCTION chunk_follow(bigint, bigint) IS 'Copies that still wait for one membership go to the row in which it goes on.';
