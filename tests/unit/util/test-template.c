/* test-template.c - templates escape, translate and fail loudly; catalogues are read as libintl reads them */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/clock.h"
#include "util/log.h"
#include "util/template.h"
#include "util/when.h"

/* ClearSilver forgets a few bytes of a template that does not compile; programs end then. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
    return "leak:cs_parse_string\n";
}

static char folder[] = "/tmp/kairan-template.XXXXXX";

static void
write_file(const char *name, const void *bytes, size_t len)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fwrite(bytes, 1, len, file);
    fclose(file);
}

static void
write_text(const char *name, const char *text)
{
    write_file(name, text, strlen(text));
}

/* A catalogue of three texts, as msgfmt would write it (without its hash table). */
static void
write_catalogue(void)
{
    static const struct { const char *in; size_t in_len; const char *out; } texts[] = {
        {"%1 post\0%1 posts", 16, "投稿%1件"}, {"Join", 4, "参加する"}, {"Unset", 5, ""},
    };
    uint32_t words[7 + 12] = {0x950412de, 0, 3, 28, 28 + 24, 0, 0}, at = sizeof(words);
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *pool = str_new(ctx), *file = str_new(ctx);

    for (size_t i = 0; i < 3; i++) {
        words[7 + 2 * i] = (uint32_t)texts[i].in_len;
        words[8 + 2 * i] = at + (uint32_t)pool->len;
        str_addn(pool, texts[i].in, texts[i].in_len + 1);
        words[13 + 2 * i] = (uint32_t)strlen(texts[i].out);
        words[14 + 2 * i] = at + (uint32_t)pool->len;
        str_addn(pool, texts[i].out, strlen(texts[i].out) + 1);
    }
    str_addn(file, words, sizeof(words));
    str_addn(file, pool->s, pool->len);
    write_file("ja.mo", file->s, file->len);
    talloc_free(ctx);
}

static int
set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    write_catalogue();
    return 0;
}

static int
tear_down(void **state)
{
    char command[300];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command);
}

static void
texts_are_translated(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct i18n *i18n = i18n_open(ctx, folder);
    const struct lang *en = i18n_lang(i18n, "en"), *ja = i18n_lang(i18n, "ja");

    (void)state;
    assert_string_equal(tr(ja, "Join"), "参加する");
    assert_string_equal(tr(en, "Join"), "Join");
    assert_string_equal(tr(ja, "Unset"), "Unset");
    assert_string_equal(tr(ja, "Unknown"), "Unknown");
    assert_string_equal(trn(ja, "%1 post", "%1 posts", 1), "投稿%1件");
    assert_string_equal(trn(ja, "%1 post", "%1 posts", 7), "投稿%1件");
    assert_string_equal(trn(en, "%1 post", "%1 posts", 1), "%1 post");
    assert_string_equal(trn(en, "%1 post", "%1 posts", 0), "%1 posts");
    assert_string_equal(tr_fill(ctx, "%2, %1 100%%%3", "a", "b", NULL), "b, a 100%");
    assert_null(i18n_lang(i18n, "xx"));
    assert_null(i18n_lang(i18n, NULL));
    talloc_free(ctx);
}

static void
browsers_are_heard(void **state)
{
    static const struct { const char *field, *code; } rows[] = {
        {"ja", "ja"}, {"ja-JP,ja;q=0.9,en;q=0.8", "ja"}, {"en-GB, ja;q=0.5", "en"}, {"fr, ja;q=0.3", "ja"}, {"fr", NULL},
        {"", NULL}, {NULL, NULL}, {"en;q=0, ja;q=0.1", "ja"}, {";;;,,,q=", NULL}, {"JA", "ja"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct i18n *i18n = i18n_open(ctx, folder);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct lang *lang = i18n_accepted(i18n, rows[i].field);

        if (!str_eq(lang != NULL ? lang_code(lang) : NULL, rows[i].code))
            fail_msg("row %zu", i);
    }
    talloc_free(ctx);
}

static void
damaged_catalogues_are_left_out(void **state)
{
    static const uint32_t liar[] = {0x950412de, 0, 0x10000000, 28, 28, 0, 0}, far[] = {0x950412de, 0, 1, 28, 36, 0, 0, 5, 9999, 0, 0};

    (void)state;
    for (int i = 0; i < 3; i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);

        if (i == 0)
            write_file("ja.mo", liar, sizeof(liar));
        else if (i == 1)
            write_file("ja.mo", far, sizeof(far));
        else
            write_text("ja.mo", "x");
        assert_string_equal(tr(i18n_lang(i18n_open(ctx, folder), "ja"), "Join"), "Join");
        talloc_free(ctx);
    }
    write_catalogue();
}

static void
pages_escape_once(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct lang *ja = i18n_lang(i18n_open(ctx, folder), "ja");
    struct templates *templates;
    struct fault fault = {0};
    struct out *data = out_new(ctx), *rows;
    struct str *text = str_new(ctx);

    (void)state;
    write_text("_part.cs", "<?cs def:b(x) ?><b title=\"<?cs var:x ?>\"><?cs var:x ?></b><?cs /def ?>");
    write_text("page.cs", "<?cs include:\"_part.cs\" ?><?cs var:t(\"Join\") ?>|<?cs call:b(A.evil) ?>|<?cs each:r = Rows ?><?cs var:r.n ?>;"
               "<?cs /each ?>|<?cs var:tn(\"%1 post\", \"%1 posts\", #3) ?>|<?cs var:t1(\"<%1>\", A.evil) ?>|"
               "<?cs var:href(A.url) ?>|<?cs var:href(\"/a?b=1&c\") ?>|<?cs if:A.no ?>yes<?cs else ?>no<?cs /if ?>");
    if (templates_open(ctx, folder, TEMPLATE_HTML, &templates, &fault) != STATUS_OK)
        fail_msg("%s", fault.sentence);
    out_text(out_object(data, "A"), "evil", "<script>\"'&");
    out_text(out_object(data, "A"), "url", "javascript:alert(1)");
    out_bool(out_object(data, "A"), "no", false);
    rows = out_rows(data, "Rows");
    for (int i = 1; i < 4; i++)
        out_int(out_row(rows), "n", i);
    for (int round = 0; round < 2; round++) {
        str_clear(text);
        assert_int_equal(template_render(templates, "page", ja, data, text), STATUS_OK);
        assert_string_equal(text->s, "参加する|<b title=\"&lt;script&gt;&quot;&#39;&amp;\">&lt;script&gt;&quot;&#39;&amp;</b>|1;2;3;|"
                            "投稿3件|&lt;&lt;script&gt;&quot;&#39;&amp;&gt;|#|/a?b=1&amp;c|no");
    }
    assert_false(template_exists(templates, "_part"));
    assert_true(template_exists(templates, "page"));
    assert_string_equal(template_name(templates, 0), "page");
    assert_null(template_name(templates, 1));
    talloc_free(ctx);
}

static void
mails_do_not_escape(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct templates *templates;
    struct out *data = out_new(ctx);
    struct str *text = str_new(ctx);

    (void)state;
    write_text("page.cs", "<?cs var:Name ?>: <?cs var:t(\"Join\") ?> & more");
    assert_int_equal(templates_open(ctx, folder, TEMPLATE_TEXT, &templates, NULL), STATUS_OK);
    out_text(data, "Name", "A & \"B\" <c>");
    assert_int_equal(template_render(templates, "page", i18n_nth(i18n_open(ctx, folder), 0), data, text), STATUS_OK);
    assert_string_equal(text->s, "A & \"B\" <c>: Join & more");
    talloc_free(ctx);
}

static void
broken_templates_are_found_at_once(void **state)
{
    static const char *const broken[] = {"<?cs if:a ?>", "<?cs nonsense ?>", "<?cs var:unknown_function(a) ?>", "<?cs include:\"absent.cs\" ?>",
                                         "<?cs include:\"/etc/hostname\" ?>"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct templates *templates;
        struct fault fault = {0};

        write_text("page.cs", broken[i]);
        if (templates_open(ctx, folder, TEMPLATE_HTML, &templates, &fault) != STATUS_BROKEN || fault.sentence == NULL)
            fail_msg("row %zu", i);
        talloc_free(ctx);
    }
}

static void
times_are_words(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct lang *en = i18n_nth(i18n_open(ctx, folder), 0);
    const int64_t at = INT64_C(1795223520) * US_PER_S;     /* 2026-11-21 01:12 UTC */
    int year, month;

    (void)state;
    when_zone("Asia/Tokyo");
    assert_string_equal(when_full(ctx, en, at), "21 Nov 2026, 10:12");
    assert_string_equal(when_day(ctx, en, at), "21 Nov 2026");
    assert_string_equal(when_zone_name(at), "JST");
    when_archive_month(INT64_C(1798732800) * US_PER_S, &year, &month);     /* 2026-12-31 16:00 UTC, next year in Tokyo */
    assert_int_equal(year * 100 + month, 202612);
    assert_string_equal(when_month(ctx, en, 2026, 11), "November 2026");
    assert_string_equal(when_ago(ctx, en, at, at + 30 * US_PER_S), "just now");
    assert_string_equal(when_ago(ctx, en, at, at + 61 * US_PER_S), "1 minute ago");
    assert_string_equal(when_ago(ctx, en, at, at + 7300 * US_PER_S), "2 hours ago");
    assert_string_equal(when_ago(ctx, en, at, at + 90000 * US_PER_S), "21 Nov 2026");
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_translated), cmocka_unit_test(browsers_are_heard),
        cmocka_unit_test(damaged_catalogues_are_left_out), cmocka_unit_test(pages_escape_once),
        cmocka_unit_test(mails_do_not_escape), cmocka_unit_test(broken_templates_are_found_at_once),
        cmocka_unit_test(times_are_words),
    };

    mem_init();
    log_open("test-template");
    log_show(LOG_LEVEL_ERROR, LOG_ADDRESSES_DOMAIN);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
