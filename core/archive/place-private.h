/* place-private.h - what the files behind place.h share: place.c, place-many.c. Nobody else includes this. */
#ifndef KAIRAN_ARCHIVE_PLACE_PRIVATE_H
#define KAIRAN_ARCHIVE_PLACE_PRIVATE_H

#include "archive/place.h"

/* What a post's row has of its message, cut to its room. */
struct place_fields { const char *subject, *name, *address, *month, *excerpt; int64_t written_us; };
struct place_fields place_fields(TALLOC_CTX *ctx, const struct summary *summary, int64_t accepted_us);

#endif
