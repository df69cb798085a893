#!/bin/sh
# The store's tests beside a PostgreSQL of their own.
exec "$srcdir/tests/with-postgres" "${builddir:-.}/tests/unit/store/test-db"
