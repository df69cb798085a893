/* packed-uu.c - files between "begin" and "end" in a text */
#include <string.h>

#include "mime/packed.h"
#include "mime/transfer.h"

enum { NAME_MOST = 1000 };

struct line { const uint8_t *p; size_t len, whole; };

static struct line
line_at(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *lf = memchr(p, '\n', (size_t)(end - p));
    size_t len = lf != NULL ? (size_t)(lf - p) : (size_t)(end - p), whole = len + (lf != NULL);

    if (len > 0 && p[len - 1] == '\r')
        len--;
    return (struct line){p, len, whole};
}

/* "begin 644 photo.jpg": where the name begins in the line; 0 when it is no such line. */
static size_t
begin_of(struct line line)
{
    size_t i = 6;

    if (line.len < 11 || memcmp(line.p, "begin ", 6) != 0)
        return 0;
    while (i < line.len && line.p[i] >= '0' && line.p[i] <= '7')
        i++;
    return (i == 9 || i == 10) && i + 1 < line.len && line.p[i] == ' ' ? i + 1 : 0;
}

/* A line of data says how many bytes it holds, and has letters enough for them (blanks at its end may be lost on the way). */
static bool
is_data(struct line line)
{
    size_t bytes = line.len > 0 ? (size_t)((line.p[0] - 32) & 63) : 0, letters = (bytes + 2) / 3 * 4;

    for (size_t i = 0; i < line.len; i++)
        if (line.p[i] < 32 || line.p[i] > 96)
            return false;
    return line.len > 0 && line.len <= letters + 2 && (line.len + 3 > letters || bytes == 0);
}

static bool
is_end(struct line line)
{
    return line.len == 3 && memcmp(line.p, "end", 3) == 0;
}

/* How long the file that begins at p is, with its first and last line; 0 when these are no data. */
static size_t
extent(const uint8_t *p, const uint8_t *end)
{
    struct line line = line_at(p, end);
    const uint8_t *at = p + line.whole;
    size_t lines = 0;

    for (; at < end; at += line.whole, lines++) {
        line = line_at(at, end);
        if (is_end(line))
            return lines > 0 ? (size_t)(at - p) + line.whole : 0;
        if (!is_data(line))
            return 0;
    }
    return 0;
}

static void
add_file(struct packed *packed, struct line line, size_t name, size_t len)
{
    struct str *data = str_new(packed);
    char *text = utf8_clean(NULL, line.p + name, line.len - name);

    transfer_uuencode(data, (struct blob){line.p, len});
    packed->files[packed->count++] = (struct packed_file){
        .name = utf8_cut_bytes(packed, text, NAME_MOST), .type = "application/octet-stream", .data = str_blob(data)};
    talloc_free(text);
}

struct packed *
packed_uu(TALLOC_CTX *ctx, struct blob text, struct str *without)
{
    struct packed *packed = mem_new(ctx, struct packed);
    const uint8_t *p = text.data, *end = text.data + text.len;
    size_t tried = 0;

    while (p < end) {
        struct line line = line_at(p, end);
        size_t name = tried < 2 * PACKED_MAX && packed->count < PACKED_MAX ? begin_of(line) : 0;
        size_t len = name > 0 ? extent(p, end) : 0;

        tried += name > 0;
        if (len > 0) {
            if (packed->files == NULL)
                packed->files = mem_array(packed, struct packed_file, PACKED_MAX);
            add_file(packed, line, name, len);
        } else if (without != NULL)
            str_addn(without, p, line.whole);
        p += len > 0 ? len : line.whole;
    }
    return packed;
}
