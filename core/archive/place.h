/* place.h - a post's place in its list: number, permanent name, thread
 *
 * Called in the accepting transaction. The number's row lock puts the list's posts in order, so hash and thread are decided by
 * one process at a time. The hash is Mailman's Message-ID-Hash (base32 of SHA-1 of the Message-ID); another post with the same
 * Message-ID is HASH-2, HASH-3. Threads are archive/thread.h's: the same whatever the order in which posts come.
 *
 * Most posts answer one that is here, or nothing: four statements. One that others wait for, or that is loose among others, has
 * its threads placed again, which reads them whole. Many that come at once are looked up together, written together and placed again
 * together.
 *
 * A thread has all its posts' hashes for addresses. When two become one the older row stays. */
#ifndef KAIRAN_ARCHIVE_PLACE_H
#define KAIRAN_ARCHIVE_PLACE_H

#include "mime/summary.h"
#include "store/db.h"

struct place {
    int64_t list_id, number;
    const char *rfc_message_id;     /* without <> */
    bool made_message_id;           /* the message had none: this one is ours */
    const char *hash;
};

/* The next number and the name. Takes the list's row lock. */
enum status place_begin(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *domain, const struct summary *summary,
                        struct place *place_r);

struct place_post {
    int64_t message_id, accepted_us;
    bool archived, bulk, anonymous;
};
/* Writes the post and its thread. */
enum status place_post(struct db *db, TALLOC_CTX *ctx, const struct place *place, const struct summary *summary,
                       const struct place_post *post, int64_t *post_id_r);

/* One of many: archived, and sent to nobody. */
struct place_one { struct place place; const struct summary *summary; int64_t message_id, accepted_us; };
/* The same for posts of one list, in the order of their numbers, with the list's row held. */
enum status place_many(struct db *db, int64_t list_id, const struct place_one *posts, size_t count);

/* Places again what hangs together with these posts, in the caller's transaction, with the list's row held. Threads of together
 * more than PLACE_ROWS_MOST posts stay as they are (a line in the log says so): then a late post does not take its answers. */
enum { PLACE_ROWS_MOST = 100000 };
enum status place_again(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct int_array posts);

/* Message-ID-Hash of a Message-ID without <>. */
char *place_hash(TALLOC_CTX *ctx, const char *rfc_message_id);
/* First lines of the text, for lists of posts and held messages: quotes, who wrote them, and signature left out, one line of at most 200. */
char *place_excerpt(TALLOC_CTX *ctx, const char *text);

#endif
