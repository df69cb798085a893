/* test-setup.c - what "kairan setup" writes into files: rows of text before and after */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/setup-text.h"

#define BEGIN "# [kairan setup: these lines are its own\n"
#define END "# kairan setup]\n"

static const struct { const char *text, *lines, *before, *result; } blocks[] = {
    {"", "a\n", NULL, BEGIN "a\n" END},
    {"x", "a\n", NULL, "x\n" BEGIN "a\n" END},
    {"# local\nlocal all postgres peer\nlocal all all peer\nhost\n", "ours\n", "local", "# local\n" BEGIN "ours\n" END "local all postgres peer\nlocal all all peer\nhost\n"},
    {"host all\n", "ours\n", "local", "host all\n" BEGIN "ours\n" END},
    /* a block that is there is written anew in its place */
    {"one\n" BEGIN "old\nolder\n" END "two\nlocal\n", "new\n", "local", "one\n" BEGIN "new\n" END "two\nlocal\n"},
    {"one\n" BEGIN "new\n" END "two\n", "new\n", NULL, "one\n" BEGIN "new\n" END "two\n"},
};

static void
test_blocks(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        char *result = text_put_block(ctx, blocks[i].text, blocks[i].lines, blocks[i].before);

        if (!str_eq(result, blocks[i].result))
            fail_msg("row %zu: %s", i, result);
        if (strstr(text_take_block(ctx, result), "kairan setup") != NULL)
            fail_msg("row %zu: the block stays", i);
    }
    assert_string_equal(text_take_block(ctx, "one\n" BEGIN "a\n" END "two\n"), "one\ntwo\n");
    assert_string_equal(text_take_block(ctx, "one\n" BEGIN "a\n"), "one\n" BEGIN "a\n");
    talloc_free(ctx);
}

static void
test_site(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    static const char example[] =
        "listen 443;\n    listen [::]:443 ssl;\nserver_name lists.example.org;\n"
        "ssl_certificate /etc/letsencrypt/live/lists.example.org/fullchain.pem;\n"
        "ssl_certificate_key /etc/letsencrypt/live/lists.example.org/privkey.pem;\nalias /usr/local/share/kairan/static/;\n";
    struct site_words words = {"club.example.com", "/etc/c.crt", "/etc/c.key", "/usr/share/kairan/static/", false};

    (void)state;
    assert_string_equal(text_site(ctx, example, &words),
                        "listen 443;\n    listen [::]:443 ssl;\nserver_name club.example.com;\nssl_certificate /etc/c.crt;\n"
                        "ssl_certificate_key /etc/c.key;\nalias /usr/share/kairan/static/;\n");
    words.without_ipv6 = true;
    assert_string_equal(text_site(ctx, example, &words),
                        "listen 443;\nserver_name club.example.com;\nssl_certificate /etc/c.crt;\n"
                        "ssl_certificate_key /etc/c.key;\nalias /usr/share/kairan/static/;\n");
    talloc_free(ctx);
}

static const struct { const char *name, *trouble; } hosts[] = {
    {"lists.example.org", NULL},
    {"a-b.example.org", NULL},
    {"Lists.Example.ORG", NULL},
    {"xn--fsqu00a.example", NULL},
    {"lists", "no dot"},
    {"", "no domain name"},
    {"a b.example.org", "no domain name"},
    {"lists.example.org;", "no domain name"},
    {"a_b.example.org", "no domain name"},
    {"https://lists.example.org/", "no domain name"},
    {"192.0.2.25", "address in numbers"},
    {"lists.example.org.", "no domain name"},
    {"例.example.org", "xn--"},
};
static const struct { const char *address, *trouble; } addresses[] = {
    {"you@example.org", NULL},
    {"you", "not a mail address"},
    {"you@", "not a mail address"},
    {"You <you@example.org>", "not a mail address"},
    {"you@localhost", "no dot"},
    {"you@example.org\nfoo", "not a mail address"},
};

static void
expect_trouble(size_t row, const char *trouble, const char *wanted)
{
    if ((trouble == NULL) != (wanted == NULL) || (wanted != NULL && strstr(trouble, wanted) == NULL))
        fail_msg("row %zu: %s", row, trouble != NULL ? trouble : "no trouble");
}

static void
test_names(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(hosts); i++)
        expect_trouble(i, text_host_trouble(ctx, "--host", hosts[i].name), hosts[i].trouble);
    for (size_t i = 0; i < COUNT_OF(addresses); i++)
        expect_trouble(100 + i, text_address_trouble(ctx, addresses[i].address), addresses[i].trouble);
    talloc_free(ctx);
}

static void
test_postfix_files(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct main_line *lines = text_main_cf(ctx, "# note\n\none = 1\ntwo =\n# between\nthree = a,\n    b\n\tc\n\n  # so\nfour=4");

    (void)state;
    assert_string_equal(lines[0].name, "one");
    assert_string_equal(lines[0].value, "1");
    assert_string_equal(lines[1].value, "");
    assert_string_equal(lines[2].value, "a, b c");
    assert_string_equal(lines[3].name, "four");
    assert_null(lines[4].name);
    assert_null(text_main_cf(ctx, "")[0].name);
    assert_string_equal(text_master_cf(ctx, "# head\n127.0.0.1:10026 inet n  -       y\n  -o a=b\n  -o c=\n\n# tail\n"),
                        "127.0.0.1:10026 inet n - y -o a=b -o c=");
    assert_null(text_master_cf(ctx, "# head\n"));
    talloc_free(ctx);
}

#define MAP "socketmap:unix:kairan/socketmap.sock:"
static const struct postfix_ours alone = {"l.example", "l.example", false, ""};
static const struct postfix_ours beside = {"l.example", "l.example", true, "b.example, c.example"};
static const struct { const char *name, *wanted, *said, *means; const struct postfix_ours *ours; const char *value; } settings[] = {
    {"lmtp_line_length_limit", "0", NULL, "998", &alone, "0"},
    {"lmtp_line_length_limit", "0", "0", "0", &alone, NULL},
    {"smtpd_forbid_bare_newline", "yes", NULL, "no", &alone, "yes"},
    {"relay_domains", MAP "domains", NULL, "", &alone, MAP "domains"},
    {"relay_domains", MAP "domains", MAP "domains", MAP "domains", &alone, NULL},
    {"relay_domains", MAP "domains", "b.example, c.example", "b.example, c.example", &beside, "b.example, c.example, l.example"},
    {"relay_domains", MAP "domains", "b.example L.example", "b.example L.example", &beside, NULL},
    /* what stands in braces is a table's, not a domain */
    {"relay_domains", MAP "domains", "inline:{ l.example = x }", "inline:{ l.example = x }", &beside, "inline:{ l.example = x }, l.example"},
    {"relay_transport", "lmtp:unix:kairan/lmtp.sock", NULL, "relay", &alone, "lmtp:unix:kairan/lmtp.sock"},
    {"relay_transport", "lmtp:unix:kairan/lmtp.sock", NULL, "relay", &beside, NULL},
    {"relay_recipient_maps", MAP "recipients", NULL, "", &alone, MAP "recipients"},
    {"relay_recipient_maps", MAP "recipients", "hash:/etc/postfix/r", "hash:/etc/postfix/r", &beside, "hash:/etc/postfix/r, " MAP "recipients"},
    {"relay_recipient_maps", MAP "recipients", NULL, "", &beside, "inline:{ { @b.example = open }, { @c.example = open } }, " MAP "recipients"},
    {"relay_recipient_maps", MAP "recipients", "hash:/a, " MAP "recipients", "hash:/a, " MAP "recipients", &beside, NULL},
    {"message_size_limit", "53000000", NULL, "10240000", &alone, "53000000"},
    {"message_size_limit", "53000000", "99000000", "99000000", &alone, NULL},
    {"message_size_limit", "53000000", "0", "0", &alone, NULL},
    {"smtp_tls_security_level", "may", "encrypt", "encrypt", &alone, NULL},
    {"smtp_tls_security_level", "may", NULL, "", &alone, "may"},
    {"smtpd_relay_restrictions", "permit_mynetworks, reject_unauth_destination", "permit_mynetworks defer_unauth_destination",
     "permit_mynetworks defer_unauth_destination", &alone, NULL},
};

static void
test_settings(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(settings); i++) {
        struct postfix_has has = {settings[i].said, settings[i].means};
        const char *value = text_postfix(ctx, settings[i].name, settings[i].wanted, &has, settings[i].ours);

        if (!str_eq(value, settings[i].value))
            fail_msg("row %zu: %s", i, value != NULL ? value : "stays");
        /* What was set is right at the next run. */
        has = (struct postfix_has){value, value};
        if (value != NULL && text_postfix(ctx, settings[i].name, settings[i].wanted, &has, settings[i].ours) != NULL)
            fail_msg("row %zu: it is changed again", i);
    }
    talloc_free(ctx);
}

static const struct { const char *domains, *transport; bool others; } relays[] = {
    {"", "relay", false},
    {"", "", false},
    {MAP "domains", "lmtp:unix:kairan/lmtp.sock", false},
    {"b.example", "relay", true},
    {"", "smtp:[mx.example]", true},
    {"b.example", "lmtp:unix:kairan/lmtp.sock", true},
};

static const struct { struct postfix_word words[4]; const char *rest, *hidden; bool is_named_so; } destinations[] = {
    {{{"$myhostname", "m.example"}, {"localhost", "localhost"}}, NULL, NULL, false},
    {{{"$myhostname", "l.example"}, {"localhost.$mydomain", "localhost.example"}, {"localhost", "localhost"}}, "localhost.$mydomain, localhost", NULL, false},
    {{{"L.example", "L.example"}, {"localhost", "localhost"}}, "localhost", NULL, false},
    {{{"l.example", "l.example"}}, "", NULL, false},
    {{{"$myhostname", "vm"}, {"localhost", "localhost"}}, "localhost", NULL, true},
    {{{NULL, NULL}}, NULL, NULL, false},
    /* one word that means many */
    {{{"$local", "a.example, b.example"}, {"l.example", "l.example"}}, "$local", NULL, false},
    {{{"$local", "a.example, L.example"}, {"localhost", "localhost"}}, NULL, "$local", false},
    {{{"$local", "a.example l.example"}, {"l.example", "l.example"}}, "$local", "$local", false},
    {{{"$local", "a.example, sub.l.example"}}, NULL, NULL, false},
};

static const struct { const char *value, *words[4]; } lists[] = {
    {"", {NULL}},
    {" ,", {NULL}},
    {"a, b  c", {"a", "b", "c", NULL}},
    {"\ta,{ b = c }, inline:{ d, e },", {"a", "{ b = c }", "inline:{ d, e }", NULL}},
};

static void
test_words(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        char **words = text_words(ctx, lists[i].value);

        for (size_t n = 0; words[n] != NULL || lists[i].words[n] != NULL; n++)
            if (!str_eq(words[n], lists[i].words[n]))
                fail_msg("row %zu, word %zu: %s", i, n, words[n] != NULL ? words[n] : "too few");
    }
    talloc_free(ctx);
}

static void
test_neighbours(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(relays); i++)
        if (text_postfix_others(relays[i].domains, relays[i].transport) != relays[i].others)
            fail_msg("relay row %zu", i);
    for (size_t i = 0; i < COUNT_OF(destinations); i++) {
        const char *hidden, *rest = text_destination(ctx, destinations[i].words, "l.example", destinations[i].is_named_so, &hidden);

        if (!str_eq(rest, destinations[i].rest) || !str_eq(hidden, destinations[i].hidden))
            fail_msg("destination row %zu: %s, hidden %s", i, rest != NULL ? rest : "as it is", hidden != NULL ? hidden : "nowhere");
    }
    talloc_free(ctx);
}

static const struct { const char *answer, *meant; } answers[] = {
    {"yes", "yes"}, {"y", "yes"}, {"Yes", "yes"}, {"Y", "yes"}, {"no", "no"}, {"N", "no"}, {"NO", "no"}, {"maybe", "maybe"}, {"", ""}, {"yes!", "yes!"},
};

static void
test_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(answers); i++)
        if (!str_eq(text_yes_or_no(answers[i].answer), answers[i].meant))
            fail_msg("row %zu: %s", i, text_yes_or_no(answers[i].answer));
}

static const struct { const char *argv[4]; const char *line; } commands[] = {
    {{"/bin/ls", "-l", "/etc", NULL}, "/bin/ls -l /etc"},
    {{"/bin/echo", "two words", "", NULL}, "/bin/echo 'two words' ''"},
    {{"/bin/echo", "it's", "$HOME;", NULL}, "/bin/echo 'it'\\''s' '$HOME;'"},
};

static void
test_commands(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        assert_string_equal(text_command(ctx, commands[i].argv), commands[i].line);
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks), cmocka_unit_test(test_site), cmocka_unit_test(test_names), cmocka_unit_test(test_postfix_files),
        cmocka_unit_test(test_settings), cmocka_unit_test(test_neighbours), cmocka_unit_test(test_words), cmocka_unit_test(test_answers), cmocka_unit_test(test_commands),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
