/* export.h - posts of an archive written out as they came
 *
 * mboxrd (one file or standard output), Maildir (a folder of its own) or single messages (a folder with NUMBER.eml). Bytes are those
 * kept; in mboxrd and Maildir their line ends are LF, as programs that read these expect, in .eml files CR LF. An mboxrd that is
 * imported again gives the same bytes, times of arrival included.
 *
 * A file is written beside its place and put there at the end; a folder must be new or empty. */
#ifndef KAIRAN_ARCHIVE_EXPORT_H
#define KAIRAN_ARCHIVE_EXPORT_H

#include "util/status.h"

enum export_format { EXPORT_MBOXRD, EXPORT_MAILDIR, EXPORT_EML };
/* "mboxrd", "maildir", "eml"; NULL is mboxrd. INVALID with a sentence. */
enum status export_format_find(TALLOC_CTX *ctx, const char *word, enum export_format *format_r, struct fault *fault);

struct export_post {
    int64_t number, accepted_us;
    const char *sender, *from_address;      /* of the envelope, which may be empty, and of the author */
    struct blob bytes;
};

struct export;
/* "-" is standard output (mboxrd alone). CONFLICT, INVALID or UNAVAILABLE with a sentence. */
enum status export_open(TALLOC_CTX *ctx, enum export_format format, const char *path, struct export **export_r, struct fault *fault);
enum status export_add(struct export *export, const struct export_post *post, struct fault *fault);
/* Puts the file to its place. Freed without it, nothing is left of an mbox. */
enum status export_close(struct export *export, struct fault *fault);

#endif
