/* subscription-private.h - what the parts of policy/subscription share: what happens in subscription*.c, what is told in
 * subscription-mail.c */
#ifndef KAIRAN_POLICY_SUBSCRIPTION_PRIVATE_H
#define KAIRAN_POLICY_SUBSCRIPTION_PRIVATE_H

#include "policy/notice.h"
#include "policy/subscription.h"
#include "store/statements.h"

/* One wish in hand. */
struct wish {
    const struct subscription_desk *desk;
    TALLOC_CTX *ctx;
    const struct list *list;
    struct settings *settings;
    const struct subscription_ask *ask;
    const struct lang *lang, *also;         /* of the person; also: the second one, where nothing is known of theirs */
    struct row_subscription_facts *facts;
    const char *title;
    bool is_void;                           /* a budget was used up: what was written so far is taken back */
};

/* Loads settings and facts. */
enum status wish_load(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list,
                      const struct subscription_ask *ask, struct wish **wish_r);

/* Waits until nobody else has this address on this list in hand; until the transaction ends. Owners who invite thousands do not wait. */
enum status wish_wait_turn(const struct subscription_desk *desk, const struct list *list, const struct subscription_ask *ask);

/* One wish in a transaction of its own: waits its turn, loads it, carries out `act`, which gets `what`. When nothing came of it, because
 * a budget is used up, nothing stays of it. */
typedef enum status (*wish_act)(struct wish *wish, const void *what, enum subscription_result *result_r);
enum status wish_run(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, const struct subscription_ask *ask,
                     wish_act act, const void *what, enum subscription_result *result_r);

/* The person has become a member: proof, row, welcome, news to the owners. Also ends what waited. */
enum status wish_join(struct wish *wish, enum subscription_result *result_r);
/* The membership of wish->facts ends: row, goodbye, news. */
enum status wish_leave(struct wish *wish, enum subscription_result *result_r);

/* The same as the list's policy has it: at once, or when the person confirms it, or when a moderator agrees. */
enum status wish_join_by_policy(struct wish *wish, enum subscription_result *result_r);
enum status wish_leave_by_policy(struct wish *wish, enum subscription_result *result_r);

/* The membership goes on at wish->ask's address: now, or when a moderator agrees. */
enum status wish_change(struct wish *wish, int64_t member_id, enum subscription_result *result_r);
enum status wish_change_waits(struct wish *wish, const char *old, int64_t member_id, enum subscription_result *result_r);
/* False: the answer is there already. */
enum status wish_take_budget(struct wish *wish, const char *what, bool *taken_r, enum subscription_result *result_r);

/* Mails. All of them are written in the open transaction. */
char *wish_leave_link(const struct wish *wish, int64_t member_id, int64_t epoch);
/* Asks the person, or says that there is nothing to ask. Does the same work whatever it says; request_id is the wish. `nobody`: the mail
 * is written and not sent. */
enum status wish_mail_person(struct wish *wish, enum notice_kind kind, const char *token, bool nobody);
enum status wish_mail_welcome(struct wish *wish, int64_t member_id, int64_t epoch);
enum status wish_mail_goodbye(struct wish *wish);
/* An owner removed them. */
enum status wish_mail_dismissed(struct wish *wish);
enum status wish_mail_changed(struct wish *wish, const char *old_email, int64_t member_id, int64_t epoch);
enum status wish_mail_old_address(struct wish *wish, const char *old_email, const char *token, bool nobody);
enum status wish_mail_rejected(struct wish *wish, const char *kind, const char *reason);
/* Puts the request before owners and moderators: their next gathered mail (policy/moderator.h) tells of it. */
enum status wish_tell_deciders(struct wish *wish, int64_t request_id);
/* A notice about the list: kind, to and args are the caller's, the rest is put in; without a language it is in the person's. */
enum status wish_mail(const struct wish *wish, struct notice notice);
char *wish_list_page(const struct wish *wish, const char *rest);

#endif
