/* indexer.h - a process beside a command that makes what the archive shows and finds of the posts that it adds
 *
 * For when no worker runs, or to have both processors at it. It ends when its command has ended, however that was. */
#ifndef KAIRAN_CLI_INDEXER_H
#define KAIRAN_CLI_INDEXER_H

#include "cli/command.h"

struct indexer;
/* NULL: no process could be made; the command goes on without it. */
struct indexer *indexer_start(TALLOC_CTX *ctx, const struct conf *conf);
/* Helps until nothing is due any more. */
enum status indexer_end(struct indexer *indexer, struct db *db);

#endif
