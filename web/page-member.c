/* page-member.c - one member, as those see it who look after the members: what counts, what happened, what may be changed */
#include <string.h>

#include "policy/ban.h"
#include "policy/member.h"
#include "policy/preference.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/common.h"
#include "web/member.h"
#include "web/page.h"

/* ---- showing ---- */

static const char *
choice_label(const struct preference_row *row, const char *value)
{
    for (const struct preference_choice *choice = row->choices; choice != NULL && choice->value != NULL; choice++)
        if (str_eq(choice->value, value))
            return choice->label;
    return value;
}

/* "Inherited", with what that is at present. */
static void
show_inherited(struct request *request, struct out *field, const struct preference_row *row, const char *value,
               enum preference_level level)
{
    static const char *const from[] = {[LEVEL_ADDRESS] = N_("as their address says: %1"), [LEVEL_USER] = N_("as their account says: %1"),
                                       [LEVEL_SITE] = N_("as the site says: %1"), [LEVEL_DEFAULT] = N_("as usual: %1")};
    const char *sentence = value == NULL || level > LEVEL_DEFAULT || from[level] == NULL ? N_("as the list says") : from[level];

    out_text(field, "inherited", tr_fill(field, tr(request->lang, sentence), tr(request->lang, choice_label(row, value)), NULL, NULL));
}

static void
show_choices(struct request *request, struct out *field, const struct preference_row *row, const char *own)
{
    struct out *rows = out_rows(field, "choices");

    for (const struct preference_choice *choice = row->choices; choice->value != NULL; choice++) {
        bool is_chosen = str_eq(choice->value, own);
        struct out *out;

        if (str_eq(choice->value, "by_bounces") && !is_chosen)      /* nobody says this but the system */
            continue;
        out = out_row(rows);
        out_text(out, "value", choice->value);
        out_text(out, "label", tr(request->lang, choice->label));
        out_bool(out, "is_chosen", is_chosen);
        out_bool(out, "comes_later", choice->comes_later && !is_chosen);
    }
}

static enum status
show_preferences(struct request *request, int64_t id)
{
    struct out *fields = out_rows(request->page, "fields");
    const struct preference_row *rows = preference_rows();
    struct preferences *preferences;
    int64_t now = clock_now_us();
    enum status status = preferences_load(request->web->db, request, LEVEL_MEMBER, id, &preferences);

    for (int i = 0; status == STATUS_OK && i < PREFERENCE_COUNT; i++) {
        const char *own = preferences->own[LEVEL_MEMBER][i], *outer;
        enum preference_level level = LEVEL_DEFAULT;
        int64_t until;

        if (rows[i].choices == NULL) {          /* until when: the member's own matter, shown */
            if (own != NULL && str_to_int(own, 1, INT64_MAX / US_PER_S, &until))
                out_time(request->page, "vacation_until", until * US_PER_S);
            continue;
        }
        outer = preference_effective(preferences, (enum preference)i, LEVEL_ADDRESS, now, &level);
        struct out *field = out_row(fields);
        out_text(field, "name", rows[i].name);
        out_text(field, "label", tr(request->lang, rows[i].label));
        out_bool(field, "is_own", own != NULL);
        show_inherited(request, field, &rows[i], outer, level);
        show_choices(request, field, &rows[i], own);
    }
    return status;
}

static void
show_rights(struct request *request, const struct row_member_one *member)
{
    unsigned bits = member->has_rights ? moderator_bits(member->rights.items, member->rights.count) : MODERATOR_USUAL;
    struct out *rows = out_rows(request->page, "rights");

    for (const struct moderator_right *right = moderator_rights(); right->word != NULL; right++) {
        struct out *row = out_row(rows);

        out_text(row, "word", right->word);
        out_text(row, "label", tr(request->lang, right->label));
        out_bool(row, "is_given", (bits & right->bit) != 0);
    }
}

static enum status
show_their_roles(struct request *request, const struct row_member_one *member)
{
    static const struct { const char *role, *label; } offers[] = {
        {"member", N_("Make this address a member")}, {"moderator", N_("Make this person a moderator")},
        {"owner", N_("Make this person an owner")},
    };
    struct out *rows = out_rows(request->page, "their_roles"), *open = out_rows(request->page, "offers");
    struct row_member_roles *found;
    size_t count;
    enum status status = q_member_roles(request->web->db, request, request->list->id, member->address_id, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", found[i].id);
        out_text(row, "title", tr(request->lang, role_title(found[i].role)));
        out_text(row, "email", found[i].email);
        out_bool(row, "is_this", found[i].id == member->id);
    }
    for (size_t k = 0; status == STATUS_OK && k < COUNT_OF(offers); k++) {
        bool has = !role_may_change(request, offers[k].role);

        for (size_t i = 0; i < count; i++)
            has = has || str_eq(found[i].role, offers[k].role);
        if (!has) {
            struct out *row = out_row(open);

            out_text(row, "role", offers[k].role);
            out_text(row, "label", tr(request->lang, offers[k].label));
        }
    }
    return status;
}

static enum status
show_history(struct request *request, const char *email)
{
    struct out *rows = out_rows(request->page, "history");
    struct row_member_history *found;
    size_t count;
    enum status status = q_member_history(request->web->db, request, request->list->id, email, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_time(row, "at", found[i].at);
        out_text(row, "actor", found[i].actor);
        out_text(row, "action", tr(request->lang, audit_label(found[i].action)));
        out_text(row, "detail", found[i].detail);
    }
    return status;
}

static enum status
show_mails(struct request *request, const char *email)
{
    struct out *posts = out_rows(request->page, "posts"), *waiting = out_rows(request->page, "held");
    struct row_member_posts *found;
    struct row_member_held *held;
    size_t count = 0;
    enum status status = STATUS_OK;

    if (request_may(request, RIGHT_READ))
        status = q_member_posts(request->web->db, request, request->list->id, email, &found, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(posts);

        out_text(row, "hash", found[i].hash);
        out_text(row, "subject", found[i].subject);
        out_time(row, "at", found[i].accepted_at);
    }
    count = 0;
    if (status == STATUS_OK && request_may(request, RIGHT_MODERATE))
        status = q_member_held(request->web->db, request, request->list->id, email, &held, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(waiting);

        out_int(row, "id", held[i].id);
        out_text(row, "subject", held[i].subject);
        out_time(row, "at", held[i].held_at);
    }
    return status;
}

static void
show_moderation(struct request *request, const struct row_member_one *member)
{
    static const char *const actions[] = {"accept", "hold", "reject", "discard", "defer"};
    struct out *rows = out_rows(request->page, "actions");

    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        struct out *row = out_row(rows);

        out_text(row, "value", actions[i]);
        out_text(row, "label", tr(request->lang, moderation_sentence(actions[i])));
        out_bool(row, "is_chosen", str_eq(actions[i], member->moderation_action));
    }
}

static void
show_identity(struct request *request, const struct row_member_one *member)
{
    out_int(request->page, "id", member->id);
    out_text(request->page, "name", member->name);
    out_text(request->page, "email", member->email);
    out_text(request->page, "person", str_is_empty(member->name) ? member->email : member->name);
    out_text(request->page, "account", member->user_id != 0 ? member->user_name : NULL);
    out_bool(request->page, "has_account", member->user_id != 0);
    out_bool(request->page, "is_verified", member->verified_at != 0);
    out_time(request->page, "joined_at", member->joined_at);
    out_time(request->page, "last_bounce_at", member->last_bounce_at);
    out_bool(request->page, "is_stopped", !str_eq(member->delivery_status, "enabled"));
    out_bool(request->page, "is_bounced", str_eq(member->delivery_status, "by_bounces"));
    out_text(request->page, "delivery", tr(request->lang, delivery_sentence(member->delivery_status)));
    out_bool(request->page, "is_member", str_eq(member->role, "member"));
    out_bool(request->page, "is_moderator", str_eq(member->role, "moderator"));
    out_bool(request->page, "posts_are_theirs", str_eq(member->role, "member") || str_eq(member->role, "nonmember"));
    out_bool(request->page, "may_save", role_may_change(request, member->role));
}

static enum status
find_member(struct request *request, struct row_member_one **member_r)
{
    int64_t id = 0;

    if (!str_to_int(request_param(request, "id"), 1, INT64_MAX, &id))
        return STATUS_NOT_FOUND;
    return member_load(request->web->db, request, request->list->id, id, member_r);
}

static enum status
show_member(struct request *request, const struct row_member_one *member)
{
    enum status status = STATUS_OK;

    show_roles(request, member->role);
    show_identity(request, member);
    show_moderation(request, member);
    if (str_eq(member->role, "moderator"))
        show_rights(request, member);
    if (str_eq(member->role, "member"))
        status = show_preferences(request, member->id);
    if (status == STATUS_OK)
        status = show_their_roles(request, member);
    if (status == STATUS_OK)
        status = show_history(request, member->email);
    return status == STATUS_OK ? show_mails(request, member->email) : status;
}

enum status
page_member(struct request *request, struct fault *fault)
{
    struct row_member_one *member;
    enum status status = find_member(request, &member);

    (void)fault;
    out_bool(request->page, "is_saved", request_has(request, "saved"));
    return status == STATUS_OK ? show_member(request, member) : status;
}

/* ---- changing ---- */

static char *
member_path(struct request *request, const struct row_member_one *member, const char *rest)
{
    return mem_printf(request, "%smembers/%lld%s", request->list->path, (long long)member->id, rest);
}

static enum status
save_preferences(struct request *request, const struct actor *actor, const struct row_member_one *member, struct fault *fault)
{
    const struct preference_row *rows = preference_rows();
    struct preferences *before;
    enum status status = preferences_load(request->web->db, request, LEVEL_MEMBER, member->id, &before);

    for (int i = 0; status == STATUS_OK && i < PREFERENCE_COUNT; i++) {
        const char *field = mem_printf(request, "pref.%s", rows[i].name), *value;

        if (rows[i].choices == NULL || !request_has(request, field))
            continue;
        value = request_text(request, field);
        if (str_eq(value, before->own[LEVEL_MEMBER][i] != NULL ? before->own[LEVEL_MEMBER][i] : ""))
            continue;       /* what the form showed: a vacation is not ended by saving a name */
        status = preference_set(request->web->db, actor, HAND_OWNER, request, LEVEL_MEMBER, member->id, rows[i].name,
                                *value == '\0' ? NULL : value, fault);
    }
    return status;
}

static enum status
save_rights(struct request *request, const struct actor *actor, const struct row_member_one *member)
{
    const char *words[FORM_FIELDS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < request->input->count; i++)
        if (str_eq(request->input->rows[i].name, "right"))
            words[count++] = request->input->rows[i].value;
    return member_set_rights(request->web->db, actor, request, request->list->id, member, moderator_bits(words, count));
}

static enum status
save_all(struct request *request, const struct row_member_one *member, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct db *db = request->web->db;
    enum status status = STATUS_OK;

    if (request_has(request, "name"))
        status = member_set_name(db, &actor, request, request->list->id, member, request_text(request, "name"));
    if (status == STATUS_OK && request_has(request, "moderation_action"))
        status = member_set_moderation(db, &actor, request, request->list->id, member, request_text(request, "moderation_action"), fault);
    if (status == STATUS_OK && str_eq(member->role, "moderator") && request_has(request, "has_rights"))
        status = save_rights(request, &actor, member);
    return status == STATUS_OK ? save_preferences(request, &actor, member, fault) : status;
}

enum status
page_member_save(struct request *request, struct fault *fault)
{
    struct row_member_one *member;
    struct change change;
    enum status status = find_member(request, &member);

    if (status != STATUS_OK)
        return status;
    if (!role_may_change(request, member->role))
        return STATUS_NOT_ALLOWED;
    status = change_begin(&change, request->web->db);
    if (status == STATUS_OK)
        status = change_end(&change, save_all(request, member, fault));
    if (status == STATUS_INVALID || status == STATUS_NOT_ALLOWED) {
        form_refuse(request, fault);
        return show_member(request, member);
    }
    if (status == STATUS_OK)
        response_send_to(request->response, member_path(request, member, "?saved=1"));
    return status;
}

/* Another role for the same address. */
enum status
page_member_role(struct request *request, struct fault *fault)
{
    const char *role = request_text(request, "role");
    struct actor actor = request_actor(request);
    struct row_member_one *member;
    struct person person;
    enum status status = find_member(request, &member);

    if (status != STATUS_OK)
        return status;
    if (!member_role_is_known(role))
        return fault_set(fault, STATUS_INVALID, "role", N_("This is not one of the values to choose from."));
    if (!role_may_change(request, role))
        return STATUS_NOT_ALLOWED;
    person = (struct person){.name = member->name, .email = member->email, .key = member->key};
    status = member_add(request->web->db, &actor, request, request->list->id, role, &person, 1);
    if (status == STATUS_OK && person.outcome == PERSON_BANNED)
        return fault_set(fault, STATUS_INVALID, "role", N_("This address is banned from the list. Take the ban back first."));
    if (status == STATUS_OK)
        response_send_to(request->response, member_path(request, member, "?saved=1"));
    return status;
}

/* ---- removing ---- */

static enum status
show_removal(struct request *request, const struct row_member_one *member)
{
    struct actor actor = request_actor(request);
    struct person person = {.name = member->name, .email = member->email, .key = member->key};
    struct member_order order = {.role = member->role, .is_trial = true};
    enum status status = member_dismiss(request->web->db, &actor, request, request->list->id, &order, &person, 1);

    if (status != STATUS_OK)
        return status;
    show_roles(request, member->role);
    show_identity(request, member);
    out_bool(request->page, "is_last_owner", person.outcome == PERSON_LAST_OWNER);
    out_bool(request->page, "is_admin", request->standing.is_admin);
    out_bool(request->page, "may_ban", request_may(request, RIGHT_BANS));
    return STATUS_OK;
}

enum status
page_member_remove(struct request *request, struct fault *fault)
{
    struct row_member_one *member;
    enum status status = find_member(request, &member);

    (void)fault;
    if (status == STATUS_OK && !role_may_change(request, member->role))
        return STATUS_NOT_ALLOWED;
    return status == STATUS_OK ? show_removal(request, member) : status;
}

static enum status
remove_and_ban(struct request *request, const struct row_member_one *member, struct person *person, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct member_order order = {.role = member->role, .even_last_owner = request_has(request, "last_owner")};
    enum status status = member_dismiss(request->web->db, &actor, request, request->list->id, &order, person, 1);

    if (status == STATUS_OK && person->outcome == PERSON_REMOVED && request_has(request, "goodbye"))
        status = members_say_goodbye(request, person, 1);
    if (status != STATUS_OK || person->outcome != PERSON_REMOVED || !request_has(request, "ban") || !request_may(request, RIGHT_BANS))
        return status;
    status = ban_add(request->web->db, &actor, request, (struct rule_place){.list_id = request->list->id}, member->key, request_text(request, "reason"), fault);
    return status == STATUS_CONFLICT ? STATUS_OK : status;
}

enum status
page_member_remove_act(struct request *request, struct fault *fault)
{
    struct row_member_one *member;
    struct person person;
    struct change change;
    enum status status = find_member(request, &member);

    if (status != STATUS_OK)
        return status;
    if (!role_may_change(request, member->role))
        return STATUS_NOT_ALLOWED;
    if (!request_has(request, "sure"))
        return show_removal(request, member);
    person = (struct person){.name = member->name, .email = member->email, .key = member->key};
    status = change_begin(&change, request->web->db);
    if (status == STATUS_OK)
        status = change_end(&change, remove_and_ban(request, member, &person, fault));
    if (status == STATUS_OK && person.outcome == PERSON_LAST_OWNER) {
        request->response->http = 422;
        return show_removal(request, member);
    }
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%s?done=removed&count=1", role_path(request, member->role)));
    return status;
}
