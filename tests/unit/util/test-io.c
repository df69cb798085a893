/* test-io.c - buffers, deadlines and peers that leave; Unix sockets and who may come */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/clock.h"
#include "util/io.h"
#include "util/socket.h"
#include "util/str.h"

/* An io and the bare other end. */
static struct io *
pair(TALLOC_CTX *ctx, int *other_r)
{
    int fds[2];
    struct io *io;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    io = io_new(ctx, fds[0]);
    *other_r = fds[1];
    io_deadline_in(io, 5000);
    return io;
}

static void
test_lines(void **state)
{
    static const struct { const char *sent; size_t max; const char *lines; enum io_result end; } rows[] = {
        {"", 10, "", IO_END},
        {"a\r\nb\nc", 10, "a|b|", IO_END},
        {"\r\n\n\r\r\n", 10, "||\r|", IO_END},
        {"0123456789\n", 10, "0123456789|", IO_END},
        {"01234567890\n", 10, "", IO_TOO_LONG},
        {"a\n01234567890", 10, "a|", IO_TOO_LONG},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct str *lines = str_new(ctx);
        struct blob line;
        enum io_result result;
        int other;
        struct io *io = pair(ctx, &other);

        assert_int_equal(write(other, rows[i].sent, strlen(rows[i].sent)), (ssize_t)strlen(rows[i].sent));
        close(other);
        while ((result = io_read_line(io, rows[i].max, &line)) == IO_OK) {
            str_addn(lines, line.data, line.len);
            str_addc(lines, '|');
        }
        if (result != rows[i].end || !str_eq(str_text(lines), rows[i].lines))
            fail_msg("row %zu: %s then %d", i, str_text(lines), result);
        talloc_free(ctx);
    }
}

static void
test_deadline(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int other;
    struct io *io = pair(ctx, &other);
    struct blob line;
    char buffer[8];
    size_t len;

    (void)state;
    assert_int_equal(write(other, "half", 4), 4);
    io_deadline_in(io, 20);
    assert_int_equal(io_read_line(io, 100, &line), IO_TIMEOUT);
    /* what came is still there */
    assert_int_equal(io_read(io, buffer, sizeof buffer, &len), IO_OK);
    assert_memory_equal(buffer, "half", 4);
    io_deadline(io, clock_monotonic_ms() - 1000);
    assert_int_equal(io_read(io, buffer, sizeof buffer, &len), IO_TIMEOUT);
    assert_int_equal(len, 0);
    /* nobody reads what we write */
    for (int i = 0; i < 100; i++)
        if (io_put(io, mem_array(ctx, char, 64 * 1024), 64 * 1024) == IO_TIMEOUT)
            break;
    assert_int_equal(io_flush(io), IO_TIMEOUT);
    assert_true(io_unsent(io) > 0);
    close(other);
    talloc_free(ctx);
}

static void
test_peer_leaves(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int other;
    struct io *io = pair(ctx, &other);
    struct blob line;
    size_t waiting;

    (void)state;
    assert_int_equal(io_peek(io, &waiting), IO_OK);
    assert_int_equal(waiting, 0);
    assert_int_equal(write(other, "last words\r\n", 12), 12);
    close(other);
    /* No SIGPIPE; their last words are kept. */
    assert_int_equal(io_put(io, "x", 1), IO_OK);
    assert_int_equal(io_flush(io), IO_LOST);
    assert_int_equal(io_read_line(io, 100, &line), IO_OK);
    assert_memory_equal(line.data, "last words", 10);
    assert_int_not_equal(io_peek(io, &waiting), IO_OK);
    talloc_free(ctx);
}

/* Both sides write more than the sockets hold before they read: the io must read while it writes. */
static void
test_no_deadlock(void **state)
{
    enum { ROUNDS = 64, BLOCK = 16 * 1024 };
    static char block[BLOCK];
    TALLOC_CTX *ctx = talloc_new(NULL);
    int other, ended;
    struct io *io = pair(ctx, &other);
    size_t got = 0, len;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        for (int i = 0; i < ROUNDS / 2; i++)
            for (size_t at = 0; at < BLOCK;)
                at += (size_t)write(other, block + at, BLOCK - at);
        for (size_t read_len = 0; read_len < (size_t)ROUNDS * BLOCK;) {
            ssize_t part = read(other, block, BLOCK);

            if (part <= 0)
                _exit(1);
            read_len += (size_t)part;
        }
        _exit(0);
    }
    close(other);
    for (int i = 0; i < ROUNDS; i++)
        assert_int_equal(io_put(io, block, BLOCK), IO_OK);
    assert_int_equal(io_flush(io), IO_OK);
    while (io_read(io, block, BLOCK, &len) == IO_OK)
        got += len;
    assert_int_equal(got, ROUNDS / 2 * BLOCK);
    waitpid(child, &ended, 0);
    assert_int_equal(ended, 0);
    talloc_free(ctx);
}

static void
test_listen(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char dir[] = "/tmp/kairan-test-XXXXXX";
    const char *path;
    struct fault fault;
    struct stat st;
    int first, second, client, served;

    (void)state;
    assert_non_null(mkdtemp(dir));
    path = mem_printf(ctx, "%s/sock", dir);
    assert_int_equal(socket_listen(ctx, path, 0640, NULL, &first, &fault), STATUS_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(socket_listen(ctx, path, 0640, NULL, &second, &fault), STATUS_CONFLICT);
    assert_non_null(strstr(fault.sentence, "listens"));
    close(first);
    /* left behind by a process that is gone */
    assert_int_equal(socket_listen(ctx, path, 0600, "", &first, &fault), STATUS_OK);
    assert_int_equal(socket_accept(first), -1);

    client = socket_connect_unix(path, true);
    assert_true(client >= 0);
    served = socket_accept(first);
    assert_true(served >= 0);
    assert_true(socket_peer_is_among(served, socket_peers_new(ctx, "")));
    assert_true(socket_is_loopback(served));
    close(served);
    close(client);
    close(first);
    assert_int_equal(socket_connect_unix(path, true), -1);
    assert_int_equal(errno, ECONNREFUSED);
    unlink(path);
    assert_int_equal(socket_connect_unix(path, true), -1);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(socket_connect_unix(mem_printf(ctx, "%s/%0120d", dir, 1), true), -1);
    assert_int_equal(errno, ENAMETOOLONG);

    assert_int_equal(socket_listen(ctx, path, 0600, "no-such-group", &first, &fault), STATUS_INVALID);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(socket_listen(ctx, path, 0600, NULL, &first, &fault), STATUS_CONFLICT);
    rmdir(path);
    assert_int_equal(socket_listen(ctx, mem_printf(ctx, "%s/no/sock", dir), 0600, NULL, &first, &fault), STATUS_UNAVAILABLE);
    assert_int_equal(socket_listen(ctx, mem_printf(ctx, "%s/%0120d", dir, 1), 0600, NULL, &first, &fault), STATUS_INVALID);
    rmdir(dir);
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),       cmocka_unit_test(test_deadline), cmocka_unit_test(test_peer_leaves),
        cmocka_unit_test(test_no_deadlock), cmocka_unit_test(test_listen),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
