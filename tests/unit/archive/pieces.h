/* pieces.h - bytes that come a few at a time, as files and sockets may give them */
#ifndef KAIRAN_TESTS_ARCHIVE_PIECES_H
#define KAIRAN_TESTS_ARCHIVE_PIECES_H

#include "util/mem.h"

struct pieces { struct blob rest; size_t step; };

/* An mbox_read of a struct pieces: at most `step` bytes each time. */
size_t pieces_read(void *data, void *buffer, size_t most);

#endif
