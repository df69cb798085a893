/* check-sandbox.c - whether the fence of system calls around our processes stands */
#include "cli/check.h"
#include "util/sandbox.h"

void
check_sandbox(struct findings *findings)
{
    const struct conf *conf = findings->call->conf;
    const char *why;

    if (!conf->security_seccomp)
        finding_advice(findings, "sandbox", "Filters of system calls are switched off; set [security] seccomp = yes in %s once the "
                       "fault is found.", conf->path);
    else if (!sandbox_works(findings->call->ctx, &why))
        finding_advice(findings, "sandbox", "This machine takes no filters of system calls (%s), so our processes run without; in a "
                       "container, allow seccomp.", why);
    else
        finding_fine(findings, "sandbox", "Processes can give up the system calls that they do not need.");
}
