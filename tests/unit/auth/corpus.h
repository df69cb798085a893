/* corpus.h - every message of the shared corpora, in normal form, for tests that want many real ones */
#ifndef TEST_AUTH_CORPUS_H
#define TEST_AUTH_CORPUS_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mime/header.h"
#include "mime/normal.h"
#include "util/str.h"

/* NULL when the corpora are not there: the test is then to be skipped. */
static inline const char *
corpus_dir(TALLOC_CTX *ctx)
{
    const char *dir = getenv("KAIRAN_CORPORA"), *srcdir = getenv("srcdir");
    struct stat st;

    if (dir == NULL)
        dir = mem_printf(ctx, "%s/../shared/corpora", srcdir == NULL ? "." : srcdir);
    return stat(dir, &st) == 0 ? dir : NULL;
}

static inline bool
corpus_read(TALLOC_CTX *ctx, const char *path, struct blob *raw_r)
{
    FILE *file = fopen(path, "rb");
    struct stat st;
    uint8_t *data;
    size_t len;

    if (file == NULL || fstat(fileno(file), &st) != 0) {
        if (file != NULL)
            fclose(file);
        return false;
    }
    data = mem_array(ctx, uint8_t, st.st_size + 1);
    len = fread(data, 1, (size_t)st.st_size, file);
    fclose(file);
    *raw_r = (struct blob){data, len};
    return true;
}

typedef void corpus_visit(void *data, const char *path, struct blob message);

/* Calls visit for every regular file under dir that begins like a message, at most 2 MiB each. */
static inline void
corpus_walk(const char *dir, corpus_visit *visit, void *data)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    struct dirent **names;
    int count = scandir(dir, &names, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        const char *path = mem_printf(tmp, "%s/%s", dir, names[i]->d_name);
        TALLOC_CTX *ctx = talloc_new(tmp);
        struct blob raw;
        struct stat st;

        if (names[i]->d_name[0] == '.' || stat(path, &st) != 0) {
            /* not for us */
        } else if (S_ISDIR(st.st_mode)) {
            corpus_walk(path, visit, data);
        } else if (st.st_size <= 2 << 20 && corpus_read(ctx, path, &raw)) {
            struct blob message = normal_copy(ctx, raw, NULL);

            if (header_parse(ctx, message)->count > 0)
                visit(data, path, message);
        }
        talloc_free(ctx);
        free(names[i]);
    }
    if (count >= 0)
        free(names);
    talloc_free(tmp);
}

#endif
