/* charset.h - bytes in any charset, as UTF-8; the door to iconv
 *
 * Labels on mail are wrong often enough that conversion never fails: what cannot be read becomes U+FFFD. Japanese labels
 * mean what mailers mean by them: shift_jis is CP932, euc-jp is EUC-JP-MS, iso-2022-jp is read by ours (NEC row 13, half-
 * width kana, broken escapes). An unknown label, or one that the bytes contradict: UTF-8 if valid, else the most plausible
 * of ISO-2022-JP, CP932, EUC-JP and GB 18030, else Windows-1252. UTF-7 is refused, that is, read as ASCII.
 *
 * Sources: reference/dependencies 6; encoding.spec.whatwg.org for labels; CP50221 as Microsoft's mailers write it. */
#ifndef KAIRAN_MIME_CHARSET_H
#define KAIRAN_MIME_CHARSET_H

#include "util/mem.h"

/* Clean UTF-8 (utf8_clean: CR LF is LF, no controls, no NUL). A NULL or empty label means "not said". */
char *charset_to_utf8(TALLOC_CTX *ctx, const char *label, struct blob bytes);
/* The label is one that we convert by its name (so not UTF-7, not x-unknown). */
bool charset_is_known(const char *label);
/* What unlabelled bytes most probably are: "us-ascii", "utf-8", "iso-2022-jp", "cp932", "euc-jp", "gb18030" or
 * "windows-1252". */
const char *charset_guess(struct blob bytes);
/* Valid UTF-8, whatever NUL stands between. */
bool charset_is_utf8(struct blob bytes);
/* The other way, for appending to a part. False: not known, or some character has no place in it; nothing is replaced. */
bool charset_from_utf8(TALLOC_CTX *ctx, const char *label, const char *text, struct blob *bytes_r);

#endif
