#!/bin/sh
# The policy room's tests beside a PostgreSQL of their own.
exec "$srcdir/tests/with-postgres" "${builddir:-.}/tests/unit/policy/test-policy-db"
