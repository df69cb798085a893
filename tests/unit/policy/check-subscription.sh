#!/bin/sh
# Joining and leaving beside a PostgreSQL of their own.
exec "$srcdir/tests/with-postgres" "${builddir:-.}/tests/unit/policy/test-subscription"
