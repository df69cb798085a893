/* member.c - what the pages about members share: mails to many */
#include "policy/subscription-many.h"
#include "web/common.h"
#include "web/member.h"
#include "web/subscribe.h"

enum status
members_say_welcome(struct request *request, const struct person *people, size_t count)
{
    struct subscription_desk *desk;
    enum status status = subscribe_desk(request, &desk);

    return status == STATUS_OK ? subscription_welcome_many(desk, request, subscribe_list(request), people, count) : status;
}

enum status
members_say_goodbye(struct request *request, const struct person *people, size_t count)
{
    struct subscription_desk *desk;
    enum status status = subscribe_desk(request, &desk);

    return status == STATUS_OK ? subscription_dismiss_many(desk, request, subscribe_list(request), people, count) : status;
}

enum status
members_invite(struct request *request, struct person *people, size_t count)
{
    struct actor actor = request_actor(request);
    struct subscription_desk *desk;
    enum status status = subscribe_desk(request, &desk);

    return status == STATUS_OK ? subscription_invite_many(desk, request, subscribe_list(request), &actor, people, count) : status;
}
