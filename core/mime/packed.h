/* packed.h - files inside something else than a part of a message: winmail.dat, and uuencoded text
 *
 * winmail.dat (TNEF) is how Outlook packs a message for other Outlooks. Ours is a small reader: it follows lengths within the bytes
 * it has, and keeps names, bytes and a plain body. Damage ends it; what was read until then counts.
 * (libytnef was looked at and left: a history of memory errors, and an interface of files and globals, for 300 lines.)
 *
 * Bounds: PACKED_MAX files; linear. Memory: all in ctx; `data` of a winmail.dat's files points into the bytes given.
 * Sources: MS-OXTNEF, MS-OXPROPS; POSIX uuencode. */
#ifndef KAIRAN_MIME_PACKED_H
#define KAIRAN_MIME_PACKED_H

#include "util/str.h"

enum { PACKED_MAX = 100 };

struct packed_file {
    const char *name;           /* clean, as it stands there; "" when it has none */
    const char *type;           /* as labelled; "application/octet-stream" when not */
    const char *content_id;     /* without <>, or NULL */
    struct blob data;
};

struct packed {
    struct packed_file *files;
    size_t count;
    const char *text;           /* a plain body, clean; NULL when there is none */
    bool is_broken;
};

bool packed_is_tnef(struct blob bytes);
struct packed *packed_tnef(TALLOC_CTX *ctx, struct blob bytes);

/* The files between "begin 644 NAME" and "end" in a text. without (may be NULL) gets the text that is left. */
struct packed *packed_uu(TALLOC_CTX *ctx, struct blob text, struct str *without);

#endif
