/* child.h - what every child of the worker is made of
 *
 * A child does one thing at a time: take a row, do the work, commit, look for the next. Between two pieces of work it sleeps
 * until the master wakes it through its role's pipe, or until it is time to look by itself: the pipe is a hint, polling the
 * truth. What it took belongs to its row in worker_process, which is alive while this process's connection holds the
 * advisory lock (LOCK_PROCESS, row's id); the row's work is given back by the master when the lock is free. */
#ifndef KAIRAN_WORKER_CHILD_H
#define KAIRAN_WORKER_CHILD_H

#include "auth/signer.h"
#include "store/db.h"
#include "util/conf.h"

enum role { ROLE_LMTP, ROLE_POST, ROLE_SEND, ROLE_JOBS, ROLE_WATCH, ROLE_COUNT };

struct child {
    TALLOC_CTX *ctx;                /* the process's own lifetime */
    const struct conf *conf;
    enum role role;
    struct db *db;
    int64_t process_id;             /* row in worker_process; 0 before the first connection */
    unsigned registered_generation; /* of db: the lock is held by exactly this connection */
    bool has_leftovers;             /* rows may be ours that nobody works on: a give-back could not be written */
    int wake_read, wake_write;      /* of this role */
    int send_wake;                  /* write end of the send role's pipe, for whoever makes work for it */
    const struct keyring *keys;     /* names only */
    struct signer *signer;          /* role send */
    int lmtp_fd, submission_fd, socketmap_fd;       /* role lmtp; -1 when there is none */
    int metrics_fd;                 /* role watch */
    size_t number;                  /* among the children, for the tally */
    const char *hostname;           /* for HELO, Received and Authentication-Results */
};

const char *role_name(enum role role);

/* SIGTERM came: finish what is in hand and end. */
bool child_is_stopping(void);
/* The first act of a child: its name in the log and for ps(1), "kairan-" and the name; signal handlers: SIGTERM and SIGINT
 * ask it to stop, SIGHUP and SIGPIPE are ignored. */
void child_begin(const char *name);

/* Connects, registers and locks where that is needed. False: the database cannot be used now; sleep and try again. May be
 * called in the middle of a piece of work. */
bool child_ready(struct child *child);
/* child_ready, and gives back what this process owns though it works on nothing: called before work is taken. */
bool child_may_take_work(struct child *child);
/* Takes the row away; for a clean end. */
void child_unregister(struct child *child);
/* Sleeps until woken, stopped, or at most wait_ms. `also_fd` >= 0 is watched too (a signer that died). */
void child_sleep(struct child *child, int wait_ms, int also_fd);
/* There is something in hand, or there is not: for whoever watches. */
void child_busy(const struct child *child, bool is_busy);
/* Wakes one idle sibling. */
void child_wake(int wake_write);

/* The lives of the roles: return when asked to stop or when a fresh process should go on (exit status). */
int lmtp_child(struct child *child);
int post_child(struct child *child);
int send_child(struct child *child);
int jobs_child(struct child *child);
int watch_child(struct child *child);
/* The names of jobs.def, separated by blanks. */
const char *jobs_names(TALLOC_CTX *ctx);

#endif
