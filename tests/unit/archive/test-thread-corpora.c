/* test-thread-corpora.c - threads as others expect them, and where ours differ
 *
 * A tree that differs and is not in the table below is a failure, and so is a row of it that does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../mime/corpus.h"
#include "archive/subject.h"
#include "mails.h"
#include "util/str.h"

enum { TIMES = 40 };

/* Their trees and ours, one or several, as text with two blanks a level; "-" is a message that is not here. */
static const struct { const char *suite, *theirs, *ours, *reason; } differences[] = {
    {"imaptest", "c@b\n  b@b\na@b\n", "a@b\n  b@b\n    c@b\n",
     "b refers to <c> <a>, c to b: b answers a, its last reference, which is here; there is no circle"},
    {"jwz", "", "loop3\n  loop1\n    loop2\n", "their printer leaves out what is in a circle; here every message is shown once"},
    {"jwz", "", "loop9\n  loop10\n    loop7\n      loop8\n", "likewise"},
    {"jwz", "-\n  same subject 1\n  same subject 1\n", "same subject 1\nsame subject 1\n", "no joining by subject alone"},
    {"jwz", "-\n  lkjhlkjh\n  lkjhlkjh\n", "lkjhlkjh\nlkjhlkjh\n", "likewise"},
    {"jwz", "Re: certs and signed messages\n", "-\n  Re: certs and signed messages\n", "one answer is enough to say that the beginning is not here"},
    {"testbox-8.mbox",
     "Pine.GSO.4.50.0303010015230.21567-100000@theproject.fierypit.org\n  200303010143.h211hvD16626@rszemeti.demon.co.uk\n"
     "  20030301102748.GC67225@colon.colondot.net\n",
     "-\n  Pine.GSO.4.50.0303010015230.21567-100000@theproject.fierypit.org\n    200303010143.h211hvD16626@rszemeti.demon.co.uk\n"
     "    20030301102748.GC67225@colon.colondot.net\n", "likewise: their tree is pruned"},
    {"notmuch", "", "20091117232137.GA7669@griffis1.net\n", "one Message-ID in two files: both are shown, side by side"},
};

/* ---- trees as text, without an order among siblings ---- */

struct tree { char *text; struct tree *branches; size_t count; };

static int
compare_trees(const void *a, const void *b)
{
    return strcmp(((const struct tree *)a)->text, ((const struct tree *)b)->text);
}

/* Trees that begin at lines[*at], deeper than `depth`; each with the text of all of it, sorted. */
static struct tree *
read_trees(TALLOC_CTX *ctx, char **lines, size_t *at, size_t depth, size_t *count_r)
{
    struct tree *trees = NULL;

    *count_r = 0;
    while (lines[*at] != NULL && lines[*at][0] != '\0' && strspn(lines[*at], " ") >= depth) {
        size_t own = strspn(lines[*at], " "), inner_count;
        struct str *text = str_new(ctx);
        struct tree *inner;

        str_addf(text, "%s\n", lines[(*at)++]);
        inner = read_trees(ctx, lines, at, own + 1, &inner_count);
        for (size_t i = 0; i < inner_count; i++)
            str_add(text, inner[i].text);
        trees = mem_resize(ctx, trees, struct tree, *count_r + 1);
        trees[(*count_r)++] = (struct tree){text->s, inner, inner_count};
    }
    if (*count_r > 0)
        qsort(trees, *count_r, sizeof *trees, compare_trees);
    return trees;
}

static struct tree *
trees_of(TALLOC_CTX *ctx, const char *text, size_t *count_r)
{
    size_t at = 0;

    return read_trees(ctx, str_split(ctx, text, '\n', 100000), &at, 0, count_r);
}

/* Takes one tree of this text away; false when there is none. */
static bool
take(struct tree *trees, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (trees[i].text != NULL && strcmp(trees[i].text, text) == 0) {
            trees[i].text = NULL;
            return true;
        }
    return false;
}

static void
take_all(TALLOC_CTX *ctx, struct tree *trees, size_t count, const char *text, const char *suite, const char *whose)
{
    size_t some;
    struct tree *wanted = trees_of(ctx, text, &some);

    for (size_t i = 0; i < some; i++)
        if (!take(trees, count, wanted[i].text))
            fail_msg("%s: a known difference is none any more: %s have no\n%s", suite, whose, wanted[i].text);
}

static void
compare(TALLOC_CTX *ctx, const char *suite, const char *theirs, const char *ours)
{
    size_t their_count, our_count, wrong = 0;
    struct tree *their = trees_of(ctx, theirs, &their_count), *our = trees_of(ctx, ours, &our_count);

    for (size_t i = 0; i < COUNT_OF(differences); i++)
        if (strcmp(differences[i].suite, suite) == 0) {
            take_all(ctx, their, their_count, differences[i].theirs, suite, "theirs");
            take_all(ctx, our, our_count, differences[i].ours, suite, "ours");
        }
    for (size_t i = 0; i < their_count; i++)
        if (their[i].text != NULL && !take(our, our_count, their[i].text)) {
            print_error("%s: not ours:\n%s", suite, their[i].text);
            wrong++;
        }
    for (size_t i = 0; i < our_count; i++)
        if (our[i].text != NULL) {
            print_error("%s: only ours:\n%s", suite, our[i].text);
            wrong++;
        }
    print_message("%s: %zu threads, %zu wrong\n", suite, our_count, wrong);
    assert_int_equal(wrong, 0);
}

/* skip() leaves the test at once: what it has by then is ended here. */
static void
need_corpora(TALLOC_CTX *ctx)
{
    if (corpus_dir() != NULL)
        return;
    talloc_free(ctx);
    skip();
}

/* ---- the suites ---- */

static void
jwz(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *theirs = str_new(ctx);
    struct sent *sent;
    struct json *all;
    size_t count = 0;
    char **lines;

    (void)state;
    need_corpora(ctx);
    all = json_parse(ctx, corpus_read(ctx, "threading/jwz/references.json"));
    assert_non_null(all);
    sent = mem_array(ctx, struct sent, json_get(all, "messages")->count);
    for (const struct json *message = json_get(all, "messages")->first; message != NULL; message = message->next) {
        const struct json *id = message->first->next, *date = id->next, *references = date->next;
        struct summary summary = {.references = mem_array(ctx, const char *, 50)};
        char **words = str_split(ctx, (const char *)references->text.data, ' ', 50);
        bool is_loop;

        for (size_t i = 0; words[i] != NULL; i++)
            if (words[i][0] != '\0')
                summary.references[summary.reference_count++] = words[i];
        sent[count] = (struct sent){.id = (const char *)id->text.data, .written_us = summary_date((const char *)date->text.data), .mark = blob_of("")};
        /* Two of the ten have the same subject. */
        is_loop = strncmp(sent[count].id, "loop", 4) == 0 && strcspn(sent[count].id + 4, "456") > 0;
        sent[count].name = is_loop ? NULL : (const char *)message->first->text.data;
        sent[count].answers = thread_answers(ctx, &summary, sent[count].id);
        count++;
    }
    lines = str_split(ctx, json_text(all, "expected"), '\n', 1000);
    for (size_t i = 0; lines[i] != NULL; i++) {
        size_t blanks = strspn(lines[i], " ");

        str_addf(theirs, "%*s%s\n", (int)(blanks / 3 * 2), "", strcmp(lines[i] + blanks, "dummy") == 0 ? "-" : lines[i] + blanks);
    }
    compare(ctx, "jwz", theirs->s, forest_checked(ctx, "jwz", sent, count, NULL, 0, TIMES));
    talloc_free(ctx);
}

static void
imaptest(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct mail *mails;
    struct sent *sent;
    size_t count;

    (void)state;
    need_corpora(ctx);
    count = mails_read(ctx, "threading/imaptest/thread.mbox", &mails);
    assert_int_equal(count, 3);
    sent = mails_sent(ctx, mails, count);
    /* "thread (3 2)(1)", and after the first was expunged "thread (2 1)". */
    compare(ctx, "imaptest", "c@b\n  b@b\na@b\n", forest_checked(ctx, "imaptest", sent, count, NULL, 0, TIMES));
    compare(ctx, "imaptest expunged", "c@b\n  b@b\n", forest_checked(ctx, "imaptest", sent + 1, count - 1, NULL, 0, TIMES));
    talloc_free(ctx);
}

static void
mail_thread(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct json *box;

    (void)state;
    need_corpora(ctx);
    box = json_parse(ctx, corpus_read(ctx, "threading/mail-thread/expected.json"));
    assert_non_null(box);
    for (box = box->first; box != NULL; box = box->next) {
        const char *file = json_text(box, "file");
        struct str *theirs = str_new(ctx);
        struct mail *mails;
        size_t count = mails_read(ctx, mem_printf(ctx, "threading/mail-thread/%s", file), &mails), ours;
        char *text = forest_checked(ctx, file, mails_sent(ctx, mails, count), count, NULL, 0, TIMES);
        const struct json *roots = json_get(box, "roots");

        assert_true(count > 0);
        trees_of(ctx, text, &ours);
        if (roots->kind == JSON_NUMBER && (size_t)roots->number != ours)
            fail_msg("%s: %zu threads, not %ld:\n%s", file, ours, roots->number, text);
        for (const struct json *line = json_get(box, "tree")->first; line != NULL; line = line->next)
            str_addf(theirs, "%*s%s\n", (int)line->first->number * 2, "", (const char *)line->first->next->next->text.data);
        if (theirs->len > 0)
            compare(ctx, file, theirs->s, text);
    }
    talloc_free(ctx);
}

/* Each thread as its Message-IDs, without a tree. */
static char *
sets_of(TALLOC_CTX *ctx, const char *text)
{
    size_t count;
    struct tree *trees = trees_of(ctx, text, &count);
    struct str *sets = str_new(ctx);

    for (size_t i = 0; i < count; i++) {
        char **lines = str_split(ctx, trees[i].text, '\n', 1000);
        const char *last = "";
        size_t kept = 0;

        for (size_t k = 0; lines[k] != NULL; k++) {
            char *line = str_trim(ctx, lines[k]);

            if (*line != '\0' && strcmp(line, "-") != 0)
                lines[kept++] = line;
        }
        for (size_t k = 0; k < kept; k++) {
            const char *least = NULL;

            for (size_t m = 0; m < kept; m++)
                if (strcmp(lines[m], last) > 0 && (least == NULL || strcmp(lines[m], least) < 0))
                    least = lines[m];
            if (least == NULL)
                break;
            str_addf(sets, "%s%s", k > 0 ? "," : "", last = least);
        }
        str_addc(sets, '\n');
    }
    return sets->s;
}

static void
notmuch(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *theirs = str_new(ctx);
    struct mail *mails;
    struct json *all;
    size_t count;

    (void)state;
    need_corpora(ctx);
    count = mails_read(ctx, "threading/notmuch/default.mbox", &mails);
    all = json_parse(ctx, corpus_read(ctx, "threading/notmuch/expected.json"));
    assert_non_null(all);
    for (const struct json *thread = json_get(all, "thread_list")->first; thread != NULL; thread = thread->next) {
        struct str *one = str_new(ctx);

        for (const struct json *id = json_get(thread, "messages")->first; id != NULL; id = id->next)
            str_addf(one, "%s%s\n", one->len > 0 ? "  " : "", (const char *)id->text.data);
        str_add(theirs, sets_of(ctx, one->s));
    }
    compare(ctx, "notmuch", theirs->s, sets_of(ctx, forest_checked(ctx, "notmuch", mails_sent(ctx, mails, count), count, NULL, 0, TIMES)));
    talloc_free(ctx);
}

static void
notmuch_cases(void **state)
{
    static const char *const names[] = {"root", "child", "grand-child"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct mail all[3], *one;

    (void)state;
    need_corpora(ctx);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(mails_read(ctx, mem_printf(ctx, "threading/notmuch-cases/parent-priority/%s", names[i]), &one), 1);
        all[i] = one[0];
    }
    compare(ctx, "notmuch-cases", "B00-root@example.org\n  B01-child@example.org\n    B01-grand-child@example.org\n",
            forest_checked(ctx, "notmuch-cases", mails_sent(ctx, all, 3), 3, NULL, 0, TIMES));
    talloc_free(ctx);
}

/* What is left of subjects, as RFC 5256 has it; some expectations are that there is no other than of the plain one. */
static void
base_subjects(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *all;

    (void)state;
    need_corpora(ctx);
    all = json_parse(ctx, corpus_read(ctx, "threading/subjects/base-subject.json"));
    assert_non_null(all);
    for (const struct json *row = all->first; row != NULL; row = row->next) {
        const char *subject = json_text(row, "subject"), *base = json_text(row, "base");

        assert_true(subject_is_same(subject, base != NULL ? base : "This is a test"));
        assert_false(subject_is_same(subject, "Something else"));
    }
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jwz), cmocka_unit_test(imaptest), cmocka_unit_test(mail_thread), cmocka_unit_test(notmuch),
        cmocka_unit_test(notmuch_cases), cmocka_unit_test(base_subjects),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
