/* spool.h - files for people, which the web server sends when kairan-web has looked who asks
 *
 * They lie in [site] spool_dir under names that nobody guesses, read by the web server's group and by nobody else; the folder hands
 * its group on (set-group-ID). */
#ifndef KAIRAN_WORKER_SPOOL_H
#define KAIRAN_WORKER_SPOOL_H

#include <stdio.h>

#include "util/conf.h"

enum { SPOOL_TOKEN = 32 };      /* random_token(): every name begins with one */

/* NULL: not possible, and errno says why. */
FILE *spool_open(TALLOC_CTX *ctx, const struct conf *conf, const char *name, const char *ending);
void spool_remove(TALLOC_CTX *ctx, const struct conf *conf, const char *name, const char *ending);
/* Names of files, with their endings, that were last written before this time. What nobody here named is not in it. */
const char **spool_older(TALLOC_CTX *ctx, const struct conf *conf, int64_t before_us, size_t *count_r);
void spool_remove_file(TALLOC_CTX *ctx, const struct conf *conf, const char *file);

#endif
