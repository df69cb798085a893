/* reader.h - what people who are signed in keep about threads, and by what members sort them
 *
 * Marks of one's own (kept, votes, what is read) are nobody else's business and stand in no log; they go with the account, and are in
 * what people take with them. What others feel has its audit row: a muted thread is not delivered, tags and categories are for all
 * readers. A thread is known by one of its posts, so that its marks stay with that post when threads are joined or split.
 *
 * Bounds: 1,000 kept and 1,000 muted threads a person, 20 tags a thread of 40 characters, 50 categories a list. */
#ifndef KAIRAN_POLICY_READER_H
#define KAIRAN_POLICY_READER_H

#include "policy/change.h"
#include "util/status.h"

enum { THREADS_KEPT_MAX = 1000, THREAD_TAGS_MAX = 20, TAG_MAX = 40, CATEGORIES_MAX = 50, CATEGORY_MAX = 60 };

struct thread_seen { int64_t list_id, id, first_post; const char *subject; };

/* TOO_MANY of either is INVALID with a sentence. What is so already stays so. */
enum status reader_keep(struct db *db, TALLOC_CTX *ctx, int64_t user_id, const struct thread_seen *thread, bool is_kept, struct fault *fault);
/* From now on no post of the thread is delivered to any address of the actor's account. */
enum status reader_mute(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct thread_seen *thread, bool is_muted,
                        struct fault *fault);
/* value: 1, -1, or 0 to take a vote back. */
enum status reader_vote(struct db *db, int64_t user_id, int64_t post_id, int value);

/* How a tag is kept: small letters, no blanks around and no # in front. NULL: it is none. */
char *tag_fold(TALLOC_CTX *ctx, const char *typed);
enum status thread_tag(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct thread_seen *thread, const char *typed,
                       struct fault *fault);
enum status thread_untag(struct db *db, const struct actor *actor, const struct thread_seen *thread, const char *name);

/* 0: none. INVALID: the list has no such category. */
enum status thread_categorise(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct thread_seen *thread, int64_t category);
/* id 0: a new one. INVALID with the field "name"; CONFLICT: the name is taken; NOT_FOUND. */
enum status category_save(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id, const char *typed,
                          struct fault *fault);
enum status category_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id);
/* One place up in the order. */
enum status category_raise(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id);

#endif
