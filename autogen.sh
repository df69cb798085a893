#!/bin/sh
# Makes configure and Makefile.in from their sources; needs autoconf and automake.
set -eu
cd "$(dirname "$0")"
for tool in autoconf automake pkg-config; do
    command -v "$tool" >/dev/null ||
        { echo "autogen.sh: $tool is missing; on Debian: apt-get install autoconf automake pkg-config" >&2; exit 1; }
done
mkdir -p m4
autoreconf --install --force
echo "Now run ./configure"
