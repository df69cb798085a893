/* test-view-corpora.c - what others expect to see of messages, names, charsets and links, and where we do otherwise
 *
 * Differences are rows of view-differences.tsv: suite, key, reason. A miss that is not there is a failure, and so is a row of it that
 * passes. Every message of the corpora is looked at besides: whatever it is, its view is clean and within bounds. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "corpus.h"
#include "mime/charset.h"
#include "mime/normal.h"
#include "mime/view-html.h"
#include "mime/view-print.h"
#include "mime/word.h"
#include "tally.h"

static const struct lang *english;

static struct json *
load(TALLOC_CTX *ctx, const char *path)
{
    struct json *json = json_parse(ctx, corpus_read(ctx, path));

    if (json == NULL)
        fail_msg("%s is not there", path);
    return json;
}

/* ---- charsets and names of parts, as Python's email package reads them ---- */

static const struct { const char *dir, *answers; } python_sets[] = {
    {"mime/cpython", "expected.json"},     {"mime/enmime", "python-email.json"},  {"mime/hyperkitty", "python-email.json"},
    {"mime/jsmime", "python-email.json"},  {"mime/mail-gem", "python-email.json"}, {"mime/mailarch", "python-email.json"},
    {"mime/notmuch", "python-email.json"}, {"mime/rspamd", "python-email.json"},  {"mime/tmail", "python-email.json"},
    {"mime/zbateson", "python-email.json"},
};

static char *
python_labels(TALLOC_CTX *ctx, const struct json *row)
{
    struct str *out = str_new(ctx);

    for (const struct json *part = json_get(row, "parts")->first; part != NULL; part = part->next)
        if (json_get(part, "sha256") != NULL) {
            const char *charset = json_text(part, "charset"), *name = json_text(part, "filename");

            str_addf(out, "%s %s|", charset != NULL ? charset : "-", name != NULL && *name != '\0' ? name : "-");
        }
    return out->s;
}

static char *
our_labels(TALLOC_CTX *ctx, const struct message *message)
{
    struct str *out = str_new(ctx);

    for (size_t i = 0; i < message->count; i++)
        if (part_is_leaf(message->parts[i])) {
            const struct part *part = message->parts[i];

            str_addf(out, "%s %s|", part->charset != NULL ? part->charset : "-", part->file_name != NULL ? part->file_name : "-");
        }
    return out->s;
}

static void
labels_are_pythons(void **state)
{
    struct tally tally = {.suite = "labels"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(python_sets); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct json *rows = load(ctx, mem_printf(ctx, "%s/%s", python_sets[i].dir, python_sets[i].answers));

        for (const struct json *row = rows->first; row != NULL; row = row->next) {
            char *key = mem_printf(ctx, "%s/%s", python_sets[i].dir + 5, json_text(row, "file"));
            struct message *message = message_parse(ctx, corpus_read(ctx, mem_printf(ctx, "mime/%s", key)));

            judge(&tally, ctx, key, our_labels(ctx, message), python_labels(ctx, row));
        }
        talloc_free(ctx);
    }
    tell(&tally);
}

/* ---- which parts are read, which are attached: Stalwart's mail-parser ---- */

static void
add_number(struct str *out, size_t number)
{
    char *piece = mem_printf(out, "%zu ", number);

    if (strstr(out->s, piece) == NULL)
        str_add(out, piece);
}

/* Where the bodies of the attachments begin: theirs, and those of our view. */
static void
judge_choice(const char *path, void *context)
{
    struct tally *tally = context;
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *json = str_ends(path, ".eml") ? json_parse(ctx, corpus_read(ctx, mem_printf(ctx, "%.*s.json", (int)(strlen(path) - 4), path)))
                                               : NULL;
    struct str *wanted = str_new(ctx), *got = str_new(ctx);

    if (json != NULL) {
        struct message *message = message_parse(ctx, corpus_with_lf(ctx, corpus_read(ctx, path)));
        struct view *view = view_of(ctx, message, 1 << 20);

        for (const struct json *index = json_get(json, "attachments")->first; index != NULL; index = index->next) {
            const struct json *part = json_get(json, "parts")->first;

            for (long i = 0; i < index->number && part != NULL; i++)
                part = part->next;
            if (part != NULL)
                add_number(wanted, (size_t)json_get(part, "offset_body")->number);
        }
        for (size_t i = 0; i < view->part_count; i++)
            add_number(got, message->parts[view->parts[i].part % PART_COUNT_MAX]->body_start);
        judge(tally, ctx, path + strlen("mime/mail-parser/"), got->s, wanted->s);
    }
    talloc_free(ctx);
}

static void
attachments_are_mail_parsers(void **state)
{
    struct tally tally = {.suite = "attachments"};

    (void)state;
    corpus_walk("mime/mail-parser", judge_choice, &tally);
    tell(&tally);
}

/* ---- one text in many charsets: Mozilla's ---- */

static struct blob
from_hex(TALLOC_CTX *ctx, const char *hex)
{
    struct str *out = str_new(ctx);
    unsigned byte;

    for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
        str_addc(out, (char)byte);
    return str_blob(out);
}

static void
texts_in_every_charset(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct tally tally = {.suite = "charsets"};
    struct json *rows = load(ctx, "text/cjk-search/search.json");

    (void)state;
    for (const struct json *row = rows->first; row != NULL; row = row->next)
        for (const struct json *coded = json_get(row, "encodings")->first; coded != NULL; coded = coded->next) {
            const char *subject = (const char *)coded->first->text.data;
            struct blob body = from_hex(ctx, (const char *)coded->first->next->text.data);
            char *key = mem_printf(ctx, "%s %s", json_text(row, "name"), coded->name);
            struct str *mail = str_new(ctx);
            struct view *view;

            str_addf(mail, "Subject: %s\r\nContent-Type: text/plain; charset=%s\r\n\r\n", subject, coded->name);
            str_addn(mail, body.data, body.len);
            view = view_of(ctx, message_parse(ctx, str_blob(mail)), 10000);
            judge(&tally, ctx, key, view->text, json_text(row, "text"));
            judge(&tally, ctx, mem_printf(ctx, "%s, subject", key), view->head.subject, json_text(row, "text"));
        }
    tell(&tally);
    talloc_free(ctx);
}

/* ---- where links end: linkify-it's ---- */

static char *
first_link(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);
    const char *begin, *end;

    view_print(out, view_html_text(ctx, text), english, false);
    begin = strstr(out->s, "<a href=");
    begin = begin != NULL ? strchr(begin, '>') + 1 : "";
    end = strstr(begin, "</a>");
    out = str_new(ctx);
    for (const char *s = begin; end != NULL && s < end; s++)
        if (str_starts(s, "&amp;")) {
            str_addc(out, '&');
            s += 4;
        } else if (str_starts(s, "&#39;")) {
            str_addc(out, '\'');
            s += 4;
        } else
            str_addc(out, *s);
    return out->s;
}

static void
links_end_where_they_do(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct tally tally = {.suite = "links"};
    struct json *links = load(ctx, "text/linkify/links.json"), *others = load(ctx, "text/linkify/not-links.json");

    (void)state;
    for (const struct json *row = links->first; row != NULL; row = row->next)
        judge(&tally, ctx, json_text(row, "input"), first_link(ctx, json_text(row, "input")), json_text(row, "expected"));
    for (const struct json *row = others->first; row != NULL; row = row->next)
        judge(&tally, ctx, (const char *)row->text.data, first_link(ctx, (const char *)row->text.data), "");
    tell(&tally);
    talloc_free(ctx);
}

/* ---- what HyperKitty's archive makes of its own tests ---- */

static const struct { const char *file, *attachments; } archived[] = {
    {"attachment-1.txt", "puntogil.vcf text/x-vcard|"},
    {"attachment-2.txt", "signature.asc application/pgp-signature|"},
    {"attachment-5.txt", "todo-déjeuner.txt text/plain 112|"},
    {"html-email-2.txt", ""},
    {"payload-utf8.txt", ""},
};

static void
attachments_are_hyperkittys(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(archived); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct blob raw = corpus_read(ctx, mem_printf(ctx, "mime/hyperkitty/%s", archived[i].file));
        struct view *view = raw.data != NULL ? view_of(ctx, message_parse(ctx, raw), 1 << 20) : NULL;
        struct str *got = str_new(ctx);

        for (size_t k = 0; view != NULL && k < view->part_count; k++) {
            str_addf(got, "%s %s", view->parts[k].name, view->parts[k].type);
            if (view->parts[k].size < 200 && str_starts(view->parts[k].type, "text/plain"))
                str_addf(got, " %zu", view->parts[k].size);
            str_addc(got, '|');
        }
        if (view != NULL && (!str_eq(got->s, archived[i].attachments) || *view->text == '\0'))
            fail_msg("%s: %s", archived[i].file, got->s);
        talloc_free(ctx);
    }
}

/* ---- every message ---- */

static void
check_html(const char *path, const char *html, bool for_guests)
{
    for (const char *s = html; *s != '\0'; s++)
        if (((unsigned char)*s < ' ' && *s != '\n' && *s != '\t') ||
            (for_guests && *s == '@' && s > html && isalnum((unsigned char)s[-1]) && isalnum((unsigned char)s[1])))
            fail_msg("%s: %.60s", path, s);
}

static void
look_at(const char *path, void *context)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct blob raw = normal_copy(ctx, corpus_read(ctx, path), NULL);
    struct message *message = message_parse(ctx, raw);
    struct view *view = view_of(ctx, message, 1 << 20);
    char *fragment = view_html(ctx, view, SIZE_MAX, NULL);

    (void)context;
    for (int guest = 0; guest < 2; guest++) {
        struct str *out = str_new(ctx);

        view_print(out, fragment, english, guest == 1);
        if (!utf8_is_valid(out->s, out->len))
            fail_msg("%s: not UTF-8", path);
        check_html(path, out->s, guest == 1);
    }
    for (size_t i = 0; i < view->part_count; i++)
        if (view_part_data(ctx, message, view->parts[i].part).len != view->parts[i].size)
            fail_msg("%s: attachment %zu", path, i);
    if (view->part_count > VIEW_PARTS_MAX || strlen(view->text) > (1 << 20) + (size_t)view->part_count * 1000)
        fail_msg("%s: out of bounds", path);
    talloc_free(ctx);
}

static void
every_message_has_a_clean_view(void **state)
{
    size_t files = corpus_walk("mime", look_at, NULL) + corpus_walk("threading", look_at, NULL) +
                   corpus_walk("html/mimekit", look_at, NULL);

    (void)state;
    print_message("%zu messages\n", files);
    assert_true(files > 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_pythons), cmocka_unit_test(attachments_are_mail_parsers), cmocka_unit_test(texts_in_every_charset),
        cmocka_unit_test(links_end_where_they_do), cmocka_unit_test(attachments_are_hyperkittys),
        cmocka_unit_test(every_message_has_a_clean_view),
    };

    mem_init();
    english = i18n_nth(i18n_open(NULL, "po"), 0);
    if (corpus_dir() == NULL) {
        puts("the corpora are not here");
        return 77;      /* skipped, as automake has it */
    }
    tally_open("view-differences.tsv");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
