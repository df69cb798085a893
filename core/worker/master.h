/* master.h - what the files of the worker's master share: master.c, master-check.c, master-child.c, master-dead.c. No child includes this.
 *
 * A slot is the place of one child; it is empty between the end of a child and the start of the next. */
#ifndef KAIRAN_WORKER_MASTER_H
#define KAIRAN_WORKER_MASTER_H

#include "util/clock.h"
#include "worker/child.h"

enum { SLOT_MAX = 2000 };

struct slot {
    enum role role;
    pid_t pid, signer_pid;
    int64_t started_ms, start_at_ms;
};

struct master {
    TALLOC_CTX *ctx;
    TALLOC_CTX *settings;           /* the life of conf and keys: until a reload brings others */
    struct conf *conf;
    struct keyring *keys;
    struct db *db;
    const char *hostname, *conf_path;
    int wake[ROLE_COUNT][2];
    int lmtp_fd, submission_fd, socketmap_fd, metrics_fd;
    struct slot slots[SLOT_MAX];
    size_t slot_count;
    int64_t pause_ms[ROLE_COUNT];
    int64_t *dead;                  /* process ids whose rows are still to be given back */
    size_t dead_count;
    int64_t reaped_ms;
    struct clock_seen clock;
    int64_t backstop_from_ms;       /* no work is taken away by time before this: the clock was moved, or the machine slept */
    unsigned listening_generation;
    bool stopping;
    bool sandbox;                   /* children give up what they do not need */
};

/* Whether what the configuration names is there and can be used: folders, resolvers, certificates, passwords, catalogues. At the start
 * and at each reload; changes nothing. */
enum status master_check(TALLOC_CTX *ctx, const struct conf *conf, struct fault *fault);

/* How many children of a role the configuration wants. */
int master_children_of(const struct conf *conf, enum role role);
/* Empty slots for all of them; once. */
void master_make_slots(struct master *master);
/* Fills the empty slots whose pause is over. In a child this does not return. */
void master_start_missing(struct master *master);
/* Takes note of the children that ended. */
void master_reap(struct master *master);
void master_tell_children(struct master *master, int signal_number);
bool master_any_child_lives(const struct master *master);

/* Subscribes to NOTIFY, again on each new connection; fine to call often. */
void master_listen(struct master *master);
/* Gives back the rows of processes whose lock is free: of our own dead children at once, of others after a while. Does
 * nothing most of the times it is called. */
void master_look_after_the_dead(struct master *master);

#endif
