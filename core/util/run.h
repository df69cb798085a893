/* run.h - another program, by its path and its words
 *
 * No shell reads the words, and no PATH is searched: argv[0] is where the program is. It gets our environment and what is added to it,
 * reads what it is given, and is waited for. Secrets go by the environment, which others cannot see, not by the words, which they can.
 *
 * Memory: the answer lives in the context given. Output beyond RUN_KEPT_MAX, and errors beyond RUN_ERRORS_MAX, are read and forgotten. */
#ifndef KAIRAN_UTIL_RUN_H
#define KAIRAN_UTIL_RUN_H

#include "util/status.h"

enum { RUN_KEPT_MAX = 1 << 20, RUN_ERRORS_MAX = 16384, RUN_TURN_MS = 200 };

struct run {
    const char *const *argv;            /* ended by NULL */
    const char *const *environment;     /* NAME=VALUE, ended by NULL; NULL: nothing is added */
    struct blob input;
    bool (*go_on)(void *data);          /* asked every RUN_TURN_MS while it works; false: it is asked to end (SIGTERM). May be NULL */
    void *data;
};

struct run_answer {
    int code;                           /* its exit status; -1 when a signal ended it */
    char *output, *errors;              /* what it wrote, ended by a NUL */
};

/* False: it could not be started, and answer_r->errors says why. */
bool run_program(TALLOC_CTX *ctx, const struct run *run, struct run_answer *answer_r);

/* The first of these paths (ended by NULL) where a program is that we may run; NULL when none is. */
const char *run_find(const char *const *paths);

#endif
