/* moderator.c - the link and the answer with which moderators decide */
#include <string.h>

#include "policy/moderator.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

/* 80 bits: the answer has to be proved to come from the moderator besides. */
enum { REPLY_LETTERS = 16 };
#define DAY_US (INT64_C(86400) * US_PER_S)

static struct blob
token_hash(TALLOC_CTX *ctx, const char *token)
{
    uint8_t digest[SHA256_LEN];

    sha256(blob_of(token), digest);
    return blob_copy(ctx, digest, sizeof(digest));
}

enum status
moderator_link_make(struct db *db, TALLOC_CTX *ctx, int64_t member_id, int epoch, const char **token_r)
{
    int64_t now = clock_now_us();

    *token_r = random_token(ctx);
    return q_moderator_link_add(db, token_hash(ctx, *token_r), member_id, epoch, now, now + MODERATOR_LINK_DAYS * DAY_US, NULL);
}

enum status
moderator_by_link(struct db *db, TALLOC_CTX *ctx, const char *token, struct moderator **moderator_r)
{
    struct row_moderator_link_find *row;
    enum status status = q_moderator_link_find(db, ctx, token_hash(ctx, str_lower(ctx, token)), &row);

    if (status != STATUS_OK || row == NULL)
        return status == STATUS_OK ? STATUS_NOT_FOUND : status;
    *moderator_r = mem_new(ctx, struct moderator);
    **moderator_r = (struct moderator){row->member_id, row->address_id, row->user_id, row->list_id, row->expires_at,
                                       (int)row->epoch, row->email, row->name, row->list_name, row->domain, row->has_role,
                                       row->expires_at <= clock_now_us()};
    return STATUS_OK;
}

bool
moderator_is_reply(const char *detail)
{
    return detail != NULL && str_starts_nocase(detail, "m-");
}

enum status
moderator_by_reply(struct db *db, TALLOC_CTX *ctx, const char *token, struct moderator_notice **notice_r)
{
    struct row_moderator_notice_find *row;
    struct row_moderator_lists *lists;
    int64_t *ids;
    size_t count = 0;
    enum status status = q_moderator_notice_find(db, ctx, token_hash(ctx, str_lower(ctx, token)), &row);

    if (status == STATUS_OK && (row == NULL || row->sent_at < clock_now_us() - MODERATOR_LINK_DAYS * DAY_US))
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = q_moderator_lists(db, ctx, row->address_id, &lists, &count);
    if (status != STATUS_OK)
        return status;
    ids = mem_array(ctx, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = lists[i].list_id;
    *notice_r = mem_new(ctx, struct moderator_notice);
    **notice_r = (struct moderator_notice){row->address_id, row->user_id, row->email, row->key, row->items, {ids, count}};
    return STATUS_OK;
}

enum status
moderator_reply_make(struct db *db, TALLOC_CTX *ctx, int64_t address_id, int64_t list_id, struct int_array items, const char **detail_r)
{
    const char *token = mem_strndup(ctx, random_token(ctx), REPLY_LETTERS);

    *detail_r = mem_printf(ctx, "m-%s", token);
    return q_moderator_notice_add(db, address_id, list_id, token_hash(ctx, token), items, clock_now_us(), NULL);
}
