/* subject.h - whether an answer is still about the same matter
 *
 * Subjects are one when they differ only in what programs put around them: reply and forward marks of several languages, "[Fwd: ...]",
 * "(fwd)", list prefixes in square brackets, blanks. Threads are never made by subjects (place.h); this is for telling readers of a
 * change. */
#ifndef KAIRAN_ARCHIVE_SUBJECT_H
#define KAIRAN_ARCHIVE_SUBJECT_H

#include <stdbool.h>

bool subject_is_same(const char *one, const char *other);

#endif
