/* smtp-connect.c - the beginning and the end of a connection: greeting, EHLO, STARTTLS, AUTH, QUIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "delivery/smtp-private.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/socket.h"

enum { QUIT_TIMEOUT_MS = 1000, PASSWORD_MOST = 1024 };

static enum status
read_password(struct smtp_options *options, const char *path, struct fault *fault)
{
    char *password = mem_secret(options, PASSWORD_MOST + 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, password, PASSWORD_MOST);
    struct stat st = {0};

    if (len < 0)
        fault_setf(fault, talloc_parent(options), STATUS_INVALID, "password_file", "%s: %s", path, strerror(errno));
    if (len >= 0 && (fstat(fd, &st) != 0 || (st.st_mode & S_IRWXO) != 0)) {
        fault_setf(fault, talloc_parent(options), STATUS_INVALID, "password_file",
                   "%s may be read by others (mode %03o); chmod 600 mends that", path, (unsigned)(st.st_mode & 0777));
        len = -1;
    }
    if (fd >= 0)
        close(fd);
    if (len < 0)
        return STATUS_INVALID;
    password[strcspn(password, "\r\n")] = '\0';
    if (*password == '\0')
        return fault_setf(fault, talloc_parent(options), STATUS_INVALID, "password_file", "%s has no password in its first line", path);
    options->password = password;
    return STATUS_OK;
}

static const char *
helo_name(TALLOC_CTX *ctx, const struct conf *conf)
{
    char name[256] = "";

    if (!str_is_empty(conf->worker_hostname))
        return mem_strdup(ctx, conf->worker_hostname);
    gethostname(name, sizeof name - 1);
    return mem_strdup(ctx, *name != '\0' ? name : "localhost");
}

static bool
is_host_name(const char *name)
{
    size_t len = strlen(name);

    return len > 0 && len <= 255
        && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]") == len;
}

enum status
smtp_options_from(TALLOC_CTX *ctx, const struct conf *conf, struct smtp_options **options_r, struct fault *fault)
{
    struct smtp_options *options = mem_new(ctx, struct smtp_options);
    enum status status = STATUS_OK;

    options->host = conf->smtp_host;
    options->port = conf->smtp_port;
    options->helo = helo_name(options, conf);
    options->connect_timeout_ms = conf->smtp_connect_timeout_s * 1000;
    options->reply_timeout_ms = conf->smtp_reply_timeout_s * 1000;
    options->data_timeout_ms = conf->smtp_data_timeout_s * 1000;
    options->max_transactions = conf->smtp_max_transactions;
    if (!is_host_name(options->host))
        status = fault_set(fault, STATUS_INVALID, "host", N_("[smtp] host is not the name or address of a machine."));
    else if (!is_host_name(options->helo))
        status = fault_set(fault, STATUS_INVALID, "hostname", N_("[worker] hostname is not the name of a machine."));
    else if (!tls_mode_parse(conf->smtp_tls, &options->tls_mode))
        status = fault_set(fault, STATUS_INVALID, "tls", N_("[smtp] tls takes none, may, must or verify."));
    if (status == STATUS_OK && options->tls_mode != TLS_NONE)
        status = tls_client_new(options, options->tls_mode, conf->smtp_ca_file, &options->tls, fault);
    if (status == STATUS_OK && !str_is_empty(conf->smtp_user)) {
        options->user = conf->smtp_user;
        status = read_password(options, conf->smtp_password_file, fault);
    }
    if (status == STATUS_OK)
        *options_r = options;
    return status;
}

/* "SIZE 1000" and its like: one line of the answer to EHLO. */
static void
note_capability(struct smtp_capabilities *has, const char *line)
{
    static const struct { const char *word; size_t offset; } words[] = {
        {"PIPELINING", offsetof(struct smtp_capabilities, pipelining)},
        {"8BITMIME", offsetof(struct smtp_capabilities, eight_bit)},
        {"SMTPUTF8", offsetof(struct smtp_capabilities, smtputf8)},
        {"DSN", offsetof(struct smtp_capabilities, dsn)},
        {"STARTTLS", offsetof(struct smtp_capabilities, starttls)},
        {"ENHANCEDSTATUSCODES", offsetof(struct smtp_capabilities, enhanced)},
        {"SIZE", offsetof(struct smtp_capabilities, has_size)},
    };
    char **parts = str_split(NULL, line, ' ', 32);
    int64_t size;

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq_nocase(parts[0], words[i].word))
            *(bool *)((char *)has + words[i].offset) = true;    /* @UNSAFE */
    if (str_eq_nocase(parts[0], "SIZE") && str_to_int(parts[1], 0, INT64_MAX, &size))
        has->size_max = (uint64_t)size;
    if (str_eq_nocase(parts[0], "AUTH"))
        for (size_t i = 1; parts[i] != NULL; i++) {
            has->auth_plain |= str_eq_nocase(parts[i], "PLAIN");
            has->auth_login |= str_eq_nocase(parts[i], "LOGIN");
        }
    talloc_free(parts);
}

static struct smtp_reply *
greet(TALLOC_CTX *ctx, struct smtp *smtp)
{
    struct smtp_reply *reply = smtp_ask(ctx, smtp, SMTP_EHLO, mem_printf(ctx, "EHLO %s", smtp->options->helo));

    smtp->capabilities = (struct smtp_capabilities){.size_max = 0};
    if (reply->class == SMTP_PERMANENT)
        return smtp_ask(ctx, smtp, SMTP_EHLO, mem_printf(ctx, "HELO %s", smtp->options->helo));
    if (reply->class == SMTP_ACCEPTED)
        for (size_t i = 1; smtp_reader_text(smtp->reader, i) != NULL; i++)
            note_capability(&smtp->capabilities, smtp_reader_text(smtp->reader, i));
    return reply;
}

static struct smtp_reply *
accepted(TALLOC_CTX *ctx)
{
    return smtp_reply_made(ctx, SMTP_CONNECT, SMTP_ACCEPTED, 0, "", "");
}

/* Asks for TLS where that is wanted. On a connection spoilt by a handshake that failed, smtp->io is NULL. */
static struct smtp_reply *
secure(TALLOC_CTX *ctx, struct smtp *smtp)
{
    const struct smtp_options *options = smtp->options;
    struct smtp_reply *reply;
    const char *error = NULL;
    enum io_result result;

    if (options->tls_mode == TLS_NONE || (options->tls_mode == TLS_MAY && !smtp->capabilities.starttls))
        return accepted(ctx);
    if (!smtp->capabilities.starttls)
        return smtp_reply_made(ctx, SMTP_STARTTLS, SMTP_TEMPORARY, 0, "4.7.5",
                               "the next hop does not offer STARTTLS, which is required here");
    reply = smtp_ask(ctx, smtp, SMTP_STARTTLS, "STARTTLS");
    if (reply->class != SMTP_ACCEPTED)
        return options->tls_mode == TLS_MAY && smtp->io != NULL ? accepted(ctx) : reply;
    io_deadline_in(smtp->io, options->reply_timeout_ms);
    result = tls_start(ctx, options->tls, smtp->io, options->host, &error);
    if (result != IO_OK) {
        reply = smtp_reply_made(ctx, SMTP_STARTTLS, SMTP_TEMPORARY, 0, "4.7.5", error);
        smtp_hang_up(smtp, reply);
        return reply;
    }
    smtp->tls = tls_describe(smtp, smtp->io);
    return greet(ctx, smtp);
}

/* The bytes in base64, wiped when freed. */
static char *
secret_base64(TALLOC_CTX *ctx, const char *before, struct blob data)
{
    char *text = base64_encode(NULL, data);
    size_t len = strlen(before) + strlen(text) + 1;
    char *secret = mem_secret(ctx, len);

    snprintf(secret, len, "%s%s", before, text);
    explicit_bzero(text, strlen(text));
    talloc_free(text);
    return secret;
}

static struct smtp_reply *
auth_plain(TALLOC_CTX *ctx, struct smtp *smtp)
{
    const char *user = smtp->options->user, *password = smtp->options->password;
    size_t len = strlen(user) + strlen(password) + 2;
    char *both = mem_secret(ctx, len + 1);

    snprintf(both + 1, len, "%s", user);
    snprintf(both + 2 + strlen(user), len - 1 - strlen(user), "%s", password);  /* @UNSAFE */
    return smtp_ask(ctx, smtp, SMTP_AUTH,
                    secret_base64(ctx, "AUTH PLAIN ", (struct blob){(const uint8_t *)both, len}));
}

static struct smtp_reply *
auth_login(TALLOC_CTX *ctx, struct smtp *smtp)
{
    const char *answers[] = {smtp->options->user, smtp->options->password};
    struct smtp_reply *reply = smtp_ask(ctx, smtp, SMTP_AUTH, "AUTH LOGIN");

    for (size_t i = 0; i < COUNT_OF(answers) && reply->class == SMTP_ACCEPTED && reply->code == 334; i++)
        reply = smtp_ask(ctx, smtp, SMTP_AUTH, secret_base64(ctx, "", blob_of(answers[i])));
    return reply;
}

static struct smtp_reply *
authenticate(TALLOC_CTX *ctx, struct smtp *smtp)
{
    struct smtp_reply *reply;

    if (smtp->options->user == NULL)
        return accepted(ctx);
    if (smtp->tls == NULL && !socket_is_loopback(io_fd(smtp->io)))
        return smtp_reply_made(ctx, SMTP_AUTH, SMTP_LOCAL, 0, "4.7.11",
                               "the password is not sent over a connection without TLS");
    if (smtp->capabilities.auth_plain)
        reply = auth_plain(ctx, smtp);
    else if (smtp->capabilities.auth_login)
        reply = auth_login(ctx, smtp);
    else
        return smtp_reply_made(ctx, SMTP_AUTH, SMTP_TEMPORARY, 0, "4.7.0",
                               "the next hop offers neither AUTH PLAIN nor AUTH LOGIN");
    if (reply->class == SMTP_ACCEPTED && reply->code == 334)
        return smtp_reply_made(ctx, SMTP_AUTH, SMTP_PROTOCOL, 334, "", "AUTH does not come to an end");
    return reply;
}

/* Everything from the TCP connection on; the last word of it. smtp->io is there when that word is good. */
static struct smtp_reply *
begin(TALLOC_CTX *ctx, struct smtp *smtp)
{
    const struct smtp_options *options = smtp->options;
    struct smtp_reply *(*const steps[])(TALLOC_CTX *, struct smtp *) = {greet, secure, authenticate};
    int64_t deadline_ms = clock_monotonic_ms() + options->connect_timeout_ms;
    struct fault fault = {.sentence = ""};
    struct smtp_reply *reply;
    enum status status = socket_connect(smtp, options->host, options->port, deadline_ms, &smtp->io, &fault);

    if (status != STATUS_OK)
        return smtp_reply_made(ctx, SMTP_CONNECT, status == STATUS_TIMEOUT ? SMTP_TIMEOUT : SMTP_LOST, 0, "4.4.1",
                               fault.sentence);
    reply = smtp_hear(ctx, smtp, SMTP_CONNECT, options->reply_timeout_ms);
    for (size_t i = 0; i < COUNT_OF(steps) && reply->class == SMTP_ACCEPTED; i++)
        reply = steps[i](ctx, smtp);
    return reply;
}

static int
smtp_destroy(struct smtp *smtp)
{
    io_close(&smtp->io);
    return 0;
}

static struct smtp *
attempt(TALLOC_CTX *ctx, const struct smtp_options *options, struct smtp_reply **reply_r)
{
    struct smtp *smtp = mem_new(ctx, struct smtp);
    TALLOC_CTX *scratch = talloc_new(smtp);

    smtp->options = options;
    smtp->reader = smtp_reader_new(smtp);
    talloc_set_destructor(smtp, smtp_destroy);
    *reply_r = talloc_steal(ctx, begin(scratch, smtp));
    talloc_free(scratch);
    if ((*reply_r)->class == SMTP_ACCEPTED)
        return smtp;
    (*reply_r)->closing = true;
    smtp_close(&smtp);
    return NULL;
}

struct smtp *
smtp_open(TALLOC_CTX *ctx, const struct smtp_options *options, struct smtp_reply **reply_r)
{
    struct smtp *smtp = attempt(ctx, options, reply_r);
    struct smtp_options plain = *options;

    /* "may" means: rather in the open than not at all. The spoilt connection cannot go on in the open, a new one can. */
    if (smtp != NULL || (*reply_r)->phase != SMTP_STARTTLS || options->tls_mode != TLS_MAY)
        return smtp;
    plain.tls_mode = TLS_NONE;
    talloc_free(*reply_r);
    smtp = attempt(ctx, &plain, reply_r);
    if (smtp != NULL)
        smtp->options = options;
    return smtp;
}

const struct smtp_capabilities *
smtp_capabilities(const struct smtp *smtp)
{
    return &smtp->capabilities;
}

const char *
smtp_tls(const struct smtp *smtp)
{
    return smtp->tls;
}

void
smtp_close(struct smtp **smtp)
{
    struct smtp *it = *smtp;

    if (it == NULL)
        return;
    if (it->io != NULL && (it->state == SMTP_IDLE || it->state == SMTP_NOTED)) {
        smtp_say(it, "QUIT");
        smtp_hear(it, it, SMTP_QUIT, QUIT_TIMEOUT_MS);
    }
    TALLOC_FREE(*smtp);
}
