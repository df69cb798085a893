/* moderator.h - what moderators are told, and the link and the answer with which they decide
 *
 * A held message, and a request that waits for a moderator, is a line in moderator_todo for each moderator and owner of its list who decides
 * about such things. moderator_notify() makes one mail of all the lines of one person, over all their lists, in that person's language,
 * and takes his turn in moderator_pace: so there is at most one mail in moderation.notice_s, by whichever process. It carries a link
 * for each list, which needs no sign-in for 7 days, and a reply address at which one word decides about posts (moderator-word.h). Links and replies are for this person alone and end with the role.
 *
 * Tokens are known to the mail alone: the tables have their SHA-256. */
#ifndef KAIRAN_POLICY_MODERATOR_H
#define KAIRAN_POLICY_MODERATOR_H

#include "policy/list.h"
#include "util/conf.h"
#include "util/i18n.h"

enum { MODERATOR_LINK_DAYS = 7, MODERATOR_LINK_KEPT_DAYS = 90 };

/* Tells one person; more_r: there may be others to be told now. */
enum status moderator_notify(struct db *db, const struct conf *conf, const struct i18n *i18n, bool *more_r);
/* Reminds all who let something wait for a day and were told nothing since. */
enum status moderator_remind(struct db *db, const struct conf *conf, const struct i18n *i18n);

/* A link to the held messages of the list in which `member_id` is moderator or owner. */
enum status moderator_link_make(struct db *db, TALLOC_CTX *ctx, int64_t member_id, int epoch, const char **token_r);

/* A token for answers about `items`; detail_r is what stands in the reply address (recipient_reply_address). */
enum status moderator_reply_make(struct db *db, TALLOC_CTX *ctx, int64_t address_id, int64_t list_id, struct int_array items,
                                 const char **detail_r);

struct moderator {
    int64_t member_id, address_id, user_id, list_id, expires_at;
    int epoch;
    const char *email, *name, *list_name, *domain;
    bool has_role;      /* still */
    bool is_over;       /* the link's time */
};
/* NOT_FOUND: there is no such link. */
enum status moderator_by_link(struct db *db, TALLOC_CTX *ctx, const char *token, struct moderator **moderator_r);

/* The notice that a reply token belongs to, and what may still be decided with it. NOT_FOUND: there is none, or it is too old. */
struct moderator_notice {
    int64_t address_id, user_id;
    const char *email, *key;
    struct int_array items;     /* held ids, in the order of the mail */
    struct int_array lists;     /* on which the role is still held */
};
enum status moderator_by_reply(struct db *db, TALLOC_CTX *ctx, const char *token, struct moderator_notice **notice_r);

/* "m-" and a token behind LIST-confirm+ is one of these. */
bool moderator_is_reply(const char *detail);

#endif
