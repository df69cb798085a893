/* input.h - a file that is read once from its beginning, whether it is gzipped or not; the door to zlib's reading side
 *
 * Several gzip members behind one another are one text, as gzip(1) has it. What is broken in the middle gives all bytes before
 * that, then a sentence. Memory: some 200 KB whatever the size; the file is closed when the struct is freed. */
#ifndef KAIRAN_UTIL_INPUT_H
#define KAIRAN_UTIL_INPUT_H

#include "util/mem.h"

struct input;

/* "-" is standard input. NULL: it cannot be opened, and errno says why. */
struct input *input_open(TALLOC_CTX *ctx, const char *path);
/* At most `most` bytes into buffer; 0 at the end and after trouble. */
size_t input_read(struct input *input, void *buffer, size_t most);
/* What went wrong, or NULL. */
const char *input_trouble(const struct input *input);
/* Bytes of the file as it lies on disk: how far it was read, and its size (0 where that is not known). */
uint64_t input_position(const struct input *input);
uint64_t input_size(const struct input *input);

#endif
