/* test-file.c - small files: what is read whole, what is refused, what is written */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/crypto.h"
#include "util/file.h"
#include "util/str.h"

enum { LONG = 100 * 1000 };     /* more than is read at once */

/* The path of a file of `len` letters x in a folder of its own. */
static char *
file_of(TALLOC_CTX *ctx, size_t len)
{
    char *folder = mkdtemp(mem_strdup(ctx, "/tmp/kairan-test-file-XXXXXX")), *text = mem_array(ctx, char, len + 1), *path;
    FILE *file;

    assert_non_null(folder);
    path = mem_printf(ctx, "%s/text", folder);
    memset(text, 'x', len);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(file_write_all(fileno(file), text, len));
    fclose(file);
    return path;
}

static void
remove_file(char *path)
{
    unlink(path);
    *strrchr(path, '/') = '\0';
    assert_int_equal(rmdir(path), 0);
}

static const struct { size_t len, most; int error; } sizes[] = {
    {0, 0, 0}, {0, 10, 0}, {1, 1, 0}, {1, 0, EFBIG}, {10, 10, 0}, {11, 10, EFBIG}, {LONG, LONG, 0}, {LONG, LONG - 1, EFBIG}, {LONG, 10, EFBIG},
};

static void
test_sizes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *path = file_of(ctx, sizes[i].len), *text;
        size_t len = 7;

        errno = 0;
        text = file_read(ctx, path, sizes[i].most, &len);
        if ((text == NULL) != (sizes[i].error != 0) || (text == NULL && errno != sizes[i].error) ||
            (text != NULL && (len != sizes[i].len || strlen(text) != len || strspn(text, "x") != len)))
            fail_msg("row %zu: %s, %zu bytes, errno %d", i, text != NULL ? "read" : "not read", len, errno);
        remove_file(path);
        talloc_free(ctx);
    }
}

static void
test_what_is_no_file(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_null(file_read(ctx, "/tmp/kairan-test-file/is/not/there", 10, NULL));
    assert_int_equal(errno, ENOENT);
    assert_null(file_read(ctx, "/tmp", 10, NULL));
    assert_int_equal(errno, EISDIR);
    assert_null(file_read_fd(ctx, -1, 10, NULL));
    assert_int_equal(errno, EBADF);
    assert_false(file_write_all(-1, "x", 1));
    assert_true(file_write_all(-1, "", 0));
    assert_true(file_sync_folder("/tmp"));
    assert_false(file_sync_folder("/tmp/kairan-test-file/is/not/there"));
    assert_int_equal(errno, ENOENT);
    talloc_free(ctx);
}

/* A sum of what could not be read to its end is none. */
static void
test_sums(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *path = file_of(ctx, LONG);
    struct sha256 *hash = sha256_new(ctx);
    uint8_t whole[SHA256_LEN], digest[SHA256_LEN];

    (void)state;
    assert_true(sha256_add_file(hash, path));
    assert_false(sha256_add_file(hash, "/tmp/kairan-test-file/is/not/there"));
    assert_int_equal(errno, ENOENT);
    assert_false(sha256_add_file(hash, "/tmp"));
    assert_int_equal(errno, EISDIR);
    sha256_end(hash, digest);
    sha256((struct blob){(const uint8_t *)file_read(ctx, path, LONG, NULL), LONG}, whole);
    assert_memory_equal(digest, whole, SHA256_LEN);
    remove_file(path);
    talloc_free(ctx);
}

/* From where the descriptor stands; it stays open, and a NUL within does not end it. */
static void
test_from_here(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int ends[2];
    char *text, letter;
    size_t len;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_true(file_write_all(ends[1], "ab\0cd", 5));
    close(ends[1]);
    assert_int_equal(read(ends[0], &letter, 1), 1);
    text = file_read_fd(ctx, ends[0], 10, &len);
    assert_non_null(text);
    assert_int_equal(len, 4);
    assert_memory_equal(text, "b\0cd", 5);
    assert_int_equal(close(ends[0]), 0);
    talloc_free(ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_what_is_no_file),
        cmocka_unit_test(test_from_here),
        cmocka_unit_test(test_sums),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
