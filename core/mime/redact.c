/* redact.c - words taken out of a message for good */
#include <ctype.h>
#include <string.h>

#include "mime/address.h"
#include "mime/charset.h"
#include "mime/compose.h"
#include "mime/edit.h"
#include "mime/normal.h"
#include "mime/redact.h"
#include "mime/signed.h"
#include "mime/word.h"
#include "util/str.h"

static const char erased_text[] = "[...]", erased_word[] = "erased", erased_address[] = "erased@erased.invalid";

struct order {
    const char *const *phrases;
    size_t count;
    bool in_fields;         /* what is put there must be able to stand anywhere in a field */
    unsigned envelopes;     /* that are open (signed.h) */
};

/* ---- texts ---- */

/* Blanks, and line ends with the quote marks behind them. */
static size_t
space_length(const char *s)
{
    size_t len = 0;
    bool at_start = false;

    for (;;) {
        if (strncmp(s + len, "\u3000", 3) == 0) {
            len += 3;
            continue;
        }
        if (s[len] == '\n')
            at_start = true;
        else if (s[len] != ' ' && s[len] != '\t' && s[len] != '\r' && !(at_start && s[len] == '>'))
            return len;
        len++;
    }
}

static bool
is_wide(char c)
{
    return (c & 0x80) != 0;
}

/* Length in `s` of the phrase at its beginning; 0: it does not stand there. */
static size_t
match(const char *s, const char *phrase)
{
    const char *at = s, *p = phrase;

    while (*p != '\0') {
        size_t blank = space_length(at), wanted = space_length(p);
        bool is_loose = p > phrase && is_wide(p[-1]) && is_wide(p[wanted]);

        if (wanted > 0 && blank == 0 && !is_loose)
            return 0;
        if (wanted > 0 || is_loose)
            at += blank;
        p += wanted;
        if (*p == '\0')
            break;
        if (tolower((unsigned char)*at) != tolower((unsigned char)*p))
            return 0;
        at++;
        p++;
    }
    return (size_t)(at - s);
}

static bool
is_word_letter(char c)
{
    return isalnum((unsigned char)c) != 0;
}

static size_t
match_word(const char *text, const char *s, const char *phrase)
{
    size_t len = match(s, phrase);

    if (len == 0 || (is_word_letter(*phrase) && s > text && is_word_letter(s[-1])) || (is_word_letter(s[len - 1]) && is_word_letter(s[len])))
        return 0;
    return len;
}

static const char *
instead_of(const struct order *order, const char *phrase)
{
    if (strchr(phrase, '@') != NULL)
        return erased_address;
    return order->in_fields ? erased_word : erased_text;
}

static char *
rewrite(TALLOC_CTX *ctx, const char *text, const struct order *order, size_t *hits_r)
{
    struct str *out = str_new(ctx);

    for (const char *s = text; *s != '\0';) {
        size_t len = 0, i;

        for (i = 0; i < order->count && len == 0; i++)
            len = match_word(text, s, order->phrases[i]);
        if (len == 0) {
            str_addc(out, *s++);
            continue;
        }
        str_add(out, instead_of(order, order->phrases[i - 1]));
        (*hits_r)++;
        s += len;
    }
    return out->s;
}

char *
redact_text(TALLOC_CTX *ctx, const char *text, const char *const *phrases, size_t count, size_t *hits_r)
{
    *hits_r = 0;
    return rewrite(ctx, text, &(struct order){phrases, count, false, 0}, hits_r);
}

/* ---- fields ---- */

static const char *const address_fields[] = {"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Resent-From", "Resent-Sender", "Resent-To",
                                             "Resent-Cc", "Author", "X-Original-From", "Disposition-Notification-To", NULL};
static const char *const told_fields[] = {"Subject", "Comments", "Keywords", "Thread-Topic", "Organization", "Content-Description", NULL};

/* A mailbox in which a phrase stands is nobody's; the others stay as they are. */
static void
write_addresses(struct str *out, const char *name, struct blob value, const struct order *order)
{
    struct address_list *list = address_list_parse(out, value);
    struct str *line = str_new(out);

    for (size_t i = 0; i < list->count; i++) {
        const struct address *address = &list->rows[i];
        char *mailbox = compose_mailbox(line, address->display, address->ok ? address_quote(line, address) : erased_address);
        size_t hits = 0;

        rewrite(line, address->display, order, &hits);
        if (address->ok)
            rewrite(line, address_text(line, address), order, &hits);
        str_addf(line, "%s%s", i > 0 ? ", " : "", hits > 0 || !address->ok ? "erased <erased@erased.invalid>" : mailbox);
    }
    compose_structured(out, name, list->count > 0 ? line->s : erased_address);
}

static void
redact_field(struct edit_list *edits, const struct header_field *field, const struct order *order, size_t *hits_r)
{
    struct str *out = str_new(NULL);
    const char *name = mem_strndup(out, (const char *)field->start, field->name_len), *plain = header_value(out, field);
    size_t hits = 0;
    bool has_params = header_field_is(field, "Content-Type") || header_field_is(field, "Content-Disposition");
    struct params *params = has_params ? params_parse(out, header_raw(field)) : NULL;
    char *text = has_params ? NULL : rewrite(out, word_decode(out, header_raw(field)), order, &hits);

    for (size_t i = 0; has_params && i < params->count; i++)
        params->rows[i].value = rewrite(out, params->rows[i].value, order, &hits);
    if (hits > 0) {
        if (has_params)
            compose_params(out, name, params);
        else if (header_field_is_among(field, address_fields, COUNT_OF(address_fields) - 1))
            write_addresses(out, name, header_raw(field), order);
        else if (header_field_is_among(field, told_fields, COUNT_OF(told_fields) - 1) || strstr(plain, "=?") != NULL)
            compose_field(out, name, text);
        else
            compose_structured(out, name, text);
        edit_replace_field(edits, field, str_blob(out));
        *hits_r += hits;
    }
    talloc_free(out);
}

/* ---- a message ---- */

/* HTML writes & and < in words of its own. */
static const char *const *
phrases_of_html(TALLOC_CTX *ctx, const struct order *order)
{
    const char **phrases = mem_array(ctx, const char *, order->count + 1);

    for (size_t i = 0; i < order->count; i++) {
        struct str *out = str_new(ctx);

        for (const char *s = order->phrases[i]; *s != '\0'; s++)
            if (*s == '&')
                str_add(out, "&amp;");
            else if (*s == '<')
                str_add(out, "&lt;");
            else if (*s == '>')
                str_add(out, "&gt;");
            else
                str_addc(out, *s);
        phrases[i] = out->s;
    }
    return phrases;
}

static void
redact_part(struct edit_list *edits, const struct part *part, const struct order *order, size_t *hits_r)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    bool is_html = str_eq(part->type, "text/html");
    struct order here = {is_html ? phrases_of_html(scratch, order) : order->phrases, order->count, false, 0};
    const char *charset = str_is_empty(part->charset) ? NULL : part->charset;
    size_t hits = 0;
    char *text = rewrite(scratch, charset_to_utf8(scratch, charset, part_data(scratch, edits->message, part)), &here, &hits);

    if (hits > 0)
        edit_set_text(edits, part, text);
    *hits_r += hits;
    talloc_free(scratch);
}

static struct blob redact_within(TALLOC_CTX *ctx, const struct message *message, const struct order *order, size_t *hits_r);

static void
replace_field(struct edit_list *edits, const struct part *part, const char *name, const char *value)
{
    const struct header_field *field = header_find(part->header, name, 0);
    struct str *out = str_new(edits);

    compose_structured(out, name, value);
    if (field != NULL)
        edit_replace_field(edits, field, str_blob(out));
}

/* What is signed cannot be changed: what was in the envelope stands there instead, as a message of its own. */
static void
redact_envelope(struct edit_list *edits, const struct part *part, const struct order *order, size_t *hits_r)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    const struct message *inside = order->envelopes < SIGNED_DEPTH ? signed_open(scratch, edits->message, part) : NULL;
    struct order here = *order;
    struct blob bytes;
    size_t hits = 0;

    here.envelopes++;
    if (inside != NULL)
        bytes = redact_within(scratch, inside, &here, &hits);
    if (hits > 0) {
        replace_field(edits, part, "Content-Type", "message/rfc822");
        replace_field(edits, part, "Content-Transfer-Encoding", "8bit");
        edit_replace_range(edits, part->body_start, part->body_end - part->body_start, normal_copy(edits, bytes, NULL));
    }
    *hits_r += hits;
    talloc_free(scratch);
}

static struct blob
redact_within(TALLOC_CTX *ctx, const struct message *message, const struct order *order, size_t *hits_r)
{
    struct edit_list *edits = edit_new(ctx, message);
    const struct message *text;

    /* Texts first: what they say of themselves changes with them, and fields are then rewritten in the result. */
    for (size_t i = 0; i < message->count; i++)
        if (signed_may_be(message->parts[i]))
            redact_envelope(edits, message->parts[i], order, hits_r);
        else if (part_is_leaf(message->parts[i]) && str_starts(message->parts[i]->type, "text/"))
            redact_part(edits, message->parts[i], order, hits_r);
    text = edit_is_empty(edits) ? message : message_parse(ctx, edit_apply(ctx, edits));
    edits = edit_new(ctx, text);
    for (size_t i = 0; i < text->count; i++)
        for (size_t k = 0; k < text->parts[i]->header->count; k++)
            redact_field(edits, &text->parts[i]->header->fields[k], order, hits_r);
    return *hits_r == 0 ? message->raw : edit_apply(ctx, edits);
}

struct blob
redact_message(TALLOC_CTX *ctx, const struct message *message, const char *const *phrases, size_t count, size_t *hits_r)
{
    struct order order = {phrases, count, true, 0};

    *hits_r = 0;
    return redact_within(ctx, message, &order, hits_r);
}
