/* word.h - encoded words: what a field says to people
 *
 * Decoding never fails: a word that is not one stays as it stands. Adjacent words of one charset are joined before they are
 * converted, because mailers cut in the middle of a character. Raw 8-bit and raw ISO-2022-JP are read too. The results are
 * clean UTF-8 on one line; they are for showing and searching, never for deciding who somebody is (address.h is).
 *
 * Bounds: linear. Sources: RFC 2047, RFC 2231 5, RFC 6532; CVE-2026-27859. */
#ifndef KAIRAN_MIME_WORD_H
#define KAIRAN_MIME_WORD_H

#include "util/mem.h"

/* A field's raw value (header_raw) or any part of one. Never NULL. */
char *word_decode(TALLOC_CTX *ctx, struct blob value);
char *word_decode_text(TALLOC_CTX *ctx, const char *value);     /* NULL stays NULL */

/* For the value of an unstructured field: printable ASCII without "=?" is returned as it is; otherwise the stretch of words
 * that need it is encoded in B or Q, whichever is shorter, in words of at most 75, lines of at most 78 with "\r\n " between
 * them. `prefix_len` is what stands on the line already ("Subject: " is 9). Controls become blanks; the text is UTF-8. */
char *word_encode(TALLOC_CTX *ctx, const char *text, size_t prefix_len);
/* The same for a phrase (a display name): as atoms, a quoted string, or encoded words. */
char *word_encode_phrase(TALLOC_CTX *ctx, const char *text, size_t prefix_len);

#endif
