/* gzip.c - bytes made small on their way out */
#include <string.h>

#include <zlib.h>

#include "util/gzip.h"

/* 15 bits of window, and 16 says gzip instead of zlib; level 5 is where mail stops getting smaller for its price. */
enum { GZIP_WINDOW = 15 + 16, GZIP_LEVEL = 5, GZIP_MEMORY = 8, PIECE = 64 * 1024 };

struct gzip {
    z_stream stream;
    bool is_open;
    uint8_t piece[PIECE];
};

static int
gzip_destroy(struct gzip *gzip)
{
    if (gzip->is_open)
        deflateEnd(&gzip->stream);
    return 0;
}

struct gzip *
gzip_new(TALLOC_CTX *ctx)
{
    struct gzip *gzip = mem_new(ctx, struct gzip);

    must(deflateInit2(&gzip->stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) == Z_OK);
    gzip->is_open = true;
    talloc_set_destructor(gzip, gzip_destroy);
    return gzip;
}

static void
run(struct gzip *gzip, int flush, struct str *out)
{
    int answer;

    do {
        gzip->stream.next_out = gzip->piece;
        gzip->stream.avail_out = PIECE;
        answer = deflate(&gzip->stream, flush);
        must(answer == Z_OK || answer == Z_STREAM_END || answer == Z_BUF_ERROR);
        str_addn(out, gzip->piece, PIECE - gzip->stream.avail_out);
    } while (gzip->stream.avail_out == 0);
}

void
gzip_add(struct gzip *gzip, const void *data, size_t len, struct str *out)
{
    must(gzip->is_open && len <= UINT32_MAX);
    gzip->stream.next_in = (Bytef *)(uintptr_t)data;
    gzip->stream.avail_in = (uInt)len;
    run(gzip, Z_NO_FLUSH, out);
}

void
gzip_end(struct gzip *gzip, struct str *out)
{
    must(gzip->is_open);
    gzip->stream.next_in = Z_NULL;
    gzip->stream.avail_in = 0;
    run(gzip, Z_FINISH, out);
    deflateEnd(&gzip->stream);
    gzip->is_open = false;
}
