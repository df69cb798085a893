/* topic.h - what posts of a list can be about, and which of them a member wants
 *
 * A topic is a regular expression that is looked for in the subject, in Keywords fields, and in lines "Subject:" and "Keywords:" at
 * the beginning of the text. Members without a choice get all posts; those with one get the posts about their topics and, unless
 * they said otherwise, those that are about none. Delivery obeys while topics_enabled is on.
 *
 * Bounds: 50 topics of a list, names of 60 characters; regex.h for the expressions.
 * Sources: mailman3-features 10.2 nr 24; Mailman 2.1's topics. */
#ifndef KAIRAN_POLICY_TOPIC_H
#define KAIRAN_POLICY_TOPIC_H

#include "mime/part.h"
#include "policy/setting.h"

enum { TOPICS_MAX = 50, TOPIC_NAME_MAX = 60 };

struct topic { int64_t id, members; const char *name, *pattern, *description; };

enum status topic_list(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct topic **topics_r, size_t *count_r);
/* id 0: a new one. INVALID with the field "name", "pattern" or "description"; CONFLICT: the name is taken; NOT_FOUND. */
enum status topic_save(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, struct topic *topic,
                       struct fault *fault);
enum status topic_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id);

/* Ids of what a member has chosen, and whether posts about none come as well. */
enum status topic_chosen(struct db *db, TALLOC_CTX *ctx, int64_t member_id, struct int_array *chosen_r, bool *others_r);
/* NOT_FOUND: no such member of the list. Ids of other lists' topics are passed over. `who` is for the log. */
enum status topic_choose(struct db *db, const struct actor *actor, int64_t list_id, int64_t member_id, const char *who,
                         struct int_array chosen, bool others);

/* What a message is about: ids, and the names as X-Topics says them. */
struct topics_found { struct int_array ids; const char *names; };
enum status topic_find(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const struct message *message, const char *subject,
                       const char *text, int lines, struct topics_found *found_r);

#endif
