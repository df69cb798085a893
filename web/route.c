/* route.c - which row of routes.def a request is for */
#include <string.h>

#include "util/str.h"
#include "web/page.h"
#include "web/route.h"

#define ROUTE(name, method, pattern, right, template, body, fields, form, label) \
    {#name, ROUTE_##method, pattern, page_##name, right, template, body, fields, ROUTE_##form, label},
static const struct route rows[] = {
#include "web/routes.def"
    {NULL, ROUTE_GET, NULL, NULL, RIGHT_ADMIN, NULL, 0, NULL, ROUTE_OWN, NULL},
};
#undef ROUTE

static const char small[] = "abcdefghijklmnopqrstuvwxyz", digits[] = "0123456789";

/* What a parameter may hold; longer or other text is no such path. */
static const struct { const char *name, *others; size_t least, most; bool letters; } params[] = {
    {"list", "._+-@%", 1, 200, true},       /* capitals and @domain are sent on to the right name */
    {"domain", "._-", 1, 253, true},
    {"hash", "-", 32, 40, true},
    {"token", "", 16, 80, true},
    {"group", "_", 1, 40, true},
    {"text", "_", 1, 40, true},
    {"role", "", 5, 9, true},
    {"name", "._-", 1, 120, true},
    {"year", "", 4, 4, false},
    {"month", "", 1, 2, false},
    {"id", "", 1, 18, false},
    {"position", "", 1, 3, false},
};

/* A Message-ID, or what an archive before this one had behind a list's address: any text with slashes in it. */
static const struct { const char *name; size_t most; } rests[] = {{"message-id", 998}, {"rest", 500}, {"file", 600}};

static bool
is_rest(const char *name, const char *value, bool *fits_r)
{
    for (size_t i = 0; i < COUNT_OF(rests); i++)
        if (str_eq(rests[i].name, name)) {
            *fits_r = strlen(value) <= rests[i].most && !str_has_control(value);
            return true;
        }
    return false;
}

static bool
param_fits(const char *name, const char *value)
{
    size_t len = strlen(value);
    bool rest_fits;

    if (is_rest(name, value, &rest_fits))
        return rest_fits;

    for (size_t i = 0; i < COUNT_OF(params); i++) {
        if (!str_eq(params[i].name, name))
            continue;
        if (len < params[i].least || len > params[i].most || value[0] == '.')
            return false;
        for (const char *s = value; *s != '\0'; s++)
            if (strchr(digits, *s) == NULL && strchr(params[i].others, *s) == NULL &&
                !(params[i].letters && strchr(small, *s | 0x20) != NULL && (*s & 0x40) != 0))
                return false;
        return true;
    }
    must(!"routes.def names a parameter that route.c does not know");
    return false;
}

/* Up to the next slash, short of what the pattern has there behind the parameter; or all that is left. */
static size_t
value_len(const char *name, const char *behind, const char *path)
{
    size_t len = strcspn(path, "/"), ending = strcspn(behind, "/");
    bool ignored;

    if (is_rest(name, "", &ignored))
        return strlen(path);
    return len < ending ? 0 : len - ending;
}

static bool
fits(TALLOC_CTX *ctx, const char *pattern, const char *path, struct route_params *found)
{
    found->count = 0;
    while (*pattern != '\0') {
        char *name, *value;
        size_t len;

        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        len = strcspn(pattern, "}");
        name = mem_strndup(ctx, pattern + 1, len - 1);
        pattern += len + 1;
        len = value_len(name, pattern, path);
        value = mem_strndup(ctx, path, len);
        path += len;
        if (!param_fits(name, value))
            return false;
        must(found->count < ROUTE_PARAMS_MAX);
        found->rows[found->count].name = name;
        found->rows[found->count++].value = value;
    }
    return *path == '\0';
}

enum status
route_find(TALLOC_CTX *ctx, enum route_method method, const char *path, const struct route **route_r,
           struct route_params *params_r)
{
    enum status status = STATUS_NOT_FOUND;

    for (const struct route *row = rows; row->name != NULL; row++) {
        if (!fits(ctx, row->pattern, path, params_r))
            continue;
        if (row->method == method) {
            *route_r = row;
            return STATUS_OK;
        }
        status = STATUS_METHOD;
    }
    return status;
}

const struct route *
route_rows(void)
{
    return rows;
}

bool
route_is_kept(const struct route *route)
{
    return route->form == ROUTE_SHARED || route->form == ROUTE_ARCHIVE || route->form == ROUTE_THREAD;
}

bool
route_field(TALLOC_CTX *ctx, const struct route *route, const char *name, struct field_rule *rule_r)
{
    static const struct { char sign; enum field_kind kind; } kinds[] = {
        {':', FIELD_LINE}, {'=', FIELD_FOLDED}, {'~', FIELD_LINES}, {'+', FIELD_REPEATED}, {'*', FIELD_FAMILY},
        {'@', FIELD_FILE},
    };

    for (char **word = str_split(ctx, route->fields, ' ', 64); *word != NULL; word++) {
        size_t len = strcspn(*word, ":=~+*@");
        int64_t max = 400000;

        for (size_t i = 0; i < COUNT_OF(kinds); i++)
            if (kinds[i].sign == (*word)[len])
                rule_r->kind = kinds[i].kind;
        if (strncmp(*word, name, len) != 0 || len == 0 || (name[len] != '\0' && rule_r->kind != FIELD_FAMILY))
            continue;
        must((*word)[len] != '\0' && (rule_r->kind == FIELD_FAMILY || str_to_int(*word + len + 1, 1, FIELD_LARGEST, &max)));
        rule_r->name = mem_strndup(ctx, *word, len);
        rule_r->max = (size_t)max;
        return true;
    }
    return false;
}
