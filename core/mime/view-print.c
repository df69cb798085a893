/* view-print.c - what depends on the reader, put into a kept view */
#include <stdlib.h>
#include <string.h>

#include "mime/view-print.h"

static const struct { const char *name, *sentence; } words[] = {
#define WORD(name, sentence) {#name, sentence},
#include "mime/view-words.def"
#undef WORD
};

struct reader {
    struct str *out;
    const struct lang *lang;
    bool hides;
};

/* From `from` to the mark `end`, which is stepped over by the caller; all that is left when the mark is not there. */
static size_t
until(const char *from, char end)
{
    const char *at = strchr(from, end);

    return at != NULL ? (size_t)(at - from) : strlen(from);
}

static const char *
after(const char *from, size_t len)
{
    return from + len + (from[len] != '\0');
}

static const char *
print_lines(const struct reader *reader, const char *s)
{
    size_t len = until(s, '\x02');
    char *number = mem_strndup(NULL, s, len);
    const char *text = trn(reader->lang, "%1 quoted line", "%1 quoted lines", atoll(number));

    str_add(reader->out, tr_fill(number, text, number, NULL, NULL));
    talloc_free(number);
    return after(s, len);
}

static const char *
print_word(const struct reader *reader, const char *s)
{
    size_t len = until(s, '\x02');

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strlen(words[i].name) == len && memcmp(words[i].name, s, len) == 0)
            str_add(reader->out, tr(reader->lang, words[i].sentence));
    return after(s, len);
}

/* Letters of an address between these marks are plain ones: fit for text and attribute as they are. */
static const char *
print_address(const struct reader *reader, const char *s)
{
    size_t local_len = until(s, '\x04');
    const char *domain = after(s, local_len);
    size_t domain_len = until(domain, '\x05'), whole = local_len + 1 + domain_len;

    if (reader->hides) {
        str_addn(reader->out, s, local_len);
        str_add(reader->out, "@…");
    } else {
        char *address = mem_printf(NULL, "%.*s@%.*s", (int)local_len, s, (int)domain_len, domain);

        str_add(reader->out, "<a href=\"mailto:");
        str_addn(reader->out, address, whole);
        str_add(reader->out, "\">");
        str_addn(reader->out, address, whole);
        str_add(reader->out, "</a>");
        talloc_free(address);
    }
    return after(domain, domain_len);
}

static const char *
print_hidden(const struct reader *reader, const char *s)
{
    size_t len = until(s, '\x0f');

    if (reader->hides)
        str_add(reader->out, "…");
    else
        str_addn(reader->out, s, len);
    return after(s, len);
}

void
view_print(struct str *out, const char *fragment, const struct lang *lang, bool hide_addresses)
{
    const struct reader reader = {out, lang, hide_addresses};
    const char *s = fragment;

    while (*s != '\0') {
        size_t len = strcspn(s, "\x01\x03\x06\x0e");

        str_addn(out, s, len);
        s += len;
        switch (*s) {
        case '\x01':
            s = print_lines(&reader, s + 1);
            break;
        case '\x03':
            s = print_address(&reader, s + 1);
            break;
        case '\x06':
            s = print_word(&reader, s + 1);
            break;
        case '\x0e':
            s = print_hidden(&reader, s + 1);
            break;
        }
    }
}
