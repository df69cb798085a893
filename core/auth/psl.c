/* psl.c - the public suffix list, for those who still go by it; the door to libpsl */
#include <libpsl.h>
#include <string.h>

#include "auth/psl.h"
#include "util/str.h"

/* Loaded once a process; read-only afterwards. */
static const psl_ctx_t *
list(void)
{
    static const psl_ctx_t *loaded;

    if (loaded == NULL && (loaded = psl_latest(NULL)) == NULL)
        loaded = psl_builtin();
    return loaded;
}

char *
psl_organizational_domain(TALLOC_CTX *ctx, const char *domain)
{
    const char *registrable;

    if (*domain == '\0' || *domain == '.' || list() == NULL)
        return NULL;
    registrable = psl_registrable_domain(list(), domain);
    return mem_strdup(ctx, registrable);
}

bool
psl_same_organization(const char *a, const char *b)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    const char *of_a = psl_organizational_domain(tmp, a), *of_b = psl_organizational_domain(tmp, b);
    bool same = str_eq_nocase(a, b) || (of_a != NULL && of_b != NULL && str_eq_nocase(of_a, of_b));

    talloc_free(tmp);
    return same;
}
