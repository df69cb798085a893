#!/bin/sh
# Every text has a Japanese translation, and none uses a word that po/GLOSSARY forbids.
set -eu
dir=$(mktemp -d "${TMPDIR:-/tmp}/kairan-po.XXXXXX")
trap 'rm -rf "$dir"' EXIT
"${PYTHON3:-/usr/bin/python3}" "$srcdir/po/extract.py" "$srcdir" "$dir/kairan.pot"
"${PYTHON3:-/usr/bin/python3}" "$srcdir/tests/unit/po/check-po.py" "$srcdir/po" "$dir/kairan.pot"
