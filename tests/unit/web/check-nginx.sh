#!/bin/sh
# nginx-example is what routes.def says, and nginx understands it.
set -eu
"${PYTHON3:-/usr/bin/python3}" "$srcdir/web/nginx-limits.py" "$srcdir" --check
command -v nginx >/dev/null 2>&1 && command -v openssl >/dev/null 2>&1 || exit 0
dir=$(mktemp -d "${TMPDIR:-/tmp}/kairan-nginx.XXXXXX")
trap 'rm -rf "$dir"' EXIT
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=lists.example.org -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null
sed -e "s,/etc/letsencrypt/live/lists.example.org/fullchain.pem,$dir/cert.pem," \
    -e "s,/etc/letsencrypt/live/lists.example.org/privkey.pem,$dir/key.pem," \
    -e "s,/var/cache/nginx/kairan,$dir/cache," -e "s,/var/log/nginx/kairan.log,$dir/log," \
    -e 's,listen 80;,listen 127.0.0.1:18999;,; s,listen 443 ssl,listen 127.0.0.1:18998 ssl,; /\[::\]/d' "$srcdir/nginx-example" >"$dir/site"
printf 'pid %s/pid;\nerror_log %s/error;\nevents { }\nhttp {\ninclude %s/site;\n}\n' "$dir" "$dir" "$dir" >"$dir/nginx.conf"
nginx -t -q -c "$dir/nginx.conf" -p "$dir" -e "$dir/error" || { cat "$dir/error"; exit 1; }
