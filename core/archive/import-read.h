/* import-read.h - what a message that comes from an archive says of itself: its id, when it arrived, who wrote it
 *
 * The bytes stay as they are; what other archives did to them is mended for reading alone, and said. Memory: all in ctx. */
#ifndef KAIRAN_ARCHIVE_IMPORT_READ_H
#define KAIRAN_ARCHIVE_IMPORT_READ_H

#include "mime/summary.h"

/* Without <>. A message that has none gets one made from its bytes, the same each time: "HASH@domain". */
char *import_message_id(TALLOC_CTX *ctx, const struct header *header, const uint8_t *sha256, const char *domain);

/* When it arrived. The first of these that is a time from 1971 to tomorrow: the From line of an mbox, the topmost Received field,
 * Date, the file's own time, the message before it (previous_us), now. Where Received is more than a week away from the From line,
 * Received counts: programs that write an archive out put their own time into the line. note_r: NULL, or a sentence that says which
 * time was no time of arrival. */
struct import_clock { const char *from_line; int64_t file_time_us, previous_us, now_us; };
int64_t import_time(TALLOC_CTX *ctx, const struct header *header, const struct import_clock *clock, const char **note_r);

/* Pipermail and HyperKitty write "hana at example.org" into From. The address as it was, with the name; NULL when From is not so. */
const struct address *import_author(TALLOC_CTX *ctx, const struct header *header);

#endif
