/* cook.h - the forms in which a post goes out
 *
 * Nothing is parsed and written out again. A form is: our fields, then the author's own fields byte for byte, then the body.
 * With no prefix, header, footer and no line that is too long, the body is the one received. Left out are fields that only their
 * own list or receipt may carry (List-*, Precedence, Return-Path, receipts, results under our name) and second copies of
 * fields that may stand once; missing Date and Message-ID are added.
 *
 * "kept" has the author's From, and exists only where somebody proves that the author's signature covers exactly these bytes
 * (DESIGN 4.6). "replaced" has ours: "Author via List" <list@...>, with the original in Author and X-Original-From; or, where
 * the list wraps, it is a mail of ours with the whole post inside. On an anonymous list it has From and Reply-To of the list, a
 * Message-ID of ours, and of the author's fields only those that say what and where to, never who.
 *
 * Sources: RFC 2369, 2919, 5064, 9057 (Author), 3834; peers-and-standards B.4, C.2-C.4. */
#ifndef KAIRAN_DELIVERY_COOK_H
#define KAIRAN_DELIVERY_COOK_H

#include "mime/summary.h"
#include "util/crypto.h"

enum cook_reply { COOK_REPLY_AUTHOR, COOK_REPLY_LIST, COOK_REPLY_ADD, COOK_REPLY_ONLY };

struct cook_list {
    const char *name, *domain;
    const char *slug;               /* its page is BASE_URL/lists/SLUG/ */
    const char *base_url;           /* of its pages, without a slash at the end */
    const char *display_name, *description;
    const char *prefix;             /* in front of the subject, its number filled in; NULL or "" for none */
    const char *header, *footer;    /* above and below the text; NULL or "" for none */
    enum cook_reply reply;
    const char *reply_to;           /* for COOK_REPLY_ADD and _ONLY */
    bool strips_reply_to;           /* the author's own goes */
    bool is_anonymous;              /* nothing names the author but the text itself; there is no kept form */
    bool wraps;                     /* the replaced form holds the post untouched */
    const char *wrap_text;          /* above it; NULL or "" for none */
    bool has_list_fields, takes_posts, has_archive;
    bool always_replace;            /* a "kept" form is not wanted */
    const char *why_replaced;       /* in words, with always_replace */
};

struct cook_post {
    int64_t number;
    const char *hash;
    const char *rfc_message_id;     /* without <> */
    bool add_message_id;            /* the message had none that is usable */
    const char *authentication;     /* whole "Authentication-Results: ...\r\n", or "" */
    const char *auth_id;            /* our authserv-id: incoming results under this name are left out */
    int64_t date_us;                /* for a missing Date */
    const struct message *without;  /* the message without what nobody may see; NULL: there is nothing of the kind */
    const char *topics;             /* for X-Topics; NULL or "" for none */
};

/* Says whether the author's From may stay on these very bytes (head, empty line, body). */
struct cook_proof { bool kept; const char *words; int64_t valid_until; /* 0: no end */ };
typedef struct cook_proof cook_prove(void *data, struct blob bytes);

struct variant {
    const char *kind;               /* "kept" or "replaced" */
    struct blob head;               /* fields, without the empty line */
    struct blob body;
    bool body_is_received;          /* body is message[body_offset..] */
    size_t body_offset;
    uint8_t body_hash[SHA256_LEN];  /* relaxed */
    bool eightbit;
    const char *proof;              /* why kept or replaced, English */
    int64_t valid_until;
};
struct variants { struct variant kept, replaced; bool has_kept; };

/* Always makes a replaced form. `prove` may be NULL: nobody can prove anything. */
void cook(TALLOC_CTX *ctx, const struct message *message, const struct summary *summary, const struct cook_list *list,
          const struct cook_post *post, cook_prove *prove, void *data, struct variants *variants_r);

/* A form's bytes: fields, empty line, body. */
struct blob cook_whole(TALLOC_CTX *ctx, struct blob head, struct blob body);

/* The post's page in the archive. */
char *cook_post_url(TALLOC_CTX *ctx, const struct cook_list *list, const struct cook_post *post);

/* "[Club %05d] " with the number in place of %d; anything else after % stays as it is. */
char *cook_prefix(TALLOC_CTX *ctx, const char *pattern, int64_t number);

#endif
