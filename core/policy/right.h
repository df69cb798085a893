/* right.h - who may do what
 *
 * One question, asked by every route, command and mail command: may(standing, right). The standing is who somebody is on one
 * list (or on the site, when there is no list), read from rows by whoever asks; this file decides and reads nothing.
 *
 * Right        anybody who ...
 * ANYBODY      is there at all
 * SIGNED_IN    has proved an address
 * SEE          sees that the list exists: it is in the directory, or they belong to it
 * READ         reads its archive: it is public, or they belong to it; never when nothing is archived
 * MODERATE     decides about held posts: moderators, owners
 * OWN          changes settings and members: owners
 * ADMIN        runs the site
 * Site administrators and the operator's command line may all of it. A removed list is seen by nobody else. */
#ifndef KAIRAN_POLICY_RIGHT_H
#define KAIRAN_POLICY_RIGHT_H

#include "util/mem.h"

enum right { RIGHT_ANYBODY, RIGHT_SIGNED_IN, RIGHT_SEE, RIGHT_READ, RIGHT_MODERATE, RIGHT_OWN, RIGHT_ADMIN, RIGHT_COUNT };

struct standing {
    bool is_signed_in;
    bool is_admin;          /* site administrator, or the operator */
    bool has_list;          /* the fields below speak of a list that exists */
    bool is_member, is_moderator, is_owner;
    bool list_is_advertised, archive_is_public, archive_is_kept;
};

bool may(const struct standing *standing, enum right right);

#endif
