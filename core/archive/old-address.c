/* old-address.c - addresses of archives before this one */
#include <string.h>

#include "archive/old-address.h"
#include "store/statements.h"
#include "util/str.h"

enum { YEAR_FIRST = 1970, YEAR_LAST = 2100 };

/* ---- pieces ---- */

/* Digits at *at, as many as `most`; moves behind them. */
static bool
take_number(const char **at, size_t least, size_t most, int *value_r)
{
    size_t len = strspn(*at, "0123456789");

    if (len < least || len > most)
        return false;
    *value_r = 0;
    for (size_t i = 0; i < len; i++)
        *value_r = *value_r * 10 + (*at)[i] - '0';
    *at += len;
    return true;
}

static bool
is_month(int year, int month)
{
    return year >= YEAR_FIRST && year <= YEAR_LAST && month >= 1 && month <= 12;
}

static struct old_address
month_of(enum old_kind kind, int year, int month)
{
    return is_month(year, month) ? (struct old_address){kind, year, month, NULL} : (struct old_address){OLD_UNKNOWN, 0, 0, NULL};
}

/* "ABC.../" and what may follow a message's own address. */
static struct old_address
by_hash(TALLOC_CTX *ctx, enum old_kind kind, const char *at)
{
    size_t len = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

    if (len != 32 || (at[len] != '\0' && at[len] != '/'))
        return (struct old_address){OLD_UNKNOWN, 0, 0, NULL};
    return (struct old_address){kind, 0, 0, mem_strndup(ctx, at, len)};
}

/* ---- HyperKitty ---- */

struct old_address
old_address_hyperkitty(TALLOC_CTX *ctx, const char *rest)
{
    static const char *const lists[] = {"", "latest", "recent-activity", "recent-threads", "pop-threads", "top-threads", "top-posters",
                                        "favorites", "posted-to"};
    const char *at = rest;
    int year, month;

    if (str_starts(rest, "thread/"))
        return by_hash(ctx, OLD_THREAD, rest + strlen("thread/"));
    if (str_starts(rest, "message/"))
        return by_hash(ctx, OLD_MESSAGE, rest + strlen("message/"));
    if (str_eq(rest, "feed") || str_eq(rest, "feed/"))
        return (struct old_address){OLD_FEED, 0, 0, NULL};
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (str_starts(rest, lists[i]) && (rest[strlen(lists[i])] == '\0' || str_eq(rest + strlen(lists[i]), "/")))
            return (struct old_address){OLD_LIST, 0, 0, NULL};
    if (take_number(&at, 4, 4, &year) && *at++ == '/' && take_number(&at, 1, 2, &month) && (*at == '/' || *at == '\0'))
        return month_of(OLD_MONTH, year, month);
    return (struct old_address){OLD_UNKNOWN, 0, 0, NULL};
}

/* ---- Pipermail ---- */

static int
month_by_name(const char **at)
{
    static const char *const names[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
                                        "October", "November", "December"};

    for (int i = 0; i < 12; i++)
        if (str_starts(*at, names[i])) {
            *at += strlen(names[i]);
            return i + 1;
        }
    return 0;
}

/* "2024-May", "2024q2", "2024", "Week-of-Mon-20240506", "20240506": the month it begins in. */
static bool
take_volume(const char **at, int *year_r, int *month_r)
{
    bool is_week = str_starts(*at, "Week-of-Mon-");
    int number = 0;

    if (is_week)
        *at += strlen("Week-of-Mon-");
    if (take_number(at, 8, 8, &number)) {
        *year_r = number / 10000;
        *month_r = number / 100 % 100;
        return true;
    }
    if (is_week || !take_number(at, 4, 4, year_r))
        return false;
    *month_r = 1;
    if (**at == '-') {
        ++*at;
        *month_r = month_by_name(at);
    } else if (**at == 'q') {
        ++*at;
        *month_r = take_number(at, 1, 1, &number) && number <= 4 ? number * 3 - 2 : 0;
    }
    return *month_r > 0;
}

struct old_address
old_address_pipermail(const char *rest)
{
    static const char *const indexes[] = {"", "/", "/date.html", "/thread.html", "/subject.html", "/author.html", "/index.html"};
    const char *at = rest;
    int year, month;

    if (str_eq(rest, "") || str_eq(rest, "index.html"))
        return (struct old_address){OLD_LIST, 0, 0, NULL};
    if (!take_volume(&at, &year, &month))
        return (struct old_address){OLD_UNKNOWN, 0, 0, NULL};
    if (str_eq(at, ".txt") || str_eq(at, ".txt.gz"))
        return month_of(OLD_MONTH_MBOX, year, month);
    for (size_t i = 0; i < COUNT_OF(indexes); i++)
        if (str_eq(at, indexes[i]))
            return month_of(OLD_MONTH, year, month);
    return (struct old_address){OLD_UNKNOWN, 0, 0, NULL};
}

/* ---- what import knew ---- */

enum status
old_address_find(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *rest, const char **hash_r)
{
    struct row_old_address *row;
    enum status status = q_old_address(db, ctx, list_id, rest, &row);

    *hash_r = status == STATUS_OK && row != NULL ? row->hash : NULL;
    return status;
}

enum status
old_address_add(struct db *db, int64_t list_id, struct text_array paths, struct int_array posts)
{
    return q_old_address_add(db, list_id, paths, posts, NULL);
}
