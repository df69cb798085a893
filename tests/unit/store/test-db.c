/* test-db.c - the schema can be made, every statement is valid on it, and values come back as they went in */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/db-private.h"
#include "store/db.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

static struct db *
open_test_db(TALLOC_CTX *ctx)
{
    const char *dsn = getenv("KAIRAN_TEST_DSN");

    if (dsn == NULL)
        skip();
    return db_open(ctx, dsn, "test-db");
}

static struct db *other;
static char pid[DB_ANSWER_MAX];

static void
end_connection_after_the_first(enum migrate_news news, const struct migration *migration, int64_t took_ms)
{
    char answer[DB_ANSWER_MAX];

    (void)took_ms;
    if (news == MIGRATE_DONE && migration->number == 1)
        assert_int_equal(db_ask(other, "end", "SELECT pg_terminate_backend($1::int, 5000)", (const char *const[]){pid, NULL}, answer), STATUS_OK);
}

/* On an empty database. The new connection has not the lock: it goes no further. */
static void
a_lost_connection_ends_the_migrations(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct db *db = open_test_db(ctx);
    struct fault fault = {0};
    int version;

    (void)state;
    other = open_test_db(ctx);
    assert_int_equal(db_ask(db, "pid", "SELECT pg_backend_pid()", (const char *const[]){NULL}, pid), STATUS_OK);
    assert_int_equal(db_migrate(db, end_connection_after_the_first, &fault), STATUS_UNAVAILABLE);
    assert_non_null(strstr(fault.sentence, "the connection to the database was lost"));
    assert_int_equal(db_schema_version(db, &version), STATUS_OK);
    assert_int_equal(version, 1);
    talloc_free(ctx);
}

static void
migrates_twice_and_prepares_all(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct db *db = open_test_db(ctx);
    struct fault fault = {0};
    const char *failed;
    int version;

    (void)state;
    if (db_migrate(db, NULL, &fault) != STATUS_OK)
        fail_msg("%s", fault.sentence);
    assert_int_equal(db_migrate(db, NULL, &fault), STATUS_OK);
    assert_int_equal(db_schema_version(db, &version), STATUS_OK);
    assert_int_equal(version, db_schema_known());
    if (db_prepare_all(db, &failed) != STATUS_OK)
        fail_msg("statement %s: %s", failed, db_last_error(db));
    talloc_free(ctx);
}

static void
values_come_back(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct db *db = open_test_db(ctx);
    static const int64_t ints[] = {1, -5, INT64_MAX};
    static const char *const texts[] = {"", "回覧", "a'b\\c"};
    struct row_selftest_values *row;
    int64_t now = clock_now_us();

    (void)state;
    assert_int_equal(q_selftest_values(db, ctx, 42, 0, true, "日本語", (struct blob){(const uint8_t *)"a\0b", 3}, now,
                                       (struct int_array){ints, 3}, (struct text_array){texts, 3}, &row), STATUS_OK);
    assert_int_equal(row->a, 42);
    assert_int_equal(row->b, 0);
    assert_true(row->c);
    assert_string_equal(row->d, "日本語");
    assert_int_equal(row->e.len, 3);
    assert_memory_equal(row->e.data, "a\0b", 3);
    assert_true(row->f == now);
    assert_int_equal(row->g.count, 3);
    assert_true(row->g.items[2] == INT64_MAX);
    assert_int_equal(row->h.count, 3);
    assert_string_equal(row->h.items[1], "回覧");
    assert_string_equal(row->h.items[2], "a'b\\c");
    assert_int_equal(q_selftest_values(db, ctx, 0, 0, false, NULL, (struct blob){NULL, 0}, 0,
                                       (struct int_array){NULL, 0}, (struct text_array){NULL, 0}, &row), STATUS_OK);
    assert_int_equal(row->a, 0);
    assert_null(row->d);
    assert_null(row->e.data);
    assert_true(row->f == 0);
    assert_int_equal(row->h.count, 0);
    talloc_free(ctx);
}

/* As PostgreSQL itself puts them in order. */
static void
words_come_back(void **state)
{
    static const char *const texts[] = {"A\nB16.1\na'b\\c\nab\nabc\nb\n回\n回覧\n", "", "one\n"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct db *db = open_test_db(ctx);
    struct row_selftest_vectors *rows;
    size_t count;

    (void)state;
    assert_int_equal(q_selftest_vectors(db, ctx, (struct text_array){texts, 3}, &rows, &count), STATUS_OK);
    assert_int_equal(count, 3);
    assert_int_equal(rows[0].lexemes.count, 8);
    assert_string_equal(rows[0].lexemes.items[2], "a'b\\c");
    assert_string_equal(rows[0].lexemes.items[7], "回覧");
    assert_int_equal(rows[1].lexemes.count, 0);
    assert_string_equal(rows[2].lexemes.items[0], "one");
    assert_int_equal(q_selftest_vectors(db, ctx, (struct text_array){NULL, 0}, &rows, &count), STATUS_OK);
    assert_int_equal(count, 0);
    talloc_free(ctx);
}

static void
failures_are_named(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct db *db = open_test_db(ctx), *nowhere;
    struct row_selftest_values *row;

    (void)state;
    assert_int_equal(db_begin(db), STATUS_OK);
    assert_int_equal(q_token_key_add(db, 1, (struct blob){(const uint8_t *)"short", 5}, clock_now_us(), NULL),
                     STATUS_INVALID);
    db_rollback(db);
    nowhere = db_open(ctx, "host=/nowhere dbname=x", "test-db");
    assert_false(db_is_connected(nowhere));
    assert_int_equal(q_selftest_values(nowhere, ctx, 1, 1, true, "", (struct blob){NULL, 0}, 0,
                                       (struct int_array){NULL, 0}, (struct text_array){NULL, 0}, &row),
                     STATUS_UNAVAILABLE);
    talloc_free(ctx);
}

/* As after a restart of the server: whoever asks next must not be told of it. */
static void
an_end_while_nothing_is_asked_is_not_seen(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct db *db = open_test_db(ctx);
    unsigned generation = db_generation(db);
    char answer[DB_ANSWER_MAX];

    (void)state;
    other = open_test_db(ctx);
    assert_int_equal(db_ask(db, "pid", "SELECT pg_backend_pid()", (const char *const[]){NULL}, pid), STATUS_OK);
    assert_int_equal(db_ask(other, "end", "SELECT pg_terminate_backend($1::int, 5000)", (const char *const[]){pid, NULL}, answer), STATUS_OK);
    assert_string_equal(answer, "t");
    assert_int_equal(db_begin(db), STATUS_OK);
    assert_int_equal(db_commit(db), STATUS_OK);
    assert_int_not_equal(db_generation(db), generation);
    talloc_free(ctx);
}

static void
ways_to_the_server(void **state)
{
    static const struct { const char *conninfo, *service; bool by_network; } rows[] = {
        {"dbname=kairan user=kairan_worker", NULL, false}, {"host=/run/postgresql", NULL, false}, {"host=@kairan", NULL, false},
        {"host=db.example.org", NULL, true}, {"host=/run/postgresql,db.example.org", NULL, true}, {"hostaddr=192.0.2.1", NULL, true},
        {"service=kairan", NULL, true}, {"dbname=kairan", "kairan", true}, {"service=''", "", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].service != NULL)
            setenv("PGSERVICE", rows[i].service, 1);
        if (db_is_by_network(rows[i].conninfo) != rows[i].by_network)
            fail_msg("row %zu", i);
        unsetenv("PGSERVICE");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_connection_ends_the_migrations),
        cmocka_unit_test(migrates_twice_and_prepares_all),
        cmocka_unit_test(ways_to_the_server),
        cmocka_unit_test(values_come_back), cmocka_unit_test(words_come_back),
        cmocka_unit_test(failures_are_named),
        cmocka_unit_test(an_end_while_nothing_is_asked_is_not_seen),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
