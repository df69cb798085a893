/* mbox.h - the messages in an mbox, one after the other
 *
 * Four relatives are read: mboxo and mboxrd (">From " stands for "From " in a text), mboxcl (the same, and Content-Length says how
 * long a text is) and mboxcl2 (Content-Length, and nothing is quoted). MBOX_ANY finds out which: Content-Length counts where those of
 * the first two messages lead exactly to a next message or the end, so that a field somebody wrote into a mail hides no other mail.
 *
 * A line "From " begins a message when what follows is a header field, and it has the form of such a line: a sender and a time of
 * day with a year; or "-" alone, or, after an empty line, a sender alone. Any other is text that somebody forgot to quote: it stays, and
 * MBOX_STRAY says so. The empty line before the next message belongs to neither.
 *
 * Memory: one message at a time; what is longer than `most` is stepped over and said. Linear; knows no files (mail-store.h does).
 * Sources: RFC 4155; qmail's mbox(5); Jamie Zawinski on Content-Length. */
#ifndef KAIRAN_ARCHIVE_MBOX_H
#define KAIRAN_ARCHIVE_MBOX_H

#include "util/mem.h"

enum mbox_kind { MBOX_ANY, MBOX_O, MBOX_RD, MBOX_CL, MBOX_CL2 };

enum mbox_fault {
    MBOX_STRAY = 1,         /* an unquoted From line was taken as text */
    MBOX_TOO_LARGE = 2,     /* longer than `most`: there are no bytes of it */
    MBOX_PREAMBLE = 4       /* bytes before it belong to no message */
};

struct mbox_message {
    struct blob raw;            /* as it was before it was put into the mbox; lives until the next call */
    const char *from_line;      /* without its line end, at most 1,000 bytes; lives as long */
    uint64_t offset;            /* of the From line */
    unsigned faults;
};

/* At most `most` bytes into buffer; 0 is the end. */
typedef size_t mbox_read(void *data, void *buffer, size_t most);

struct mbox;
struct mbox *mbox_new(TALLOC_CTX *ctx, enum mbox_kind kind, size_t most, mbox_read *read, void *data);
/* False at the end. */
bool mbox_next(struct mbox *mbox, struct mbox_message *message_r);

/* What was given last is the last there is: where the file is broken, it was broken in it. */
bool mbox_is_done(const struct mbox *mbox);

/* Begins as an mbox does: a From line with a header field behind it. */
bool mbox_is_one(struct blob beginning);

/* When the From line says the mail arrived: a zone that it names counts, without one it is UTC. 0: it says nothing. */
int64_t mbox_time(const char *from_line);

#endif
