/* body.c - the text of a mail, made ready for a page */
#include <ctype.h>
#include <string.h>

#include "util/str.h"
#include "web/body.h"

enum { TOKEN_LEAST = 26, FOLD_LINES = 4 };
enum block_kind { BLOCK_TEXT, BLOCK_QUOTE, BLOCK_SIGNATURE };

/* ---- hiding ---- */

const char *
author_name(TALLOC_CTX *ctx, const char *name, const char *address, bool hide_address)
{
    const char *shown = str_is_empty(name) ? address : name;

    if (str_is_empty(shown))
        return "?";
    return hide_address ? mask_addresses(ctx, shown) : mem_strdup(ctx, shown);
}

/* ---- links ---- */

static bool
is_url_letter(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("-._~:/?#[]@!$&'()*+,;=%", c) != NULL);
}

/* Length of the URL at s, 0 when there is none. Full stops and brackets that belong to the sentence stay outside. */
static size_t
url_length(const char *s)
{
    size_t start = str_starts_nocase(s, "https://") ? 8 : str_starts_nocase(s, "http://") ? 7 : 0, len = start;

    if (start == 0 || !isalnum((unsigned char)s[start]))
        return 0;
    while (is_url_letter(s[len]))
        len++;
    while (len > start && strchr(".,;:!?'*", s[len - 1]) != NULL)
        len--;
    if (s[len - 1] == ')' && memchr(s, '(', len) == NULL)
        len--;
    return len;
}

static void
add_link(struct out *pieces, const char *url, size_t len)
{
    struct out *row = out_row(pieces);
    char *copy = mem_strndup(row, url, len);

    out_text(row, "text", copy);
    out_text(row, "url", copy);
}

/* Line ends are told apart from the text: a browser without style sheets would run the lines together. */
static void
add_text(struct out *pieces, const char *text, size_t len)
{
    while (len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t line = end != NULL ? (size_t)(end - text) : len;
        struct out *row = out_row(pieces);

        out_text(row, "text", mem_strndup(row, text, line));
        out_bool(row, "ends_line", end != NULL);
        line += end != NULL;
        text += line;
        len -= line;
    }
}

static void
add_pieces(struct out *block, const char *text)
{
    struct out *pieces = out_rows(block, "pieces");
    const char *from = text;

    for (const char *s = text; *s != '\0';) {
        size_t len = *s == 'h' || *s == 'H' ? url_length(s) : 0;

        if (len == 0) {
            s++;
            continue;
        }
        add_text(pieces, from, (size_t)(s - from));
        add_link(pieces, s, len);
        from = s += len;
    }
    add_text(pieces, from, strlen(from));
}

/* ---- blocks ---- */

static enum block_kind
kind_of(const char *line, size_t len, enum block_kind before)
{
    if (before == BLOCK_SIGNATURE || (len == 3 && memcmp(line, "-- ", 3) == 0))
        return BLOCK_SIGNATURE;
    return len > 0 && line[0] == '>' ? BLOCK_QUOTE : BLOCK_TEXT;
}

/* Spaces in a row inside a line, and what tools write: such text wants letters of one width. */
static bool
looks_fixed(const char *text)
{
    int signs = 0;

    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        size_t len;

        line += *line == '\n';
        len = strcspn(line, "\n");
        if (str_starts(line, "diff --git ") || str_starts(line, "@@ ") || str_starts(line, "+--"))
            return true;
        for (size_t i = 1; i + 3 < len; i++)
            if (memcmp(line + i, "   ", 3) == 0 && line[i - 1] != ' ' && line[i + 3] != ' ') {
                signs++;
                break;
            }
        if (memmem(line, len, "─", 3) != NULL || memmem(line, len, "│", 3) != NULL)
            signs++;
    }
    return signs >= 2;
}

static size_t
count_lines(const char *text)
{
    size_t lines = 0;

    for (const char *s = text; *s != '\0'; s++)
        if (*s == '\n' || s[1] == '\0')
            lines++;
    return lines;
}

static void
add_block(struct out *blocks, enum block_kind kind, const char *text, size_t len)
{
    static const char *const names[] = {"text", "quote", "signature"};
    struct out *block;
    char *copy;
    size_t lines;

    while (len > 0 && text[len - 1] == '\n')
        len--;
    while (len > 0 && *text == '\n') {
        text++;
        len--;
    }
    if (len == 0)
        return;
    block = out_row(blocks);
    copy = mem_strndup(block, text, len);
    lines = count_lines(copy);
    out_text(block, "kind", names[kind]);
    out_int(block, "lines", (int64_t)lines);
    out_bool(block, "is_folded", kind == BLOCK_QUOTE && lines > FOLD_LINES);
    out_bool(block, "is_fixed", kind == BLOCK_TEXT && looks_fixed(copy));
    add_pieces(block, copy);
}

void
body_show_with_links(struct out *message, const char *text)
{
    struct out *blocks = out_rows(message, "blocks");
    const char *from = text;
    enum block_kind kind = BLOCK_TEXT;

    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        enum block_kind now = kind_of(line, len, kind);

        if (now != kind) {
            add_block(blocks, kind, from, (size_t)(line - from));
            from = line;
            kind = now;
        }
        line += len + (line[len] == '\n');
    }
    add_block(blocks, kind, from, strlen(from));
}

void
body_show(struct out *message, const char *text, bool hide_addresses)
{
    char *shown = hide_addresses ? mask_addresses(message, text) : mem_strdup(message, text);

    mask_tokens(shown, strlen(shown));
    body_show_with_links(message, shown);
}
