/* dns.c - questions to the resolver, many at once, one deadline for all; the door to c-ares */
#include <arpa/inet.h>
#include <ctype.h>
#include <poll.h>
#include <string.h>
#include <strings.h>

#include <ares.h>

#include "auth/dns.h"
#include "util/clock.h"
#include "util/str.h"

enum {
    CACHE_ROWS = 256,
    TTL_MOST_S = 3600,          /* a wrong record is believed for an hour at the longest */
    TTL_NEGATIVE_S = 60,
    TTL_TEMPERROR_S = 15,       /* so that mail of a silent domain costs its deadline once in a while, not each time */
    TRY_MS = 1200, TRIES = 3,
    UDP_BYTES = 1232,
    RECORDS_MAX = 512           /* in one answer, of any type */
};

struct cache_row {
    char *name;                 /* NULL: empty; small letters */
    enum dns_type type;
    int64_t until_ms;
    struct dns_answer answer;   /* hangs on name */
};

struct dns {
    const char *servers_csv;    /* NULL: resolv.conf */
    int timeout_ms;
    struct dns_cache shared;
    struct cache_row rows[CACHE_ROWS];
};

/* ---- opening ---- */

static bool
port_is_valid(const char *text)
{
    int64_t port;

    return str_to_int(text, 1, 65535, &port);
}

/* "192.0.2.1", "192.0.2.1:53", "2001:db8::1", "[2001:db8::1]:53" */
static bool
server_is_valid(TALLOC_CTX *ctx, const char *server)
{
    struct in6_addr address;
    char *copy = mem_strdup(ctx, server), *end;

    if (inet_pton(AF_INET6, copy, &address) == 1)
        return true;
    if (copy[0] == '[') {
        if ((end = strchr(++copy, ']')) == NULL)
            return false;
        *end++ = '\0';
        return inet_pton(AF_INET6, copy, &address) == 1 && (*end == '\0' || (*end == ':' && port_is_valid(end + 1)));
    }
    if ((end = strchr(copy, ':')) != NULL)
        *end++ = '\0';
    return inet_pton(AF_INET, copy, &address) == 1 && (end == NULL || port_is_valid(end));
}

enum status
dns_open(TALLOC_CTX *ctx, const char *servers, int timeout_ms, struct dns **dns_r, struct fault *fault)
{
    static bool initialised;
    struct dns *dns = mem_new(ctx, struct dns);
    struct str *csv = str_new(dns);

    must(timeout_ms > 0);
    if (!initialised)
        must(ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS);
    initialised = true;
    dns->timeout_ms = timeout_ms;
    if (!str_is_empty(servers)) {
        char **parts = str_split(csv, servers, ' ', 16);

        for (size_t i = 0; parts[i] != NULL; i++) {
            const char *server = str_trim(csv, parts[i]);

            if (*server == '\0')
                continue;
            if (!server_is_valid(csv, server)) {
                enum status status = fault_setf(fault, ctx, STATUS_INVALID, "servers",
                                                "\"%.100s\" is not a resolver's address.", server);
                talloc_free(dns);
                return status;
            }
            str_addf(csv, "%s%s", csv->len > 0 ? "," : "", server);
        }
        if (csv->len > 0)
            dns->servers_csv = mem_strdup(dns, str_text(csv));
    }
    talloc_free(csv);
    *dns_r = dns;
    return STATUS_OK;
}

void
dns_use_cache(struct dns *dns, const struct dns_cache *cache)
{
    dns->shared = cache == NULL ? (struct dns_cache){0} : *cache;
}

int64_t
dns_deadline(const struct dns *dns)
{
    return clock_monotonic_ms() + dns->timeout_ms;
}

const char *
dns_status_name(enum dns_status status)
{
    static const char *const names[] = {"found", "nxdomain", "nodata", "temperror"};

    return names[status];
}

bool
dns_name_is_host(const char *name)
{
    size_t label = 0, len = strlen(name);

    if (len == 0 || len > 253)
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)name[i];

        if (c == '.') {
            if (label == 0 || name[i - 1] == '-')
                return false;
            label = 0;
        } else if ((isascii(c) && isalnum(c)) || c == '_' || (c == '-' && label > 0)) {
            if (++label > 63)
                return false;
        } else {
            return false;
        }
    }
    return label > 0 && name[len - 1] != '-';
}

/* ---- what is remembered ---- */

static void
answer_copy(TALLOC_CTX *ctx, struct dns_answer *to, const struct dns_answer *from)
{
    *to = *from;
    to->reason = mem_strdup(ctx, from->reason);
    to->values = mem_array(ctx, const char *, from->count + 1);
    for (size_t i = 0; i < from->count; i++)
        to->values[i] = mem_strdup(ctx, from->values[i]);
}

static struct cache_row *
cache_row(struct dns *dns, const char *name, enum dns_type type)
{
    unsigned hash = 2166136261u ^ (unsigned)type;

    for (const char *p = name; *p != '\0'; p++)
        hash = (hash ^ (unsigned char)tolower((unsigned char)*p)) * 16777619u;
    return &dns->rows[hash % CACHE_ROWS];
}

static bool
cache_get(TALLOC_CTX *ctx, struct dns *dns, struct dns_question *question)
{
    const struct cache_row *row = cache_row(dns, question->name, question->type);
    int64_t left_ms = row->until_ms - clock_monotonic_ms();

    if (row->name == NULL || left_ms <= 0 || row->type != question->type || !str_eq_nocase(row->name, question->name))
        return false;
    answer_copy(ctx, &question->answer, &row->answer);
    question->answer.ttl_s = (unsigned)(left_ms / 1000);
    return true;
}

/* One row a place: the newer question has it. */
static void
cache_put(struct dns *dns, const struct dns_question *question)
{
    struct cache_row *row = cache_row(dns, question->name, question->type);

    if (question->answer.ttl_s == 0)
        return;
    talloc_free(row->name);
    row->name = mem_strdup(dns, question->name);
    row->type = question->type;
    row->until_ms = clock_monotonic_ms() + (int64_t)question->answer.ttl_s * 1000;
    answer_copy(row->name, &row->answer, &question->answer);
}

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
channel_open(const struct dns *dns, ares_channel *channel_r)
{
    char lookups[] = "b";
    struct ares_options options = {
        .flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_EDNS,
        .timeout = TRY_MS, .tries = TRIES, .lookups = lookups, .ednspsz = UDP_BYTES,
    };
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_EDNSPSZ;

    if (ares_init_options(channel_r, &options, mask) != ARES_SUCCESS)
        return false;
    if (dns->servers_csv != NULL && ares_set_servers_ports_csv(*channel_r, dns->servers_csv) != ARES_SUCCESS) {
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

static void
network_ask(TALLOC_CTX *ctx, const struct dns *dns, struct dns_question **questions, size_t count, int64_t deadline_ms)
{
    struct asked *asked = mem_array(ctx, struct asked, count);
    ares_channel channel;
    size_t open = count;
    int64_t left_ms;

    if (!channel_open(dns, &channel)) {
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

/* ---- the batch ---- */

static const struct dns_question *
asked_before(const struct dns_question *questions, size_t count, const struct dns_question *question)
{
    for (size_t i = 0; i < count; i++)
        if (questions[i].type == question->type && str_eq_nocase(questions[i].name, question->name))
            return &questions[i];
    return NULL;
}

static bool
known_already(TALLOC_CTX *ctx, struct dns *dns, struct dns_question *question)
{
    if (cache_get(ctx, dns, question))
        return true;
    if (dns->shared.get == NULL
        || !dns->shared.get(dns->shared.data, ctx, question->name, question->type, &question->answer))
        return false;
    cache_put(dns, question);
    return true;
}

void
dns_ask(TALLOC_CTX *ctx, struct dns *dns, struct dns_question *questions, size_t count, int64_t deadline_ms)
{
    struct dns_question *open[DNS_QUESTIONS_MAX];
    size_t open_count = 0;

    must(count <= DNS_QUESTIONS_MAX);
    for (size_t i = 0; i < count; i++)
        if (asked_before(questions, i, &questions[i]) == NULL && !known_already(ctx, dns, &questions[i]))
            open[open_count++] = &questions[i];
    if (open_count > 0)
        network_ask(ctx, dns, open, open_count, deadline_ms);
    for (size_t i = 0; i < open_count; i++) {
        cache_put(dns, open[i]);
        if (dns->shared.put != NULL && open[i]->answer.status != DNS_TEMPERROR)
            dns->shared.put(dns->shared.data, open[i]->name, open[i]->type, &open[i]->answer);
    }
    for (size_t i = 0; i < count; i++) {
        const struct dns_question *same = asked_before(questions, i, &questions[i]);

        if (same != NULL)
            questions[i].answer = same->answer;
    }
}
