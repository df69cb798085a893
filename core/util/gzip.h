/* gzip.h - bytes made small on their way out; the door to zlib's writing side
 *
 * The same bytes in the same pieces give the same gzip file: no name and no time are in it (RFC 1952). Several files behind one
 * another are one. Memory: some 270 KB whatever the size. */
#ifndef KAIRAN_UTIL_GZIP_H
#define KAIRAN_UTIL_GZIP_H

#include "util/str.h"

struct gzip;

struct gzip *gzip_new(TALLOC_CTX *ctx);
/* Adds to `out` what is ready; much of it stays inside until later. */
void gzip_add(struct gzip *gzip, const void *data, size_t len, struct str *out);
/* The rest; nothing may be added afterwards. */
void gzip_end(struct gzip *gzip, struct str *out);

#endif
