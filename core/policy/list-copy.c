/* list-copy.c - what one list has, on another: settings, people, bans, filters, texts */
#include "policy/list.h"
#include "policy/member.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

static const struct list_part_row parts[] = {
    {"settings", LIST_SETTINGS, N_("Settings")},
    {"owners", LIST_OWNERS, N_("Owners")},
    {"moderators", LIST_MODERATORS, N_("Moderators")},
    {"bans", LIST_BANS, N_("Bans")},
    {"filters", LIST_FILTERS, N_("Header filters and topics")},
    {"texts", LIST_TEXTS, N_("Changed texts")},
    {NULL, 0, NULL},
};

const struct list_part_row *
list_part_rows(void)
{
    return parts;
}

/* --- settings --- */

/* What a list is called and is about stays its own. */
static bool
is_copied(const struct actor *actor, const struct setting_row *row)
{
    static const char *const own[] = {"display_name", "description", "info"};

    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (str_eq(row->name, own[i]))
            return false;
    return (row->flags & SETTING_ADMIN) == 0 || actor->is_admin || actor->is_operator;
}

struct own_values { struct setting_value *values; size_t count; };

static const char *
own_value(const struct own_values *own, const char *name)
{
    for (size_t i = 0; i < own->count; i++)
        if (str_eq(own->values[i].name, name))
            return own->values[i].value;
    return NULL;
}

enum status
list_compare(struct db *db, TALLOC_CTX *ctx, const struct actor *actor, const struct list *from, const struct list *to,
             struct list_difference **rows_r, size_t *count_r)
{
    struct own_values theirs, ours;
    struct list_difference *rows;
    size_t room = 0;
    enum status status = setting_own(db, ctx, SCOPE_LIST, from->id, &theirs.values, &theirs.count);

    if (status == STATUS_OK)
        status = setting_own(db, ctx, SCOPE_LIST, to->id, &ours.values, &ours.count);
    if (status != STATUS_OK)
        return status;
    while (setting_rows()[room].name != NULL)
        room++;
    rows = mem_array(ctx, struct list_difference, room + 1);
    *count_r = 0;
    for (const struct setting_row *row = setting_rows(); row->name != NULL; row++) {
        const char *before = own_value(&ours, row->name), *after = own_value(&theirs, row->name);

        if (is_copied(actor, row) && !str_eq(before, after))
            rows[(*count_r)++] = (struct list_difference){row, before, after};
    }
    *rows_r = rows;
    return STATUS_OK;
}

static enum status
copy_settings(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *from, const struct list *to,
              struct fault *fault)
{
    struct list_difference *rows;
    size_t count;
    enum status status = list_compare(db, ctx, actor, from, to, &rows, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = setting_set(db, actor, SCOPE_LIST, to->id, rows[i].row->name, rows[i].after, ctx, fault);
    return status;
}

/* --- people and bans --- */

static enum status
copy_people(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *from, const struct list *to, const char *role)
{
    struct row_list_people *rows;
    struct str *lines = str_new(ctx);
    struct person *people;
    size_t count;
    enum status status = q_list_people(db, ctx, from->id, role, &rows, &count);

    if (status != STATUS_OK || count == 0)
        return status;
    for (size_t i = 0; i < count; i++)
        str_addf(lines, "%s\n", rows[i].email);
    people = person_read(ctx, lines->s, &count);
    return member_add(db, actor, ctx, to->id, role, people, count);
}

static enum status
copy_bans(struct db *db, const struct actor *actor, const struct list *from, const struct list *to)
{
    return q_ban_copy(db, from->id, to->id, actor->words, clock_now_us(), NULL);
}

/* Filters go behind those that are there; a topic of a name that is there stays as it is. */
static enum status
copy_filters(struct db *db, const struct actor *actor, const struct list *from, const struct list *to)
{
    enum status status = q_filter_copy(db, from->id, to->id, actor->words, clock_now_us(), NULL);

    return status == STATUS_OK ? q_topic_copy(db, from->id, to->id, NULL) : status;
}

static enum status
copy_all(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *from, const struct list *to, unsigned which,
         struct fault *fault)
{
    struct str *words = str_new(ctx);
    enum status status = STATUS_OK;

    for (const struct list_part_row *row = parts; row->word != NULL; row++)
        if (which & row->part)
            str_addf(words, " %s", row->word);
    status = audit_add(db, actor, "list_copy", to->id, to->address, mem_printf(ctx, "from %s:%s", from->address, words->s));
    if (status == STATUS_OK && which & LIST_SETTINGS)
        status = copy_settings(db, actor, ctx, from, to, fault);
    if (status == STATUS_OK && which & LIST_OWNERS)
        status = copy_people(db, actor, ctx, from, to, "owner");
    if (status == STATUS_OK && which & LIST_MODERATORS)
        status = copy_people(db, actor, ctx, from, to, "moderator");
    if (status == STATUS_OK && which & LIST_BANS)
        status = copy_bans(db, actor, from, to);
    if (status == STATUS_OK && which & LIST_FILTERS)
        status = copy_filters(db, actor, from, to);
    if (status == STATUS_OK && which & LIST_TEXTS)
        status = q_text_copy(db, from->id, to->id, actor->words, clock_now_us(), NULL);
    return status;
}

enum status
list_copy(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *from, const struct list *to, unsigned which,
          struct fault *fault)
{
    struct change change;
    enum status status;

    if (from->id == to->id)
        return fault_set(fault, STATUS_INVALID, "from", N_("This is the same list."));
    status = change_begin(&change, db);
    return status == STATUS_OK ? change_end(&change, copy_all(db, actor, ctx, from, to, which, fault)) : status;
}
