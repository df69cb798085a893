/* web-post.h - a mail that somebody writes on a page
 *
 * It goes the way of all mail: a message and its queue row, judged, placed, cooked and delivered by the post role. What differs is
 * what is proved: the page knows who is signed in, so From and envelope are one of their own addresses, and the message is kept as
 * submitted. Writing on a page never makes anybody a member.
 *
 * Sent twice (by a second click, or a page loaded again) it is one message: the form carries a mark. */
#ifndef KAIRAN_POLICY_WEB_POST_H
#define KAIRAN_POLICY_WEB_POST_H

#include "store/db.h"

struct web_post {
    int64_t list_id, user_id;
    const char *list_address, *sender;      /* the sender is a proved address of the account */
    const char *mark;                       /* of the form */
    struct blob bytes;                      /* a whole mail in normal form */
};

/* Committed when it returns. message_id_r: what it became, now or the first time. */
enum status web_post_add(struct db *db, TALLOC_CTX *ctx, const struct web_post *post, int64_t *message_id_r);
/* The message that came of a form, 0 when there is none yet. */
enum status web_post_find(struct db *db, TALLOC_CTX *ctx, int64_t user_id, const char *mark, int64_t *message_id_r);

#endif
