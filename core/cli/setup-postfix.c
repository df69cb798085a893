/* setup-postfix.c - setup's step: Postfix's settings meet ours */
#include <string.h>
#include <unistd.h>

#include "cli/check.h"
#include "cli/setup-text.h"
#include "cli/setup.h"

/* What main.cf says; NULL: it says nothing, and the default holds. */
static const char *
said(struct setup *setup, const char *name)
{
    const char *argv[] = {"/usr/sbin/postconf", "-n", name, NULL};
    const char *line = setup_ask(setup, argv), *equals = line != NULL ? strchr(line, '=') : NULL;

    return equals != NULL ? str_trim(setup->ctx, equals + 1) : NULL;
}

static struct postfix_has
has(struct setup *setup, const char *name)
{
    const char *means = postconf(setup->ctx, NULL, name);

    return (struct postfix_has){said(setup, name), means != NULL ? means : ""};
}

enum status
setup_postconf(struct setup *setup, const char *name, const char *before, const char *value)
{
    const char *pair = mem_printf(setup->ctx, "%s=%s", name, value), *argv[] = {"/usr/sbin/postconf", "-e", pair, NULL};
    enum status status = STATUS_OK;

    setup_say(setup, setup->is_dry ? "would" : "done", "main.cf: %s = %s", name, value);
    if (before != NULL)
        setup_show(setup, mem_printf(setup->ctx, "before: %s", before));
    if (setup->is_dry)
        return STATUS_OK;
    status = setup_record_add(setup, "postconf", name, before != NULL ? mem_printf(setup->ctx, "=%s", before) : "-",
                              mem_printf(setup->ctx, "=%s", value));
    if (status == STATUS_OK && setup_ask(setup, argv) == NULL)
        return setup_fail(setup, "postconf did not set %s.", name);
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
    struct postfix_has domains = has(setup, "relay_domains"), transport = has(setup, "relay_transport"),
                       recipients = has(setup, "relay_recipient_maps");

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

/* Whether main.cf says what an earlier run put there. */
static bool
is_ours(struct setup *setup, const char *name, const char *said_now)
{
    const struct setup_entry *entry = setup_record_last(setup, "postconf", name);

    return said_now != NULL && entry != NULL && str_eq(entry->ours, mem_printf(setup->ctx, "=%s", said_now));
}

/* Somebody's own certificate stays; Debian's snake oil, and one that we put there, make room for what is wanted now. */
static enum status
set_certificate(struct setup *setup, const char *name, const char *said_now, const char *wanted)
{
    const char *file = postconf(setup->ctx, NULL, "smtpd_tls_cert_file");
    bool is_free = said_now == NULL && (str_is_empty(file) || strstr(file, "snakeoil") != NULL);

    if (str_eq(said_now, wanted) || (!is_free && !is_ours(setup, name, said_now)))
        return STATUS_OK;
    return setup_postconf(setup, name, said_now, wanted);
}

static enum status
set_line(struct setup *setup, const struct main_line *line, const struct postfix_ours *ours)
{
    struct postfix_has there = has(setup, line->name);
    const char *wanted = wanted_value(setup, line), *value;

    if (str_eq(line->name, "smtpd_tls_chain_files"))
        return set_certificate(setup, line->name, there.said, wanted);
    value = text_postfix(setup->ctx, line->name, wanted, &there, ours);
    return value != NULL && !str_eq(value, there.said) ? setup_postconf(setup, line->name, there.said, value) : STATUS_OK;
}

/* What the example has no line for: its own name, the domains it delivers by itself, and the way of one domain among others. */
static enum status
set_names(struct setup *setup, const struct postfix_ours *ours)
{
    struct postfix_has destination = has(setup, "mydestination"), transport = has(setup, "transport_maps"), name = has(setup, "myhostname");
    const char *rest = text_destination(setup->ctx, &destination, setup->wish.domain, str_eq(setup->mail_host, setup->wish.domain));
    const char *way = mem_printf(setup->ctx, "inline:{ { %s = lmtp:unix:kairan/lmtp.sock } }", setup->wish.domain);
    const char *interfaces = postconf(setup->ctx, NULL, "inet_interfaces");
    enum status status = STATUS_OK;

    if (!str_eq(name.means, setup->mail_host))
        status = setup_postconf(setup, "myhostname", name.said, setup->mail_host);
    if (status == STATUS_OK && rest != NULL) {
        status = setup_postconf(setup, "mydestination", destination.said, rest);
        setup_say(setup, "note", "Mail to %s goes to its lists now and no more to accounts of this machine: send root's mail elsewhere in "
                  "/etc/aliases, and let myorigin be another name.", setup->wish.domain);
    }
    if (status == STATUS_OK && ours->has_others && strstr(transport.means, "kairan/lmtp.sock") == NULL)
        status = setup_postconf(setup, "transport_maps", transport.said,
                                str_is_empty(transport.said) ? way : mem_printf(setup->ctx, "%s, %s", way, transport.said));
    if (str_eq(interfaces, "loopback-only") || str_eq(interfaces, "localhost"))
        setup_say(setup, "trouble", "Postfix takes no mail from outside (inet_interfaces = %s). Run: postconf -e inet_interfaces=all; then restart it.",
                  interfaces);
    return status;
}

static enum status
set_service(struct setup *setup)
{
    const char *path = mem_printf(setup->ctx, "%s/postfix-example/master.cf", setup->example_dir);
    const char *text = setup_read(setup->ctx, path), *line = text != NULL ? text_master_cf(setup->ctx, text) : NULL;
    const char *service = "127.0.0.1:10026/inet", *ask[] = {"/usr/sbin/postconf", "-M", service, NULL}, *now = setup_ask(setup, ask);
    const char *set[] = {"/usr/sbin/postconf", "-Me", mem_printf(setup->ctx, "%s=%s", service, line != NULL ? line : ""), NULL};
    enum status status;

    if (line == NULL)
        return setup_fail(setup, "%s cannot be read; install Kairan again.", path);
    if (!str_is_empty(now) && strstr(now, "syslog_name=postfix/kairan") == NULL)
        return setup_fail(setup, "master.cf has another service on 127.0.0.1:10026, which Kairan's mail needs. Give that one another port, and run "
                          "\"kairan setup\" again.");
    if (!str_is_empty(now))
        return STATUS_OK;
    setup_say(setup, setup->is_dry ? "would" : "done", "master.cf: the service %s", service);
    if (setup->is_dry) {
        setup_show(setup, line);
        return STATUS_OK;
    }
    status = setup_record_add(setup, "master", service, "-", "-");
    if (status == STATUS_OK && setup_ask(setup, set) == NULL)
        return setup_fail(setup, "postconf did not set the service %s.", service);
    return status;
}

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

/* What Postfix does not take is taken back: it may have other mail to carry. */
static enum status
judge(struct setup *setup, size_t before)
{
    const char *check[] = {"/usr/sbin/postfix", "check", NULL};

    if (setup_run(setup, NULL, check) == STATUS_OK)
        return make_postfix_read(setup);
    setup_undo(setup, before);
    return setup_fail(setup, "Postfix does not take its configuration with our settings; they were taken back. What Postfix said stands above: mend "
                      "that and run \"kairan setup\" again.");
}

enum status
step_postfix(struct setup *setup)
{
    const char *path = mem_printf(setup->ctx, "%s/postfix-example/main.cf", setup->example_dir), *text = setup_read(setup->ctx, path);
    struct postfix_ours ours;
    size_t before = setup->record.count, changes = setup->changes;
    enum status status;

    if (text == NULL)
        return setup_fail(setup, "%s cannot be read; install Kairan again.", path);
    keep_copies(setup);
    status = look_at_others(setup, &ours);
    for (struct main_line *line = text_main_cf(setup->ctx, text); line->name != NULL && status == STATUS_OK; line++)
        status = set_line(setup, line, &ours);
    if (status == STATUS_OK)
        status = set_names(setup, &ours);
    if (status == STATUS_OK)
        status = set_service(setup);
    if (status == STATUS_OK && setup->changes == changes)
        setup_say(setup, "so", "Postfix has all that Kairan needs.");
    else if (status == STATUS_OK)
        status = judge(setup, before);
    return status;
}
