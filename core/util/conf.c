/* conf.c - reads kairan.conf through inih */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ini.h>

#include "util/clock.h"
#include "util/conf-private.h"
#include "util/log.h"
#include "util/str.h"

#define USUAL_PATH KAIRAN_SYSCONFDIR "/kairan.conf"

enum { FILE_MOST = 1 << 20, LINE_MOST = 4000 };

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
    const char *next;                   /* what is still to be read of the file */
    int line;                           /* the one read last */
    int set_at[COUNT_OF(places)];       /* the line that set a name; 0: none did */
};

static int
refuse(struct reading *reading, const char *section, const char *name, const char *why)
{
    if (!reading->failed)
        fault_setf(reading->fault, reading->conf, STATUS_INVALID, name, "%s:%d: [%s] %s: %s", reading->conf->path, reading->line,
                   section, name, why);
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
        if (reading->set_at[i] != 0)
            return refuse(reading, section, name, mem_printf(reading->conf, "line %d has set this already; take one of them away",
                                                             reading->set_at[i]));
        reading->set_at[i] = reading->line;
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

/* Debug stands in files of old; no line is of that level. */
static const struct log_word levels[] = {
    {"error", LOG_LEVEL_ERROR}, {"warning", LOG_LEVEL_WARNING}, {"info", LOG_LEVEL_INFO}, {"debug", LOG_LEVEL_DEBUG}, {NULL, 0}};
static const struct log_word shows[] = {
    {"none", LOG_ADDRESSES_NONE}, {"domain", LOG_ADDRESSES_DOMAIN}, {"full", LOG_ADDRESSES_FULL}, {NULL, 0}};

static enum status
check_log(TALLOC_CTX *ctx, const struct conf *conf, struct fault *fault)
{
    if (log_word(levels, conf->log_level) < 0)
        return fault_setf(fault, ctx, STATUS_INVALID, "level", "%s: [log] level: it takes error, warning or info", conf->path);
    if (log_word(shows, conf->log_addresses) < 0)
        return fault_setf(fault, ctx, STATUS_INVALID, "addresses", "%s: [log] addresses: it takes none, domain or full", conf->path);
    return STATUS_OK;
}

void
conf_apply(const struct conf *conf)
{
    log_show((enum log_level)log_word(levels, conf->log_level), (enum log_addresses)log_word(shows, conf->log_addresses));
    clock_shift(conf->clock_offset_s);
}

/* Like fgets(), from what was read already. */
static char *
next_line(char *line, int size, void *user)
{
    struct reading *reading = user;
    size_t len = strcspn(reading->next, "\n");

    if (*reading->next == '\0')
        return NULL;
    reading->line++;
    if (len >= (size_t)size - 1 && !reading->failed) {
        fault_setf(reading->fault, reading->conf, STATUS_INVALID, NULL, "%s:%d: the line has more than %d bytes",
                   reading->conf->path, reading->line, LINE_MOST - 2);
        reading->failed = true;
    }
    snprintf(line, (size_t)size, "%.*s\n", (int)len, reading->next);
    reading->next += len + (reading->next[len] == '\n' ? 1 : 0);
    return line;
}

const char *
conf_user(TALLOC_CTX *ctx)
{
    const struct passwd *entry = getpwuid(geteuid());

    return entry != NULL ? mem_strdup(ctx, entry->pw_name) : mem_printf(ctx, "%u", (unsigned)geteuid());
}

static enum status
unreadable(const struct conf *conf, struct fault *fault, int error)
{
    if (error == ENOENT)
        return fault_setf(fault, talloc_parent(conf), STATUS_INVALID, NULL, "%s: there is no such file; \"kairan setup\" makes one, "
                          "and -c names another", conf->path);
    if (error == EACCES)
        return fault_setf(fault, talloc_parent(conf), STATUS_INVALID, NULL, "%s: user %s may not read this file; give it to "
                          "a group that the user is in, and let that read it (chmod 640)", conf->path, conf_user(talloc_parent(conf)));
    return fault_setf(fault, talloc_parent(conf), STATUS_INVALID, NULL, "%s: %s", conf->path, strerror(error));
}

/* The whole file as text; refuses what is none. */
static enum status
read_file(const struct conf *conf, char **text_r, struct fault *fault)
{
    int fd = open(conf->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *text = mem_array(conf, char, FILE_MOST + 1);
    struct stat st;
    ssize_t len;

    if (fd < 0)
        return unreadable(conf, fault, errno);
    len = fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ? -2 : read(fd, text, FILE_MOST + 1);
    close(fd);
    if (len == -2)
        return fault_setf(fault, talloc_parent(conf), STATUS_INVALID, NULL, "%s: this is not a file", conf->path);
    if (len < 0)
        return unreadable(conf, fault, errno);
    if (len > FILE_MOST || memchr(text, '\0', (size_t)len) != NULL || !utf8_is_valid(text, (size_t)len))
        return fault_setf(fault, talloc_parent(conf), STATUS_INVALID, NULL, "%s: this is not a text file in UTF-8 of at most 1 MiB",
                          conf->path);
    text[len] = '\0';
    *text_r = text;
    return STATUS_OK;
}

/* inih's own limit is 200 bytes a line, after which it would go on as if at a new one. */
static int
parse(struct reading *reading, const char *text)
{
    ini_use_stack = false;
    ini_max_line = LINE_MOST;
    ini_initial_alloc = LINE_MOST;
    reading->next = text;
    return ini_parse_stream(next_line, reading, on_value, reading);
}

enum status
conf_read(TALLOC_CTX *ctx, const char *path, struct conf **conf_r, struct fault *fault)
{
    struct conf *conf = mem_new(ctx, struct conf);
    struct fault own = {0};
    struct reading reading = {.conf = conf, .fault = &own};
    enum status status;
    char *text;
    int line;

    *conf = defaults;
    if (path == NULL)
        path = getenv("KAIRAN_CONF");
    if (path == NULL)
        path = USUAL_PATH;
    conf->path = mem_strdup(conf, path);
    status = read_file(conf, &text, fault);
    if (status != STATUS_OK)
        return status;
    line = parse(&reading, text);
    if (reading.failed)
        return fault_setf(fault, ctx, STATUS_INVALID, own.field, "%s", own.sentence);
    if (line != 0)
        return fault_setf(fault, ctx, STATUS_INVALID, NULL, "%s:%d: this line is neither \"name = value\" nor \"[section]\"", path,
                          line);
    talloc_free(text);
    status = conf_check(ctx, conf, fault);
    if (status == STATUS_OK)
        status = check_log(ctx, conf, fault);
    if (status != STATUS_OK)
        return status;
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
