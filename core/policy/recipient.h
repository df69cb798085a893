/* recipient.h - what an address of ours means: a list, one of its sub-addresses, or a token
 *
 * Answers RCPT and Postfix's socketmap, so it is cheap: one statement. A list is also reached by its old names, and under other
 * names of its domain. Letters match in either case. `LIST+detail` is the
 * list; `LIST-confirm+detail` keeps the detail, and where a local part has no room for that, `c.detail` is the same for the list that
 * the detail's token belongs to. Local parts b.TOKEN, u.TOKEN and r.TOKEN (delivery/token.h) are looked up by
 * their domain alone; whoever handles the message judges the token.
 * Sources: mailman3-features 1.1 and 4; DESIGN 4.8. */
#ifndef KAIRAN_POLICY_RECIPIENT_H
#define KAIRAN_POLICY_RECIPIENT_H

#include "mime/address.h"
#include "store/db.h"

/* In the words of message.kind. */
enum recipient_kind {
    RECIPIENT_POST, RECIPIENT_OWNER, RECIPIENT_REQUEST, RECIPIENT_JOIN, RECIPIENT_LEAVE, RECIPIENT_CONFIRM, RECIPIENT_BOUNCE,
    RECIPIENT_UNSUBSCRIBE, RECIPIENT_RELAY
};

struct recipient {
    enum recipient_kind kind;
    int64_t list_id;        /* 0 for a token: its list is named by the token */
    int64_t domain_id;
    const char *detail;     /* what stood behind +, or the token; NULL for none */
};

const char *recipient_kind_word(enum recipient_kind kind);

/* NOT_FOUND: nobody is reached by this address. */
enum status recipient_resolve(struct db *db, TALLOC_CTX *ctx, const struct address *address, struct recipient *recipient_r);

/* OK: mail to this domain is for us; it is a domain, another name of one, or carries tokens. */
enum status recipient_domain(struct db *db, TALLOC_CTX *ctx, const char *domain);

/* The address whose detail comes back with an answer: LIST-confirm+DETAIL, or c.DETAIL where that would have more than 64 bytes. `detail` is
 * a token of mail_link, or "m-" and one of moderator_notice: they are known to recipient_resolve. */
char *recipient_reply_address(TALLOC_CTX *ctx, const char *list_name, const char *domain, const char *detail);

bool recipient_is_token_like(const char *local);
bool recipient_ends_in_sub_address(const char *local);

#endif
