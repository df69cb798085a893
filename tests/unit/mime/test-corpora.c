/* test-corpora.c - foreign test data: what others expect, and where we do otherwise
 *
 * Each suite counts; a miss that is not in the table below is a failure, and so is a row of it that passes. Expectations on
 * broken input are one parser's opinion: the table says why ours differs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "corpus.h"
#include "mime/address.h"
#include "mime/edit.h"
#include "mime/normal.h"
#include "mime/summary.h"
#include "mime/word.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

static const struct { const char *suite, *key, *reason; } known[] = {
    {"params", "20", "a second filename*2 after the repeated *0 and *1 still continues the name"},
    {"params", "26", "an empty charset is allowed by RFC 2231; the name is worth more than nothing"},
    {"params", "27", "likewise an unknown charset"},
    {"addresses", "3", "\"!\" needs no quotes: ! is atext"},
    {"addresses", "14", "no domain: counted, but nobody"},
    {"addresses", "20", "blanks at the end of a display name are cut"},
    {"addresses", "24", "no addr-spec: counted, but nobody"},
    {"addresses", "25", "the suite did not decode words here; we always do"},
    {"addresses", "31", "comments are not part of a display name"},
    {"addresses", "32", "a comment stands for the name without its parentheses"},
    {"addresses", "34", "the last comment alone stands for the name"},
    {"addresses", "37", "specials inside a broken word count: two readers may differ, so a person should look"},
    {"addresses", "38", "no addr-spec: counted, but nobody"},
    {"python", "cpython/msg_37.txt", "two boundaries in a row hold an empty part"},
    {"python", "cpython/msg_42.txt", "a multipart whose boundary never comes keeps its text"},
    {"python", "rspamd/alternative-empty-related.eml", "likewise"},
    {"python", "enmime/mail/mime-bad-content-transfer-encoding.raw", "text labelled base64: decoded for what it is worth"},
    {"python", "enmime/mail/mime-blank-media-name.raw", "Python makes the forgotten semicolon part of the type"},
    {"python", "enmime/parts/badboundary.raw", "an unended part keeps its last line end"},
    {"python", "enmime/parts/multimixed-no-closing-boundary.raw", "likewise"},
    {"python", "jsmime/message-encoded", "an encoded message is one attachment (RFC 2046 5.2.1 forbids it)"},
    {"python", "jsmime/mime-torture", "blanks at the end of a quoted-printable line are padding (RFC 2045 6.7 (3))"},
    {"python", "mail-gem/mime_emails/raw_email_with_mimepart_without_content_type.eml", "message/delivery-status is one leaf"},
    {"python", "mailarch/mail_delivery_status.1", "likewise"},
    {"python", "tmail/raw_email_with_mimepart_without_content_type", "likewise"},
    {"python", "mailarch/mail_external_body.1", "message/external-body is one leaf"},
    {"python", "mailarch/mail_external_body.2", "likewise"},
    {"python", "mail-gem/plain_emails/raw_email_incorrect_header.eml", "a line without colon does not end the header (the rest of it is not text)"},
    {"python", "tmail/raw_email9", "likewise"},
    {"python", "rspamd/phish_sender4.eml", "likewise: \"From\" and its colon on two lines"},
};

struct tally {
    const char *suite;
    size_t passed, known, missed;
};

static bool
is_known(const char *suite, const char *key)
{
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(known[i].suite, suite) == 0 && strcmp(known[i].key, key) == 0)
            return true;
    return false;
}

static void
judge(struct tally *tally, const char *key, bool ok, const char *got, const char *wanted)
{
    if (ok && !is_known(tally->suite, key))
        tally->passed++;
    else if (!ok && is_known(tally->suite, key))
        tally->known++;
    else {
        tally->missed++;
        printf("%s %s: %s \"%s\", wanted \"%s\"\n", tally->suite, key, ok ? "passes now:" : "got", got, wanted);
    }
}

static void
tell(const struct tally *tally)
{
    print_message("%s: %zu as expected, %zu known misses\n", tally->suite, tally->passed, tally->known);
    assert_int_equal(tally->missed, 0);
    assert_true(tally->passed > 0);
}

/* In the jsmime suites characters up to U+00FF stand for bytes. */
static struct blob
latin1_bytes(TALLOC_CTX *ctx, struct blob text)
{
    struct str *out = str_new(ctx);

    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];

        if ((c & 0xfc) == 0xc0 && i + 1 < text.len)
            str_addc(out, (char)((c & 3) << 6 | (text.data[++i] & 0x3f)));
        else
            str_addc(out, (char)c);
    }
    return str_blob(out);
}

static struct json *
load(TALLOC_CTX **ctx, const char *path)
{
    *ctx = talloc_new(NULL);
    if (corpus_dir() == NULL)
        skip();
    struct json *json = json_parse(*ctx, corpus_read(*ctx, path));

    assert_non_null(json);
    return json;
}

static void
test_words(void **state)
{
    TALLOC_CTX *ctx;
    struct json *rows = load(&ctx, "text/jsmime/encoded-words.json");
    struct tally tally = {.suite = "words"};
    size_t i = 0;

    (void)state;
    for (const struct json *row = rows->first; row != NULL; row = row->next, i++) {
        char *got = word_decode(ctx, json_get(row, "input")->text);

        judge(&tally, mem_printf(ctx, "%zu", i), strcmp(got, json_text(row, "expected")) == 0, got, json_text(row, "expected"));
    }
    tell(&tally);
    talloc_free(ctx);
}

static void
test_params(void **state)
{
    TALLOC_CTX *ctx;
    struct json *rows = load(&ctx, "text/jsmime/parameters.json");
    struct tally tally = {.suite = "params"};
    size_t i = 0;

    (void)state;
    for (const struct json *row = rows->first; row != NULL; row = row->next, i++) {
        const struct json *expected = json_get(row, "expected"), *params = json_get(expected, "params");
        struct params *got = params_parse(ctx, latin1_bytes(ctx, json_get(row, "input")->text));
        bool ok = strcmp(got->value, json_text(expected, "value")) == 0 && got->count == params->count;
        const char *shown = got->count > 0 ? got->rows[0].value : "";

        for (const struct json *param = params->first; param != NULL; param = param->next)
            ok = ok && str_eq(params_get(got, param->name), (const char *)param->text.data);
        judge(&tally, mem_printf(ctx, "%zu", i), ok, shown, params->first != NULL ? (const char *)params->first->text.data : "");
    }
    tell(&tally);
    talloc_free(ctx);
}

/* "name <email>" of every mailbox, groups opened. */
static void
add_expected(struct str *out, const struct json *row)
{
    const struct json *group = json_get(row, "group");

    if (group == NULL) {
        str_addf(out, "%s <%s>; ", json_text(row, "name"), json_text(row, "email"));
        return;
    }
    for (const struct json *member = group->first; member != NULL; member = member->next)
        add_expected(out, member);
}

static void
test_addresses(void **state)
{
    TALLOC_CTX *ctx;
    struct json *rows = load(&ctx, "text/jsmime/addresses.json");
    struct tally tally = {.suite = "addresses"};
    size_t i = 0;

    (void)state;
    for (const struct json *row = rows->first; row != NULL; row = row->next, i++) {
        struct str *wanted = str_new(ctx), *got = str_new(ctx);
        struct address_list *list = address_list_parse(ctx, json_get(row, "input")->text);

        for (const struct json *expected = json_get(row, "expected")->first; expected != NULL; expected = expected->next)
            add_expected(wanted, expected);
        for (size_t k = 0; k < list->count; k++)
            str_addf(got, "%s <%s>; ", list->rows[k].display, address_text(ctx, &list->rows[k]));
        judge(&tally, mem_printf(ctx, "%zu", i), strcmp(got->s, wanted->s) == 0, got->s, wanted->s);
    }
    tell(&tally);
    talloc_free(ctx);
}

static void
test_dates(void **state)
{
    TALLOC_CTX *ctx;
    struct json *rows = load(&ctx, "text/jsmime/dates.json");
    struct tally tally = {.suite = "dates"};
    size_t i = 0;

    (void)state;
    for (const struct json *row = rows->first; row != NULL; row = row->next, i++) {
        const char *expected = json_text(row, "expected"), *input = json_text(row, "input");
        int64_t got = summary_date(input), wanted = 0;
        int y, mo, d, h, mi, s;

        /* The same instant, written plainly by us. */
        if (expected != NULL && sscanf(expected, "%d-%d-%dT%d:%d:%d", &y, &mo, &d, &h, &mi, &s) == 6) {
            static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
            const char *zone = expected + 19;

            wanted = summary_date(mem_printf(ctx, "%d %.3s %04d %02d:%02d:%02d %s", d, months + (mo - 1) * 3, y, h, mi, s,
                                             *zone == 'Z' ? "+0000" : zone));
        }
        judge(&tally, mem_printf(ctx, "%zu", i), got == wanted, input, expected != NULL ? expected : "no date");
    }
    tell(&tally);
    talloc_free(ctx);
}

/* "valid" is taken, "err..." refused; for the rest a list server may choose, and the choice is: refused when it needs folding,
 * comments or obsolete forms. */
static void
test_isemail(void **state)
{
    TALLOC_CTX *ctx;
    struct json *rows = load(&ctx, "text/addresses/isemail.json");
    struct tally tally = {.suite = "isemail"};
    size_t i = 0;

    (void)state;
    for (const struct json *row = rows->first; row != NULL; row = row->next, i++) {
        struct blob text = row->first->text;
        const char *diagnosis = (const char *)row->first->next->text.data;
        struct address address;
        bool taken = strlen((const char *)text.data) == text.len && address_parse(ctx, (const char *)text.data, &address);
        bool must_take = strcmp(diagnosis, "valid") == 0;
        bool must_refuse = str_starts(diagnosis, "err") || str_starts(diagnosis, "deprec") || str_starts(diagnosis, "cfwsComment");

        judge(&tally, mem_printf(ctx, "%zu", i), must_take ? taken : must_refuse ? !taken : true, (const char *)text.data, diagnosis);
    }
    tell(&tally);
    talloc_free(ctx);
}

/* Trees */

static char *
part_line(TALLOC_CTX *ctx, const char *type, const char *sha, bool leaf)
{
    return leaf && sha != NULL ? mem_printf(ctx, "%s %.8s\n", type, sha) : mem_printf(ctx, "%s\n", type);
}

static char *
our_tree(TALLOC_CTX *ctx, const struct message *message)
{
    struct str *out = str_new(ctx);

    for (size_t i = 0; i < message->count; i++) {
        const struct part *part = message->parts[i];
        uint8_t digest[SHA256_LEN];

        sha256(part_data(ctx, message, part), digest);
        str_add(out, part_line(ctx, part->type, hex_encode(ctx, (struct blob){digest, SHA256_LEN}), part_is_leaf(part)));
    }
    return out->s;
}

static char *
python_tree(TALLOC_CTX *ctx, const struct json *row)
{
    struct str *out = str_new(ctx);

    for (const struct json *part = json_get(row, "parts")->first; part != NULL; part = part->next)
        str_add(out, part_line(ctx, json_text(part, "type"), json_text(part, "sha256"), true));
    return out->s;
}

static const struct { const char *dir, *answers; } python_sets[] = {
    {"mime/cpython", "expected.json"},     {"mime/enmime", "python-email.json"},  {"mime/hyperkitty", "python-email.json"},
    {"mime/jsmime", "python-email.json"},  {"mime/mail-gem", "python-email.json"}, {"mime/mailarch", "python-email.json"},
    {"mime/notmuch", "python-email.json"}, {"mime/rspamd", "python-email.json"},  {"mime/tmail", "python-email.json"},
    {"mime/zbateson", "python-email.json"},
};

/* The trees and the decoded bodies that Python's email package finds. */
static void
test_python(void **state)
{
    struct tally tally = {.suite = "python"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(python_sets); i++) {
        TALLOC_CTX *ctx;
        char *path = mem_printf(NULL, "%s/%s", python_sets[i].dir, python_sets[i].answers);
        struct json *rows = load(&ctx, path);

        talloc_free(path);
        for (const struct json *row = rows->first; row != NULL; row = row->next) {
            TALLOC_CTX *scratch = talloc_new(ctx);
            char *key = mem_printf(scratch, "%s/%s", python_sets[i].dir + 5, json_text(row, "file"));
            struct blob raw = corpus_read(scratch, mem_printf(scratch, "mime/%s", key));
            char *got, *wanted = python_tree(scratch, row);

            if (raw.data == NULL)
                fail_msg("%s is not there", key);
            got = our_tree(scratch, message_parse(scratch, raw));
            judge(&tally, key, strcmp(got, wanted) == 0, got, wanted);
            talloc_free(scratch);
        }
        talloc_free(ctx);
    }
    tell(&tally);
}

/* Every message whole and cut at up to 150 places: read, summed up, edited; the sanitizers judge. */
static void
read_prefixes(const char *path, void *context)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct blob raw = normal_copy(ctx, corpus_read(ctx, path), NULL);
    size_t step = raw.len / 150 + 1;

    (void)context;
    if (raw.len > 100000)
        step = raw.len / 7 + 1;
    for (size_t len = 0; len <= raw.len; len += step) {
        TALLOC_CTX *scratch = talloc_new(ctx);
        struct blob cut = blob_copy(scratch, raw.data, len);
        struct message *message = message_parse(scratch, cut);
        struct edit_list *edits = edit_new(scratch, message);
        const char *reason;

        summary_read(scratch, message);
        edit_subject_prefix(edits, "[l 1]");
        edit_footer_text(edits, "日本\n", &reason);
        message_parse(scratch, edit_apply(scratch, edits));
        talloc_free(scratch);
    }
    talloc_free(ctx);
}

static void
test_prefixes(void **state)
{
    size_t files;

    (void)state;
    if (corpus_dir() == NULL)
        skip();
    files = corpus_walk("mime", read_prefixes, NULL) + corpus_walk("threading", read_prefixes, NULL);
    print_message("prefixes: %zu messages\n", files);
    assert_true(files > 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),   cmocka_unit_test(test_params), cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_dates),   cmocka_unit_test(test_isemail), cmocka_unit_test(test_python),
        cmocka_unit_test(test_prefixes)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
