/* people.h - links and codes that prove something about an account (mail_link with a user_id) */
#ifndef KAIRAN_WEB_PEOPLE_H
#define KAIRAN_WEB_PEOPLE_H

#include "store/statements.h"
#include "web/request.h"

struct people_link_order { const char *purpose, *email, *detail; int lifetime_s; };
/* For the account that is signed in. code_r and id_r may be NULL. */
enum status people_link_make(struct request *request, const struct people_link_order *order, const char **token_r,
                             const char **code_r, int64_t *id_r);
/* Mails a code for the account that is signed in, a few times an hour, and goes to `path` with ?id= of what it belongs to. */
enum status people_code_send(struct request *request, const char *purpose, const char *path);
/* The link that the path's {token} names. NOT_FOUND: none of this purpose. */
enum status people_link_find(struct request *request, const char *purpose, struct row_people_link **link_r);
/* Whether the code is that of the mail, for the account that is signed in; else `fault` has the sentence. */
enum status people_code_fits(struct request *request, int64_t id, const char *purpose, const char *typed, bool *fits_r,
                             struct fault *fault);

#endif
