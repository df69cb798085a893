/* right.h - who may do what
 *
 * One question, asked by every route, command and mail command: may(standing, right). The standing is who somebody is on one
 * list (or in a domain, or on the site), read from rows by whoever asks; this file decides and reads nothing.
 *
 * Right        anybody who ...
 * ANYBODY      is there at all
 * SIGNED_IN    has proved an address
 * SEE          sees that the list exists: it is in the directory, or they belong to it
 * READ         reads its archive: it is public, or they belong to it; never when nothing is archived
 * KEEP         keeps marks of their own in the archive, and answers: reads it, and is signed in
 * TAG          sorts threads by tags and categories: reads the archive, and belongs to the list
 * WRITE        writes to the list on a page: sees the list, and is signed in. What becomes of it the rules say
 * ROSTER       sees who its members are: as its setting member_roster_visibility says; moderators and owners always
 * MODERATE     decides about held posts: owners, and moderators unless that was taken from them
 * REQUESTS     decides about joining and leaving: owners, and moderators unless that was taken from them
 * MEMBERS      sees members' pages and changes members: owners, and moderators to whom it was given
 * BANS         bans people and changes filters: owners, and moderators to whom it was given
 * OWN          changes settings and roles: owners
 * DOMAIN       owns the list's or the path's domain (where a path names neither: any domain). Its owners have all rights of
 *              owners on its lists, and make lists there
 * ADMIN        runs the site
 * Site administrators and the operator's command line may all of it. A removed list is seen by nobody else.
 * Roles count by every verified address of the account. */
#ifndef KAIRAN_POLICY_RIGHT_H
#define KAIRAN_POLICY_RIGHT_H

#include "util/mem.h"

enum right { RIGHT_ANYBODY, RIGHT_SIGNED_IN, RIGHT_SEE, RIGHT_READ, RIGHT_KEEP, RIGHT_TAG, RIGHT_WRITE, RIGHT_ROSTER, RIGHT_MODERATE,
             RIGHT_REQUESTS, RIGHT_MEMBERS, RIGHT_BANS, RIGHT_OWN, RIGHT_DOMAIN, RIGHT_ADMIN, RIGHT_COUNT };

/* What an owner gives to and takes from a moderator; the words of member.rights. No words stored: MODERATOR_USUAL. */
enum { MODERATOR_HELD = 1, MODERATOR_REQUESTS = 2, MODERATOR_MEMBERS = 4, MODERATOR_BANS = 8,
       MODERATOR_USUAL = MODERATOR_HELD | MODERATOR_REQUESTS };
struct moderator_right { unsigned bit; const char *word, *label; };
const struct moderator_right *moderator_rights(void);       /* ended by a NULL word */
unsigned moderator_bits(const char *const *words, size_t count);

struct standing {
    bool is_signed_in;
    bool is_admin;          /* site administrator, or the operator */
    bool owns_domains;      /* at least one */
    bool has_list;          /* the fields below speak of a list that exists */
    bool has_domain;        /* the path names a domain: is_domain_owner speaks of it */
    bool is_member, is_moderator, is_owner, is_domain_owner;
    unsigned rights;        /* of a moderator: MODERATOR_... */
    bool list_is_advertised, archive_is_public, archive_is_kept, addresses_are_for_members, addresses_are_for_nobody, roster_is_public, roster_is_for_members;
};

bool may(const struct standing *standing, enum right right);
/* The addresses of those who write, whole: moderators and owners, and members where the list says so; nobody where it says that. */
bool sees_addresses(const struct standing *standing);
/* A single message as it came: who sees addresses, and moderators and owners in any case. */
bool sees_original(const struct standing *standing);

#endif
