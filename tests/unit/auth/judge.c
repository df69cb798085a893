/* judge.c - what core/auth says to a message or a domain, for test-corpora.py; DNS comes from a file
 *
 * judge ZONE NOW [ID] < message             auth_check() as JSON; with ID also the field that authres_write() makes
 * judge ZONE dmarc AUTHOR DKIM,... SPF      dmarc_judge() of these proved domains; "-" for none; also the names asked
 * judge ZONE walk DOMAIN                    names asked, organizational domain
 * judge - psl < domains                     registrable domains, "-" for none
 * judge - sign PEM DOMAIN SELECTOR T < message      the message with our signature on top
 *
 * A line of ZONE is TYPE NAME VALUE, tabs between; VALUE "TEMPERROR" is one. A name without the asked type is NODATA. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/authres.h"
#include "auth/dkim-sign.h"
#include "auth/psl.h"
#include "mime/normal.h"

struct row { enum dns_type type; char *name, *value; };
struct zone {
    struct row *rows;
    size_t count;
    struct str *asked;
};

static enum dns_type
type_of(const char *name)
{
    static const struct { const char *name; enum dns_type type; } types[] = {
        {"A", DNS_A}, {"AAAA", DNS_AAAA}, {"MX", DNS_MX}, {"PTR", DNS_PTR}, {"TXT", DNS_TXT},
    };

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_eq_nocase(name, types[i].name))
            return types[i].type;
    return 0;
}

static struct zone *
zone_read(TALLOC_CTX *ctx, const char *path)
{
    struct zone *zone = mem_new(ctx, struct zone);
    FILE *file = strcmp(path, "-") == 0 ? NULL : fopen(path, "r");
    char *line = NULL;
    size_t room = 0;

    zone->asked = str_new(zone);
    must(file != NULL || strcmp(path, "-") == 0);
    while (file != NULL && getline(&line, &room, file) > 0) {
        char **parts;

        line[strcspn(line, "\n")] = '\0';
        parts = str_split(zone, line, '\t', 3);
        must(parts[0] != NULL && parts[1] != NULL && parts[2] != NULL);
        zone->rows = mem_resize(zone, zone->rows, struct row, zone->count + 1);
        zone->rows[zone->count++] = (struct row){type_of(parts[0]), parts[1], parts[2]};
    }
    free(line);
    if (file != NULL)
        fclose(file);
    return zone;
}

/* Answers everything, so nothing goes to a network. */
static bool
zone_get(void *data, TALLOC_CTX *ctx, const char *name, enum dns_type type, struct dns_answer *answer)
{
    struct zone *zone = data;

    *answer = (struct dns_answer){.status = DNS_NXDOMAIN, .ttl_s = 0, .values = mem_array(ctx, const char *, zone->count + 1)};
    str_addf(zone->asked, "%s%s", zone->asked->len > 0 ? " " : "", name);
    for (size_t i = 0; i < zone->count; i++) {
        const struct row *row = &zone->rows[i];

        if (!str_eq_nocase(row->name, name))
            continue;
        if (answer->status == DNS_NXDOMAIN)
            answer->status = DNS_NODATA;
        if (row->type == type && strcmp(row->value, "TEMPERROR") == 0) {
            *answer = (struct dns_answer){.status = DNS_TEMPERROR, .reason = "as the zone says"};
            return true;
        }
        if (row->type == type) {
            answer->status = DNS_FOUND;
            answer->values[answer->count++] = row->value;
        }
    }
    return true;
}

static struct blob
read_input(TALLOC_CTX *ctx)
{
    struct str *all = str_new(ctx);
    char buffer[65536];
    size_t len;

    while ((len = fread(buffer, 1, sizeof buffer, stdin)) > 0)
        str_addn(all, buffer, len);
    return str_blob(all);
}

static void
judge_message(TALLOC_CTX *ctx, struct dns *dns, int64_t now_s, const char *id, struct out *out)
{
    struct blob message = normal_copy(ctx, read_input(ctx), NULL);
    struct auth_result *result = auth_check(ctx, dns, message, NULL, now_s);

    auth_result_out(result, out);
    if (id != NULL)
        out_text(out, "authres", authres_write(ctx, id, result));
}

static void
judge_dmarc(TALLOC_CTX *ctx, struct dns *dns, char **arguments, struct out *out)
{
    const char *author = arguments[0], *spf = strcmp(arguments[2], "-") == 0 ? NULL : arguments[2];
    char **dkim = str_split(ctx, arguments[1], ',', DMARC_DOMAINS_MAX);
    const char *domains[DMARC_DOMAINS_MAX + 1];
    struct dns_question *questions = mem_array(ctx, struct dns_question, DMARC_QUESTIONS_MAX);
    struct dmarc_answers answers = {questions, 0};
    struct dmarc_result result;
    size_t count = 0, asked;

    for (size_t i = 0; dkim[i] != NULL; i++)
        if (strcmp(dkim[i], "-") != 0)
            domains[count++] = dkim[i];
    asked = count;
    if (spf != NULL)
        domains[asked++] = spf;
    answers.count = dmarc_ask(ctx, author, domains, asked, questions);
    dns_ask(ctx, dns, questions, answers.count, dns_deadline(dns));
    dmarc_judge(ctx, &answers, author, domains, count, spf, false, &result);
    out_text(out, "result", auth_verdict_name(result.result));
    out_text(out, "policy", result.record_domain == NULL ? NULL : dmarc_policy_name(result.policy));
    out_text(out, "asked_policy", result.record_domain == NULL ? NULL : dmarc_policy_name(result.asked));
    out_text(out, "domain", result.record_domain);
    out_text(out, "organizational_domain", result.organizational_domain);
    out_text(out, "dkim", result.aligned_dkim);
    out_text(out, "spf", result.aligned_spf);
    out_bool(out, "dkim_strict", result.dkim_is_strict);
    out_bool(out, "spf_strict", result.spf_is_strict);
}

static void
judge_walk(TALLOC_CTX *ctx, struct dns *dns, const char *domain, struct out *out)
{
    const char *names[DMARC_WALK_MAX];
    struct dns_question questions[DMARC_WALK_MAX];
    struct dmarc_answers answers = {questions, dmarc_walk_names(ctx, domain, names)};

    for (size_t i = 0; i < answers.count; i++)
        questions[i] = (struct dns_question){.name = names[i], .type = DNS_TXT};
    dns_ask(ctx, dns, questions, answers.count, dns_deadline(dns));
    out_text(out, "organizational_domain", dmarc_organizational_domain(ctx, &answers, domain));
}

static void
judge_psl(TALLOC_CTX *ctx)
{
    char **lines = str_split(ctx, mem_strdup(ctx, (const char *)read_input(ctx).data), '\n', 10000);

    for (size_t i = 0; lines[i] != NULL && (lines[i + 1] != NULL || *lines[i] != '\0'); i++) {
        const char *organization = psl_organizational_domain(ctx, str_lower(ctx, lines[i]));

        puts(organization == NULL ? "-" : organization);
    }
}

static void
sign(TALLOC_CTX *ctx, char **arguments)
{
    struct blob message = normal_copy(ctx, read_input(ctx), NULL), pem;
    struct header *header = header_parse(ctx, message);
    struct blob *fields = mem_array(ctx, struct blob, header->count + 1);
    struct dkim_sign spec = {.domain = arguments[1], .selector = arguments[2], .t_s = atoll(arguments[3])};
    struct dkim_input *input;
    struct signing_key *key;
    FILE *file = fopen(arguments[0], "r");
    char buffer[8192];
    uint8_t body_hash[SHA256_LEN];

    must(file != NULL);
    pem = (struct blob){(uint8_t *)buffer, fread(buffer, 1, sizeof buffer, file)};
    fclose(file);
    must(key_read_pem(ctx, pem, &key) == STATUS_OK);
    spec.algorithm = key_algorithm(key);
    for (size_t i = 0; i < header->count; i++)
        fields[i] = (struct blob){header->fields[i].start, header->fields[i].len};
    canon_body_hash(CANON_RELAXED, (struct blob){message.data + header->body_offset, message.len - header->body_offset},
                    body_hash);
    input = dkim_sign_input(ctx, &spec, dkim_sign_fields(ctx, fields, header->count), body_hash);
    fputs(dkim_sign_finish(ctx, input, key_sign_digest(ctx, key, input->digest)), stdout);
    fwrite(message.data, 1, message.len, stdout);
}

int
main(int argc, char **argv)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct out *out = out_new(ctx);
    struct str *json = str_new(ctx);
    struct zone *zone;
    struct dns_cache cache = {NULL, zone_get, NULL};
    struct dns *dns;

    mem_init();
    crypto_init();
    must(argc >= 3);
    cache.data = zone = zone_read(ctx, argv[1]);
    must(dns_open(ctx, "127.0.0.1:1", 1000, &dns, NULL) == STATUS_OK);
    dns_use_cache(dns, &cache);
    if (strcmp(argv[2], "psl") == 0) {
        judge_psl(ctx);
    } else if (strcmp(argv[2], "sign") == 0) {
        must(argc == 7);
        sign(ctx, argv + 3);
    } else {
        if (strcmp(argv[2], "dmarc") == 0 && argc == 6)
            judge_dmarc(ctx, dns, argv + 3, out);
        else if (strcmp(argv[2], "walk") == 0 && argc == 4)
            judge_walk(ctx, dns, argv[3], out);
        else
            judge_message(ctx, dns, atoll(argv[2]), argc > 3 ? argv[3] : NULL, out);
        out_text(out, "asked", zone->asked->s);
        out_json(json, out);
        puts(json->s);
    }
    talloc_free(ctx);
    return 0;
}
