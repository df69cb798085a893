/* keep-program.h - PostgreSQL's own programs: which of several, and what they said
 *
 * A program of the server's main version speaks as that server does; a newer one may ask for what the server does not know, an older one
 * refuses it. */
#ifndef KAIRAN_CLI_KEEP_PROGRAM_H
#define KAIRAN_CLI_KEEP_PROGRAM_H

#include "util/mem.h"

/* pattern: a path with a star in the place of the main version. The program of this version, else of the next newer; NULL: there is none. */
const char *keep_program(TALLOC_CTX *ctx, const char *pattern, int version);
/* The line that says most of what a program wrote to standard error: the first error, else the first of all; "" when there is none. */
const char *keep_program_said(TALLOC_CTX *ctx, const char *errors);

#endif
