/* member-one.c - what owners change in one membership */
#include "policy/member.h"
#include "policy/right.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { NAME_CHARACTERS = 200 };

enum status
member_load(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t id, struct row_member_one **member_r)
{
    enum status status = q_member_one(db, ctx, list_id, id, clock_now_us(), member_r);

    if (status != STATUS_OK)
        return status;
    return *member_r == NULL || (*member_r)->left_at != 0 ? STATUS_NOT_FOUND : STATUS_OK;
}

enum status
member_find_role(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *role, const char *key, int64_t *id_r)
{
    struct row_member_of_key *row;
    enum status status = q_member_of_key(db, ctx, list_id, role, key, &row);

    if (status != STATUS_OK)
        return status;
    *id_r = row != NULL ? row->id : 0;
    return row != NULL ? STATUS_OK : STATUS_NOT_FOUND;
}

/* One value from what it was to what it is, with its line in the log. */
static enum status
note(struct change *change, enum status status, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id,
     const struct row_member_one *member, const char *what, const char *before, const char *after)
{
    if (status == STATUS_OK)
        status = audit_add(change->db, actor, "member_change", list_id, member->email,
                           mem_printf(ctx, "%s (%s): %s -> %s", what, member->role, str_is_empty(before) ? "(inherited)" : before,
                                      str_is_empty(after) ? "(inherited)" : after));
    return change_end(change, status);
}

enum status
member_set_name(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const struct row_member_one *member,
                const char *name)
{
    const char *cut = utf8_cut(ctx, str_trim(ctx, name), NAME_CHARACTERS), *own = str_eq(cut, member->address_name) ? "" : cut;
    struct change change;
    enum status status;

    if (str_eq(own, member->own_name != NULL ? member->own_name : ""))
        return STATUS_OK;
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_member_put_name(db, member->id, str_is_empty(own) ? NULL : own, NULL);
    return note(&change, status, actor, ctx, list_id, member, "name", member->name, cut);
}

enum status
member_set_moderation(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id,
                      const struct row_member_one *member, const char *action, struct fault *fault)
{
    static const char *const known[] = {"accept", "hold", "reject", "discard", "defer"};
    struct change change;
    enum status status = STATUS_INVALID;

    action = str_is_empty(action) ? NULL : action;
    for (size_t i = 0; i < COUNT_OF(known) && action != NULL; i++)
        if (str_eq(known[i], action))
            status = STATUS_OK;
    if (action != NULL && status != STATUS_OK)
        return fault_set(fault, status, "moderation_action", N_("This is not one of the values to choose from."));
    if (str_eq(action, member->moderation_action))
        return STATUS_OK;
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_member_put_moderation(db, member->id, action, NULL);
    return note(&change, status, actor, ctx, list_id, member, "moderation_action", member->moderation_action, action);
}

static char *
words_of(TALLOC_CTX *ctx, unsigned bits, const char **words, size_t *count_r)
{
    struct str *text = str_new(ctx);

    *count_r = 0;
    for (const struct moderator_right *row = moderator_rights(); row->word != NULL; row++)
        if ((bits & row->bit) != 0) {
            words[(*count_r)++] = row->word;
            str_addf(text, "%s%s", text->len > 0 ? ", " : "", row->word);
        }
    return text->s;
}

enum status
member_set_rights(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const struct row_member_one *member,
                  unsigned bits)
{
    unsigned before = member->has_rights ? moderator_bits(member->rights.items, member->rights.count) : MODERATOR_USUAL;
    const char *words[8], *unused[8], *was = words_of(ctx, before, unused, &(size_t){0});
    struct change change;
    size_t count;
    enum status status;
    const char *now = words_of(ctx, bits, words, &count);

    if (before == bits)
        return STATUS_OK;
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_member_put_rights(db, member->id, (struct text_array){words, count}, NULL);
    return note(&change, status, actor, ctx, list_id, member, "rights", str_is_empty(was) ? "none" : was,
                str_is_empty(now) ? "none" : now);
}
