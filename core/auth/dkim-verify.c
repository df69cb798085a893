/* dkim-verify.c - every signature of a message judged; the door to libopendkim */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <opendkim/dkim.h>

#include "auth/dkim-verify.h"
#include "util/log.h"

enum { CLOCK_DRIFT_S = 300 };

/* ---- libopendkim ---- */

/* One run of the library over a message. */
struct run {
    struct dkim_rows *rows;
    struct dkim_key **keys;             /* by row; NULL: not to be looked at */
    DKIM_SIGINFO *found[DKIM_ROWS_MAX]; /* by row */
};

static const char *
tag_of(DKIM_SIGINFO *sig, const char *name)
{
    return (const char *)dkim_sig_gettagvalue(sig, false, (u_char *)name);
}

/* Finds each of our rows among the library's; what is nobody's is to be left alone. */
static DKIM_CBSTAT
on_prescreen(DKIM *dkim, DKIM_SIGINFO **sigs, int count)
{
    struct run *run = dkim_get_user_context(dkim);

    for (int i = 0; i < count; i++) {
        bool wanted = false;

        for (size_t r = 0; r < run->rows->count && !wanted; r++) {
            const struct dkim_row *row = &run->rows->rows[r];

            if (run->keys[r] != NULL && run->found[r] == NULL && str_eq(tag_of(sigs[i], "b"), row->signature)
                && str_eq_nocase(tag_of(sigs[i], "d"), row->domain) && str_eq_nocase(tag_of(sigs[i], "s"), row->selector)) {
                run->found[r] = sigs[i];
                wanted = true;
            }
        }
        if (!wanted)
            dkim_sig_ignore(sigs[i]);
    }
    return DKIM_CBSTAT_CONTINUE;
}

static DKIM_CBSTAT
on_key(DKIM *dkim, DKIM_SIGINFO *sig, u_char *buffer, size_t len)
{
    struct run *run = dkim_get_user_context(dkim);

    for (size_t r = 0; r < run->rows->count; r++) {
        const char *record = run->rows->rows[r].key_record;

        if (run->found[r] == sig && strlen(record) < len) {
            memcpy(buffer, record, strlen(record) + 1);
            return DKIM_CBSTAT_CONTINUE;
        }
    }
    return DKIM_CBSTAT_NOTFOUND;
}

/* The library's handle of the process. It holds options only, nothing of a message. */
static DKIM_LIB *
library(void)
{
    static DKIM_LIB *lib;

    if (lib == NULL) {
        must((lib = dkim_init(NULL, NULL)) != NULL);
        must(dkim_set_prescreen(lib, on_prescreen) == DKIM_STAT_OK && dkim_set_key_lookup(lib, on_key) == DKIM_STAT_OK);
    }
    return lib;
}

/* The library asks time() and knows no other clock. x= was judged by ours, and a t= that lies ahead is no fault (RFC 6376 lets
 * us choose; it is a matter of somebody's clock), so the library gets as much tolerance as it takes. */
static void
allow_for_clock(const struct dkim_rows *rows, int64_t now_s)
{
    int64_t librarys = time(NULL), apart = librarys < now_s ? now_s - librarys : librarys - now_s;
    uint64_t drift;

    for (size_t r = 0; r < rows->count; r++)
        if (rows->rows[r].signed_s - librarys > apart)
            apart = rows->rows[r].signed_s - librarys;
    drift = (uint64_t)apart + CLOCK_DRIFT_S;

    must(dkim_options(library(), DKIM_OP_SETOPT, DKIM_OPTS_CLOCKDRIFT, &drift, sizeof drift) == DKIM_STAT_OK);
}

/* A field that may be shown to the library: it stops the process for an empty one, and refuses the others. */
static bool
is_usable(const struct header_field *field)
{
    for (size_t i = 0; i < field->name_len; i++)
        if (field->start[i] <= ' ' || field->start[i] > '~' || field->start[i] == ';')
            return false;
    for (size_t i = 0; i < field->len; i++)     /* a CR that ends no line: others might see two fields here */
        if (field->start[i] == '\0' || (field->start[i] == '\r' && (i + 1 == field->len || field->start[i + 1] != '\n')))
            return false;
    return field->name_len > 0;
}

static size_t
usable_fields(const struct header *header, struct blob *fields)
{
    size_t count = 0;

    for (size_t i = 0; i < header->count; i++)
        if (is_usable(&header->fields[i]))
            fields[count++] = (struct blob){header->fields[i].start, header->fields[i].len};
    return count;
}

static size_t
len_without_end(struct blob field)
{
    while (field.len > 1 && (field.data[field.len - 1] == '\n' || field.data[field.len - 1] == '\r'))
        field.len--;
    return field.len;
}

/* Feeds the message; afterwards `run->found` are judged. */
static DKIM *
library_run(struct run *run, const struct blob *fields, size_t count, struct blob body)
{
    DKIM_STAT status;
    DKIM *dkim = dkim_verify(library(), (const u_char *)"kairan", NULL, &status);

    must(dkim != NULL && dkim_set_user_context(dkim, run) == DKIM_STAT_OK);
    for (size_t i = 0; i < count; i++)
        dkim_header(dkim, (u_char *)fields[i].data, len_without_end(fields[i])); /* a field it refuses is left out */
    if (dkim_eoh(dkim) == DKIM_STAT_OK) {
        if (body.len > 0)
            dkim_body(dkim, (u_char *)body.data, body.len);
        dkim_eom(dkim, NULL);
    }
    return dkim;
}

/* NULL when the library says that this signature is good. */
static const char *
library_says(DKIM_SIGINFO *sig)
{
    if (sig == NULL)
        return "libopendkim did not read it";
    if ((dkim_sig_getflags(sig) & DKIM_SIGFLAG_PASSED) != 0 && dkim_sig_getbh(sig) == DKIM_SIGBH_MATCH
        && dkim_sig_geterror(sig) == DKIM_SIGERROR_OK)
        return NULL;
    return dkim_sig_geterrorstr(dkim_sig_geterror(sig));
}

static void
set_result(struct dkim_row *row, enum auth_verdict result, const char *reason)
{
    row->result = result;
    row->reason = reason;
}

/* Both have spoken. Where they differ the answer is no, and we want to know. */
static void
agree(struct dkim_row *row, const char *ours, const char *librarys)
{
    if (ours == NULL && librarys == NULL) {
        set_result(row, AUTH_PASS, "");
        return;
    }
    if (ours == NULL || librarys == NULL)
        log_event(EVENT_DKIM_DISAGREE, "domain", "%s", row->domain, "ours", "%s", ours == NULL ? "pass" : ours,
                  "libopendkim", "%s", librarys == NULL ? "pass" : librarys);
    set_result(row, AUTH_FAIL, ours != NULL ? ours : librarys);
}

static void
judge_rows(TALLOC_CTX *ctx, struct dkim_rows *rows, struct dkim_key **keys, const struct header *header, int64_t now_s)
{
    struct blob *fields = mem_array(ctx, struct blob, header->count + 1);
    struct blob body = {header->message.data + header->body_offset, header->message.len - header->body_offset};
    const char *ours[DKIM_ROWS_MAX];
    struct run run = {.rows = rows, .keys = keys};
    size_t count = usable_fields(header, fields), wanted = 0;
    DKIM *dkim;

    for (size_t r = 0; r < rows->count; r++)
        if (keys[r] != NULL) {
            ours[r] = dkim_signature_check(rows->rows[r].parsed, keys[r], fields, count, body);
            wanted++;
        }
    if (wanted == 0)
        return;
    allow_for_clock(rows, now_s);
    dkim = library_run(&run, fields, count, body);
    for (size_t r = 0; r < rows->count; r++)
        if (keys[r] != NULL)
            agree(&rows->rows[r], ours[r], library_says(run.found[r]));
    dkim_free(dkim);
}

/* ---- rows ---- */

static const char *
or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static void
row_read(TALLOC_CTX *ctx, struct dkim_row *row, const struct header_field *field, int64_t now_s)
{
    const struct dkim_signature *parsed = dkim_signature_parse(ctx, (struct blob){field->start, field->len});

    *row = (struct dkim_row){
        .domain = or_empty(parsed->domain), .selector = or_empty(parsed->selector), .identity = or_empty(parsed->identity),
        .algorithm = or_empty(parsed->algorithm_name), .canonicalisation = or_empty(parsed->canonicalisation),
        .names = or_empty(parsed->names_text), .signature = or_empty(parsed->signature_text),
        .has_length = parsed->has_length, .signed_s = parsed->t_s, .expires_s = parsed->x_s, .parsed = parsed,
        .result = AUTH_NONE, .reason = "",
    };
    if (parsed->problem != NULL)
        set_result(row, parsed->is_refused ? AUTH_POLICY : AUTH_PERMERROR, parsed->problem);
    else if (parsed->x_s != 0 && parsed->x_s <= now_s)
        set_result(row, AUTH_POLICY, "it has expired (x=)");
}

struct dkim_rows *
dkim_rows_read(TALLOC_CTX *ctx, const struct header *header, int64_t now_s)
{
    struct dkim_rows *rows = mem_new(ctx, struct dkim_rows);

    rows->rows = mem_array(rows, struct dkim_row, DKIM_ROWS_MAX);
    for (size_t i = 0; i < header->count; i++) {
        if (!header_field_is(&header->fields[i], "DKIM-Signature"))
            continue;
        if (rows->count == DKIM_ROWS_MAX)
            rows->beyond++;
        else
            row_read(rows, &rows->rows[rows->count++], &header->fields[i], now_s);
    }
    /* What lies beyond a bound was not seen: nothing is proved about such a message. */
    for (size_t r = 0; r < rows->count && (header->defects & HEADER_CUT); r++)
        set_result(&rows->rows[r], AUTH_PERMERROR, "the header is too large to be judged");
    return rows;
}

static char *
key_name(TALLOC_CTX *ctx, const struct dkim_row *row)
{
    return mem_printf(ctx, "%s._domainkey.%s", row->selector, row->domain);
}

size_t
dkim_rows_ask(TALLOC_CTX *ctx, const struct dkim_rows *rows, struct dns_question *questions)
{
    size_t count = 0;

    for (size_t r = 0; r < rows->count; r++)
        if (rows->rows[r].result == AUTH_NONE)
            questions[count++] = (struct dns_question){.name = key_name(ctx, &rows->rows[r]), .type = DNS_TXT};
    return count;
}

/* The one record of an answer that looks like a key; NULL when there is none, or more than one. */
static const char *
key_record(const struct dns_answer *answer, size_t *found_r)
{
    const char *record = NULL;

    *found_r = 0;
    for (size_t i = 0; i < answer->count; i++)
        if (answer->count == 1 || str_starts(answer->values[i], "v=DKIM1") || strstr(answer->values[i], "p=") != NULL) {
            record = answer->values[i];
            ++*found_r;
        }
    return *found_r == 1 ? record : NULL;
}

/* The key of a row, or NULL with the row's result set. */
static struct dkim_key *
row_key(TALLOC_CTX *ctx, struct dkim_row *row, const struct dns_answer *answer)
{
    struct dkim_key *key;
    size_t found;

    if (answer == NULL || answer->status == DNS_TEMPERROR) {
        set_result(row, AUTH_TEMPERROR, answer == NULL ? "the key was not asked for" : mem_strdup(ctx, answer->reason));
        return NULL;
    }
    if ((row->key_record = mem_strdup(ctx, key_record(answer, &found))) == NULL) {
        set_result(row, AUTH_PERMERROR, found == 0 ? "there is no key in DNS" : "there are several keys under one name");
        return NULL;
    }
    key = dkim_key_parse(ctx, row->key_record);
    row->is_testing = key->is_testing;
    row->key_bits = key->bits;
    if (key->problem == NULL && strlen(row->key_record) > DKIM_KEY_RECORD_MAX)
        key->problem = "the key record is too long";
    if (key->problem == NULL && key->is_strict && !str_eq_nocase(strrchr(row->identity, '@') + 1, row->domain))
        key->problem = "the key is not for sub-domains (t=s, i=)";
    if (key->problem == NULL)
        return key;
    set_result(row, key->is_refused ? AUTH_POLICY : AUTH_PERMERROR, key->problem);
    return NULL;
}

static const struct dns_answer *
find_answer(const struct dns_question *questions, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (questions[i].type == DNS_TXT && str_eq_nocase(questions[i].name, name))
            return &questions[i].answer;
    return NULL;
}

void
dkim_rows_judge(struct dkim_rows *rows, const struct header *header,
                const struct dns_question *questions, size_t question_count, int64_t now_s)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    struct dkim_key *keys[DKIM_ROWS_MAX] = {0};

    for (size_t r = 0; r < rows->count; r++)
        if (rows->rows[r].result == AUTH_NONE)
            keys[r] = row_key(rows, &rows->rows[r], find_answer(questions, question_count, key_name(tmp, &rows->rows[r])));
    judge_rows(tmp, rows, keys, header, now_s);
    talloc_free(tmp);
}

const char *
dkim_row_survives(TALLOC_CTX *ctx, const struct dkim_row *row, struct blob message, int64_t now_s)
{
    struct header *header = header_parse(ctx, message);
    struct dkim_rows *rows = dkim_rows_read(ctx, header, now_s);

    /* There the next reader may see the header's end, and hash something else. */
    if (header->defects & (HEADER_NO_COLON | HEADER_MBOX_LINE))
        return "its header has lines that are no fields";
    for (size_t r = 0; r < rows->count; r++) {
        struct dkim_row *again = &rows->rows[r];
        struct dkim_rows one = {again, 1, 0};
        const char *record = row->key_record;
        struct dns_answer answer = {.status = DNS_FOUND, .values = &record, .count = 1};
        struct dkim_key *key;

        if (!str_eq(again->signature, row->signature) || !str_eq(again->domain, row->domain)
            || !str_eq(again->selector, row->selector))
            continue;
        if (record == NULL)
            return "its key was not found when the message came in";
        if (again->result == AUTH_NONE && (key = row_key(ctx, again, &answer)) != NULL)
            judge_rows(ctx, &one, &key, header, now_s);
        return again->result == AUTH_PASS ? NULL : again->reason;
    }
    return "it is not among the fields any more";
}
