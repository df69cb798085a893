/* command-user.c - kairan user: accounts */
#include "cli/command.h"
#include "policy/user.h"

enum { LINK_SECONDS = 86400 };

enum status
command_user_login_link(struct call *call)
{
    const char *token;
    enum status status = user_login_link(call->db, &call->actor, call->ctx, word(call, "ADDRESS"), has_option(call, "--admin"),
                                         LINK_SECONDS, &token, &call->fault);

    if (status == STATUS_OK)
        out_text(call->out, "url", mem_printf(call->ctx, "%s/login/%s", call->conf->site_url, token));
    return status;
}
