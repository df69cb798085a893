/* test-conf.c - the configuration file, and the addresses made from it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/clock.h"
#include "util/conf.h"
#include "util/file.h"
#include "util/str.h"

static void
test_url_of(void **state)
{
    static const struct { const char *site, *host, *expected; } rows[] = {
        {"https://lists.example.jp", NULL, "https://lists.example.jp"},
        {"https://lists.example.jp", "lists.example.jp", "https://lists.example.jp"},
        {"https://lists.example.jp", "other.example", "https://other.example"},
        {"http://localhost:8080", "localhost", "http://localhost:8080"},
        {"http://localhost:8080", "other.example", "http://other.example:8080"},
        {"http://localhost:8080", "localhost:8080", "http://localhost:8080"},
        {"http://localhost:8080", "127.0.0.1:9090", "http://127.0.0.1:9090"},
        {"https://example.jp/lists", "a.example", "https://a.example/lists"},
        {"no address", "a.example", "no address"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *got = conf_url_of(ctx, rows[i].site, rows[i].host);

        if (!str_eq(got, rows[i].expected))
            fail_msg("row %zu: %s", i, got);
    }
    talloc_free(ctx);
}

/* A file that says so, read. */
static enum status
read_text(TALLOC_CTX *ctx, const char *text, struct conf **conf_r, struct fault *fault_r)
{
    char path[] = "/tmp/test-conf-XXXXXX";
    int fd = mkstemp(path);
    enum status status;

    assert_true(fd >= 0);
    assert_true(file_write_all(fd, text, strlen(text)));
    close(fd);
    *fault_r = (struct fault){0};
    status = conf_read(ctx, path, conf_r, fault_r);
    unlink(path);
    return status;
}

static void
test_refused(void **state)
{
    static const struct { const char *text, *named; } rows[] = {
        {"[site]\nnmae = x\n", "nmae"},
        {"[nowhere]\nname = x\n", "nowhere"},
        {"[worker]\nlmtp_children = many\n", "lmtp_children"},
        {"[worker]\nlmtp_children = 0\n", "lmtp_children"},
        {"[web]\nsecure_cookies = perhaps\n", "secure_cookies"},
        {"[site]\nwithout a sign\n", "2"},
        {"[site]\nname = a\n\nname = b\n", ":4: [site] name: line 2 has set this already"},
        {"[site]\nname = \xff\n", "UTF-8"},
        {"[site]\nurl = lists.example.jp\n", "https://"},
        {"[site]\nurl = https://lists.example.jp/\n", "slash"},
        {"[site]\nlanguage = fr\n", "en or ja"},
        {"[site]\ntimezone = Mars/Olympus\n", "Asia/Tokyo"},
        {"[worker]\nhostname = no name\n", "hostname"},
        {"[worker]\nlmtp_socket = lmtp.sock\n", "from / on"},
        {"[worker]\nlmtp_socket = /run/a\nsocketmap_socket = /run/a\n", "two sockets"},
        {"[worker]\nmetrics_socket = /run/a\n[web]\nmetrics_socket = /run/a\n", "two sockets"},
        {"[worker]\nmetrics_socket = metrics.sock\n", "[worker] metrics_socket = metrics.sock: it takes a path"},
        {"[web]\nmetrics_socket = metrics.sock\n", "[web] metrics_socket = metrics.sock: it takes a path"},
        {"[site]\ncertificate = cert.pem\n", "certificate = cert.pem: it takes a file"},
        {"[smtp]\ntls = perhaps\n", "verify"},
        {"[smtp]\nuser = kairan\n", "password_file"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fault fault;
        struct conf *conf;

        if (read_text(ctx, rows[i].text, &conf, &fault) == STATUS_OK)
            fail_msg("row %zu was taken", i);
        if (fault.sentence == NULL || strstr(fault.sentence, rows[i].named) == NULL)
            fail_msg("row %zu: \"%s\" does not name %s", i, fault.sentence, rows[i].named);
    }
    talloc_free(ctx);
}

/* A file that may still be refused for what stands beside it changes nothing; one that is taken does. */
static void
test_applied(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int64_t now = clock_now_us();
    struct fault fault;
    struct conf *conf;

    (void)state;
    assert_int_equal(read_text(ctx, "[clock]\noffset_s = 86400\n", &conf, &fault), STATUS_OK);
    assert_true(clock_now_us() - now < 3600 * US_PER_S);
    conf_apply(conf);
    assert_true(clock_now_us() - now > 3600 * US_PER_S);
    clock_shift(0);
    talloc_free(ctx);
}

/* A clock that is moved is told from a machine that slept. */
static void
test_clock_look(void **state)
{
    static const struct { int64_t wall_s, monotonic_s, boot_s, moved_s, slept_s; } rows[] = {       /* ago, by each clock */
        {0, 0, 0, 0, 0}, {7200, 7200, 7200, 0, 0}, {30, 0, 0, 0, 0}, {3600, 0, 0, 3600, 0}, {-86400, 0, 0, -86400, 0},
        {7200, 0, 7200, 0, 7200}, {0, 0, 7200, -7200, 7200}, {50, 0, 50, 0, 0},
    };
    struct clock_seen first = {0};

    (void)state;
    assert_int_equal(clock_look(&first).moved_s, 0);
    assert_true(first.wall_us != 0);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct clock_seen seen = {first.wall_us - rows[i].wall_s * US_PER_S, first.monotonic_ms - rows[i].monotonic_s * 1000,
                                  first.boot_ms - rows[i].boot_s * 1000};
        struct clock_change change = clock_look(&seen);

        if (change.moved_s != rows[i].moved_s || change.slept_s != rows[i].slept_s)
            fail_msg("row %zu: moved by %d, slept for %d", i, (int)change.moved_s, (int)change.slept_s);
    }
}

/* Lines of any sensible length are whole; one that is longer is refused, not cut. */
static void
test_long_lines(void **state)
{
    static const struct { int len; bool is_good; } rows[] = {{199, true}, {3000, true}, {3980, true}, {4100, false}};
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fault fault;
        struct conf *conf;
        bool is_good = read_text(ctx, mem_printf(ctx, "[site]\nname = %0*d", rows[i].len, 7), &conf, &fault) == STATUS_OK;

        if (is_good != rows[i].is_good || (is_good && strlen(conf->site_name) != (size_t)rows[i].len))
            fail_msg("row %zu: %s", i, is_good ? conf->site_name : fault.sentence);
    }
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_url_of), cmocka_unit_test(test_refused), cmocka_unit_test(test_long_lines),
                                       cmocka_unit_test(test_applied), cmocka_unit_test(test_clock_look)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
