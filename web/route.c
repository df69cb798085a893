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

/* A piece of a pattern or of a path, where it stands: most rows do not fit, and nothing is copied for them. */
struct piece { const char *s; size_t len; };

static bool
piece_is(struct piece piece, const char *text)
{
    return strlen(text) == piece.len && memcmp(piece.s, text, piece.len) == 0;
}

/* Such a value goes to the end of the path. */
static bool
is_rest(struct piece name, const char *value, bool *fits_r)
{
    for (size_t i = 0; i < COUNT_OF(rests); i++)
        if (piece_is(name, rests[i].name)) {
            *fits_r = strlen(value) <= rests[i].most && !str_has_control(value);
            return true;
        }
    return false;
}

static bool
param_fits(struct piece name, struct piece value)
{
    bool rest_fits;

    if (is_rest(name, value.s, &rest_fits))
        return rest_fits;
    for (size_t i = 0; i < COUNT_OF(params); i++) {
        if (!piece_is(name, params[i].name))
            continue;
        if (value.len < params[i].least || value.len > params[i].most || value.s[0] == '.')
            return false;
        for (const char *s = value.s; s < value.s + value.len; s++)
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
value_len(struct piece name, const char *behind, const char *path)
{
    size_t len = strcspn(path, "/"), ending = strcspn(behind, "/");
    bool ignored;

    if (is_rest(name, "", &ignored))
        return strlen(path);
    return len < ending ? 0 : len - ending;
}

struct found { struct { struct piece name, value; } rows[ROUTE_PARAMS_MAX]; size_t count; };

static bool
fits(const char *pattern, const char *path, struct found *found)
{
    found->count = 0;
    while (*pattern != '\0') {
        struct piece name, value;

        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        name = (struct piece){pattern + 1, strcspn(pattern, "}") - 1};
        pattern += name.len + 2;
        value = (struct piece){path, value_len(name, pattern, path)};
        path += value.len;
        if (!param_fits(name, value))
            return false;
        must(found->count < ROUTE_PARAMS_MAX);
        found->rows[found->count].name = name;
        found->rows[found->count++].value = value;
    }
    return *path == '\0';
}

static void
keep(TALLOC_CTX *ctx, const struct found *found, struct route_params *params_r)
{
    params_r->count = found->count;
    for (size_t i = 0; i < found->count; i++) {
        params_r->rows[i].name = mem_strndup(ctx, found->rows[i].name.s, found->rows[i].name.len);
        params_r->rows[i].value = mem_strndup(ctx, found->rows[i].value.s, found->rows[i].value.len);
    }
}

enum status
route_find(TALLOC_CTX *ctx, enum route_method method, const char *path, const struct route **route_r,
           struct route_params *params_r)
{
    enum status status = STATUS_NOT_FOUND;
    struct found found;

    for (const struct route *row = rows; row->name != NULL; row++) {
        if (!fits(row->pattern, path, &found))
            continue;
        if (row->method == method) {
            keep(ctx, &found, params_r);
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
