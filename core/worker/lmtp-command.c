/* lmtp-command.c - what each command of LMTP means and which parameters it takes */
#include <arpa/inet.h>
#include <string.h>

#include "util/killpoint.h"
#include "worker/lmtp-session-private.h"

enum { XFORWARD_MAX = 255 };

/* ---- small readers ---- */

static int
hex_value(char c)
{
    const char *digits = "0123456789ABCDEF", *at = c == '\0' ? NULL : strchr(digits, c);

    return at == NULL ? -1 : (int)(at - digits);
}

/* RFC 3461 4. NULL when it is not xtext, too long, or hides a control or broken UTF-8. */
static char *
xtext_decode(TALLOC_CTX *ctx, const char *text)
{
    struct str *plain = str_new(ctx);

    for (; *text != '\0'; text++) {
        int high = *text == '+' ? hex_value(text[1]) : 0, low = *text == '+' && high >= 0 ? hex_value(text[2]) : 0;

        if (high < 0 || low < 0)
            return NULL;
        str_addc(plain, *text == '+' ? (char)(high * 16 + low) : *text);
        text += *text == '+' ? 2 : 0;
    }
    if (plain->len > XFORWARD_MAX || strlen(plain->s) != plain->len || str_has_control(plain->s)
        || !utf8_is_valid(plain->s, plain->len))
        return NULL;
    return plain->s;
}

/* "<path> PARAMETERS": the path as given (in ctx, without < > and route), what it says, and where its parameters begin.
 * NULL when that is not what stands there. */
static char *
read_path(TALLOC_CTX *ctx, const char *text, bool utf8, struct address *address_r, const char **rest_r)
{
    const char *start, *end;
    size_t used;

    text += strspn(text, " ");
    if (!address_path_parse(ctx, text, strlen(text), utf8, address_r, &used) || (text[used] != '\0' && text[used] != ' '))
        return NULL;
    start = text[1] == '@' ? strchr(text, ':') + 1 : text + 1;
    end = text + used - 1;
    *rest_r = text + used;
    return mem_strndup(ctx, start, (size_t)(end - start));
}

/* ---- commands ---- */

static void
on_lhlo(struct lmtp_session *session, const char *name)
{
    if (*name == '\0' || strchr(name, ' ') != NULL || !utf8_is_valid(name, strlen(name))) {
        lmtp_refuse(session, 501, "5.5.4", "LHLO wants a name");
        return;
    }
    lmtp_end_transaction(session);
    talloc_free((void *)session->client.lhlo);
    session->client.lhlo = mem_strdup(session, name);
    str_addf(session->output,
             "250-%s\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
             "250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE\r\n250 SIZE %llu\r\n",
             session->limits->hostname, (unsigned long long)session->limits->bytes);
}

/* What a parameter's value may be, and where it goes. 0: taken; else the reply's code. */
static int
mail_parameter(struct lmtp_session *session, struct lmtp_transaction *transaction, const char *name, const char *value)
{
    int64_t size;

    if (str_eq_nocase(name, "SIZE")) {
        if (!str_to_int(value, 0, INT64_MAX, &size))
            return 501;
        transaction->size_declared = (uint64_t)size;
        return transaction->size_declared > session->limits->bytes ? 552 : 0;
    }
    if (str_eq_nocase(name, "BODY")) {
        transaction->body_8bit = str_eq_nocase(value, "8BITMIME");
        return transaction->body_8bit || str_eq_nocase(value, "7BIT") ? 0 : 501;
    }
    if (str_eq_nocase(name, "SMTPUTF8")) {
        transaction->smtputf8 = true;
        return value == NULL ? 0 : 501;
    }
    if (str_eq_nocase(name, "RET"))
        return str_eq_nocase(value, "FULL") || str_eq_nocase(value, "HDRS") ? 0 : 501;
    if (str_eq_nocase(name, "ENVID"))
        return value != NULL && xtext_decode(transaction, value) != NULL ? 0 : 501;
    return 555;
}

/* "NEVER", "SUCCESS,FAILURE" ...: words and commas. */
static bool
is_notify(const char *value)
{
    return *value != '\0' && strspn(value, "ACDEFILNRSUVYacdefilnrsuvy,") == strlen(value);
}

static int
rcpt_parameter(struct lmtp_recipient *recipient, TALLOC_CTX *ctx, const char *name, const char *value)
{
    if (str_eq_nocase(name, "NOTIFY"))
        return value != NULL && is_notify(value) ? 0 : 501;
    if (str_eq_nocase(name, "ORCPT")) {
        recipient->orcpt = value != NULL && strchr(value, ';') != NULL ? xtext_decode(ctx, value) : NULL;
        return recipient->orcpt != NULL ? 0 : 501;
    }
    return 555;
}

static void
refuse_parameter(struct lmtp_session *session, int code)
{
    switch (code) {
    case 552:
        lmtp_reply(session, 552, "5.3.4", "the message is larger than what is accepted here");
        return;
    case 501:
        lmtp_refuse(session, 501, "5.5.4", "a parameter is not as it must be");
        return;
    default:
        lmtp_refuse(session, 555, "5.5.4", "a parameter is not known here");
    }
}

/* Divides "NAME=value" in place; the value is NULL without "=". */
static const char *
divide(char *parameter)
{
    char *equals = strchr(parameter, '=');

    if (equals == NULL)
        return NULL;
    *equals = '\0';
    return equals + 1;
}

static void
on_mail(struct lmtp_session *session, const char *args)
{
    struct lmtp_transaction *transaction;
    const char *rest = "";
    char **parameters;
    int code = 0;

    if (session->client.lhlo == NULL || session->transaction != NULL) {
        lmtp_refuse(session, 503, "5.5.1", session->transaction != NULL ? "a transaction is open" : "LHLO comes first");
        return;
    }
    transaction = mem_new(session, struct lmtp_transaction);
    /* SMTPUTF8 stands behind the path that it allows. */
    if (str_starts_nocase(args, "FROM:"))
        transaction->from = read_path(transaction, args + 5, true, &transaction->sender, &rest);
    parameters = str_split(transaction, rest, ' ', SIZE_MAX);
    for (size_t i = 0; transaction->from != NULL && parameters[i] != NULL && code == 0; i++)
        if (*parameters[i] != '\0') {
            const char *value = divide(parameters[i]);

            code = mail_parameter(session, transaction, parameters[i], value);
        }
    if (transaction->from == NULL)
        lmtp_refuse(session, 501, "5.1.7", "MAIL FROM:<address> was expected");
    else if (code != 0)
        refuse_parameter(session, code);
    else if (!transaction->smtputf8 && str_has_8bit(transaction->from))
        lmtp_refuse(session, 553, "5.6.7", "this address needs SMTPUTF8");
    else
        session->transaction = transaction;
    if (session->transaction == NULL) {
        talloc_free(transaction);
        return;
    }
    transaction->client = session->client;
    talloc_steal(transaction, session->client_ctx);
    session->client_ctx = talloc_new(session);
    transaction->client.lhlo = mem_strdup(transaction, session->client.lhlo);
    lmtp_reply(session, 250, "2.1.0", "sender taken");
}

static void
add_recipient(struct lmtp_session *session, struct lmtp_recipient *recipient)
{
    struct lmtp_transaction *transaction = session->transaction;
    enum status status = session->handler->recipient(session->user, transaction, recipient);
    const struct status_row *row = status_row(status);

    if (status != STATUS_OK) {
        session->idle_commands++;
        lmtp_reply(session, row->smtp, row->enhanced, recipient->text != NULL ? recipient->text : row->sentence);
        return;
    }
    transaction->recipients = mem_resize(transaction, transaction->recipients, struct lmtp_recipient,
                                         transaction->recipient_count + 1);
    transaction->recipients[transaction->recipient_count++] = *recipient;
    killpoint("lmtp.rcpt");
    lmtp_reply(session, 250, "2.1.5", "recipient taken");
}

static void
on_rcpt(struct lmtp_session *session, const char *args)
{
    struct lmtp_transaction *transaction = session->transaction;
    struct lmtp_recipient recipient = {.path = NULL};
    const char *rest = "";
    char **parameters;
    int code = 0;

    if (transaction == NULL) {
        lmtp_refuse(session, 503, "5.5.1", "MAIL comes first");
        return;
    }
    if (transaction->recipient_count >= session->limits->recipients) {
        lmtp_reply(session, 452, "4.5.3", "too many recipients");
        return;
    }
    if (str_starts_nocase(args, "TO:"))
        recipient.path = read_path(transaction, args + 3, transaction->smtputf8, &recipient.address, &rest);
    if (str_is_empty(recipient.path)) {
        session->idle_commands++;
        lmtp_reply(session, 501, "5.1.3", "RCPT TO:<address> was expected");
        return;
    }
    parameters = str_split(transaction, rest, ' ', SIZE_MAX);
    for (size_t i = 0; parameters[i] != NULL && code == 0; i++)
        if (*parameters[i] != '\0') {
            const char *value = divide(parameters[i]);

            code = rcpt_parameter(&recipient, transaction, parameters[i], value);
        }
    talloc_free(parameters);
    if (code != 0)
        refuse_parameter(session, code);
    else
        add_recipient(session, &recipient);
}

static void
on_data(struct lmtp_session *session, const char *args)
{
    enum status status;

    if (*args != '\0') {
        lmtp_refuse(session, 501, "5.5.4", "DATA takes nothing");
        return;
    }
    if (session->transaction == NULL || session->transaction->recipient_count == 0) {
        lmtp_refuse(session, 503, "5.5.1", session->transaction == NULL ? "MAIL comes first" : "no recipient was taken");
        return;
    }
    status = session->handler->data_begin(session->user, session->transaction);
    if (status != STATUS_OK) {
        lmtp_reply_status(session, status, NULL);
        lmtp_end_transaction(session);
        return;
    }
    session->in_data = true;
    session->place = AT_LINE_START;
    session->data_status = STATUS_OK;
    str_add(session->output, "354 go ahead, end with a dot on a line of its own\r\n");
}

static void
on_rset(struct lmtp_session *session, const char *args)
{
    (void)args;
    lmtp_end_transaction(session);
    lmtp_reply(session, 250, "2.0.0", "forgotten");
}

static void
on_noop(struct lmtp_session *session, const char *args)
{
    (void)args;
    lmtp_reply(session, 250, "2.0.0", "still here");
}

static void
on_vrfy(struct lmtp_session *session, const char *args)
{
    (void)args;
    lmtp_reply(session, 252, "2.5.0", "send mail, and it will be seen");
}

static void
on_quit(struct lmtp_session *session, const char *args)
{
    (void)args;
    TALLOC_FREE(session->transaction);
    lmtp_reply(session, 221, "2.0.0", "goodbye");
    session->over = true;
}

/* "1.2.3.4", "IPv6:2001:db8::1": the address itself, or NULL. */
static const char *
plain_address(const char *text)
{
    unsigned char bytes[16];

    if (str_starts_nocase(text, "IPv6:"))
        return inet_pton(AF_INET6, text + 5, bytes) == 1 ? text + 5 : NULL;
    return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1 ? text : NULL;
}

static bool
set_attribute(struct lmtp_session *session, const char *name, const char *value)
{
    static const struct { const char *name; size_t offset; } rows[] = {
        {"NAME", offsetof(struct lmtp_client, name)},   {"ADDR", offsetof(struct lmtp_client, addr)},
        {"PORT", offsetof(struct lmtp_client, port)},   {"PROTO", offsetof(struct lmtp_client, proto)},
        {"HELO", offsetof(struct lmtp_client, helo)},   {"IDENT", offsetof(struct lmtp_client, ident)},
        {"SOURCE", offsetof(struct lmtp_client, source)},
    };
    const char *plain = value == NULL ? NULL : xtext_decode(session->client_ctx, value);

    if (str_is_empty(plain))
        return false;
    if (str_eq_nocase(plain, "[UNAVAILABLE]") || str_eq_nocase(plain, "[TEMPUNAVAIL]"))
        plain = NULL;
    else if (str_eq_nocase(name, "ADDR") && (plain = plain_address(plain)) == NULL)
        return false;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq_nocase(rows[i].name, name)) {
            *(const char **)((char *)&session->client + rows[i].offset) = plain;    /* @UNSAFE */
            return true;
        }
    return false;
}

static void
on_xforward(struct lmtp_session *session, const char *args)
{
    char **attributes = str_split(NULL, args, ' ', SIZE_MAX);
    bool good = session->client.lhlo != NULL && session->transaction == NULL, any = false;

    for (size_t i = 0; good && attributes[i] != NULL; i++)
        if (*attributes[i] != '\0') {
            const char *value = divide(attributes[i]);

            good = set_attribute(session, attributes[i], value);
            any = true;
        }
    talloc_free(attributes);
    if (session->client.lhlo == NULL || session->transaction != NULL)
        lmtp_refuse(session, 503, "5.5.1", "XFORWARD comes between LHLO and MAIL");
    else if (!good || !any)
        lmtp_refuse(session, 501, "5.5.4", "an attribute is not as it must be");
    else
        lmtp_reply(session, 250, "2.0.0", "noted");
}

void
lmtp_command(struct lmtp_session *session, const char *line)
{
    static const struct { const char *verb; void (*act)(struct lmtp_session *, const char *); } commands[] = {
        {"LHLO", on_lhlo}, {"MAIL", on_mail}, {"RCPT", on_rcpt}, {"DATA", on_data}, {"RSET", on_rset},
        {"NOOP", on_noop}, {"VRFY", on_vrfy}, {"QUIT", on_quit}, {"XFORWARD", on_xforward},
    };
    size_t verb_len = strcspn(line, " ");
    const char *args = line + verb_len + strspn(line + verb_len, " ");

    if (!str_starts_nocase(line, "RCPT ") && ++session->idle_commands > LMTP_IDLE_COMMANDS_MAX) {
        lmtp_end(session, "4.7.0", "too many commands without a message");
        return;
    }
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strlen(commands[i].verb) == verb_len && str_starts_nocase(line, commands[i].verb)) {
            commands[i].act(session, args);
            return;
        }
    if (str_starts_nocase(line, "EHLO") || str_starts_nocase(line, "HELO"))
        lmtp_refuse(session, 500, "5.5.1", "this is LMTP: say LHLO");
    else
        lmtp_refuse(session, 502, "5.5.1", "this command is not known here");
}
