/* post-join.c - joining by writing: somebody who is no member writes to the list, and authentication shows that it was them */
#include <string.h>

#include "policy/budget.h"
#include "util/log.h"
#include "worker/post.h"

/* The list lets people join without a moderator, the author is proved in this very mail, and not being a member was all that was in the
 * way. */
static bool
may_join(const struct work *work)
{
    return work->settings->join_by_writing != WRITING_NO && !policy_asks_moderator(work->settings->subscription_policy)
        && str_eq(post_settled_by(work), "nonmember-moderation") && post_author_is_proven(work);
}

struct author_wish { struct subscription_desk desk; struct subscription_ask ask; struct actor actor; };

/* False: the list does not let this author join in this way. */
static bool
author_wishes(struct work *work, enum writing_policy way, struct author_wish *wish)
{
    const char *email;

    if (!may_join(work) || work->settings->join_by_writing != way)
        return false;
    email = address_text(work->ctx, work->summary->author);
    wish->actor = (struct actor){.words = email};
    wish->ask = (struct subscription_ask){
        .email = email, .key = address_key(work->ctx, work->summary->author), .name = utf8_cut(work->ctx, work->summary->author->display, 200),
        .actor = &wish->actor, .net = budget_net(work->ctx, work->row->client_ip), .is_by_mail = true, .is_reply = true,
        .in_reply_to = work->summary->message_id};
    if (wish->ask.key == NULL)
        return false;
    post_desk(work, &wish->desk);
    return true;
}

enum status
post_join_author(struct work *work, bool *joined_r)
{
    enum subscription_result result = SUBSCRIPTION_BANNED;
    struct author_wish wish;
    enum status status;

    *joined_r = false;
    /* The page that somebody writes on says what the list does with posts of others, and has a button for joining. */
    if (work->row->is_web || !author_wishes(work, WRITING_JOIN, &wish))
        return STATUS_OK;
    wish.ask.is_proved = true;
    status = subscription_join(&wish.desk, work->ctx, work->list, &wish.ask, &result);
    *joined_r = status == STATUS_OK && result == SUBSCRIPTION_DONE;
    if (*joined_r)
        log_event(EVENT_JOINED_BY_WRITING, "message", "%lld", (long long)work->claim->message_id);
    return status;
}

enum status
post_offer_joining(struct work *work)
{
    enum subscription_result result;
    struct author_wish wish;

    if (!author_wishes(work, WRITING_OFFER, &wish))
        return STATUS_OK;
    wish.ask.is_offer = true;
    return subscription_join(&wish.desk, work->ctx, work->list, &wish.ask, &result);
}
