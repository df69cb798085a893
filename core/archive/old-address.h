/* old-address.h - addresses of archives before this one
 *
 * Links to HyperKitty's and Pipermail's pages stand in mails, on pages and in books. What follows the list's own address there is
 * either in table old_address, where import put it (a message's page in Pipermail has a number that says nothing by itself), or says by
 * its form which page it was: a month, a thread or message by its hash, the list.
 *
 * Sources: HyperKitty 1.3.12 urls.py; Mailman 2.1 Archiver/HyperArch.py (names of volumes: month, quarter, year, week, day). */
#ifndef KAIRAN_ARCHIVE_OLD_ADDRESS_H
#define KAIRAN_ARCHIVE_OLD_ADDRESS_H

#include "store/db.h"

enum old_kind { OLD_UNKNOWN, OLD_LIST, OLD_MONTH, OLD_MONTH_MBOX, OLD_THREAD, OLD_MESSAGE, OLD_FEED };
struct old_address {
    enum old_kind kind;
    int year, month;            /* OLD_MONTH, OLD_MONTH_MBOX */
    const char *hash;           /* OLD_THREAD, OLD_MESSAGE */
};

/* `rest` is what follows ".../list/LIST@DOMAIN/" and ".../pipermail/LIST/", unescaped, without a query. */
struct old_address old_address_hyperkitty(TALLOC_CTX *ctx, const char *rest);
struct old_address old_address_pipermail(const char *rest);

/* The hash of the post that was there; NULL when no import knew of it. */
enum status old_address_find(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *rest, const char **hash_r);

/* Notes where posts were: paths[i] of posts.items[i]. A path that is there already stays with its post. */
enum status old_address_add(struct db *db, int64_t list_id, struct text_array paths, struct int_array posts);

#endif
