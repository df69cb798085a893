/* test-csv.c - rows of tables, as spreadsheets write them and as hands break them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/csv.h"

/* Cells of a row are joined by "|", rows by "/", each row begins with its line's number. */
static const struct { char separator; const char *text, *out; } rows[] = {
    {',', "", ""},
    {',', "a,b", "1:a|b"},
    {',', "a,b\nc,d\n", "1:a|b/2:c|d"},
    {',', "a,,b,", "1:a||b|"},
    {',', "\n\n,,\na\n", "4:a"},
    {',', "\"a,b\",c", "1:a,b|c"},
    {',', "\"a \"\"b\"\"\",c", "1:a \"b\"|c"},
    {',', "\"a\nb\",c\nd", "1:a\nb|c/3:d"},
    {',', " \"a\" , b ", "1:a|b"},
    {',', "a\"b,c", "1:a\"b|c"},
    {',', "\"a,b\nc,d", "1!\"a|b/2:c|d"},
    {',', "\"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\",x\ny", "1!\"1/2:2/3:3/4:4/5:5/6:6/7:7/8:8/9:9/10:10/11:11/12:12\"|x/13:y"},
    {',', "\"Hana\" Sato,b\nc", "1:\"Hana\" Sato|b/2:c"},
    {',', "\"a,b\n\"c\",d\ne", "1!\"a|b/2:c|d/3:e"},
    {',', "\"a\" ,b", "1:a|b"},
    {'\t', "a\tb\n\tc", "1:a|b/2:|c"},
    {'\t', "\"a\tb\"\tc", "1:a\tb|c"},
    {';', "a;b,c", "1:a|b,c"},
};

static char *
read_all(TALLOC_CTX *ctx, const char *text, char separator)
{
    struct str *out = str_new(ctx);
    struct csv csv;
    struct csv_row row;

    csv_start(&csv, text, separator);
    while (csv_next(&csv, ctx, &row)) {
        str_addf(out, "%s%zu%c", out->len > 0 ? "/" : "", row.line, row.is_torn ? '!' : ':');
        for (size_t i = 0; i < row.count; i++)
            str_addf(out, "%s%s", i > 0 ? "|" : "", row.cells[i]);
    }
    return out->s;
}

static void
test_rows(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *out = read_all(ctx, rows[i].text, rows[i].separator);

        if (!str_eq(out, rows[i].out))
            fail_msg("row %zu: %s", i, out);
    }
    talloc_free(ctx);
}

static void
test_separators(void **state)
{
    static const struct { const char *text; char separator; } cases[] = {
        {"", ','}, {"a", ','}, {"a;b", ';'}, {"a\tb,c\td", '\t'}, {"a\nb;c", ';'}, {"\"a,b,c\";d", ';'}, {"a,b\nc;d;e", ','},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (csv_separator(cases[i].text) != cases[i].separator)
            fail_msg("case %zu: '%c'", i, csv_separator(cases[i].text));
}

static void
test_written_cells_come_back(void **state)
{
    static const struct { const char *text, *written; } cases[] = {
        {"plain", "plain"}, {"", ""}, {"a,b", "\"a,b\""}, {"say \"hi\"", "\"say \"\"hi\"\"\""}, {"two\nlines", "\"two\nlines\""},
        {"=1+1", "'=1+1"}, {"+81 3", "'+81 3"}, {"-x", "'-x"}, {"@SUM(A1)", "'@SUM(A1)"}, {"=\"a\"", "\"'=\"\"a\"\"\""}, {"'quoted", "'quoted"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str *out = str_new(ctx);
        struct csv csv;
        struct csv_row row;

        csv_put(out, ',', true, cases[i].text);
        if (!str_eq(out->s, cases[i].written))
            fail_msg("case %zu: %s", i, out->s);
        csv_put(out, ',', false, "x");
        csv_start(&csv, out->s, ',');
        assert_true(csv_next(&csv, ctx, &row));
        if (!str_eq(csv_plain(row.cells[0]), cases[i].text) || !str_eq(row.cells[1], "x"))
            fail_msg("case %zu comes back as %s", i, row.cells[0]);
    }
    talloc_free(ctx);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_separators),
        cmocka_unit_test(test_written_cells_come_back),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
