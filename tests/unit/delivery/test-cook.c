/* test-cook.c - what goes out is what came in, but for what must differ */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "delivery/cook.h"
#include "delivery/copy.h"
#include "delivery/field.h"
#include "util/crypto.h"
#include "util/str.h"

static const struct cook_list list = {
    .name = "club", .slug = "club", .domain = "lists.example.jp", .base_url = "https://lists.example.jp", .display_name = "Club",
    .description = "連絡\r\nBcc: x@evil.example", .has_list_fields = true, .takes_posts = true, .has_archive = true,
};
static const struct cook_post post = {
    .number = 7, .hash = "HASH", .rfc_message_id = "made@lists.example.jp", .authentication = "", .auth_id = "mx.example.jp",
    .date_us = 1795304268000000,
};

static struct variants
cooked(TALLOC_CTX *ctx, const char *text, const struct cook_list *how, cook_prove *prove)
{
    struct message *message = message_parse(ctx, blob_of(text));
    struct cook_post this_post = post;
    struct variants variants;
    struct summary *summary = summary_read(ctx, message);

    this_post.add_message_id = summary->message_id == NULL;
    cook(ctx, message, summary, how, &this_post, prove, NULL, &variants);
    return variants;
}

static struct cook_proof
always(void *data, struct blob bytes)
{
    (void)data;
    (void)bytes;
    return (struct cook_proof){true, "kept", 0};
}

static const char message[] = "From: Taro <taro@example.org>\r\nTo: club@lists.example.jp\r\nSubject:  odd   spacing\r\n"
    "\t folded\r\nMessage-ID: <a@b>\r\nDate: Sat, 21 Nov 2026 09:12:00 +0900\r\nList-Id: <other.example>\r\n"
    "Authentication-Results: mx.example.jp; dkim=pass\r\nAuthentication-Results: elsewhere; dkim=pass\r\nTo: second@example\r\n"
    "\r\nbody\r\n.\r\n";

static void
kept_has_the_authors_fields_byte_for_byte(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct variants v = cooked(ctx, message, &list, always);
    const char *head = (const char *)v.kept.head.data;

    (void)state;
    assert_true(v.has_kept);
    assert_non_null(strstr(head, "From: Taro <taro@example.org>\r\n"));
    assert_non_null(strstr(head, "Subject:  odd   spacing\r\n\t folded\r\n"));
    assert_null(strstr(head, "other.example"));
    assert_null(strstr(head, "mx.example.jp"));
    assert_non_null(strstr(head, "elsewhere; dkim=pass"));
    assert_null(strstr(head, "second@example"));
    assert_null(strstr(head, "\r\nBcc:"));
    assert_true(v.kept.body_is_received);
    assert_int_equal(v.kept.body.len, strlen("body\r\n.\r\n"));
    assert_memory_equal(v.kept.body.data, "body\r\n.\r\n", v.kept.body.len);
    talloc_free(ctx);
}

static void
replaced_has_our_from(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct variants v = cooked(ctx, message, &list, NULL);
    const char *head = (const char *)v.replaced.head.data;

    (void)state;
    assert_false(v.has_kept);
    assert_non_null(strstr(head, "From: Taro via Club <club@lists.example.jp>\r\n"));
    assert_non_null(strstr(head, "Author: Taro <taro@example.org>\r\n"));
    assert_non_null(strstr(head, "X-Original-From: Taro <taro@example.org>\r\n"));
    assert_non_null(strstr(head, "Reply-To: Taro <taro@example.org>\r\n"));
    assert_null(strstr(head, "\r\nFrom: Taro <taro"));
    talloc_free(ctx);
}

static void
what_is_missing_is_added(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct variants v = cooked(ctx, "From: taro@example.org\r\n\r\nx\r\n", &list, NULL);
    const char *head = (const char *)v.replaced.head.data;

    (void)state;
    assert_non_null(strstr(head, "Message-ID: <made@lists.example.jp>\r\n"));
    assert_non_null(strstr(head, "Date: Sat, 21 Nov 2026 23:37:48 +0000"));
    assert_non_null(strstr(head, "From: taro via Club <club@lists.example.jp>\r\n"));
    talloc_free(ctx);
}

static void
prefix_and_footer_change_both_forms(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct cook_list changed = list;
    struct variants v;

    (void)state;
    changed.prefix = "[Club 7] ";
    changed.footer = "-- \nfooter";
    v = cooked(ctx, message, &changed, always);
    assert_non_null(strstr((const char *)v.kept.head.data, "Subject: [Club 7] "));
    assert_false(v.kept.body_is_received);
    assert_non_null(memmem(v.kept.body.data, v.kept.body.len, "footer", 6));
    assert_memory_equal(v.kept.body_hash, v.replaced.body_hash, SHA256_LEN);
    talloc_free(ctx);
}

static const char signed_post[] = "DKIM-Signature: v=1; d=example.org\r\nReceived: from home.example\r\nFrom: Taro <taro@example.org>\r\n"
    "To: club@lists.example.jp\r\nSubject: =?UTF-8?B?5Zue?=\r\nReply-To: taro@home.example\r\nX-Mailer: Taro's\r\nSender: s@example.org\r\n"
    "Organization: Taro Ltd\r\nApproved: sesame\r\nBcc: x@example.org\r\nMessage-ID: <a@example.org>\r\nIn-Reply-To: <p@example.org>\r\n"
    "Date: Sat, 21 Nov 2026 09:12:00 +0900\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xe5\x9b\x9e\r\n";

/* An anonymous copy names the author nowhere but in the text. */
static void
anonymous_copies_name_nobody(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct cook_list hidden = list;
    struct variants v;
    const char *head;

    (void)state;
    hidden.is_anonymous = true;
    hidden.wraps = true;        /* of no account then */
    hidden.description = "Club news";
    v = cooked(ctx, signed_post, &hidden, always);
    head = (const char *)v.replaced.head.data;
    assert_false(v.has_kept);
    assert_non_null(strstr(head, "From: Club news <club@lists.example.jp>\r\n"));
    assert_non_null(strstr(head, "Reply-To: club@lists.example.jp\r\n"));
    assert_non_null(strstr(head, "In-Reply-To: <p@example.org>\r\n"));
    assert_non_null(strstr(head, "Content-Type: text/plain; charset=utf-8\r\n"));
    for (size_t i = 0; i < 5; i++)
        assert_null(strcasestr(head, ((const char *[]){"taro", "home.example", "DKIM", "X-Mailer", "s@example.org"})[i]));
    assert_true(v.replaced.body_is_received);
    talloc_free(ctx);
}

/* The mail around has what threads and sorts; inside is the post, byte for byte but for its secrets. */
static void
wrapped_posts_are_untouched(void **state)
{
    static const char inner[] = "DKIM-Signature: v=1; d=example.org\r\nReceived: from home.example\r\nFrom: Taro <taro@example.org>\r\n"
        "To: club@lists.example.jp\r\nSubject: =?UTF-8?B?5Zue?=\r\nReply-To: taro@home.example\r\nX-Mailer: Taro's\r\nSender: s@example.org\r\n"
        "Organization: Taro Ltd\r\nMessage-ID: <a@example.org>\r\nIn-Reply-To: <p@example.org>\r\n"
        "Date: Sat, 21 Nov 2026 09:12:00 +0900\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xe5\x9b\x9e\r\n";
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct cook_list wrapping = list;
    struct variants v;
    const char *head;

    (void)state;
    wrapping.wraps = true;
    v = cooked(ctx, signed_post, &wrapping, NULL);
    head = (const char *)v.replaced.head.data;
    assert_non_null(strstr(head, "From: Taro via Club <club@lists.example.jp>\r\n"));
    assert_non_null(strstr(head, "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n"));
    assert_non_null(strstr(head, "Message-ID: <a@example.org>\r\n"));
    assert_null(strstr(head, "DKIM-Signature"));
    assert_int_equal(v.replaced.body.len, strlen(inner));
    assert_memory_equal(v.replaced.body.data, inner, strlen(inner));
    assert_false(v.replaced.body_is_received);
    wrapping.wrap_text = "Wrapped because of DMARC.";
    wrapping.footer = "footer";
    wrapping.prefix = "[Club 7] ";
    v = cooked(ctx, signed_post, &wrapping, always);
    head = (const char *)v.replaced.head.data;
    assert_non_null(strstr(head, "Content-Type: multipart/mixed; boundary=\"=_"));
    assert_non_null(strstr(head, "Subject: [Club 7] "));
    assert_non_null(memmem(v.replaced.body.data, v.replaced.body.len, inner, strlen(inner)));
    assert_non_null(memmem(v.replaced.body.data, v.replaced.body.len, "Wrapped because of DMARC.", 25));
    assert_non_null(memmem(v.replaced.body.data, v.replaced.body.len, "footer", 6));
    assert_true(v.has_kept);
    assert_memory_not_equal(v.kept.body_hash, v.replaced.body_hash, SHA256_LEN);
    talloc_free(ctx);
}

static void
the_authors_reply_to_goes_where_asked(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct cook_list stripping = list;
    struct variants v;

    (void)state;
    stripping.strips_reply_to = true;
    v = cooked(ctx, signed_post, &stripping, always);
    assert_null(strstr((const char *)v.kept.head.data, "home.example>"));
    assert_null(strstr((const char *)v.kept.head.data, "Reply-To: taro"));
    assert_non_null(strstr((const char *)v.replaced.head.data, "Reply-To: Taro <taro@example.org>\r\n"));
    stripping.reply = COOK_REPLY_LIST;
    v = cooked(ctx, signed_post, &stripping, always);
    assert_non_null(strstr((const char *)v.kept.head.data, "Reply-To: club@lists.example.jp\r\n"));
    assert_null(strstr((const char *)v.kept.head.data, "taro@home.example"));
    talloc_free(ctx);
}

static const struct { const char *pattern; int64_t number; const char *prefix; } prefixes[] = {
    {"[Club]", 5, "[Club]"}, {"[Club %d]", 5, "[Club 5]"}, {"[%05d]", 42, "[00042]"}, {"%s%n%5", 1, "%s%n%5"},
    {"100%", 3, "100%"}, {"%99999999d", 1, "%99999999d"}, {"", 1, ""},
};

static void
prefixes_are_numbered(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        char *prefix = cook_prefix(ctx, prefixes[i].pattern, prefixes[i].number);

        if (!str_eq(prefix, prefixes[i].prefix))
            fail_msg("row %zu: %s", i, prefix);
    }
    talloc_free(ctx);
}

static const struct { const char *field, *written; } fields[] = {
    {"Subject:  as it\r\n\tcame\r\n", "Subject:  as it\r\n\tcame\r\n"},
    {"Subject: caf\xc3\xa9\r\n", "Subject: =?UTF-8?"},
    {"From: Jos\xc3\xa9 <j@example.org>\r\n", "<j@example.org>\r\n"},
    {"Content-Type: application/pdf; name=\"\xe5\x9c\xb0.pdf\"\r\n", "name*=UTF-8''%E5%9C%B0.pdf"},
    {"To: j\xc3\xb6hn@m\xc3\xa4" "chine.example, b@c.example\r\n", "To: b@c.example\r\n"},
    {"Message-Id: <a@\xc3\xa4.test>\r\n", "Message-Id: <a@??.test>\r\n"},
    {"Cc: x@m\xc3\xa4" "chine.example\r\n", "Cc: x@xn--mchine-bua.example\r\n"},
};

static void
fields_are_fit_to_send(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        struct header *header = header_parse(ctx, blob_of(mem_printf(ctx, "%s\r\n", fields[i].field)));
        struct str *out = str_new(ctx);

        field_add(out, &header->fields[0]);
        if (strstr(out->s, fields[i].written) == NULL || !str_ends(out->s, "\r\n"))
            fail_msg("row %zu: %s", i, out->s);
        for (size_t k = 0; k < out->len; k++)
            if ((unsigned char)out->s[k] > 127)
                fail_msg("row %zu has 8-bit bytes", i);
    }
    talloc_free(ctx);
}

static void
long_lines_are_folded(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct str *text = str_new(ctx), *out = str_new(ctx);
    size_t line = 0;

    (void)state;
    str_add(text, "References:");
    for (int i = 0; i < 200; i++)
        str_addf(text, " <message-%d@example.org>", i);
    str_add(text, "\r\n\r\n");
    field_add(out, &header_parse(ctx, str_blob(text))->fields[0]);
    for (size_t i = 0; i < out->len; i++) {
        line = out->s[i] == '\n' ? 0 : line + 1;
        assert_true(line <= 999);
    }
    assert_non_null(strstr(out->s, "<message-199@example.org>"));
    talloc_free(ctx);
}

static void
retries_wait_longer_each_time(void **state)
{
    static const struct { int tries; int64_t least, most; } rows[] = {
        {0, 240, 360}, {1, 480, 720}, {3, 1920, 2880}, {10, 11520, 17280}, {1000, 11520, 17280},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (uint32_t random = 0; random < 2000; random += 7) {
            int64_t wait_s = copy_retry_after_s(rows[i].tries, 300, 14400, random);

            if (wait_s < rows[i].least || wait_s > rows[i].most)
                fail_msg("row %zu: %lld", i, (long long)wait_s);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_has_the_authors_fields_byte_for_byte),
        cmocka_unit_test(replaced_has_our_from),
        cmocka_unit_test(what_is_missing_is_added),
        cmocka_unit_test(prefix_and_footer_change_both_forms),
        cmocka_unit_test(anonymous_copies_name_nobody), cmocka_unit_test(wrapped_posts_are_untouched),
        cmocka_unit_test(the_authors_reply_to_goes_where_asked), cmocka_unit_test(prefixes_are_numbered),
        cmocka_unit_test(fields_are_fit_to_send),
        cmocka_unit_test(long_lines_are_folded),
        cmocka_unit_test(retries_wait_longer_each_time),
    };

    mem_init();
    crypto_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
