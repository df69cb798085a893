/* child.h - one process that answers requests until it is told to stop */
#ifndef KAIRAN_WEB_CHILD_H
#define KAIRAN_WEB_CHILD_H

#include <stdint.h>

/* Where a child tells its master what it is at; shared memory. */
struct child_slot {
    volatile int64_t request_began_ms;      /* monotonic; 0: none */
    size_t number;                          /* its place among them, for the tally */
};

enum { CHILD_REQUESTS = 5000 };     /* then a new process takes its place: leaks of any library stay small */

struct web;

/* Runs until SIGTERM, after CHILD_REQUESTS requests, or when the socket is lost. SIGTERM must be blocked by the caller; it is
 * let in only while nothing is being answered. `web` was opened by the master, so that templates and catalogues are one copy in
 * memory for all children; only the database is opened here. With
 * sandbox it gives up the system calls that pages do not need. Returns the exit code. */
int child_run(struct web *web, int listening, struct child_slot *slot, bool sandbox);

#endif
