/* moderator-word.c - a moderator's answer by mail, understood */
#include <string.h>

#include "policy/moderator-word.h"
#include "util/str.h"

enum { LINES_READ = 40 };

static const struct { const char *word; enum held_act act; } words[] = {
    {"accept", HELD_ACCEPT}, {"approve", HELD_ACCEPT}, {"yes", HELD_ACCEPT}, {"承認", HELD_ACCEPT},
    {"reject", HELD_REJECT}, {"refuse", HELD_REJECT}, {"deny", HELD_REJECT}, {"却下", HELD_REJECT},
    {"discard", HELD_DISCARD}, {"drop", HELD_DISCARD}, {"破棄", HELD_DISCARD},
};
static const struct { const char *from, *to; } folds[] = {
    {"０", "0"}, {"１", "1"}, {"２", "2"}, {"３", "3"}, {"４", "4"}, {"５", "5"}, {"６", "6"}, {"７", "7"}, {"８", "8"}, {"９", "9"},
    {"　", " "}, {"：", ":"}, {"、", " "}, {"，", " "}, {",", " "}, {"。", " "}, {"全部", "all"}, {"すべて", "all"}, {"全て", "all"},
};

/* What people mean by full-width digits and marks. */
static char *
folded(TALLOC_CTX *ctx, const char *line)
{
    struct str *out = str_new(ctx);

    while (*line != '\0') {
        size_t i = 0;

        while (i < COUNT_OF(folds) && !str_starts(line, folds[i].from))
            i++;
        if (i < COUNT_OF(folds)) {
            str_add(out, folds[i].to);
            line += strlen(folds[i].from);
        } else {
            str_addc(out, *line++);
        }
    }
    return str_trim(ctx, out->s);
}

/* The act that the line begins with; rest_r is what stands behind the word, which must end there. */
static bool
read_act(const char *line, enum held_act *act_r, const char **rest_r)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const char *rest = line + strlen(words[i].word);

        if (!str_starts_nocase(line, words[i].word))
            continue;
        if (strchr(" \t:.!#0123456789", *rest) == NULL && !str_starts(rest, "all"))
            continue;
        *act_r = words[i].act;
        *rest_r = rest;
        return true;
    }
    return false;
}

static bool
add_item(struct moderator_word *word, size_t item, size_t posts)
{
    if (item >= posts || word->count == MODERATOR_ITEMS_MAX)
        return false;
    word->items[word->count++] = item;
    return true;
}

/* As it was written: what was folded to find numbers is for the author to read. */
static const char *
reason_of(TALLOC_CTX *ctx, const char *line)
{
    const char *half = strchr(line, ':'), *full = strstr(line, "：");

    if (full != NULL && (half == NULL || full < half))
        return str_trim(ctx, full + strlen("："));
    return str_trim(ctx, half + 1);
}

/* Numbers, "all", then perhaps a colon and a reason. Any other text: the line is prose, not a decision. */
static bool
read_items(TALLOC_CTX *ctx, const char *rest, size_t posts, struct moderator_word *word)
{
    rest += strspn(rest, " \t.!");
    while (*rest != '\0' && *rest != ':') {
        size_t len = strcspn(rest, " \t:.!");
        int64_t number;

        if (len == 3 && strncasecmp(rest, "all", 3) == 0) {
            for (size_t i = word->count = 0; i < posts; i++)
                add_item(word, i, posts);
        } else if (!str_to_int(mem_strndup(ctx, rest + (*rest == '#'), len - (*rest == '#')), 1, 1000000, &number) ||
                   !add_item(word, (size_t)number - 1, posts)) {
            return false;
        }
        rest += len;
        rest += strspn(rest, " \t.!");
    }
    if (*rest == ':')
        word->reason = reason_of(ctx, word->line);
    if (word->count == 0 && posts == 1)
        add_item(word, 0, posts);
    return true;
}

static bool
read_line(TALLOC_CTX *ctx, const char *line, size_t posts, struct moderator_word *word_r)
{
    const char *rest;

    *word_r = (struct moderator_word){.line = line};
    return read_act(folded(ctx, line), &word_r->act, &rest) && read_items(ctx, rest, posts, word_r);
}

size_t
moderator_words(TALLOC_CTX *ctx, const char *text, size_t posts, struct moderator_word words_r[MODERATOR_WORDS_MAX])
{
    char **lines = str_split(ctx, text, '\n', LINES_READ + 1);
    size_t count = 0;

    for (size_t i = 0; lines[i] != NULL && i < LINES_READ && count < MODERATOR_WORDS_MAX; i++) {
        const char *line = str_trim(ctx, lines[i]);

        if (*line == '>' || str_starts(lines[i], "-- "))
            break;
        if (*line == '\0')
            continue;
        if (read_line(ctx, line, posts, &words_r[count]))
            count++;
        else if (count > 0)
            break;
    }
    return count;
}
