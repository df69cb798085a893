/* right.c - who may do what */
#include "policy/right.h"

static bool
belongs(const struct standing *standing)
{
    return standing->is_member || standing->is_moderator || standing->is_owner || standing->is_admin;
}

static bool
may_on_list(const struct standing *standing, enum right right)
{
    switch (right) {
    case RIGHT_SEE:
        return standing->list_is_advertised || belongs(standing);
    case RIGHT_READ:
        return standing->archive_is_kept &&
            (belongs(standing) || (standing->list_is_advertised && standing->archive_is_public));
    case RIGHT_MODERATE:
        return standing->is_moderator || standing->is_owner || standing->is_admin;
    case RIGHT_OWN:
        return standing->is_owner || standing->is_admin;
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
    case RIGHT_ADMIN:
        return standing->is_admin;
    default:
        return standing->has_list && may_on_list(standing, right);
    }
}
