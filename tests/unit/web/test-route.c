/* test-route.c - every address has one row, nothing else exists, and every row says what it may take */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "util/str.h"
#include "web/response.h"
#include "web/route.h"

static void
paths_find_their_rows(void **state)
{
    static const struct { enum route_method method; const char *path; enum status status; const char *name; } rows[] = {
        {ROUTE_GET, "/", STATUS_OK, "home"},
        {ROUTE_POST, "/", STATUS_METHOD, NULL},
        {ROUTE_GET, "/language", STATUS_OK, "language"},
        {ROUTE_POST, "/language", STATUS_OK, "language_set"},
        {ROUTE_GET, "/language/", STATUS_NOT_FOUND, NULL},
        {ROUTE_GET, "/nothing", STATUS_NOT_FOUND, NULL},
        {ROUTE_GET, "", STATUS_NOT_FOUND, NULL},
        {ROUTE_GET, "//", STATUS_NOT_FOUND, NULL},
        {ROUTE_GET, "/lists/../", STATUS_NOT_FOUND, NULL},
        {ROUTE_GET, "/lists/a/../b/", STATUS_NOT_FOUND, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct route_params params;
        const struct route *route = NULL;

        if (route_find(ctx, rows[i].method, rows[i].path, &route, &params) != rows[i].status ||
            (rows[i].name != NULL && !str_eq(route->name, rows[i].name)))
            fail_msg("row %zu: %s", i, rows[i].path);
        talloc_free(ctx);
    }
}

/* JSON is printed by the page's handler, which asks for the page's fields. */
static void
json_takes_what_its_page_takes(void **state)
{
    (void)state;
    for (const struct route *json = route_rows(); json->name != NULL; json++)
        for (const struct route *page = route_rows(); page->name != NULL; page++) {
            size_t len = strlen(page->name);

            if (strncmp(json->name, page->name, len) == 0 && str_eq(json->name + len, "_json") &&
                (!str_eq(json->fields, page->fields) || json->right != page->right || json->form != page->form))
                fail_msg("%s: fields, right or form are not those of %s", json->name, page->name);
        }
}

/* A page that changes something takes a form and says how large; one that shows takes no body. */
static void
rows_are_complete(void **state)
{
    (void)state;
    for (const struct route *row = route_rows(); row->name != NULL; row++) {
        bool is_get = row->method == ROUTE_GET;

        if (row->right >= RIGHT_COUNT || str_is_empty(row->label) || row->handler == NULL || row->pattern[0] != '/')
            fail_msg("%s: not complete", row->name);
        if (is_get != (route_is_kept(row) || row->form == ROUTE_OWN || row->form == ROUTE_PROBE) || is_get != (row->body_limit == 0))
            fail_msg("%s: method, form and body limit do not fit together", row->name);
        if (row->right != RIGHT_DOMAIN &&       /* of a list, of a path's domain, or of any */
            (row->right >= RIGHT_SEE && row->right <= RIGHT_OWN) != (strstr(row->pattern, "{list}") != NULL))
            fail_msg("%s: a right on a list needs {list}, and the other way round", row->name);
        if (row->form == ROUTE_LINK && strstr(row->pattern, "{token}") == NULL)
            fail_msg("%s: only a token may stand for a form's mark", row->name);
        if (route_is_kept(row) && row->right != RIGHT_ANYBODY && row->right != RIGHT_SEE && row->right != RIGHT_READ)
            fail_msg("%s: a page for some people is not shared", row->name);
        if ((row->form == ROUTE_ARCHIVE || row->form == ROUTE_THREAD) && strstr(row->pattern, "{list}") == NULL)
            fail_msg("%s: a version is that of a list", row->name);
        if (row->form == ROUTE_THREAD && strstr(row->pattern, "{hash}") == NULL)
            fail_msg("%s: a thread is found by a post's hash", row->name);
    }
}

static void
fields_are_declared(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct route route = {.fields = "email=254 note~2000 id+20 set.* page:8"};
    static const struct { const char *name; bool found; enum field_kind kind; size_t max; } rows[] = {
        {"email", true, FIELD_FOLDED, 254}, {"note", true, FIELD_LINES, 2000}, {"id", true, FIELD_REPEATED, 20},
        {"set.anything", true, FIELD_FAMILY, 400000}, {"page", true, FIELD_LINE, 8}, {"pages", false, 0, 0},
        {"e", false, 0, 0}, {"", false, 0, 0}, {"set", false, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct field_rule rule = {0};

        if (route_field(ctx, &route, rows[i].name, &rule) != rows[i].found)
            fail_msg("row %zu: %s", i, rows[i].name);
        if (rows[i].found && (rule.kind != rows[i].kind || rule.max != rows[i].max))
            fail_msg("row %zu: kind or length of %s", i, rows[i].name);
    }
    talloc_free(ctx);
}

static void
answers_hold_no_line_ends(void **state)
{
    static const struct { const char *path; bool here; } paths[] = {
        {"/", true}, {"/lists/a/?before=1", true}, {"//evil.example/", false}, {"/\\evil.example", false}, {"https://x/", false},
        {"", false}, {NULL, false}, {"/a\r\nSet-Cookie: x=y", false}, {"/a\x7f", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        if (path_is_here(paths[i].path) != paths[i].here)
            fail_msg("row %zu", i);
    for (const char *const *bad = (const char *const[]){"a\r\nb", "a\nb", "a\rb", "\x01", NULL}; *bad != NULL; bad++) {
        struct response *response = response_new(NULL);

        response_field(response, "X-Test", *bad);
        str_add(response->body, "secret");
        assert_null(strstr(response_text(response, response, false)->s, "X-Test"));
        assert_null(strstr(response_text(response, response, false)->s, "secret"));
        assert_non_null(strstr(response_text(response, response, false)->s, "Status: 500"));
        talloc_free(response);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_find_their_rows), cmocka_unit_test(rows_are_complete), cmocka_unit_test(json_takes_what_its_page_takes),
        cmocka_unit_test(fields_are_declared), cmocka_unit_test(answers_hold_no_line_ends),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
