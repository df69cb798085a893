/* regex.h - regular expressions that people wrote; the door to PCRE2
 *
 * Whatever the expression, a match ends soon: no JIT, and limits on steps, depth and memory; beyond them it counts as no
 * match. Letters match in either case. An expression is at most REGEX_MAX bytes of valid UTF-8.
 * Memory: compiled for each call and freed again; who matches one expression often keeps a struct regex. */
#ifndef KAIRAN_UTIL_REGEX_H
#define KAIRAN_UTIL_REGEX_H

#include "util/mem.h"

enum { REGEX_MAX = 500 };

struct regex;                                               /* freed with its context */
/* NULL: not an expression; why_r (may be NULL) says why, in English, and lives in ctx. */
struct regex *regex_new(TALLOC_CTX *ctx, const char *expression, const char **why_r);
/* Found anywhere in text, unless the expression says ^. */
bool regex_matches(const struct regex *regex, const char *text);
/* The same, telling "no" from "it would have taken too long". */
enum regex_answer { REGEX_NO, REGEX_YES, REGEX_TOO_COSTLY };
enum regex_answer regex_ask(const struct regex *regex, const char *text);

#endif
