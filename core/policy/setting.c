/* setting.c - what owners decide about a list: loaded, and changed */
#include <string.h>

#include "policy/setting.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/str.h"

/* --- loading --- */

static void
put_stored(struct settings *settings, const char *name, const char *value)
{
    const struct setting_row *row = setting_row(name);

    if (row == NULL || !setting_put(settings, row, value))
        log_event(EVENT_SETTING_PASSED_OVER, "name", "%s", name);
}

static void
name_list(struct settings *settings, const char *list_name)
{
    char *name;

    if (*settings->display_name != '\0')
        return;
    name = mem_strdup(settings, list_name);
    if (*name >= 'a' && *name <= 'z')
        *name = (char)(*name - 'a' + 'A');
    settings->display_name = name;
}

enum status
settings_load(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct settings **settings_r)
{
    struct row_setting_of_list *found;
    struct settings *settings;
    size_t count;
    enum status status = q_setting_of_list(db, ctx, list_id, &found, &count);

    if (status != STATUS_OK)
        return status;
    if (count == 0)
        return STATUS_NOT_FOUND;
    settings = settings_default(ctx);
    for (size_t i = 0; i < count; i++)
        if (found[i].name != NULL)
            put_stored(settings, found[i].name, found[i].value);
    name_list(settings, found[0].list_name);
    talloc_free(found);
    *settings_r = settings;
    return STATUS_OK;
}

/* --- one place, and what it inherits --- */

static const char *const scope_words[] = {"site", "domain", "list"};

const char *
scope_word(enum setting_scope scope)
{
    return scope_words[scope];
}

int64_t
setting_place_id(const struct setting_place *place)
{
    return place->scope == SCOPE_LIST ? place->list_id : place->scope == SCOPE_DOMAIN ? place->domain_id : 0;
}

static void
sheet_take(struct setting_sheet *sheet, const struct row_setting_chain *rows, size_t count, enum setting_scope scope,
           TALLOC_CTX *ctx)
{
    sheet->own[scope] = mem_array(ctx, struct setting_value, count + 1);
    sheet->counts[scope] = 0;
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].scope, scope_words[scope])) {
            sheet->own[scope][sheet->counts[scope]++] =
                (struct setting_value){rows[i].name, rows[i].value, rows[i].changed_by, rows[i].changed_at};
            put_stored(sheet->effective, rows[i].name, rows[i].value);
        }
}

enum status
setting_sheet_load(struct db *db, TALLOC_CTX *ctx, const struct setting_place *place, struct setting_sheet *sheet_r)
{
    struct row_setting_chain *rows;
    size_t count;
    enum status status = q_setting_chain(db, ctx, place->scope >= SCOPE_DOMAIN ? place->domain_id : 0,
                                         place->scope == SCOPE_LIST ? place->list_id : 0, &rows, &count);

    if (status != STATUS_OK)
        return status;
    sheet_r->effective = settings_default(ctx);
    for (int scope = SCOPE_SITE; scope <= SCOPE_LIST; scope++)
        sheet_take(sheet_r, rows, count, (enum setting_scope)scope, ctx);
    if (place->scope == SCOPE_LIST)
        name_list(sheet_r->effective, place->list_name);
    return STATUS_OK;
}

const struct setting_value *
setting_at(const struct setting_sheet *sheet, enum setting_scope scope, const char *name)
{
    for (size_t i = 0; i < sheet->counts[scope]; i++)
        if (str_eq(sheet->own[scope][i].name, name))
            return &sheet->own[scope][i];
    return NULL;
}

const char *
setting_outer(const struct setting_sheet *sheet, enum setting_scope scope, const struct setting_row *row, int *from_r)
{
    for (*from_r = (int)scope - 1; *from_r >= 0; (*from_r)--) {
        const struct setting_value *value = setting_at(sheet, (enum setting_scope)*from_r, row->name);

        if (value != NULL)
            return value->value;
    }
    return row->fallback;
}

/* --- changing --- */

/* The columns of list_effective, one array each. */
struct effective {
    int64_t *list_id;
    const char **advertised, **archive_policy, **display_name, **description, **preferred_language, **roster, **addresses,
        **search_engines, **time_zone, **rendering;
    size_t count;
};

static struct effective *
effective_new(TALLOC_CTX *ctx, size_t most)
{
    struct effective *all = mem_new(ctx, struct effective);

    all->list_id = mem_array(all, int64_t, most);
    all->advertised = mem_array(all, const char *, most);
    all->archive_policy = mem_array(all, const char *, most);
    all->display_name = mem_array(all, const char *, most);
    all->description = mem_array(all, const char *, most);
    all->preferred_language = mem_array(all, const char *, most);
    all->roster = mem_array(all, const char *, most);
    all->addresses = mem_array(all, const char *, most);
    all->search_engines = mem_array(all, const char *, most);
    all->time_zone = mem_array(all, const char *, most);
    all->rendering = mem_array(all, const char *, most);
    return all;
}

static void
effective_add(struct effective *all, int64_t list_id, const struct settings *settings)
{
    size_t i = all->count++;

    all->list_id[i] = list_id;
    all->advertised[i] = settings->advertised ? "yes" : "no";
    all->archive_policy[i] = archive_policy_word(settings->archive_policy);
    all->display_name[i] = settings->display_name;
    all->description[i] = settings->description;
    all->preferred_language[i] = language_code(settings->preferred_language);
    all->roster[i] = roster_visibility_word(settings->member_roster_visibility);
    all->addresses[i] = archive_addresses_word(settings->archive_addresses);
    all->search_engines[i] = settings->search_engines ? "yes" : "no";
    all->time_zone[i] = settings->time_zone;
    all->rendering[i] = rendering_mode_word(settings->archive_rendering_mode);
}

static enum status
effective_write(struct db *db, const struct effective *all)
{
    return q_list_effective_put(db, (struct int_array){all->list_id, all->count}, (struct text_array){all->advertised, all->count},
                                (struct text_array){all->archive_policy, all->count},
                                (struct text_array){all->display_name, all->count},
                                (struct text_array){all->description, all->count},
                                (struct text_array){all->preferred_language, all->count},
                                (struct text_array){all->roster, all->count},
                                (struct text_array){all->addresses, all->count},
                                (struct text_array){all->search_engines, all->count},
                                (struct text_array){all->time_zone, all->count},
                                (struct text_array){all->rendering, all->count}, NULL);
}

enum status
setting_rewrite_effective(struct db *db, enum setting_scope scope, int64_t scope_id)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_setting_of_scope *found;
    struct settings *settings = NULL;
    struct effective *all;
    size_t count;
    enum status status = q_setting_lock(db, NULL);

    if (status == STATUS_OK)
        status = q_setting_of_scope(db, ctx, scope_words[scope], scope_id, &found, &count);
    if (status == STATUS_OK && count > 0) {
        all = effective_new(ctx, count);
        for (size_t i = 0; i < count; i++) {
            if (i == 0 || found[i].list_id != found[i - 1].list_id)
                settings = settings_default(all);
            if (found[i].name != NULL)
                put_stored(settings, found[i].name, found[i].value);
            if (i + 1 == count || found[i + 1].list_id != found[i].list_id) {
                name_list(settings, found[i].list_name);
                effective_add(all, found[i].list_id, settings);
            }
        }
        status = effective_write(db, all);
    }
    talloc_free(ctx);
    return status;
}

enum status
setting_own(struct db *db, TALLOC_CTX *ctx, enum setting_scope scope, int64_t scope_id, struct setting_value **values_r,
            size_t *count_r)
{
    struct row_setting_own *found;
    enum status status = q_setting_own(db, ctx, scope_words[scope], scope_id, &found, count_r);

    if (status != STATUS_OK)
        return status;
    *values_r = mem_array(ctx, struct setting_value, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*values_r)[i] = (struct setting_value){found[i].name, found[i].value, found[i].changed_by, found[i].changed_at};
    return STATUS_OK;
}

static enum status
write_value(struct db *db, const struct actor *actor, enum setting_scope scope, int64_t scope_id, const char *name,
            const char *value)
{
    if (value == NULL)
        return q_setting_drop(db, scope_words[scope], scope_id, name, NULL);
    return q_setting_put(db, scope_words[scope], scope_id, name, value, actor->words, clock_now_us(), NULL);
}

/* One row of history, one of the audit log. */
static enum status
write_log(struct db *db, const struct actor *actor, const struct setting_deed *deed, const struct setting_change *change,
          TALLOC_CTX *ctx)
{
    const char *place = scope_words[change->scope];
    bool is_list = change->scope == SCOPE_LIST;
    enum status status = q_setting_change_add(db, deed->act_id, place, change->scope_id, change->name, change->before,
                                              change->after, actor->words, actor->user_id, clock_now_us(), deed->undoes, NULL);

    if (status != STATUS_OK)
        return status;
    return audit_add(db, actor, deed->undoes != 0 ? "setting_undo" : "setting_change", is_list ? change->scope_id : 0,
                     is_list ? change->name : mem_printf(ctx, "%s %lld: %s", place, (long long)change->scope_id, change->name),
                     mem_printf(ctx, "%s -> %s", change->before == NULL ? "(inherited)" : change->before,
                                change->after == NULL ? "(inherited)" : change->after));
}

static enum status
change_value(struct db *db, const struct actor *actor, const struct setting_deed *deed, struct setting_change *change,
             TALLOC_CTX *ctx)
{
    struct row_setting_value *before;
    enum status status = q_setting_lock(db, NULL);

    if (status == STATUS_OK)
        status = q_setting_value(db, ctx, scope_words[change->scope], change->scope_id, change->name, &before);
    if (status != STATUS_OK)
        return status;
    change->before = before == NULL ? NULL : before->value;
    if (str_eq(change->before, change->after))
        return STATUS_OK;
    status = write_value(db, actor, change->scope, change->scope_id, change->name, change->after);
    if (status == STATUS_OK && setting_row(change->name)->flags & SETTING_SQL)
        status = setting_rewrite_effective(db, change->scope, change->scope_id);
    if (status == STATUS_OK)
        status = write_log(db, actor, deed, change, ctx);
    return status;
}

enum status
setting_set_in(struct db *db, const struct actor *actor, const struct setting_deed *deed, enum setting_scope scope,
               int64_t scope_id, const char *name, const char *value, TALLOC_CTX *ctx, struct fault *fault)
{
    const struct setting_row *row = setting_row(name);
    struct setting_change set = {.scope = scope, .scope_id = scope_id, .name = row == NULL ? NULL : row->name};
    struct change change;
    enum status status;

    if (row == NULL)
        return fault_setf(fault, ctx, STATUS_NOT_FOUND, name, "There is no setting \"%s\".", name);
    if (row->flags & SETTING_ADMIN && !actor->is_operator && !actor->is_admin)
        return fault_set(fault, STATUS_NOT_ALLOWED, row->name, N_("Only a site administrator may change this."));
    if (value != NULL && (status = setting_check(ctx, row, value, &set.after, fault)) != STATUS_OK)
        return status;
    status = change_begin(&change, db);
    if (status == STATUS_OK)
        status = change_end(&change, change_value(db, actor, deed, &set, ctx));
    return status;
}

enum status
setting_set(struct db *db, const struct actor *actor, enum setting_scope scope, int64_t scope_id, const char *name,
            const char *value, TALLOC_CTX *ctx, struct fault *fault)
{
    return setting_set_in(db, actor, &(struct setting_deed){0, 0}, scope, scope_id, name, value, ctx, fault);
}
