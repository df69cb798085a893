/* conf.h - the configuration file
 *
 * An ini file of sections and name = value, read once at start. conf.def has one row for each name; the struct below and
 * the manual are made from it. A name or section that is not known, a value out of bounds, or a line that is no setting
 * is an error that names file and line: nothing starts half configured. */
#ifndef KAIRAN_UTIL_CONF_H
#define KAIRAN_UTIL_CONF_H

#include "util/status.h"

#define CONF_TEXT(section, name, fallback, help) const char *section##_##name;
#define CONF_INT(section, name, fallback, min, max, help) int section##_##name;
#define CONF_BOOL(section, name, fallback, help) bool section##_##name;
struct conf {
    const char *path;
#include "util/conf.def"
};
#undef CONF_TEXT
#undef CONF_INT
#undef CONF_BOOL

/* Reads `path`, or the environment's KAIRAN_CONF, or SYSCONFDIR/kairan.conf when NULL. The result lives in ctx. On failure fault says
 * what and where. Nothing changes by it: what is taken after all that is looked at besides is applied then. */
enum status conf_read(TALLOC_CTX *ctx, const char *path, struct conf **conf_r, struct fault *fault);
/* The same for what can do without: where nobody named a file, and the usual one is not there or not for us to read, all is as it is by
 * default. */
enum status conf_read_if_any(TALLOC_CTX *ctx, const char *path, struct conf **conf_r, struct fault *fault);

/* Shifts the clock and sets what the log shows. */
void conf_apply(const struct conf *conf);

/* The address of a host's pages: site_url with that host; scheme and port are the site's, unless the host
 * brings its own port. A NULL host is the site's own. */
char *conf_url_of(TALLOC_CTX *ctx, const char *site_url, const char *host);

/* The name of the user that this process runs as: whom a sentence tells to be given something. */
const char *conf_user(TALLOC_CTX *ctx);

struct conf_row { const char *section, *name, *fallback, *help; };
/* For the manual: every row, ended by one whose section is NULL. */
const struct conf_row *conf_rows(void);

#endif
