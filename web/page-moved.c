/* page-moved.c - "my address has changed": the new one is proved, the old one is told, a moderator decides; an owner's word is enough */
#include "mime/address.h"
#include "policy/subscription.h"
#include "web/common.h"
#include "web/page.h"
#include "web/subscribe.h"

static void
show(struct request *request)
{
    out_bool(request->page, "changes", true);
    out_bool(request->page, "is_owner", request_may(request, RIGHT_MEMBERS));
    out_text(request->page, "mail_domain", request->list->domain);
    out_text(request->page, "mail_to", mem_printf(request, "%s-owner@%s", request->list->name, request->list->domain));
}

enum status
page_moved(struct request *request, struct fault *fault)
{
    (void)fault;
    show(request);
    return subscribe_show_form(request);
}

/* Nobody is asked: whoever may change members answers for it. */
static enum status
change_as_owner(struct request *request, struct subscription_ask *ask, const char *old_key, struct fault *fault)
{
    struct subscription_desk *desk;
    enum subscription_result result;
    enum status status = subscribe_desk(request, &desk);

    if (status == STATUS_OK)
        status = subscription_change_now(desk, request, subscribe_list(request), ask, old_key, &result);
    if (status != STATUS_OK)
        return status;
    if (result == SUBSCRIPTION_NOT_MEMBER)
        return subscribe_refuse(request, fault, "old", N_("This address is not a member of the list."));
    if (result == SUBSCRIPTION_ALREADY)
        return subscribe_refuse(request, fault, "email", N_("This address is a member already. Remove the old one instead."));
    if (result == SUBSCRIPTION_BANNED)
        return subscribe_refuse(request, fault, "email", N_("This address is banned, or the list's own."));
    out_text(request->page, "outcome", "changed");
    return STATUS_OK;
}

static enum status
change_as_stranger(struct request *request, struct subscription_ask *ask, const char *old, const char *old_key)
{
    enum subscription_result result = SUBSCRIPTION_CONFIRM_SENT;
    struct subscription_desk *desk;
    enum form_answer answer;
    enum status status = subscribe_check_form(request, ask->key, &answer);

    if (status != STATUS_OK || answer == FORM_AGAIN || answer == FORM_WORK)
        return status;
    ask->net = budget_net(request, request->raw.remote_address);
    if (answer == FORM_GOOD) {
        status = subscribe_desk(request, &desk);
        if (status == STATUS_OK)
            status = subscription_change(desk, request, subscribe_list(request), ask, old, old_key, &result);
    }
    out_text(request->page, "outcome", result == SUBSCRIPTION_LIMITED ? "limited" : "mailed");
    if (result == SUBSCRIPTION_LIMITED)
        request->response->http = 429;
    return status;
}

enum status
page_moved_ask(struct request *request, struct fault *fault)
{
    static const char no_address[] = N_("This does not look like a mail address. It should be like hana@example.jp.");
    struct actor actor = request_actor(request);
    struct subscription_ask ask = {.lang = request->lang, .actor = &actor};
    const char *old, *old_key;

    show(request);
    out_text(request->page, "old", request_text(request, "old"));
    out_text(request->page, "email", request_text(request, "email"));
    if (!form_address(request, "old", &old, &old_key))
        return subscribe_refuse(request, fault, "old", no_address);
    if (!form_address(request, "email", &ask.email, &ask.key))
        return subscribe_refuse(request, fault, "email", no_address);
    if (str_eq(old_key, ask.key))
        return subscribe_refuse(request, fault, "email", N_("That is the same address twice."));
    return request_may(request, RIGHT_MEMBERS) ? change_as_owner(request, &ask, old_key, fault)
                                               : change_as_stranger(request, &ask, old, old_key);
}
