/* test-dns.c - the resolver door against a scripted server: the first label of a name says what is answered */
#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "auth/dns.h"
#include "util/clock.h"
#include "util/str.h"

/* ---- the scripted server ---- */

struct packet {
    uint8_t bytes[70000];
    size_t len;
};

static void
put(struct packet *packet, const void *data, size_t len)
{
    memcpy(packet->bytes + packet->len, data, len);
    packet->len += len;
}

static void
put16(struct packet *packet, unsigned value)
{
    put(packet, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

/* A record whose owner is `owner` (NULL: the question's name). */
static void
put_record(struct packet *packet, const char *owner, unsigned type, unsigned ttl, const void *data, size_t len)
{
    unsigned count = packet->bytes[6] * 256u + packet->bytes[7] + 1;

    packet->bytes[6] = (uint8_t)(count >> 8);
    packet->bytes[7] = (uint8_t)count;
    if (owner == NULL)
        put16(packet, 0xc00c);
    else
        put(packet, owner, strlen(owner) + 1);
    put16(packet, type);
    put16(packet, 1);
    put16(packet, ttl >> 16);
    put16(packet, ttl & 0xffff);
    put16(packet, (unsigned)len);
    put(packet, data, len);
}

static void
put_cname_chain(struct packet *packet, int links)
{
    char owner[16], target[16];

    for (int i = 0; i < links; i++) {
        snprintf(owner, sizeof owner, "\003%c%02d", 'c', i);
        snprintf(target, sizeof target, "\003%c%02d", 'c', i + 1);
        put_record(packet, i == 0 ? NULL : owner, 5, 300, target, 5);
    }
    snprintf(owner, sizeof owner, "\003c%02d", links);
    put_record(packet, owner, DNS_TXT, 300, "\003end", 4);
}

static size_t
question_len(const uint8_t *query, size_t len)
{
    size_t at = 12;

    while (at < len && query[at] != 0)
        at += query[at] + 1u;
    return at + 5;
}

/* False: stay silent. */
static bool
answer(const uint8_t *query, size_t len, bool tcp, struct packet *packet)
{
    char label[64];
    unsigned type;
    size_t end = question_len(query, len);

    snprintf(label, sizeof label, "%.*s", query[12], (const char *)query + 13);
    type = query[end - 4] * 256u + query[end - 3];
    packet->len = 0;
    put(packet, query, end);
    memset(packet->bytes + 6, 0, 6);
    packet->bytes[2] = 0x81;
    packet->bytes[3] = 0x80;
    if (strcmp(label, "silent") == 0)
        return false;
    if (strcmp(label, "wrongid") == 0) {
        packet->bytes[0] ^= 1;
        put_record(packet, NULL, DNS_TXT, 300, "\003bad", 4);
    } else if (strcmp(label, "nx") == 0) {
        packet->bytes[3] |= 3;
    } else if (strcmp(label, "servfail") == 0) {
        packet->bytes[3] |= 2;
    } else if (strcmp(label, "refused") == 0) {
        packet->bytes[3] |= 5;
    } else if (strcmp(label, "nodata") == 0) {
        /* nothing */
    } else if (strcmp(label, "two") == 0) {
        put_record(packet, NULL, DNS_TXT, 300, "\002v=\004DKIM", 8);
        put_record(packet, NULL, DNS_TXT, 7, "\003a\0b", 4);
    } else if (strcmp(label, "other") == 0) {
        put_record(packet, "\005other", DNS_TXT, 300, "\003bad", 4);
    } else if (strcmp(label, "chain5") == 0) {
        put_cname_chain(packet, 5);
    } else if (strcmp(label, "chain50") == 0) {
        put_cname_chain(packet, 50);
    } else if (strcmp(label, "loop") == 0) {
        put_record(packet, NULL, 5, 300, "\300\014", 2);
    } else if (strcmp(label, "lying") == 0) {
        put_record(packet, NULL, DNS_TXT, 300, "\377abc", 4);
    } else if (strcmp(label, "cut") == 0) {
        put_record(packet, NULL, DNS_TXT, 300, "\003abc", 4);
        packet->len -= 2;
    } else if (strcmp(label, "huge") == 0) {
        if (!tcp) {
            packet->bytes[2] |= 2;
        } else {
            uint8_t data[256];

            memset(data, 'x', sizeof data);
            data[0] = 255;
            for (int i = 0; i < 240; i++)
                put_record(packet, NULL, DNS_TXT, 300, data, sizeof data);
        }
    } else if (strcmp(label, "large") == 0) {
        if (!tcp) {
            packet->bytes[2] |= 2;
        } else {
            uint8_t data[256 * 8];

            memset(data, 'x', sizeof data);
            for (int i = 0; i < 8; i++)
                data[i * 256] = 255;
            put_record(packet, NULL, DNS_TXT, 300, data, sizeof data);
        }
    } else if (type == DNS_A) {
        put_record(packet, NULL, DNS_A, 300, "\300\000\002\001", 4);
    } else if (type == DNS_AAAA) {
        put_record(packet, NULL, DNS_AAAA, 300, " \001\r\270\0\0\0\0\0\0\0\0\0\0\0\001", 16);
    } else if (type == DNS_MX) {
        put_record(packet, NULL, DNS_MX, 300, "\000\012\002mx\300\014", 7);
    } else if (type == DNS_PTR) {
        put_record(packet, NULL, DNS_PTR, 300, "\004host\007example\0", 14);
    } else {
        /* counts how often it was asked */
        static unsigned asked;
        char text[16];

        snprintf(text, sizeof text, "Xn=%u", ++asked);
        text[0] = (char)(strlen(text) - 1);
        put_record(packet, NULL, DNS_TXT, strcmp(label, "short") == 0 ? 0 : 300, text, strlen(text));
    }
    return true;
}

static void
serve_tcp(int listener)
{
    struct packet *packet = mem_new(NULL, struct packet);
    int fd = accept(listener, NULL, NULL);
    uint8_t query[1024], head[2];
    ssize_t len = read(fd, head, 2) == 2 ? read(fd, query, sizeof query) : -1;

    if (len > 12 && answer(query, (size_t)len, true, packet)) {
        head[0] = (uint8_t)(packet->len >> 8);
        head[1] = (uint8_t)packet->len;
        if (write(fd, head, 2) == 2)
            len = write(fd, packet->bytes, packet->len);
    }
    close(fd);
    talloc_free(packet);
}

static void
serve(int udp, int listener)
{
    struct packet *packet = mem_new(NULL, struct packet);

    for (;;) {
        struct pollfd fds[] = {{udp, POLLIN, 0}, {listener, POLLIN, 0}};
        struct sockaddr_in from;
        socklen_t from_len = sizeof from;
        uint8_t query[1024];
        ssize_t len;

        poll(fds, 2, -1);
        if (fds[1].revents != 0)
            serve_tcp(listener);
        if (fds[0].revents == 0)
            continue;
        len = recvfrom(udp, query, sizeof query, 0, (struct sockaddr *)&from, &from_len);
        if (len > 12 && answer(query, (size_t)len, false, packet))
            sendto(udp, packet->bytes, packet->len, 0, (struct sockaddr *)&from, from_len);
    }
}

struct rig {
    TALLOC_CTX *ctx;
    const char *server;
    pid_t pid;
    struct dns *dns;
};

/* One port for both; another is tried when TCP's is taken. */
static int
setup(void **state)
{
    struct rig *rig = mem_new(NULL, struct rig);
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    int udp, tcp;

    for (;;) {
        address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        udp = socket(AF_INET, SOCK_DGRAM, 0);
        tcp = socket(AF_INET, SOCK_STREAM, 0);
        assert_int_equal(bind(udp, (struct sockaddr *)&address, sizeof address), 0);
        assert_int_equal(getsockname(udp, (struct sockaddr *)&address, &len), 0);
        if (bind(tcp, (struct sockaddr *)&address, sizeof address) == 0 && listen(tcp, 10) == 0)
            break;
        close(udp);
        close(tcp);
    }
    if ((rig->pid = fork()) == 0) {
        alarm(120);
        serve(udp, tcp);
    }
    close(udp);
    close(tcp);
    rig->ctx = talloc_new(rig);
    rig->server = mem_printf(rig, "127.0.0.1:%d", ntohs(address.sin_port));
    assert_int_equal(dns_open(rig, rig->server, 3000, &rig->dns, NULL), STATUS_OK);
    *state = rig;
    return 0;
}

static int
teardown(void **state)
{
    struct rig *rig = *state;

    kill(rig->pid, SIGKILL);
    waitpid(rig->pid, NULL, 0);
    talloc_free(rig);
    return 0;
}

/* ---- the tests ---- */

static const struct {
    const char *name;
    enum dns_type type;
    enum dns_status status;
    size_t count;
    const char *first;      /* value, or the reason */
    unsigned ttl_s;
} rows[] = {
    {"two.example", DNS_TXT, DNS_FOUND, 2, "v=DKIM", 7},
    {"nx.example", DNS_TXT, DNS_NXDOMAIN, 0, NULL, 60},
    {"nodata.example", DNS_TXT, DNS_NODATA, 0, NULL, 60},
    {"other.example", DNS_TXT, DNS_NODATA, 0, NULL, 60},        /* a record that nobody asked for */
    {"plain.example", DNS_A, DNS_FOUND, 1, "192.0.2.1", 300},
    {"plain.example", DNS_AAAA, DNS_FOUND, 1, "2001:db8::1", 300},
    {"plain.example", DNS_MX, DNS_FOUND, 1, "10 mx.plain.example", 300},
    {"1.2.0.192.in-addr.arpa", DNS_PTR, DNS_FOUND, 1, "host.example", 300},
    {"chain5.example", DNS_TXT, DNS_FOUND, 1, "end", 300},
    {"chain50.example", DNS_TXT, DNS_TEMPERROR, 0, "too many CNAMEs", 15},
    {"loop.example", DNS_TXT, DNS_TEMPERROR, 0, "too many CNAMEs", 15},
    {"lying.example", DNS_TXT, DNS_TEMPERROR, 0, "the answer is malformed or too large", 15},
    {"cut.example", DNS_TXT, DNS_TEMPERROR, 0, "the answer is malformed or too large", 15},
    {"huge.example", DNS_TXT, DNS_TEMPERROR, 0, "the answer is malformed or too large", 15},
    {"servfail.example", DNS_TXT, DNS_TEMPERROR, 0, "the resolver failed or cannot be reached", 15},
    {"refused.example", DNS_TXT, DNS_TEMPERROR, 0, "the resolver failed or cannot be reached", 15},
    {"a..b.example", DNS_TXT, DNS_NXDOMAIN, 0, NULL, 60},
    {"large.example", DNS_TXT, DNS_FOUND, 1, NULL, 300},
};

static void
check_row(size_t i, const struct dns_answer *answer_)
{
    const char *first = answer_->count > 0 ? answer_->values[0] : answer_->reason;

    if (answer_->status != rows[i].status || answer_->count != rows[i].count || answer_->ttl_s != rows[i].ttl_s)
        fail_msg("row %zu: %s, %zu values, ttl %u, %s", i, dns_status_name(answer_->status), answer_->count,
                 answer_->ttl_s, first);
    if (rows[i].first != NULL && !str_eq(first, rows[i].first))
        fail_msg("row %zu: %s", i, first);
}

/* All at once, as a message asks. */
static void
test_rows(void **state)
{
    struct rig *rig = *state;
    struct dns_question questions[COUNT_OF(rows)];

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        questions[i] = (struct dns_question){.name = rows[i].name, .type = rows[i].type};
    dns_ask(rig->ctx, rig->dns, questions, COUNT_OF(rows), dns_deadline(rig->dns));
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_row(i, &questions[i].answer);
    assert_string_equal(questions[0].answer.values[1], "a?b");
    assert_int_equal(strlen(questions[COUNT_OF(rows) - 1].answer.values[0]), 255 * 8);
}

/* One deadline for all: silence costs it once, and the others are answered all the same. */
static void
test_deadline(void **state)
{
    struct rig *rig = *state;
    struct dns_question questions[] = {
        {.name = "silent.a.example", .type = DNS_TXT}, {.name = "silent.b.example", .type = DNS_TXT},
        {.name = "wrongid.example", .type = DNS_TXT}, {.name = "good.example", .type = DNS_TXT},
    };
    int64_t begin = clock_monotonic_ms();

    dns_ask(rig->ctx, rig->dns, questions, 4, begin + 300);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(questions[i].answer.status, DNS_TEMPERROR);
        assert_string_equal(questions[i].answer.reason, "no answer came in time");
    }
    assert_int_equal(questions[3].answer.status, DNS_FOUND);

    /* remembered for a while: the next message of the same domain does not wait again */
    questions[0].answer = (struct dns_answer){0};
    dns_ask(rig->ctx, rig->dns, questions, 1, clock_monotonic_ms() + 60000);
    assert_int_equal(questions[0].answer.status, DNS_TEMPERROR);
}

static void
test_asked_once(void **state)
{
    struct rig *rig = *state;
    struct dns_question questions[] = {
        {.name = "count.example", .type = DNS_TXT}, {.name = "COUNT.example", .type = DNS_TXT},
        {.name = "short.example", .type = DNS_TXT},
    };

    dns_ask(rig->ctx, rig->dns, questions, 3, dns_deadline(rig->dns));
    assert_string_equal(questions[0].answer.values[0], "n=1");
    assert_string_equal(questions[1].answer.values[0], "n=1");
    assert_string_equal(questions[2].answer.values[0], "n=2");
    dns_ask(rig->ctx, rig->dns, questions, 3, dns_deadline(rig->dns));
    assert_string_equal(questions[0].answer.values[0], "n=1");      /* from memory */
    assert_string_equal(questions[2].answer.values[0], "n=3");      /* TTL 0 is never kept */
}

struct shared { unsigned gets, puts; };

static bool
shared_get(void *data, TALLOC_CTX *ctx, const char *name, enum dns_type type, struct dns_answer *answer_r)
{
    struct shared *shared = data;

    shared->gets++;
    if (!str_eq(name, "known.example") || type != DNS_TXT)
        return false;
    answer_r->values = mem_array(ctx, const char *, 1);
    answer_r->values[0] = "from the table";
    *answer_r = (struct dns_answer){.status = DNS_FOUND, .values = answer_r->values, .count = 1, .ttl_s = 100};
    return true;
}

static void
shared_put(void *data, const char *name, enum dns_type type, const struct dns_answer *answer_)
{
    struct shared *shared = data;

    shared->puts++;
    assert_string_equal(name, "nodata.example");
    assert_int_equal(type, DNS_TXT);
    assert_int_equal(answer_->status, DNS_NODATA);
}

static void
test_shared_cache(void **state)
{
    struct rig *rig = *state;
    struct shared shared = {0};
    struct dns_cache cache = {&shared, shared_get, shared_put};
    struct dns_question questions[] = {
        {.name = "known.example", .type = DNS_TXT}, {.name = "nodata.example", .type = DNS_TXT},
        {.name = "servfail.example", .type = DNS_TXT},
    };

    dns_use_cache(rig->dns, &cache);
    for (int round = 0; round < 2; round++)
        dns_ask(rig->ctx, rig->dns, questions, 3, dns_deadline(rig->dns));
    assert_string_equal(questions[0].answer.values[0], "from the table");
    assert_int_equal(shared.gets, 3);       /* the second round knew all by itself */
    assert_int_equal(shared.puts, 1);       /* a temporary error is nobody else's */
}

static void
test_resolver_gone(void **state)
{
    struct rig *rig = *state;
    struct dns_question question = {.name = "x.example", .type = DNS_TXT};

    kill(rig->pid, SIGKILL);
    waitpid(rig->pid, NULL, 0);
    rig->pid = fork();
    if (rig->pid == 0)
        for (;;)
            pause();
    dns_ask(rig->ctx, rig->dns, &question, 1, dns_deadline(rig->dns));
    assert_int_equal(question.answer.status, DNS_TEMPERROR);
    assert_string_equal(question.answer.reason, "the resolver failed or cannot be reached");
}

static void
test_open(void **state)
{
    static const struct { const char *servers; enum status status; } opens[] = {
        {"127.0.0.1", STATUS_OK}, {" 127.0.0.1:5353  ::1 [::1]:53 ", STATUS_OK}, {"", STATUS_OK}, {NULL, STATUS_OK},
        {"resolver.example", STATUS_INVALID}, {"127.0.0.1:0", STATUS_INVALID}, {"127.0.0.1:x", STATUS_INVALID},
        {"[::1", STATUS_INVALID}, {"127.0.0.1,127.0.0.2", STATUS_INVALID},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(opens); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct dns *dns;

        if (dns_open(ctx, opens[i].servers, 1000, &dns, NULL) != opens[i].status)
            fail_msg("row %zu: %s", i, opens[i].servers);
        talloc_free(ctx);
    }
}

static void
test_host_names(void **state)
{
    static const struct { const char *name; bool is; } names[] = {
        {"example.jp", true}, {"a_b._domainkey.example.jp", true}, {"xn--n3h.example", true}, {"com", true}, {"", false},
        {".example", false}, {"example.", false}, {"a..b", false}, {"-a.example", false}, {"a-.example", false},
        {"a.example-", false}, {"a b.example", false}, {"example.net(.example.com", false}, {"\xe5\x9b\x9e.jp", false},
        {"a123456789012345678901234567890123456789012345678901234567890123.example", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (dns_name_is_host(names[i].name) != names[i].is)
            fail_msg("row %zu: %s", i, names[i].name);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_deadline, setup, teardown),
        cmocka_unit_test_setup_teardown(test_asked_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_shared_cache, setup, teardown),
        cmocka_unit_test_setup_teardown(test_resolver_gone, setup, teardown),
        cmocka_unit_test(test_open), cmocka_unit_test(test_host_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
