/* test-setup-record.c - what "kairan setup" records, and puts back: after failures and interruptions too
 *
 * Each test has a folder of its own as working folder; SYSCONFDIR is "etc" in it. A write is made to fail by a folder where its
 * temporary file would be, which hinders root as well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/setup.h"

#define RECORD SETUP_DIR "/record"

struct place { char folder[64]; struct call call; struct setup setup; };

static int
begin(void **state)
{
    struct place *place = talloc_zero(NULL, struct place);

    strcpy(place->folder, "/tmp/kairan-setup-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    assert_int_equal(chdir(place->folder), 0);
    place->call.ctx = place;
    place->setup = (struct setup){.ctx = place, .call = &place->call, .command_ms = 60000};
    assert_int_equal(setup_record_read(&place->setup), STATUS_OK);
    *state = place;
    return 0;
}

static int
end(void **state)
{
    struct place *place = *state;
    const char *argv[] = {"/bin/rm", "-rf", place->folder, NULL};

    place->setup.command_ms = 60000;
    assert_int_equal(chdir("/"), 0);
    assert_true(setup_do(&place->setup, argv));
    talloc_free(place);
    return 0;
}

/* As the next run begins: what it knows is what is on the disk. */
static struct setup *
next_run(struct place *place)
{
    place->call.fault = (struct fault){0};
    assert_int_equal(setup_record_read(&place->setup), STATUS_OK);
    return &place->setup;
}

static void
expect_file(struct setup *setup, const char *path, const char *text)
{
    char *now = setup_read(setup->ctx, path);

    if (!str_eq(now, text))
        fail_msg("%s: %s", path, now != NULL ? now : "not there");
}

static void
hinder(const char *path)
{
    char folder[4096];

    snprintf(folder, sizeof folder, "%s.kairan-tmp", path);
    assert_int_equal(mkdir(folder, 0700), 0);
}

static void
hinder_no_more(const char *path)
{
    char folder[4096];

    snprintf(folder, sizeof folder, "%s.kairan-tmp", path);
    assert_int_equal(rmdir(folder), 0);
}

/* ---- the record ---- */

static void
test_record_is_whole_or_as_before(void **state)
{
    struct place *place = *state;
    struct setup *setup = &place->setup;

    assert_int_equal(setup_record_add(setup, "link", "a", "-", "b"), STATUS_OK);
    expect_file(setup, RECORD, "link\ta\t-\tb\n");
    hinder(RECORD);
    assert_int_equal(setup_record_add(setup, "link", "c", "-", "d"), STATUS_CONFLICT);
    assert_non_null(strstr(place->call.fault.sentence, RECORD));
    expect_file(setup, RECORD, "link\ta\t-\tb\n");
    assert_int_equal(setup->record.count, 1);
    hinder_no_more(RECORD);
    /* Half a line, as a full disk left it: what comes after it is read. */
    assert_true(setup_write(RECORD, "link\ta\t-\tb\nfile\tx", 0600));
    setup = next_run(place);
    assert_int_equal(setup_record_add(setup, "link", "c", "-", "d"), STATUS_OK);
    setup = next_run(place);
    assert_int_equal(setup->record.count, 2);
    assert_non_null(setup_record_last(setup, "link", "c"));
}

static void
test_what_was_not_written_is_still_ours(void **state)
{
    struct place *place = *state;
    struct setup *setup = &place->setup;

    assert_int_equal(setup_file(setup, "site", "one\n", 0644), STATUS_OK);
    hinder("site");
    assert_int_equal(setup_file(setup, "site", "two\n", 0644), STATUS_CONFLICT);
    hinder_no_more("site");
    expect_file(setup, "site", "one\n");
    setup = next_run(place);
    assert_int_equal(setup_file(setup, "site", "two\n", 0644), STATUS_OK);
    expect_file(setup, "site", "two\n");
    assert_int_equal(access("site.kairan-new", F_OK), -1);
    assert_int_equal(setup_undo(setup), STATUS_OK);
    assert_int_equal(access("site", F_OK), -1);
    expect_file(setup, RECORD, "");
}

static void
test_a_person_s_file_stays(void **state)
{
    struct place *place = *state;
    struct setup *setup = &place->setup;

    assert_true(setup_write("site", "mine\n", 0644));
    assert_int_equal(setup_file(setup, "site", "one\n", 0644), STATUS_OK);
    expect_file(setup, "site", "mine\n");
    expect_file(setup, "site.kairan-new", "one\n");
    assert_int_equal(setup_undo(next_run(place)), STATUS_OK);
    expect_file(setup, "site", "mine\n");
    assert_int_equal(access("site.kairan-new", F_OK), -1);
}

/* ---- folders ---- */

static void
test_folders(void **state)
{
    struct place *place = *state;
    struct setup *setup = &place->setup;
    const char *user = getpwuid(geteuid())->pw_name, *group = getgrgid(getegid())->gr_name;
    struct stat there;

    /* The record lies in the first of them. */
    assert_int_equal(setup_folder(setup, "etc", 0750, user, group), STATUS_OK);
    assert_int_equal(stat("etc", &there), 0);
    assert_int_equal(there.st_mode & 07777, 0750);
    assert_int_equal(mkdir("cache", 0711), 0);
    assert_int_equal(setup_folder(setup, "cache", 0700, user, group), STATUS_OK);
    assert_int_equal(setup_folder(setup, "new", 0700, user, group), STATUS_OK);
    setup = next_run(place);
    assert_int_equal(setup_folder(setup, "cache", 0700, user, group), STATUS_OK);
    assert_int_equal(setup->record.count, 3);
    assert_int_equal(setup_undo(setup), STATUS_OK);
    assert_int_equal(stat("cache", &there), 0);
    assert_int_equal(there.st_mode & 07777, 0711);
    assert_int_equal(access("new", F_OK), -1);
}

/* ---- putting back ---- */

static void
test_what_failed_stays_in_the_record(void **state)
{
    struct place *place = *state;
    struct setup *setup = &place->setup;

    assert_true(setup_write("hba", "theirs\n", 0644));
    assert_int_equal(setup_block(setup, "hba", "one\n", NULL), STATUS_OK);
    assert_int_equal(setup_file(setup, "site", "one\n", 0644), STATUS_OK);
    assert_int_equal(setup_file(setup, "site", "two\n", 0644), STATUS_OK);
    assert_int_equal(setup_link(setup, "link", "hba"), STATUS_OK);
    hinder("hba");
    hinder("site");
    assert_int_equal(setup_undo(setup), STATUS_CONFLICT);
    assert_non_null(strstr(place->call.fault.sentence, "--remove"));
    assert_int_equal(access("link", F_OK), -1);
    /* The first of the site stays with the second: what was there before it is not lost. */
    setup = next_run(place);
    assert_int_equal(setup->record.count, 3);
    hinder_no_more("hba");
    hinder_no_more("site");
    assert_int_equal(setup_undo(setup), STATUS_OK);
    expect_file(setup, "hba", "theirs\n");
    assert_int_equal(access("site", F_OK), -1);
    assert_int_equal(next_run(place)->record.count, 0);
}

static void
test_what_was_changed_since_stays(void **state)
{
    struct place *place = *state;
    struct setup *setup = &place->setup;

    assert_int_equal(setup_file(setup, "site", "ours\n", 0644), STATUS_OK);
    assert_int_equal(setup_link(setup, "link", "site"), STATUS_OK);
    assert_true(setup_write("site", "mine\n", 0644));
    assert_int_equal(unlink("link"), 0);
    assert_true(setup_write("link", "mine\n", 0644));
    assert_int_equal(setup_undo(setup), STATUS_OK);
    expect_file(setup, "site", "mine\n");
    expect_file(setup, "link", "mine\n");
    assert_int_equal(next_run(place)->record.count, 0);
}

/* ---- who has still to read ---- */

static const struct { const char *kind, *name, *reader; } readers[] = {
    {"file", "/etc/nginx/sites-available/kairan", "nginx"},
    {"link", "/etc/nginx/sites-enabled/kairan", "nginx"},
    {"file", "/etc/nginx/sites-available/kairan.kairan-new", NULL},
    {"file", "/etc/kairan/kairan.conf", NULL},
    {"block", "/etc/postgresql/15/main/pg_hba.conf", "postgresql"},
    {"postconf", "relay_domains", "postfix"},
    {"master", "127.0.0.1:10026/inet", "postfix"},
    {"unit", "kairan-web", NULL},
};

static void
test_readers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(readers); i++) {
        struct setup_entry entry = {readers[i].kind, readers[i].name, "-", "-"};

        if (!str_eq(setup_reader_of(&entry), readers[i].reader))
            fail_msg("row %zu", i);
    }
}

static void
test_due_outlives_the_run(void **state)
{
    struct place *place = *state;
    struct setup *setup = &place->setup;

    assert_int_equal(setup_record_add(setup, "file", "/etc/nginx/kairan-is-not-there", "-", "hash"), STATUS_OK);
    assert_int_equal(setup_due(setup, "programs"), STATUS_OK);
    assert_true(setup_is_due(setup, "nginx") && setup_is_due(setup, "programs") && !setup_is_due(setup, "postfix"));
    setup = next_run(place);
    assert_true(setup_is_due(setup, "nginx") && setup_is_due(setup, "programs"));
    assert_int_equal(setup_has_read(setup, "nginx"), STATUS_OK);
    setup = next_run(place);
    assert_true(!setup_is_due(setup, "nginx") && setup_is_due(setup, "programs"));
    assert_non_null(setup_record_last(setup, "file", "/etc/nginx/kairan-is-not-there"));
    /* What nobody could note is not read either. */
    hinder(RECORD);
    assert_int_equal(setup_has_read(setup, "programs"), STATUS_CONFLICT);
    assert_true(setup_is_due(next_run(place), "programs"));
}

static void
test_a_dry_run_writes_nothing(void **state)
{
    struct place *place = *state;
    struct setup *setup = &place->setup;

    setup->is_dry = true;
    assert_int_equal(setup_file(setup, "site", "one\n", 0644), STATUS_OK);
    assert_int_equal(setup_link(setup, "link", "site"), STATUS_OK);
    assert_int_equal(setup_record_add(setup, "link", "/etc/nginx/kairan-is-not-there", "-", "x"), STATUS_OK);
    assert_true(setup_is_due(setup, "nginx"));
    assert_null(setup_record_last(setup, "link", "/etc/nginx/kairan-is-not-there"));
    assert_int_equal(setup_has_read(setup, "nginx"), STATUS_OK);
    assert_false(setup_is_due(setup, "nginx"));
    assert_int_equal(access("etc", F_OK), -1);
    assert_int_equal(access("site", F_OK), -1);
}

static void
test_what_is_not_taken_is_backed_out(void **state)
{
    struct place *place = *state;
    struct setup *setup = &place->setup;

    assert_int_equal(setup_record_add(setup, "file", "/etc/nginx/kairan-is-not-there/old", "-", "hash"), STATUS_OK);
    assert_int_equal(setup_has_read(setup, "nginx"), STATUS_OK);
    assert_int_equal(setup_record_add(setup, "file", "/etc/nginx/kairan-is-not-there/new", "-", "hash"), STATUS_OK);
    /* Of another run, and in between something that nginx does not read. */
    setup = next_run(place);
    assert_int_equal(setup_link(setup, "link", "site"), STATUS_OK);
    assert_int_equal(setup_back_out(setup, "nginx", "nginx does not want."), STATUS_CONFLICT);
    assert_string_equal(place->call.fault.sentence, "nginx does not want. What was changed for it has been taken back.");
    setup = next_run(place);
    assert_false(setup_is_due(setup, "nginx"));
    assert_non_null(setup_record_last(setup, "file", "/etc/nginx/kairan-is-not-there/old"));
    assert_null(setup_record_last(setup, "file", "/etc/nginx/kairan-is-not-there/new"));
    assert_non_null(setup_record_last(setup, "link", "link"));
    assert_int_equal(setup_back_out(setup, "nginx", "It is not there."), STATUS_CONFLICT);
    assert_string_equal(place->call.fault.sentence, "It is not there.");
}

/* ---- commands ---- */

static void
test_others_have_a_limit_and_ours_have_none(void **state)
{
    struct place *place = *state;
    struct setup *setup = &place->setup;
    const char *sleep_long[] = {"/bin/sleep", "60", NULL}, *words[] = {"db", "migrate", NULL};

    setup->command_ms = 1;
    assert_int_equal(setup_run(setup, NULL, sleep_long), STATUS_CONFLICT);
    assert_string_equal(place->call.fault.sentence, "\"/bin/sleep 60\" was ended, for it took longer than 0 s.");
    assert_false(setup_do(setup, sleep_long));
    assert_null(setup_ask(setup, sleep_long));
    /* Our own program: here a shell, to which "-c FILE" is a command. */
    setup->program = "/bin/sh";
    assert_int_equal(mkdir("etc", 0700), 0);
    assert_true(setup_write(SETUP_CONF, "#!/bin/sh\nsleep 0.5\n", 0755));
    assert_int_equal(setup_run_own(setup, NULL, words), STATUS_OK);
    assert_true(setup_write(SETUP_CONF, "#!/bin/sh\nexit 3\n", 0755));
    assert_int_equal(setup_run_own(setup, NULL, words), STATUS_CONFLICT);
    assert_string_equal(place->call.fault.sentence, "\"kairan db migrate\" did not succeed.");
}

int
main(void)
{
#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        IN_PLACE(test_record_is_whole_or_as_before), IN_PLACE(test_what_was_not_written_is_still_ours), IN_PLACE(test_a_person_s_file_stays),
        IN_PLACE(test_folders), IN_PLACE(test_what_failed_stays_in_the_record), IN_PLACE(test_what_was_changed_since_stays),
        cmocka_unit_test(test_readers), IN_PLACE(test_due_outlives_the_run), IN_PLACE(test_a_dry_run_writes_nothing),
        IN_PLACE(test_what_is_not_taken_is_backed_out), IN_PLACE(test_others_have_a_limit_and_ours_have_none),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
