/* redact.h - words taken out of a message for good
 *
 * Phrases are looked for where people read: in decoded fields, in texts of whatever charset and encoding, in HTML, in names of files,
 * also of forwarded messages. A field or text in which one stands is written anew without it; all else keeps its bytes. What
 * is attached as a file is not looked into; neither is, though the view shows it, what stands in a winmail.dat, in a calendar file or in a
 * forwarded message that is encoded as a whole: README names that. An S/MIME envelope that is only signed (signed.h) gives way to what was in it: what is
 * signed cannot be changed.
 *
 * ASCII letters are compared without regard to case. A blank of the phrase stands for blanks and line ends with their quote marks;
 * between letters that need none (Japanese) there may be blanks and line ends or not, whatever the phrase has. A phrase that begins or ends with a letter or digit
 * is not found inside a longer word.
 *
 * Memory: all in ctx. Linear in the message times the number of phrases (at most REDACT_MAX). */
#ifndef KAIRAN_MIME_REDACT_H
#define KAIRAN_MIME_REDACT_H

#include "mime/part.h"

enum { REDACT_MAX = 20, REDACT_LEAST = 2 };

/* A message without the phrases; `hits_r` counts what was taken out. No hit: the bytes as they are. */
struct blob redact_message(TALLOC_CTX *ctx, const struct message *message, const char *const *phrases, size_t count, size_t *hits_r);
/* The same for a text. */
char *redact_text(TALLOC_CTX *ctx, const char *text, const char *const *phrases, size_t count, size_t *hits_r);

#endif
