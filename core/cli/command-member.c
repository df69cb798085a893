/* command-member.c - kairan member: who is on a list, many at once */
#include <unistd.h>

#include "cli/common.h"
#include "policy/member.h"
#include "store/statements.h"
#include "util/clock.h"

enum { INPUT_MAX = 64 << 20 };

/* The addresses from the command, a file, or standard input. */
static enum status
read_people(struct call *call, struct person **people_r, size_t *count_r)
{
    struct text_array named = words_rest(call);
    const char *file = option(call, "--file");
    struct str *text = str_new(call->ctx);
    struct blob input;
    enum status status;

    if (file == NULL && (named.count == 0 || (named.count == 1 && str_eq(named.items[0], "-")))) {
        file = "-";
        named.count = 0;
    }
    for (size_t i = 0; i < named.count; i++)
        str_addf(text, "%s\n", named.items[i]);
    if (file != NULL) {
        status = read_input(call, file, INPUT_MAX, &input);
        if (status != STATUS_OK)
            return status;
        str_addn(text, input.data, input.len);
    }
    *people_r = person_read(call->ctx, str_text(text), count_r);
    if (*count_r == 0)
        return fault_set(&call->fault, STATUS_INVALID, "ADDRESS", N_("No address was given."));
    return STATUS_OK;
}

static enum status
read_role(struct call *call, const char **role_r)
{
    *role_r = has_option(call, "--role") ? option(call, "--role") : "member";
    if (member_role_is_known(*role_r))
        return STATUS_OK;
    return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "--role", "\"%s\" is no role; there are member, nonmember, moderator "
                      "and owner.", *role_r);
}

/* How many came out well, and each of the others by name. */
static void
show_outcomes(struct call *call, const struct person *people, size_t count, enum person_outcome good)
{
    struct out *others;
    int64_t done = 0;

    for (size_t i = 0; i < count; i++)
        done += people[i].outcome == good;
    out_int(call->out, person_outcome_word(good), done);
    if (!call->json && (size_t)done == count)
        return;
    others = out_rows(call->out, "others");
    for (size_t i = 0; i < count; i++) {
        struct out *row;

        if (people[i].outcome == good)
            continue;
        row = out_row(others);
        out_text(row, "address", people[i].text);
        out_text(row, "outcome", person_outcome_word(people[i].outcome));
        out_text(row, "sentence", person_outcome_sentence(people[i].outcome));
    }
}

typedef enum status (*change_people)(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id,
                                     const char *role, struct person *people, size_t count);

static enum status
change_members(struct call *call, change_people change_them, enum person_outcome good)
{
    struct person *people;
    struct change change;
    struct list *list;
    const char *role;
    size_t count;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = read_role(call, &role);
    if (status == STATUS_OK)
        status = read_people(call, &people, &count);
    if (status == STATUS_OK)
        status = change_begin(&change, call->db);
    if (status != STATUS_OK)
        return status;
    status = change_end(&change, change_them(call->db, &call->actor, call->ctx, list->id, role, people, count));
    if (status == STATUS_OK)
        show_outcomes(call, people, count, good);
    return status;
}

enum status
command_member_add(struct call *call)
{
    return change_members(call, member_add, PERSON_ADDED);
}

enum status
command_member_remove(struct call *call)
{
    return change_members(call, member_remove, PERSON_REMOVED);
}

enum status
command_member_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "members");
    struct row_member_of_list *members;
    struct list *list;
    const char *role;
    size_t count;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = read_role(call, &role);
    if (status == STATUS_OK)
        status = q_member_of_list(call->db, call->ctx, list->id, role, clock_now_us(), &members, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "address", members[i].email);
        out_text(row, "name", members[i].name);
        out_text(row, "delivery_status", members[i].delivery_status);
        out_text(row, "moderation_action", members[i].moderation_action);
        out_time(row, "joined_at", members[i].joined_at);
    }
    return status;
}
