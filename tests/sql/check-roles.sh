#!/bin/bash
# What each database role may do with each table, view, sequence and function, against the matrix written down in role-matrix.tsv: a right
# that nobody meant shows here, and so does a table without a row. S I U D T are the verbs on the whole table, small letters on the
# columns in brackets alone; U of a sequence is its use, E of a function that it may be called.
if [ -z "${KAIRAN_TEST_SOCKET_DIR:-}" ]; then exec "$srcdir/tests/with-postgres" bash "$0"; fi
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/kairan-roles.XXXXXX")
trap 'rm -rf "$dir"' EXIT
printf '[database]\nowner = host=%s dbname=kairan user=kairan_owner\n' "$KAIRAN_TEST_SOCKET_DIR" > "$dir/conf"
"${builddir:-.}/kairan" -c "$dir/conf" db migrate --json > /dev/null || exit 1
psql -qAtX -F '	' -h "$KAIRAN_TEST_SOCKET_DIR" -U postgres -d kairan > "$dir/found" <<'END'
CREATE TEMP TABLE role AS SELECT * FROM (VALUES (1, 'kairan_worker'), (2, 'kairan_web'), (3, 'kairan_admin'), (4, 'public')) AS r (place, name);
CREATE FUNCTION pg_temp.verb(role text, relation oid, verb text, letter text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN has_table_privilege(role, relation, verb) THEN letter
        WHEN verb <> 'DELETE' AND verb <> 'TRUNCATE' AND has_any_column_privilege(role, relation, verb) THEN lower(letter) || '(' ||
            (SELECT string_agg(attname, ',' ORDER BY attname COLLATE "C") FROM pg_attribute
             WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped AND has_column_privilege(role, relation, attnum, verb)) || ')'
        ELSE '' END
$$;
WITH thing AS (
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' ELSE 'table' END AS kind, c.relname::text AS name, r.place,
        CASE c.relkind WHEN 'S' THEN CASE WHEN has_sequence_privilege(r.name, c.oid, 'USAGE') THEN 'U' ELSE '' END
                || CASE WHEN has_sequence_privilege(r.name, c.oid, 'UPDATE') THEN 'W' ELSE '' END
            ELSE pg_temp.verb(r.name, c.oid, 'SELECT', 'S') || pg_temp.verb(r.name, c.oid, 'INSERT', 'I') || pg_temp.verb(r.name, c.oid, 'UPDATE', 'U')
                || CASE WHEN has_table_privilege(r.name, c.oid, 'DELETE') THEN 'D' ELSE '' END
                || CASE WHEN has_table_privilege(r.name, c.oid, 'TRUNCATE') THEN 'T' ELSE '' END END AS may
    FROM pg_class c CROSS JOIN role r
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL
    SELECT 'function', p.oid::regprocedure::text, r.place, CASE WHEN has_function_privilege(r.name, p.oid, 'EXECUTE') THEN 'E' ELSE '' END
    FROM pg_proc p CROSS JOIN role r WHERE p.pronamespace = 'public'::regnamespace)
SELECT kind, name, coalesce(nullif(max(may) FILTER (WHERE place = 1), ''), '-'), coalesce(nullif(max(may) FILTER (WHERE place = 2), ''), '-'),
    coalesce(nullif(max(may) FILTER (WHERE place = 3), ''), '-'), coalesce(nullif(max(may) FILTER (WHERE place = 4), ''), '-')
FROM thing GROUP BY kind, name ORDER BY kind COLLATE "C", name COLLATE "C";
END
[ -z "${KAIRAN_UPDATE:-}" ] || { grep '^#' "$srcdir/tests/sql/role-matrix.tsv"; cat "$dir/found"; } > "$dir/new"
[ -z "${KAIRAN_UPDATE:-}" ] || cp "$dir/new" "$srcdir/tests/sql/role-matrix.tsv"
# People find the same in the manual.
shown() { awk -F '\t' '$3 $4 $5 != "---" && $1 != "sequence" { name = $2; if ($1 == "function") sub(/\(.*/, "()", name); printf "%-30s %-8s %-8s %s\n", name, $3, $4, $5 }' "$dir/found"; }
for chapter in "$srcdir"/doc/book/*/hardening.md; do
    shown | grep -Fxv -f "$chapter" > "$dir/lacks" && { echo "$chapter lacks, or says otherwise:"; cat "$dir/lacks"; exit 1; }
done
grep -v '^#' "$srcdir/tests/sql/role-matrix.tsv" | diff - "$dir/found" && exit 0
echo 'role-matrix.tsv (<) and the grants (>) differ; KAIRAN_UPDATE=1 writes what is, to be read before it is kept'
exit 1
