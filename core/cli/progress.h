/* progress.h - how far long work is, for whoever sits before it: one line that is written over, to standard error
 *
 * Nothing is shown where nobody looks: standard error is no terminal, or the answer is wanted in JSON. */
#ifndef KAIRAN_CLI_PROGRESS_H
#define KAIRAN_CLI_PROGRESS_H

#include "cli/command.h"

struct progress {
    const char *what;           /* "messages" */
    bool is_wanted;
    int64_t begun_ms, shown_ms;
};

void progress_begin(struct progress *progress, const struct call *call, const char *what);
/* "12345 messages, 1523 a second, 45 %, 3 min left": `count` of them; `done` of `all` says how far it is (all 0: nobody knows). */
void progress_show(struct progress *progress, int64_t count, uint64_t done, uint64_t all);
void progress_clear(struct progress *progress);         /* before anything else is printed, and at the end */

#endif
