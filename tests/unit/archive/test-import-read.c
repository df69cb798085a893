/* test-import-read.c - when a message arrived, who wrote it, what its id is */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "archive/import-read.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

#define RECEIVED "Received: from a by b; Mon, 1 Jan 2024 10:00:00 +0000\n"
#define DATE "Date: Mon, 1 Jan 2024 09:00:00 +0000\n"

static const int64_t now_us = INT64_C(1800000000) * 1000000, file_us = INT64_C(1600000000) * 1000000,
                     previous_us = INT64_C(1500000000) * 1000000;

static const struct { const char *header, *from_line; bool has_file, has_previous; const char *time, *note; } times[] = {
    {RECEIVED DATE, "From a Mon Jan  1 10:00:05 2024", true, true, "2024-01-01T10:00:05Z", NULL},
    {RECEIVED DATE, NULL, true, true, "2024-01-01T10:00:00Z", NULL},
    {DATE, NULL, true, true, "2024-01-01T09:00:00Z", NULL},
    {"A: b\n", NULL, true, true, "2020-09-13T12:26:40Z", NULL},
    {"A: b\n", NULL, false, true, "2017-07-14T02:40:00Z", "nowhere"},
    {"A: b\n", NULL, false, false, "2027-01-15T08:00:00Z", "nowhere"},
    /* the From line was written by a program that put its own time there */
    {RECEIVED DATE, "From a Mon Jul  6 10:00:05 2026", true, true, "2024-01-01T10:00:00Z", "the From line says 2026-07-06"},
    {DATE, "From a Mon Jul  6 10:00:05 2026", true, true, "2026-07-06T10:00:05Z", NULL},
    /* the future, and the time before mail */
    {RECEIVED DATE, "From a Mon Jul  6 10:00:05 2099", true, true, "2024-01-01T10:00:00Z", "the From line says 2099-07-06"},
    {"Date: Mon, 1 Jan 2080 09:00:00 +0000\n", NULL, false, true, "2017-07-14T02:40:00Z", "Date says 2080-01-01"},
    {"Date: Mon, 2 Feb 1970 09:00:00 +0000\n", NULL, true, true, "2020-09-13T12:26:40Z", "Date says 1970-02-02"},
    {"Date: no day at all\n", "From nobody", true, true, "2020-09-13T12:26:40Z", NULL},
};

static void
test_times(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct import_clock clock = {times[i].from_line, times[i].has_file ? file_us : 0, times[i].has_previous ? previous_us : 0, now_us};
        const char *note;
        int64_t time_us = import_time(ctx, header_parse(ctx, blob_of(mem_printf(ctx, "%s\n", times[i].header))), &clock, &note);

        if (!str_eq(clock_iso(ctx, time_us), times[i].time) || (note == NULL) != (times[i].note == NULL) ||
            (note != NULL && strstr(note, times[i].note) == NULL))
            fail_msg("row %zu: %s, %s", i, clock_iso(ctx, time_us), note);
        talloc_free(ctx);
    }
}

static const struct { const char *from, *address, *name; } authors[] = {
    {"vondruch at redhat.com (=?ISO-8859-2?Q?V=EDt_Ondruch?=)", "vondruch@redhat.com", "V\xc3\xadt Ondruch"},
    {"Hana Sato <hana at example.org>", "hana@example.org", "Hana Sato"},
    {"hana(a)example.org", "hana@example.org", ""},
    {"hana at example.org", "hana@example.org", ""},
    {"hana@example.org (look at me.now)", NULL, NULL}, {"somebody at home", NULL, NULL}, {"", NULL, NULL},
};

static void
test_authors(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(authors); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        const struct address *author = import_author(ctx, header_parse(ctx, blob_of(mem_printf(ctx, "From: %s\n\n", authors[i].from))));

        if (!str_eq(author == NULL ? NULL : address_text(ctx, author), authors[i].address) ||
            (author != NULL && !str_eq(author->display, authors[i].name)))
            fail_msg("row %zu: %s \"%s\"", i, author == NULL ? "none" : address_text(ctx, author), author == NULL ? "" : author->display);
        talloc_free(ctx);
    }
}

static void
test_ids(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    uint8_t hash[SHA256_LEN] = {1, 2, 3};
    const char *made;

    (void)state;
    assert_string_equal(import_message_id(ctx, header_parse(ctx, blob_of("Message-ID: <a@b>\n\n")), hash, "lists.example.org"), "a@b");
    made = import_message_id(ctx, header_parse(ctx, blob_of("A: b\n\n")), hash, "lists.example.org");
    assert_string_equal(made, "aebagaaaaaaaaaaaaaaaaaaaaaaaaaaa@lists.example.org");
    talloc_free(ctx);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times), cmocka_unit_test(test_authors), cmocka_unit_test(test_ids),
    };

    mem_init();
    crypto_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
