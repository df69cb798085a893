/* command-check.c - kairan check: is everything there that mail needs? */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/dns.h"
#include "cli/check.h"
#include "policy/key.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/socket.h"

enum { CONNECT_MS = 5000 };

/* --- findings --- */

static void
add_finding(struct findings *findings, const char *state, const char *area, const char *format, va_list args)
{
    struct out *row = out_row(findings->rows);

    out_text(row, "state", state);
    out_text(row, "area", area);
    out_text(row, "sentence", mem_check(talloc_vasprintf(findings->call->ctx, format, args)));
}

void
finding_fine(struct findings *findings, const char *area, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_finding(findings, "fine", area, format, args);
    va_end(args);
}

void
finding_advice(struct findings *findings, const char *area, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_finding(findings, "advice", area, format, args);
    va_end(args);
}

void
finding_trouble(struct findings *findings, const char *area, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_finding(findings, "trouble", area, format, args);
    va_end(args);
    findings->troubles++;
}

void
finding_unseen(struct findings *findings, const char *area)
{
    finding_trouble(findings, area, "The data could not be checked: %s", db_last_error(findings->call->db));
}

/* --- database --- */

static void
check_role(struct findings *findings, const char *role, const char *conninfo)
{
    struct db *db = db_open(findings->call->ctx, conninfo, "kairan check");
    int version;

    if (!db_is_connected(db))
        finding_trouble(findings, "database", "The role for %s cannot connect (%s); mend [database] %s in %s.", role,
                        db_last_error(db), role, findings->call->conf->path);
    else if (db_schema_version(db, &version) != STATUS_OK)
        finding_trouble(findings, "database", "The role for %s cannot read the schema (%s); run \"kairan db migrate\".", role,
                        db_last_error(db));
    else
        finding_fine(findings, "database", "The role for %s connects.", role);
    talloc_free(db);
}

static bool
check_schema(struct findings *findings)
{
    struct fault fault = {0};
    int version = 0;

    if (db_schema_version(findings->call->db, &version) == STATUS_OK && version == db_schema_known()) {
        finding_fine(findings, "database", "The schema has version %d.", version);
        return true;
    }
    if (version == DB_SCHEMA_UNFINISHED && db_schema_check(findings->call->db, &fault) != STATUS_OK)
        finding_trouble(findings, "database", "The schema has no number yet: %s.", fault.sentence);
    else if (version > db_schema_known())
        finding_trouble(findings, "database", "The schema has version %d, this program knows %d; install the newer program.",
                        version, db_schema_known());
    else
        finding_trouble(findings, "database", "The schema has version %d, this program wants %d; run \"kairan db migrate\".",
                        version, db_schema_known());
    return false;
}

/* --- sockets --- */

static bool
answers(const char *path)
{
    int fd = socket_connect_unix(path, true);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static void
check_socket(struct findings *findings, const char *path, const char *what, const char *program)
{
    struct stat status;

    if (str_is_empty(path))
        return;
    if (stat(path, &status) != 0)
        finding_trouble(findings, "sockets", "The socket %s (%s) is not there; start %s.", path, what, program);
    else if (!S_ISSOCK(status.st_mode))
        finding_trouble(findings, "sockets", "%s is not a socket; take it away and start %s again.", path, program);
    else if (!answers(path))
        finding_trouble(findings, "sockets", "Nobody answers on %s (%s): %s; start %s.", path, what, strerror(errno), program);
    else
        finding_fine(findings, "sockets", "%s answers on %s.", program, path);
}

/* --- the way out, and our own files --- */

static void
check_smarthost(struct findings *findings)
{
    const struct conf *conf = findings->call->conf;
    struct fault fault = {0};
    struct io *io;

    if (socket_connect(findings->call->ctx, conf->smtp_host, conf->smtp_port, clock_monotonic_ms() + CONNECT_MS, &io, &fault) != STATUS_OK) {
        finding_trouble(findings, "smtp", "The smarthost %s:%d cannot be reached (%s); start it, or mend [smtp] host and port.",
                        conf->smtp_host, conf->smtp_port, fault.sentence != NULL ? fault.sentence : "no answer");
        return;
    }
    io_close(&io);
    finding_fine(findings, "smtp", "The smarthost %s:%d answers.", conf->smtp_host, conf->smtp_port);
}

static void
check_folder(struct findings *findings, const char *path, const char *setting, const char *what)
{
    struct stat status;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        finding_fine(findings, "files", "The folder %s is there.", path);
    else
        finding_trouble(findings, "files", "The folder %s (%s) is not there; make it, or mend %s.", path, what, setting);
}

/* --- keys and their DNS records --- */

static void
check_key_file(struct findings *findings, const struct row_dkim_key_of_all *key)
{
    struct dkim_record record = {.selector = key->selector, .algorithm = key->algorithm, .public_key = key->public_key};
    const char *trouble = key_file_trouble(findings->call->ctx, findings->call->conf->keys_dir, key->domain, &record);

    if (trouble != NULL)
        finding_trouble(findings, "keys", "%s Restore it, or make new keys with \"kairan dkim new %s\".", trouble, key->domain);
    else
        finding_fine(findings, "keys", "The key %s of %s can sign.", key->selector, key->domain);
}

/* The value of a tag in a record of tags ("v=DKIM1; k=rsa; p=..."), blanks taken out. */
static char *
tag_value(TALLOC_CTX *ctx, const char *record, const char *tag)
{
    char **parts = str_split(ctx, record, ';', 50);

    for (size_t i = 0; parts[i] != NULL; i++) {
        char *part = str_trim(ctx, parts[i]), *equals = strchr(part, '='), *out;

        if (equals == NULL)
            continue;
        *equals = '\0';
        if (!str_eq(str_trim(ctx, part), tag))
            continue;
        out = equals + 1;
        for (char *in = out; *in != '\0'; in++)
            if (*in != ' ' && *in != '\t')
                *out++ = *in;
        *out = '\0';
        return equals + 1;
    }
    return NULL;
}

static void
judge_key_record(struct findings *findings, const struct row_dkim_key_of_all *key, const struct dns_question *question)
{
    const char *published = question->answer.count > 0 ? tag_value(findings->call->ctx, question->answer.values[0], "p") : NULL;

    if (question->answer.status == DNS_TEMPERROR)
        finding_trouble(findings, "dns", "The resolver gave no answer about %s (%s); look at [dns] servers.", question->name,
                        question->answer.reason);
    else if (question->answer.status != DNS_FOUND)
        finding_trouble(findings, "dns", "There is no TXT record %s; \"kairan dkim show %s\" prints what to publish.", question->name,
                        key->domain);
    else if (question->answer.count > 1)
        finding_trouble(findings, "dns", "There are %zu TXT records %s; publish exactly one.", question->answer.count, question->name);
    else if (!str_eq(published, key->public_key))
        finding_trouble(findings, "dns", "The TXT record %s has another key; \"kairan dkim show %s\" prints the right one.",
                        question->name, key->domain);
    else
        finding_fine(findings, "dns", "The record %s is right.", question->name);
}

static void
judge_dmarc_record(struct findings *findings, const char *domain, const struct dns_question *question)
{
    bool found = false;

    for (size_t i = 0; i < question->answer.count; i++)
        found = found || str_starts_nocase(question->answer.values[i], "v=DMARC1");
    if (found)
        finding_fine(findings, "dns", "%s has a DMARC record.", domain);
    else if (question->answer.status != DNS_TEMPERROR)
        finding_advice(findings, "dns", "%s has no DMARC record; large receivers want one: publish %s. IN TXT \"v=DMARC1; p=none\".",
                       domain, question->name);
}

static void
judge_mx_record(struct findings *findings, const char *domain, const struct dns_question *question)
{
    if (question->answer.status == DNS_FOUND)
        finding_fine(findings, "dns", "%s has an MX record.", domain);
    else if (question->answer.status != DNS_TEMPERROR)
        finding_trouble(findings, "dns", "%s has no MX record; publish one that names the host of your Postfix.", domain);
}

static enum status
open_resolver(struct findings *findings, struct dns **dns_r)
{
    struct call *call = findings->call;
    enum status status = dns_open(call->ctx, call->conf->dns_servers, call->conf->dns_timeout_ms, dns_r, &call->fault);

    if (status != STATUS_OK)
        finding_trouble(findings, "dns", "[dns] servers in %s: %s", call->conf->path, call->fault.sentence);
    call->fault = (struct fault){0};
    return status;
}

static void
ask_all(struct findings *findings, struct dns *dns, struct dns_question *questions, size_t count)
{
    for (size_t done = 0; done < count; done += DNS_QUESTIONS_MAX)
        dns_ask(findings->call->ctx, dns, questions + done, count - done < DNS_QUESTIONS_MAX ? count - done : DNS_QUESTIONS_MAX,
                dns_deadline(dns));
}

static void
check_keys(struct findings *findings, struct dns *dns)
{
    struct call *call = findings->call;
    struct row_dkim_key_of_all *keys;
    struct dns_question *questions;
    size_t count;

    if (q_dkim_key_of_all(call->db, call->ctx, &keys, &count) != STATUS_OK) {
        finding_unseen(findings, "keys");
        return;
    }
    questions = mem_array(call->ctx, struct dns_question, count + 1);
    for (size_t i = 0; i < count; i++)
        questions[i] = (struct dns_question){
            .name = mem_printf(call->ctx, "%s._domainkey.%s", keys[i].selector, keys[i].domain), .type = DNS_TXT};
    if (dns != NULL)
        ask_all(findings, dns, questions, count);
    for (size_t i = 0; i < count; i++) {
        if (keys[i].active)
            check_key_file(findings, &keys[i]);
        if (dns != NULL)
            judge_key_record(findings, &keys[i], &questions[i]);
    }
}

/* Mail to another name of a domain has to find its way, too. */
static void
check_aliases(struct findings *findings, struct dns *dns, const struct domain *domain)
{
    struct call *call = findings->call;
    struct text_array aliases;

    if (domain_aliases(call->db, call->ctx, domain, &aliases) != STATUS_OK) {
        finding_unseen(findings, "domains");
        return;
    }
    for (size_t i = 0; i < aliases.count; i++) {
        struct dns_question question = {.name = aliases.items[i], .type = DNS_MX};

        ask_all(findings, dns, &question, 1);
        judge_mx_record(findings, aliases.items[i], &question);
    }
}

static void
check_domain(struct findings *findings, struct dns *dns, const struct domain *domain)
{
    struct call *call = findings->call;
    struct dkim_record *records;
    size_t count;
    bool can_sign = false;
    struct dns_question questions[] = {
        {.name = mem_printf(call->ctx, "_dmarc.%s", domain->name), .type = DNS_TXT}, {.name = domain->name, .type = DNS_MX}};

    if (key_records(call->db, call->ctx, domain, &records, &count) != STATUS_OK) {
        finding_unseen(findings, "keys");
        return;
    }
    for (size_t i = 0; i < count; i++)
        can_sign = can_sign || (records[i].active && str_eq(records[i].algorithm, "rsa"));
    if (!can_sign)
        finding_trouble(findings, "keys", "%s has no RSA key, so its mail goes out unsigned; run \"kairan dkim new %s\".", domain->name,
                        domain->name);
    if (dns == NULL)
        return;
    ask_all(findings, dns, questions, COUNT_OF(questions));
    judge_dmarc_record(findings, domain->name, &questions[0]);
    judge_mx_record(findings, domain->name, &questions[1]);
    check_aliases(findings, dns, domain);
}

static void
check_domains(struct findings *findings, struct dns *dns)
{
    struct call *call = findings->call;
    struct domain *domains;
    size_t count;

    if (domain_all(call->db, call->ctx, &domains, &count) != STATUS_OK) {
        finding_unseen(findings, "domains");
        return;
    }
    if (count == 0)
        finding_advice(findings, "domains", "There is no domain yet; make one with \"kairan domain create NAME\".");
    for (size_t i = 0; i < count; i++)
        check_domain(findings, dns, &domains[i]);
}

enum status
command_check(struct call *call)
{
    struct findings findings = {.call = call, .rows = out_rows(call->out, "findings")};
    const struct conf *conf = call->conf;
    struct dns *dns = NULL;

    check_role(&findings, "worker", conf->database_worker);
    check_role(&findings, "web", conf->database_web);
    check_socket(&findings, conf->worker_lmtp_socket, "mail from Postfix", "kairan-worker");
    check_socket(&findings, conf->worker_submission_socket, "submitted mail", "kairan-worker");
    check_socket(&findings, conf->worker_socketmap_socket, "valid recipients", "kairan-worker");
    check_socket(&findings, conf->web_socket, "pages", "kairan-web");
    check_sandbox(&findings);
    check_smarthost(&findings);
    check_folder(&findings, mem_printf(call->ctx, "%s/templates", conf->site_data_dir), "[site] data_dir", "pages");
    check_folder(&findings, conf->worker_state_dir, "[worker] state_dir", "mail while it comes in");
    check_folder(&findings, conf->site_spool_dir, "[site] spool_dir", "files that people asked for");
    check_folder(&findings, conf->keys_dir, "[keys] dir", "private keys");
    if (check_schema(&findings)) {
        if (open_resolver(&findings, &dns) != STATUS_OK)
            dns = NULL;
        check_domains(&findings, dns);
        check_keys(&findings, dns);
        check_names(&findings, option(call, "--postfix-config"));
        if (has_option(call, "--deep"))
            check_deep(&findings);
    }
    check_postfix(&findings, option(call, "--postfix-config"), option(call, "--postfix-out-config"));
    if (findings.troubles == 0)
        return STATUS_OK;
    return fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, NULL, "%zu %s to be mended.", findings.troubles,
                      findings.troubles == 1 ? "thing has" : "things have");
}
