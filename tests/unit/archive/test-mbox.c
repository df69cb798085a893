/* test-mbox.c - what is a message in an mbox, what is text, and what the From line says */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "archive/mbox.h"
#include "pieces.h"
#include "util/clock.h"
#include "util/str.h"

#define F "From a@example.org Mon Jan  1 10:00:00 2024\n"

/* The messages, each ended by "|", and their faults as digits. */
static const struct { enum mbox_kind kind; const char *in, *out, *faults; } rows[] = {
    {MBOX_ANY, "", "", ""},
    {MBOX_ANY, F "A: 1\n\nx\n\n" F "A: 2\n\ny\n", "A: 1\n\nx\n|A: 2\n\ny\n|", "00"},
    {MBOX_ANY, "\n\n" F "A: 1\n\nx\n\n", "A: 1\n\nx\n|", "0"},
    /* CR LF, and no line end at the end */
    {MBOX_ANY, "From a Mon Jan  1 10:00:00 2024\r\nA: 1\r\n\r\nx\r\n\r\nFrom b Mon Jan  1 10:00:00 2024\r\nA: 2\r\n\r\ny",
     "A: 1\r\n\r\nx\r\n|A: 2\r\n\r\ny|", "00"},
    /* only one empty line goes, and none where there is none */
    {MBOX_ANY, F "A: 1\n\nx\n\n\n" F "A: 2\n\ny\n" F "A: 3\n\n", "A: 1\n\nx\n\n|A: 2\n\ny\n|A: 3\n|", "000"},
    /* quoted lines */
    {MBOX_ANY, F "A: 1\n\n>From here\n>>From there\n> From\n>Frome\n", "A: 1\n\nFrom here\n>From there\n> From\n>Frome\n|", "0"},
    {MBOX_O, F "A: 1\n\n>From here\n>>From there\n", "A: 1\n\nFrom here\n>>From there\n|", "0"},
    {MBOX_CL2, F "A: 1\n\n>From here\n", "A: 1\n\n>From here\n|", "0"},
    /* words, not messages */
    {MBOX_ANY, F "A: 1\n\nx\n\nFrom here on\nNote: y\n\nFrom the beginning at 10:00:00 in 2024\nwe said\n",
     "A: 1\n\nx\n\nFrom here on\nNote: y\n\nFrom the beginning at 10:00:00 in 2024\nwe said\n|", "1"},
    /* a time and a field behind it: a message, empty line or not; and one without any header */
    {MBOX_ANY, F "A: 1\n\nx\n" F "A: 2\n", "A: 1\n\nx\n|A: 2\n|", "00"},
    {MBOX_ANY, F "A: 1\n\nx\n\n" F "\nno header\n", "A: 1\n\nx\n|\nno header\n|", "00"},
    {MBOX_ANY, F "A: 1\n\nx\n" F "\nno header\n", "A: 1\n\nx\n" F "\nno header\n|", "1"},
    /* Pipermail, Netscape, a zone before or behind the year */
    {MBOX_ANY, "From a at example.org  Tue Jul 10 11:29:44 2012\nA: 1\n\nFrom - \nA: 2\nFrom -\nA: 4\n\nFrom x Sat Mar 24 23:00:00 2007 +0200\nA: 3\n",
     "A: 1\n|A: 2\n|A: 4\n|A: 3\n|", "0000"},
    {MBOX_ANY, F ">From b Mon Jan  1 10:00:00 2024\nA: 1\n\nx\n", "From b Mon Jan  1 10:00:00 2024\nA: 1\n\nx\n|", "0"},
    /* Content-Length, quoted and not */
    {MBOX_ANY, F "Content-Length: 3\n\nab\n\n" F "Content-Length: 2\n\nx\n", "Content-Length: 3\n\nab\n|Content-Length: 2\n\nx\n|", "00"},
    {MBOX_ANY, F "Content-Length: 54\n\nab\n\n" F "A: x\n\n\n" F "Content-Length: 2\n\nx\n",
     "Content-Length: 54\n\nab\n\n" F "A: x\n\n|Content-Length: 2\n\nx\n|", "00"},
    /* a length that somebody made up hides nothing */
    {MBOX_ANY, F "Content-Length: 56\n\nab\n\n" F "A: x\n\ny\n\n" F "A: 3\n\nz\n",
     "Content-Length: 56\n\nab\n|A: x\n\ny\n|A: 3\n\nz\n|", "000"},
    {MBOX_CL, F "Content-Length: 99999\n\nab\n\n" F "A: 2\n", "Content-Length: 99999\n\nab\n|A: 2\n|", "00"},
    /* what is no mbox at its beginning */
    {MBOX_ANY, "some words\n\n" F "A: 1\n", "A: 1\n|", "4"},
    {MBOX_ANY, "some words\n", "", ""},
};

static void
test_rows(void **state)
{
    static const size_t steps[] = {1, 7, 1000000};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows) * COUNT_OF(steps); i++) {
        size_t row = i / COUNT_OF(steps);
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct pieces pieces = {blob_of(rows[row].in), steps[i % COUNT_OF(steps)]};
        struct mbox *mbox = mbox_new(ctx, rows[row].kind, 1 << 20, pieces_read, &pieces);
        struct str *out = str_new(ctx), *faults = str_new(ctx);
        struct mbox_message message;

        while (mbox_next(mbox, &message)) {
            str_addn(out, message.raw.data, message.raw.len);
            str_addc(out, '|');
            str_addf(faults, "%u", message.faults);
            if (strncmp(rows[row].in + message.offset, message.from_line, strlen(message.from_line)) != 0)
                fail_msg("row %zu: offset %llu", row, (unsigned long long)message.offset);
        }
        if (!str_eq(out->s, rows[row].out) || !str_eq(faults->s, rows[row].faults))
            fail_msg("row %zu, step %zu: got \"%s\" faults %s", row, pieces.step, out->s, faults->s);
        talloc_free(ctx);
    }
}

/* A message beyond the bound is stepped over, with memory for a part of it; its neighbours are whole. */
static void
test_too_large(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *text = str_new(ctx);
    struct pieces pieces;
    struct mbox *mbox;
    struct mbox_message message;

    (void)state;
    str_add(text, F "A: 1\n\nx\n\n" F "A: 2\n\n");
    for (int i = 0; i < 300000; i++)
        str_addf(text, "line %d\nFrom words\n", i);
    str_add(text, "\n" F "A: 3\n\nz\n");
    pieces = (struct pieces){str_blob(text), 4096};
    mbox = mbox_new(ctx, MBOX_ANY, 1000, pieces_read, &pieces);
    assert_true(mbox_next(mbox, &message));
    assert_int_equal(message.raw.len, 8);
    assert_true(mbox_next(mbox, &message));
    assert_null(message.raw.data);
    assert_true((message.faults & MBOX_TOO_LARGE) != 0);
    assert_int_equal(talloc_total_size(mbox) >> 20, 0);
    assert_true(mbox_next(mbox, &message));
    assert_memory_equal(message.raw.data, "A: 3\n\nz\n", 8);
    assert_int_equal(message.faults, 0);
    assert_false(mbox_next(mbox, &message));
    talloc_free(ctx);
}

static const struct { const char *line, *time; } times[] = {
    {"From a@example.org Mon Jan  1 10:00:00 2024", "2024-01-01T10:00:00Z"},
    {"From a at example.org  Tue Jul 10 11:29:44 2012", "2012-07-10T11:29:44Z"},
    {"From x Sat Mar 24 23:00:00 2007 +0200", "2007-03-24T21:00:00Z"},
    {"From x Sat Mar 24 23:00:00 +0900 2007", "2007-03-24T14:00:00Z"},
    {"From x Sat Mar 24 23:00 2007", "2007-03-24T23:00:00Z"},
    {"From x Sat Mar 24 23:00:00 2007 remote from y", "2007-03-24T23:00:00Z"},
    {"From MAILER-DAEMON Thu Jan  1 00:00:00 1970", NULL}, {"From -", NULL}, {"From ", NULL}, {"From a Jan", NULL},
};

static void
test_times(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        int64_t time_us = mbox_time(times[i].line);

        if (!str_eq(time_us == 0 ? NULL : clock_iso(ctx, time_us), times[i].time))
            fail_msg("row %zu: %lld", i, (long long)time_us);
        talloc_free(ctx);
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows), cmocka_unit_test(test_too_large), cmocka_unit_test(test_times),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
