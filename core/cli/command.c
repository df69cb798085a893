/* command.c - the table of commands, and how words are read by a grammar */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "util/file.h"

#define COMMAND(words, grammar, connection, handler, help) {words, grammar, connection, handler, help},
static const struct command rows[] = {
#include "cli/commands.def"
    {NULL, NULL, NOTHING, NULL, NULL},
};
#undef COMMAND

const struct command *
command_rows(void)
{
    return rows;
}

/* How many words of argv are the command's name; 0 when it is another one. */
static int
name_words(const char *name, char *const *argv, int argc)
{
    int n = 0;

    for (const char *s = name; n < argc; n++) {
        size_t len = strcspn(s, " ");

        if (strlen(argv[n]) != len || memcmp(argv[n], s, len) != 0)
            return 0;
        if (s[len] == '\0')
            return n + 1;
        s += len + 1;
    }
    return 0;
}

const struct command *
command_find(char *const *argv, int argc, int *used_r)
{
    for (const struct command *row = rows; row->words != NULL; row++) {
        *used_r = name_words(row->words, argv, argc);
        if (*used_r > 0)
            return row;
    }
    return NULL;
}

/* --- the grammar --- */

enum { PARTS_MAX = 16 };

struct part {
    const char *name;           /* "LIST" or "--owner" */
    const char *value_name;     /* "ADDRESS", NULL for a flag or a word */
    bool is_option, is_needed, is_rest;
    const char *value;          /* what was given; "" for a flag */
};

struct words {
    struct part parts[PARTS_MAX];
    size_t count;
    const char **rest;
    size_t rest_count;
};

/* One part as it stands in a grammar: "NAME", "NAME...", "[NAME]", "[--flag]", "[--option VALUE]". */
static void
add_part(struct words *words, char *text)
{
    struct part *part = &words->parts[words->count++];
    size_t len = strlen(text);

    must(words->count <= PARTS_MAX);
    part->is_needed = text[0] != '[';
    if (!part->is_needed) {
        text[len - 1] = '\0';
        text++;
    }
    part->is_option = text[0] == '-';
    part->value_name = strchr(text, ' ');
    if (part->value_name != NULL)
        *strchr(text, ' ') = '\0', part->value_name++;
    part->is_rest = str_ends(text, "...");
    if (part->is_rest)
        text[strlen(text) - 3] = '\0';
    part->name = text;
}

static struct words *
read_grammar(TALLOC_CTX *ctx, const char *grammar)
{
    struct words *words = mem_new(ctx, struct words);
    char *s = mem_strdup(words, grammar);

    while (*s != '\0') {
        size_t len = *s == '[' ? strcspn(s, "]") + 1 : strcspn(s, " ");
        bool last = s[len] == '\0';

        s[len] = '\0';
        add_part(words, s);
        s += len + (last ? 0 : 1);
    }
    return words;
}

static struct part *
find_part(struct words *words, const char *name)
{
    for (size_t i = 0; i < words->count; i++)
        if (str_eq(words->parts[i].name, name))
            return &words->parts[i];
    return NULL;
}

/* "--option", "--option=value" or "--option value"; next_r is raised when the value was a word of its own. */
static enum status
take_option(TALLOC_CTX *ctx, struct words *words, char *const *argv, int argc, int *next_r, struct fault *fault)
{
    const char *text = argv[*next_r], *equals = strchr(text, '=');
    struct part *part = find_part(words, equals == NULL ? text : mem_strndup(ctx, text, (size_t)(equals - text)));

    if (part == NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, NULL, "There is no option %s here.", text);
    if (part->value_name == NULL && equals != NULL)
        return fault_setf(fault, ctx, STATUS_INVALID, part->name, "%s takes no value.", part->name);
    if (part->value_name == NULL)
        part->value = "";
    else if (equals != NULL)
        part->value = equals + 1;
    else if (*next_r + 1 < argc)
        part->value = argv[++*next_r];
    else
        return fault_setf(fault, ctx, STATUS_INVALID, part->name, "%s needs a value: %s.", part->name, part->value_name);
    return STATUS_OK;
}

/* Gives the plain words to the parts. When there are too few for all, those that may be left out go first. */
static enum status
give_words(TALLOC_CTX *ctx, struct words *words, const char **plain, size_t count, struct fault *fault)
{
    size_t needed = 0, next = 0;

    for (size_t i = 0; i < words->count; i++)
        needed += words->parts[i].is_needed;
    for (size_t i = 0; i < words->count; i++) {
        struct part *part = &words->parts[i];
        size_t left = count - next;

        if (part->is_option || (!part->is_needed && left <= needed))
            continue;
        if (left == 0)
            return fault_setf(fault, ctx, STATUS_INVALID, part->name, "%s is missing.", part->name);
        part->value = plain[next];
        if (part->is_rest) {
            words->rest = &plain[next];
            words->rest_count = left;
            next = count;
        } else {
            next++;
        }
        needed -= part->is_needed;
    }
    if (next < count)
        return fault_setf(fault, ctx, STATUS_INVALID, NULL, "\"%s\" is one word too many.", plain[next]);
    return STATUS_OK;
}

enum status
words_read(TALLOC_CTX *ctx, const char *grammar, char *const *argv, int argc, struct words **words_r, struct fault *fault)
{
    struct words *words = read_grammar(ctx, grammar);
    const char **plain = mem_array(ctx, const char *, argc + 1);
    size_t count = 0;
    bool only_words = false;
    enum status status = STATUS_OK;

    for (int i = 0; i < argc && status == STATUS_OK; i++) {
        if (!only_words && str_eq(argv[i], "--"))
            only_words = true;
        else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0')
            status = take_option(ctx, words, argv, argc, &i, fault);
        else
            plain[count++] = argv[i];
    }
    if (status == STATUS_OK)
        status = give_words(ctx, words, plain, count, fault);
    *words_r = words;
    return status;
}

/* --- for handlers --- */

const char *
option(const struct call *call, const char *name)
{
    for (size_t i = 0; i < call->words->count; i++)
        if (str_eq(call->words->parts[i].name, name))
            return call->words->parts[i].value;
    must(!"a handler asks for a word that its grammar does not have");
    return NULL;
}

const char *
word(const struct call *call, const char *name)
{
    return option(call, name);
}

bool
has_option(const struct call *call, const char *name)
{
    return option(call, name) != NULL;
}

struct text_array
words_rest(const struct call *call)
{
    return (struct text_array){call->words->rest, call->words->rest_count};
}

enum status
read_input(struct call *call, const char *path, size_t most, struct blob *text_r)
{
    bool from_standard_input = str_eq(path, "-");
    size_t len = 0;
    char *text = from_standard_input ? file_read_fd(call->ctx, STDIN_FILENO, most, &len) : file_read(call->ctx, path, most, &len);

    if (text == NULL && errno == EFBIG)
        return fault_setf(&call->fault, call->ctx, STATUS_TOO_LARGE, "file", "%s is larger than %zu bytes.", path, most);
    if (text == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "file", "%s: %s", path, strerror(errno));
    *text_r = (struct blob){(uint8_t *)text, len};
    return STATUS_OK;
}
