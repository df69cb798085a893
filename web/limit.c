/* limit.c - how often something may be asked for */
#include <arpa/inet.h>
#include <string.h>

#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "web/limit.h"

enum status
limit_take(struct request *request, const char *what, const char *who, int most, int period_s)
{
    int64_t now = clock_now_us(), period_us = period_s * US_PER_S;
    struct row_web_rate *row;
    uint8_t digest[SHA256_LEN];
    const char *key = what;
    enum status status;

    if (who != NULL) {
        sha256(blob_of(mem_printf(request, "%s:%s", what, who)), digest);
        key = mem_printf(request, "%s:%s", what, hex_encode(request, (struct blob){digest, 16}));
    }
    status = q_web_rate(request->web->db, request, key, now - now % period_us, &row);
    if (status != STATUS_OK)
        return status;
    return row->count > most ? STATUS_TOO_MANY : STATUS_OK;
}

const char *
limit_net(struct request *request)
{
    const char *text = request->raw.remote_address != NULL ? request->raw.remote_address : "";
    uint8_t bytes[16];

    if (inet_pton(AF_INET, text, bytes) == 1)
        return hex_encode(request, (struct blob){bytes, 3});
    if (inet_pton(AF_INET6, text, bytes) == 1)
        return hex_encode(request, (struct blob){bytes, 7});
    return "-";
}
