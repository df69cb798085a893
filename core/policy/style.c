/* style.c - kinds of lists: what a new one begins with */
#include "policy/style.h"
#include "util/str.h"

#define STYLE(name, other, label, help) {name, other, label, help},
#define VALUE(setting, value)
#define STYLE_END()
static const struct style rows[] = {
#include "policy/styles.def"
    {NULL, NULL, NULL, NULL},
};
#undef STYLE
#undef VALUE
#undef STYLE_END

#define STYLE(name, other, label, help) {name, NULL},
#define VALUE(setting, value) {setting, value},
#define STYLE_END() {NULL, NULL},
static const struct { const char *name, *value; } lines[] = {
#include "policy/styles.def"
};
#undef STYLE
#undef VALUE
#undef STYLE_END

const struct style *
style_rows(void)
{
    return rows;
}

const struct style *
style_find(const char *name)
{
    for (const struct style *row = rows; row->name != NULL; row++)
        if (str_eq(row->name, name) || (row->other_name != NULL && str_eq(row->other_name, name)))
            return row;
    return NULL;
}

enum status
style_apply(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *name, struct fault *fault)
{
    const struct style *style = style_find(name);
    size_t at = 0;
    enum status status = STATUS_OK;

    must(style != NULL);
    while (lines[at].value != NULL || !str_eq(lines[at].name, style->name))
        at++;
    for (at++; lines[at].name != NULL && status == STATUS_OK; at++)
        status = setting_set(db, actor, SCOPE_LIST, list_id, lines[at].name, lines[at].value, ctx, fault);
    return status;
}
