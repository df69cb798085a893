/* post.h - what the parts of the post role share
 *
 * post.c takes a message and brings it to its end; post-judge.c authenticates and asks the rules, with no transaction open;
 * post-accept.c makes a post of it, in the transaction that ends it; post-other.c knows what to do with what is not a post. */
#ifndef KAIRAN_WORKER_POST_H
#define KAIRAN_WORKER_POST_H

#include "auth/dns.h"
#include "delivery/cook.h"
#include "delivery/token.h"
#include "mime/secret.h"
#include "mime/summary.h"
#include "policy/list.h"
#include "policy/rule.h"
#include "policy/topic.h"
#include "policy/rule.h"
#include "policy/setting.h"
#include "policy/subscription.h"
#include "store/statements.h"
#include "util/i18n.h"
#include "util/str.h"
#include "worker/child.h"

enum { ATTEMPTS_MAX = 3 };

struct poster {
    struct child *child;
    struct dns *dns;
    struct token_keys *tokens;
    struct i18n *i18n;
    struct rule_cache *cache;
};

struct judged;

/* One message in hand. */
struct work {
    TALLOC_CTX *ctx;
    struct poster *poster;
    const struct row_incoming_claim *claim;
    const struct row_message_get *row;
    struct list *list;              /* NULL for a token, and for a list that was removed meanwhile */
    struct settings *settings;
    struct message *message;
    struct summary *summary;
    struct secret *secret;          /* a moderators' password in it, or NULL; the summary is then of the message without */
    enum password_state password;
    const struct rule_message *read;    /* what the rules were told of it */
    struct judged *judged;
};

/* Fills work->judged; DNS is asked here. Temporary trouble of the database is the only failure. */
enum status post_judge(struct work *work);
/* In the open transaction: writes results and verdict, and carries the verdict out. */
enum status post_carry_out(struct work *work);

/* What is proved beside DMARC. post_find_secret() fills work->secret and ->password, and reads the summary anew. */
enum status post_find_secret(struct work *work);
enum status post_find_umbrella(struct work *work, const char **umbrella_r);
enum status post_write_masks(struct work *work);

/* Whom a post reaches beside the list's members (include), not through this list (exclude), and what it is about. */
struct reach {
    struct int_array include, exclude;
    bool by_topic;
    struct topics_found topics;
};
enum status post_find_reach(struct work *work, struct reach *reach_r);

/* The accepting half of post_carry_out. */
enum status post_accept(struct work *work, const char *authentication, cook_prove *prove, void *data);

/* What policy/subscription.h needs, in the post role. */
void post_desk(const struct work *work, struct subscription_desk *desk_r);
/* The author's address was proved in this very mail, or by signing in where it was written on a page; and by a person, not by a machine:
 * only then may we answer. */
bool post_author_is_proven(const struct work *work);

/* The rule that settled the judgement. */
const char *post_settled_by(const struct work *work);

/* Joining by writing, where the list has it. After the judgement, with no transaction open: the author has become a member, so the message
 * is to be judged again. And in the transaction that ends the message: the author is offered to join. */
enum status post_join_author(struct work *work, bool *joined_r);
enum status post_offer_joining(struct work *work);

/* Messages to sub-addresses. In the open transaction. */
enum status post_other(struct work *work);
enum status post_command(struct work *work);        /* -request, -join, -leave, -confirm */
enum status post_owner(struct work *work);
enum status post_moderate(struct work *work);       /* a moderator's answer to a notice about held posts */
/* Written by somebody to a sub-address that answers: its author is authenticated first. */
bool post_is_letter(const struct work *work);
enum status post_authenticate(struct work *work);   /* fills work->judged with that alone; DNS is asked here */
/* What authentication said of the mail in hand; and its rows, in the open transaction. */
bool post_dmarc_passes(const struct work *work);
bool post_dmarc_fails(const struct work *work);
bool post_dmarc_is_enforced(const struct work *work);   /* it fails, and the author's domain asks to refuse or set apart such mail */
enum status post_write_auth(struct work *work);
/* Ends the message in hand: its state, and the judgement with the reason. */
enum status post_end_as(struct work *work, const char *state, const char *action, const char *rule, const char *reason);

#endif
