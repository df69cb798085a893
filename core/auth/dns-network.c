/* dns-network.c - the door to c-ares: packets out, packets in, and what they say */
#include <arpa/inet.h>
#include <poll.h>
#include <string.h>

#include <ares.h>

#include "auth/dns-network.h"
#include "util/clock.h"
#include "util/str.h"

enum {
    TTL_MOST_S = 3600,          /* a wrong record is believed for an hour at the longest */
    TTL_NEGATIVE_S = 60,
    TTL_TEMPERROR_S = 15,       /* so that mail of a silent domain costs its deadline once in a while, not each time */
    TRY_MS = 1200, TRIES = 3,
    UDP_BYTES = 1232,
    RECORDS_MAX = 512           /* in one answer, of any type */
};

/* ---- reading an answer ---- */

struct record {
    const uint8_t *data;
    size_t len;
    unsigned type, ttl_s;
    const char *owner;
};

struct reply {
    const uint8_t *wire;
    size_t len;
    struct record *records;
    size_t count;
};

static unsigned
wire_u16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

/* The name at `at`, or NULL; used_r is what it takes there. c-ares bounds its pointers and length. */
static char *
wire_name(TALLOC_CTX *ctx, const struct reply *reply, const uint8_t *at, size_t *used_r)
{
    char *expanded, *name;
    long used;

    if (at >= reply->wire + reply->len
        || ares_expand_name(at, reply->wire, (int)reply->len, &expanded, &used) != ARES_SUCCESS)
        return NULL;
    name = mem_strdup(ctx, expanded);
    ares_free_string(expanded);
    *used_r = (size_t)used;
    return name;
}

/* Cuts the answer section into records. False: it is not as RFC 1035 has it, or too much. @UNSAFE */
static bool
reply_scan(TALLOC_CTX *ctx, struct reply *reply)
{
    const uint8_t *p = reply->wire, *end = reply->wire + reply->len;
    unsigned count;
    size_t used;

    if (reply->len < 12 || wire_u16(p + 4) != 1 || (count = wire_u16(p + 6)) > RECORDS_MAX)
        return false;
    p += 12;
    if (wire_name(ctx, reply, p, &used) == NULL || (size_t)(end - p) < used + 4)
        return false;
    p += used + 4;
    reply->records = mem_array(ctx, struct record, count + 1);
    for (unsigned i = 0; i < count; i++) {
        struct record *record = &reply->records[i];

        record->owner = wire_name(ctx, reply, p, &used);
        if (record->owner == NULL || (size_t)(end - p) < used + 10)
            return false;
        p += used;
        record->type = wire_u16(p + 2) == 1 ? wire_u16(p) : 0;
        record->ttl_s = wire_u16(p + 4) << 16 | wire_u16(p + 6);
        record->len = wire_u16(p + 8);
        record->data = p += 10;
        if ((size_t)(end - p) < record->len)
            return false;
        p += record->len;
    }
    reply->count = count;
    return true;
}

static const char *
read_txt(TALLOC_CTX *ctx, const struct record *record)
{
    struct str *text = str_new(ctx);

    for (size_t at = 0; at < record->len;) {
        size_t len = record->data[at++];

        if (len > record->len - at || text->len + len > DNS_VALUE_BYTES_MAX)
            return NULL;
        for (size_t i = 0; i < len; i++)
            str_addc(text, record->data[at + i] == 0 ? '?' : (char)record->data[at + i]);
        at += len;
    }
    return str_text(text);
}

static const char *
read_value(TALLOC_CTX *ctx, const struct reply *reply, const struct record *record)
{
    char text[INET6_ADDRSTRLEN];
    const char *name;
    size_t used;

    switch (record->type) {
    case DNS_A:
        return record->len == 4 ? mem_strdup(ctx, inet_ntop(AF_INET, record->data, text, sizeof text)) : NULL;
    case DNS_AAAA:
        return record->len == 16 ? mem_strdup(ctx, inet_ntop(AF_INET6, record->data, text, sizeof text)) : NULL;
    case DNS_PTR:
        return wire_name(ctx, reply, record->data, &used);
    case DNS_MX:
        if (record->len < 3 || (name = wire_name(ctx, reply, record->data + 2, &used)) == NULL)
            return NULL;
        return mem_printf(ctx, "%u %s", wire_u16(record->data), name);
    case DNS_TXT:
        return read_txt(ctx, record);
    }
    return NULL;
}

static void
temperror(struct dns_answer *answer, const char *reason)
{
    *answer = (struct dns_answer){.status = DNS_TEMPERROR, .ttl_s = TTL_TEMPERROR_S, .reason = reason};
}

/* Where the chain of CNAMEs that begins at name ends; NULL when it is too long or a circle. */
static const char *
follow_cnames(TALLOC_CTX *ctx, const struct reply *reply, const char *name, unsigned *ttl_s)
{
    for (int depth = 0; depth <= DNS_CNAMES_MAX; depth++) {
        const struct record *next = NULL;
        size_t used;

        for (size_t i = 0; i < reply->count && next == NULL; i++)
            if (reply->records[i].type == 5 && str_eq_nocase(reply->records[i].owner, name))
                next = &reply->records[i];
        if (next == NULL)
            return name;
        *ttl_s = next->ttl_s < *ttl_s ? next->ttl_s : *ttl_s;
        if ((name = wire_name(ctx, reply, next->data, &used)) == NULL)
            return NULL;
    }
    return NULL;
}

/* What the resolver's packet says to the question. */
static void
answer_read(TALLOC_CTX *ctx, struct dns_question *question, const uint8_t *wire, size_t len)
{
    struct dns_answer *answer = &question->answer;
    struct reply reply = {wire, len, NULL, 0};
    unsigned ttl_s = TTL_MOST_S;
    const char *owner;

    if (!reply_scan(ctx, &reply)) {
        temperror(answer, "the answer is malformed or too large");
        return;
    }
    if ((owner = follow_cnames(ctx, &reply, question->name, &ttl_s)) == NULL) {
        temperror(answer, "too many CNAMEs");
        return;
    }
    answer->values = mem_array(ctx, const char *, DNS_VALUES_MAX + 1);
    for (size_t i = 0; i < reply.count; i++) {
        const struct record *record = &reply.records[i];

        if (record->type != (unsigned)question->type || !str_eq_nocase(record->owner, owner))
            continue;
        if (answer->count == DNS_VALUES_MAX
            || (answer->values[answer->count] = read_value(answer->values, &reply, record)) == NULL) {
            temperror(answer, "the answer is malformed or too large");
            return;
        }
        answer->count++;
        ttl_s = record->ttl_s < ttl_s ? record->ttl_s : ttl_s;
    }
    answer->status = answer->count > 0 ? DNS_FOUND : DNS_NODATA;
    answer->ttl_s = answer->count > 0 ? ttl_s : TTL_NEGATIVE_S;
}

/* ---- the network ---- */

struct asked {
    TALLOC_CTX *ctx;
    struct dns_question *question;
    size_t *open;
};

/* c-ares hands over a packet, or the reason why there is none. Also called for what is cancelled. */
static void
on_answer(void *arg, int status, int timeouts, unsigned char *wire, int len)
{
    struct asked *asked = arg;
    struct dns_answer *answer = &asked->question->answer;

    (void)timeouts;
    (*asked->open)--;
    *answer = (struct dns_answer){.status = DNS_NODATA, .ttl_s = TTL_NEGATIVE_S};
    switch (status) {
    case ARES_SUCCESS:
        answer_read(asked->ctx, asked->question, wire, (size_t)len);
        return;
    case ARES_ENODATA:
        return;
    case ARES_ENOTFOUND:
        answer->status = DNS_NXDOMAIN;
        return;
    case ARES_EBADNAME:     /* no such name can exist */
        answer->status = DNS_NXDOMAIN;
        return;
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION:
    case ARES_ETIMEOUT:
        temperror(answer, "no answer came in time");
        return;
    case ARES_ECONNREFUSED:     /* also after SERVFAIL and REFUSED of every server */
    case ARES_ESERVFAIL:
    case ARES_EREFUSED:
        temperror(answer, "the resolver failed or cannot be reached");
        return;
    default:
        temperror(answer, "the answer is malformed or too large");
    }
}

static bool
channel_open(const char *servers_csv, ares_channel *channel_r)
{
    char lookups[] = "b";
    struct ares_options options = {
        .flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_EDNS,
        .timeout = TRY_MS, .tries = TRIES, .lookups = lookups, .ednspsz = UDP_BYTES,
    };
    static bool initialised;
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_EDNSPSZ;

    if (!initialised)
        must(ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS);
    initialised = true;
    if (ares_init_options(channel_r, &options, mask) != ARES_SUCCESS)
        return false;
    if (servers_csv != NULL && ares_set_servers_ports_csv(*channel_r, servers_csv) != ARES_SUCCESS) {
        ares_destroy(*channel_r);
        return false;
    }
    return true;
}

/* Waits once, for at most `left_ms`, and lets c-ares work on what came. */
static void
channel_wait(ares_channel channel, int64_t left_ms)
{
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    struct pollfd polled[ARES_GETSOCK_MAXNUM];
    struct timeval most = {left_ms / 1000, left_ms % 1000 * 1000}, room, *wait;
    unsigned mask = (unsigned)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
    nfds_t count = 0;

    for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
        /* the library's macros for this shift into the sign */
        short events = (short)((mask >> i & 1 ? POLLIN : 0) | (mask >> (i + ARES_GETSOCK_MAXNUM) & 1 ? POLLOUT : 0));

        if (events != 0)
            polled[count++] = (struct pollfd){sockets[i], events, 0};
    }
    wait = ares_timeout(channel, &most, &room);
    poll(polled, count, (int)(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1));
    for (nfds_t i = 0; i < count; i++) {
        bool failed = (polled[i].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;

        if (polled[i].revents != 0)
            ares_process_fd(channel, failed || (polled[i].revents & POLLIN) ? polled[i].fd : ARES_SOCKET_BAD,
                            polled[i].revents & POLLOUT ? polled[i].fd : ARES_SOCKET_BAD);
    }
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void
dns_network_ask(TALLOC_CTX *ctx, const char *servers_csv, struct dns_question **questions, size_t count, int64_t deadline_ms)
{
    struct asked *asked = mem_array(ctx, struct asked, count);
    ares_channel channel;
    size_t open = count;
    int64_t left_ms;

    if (!channel_open(servers_csv, &channel)) {
        for (size_t i = 0; i < count; i++)
            temperror(&questions[i]->answer, "the resolver failed or cannot be reached");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        asked[i] = (struct asked){ctx, questions[i], &open};
        ares_query(channel, questions[i]->name, 1, (int)questions[i]->type, on_answer, &asked[i]);
    }
    while (open > 0 && (left_ms = deadline_ms - clock_monotonic_ms()) > 0)
        channel_wait(channel, left_ms);
    ares_destroy(channel);      /* cancels what is still open */
    must(open == 0);
}
