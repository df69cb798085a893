/* test-signer.c - key files and the two ends of a signer pair */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "auth/signer.h"
#include "util/str.h"

static const char *
make_dir(TALLOC_CTX *ctx)
{
    char *dir = mem_strdup(ctx, "/tmp/kairan-signer.XXXXXX");

    assert_non_null(mkdtemp(dir));
    return dir;
}

static void
put_file(const char *dir, const char *name, const char *text, mode_t mode)
{
    char *path = mem_printf(NULL, "%s/%s", dir, name), *slash = strrchr(path, '/');
    int fd;

    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fchmod(fd, mode) == 0);
    close(fd);
    talloc_free(path);
}

static void
remove_dir(const char *dir)
{
    char *command = mem_printf(NULL, "rm -rf '%s'", dir);

    assert_int_equal(system(command), 0);
    talloc_free(command);
}

static struct keyring *
sample_ring(TALLOC_CTX *ctx)
{
    const char *dir = make_dir(ctx);
    struct keyring *ring;
    struct fault fault = {0};

    crypto_init();
    put_file(dir, "lists.example.jp/r1.pem", key_write_pem(ctx, key_generate(ctx, KEY_RSA, 2048)), 0600);
    put_file(dir, "lists.example.jp/e1.pem", key_write_pem(ctx, key_generate(ctx, KEY_ED25519, 0)), 0400);
    put_file(dir, "Other.example/r1.pem", key_write_pem(ctx, key_generate(ctx, KEY_RSA, 1024)), 0600);
    put_file(dir, "lists.example.jp/notes.txt", "not a key", 0644);
    put_file(dir, "README", "keys of the lists", 0644);
    assert_int_equal(keyring_load(ctx, dir, &ring, &fault), STATUS_OK);
    remove_dir(dir);
    return ring;
}

static void
test_load(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct keyring *ring = sample_ring(ctx);
    size_t id;

    (void)state;
    assert_int_equal(ring->count, 3);
    assert_true(keyring_find(ring, "LISTS.example.jp", "e1", &id));
    assert_int_equal(ring->keys[id].algorithm, KEY_ED25519);
    assert_int_equal(ring->keys[id].bits, 512);
    assert_true(str_starts(keyring_record(ctx, &ring->keys[id]), "v=DKIM1; k=ed25519; p="));
    assert_true(keyring_find(ring, "lists.example.jp", "R1", &id));
    assert_int_equal(ring->keys[id].bits, 2048);
    assert_true(keyring_find(ring, "other.example", "r1", &id));
    assert_false(keyring_find(ring, "other.example", "r2", &id));
    talloc_free(ctx);
}

static void
test_load_faults(void **state)
{
    static const struct { const char *name, *text; mode_t mode; const char *words; } rows[] = {
        {"a.example/s.pem", "not a key\n", 0600, "a.example/s.pem holds no private key"},
        {"a.example/s.pem", "", 0600, "a.example/s.pem holds no private key"},
        {"a.example/s.pem", "-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n", 0600, "holds no private key"},
        {"a.example/s.pem", "x", 0640, "a.example/s.pem may be read by others than its owner (mode 640)"},
        {"a.example/s.pem", "x", 0604, "(mode 604)"},
        {"a.example/s b.pem", "x", 0600, "s b.pem makes no domain name of its name and folder"},
        {"a..example/s.pem", "x", 0600, "makes no domain name of its name and folder"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *dir = make_dir(ctx);
        struct keyring *ring;
        struct fault fault = {0};

        put_file(dir, rows[i].name, rows[i].text, rows[i].mode);
        assert_int_equal(keyring_load(ctx, dir, &ring, &fault), STATUS_INVALID);
        if (strstr(fault.sentence, rows[i].words) == NULL)
            fail_msg("row %zu: %s", i, fault.sentence);
        remove_dir(dir);
    }
    talloc_free(ctx);
}

static void
test_missing_dir_is_empty(void **state)
{
    struct keyring *ring;

    (void)state;
    assert_int_equal(keyring_load(NULL, "/nonexistent/keys", &ring, NULL), STATUS_OK);
    assert_int_equal(ring->count, 0);
    talloc_free(ring);
}

/* A pair as the master makes it. */
static struct signer *
start_pair(TALLOC_CTX *ctx, struct keyring *ring, pid_t *pid_r)
{
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    if ((*pid_r = fork()) == 0) {
        close(ends[0]);
        _exit(signer_serve(ends[1], ring) == STATUS_OK ? 0 : 1);
    }
    close(ends[1]);
    return signer_open(ctx, ends[0]);
}

static void
test_pair(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct keyring *ring = sample_ring(ctx);
    struct blob want[2], got;
    struct signer *signer;
    uint8_t digest[SHA256_LEN];
    size_t ids[2];
    pid_t pid;
    int status;

    (void)state;
    memset(digest, 7, sizeof digest);
    assert_true(keyring_find(ring, "lists.example.jp", "r1", &ids[0]) && keyring_find(ring, "lists.example.jp", "e1", &ids[1]));
    for (int i = 0; i < 2; i++)
        want[i] = key_sign_digest(ctx, ring->keys[ids[i]].secret, digest);
    signer = start_pair(ctx, ring, &pid);
    keyring_forget(ring);
    assert_null(ring->keys[ids[0]].secret);

    /* as many as may be open, before the first is collected; both keys in turn, and a key that is not there */
    for (int i = 0; i < SIGNER_OPEN_MAX - 1; i++)
        assert_int_equal(signer_send(signer, ids[i % 2], digest), STATUS_OK);
    assert_int_equal(signer_send(signer, 999, digest), STATUS_OK);
    assert_int_equal(signer_open_count(signer), SIGNER_OPEN_MAX);
    for (int i = 0; i < SIGNER_OPEN_MAX - 1; i++) {
        assert_int_equal(signer_collect(ctx, signer, &got), STATUS_OK);
        assert_int_equal(got.len, want[i % 2].len);
        assert_memory_equal(got.data, want[i % 2].data, got.len);
    }
    assert_int_equal(signer_collect(ctx, signer, &got), STATUS_INVALID);

    talloc_free(signer);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    talloc_free(ctx);
}

/* Half a request, then the end: the signer says so, and does not hang. */
static void
test_broken_request(void **state)
{
    struct keyring ring = {0};
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(write(ends[0], "half", 4), 4);
    close(ends[0]);
    assert_int_equal(signer_serve(ends[1], &ring), STATUS_BROKEN);
    close(ends[1]);
}

static void
test_signer_gone(void **state)
{
    uint8_t digest[SHA256_LEN] = {0};
    struct signer *signer;
    struct blob got;
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    signer = signer_open(NULL, ends[0]);
    assert_int_equal(signer_send(signer, 0, digest), STATUS_OK);
    close(ends[1]);
    assert_int_equal(signer_collect(NULL, signer, &got), STATUS_UNAVAILABLE);
    assert_int_equal(signer_send(signer, 0, digest), STATUS_UNAVAILABLE);
    talloc_free(signer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load), cmocka_unit_test(test_load_faults), cmocka_unit_test(test_missing_dir_is_empty),
        cmocka_unit_test(test_pair), cmocka_unit_test(test_broken_request), cmocka_unit_test(test_signer_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
