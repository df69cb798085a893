/* test-dmarc.c - records, walks and alignment in rows; the corpora's cases are in test-corpora.py */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "auth/dmarc.h"
#include "auth/psl.h"
#include "signing.h"

static const struct {
    const char *text;
    bool is;
    enum dmarc_policy p, sp, np;
    const char *flags;      /* d: adkim=s, s: aspf=s, t: t=y, y/n: psd */
} records[] = {
    {"v=DMARC1; p=reject", true, DMARC_REJECT, DMARC_REJECT, DMARC_REJECT, ""},
    {"v=DMARC1;p=none;sp=quarantine;np=reject", true, DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT, ""},
    {" v = DMARC1 ; p = Quarantine ; adkim = S ; aspf=s; t=Y ;", true, DMARC_QUARANTINE, DMARC_QUARANTINE, DMARC_QUARANTINE, "dst"},
    {"v=DMARC1; p=reject; psd=y; what=ever; noequals; =; pct=0", true, DMARC_REJECT, DMARC_REJECT, DMARC_REJECT, "y"},
    {"v=DMARC1; p=reject; psd=n", true, DMARC_REJECT, DMARC_REJECT, DMARC_REJECT, "n"},
    {"v=DMARC1; p=reject; sp=none", true, DMARC_REJECT, DMARC_NONE, DMARC_NONE, ""},
    {"v=DMARC1; rua=mailto:a@example.jp", true, DMARC_NONE, DMARC_NONE, DMARC_NONE, ""},
    {"v=DMARC1; p=rejct; rua=mailto:a@example.jp", true, DMARC_NONE, DMARC_NONE, DMARC_NONE, ""},
    {"v=DMARC1; p=reject; sp=bad; rua=mailto:a@example.jp", true, DMARC_NONE, DMARC_NONE, DMARC_NONE, ""},
    {"v=DMARC1; p=rejct", false, 0, 0, 0, ""},
    {"v=DMARC1", false, 0, 0, 0, ""},
    {"v=dmarc1; p=reject", false, 0, 0, 0, ""},
    {"V=DMARC1; p=reject", false, 0, 0, 0, ""},
    {"p=reject; v=DMARC1", false, 0, 0, 0, ""},
    {"v=DMARC10; p=reject", false, 0, 0, 0, ""},
    {"v=spf1 -all", false, 0, 0, 0, ""},
    {"", false, 0, 0, 0, ""},
    {";;;", false, 0, 0, 0, ""},
};

static void
test_records(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct dmarc_record record = {0};
        bool is = dmarc_record_parse(ctx, records[i].text, &record);
        char flags[6] = "", *f = flags;

        if (record.dkim_is_strict) *f++ = 'd';
        if (record.spf_is_strict) *f++ = 's';
        if (record.is_testing) *f++ = 't';
        if (record.psd != DMARC_PSD_UNKNOWN) *f++ = record.psd == DMARC_PSD_YES ? 'y' : 'n';
        if (is != records[i].is || (is && (record.policy != records[i].p || record.subdomain_policy != records[i].sp
                                           || record.nonexistent_policy != records[i].np || strcmp(flags, records[i].flags) != 0)))
            fail_msg("row %zu: %d p=%d sp=%d np=%d %s", i, is, record.policy, record.subdomain_policy, record.nonexistent_policy,
                     flags);
        talloc_free(ctx);
    }
}

static const struct test_zone zone[] = {
    {"_dmarc.strict.example", "v=DMARC1; p=reject; adkim=s; aspf=s"},
    {"_dmarc.relaxed.example", "v=DMARC1; p=reject; sp=quarantine; np=none"},
    {"_dmarc.own.relaxed.example", "v=DMARC1; p=none; psd=n"},
    {"sub.relaxed.example", "v=something"},         /* it exists, though without A, AAAA, MX */
    {"_dmarc.test.example", "v=DMARC1; p=reject; t=y"},
    {"_dmarc.suffix.example", "v=DMARC1; p=reject; sp=quarantine; psd=y"},
    {"_dmarc.two.example", "v=DMARC1; p=reject"}, {"_dmarc.two.example", "v=DMARC1; p=none"},
    {"_dmarc.silent.example", "TEMPERROR"},
    {"_dmarc.known.silent.example", "v=DMARC1; p=reject"},
    {NULL, NULL},
};

static const struct {
    const char *author, *dkim, *spf;
    bool unsure;
    enum auth_verdict result;
    const char *record_domain;
    enum dmarc_policy policy, asked;
} cases[] = {
    {"strict.example", "strict.example", NULL, 0, AUTH_PASS, "strict.example", DMARC_REJECT, DMARC_REJECT},
    {"strict.example", "STRICT.example", NULL, 0, AUTH_PASS, "strict.example", DMARC_REJECT, DMARC_REJECT},
    {"strict.example", "sub.strict.example", NULL, 0, AUTH_FAIL, "strict.example", DMARC_REJECT, DMARC_REJECT},
    {"strict.example", NULL, "sub.strict.example", 0, AUTH_FAIL, "strict.example", DMARC_REJECT, DMARC_REJECT},
    {"strict.example", NULL, "strict.example", 0, AUTH_PASS, "strict.example", DMARC_REJECT, DMARC_REJECT},
    {"relaxed.example", "a.b.relaxed.example", NULL, 0, AUTH_PASS, "relaxed.example", DMARC_REJECT, DMARC_REJECT},
    {"a.relaxed.example", "relaxed.example", NULL, 0, AUTH_PASS, "relaxed.example", DMARC_NONE, DMARC_NONE},
    {"a.relaxed.example", "b.relaxed.example", NULL, 0, AUTH_PASS, "relaxed.example", DMARC_NONE, DMARC_NONE},
    {"relaxed.example", "own.relaxed.example", NULL, 0, AUTH_FAIL, "relaxed.example", DMARC_REJECT, DMARC_REJECT},
    {"own.relaxed.example", "x.own.relaxed.example", NULL, 0, AUTH_PASS, "own.relaxed.example", DMARC_NONE, DMARC_NONE},
    {"relaxed.example", "evilrelaxed.example", NULL, 0, AUTH_FAIL, "relaxed.example", DMARC_REJECT, DMARC_REJECT},
    {"relaxed.example", NULL, NULL, 1, AUTH_TEMPERROR, "relaxed.example", DMARC_REJECT, DMARC_REJECT},
    {"test.example", NULL, NULL, 0, AUTH_FAIL, "test.example", DMARC_REJECT, DMARC_QUARANTINE},
    {"a.suffix.example", "b.suffix.example", NULL, 0, AUTH_FAIL, "suffix.example", DMARC_QUARANTINE, DMARC_QUARANTINE},
    {"x.a.suffix.example", "a.suffix.example", NULL, 0, AUTH_PASS, "suffix.example", DMARC_QUARANTINE, DMARC_QUARANTINE},
    {"two.example", "two.example", NULL, 0, AUTH_NONE, NULL, 0, 0},
    {"none.example", "none.example", NULL, 0, AUTH_NONE, NULL, 0, 0},
    {"silent.example", "silent.example", NULL, 0, AUTH_TEMPERROR, NULL, 0, 0},
    {"a.silent.example", "a.silent.example", NULL, 0, AUTH_TEMPERROR, NULL, 0, 0},
    {"known.silent.example", "known.silent.example", NULL, 0, AUTH_PASS, "known.silent.example", DMARC_REJECT, DMARC_REJECT},
    {"known.silent.example", "other.silent.example", NULL, 0, AUTH_TEMPERROR, "known.silent.example", DMARC_REJECT, DMARC_REJECT},
    {"known.silent.example", "other.example.jp", NULL, 0, AUTH_FAIL, "known.silent.example", DMARC_REJECT, DMARC_REJECT},
};

static void
test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct dns *dns = test_zone_open(ctx, zone);
        struct dns_question questions[DMARC_QUESTIONS_MAX];
        struct dmarc_answers answers = {questions, 0};
        const char *domains[2];
        size_t count = 0;
        struct dmarc_result result;

        if (cases[i].dkim != NULL)
            domains[count++] = cases[i].dkim;
        if (cases[i].spf != NULL)
            domains[count++] = cases[i].spf;
        answers.count = dmarc_ask(ctx, cases[i].author, domains, count, questions);
        dns_ask(ctx, dns, questions, answers.count, dns_deadline(dns));
        dmarc_judge(ctx, &answers, cases[i].author, &cases[i].dkim, cases[i].dkim != NULL, cases[i].spf, cases[i].unsure, &result);
        if (result.result != cases[i].result || !str_eq(result.record_domain, cases[i].record_domain)
            || result.policy != cases[i].policy || result.asked != cases[i].asked)
            fail_msg("row %zu: %s (%s), record of %s, p=%s asked=%s", i, auth_verdict_name(result.result), result.reason,
                     result.record_domain == NULL ? "nobody" : result.record_domain, dmarc_policy_name(result.policy),
                     dmarc_policy_name(result.asked));
        talloc_free(ctx);
    }
}

/* An existing sub-domain has sp=, one without A, AAAA and MX np=. */
static void
test_existence(void **state)
{
    static const struct { enum dns_status a, aaaa, mx; enum dmarc_policy policy; } rows[] = {
        {DNS_NODATA, DNS_NODATA, DNS_NODATA, DMARC_NONE}, {DNS_NXDOMAIN, DNS_NXDOMAIN, DNS_NXDOMAIN, DMARC_NONE},
        {DNS_FOUND, DNS_NODATA, DNS_NODATA, DMARC_QUARANTINE}, {DNS_NODATA, DNS_FOUND, DNS_NODATA, DMARC_QUARANTINE},
        {DNS_NODATA, DNS_NODATA, DNS_FOUND, DMARC_QUARANTINE}, {DNS_TEMPERROR, DNS_NODATA, DNS_NODATA, DMARC_QUARANTINE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        const char *record = "v=DMARC1; p=reject; sp=quarantine; np=none";
        struct dns_question questions[DMARC_QUESTIONS_MAX];
        struct dmarc_answers answers = {questions, dmarc_ask(ctx, "a.relaxed.example", NULL, 0, questions)};
        struct dmarc_result result;

        assert_int_equal(answers.count, 6);
        for (size_t q = 0; q < answers.count; q++)
            questions[q].answer.status = DNS_NXDOMAIN;
        questions[1].answer = (struct dns_answer){.status = DNS_FOUND, .values = &record, .count = 1};
        questions[3].answer.status = rows[i].a;
        questions[4].answer.status = rows[i].aaaa;
        questions[5].answer.status = rows[i].mx;
        dmarc_judge(ctx, &answers, "a.relaxed.example", NULL, 0, NULL, false, &result);
        if (result.policy != rows[i].policy)
            fail_msg("row %zu: %s", i, dmarc_policy_name(result.policy));
        talloc_free(ctx);
    }
}

/* 20 signers of one organization: the questions stay within their bound, each asked once. */
static void
test_bounds(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *domains[100];
    struct dns_question *questions = mem_array(ctx, struct dns_question, DMARC_QUESTIONS_MAX);
    size_t asked;

    (void)state;
    for (int i = 0; i < 100; i++)
        domains[i] = mem_printf(ctx, "a.b.c.d.e.f.g.h.i.d%d.example", i);
    asked = dmarc_ask(ctx, "a.b.c.d.e.f.g.h.i.j.k.example", domains, 100, questions);
    assert_int_equal(asked, DMARC_QUESTIONS_MAX);
    assert_int_equal(dmarc_ask(ctx, "", domains, 0, questions), 0);
    assert_int_equal(dmarc_ask(ctx, "not a domain", NULL, 0, questions), 0);
    talloc_free(ctx);
}

static void
test_suffix_list(void **state)
{
    static const struct { const char *a, *b; bool same; } pairs[] = {
        {"example.co.jp", "mail.example.co.jp", true}, {"example.co.jp", "other.co.jp", false},
        {"co.jp", "example.co.jp", false}, {"a.github.io", "b.github.io", false}, {"com", "com", true},
        {"news.example.com", "mail.example.com", true}, {"example.com", "example.org", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (psl_same_organization(pairs[i].a, pairs[i].b) != pairs[i].same)
            fail_msg("row %zu: %s and %s", i, pairs[i].a, pairs[i].b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records), cmocka_unit_test(test_cases), cmocka_unit_test(test_existence),
        cmocka_unit_test(test_bounds), cmocka_unit_test(test_suffix_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
