/* dmarc.c - what the author's domain asks of receivers, and whether this mail is the author's */
#include <ctype.h>
#include <string.h>

#include "auth/dmarc.h"
#include "util/str.h"

enum { TAGS_MAX = 50 };

/* ---- records ---- */

struct tag { char *name, *value; };
struct tags {
    struct tag rows[TAGS_MAX];
    size_t count;
};

/* "name = value; ..." What has no "=" is passed over, as unknown tags are. */
static void
tags_read(TALLOC_CTX *ctx, const char *text, struct tags *tags)
{
    char **parts = str_split(ctx, text, ';', TAGS_MAX);

    tags->count = 0;
    for (size_t i = 0; parts[i] != NULL && tags->count < TAGS_MAX; i++) {
        char *equals = strchr(parts[i], '=');

        if (equals == NULL)
            continue;
        *equals = '\0';
        tags->rows[tags->count++] = (struct tag){str_trim(ctx, parts[i]), str_trim(ctx, equals + 1)};
    }
}

static const char *
tag_get(const struct tags *tags, const char *name)
{
    for (size_t i = 0; i < tags->count; i++)
        if (str_eq(tags->rows[i].name, name))
            return tags->rows[i].value;
    return NULL;
}

const char *
dmarc_policy_name(enum dmarc_policy policy)
{
    static const char *const names[] = {"none", "quarantine", "reject"};

    return names[policy];
}

/* An absent tag leaves *policy; a wrong one is false. */
static bool
read_policy(const char *value, enum dmarc_policy *policy)
{
    if (value == NULL)
        return true;
    for (enum dmarc_policy p = DMARC_NONE; p <= DMARC_REJECT; p++)
        if (str_eq_nocase(value, dmarc_policy_name(p))) {
            *policy = p;
            return true;
        }
    return false;
}

static bool
is_letter(const char *value, const char *letter)
{
    return value != NULL && str_eq_nocase(value, letter);
}

bool
dmarc_record_parse(TALLOC_CTX *ctx, const char *text, struct dmarc_record *record_r)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    struct tags tags;
    struct dmarc_record record = {0};
    const char *p;
    bool good;

    tags_read(tmp, text, &tags);
    if (tags.count == 0 || !str_eq(tags.rows[0].name, "v") || !str_eq(tags.rows[0].value, "DMARC1")) {
        talloc_free(tmp);
        return false;
    }
    p = tag_get(&tags, "p");
    good = p != NULL && read_policy(p, &record.policy);
    record.subdomain_policy = record.policy;
    good = read_policy(tag_get(&tags, "sp"), &record.subdomain_policy) && good;
    record.nonexistent_policy = record.subdomain_policy;
    good = read_policy(tag_get(&tags, "np"), &record.nonexistent_policy) && good;
    record.reports = mem_strdup(ctx, tag_get(&tags, "rua"));
    if (!good)
        record.policy = record.subdomain_policy = record.nonexistent_policy = DMARC_NONE;
    record.dkim_is_strict = is_letter(tag_get(&tags, "adkim"), "s");
    record.spf_is_strict = is_letter(tag_get(&tags, "aspf"), "s");
    record.is_testing = is_letter(tag_get(&tags, "t"), "y");
    record.psd = is_letter(tag_get(&tags, "psd"), "y") ? DMARC_PSD_YES
                 : is_letter(tag_get(&tags, "psd"), "n") ? DMARC_PSD_NO : DMARC_PSD_UNKNOWN;
    talloc_free(tmp);
    *record_r = record;
    return good || (record.reports != NULL && strchr(record.reports, ':') != NULL);
}

/* ---- the walk ---- */

static size_t
label_count(const char *domain)
{
    size_t count = *domain != '\0';

    for (; *domain != '\0'; domain++)
        count += *domain == '.';
    return count;
}

static const char *
without_first_label(const char *domain)
{
    const char *dot = strchr(domain, '.');

    return dot == NULL ? "" : dot + 1;
}

size_t
dmarc_walk_names(TALLOC_CTX *ctx, const char *domain, const char *names_r[DMARC_WALK_MAX])
{
    size_t count = 0;

    while (*domain != '\0' && count < DMARC_WALK_MAX) {
        names_r[count++] = mem_printf(ctx, "_dmarc.%s", domain);
        domain = without_first_label(domain);
        while (label_count(domain) > 7)
            domain = without_first_label(domain);
    }
    return count;
}

/* A domain without labels of its own has nothing to walk. */
static bool
may_walk(const char *domain)
{
    return dns_name_is_host(domain) && strlen(domain) < 240;
}

static size_t
ask_walk(TALLOC_CTX *ctx, const char *domain, struct dns_question *questions)
{
    const char *names[DMARC_WALK_MAX];
    size_t count = may_walk(domain) ? dmarc_walk_names(ctx, domain, names) : 0;

    for (size_t i = 0; i < count; i++)
        questions[i] = (struct dns_question){.name = names[i], .type = DNS_TXT};
    return count;
}

static const char *
last_label(const char *domain)
{
    const char *dot = strrchr(domain, '.');

    return dot == NULL ? domain : dot + 1;
}

size_t
dmarc_ask(TALLOC_CTX *ctx, const char *author, const char *const *domains, size_t count, struct dns_question *questions)
{
    static const enum dns_type types[] = {DNS_A, DNS_AAAA, DNS_MX};
    size_t asked = ask_walk(ctx, author, questions);

    for (size_t i = 0; asked > 0 && i < COUNT_OF(types); i++)
        questions[asked++] = (struct dns_question){.name = author, .type = types[i]};
    for (size_t i = 0; i < count && i < DMARC_DOMAINS_MAX; i++) {
        bool again = str_eq_nocase(domains[i], author) || !str_eq_nocase(last_label(domains[i]), last_label(author));

        for (size_t j = 0; j < i && !again; j++)
            again = str_eq_nocase(domains[i], domains[j]);
        if (!again)
            asked += ask_walk(ctx, domains[i], questions + asked);
    }
    return asked;
}

static const struct dns_answer *
answer_to(const struct dmarc_answers *answers, const char *name, enum dns_type type)
{
    for (size_t i = 0; i < answers->count; i++)
        if (answers->questions[i].type == type && str_eq_nocase(answers->questions[i].name, name))
            return &answers->questions[i].answer;
    return NULL;
}

struct step {
    const char *domain;
    const char *text;
    bool has_record;
    struct dmarc_record record;
};

/* A walk as far as it went. */
struct walk {
    struct step steps[DMARC_WALK_MAX];
    size_t count;
    bool is_temporary;      /* a step could not be answered; steps beyond it are missing */
    const char *organization;
    size_t psd;             /* the step whose psd=y ended the walk; `count` when none did */
};

/* One record of the version, or none: several are none. */
static void
step_read(TALLOC_CTX *ctx, const struct dns_answer *answer, struct step *step)
{
    size_t found = 0;

    for (size_t i = 0; i < answer->count; i++) {
        struct dmarc_record record;

        if (!dmarc_record_parse(ctx, answer->values[i], &record))
            continue;
        found++;
        step->record = record;
        step->text = mem_strdup(ctx, answer->values[i]);
    }
    step->has_record = found == 1;
}

/* RFC 9989 4.10.2. */
static void
find_organization(struct walk *walk)
{
    walk->organization = walk->steps[0].domain;
    for (size_t i = 0; i < walk->count; i++) {
        const struct step *step = &walk->steps[i];

        if (!step->has_record)
            continue;
        if (step->record.psd == DMARC_PSD_NO) {
            walk->organization = step->domain;
            return;
        }
        if (step->record.psd == DMARC_PSD_YES && i > 0) {
            /* one label below, which the walk may have jumped over */
            const char *below = walk->steps[0].domain;

            while (label_count(below) > label_count(step->domain) + 1)
                below = without_first_label(below);
            walk->organization = below;
            walk->psd = i;
            return;
        }
        walk->organization = step->domain;      /* so far the fewest labels */
    }
}

static void
walk_read(TALLOC_CTX *ctx, const struct dmarc_answers *answers, const char *domain, struct walk *walk)
{
    const char *names[DMARC_WALK_MAX];
    size_t count = may_walk(domain) ? dmarc_walk_names(ctx, domain, names) : 0;

    *walk = (struct walk){.psd = DMARC_WALK_MAX};
    for (size_t i = 0; i < count; i++) {
        const struct dns_answer *answer = answer_to(answers, names[i], DNS_TXT);
        struct step *step = &walk->steps[walk->count];

        if (answer == NULL || answer->status == DNS_TEMPERROR) {
            walk->is_temporary = true;
            break;
        }
        step->domain = names[i] + strlen("_dmarc.");
        step_read(ctx, answer, step);
        walk->count++;
        if (step->has_record && step->record.psd != DMARC_PSD_UNKNOWN)
            break;
    }
    if (walk->count > 0)
        find_organization(walk);
}

const char *
dmarc_organizational_domain(TALLOC_CTX *ctx, const struct dmarc_answers *answers, const char *domain)
{
    struct walk *walk = mem_new(ctx, struct walk);

    walk_read(walk, answers, domain, walk);
    return walk->is_temporary ? NULL : walk->organization;
}

bool
dmarc_is_aligned(const struct dmarc_answers *answers, const char *author, const char *domain, bool strict, bool *temporary_r)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    bool aligned = str_eq_nocase(author, domain);

    if (temporary_r != NULL)
        *temporary_r = false;
    if (!aligned && !strict && str_eq_nocase(last_label(author), last_label(domain))) {
        const char *of_author = dmarc_organizational_domain(tmp, answers, author);
        const char *of_domain = dmarc_organizational_domain(tmp, answers, domain);

        aligned = of_author != NULL && of_domain != NULL && str_eq_nocase(of_author, of_domain);
        if (temporary_r != NULL)
            *temporary_r = of_author == NULL || of_domain == NULL;
    }
    talloc_free(tmp);
    return aligned;
}

/* ---- the judgement ---- */

/* NXDOMAIN or nothing for A, AAAA and MX alike (RFC 9989 3.2.13); a silent resolver counts as "it exists". */
static bool
is_nonexistent(const struct dmarc_answers *answers, const char *domain)
{
    static const enum dns_type types[] = {DNS_A, DNS_AAAA, DNS_MX};

    for (size_t i = 0; i < COUNT_OF(types); i++) {
        const struct dns_answer *answer = answer_to(answers, domain, types[i]);

        if (answer == NULL || answer->status == DNS_FOUND || answer->status == DNS_TEMPERROR)
            return false;
    }
    return true;
}

/* The record in force: the author's, else the organization's, else the public suffix's (RFC 9989 4.10.1). */
static const struct step *
record_in_force(const struct walk *walk)
{
    if (walk->steps[0].has_record)
        return &walk->steps[0];
    for (size_t i = 0; i < walk->count; i++)
        if (walk->steps[i].has_record && str_eq(walk->steps[i].domain, walk->organization))
            return &walk->steps[i];
    return walk->psd < walk->count ? &walk->steps[walk->psd] : NULL;
}

static void
set_policy(TALLOC_CTX *ctx, struct dmarc_result *result, const struct step *step, const struct dmarc_answers *answers)
{
    const struct dmarc_record *record = &step->record;

    result->record_domain = mem_strdup(ctx, step->domain);
    result->record_text = mem_strdup(ctx, step->text);
    result->is_testing = record->is_testing;
    result->dkim_is_strict = record->dkim_is_strict;
    result->spf_is_strict = record->spf_is_strict;
    result->policy = str_eq_nocase(step->domain, result->author) ? record->policy
                     : is_nonexistent(answers, result->author) ? record->nonexistent_policy : record->subdomain_policy;
    result->asked = record->is_testing && result->policy != DMARC_NONE ? result->policy - 1 : result->policy;
}

/* The first of the domains that is aligned; unsure_r is set when one might be. */
static const char *
find_aligned(TALLOC_CTX *ctx, const struct dmarc_answers *answers, const char *author, const char *const *domains,
             size_t count, bool strict, bool *unsure_r)
{
    for (size_t i = 0; i < count; i++) {
        bool temporary;

        if (dmarc_is_aligned(answers, author, domains[i], strict, &temporary))
            return mem_strdup(ctx, domains[i]);
        *unsure_r = *unsure_r || temporary;
    }
    return NULL;
}

static void
set_verdict(struct dmarc_result *result, enum auth_verdict verdict, const char *reason)
{
    result->result = verdict;
    result->reason = reason;
}

void
dmarc_judge(TALLOC_CTX *ctx, const struct dmarc_answers *answers, const char *author, const char *const *dkim,
            size_t dkim_count, const char *spf, bool is_unsure, struct dmarc_result *result_r)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    struct walk *walk = mem_new(tmp, struct walk);
    const struct step *step = NULL;

    *result_r = (struct dmarc_result){.author = mem_strdup(ctx, author)};
    walk_read(tmp, answers, author, walk);
    result_r->organizational_domain = walk->is_temporary ? NULL : mem_strdup(ctx, walk->organization);
    if (walk->count > 0)
        step = record_in_force(walk);
    if (walk->is_temporary && (step == NULL || step != &walk->steps[0])) {
        set_verdict(result_r, AUTH_TEMPERROR, "the author's DMARC record could not be looked up");
    } else if (step == NULL) {
        set_verdict(result_r, AUTH_NONE, "the author's domain has no DMARC record");
    } else {
        set_policy(ctx, result_r, step, answers);
        result_r->aligned_dkim = find_aligned(ctx, answers, author, dkim, dkim_count, result_r->dkim_is_strict, &is_unsure);
        result_r->aligned_spf = find_aligned(ctx, answers, author, &spf, spf != NULL, result_r->spf_is_strict, &is_unsure);
        if (result_r->aligned_dkim != NULL || result_r->aligned_spf != NULL)
            set_verdict(result_r, AUTH_PASS, "");
        else if (is_unsure)
            set_verdict(result_r, AUTH_TEMPERROR, "what might prove the author could not be looked up");
        else
            set_verdict(result_r, AUTH_FAIL, "nothing that passed is aligned with the author's domain");
    }
    talloc_free(tmp);
}
