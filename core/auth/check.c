/* check.c - who is this mail from, as far as anybody can prove it */
#include <string.h>

#include "auth/check.h"
#include "auth/psl.h"
#include "mime/address.h"
#include "mime/normal.h"
#include "util/clock.h"

static bool
is_normal(struct blob message)
{
    for (size_t i = 0; i < message.len; i++) {
        uint8_t c = message.data[i];

        if (c == '\0' || (c == '\n' && (i == 0 || message.data[i - 1] != '\r'))
            || (c == '\r' && (i + 1 == message.len || message.data[i + 1] != '\n')))
            return false;
    }
    return message.len == 0 || message.data[message.len - 1] == '\n';
}

/* The one address of the one From. More than one of either is nobody's mail: never "the first wins". */
static const char *
read_author(TALLOC_CTX *ctx, const struct header *header, struct auth_result *result)
{
    struct address_list *list;
    char *domain;

    if (header->defects & HEADER_CUT)
        return "the header is too large to be judged";
    if (header_count(header, "From") != 1)
        return header_count(header, "From") == 0 ? "there is no From field" : "there are several From fields";
    if (header_find(header, "From", 0)->len > HEADER_FIELD_MAX)
        return "From is too long to be judged";
    list = address_list_parse(ctx, header_raw(header_find(header, "From", 0)));
    if (list->count != 1 || list->groups != 0)
        return list->count > 1 ? "From has several addresses" : "From has no address";
    if (!list->rows[0].ok)
        return "From has no readable address";
    if ((domain = address_domain_ascii(ctx, list->rows[0].domain)) == NULL || !dns_name_is_host(domain))
        return "From has no domain name";
    result->author = address_text(ctx, &list->rows[0]);
    result->author_domain = domain;
    return NULL;
}

/* Every domain that a signature names and may yet prove. */
static size_t
signing_domains(const struct dkim_rows *rows, enum auth_verdict wanted, const char **domains)
{
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++)
        if (rows->rows[i].result == wanted)
            domains[count++] = rows->rows[i].domain;
    return count;
}

/* All questions of the message, in one batch. */
static struct dmarc_answers
ask_all(TALLOC_CTX *ctx, struct dns *dns, const struct auth_result *result)
{
    const char *domains[DKIM_ROWS_MAX];
    struct dns_question *questions = mem_array(ctx, struct dns_question, DKIM_ROWS_MAX + DMARC_QUESTIONS_MAX);
    size_t domain_count = signing_domains(result->dkim, AUTH_NONE, domains);
    size_t count = dkim_rows_ask(ctx, result->dkim, questions);

    if (result->author_problem == NULL)
        count += dmarc_ask(ctx, result->author_domain, domains, domain_count, questions + count);
    dns_ask(ctx, dns, questions, count, dns_deadline(dns));
    return (struct dmarc_answers){questions, count};
}

/* A signature whose key could not be had may be the author's. */
static bool
is_unsure(const struct auth_result *result, const struct dmarc_answers *answers)
{
    for (size_t i = 0; i < result->dkim->count; i++) {
        const struct dkim_row *row = &result->dkim->rows[i];
        bool temporary;

        if (row->result == AUTH_TEMPERROR
            && (dmarc_is_aligned(answers, result->author_domain, row->domain, false, &temporary) || temporary))
            return true;
    }
    return false;
}

static void
judge_author(TALLOC_CTX *ctx, struct auth_result *result, const struct dmarc_answers *answers)
{
    const char *passed[DKIM_ROWS_MAX];
    size_t count = signing_domains(result->dkim, AUTH_PASS, passed);

    if (result->author_problem != NULL) {
        result->dmarc = (struct dmarc_result){.result = AUTH_PERMERROR, .reason = result->author_problem, .author = ""};
        return;
    }
    dmarc_judge(ctx, answers, result->author_domain, passed, count, NULL, is_unsure(result, answers), &result->dmarc);
    for (size_t i = 0; i < result->dkim->count; i++) {
        struct dkim_row *row = &result->dkim->rows[i];

        row->is_aligned = dmarc_is_aligned(answers, result->author_domain, row->domain, result->dmarc.dkim_is_strict, NULL)
                          && psl_same_organization(result->author_domain, row->domain);
    }
}

static struct auth_spf
spf_place(TALLOC_CTX *ctx, const struct auth_envelope *envelope)
{
    const char *at = envelope == NULL || envelope->mail_from == NULL ? NULL : strrchr(envelope->mail_from, '@');
    const char *domain = at != NULL ? at + 1 : envelope == NULL ? NULL : envelope->helo;

    return (struct auth_spf){AUTH_NONE, domain == NULL || !dns_name_is_host(domain) ? NULL : str_lower(ctx, domain),
                             "SPF is not looked at yet"};
}

struct auth_result *
auth_check(TALLOC_CTX *ctx, struct dns *dns, struct blob message, const struct auth_envelope *envelope, int64_t now_s)
{
    struct auth_result *result = mem_new(ctx, struct auth_result);
    TALLOC_CTX *tmp = talloc_new(NULL);
    struct header *header;
    struct dmarc_answers answers;

    result->was_normal = is_normal(message);
    if (!result->was_normal)
        message = normal_copy(result, message, NULL);
    header = header_parse(tmp, message);
    result->author = result->author_domain = "";
    result->author_problem = read_author(result, header, result);
    result->dkim = dkim_rows_read(result, header, now_s);
    answers = ask_all(tmp, dns, result);
    dkim_rows_judge(result->dkim, header, answers.questions, answers.count, now_s);
    result->spf = spf_place(result, envelope);
    judge_author(result, result, &answers);
    talloc_free(tmp);
    return result;
}

/* ---- as named values ---- */

static void
row_out(const struct dkim_row *row, struct out *out)
{
    out_text(out, "result", auth_verdict_name(row->result));
    out_text(out, "reason", row->reason);
    out_text(out, "domain", row->domain);
    out_text(out, "selector", row->selector);
    out_text(out, "identity", row->identity);
    out_text(out, "algorithm", row->algorithm);
    out_int(out, "key_bits", row->key_bits);
    out_text(out, "canonicalisation", row->canonicalisation);
    out_text(out, "fields", row->names);
    out_bool(out, "aligned", row->is_aligned);
    out_bool(out, "testing", row->is_testing);
    out_bool(out, "has_length", row->has_length);
    out_time(out, "signed", row->signed_s * US_PER_S);
    out_time(out, "expires", row->expires_s * US_PER_S);
}

static void
dmarc_out(const struct dmarc_result *dmarc, struct out *out)
{
    out_text(out, "result", auth_verdict_name(dmarc->result));
    out_text(out, "reason", dmarc->reason);
    out_text(out, "record_domain", dmarc->record_domain);
    out_text(out, "record", dmarc->record_text);
    out_text(out, "policy", dmarc->record_domain == NULL ? NULL : dmarc_policy_name(dmarc->policy));
    out_bool(out, "testing", dmarc->is_testing);
    out_text(out, "organizational_domain", dmarc->organizational_domain);
    out_text(out, "dkim_alignment", dmarc->dkim_is_strict ? "strict" : "relaxed");
    out_text(out, "spf_alignment", dmarc->spf_is_strict ? "strict" : "relaxed");
    out_text(out, "aligned_dkim", dmarc->aligned_dkim);
    out_text(out, "aligned_spf", dmarc->aligned_spf);
}

void
auth_result_out(const struct auth_result *result, struct out *out)
{
    struct out *rows, *spf;

    out_text(out, "author", result->author);
    out_text(out, "author_domain", result->author_domain);
    out_text(out, "author_problem", result->author_problem);
    out_bool(out, "normal_form", result->was_normal);
    rows = out_rows(out, "dkim");
    for (size_t i = 0; i < result->dkim->count; i++)
        row_out(&result->dkim->rows[i], out_row(rows));
    out_int(out, "dkim_not_looked_at", (int64_t)result->dkim->beyond);
    spf = out_object(out, "spf");
    out_text(spf, "result", auth_verdict_name(result->spf.result));
    out_text(spf, "domain", result->spf.domain);
    out_text(spf, "reason", result->spf.reason);
    dmarc_out(&result->dmarc, out_object(out, "dmarc"));
}
