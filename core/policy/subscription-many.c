/* subscription-many.c - mails and invitations to many whom an owner added, removed or wants to have */
#include "policy/subscription-many.h"
#include "policy/subscription-private.h"
#include "util/clock.h"
#include "util/str.h"

/* What all of them share: the list's settings; the rest is put in for each. */
static enum status
wish_for_many(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, struct wish *wish)
{
    *wish = (struct wish){.desk = desk, .ctx = ctx, .list = list, .facts = mem_new(ctx, struct row_subscription_facts)};
    if (settings_load(desk->db, ctx, list->id, &wish->settings) != STATUS_OK)
        return STATUS_UNAVAILABLE;
    wish->title = wish->settings->display_name;
    return STATUS_OK;
}

/* Each mail is made in a context of its own: ten thousand of them must not stay in memory. */
static enum status
mail_one(const struct wish *shared, const struct person *person, const struct row_member_epochs *row, enum person_outcome outcome)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct subscription_ask ask = {.email = person->email, .key = person->key, .name = person->name};
    struct wish wish = *shared;
    enum status status;

    wish.ctx = ctx;
    wish.ask = &ask;
    notice_languages(wish.desk->i18n, person->wishes[WISH_LANGUAGE] != NULL ? person->wishes[WISH_LANGUAGE] : row->language,
                     language_code(wish.settings->preferred_language), &wish.lang, &wish.also);
    status = outcome == PERSON_ADDED ? wish_mail_welcome(&wish, row->id, row->epoch) : wish_mail_dismissed(&wish);
    talloc_free(ctx);
    return status;
}

static enum status
mail_many(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, const struct person *people, size_t count,
          enum person_outcome outcome)
{
    const char **keys = mem_array(ctx, const char *, count + 1);
    struct row_member_epochs *rows;
    struct wish wish;
    size_t *whose = mem_array(ctx, size_t, count + 1), wanted = 0, found = 0;
    enum status status = wish_for_many(desk, ctx, list, &wish);

    for (size_t i = 0; i < count; i++)
        if (people[i].outcome == outcome) {
            whose[wanted] = i;
            keys[wanted++] = people[i].key;
        }
    if (status == STATUS_OK)
        status = q_member_epochs(desk->db, ctx, list->id, (struct text_array){keys, wanted}, &rows, &found);
    for (size_t i = 0; status == STATUS_OK && i < found; i++)
        status = mail_one(&wish, &people[whose[rows[i].place - 1]], &rows[i], outcome);
    return status;
}

enum status
subscription_welcome_many(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list,
                          const struct person *people, size_t count)
{
    return mail_many(desk, ctx, list, people, count, PERSON_ADDED);
}

enum status
subscription_dismiss_many(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list,
                          const struct person *people, size_t count)
{
    return mail_many(desk, ctx, list, people, count, PERSON_REMOVED);
}

static enum person_outcome
outcome_of_invitation(enum subscription_result result)
{
    switch (result) {
    case SUBSCRIPTION_ALREADY:
        return PERSON_MEMBER;
    case SUBSCRIPTION_BANNED:
        return PERSON_BANNED;
    default:
        return PERSON_INVITED;
    }
}

enum status
subscription_invite_many(const struct subscription_desk *desk, TALLOC_CTX *ctx, const struct list *list, const struct actor *actor,
                         struct person *people, size_t count)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct subscription_ask ask = {.email = people[i].email, .key = people[i].key, .name = people[i].name, .actor = actor,
                                       .lang = i18n_lang(desk->i18n, people[i].wishes[WISH_LANGUAGE]), .is_approved = true,
                                       .is_invitation = true};
        enum subscription_result result;

        if (people[i].outcome != PERSON_ADDED)
            continue;
        status = subscription_join(desk, ctx, list, &ask, &result);
        if (status == STATUS_OK)
            people[i].outcome = outcome_of_invitation(result);
    }
    return status;
}
