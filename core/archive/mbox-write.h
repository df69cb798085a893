/* mbox-write.h - messages put into an mbox, one after the other
 *
 * mboxrd: a line that is "From " behind any number of ">" gets one more, so that what is read back is what was put in. Line ends
 * become LF, as every reader of an mbox has them; the messages of the archive have CR LF at every one, so nothing is lost by that.
 * Sources: RFC 4155; qmail's mbox(5). Reading is mbox.h. */
#ifndef KAIRAN_ARCHIVE_MBOX_WRITE_H
#define KAIRAN_ARCHIVE_MBOX_WRITE_H

#include "util/str.h"

/* `from` is put in the From line as far as it can stand there. */
void mbox_put(struct str *out, const char *from, int64_t at_us, struct blob bytes);

#endif
