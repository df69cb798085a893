/* common.h - what several commands ask for */
#ifndef KAIRAN_CLI_COMMON_H
#define KAIRAN_CLI_COMMON_H

#include "cli/command.h"
#include "policy/list.h"
#include "policy/subscription.h"

/* By its address, or by its name alone where one domain has it. NOT_FOUND and CONFLICT (several have it) with a sentence. */
enum status call_list(struct call *call, const char *text, struct list **list_r);
/* The post that LIST and NUMBER|HASH name. */
struct row_post_find;
enum status call_post(struct call *call, struct row_post_find **post_r);
/* A whole number from 1 to most. */
enum status call_number(struct call *call, const char *name, const char *text, int64_t most, int64_t *number_r);

/* The place that [LIST] [--domain DOMAIN] [--site] name: exactly one of them. */
struct setting_place;
enum status call_place(struct call *call, const char *list_name, struct setting_place *place_r);

/* The place that [--list LIST] [--domain DOMAIN] name; the site without them. */
struct rule_place;
enum status call_rule_place(struct call *call, struct rule_place *place_r);

/* --role, member when it was not given; INVALID with a sentence. */
enum status call_role(struct call *call, const char **role_r);

/* What policy/subscription.h needs. */
enum status call_desk(struct call *call, struct subscription_desk *desk_r);
/* kairan list set --where: "NAME=VALUE" (or NAME) of every list that meets the conditions, as one act. */
enum status call_set_where(struct call *call, struct text_array pairs);

/* Where a setting's subject is not here yet: a note, once for each, that its value is kept and does nothing. */
struct setting_row;
void call_note_later(struct call *call, const struct setting_row *row);

/* What stood in a mail, for a terminal: one line, without anything that terminals obey. */
char *call_line(TALLOC_CTX *ctx, const char *text);

/* kairan db migrate: the schema as this program knows it, and the first key of our tokens. For the schema's owner. */
enum status call_migrate(struct call *call);

/* When a setting's value was refused: names the setting in the sentence, and says as a hint what it takes. Returns `status`. */
enum status call_explain(struct call *call, enum status status);

#endif
