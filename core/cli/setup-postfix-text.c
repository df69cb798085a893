/* setup-postfix-text.c - Postfix's files as text, and how our settings meet those that are there */
#include <string.h>

#include "cli/setup-text.h"

/* A logical line: blank first characters continue the one before. NULL at the end; comments and empty lines are passed over. */
static char *
next_line(TALLOC_CTX *ctx, const char **text)
{
    struct str *line = str_new(ctx);

    while (**text != '\0') {
        size_t len = strcspn(*text, "\n");
        bool goes_on = **text == ' ' || **text == '\t';
        char *words = str_trim(ctx, mem_strndup(ctx, *text, len));
        bool is_nothing = words[0] == '#' || words[0] == '\0';

        if (!is_nothing && !goes_on && line->len > 0)
            break;
        if (!is_nothing)
            str_addf(line, "%s%s", line->len > 0 ? " " : "", words);
        *text += len + ((*text)[len] == '\n');
    }
    return line->len > 0 ? line->s : NULL;
}

struct main_line *
text_main_cf(TALLOC_CTX *ctx, const char *text)
{
    struct main_line *lines = mem_array(ctx, struct main_line, 1);
    size_t count = 0;
    char *line, *equals;

    while ((line = next_line(ctx, &text)) != NULL) {
        if ((equals = strchr(line, '=')) == NULL)
            continue;
        lines = mem_resize(ctx, lines, struct main_line, count + 2);
        lines[count++] = (struct main_line){str_trim(ctx, mem_strndup(ctx, line, (size_t)(equals - line))), str_trim(ctx, equals + 1)};
        lines[count] = (struct main_line){NULL, NULL};
    }
    return lines;
}

/* Postfix wants each blank once. */
char *
text_master_cf(TALLOC_CTX *ctx, const char *text)
{
    const char *line = next_line(ctx, &text);
    struct str *out = str_new(ctx);

    if (line == NULL)
        return NULL;
    for (; *line != '\0'; line++)
        if ((*line != ' ' && *line != '\t') || (line[1] != ' ' && line[1] != '\t'))
            str_addc(out, *line);
    return out->s;
}

enum how { IS_SET, OTHERS_FIRST, ROUTE, RECIPIENTS, AT_LEAST, UNLESS_SAID };
#define MERGE(name, how) {#name, how},
static const struct { const char *name; enum how how; } merges[] = {
#include "cli/postfix-merge.def"
};
#undef MERGE

static enum how
how_of(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(merges); i++)
        if (str_eq(merges[i].name, name))
            return merges[i].how;
    return IS_SET;
}

char **
text_words(TALLOC_CTX *ctx, const char *value)
{
    struct str *copy = str_new(ctx);
    int depth = 0;

    for (const char *s = value != NULL ? value : ""; *s != '\0'; s++) {
        depth += (*s == '{') - (*s == '}');
        if (depth > 0 || strchr(", \t", *s) == NULL)
            str_addc(copy, *s);
        else if (copy->len > 0 && copy->s[copy->len - 1] != '\n')
            str_addc(copy, '\n');
    }
    return copy->len > 0 ? str_split(ctx, str_trim(ctx, copy->s), '\n', SIZE_MAX) : mem_array(ctx, char *, 1);
}

static bool
has_word(TALLOC_CTX *ctx, const char *value, const char *word)
{
    for (char **words = text_words(ctx, value); *words != NULL; words++)
        if (str_eq_nocase(*words, word))
            return true;
    return false;
}

static const char *
behind(TALLOC_CTX *ctx, const char *said, const char *word)
{
    return str_is_empty(said) ? word : mem_printf(ctx, "%s, %s", said, word);
}

bool
text_postfix_others(const char *relay_domains, const char *relay_transport)
{
    bool ours = strstr(relay_transport, "kairan/lmtp.sock") != NULL;

    if (!ours && !str_is_empty(relay_transport) && !str_eq(relay_transport, "relay"))
        return true;
    return !str_is_empty(relay_domains) && !str_starts(relay_domains, "socketmap:unix:kairan/");
}

/* Domains of others for which Postfix took all recipients must not lose them because ours are asked for. */
static const char *
recipients(TALLOC_CTX *ctx, const char *wanted, const struct postfix_has *has, const struct postfix_ours *ours)
{
    struct str *open = str_new(ctx);

    if (ours->has_others && str_is_empty(has->said))
        for (char **words = text_words(ctx, ours->other_domains); *words != NULL; words++)
            if (!str_eq_nocase(*words, ours->domain))
                str_addf(open, "%s{ @%s = open }", open->len > 0 ? ", " : "", *words);
    return behind(ctx, has->said, open->len > 0 ? mem_printf(ctx, "inline:{ %s }, %s", open->s, wanted) : wanted);
}

const char *
text_postfix(TALLOC_CTX *ctx, const char *name, const char *wanted, const struct postfix_has *has, const struct postfix_ours *ours)
{
    int64_t is, least;

    if (has->means != NULL && str_eq(has->means, wanted))
        return NULL;
    switch (how_of(name)) {
    case OTHERS_FIRST:
        if (!ours->has_others)
            return wanted;
        return has_word(ctx, has->means, ours->domain) ? NULL : behind(ctx, has->said, ours->domain);
    case ROUTE:
        return ours->has_others ? NULL : wanted;
    case RECIPIENTS:
        return has_word(ctx, has->means, wanted) ? NULL : recipients(ctx, wanted, has, ours);
    case AT_LEAST:
        return str_to_int(has->means, 0, INT64_MAX, &is) && str_to_int(wanted, 0, INT64_MAX, &least) && (is == 0 || is >= least) ? NULL
                                                                                                                              : wanted;
    case UNLESS_SAID:
        return has->said != NULL ? NULL : wanted;
    case IS_SET:
        break;
    }
    return wanted;
}

const char *
text_destination(TALLOC_CTX *ctx, const struct postfix_word *words, const char *domain, bool is_named_so, const char **hidden_r)
{
    struct str *kept = str_new(ctx);
    bool found = false;

    *hidden_r = NULL;
    for (; words->said != NULL; words++) {
        bool is_meant = str_eq_nocase(words->means, domain) || (is_named_so && str_eq(words->said, "$myhostname"));

        if (!is_meant && has_word(ctx, words->means, domain))
            *hidden_r = words->said;
        found |= is_meant;
        if (!is_meant)
            str_addf(kept, "%s%s", kept->len > 0 ? ", " : "", words->said);
    }
    return found ? kept->s : NULL;
}
