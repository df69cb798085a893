/* test-trees.c - the trees of parts that other parsers see, byte by byte, and where ours differ
 *
 * mime4j's of its own messages and of MIME-tools', MimeKit's places of every part of an mbox, what Dovecot's imaptest expects of
 * sections and of searches in fields, which texts Stalwart's mail-parser reads. Differences are rows of view-differences.tsv: a miss
 * that is not there is a failure, and so is a row of it that passes. */
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
#include "mime/address.h"
#include "mime/normal.h"
#include "mime/part.h"
#include "mime/summary.h"
#include "mime/word.h"
#include "tally.h"
#include "util/clock.h"

static struct blob
slice(struct blob raw, size_t start, size_t end)
{
    return (struct blob){raw.data + start, end > start ? end - start : 0};
}

/* A line of it is indented and marked, so that no text looks like structure. CR LF is LF. An epilogue that is a line end is none. */
static void
add_text(struct str *out, char mark, const uint8_t *data, size_t len)
{
    if (mark == 'e' && (len == 0 || (len <= 2 && data[len - 1] == '\n')))
        return;
    str_addf(out, "%c ", mark);
    for (size_t i = 0; i < len; i++)
        if (data[i] == '\n')
            str_add(out, "\n| ");
        else if (data[i] != '\r' || i + 1 == len || data[i + 1] != '\n')
            str_addc(out, (char)data[i]);
    str_addc(out, '\n');
}

/* ---- mime4j: NAME.xml ---- */

static const struct { const char *tag, *opens, *closes; char text; } xml_tags[] = {
    {"message", "message\n", "end\n", 0},   {"body-part", "part\n", "end\n", 0}, {"multipart", "(\n", ")\n", 0},
    {"field", NULL, NULL, 'f'},             {"body", NULL, NULL, 'b'},           {"preamble", NULL, NULL, 'p'},
    {"epilogue", NULL, NULL, 'e'},
};

static struct str *
xml_unescape(TALLOC_CTX *ctx, const uint8_t *s, const uint8_t *end)
{
    static const struct { const char *entity; char c; } entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}};
    struct str *out = str_new(ctx);

    s += s < end && *s == '\r';     /* they put a line end before each text */
    s += s < end && *s == '\n';
    while (s < end) {
        size_t k = 0;

        while (k < COUNT_OF(entities) && strncmp((const char *)s, entities[k].entity, strlen(entities[k].entity)) != 0)
            k++;
        str_addc(out, k < COUNT_OF(entities) ? entities[k].c : (char)*s);
        s += k < COUNT_OF(entities) ? strlen(entities[k].entity) : 1;
    }
    return out;
}

static char *
xml_tree(TALLOC_CTX *ctx, struct blob xml)
{
    struct str *out = str_new(ctx);
    const uint8_t *end = xml.data + xml.len;

    for (const uint8_t *s = xml.data; s < end; s++) {
        const uint8_t *close = *s == '<' ? memchr(s, '>', (size_t)(end - s)) : NULL;

        for (size_t i = 0; close != NULL && i < COUNT_OF(xml_tags); i++) {
            size_t is_end = s[1] == '/', len = strlen(xml_tags[i].tag);

            if ((size_t)(close - s) != 1 + is_end + len || memcmp(s + 1 + is_end, xml_tags[i].tag, len) != 0)
                continue;
            if (xml_tags[i].text == 0)
                str_add(out, is_end ? xml_tags[i].closes : xml_tags[i].opens);
            else if (!is_end) {
                const uint8_t *stop = memchr(close, '<', (size_t)(end - close));
                struct str *text = xml_unescape(ctx, close + 1, stop);

                add_text(out, xml_tags[i].text, (const uint8_t *)text->s, text->len);
            }
        }
        s = close != NULL ? close : s;
    }
    return out->s;
}

/* The start of the line before the one that ends at `at`, that is of a boundary; and what is before its line end. */
static size_t
line_start(struct blob raw, size_t at)
{
    for (at -= at > 0; at > 0 && raw.data[at - 1] != '\n';)
        at--;
    return at;
}

static size_t
without_line_end(struct blob raw, size_t start, size_t at)
{
    at -= at > start && raw.data[at - 1] == '\n';
    return at - (at > start && raw.data[at - 1] == '\r');
}

static void add_part(struct str *out, const struct message *message, const struct part *part);

static void
add_multipart(struct str *out, const struct message *message, const struct part *part)
{
    struct blob raw = message->raw;
    size_t first = line_start(raw, part->first->header_start), epilogue = part->close_start;

    str_add(out, "(\n");
    if (first > part->body_start)
        add_text(out, 'p', raw.data + part->body_start, without_line_end(raw, part->body_start, first) - part->body_start);
    for (const struct part *child = part->first; child != NULL; child = child->next)
        add_part(out, message, child);
    while (epilogue < part->body_end && raw.data[epilogue] != '\n')
        epilogue++;
    if (part->close_start != SIZE_MAX && epilogue + 1 < part->body_end)
        add_text(out, 'e', raw.data + epilogue + 1, part->body_end - epilogue - 1);
    str_add(out, ")\n");
}

static void
add_part(struct str *out, const struct message *message, const struct part *part)
{
    bool is_message = part->parent == NULL || !part_is_multipart(part->parent);

    str_add(out, is_message ? "message\n" : "part\n");
    for (size_t i = 0; i < part->header->count; i++) {
        const struct header_field *field = &part->header->fields[i];

        add_text(out, 'f', field->start, (size_t)(field->value - field->start) + field->value_len);
    }
    if (part->first == NULL)
        add_text(out, 'b', message->raw.data + part->body_start, part->body_end - part->body_start);
    else if (part_is_multipart(part))
        add_multipart(out, message, part);
    else
        add_part(out, message, part->first);
    str_add(out, "end\n");
}

static void
judge_xml(const char *path, void *context)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *answer = mem_printf(ctx, "%.*s.xml", (int)(strlen(path) - 4), path);
    struct blob xml = str_ends(path, ".msg") ? corpus_read(ctx, answer) : (struct blob){NULL, 0};

    if (xml.data != NULL) {
        struct str *got = str_new(ctx);
        struct message *message = message_parse(ctx, corpus_read(ctx, path));

        add_part(got, message, message->root);
        judge(context, ctx, path + strlen("mime/"), got->s, xml_tree(ctx, xml));
    }
    talloc_free(ctx);
}

static void
trees_are_mime4js(void **state)
{
    struct tally tally = {.suite = "trees"};

    (void)state;
    corpus_walk("mime/mime4j", judge_xml, &tally);
    corpus_walk("mime/mime-tools", judge_xml, &tally);
    tell(&tally);
}

/* ---- MimeKit: where every part of an mbox's messages is ---- */

static void
add_place(struct str *out, const char *type, size_t start, size_t body, size_t end)
{
    str_addf(out, "%s %zu-%zu-%zu|", type, start, body, end);
}

static size_t
offset_of(const struct json *row, const char *name)
{
    return (size_t)json_get(row, name)->number;
}

static char *
small(TALLOC_CTX *ctx, const char *text)
{
    char *copy = mem_strdup(ctx, text);

    for (char *s = copy; *s != '\0'; s++)
        *s = (char)tolower((unsigned char)*s);
    return copy;
}

static void
add_their_place(struct str *out, const struct json *row)
{
    const struct json *children = json_get(row, "children"), *message = json_get(row, "message");

    add_place(out, small(out, json_text(row, "mimeType")), offset_of(row, "beginOffset"), offset_of(row, "headersEndOffset"), offset_of(row, "endOffset"));
    for (const struct json *child = children != NULL ? children->first : NULL; child != NULL; child = child->next)
        add_their_place(out, child);
    if (message != NULL)
        add_their_place(out, json_get(message, "body"));
}

static void
places_are_mimekits(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct tally tally = {.suite = "places"};
    struct blob box = corpus_read(ctx, "mime/mimekit/mbox/content-length.mbox.txt");
    struct json *rows = json_parse(ctx, corpus_read(ctx, "mime/mimekit/mbox/content-length.unix-offsets.json"));
    size_t number = 0;

    (void)state;
    assert_non_null(rows);
    for (const struct json *row = rows->first; row != NULL; row = row->next) {
        size_t start = offset_of(row, "beginOffset"), end = offset_of(row, "endOffset");
        struct message *message = message_parse(ctx, slice(box, start, end));
        struct str *got = str_new(ctx), *wanted = str_new(ctx);

        add_their_place(wanted, json_get(row, "body"));
        for (size_t i = 0; i < message->count; i++)
            add_place(got, message->parts[i]->type, start + message->parts[i]->header_start, start + message->parts[i]->body_start,
                      start + message->parts[i]->body_end);
        judge(&tally, ctx, mem_printf(ctx, "content-length.mbox.txt#%zu", ++number), got->s, wanted->s);
    }
    tell(&tally);
    talloc_free(ctx);
}

/* ---- Stalwart's mail-parser: which texts are the message ---- */

struct starts { struct str *text; };

static void
take_start(void *to, const struct part *part, const char *text)
{
    (void)text;
    str_addf(((struct starts *)to)->text, "%zu ", part->body_start);
}

static void
judge_texts(const char *path, void *context)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *json = str_ends(path, ".eml") ? json_parse(ctx, corpus_read(ctx, mem_printf(ctx, "%.*s.json", (int)(strlen(path) - 4), path)))
                                               : NULL;
    struct str *wanted = str_new(ctx), *got = str_new(ctx), *lf = str_new(ctx);
    struct blob raw = corpus_read(ctx, path);

    if (json != NULL) {
        for (size_t i = 0; i < raw.len; i++)
            if (raw.data[i] != '\r' || i + 1 == raw.len || raw.data[i + 1] != '\n')
                str_addc(lf, (char)raw.data[i]);
        message_each_text(message_parse(ctx, str_blob(lf)), 1 << 20, take_start, &(struct starts){got});
        for (const struct json *index = json_get(json, "text_body")->first; index != NULL; index = index->next) {
            const struct json *part = json_get(json, "parts")->first;

            for (long i = 0; i < index->number && part != NULL; i++)
                part = part->next;
            if (json_get(json_get(part, "body"), "Text") != NULL || json_get(json_get(part, "body"), "Html") != NULL)
                str_addf(wanted, "%zu ", offset_of(part, "offset_body"));
        }
        judge(context, ctx, path + strlen("mime/mail-parser/"), got->s, wanted->s);
    }
    talloc_free(ctx);
}

static void
texts_are_mail_parsers(void **state)
{
    struct tally tally = {.suite = "read"};

    (void)state;
    corpus_walk("mime/mail-parser", judge_texts, &tally);
    tell(&tally);
}

/* ---- Dovecot's imaptest: sections of a message, and searches in its fields ---- */

enum { BOX_MOST = 50 };

struct box {
    struct message *mails[BOX_MOST];
    size_t count;
};

static void
box_read(TALLOC_CTX *ctx, const char *path, struct box *box)
{
    struct blob raw = corpus_read(ctx, path);
    size_t start = 0;

    *box = (struct box){.count = 0};
    for (size_t at = 0; at <= raw.len; at++)
        if (at == raw.len || (raw.data[at] == 'F' && (at == 0 || raw.data[at - 1] == '\n') && memcmp(raw.data + at, "From ", 5) == 0)) {
            if (at > 0)
                box->mails[box->count++] = message_parse(ctx, slice(raw, start, at - (at < raw.len && raw.data[at - 2] == '\n')));
            while (at < raw.len && raw.data[at] != '\n')
                at++;
            start = at + 1;
        }
    assert_true(box->count > 0 && box->count < BOX_MOST);
}

/* RFC 3501 6.4.5: a number is a part of a multipart; of a message that is none, 1 is its body. */
static const struct part *
section_part(const struct part *part, const char **at)
{
    bool is_message = true;

    while (part != NULL && **at >= '1' && **at <= '9') {
        long number = strtol(*at, (char **)at, 10);

        if (!is_message && part->first != NULL && !part_is_multipart(part))
            part = part->first;
        if (part_is_multipart(part))
            for (part = part->first; part != NULL && number > 1; number--)
                part = part->next;
        is_message = false;
        *at += **at == '.';
    }
    return part;
}

static struct blob
section(const struct message *message, const char *name)
{
    const char *at = name;
    const struct part *part = section_part(message->root, &at);

    if (part != NULL && at > name && part->first != NULL && !part_is_multipart(part) && *at != '\0' && strcasecmp(at, "mime") != 0)
        part = part->first;         /* the header and the text of what is forwarded */
    if (part == NULL)
        return blob_of("no such part");
    if (strcasecmp(at, "header") == 0 || strcasecmp(at, "mime") == 0)
        return slice(message->raw, part->header_start, part->body_start);
    return *name == '\0' ? message->raw : slice(message->raw, part->body_start, part->body_end);
}

static void
sections_are_imaps(void **state)
{
    static const char *const scripts[] = {"fetch-body-message-rfc822-mime", "fetch-body-message-rfc822-x2"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct tally tally = {.suite = "sections"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(scripts); i++) {
        struct blob script = corpus_read(ctx, mem_printf(ctx, "mime/imaptest/%s", scripts[i]));
        char *text = mem_strndup(ctx, (const char *)script.data, script.len), *at = text, *end;
        struct box box;

        box_read(ctx, mem_printf(ctx, "mime/imaptest/%s.mbox", scripts[i]), &box);
        while ((at = strstr(at, "* 1 fetch (body[")) != NULL && (end = strstr(at, "\n}}}")) != NULL) {
            char *name = mem_strndup(ctx, at + strlen("* 1 fetch (body["), strcspn(at, "]") - strlen("* 1 fetch (body["));
            char *wanted = strstr(at, "{{{\n") + 4;
            struct blob got = section(box.mails[0], name);

            judge(&tally, ctx, mem_printf(ctx, "%s %s", scripts[i], name), mem_strndup(ctx, (const char *)got.data, got.len),
                  mem_strndup(ctx, wanted, (size_t)(end - wanted)));
            at = end;
        }
    }
    tell(&tally);
    talloc_free(ctx);
}

/* The non-extended BODY of RFC 3501 7.4.2, for leaves of text and multiparts. */
static void
add_body(struct str *out, const struct message *message, const struct part *part)
{
    const char *slash = strchr(part->type, '/');
    size_t lines = 0;

    str_addc(out, '(');
    for (const struct part *child = part->first; child != NULL; child = child->next)
        add_body(out, message, child);
    if (part->first != NULL) {
        str_addf(out, " \"%s\")", slash + 1);
        return;
    }
    for (size_t i = part->body_start; i < part->body_end; i++)
        lines += message->raw.data[i] == '\n';
    str_addf(out, "\"%.*s\" \"%s\" (\"charset\" \"%s\") nil nil \"%s\" %zu %zu)", (int)(slash - part->type), part->type, slash + 1,
             part->charset, part->cte, part->body_end - part->body_start, lines);
}

static void
structures_are_imaps(void **state)
{
    static const char begins[] = "* 1 FETCH (BODY ";
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct tally tally = {.suite = "structures"};
    struct blob script = corpus_read(ctx, "mime/imaptest/fetch-bodystructure");
    char *wanted = strstr(small(ctx, mem_strndup(ctx, (const char *)script.data, script.len)), small(ctx, begins));
    struct str *got = str_new(ctx);
    struct message *message;
    struct box box;

    (void)state;
    box_read(ctx, "mime/imaptest/fetch-bodystructure.mbox", &box);
    message = message_parse(ctx, normal_copy(ctx, box.mails[0]->raw, NULL));
    add_body(got, message, message->root);
    assert_non_null(wanted);
    wanted += strlen(begins);
    judge(&tally, ctx, "fetch-bodystructure", got->s, mem_strndup(ctx, wanted, strcspn(wanted, "\n") - 1));
    tell(&tally);
    talloc_free(ctx);
}

/* What a search looks through: of address fields the names and addresses, of others the decoded value. NULL: no such field. */
static char *
field_text(TALLOC_CTX *ctx, const struct message *message, const char *name)
{
    static const char *const of_addresses[] = {"from", "to", "cc", "bcc"};
    struct str *out = str_new(ctx);

    for (size_t nth = 0; nth < header_count(message->header, name); nth++) {
        const struct header_field *field = header_find(message->header, name, nth);

        if (header_field_is_among(field, of_addresses, COUNT_OF(of_addresses))) {
            struct address_list *list = address_list_parse(ctx, header_raw(field));

            for (size_t i = 0; i < list->count; i++)
                str_addf(out, "%s <%s>, ", list->rows[i].display, address_text(ctx, &list->rows[i]));
        } else
            str_addf(out, "%s\n", word_decode(ctx, header_raw(field)));
    }
    return header_count(message->header, name) > 0 ? out->s : NULL;
}

/* The day that a Date field says, in its own zone, as microseconds of its midnight. */
static int64_t
day_written(TALLOC_CTX *ctx, const struct message *message)
{
    char *value = header_get(ctx, message->header, "Date");
    int64_t at = summary_date(value), zone = atoi(strrchr(value, ' ') + 1);

    at += ((zone / 100) * 3600 + (zone % 100) * 60) * (int64_t)1000000;
    return at - at % ((int64_t)86400 * 1000000);
}

static bool
is_found(TALLOC_CTX *ctx, const struct message *message, const char *key, const char *arg)
{
    static const char *const days[] = {"sentbefore", "senton", "sentsince"};

    for (size_t i = 0; i < COUNT_OF(days); i++)
        if (strcmp(key, days[i]) == 0) {
            int64_t day = summary_date(mem_printf(ctx, "%.2s %.3s %s 00:00:00 +0000", arg, arg + 3, arg + 7)), mine = day_written(ctx, message);

            return i == 0 ? mine < day : i == 1 ? mine == day : mine >= day;
        }
    key = field_text(ctx, message, key);
    return key != NULL && strcasestr(key, arg) != NULL;
}

/* "search 8:* not header x-extra hello": numbers of what is found. */
static char *
search(TALLOC_CTX *ctx, const struct box *box, const char *question)
{
    struct str *out = str_new(ctx);
    size_t from = 1, to = box->count;
    const char *s = question;
    char *key, *arg;
    bool wanted;

    if (*s >= '0' && *s <= '9') {
        from = strtoul(s, (char **)&s, 10);
        s += *s == ':';
        to = *s == '*' ? to : strtoul(s, NULL, 10);
        s += strcspn(s, " ") + 1;
    }
    wanted = !str_starts(s, "not ");
    s += wanted ? 0 : 4;
    s += str_starts(s, "header ") ? 7 : 0;
    key = mem_strndup(ctx, s, strcspn(s, " "));
    s += strlen(key) + 1;
    arg = *s == '"' ? mem_strndup(ctx, s + 1, strlen(s) - 2) : mem_strdup(ctx, s);
    for (size_t i = from; i <= to; i++)
        if (is_found(ctx, box->mails[i - 1], key, arg) == wanted)
            str_addf(out, " %zu", i);
    return out->s;
}

static void
fields_are_found_as_by_imap(void **state)
{
    static const char *const scripts[] = {"search-addresses", "search-header", "search-date"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct tally tally = {.suite = "searches"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(scripts); i++) {
        struct blob script = corpus_read(ctx, mem_printf(ctx, "mime/imaptest/%s", scripts[i]));
        char **lines = str_split(ctx, mem_strndup(ctx, (const char *)script.data, script.len), '\n', 1000);
        struct box box;

        box_read(ctx, mem_printf(ctx, "mime/imaptest/%s.mbox", scripts[i]), &box);
        for (size_t k = 0; lines[k] != NULL; k++)
            if (str_starts(lines[k], "ok search ") && lines[k + 1] != NULL && str_starts(lines[k + 1], "* search")) {
                const char *question = lines[k] + strlen("ok search ");

                judge(&tally, ctx, mem_printf(ctx, "%s %s", scripts[i], question), search(ctx, &box, question),
                      lines[k + 1] + strlen("* search"));
            }
    }
    tell(&tally);
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_are_mime4js), cmocka_unit_test(places_are_mimekits), cmocka_unit_test(texts_are_mail_parsers),
        cmocka_unit_test(sections_are_imaps), cmocka_unit_test(structures_are_imaps), cmocka_unit_test(fields_are_found_as_by_imap),
    };

    mem_init();
    if (corpus_dir() == NULL) {
        puts("the corpora are not here");
        return 77;      /* skipped, as automake has it */
    }
    tally_open("view-differences.tsv");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
