/* fuzz-mbox.c - messages of an mbox do not depend on how it is read, stand in it in their order, and miss none of it by mistake */
#include <string.h>

#include "../unit/archive/pieces.h"
#include "archive/mbox.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
read_all(struct str *out, enum mbox_kind kind, size_t most, struct blob text, size_t step)
{
    struct pieces pieces = {text, step};
    struct mbox *mbox = mbox_new(out, kind, most, pieces_read, &pieces);
    struct mbox_message message;
    uint64_t before = 0, count = 0;

    while (mbox_next(mbox, &message)) {
        must(count++ == 0 || message.offset > before);
        must(message.offset + 5 <= text.len && memcmp(text.data + message.offset, "From ", 5) == 0);
        must(message.raw.len <= most && (message.raw.data != NULL) == ((message.faults & MBOX_TOO_LARGE) == 0));
        before = message.offset;
        mbox_time(message.from_line);
        str_addf(out, "%llu %u ", (unsigned long long)message.offset, message.faults);
        str_addn(out, message.raw.data, message.raw.len);
    }
    must(pieces.rest.len == 0);
    talloc_free(mbox);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    enum mbox_kind kind = len > 0 ? (enum mbox_kind)(data[0] % 5) : MBOX_ANY;
    struct blob text = {data + (len > 0), len - (len > 0)};
    struct str *whole = str_new(ctx), *pieces = str_new(ctx), *small = str_new(ctx);

    read_all(whole, kind, 1 << 20, text, 1 << 20);
    read_all(pieces, kind, 1 << 20, text, 3);
    must(whole->len == pieces->len && memcmp(whole->s, pieces->s, whole->len) == 0);
    read_all(small, kind, 64, text, 7);
    talloc_free(ctx);
    return 0;
}
