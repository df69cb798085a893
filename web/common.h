/* common.h - what several pages do in the same way */
#ifndef KAIRAN_WEB_COMMON_H
#define KAIRAN_WEB_COMMON_H

#include "policy/change.h"
#include "policy/notice.h"
#include "web/request.h"

/* Who acts, for changes and their audit rows. */
struct actor request_actor(const struct request *request);

/* Shows the route's page again with what was wrong: Page.fault.field and .sentence (translated here). Always STATUS_OK. */
enum status form_refuse(struct request *request, const struct fault *fault);
/* The typed address in its stored form and its key; false when it is none. */
bool form_address(const struct request *request, const char *name, const char **email_r, const char **key_r);

/* Makes a link of one use and returns its token; code_r (may be NULL) is for the page that asked. */
struct mail_link_order { const char *purpose, *email, *return_to; int64_t list_id; int lifetime_s; };
enum status link_make(struct request *request, const struct mail_link_order *order, const char **token_r, const char **code_r,
                      int64_t *id_r);
/* A fresh code for a link that is there; any before it is void. */
enum status link_code(struct request *request, int64_t id, const char **code_r);
/* A mail about the request's list (or about the site) to one person, in the language of the page that asked. args are those
 * that notices.def tells for the kind, in their order. */
enum status mail_send(struct request *request, enum notice_kind kind, const char *to, const char *const args[NOTICE_ARGS]);

/* Ends the transaction in which somebody added or removed something of his own, with the audit row when rows changed. */
enum status own_commit(struct request *request, enum status status, int64_t changed, const char *action, int64_t list_id);
/* Removes what the path's "id" names and sends back to a page; NOT_FOUND when it is not one's own. */
typedef enum status own_remove(struct db *db, int64_t id, int64_t user_id, int64_t *changed_r);
enum status own_end(struct request *request, own_remove *remove, const char *action, const char *path);

/* "240 KB" */
const char *size_words(struct request *request, size_t bytes);
/* Row "members", "held": how many a list has, exactly up to 1,000; for members_of() and held_of() of _parts.cs. */
struct list_found;
void show_list_counts(struct out *row, const struct list_found *list);

#endif
