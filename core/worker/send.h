/* send.h - what the parts of the send role share
 *
 * send.c takes work and keeps the connection; send-copy.c makes and sends one copy; send-bulk.c one transaction for many;
 * send-result.c writes down what became of them. */
#ifndef KAIRAN_WORKER_SEND_H
#define KAIRAN_WORKER_SEND_H

#include "auth/dkim-sign.h"
#include "delivery/copy.h"
#include "delivery/smtp.h"
#include "mime/header.h"
#include "store/statements.h"
#include "worker/child.h"

enum { SIGN_KEYS_MAX = 2, CHUNK_MAX = 50 };
/* Keys are read at the start and at SIGHUP: a domain that was made since has none for us. */
#define SENDER_NO_KEY "the worker has read no DKIM key of the domain: run kairan dkim new, and systemctl reload kairan-worker"

struct sign_key { const char *selector; enum key_algorithm algorithm; size_t key_id; };

struct send_variant {
    const struct row_variants_for_send *row;
    struct header *header;          /* of row->head */
};

/* What is the same for all copies of a post; kept while chunks of the same post follow one another. */
struct send_post {
    int64_t id;
    const struct row_post_for_send *row;
    struct copy_list list;
    struct send_variant kept, replaced, reencoded;      /* row is NULL where there is none; replaced always is */
    bool is_seven_bit;              /* replaced is the re-encoded form now */
    struct sign_key keys[SIGN_KEYS_MAX];
    size_t key_count;
};

struct sender {
    struct child *child;
    struct smtp_options *options;
    struct smtp *smtp;
    struct token_keys *tokens;
    struct send_post *post;
    int64_t pause_until_ms;         /* the smarthost cannot be reached: no new work before */
    int failures;
    int64_t promoted_ms, used_ms;
};

/* --- send-result.c --- */

struct result { int64_t member_id; const char *result, *variant, *phase, *reply, *queue_id; int64_t at_us; };

/* One chunk being worked on. */
struct run {
    TALLOC_CTX *ctx;
    struct sender *sender;
    const struct row_chunk_claim *chunk;
    int64_t claimed_us;
    unsigned generation;            /* of the database connection that claimed */
    struct result results[CHUNK_MAX];
    size_t count, written, saved;   /* [saved, written) are on their way to the database, [written, count) not even that */
    int64_t put_off[CHUNK_MAX];
    size_t put_off_count;
    bool database_lost, given_back;
};

/* Notes what became of a member's copy, here only. */
void run_note(struct run *run, int64_t member_id, const char *variant, const struct smtp_reply *reply);
void run_note_left(struct run *run, int64_t member_id);
/* Begins to write what was noted, all of it in one statement. */
void run_write(struct run *run);
/* Waits for the row that is being written. False: the database is gone; nothing more may be sent. */
bool run_collect(struct run *run);
/* The chunk is still ours: by our clock, or by the database where half of the time is gone or the connection is new. */
bool run_is_mine(struct run *run);
/* Writes what is not written and ends the chunk; waits for the database as long as the process may live. */
void run_end(struct run *run);
/* Writes what is not written, and puts the chunk back as a whole because nothing can be sent now. */
void run_give_back(struct run *run, int64_t wait_s, const char *trouble);

/* --- send-copy.c --- */

/* Signatures of a message whose fields (with the copy's own first) and body hash are given: "DKIM-Signature: ..." lines.
 * Two steps, so that the signer works while we do something else. */
struct signing;
struct signing *signing_begin(TALLOC_CTX *ctx, struct sender *sender, const char *domain, const struct sign_key *keys,
                              size_t key_count, const char *own_fields, const struct header *header,
                              const uint8_t body_hash[SHA256_LEN]);
/* NULL when the signer is gone: the process must end. */
const char *signing_finish(TALLOC_CTX *ctx, struct sender *sender, struct signing *signing);
/* The domain's active keys that the signer has. */
enum status sign_keys_load(struct sender *sender, TALLOC_CTX *ctx, int64_t domain_id, const char *domain,
                           struct sign_key keys[SIGN_KEYS_MAX], size_t *count_r);

const struct send_variant *choose_variant(const struct sender *sender, const struct send_post *post, const char *key);
/* An open connection, or NULL and the reply that explains it. */
struct smtp *sender_connection(struct sender *sender, const struct smtp_reply **trouble_r);

/* --- send-seven.c --- */

/* The connection takes no 8-bit bytes: from now on this post's copies are the re-encoded form. False: it could not be written
 * down, so nothing may be sent. */
bool sender_use_seven_bit(struct sender *sender);

/* --- send-copy.c, send-bulk.c, send-notice.c --- */

/* Sends the members their copies one by one. False: the connection cannot be had; *trouble_r says why. */
bool send_copies(struct run *run, struct row_chunk_members *members, size_t count, const struct smtp_reply **trouble_r);
/* The same in transactions of many recipients. */
bool send_bulk(struct run *run, struct row_chunk_members *members, size_t count, const struct smtp_reply **trouble_r);
/* Sends one notice, if one is due. False: there was none. */
bool send_notice(struct sender *sender);

#endif
