/* budget.c - how many mails strangers may cause */
#include <arpa/inet.h>

#include "policy/budget.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

enum { HOUR_S = 3600, DAY_S = 86400, KEY_LEN = 16 };

static struct blob
budget_key(TALLOC_CTX *ctx, const char *what, const char *who)
{
    uint8_t digest[SHA256_LEN];

    sha256(blob_of(mem_printf(ctx, "%s:%s", what, who)), digest);
    return blob_copy(ctx, digest, KEY_LEN);
}

enum status
budget_take(struct db *db, const char *what, const char *who, int most, int64_t period_s, bool *taken_r)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int64_t now = clock_now_us();
    struct row_budget_take *row = NULL;
    enum status status = STATUS_OK;

    if (most > 0)
        status = q_budget_take(db, ctx, budget_key(ctx, what, who), now, now - period_s * US_PER_S, most, &row);
    *taken_r = status == STATUS_OK && row != NULL;
    talloc_free(ctx);
    return status;
}

/* The order is the same for all, so that two askers never wait for one another in a circle. */
enum status
budget_take_mail(struct db *db, TALLOC_CTX *ctx, const struct budget_limits *limits, int64_t list_id, const char *what,
                 const char *key, const char *net, enum budget_answer *answer_r)
{
    const struct { const char *what, *who; int most; int64_t period_s; enum budget_answer answer; } rows[] = {
        {"list", mem_printf(ctx, "%lld %s %s", (long long)list_id, what, key), BUDGET_ADDRESS_LIST_DAY, DAY_S, BUDGET_ADDRESS_FULL},
        {"address", key, BUDGET_ADDRESS_DAY, DAY_S, BUDGET_ADDRESS_FULL},
        {limits->by_mail ? "mail-net" : "net", net, limits->net_hour, HOUR_S, BUDGET_SITE_FULL},
        {limits->by_mail ? "mail-site" : "site", "", limits->site_hour, HOUR_S, BUDGET_SITE_FULL},
    };
    bool taken = true;

    for (size_t i = 0; i < COUNT_OF(rows) && (net != NULL || rows[i].answer == BUDGET_ADDRESS_FULL); i++) {
        enum status status = budget_take(db, rows[i].what, rows[i].who, rows[i].most, rows[i].period_s, &taken);

        if (status != STATUS_OK)
            return status;
        *answer_r = rows[i].answer;
        if (!taken)
            return STATUS_OK;
    }
    *answer_r = BUDGET_TAKEN;
    return STATUS_OK;
}

enum status
budget_wants_work(struct db *db, TALLOC_CTX *ctx, const struct budget_limits *limits, const char *net, bool *wants_r)
{
    int64_t since = clock_now_us() - HOUR_S * US_PER_S;
    struct row_budget_count *of_net, *of_site;
    enum status status = q_budget_count(db, ctx, budget_key(ctx, "net", net), since, &of_net);

    if (status == STATUS_OK)
        status = q_budget_count(db, ctx, budget_key(ctx, "site", ""), since, &of_site);
    *wants_r = status == STATUS_OK && (of_net->count >= limits->net_work || of_site->count >= limits->site_work);
    return status;
}

char *
budget_net(TALLOC_CTX *ctx, const char *ip)
{
    uint8_t bytes[16];

    if (ip != NULL && inet_pton(AF_INET, ip, bytes) == 1)
        return hex_encode(ctx, (struct blob){bytes, 3});
    if (ip != NULL && inet_pton(AF_INET6, ip, bytes) == 1)
        return hex_encode(ctx, (struct blob){bytes, 6});
    return mem_strdup(ctx, "-");
}
