/* import-old.h - where the posts of a list were in the archive before this one
 *
 * Two things are read. Pipermail's own folder (archives/private/LIST, with 2024-May/012345.html and its like): each page of a message
 * holds the Message-ID in its link for answering. Or a text file with lines of a path and a Message-ID, for any other archive: what
 * followed the list's own address there, a blank, the Message-ID. The posts must be here already.
 *
 * Memory: OLD_BATCH lines, and the names of one folder's files. */
#ifndef KAIRAN_ARCHIVE_IMPORT_OLD_H
#define KAIRAN_ARCHIVE_IMPORT_OLD_H

#include "archive/import.h"

enum { OLD_BATCH = 500 };

struct import_old_count { int64_t read, noted, left_out; };

/* `told` hears of each page and line that no post could be found for. INVALID with a sentence when the path cannot be read. */
enum status import_old(struct db *db, int64_t list_id, const char *path, import_told *told, void *data,
                       struct import_old_count *count_r, struct fault *fault);

#endif
