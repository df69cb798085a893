/* gzip.h - bytes made small on their way out; the door to ISA-L, which is ten times as fast as zlib at this
 *
 * No name and no time are in such a file (RFC 1952). Several files behind one another are one. Memory: some 600 KB whatever the
 * size. */
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
