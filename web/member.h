/* member.h - what the pages about members share */
#ifndef KAIRAN_WEB_MEMBER_H
#define KAIRAN_WEB_MEMBER_H

#include "policy/people.h"
#include "web/request.h"

const char *role_title(const char *role);                       /* N_() text */
char *role_path(struct request *request, const char *role);
/* Page.roles: links to the pages of all roles, and what this person may do there. */
void show_roles(struct request *request, const char *current);
/* Owners and moderators are made by owners; members by whoever looks after them. */
bool role_may_change(const struct request *request, const char *role);

/* Mails to those whose outcome is ADDED or REMOVED, in the transaction that is open. */
enum status members_say_welcome(struct request *request, const struct person *people, size_t count);
enum status members_say_goodbye(struct request *request, const struct person *people, size_t count);
/* Invites those whose outcome is ADDED (on trial); they are INVITED then. */
enum status members_invite(struct request *request, struct person *people, size_t count);

const char *delivery_sentence(const char *status);              /* N_() texts */
const char *moderation_sentence(const char *action);

#endif
