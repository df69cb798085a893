/* command-auth.c - kairan auth: what can be proved about a message */
#include "auth/check.h"
#include "cli/command.h"
#include "util/clock.h"

enum { MESSAGE_MAX = 64 << 20 };

enum status
command_auth_check(struct call *call)
{
    struct auth_envelope envelope = {.ip = option(call, "--ip"), .helo = option(call, "--helo"),
                                     .mail_from = option(call, "--mail-from")};
    const char *resolver = option(call, "--resolver");
    struct blob message;
    struct dns *dns;
    enum status status = read_input(call, "-", MESSAGE_MAX, &message);

    if (status == STATUS_OK)
        status = dns_open(call->ctx, resolver != NULL ? resolver : call->conf->dns_servers, call->conf->dns_timeout_ms, &dns,
                          &call->fault);
    if (status != STATUS_OK)
        return status;
    auth_result_out(auth_check(call->ctx, dns, message, &envelope, clock_now_us() / US_PER_S), call->out);
    return STATUS_OK;
}
