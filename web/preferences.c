/* preferences.c - the form for what one level says about the mail of lists */
#include <string.h>

#include "util/clock.h"
#include "util/when.h"
#include "web/common.h"
#include "web/preferences.h"

const char *
preference_status_label(const char *status)
{
    const struct preference_choice *choice = preference_rows()[PREFERENCE_delivery_status].choices;

    while (choice->value != NULL && !str_eq(choice->value, status))
        choice++;
    return choice->label;
}

/* What people read for a stored value. */
static const char *
value_label(struct request *request, const struct preference_row *row, const char *value)
{
    if (row->kind == PREFERENCE_TONGUE) {
        const struct lang *lang = i18n_lang(request->web->i18n, value);

        return lang != NULL ? lang_name(lang) : value;
    }
    for (const struct preference_choice *choice = row->choices; choice->value != NULL; choice++)
        if (str_eq(choice->value, value))
            return tr(request->lang, choice->label);
    return value;
}

/* "Like the account: yes" */
static const char *
inherited_label(struct request *request, const struct preferences *preferences, enum preference preference,
                enum preference_level level)
{
    static const char *const patterns[] = {
        [LEVEL_MEMBER] = "%1", [LEVEL_ADDRESS] = N_("As for the address: %1"), [LEVEL_USER] = N_("As for the account: %1"),
        [LEVEL_SITE] = N_("As usual here: %1"), [LEVEL_DEFAULT] = N_("As usual: %1")};
    const struct preference_row *row = &preference_rows()[preference];
    enum preference_level said_by;
    const char *value = preference_effective(preferences, preference, (enum preference_level)(level + 1), clock_now_us(), &said_by);

    if (value == NULL)
        return tr(request->lang, N_("As the list has it"));
    return tr_fill(request, tr(request->lang, patterns[said_by]), value_label(request, row, value), NULL, NULL);
}

static void
add_choice(struct out *choices, const char *value, const char *label, const char *chosen)
{
    struct out *row = out_row(choices);

    out_text(row, "value", value);
    out_text(row, "label", label);
    out_bool(row, "is_chosen", str_eq(value, chosen));
}

/* "2026-12-24", for a field of a form. */
static const char *
day_of(struct request *request, const char *seconds)
{
    int year, month, day;
    int64_t until;

    if (!str_to_int(seconds, 1, INT64_MAX / US_PER_S, &until))
        return "";
    when_parts(until * US_PER_S, &year, &month, &day);
    return mem_printf(request, "%04d-%02d-%02d", year, month, day);
}

/* Come, stopped, stopped until; and what others did, while it lasts. */
static void
show_status(struct request *request, struct out *row, const struct preferences *preferences, enum preference_level level,
            enum preference_hand hand, const char *typed)
{
    const char *own = preferences->own[level][PREFERENCE_delivery_status];
    const char *until = preferences->own[level][PREFERENCE_vacation_until], *chosen = typed;
    const char *typed_day = typed != NULL && request_has(request, "set.vacation_until") ? request_text(request, "set.vacation_until") : NULL;
    struct out *choices = out_rows(row, "choices");
    int64_t ends;

    if (str_to_int(until, 1, INT64_MAX / US_PER_S, &ends) && ends * US_PER_S <= clock_now_us())
        own = until = NULL;
    if (chosen == NULL)
        chosen = own == NULL ? "inherit" : str_eq(own, "by_user") && until != NULL ? "until" : own;
    add_choice(choices, "inherit", inherited_label(request, preferences, PREFERENCE_delivery_status, level), chosen);
    add_choice(choices, "enabled", tr(request->lang, N_("They come")), chosen);
    add_choice(choices, "until", tr(request->lang, N_("They rest until the day below, and then come again by themselves")), chosen);
    add_choice(choices, "by_user", tr(request->lang, N_("They do not come")), chosen);
    if (hand == HAND_OWNER && level == LEVEL_MEMBER)
        add_choice(choices, "by_moderator", tr(request->lang, N_("They do not come, and only an owner can change that")), chosen);
    if (str_eq(own, "by_bounces"))
        add_choice(choices, "by_bounces", tr(request->lang, N_("Stopped because mail came back")), chosen);
    out_text(row, "until", typed_day != NULL ? typed_day : day_of(request, until));
    out_bool(row, "is_status", true);
    out_bool(row, "is_locked", hand == HAND_SELF && str_eq(own, "by_moderator"));
}

static void
show_others(struct request *request, struct out *row, const struct preferences *preferences, enum preference preference,
            enum preference_level level, const char *typed)
{
    const struct preference_row *rule = &preference_rows()[preference];
    const char *own = preferences->own[level][preference], *chosen = typed != NULL ? typed : own == NULL ? "inherit" : own;
    struct out *choices = out_rows(row, "choices");

    add_choice(choices, "inherit", inherited_label(request, preferences, preference, level), chosen);
    for (const struct preference_choice *choice = rule->choices; choice->value != NULL; choice++) {
        add_choice(choices, choice->value, value_label(request, rule, choice->value), chosen);
        if (choice->comes_later)
            out_bool(choices->last, "comes_later", true);
    }
}

enum status
preferences_show(struct request *request, enum preference_level level, int64_t id, enum preference_hand hand)
{
    struct out *rows = out_rows(request->page, "preferences");
    struct preferences *preferences;
    enum status status = preferences_load(request->web->db, request, level, id, &preferences);

    for (int i = 0; status == STATUS_OK && i < PREFERENCE_COUNT; i++) {
        const struct preference_row *rule = &preference_rows()[i];
        const char *field = mem_printf(request, "set.%s", rule->name), *typed;
        struct out *row;

        if (i == PREFERENCE_vacation_until || (level == LEVEL_SITE && !rule->for_site))
            continue;
        typed = request->route->method == ROUTE_POST && request_has(request, field) ? request_text(request, field) : NULL;
        row = out_row(rows);
        out_text(row, "name", rule->name);
        out_text(row, "label", tr(request->lang, rule->label));
        out_text(row, "help", tr(request->lang, rule->help));
        if (i == PREFERENCE_delivery_status)
            show_status(request, row, preferences, level, hand, typed);
        else
            show_others(request, row, preferences, (enum preference)i, level, typed);
    }
    return status;
}

enum status
preferences_save(struct request *request, enum preference_level level, int64_t id, enum preference_hand hand, struct fault *fault)
{
    struct actor actor = request_actor(request);
    enum status status = STATUS_OK;

    for (int i = 0; status == STATUS_OK && i < PREFERENCE_COUNT; i++) {
        const char *name = preference_rows()[i].name, *field = mem_printf(request, "set.%s", name), *value;

        if (i == PREFERENCE_vacation_until || !request_has(request, field))
            continue;
        value = request_text(request, field);
        if (str_eq(value, "by_bounces"))
            continue;       /* it stands there only while nothing else is chosen */
        if (i == PREFERENCE_delivery_status && str_eq(value, "until")) {
            name = "vacation_until";
            value = request_has(request, "set.vacation_until") ? request_text(request, "set.vacation_until") : "";
        }
        status = preference_set(request->web->db, &actor, hand, request, level, id, name, str_eq(value, "inherit") ? NULL : value, fault);
        if (status == STATUS_INVALID && fault->field != NULL)
            fault->field = preference_rows()[i].name;
    }
    return status;
}

static const char *
change_value(struct request *request, const struct preference_row *row, const char *value)
{
    int64_t seconds;

    if (str_eq(value, "(inherited)"))
        return tr(request->lang, N_("inherited"));
    if (row->choices == NULL)
        return str_to_int(value, 1, INT64_MAX / US_PER_S, &seconds) ? day_of(request, value) : value;
    return value_label(request, row, value);
}

/* "delivery_mode (member): (inherited) -> regular" */
const char *
preference_change_words(const struct request *asked, const char *detail)
{
    struct request *request = (struct request *)asked;
    const char *open = strstr(detail, " ("), *colon = strstr(detail, "): "), *arrow = strstr(detail, " -> ");
    const struct preference_row *row = open != NULL ? preference_row(mem_strndup(request, detail, (size_t)(open - detail))) : NULL;

    if (row == NULL || colon == NULL || arrow == NULL || arrow < colon + 3)
        return detail;
    return mem_printf(request, "%s: %s → %s", tr(request->lang, row->label),
                      change_value(request, row, mem_strndup(request, colon + 3, (size_t)(arrow - colon - 3))),
                      change_value(request, row, arrow + 4));
}
