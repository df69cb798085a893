/* preference.c - what a person decides about the mail that lists send */
#include <string.h>

#include "policy/preference.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/i18n.h"
#include "util/str.h"
#include "util/when.h"

/* --- the table --- */

static const struct preference_choice yes_no[] = {{"yes", N_("yes"), false}, {"no", N_("no"), false}, {NULL, NULL, false}};
static const struct preference_choice modes[] = {
    {"regular", N_("Each post as a mail"), false},
    {"plaintext_digests", N_("Gathered, as plain text"), true},
    {"mime_digests", N_("Gathered, each post whole"), true},
    {NULL, NULL, false},
};
static const struct preference_choice statuses[] = {
    {"enabled", N_("They come"), false},
    {"by_user", N_("Stopped by the member"), false},
    {"by_bounces", N_("Stopped because mail came back"), false},
    {"by_moderator", N_("Stopped by an owner"), false},
    {NULL, NULL, false},
};
#define LANGUAGE(code, name, forms, form) {#code, name, false},
static const struct preference_choice tongues[] = {
#include "util/languages.def"
    {NULL, NULL, false},
};
#undef LANGUAGE

#define CHOICES_BOOL yes_no
#define CHOICES_MODE modes
#define CHOICES_STATUS statuses
#define CHOICES_UNTIL NULL
#define CHOICES_TONGUE tongues
#define ALL true
#define OWN false
#define PREFERENCE(name, kind, fallback, levels, label, help) \
    {#name, PREFERENCE_##kind, fallback, levels, label, help, CHOICES_##kind},
static const struct preference_row rows[] = {
#include "policy/preferences.def"
};
#undef PREFERENCE

const struct preference_row *
preference_rows(void)
{
    return rows;
}

const struct preference_row *
preference_row(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq(rows[i].name, name))
            return &rows[i];
    return NULL;
}

const char *
preference_level_word(enum preference_level level)
{
    static const char *const words[] = {"member", "address", "user", "site", "default"};

    return words[level];
}

/* --- reading --- */

struct found { struct preferences *preferences; const char *object; int64_t list_id; };

static enum status
load(struct db *db, TALLOC_CTX *ctx, enum preference_level level, int64_t id, struct found *found)
{
    struct preferences *read = mem_new(ctx, struct preferences);
    struct row_preferences_get *got;
    bool is_there = false;
    size_t count;
    enum status status = q_preferences_get(db, ctx, level == LEVEL_MEMBER ? id : 0, level == LEVEL_ADDRESS ? id : 0,
                                           level == LEVEL_USER ? id : 0, &got, &count);

    read->lowest = level;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        const char *values[PREFERENCE_COUNT] = {
#define PREFERENCE(name, kind, fallback, levels, label, help) [PREFERENCE_##name] = got[i].name,
#include "policy/preferences.def"
#undef PREFERENCE
        };

        read->ids[got[i].level] = got[i].id;
        memcpy(read->own[got[i].level], values, sizeof(values));
        if (got[i].level == (int)level) {
            is_there = true;
            found->object = got[i].object;
            found->list_id = got[i].list;
        }
    }
    found->preferences = read;
    return status == STATUS_OK && !is_there ? STATUS_NOT_FOUND : status;
}

enum status
preferences_load(struct db *db, TALLOC_CTX *ctx, enum preference_level level, int64_t id, struct preferences **preferences_r)
{
    struct found found = {0};
    enum status status = load(db, ctx, level, id, &found);

    *preferences_r = found.preferences;
    return status;
}

static bool
is_over(const struct preferences *preferences, int level, int64_t now)
{
    int64_t until;

    return str_to_int(preferences->own[level][PREFERENCE_vacation_until], 0, INT64_MAX / US_PER_S, &until)
           && until * US_PER_S <= now;
}

const char *
preference_effective(const struct preferences *preferences, enum preference preference, enum preference_level from, int64_t now,
                     enum preference_level *level_r)
{
    bool ends = preference == PREFERENCE_delivery_status || preference == PREFERENCE_vacation_until;

    for (int level = from; level < LEVEL_COUNT; level++) {
        /* The end of a vacation belongs to the level that stopped delivery. */
        const char *said = preferences->own[level][ends ? PREFERENCE_delivery_status : preference];

        if (said == NULL || (ends && is_over(preferences, level, now)))
            continue;
        if (level_r != NULL)
            *level_r = (enum preference_level)level;
        return preferences->own[level][preference];
    }
    if (level_r != NULL)
        *level_r = LEVEL_DEFAULT;
    return rows[preference].fallback;
}

/* --- changing --- */

static enum status
check_until(TALLOC_CTX *ctx, const struct preference_row *row, const char *value, const char **stored_r, struct fault *fault)
{
    int64_t until;

    if (str_to_int(value, 1, INT64_MAX / US_PER_S, &until))
        until *= US_PER_S;
    else if (!when_read_day(value, &until))
        return fault_set(fault, STATUS_INVALID, row->name, N_("This is not a day. It should be like 2026-12-24."));
    if (until <= clock_now_us())
        return fault_set(fault, STATUS_INVALID, row->name, N_("This day is over already. Please choose a later one."));
    *stored_r = mem_printf(ctx, "%lld", (long long)(until / US_PER_S));
    return STATUS_OK;
}

/* The value in its stored form. */
static enum status
check(TALLOC_CTX *ctx, const struct preference_row *row, bool may_later, enum preference_level level, const char *value,
      const char **stored_r, struct fault *fault)
{
    const char *word = str_lower(ctx, str_trim(ctx, value));

    if (row->kind == PREFERENCE_UNTIL)
        return check_until(ctx, row, word, stored_r, fault);
    for (const struct preference_choice *choice = row->choices; choice->value != NULL; choice++) {
        if (!str_eq(choice->value, word))
            continue;
        if (choice->comes_later && !may_later)
            return fault_set(fault, STATUS_INVALID, row->name, N_("Digests come with a later version."));
        /* A stop by others is about one membership. */
        if (row->kind == PREFERENCE_STATUS && level != LEVEL_MEMBER && str_starts(word, "by_") && !str_eq(word, "by_user"))
            break;
        *stored_r = word;
        return STATUS_OK;
    }
    return fault_set(fault, STATUS_INVALID, row->name, N_("This is not one of the values to choose from."));
}

/* Only owners end what an owner stopped, and nobody says what only others may say. */
static enum status
check_hand(const struct preference_row *row, enum preference_hand hand, const char *before, const char *value,
           struct fault *fault)
{
    if (row->kind != PREFERENCE_STATUS && row->kind != PREFERENCE_UNTIL)
        return STATUS_OK;
    if (hand == HAND_SELF && str_eq(before, "by_moderator"))
        return fault_set(fault, STATUS_NOT_ALLOWED, row->name, N_("An owner of the list stopped it. Please ask the owners."));
    if ((hand == HAND_SELF && str_eq(value, "by_moderator")) || (hand != HAND_SYSTEM && str_eq(value, "by_bounces")))
        return fault_set(fault, STATUS_NOT_ALLOWED, row->name, N_("This is not one of the values to choose from."));
    return STATUS_OK;
}

static enum status
put(struct db *db, enum preference_level level, int64_t id, const char *name, const char *value)
{
    switch (level) {
    case LEVEL_MEMBER:
        return q_preference_put_member(db, id, name, value, NULL);
    case LEVEL_ADDRESS:
        return q_preference_put_address(db, id, name, value, NULL);
    case LEVEL_USER:
        return q_preference_put_user(db, id, name, value, NULL);
    default:
        return q_preference_put_site(db, name, value, NULL);
    }
}

static enum status
change_value(struct db *db, const struct actor *actor, enum preference_hand hand, TALLOC_CTX *ctx, enum preference_level level,
             int64_t id, const struct preference_row *row, const char *value, struct fault *fault)
{
    struct found found = {0};
    enum status status = load(db, ctx, level, id, &found);
    const char *const *own = status == STATUS_OK ? found.preferences->own[level] : NULL;
    const char *before;

    if (status != STATUS_OK)
        return status;
    before = own[row - rows];
    status = check_hand(row, hand, own[PREFERENCE_delivery_status], value, fault);
    /* Delivery stopped for good is not the same as stopped until a day. */
    if (status != STATUS_OK || (str_eq(before, value)
                                && (row->kind != PREFERENCE_STATUS || own[PREFERENCE_vacation_until] == NULL)))
        return status;
    status = put(db, level, id, row->name, value);
    if (status != STATUS_OK)
        return status;
    return audit_add(db, actor, "preference_change", found.list_id, found.object,
                     mem_printf(ctx, "%s (%s): %s -> %s", row->name, preference_level_word(level),
                                before == NULL ? "(inherited)" : before, value == NULL ? "(inherited)" : value));
}

enum status
preference_set(struct db *db, const struct actor *actor, enum preference_hand hand, TALLOC_CTX *ctx, enum preference_level level,
               int64_t id, const char *name, const char *value, struct fault *fault)
{
    const struct preference_row *row = preference_row(name);
    const char *stored = NULL;
    struct change change;
    bool may_later = actor->is_operator && hand != HAND_SELF;
    enum status status;

    if (row == NULL || level > LEVEL_SITE || (level == LEVEL_SITE && !row->for_site))
        return fault_setf(fault, ctx, STATUS_INVALID, name, "There is no preference \"%s\" here.", name);
    if (value != NULL && (status = check(ctx, row, may_later, level, value, &stored, fault)) != STATUS_OK)
        return status;
    status = change_begin(&change, db);
    if (status == STATUS_OK)
        status = change_end(&change, change_value(db, actor, hand, ctx, level, id, row, stored, fault));
    return status;
}
