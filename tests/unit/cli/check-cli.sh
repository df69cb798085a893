#!/bin/bash
# The command line beside a PostgreSQL of its own: exit codes, answers, the log.
if [ -z "${KAIRAN_TEST_SOCKET_DIR:-}" ]; then exec "$srcdir/tests/with-postgres" bash "$0"; fi
set -u
kairan="${builddir:-.}/kairan"
dir=$(mktemp -d "${TMPDIR:-/tmp}/kairan-cli.XXXXXX")
trap 'rm -rf "$dir"' EXIT
socket=$KAIRAN_TEST_SOCKET_DIR
cat > "$dir/conf" <<END
[database]
admin = host=$socket dbname=kairan user=kairan_admin
owner = host=$socket dbname=kairan user=kairan_owner
worker = host=$socket dbname=kairan user=kairan_worker
web = host=$socket dbname=kairan user=kairan_web
[keys]
dir = $dir/keys
[dns]
servers = 127.0.0.1:1
timeout_ms = 200
END
failed=0
# expect EXIT PATTERN WORDS...: the exit status, and a text that stands in the answer
expect() {
    local status=$1 pattern=$2 answer got
    shift 2
    answer=$("$kairan" -c "$dir/conf" "$@" 2>&1 < "${INPUT:-/dev/null}"); got=$?
    if [ "$got" != "$status" ] || [[ "$answer" != *"$pattern"* ]]; then
        echo "kairan $*: exit $got, wanted $status with \"$pattern\":"; echo "$answer" | head -20; failed=1
    fi
}
# Threads of files need no database: an answer that comes before what it answers, one that answers what is not here, a copy.
mail() { printf 'From x@y.example Fri Jan  2 00:00:0%s 2026\nFrom: Hana <hana@example.jp>\nMessage-ID: <%s@x>\n%s\nDate: Fri, 2 Jan 2026 00:00:0%s +0000\nSubject: %s\n\n%s\n\n' "$1" "$2" "$3" "$1" "$4" "$5"; }
{ mail 3 b 'In-Reply-To: <a@x>' Re one; mail 1 a 'X-A: 1' Hall two; mail 5 d 'References: <gone@x>' Other three; mail 4 b 'In-Reply-To: <a@x>' Re four; } > "$dir/mbox"
expect 0 '#2 <a@x> Hana, 2026-01-02T00:00:01Z: Hall
  #1 <b@x> Hana, 2026-01-02T00:00:03Z: Re
  #4 <b@x> Hana, 2026-01-02T00:00:04Z: Re

(a message that is not here) <gone@x>
  #3 <d@x> Hana, 2026-01-02T00:00:05Z: Other

messages: 4
thread_count: 2' thread read "$dir/mbox"
gzip -k "$dir/mbox"
expect 0 '{"depth": 1, "is_here": true, "message_id": "b@x", "number": 1, "from": "Hana", "address": "hana@example.jp", "subject": "Re", "written_at": "2026-01-02T00:00:03Z", "is_copy": true}' thread read --json "$dir/mbox.gz"
expect 66 'There is no message' thread read "$dir/nothing"
# What a mail says is shown, never obeyed; and no configuration is needed where nobody names one.
printf 'From: =?utf-8?Q?E=1B]0;own=07ve=C2=9B2J?= <eve@x.example>\nMessage-ID: <e\0331@x>\nIn-Reply-To: <gone\a\233@x>\nSubject: =?utf-8?Q?two=0D=0A#9_<b@x>=1B[31m?=\n\nText\n' > "$dir/mail"
if answer=$(env -u KAIRAN_CONF "$kairan" thread read "$dir/mail" 2>&1) && [[ $answer == *'thread_count: 1'* ]]; then
    [ -z "$(LC_ALL=C tr -d '\n -~\302-\364\200-\277' <<< "$answer")" ] && [[ $answer != *$'\n#9'* ]] && ! LC_ALL=C grep -q $'\302[\200-\237]' <<< "$answer" ||
        { echo "thread read prints raw:"; cat -v <<< "$answer"; failed=1; }
else
    echo "thread read without a configuration: $answer"; failed=1
fi
if [ -d "${KAIRAN_CORPORA:-}/threading" ]; then
    expect 0 'thread_count: 24' thread read "$KAIRAN_CORPORA/threading/notmuch/default.mbox"
fi
expect 73 'kairan db migrate' db status
version=$(ls "$srcdir"/sql/migrations/*.sql | wc -l)
expect 0 "version: $version" db migrate
expect 0 "version: $version" db migrate
expect 0 'current: yes' db status
expect 0 'lists.example.jp' domain create Lists.Example.JP --web-host localhost:8080
expect 73 'here already' domain create lists.example.jp
expect 64 'is not a domain name' domain create 'a b'
expect 0 'v=DKIM1; k=rsa; p=' dkim new lists.example.jp
expect 0 '"name": "k' dkim show lists.example.jp --json
expect 66 'no domain' dkim new elsewhere.example
[ "$(find "$dir/keys" -name '*.pem' -perm 600 | wc -l)" = 2 ] || { echo "key files: $(ls -lR "$dir/keys")"; failed=1; }
expect 0 'address: test@lists.example.jp' list create test@lists.example.jp --owner hana@example.jp --language ja --display-name 'テスト'
expect 64 'sub-addresses' list create test-owner@lists.example.jp
expect 64 'It takes en or ja.' list create x@lists.example.jp --language fr
expect 66 'There is no list' list show x@lists.example.jp
expect 0 '"display_name": "テスト"' --json list show test@lists.example.jp
expect 0 'emergency: yes' list set test@lists.example.jp emergency=yes max_message_size=5
expect 0 '"max_message_size": "5"' list show test@lists.example.jp --json
expect 64 'emergency: This takes yes or no.' list set test@lists.example.jp max_message_size=6 emergency=perhaps
expect 0 '"max_message_size": "5"' list show test@lists.example.jp --json
expect 66 'no setting "emergence"' list set test@lists.example.jp emergence=yes
expect 64 'Name one list' list set emergency=yes
expect 0 'emergency: no' list set test emergency=no
expect 66 'There is no list other' list show other
expect 0 'other.example.jp' domain create other.example.jp
expect 0 'test@other.example.jp' list create test@other.example.jp
expect 73 'Several lists are called test' list show test
for i in $(seq 10000); do echo "Person $i <m$i@members.example.org>"; done > "$dir/many"
printf '%s\n' 'nonsense' 'm1@members.example.org' >> "$dir/many"
expect 0 '"added": 10000' --json member add test@lists.example.jp --file "$dir/many"
INPUT=$dir/many expect 0 '"outcome": "member"' --json member add test@lists.example.jp -
expect 64 'is no role' member add test@lists.example.jp a@example.org --role king
expect 64 'No address' member add test@lists.example.jp
expect 0 'removed: 1' member remove test@lists.example.jp m7@members.example.org
expect 0 'hana@example.jp' member list test@lists.example.jp --role owner
expect 0 '"removed": 9999' --json member remove test@lists.example.jp --file "$dir/many"
expect 0 '"added": 10000' --json member add test@lists.example.jp --file "$dir/many"
expect 0 'banned: @Spam.example' ban add @Spam.example --list test@lists.example.jp --reason 'all of them'
expect 73 'banned already' ban add @spam.example --list test@lists.example.jp
expect 0 '"outcome": "banned"' --json member add test@lists.example.jp x@spam.example
expect 0 'all of them' ban list --list test@lists.example.jp
expect 0 '(none)' ban list
expect 0 'removed: @spam.example' ban remove @spam.example --list test@lists.example.jp
expect 66 'not banned' ban remove @spam.example --list test@lists.example.jp
expect 0 'banned: ^.*@(a|b)\.example$' ban add '^.*@(a|b)\.example$'
expect 0 '"outcome": "banned"' --json member add test@lists.example.jp 'X@b.example'
expect 64 'neither an address' ban add '^(' --list test@lists.example.jp
expect 64 'neither an address' ban add '@club@lists.example.jp'
expect 0 'removed' ban remove '^.*@(a|b)\.example$'
printf 'From: a@x.example\nTo: test@lists.example.jp\nSubject: =?iso-2022-jp?B?GyRCTCQ+NUJ6OS05cBsoQg==?= BUY\nX-Spam-Flag: YES\n\nunsubscribe\n' > "$dir/mail"
expect 0 'added: 1' filter add Subject: '^\[ad\]' --list test@lists.example.jp --action discard
expect 0 'added: 2' filter add Subject 'BUY$' --list test@lists.example.jp --action reject --text 'No advertising.' --note 'since May' --and 'From: @x\.'
expect 0 'added: 3' filter add X-Mailer . --action hold
expect 64 'is not a regular expression' filter add Subject '(' --list test@lists.example.jp
expect 64 'not the name of a header field' filter add 'Sub ject' . --list test@lists.example.jp
expect 64 'a whole number' filter add :size big --list test@lists.example.jp
expect 64 'An action is' filter add Subject . --list test@lists.example.jp --action ban
INPUT=$dir/mail expect 0 'met: 2' filter test --list test@lists.example.jp
INPUT=$dir/mail expect 0 'met: 0' filter test
INPUT=$dir/mail expect 0 'action: reject' rules explain test@lists.example.jp
expect 0 'moved: 2' filter move 2 1 --list test@lists.example.jp
expect 66 'no such filter' filter move 3 1 --list test@lists.example.jp
expect 0 '"conditions": "Subject: BUY$, From: @x\\."' --json filter list --list test@lists.example.jp
expect 0 'removed: 2' filter remove 2 --list test@lists.example.jp
INPUT=$dir/mail expect 0 'The author is not a member of the list.' rules explain test@lists.example.jp
INPUT=$dir/mail expect 0 '"answer": "hit"' rules explain test@lists.example.jp --json
expect 0 'member-moderation' rules list
echo 'short' > "$dir/password"
INPUT=$dir/password expect 64 '8 to 100' password set test@lists.example.jp
echo 'long enough' > "$dir/password"
INPUT=$dir/password expect 0 'set: test@lists.example.jp' password set test@lists.example.jp
expect 0 'removed: test' password remove test@lists.example.jp
expect 66 'no moderators' password remove test@lists.example.jp
expect 0 'added: Concerts' topic add test@lists.example.jp Concerts 'concert|演奏会' --description 'What we play'
expect 73 'of this name' topic add test@lists.example.jp Concerts x
expect 0 'topics: 1' topic choose test@lists.example.jp m1@members.example.org Concerts --only
expect 66 'no topic "Cats"' topic choose test@lists.example.jp m1@members.example.org Cats
expect 66 'is not a member' topic choose test@lists.example.jp m7777777@members.example.org Concerts
expect 0 '"members": 1' --json topic list test@lists.example.jp
expect 0 'removed: Concerts' topic remove test@lists.example.jp concerts
message=$(psql -qAtX -h "$socket" -U postgres -d kairan <<'END'
INSERT INTO message (list_id, state, bytes, size, sha256, sender, recipient, kind, received_at)
    VALUES (1, 'held', 'abc', 3, sha256('abc'), 'a@example.org', 'test@lists.example.jp', 'post', '2026-01-01') RETURNING id;
INSERT INTO held (list_id, message_id, subject, from_name, from_address, reasons, authentication, excerpt, held_at)
    VALUES (1, 1, 'Spring', 'A', 'a@example.org', '{"The message has no subject."}', 'none', 'x', '2026-01-01');
END
)
expect 0 'Spring' held list test@lists.example.jp
expect 0 'Spring' held list --all --match prin
expect 0 'turned_down: 0' held show test@lists.example.jp 1
expect 0 'authors_told: 0' held reject test@lists.example.jp 1 --reason 'Too long.'
expect 66 'not held here' held accept test@lists.example.jp 1
expect 64 'Name the posts' held accept test@lists.example.jp
expect 0 'accepted: 0' held accept test@lists.example.jp --match nothing --now
expect 66 'not held here' held undo test@lists.example.jp 1
expect 0 '(none)' held list --all
expect 64 'Name a list' held list
expect 66 'not held here' held show test@lists.example.jp 1
expect 0 'state: refused' queue show "$message"
expect 0 '/login/' user login-link op@example.jp --admin
expect 64 'is not a mail address' user login-link op
expect 0 'member_remove' log --list test@lists.example.jp --most 10100
expect 0 'setting_change' log --most 100000
expect 0 'waiting: 0' queue
expect 66 'no message 9' queue retry 9
expect 73 'Nothing of this message' queue retry 1
expect 73 'agrees with itself' check --deep
expect 64 'is missing' list show
expect 64 'no command' bogus
expect 0 'kairan post show' post --help
completed=$(COMP_LINE='kairan mem' "$kairan" --complete kairan mem kairan | tr '\n' ' ')$(COMP_LINE='kairan member ' "$kairan" --complete kairan '' member | tr '\n' ' ')
[ "$completed" = 'member add remove sync list show set find move ' ] || { echo "completed: $completed"; failed=1; }
expect 0 'removed: test@lists.example.jp' list remove test@lists.example.jp
expect 66 'There is no list' list show test@lists.example.jp
audited=$(psql -qAtX -h "$socket" -U postgres -d kairan -c "SELECT count(*) FROM audit WHERE action = 'member_add'")
[ "$audited" = 20001 ] || { echo "audit rows of members: $audited"; failed=1; }
exit $failed
