/* mails.h - the mails of foreign test data, as the archive's tests take them */
#ifndef KAIRAN_TESTS_ARCHIVE_MAILS_H
#define KAIRAN_TESTS_ARCHIVE_MAILS_H

#include "forest.h"

struct mail { struct blob bytes; const struct summary *summary; const char *id; uint8_t digest[32]; };

/* The messages of an mbox, or the one message of a file, below the corpora; none when it is not there. Ids that are none get a
 * name by their number. */
size_t mails_read(TALLOC_CTX *ctx, const char *path, struct mail **mails_r);
struct sent *mails_sent(TALLOC_CTX *ctx, const struct mail *mails, size_t count);

#endif
