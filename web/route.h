/* route.h - which row of routes.def a request is for */
#ifndef KAIRAN_WEB_ROUTE_H
#define KAIRAN_WEB_ROUTE_H

#include "policy/right.h"
#include "util/status.h"

struct request;

enum route_method { ROUTE_GET, ROUTE_POST };
enum route_form { ROUTE_SHARED, ROUTE_ARCHIVE, ROUTE_THREAD, ROUTE_OWN, ROUTE_PROBE, ROUTE_FORM, ROUTE_LINK };

struct route {
    const char *name;
    enum route_method method;
    const char *pattern;
    enum status (*handler)(struct request *request, struct fault *fault);
    enum right right;
    const char *template;
    size_t body_limit;
    const char *fields;
    enum route_form form;
    const char *label;
};

enum { ROUTE_PARAMS_MAX = 4 };
struct route_params {
    struct { char *name, *value; } rows[ROUTE_PARAMS_MAX];
    size_t count;
};

const struct route *route_rows(void);       /* ended by a NULL name */
/* A page with a guest form, which may be kept for 30 seconds. */
bool route_is_kept(const struct route *route);

/* Finds the row for a method and a path (already unescaped). NOT_FOUND: no pattern fits. METHOD: one fits, with another method. */
enum status route_find(TALLOC_CTX *ctx, enum route_method method, const char *path, const struct route **route_r,
                       struct route_params *params_r);

/* One declaration of the fields column. */
enum field_kind { FIELD_LINE, FIELD_FOLDED, FIELD_LINES, FIELD_REPEATED, FIELD_FAMILY, FIELD_FILE };
enum { FIELD_LARGEST = 16 * 1024 * 1024 };
struct field_rule { char *name; enum field_kind kind; size_t max; };
/* The rule for a name, false when the route has none for it. */
bool route_field(TALLOC_CTX *ctx, const struct route *route, const char *name, struct field_rule *rule_r);

#endif
