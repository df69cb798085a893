#!/bin/sh
# The manual pages say something about every row, and are sound roff where groff is here to judge.
failed=0
for page in kairan.1 kairan.conf.5 kairan-settings.7; do
    [ -s "${builddir:-.}/doc/$page" ] || { echo "$page was not made"; failed=1; }
done
for word in 'member add' 'dkim new' 'post show'; do
    grep -q "$word" "${builddir:-.}/doc/kairan.1" || { echo "kairan.1 does not know $word"; failed=1; }
done
grep -q 'max_message_size' "${builddir:-.}/doc/kairan-settings.7" || { echo 'no max_message_size'; failed=1; }
command -v groff >/dev/null || exit $failed
for page in "${builddir:-.}"/doc/kairan*.[157] "$srcdir"/doc/*.8; do
    said=$(groff -man -Tutf8 -ww -z -K utf8 "$page" 2>&1)
    [ -z "$said" ] || { echo "$said"; failed=1; }
done
exit $failed
