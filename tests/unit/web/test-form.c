/* test-form.c - forms, query strings and cookies are read, and what is not well-formed is refused */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "util/str.h"
#include "web/form.h"

/* The fields as "name=value|name=value", or "!" for a refusal. */
static const char *
written(TALLOC_CTX *ctx, enum status status, const struct form *form)
{
    struct str *out = str_new(ctx);

    if (status != STATUS_OK)
        return "!";
    for (size_t i = 0; i < form->count; i++)
        if (form->rows[i].filename == NULL)
            str_addf(out, "%s%s=%s", i > 0 ? "|" : "", form->rows[i].name, form->rows[i].value);
        else
            str_addf(out, "%s%s=%s%.*s@%s", i > 0 ? "|" : "", form->rows[i].name, form->rows[i].value,
                     (int)form->rows[i].file.len, (const char *)form->rows[i].file.data, form->rows[i].filename);
    return out->s;
}

static void
urlencoded_is_read(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"", ""},
        {"a=1&b=2", "a=1|b=2"},
        {"a=1&a=2", "a=1|a=2"},
        {"a", "a="},
        {"&&a=1&&", "a=1"},
        {"a=x+y%2Bz", "a=x y+z"},
        {"a=%E5%9B%9E%E8%A6%A7", "a=回覧"},
        {"a=b=c", "a=b=c"},
        {"a=%E5%9B", "!"},
        {"a=%", "!"},
        {"a=%4", "!"},
        {"a=%zz", "!"},
        {"a=%00b", "!"},
        {"a=\xff", "!"},
        {"a=%0d%0ab", "a=\r\nb"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=1", "!"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct form *form = NULL;
        enum status status = form_urlencoded(ctx, blob_of(rows[i].in), &form);

        if (!str_eq(written(ctx, status, form), rows[i].out))
            fail_msg("row %zu: %s", i, written(ctx, status, form));
        talloc_free(ctx);
    }
}

static void
too_many_fields_are_refused(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *many = str_new(ctx);
    struct form *form;

    (void)state;
    for (int i = 0; i < FORM_FIELDS_MAX; i++)
        str_add(many, "a=1&");
    assert_int_equal(form_urlencoded(ctx, str_blob(many), &form), STATUS_OK);
    assert_int_equal(form->count, FORM_FIELDS_MAX);
    str_add(many, "a=1");
    assert_int_equal(form_urlencoded(ctx, str_blob(many), &form), STATUS_INVALID);
    talloc_free(ctx);
}

static void
multipart_is_read(void **state)
{
    static const struct { const char *type, *in, *out; } rows[] = {
        {"multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--X--\r\n", "a=1"},
        {"multipart/form-data; boundary=\"X y\"", "--X y\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--X y--", "a="},
        {"multipart/form-data; boundary=X",
         "--X\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f.txt\"\r\nContent-Type: text/plain\r\n\r\nl1\r\nl2\r\n"
         "--X\r\ncontent-disposition: form-data; name=\"b\"\r\n\r\n回\r\n--X--\r\n", "a=l1\r\nl2@f.txt|b=回"},
        {"multipart/form-data", "--X\r\n", "!"},
        {"multipart/form-data; boundary=X", "--Y--", "!"},
        {"multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n", "!"},
        {"multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data\r\n\r\n1\r\n--X--", "!"},
        {"multipart/form-data; boundary=X", "--X\r\n\r\n--X--", "!"},
        {"multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--X--", "!"},
        {"multipart/form-data; boundary=X", "--X", "!"},
        {"text/plain", "a=1", "!"},
        {"application/x-www-form-urlencoded; charset=utf-8", "a=1", "a=1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct form *form = NULL;
        enum status status = form_read(ctx, rows[i].type, blob_of(rows[i].in), &form);

        if (!str_eq(written(ctx, status, form), rows[i].out))
            fail_msg("row %zu: %s", i, written(ctx, status, form));
        talloc_free(ctx);
    }
}

static void
cookies_are_found(void **state)
{
    static const struct { const char *in, *name, *out; } rows[] = {
        {NULL, "a", NULL}, {"", "a", NULL}, {"a=1", "a", "1"}, {"b=2; a=1", "a", "1"}, {"xa=2;a=1", "a", "1"},
        {"a=1; a=2", "a", "1"}, {"a=", "a", ""}, {"ab=1", "a", NULL}, {"; ;a=1 ;b=2", "a", "1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);

        if (!str_eq(cookie_get(ctx, rows[i].in, rows[i].name), rows[i].out))
            fail_msg("row %zu", i);
        talloc_free(ctx);
    }
}

static void
urls_go_round(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *back;

    (void)state;
    assert_string_equal(url_escape(ctx, "/a b&ü~"), "%2Fa%20b%26%C3%BC~");
    assert_true(url_unescape(ctx, "%2Fa%20b+", 9, false, &back));
    assert_string_equal(back, "/a b+");
    assert_false(url_unescape(ctx, "%41", 2, false, &back));
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urlencoded_is_read), cmocka_unit_test(too_many_fields_are_refused),
        cmocka_unit_test(multipart_is_read), cmocka_unit_test(cookies_are_found), cmocka_unit_test(urls_go_round),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
