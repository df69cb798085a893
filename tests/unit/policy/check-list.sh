#!/bin/sh
# Lists' names and ends beside a PostgreSQL of their own.
exec "$srcdir/tests/with-postgres" "${builddir:-.}/tests/unit/policy/test-list-db"
