/* test-people.c - people as they are pasted and as spreadsheets write them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/people.h"
#include "util/str.h"

#define BYTES(text) {(const uint8_t *)(text), sizeof(text) - 1}

/* Each person is "line name <email>" or "line ! reason (cell)", joined by "; ". */
static const struct { struct blob in; const char *out; } rows[] = {
    {BYTES(""), ""},
    {BYTES("hana@example.jp"), "1 hana@example.jp"},
    {BYTES("\n# a remark\n  hana@example.jp \r\n"), "3 hana@example.jp"},
    {BYTES("Hana <hana@example.jp>\nken@example.jp"), "1 Hana <hana@example.jp>; 2 ken@example.jp"},
    {BYTES("\"Hana, T.\" <hana@example.jp>"), "1 Hana, T. <hana@example.jp>"},
    {BYTES("Tanaka, Hana <hana@example.jp>"), "1 Tanaka, Hana <hana@example.jp>"},
    {BYTES("hana@example.jp,"), "1 hana@example.jp"},
    {BYTES("a@example.jp, b@example.jp; "), "1 a@example.jp; 1 b@example.jp"},
    {BYTES("A <a@example.jp>; B <b@example.jp>"), "1 A <a@example.jp>; 1 B <b@example.jp>"},
    {BYTES("hana@example.jp,Hana"), "1 Hana <hana@example.jp>"},
    {BYTES("佐藤 花子\thana@example.jp"), "1 佐藤 花子 <hana@example.jp>"},
    {BYTES("Hana,a@example.jp,b@example.jp"), "1 ! This line holds several addresses beside other text"},
    {BYTES("nobody"), "1 ! \"%1\" is not a mail address (nobody)"},
    {BYTES("a b@example.jp"), "1 ! \"%1\" is not a mail address (a b@example.jp)"},
    /* what copying and phones make of addresses */
    {BYTES("ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ"), "1 hana@example.jp"},
    {BYTES("mailto:hana@example.jp"), "1 hana@example.jp"},
    {BYTES("\u00a0hana@example.jp\u200b"), "1 hana@example.jp"},
    {BYTES("a..b@docomo.ne.jp\nab.@ezweb.ne.jp"), "1 a..b@docomo.ne.jp; 2 ab.@ezweb.ne.jp"},
    /* tables */
    {BYTES("Name,Email\nHana,hana@example.jp\n"), "2 Hana <hana@example.jp>"},
    {BYTES("メールアドレス;氏名\nhana@example.jp;佐藤 花子"), "2 佐藤 花子 <hana@example.jp>"},
    {BYTES("姓\t名\tE-Mail アドレス\n佐藤\t花子\thana@example.jp"), "2 佐藤 花子 <hana@example.jp>"},
    {BYTES("First Name,Last Name,E-mail\nHana,Sato,hana@example.jp"), "2 Hana Sato <hana@example.jp>"},
    {BYTES("address,name\n\"hana@example.jp\",\"Sato, \"\"Hana\"\"\"\n"), "2 Sato, \"Hana\" <hana@example.jp>"},
    {BYTES("address,delivery,言語\na@example.jp,off,日本語\nb@example.jp,はい,\n"),
     "2 a@example.jp delivery_status=by_user preferred_language=ja; 3 ! \"%1\" is not a word that this column knows (はい)"},
    {BYTES("address,mode,moderation\na@example.jp,Digest,Hold\n"), "2 a@example.jp delivery_mode=mime_digests moderation_action=hold"},
    {BYTES("address,hide_address\na@example.jp,yes\nb@example.jp,no"), "2 a@example.jp hide_address=true; 3 b@example.jp hide_address=false"},
    {BYTES("address,name\n,Hana\nx,Ken\n"), "2 ! There is no address in this line (); 3 ! \"%1\" is not a mail address (x)"},
    {BYTES("address,name\na@example.jp,\"Hana\nb@example.jp,Ken"), "2 ! A quotation mark is not closed; 3 Ken <b@example.jp>"},
    {BYTES("address,name\na@example.jp,\"two\nlines\"\nb@example.jp,Ken"), "2 two lines <a@example.jp>; 4 Ken <b@example.jp>"},
    {BYTES("address,name\na@example.jp,'=1+1\n"), "2 =1+1 <a@example.jp>"},
    /* bytes */
    {BYTES("\xef\xbb\xbf" "address,name\na@example.jp,花子"), "2 花子 <a@example.jp>"},
    {BYTES("\xff\xfe" "a\0@\0b\0.\0j\0p\0\n\0"), "1 a@b.jp"},
    {BYTES("\xfe\xff" "\0a\0@\0b\0.\0j\0p"), "1 a@b.jp"},
    {BYTES("a\0@\0b\0.\0j\0p\0,\0\xb1\x82\x50\x5b"), "1 花子 <a@b.jp>"},
    {BYTES("\x8e\x81\x96\xbc,\x83\x81\x81\x5b\x83\x8b\n\xfb\xfc\xed\x95 \x87\x40\x87\x8a \xca\xc5\xba,hana@example.jp\n"),
     "2 髙﨑 ①㈱ ﾊﾅｺ <hana@example.jp>"},
    {BYTES("hana@example.jp,Ren\xe9" "e\n"), "1 Renée <hana@example.jp>"},
    /* line ends of old Macintosh tables */
    {BYTES("hana@example.jp\rKen <ken@example.jp>\r"), "1 hana@example.jp; 2 Ken <ken@example.jp>"},
    {BYTES("address,name\ra@example.jp,Hana\r\nb@example.jp,Ken\r"), "2 Hana <a@example.jp>; 3 Ken <b@example.jp>"},
    {BYTES("\xff\xfe" "a\0@\0b\0.\0j\0p\0\r\0c\0@\0d\0.\0j\0p\0"), "1 a@b.jp; 2 c@d.jp"},
    {BYTES("\xfe\xff" "\0a\0@\0b\0.\0j\0p\0\r\0\n\0c\0@\0d\0.\0j\0p"), "1 a@b.jp; 2 c@d.jp"},
};

static char *
told(TALLOC_CTX *ctx, const struct people *people)
{
    struct str *out = str_new(ctx);

    for (size_t i = 0; i < people->count; i++) {
        const struct person *person = &people->rows[i];

        str_addf(out, "%s%zu ", i > 0 ? "; " : "", person->line);
        if (person->key == NULL) {
            str_addf(out, "! %s", person->reason);
            if (person->cell != NULL)
                str_addf(out, " (%s)", person->cell);
            continue;
        }
        str_addf(out, *person->name != '\0' ? "%s <%s>" : "%s%s", person->name, person->email);
        for (size_t wish = 0; wish < WISH_COUNT; wish++)
            if (*person->wishes[wish] != '\0')
                str_addf(out, " %s=%s", person_wish_name((enum person_wish)wish), person->wishes[wish]);
    }
    return out->s;
}

static void
test_rows(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *out = told(ctx, people_read(ctx, rows[i].in, NULL, "en"));

        if (!str_eq(out, rows[i].out))
            fail_msg("row %zu: %s", i, out);
    }
    talloc_free(ctx);
}

static void
test_columns_that_are_not_used_are_told(void **state)
{
    struct people *people = people_read(NULL, blob_of("氏名,メール,電話,備考,役割\n花子,a@example.jp,03,x,member"), NULL, "ja");

    (void)state;
    assert_true(people->is_table);
    assert_int_equal(people->unused_count, 2);
    assert_string_equal(people->unused[0], "電話");
    assert_string_equal(people->charset, "utf-8");
    talloc_free(people);
}

static void
test_a_charset_may_be_said(void **state)
{
    static const struct blob kana = BYTES("hana@example.jp,\xca\xc5\xba");
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_string_equal(people_read(ctx, kana, "cp932", "en")->rows[0].name, "ﾊﾅｺ");
    assert_string_equal(people_read(ctx, kana, NULL, "ja")->rows[0].name, "ﾊﾅｺ");
    talloc_free(ctx);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_columns_that_are_not_used_are_told),
        cmocka_unit_test(test_a_charset_may_be_said),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
