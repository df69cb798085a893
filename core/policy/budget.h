/* budget.h - how many mails strangers may cause
 *
 * Whoever types an address into a form, or writes a command in somebody's name, makes us write to that address. These limits hold
 * over all processes and all ways in: one mail a day for an address on a list about each matter (joining, leaving, another address), three
 * a day for an address over all lists, so many an hour for a network (/24 of IPv4, /48 of IPv6) and for the whole site, of forms and of
 * mails each. They slide: in no 24 hours is it more.
 *
 * Keys are hashed: the table names nobody. What is refused costs nothing of what is left.
 * Sources: reliability-security D.6; Mailman's SUBSCRIBE_FORM_SECRET and its history (NEWS 2.1.16 - 2.1.34). */
#ifndef KAIRAN_POLICY_BUDGET_H
#define KAIRAN_POLICY_BUDGET_H

#include "store/db.h"

struct budget_limits {
    int net_hour, site_hour;                /* mails an hour; from kairan.conf */
    bool by_mail;                           /* asked by mail: counted apart from forms, which point there when they have no more */
    int net_work, site_work;                /* from so many on a form asks for work first */
};
enum { BUDGET_ADDRESS_LIST_DAY = 1, BUDGET_ADDRESS_DAY = 3 };

enum budget_answer { BUDGET_TAKEN, BUDGET_ADDRESS_FULL, BUDGET_SITE_FULL };

/* Takes one mail to `key` (address_key) about `what` ("join", "leave", "change") on the list from every budget, in the caller's transaction, which must be rolled back or
 * ended without the mail unless the answer is TAKEN. net: budget_net(), or NULL for somebody whom networks do not count (an owner). */
enum status budget_take_mail(struct db *db, TALLOC_CTX *ctx, const struct budget_limits *limits, int64_t list_id, const char *what,
                             const char *key, const char *net, enum budget_answer *answer_r);
/* So many mails were caused that a form should cost its sender some work. */
enum status budget_wants_work(struct db *db, TALLOC_CTX *ctx, const struct budget_limits *limits, const char *net, bool *wants_r);

/* One more of `what` for `who`, at most `most` in the last period_s seconds; false: no more. */
enum status budget_take(struct db *db, const char *what, const char *who, int most, int64_t period_s, bool *taken_r);
/* The network of an IP address as text; "-" where there is none. */
char *budget_net(TALLOC_CTX *ctx, const char *ip);

#endif
