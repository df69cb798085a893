/* test-header.c - fields found in raw bytes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mime/header.h"
#include "util/str.h"

static const struct { const char *message; size_t count, body; unsigned defects; const char *name, *value; } rows[] = {
    {"", 0, 0, HEADER_UNENDED, "From", NULL},
    {"\r\n", 0, 2, 0, "From", NULL},
    {"\r\nFrom: a\r\n", 0, 2, 0, "From", NULL},
    {"Subject: a b\r\n\r\nbody", 1, 16, 0, "subject", "a b"},
    {"Subject:a\r\n\r\n", 1, 13, 0, "SUBJECT", "a"},
    {"Subject : a\r\n\r\n", 1, 15, 0, "Subject", "a"},
    {"Subject:\r\n a\r\n\tb \r\n\r\n", 1, 21, 0, "Subject", "a\tb"},
    {"Subject:\r\n\r\n", 1, 12, 0, "Subject", ""},
    {"Subject", 0, 0, HEADER_NO_COLON, "Subject", NULL},
    {"Subject: a", 1, 10, HEADER_UNENDED, "Subject", "a"},
    {"Subject: a\r\n ", 1, 13, HEADER_UNENDED, "Subject", "a"},
    {"Subject: a\nTo: b\n\nbody", 2, 18, 0, "To", "b"},
    {"Subject: a\r\nno field here\r\nFrom: b\r\n\r\n", 2, 38, HEADER_NO_COLON, "From", "b"},
    {"Subject: a\r\nno field here\r\n folded: x\r\nFrom: b\r\n\r\n", 2, 50, HEADER_NO_COLON, "From", "b"},
    {"Subject: a\r\nno field here\r\nFrom: b\r\n", 1, 12, HEADER_NO_COLON, "From", NULL},
    {"just text\r\n\r\nFrom: b\r\n", 0, 0, HEADER_NO_COLON, "From", NULL},
    {" folded: x\r\n\r\n", 0, 0, HEADER_NO_COLON, "folded", NULL},
    {"From a@b Sat Jan  3 01:05:34 1996\r\nFrom: c\r\n\r\n", 1, 46, HEADER_MBOX_LINE, "From", "c"},
    {"From a@b Sat Jan  3 01:05:34 1996\r\n\r\nx", 0, 37, HEADER_MBOX_LINE, "From", NULL},
    {"From a@b Sat\r\ntext\r\n", 0, 14, HEADER_MBOX_LINE | HEADER_NO_COLON, "From", NULL},
    {">From - Fri Dec 13 15:01:21 1996\r\nFrom: c\r\n\r\n", 1, 45, HEADER_MBOX_LINE, "From", "c"},
    {"From \r\nFrom: c\r\n\r\n", 1, 18, HEADER_MBOX_LINE, "From", "c"},
    {"From\r\n : a@b\r\nTo: c\r\n\r\n", 0, 0, HEADER_NO_COLON, "From", NULL},
    {"From : a@b\r\n\r\n", 1, 14, 0, "From", "a@b"},
    {"From: a\r\nFrom: b\r\n\r\n", 2, 20, 0, "From", "a"},
    {": no name\r\nA: b\r\n\r\n", 0, 0, HEADER_NO_COLON, "A", NULL},
    {"A\xe3: b\r\nC: d\r\n\r\n", 0, 0, HEADER_NO_COLON, "C", NULL},
};

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct header *header = header_parse(NULL, blob_of(rows[i].message));
        char *value = header_get(header, header, rows[i].name);

        if (header->count != rows[i].count || header->body_offset != rows[i].body || header->defects != rows[i].defects ||
            !str_eq(value, rows[i].value))
            fail_msg("row %zu: count %zu body %zu defects %u value %s", i, header->count, header->body_offset,
                     header->defects, value != NULL ? value : "(none)");
        talloc_free(header);
    }
}

/* Fields stand one behind the other: together with the defects they are the header. */
static void
test_raw(void **state)
{
    const char *message = "A: 1\r\n 2\r\nB: 3\r\na: 4\r\n\r\nbody";
    struct header *header = header_parse(NULL, blob_of(message));
    const uint8_t *p = (const uint8_t *)message;

    (void)state;
    for (size_t i = 0; i < header->count; i++) {
        assert_ptr_equal(header->fields[i].start, p);
        p += header->fields[i].len;
    }
    assert_memory_equal(p, "\r\nbody", 6);
    assert_int_equal(header_count(header, "a"), 2);
    assert_string_equal(header_value(header, header_find(header, "A", 1)), "4");
    assert_null(header_find(header, "A", 2));
    assert_memory_equal(header->fields[0].value, " 1\r\n 2", 6);
    assert_int_equal(header->fields[0].value_len, 6);
    assert_null(header_value(header, NULL));
    assert_int_equal(header_raw(NULL).len, 0);
    talloc_free(header);
}

static void
test_bounds(void **state)
{
    struct str *text = str_new(NULL);
    struct header *header;

    (void)state;
    for (int i = 0; i < 12000; i++)
        str_add(text, "X: y\r\n");
    str_add(text, "\r\nbody");
    header = header_parse(text, str_blob(text));
    assert_int_equal(header->count, HEADER_FIELDS_MAX);
    assert_int_equal(header->defects, HEADER_CUT);
    assert_int_equal(header->body_offset, text->len - 4);

    str_clear(text);
    str_add(text, "X: ");
    for (int i = 0; i < 30000; i++)
        str_add(text, "0123456789012345678901234567890123456789012345678901234567890123456789\r\n ");
    str_add(text, "\r\nFrom: late\r\n\r\nbody");
    header = header_parse(text, str_blob(text));
    assert_int_equal(header->count, 1);
    assert_int_equal(header->defects, HEADER_CUT | HEADER_VALUE_CUT);
    assert_int_equal(header->fields[0].value_len, HEADER_FIELD_MAX);
    assert_int_equal(header->body_offset, text->len - 4);
    assert_memory_equal(header->fields[0].start + header->fields[0].len, "From: late", 10);
    talloc_free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows), cmocka_unit_test(test_raw), cmocka_unit_test(test_bounds)};

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
