#!/bin/sh
# Posts and their threads beside a PostgreSQL of their own.
exec "$srcdir/tests/with-postgres" "${builddir:-.}/tests/unit/archive/test-place"
