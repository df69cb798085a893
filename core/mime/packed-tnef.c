/* packed-tnef.c - a reader of winmail.dat */
#include <stdio.h>
#include <string.h>

#include "mime/charset.h"
#include "mime/packed.h"

enum { SIGNATURE = 0x223e9f78, NAME_MOST = 1000, TEXT_MOST = 1 << 20, PROPERTIES_MOST = 10000 };

/* Attributes of the stream, and MAPI properties inside two of them. */
enum {
    ATT_BODY = 0x0002800c, ATT_TITLE = 0x00018010, ATT_DATA = 0x0006800f, ATT_BEGIN = 0x00069002, ATT_MESSAGE_PROPERTIES = 0x00069003,
    ATT_FILE_PROPERTIES = 0x00069005, ATT_CODEPAGE = 0x00069007
};
enum { PR_BODY = 0x1000, PR_DATA = 0x3701, PR_SHORT_NAME = 0x3704, PR_LONG_NAME = 0x3707, PR_TYPE = 0x370e, PR_CONTENT_ID = 0x3712 };
enum { PT_OBJECT = 0x0d, PT_STRING8 = 0x1e, PT_UNICODE = 0x1f, PT_BINARY = 0x102, PT_MANY = 0x1000, NAMED_FROM = 0x8000 };

/* Bytes still to be read; a length that goes beyond them breaks the reader. */
struct reader {
    const uint8_t *p;
    size_t left;
    bool is_broken;
};

struct unpacking {
    TALLOC_CTX *ctx;
    struct packed *packed;
    struct packed_file *file;       /* the one under way */
    char charset[16];
};

static struct blob
take(struct reader *reader, size_t len)
{
    struct blob bytes = {reader->p, len};

    if (len > reader->left) {
        reader->is_broken = true;
        reader->left = 0;
        return (struct blob){NULL, 0};
    }
    reader->p += len;
    reader->left -= len;
    return bytes;
}

static uint32_t
take_number(struct reader *reader, size_t len)
{
    struct blob bytes = take(reader, len);
    uint32_t number = 0;

    for (size_t i = bytes.len; i > 0; i--)
        number = number << 8 | bytes.data[i - 1];
    return number;
}

/* ---- values ---- */

static char *
text_of(const struct unpacking *unpacking, const char *charset, struct blob bytes, size_t most)
{
    char *text, *cut;

    if (bytes.len > 4 * most)
        bytes.len = 4 * most;
    text = charset_to_utf8(NULL, charset, bytes);
    cut = utf8_cut_bytes(unpacking->ctx, text, most);
    talloc_free(text);
    return cut;
}

static void
set_name(struct unpacking *unpacking, const char *charset, struct blob bytes)
{
    if (unpacking->file != NULL && bytes.len > 0)
        unpacking->file->name = text_of(unpacking, charset, bytes, NAME_MOST);
}

/* One value of a property of the open file, or of the message. */
static void
use_property(struct unpacking *unpacking, unsigned type, unsigned id, struct blob value)
{
    const char *charset = type == PT_UNICODE ? "utf-16le" : unpacking->charset;
    struct packed_file *file = unpacking->file;
    bool is_text = type == PT_STRING8 || type == PT_UNICODE;

    if (id == PR_BODY && is_text && file == NULL && unpacking->packed->text == NULL)
        unpacking->packed->text = text_of(unpacking, charset, value, TEXT_MOST);
    if (file == NULL || value.len == 0)
        return;
    if (id == PR_DATA && type == PT_BINARY)
        file->data = value;
    else if (id == PR_DATA && type == PT_OBJECT && value.len > 16)
        file->data = (struct blob){value.data + 16, value.len - 16};     /* behind the name of its kind */
    else if (is_text && (id == PR_LONG_NAME || (id == PR_SHORT_NAME && *file->name == '\0')))
        set_name(unpacking, charset, value);
    else if (is_text && id == PR_TYPE)
        file->type = str_lower(unpacking->ctx, text_of(unpacking, charset, value, NAME_MOST));
    else if (is_text && id == PR_CONTENT_ID)
        file->content_id = text_of(unpacking, charset, value, NAME_MOST);
}

static size_t
fixed_size(unsigned type)
{
    switch (type) {
    case 0x02: case 0x03: case 0x04: case 0x0a: case 0x0b:
        return 4;
    case 0x05: case 0x06: case 0x07: case 0x14: case 0x40:
        return 8;
    case 0x48:
        return 16;
    default:
        return 0;
    }
}

static bool
is_variable(unsigned type)
{
    return type == PT_OBJECT || type == PT_STRING8 || type == PT_UNICODE || type == PT_BINARY;
}

static struct blob
take_padded(struct reader *reader, size_t len)
{
    struct blob bytes = take(reader, len);

    take(reader, reader->left < (4 - len % 4) % 4 ? reader->left : (4 - len % 4) % 4);
    return bytes;
}

/* A property with a name: a GUID, and a number or a text. */
static void
skip_property_name(struct reader *reader)
{
    take(reader, 16);
    if (take_number(reader, 4) == 0)
        take(reader, 4);
    else
        take_padded(reader, take_number(reader, 4));
}

static void
read_properties(struct unpacking *unpacking, struct blob bytes)
{
    struct reader reader = {bytes.data, bytes.len, false};
    uint32_t count = take_number(&reader, 4), values;

    for (uint32_t i = 0; i < count && i < PROPERTIES_MOST && reader.left > 0; i++) {
        unsigned type = take_number(&reader, 2), id = take_number(&reader, 2), base = type & ~(unsigned)PT_MANY;

        if (id >= NAMED_FROM)
            skip_property_name(&reader);
        values = (type & PT_MANY) != 0 || is_variable(base) ? take_number(&reader, 4) : 1;
        for (uint32_t k = 0; k < values && reader.left > 0; k++)
            if (is_variable(base))
                use_property(unpacking, base, id, take_padded(&reader, take_number(&reader, 4)));
            else if (fixed_size(base) > 0)
                take(&reader, fixed_size(base));
            else
                reader = (struct reader){NULL, 0, true};
    }
    unpacking->packed->is_broken = unpacking->packed->is_broken || reader.is_broken;
}

/* ---- the stream ---- */

static void
begin_file(struct unpacking *unpacking)
{
    struct packed *packed = unpacking->packed;

    unpacking->file = NULL;
    if (packed->count == PACKED_MAX) {
        packed->is_broken = true;
        return;
    }
    unpacking->file = &packed->files[packed->count++];
    *unpacking->file = (struct packed_file){.name = "", .type = "application/octet-stream"};
}

static void
use_attribute(struct unpacking *unpacking, uint32_t id, struct blob value)
{
    struct reader reader = {value.data, value.len, false};

    switch (id) {
    case ATT_CODEPAGE:
        snprintf(unpacking->charset, sizeof(unpacking->charset), "cp%u", take_number(&reader, 4) & 0xffff);
        return;
    case ATT_BEGIN:
        begin_file(unpacking);
        return;
    case ATT_TITLE:
        set_name(unpacking, unpacking->charset, value);
        return;
    case ATT_DATA:
        if (unpacking->file != NULL)
            unpacking->file->data = value;
        return;
    case ATT_BODY:
        unpacking->packed->text = text_of(unpacking, unpacking->charset, value, TEXT_MOST);
        return;
    case ATT_MESSAGE_PROPERTIES:
    case ATT_FILE_PROPERTIES:
        read_properties(unpacking, value);
        return;
    }
}

bool
packed_is_tnef(struct blob bytes)
{
    struct reader reader = {bytes.data, bytes.len, false};

    return take_number(&reader, 4) == SIGNATURE && !reader.is_broken;
}

struct packed *
packed_tnef(TALLOC_CTX *ctx, struct blob bytes)
{
    struct packed *packed = mem_new(ctx, struct packed);
    struct unpacking unpacking = {.ctx = packed, .packed = packed, .charset = "cp1252"};
    struct reader reader = {bytes.data, bytes.len, false};

    packed->files = mem_array(packed, struct packed_file, PACKED_MAX);
    if (take_number(&reader, 4) != SIGNATURE)
        reader = (struct reader){NULL, 0, true};
    take(&reader, 2);
    while (reader.left > 0) {
        uint32_t level = take_number(&reader, 1), id = take_number(&reader, 4);
        struct blob value = take(&reader, take_number(&reader, 4));

        take(&reader, 2);       /* a checksum that nobody minds */
        if ((level == 1 || level == 2) && value.data != NULL)
            use_attribute(&unpacking, id, value);
        else
            reader = (struct reader){NULL, 0, true};
    }
    packed->is_broken = packed->is_broken || reader.is_broken;
    return packed;
}
