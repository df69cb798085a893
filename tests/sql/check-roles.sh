#!/bin/bash
# What each database role may do with each table, against the matrix written down in role-matrix.tsv: a grant that nobody meant
# shows here. S I U D are the verbs on the whole table; s: only some columns may be read.
if [ -z "${KAIRAN_TEST_SOCKET_DIR:-}" ]; then exec "$srcdir/tests/with-postgres" bash "$0"; fi
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/kairan-roles.XXXXXX")
trap 'rm -rf "$dir"' EXIT
printf '[database]\nowner = host=%s dbname=kairan user=kairan_owner\n' "$KAIRAN_TEST_SOCKET_DIR" > "$dir/conf"
"${builddir:-.}/kairan" -c "$dir/conf" db migrate --json > /dev/null || exit 1
psql -qAtX -F '	' -h "$KAIRAN_TEST_SOCKET_DIR" -U postgres -d kairan > "$dir/found" <<'END'
WITH matrix AS (
    SELECT c.relname, r.role,
        concat(CASE WHEN has_table_privilege(r.role, c.oid, 'SELECT') THEN 'S' WHEN has_any_column_privilege(r.role, c.oid, 'SELECT') THEN 's' END,
               CASE WHEN has_any_column_privilege(r.role, c.oid, 'INSERT') THEN 'I' END,
               CASE WHEN has_any_column_privilege(r.role, c.oid, 'UPDATE') THEN 'U' END,
               CASE WHEN has_table_privilege(r.role, c.oid, 'DELETE') THEN 'D' END,
               CASE WHEN has_table_privilege(r.role, c.oid, 'TRUNCATE') THEN 'T' END) AS verbs
    FROM pg_class c CROSS JOIN (VALUES ('kairan_worker'), ('kairan_web'), ('kairan_admin')) AS r (role)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v'))
SELECT relname, coalesce(nullif(max(verbs) FILTER (WHERE role = 'kairan_worker'), ''), '-'),
    coalesce(nullif(max(verbs) FILTER (WHERE role = 'kairan_web'), ''), '-'),
    coalesce(nullif(max(verbs) FILTER (WHERE role = 'kairan_admin'), ''), '-')
FROM matrix GROUP BY relname ORDER BY relname COLLATE "C";
END
grep -v '^#' "$srcdir/tests/sql/role-matrix.tsv" | diff - "$dir/found" && exit 0
echo 'role-matrix.tsv (<) and the grants (>) differ'
exit 1
