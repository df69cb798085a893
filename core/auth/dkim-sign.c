/* dkim-sign.c - signatures of ours, made in two steps so that the key stays in another process */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "auth/dkim-sign.h"

enum {
    MARGIN = 75, TAB = 8,       /* libopendkim's */
    NAMES_MAX = 150             /* h= stays below the 4,096 bytes at which libopendkim's verifier would cut it */
};

static const char *const over_signed[] = {
    "From", "Subject", "Date", "To", "Cc", "Reply-To", "Content-Type", "MIME-Version",
};
static const char *const signed_too[] = {
    "Message-ID", "In-Reply-To", "References", "Sender", "Author", "X-Original-From", "Archived-At", "Feedback-ID",
    "Auto-Submitted",
};
static const char *const signed_prefixes[] = {"List-", "Content-", "CFBL-"};

struct dkim_fields {
    const char **names;
    size_t count;
    struct sha256 *hash;
};

static bool
is_one_of(const char *name, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq_nocase(name, table[i]))
            return true;
    return false;
}

/* Letters, digits and hyphens: anything else might end the tag that lists it. */
static bool
is_plain_name(struct blob name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.data[i] >= 0x80 || (!isalnum(name.data[i]) && name.data[i] != '-'))
            return false;
    return name.len > 0 && name.len <= 60;
}

static bool
is_signed(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(signed_prefixes); i++)
        if (str_starts_nocase(name, signed_prefixes[i]))
            return true;
    return is_one_of(name, over_signed, COUNT_OF(over_signed)) || is_one_of(name, signed_too, COUNT_OF(signed_too));
}

static void
choose_names(struct dkim_fields *chosen, const struct blob *fields, size_t count)
{
    size_t room = NAMES_MAX, bytes = 0;

    chosen->names = mem_array(chosen, const char *, NAMES_MAX + COUNT_OF(over_signed));
    for (size_t i = 0; i < count && room > 0 && bytes < 3000; i++) {
        struct blob name = canon_field_name(fields[i]);
        const char *text;

        if (!is_plain_name(name))
            continue;
        text = mem_strndup(chosen->names, (const char *)name.data, name.len);
        if (!is_signed(text))
            continue;
        chosen->names[chosen->count++] = text;
        bytes += name.len + 1;
        room--;
    }
    for (size_t i = 0; i < COUNT_OF(over_signed); i++)
        chosen->names[chosen->count++] = over_signed[i];
}

struct dkim_fields *
dkim_sign_fields(TALLOC_CTX *ctx, const struct blob *fields, size_t count)
{
    struct dkim_fields *chosen = mem_new(ctx, struct dkim_fields);
    struct str *canonical = str_new(chosen);

    choose_names(chosen, fields, count);
    canon_header(canonical, CANON_RELAXED, fields, count, chosen->names, chosen->count);
    chosen->hash = sha256_new(chosen);
    sha256_add(chosen->hash, canonical->s, canonical->len);
    talloc_free(canonical);
    return chosen;
}

char *
dkim_sign_names(TALLOC_CTX *ctx, const struct dkim_fields *fields)
{
    struct str *text = str_new(ctx);

    for (size_t i = 0; i < fields->count; i++)
        str_addf(text, "%s%s", i > 0 ? ":" : "", fields->names[i]);
    return text->s;
}

/* A field being folded. */
struct fold {
    struct str *text;
    size_t column;
};

static void
fold_add(struct fold *fold, const char *part)
{
    str_add(fold->text, part);
    fold->column += strlen(part);
}

static void
fold_line(struct fold *fold, const char *line, size_t column)
{
    str_add(fold->text, line);
    fold->column = column;
}

/* One whole tag, on this line if it fits. */
static void
fold_tag(struct fold *fold, const char *tag)
{
    if (fold->column + strlen(tag) > MARGIN)
        fold_line(fold, "\r\n\t", TAB);
    else
        fold_add(fold, " ");
    fold_add(fold, tag);
}

/* h=, which may be broken after any colon. */
static void
fold_names(struct fold *fold, const struct dkim_fields *fields)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    char *whole = mem_printf(tmp, "h=%s;", dkim_sign_names(tmp, fields)), *part, *rest = whole;

    if (fold->column + strlen(whole) <= MARGIN) {
        fold_tag(fold, whole);
    } else {
        fold_line(fold, "\r\n\t", TAB);
        for (bool first = true; (part = strsep(&rest, ":")) != NULL; first = false) {
            if (!first)
                fold_add(fold, ":");
            if (!first && fold->column + strlen(part) > MARGIN)
                fold_line(fold, "\r\n\t ", TAB + 1);
            fold_add(fold, part);
        }
    }
    talloc_free(tmp);
}

struct dkim_input *
dkim_sign_input(TALLOC_CTX *ctx, const struct dkim_sign *sign, const struct dkim_fields *fields,
                const uint8_t body_hash[SHA256_LEN])
{
    struct dkim_input *input = mem_new(ctx, struct dkim_input);
    TALLOC_CTX *tmp = talloc_new(NULL);
    struct fold fold = {str_new(tmp), 0};
    struct sha256 *hash = sha256_copy(tmp, fields->hash);
    struct str *canonical = str_new(tmp);

    fold_add(&fold, "DKIM-Signature: v=1;");
    fold_tag(&fold, sign->algorithm == KEY_ED25519 ? "a=ed25519-sha256;" : "a=rsa-sha256;");
    fold_tag(&fold, "c=relaxed/relaxed;");
    fold_tag(&fold, mem_printf(tmp, "d=%s;", sign->domain));
    fold_tag(&fold, mem_printf(tmp, "s=%s;", sign->selector));
    fold_tag(&fold, mem_printf(tmp, "t=%lld;", (long long)sign->t_s));
    if (sign->x_s != 0)
        fold_tag(&fold, mem_printf(tmp, "x=%lld;", (long long)sign->x_s));
    fold_tag(&fold, mem_printf(tmp, "bh=%s;", base64_encode(tmp, (struct blob){body_hash, SHA256_LEN})));
    fold_names(&fold, fields);
    fold_line(&fold, "\r\n\t", TAB);
    fold_add(&fold, "b=");
    input->text = mem_strdup(input, str_text(fold.text));
    canon_field_last(canonical, CANON_RELAXED, str_blob(fold.text));
    sha256_add(hash, canonical->s, canonical->len);
    sha256_end(hash, input->digest);
    talloc_free(tmp);
    return input;
}

char *
dkim_sign_finish(TALLOC_CTX *ctx, const struct dkim_input *input, struct blob signature)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    const char *base64 = base64_encode(tmp, signature);
    size_t len = strlen(base64), column = TAB + 2;
    struct str *text = str_new(tmp);
    char *field;

    str_add(text, input->text);
    for (size_t at = 0; at < len;) {
        size_t now = len - at < MARGIN - column ? len - at : MARGIN - column;

        str_addn(text, base64 + at, now);
        at += now;
        column = TAB + 1;
        if (at < len)
            str_add(text, "\r\n\t ");
    }
    str_add(text, "\r\n");
    field = mem_strndup(ctx, text->s, text->len);
    talloc_free(tmp);
    return field;
}
