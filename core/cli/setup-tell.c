/* setup-tell.c - setup's last steps: DNS records to paste, the check, the first mail */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <string.h>

#include "auth/dns.h"
#include "cli/setup-text.h"
#include "cli/setup.h"

/* ---- DNS ---- */

enum { RECORDS_MAX = 24, ADDRESSES_MAX = 4, DNS_MS = 5000 };

struct record {
    const char *line;           /* as a zone file takes it */
    const char *value;          /* an answer that has this makes it live; NULL: any answer does */
    struct dns_question question;
};
struct records { struct record items[RECORDS_MAX]; size_t count; };

static void
add_record(struct records *records, enum dns_type type, const char *name, const char *value, const char *line)
{
    if (records->count < RECORDS_MAX)
        records->items[records->count++] = (struct record){.line = line, .value = value, .question = {.name = name, .type = type}};
}

struct address { const char *text, *reverse; bool is_ipv6; };

static bool
is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        uint32_t ip = ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr);

        return ip >> 24 != 127 && ip >> 24 != 10 && ip >> 20 != 0xac1 && ip >> 16 != 0xc0a8 && ip >> 16 != 0xa9fe && ip >> 22 != 0x191;
    }
    return (((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr[0] & 0xe0) == 0x20;
}

/* As PTR has it: the bytes, or the halves of bytes, from the last to the first. */
static const char *
reverse_of(TALLOC_CTX *ctx, const struct sockaddr *address)
{
    struct str *name = str_new(ctx);
    const uint8_t *bytes;

    if (address->sa_family == AF_INET) {
        bytes = (const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr;
        return mem_printf(ctx, "%u.%u.%u.%u.in-addr.arpa", bytes[3], bytes[2], bytes[1], bytes[0]);
    }
    bytes = ((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr;
    for (int i = 15; i >= 0; i--)
        str_addf(name, "%x.%x.", bytes[i] & 15u, bytes[i] >> 4);
    str_add(name, "ip6.arpa");
    return name->s;
}

/* Of this machine, as the world may reach it. */
static size_t
own_addresses(TALLOC_CTX *ctx, struct address addresses[ADDRESSES_MAX])
{
    struct ifaddrs *all = NULL;
    size_t count = 0;

    if (getifaddrs(&all) != 0)
        return 0;
    for (struct ifaddrs *one = all; one != NULL && count < ADDRESSES_MAX; one = one->ifa_next) {
        char text[INET6_ADDRSTRLEN];
        bool is_ipv6 = one->ifa_addr != NULL && one->ifa_addr->sa_family == AF_INET6;
        const void *bytes = is_ipv6 ? (const void *)&((struct sockaddr_in6 *)one->ifa_addr)->sin6_addr
            : (const void *)&((struct sockaddr_in *)one->ifa_addr)->sin_addr;

        if (one->ifa_addr == NULL || (!is_ipv6 && one->ifa_addr->sa_family != AF_INET) || !is_public(one->ifa_addr))
            continue;
        inet_ntop(one->ifa_addr->sa_family, bytes, text, sizeof text);
        addresses[count++] = (struct address){mem_strdup(ctx, text), reverse_of(ctx, one->ifa_addr), is_ipv6};
    }
    freeifaddrs(all);
    return count;
}

static void
add_addresses(struct setup *setup, struct records *records, const char *name, const struct address *addresses, size_t count)
{
    if (count == 0)
        add_record(records, DNS_A, name, NULL, mem_printf(setup->ctx, "%s. IN A ADDRESS", name));
    for (size_t i = 0; i < count; i++)
        add_record(records, addresses[i].is_ipv6 ? DNS_AAAA : DNS_A, name, addresses[i].text,
                   mem_printf(setup->ctx, "%s. IN %s %s", name, addresses[i].is_ipv6 ? "AAAA" : "A", addresses[i].text));
}

/* The strings of a TXT line, joined. */
static const char *
txt_value(TALLOC_CTX *ctx, const char *line)
{
    struct str *value = str_new(ctx);
    char **parts = str_split(ctx, line, '"', SIZE_MAX);

    for (size_t i = 0; parts[i] != NULL; i++)
        if (i % 2 == 1)
            str_add(value, parts[i]);
    return value->s;
}

static void
add_keys(struct setup *setup, struct records *records)
{
    const char *words[] = {"dkim", "show", setup->wish.domain, NULL}, *answer = setup_ask_own(setup, words);

    for (char **line = str_split(setup->ctx, answer != NULL ? answer : "", '\n', SIZE_MAX); *line != NULL; line++) {
        const char *begin = *line + strspn(*line, " "), *end = strstr(begin, ". IN TXT");

        if (end != NULL)
            add_record(records, DNS_TXT, mem_strndup(setup->ctx, begin, (size_t)(end - begin)), txt_value(setup->ctx, begin), begin);
    }
}

static void
add_all(struct setup *setup, struct records *records)
{
    const char *domain = setup->wish.domain, *host = setup->wish.host, *mail = setup->mail_host;
    struct address addresses[ADDRESSES_MAX];
    size_t count = own_addresses(setup->ctx, addresses);

    add_record(records, DNS_MX, domain, mail, mem_printf(setup->ctx, "%s. IN MX 10 %s.", domain, mail));
    add_addresses(setup, records, host, addresses, count);
    if (!str_eq(host, mail))
        add_addresses(setup, records, mail, addresses, count);
    add_record(records, DNS_TXT, domain, "v=spf1", mem_printf(setup->ctx, "%s. IN TXT \"v=spf1 mx -all\"", domain));
    if (!str_eq(domain, mail))
        add_record(records, DNS_TXT, mail, "v=spf1", mem_printf(setup->ctx, "%s. IN TXT \"v=spf1 a -all\"", mail));
    add_keys(setup, records);
    add_record(records, DNS_TXT, mem_printf(setup->ctx, "_dmarc.%s", domain), "v=DMARC1",
               mem_printf(setup->ctx, "_dmarc.%s. IN TXT \"v=DMARC1; p=none; rua=mailto:%s\"", domain, setup->wish.admin));
    for (size_t i = 0; i < count; i++)
        add_record(records, DNS_PTR, addresses[i].reverse, mail,
                   mem_printf(setup->ctx, "; your provider sets the reverse name of %s: %s", addresses[i].text, mail));
    if (count == 0)
        add_record(records, DNS_PTR, NULL, NULL, mem_printf(setup->ctx, "; ADDRESS: the one that your provider gave you; its reverse name there: %s", mail));
}

static bool
is_live(const struct record *record)
{
    const struct dns_answer *answer = &record->question.answer;

    for (size_t i = 0; i < answer->count && answer->status == DNS_FOUND; i++)
        if (record->value == NULL || strstr(answer->values[i], record->value) != NULL)
            return true;
    return false;
}

static void
ask_all(struct setup *setup, struct records *records)
{
    struct dns_question questions[RECORDS_MAX];
    struct dns *dns;
    size_t count = 0;

    if (dns_open(setup->ctx, setup->call->conf->dns_servers, DNS_MS, &dns, NULL) != STATUS_OK)
        return;
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].question.name != NULL)
            questions[count++] = records->items[i].question;
    dns_ask(setup->ctx, dns, questions, count, dns_deadline(dns));
    count = 0;
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].question.name != NULL)
            records->items[i].question = questions[count++];
}

/* As it is pasted into a zone: nothing before it, and the tick as a comment. */
static void
say_record(struct setup *setup, const char *line, bool is_live_now)
{
    struct out *row;

    if (!setup->call->json) {
        printf("%s%s\n", line, is_live_now ? "    ; live" : "");
        return;
    }
    row = out_row(out_rows(setup->step, "records"));
    out_text(row, "record", line);
    out_bool(row, "live", is_live_now);
}

enum status
step_dns(struct setup *setup)
{
    struct records records = {.count = 0};
    size_t live = 0, asked = 0;

    add_all(setup, &records);
    ask_all(setup, &records);
    for (size_t i = 0; i < records.count; i++) {
        bool is = is_live(&records.items[i]);

        live += is;
        asked += records.items[i].question.name != NULL;
        say_record(setup, records.items[i].line, is);
    }
    setup_say(setup, "so", "%zu of %zu are live. The rest goes into the zone of the domain, where you bought it or where its name servers are.", live,
              asked);
    if (setup->is_dry)
        setup_say(setup, "so", "The keys' records are known when the keys are made.");
    return STATUS_OK;
}

/* ---- the check ---- */

/* Findings are for the person to read; records that are not live yet are among them. */
enum status
step_check(struct setup *setup)
{
    const char *argv[] = {setup->program, "-c", SETUP_CONF, "check", NULL};
    struct run run = {.argv = argv};
    struct run_answer answer;

    if (setup->is_dry) {
        setup_say(setup, "would", "run: kairan check");
        return STATUS_OK;
    }
    if (!run_program(setup->ctx, &run, &answer))
        return setup_fail(setup, "%s", answer.errors);
    for (char **line = str_split(setup->ctx, answer.output, '\n', SIZE_MAX); *line != NULL; line++)
        if (strstr(*line, "trouble") != NULL || strstr(*line, "advice") != NULL)
            setup_show(setup, str_trim(setup->ctx, *line));
    if (answer.code == 0)
        setup_say(setup, "so", "kairan check finds no trouble.");
    else
        setup_say(setup, "note", "%s \"kairan check\" says it again when that is done.", str_trim(setup->ctx, answer.errors));
    return STATUS_OK;
}

/* ---- the first mail ---- */

enum status
step_first_mail(struct setup *setup)
{
    const char *words[] = {"user", "login-link", setup->wish.admin, "--admin", "--mail", NULL}, *answer;

    if (setup_record_last(setup, "mail", setup->wish.admin) != NULL) {
        setup_say(setup, "so", "%s has had a mail. Another link: kairan user login-link %s --admin", setup->wish.admin, setup->wish.admin);
        return STATUS_OK;
    }
    if (setup->is_dry) {
        setup_say(setup, "would", "run: kairan user login-link %s --admin --mail", setup->wish.admin);
        return STATUS_OK;
    }
    answer = setup_ask_own(setup, words);
    if (answer == NULL)
        return setup_fail(setup, "No sign-in link could be made. \"kairan user login-link %s --admin\" says why.", setup->wish.admin);
    setup_say(setup, "done", "A mail with a sign-in link is on its way to %s: the first one through this server.", setup->wish.admin);
    setup_say(setup, "so", "The same link, good for one day and one use:");
    setup_show(setup, str_starts(answer, "url: ") ? answer + strlen("url: ") : answer);
    return setup_record_add(setup, "mail", setup->wish.admin, "-", "-");
}
