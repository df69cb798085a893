/* subscription.h - joining and leaving by the list's policy, the same for web, mail and commands
 *
 *     asked for -> [the person confirms] -> [a moderator agrees] -> member        (leaving likewise)
 *
 * Nobody becomes a member, or ceases to be one, whose address was not proved: by a link in a mail to it, by being signed in with it,
 * or by a mail that authentication shows to come from it. With the policies open and confirm that is enough; with moderate and
 * confirm_then_moderate a moderator has to agree. Where the asker is not proved, a mail goes to the address, and the answer is the same
 * whether it is a member, banned or unknown: only the mail differs. How many such mails there may be says policy/budget.h.
 *
 * A wish is a row of subscription_request; it ends exactly once, and whoever comes second is told GONE. What several do at once about one
 * address on one list comes one after the other. Leaving stops delivery at once even where it has to wait for a moderator, and can be taken
 * back for seven days. What owners and operators do to many at once, without asking anybody, is policy/member.h.
 *
 * Each function is one transaction, or a part of its caller's; so the mails that it writes and the rows that it changes come together.
 * Sources: mailman3-features 1.16; DESIGN 6; RFC 8058. */
#ifndef KAIRAN_POLICY_SUBSCRIPTION_H
#define KAIRAN_POLICY_SUBSCRIPTION_H

#include "policy/budget.h"
#include "policy/list.h"
#include "util/conf.h"
#include "util/i18n.h"

/* What the work needs from the program that it runs in. */
struct subscription_desk {
    struct db *db;
    const struct i18n *i18n;
    const struct conf *conf;
    /* token_leave() of delivery/token.h and its keys: what stands behind /u/ for a membership. */
    char *(*leave_token)(TALLOC_CTX *ctx, const void *keys, int64_t member_id, int64_t epoch);
    const void *keys;
};

enum subscription_result {
    SUBSCRIPTION_DONE,          /* member, or no longer one */
    SUBSCRIPTION_CONFIRM_SENT,  /* a mail is on its way - or not, if there is nothing to confirm: the asker is told this in any case */
    SUBSCRIPTION_WAITS,         /* for a moderator; of leaving: delivery has stopped */
    SUBSCRIPTION_ALREADY,       /* is a member */
    SUBSCRIPTION_NOT_MEMBER,
    SUBSCRIPTION_BANNED,        /* or the list's own address */
    SUBSCRIPTION_LIMITED,       /* too many mails were asked for from that network or at this site: offer writing to LIST-join@ */
    SUBSCRIPTION_RESULT_COUNT
};
/* moderate, confirm_then_moderate */
bool policy_asks_moderator(enum joining_policy policy);

const char *subscription_result_word(enum subscription_result result);     /* "done", "confirm_sent" ... */

struct subscription_ask {
    const char *email, *key;        /* address_text() and address_key() */
    const char *name;               /* may be NULL */
    const struct lang *lang;        /* of the mails to this person; NULL: the list's */
    const struct actor *actor;
    const char *net;                /* budget_net() of the asker; NULL for owners and operators */
    bool is_proved;                 /* the address is proved in this very act */
    bool is_approved;               /* an owner acts: no moderator is asked, and no proof unless it is an invitation */
    bool is_invitation;             /* the person has to confirm, whatever the policy; then no moderator is asked */
    bool is_offer;                  /* they wrote to the list, and are offered to join */
    bool is_by_mail;                /* not by a form; budgets are apart */
    bool is_reply;                  /* asked by mail: ours is an answer */
    const char *in_reply_to;        /* to this message id, without <>; may be NULL */
};

enum status subscription_join(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list,
                              const struct subscription_ask *ask, enum subscription_result *result_r);
enum status subscription_leave(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list,
                               const struct subscription_ask *ask, enum subscription_result *result_r);
/* The leave link of a copy, or its address: the token is the proof. A membership that has ended, or whose epoch is another, is
 * NOT_MEMBER. */
enum status subscription_leave_by_token(const struct subscription_desk *desk, TALLOC_CTX *ctx, int64_t member_id, int64_t epoch,
                                        const struct actor *actor, enum subscription_result *result_r);
/* Takes leaving back, within seven days, with the link that ended the membership. DONE, NOT_MEMBER (too late, or not theirs to take back)
 * or BANNED. */
enum status subscription_return(const struct subscription_desk *desk, TALLOC_CTX *ctx, int64_t member_id, int64_t epoch,
                                const struct actor *actor, enum subscription_result *result_r);

/* ---- another address for a membership ---- */

/* `ask` is the new address, `old` and old_key the one on the list. A mail goes to the new one; once that is confirmed the old address is told and can
 * stop it, and moderators are asked. Results as of joining. */
enum status subscription_change(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list,
                                const struct subscription_ask *ask, const char *old, const char *old_key,
                                enum subscription_result *result_r);
/* An owner's word: at once, both addresses are told. DONE, ALREADY (the new one is a member), NOT_MEMBER (the old one is not), BANNED. */
enum status subscription_change_now(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list,
                                    const struct subscription_ask *ask, const char *old_key, enum subscription_result *result_r);

/* One new address for all lists: carries out the next job "moved", which was made when the new address was proved. any_r: there was one.
 * Owners decide list by list, and get one mail about all their lists; the old address gets one link that stops all of it. */
enum status subscription_moved_next(const struct subscription_desk *desk, bool *any_r);

/* ---- the link, or the word behind LIST-confirm+ ---- */

struct row_subscription_link;      /* store/statements.h */
/* What a token is for, whatever became of it. NULL: it is none of ours. */
enum status subscription_look(struct db *db, TALLOC_CTX *ctx, const char *token, struct row_subscription_link **link_r);
/* The first token in text that somebody wrote or sent back: an address, a subject, a quoted link. NULL: there is none. */
char *subscription_find_token(TALLOC_CTX *ctx, const char *text);
/* Whoever has the token is the person. GONE: used, expired, or decided meanwhile (subscription_look() says how). NOT_FOUND: no token. */
enum status subscription_confirm(const struct subscription_desk *desk, TALLOC_CTX *ctx, const char *token,
                                 enum subscription_result *result_r);

/* ---- what waits for a moderator ---- */

enum subscription_decision { SUBSCRIPTION_ACCEPT, SUBSCRIPTION_REJECT, SUBSCRIPTION_DISCARD };

/* Accepts, rejects with `reason` (may be NULL) or discards a wish. One that still waits for the person can be accepted beforehand, and
 * its rejection tells nobody, since the address is not proved. GONE: somebody was first.
 * result_r: of accepting; DONE, ALREADY, NOT_MEMBER, BANNED, or CONFIRM_SENT: the person's word is still needed. */
enum status subscription_decide(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, int64_t id,
                                enum subscription_decision decision, const char *reason, const struct actor *actor,
                                enum subscription_result *result_r);

/* Mails to owners about who joined and left since the last one, at most one in 15 minutes for each list. */
enum status subscription_tell_owners(const struct subscription_desk *desk);

#endif
