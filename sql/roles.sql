-- roles.sql - the database roles of Kairan; run once by PostgreSQL's superuser. May be run again.
-- kairan_owner owns the schema and is used by "kairan db migrate", "kairan backup" and "kairan restore" alone; the others have what sql/grants.sql gives them.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['kairan_owner', 'kairan_worker', 'kairan_web', 'kairan_admin'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', name);
        END IF;
    END LOOP;
END $$;
