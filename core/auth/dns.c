/* dns.c - questions of a message, asked together; what is known already is not asked again */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "auth/dns-network.h"
#include "util/clock.h"
#include "util/str.h"

enum { CACHE_ROWS = 256 };

struct cache_row {
    char *name;                 /* NULL: empty; in the case it was asked in */
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
    struct dns *dns = mem_new(ctx, struct dns);
    struct str *csv = str_new(dns);

    must(timeout_ms > 0);
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
        dns_network_ask(ctx, dns->servers_csv, open, open_count, deadline_ms);
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
