/* regex.c - the door to PCRE2 */
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "util/regex.h"
#include "util/str.h"

enum { MATCH_LIMIT = 20000, DEPTH_LIMIT = 500, HEAP_LIMIT_KIB = 1024 };

struct regex {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
};

static int
regex_free(struct regex *regex)
{
    pcre2_match_context_free(regex->limits);
    pcre2_match_data_free(regex->data);
    pcre2_code_free(regex->code);
    return 0;
}

static void
say_why(TALLOC_CTX *ctx, int error, const char **why_r)
{
    PCRE2_UCHAR text[200];

    if (why_r == NULL)
        return;
    pcre2_get_error_message(error, text, sizeof text);
    *why_r = mem_strdup(ctx, (const char *)text);
}

struct regex *
regex_new(TALLOC_CTX *ctx, const char *expression, const char **why_r)
{
    struct regex *regex;
    PCRE2_SIZE place;
    int error = PCRE2_ERROR_BADOPTION;
    pcre2_code *code = NULL;

    if (strlen(expression) <= REGEX_MAX)
        code = pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED,
                             PCRE2_CASELESS | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &place, NULL);
    if (code == NULL) {
        say_why(ctx, error, why_r);
        return NULL;
    }
    regex = mem_new(ctx, struct regex);
    regex->code = code;
    regex->data = pcre2_match_data_create_from_pattern(code, NULL);
    regex->limits = pcre2_match_context_create(NULL);
    must(regex->data != NULL && regex->limits != NULL);
    talloc_set_destructor(regex, regex_free);
    pcre2_set_match_limit(regex->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(regex->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(regex->limits, HEAP_LIMIT_KIB);
    return regex;
}

enum regex_answer
regex_ask(const struct regex *regex, const char *text)
{
    int found = pcre2_match(regex->code, (PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0, PCRE2_NO_JIT, regex->data, regex->limits);

    if (found >= 0)
        return REGEX_YES;
    return found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_DEPTHLIMIT || found == PCRE2_ERROR_HEAPLIMIT
        ? REGEX_TOO_COSTLY : REGEX_NO;
}

bool
regex_matches(const struct regex *regex, const char *text)
{
    return regex_ask(regex, text) == REGEX_YES;
}
