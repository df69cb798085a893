/* smtp-envelope.c - MAIL, RCPT and DATA: what may be said, in which order, and what was answered */
#include <string.h>

#include "delivery/smtp-private.h"
#include "mime/address.h"
#include "util/killpoint.h"

/* ---- what may be said ---- */

/* A mailbox as it stands between < and >: nothing in it can end the path or begin a parameter. */
static bool
is_mailbox(const char *text, bool utf8)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *path = mem_printf(ctx, "<%s>", text);
    struct address address;
    size_t used = 0;
    bool is_one = *text != '@' && !str_has_control(text) && address_path_parse(ctx, path, strlen(path), utf8, &address, &used)
        && used == strlen(path) && *address.domain != '\0';

    talloc_free(ctx);
    return is_one;
}

/* NULL when this address may be said, else why not. */
static const char *
objection(const struct smtp *smtp, const char *address, bool may_be_empty)
{
    if (may_be_empty && *address == '\0')
        return NULL;
    if (!is_mailbox(address, true))
        return "not an address that can be said in SMTP";
    if (str_has_8bit(address) && !smtp->envelope.smtputf8)
        return "the address needs SMTPUTF8, which was not asked for";
    return NULL;
}

/* RFC 3461 4. */
static void
add_xtext(struct str *line, const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < '!' || *text > '~' || *text == '+' || *text == '=')
            str_addf(line, "+%02X", (unsigned char)*text);
        else
            str_addc(line, *text);
}

/* ---- the envelope ---- */

static const char *
mail_line(struct smtp *smtp)
{
    static const char *const rets[] = {[SMTP_RET_FULL] = " RET=FULL", [SMTP_RET_HDRS] = " RET=HDRS"};
    const struct smtp_envelope *envelope = &smtp->envelope;
    const struct smtp_capabilities *has = &smtp->capabilities;
    struct str *line = str_new(smtp->transaction);

    str_addf(line, "MAIL FROM:<%s>", envelope->from);
    if (has->has_size && envelope->size > 0)
        str_addf(line, " SIZE=%llu", (unsigned long long)envelope->size);
    if (has->eight_bit && envelope->body_8bit)
        str_add(line, " BODY=8BITMIME");
    if (envelope->smtputf8)
        str_add(line, " SMTPUTF8");
    if (has->dsn && envelope->ret != SMTP_RET_NONE)
        str_add(line, rets[envelope->ret]);
    if (has->dsn && !str_is_empty(envelope->envid)) {
        str_add(line, " ENVID=");
        add_xtext(line, envelope->envid);
    }
    return str_text(line);
}

/* NULL when the envelope can be said to this peer. */
static struct smtp_reply *
envelope_refusal(struct smtp *smtp)
{
    const struct smtp_envelope *envelope = &smtp->envelope;
    const struct smtp_capabilities *has = &smtp->capabilities;
    const char *why = objection(smtp, envelope->from, true);

    if (why != NULL)
        return smtp_refuse_locally(smtp, SMTP_MAIL, "5.1.7", why);
    if (envelope->smtputf8 && !has->smtputf8)
        return smtp_refuse_locally(smtp, SMTP_MAIL, "5.6.7", "the next hop does not offer SMTPUTF8");
    if (envelope->body_8bit && !has->eight_bit)
        return smtp_refuse_locally(smtp, SMTP_MAIL, "5.6.3", "the next hop does not offer 8BITMIME");
    if (has->size_max > 0 && envelope->size > has->size_max)
        return smtp_reply_made(smtp->transaction, SMTP_MAIL, SMTP_PERMANENT, 552, "5.3.4",
                               mem_printf(smtp->transaction, "the next hop takes no more than %llu bytes",
                                          (unsigned long long)has->size_max));
    return NULL;
}

void
smtp_mail(struct smtp *smtp, const struct smtp_envelope *envelope)
{
    if (smtp->state > SMTP_NOTED)
        smtp_data_give_up(smtp, "the transaction was given up");
    TALLOC_FREE(smtp->transaction);
    smtp->transaction = talloc_new(smtp);
    smtp->recipients = NULL;
    smtp->steps = NULL;
    smtp->mail_reply = smtp->data_reply = NULL;
    smtp->count = smtp->accepted = smtp->step_count = smtp->said = smtp->heard = 0;
    smtp->envelope = *envelope;
    smtp->envelope.from = mem_strdup(smtp->transaction, envelope->from);
    smtp->envelope.envid = mem_strdup(smtp->transaction, envelope->envid);
    smtp->state = SMTP_NOTED;
    smtp->final = smtp->io == NULL ? smtp->ending : envelope_refusal(smtp);
    smtp->mail_line = smtp->final == NULL ? mail_line(smtp) : NULL;
}

static void
add_notify(struct str *line, unsigned notify)
{
    static const char *const words[] = {"NEVER", "SUCCESS", "FAILURE", "DELAY"};
    const char *before = " NOTIFY=";

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if ((notify & 1u << i) != 0) {
            str_addf(line, "%s%s", before, words[i]);
            before = ",";
        }
}

static const char *
rcpt_line(struct smtp *smtp, const char *to, unsigned notify, const char *orcpt)
{
    struct str *line = str_new(smtp->transaction);

    str_addf(line, "RCPT TO:<%s>", to);
    if (smtp->capabilities.dsn && notify != 0)
        add_notify(line, notify == (notify & ~(unsigned)SMTP_NOTIFY_NEVER) ? notify : SMTP_NOTIFY_NEVER);
    /* Addresses outside ASCII would need RFC 6533's other type; who gets a copy knows their own address. */
    if (smtp->capabilities.dsn && !str_is_empty(orcpt) && !str_has_8bit(orcpt)) {
        str_add(line, " ORCPT=rfc822;");
        add_xtext(line, orcpt);
    }
    return str_text(line);
}

size_t
smtp_rcpt(struct smtp *smtp, const char *to, unsigned notify, const char *orcpt)
{
    const char *why = objection(smtp, to, false);
    struct smtp_recipient *recipient;

    must(smtp->state == SMTP_NOTED);
    smtp->recipients = mem_resize(smtp->transaction, smtp->recipients, struct smtp_recipient, smtp->count + 1);
    recipient = &smtp->recipients[smtp->count];
    *recipient = (struct smtp_recipient){NULL, NULL};
    if (why != NULL)
        recipient->reply = smtp_refuse_locally(smtp, SMTP_RCPT, "5.1.3", why);
    else
        recipient->line = rcpt_line(smtp, to, notify, orcpt);
    return smtp->count++;
}

static void
add_step(struct smtp *smtp, enum smtp_phase phase, const char *line, size_t recipient)
{
    smtp->steps[smtp->step_count++] = (struct smtp_step){phase, line, recipient};
}

static void
plan(struct smtp *smtp)
{
    size_t sayable = 0;

    smtp->steps = mem_array(smtp->transaction, struct smtp_step, smtp->count + 3);
    for (size_t i = 0; i < smtp->count; i++)
        sayable += smtp->recipients[i].line != NULL;
    if (smtp->mail_line == NULL || sayable == 0)
        return;
    if (smtp->dirty)
        add_step(smtp, SMTP_RSET, "RSET", 0);
    add_step(smtp, SMTP_MAIL, smtp->mail_line, 0);
    for (size_t i = 0; i < smtp->count; i++)
        if (smtp->recipients[i].line != NULL)
            add_step(smtp, SMTP_RCPT, smtp->recipients[i].line, i);
    add_step(smtp, SMTP_DATA, "DATA", 0);
}

/* Without PIPELINING a command follows only from what was answered to those before. */
static bool
is_worth_saying(const struct smtp *smtp, const struct smtp_step *step)
{
    if (smtp->capabilities.pipelining || step->phase == SMTP_RSET)
        return true;
    return smtp->final == NULL && (step->phase != SMTP_DATA || smtp->accepted > 0);
}

/* Says what may be said before the next reply. */
static void
say_steps(struct smtp *smtp)
{
    do {
        const struct smtp_step *step = &smtp->steps[smtp->said++];

        smtp_say(smtp, step->line);
        smtp->dirty |= step->phase == SMTP_MAIL;
    } while (smtp->capabilities.pipelining && smtp->said < smtp->step_count);
}

void
smtp_envelope_send(struct smtp *smtp)
{
    if (smtp->state != SMTP_NOTED || smtp->final != NULL)
        return;
    plan(smtp);
    if (smtp->step_count == 0) {
        smtp->final = smtp_refuse_locally(smtp, SMTP_RCPT, "5.1.3", "no recipient that could be said");
        return;
    }
    killpoint("smtp.mail");
    smtp->state = SMTP_ASKED;
    io_deadline_in(smtp->io, smtp->options->reply_timeout_ms);
    say_steps(smtp);
    (void)io_flush(smtp->io);   /* a failure shows in the replies */
}

/* "452 4.5.3", or a 452 or 552 after others were accepted: RFC 5321 4.5.3.1.10. */
static bool
is_too_many(const struct smtp *smtp, const struct smtp_reply *reply)
{
    if (smtp->accepted == 0 || (reply->code != 452 && reply->code != 552))
        return false;
    return str_ends(reply->enhanced, ".5.3") || (reply->code == 452 && *reply->enhanced == '\0');
}

static void
take_recipient(struct smtp *smtp, struct smtp_recipient *recipient, struct smtp_reply *reply)
{
    if (smtp->mail_reply == NULL || smtp->mail_reply->class != SMTP_ACCEPTED)
        return;     /* it only repeats that there is no sender */
    reply->too_many = is_too_many(smtp, reply);
    if (reply->too_many)
        reply->class = SMTP_TEMPORARY;
    smtp->accepted += reply->class == SMTP_ACCEPTED;
    recipient->reply = reply;
}

static void
take_reply(struct smtp *smtp, const struct smtp_step *step, struct smtp_reply *reply)
{
    if (smtp->io == NULL) {
        smtp->final = smtp->ending;
        return;
    }
    switch (step->phase) {
    case SMTP_RSET:
        if (reply->class != SMTP_ACCEPTED) {
            smtp_hang_up(smtp, reply);
            smtp->final = smtp->ending;
        }
        return;
    case SMTP_MAIL:
        smtp->mail_reply = reply;
        if (reply->class != SMTP_ACCEPTED)
            smtp->final = reply;
        return;
    case SMTP_RCPT:
        take_recipient(smtp, &smtp->recipients[step->recipient], reply);
        return;
    default:
        smtp->data_reply = reply;
        if (smtp->final == NULL && reply->class != SMTP_ACCEPTED)
            smtp->final = reply;
    }
}

/* They wait for bytes though there is nobody to give them to: an empty message, for nobody, ends that. */
static void
send_lone_dot(struct smtp *smtp)
{
    smtp_say(smtp, ".");
    smtp_hear(smtp->transaction, smtp, SMTP_DOT, smtp->options->data_timeout_ms);
    smtp->dirty = false;
}

bool
smtp_envelope_finish(struct smtp *smtp)
{
    smtp_envelope_send(smtp);
    if (smtp->state != SMTP_ASKED)
        return false;
    while (smtp->heard < smtp->step_count && smtp->io != NULL) {
        const struct smtp_step *step = &smtp->steps[smtp->heard];

        if (smtp->heard == smtp->said && !is_worth_saying(smtp, step))
            break;
        if (smtp->heard == smtp->said)
            say_steps(smtp);
        take_reply(smtp, step, smtp_hear(smtp->transaction, smtp, step->phase, smtp->options->reply_timeout_ms));
        smtp->heard++;
    }
    smtp->state = SMTP_IDLE;
    for (size_t i = 0; i < smtp->count && smtp->final == NULL && smtp->accepted == 0; i++)
        smtp->final = smtp->recipients[i].reply;
    killpoint("smtp.rcpt");
    if (smtp->io == NULL || smtp->data_reply == NULL || smtp->data_reply->class != SMTP_ACCEPTED)
        return false;
    if (smtp->accepted == 0) {
        send_lone_dot(smtp);
        return false;
    }
    smtp->state = SMTP_WANTED;
    return true;
}
