/* conf.c - reads kairan.conf through inih */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ini.h>

#include "util/clock.h"
#include "util/conf.h"
#include "util/log.h"
#include "util/str.h"

#define USUAL_PATH KAIRAN_SYSCONFDIR "/kairan.conf"

enum conf_kind { KIND_TEXT, KIND_INT, KIND_BOOL };

struct conf_place {
    const char *section, *name;
    enum conf_kind kind;
    size_t offset;
    int64_t min, max;
};

#define CONF_TEXT(section, name, fallback, help) \
    {#section, #name, KIND_TEXT, offsetof(struct conf, section##_##name), 0, 0},
#define CONF_INT(section, name, fallback, min, max, help) \
    {#section, #name, KIND_INT, offsetof(struct conf, section##_##name), min, max},
#define CONF_BOOL(section, name, fallback, help) \
    {#section, #name, KIND_BOOL, offsetof(struct conf, section##_##name), 0, 1},
static const struct conf_place places[] = {
#include "util/conf.def"
};
#undef CONF_TEXT
#undef CONF_INT
#undef CONF_BOOL

#define CONF_TEXT(section, name, fallback, help) .section##_##name = fallback,
#define CONF_INT(section, name, fallback, min, max, help) .section##_##name = fallback,
#define CONF_BOOL(section, name, fallback, help) .section##_##name = fallback,
static const struct conf defaults = {
    .path = NULL,
#include "util/conf.def"
};
#undef CONF_TEXT
#undef CONF_INT
#undef CONF_BOOL

#define CONF_TEXT(section, name, fallback, help) {#section, #name, fallback, help},
#define CONF_INT(section, name, fallback, min, max, help) {#section, #name, #fallback, help},
#define CONF_BOOL(section, name, fallback, help) {#section, #name, #fallback, help},
static const struct conf_row rows[] = {
#include "util/conf.def"
    {NULL, NULL, NULL, NULL},
};
#undef CONF_TEXT
#undef CONF_INT
#undef CONF_BOOL

const struct conf_row *
conf_rows(void)
{
    return rows;
}

struct reading {
    struct conf *conf;
    struct fault *fault;
    bool failed;
};

static int
refuse(struct reading *reading, const char *section, const char *name, const char *why)
{
    if (!reading->failed)
        fault_setf(reading->fault, reading->conf, STATUS_INVALID, name, "[%s] %s: %s", section, name, why);
    reading->failed = true;
    return 0;
}

static int
on_value(void *user, const char *section, const char *name, const char *value)
{
    static const char *const truths[] = {"yes", "true", "on", "1"}, *const lies[] = {"no", "false", "off", "0"};
    struct reading *reading = user;

    for (size_t i = 0; i < COUNT_OF(places); i++) {
        char *member = (char *)reading->conf + places[i].offset;
        int64_t number;

        if (!str_eq(places[i].section, section) || !str_eq(places[i].name, name))
            continue;
        switch (places[i].kind) {
        case KIND_TEXT:
            *(const char **)member = mem_strdup(reading->conf, value);
            return 1;
        case KIND_INT:
            if (!str_to_int(value, places[i].min, places[i].max, &number))
                return refuse(reading, section, name,
                              mem_printf(reading->conf, "\"%s\" is not a whole number from %lld to %lld", value,
                                         (long long)places[i].min, (long long)places[i].max));
            *(int *)member = (int)number;
            return 1;
        case KIND_BOOL:
            for (size_t k = 0; k < COUNT_OF(truths); k++)
                if (str_eq_nocase(value, truths[k]) || str_eq_nocase(value, lies[k])) {
                    *(bool *)member = str_eq_nocase(value, truths[k]);
                    return 1;
                }
            return refuse(reading, section, name, "it takes yes or no");
        }
    }
    return refuse(reading, section, name, "there is no such setting; see kairan.conf(5)");
}

struct log_word { const char *name; int value; };

/* The value of a word, or -1. */
static int
log_word(const struct log_word *words, const char *name)
{
    for (; words->name != NULL; words++)
        if (str_eq(words->name, name))
            return words->value;
    return -1;
}

static enum status
set_log(TALLOC_CTX *ctx, const struct conf *conf, struct fault *fault)
{
    static const struct log_word levels[] = {
        {"error", LOG_LEVEL_ERROR}, {"warning", LOG_LEVEL_WARNING}, {"info", LOG_LEVEL_INFO}, {"debug", LOG_LEVEL_DEBUG}, {NULL, 0}};
    static const struct log_word shows[] = {
        {"none", LOG_ADDRESSES_NONE}, {"domain", LOG_ADDRESSES_DOMAIN}, {"full", LOG_ADDRESSES_FULL}, {NULL, 0}};
    int level = log_word(levels, conf->log_level), addresses = log_word(shows, conf->log_addresses);

    if (level < 0)
        return fault_setf(fault, ctx, STATUS_INVALID, "level", "%s: [log] level: it takes error, warning, info or debug", conf->path);
    if (addresses < 0)
        return fault_setf(fault, ctx, STATUS_INVALID, "addresses", "%s: [log] addresses: it takes none, domain or full", conf->path);
    log_show((enum log_level)level, (enum log_addresses)addresses);
    return STATUS_OK;
}

enum status
conf_read(TALLOC_CTX *ctx, const char *path, struct conf **conf_r, struct fault *fault)
{
    struct conf *conf = mem_new(ctx, struct conf);
    struct reading reading = {.conf = conf, .fault = fault};
    int line;

    *conf = defaults;
    if (path == NULL)
        path = getenv("KAIRAN_CONF");
    if (path == NULL)
        path = USUAL_PATH;
    conf->path = mem_strdup(conf, path);
    errno = 0;
    line = ini_parse(path, on_value, &reading);
    if (line < 0)
        return fault_setf(fault, ctx, STATUS_INVALID, NULL, "%s: %s", path, errno ? strerror(errno) : "it cannot be read");
    if (reading.failed) {
        const char *why = fault != NULL ? fault->sentence : "";

        return fault_setf(fault, ctx, STATUS_INVALID, fault != NULL ? fault->field : NULL, "%s:%d: %s", path, line, why);
    }
    if (line > 0)
        return fault_setf(fault, ctx, STATUS_INVALID, NULL, "%s:%d: this line is not \"name = value\"", path, line);
    if (set_log(ctx, conf, fault) != STATUS_OK)
        return STATUS_INVALID;
    clock_shift(conf->clock_offset_s);
    *conf_r = conf;
    return STATUS_OK;
}

enum status
conf_read_if_any(TALLOC_CTX *ctx, const char *path, struct conf **conf_r, struct fault *fault)
{
    if (path != NULL || getenv("KAIRAN_CONF") != NULL || access(USUAL_PATH, R_OK) == 0)
        return conf_read(ctx, path, conf_r, fault);
    *conf_r = mem_new(ctx, struct conf);
    **conf_r = defaults;
    return STATUS_OK;
}

char *
conf_url_of(TALLOC_CTX *ctx, const char *site_url, const char *host)
{
    const char *scheme_end = strstr(site_url, "://");
    size_t begin, own;

    if (host == NULL || scheme_end == NULL)
        return mem_strdup(ctx, site_url);
    begin = (size_t)(scheme_end - site_url) + 3;
    own = strcspn(site_url + begin, strchr(host, ':') != NULL ? "/" : ":/");
    return mem_printf(ctx, "%.*s%s%s", (int)begin, site_url, host, site_url + begin + own);
}
