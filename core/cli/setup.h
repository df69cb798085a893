/* setup.h - kairan setup: a machine becomes a server for lists, step by step
 *
 * setup-steps.def has a row a step. A step says what it wants by the functions below; each looks first whether it is so already, and with
 * --dry-run only says what it would do. So a step may run again at any time, and what was begun and not ended is ended by the next run.
 *
 * What is changed on the machine is written to a record before it is done (SYSCONFDIR/setup, root's alone): kind, name, what was there
 * before, what is ours. --remove goes through it backwards and puts back what was there, but leaves alone what somebody changed since.
 * What could not be put back stays in the record. Users, keys and the database are never removed.
 *
 * A program reads its files when it is told to. That it has still to be told stands in the record too, as an entry of the kind "due" before
 * the first change that it has not read: whatever ends a run in between, the next one tells it. */
#ifndef KAIRAN_CLI_SETUP_H
#define KAIRAN_CLI_SETUP_H

#include <sys/types.h>

#include "cli/command.h"
#include "util/run.h"

#define SETUP_DIR KAIRAN_SYSCONFDIR "/setup"
#define SETUP_CONF KAIRAN_SYSCONFDIR "/kairan.conf"
#define SETUP_TLS_DIR KAIRAN_SYSCONFDIR "/tls"
#define SETUP_SERVICE_MARK "syslog_name=postfix/kairan"     /* by which our service in master.cf is known */

/* What the person says: by option, by question, or in an earlier run (setup-wish.def). */
#define WISH(name, option, flag, question, fallback) const char *name;
struct setup_wish {
#include "cli/setup-wish.def"
};
#undef WISH

/* What was changed, the oldest first: as in its file. */
struct setup_entry { const char *kind, *name, *before, *ours; };
struct setup_record { struct setup_entry *entries; size_t count; };

struct setup {
    TALLOC_CTX *ctx;
    struct call *call;
    struct setup_wish wish;
    bool is_dry;                    /* says, and changes nothing */
    bool has_systemd;               /* it runs here */
    const char *program;            /* ours, whole path */
    const char *mail_host;          /* what this machine calls itself in SMTP */
    const char *cluster_version, *cluster_name, *cluster_port;
    const char *certificate, *key;  /* files that nginx and Postfix get */
    const char *example_dir;
    struct out *steps, *step;       /* what was said, for --json */
    struct setup_record record;
    size_t changes;                 /* of the step that runs */
    int64_t command_ms;             /* how long a program of others may take */
};

#define STEP(function, heading) enum status function(struct setup *setup);
#include "cli/setup-steps.def"
#undef STEP

/* ---- saying ---- */
/* word: "done", "would", "so", "note" or "trouble"; shown beside the sentence. */
void setup_say(struct setup *setup, const char *word, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Lines set in below what was said. */
void setup_show(struct setup *setup, const char *text);
enum status setup_fail(struct setup *setup, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- the record ---- */
/* Its folder, which holds copies of files too, is there or made. */
bool setup_record_folder(void);
/* Of earlier runs, once, before the first step. */
enum status setup_record_read(struct setup *setup);
/* The last of a kind about a name; NULL: none. */
const struct setup_entry *setup_record_last(const struct setup *setup, const char *kind, const char *name);
/* Whether something is ours as it is now: this run or any before it wrote it so. */
bool setup_record_has(const struct setup *setup, const char *kind, const char *name, const char *ours);
/* Written and synced before the change is made: the whole record, or it stays as it was. A dry run notes only what is due. */
enum status setup_record_add(struct setup *setup, const char *kind, const char *name, const char *before, const char *ours);
/* From now on it has these entries. */
enum status setup_record_keep(struct setup *setup, const struct setup_entry *entries, size_t count);

/* Who reads what: "nginx", "postfix" and "postgresql" are due by what is recorded (NULL: nobody reads it), "programs" by setup_due(). */
const char *setup_reader_of(const struct setup_entry *entry);
enum status setup_due(struct setup *setup, const char *reader);
bool setup_is_due(const struct setup *setup, const char *reader);
enum status setup_has_read(struct setup *setup, const char *reader);

/* ---- putting back ---- */
/* All, the last first. A conflict when some of it failed, which stays in the record. */
enum status setup_undo(struct setup *setup);
/* Fails with this sentence, having undone what the reader has not read, and says what became of that. */
enum status setup_back_out(struct setup *setup, const char *reader, const char *sentence);

/* ---- wanting something ---- */
/* One that is there gets owner and mode; those that it had are recorded. */
enum status setup_folder(struct setup *setup, const char *path, mode_t mode, const char *user, const char *group);
/* "mode uid gid"; NULL with errno. */
const char *setup_owner(TALLOC_CTX *ctx, const char *path);
bool setup_is_member(const char *user, const char *group);
/* A whole file of ours. One that somebody else wrote or changed stays; ours is then put beside it as PATH.kairan-new. */
enum status setup_file(struct setup *setup, const char *path, const char *text, mode_t mode);
/* Lines of ours in somebody else's file, between marks; `before` as text_put_block() has it. */
enum status setup_block(struct setup *setup, const char *path, const char *lines, const char *before);
enum status setup_link(struct setup *setup, const char *path, const char *target);
/* What Postfix's main.cf says of a setting, on one line; NULL for nothing. False: postconf does not tell. */
bool setup_said(struct setup *setup, const char *name, const char **said_r);

/* Runs a command, or says that it would. What it printed is shown when it fails; mend: what to do then, or NULL. */
enum status setup_run(struct setup *setup, const char *mend, const char *const argv[]);
/* Runs one without a word, but shows what it printed when it did not end with 0. */
bool setup_do(struct setup *setup, const char *const argv[]);
/* Runs one that only looks, whatever the mode; NULL when it did not end with 0. */
const char *setup_ask(struct setup *setup, const char *const argv[]);
/* The same for our own program: words behind "kairan -c FILE". What it does has no limit in time: a migration may have large tables. */
enum status setup_run_own(struct setup *setup, const char *mend, const char *const words[]);
const char *setup_ask_own(struct setup *setup, const char *const words[]);

/* The text of a file of at most 1 MiB; NULL with errno: it is not there (ENOENT), cannot be read, or is no text. */
char *setup_read(TALLOC_CTX *ctx, const char *path);
/* The same where being there without being readable ends the step; *text_r is NULL when it is not there. */
enum status setup_look(struct setup *setup, const char *path, char **text_r);
/* In one step: whole and on disk, or as before. Owner and mode of one that is there stay. */
bool setup_write(const char *path, const char *text, mode_t mode);

#endif
