/* replay.c - main() for a fuzz target where there is no fuzzer: gives it every file of its corpus once
 *
 * Without arguments the corpus is tests/fuzz/corpus/FILE/ of the program tests/fuzz/fuzz-FILE; with arguments, those files and
 * folders. Each input is given whole and cut at a few places, because parsers break at ends. Exit 77 says that there is no corpus. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REPLAY_MOST = 8 << 20, CUTS = 8 };

static void
replay_bytes(const uint8_t *data, size_t size)
{
    /* Copies of the exact size: the sanitizer then sees one byte too far. */
    for (size_t cut = 0; cut <= CUTS; cut++) {
        size_t length = size * cut / CUTS;
        uint8_t *copy = malloc(length > 0 ? length : 1);

        memcpy(copy, data, length);
        LLVMFuzzerTestOneInput(copy, length);
        free(copy);
    }
}

static int
replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(REPLAY_MOST);
    size_t size;

    if (file == NULL || data == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(1);
    }
    size = fread(data, 1, REPLAY_MOST, file);
    fclose(file);
    replay_bytes(data, size);
    free(data);
    return 1;
}

/* The number of inputs found; 0 for a path that is not there. */
static int
replay_path(const char *path)
{
    struct stat st;
    struct dirent *entry;
    DIR *folder;
    int count = 0;

    if (stat(path, &st) != 0)
        return 0;
    if (!S_ISDIR(st.st_mode))
        return replay_file(path);
    folder = opendir(path);
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        char inner[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        count += replay_path(inner);
    }
    if (folder != NULL)
        closedir(folder);
    return count;
}

int
main(int argc, char **argv)
{
    const char *name = strstr(argv[0], "fuzz-"), *srcdir = getenv("srcdir");
    char corpus[4096];
    int count = 0;

    for (int i = 1; i < argc; i++)
        count += replay_path(argv[i]);
    if (argc == 1) {
        for (const char *next = name; next != NULL; next = strstr(next + 1, "fuzz-"))
            name = next;
        snprintf(corpus, sizeof corpus, "%s/tests/fuzz/corpus/%s", srcdir != NULL ? srcdir : ".", name != NULL ? name + 5 : "");
        count = replay_path(corpus);
    }
    replay_bytes((const uint8_t *)"", 0);
    printf("%s: %d inputs\n", name != NULL ? name : argv[0], count);
    return count > 0 ? 0 : 77;
}
