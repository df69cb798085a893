/* gzip.c - bytes made small on their way out */
#include <isa-l/igzip_lib.h>

#include "util/gzip.h"

/* Of its levels the third makes mail the smallest and takes no longer than the others. */
enum { GZIP_LEVEL = 3, PIECE = 64 * 1024 };

struct gzip {
    struct isal_zstream stream;
    bool is_open;
    uint8_t piece[PIECE];
    _Alignas(16) uint8_t level[ISAL_DEF_LVL3_DEFAULT];
};

struct gzip *
gzip_new(TALLOC_CTX *ctx)
{
    struct gzip *gzip = mem_new(ctx, struct gzip);

    isal_deflate_init(&gzip->stream);
    gzip->stream.level = GZIP_LEVEL;
    gzip->stream.level_buf = gzip->level;
    gzip->stream.level_buf_size = sizeof(gzip->level);
    gzip->stream.gzip_flag = IGZIP_GZIP;
    gzip->is_open = true;
    return gzip;
}

static void
run(struct gzip *gzip, struct str *out)
{
    do {
        gzip->stream.next_out = gzip->piece;
        gzip->stream.avail_out = PIECE;
        must(isal_deflate(&gzip->stream) == COMP_OK);
        str_addn(out, gzip->piece, PIECE - gzip->stream.avail_out);
    } while (gzip->stream.avail_out == 0);
}

void
gzip_add(struct gzip *gzip, const void *data, size_t len, struct str *out)
{
    must(gzip->is_open && len <= UINT32_MAX);
    gzip->stream.next_in = (uint8_t *)(uintptr_t)data;
    gzip->stream.avail_in = (uint32_t)len;
    run(gzip, out);
}

void
gzip_end(struct gzip *gzip, struct str *out)
{
    must(gzip->is_open);
    gzip->stream.avail_in = 0;
    gzip->stream.end_of_stream = 1;
    run(gzip, out);
    must(gzip->stream.internal_state.state == ZSTATE_END);
    gzip->is_open = false;
}
