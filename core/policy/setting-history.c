/* setting-history.c - what was changed in settings, by whom, and how to take it back */
#include "policy/setting.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

static enum setting_scope
scope_of(const char *word)
{
    return str_eq(word, "list") ? SCOPE_LIST : str_eq(word, "domain") ? SCOPE_DOMAIN : SCOPE_SITE;
}

/* The statements of this room name the same columns in the same order. */
static struct setting_change
change_of(const struct row_setting_change_find *row)
{
    return (struct setting_change){
        .id = row->id, .act_id = row->act_id, .undoes = row->undoes, .changed_at = row->changed_at, .scope = scope_of(row->scope),
        .scope_id = row->scope_id, .name = row->name, .before = row->before, .after = row->after, .changed_by = row->changed_by,
        .is_undone = row->is_undone};
}

enum status
setting_history(struct db *db, TALLOC_CTX *ctx, enum setting_scope scope, int64_t scope_id, const char *name, int64_t before_id,
                int64_t most, struct setting_change **changes_r, size_t *count_r)
{
    struct row_setting_history *rows;
    enum status status = q_setting_history(db, ctx, scope_word(scope), scope_id, name, before_id, most, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *changes_r = mem_array(ctx, struct setting_change, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*changes_r)[i] = (struct setting_change){
            .id = rows[i].id, .act_id = rows[i].act_id, .undoes = rows[i].undoes, .changed_at = rows[i].changed_at, .scope = scope,
            .scope_id = scope_id, .name = rows[i].name, .before = rows[i].before, .after = rows[i].after,
            .changed_by = rows[i].changed_by, .is_undone = rows[i].is_undone};
    return STATUS_OK;
}

enum status
setting_change_find(struct db *db, TALLOC_CTX *ctx, int64_t id, struct setting_change *change_r)
{
    struct row_setting_change_find *row;
    enum status status = q_setting_change_find(db, ctx, id, &row);

    if (status != STATUS_OK || row == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    *change_r = change_of(row);
    return STATUS_OK;
}

enum status
setting_undo(struct db *db, const struct actor *actor, const struct setting_change *change, TALLOC_CTX *ctx, struct fault *fault)
{
    return setting_set_in(db, actor, &(struct setting_deed){.undoes = change->id}, change->scope, change->scope_id, change->name,
                          change->before, ctx, fault);
}

/* --- acts: many changes together --- */

enum status
setting_act_begin(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *words, int64_t *act_id_r)
{
    struct row_setting_act_add *row;
    enum status status = q_setting_act_add(db, ctx, utf8_cut(ctx, words, 500), actor->words, actor->user_id, clock_now_us(), &row);

    if (status == STATUS_OK)
        *act_id_r = row->id;
    return status;
}

enum status
setting_acts(struct db *db, TALLOC_CTX *ctx, int64_t user_id, int64_t most, struct setting_act **acts_r, size_t *count_r)
{
    struct row_setting_acts *rows;
    enum status status = q_setting_acts(db, ctx, user_id, most, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *acts_r = mem_array(ctx, struct setting_act, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*acts_r)[i] = (struct setting_act){.id = rows[i].id, .made_at = rows[i].made_at, .undone_at = rows[i].undone_at,
                                            .changes = rows[i].changes, .user_id = rows[i].user_id, .words = rows[i].words,
                                            .made_by = rows[i].made_by};
    return STATUS_OK;
}

enum status
setting_act_find(struct db *db, TALLOC_CTX *ctx, int64_t act_id, int64_t user_id, struct setting_act *act_r)
{
    struct row_setting_act_foreign *foreign = NULL;
    struct row_setting_act_find *row;
    enum status status = q_setting_act_find(db, ctx, act_id, &row);

    if (status == STATUS_OK && row != NULL && user_id != 0)
        status = q_setting_act_foreign(db, ctx, act_id, user_id, &foreign);
    if (status != STATUS_OK)
        return status;
    if (row == NULL || (user_id != 0 && (row->user_id != user_id || foreign->changes > 0)))
        return STATUS_NOT_FOUND;
    *act_r = (struct setting_act){.id = row->id, .made_at = row->made_at, .undone_at = row->undone_at, .user_id = row->user_id,
                                  .words = row->words, .made_by = row->made_by};
    return STATUS_OK;
}

enum status
setting_act_changes(struct db *db, TALLOC_CTX *ctx, int64_t act_id, struct setting_change **changes_r, size_t *count_r)
{
    struct row_setting_act_changes *rows;
    enum status status = q_setting_act_changes(db, ctx, act_id, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *changes_r = mem_array(ctx, struct setting_change, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*changes_r)[i] = (struct setting_change){
            .id = rows[i].id, .act_id = act_id, .changed_at = rows[i].changed_at, .scope = scope_of(rows[i].scope),
            .scope_id = rows[i].scope_id, .name = rows[i].name, .before = rows[i].before, .after = rows[i].after,
            .changed_by = rows[i].changed_by, .place = rows[i].place, .is_undone = rows[i].is_undone};
    return STATUS_OK;
}

static enum status
undo_all(struct db *db, const struct actor *actor, int64_t act_id, TALLOC_CTX *ctx, int64_t *undone_r, struct fault *fault)
{
    struct setting_change *changes;
    size_t count = 0;
    int64_t marked = 0;
    enum status status = q_setting_act_undone(db, act_id, clock_now_us(), &marked);

    *undone_r = 0;
    if (status == STATUS_OK && marked == 0)
        return fault_set(fault, STATUS_CONFLICT, NULL, N_("This was taken back before."));
    if (status == STATUS_OK)
        status = setting_act_changes(db, ctx, act_id, &changes, &count);
    for (size_t i = count; i > 0 && status == STATUS_OK; i--)       /* a later change of the act may have covered an earlier one */
        if (!changes[i - 1].is_undone) {
            status = setting_undo(db, actor, &changes[i - 1], ctx, fault);
            *undone_r += status == STATUS_OK;
        }
    return status;
}

enum status
setting_act_undo(struct db *db, const struct actor *actor, int64_t act_id, TALLOC_CTX *ctx, int64_t *undone_r,
                 struct fault *fault)
{
    struct change change;
    enum status status = change_begin(&change, db);

    if (status == STATUS_OK)
        status = change_end(&change, undo_all(db, actor, act_id, ctx, undone_r, fault));
    return status;
}
