/* page-members-chosen.c - one act for the members that were ticked on a page of them */
#include "policy/member.h"
#include "policy/preference.h"
#include "store/statements.h"
#include "web/common.h"
#include "web/member.h"
#include "web/page.h"

struct chosen {
    struct row_member_one **rows;
    size_t count;
};

/* Those who are gone meanwhile are left out. */
static enum status
load_chosen(struct request *request, struct chosen *chosen)
{
    struct int_array ids = request_ids(request, request, "id");
    enum status status = STATUS_OK;

    *chosen = (struct chosen){.rows = mem_array(request, struct row_member_one *, ids.count + 1)};
    for (size_t i = 0; status == STATUS_OK && i < ids.count; i++) {
        status = member_load(request->web->db, request, request->list->id, ids.items[i], &chosen->rows[chosen->count]);
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
        else if (status == STATUS_OK && !str_eq(chosen->rows[chosen->count]->role, "member"))
            status = STATUS_NOT_FOUND;      /* the page has members alone */
        else
            chosen->count++;
    }
    return status;
}

/* ---- what may be done ---- */

typedef enum status (*act_one)(struct request *request, const struct actor *actor, const struct row_member_one *member,
                               struct fault *fault);

static enum status
act_hold(struct request *request, const struct actor *actor, const struct row_member_one *member, struct fault *fault)
{
    return member_set_moderation(request->web->db, actor, request, request->list->id, member, "hold", fault);
}

static enum status
act_usual(struct request *request, const struct actor *actor, const struct row_member_one *member, struct fault *fault)
{
    return member_set_moderation(request->web->db, actor, request, request->list->id, member, NULL, fault);
}

static enum status
act_stop(struct request *request, const struct actor *actor, const struct row_member_one *member, struct fault *fault)
{
    return preference_set(request->web->db, actor, HAND_OWNER, request, LEVEL_MEMBER, member->id, "delivery_status", "by_moderator", fault);
}

static enum status
act_send(struct request *request, const struct actor *actor, const struct row_member_one *member, struct fault *fault)
{
    return preference_set(request->web->db, actor, HAND_OWNER, request, LEVEL_MEMBER, member->id, "delivery_status", NULL, fault);
}

static const struct { const char *word; act_one act; } acts[] = {
    {"usual", act_usual}, {"hold", act_hold}, {"send", act_send}, {"stop", act_stop},
};

static enum status
act_for_all(struct request *request, const struct chosen *chosen, act_one act, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct change change;
    enum status status = change_begin(&change, request->web->db);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; status == STATUS_OK && i < chosen->count; i++)
        status = act(request, &actor, chosen->rows[i], fault);
    return change_end(&change, status);
}

/* ---- removing ---- */

static void
ask_first(struct request *request, const struct chosen *chosen)
{
    struct out *rows = out_rows(request->page, "people");

    show_roles(request, "member");
    out_int(request->page, "count", (int64_t)chosen->count);
    for (size_t i = 0; i < chosen->count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", chosen->rows[i]->id);
        out_text(row, "email", chosen->rows[i]->email);
        out_text(row, "name", chosen->rows[i]->name);
    }
}

static enum status
remove_all(struct request *request, const struct chosen *chosen)
{
    struct person *people = mem_array(request, struct person, chosen->count + 1);
    struct actor actor = request_actor(request);
    struct change change;
    enum status status = change_begin(&change, request->web->db);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < chosen->count; i++)
        people[i] = (struct person){.name = chosen->rows[i]->name, .email = chosen->rows[i]->email, .key = chosen->rows[i]->key};
    status = member_remove(request->web->db, &actor, request, request->list->id, "member", people, chosen->count);
    if (status == STATUS_OK && request_has(request, "goodbye"))
        status = members_say_goodbye(request, people, chosen->count);
    return change_end(&change, status);
}

enum status
page_members_chosen(struct request *request, struct fault *fault)
{
    const char *word = request_text(request, "act");
    struct chosen chosen;
    act_one act = NULL;
    enum status status = load_chosen(request, &chosen);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (str_eq(acts[i].word, word))
            act = acts[i].act;
    if (chosen.count == 0 || (act == NULL && !str_eq(word, "remove")))
        return fault_set(fault, STATUS_INVALID, "id", N_("Nobody was chosen. Please go back and tick people first."));
    if (act == NULL && !request_has(request, "sure")) {
        ask_first(request, &chosen);
        return STATUS_OK;
    }
    status = act != NULL ? act_for_all(request, &chosen, act, fault) : remove_all(request, &chosen);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%smembers?done=%s&count=%zu", request->list->path,
                                                       act != NULL ? "changed" : "removed", chosen.count));
    return status;
}
