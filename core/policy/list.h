/* list.h - mailing lists: found, made, given another name, copied, ended
 *
 * A list's name is the local part of its address: small letters, digits, . _ + -; it may not look like a token of ours
 * (b. u. r. and letters behind) and may not end in a word that makes a sub-address (policy/recipient.h). A list that gets another
 * name or domain keeps its old ones: mail and pages find it by them. No other list takes such a name unasked.
 *
 * A removed list takes no mail and is seen by nobody; its rows stay until it is erased, and until then it can be restored. Its
 * owners are told when that is. Erasing takes away everything, archive and bytes included, and cannot be undone.
 *
 * Sentences of faults that a page shows are to be translated (N_()), hence name nothing. Memory: results live in ctx.
 * Sources: mailman3-features 1.18, 6.1 and 10.2 (20). */
#ifndef KAIRAN_POLICY_LIST_H
#define KAIRAN_POLICY_LIST_H

#include "policy/setting.h"
#include "util/i18n.h"

struct list {
    int64_t id, domain_id, last_number, created_at;
    int64_t removed_at, erase_at;           /* of a removed list; 0 otherwise, and where no end is set */
    const char *name, *domain, *address;    /* address is name@domain */
    const char *web_host, *token_domain;
    const char *slug;                       /* its page is /lists/SLUG/ */
};

/* How mails about lists are written: in which languages, with links to where. */
struct list_mail { const struct i18n *i18n; const char *site_url; };

/* NULL, or the sentence that says why this cannot be a list's name. */
const char *list_name_trouble(const char *name);

/* By its address, in any spelling; by an old name or another name of its domain too. NOT_FOUND with a sentence. */
enum status list_find(struct db *db, TALLOC_CTX *ctx, const char *address, struct list **list_r, struct fault *fault);
enum status list_by_id(struct db *db, TALLOC_CTX *ctx, int64_t id, struct list **list_r);
/* Every address by which posts reach the list: its own first, then those on other names of its domain, then old ones. */
enum status list_addresses(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct text_array *addresses_r);
/* "https://HOST/lists/SLUG/". */
char *list_url(TALLOC_CTX *ctx, const char *site_url, const struct list *list);

/* --- making (list-make.c) --- */

struct list_order {
    const char *name, *domain;
    const char *display_name, *description, *language, *advertised;     /* as settings; NULL is inherited */
    const char *style;                      /* of styles.def; NULL for none */
    const char *owners;                     /* addresses, one a line or with commas between; NULL for none */
    bool take_old_name;                     /* even if it was the name of another list */
    const struct list *like;                /* whose settings it gets, or NULL */
    unsigned parts;                         /* of enum list_part, with `like` */
};
/* Makes the list with its effective settings and tells its owners (mail may be NULL: nobody is told). The fault's field is name,
 * domain, style, owners or the name of a setting; CONFLICT with field "name" and hint "old_name": ask, then set take_old_name. */
enum status list_make(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list_order *order,
                      const struct list_mail *mail, struct list **list_r, struct fault *fault);
/* In short: LIST@DOMAIN; display_name, language and owner may be NULL, nobody is told. */
enum status list_create(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *address, const char *display_name,
                        const char *language, const char *owner, struct list **list_r, struct fault *fault);

/* --- copying (list-copy.c) --- */

enum list_part { LIST_SETTINGS = 1, LIST_OWNERS = 2, LIST_MODERATORS = 4, LIST_BANS = 8, LIST_FILTERS = 16, LIST_TEXTS = 32 };
struct list_part_row { const char *word; enum list_part part; const char *label; };
const struct list_part_row *list_part_rows(void);       /* ended by a NULL word */

/* What copying the settings would change: NULL stands for "inherited". */
struct list_difference { const struct setting_row *row; const char *before, *after; };
enum status list_compare(struct db *db, TALLOC_CTX *ctx, const struct actor *actor, const struct list *from, const struct list *to,
                         struct list_difference **rows_r, size_t *count_r);
/* Settings: those set on `from` are set, those set on `to` alone are taken back. What a list is called and is about, and what
 * only site administrators may change, stays unless they ask. The other parts are added to what is there. */
enum status list_copy(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *from, const struct list *to,
                      unsigned parts, struct fault *fault);

/* --- names (list-name.c) --- */

/* CONFLICT with hint "old_name" as for list_make. */
enum status list_rename(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *list, const char *name,
                        const char *domain, bool take_old_name, struct list **list_r, struct fault *fault);
struct list_old_name { int64_t domain_id, renamed_at; const char *name, *domain, *address; };
enum status list_old_names(struct db *db, TALLOC_CTX *ctx, const struct list *list, struct list_old_name **names_r, size_t *count_r);
/* Gives an old name up: mail to it is refused from now on. NOT_FOUND: it is none of this list's. */
enum status list_old_name_drop(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *list, const char *address);

/* --- ending (list-end.c) --- */

/* Takes the list away; it is erased at `erase_at` (0: when the operator says so). Its owners are told unless mail is NULL. */
enum status list_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct list *list, int64_t erase_at,
                        const struct list_mail *mail);
/* A removed list, by its id or (with id 0) its address. */
enum status list_find_ended(struct db *db, TALLOC_CTX *ctx, int64_t id, const char *address, struct list **list_r, struct fault *fault);
/* GONE: it is being erased. */
enum status list_restore(struct db *db, const struct actor *actor, const struct list *list);
/* From now on it cannot be restored; the erasing itself goes part by part. */
enum status list_erase_begin(struct db *db, const struct actor *actor, const struct list *list);
/* One part, in a transaction of its own; done_r: nothing is left. */
enum status list_erase_part(struct db *db, TALLOC_CTX *ctx, int64_t list_id, bool *done_r);

#endif
