/* right.c - who may do what */
#include "policy/right.h"
#include "util/i18n.h"
#include "util/str.h"

static const struct moderator_right rows[] = {
    {MODERATOR_HELD, "held", N_("Decide about held posts")},
    {MODERATOR_REQUESTS, "requests", N_("Decide about joining and leaving")},
    {MODERATOR_MEMBERS, "members", N_("See and change the members")},
    {MODERATOR_BANS, "bans", N_("Ban people, and change the filters")},
    {0, NULL, NULL},
};

const struct moderator_right *
moderator_rights(void)
{
    return rows;
}

unsigned
moderator_bits(const char *const *words, size_t count)
{
    unsigned bits = 0;

    for (size_t i = 0; i < count; i++)
        for (const struct moderator_right *row = rows; row->word != NULL; row++)
            if (str_eq(row->word, words[i]))
                bits |= row->bit;
    return bits;
}

/* Everything on the list, short of running the site. */
static bool
commands(const struct standing *standing)
{
    return standing->is_owner || standing->is_domain_owner || standing->is_admin;
}

static bool
belongs(const struct standing *standing)
{
    return standing->is_member || standing->is_moderator || commands(standing);
}

static bool
was_given(const struct standing *standing, unsigned bit)
{
    return commands(standing) || (standing->is_moderator && (standing->rights & bit) != 0);
}

static bool
may_see(const struct standing *standing)
{
    return standing->list_is_advertised || belongs(standing);
}

static bool
may_read(const struct standing *standing)
{
    return standing->archive_is_kept &&
        (belongs(standing) || (standing->list_is_advertised && standing->archive_is_public));
}

static bool
may_see_members(const struct standing *standing)
{
    return commands(standing) || standing->is_moderator || (standing->roster_is_for_members && standing->is_member)
           || (standing->roster_is_public && may_see(standing));
}

static bool
may_on_list(const struct standing *standing, enum right right)
{
    switch (right) {
    case RIGHT_SEE:
        return may_see(standing);
    case RIGHT_READ:
        return may_read(standing);
    case RIGHT_KEEP:
        return standing->is_signed_in && may_read(standing);
    case RIGHT_TAG:
        return standing->is_signed_in && may_read(standing) && belongs(standing);
    case RIGHT_WRITE:
        return standing->is_signed_in && may_see(standing);
    case RIGHT_ROSTER:
        return may_see_members(standing);
    case RIGHT_MODERATE:
        return was_given(standing, MODERATOR_HELD);
    case RIGHT_REQUESTS:
        return was_given(standing, MODERATOR_REQUESTS);
    case RIGHT_MEMBERS:
        return was_given(standing, MODERATOR_MEMBERS);
    case RIGHT_BANS:
        return was_given(standing, MODERATOR_BANS);
    case RIGHT_OWN:
        return commands(standing);
    default:
        return false;
    }
}

bool
may(const struct standing *standing, enum right right)
{
    switch (right) {
    case RIGHT_ANYBODY:
        return true;
    case RIGHT_SIGNED_IN:
        return standing->is_signed_in;
    case RIGHT_DOMAIN:
        return standing->is_admin || (standing->has_list || standing->has_domain ? standing->is_domain_owner
                                                                                 : standing->owns_domains);
    case RIGHT_ADMIN:
        return standing->is_admin;
    default:
        return standing->has_list && may_on_list(standing, right);
    }
}

bool
sees_addresses(const struct standing *standing)
{
    return !standing->addresses_are_for_nobody &&
        ((standing->is_member && standing->addresses_are_for_members) || may(standing, RIGHT_MODERATE));
}

bool
sees_original(const struct standing *standing)
{
    return sees_addresses(standing) || may(standing, RIGHT_MODERATE);
}
