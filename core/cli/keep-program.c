/* keep-program.c - PostgreSQL's own programs */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/keep-program.h"

const char *
keep_program(TALLOC_CTX *ctx, const char *pattern, int version)
{
    size_t star = strcspn(pattern, "*");
    const char *best = NULL;
    int best_version = 0;
    glob_t found;

    if (glob(pattern, 0, NULL, &found) != 0)
        return NULL;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        int its = atoi(found.gl_pathv[i] + star);

        if (its < version || (best != NULL && its >= best_version) || access(found.gl_pathv[i], X_OK) != 0)
            continue;
        best = mem_strdup(ctx, found.gl_pathv[i]);
        best_version = its;
    }
    globfree(&found);
    return best;
}

const char *
keep_program_said(TALLOC_CTX *ctx, const char *errors)
{
    const char *error = strstr(errors, "error:"), *line = errors;

    for (const char *c = errors; error != NULL && c < error; c++)
        if (*c == '\n')
            line = c + 1;
    return mem_strndup(ctx, line, strcspn(line, "\n"));
}
