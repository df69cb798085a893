/* address-move.h - all memberships of one of a person's addresses to another of theirs, as the person wants it
 *
 * The person proved both, so nobody else is asked; the address that is left behind is told. A list that has banned the other address goes
 * on writing to the first. */
#ifndef KAIRAN_WEB_ADDRESS_MOVE_H
#define KAIRAN_WEB_ADDRESS_MOVE_H

#include "web/request.h"

/* For the account that is signed in, in the caller's transaction. Shows list by list what was done (template address-moved). Nothing is
 * moved from an address that is not theirs. */
enum status addresses_move(struct request *request, int64_t from, const char *to);

#endif
