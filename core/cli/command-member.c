/* command-member.c - kairan member: who is on a list, many at once */
#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "policy/member.h"
#include "policy/roster-table.h"
#include "policy/subscription-many.h"
#include "store/statements.h"
#include "util/clock.h"

enum { INPUT_MAX = 64 << 20 };

/* The addresses from the command, a file, or standard input. */
static enum status
read_bytes(struct call *call, struct text_array named, const char *file, struct blob *bytes_r)
{
    struct str *text = str_new(call->ctx);

    if (file == NULL && (named.count == 0 || (named.count == 1 && str_eq(named.items[0], "-"))))
        file = "-";
    if (file != NULL)
        return read_input(call, file, INPUT_MAX, bytes_r);
    for (size_t i = 0; i < named.count; i++)
        str_addf(text, "%s\n", named.items[i]);
    *bytes_r = str_blob(text);
    return STATUS_OK;
}

static enum status
read_people(struct call *call, struct text_array named, const char *file, struct people **people_r)
{
    const char *charset = has_option(call, "--charset") ? option(call, "--charset") : NULL;
    struct blob bytes;
    enum status status = read_bytes(call, named, file, &bytes);

    if (status != STATUS_OK)
        return status;
    *people_r = people_read(call->ctx, bytes, charset, call->conf->site_language);
    if ((*people_r)->count == 0)
        return fault_set(&call->fault, STATUS_INVALID, "ADDRESS", N_("No address was given."));
    if ((*people_r)->is_cut)
        return fault_setf(&call->fault, call->ctx, STATUS_TOO_LARGE, "file", "There are more than %d lines.", PEOPLE_MAX);
    return STATUS_OK;
}

enum status
call_role(struct call *call, const char **role_r)
{
    *role_r = has_option(call, "--role") ? option(call, "--role") : "member";
    if (member_role_is_known(*role_r))
        return STATUS_OK;
    return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "--role", "\"%s\" is no role; there are member, nonmember, moderator "
                      "and owner.", *role_r);
}

/* ---- what became of them ---- */

static bool
is_problem(const struct person *person, enum person_outcome good)
{
    return person->outcome != good && person->outcome != (good == PERSON_REMOVED ? PERSON_ABSENT : PERSON_MEMBER);
}

static size_t
problem_count(const struct people *people, enum person_outcome good)
{
    size_t count = 0;

    for (size_t i = 0; i < people->count; i++)
        count += is_problem(&people->rows[i], good);
    return count;
}

/* How many came out well, and each of the others by line, name and reason. */
static void
show_outcomes(struct call *call, const struct people *people, enum person_outcome good)
{
    struct out *others;
    size_t done = 0;

    for (size_t i = 0; i < people->count; i++)
        done += people->rows[i].outcome == good;
    out_int(call->out, person_outcome_word(good), (int64_t)done);
    if (!call->json && done == people->count)
        return;
    others = out_rows(call->out, "others");
    for (size_t i = 0; i < people->count; i++) {
        const struct person *person = &people->rows[i];
        struct out *row;

        if (person->outcome == good)
            continue;
        row = out_row(others);
        out_int(row, "line", (int64_t)person->line);
        out_text(row, "address", person->text);
        out_text(row, "outcome", person_outcome_word(person->outcome));
        out_text(row, "sentence", person->reason == NULL ? person_outcome_sentence(person->outcome)
                                                         : tr_fill(row, person->reason, person->cell, NULL, NULL));
    }
}

/* ---- adding ---- */

/* With --all-or-nothing one line that cannot be used undoes the others; what is wrong is shown all the same. */
static enum status
refuse_some(struct call *call, const struct people *people, enum person_outcome good)
{
    size_t wrong = problem_count(people, good);

    show_outcomes(call, people, good);
    return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "ADDRESS", "Nothing was changed, as %zu of %zu lines cannot be used.", wrong,
                      people->count);
}

static bool
wants_welcome(const struct call *call, const char *role)
{
    return str_eq(role, "member") && has_option(call, "--welcome") && !has_option(call, "--no-welcome");
}

static enum status
invite_people(struct call *call, const struct list *list, struct people *people)
{
    struct member_order order = {.role = "member", .is_trial = true};
    struct subscription_desk desk;
    enum status status = member_enrol(call->db, &call->actor, call->ctx, list->id, &order, people->rows, people->count);

    if (status != STATUS_OK || has_option(call, "--dry-run"))
        return status;
    if (has_option(call, "--all-or-nothing") && problem_count(people, PERSON_ADDED) > 0)
        return STATUS_OK;
    status = call_desk(call, &desk);
    return status == STATUS_OK ? subscription_invite_many(&desk, call->ctx, list, &call->actor, people->rows, people->count) : status;
}

static enum status
enrol_people(struct call *call, const struct list *list, const char *role, struct people *people)
{
    struct member_order order = {.role = role, .is_trial = has_option(call, "--dry-run")};
    struct subscription_desk desk;
    enum status status = member_enrol(call->db, &call->actor, call->ctx, list->id, &order, people->rows, people->count);

    if (status != STATUS_OK || order.is_trial || !wants_welcome(call, role))
        return status;
    status = call_desk(call, &desk);
    return status == STATUS_OK ? subscription_welcome_many(&desk, call->ctx, list, people->rows, people->count) : status;
}

enum status
command_member_add(struct call *call)
{
    bool is_invitation = has_option(call, "--invite"), is_whole = has_option(call, "--all-or-nothing"), refused;
    enum person_outcome good = is_invitation && !has_option(call, "--dry-run") ? PERSON_INVITED : PERSON_ADDED;
    struct people *people;
    struct change change;
    struct list *list;
    const char *role;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = call_role(call, &role);
    if (status == STATUS_OK)
        status = read_people(call, words_rest(call), option(call, "--file"), &people);
    if (status == STATUS_OK)
        status = change_begin(&change, call->db);
    if (status != STATUS_OK)
        return status;
    status = is_invitation ? invite_people(call, list, people) : enrol_people(call, list, role, people);
    refused = status == STATUS_OK && is_whole && problem_count(people, good) > 0;
    status = change_end(&change, refused ? STATUS_INVALID : status);
    if (refused)
        return refuse_some(call, people, good);
    if (status == STATUS_OK)
        show_outcomes(call, people, good);
    return status;
}

/* ---- removing ---- */

static enum status
dismiss_people(struct call *call, const struct list *list, const char *role, struct people *people, bool even_last_owner)
{
    struct member_order order = {.role = role, .is_trial = has_option(call, "--dry-run"), .even_last_owner = even_last_owner};
    struct subscription_desk desk;
    enum status status = member_dismiss(call->db, &call->actor, call->ctx, list->id, &order, people->rows, people->count);

    if (status != STATUS_OK || order.is_trial || !has_option(call, "--goodbye") || !str_eq(role, "member"))
        return status;
    status = call_desk(call, &desk);
    return status == STATUS_OK ? subscription_dismiss_many(&desk, call->ctx, list, people->rows, people->count) : status;
}

/* Whom a removal is about: named, or everybody in the role. */
static enum status
read_leavers(struct call *call, const struct list *list, const char *role, struct people **people_r)
{
    bool is_named = words_rest(call).count > 0 || has_option(call, "--file");

    if (!has_option(call, "--everybody"))
        return read_people(call, words_rest(call), option(call, "--file"), people_r);
    if (is_named)
        return fault_set(&call->fault, STATUS_INVALID, "--everybody", N_("--everybody goes without addresses and without a file."));
    *people_r = mem_new(call->ctx, struct people);
    return member_others(call->db, call->ctx, list->id, role, NULL, 0, &(*people_r)->rows, &(*people_r)->count);
}

enum status
command_member_remove(struct call *call)
{
    struct people *people;
    struct change change;
    struct list *list;
    const char *role;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = call_role(call, &role);
    if (status == STATUS_OK)
        status = read_leavers(call, list, role, &people);
    if (status == STATUS_OK)
        status = change_begin(&change, call->db);
    if (status != STATUS_OK)
        return status;
    status = change_end(&change, dismiss_people(call, list, role, people, has_option(call, "--last-owner")));
    if (status != STATUS_OK)
        return status;
    show_outcomes(call, people, PERSON_REMOVED);
    for (size_t i = 0; i < people->count; i++)
        if (people->rows[i].outcome == PERSON_LAST_OWNER)
            return fault_set(&call->fault, STATUS_CONFLICT, "ADDRESS",
                             N_("The list would have no owner. Make somebody else an owner first, or say --last-owner."));
    return STATUS_OK;
}

/* ---- equal to a file ---- */

static enum status
sync_people(struct call *call, const struct list *list, const char *role, struct people *people, struct people *others)
{
    struct member_order trial = {.role = role, .is_trial = true};
    enum status status = member_enrol(call->db, &call->actor, call->ctx, list->id, &trial, people->rows, people->count);

    if (status != STATUS_OK || problem_count(people, PERSON_ADDED) > 0)
        return status;
    status = member_others(call->db, call->ctx, list->id, role, people->rows, people->count, &others->rows, &others->count);
    if (status == STATUS_OK)
        status = enrol_people(call, list, role, people);
    return status == STATUS_OK ? dismiss_people(call, list, role, others, false) : status;
}

enum status
command_member_sync(struct call *call)
{
    struct people *people, others = {0};
    struct change change;
    struct list *list;
    const char *role;
    bool refused;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = call_role(call, &role);
    if (status == STATUS_OK)
        status = read_people(call, (struct text_array){NULL, 0}, word(call, "FILE"), &people);
    if (status == STATUS_OK)
        status = change_begin(&change, call->db);
    if (status != STATUS_OK)
        return status;
    status = sync_people(call, list, role, people, &others);
    refused = status == STATUS_OK && problem_count(people, PERSON_ADDED) > 0;
    status = change_end(&change, refused ? STATUS_INVALID : status);
    if (refused)
        return refuse_some(call, people, PERSON_ADDED);
    if (status == STATUS_OK) {
        show_outcomes(call, people, PERSON_ADDED);
        show_outcomes(call, &others, PERSON_REMOVED);
    }
    return status;
}

/* ---- showing ---- */

static enum status
print_table(struct call *call, const struct list *list, const char *role)
{
    bool is_cp932 = str_eq_nocase(option(call, "--charset"), "cp932") || str_eq_nocase(option(call, "--charset"), "shift_jis");
    struct roster_table *table = roster_table_new(call->ctx, call->db, list->id, role, is_cp932);
    enum status status = STATUS_OK;

    for (bool end = false; !end && status == STATUS_OK;) {
        struct str *piece = str_new(call->ctx);

        status = roster_table_next(table, piece, &end);
        fwrite(piece->s, 1, piece->len, stdout);
        talloc_free(piece);
    }
    if (roster_table_lost(table) > 0)
        fprintf(stderr, "kairan: %zu rows hold letters that Shift_JIS does not have; they are written as \"?\".\n",
                roster_table_lost(table));
    return status;
}

enum status
command_member_list(struct call *call)
{
    struct row_member_of_list *members;
    struct list *list;
    struct out *rows;
    const char *role;
    size_t count;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = call_role(call, &role);
    if (status == STATUS_OK && has_option(call, "--csv"))
        return print_table(call, list, role);
    if (status == STATUS_OK)
        status = q_member_of_list(call->db, call->ctx, list->id, role, clock_now_us(), &members, &count);
    rows = out_rows(call->out, "members");
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
