/* sandbox.h - what a process may ask of the kernel, once it has started
 *
 * The door to libseccomp. A process that reads what strangers wrote gives up, for the rest of its life, every system call that its work
 * does not need: who takes it over by a mistake of ours can start no program, open no file for writing, look into no other
 * process. sandbox.def says which kind may make which call.
 *
 * A call that is not allowed fails with EPERM, and the first of each name is logged ("sandbox_refused"): a library that wants
 * something new costs a line, not the mail of the day. What no library of ours ever asks for - a program, another's memory -
 * ends the process by SIGSYS; that costs one request or one attempt at a message (P6).
 * Where the kernel or a container takes no filters all goes on without: the masters log it, and `kairan check` says so.
 *
 * This is the second fence. The first is the unit (systemd/), which holds for the masters too and also limits paths.
 * Sources: reliability-security D.9, seccomp(2). */
#ifndef KAIRAN_UTIL_SANDBOX_H
#define KAIRAN_UTIL_SANDBOX_H

#include <stdbool.h>

#include "util/conf.h"

/* Bits, so that a row of sandbox.def can name several. */
enum sandbox_kind {
    SANDBOX_WEB = 1, SANDBOX_LMTP = 2, SANDBOX_POST = 4, SANDBOX_SEND = 8, SANDBOX_JOBS = 16, SANDBOX_SIGN = 32,
    SANDBOX_WATCH = 64,
    SANDBOX_MAIL = 95, SANDBOX_EACH = 127,
};

/* For a daemon's master, first of all: it and its children never get new rights by starting a program, leave no core file
 * with mail or keys in it, and cannot be looked into by other processes of their user. */
void sandbox_begin(void);
/* Tries it in a process of its own. False: the kernel takes no filter; why_r says what it answered. */
bool sandbox_works(TALLOC_CTX *ctx, const char **why_r);
/* For the rest of this process's life. With by_network the database may be reached by TCP. False, and a line in the log: the
 * kernel refused, and all is allowed as before. */
bool sandbox_enter(enum sandbox_kind kind, bool by_network);
/* For a master: filters are wanted and work. Else a line in the log says why not, once for all children. */
bool sandbox_is_on(const struct conf *conf);
/* One message cannot take the machine's memory: the process gets half a GiB and some times the largest message, and ends when
 * it wants more, which counts as an attempt. Nothing under sanitizers, which reserve terabytes. */
void sandbox_limit_memory(const struct conf *conf);

/* For the table in the manual and for tests: "openat" and who may call it; ended by one whose name is NULL. */
struct sandbox_row {
    const char *name;
    unsigned kinds;         /* 0: ends the process */
    int error;              /* of a quiet refusal */
    bool has_condition;
};
const struct sandbox_row *sandbox_rows(TALLOC_CTX *ctx);
/* Whether libseccomp knows such a name, on whatever machine. */
bool sandbox_name_is_known(const char *name);

#endif
