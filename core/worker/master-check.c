/* master-check.c - whether what the configuration names is there and can be used */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/dns.h"
#include "delivery/smtp.h"
#include "util/i18n.h"
#include "worker/master.h"

static enum status
check_folder(TALLOC_CTX *ctx, const struct conf *conf, const char *setting, const char *path, struct fault *fault)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return fault_setf(fault, ctx, STATUS_INVALID, NULL, "%s: %s: the folder %s is not there; make it, owned by user %s", conf->path,
                          setting, path, conf_user(ctx));
    if (!S_ISDIR(st.st_mode))
        return fault_setf(fault, ctx, STATUS_INVALID, NULL, "%s: %s: %s is not a folder", conf->path, setting, path);
    if (access(path, W_OK | X_OK) != 0)
        return fault_setf(fault, ctx, STATUS_INVALID, NULL, "%s: %s: user %s may not write into %s; give it to that user", conf->path,
                          setting, conf_user(ctx), path);
    return STATUS_OK;
}

static enum status
check_resolvers(TALLOC_CTX *ctx, const struct conf *conf, struct fault *fault)
{
    struct fault own = {0};
    struct dns *dns;
    enum status status = dns_open(ctx, conf->dns_servers, conf->dns_timeout_ms, &dns, &own);

    if (status != STATUS_OK)
        return fault_setf(fault, ctx, status, own.field, "%s: [dns] servers: %s", conf->path, own.sentence);
    talloc_free(dns);
    return STATUS_OK;
}

/* The way out: certificates that are to be trusted, and the password. */
static enum status
check_smarthost(TALLOC_CTX *ctx, const struct conf *conf, struct fault *fault)
{
    struct fault own = {0};
    struct smtp_options *options;
    enum status status = smtp_options_from(ctx, conf, &options, &own);

    if (status != STATUS_OK)
        return fault_setf(fault, ctx, status, own.field, "%s: [smtp] %s: %s", conf->path, own.field == NULL ? "" : own.field, own.sentence);
    talloc_free(options);
    return STATUS_OK;
}

enum status
master_check(TALLOC_CTX *ctx, const struct conf *conf, struct fault *fault)
{
    struct i18n *i18n = i18n_open(ctx, i18n_dir(ctx, conf->site_data_dir));
    enum status status = i18n_check(ctx, i18n, conf, fault);

    talloc_free(i18n);
    if (status == STATUS_OK)
        status = check_folder(ctx, conf, "[worker] state_dir", conf->worker_state_dir, fault);
    if (status == STATUS_OK)
        status = check_folder(ctx, conf, "[site] spool_dir", conf->site_spool_dir, fault);
    if (status == STATUS_OK)
        status = check_resolvers(ctx, conf, fault);
    return status == STATUS_OK ? check_smarthost(ctx, conf, fault) : status;
}
