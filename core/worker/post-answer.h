/* post-answer.h - who may be answered, how often, and the mail that does it
 *
 * An automatic answer goes only to an address that was proved in that very mail, never to automatic, bulk or list mail, and to
 * nobody more than [limits] answers_day times a day; the last of them says that there will be no more.
 * Sources: RFC 3834; reliability-security D.5, D.6; mailman3-features 1.14. */
#ifndef KAIRAN_WORKER_POST_ANSWER_H
#define KAIRAN_WORKER_POST_ANSWER_H

#include "policy/notice.h"
#include "worker/post.h"

/* No person waits for an answer: null sender, Auto-Submitted, Precedence, a list's mail, X-Auto-Response-Suppress. */
bool is_automatic(const struct work *work);

/* Whoever wrote the mail in hand, and how they are answered. */
struct correspondent {
    const char *email, *key, *name;
    const struct lang *lang;
    bool is_proved;                         /* by an aligned DMARC pass, or submitted in this name */
    bool is_forged;                         /* DMARC says fail */
    const struct row_mail_asker *who;       /* never NULL */
};
/* NOT_FOUND: the mail has no one author. is_japanese: what they wrote is, for those of whom no language is known. */
enum status correspondent_load(struct work *work, bool is_japanese, struct correspondent *correspondent_r);

/* One notice about the list to them, as an answer to the mail in hand; nothing goes out beyond the limit. */
enum status answer(struct work *work, const struct correspondent *to, enum notice_kind kind, const char *const args[NOTICE_ARGS]);

/* What stands behind "Re: " in the subject of an answer. */
const char *answer_subject(const struct work *work);

/* The list's automatic answer, if it has one for that kind of mail ("owner", "postings", "requests") and this person has not had it
 * lately. ends_r: the setting says that nothing else happens with the mail. */
enum status autorespond(struct work *work, const struct correspondent *to, const char *kind, bool *ends_r);

#endif
