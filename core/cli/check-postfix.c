/* check-postfix.c - asks postconf, and judges its answers */
#include <string.h>
#include <unistd.h>

#include "cli/check.h"
#include "util/run.h"

static const char postconf_path[] = "/usr/sbin/postconf", postmap_path[] = "/usr/sbin/postmap";

const char *
postconf(TALLOC_CTX *ctx, const char *config, const char *name)
{
    const char *with_config[] = {postconf_path, "-c", config, "-hx", name, NULL};
    const char *plain[] = {postconf_path, "-hx", name, NULL};
    struct run_answer answer;

    if (!run_program(ctx, &(struct run){.argv = config != NULL ? with_config : plain}, &answer) || answer.code != 0)
        return NULL;
    return str_trim(ctx, answer.output);
}

/* Exit status 1 says that no key was found. */
const char *
postmap(TALLOC_CTX *ctx, const char *config, const char *table, const char *keys)
{
    const char *with_config[] = {postmap_path, "-c", config, "-q", "-", table, NULL};
    const char *plain[] = {postmap_path, "-q", "-", table, NULL};
    struct run_answer answer;

    if (!run_program(ctx, &(struct run){.argv = config != NULL ? with_config : plain, .input = blob_of(keys)}, &answer)
        || (answer.code != 0 && answer.code != 1))
        return NULL;
    return answer.output;
}

struct wanted { const char *name, *value, *because; };

static const struct wanted both_ways[] = {
    {"message_drop_headers", "", "else fields are taken out before we see them, and the author's signature no longer fits"},
    {"local_header_rewrite_clients", "", "else fields are rewritten, and signatures no longer fit"},
    {"smtpd_forbid_bare_newline", "yes", "else one mail can be smuggled in as two"},
};

static const struct wanted incoming[] = {
    {"lmtp_send_xforward_command", "yes", "else we never learn where a mail came from"},
    {"lmtp_line_length_limit", "0", "else long lines are cut, and signatures no longer fit"},
};

static const struct wanted outgoing[] = {
    {"disable_mime_output_conversion", "yes", "else our signature breaks at a hop without 8BITMIME"},
};

/* "normalize" is what newer versions of Postfix call a yes that mends. */
static bool
is_wanted(const char *value, const struct wanted *wanted)
{
    return str_eq(value, wanted->value)
        || (str_eq(wanted->name, "smtpd_forbid_bare_newline") && (str_eq(value, "normalize") || str_eq(value, "reject")));
}

static void
judge_settings(struct findings *findings, const char *config, const struct wanted *wanted, size_t count)
{
    const char *where = config != NULL ? config : "/etc/postfix";

    for (size_t i = 0; i < count; i++) {
        const char *value = postconf(findings->call->ctx, config, wanted[i].name);

        if (value != NULL && is_wanted(value, &wanted[i]))
            finding_fine(findings, "postfix", "%s: %s is as it should be.", where, wanted[i].name);
        else
            finding_trouble(findings, "postfix", "%s: set \"%s = %s\", %s.", where, wanted[i].name, wanted[i].value,
                            wanted[i].because);
    }
}

/* Postfix must ask us who is known, before its own 250. */
static void
judge_recipients(struct findings *findings, const char *config)
{
    TALLOC_CTX *ctx = findings->call->ctx;
    const char *socket = findings->call->conf->worker_socketmap_socket, *where = config != NULL ? config : "/etc/postfix";
    const char *relay = postconf(ctx, config, "relay_recipient_maps"), *local = postconf(ctx, config, "local_recipient_maps");

    if ((relay != NULL && strstr(relay, "socketmap:") != NULL) || (local != NULL && strstr(local, "socketmap:") != NULL))
        finding_fine(findings, "postfix", "%s: recipients are asked for by socketmap.", where);
    else
        finding_trouble(findings, "postfix", "%s: add \"socketmap:unix:%s:recipients\" to relay_recipient_maps, else mail to "
                        "unknown addresses is taken and cannot be refused.", where, socket);
}

void
check_postfix(struct findings *findings, const char *in_config, const char *out_config)
{
    if (access(postconf_path, X_OK) != 0) {
        if (in_config != NULL || out_config != NULL)
            finding_trouble(findings, "postfix", "%s is not here; install Postfix.", postconf_path);
        else
            finding_advice(findings, "postfix", "Postfix is not installed here; its settings were not looked at.");
        return;
    }
    judge_settings(findings, in_config, both_ways, COUNT_OF(both_ways));
    judge_settings(findings, in_config, incoming, COUNT_OF(incoming));
    judge_recipients(findings, in_config);
    if (out_config != NULL)
        judge_settings(findings, out_config, both_ways, COUNT_OF(both_ways));
    judge_settings(findings, out_config != NULL ? out_config : in_config, outgoing, COUNT_OF(outgoing));
}
