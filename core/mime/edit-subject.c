/* edit-subject.c - a prefix in front of the subject */
#include <string.h>
#include <strings.h>

#include "mime/compose.h"
#include "mime/edit-private.h"
#include "mime/word.h"
#include "util/str.h"

enum { FOLD_AT = 78 };

/* Length of "Re:", "RE[2]:", "Aw:", "Sv:" at p, 0 when there is none. */
static size_t
reply_mark_len(const char *p)
{
    static const char *const marks[] = {"re", "aw", "sv", "vs"};

    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        size_t len = 2;

        if (strncasecmp(p, marks[i], 2) != 0)
            continue;
        if (p[len] == '[' || p[len] == '^')
            len += 1 + strspn(p + len + 1, "0123456789");
        len += p[len] == ']';
        if (p[len] == ':')
            return len + 1;
    }
    return 0;
}

/* Length of the prefix at p, where any digits stand for those of `prefix`; 0 when another text is there. */
static size_t
prefix_len(const char *p, const char *prefix)
{
    static const char digits[] = "0123456789";
    const char *start = p;

    while (*prefix != '\0') {
        size_t number = strspn(prefix, digits);

        if (number > 0) {
            if (strspn(p, digits) == 0)
                return 0;
            p += strspn(p, digits);
            prefix += number;
        } else if (strncasecmp(p, prefix, 1) == 0) {
            p++;
            prefix++;
        } else
            return 0;
    }
    return (size_t)(p - start);
}

struct subject {
    const char *rest;           /* behind reply marks and prefixes */
    const char *mark;           /* the first reply mark, or NULL */
    size_t mark_len;
    bool had_prefix;
};

static struct subject
subject_split(const char *text, const char *prefix)
{
    struct subject subject = {.rest = text};

    for (;;) {
        size_t len;

        subject.rest += strspn(subject.rest, " \t\r\n");
        if ((len = reply_mark_len(subject.rest)) > 0) {
            if (subject.mark == NULL) {
                subject.mark = subject.rest;
                subject.mark_len = len;
            }
        } else if ((len = prefix_len(subject.rest, prefix)) > 0)
            subject.had_prefix = true;
        else
            return subject;
        subject.rest += len;
    }
}

/* What goes before the rest of the raw subject; its bytes follow on the same line where they fit. */
static char *
subject_lead(TALLOC_CTX *ctx, const char *prefix, const struct subject *subject)
{
    struct str *lead = str_new(ctx);
    size_t rest = strcspn(subject->rest, "\r\n");

    str_addc(lead, ' ');
    if (!str_has_8bit(prefix) && !str_has_control(prefix))
        str_add(lead, prefix);
    else {
        /* Two encoded words are read without the blank between them, so that it must be in the first. */
        char *text = mem_printf(lead, "%s ", prefix), *word = word_encode_phrase(lead, text, strlen("Subject: "));

        str_add(lead, word);
    }
    if (subject->mark != NULL) {
        str_addc(lead, ' ');
        str_addn(lead, subject->mark, subject->mark_len);
    }
    if (rest > 0)
        str_add(lead, strlen("Subject:") + lead->len + 1 + rest > FOLD_AT ? "\r\n " : " ");
    return lead->s;
}

/* The old prefix is inside an encoded word: the subject is written anew. */
static void
subject_rewrite(struct edit_list *edits, const struct header_field *field, const char *prefix, const struct subject *subject)
{
    struct str *out = str_new(NULL);
    char *mark = subject->mark != NULL ? mem_strndup(out, subject->mark, subject->mark_len) : NULL;

    compose_field(out, "Subject", mem_printf(out, "%s%s%s %s", prefix, mark != NULL ? " " : "", mark != NULL ? mark : "",
                                             subject->rest));
    edit_replace_field(edits, field, str_blob(out));
    talloc_free(out);
}

void
edit_subject_prefix(struct edit_list *edits, const char *prefix)
{
    const struct header_field *field = header_find(edits->message->header, "Subject", 0);
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct str *out = str_new(scratch);
    struct subject raw, decoded;
    char *text;

    prefix = str_trim(scratch, prefix);
    if (*prefix != '\0' && field == NULL) {
        compose_field(out, "Subject", prefix);
        edit_append(edits, str_blob(out));
    }
    if (*prefix == '\0' || field == NULL) {
        talloc_free(scratch);
        return;
    }
    text = mem_strndup(scratch, (const char *)field->value, field->value_len);
    raw = subject_split(text, prefix);
    decoded = subject_split(word_decode_text(scratch, raw.rest), prefix);
    if (decoded.had_prefix) {
        if (raw.mark != NULL) {
            decoded.mark = raw.mark;
            decoded.mark_len = raw.mark_len;
        }
        subject_rewrite(edits, field, prefix, &decoded);
    } else
        edit_add_range(edits, ORDER_FIELD, edit_offset_of(edits, field->value), (size_t)(raw.rest - text),
                 blob_of(subject_lead(scratch, prefix, &raw)));
    talloc_free(scratch);
}
