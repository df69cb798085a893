/* setup-postfix.c - setup's step: Postfix's settings meet ours */
#include <string.h>
#include <unistd.h>

#include "cli/check.h"
#include "cli/setup-text.h"
#include "cli/setup.h"

/* A postconf that fails must not be taken for a main.cf that says nothing: what it says would be lost. */
static enum status
ask(struct setup *setup, const char *name, struct postfix_has *has_r)
{
    const char *means = postconf(setup->ctx, NULL, name);

    has_r->means = means;
    if (means == NULL || !setup_said(setup, name, &has_r->said))
        return setup_fail(setup, "postconf does not say what %s is. See what \"postconf %s\" prints.", name, name);
    return STATUS_OK;
}

static enum status
set(struct setup *setup, const char *name, const char *before, const char *value)
{
    const char *pair = mem_printf(setup->ctx, "%s=%s", name, value), *argv[] = {"/usr/sbin/postconf", "-e", pair, NULL};
    enum status status;

    setup_say(setup, setup->is_dry ? "would" : "done", "main.cf: %s = %s", name, value);
    if (before != NULL)
        setup_show(setup, mem_printf(setup->ctx, "before: %s", before));
    status = setup_record_add(setup, "postconf", name, before != NULL ? mem_printf(setup->ctx, "=%s", before) : "-",
                              mem_printf(setup->ctx, "=%s", value));
    if (status == STATUS_OK && !setup->is_dry && !setup_do(setup, argv))
        return setup_fail(setup, "postconf did not set %s; what it said stands above.", name);
    return status;
}

/* Files as they were before the first change, for people to look at. */
static void
keep_copies(struct setup *setup)
{
    static const char *const names[] = {"main.cf", "master.cf"};

    for (size_t i = 0; i < COUNT_OF(names) && !setup->is_dry; i++) {
        const char *copy = mem_printf(setup->ctx, "%s/%s", SETUP_DIR, names[i]);
        char *text = setup_read(setup->ctx, mem_printf(setup->ctx, "/etc/postfix/%s", names[i]));

        if (text != NULL && access(copy, F_OK) != 0)
            setup_write(copy, text, 0600);
    }
}

/* Which recipients of other domains are known must not be taken from Postfix without its being able to say it. */
static enum status
look_at_others(struct setup *setup, struct postfix_ours *ours_r)
{
    struct postfix_has domains, transport, recipients;
    enum status status = ask(setup, "relay_domains", &domains);

    if (status == STATUS_OK)
        status = ask(setup, "relay_transport", &transport);
    if (status == STATUS_OK)
        status = ask(setup, "relay_recipient_maps", &recipients);
    if (status != STATUS_OK)
        return status;
    *ours_r = (struct postfix_ours){.domain = setup->wish.domain, .host = setup->wish.host, .other_domains = domains.means,
        .has_others = text_postfix_others(domains.means, transport.means)};
    if (!ours_r->has_others)
        return STATUS_OK;
    setup_say(setup, "note", "This Postfix relays for other domains too (%s). They keep their way; further list domains then need a line each in "
              "relay_domains and transport_maps.", domains.means);
    if (str_is_empty(recipients.means) && strpbrk(domains.means, ":/") != NULL)
        return setup_fail(setup, "relay_domains names a table (%s), and relay_recipient_maps nothing: setup cannot tell which recipients of those "
                          "domains to let in. Set relay_recipient_maps for them first, then run \"kairan setup\" again.", domains.means);
    return STATUS_OK;
}

static const char *
wanted_value(struct setup *setup, const struct main_line *line)
{
    if (str_eq(line->name, "smtpd_tls_chain_files"))
        return mem_printf(setup->ctx, "%s, %s", setup->key, setup->certificate);
    return text_replace(setup->ctx, line->value, "lists.example.org", setup->wish.domain);
}

static bool
is_ours(struct setup *setup, const char *name, const char *said_now)
{
    return said_now != NULL && setup_record_has(setup, "postconf", name, mem_printf(setup->ctx, "=%s", said_now));
}

/* Somebody's own certificate stays; Debian's snake oil, and one that we put there, make room for what is wanted now. */
static enum status
set_certificate(struct setup *setup, const char *name, const char *said_now, const char *wanted)
{
    const char *file = postconf(setup->ctx, NULL, "smtpd_tls_cert_file");
    bool is_free = said_now == NULL && (str_is_empty(file) || strstr(file, "snakeoil") != NULL);

    if (str_eq(said_now, wanted) || (!is_free && !is_ours(setup, name, said_now)))
        return STATUS_OK;
    return set(setup, name, said_now, wanted);
}

static enum status
set_line(struct setup *setup, const struct main_line *line, const struct postfix_ours *ours)
{
    struct postfix_has there;
    const char *wanted = wanted_value(setup, line), *value;
    enum status status = ask(setup, line->name, &there);

    if (status != STATUS_OK)
        return status;
    if (str_eq(line->name, "smtpd_tls_chain_files"))
        return set_certificate(setup, line->name, there.said, wanted);
    value = text_postfix(setup->ctx, line->name, wanted, &there, ours);
    return value != NULL && !str_eq(value, there.said) ? set(setup, line->name, there.said, value) : STATUS_OK;
}

/* Each word of mydestination by itself, and what it means. */
static struct postfix_word *
destinations(struct setup *setup, const struct postfix_has *has)
{
    char **said = text_words(setup->ctx, has->said != NULL ? has->said : has->means);
    struct postfix_word *words;
    size_t count = 0;

    while (said[count] != NULL)
        count++;
    words = mem_array(setup->ctx, struct postfix_word, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *argv[] = {"/usr/sbin/postconf", "-hx", "-o", mem_printf(setup->ctx, "mydestination=%s", said[i]), "mydestination", NULL};
        const char *means = setup_ask(setup, argv);

        words[i] = (struct postfix_word){said[i], means != NULL ? means : said[i]};
    }
    words[count] = (struct postfix_word){NULL, NULL};
    return words;
}

/* Mail to the list domain goes to its lists, not to accounts of this machine. */
static enum status
set_destination(struct setup *setup)
{
    struct postfix_has destination;
    const char *domain = setup->wish.domain, *rest = NULL, *hidden = NULL;
    enum status status = ask(setup, "mydestination", &destination);

    if (status == STATUS_OK)
        rest = text_destination(setup->ctx, destinations(setup, &destination), domain, str_eq(setup->mail_host, domain), &hidden);
    if (status == STATUS_OK && hidden != NULL)
        return setup_fail(setup, "mydestination has %s among what \"%s\" means, so mail to the lists would go to accounts of this machine. Take %s out of "
                          "that, and run \"kairan setup\" again.", domain, hidden, domain);
    if (status != STATUS_OK || rest == NULL)
        return status;
    status = set(setup, "mydestination", destination.said, rest);
    if (status != STATUS_OK)
        return status;
    setup_say(setup, "note", "Mail to %s goes to its lists now and no more to accounts of this machine: send root's mail elsewhere in "
              "/etc/aliases, and let myorigin be another name.", domain);
    return STATUS_OK;
}

/* The way of one domain among others that it relays for. */
static enum status
set_way(struct setup *setup)
{
    const char *way = mem_printf(setup->ctx, "inline:{ { %s = lmtp:unix:kairan/lmtp.sock } }", setup->wish.domain);
    struct postfix_has transport;
    enum status status = ask(setup, "transport_maps", &transport);

    if (status != STATUS_OK || strstr(transport.means, "kairan/lmtp.sock") != NULL)
        return status;
    return set(setup, "transport_maps", transport.said, str_is_empty(transport.said) ? way : mem_printf(setup->ctx, "%s, %s", way, transport.said));
}

/* What the example has no line for: its own name, the domains it delivers by itself, and the way of one domain among others. */
static enum status
set_names(struct setup *setup, const struct postfix_ours *ours)
{
    const char *interfaces = postconf(setup->ctx, NULL, "inet_interfaces");
    struct postfix_has name;
    enum status status = ask(setup, "myhostname", &name);

    if (status == STATUS_OK && !str_eq(name.means, setup->mail_host))
        status = set(setup, "myhostname", name.said, setup->mail_host);
    if (status == STATUS_OK)
        status = set_destination(setup);
    if (status == STATUS_OK && ours->has_others)
        status = set_way(setup);
    if (str_eq(interfaces, "loopback-only") || str_eq(interfaces, "localhost"))
        setup_say(setup, "trouble", "Postfix takes no mail from outside (inet_interfaces = %s). Run: postconf -e inet_interfaces=all; then restart it.",
                  interfaces);
    return status;
}

/* ---- our service ---- */

static const char service[] = "127.0.0.1:10026/inet";

/* Looked at before the first change: smtpd reads main.cf whenever it starts, without being told. line_r: NULL when ours is there. */
static enum status
look_at_service(struct setup *setup, const char **line_r)
{
    const char *path = mem_printf(setup->ctx, "%s/postfix-example/master.cf", setup->example_dir);
    const char *argv[] = {"/usr/sbin/postconf", "-M", service, NULL};
    const char *text = setup_read(setup->ctx, path), *now = setup_ask(setup, argv);

    *line_r = text != NULL ? text_master_cf(setup->ctx, text) : NULL;
    if (*line_r == NULL)
        return setup_fail(setup, "%s cannot be read; install Kairan again.", path);
    if (now == NULL)
        return setup_fail(setup, "postconf does not say what is in master.cf. See what \"postconf -M\" prints.");
    if (now[0] != '\0' && strstr(now, SETUP_SERVICE_MARK) == NULL)
        return setup_fail(setup, "master.cf has another service on 127.0.0.1:10026, which Kairan's mail needs. Give that one another port, and run "
                          "\"kairan setup\" again.");
    if (now[0] != '\0')
        *line_r = NULL;
    return STATUS_OK;
}

static enum status
set_service(struct setup *setup, const char *line)
{
    const char *argv[] = {"/usr/sbin/postconf", "-Me", mem_printf(setup->ctx, "%s=%s", service, line), NULL};
    enum status status;

    setup_say(setup, setup->is_dry ? "would" : "done", "master.cf: the service %s", service);
    if (setup->is_dry)
        setup_show(setup, line);
    status = setup_record_add(setup, "master", service, "-", "-");
    if (status == STATUS_OK && !setup->is_dry && !setup_do(setup, argv))
        return setup_fail(setup, "postconf did not set the service %s; what it said stands above.", service);
    return status;
}

/* ---- the step ---- */

static enum status
make_postfix_read(struct setup *setup)
{
    const char *with_systemd[] = {"/usr/bin/systemctl", "reload-or-restart", "postfix", NULL}, *reload[] = {"/usr/sbin/postfix", "reload", NULL};
    const char *runs[] = {"/usr/sbin/postfix", "status", NULL};

    if (setup->has_systemd)
        return setup_run(setup, "See: journalctl -u postfix@-", with_systemd);
    if (setup_ask(setup, runs) != NULL)
        return setup_run(setup, NULL, reload);
    setup_say(setup, "note", "Postfix does not run, and neither does systemd. Start it: postfix start");
    return STATUS_OK;
}

static enum status
set_all(struct setup *setup, const struct main_line *line)
{
    struct postfix_ours ours;
    const char *service_line = NULL;
    enum status status = look_at_others(setup, &ours);

    if (status == STATUS_OK)
        status = look_at_service(setup, &service_line);
    for (; line->name != NULL && status == STATUS_OK; line++)
        status = set_line(setup, line, &ours);
    if (status == STATUS_OK)
        status = set_names(setup, &ours);
    return status == STATUS_OK && service_line != NULL ? set_service(setup, service_line) : status;
}

/* What is half done or what Postfix does not take is taken back: it may have other mail to carry. */
static enum status
set_and_judge(struct setup *setup, const struct main_line *lines)
{
    const char *check[] = {"/usr/sbin/postfix", "check", NULL};

    if (set_all(setup, lines) != STATUS_OK)
        return setup_back_out(setup, "postfix", setup->call->fault.sentence);
    if (setup_is_due(setup, "postfix") && setup_run(setup, NULL, check) != STATUS_OK)
        return setup_back_out(setup, "postfix", "Postfix does not take its configuration with our settings. What Postfix said stands above: mend that "
                              "and run \"kairan setup\" again.");
    return STATUS_OK;
}

enum status
step_postfix(struct setup *setup)
{
    const char *path = mem_printf(setup->ctx, "%s/postfix-example/main.cf", setup->example_dir), *text = setup_read(setup->ctx, path);
    enum status status;

    if (text == NULL)
        return setup_fail(setup, "%s cannot be read; install Kairan again.", path);
    keep_copies(setup);
    status = set_and_judge(setup, text_main_cf(setup->ctx, text));
    if (status != STATUS_OK)
        return status;
    if (!setup_is_due(setup, "postfix")) {
        setup_say(setup, "so", "Postfix has all that Kairan needs.");
        return STATUS_OK;
    }
    status = make_postfix_read(setup);
    return status == STATUS_OK ? setup_has_read(setup, "postfix") : status;
}
