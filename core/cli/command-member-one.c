/* command-member-one.c - kairan member show, set, find: one person */
#include <string.h>

#include "cli/common.h"
#include "mime/address.h"
#include "policy/member.h"
#include "policy/preference.h"
#include "policy/right.h"
#include "store/statements.h"
#include "util/clock.h"

enum { FOUND_MOST = 500 };

static enum status
find_member(struct call *call, struct list **list_r, struct row_member_one **member_r)
{
    const char *address = word(call, "ADDRESS"), *key = address_key_of(call->ctx, address), *role;
    int64_t id;
    enum status status = call_list(call, word(call, "LIST"), list_r);

    if (status == STATUS_OK)
        status = call_role(call, &role);
    if (status != STATUS_OK)
        return status;
    if (key == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "ADDRESS", "\"%s\" is not a mail address.", address);
    status = member_find_role(call->db, call->ctx, (*list_r)->id, role, key, &id);
    if (status == STATUS_NOT_FOUND)
        return fault_setf(&call->fault, call->ctx, status, "ADDRESS", "%s is no %s of %s.", address, role, (*list_r)->address);
    return status == STATUS_OK ? member_load(call->db, call->ctx, (*list_r)->id, id, member_r) : status;
}

static enum status
show_preferences(struct call *call, int64_t id)
{
    struct out *rows = out_rows(call->out, "preferences");
    struct preferences *preferences;
    int64_t now = clock_now_us();
    enum status status = preferences_load(call->db, call->ctx, LEVEL_MEMBER, id, &preferences);

    for (int i = 0; status == STATUS_OK && i < PREFERENCE_COUNT; i++) {
        enum preference_level level = LEVEL_DEFAULT;
        const char *value = preference_effective(preferences, (enum preference)i, LEVEL_MEMBER, now, &level);
        struct out *row;

        if (value == NULL)
            continue;
        row = out_row(rows);
        out_text(row, "name", preference_rows()[i].name);
        out_text(row, "value", value);
        out_text(row, "said_by", preference_level_word(level));
    }
    return status;
}

static enum status
show_history(struct call *call, const struct list *list, const char *email)
{
    struct out *rows = out_rows(call->out, "history");
    struct row_member_history *found;
    size_t count;
    enum status status = q_member_history(call->db, call->ctx, list->id, email, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_time(row, "at", found[i].at);
        out_text(row, "actor", found[i].actor);
        out_text(row, "action", found[i].action);
        out_text(row, "detail", found[i].detail);
    }
    return status;
}

static void
show_member(struct call *call, const struct row_member_one *member)
{
    struct str *rights = str_new(call->ctx);
    unsigned bits = member->has_rights ? moderator_bits(member->rights.items, member->rights.count) : MODERATOR_USUAL;

    out_text(call->out, "address", member->email);
    out_text(call->out, "name", member->name);
    out_text(call->out, "role", member->role);
    out_text(call->out, "account", member->user_name);
    out_time(call->out, "verified_at", member->verified_at);
    out_time(call->out, "joined_at", member->joined_at);
    out_time(call->out, "last_bounce_at", member->last_bounce_at);
    out_text(call->out, "delivery_status", member->delivery_status);
    out_text(call->out, "moderation_action", member->moderation_action);
    if (!str_eq(member->role, "moderator"))
        return;
    for (const struct moderator_right *right = moderator_rights(); right->word != NULL; right++)
        if ((bits & right->bit) != 0)
            str_addf(rights, "%s%s", rights->len > 0 ? ", " : "", right->word);
    out_text(call->out, "rights", rights->s);
}

enum status
command_member_show(struct call *call)
{
    struct row_member_one *member;
    struct list *list;
    enum status status = find_member(call, &list, &member);

    if (status != STATUS_OK)
        return status;
    show_member(call, member);
    if (str_eq(member->role, "member"))
        status = show_preferences(call, member->id);
    return status == STATUS_OK ? show_history(call, list, member->email) : status;
}

/* ---- changing ---- */

static enum status
set_rights(struct call *call, const struct list *list, const struct row_member_one *member, const char *value)
{
    char **words = str_split(call->ctx, value, ',', 16);
    unsigned bits = 0;

    for (char **word = words; *word != NULL; word++) {
        const char *one = str_trim(call->ctx, *word);
        unsigned bit = moderator_bits(&one, 1);

        if (bit == 0 && *one != '\0')
            return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "rights", "\"%s\" is no right; there are held, requests, members "
                              "and bans.", one);
        bits |= bit;
    }
    if (!str_eq(member->role, "moderator"))
        return fault_set(&call->fault, STATUS_INVALID, "rights", N_("Only moderators have rights one by one: say --role moderator."));
    return member_set_rights(call->db, &call->actor, call->ctx, list->id, member, bits);
}

/* A choice that nothing acts on yet is kept all the same. */
static void
note_later(struct call *call, const char *name, const char *value)
{
    const struct preference_choice *choice = preference_row(name)->choices;

    for (; value != NULL && choice != NULL && choice->value != NULL; choice++)
        if (choice->comes_later && str_eq_nocase(choice->value, value))
            out_row_text(out_rows(call->out, "notes"), mem_printf(call->ctx, "%s is stored, but each post still comes as a mail. "
                                                                  "Digests come with a later version.", choice->value));
}

static enum status
set_preference(struct call *call, int64_t member_id, const char *name, const char *value)
{
    enum status status = preference_set(call->db, &call->actor, HAND_OWNER, call->ctx, LEVEL_MEMBER, member_id, name, value, &call->fault);

    if (status == STATUS_OK)
        note_later(call, name, value);
    return status;
}

/* "NAME=VALUE", or "NAME" alone to inherit again. */
static enum status
set_one(struct call *call, const struct list *list, const struct row_member_one *member, const char *text)
{
    const char *equals = strchr(text, '='), *value = equals != NULL ? equals + 1 : NULL;
    const char *name = equals != NULL ? mem_strndup(call->ctx, text, (size_t)(equals - text)) : text;

    if (str_eq(name, "name"))
        return member_set_name(call->db, &call->actor, call->ctx, list->id, member, value != NULL ? value : "");
    if (str_eq(name, "moderation_action"))
        return member_set_moderation(call->db, &call->actor, call->ctx, list->id, member, value, &call->fault);
    if (str_eq(name, "rights"))
        return value == NULL ? member_set_rights(call->db, &call->actor, call->ctx, list->id, member, MODERATOR_USUAL)
                             : set_rights(call, list, member, value);
    return set_preference(call, member->id, name, value);
}

enum status
command_member_set(struct call *call)
{
    struct text_array changes = words_rest(call);
    struct row_member_one *member;
    struct change change;
    struct list *list;
    enum status status = find_member(call, &list, &member);

    if (status == STATUS_OK)
        status = change_begin(&change, call->db);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; status == STATUS_OK && i < changes.count; i++)
        status = set_one(call, list, member, changes.items[i]);
    status = change_end(&change, status);
    if (status == STATUS_OK)
        status = member_load(call->db, call->ctx, list->id, member->id, &member);
    if (status != STATUS_OK)
        return status;
    show_member(call, member);
    return str_eq(member->role, "member") ? show_preferences(call, member->id) : STATUS_OK;
}

/* ---- finding ---- */

enum status
command_member_find(struct call *call)
{
    const char *text = utf8_fold_width(call->ctx, word(call, "TEXT"));
    struct out *rows = out_rows(call->out, "members");
    struct row_member_find *found;
    size_t count;
    enum status status = q_member_find(call->db, call->ctx, text, mem_printf(call->ctx, "%s\U0010ffff", text), FOUND_MOST, clock_now_us(),
                                       &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "list", found[i].list);
        out_text(row, "role", found[i].role);
        out_text(row, "address", found[i].email);
        out_text(row, "name", found[i].name);
        out_text(row, "delivery_status", found[i].delivery_status);
        out_time(row, "joined_at", found[i].joined_at);
    }
    return status;
}
