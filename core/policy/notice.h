/* notice.h - mails of the system to one person
 *
 * A notice is written at once, in the reader's language and as its owners worded it (policy/text.h), into table notice, in the transaction of what it is about; the
 * worker signs it and hands it on with the null sender. Who may be written to is for the caller to judge: nothing is ever sent to
 * an address that a message merely claims (DESIGN 4.1).
 *
 * Where nothing is known of the reader's language the mail says it in two, the list's first. It ends with the list's name and the owners'
 * address, which no text needs to repeat. About a list it carries its List-Id, an answer refers to what it answers, and gathered mails of
 * one day about one list are a thread.
 *
 * Sources: RFC 3834 for Auto-Submitted; RFC 2919 for List-Id; RFC 5322 3.6.4 for threads; notices.def for the texts. */
#ifndef KAIRAN_POLICY_NOTICE_H
#define KAIRAN_POLICY_NOTICE_H

#include "policy/text.h"

#define NOTICE(name, template, variables, label, subject, body) NOTICE_##name,
#define PIECE(name, template, variables, label)
enum notice_kind {
#include "policy/notices.def"
    NOTICE_COUNT
};
#undef NOTICE
#undef PIECE

enum { NOTICE_ARGS = 8 };

struct notice {
    enum notice_kind kind;
    const struct lang *lang;
    const struct lang *also;    /* said once more below, since the reader's is not known; NULL: not */
    int64_t domain_id;          /* signs it */
    const char *domain;
    int64_t list_id;            /* 0: it is not about a list */
    const char *list_name;      /* local part; its -owner address is the From */
    const char *from_display;   /* the list's or the site's name */
    const char *to;             /* address as its owner writes it */
    const char *reply_to;       /* NULL for none */
    const char *in_reply_to;    /* message id of the mail that this one answers, without <>; NULL for none */
    bool is_gathered;           /* with others of its kind and day: one thread */
    bool is_of_site;            /* about several lists, list_id is but the one that it comes from */
    bool is_reply;              /* to a mail of theirs: auto-replied */
    bool is_unsent;             /* noted and not sent: where a difference in time would tell something */
    const char *base_url;       /* "https://host" of the list's pages; NULL: made from its web host */
    const char *args[NOTICE_ARGS];      /* values of the row's variables, in their order */
    const char *also_args[NOTICE_ARGS]; /* in the second language, where they differ */
};

/* The language for somebody of whom `known` is told (NULL: nothing), about a list in `of_list`; also_r: the second one, or NULL. */
void notice_languages(const struct i18n *i18n, const char *known, const char *of_list, const struct lang **lang_r,
                      const struct lang **also_r);


/* Writes the row. INVALID: `to` is no address. */
enum status notice_add(struct db *db, const struct notice *notice);
/* The mail as notice_add writes it, for tests and for showing. `to` must be an address. */
enum status notice_compose(struct db *db, TALLOC_CTX *ctx, const struct notice *notice, int64_t now, struct blob *mail_r);
/* The same for a text that is not stored yet. */
enum status notice_compose_text(struct db *db, TALLOC_CTX *ctx, const struct notice *notice, const struct text *text, int64_t now,
                                struct blob *mail_r);
/* Who did it, for people: the name of a program is nobody. */
const char *notice_actor(const struct lang *lang, const char *words);
const char *notice_kind_word(enum notice_kind kind);

#endif
