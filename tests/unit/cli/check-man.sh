#!/bin/sh
# The manual pages say something about every row, and are sound roff where groff is here to judge.
failed=0
for page in kairan.1 kairan.conf.5 kairan-settings.7 kairan-manual.7 kairan-manual.ja.7; do
    [ -s "${builddir:-.}/doc/$page" ] || { echo "$page was not made"; failed=1; }
done
# A row of a table, and the page that tells of it.
tells() {
    sed -n "$2" "$srcdir/$1" | sort -u >"${builddir:-.}/rows.$$"
    [ -s "${builddir:-.}/rows.$$" ] || { echo "$1 has no rows"; failed=1; }
    while read -r row; do
        sed 's/\\-/-/g' "${builddir:-.}/doc/$3" | grep -qwF -- "$row" || { echo "$3 does not know $row"; failed=1; }
    done <"${builddir:-.}/rows.$$"
    rm -f "${builddir:-.}/rows.$$"
}
tells core/cli/commands.def 's/^COMMAND("\([^"]*\)".*/"\1"/p' kairan.1
tells core/policy/settings.def 's/^[A-Z]*(\([a-z0-9_]*\),.*/\1/p' kairan-settings.7
tells core/util/status.def 's/^STATUS(.*", \([0-9]*\), N_(.*/.B \1/p' kairan.1
tells core/policy/rules.def 's/^RULE("\([^"]*\)".*/\1/p' kairan-settings.7
command -v groff >/dev/null || exit $failed
for page in "${builddir:-.}"/doc/kairan*.[157] "$srcdir"/doc/*.8; do
    # groff may break Japanese between any two characters only if told so, as man does by the reader's language
    case $page in *.ja.*) language=-mja ;; *) language= ;; esac
    said=$(groff -man $language -Tutf8 -ww -z -K utf8 "$page" 2>&1)
    [ -z "$said" ] || { echo "$said"; failed=1; }
done
exit $failed
