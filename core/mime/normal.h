/* normal.h - the one form in which a message is kept, judged, signed and sent
 *
 * Every line end is CRLF, no NUL, no lone CR or LF, and the last line is ended. It is fed with the data of LMTP after
 * dot-unstuffing (or with a file being imported) in chunks of any size; how the bytes are cut into chunks changes nothing.
 * A NUL is removed first, then a lone LF becomes CRLF, a lone CR a blank; normal form itself passes unchanged.
 *
 * Sources: DESIGN P4; "SMTP smuggling" (CVE-2023-51764 and its relatives). */
#ifndef KAIRAN_MIME_NORMAL_H
#define KAIRAN_MIME_NORMAL_H

#include "util/mem.h"

struct normal {
    /* Takes what came out. A sink that can fail keeps its failure in `context` and ignores what follows. */
    void (*sink)(void *context, const uint8_t *data, size_t len);
    void *context;
    uint64_t changed;   /* bytes removed, added or replaced so far */
    uint64_t written;   /* bytes given to the sink so far */
    bool cr_held;       /* the last byte was CR; what it becomes depends on the next */
    bool line_open;     /* something was written since the last line end */
};

void normal_begin(struct normal *normal, void (*sink)(void *context, const uint8_t *data, size_t len), void *context);
void normal_add(struct normal *normal, const void *data, size_t len);
/* Ends the last line. Afterwards `changed` and `written` are final. */
void normal_end(struct normal *normal);

/* The same over a whole message in memory; changed_r may be NULL. */
struct blob normal_copy(TALLOC_CTX *ctx, struct blob raw, uint64_t *changed_r);

#endif
