/* dns.h - questions to the resolver, many at once, one deadline for all
 *
 * A message's questions are known after its header is read, so they are asked together: dns_ask() sends all of them, waits
 * until the last answer or the deadline, and gives every question one of four ends. It never fails: a silent, lying or
 * missing resolver is DNS_TEMPERROR, and the work goes on without the answer.
 *
 * Nothing is held open between two calls (each takes fresh sockets, so fresh ports), hence a struct dns may be opened before
 * or after a fork and outlives any loss of the resolver. Answers are kept in a small table of the process for their TTL; a
 * second, shared cache is asked through two functions that its owner hands over.
 *
 * A resolver that goes in mid-question may cause SIGPIPE (over TCP): processes of ours ignore it.
 *
 * Bounds: DNS_QUESTIONS_MAX a call, DNS_VALUES_MAX values of DNS_VALUE_BYTES_MAX bytes an answer, DNS_CNAMES_MAX names in a
 * chain; an answer beyond them is DNS_TEMPERROR. Memory: answers live in the ctx of the call.
 * Sources: RFC 1035, RFC 2181 5.2, RFC 7208 4.6.4 for the deadline's size; fault 28 (resolvers that lie). */
#ifndef KAIRAN_AUTH_DNS_H
#define KAIRAN_AUTH_DNS_H

#include "util/status.h"

enum { DNS_QUESTIONS_MAX = 256, DNS_VALUES_MAX = 64, DNS_VALUE_BYTES_MAX = 8192, DNS_CNAMES_MAX = 8 };

enum dns_type { DNS_A = 1, DNS_PTR = 12, DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28 };    /* RFC 1035's numbers */
enum dns_status { DNS_FOUND, DNS_NXDOMAIN, DNS_NODATA, DNS_TEMPERROR };

struct dns_answer {
    enum dns_status status;
    const char **values;    /* A, AAAA: address; PTR: name; MX: "10 name"; TXT: its strings joined, NUL bytes as '?' */
    size_t count;           /* 0 unless DNS_FOUND */
    unsigned ttl_s;         /* how long this may be believed */
    const char *reason;     /* of a DNS_TEMPERROR, in words; otherwise NULL */
};

struct dns_question {
    const char *name;       /* A-labels, any case */
    enum dns_type type;
    struct dns_answer answer;
};

/* A cache outside of this process. get() returns false for "not known"; put() is given answers that are not temporary
 * errors. Both are called between network work, never inside it, and may use the database. */
struct dns_cache {
    void *data;
    bool (*get)(void *data, TALLOC_CTX *ctx, const char *name, enum dns_type type, struct dns_answer *answer_r);
    void (*put)(void *data, const char *name, enum dns_type type, const struct dns_answer *answer);
};

struct dns;
/* servers: "ADDRESS ADDRESS:PORT [ADDRESS]:PORT", blanks between; NULL or "" takes resolv.conf's at each call. timeout_ms is
 * for all questions of one message. STATUS_INVALID when `servers` is no such list. */
enum status dns_open(TALLOC_CTX *ctx, const char *servers, int timeout_ms, struct dns **dns_r, struct fault *fault);
void dns_use_cache(struct dns *dns, const struct dns_cache *cache);     /* copied; NULL for none */

/* When (clock_monotonic_ms) a message whose first question is asked now must have its last answer. */
int64_t dns_deadline(const struct dns *dns);
/* Fills every answer. Equal questions are sent once. */
void dns_ask(TALLOC_CTX *ctx, struct dns *dns, struct dns_question *questions, size_t count, int64_t deadline_ms);

const char *dns_status_name(enum dns_status status);    /* "found", "nxdomain", "nodata", "temperror" */
/* A domain name of letters, digits, hyphens and underscores, labels of 1 to 63, at most 253 bytes, no dot at its end. */
bool dns_name_is_host(const char *name);

#endif
