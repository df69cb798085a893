/* mbox-private.h - what mbox.c asks mbox-from.c about lines */
#ifndef KAIRAN_ARCHIVE_MBOX_PRIVATE_H
#define KAIRAN_ARCHIVE_MBOX_PRIVATE_H

#include "archive/mbox.h"

enum { MBOX_LINE_MOST = 1000 };

/* It begins with "From ". */
bool mbox_is_from(struct blob line);
/* Up to its line end, without that. */
struct blob mbox_first_line(struct blob text);
/* The text begins with the From line of a message, and not with somebody's words. */
bool mbox_begins_message(struct blob text, bool after_empty_line);

#endif
