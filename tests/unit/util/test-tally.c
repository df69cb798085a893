/* test-tally.c - what several processes count is one sum, and reads back from the text that Prometheus gets */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "util/log.h"
#include "util/tally.h"

static int64_t
number_of(enum metric metric, const char *value)
{
    struct str *text = str_new(NULL);
    int64_t number = -1;

    str_add(text, "\n");
    tally_write(text);
    metric_read(text->s, metric, value, &number);
    talloc_free(text);
    return number;
}

static void
children_count_together(void **state)
{
    (void)state;
    for (int child = 0; child < 4; child++)
        if (fork() == 0) {
            for (int i = 0; i < 10000; i++)
                tally_add(METRIC_OF_SENT, "deferred", 1);
            tally_busy((size_t)child, child == 3 ? NULL : "send");
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    assert_int_equal(number_of(METRIC_OF_SENT, "deferred"), 40000);
    assert_int_equal(number_of(METRIC_OF_SENT, "failed"), 0);
    assert_int_equal(number_of(METRIC_OF_CHILDREN_BUSY, "send"), 3);
    assert_int_equal(number_of(METRIC_OF_CHILDREN_BUSY, "lmtp"), 0);
    tally_busy(0, NULL);
    assert_int_equal(number_of(METRIC_OF_CHILDREN_BUSY, "send"), 2);
}

/* Seconds are written with a point; a time that has not been is left out; another program's numbers are not counted here. */
static void
numbers_read_back(void **state)
{
    static const int64_t times[] = {1, 999999, 1000000, INT64_C(1795000000123456), -86400000000};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        tally_set(METRIC_OF_CLOCK_JUMP, NULL, times[i]);
        if (number_of(METRIC_OF_CLOCK_JUMP, "") != times[i])
            fail_msg("row %zu: %lld", i, (long long)number_of(METRIC_OF_CLOCK_JUMP, ""));
    }
    assert_int_equal(number_of(METRIC_OF_CLOCK_JUMP_AT, ""), -1);
    tally_set(METRIC_OF_CLOCK_JUMP_AT, NULL, 5);
    assert_int_equal(number_of(METRIC_OF_CLOCK_JUMP_AT, ""), 5);
    tally_add(METRIC_OF_WEB_REQUESTS, "2xx", 1);
    assert_int_equal(number_of(METRIC_OF_WEB_REQUESTS, "2xx"), -1);
    assert_int_equal(metric_find("kairan_copies_total"), METRIC_OF_SENT);
    assert_int_equal(metric_find("kairan"), METRIC_COUNT);
    assert_int_equal(metric_value_place("a bc d", "bc"), 1);
    assert_int_equal(metric_value_place("a bc d", "b"), -1);
    assert_int_equal(metric_value_place("a bc d", "c d"), -1);
}

static void
warnings_are_remembered(void **state)
{
    struct str *text = str_new(NULL);

    (void)state;
    for (unsigned i = 0; i < TALLY_RECENT + 3; i++)
        log_event(EVENT_POST_PUT_OFF, "message", "%u", i, "status", "%s", "a b\n\xff");
    log_event(EVENT_ACCEPTED, "number", "%u", 77U);
    tally_recent(text);
    assert_null(strstr(text->s, "message=2 "));
    assert_null(strstr(text->s, "number=77"));
    assert_non_null(strstr(text->s, "Z pid="));
    assert_true(strstr(text->s, "message=3 ") < strstr(text->s, "message=10 "));
    assert_int_equal(number_of(METRIC_OF_LOG_LINES, "post_put_off"), TALLY_RECENT + 3);
    assert_int_equal(number_of(METRIC_OF_LOG_LINES, "accepted"), 1);
    talloc_free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(children_count_together), cmocka_unit_test(numbers_read_back), cmocka_unit_test(warnings_are_remembered),
    };

    mem_init();
    tally_add(METRIC_OF_SENT, "failed", 5);     /* not open yet: nothing happens */
    tally_open(METRIC_WORKER, METRIC_OF_LOG_LINES, METRIC_OF_CHILDREN_BUSY);
    tally_values(METRIC_OF_CHILDREN_BUSY, "lmtp post send jobs watch");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
