/* file.h - small files, whole
 *
 * For what is read at once and written at once: settings, records, texts. Long ones are read piece by piece (input.h).
 * Every failure leaves errno. */
#ifndef KAIRAN_UTIL_FILE_H
#define KAIRAN_UTIL_FILE_H

#include "util/mem.h"

/* The bytes, ended by a NUL that len_r (may be NULL) does not count. NULL: it cannot be read, is none, or (EFBIG) is longer than `most`. */
char *file_read(TALLOC_CTX *ctx, const char *path, size_t most, size_t *len_r);
/* The same from where the descriptor stands, to its end. It stays open. */
char *file_read_fd(TALLOC_CTX *ctx, int fd, size_t most, size_t *len_r);

bool file_write_all(int fd, const void *data, size_t len);
/* The names that a folder holds are on the disk. */
bool file_sync_folder(const char *folder);

#endif
