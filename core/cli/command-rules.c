/* command-rules.c - kairan rules, kairan password: why a post passes or not, and the password that lets one pass */
#include "auth/check.h"
#include "cli/common.h"
#include "policy/password.h"
#include "policy/trial.h"
#include "util/clock.h"

/* What DMARC says of it, when the way it came is told; else nothing is known. */
static enum status
authenticate(struct call *call, struct blob bytes, struct rule_auth *auth)
{
    struct auth_envelope envelope = {.ip = option(call, "--ip"), .helo = option(call, "--helo"),
                                     .mail_from = option(call, "--mail-from")};
    const char *resolver = option(call, "--resolver");
    struct auth_result *result;
    struct dns *dns;
    enum status status;

    if (!has_option(call, "--ip"))
        return STATUS_OK;
    status = dns_open(call->ctx, resolver != NULL ? resolver : call->conf->dns_servers, call->conf->dns_timeout_ms, &dns,
                      &call->fault);
    if (status != STATUS_OK)
        return status;
    result = auth_check(call->ctx, dns, bytes, &envelope, clock_now_us() / US_PER_S);
    auth->dmarc = auth_verdict_name(result->dmarc.result);
    auth->dmarc_policy = result->dmarc.record_domain != NULL ? dmarc_policy_name(result->dmarc.asked) : NULL;
    out_text(call->out, "dmarc", auth->dmarc);
    return STATUS_OK;
}

enum status
command_rules_explain(struct call *call)
{
    struct rule_auth auth = {0};
    struct message *message;
    struct trial *trial;
    struct blob bytes;
    struct list *list;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = read_input(call, "-", 64 << 20, &bytes);
    if (status == STATUS_OK)
        status = authenticate(call, bytes, &auth);
    if (status == STATUS_OK) {
        message = message_parse(call->ctx, bytes);
        status = trial_run(call->db, call->ctx, list, message, option(call, "--mail-from"), &auth, &trial);
    }
    if (status == STATUS_OK)
        trial_out(call->out, trial, NULL);
    return status;
}

enum status
command_rules_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "rules");

    for (const struct rule_row *rule = rule_rows(); rule->name != NULL; rule++) {
        struct out *row = out_row(rows);

        out_text(row, "name", rule->name);
        out_text(row, "action", verdict_word(rule->action));
        out_text(row, "question", rule->question);
    }
    return STATUS_OK;
}

enum status
command_password_set(struct call *call)
{
    struct blob input;
    struct list *list;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = read_input(call, "-", 1000, &input);
    if (status == STATUS_OK)
        status = password_set(call->db, &call->actor, call->ctx, list->id,
                              str_trim(call->ctx, utf8_clean(call->ctx, input.data, input.len)), &call->fault);
    if (status == STATUS_OK)
        out_text(call->out, "set", list->address);
    return status;
}

enum status
command_password_remove(struct call *call)
{
    struct list *list;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = password_remove(call->db, &call->actor, list->id);
    if (status == STATUS_NOT_FOUND && call->fault.sentence == NULL)
        return fault_set(&call->fault, status, "LIST", N_("This list has no moderators' password."));
    if (status == STATUS_OK)
        out_text(call->out, "removed", list->address);
    return status;
}
