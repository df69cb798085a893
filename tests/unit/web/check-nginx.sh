#!/bin/sh
# nginx-example is what routes.def says, nginx understands it, and no secret of a link comes into its log.
set -eu
"${PYTHON3:-/usr/bin/python3}" "$srcdir/web/nginx-limits.py" "$srcdir" --check
command -v nginx >/dev/null 2>&1 && command -v openssl >/dev/null 2>&1 || exit 0
dir=$(mktemp -d "${TMPDIR:-/tmp}/kairan-nginx.XXXXXX")
pid=
trap '[ -z "$pid" ] || kill "$pid"; rm -rf "$dir"' EXIT
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=lists.example.org -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null
sed -e "s,/etc/letsencrypt/live/lists.example.org/fullchain.pem,$dir/cert.pem," \
    -e "s,/etc/letsencrypt/live/lists.example.org/privkey.pem,$dir/key.pem," \
    -e "s,/var/cache/nginx/kairan,$dir/cache," -e "s,/var/log/nginx/kairan.log,$dir/log," \
    -e "s,unix:/run/kairan-web/web.sock,unix:$dir/nobody," \
    -e "s,listen 80;,listen unix:$dir/plain;,; s,listen 443 ssl,listen unix:$dir/tls ssl,; /\[::\]/d" "$srcdir/nginx-example" >"$dir/site"
printf 'pid %s/pid;\nerror_log %s/error;\nevents { }\nhttp {\naccess_log %s/other;\ninclude %s/site;\n}\n' "$dir" "$dir" "$dir" "$dir" >"$dir/nginx.conf"
nginx -t -q -c "$dir/nginx.conf" -p "$dir" -e "$dir/error" || { cat "$dir/error"; exit 1; }

# ---- what is logged, of either server ----
command -v curl >/dev/null 2>&1 || exit 0
nginx -c "$dir/nginx.conf" -p "$dir" -e "$dir/error"        # it listens when this returns
pid=$(cat "$dir/pid")
ask() {     # ask SERVER SCHEME PATH LOGGED
    curl -sk -o "$dir/answer" --unix-socket "$dir/$1" "$2://lists.example.org$3"
    echo "GET $4 HTTP" >>"$dir/wanted"
}
for kind in u confirm cancel login m f me/address; do
    ask tls https "/$kind/SECRET" "/$kind/***"
done
ask plain http /u/SECRET '/u/***'
ask tls https '/language?return=%2Fu%2FSECRET' '/language?***'
ask tls https '/login?return=%2Fconfirm%2FSECRET' '/login?***'
ask tls https '/login/password?return=%2Fm%2FSECRET' '/login/***'
ask plain http '/language?return=%2Fu%2FSECRET' '/language?***'
ask tls https '/lists/test/?before=1' '/lists/test/?before=1'
ask plain http /login /login
kill -QUIT "$pid"           # what was asked is written when it has ended
for turn in $(seq 600); do
    [ -e "$dir/pid" ] || break
    sleep 0.05
done
pid=
sed 's/^[^"]*"//; s,HTTP/.*,HTTP,' "$dir/log" | sort >"$dir/logged"
sort "$dir/wanted" | diff - "$dir/logged" || { echo "nginx-example does not log this as it should"; exit 1; }
[ ! -s "$dir/other" ] || { echo "a server of nginx-example logs elsewhere too:"; cat "$dir/other"; exit 1; }
