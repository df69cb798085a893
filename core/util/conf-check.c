/* conf-check.c - values of kairan.conf that cannot be meant */
#include <string.h>
#include <sys/un.h>

#include "util/conf-private.h"
#include "util/str.h"
#include "util/when.h"

enum { HOST_MOST = 253 };

static bool
is_url(const char *value)
{
    const char *host = str_starts(value, "https://") ? value + 8 : str_starts(value, "http://") ? value + 7 : "";

    return *host != '\0' && *host != '/' && value[strlen(value) - 1] != '/' && strpbrk(value, " \t\"<>?#@\\") == NULL;
}

static bool
is_contact(const char *value)
{
    const char *at = strchr(value, '@');

    return *value == '\0' || (at != NULL && at != value && at[1] != '\0' && strpbrk(value, " \t\"<>,") == NULL);
}

static bool
is_language(const char *value)
{
#define LANGUAGE(code, name, forms, form) if (str_eq(value, #code)) return true;
#include "util/languages.def"
#undef LANGUAGE
    return false;
}

static bool
is_zone(const char *value)
{
    return *value == '\0' || when_zone_is_known(value);
}

static bool
is_path(const char *value)
{
    return *value == '/';
}

static bool
is_path_or_nothing(const char *value)
{
    return *value == '\0' || is_path(value);
}

static bool
is_socket(const char *value)
{
    return is_path(value) && strlen(value) < sizeof ((struct sockaddr_un *)NULL)->sun_path;
}

static bool
is_socket_or_nothing(const char *value)
{
    return *value == '\0' || is_socket(value);
}

static bool
is_host(const char *value)
{
    size_t len = strlen(value);

    return len > 0 && len <= HOST_MOST && strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]") == len;
}

static bool
is_own_name(const char *value)
{
    return *value == '\0' || (is_host(value) && strpbrk(value, ":[]_") == NULL);
}

static bool
is_tls(const char *value)
{
    return str_eq(value, "none") || str_eq(value, "may") || str_eq(value, "must") || str_eq(value, "verify");
}

#define CHECK(section, name, is_good, wanted) {#section, #name, offsetof(struct conf, section##_##name), is_good, wanted}
static const struct check { const char *section, *name; size_t offset; bool (*is_good)(const char *value); const char *wanted; } checks[] = {
    CHECK(site, url, is_url, "it takes an address such as https://lists.example.org, without a slash at the end"),
    CHECK(site, certificate, is_path_or_nothing, "it takes a file, from / on, or nothing to look where certbot puts it"),
    CHECK(site, contact, is_contact, "it takes a mail address, or nothing"),
    CHECK(site, language, is_language, "it takes en or ja"),
    CHECK(site, timezone, is_zone, "it takes a time zone such as Asia/Tokyo, or nothing for the system's"),
    CHECK(site, data_dir, is_path, "it takes a folder, from / on"),
    CHECK(site, spool_dir, is_path, "it takes a folder, from / on"),
    CHECK(worker, state_dir, is_path, "it takes a folder, from / on"),
    CHECK(worker, lmtp_socket, is_socket, "it takes a path, from / on, of at most 107 bytes"),
    CHECK(worker, submission_socket, is_socket_or_nothing, "it takes a path, from / on, of at most 107 bytes, or nothing"),
    CHECK(worker, socketmap_socket, is_socket_or_nothing, "it takes a path, from / on, of at most 107 bytes, or nothing"),
    CHECK(worker, metrics_socket, is_socket_or_nothing, "it takes a path, from / on, of at most 107 bytes, or nothing"),
    CHECK(worker, hostname, is_own_name, "it takes the name of this machine in DNS, or nothing for the system's"),
    CHECK(smtp, host, is_host, "it takes the name or address of a machine"),
    CHECK(smtp, tls, is_tls, "it takes none, may, must or verify"),
    CHECK(smtp, ca_file, is_path_or_nothing, "it takes a file, from / on, or nothing for the system's"),
    CHECK(smtp, password_file, is_path_or_nothing, "it takes a file, from / on"),
    CHECK(keys, dir, is_path, "it takes a folder, from / on"),
    CHECK(web, socket, is_socket, "it takes a path, from / on, of at most 107 bytes"),
    CHECK(web, metrics_socket, is_socket_or_nothing, "it takes a path, from / on, of at most 107 bytes, or nothing"),
};
#undef CHECK

static const char *
value_of(const struct conf *conf, const struct check *check)
{
    return *(const char *const *)((const char *)conf + check->offset);
}

/* Two sockets of one path would take it from each other. */
static enum status
check_sockets(TALLOC_CTX *ctx, const struct conf *conf, struct fault *fault)
{
    const char *const paths[] = {conf->worker_lmtp_socket, conf->worker_submission_socket, conf->worker_socketmap_socket,
                                 conf->worker_metrics_socket, conf->web_socket, conf->web_metrics_socket};

    for (size_t i = 0; i < COUNT_OF(paths); i++)
        for (size_t k = i + 1; k < COUNT_OF(paths); k++)
            if (*paths[i] != '\0' && str_eq(paths[i], paths[k]))
                return fault_setf(fault, ctx, STATUS_INVALID, "socket", "%s: two sockets are called %s; each needs a path of its own",
                                  conf->path, paths[i]);
    return STATUS_OK;
}

enum status
conf_check(TALLOC_CTX *ctx, const struct conf *conf, struct fault *fault)
{
    for (size_t i = 0; i < COUNT_OF(checks); i++)
        if (!checks[i].is_good(value_of(conf, &checks[i])))
            return fault_setf(fault, ctx, STATUS_INVALID, checks[i].name, "%s: [%s] %s = %s: %s", conf->path, checks[i].section,
                              checks[i].name, value_of(conf, &checks[i]), checks[i].wanted);
    if (!str_is_empty(conf->smtp_user) && str_is_empty(conf->smtp_password_file))
        return fault_setf(fault, ctx, STATUS_INVALID, "password_file", "%s: [smtp] user is set, but no password_file", conf->path);
    return check_sockets(ctx, conf, fault);
}
