/* notice.h - mails of the system to one person
 *
 * A notice is written at once, in the reader's language, into table notice, in the transaction of what it is about; the
 * worker signs it and hands it on with the null sender. Who may be written to is for the caller to judge: nothing is ever sent to
 * an address that a message merely claims (DESIGN 4.1).
 *
 * Sources: RFC 3834 for Auto-Submitted; notices.def for the texts. */
#ifndef KAIRAN_POLICY_NOTICE_H
#define KAIRAN_POLICY_NOTICE_H

#include "store/db.h"
#include "util/i18n.h"

#define NOTICE(name, subject, body) NOTICE_##name,
enum notice_kind {
#include "policy/notices.def"
    NOTICE_COUNT
};
#undef NOTICE

enum { NOTICE_ARGS = 6 };

struct notice {
    enum notice_kind kind;
    const struct lang *lang;
    int64_t domain_id;          /* signs it */
    const char *domain;
    int64_t list_id;            /* 0: it is not about a list */
    const char *list_name;      /* local part; its -owner address is the From */
    const char *from_display;   /* the list's or the site's name */
    const char *to;             /* address as its owner writes it */
    bool is_reply;              /* to a mail of theirs: auto-replied */
    const char *args[NOTICE_ARGS];
};

/* Writes the row. INVALID: `to` is no address. */
enum status notice_add(struct db *db, const struct notice *notice);
/* The mail as notice_add writes it, for tests and for showing. */
struct blob notice_compose(TALLOC_CTX *ctx, const struct notice *notice, int64_t now);
const char *notice_kind_word(enum notice_kind kind);

#endif
