/* smtp-data.c - a message's bytes on their way into SMTP */
#include <string.h>

#include "delivery/smtp-data.h"
#include "util/str.h"

enum { LINE_MOST = 998 };

const char *
smtp_form_text(enum smtp_form form)
{
    static const char *const texts[] = {
        [SMTP_FORM_OK] = "in normal form",
        [SMTP_FORM_BARE_CR] = "a CR without LF in the message",
        [SMTP_FORM_BARE_LF] = "an LF without CR in the message",
        [SMTP_FORM_NUL] = "a NUL in the message",
        [SMTP_FORM_LONG_LINE] = "a line of more than 998 bytes in the message",
        [SMTP_FORM_NO_END] = "the message's last line has no end",
        [SMTP_FORM_8BIT] = "8-bit bytes in a message announced as 7-bit",
    };

    must((size_t)form < COUNT_OF(texts));
    return texts[form];
}

/* What the bytes so far leave behind for the next one. */
struct scanning {
    struct smtp_data_scan result;
    uint8_t last;
    size_t line_len;    /* of the line begun, its CR not counted */
};

static enum smtp_form
look_at(struct scanning *scanning, uint8_t byte)
{
    if (scanning->last == '\r' && byte != '\n')
        return SMTP_FORM_BARE_CR;
    switch (byte) {
    case '\0':
        return SMTP_FORM_NUL;
    case '\n':
        if (scanning->last != '\r')
            return SMTP_FORM_BARE_LF;
        scanning->line_len = 0;
        return SMTP_FORM_OK;
    case '\r':
        return SMTP_FORM_OK;
    default:
        scanning->result.is_8bit |= byte > 127;
        return ++scanning->line_len > LINE_MOST ? SMTP_FORM_LONG_LINE : SMTP_FORM_OK;
    }
}

/* How many of the bytes are neither CR, LF nor NUL; looks no further than a line may be long. */
static size_t
plain_len(const uint8_t *data, size_t len)
{
    static const uint8_t ends[] = {'\n', '\0'};
    const uint8_t *end;

    len = len > LINE_MOST + 2 ? LINE_MOST + 2 : len;
    if (len > 0 && (end = memchr(data, '\r', len)) != NULL)
        len = (size_t)(end - data);
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (len > 0 && (end = memchr(data, ends[i], len)) != NULL)
            len = (size_t)(end - data);
    return len;
}

/* Most of a message is plain bytes inside lines: takes as many at once as there are, and says how many. */
static size_t
look_at_plain(struct scanning *scanning, const uint8_t *data, size_t len)
{
    size_t plain = scanning->last == '\r' ? 0 : plain_len(data, len);

    if (plain == 0 || scanning->line_len + plain > LINE_MOST)
        return 0;
    scanning->result.is_8bit |= blob_has_8bit((struct blob){data, plain});
    scanning->line_len += plain;
    scanning->last = data[plain - 1];
    return plain;
}

struct smtp_data_scan
smtp_data_scan(const struct blob parts[], size_t count)
{
    struct scanning scanning = {.last = '\n'};
    bool ended;

    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < parts[k].len && scanning.result.form == SMTP_FORM_OK; i++) {
            i += look_at_plain(&scanning, parts[k].data + i, parts[k].len - i);
            if (i == parts[k].len)
                break;
            scanning.result.form = look_at(&scanning, parts[k].data[i]);
            scanning.last = parts[k].data[i];
        }
        scanning.result.size += parts[k].len;
    }
    ended = scanning.result.size == 0 || (scanning.last == '\n' && scanning.line_len == 0);
    if (scanning.result.form == SMTP_FORM_OK && !ended)
        scanning.result.form = scanning.last == '\r' ? SMTP_FORM_BARE_CR : SMTP_FORM_NO_END;
    return scanning.result;
}

/* One part; line_begins says whether its first byte begins a line, and afterwards whether the next one's does. */
static enum io_result
put_part(struct io *io, struct blob part, bool *line_begins)
{
    size_t at = 0;

    while (at < part.len) {
        const uint8_t *end = memchr(part.data + at, '\n', part.len - at);
        size_t len = end != NULL ? (size_t)(end - (part.data + at)) + 1 : part.len - at;
        enum io_result result = IO_OK;

        if (*line_begins && part.data[at] == '.')
            result = io_put(io, ".", 1);
        if (result == IO_OK)
            result = io_put(io, part.data + at, len);
        if (result != IO_OK)
            return result;
        *line_begins = end != NULL;
        at += len;
    }
    return IO_OK;
}

enum io_result
smtp_data_put(struct io *io, const struct blob parts[], size_t count)
{
    bool line_begins = true;
    enum io_result result = IO_OK;

    for (size_t k = 0; k < count && result == IO_OK; k++)
        result = put_part(io, parts[k], &line_begins);
    return result;
}
