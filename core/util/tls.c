/* tls.c - the client's side of STARTTLS */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#include "util/clock.h"
#include "util/str.h"
#include "util/tls.h"

struct tls_client {
    SSL_CTX *ssl_ctx;
    BIO_METHOD *method;     /* OpenSSL's own would write without MSG_NOSIGNAL */
    enum tls_mode mode;
};

struct tls {
    SSL *ssl;
};

bool
tls_mode_parse(const char *text, enum tls_mode *mode_r)
{
    static const char *const names[] = {[TLS_NONE] = "none", [TLS_MAY] = "may", [TLS_MUST] = "must",
                                        [TLS_VERIFY] = "verify"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(names[i], text)) {
            *mode_r = (enum tls_mode)i;
            return true;
        }
    return false;
}

static int
bio_fd(BIO *bio)
{
    return (int)(intptr_t)BIO_get_data(bio);
}

static int
bio_write(BIO *bio, const char *data, int len)
{
    ssize_t sent = io_socket_write(bio_fd(bio), data, (size_t)len);

    BIO_clear_retry_flags(bio);
    if (sent == IO_WANTS_WRITE)
        BIO_set_retry_write(bio);
    return sent < 0 ? -1 : (int)sent;
}

static int
bio_read(BIO *bio, char *data, int len)
{
    ssize_t got = io_socket_read(bio_fd(bio), data, (size_t)len);

    BIO_clear_retry_flags(bio);
    if (got == IO_WANTS_READ)
        BIO_set_retry_read(bio);
    return got < 0 ? -1 : (int)got;
}

static long
bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static int
client_destroy(struct tls_client *client)
{
    SSL_CTX_free(client->ssl_ctx);
    BIO_meth_free(client->method);
    return 0;
}

/* The last thing OpenSSL complained about, in words. */
static char *
last_error(TALLOC_CTX *ctx, const char *otherwise)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    ERR_clear_error();
    return mem_strdup(ctx, reason != NULL ? reason : otherwise);
}

enum status
tls_client_new(TALLOC_CTX *ctx, enum tls_mode mode, const char *ca_file, struct tls_client **client_r,
               struct fault *fault)
{
    struct tls_client *client = mem_new(ctx, struct tls_client);

    client->mode = mode;
    client->method = mem_check(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "io"));
    BIO_meth_set_write(client->method, bio_write);
    BIO_meth_set_read(client->method, bio_read);
    BIO_meth_set_ctrl(client->method, bio_ctrl);
    client->ssl_ctx = mem_check(SSL_CTX_new(TLS_client_method()));
    talloc_set_destructor(client, client_destroy);
    SSL_CTX_set_min_proto_version(client->ssl_ctx, TLS1_2_VERSION);
    SSL_CTX_set_mode(client->ssl_ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(client->ssl_ctx, mode == TLS_VERIFY ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    if (mode == TLS_VERIFY) {
        int loaded = str_is_empty(ca_file) ? SSL_CTX_set_default_verify_paths(client->ssl_ctx)
                                           : SSL_CTX_load_verify_locations(client->ssl_ctx, ca_file, NULL);

        if (loaded != 1) {
            fault_setf(fault, ctx, STATUS_INVALID, "ca_file", "%s: %s", str_is_empty(ca_file) ? "certificates" : ca_file,
                       last_error(client, "cannot be read"));
            talloc_free(client);
            return STATUS_INVALID;
        }
    }
    *client_r = client;
    return STATUS_OK;
}

static int
tls_destroy(struct tls *tls)
{
    SSL_free(tls->ssl);     /* without close_notify: SMTP says QUIT, and a dot is what ends a message */
    return 0;
}

/* What a failed SSL_... call wants, as io.h says it. */
static ssize_t
wish_of(SSL *ssl, int returned)
{
    switch (SSL_get_error(ssl, returned)) {
    case SSL_ERROR_WANT_READ:
        return IO_WANTS_READ;
    case SSL_ERROR_WANT_WRITE:
        return IO_WANTS_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    default:
        return IO_BROKEN;
    }
}

static ssize_t
layer_read(void *state, void *buffer, size_t len)
{
    struct tls *tls = state;
    int got;

    ERR_clear_error();
    got = SSL_read(tls->ssl, buffer, (int)len);
    return got > 0 ? got : wish_of(tls->ssl, got);
}

static ssize_t
layer_write(void *state, const void *data, size_t len)
{
    struct tls *tls = state;
    int sent;

    ERR_clear_error();
    sent = SSL_write(tls->ssl, data, len > INT32_MAX ? INT32_MAX : (int)len);
    return sent > 0 ? sent : wish_of(tls->ssl, sent);
}

static const struct io_layer tls_layer = {layer_read, layer_write};

static struct tls *
tls_new(TALLOC_CTX *ctx, const struct tls_client *client, const struct io *io, const char *host)
{
    struct tls *tls = mem_new(ctx, struct tls);
    BIO *bio = mem_check(BIO_new(client->method));
    unsigned char address[sizeof(struct in6_addr)];
    bool is_address = inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;

    BIO_set_data(bio, (void *)(intptr_t)io_fd(io));
    BIO_set_init(bio, 1);
    tls->ssl = mem_check(SSL_new(client->ssl_ctx));
    talloc_set_destructor(tls, tls_destroy);
    SSL_set_bio(tls->ssl, bio, bio);
    if (is_address) {
        must(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls->ssl), host) == 1);
    } else {
        SSL_set_hostflags(tls->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        must(SSL_set1_host(tls->ssl, host) == 1 && SSL_set_tlsext_host_name(tls->ssl, host) == 1);
    }
    return tls;
}

static const char *
handshake_error(TALLOC_CTX *ctx, const struct tls *tls, enum io_result result)
{
    long verified = SSL_get_verify_result(tls->ssl);

    if (result == IO_TIMEOUT)
        return "the TLS handshake took too long";
    if (verified != X509_V_OK && SSL_get_verify_mode(tls->ssl) != SSL_VERIFY_NONE)
        return mem_printf(ctx, "certificate: %s", X509_verify_cert_error_string(verified));
    return mem_printf(ctx, "TLS: %s", last_error(ctx, "the connection was lost in the handshake"));
}

enum io_result
tls_start(TALLOC_CTX *ctx, struct tls_client *client, struct io *io, const char *host, const char **error_r)
{
    struct tls *tls = tls_new(io, client, io, host);
    enum io_result result = IO_OK;

    must(io_layer_state(io, &tls_layer) == NULL && io_unsent(io) == 0);
    io_drop_input(io);
    while (result == IO_OK) {
        int done;
        ssize_t wish;

        ERR_clear_error();
        done = SSL_connect(tls->ssl);
        if (done == 1)
            break;
        wish = wish_of(tls->ssl, done);
        result = wish == IO_WANTS_READ || wish == IO_WANTS_WRITE ? io_wait(io, wish) : IO_LOST;
    }
    if (result == IO_OK) {
        io_set_layer(io, &tls_layer, tls);
        return IO_OK;
    }
    *error_r = handshake_error(ctx, tls, result);
    talloc_free(tls);
    return result;
}

const char *
tls_describe(TALLOC_CTX *ctx, const struct io *io)
{
    const struct tls *tls = io_layer_state(io, &tls_layer);

    return tls == NULL ? NULL
                       : mem_printf(ctx, "%s %s", SSL_get_version(tls->ssl), SSL_get_cipher_name(tls->ssl));
}

bool
tls_certificate_end(const char *path, int64_t *ends_us_r)
{
    FILE *file = fopen(path, "re");
    X509 *certificate = file != NULL ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
    struct tm tm;
    bool is_read = certificate != NULL && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &tm) == 1;

    if (is_read)
        *ends_us_r = (int64_t)timegm(&tm) * US_PER_S;
    X509_free(certificate);
    if (file != NULL)
        fclose(file);
    ERR_clear_error();
    return is_read;
}
