/* word-private.h - what reading words and reading parameters share: word.c, params.c. Nobody else includes this. */
#ifndef KAIRAN_MIME_WORD_PRIVATE_H
#define KAIRAN_MIME_WORD_PRIVATE_H

#include "mime/word.h"
#include "util/str.h"

enum { CHARSET_MAX = 40 };      /* bytes of a charset's name that is worth a look */

static inline bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The value without line ends and NUL, and without blanks at both ends. */
struct str *word_unfold(TALLOC_CTX *ctx, struct blob value);
/* Clean UTF-8 on one line, in place: line ends and tabs are blanks. */
char *word_one_line(char *text);

#endif
