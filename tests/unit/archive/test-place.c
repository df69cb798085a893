/* test-place.c - posts placed one by one, in any order, on a real database: the threads that archive/thread.h makes of all of them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../database.h"
#include "../mime/corpus.h"
#include "archive/place.h"
#include "archive/thread-change.h"
#include "mails.h"
#include "mime/normal.h"
#include "policy/domain.h"
#include "policy/list.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

struct world {
    TALLOC_CTX *ctx;
    struct db *db;
    struct domain *domain;
    int lists;
};

static int
make_world(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct world *world = mem_new(ctx, struct world);
    struct fault fault = {0};

    world->ctx = ctx;
    world->db = database_open(ctx, "test-place");
    if (world->db == NULL)
        return -1;
    assert_int_equal(domain_create(world->db, &operator, ctx, "life.example", NULL, NULL, &world->domain, &fault), STATUS_OK);
    *state = world;
    return 0;
}

static int64_t
make_list(struct world *world)
{
    struct list_order order = {.name = mem_printf(world->ctx, "list%d", ++world->lists), .domain = "life.example"};
    struct fault fault = {0};
    struct list *list;

    assert_int_equal(list_make(world->db, &operator, world->ctx, &order, NULL, &list, &fault), STATUS_OK);
    return list->id;
}

/* The message of a post that comes, and its number and name. */
static struct place_one
coming(struct world *world, TALLOC_CTX *ctx, int64_t list_id, const struct mail *mail)
{
    struct summary *summary = mem_new(ctx, struct summary);
    struct place_one one = {.summary = summary};
    struct row_message_receive *row;

    *summary = *mail->summary;
    summary->message_id = mail->id;
    one.accepted_us = summary->date_us != 0 ? summary->date_us : 1;
    assert_int_equal(q_message_receive(world->db, ctx, list_id, mail->bytes, (int64_t)mail->bytes.len, (struct blob){mail->digest, 32}, 0, "",
                                       "list@life.example", "post", NULL, NULL, NULL, NULL, false, one.accepted_us, "accepted", &row), STATUS_OK);
    one.message_id = row->id;
    assert_int_equal(place_begin(world->db, ctx, list_id, "life.example", summary, &one.place), STATUS_OK);
    return one;
}

/* As the accepting path does it. */
static int64_t
post(struct world *world, TALLOC_CTX *ctx, int64_t list_id, const struct mail *mail)
{
    struct place_one one = coming(world, ctx, list_id, mail);
    struct place_post post = {.message_id = one.message_id, .accepted_us = one.accepted_us, .archived = true};
    int64_t id = 0;

    assert_int_equal(place_post(world->db, ctx, &one.place, one.summary, &post, &id), STATUS_OK);
    return id;
}

/* As the importer does it. */
static void
post_many(struct world *world, TALLOC_CTX *ctx, int64_t list_id, const struct mail *mails, const size_t *order, size_t count)
{
    struct place_one *posts = mem_array(ctx, struct place_one, count);

    for (size_t i = 0; i < count; i++) {
        posts[i] = coming(world, ctx, list_id, &mails[order[i]]);
        posts[i].place.hash = mem_printf(ctx, "%s-%lld", posts[i].place.hash, (long long)posts[i].place.number);
    }
    assert_int_equal(place_many(world->db, list_id, posts, count), STATUS_OK);
}

/* The threads of a list as forest_text() says them. */
static char *
stored_text(struct world *world, TALLOC_CTX *ctx, int64_t list_id)
{
    struct row_thread_ids *threads;
    struct sent *sent = NULL;
    struct thread_leaf *leaves = NULL;
    size_t *labels = NULL, thread_count, count = 0;

    assert_int_equal(q_thread_ids(world->db, ctx, list_id, 0, 100000, &threads, &thread_count), STATUS_OK);
    for (size_t i = 0; i < thread_count; i++) {
        struct row_thread_leaves *rows;
        size_t some;

        assert_int_equal(q_thread_leaves(world->db, ctx, threads[i].id, 100000, &rows, &some), STATUS_OK);
        assert_true(some > 0);
        sent = mem_resize(ctx, sent, struct sent, count + some);
        leaves = mem_resize(ctx, leaves, struct thread_leaf, count + some);
        labels = mem_resize(ctx, labels, size_t, count + some);
        for (size_t k = 0; k < some; k++) {
            leaves[count] = (struct thread_leaf){rows[k].id, rows[k].parent, rows[k].missing, rows[k].mid, rows[k].written_at, rows[k].is_copy, false};
            sent[count] = (struct sent){.id = rows[k].mid, .written_us = rows[k].written_at};
            labels[count++] = i;
        }
    }
    return forest_say(ctx, sent, leaves, labels, count);
}

static void
check_sums(struct world *world, TALLOC_CTX *ctx)
{
    struct row_invariants *rows;
    size_t count;

    assert_int_equal(q_invariants(world->db, ctx, clock_now_us(), &rows, &count), STATUS_OK);
    if (count > 0)
        fail_msg("%zu breaches, the first: %s: %s", count, rows[0].invariant, rows[0].breach);
}

/* Placed in an order, one by one or many at once, what is stored is what the core says of all. */
static void
place_all(struct world *world, const char *what, const struct mail *mails, size_t count, uint32_t seed, size_t batch)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t *order = forest_order(ctx, count, seed);
    struct sent *sent = mails_sent(ctx, mails, count);
    int64_t list_id = make_list(world);
    char *expected, *stored;

    for (size_t i = 0; i < count; i++)
        sent[i].written_us = sent[i].written_us != 0 ? sent[i].written_us : 1;
    expected = forest_text(ctx, sent, count, NULL, 0, NULL);
    assert_int_equal(db_begin(world->db), STATUS_OK);
    for (size_t i = 0; i < count && batch == 0; i++)
        post(world, ctx, list_id, &mails[order[i]]);
    for (size_t i = 0; i < count && batch > 0; i += batch)
        post_many(world, ctx, list_id, mails, order + i, count - i < batch ? count - i : batch);
    assert_int_equal(db_commit(world->db), STATUS_OK);
    stored = stored_text(world, ctx, list_id);
    if (strcmp(expected, stored) != 0)
        fail_msg("%s, order %u, batch %zu:\n%s, not\n%s", what, seed, batch, stored, expected);
    talloc_free(ctx);
}

static struct mail
mail_of(TALLOC_CTX *ctx, const char *id, const char *references, const char *reply, const char *index)
{
    char *text = mem_printf(ctx, "Message-ID: <%s@x>\nSubject: %s\nDate: Mon, 2 Nov 2026 10:00:%02d +0000\n%s%s\n%s%s\n%s%s\n\nbody\n", id, id,
                            id[0] % 60, *references ? "References: " : "X-A: ", references, *reply ? "In-Reply-To: " : "X-B: ", reply,
                            *index ? "Thread-Index: " : "X-C: ", index);
    struct mail mail = {.bytes = normal_copy(ctx, blob_of(text), NULL)};

    mail.summary = summary_read(ctx, message_parse(ctx, mail.bytes));
    mail.id = mail.summary->message_id;
    sha256(mail.bytes, mail.digest);
    return mail;
}

/* Every way in which one post may touch another. */
static void
any_order(void **state)
{
    static const struct { const char *id, *references, *reply; int levels; } rows[] = {
        {"a", "", "", 0}, {"b", "<a@x>", "", 0}, {"c", "<a@x> <p@x>", "", 0}, {"d", "<p@x>", "", 0}, {"e", "<p@x> <q@x>", "", 0},
        {"f", "<q@x>", "<r@x>", 0}, {"g", "<r@x>", "", 0}, {"h", "<i@x>", "", 0}, {"i", "<h@x>", "", 0}, {"j", "", "", 1},
        {"k", "", "", 2}, {"l", "<s@x>", "", 3}, {"m", "<t@x> <s@x>", "", 0}, {"n", "<a@x>", "", 4}, {"o", "<b@x> <u@x>", "", 0},
        {"b", "<c@x> <u@x>", "<d@x>", 0}, {"v", "<u@x>", "", 0}, {"w", "", "", 5}, {"y", "", "", 5}, {"z", "<b@x>", "", 0},
    };
    struct world *world = *state;
    struct mail mails[COUNT_OF(rows)];
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str *index = str_new(ctx);

        for (int k = 0; rows[i].levels > 0 && k < 22 + 5 * (rows[i].levels % 4); k++)
            str_addc(index, rows[i].levels > 4 ? 'S' : k < 22 ? 'R' : 'x');
        mails[i] = mail_of(ctx, rows[i].id, rows[i].references, rows[i].reply, base64_encode(ctx, str_blob(index)));
    }
    for (uint32_t seed = 1; seed <= 24; seed++)
        place_all(world, "rows", mails, COUNT_OF(rows), seed, seed % 3 == 0 ? 7 : 0);
    check_sums(world, ctx);
    talloc_free(ctx);
}

static void
corpora(void **state)
{
    static const char *const files[] = {
        "threading/notmuch/default.mbox", "threading/imaptest/thread.mbox", "threading/mail-thread/testbox-4.mbox",
        "threading/mail-thread/testbox-5.mbox", "threading/mail-thread/testbox-6.mbox", "threading/mail-thread/testbox-8.mbox",
    };
    struct world *world = *state;
    TALLOC_CTX *ctx;

    if (corpus_dir() == NULL)
        skip();
    ctx = talloc_new(NULL);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct mail *mails;
        size_t count = mails_read(ctx, files[i], &mails);

        assert_true(count > 0);
        for (uint32_t seed = 1; seed <= 3; seed++)
            place_all(world, files[i], mails, count, seed, seed == 3 ? 20 : 0);
    }
    check_sums(world, ctx);
    talloc_free(ctx);
}

/* What a query of one list's rows gives, as one text. */
static bool
is_said_anywhere(const char *word)
{
    char *command = mem_printf(NULL, "psql -qAtX \"$KAIRAN_TEST_DSN\" -c \"SELECT 1 FROM (SELECT p::text AS t FROM post p UNION ALL "
                               "SELECT r::text FROM post_reference r UNION ALL SELECT o::text FROM thread_order o) x WHERE t ILIKE '%%%s%%'\" | grep -q 1",
                               word);
    bool is_said = system(command) == 0;

    talloc_free(command);
    return is_said;
}

/* A Message-ID may hold an address: it goes from all places at once, and the threads stand. */
static void
names_of_the_erased_go(void **state)
{
    static const char *const words[] = {"hana@erase.example"};
    struct world *world = *state;
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct mail mails[] = {mail_of(ctx, "a", "<1.hana@erase.example>", "", ""), mail_of(ctx, "b", "<1.hana@erase.example>", "", ""),
                           mail_of(ctx, "c", "<a@x> <2.Hana@erase.example>", "", ""), mail_of(ctx, "d", "", "", "")};
    struct thread_who who = {"test", 0};
    struct thread_wish wish = {.act = THREAD_JOIN};
    struct row_thread_post *first, *last;
    struct fault fault = {0};
    int64_t list_id = make_list(world), change_id, ids[COUNT_OF(mails)];
    char *before;

    for (size_t i = 0; i < COUNT_OF(mails); i++)
        ids[i] = post(world, ctx, list_id, &mails[i]);
    assert_int_equal(thread_find_post(world->db, ctx, list_id, "a@x", false, &first), STATUS_OK);
    assert_int_equal(thread_find_post(world->db, ctx, list_id, "<d@x>", false, &last), STATUS_OK);
    wish.post = first;
    wish.under = last;
    assert_int_equal(thread_change(world->db, ctx, list_id, &wish, &who, &change_id, &fault), STATUS_OK);
    before = stored_text(world, ctx, list_id);
    assert_string_equal(before, "d@x\n  -\n    a@x\n      c@x\n    b@x\n");
    assert_true(is_said_anywhere("hana@erase"));
    assert_int_equal(q_removal_references(world->db, list_id, (struct text_array){words, 1}, NULL), STATUS_OK);
    assert_false(is_said_anywhere("hana@erase"));
    assert_int_equal(place_again(world->db, ctx, list_id, (struct int_array){ids, COUNT_OF(mails)}), STATUS_OK);
    assert_string_equal(before, stored_text(world, ctx, list_id));
    talloc_free(ctx);
}

static void
excerpts(void **state)
{
    static const struct { const char *text, *excerpt; } rows[] = {
        {"Hello,\n\nyou  all\n-- \nme\n", "Hello, you  all"},
        {"On Sunday Hana wrote:\n> old\n\nnew\n", "new"},
        {"On Sunday, 20 Nov 2026,\nHana <hana@x> wrote:\n> old\nnew\n", "new"},
        {"はい。\n\n花子さんは書きました：\n> 古い\n新しい\n", "はい。 新しい"},
        {"One\ntwo\nthree:\n> old\nnew\n", "One two three: new"},
        {"To do:\n\n> old\nnew\n", "To do: new"},
        {"No sign\n> old\n", "No sign"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *excerpt = place_excerpt(ctx, rows[i].text);

        if (strcmp(excerpt, rows[i].excerpt) != 0)
            fail_msg("row %zu: %s", i, excerpt);
    }
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(excerpts), cmocka_unit_test(any_order), cmocka_unit_test(corpora), cmocka_unit_test(names_of_the_erased_go),
    };

    enum { SKIPPED = 77 };

    if (getenv("KAIRAN_TEST_DSN") == NULL)      /* check-place.sh gives it one */
        return SKIPPED;
    mem_init();
    crypto_init();
    return cmocka_run_group_tests(tests, make_world, database_end);
}
