/* mail-command.c - the commands in a mail to LIST-request@ */
#include <string.h>
#include <strings.h>

#include "policy/mail-command.h"
#include "util/i18n.h"
#include "util/str.h"

enum { LINE_CHARACTERS = 200 };

#define MAIL_COMMAND(name, least, most, words, usage, help) {#name, words, usage, help, least, most},
static const struct mail_command_row commands[] = {
#include "policy/mail-commands.def"
};
#undef MAIL_COMMAND

/* What may stand behind a Japanese command in one word with it. */
static const char *const endings[] = {
    "します", "する", "したい", "したいです", "希望", "希望です", "希望します", "を希望します", "申請", "申し込み", "申込", "お願いします", "をお願いします",
    "をお願いいたします", "してください", "させてください", "です",
};
/* Full stops and the like at the end of a line say nothing. */
static const char *const stops[] = {"。", "、", "！", ".", "!"};

const struct mail_command_row *
mail_command_rows(void)
{
    return commands;
}

static bool
is_ending(const char *rest)
{
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (str_eq(rest, endings[i]))
            return true;
    return *rest == '\0';
}

static bool
is_word_of(const struct mail_command_row *row, const char *word)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    bool is = false;

    for (char **known = str_split(ctx, row->words, ' ', 32); *known != NULL && !is; known++)
        is = !str_has_8bit(*known) ? strcasecmp(*known, word) == 0
                              : str_starts(word, *known) && is_ending(word + strlen(*known));
    talloc_free(ctx);
    return is;
}

enum mail_command_kind
mail_command_named(const char *word)
{
    int kind = 0;

    while (kind < MAIL_COMMAND_COUNT && !is_word_of(&commands[kind], word))
        kind++;
    return (enum mail_command_kind)kind;
}

static void
drop_stops(char *line)
{
    for (size_t i = 0; i < COUNT_OF(stops); i++)
        while (str_ends(line, stops[i]) && strlen(line) > strlen(stops[i]))
            line[strlen(line) - strlen(stops[i])] = '\0';
}

/* The words of a line, folded; the first may be a command. */
static size_t
split_words(TALLOC_CTX *ctx, const char *line, const char *words[MAIL_COMMAND_WORDS + 1])
{
    char *folded = str_trim(ctx, utf8_fold_width(ctx, line)), **parts;
    size_t count = 0;

    for (char *s = folded; *s != '\0'; s++)
        if (*s == '\t')
            *s = ' ';
    drop_stops(folded);
    parts = str_split(ctx, folded, ' ', 4 * MAIL_COMMAND_WORDS);
    for (char **part = parts; *part != NULL && count <= MAIL_COMMAND_WORDS; part++)
        if (**part != '\0')
            words[count++] = *part;
    return count;
}

static bool
read_line(TALLOC_CTX *ctx, const char *line, struct mail_command *command_r)
{
    const char *words[MAIL_COMMAND_WORDS + 1];
    size_t count = split_words(ctx, line, words);

    for (int kind = 0; count > 0 && kind < MAIL_COMMAND_COUNT; kind++) {
        size_t after = count - 1;

        if (!is_word_of(&commands[kind], words[0]) || after < (size_t)commands[kind].least || after > (size_t)commands[kind].most)
            continue;
        *command_r = (struct mail_command){.kind = (enum mail_command_kind)kind, .line = utf8_cut(ctx, line, LINE_CHARACTERS),
                                           .word_count = after};
        memcpy(command_r->words, words + 1, after * sizeof *words);
        return true;
    }
    return false;
}

/* "Re: ", however often and in whatever width. */
static const char *
without_re(TALLOC_CTX *ctx, const char *subject)
{
    static const char *const marks[] = {"re:", "aw:", "sv:", "返信:", "fwd:", "fw:"};
    const char *rest = str_trim(ctx, utf8_fold_width(ctx, subject));

    for (bool found = true; found;) {
        found = false;
        for (size_t i = 0; i < COUNT_OF(marks) && !found; i++)
            found = str_starts_nocase(rest, marks[i]);
        if (found)
            rest = str_trim(ctx, strchr(rest, ':') + 1);
    }
    return rest;
}

/* Kana or kanji: what a mail in Japanese cannot do without. */
static bool
has_japanese(const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0'; s++)
        if ((s[0] == 0xe3 && s[1] >= 0x81 && s[1] <= 0x83) || (s[0] >= 0xe4 && s[0] <= 0xe9 && s[1] >= 0x80 && s[2] >= 0x80))
            return true;
    return false;
}

/* False: read no further. */
static bool
take_line(TALLOC_CTX *ctx, struct mail_commands *commands_r, const char *written)
{
    char *line = str_trim(ctx, written);

    if (*line == '\0' || *line == '>')
        return true;
    if (str_eq(line, "--"))
        return false;
    if (read_line(ctx, line, &commands_r->rows[commands_r->count]))
        commands_r->count++;
    else
        commands_r->ignored[commands_r->ignored_count++] = utf8_cut(ctx, line, LINE_CHARACTERS);
    return commands_r->count + commands_r->ignored_count < MAIL_COMMANDS_MAX
        && (commands_r->count == 0 || commands_r->rows[commands_r->count - 1].kind != MAIL_COMMAND_end);
}

struct mail_commands *
mail_commands_read(TALLOC_CTX *ctx, const char *subject, const char *text)
{
    struct mail_commands *read = mem_new(ctx, struct mail_commands);
    const char *from_subject = without_re(read, subject);
    bool more = true;

    read->is_japanese = has_japanese(subject) || has_japanese(utf8_cut(read, text, 2000));
    if (read_line(read, from_subject, &read->rows[0]))
        more = read->rows[read->count++].kind != MAIL_COMMAND_end;
    while (more && *text != '\0') {
        size_t len = strcspn(text, "\n");

        more = take_line(read, read, mem_strndup(read, text, len < 4 * LINE_CHARACTERS ? len : 4 * LINE_CHARACTERS));
        text += len + (text[len] == '\n');
    }
    if (read->count == 0 && read->ignored_count < MAIL_COMMANDS_MAX && *from_subject != '\0') {
        memmove(read->ignored + 1, read->ignored, read->ignored_count++ * sizeof *read->ignored);
        read->ignored[0] = utf8_cut(read, from_subject, LINE_CHARACTERS);
    }
    return read;
}
