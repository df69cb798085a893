/* change.h - a change by a person: who acts, one transaction, one line in the audit log
 *
 * Every function of this room that changes rows for a person takes a struct actor and runs between change_begin() and
 * change_end(). When its caller has a transaction open it becomes a part of that one, and the caller commits; so two
 * changes can be made together. What a person did and the audit row about it commit together or not at all. */
#ifndef KAIRAN_POLICY_CHANGE_H
#define KAIRAN_POLICY_CHANGE_H

#include "store/db.h"

struct actor {
    const char *words;      /* for the log: an address, "command line (root)", "link in a mail" */
    int64_t user_id;        /* the account, 0 for none */
    bool is_operator;       /* the command line: may everything */
    bool is_admin;          /* site administrator */
};

struct change {
    struct db *db;
    bool own;               /* this change began the transaction and ends it */
};

enum status change_begin(struct change *change, struct db *db);
/* Commits when status is STATUS_OK, else rolls back; in a transaction of the caller's it does neither. Returns what became of it. */
enum status change_end(struct change *change, enum status status);

/* One row: action is a word of ours ("member_add"), object what it was done to, detail from what to what. list_id may be 0. */
enum status audit_add(struct db *db, const struct actor *actor, const char *action, int64_t list_id, const char *object,
                      const char *detail);

/* audits.def, for pages: actions ended by NULL, and what one is called (English; itself when it has no row). */
struct audit_word { const char *action, *label; };
const struct audit_word *audit_words(void);
const char *audit_label(const char *action);

#endif
