/* test-tls.c - STARTTLS against a server with a certificate of our making, in a process of its own */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "util/io.h"
#include "util/str.h"
#include "util/tls.h"

static EVP_PKEY *key;
static X509 *certificate;
static char ca_path[] = "/tmp/kairan-test-ca-XXXXXX";

/* Self-signed for mx.example, and so its own authority. */
static int
make_certificate(void **state)
{
    X509V3_CTX v3;
    X509_EXTENSION *names;
    FILE *file = fdopen(mkstemp(ca_path), "w");

    (void)state;
    key = EVP_EC_gen("P-256");
    certificate = X509_new();
    X509_set_version(certificate, 2);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, (const unsigned char *)"mx.example", -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509V3_set_ctx(&v3, certificate, certificate, NULL, NULL, 0);
    names = X509V3_EXT_conf_nid(NULL, &v3, NID_subject_alt_name, "DNS:mx.example,IP:127.0.0.1");
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate, key, EVP_sha256());
    PEM_write_X509(file, certificate);
    return fclose(file);
}

static int
drop_certificate(void **state)
{
    (void)state;
    EVP_PKEY_free(key);
    X509_free(certificate);
    return unlink(ca_path);
}

/* The server: what it says in the open first, then TLS up to `most`, then it echoes until the end. */
static void
serve(int fd, const char *plain, int most)
{
    static char buffer[32 * 1024];
    SSL_CTX *ssl_ctx = SSL_CTX_new(TLS_server_method());
    SSL *ssl;
    int got;

    signal(SIGPIPE, SIG_IGN);
    SSL_CTX_set_min_proto_version(ssl_ctx, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(ssl_ctx, most);
    SSL_CTX_set_cipher_list(ssl_ctx, "ALL:@SECLEVEL=0");
    SSL_CTX_use_certificate(ssl_ctx, certificate);
    SSL_CTX_use_PrivateKey(ssl_ctx, key);
    if (write(fd, plain, strlen(plain)) != (ssize_t)strlen(plain) || read(fd, buffer, 1) != 1)
        _exit(1);
    ssl = SSL_new(ssl_ctx);
    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) != 1)
        _exit(1);
    while ((got = SSL_read(ssl, buffer, sizeof buffer)) > 0)
        SSL_write(ssl, buffer, got);
    _exit(0);
}

static struct io *
server(TALLOC_CTX *ctx, const char *plain, int most, pid_t *pid_r)
{
    int fds[2];
    struct io *io;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    *pid_r = fork();
    if (*pid_r == 0) {
        close(fds[0]);
        serve(fds[1], plain, most);
    }
    close(fds[1]);
    io = io_new(ctx, fds[0]);
    io_deadline_in(io, 10000);
    return io;
}

static void
test_modes(void **state)
{
    static const struct { enum tls_mode mode; bool knows_ca; const char *host; int most; enum io_result result; const char *error; } rows[] = {
        {TLS_MAY, false, "mx.example", TLS1_3_VERSION, IO_OK, NULL},
        {TLS_MUST, false, "other.example", TLS1_3_VERSION, IO_OK, NULL},
        {TLS_MUST, false, "mx.example", TLS1_2_VERSION, IO_OK, NULL},
        {TLS_MUST, false, "mx.example", TLS1_1_VERSION, IO_LOST, "TLS"},
        {TLS_VERIFY, true, "mx.example", TLS1_3_VERSION, IO_OK, NULL},
        {TLS_VERIFY, true, "127.0.0.1", TLS1_3_VERSION, IO_OK, NULL},
        {TLS_VERIFY, true, "other.example", TLS1_3_VERSION, IO_LOST, "certificate"},
        {TLS_VERIFY, true, "127.0.0.2", TLS1_3_VERSION, IO_LOST, "certificate"},
        {TLS_VERIFY, true, "mx.example", TLS1_1_VERSION, IO_LOST, "TLS"},
        {TLS_VERIFY, false, "mx.example", TLS1_3_VERSION, IO_LOST, "certificate"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        pid_t pid;
        struct io *io = server(ctx, "", rows[i].most, &pid);
        struct tls_client *client;
        const char *error = "";
        enum io_result result;

        assert_int_equal(tls_client_new(ctx, rows[i].mode, rows[i].knows_ca ? ca_path : NULL, &client, NULL), STATUS_OK);
        assert_int_equal(io_put(io, "!", 1) | io_flush(io), IO_OK);
        result = tls_start(ctx, client, io, rows[i].host, &error);
        if (result != rows[i].result || (rows[i].error != NULL && !str_starts(error, rows[i].error)))
            fail_msg("row %zu: %d %s", i, result, error);
        assert_int_equal(tls_describe(ctx, io) != NULL, result == IO_OK);
        io_close(&io);
        waitpid(pid, NULL, 0);
        talloc_free(ctx);
    }
}

/* What was said in the open before the handshake is not heard after it, even when it came in the same packet. */
static void
test_injection(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    pid_t pid;
    struct io *io = server(ctx, "220 go\r\n250 injected\r\n", TLS1_3_VERSION, &pid);
    struct tls_client *client;
    struct blob line;
    const char *error;

    (void)state;
    assert_int_equal(tls_client_new(ctx, TLS_MUST, NULL, &client, NULL), STATUS_OK);
    assert_int_equal(io_read_line(io, 100, &line), IO_OK);
    assert_string_equal((const char *)line.data, "220 go");
    assert_int_equal(io_put(io, "!", 1) | io_flush(io), IO_OK);
    assert_int_equal(tls_start(ctx, client, io, "mx.example", &error), IO_OK);
    assert_int_equal(io_put(io, "hello\r\n", 7) | io_flush(io), IO_OK);
    assert_int_equal(io_read_line(io, 100, &line), IO_OK);
    assert_string_equal((const char *)line.data, "hello");
    io_close(&io);
    waitpid(pid, NULL, 0);
    talloc_free(ctx);
}

/* More than the buffers hold, echoed while we still write. */
static void
test_echo(void **state)
{
    enum { SIZE = 900 * 1000 };
    TALLOC_CTX *ctx = talloc_new(NULL);
    pid_t pid;
    struct io *io = server(ctx, "", TLS1_3_VERSION, &pid);
    struct tls_client *client;
    const char *error;
    char *sent = mem_array(ctx, char, SIZE), *back = mem_array(ctx, char, SIZE);
    size_t got = 0, len;

    (void)state;
    for (size_t i = 0; i < SIZE; i++)
        sent[i] = (char)(i * 7 + i / 251);
    assert_int_equal(tls_client_new(ctx, TLS_MUST, NULL, &client, NULL), STATUS_OK);
    assert_int_equal(io_put(io, "!", 1) | io_flush(io), IO_OK);
    assert_int_equal(tls_start(ctx, client, io, "mx.example", &error), IO_OK);
    assert_int_equal(io_put(io, sent, SIZE), IO_OK);
    assert_int_equal(io_flush(io), IO_OK);
    while (got < SIZE && io_read(io, back + got, SIZE - got, &len) == IO_OK)
        got += len;
    assert_int_equal(got, SIZE);
    assert_memory_equal(sent, back, SIZE);
    io_close(&io);
    waitpid(pid, NULL, 0);
    talloc_free(ctx);
}

/* A peer that says nothing in the handshake, one that talks nonsense, one that leaves. */
static void
test_no_handshake(void **state)
{
    static const char *const talks[] = {NULL, "\x16\x03\x01nonsense that is no handshake at all", ""};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(talks); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct tls_client *client;
        const char *error = NULL;
        struct io *io;
        int fds[2];

        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
        io = io_new(ctx, fds[0]);
        io_deadline_in(io, talks[i] == NULL ? 30 : 5000);
        assert_int_equal(tls_client_new(ctx, TLS_MAY, NULL, &client, NULL), STATUS_OK);
        if (talks[i] != NULL && *talks[i] != '\0')
            assert_true(write(fds[1], talks[i], strlen(talks[i])) > 0);
        if (talks[i] != NULL)
            shutdown(fds[1], SHUT_WR);
        assert_int_equal(tls_start(ctx, client, io, "mx.example", &error), talks[i] == NULL ? IO_TIMEOUT : IO_LOST);
        assert_non_null(error);
        close(fds[1]);
        talloc_free(ctx);
    }
}

static void
test_settings(void **state)
{
    struct tls_client *client;
    struct fault fault;
    TALLOC_CTX *ctx = talloc_new(NULL);
    enum tls_mode mode;

    (void)state;
    assert_true(tls_mode_parse("verify", &mode) && mode == TLS_VERIFY);
    assert_false(tls_mode_parse("", &mode) || tls_mode_parse("Must", &mode) || tls_mode_parse(NULL, &mode));
    assert_int_equal(tls_client_new(ctx, TLS_VERIFY, "/nowhere/ca.pem", &client, &fault), STATUS_INVALID);
    assert_string_equal(fault.field, "ca_file");
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modes),        cmocka_unit_test(test_injection), cmocka_unit_test(test_echo),
        cmocka_unit_test(test_no_handshake), cmocka_unit_test(test_settings),
    };

    mem_init();
    return cmocka_run_group_tests(tests, make_certificate, drop_certificate);
}
