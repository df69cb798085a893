/* socketmap.h - how Postfix asks us which recipients exist (socketmap_table(5))
 *
 * A request is a netstring "NAME KEY", the answer one of "OK value", "NOTFOUND ", "TEMP reason", "PERM reason". This is the
 * conversation alone: bytes in, bytes out, one question asked of the handler.
 *
 * What cannot be a request (a length that is no number or too large, a missing comma) ends the conversation: nobody can say
 * where the next one would begin. A key with NUL, CR or LF in it is asked about by nobody who means well, and not found. */
#ifndef KAIRAN_WORKER_SOCKETMAP_H
#define KAIRAN_WORKER_SOCKETMAP_H

#include "util/str.h"

enum { SOCKETMAP_REQUEST_MAX = 4096, SOCKETMAP_REPLY_MAX = 10000 };

enum socketmap_answer { SOCKETMAP_OK, SOCKETMAP_NOTFOUND, SOCKETMAP_TEMP, SOCKETMAP_PERM };
struct socketmap_handler {
    /* value_r is the value or the reason; NULL is "". It may live in ctx, which ends with this request. */
    enum socketmap_answer (*lookup)(void *user, TALLOC_CTX *ctx, const char *name, const char *key, const char **value_r);
};

struct socketmap;
/* Handler and user must outlive it. */
struct socketmap *socketmap_new(TALLOC_CTX *ctx, const struct socketmap_handler *handler, void *user);
void socketmap_feed(struct socketmap *map, const void *data, size_t len);
struct str *socketmap_output(struct socketmap *map);    /* emptied by who sent it */
bool socketmap_is_over(const struct socketmap *map);    /* send the output, then close */

#endif
