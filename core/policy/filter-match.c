/* filter-match.c - compiled header filters, and the search for the first that a message meets */
#include <string.h>

#include "mime/word.h"
#include "policy/filter.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/regex.h"
#include "util/str.h"

enum { FIELDS_MAX = 1000, VALUE_MAX = 8 << 10, TEXT_MAX = 16 << 10 };

enum where { IN_FIELD, IN_ANY, IN_TEXT, BY_SIZE, BY_SPAM };

struct condition {
    enum where where;
    const char *field;
    size_t field_len;
    struct regex *regex;            /* IN_... */
    int64_t number;                 /* BY_...: KiB, tenths of a score */
};

struct compiled {
    struct filter filter;
    struct condition conditions[FILTER_CONDITIONS_MAX];
};

struct filter_set {
    struct compiled *rows;
    size_t count;
};

static enum where
where_of(const char *field)
{
    static const struct { const char *word; enum where where; } words[] = {
        {":any", IN_ANY}, {":text", IN_TEXT}, {":size", BY_SIZE}, {":spam", BY_SPAM},
    };

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(words[i].word, field))
            return words[i].where;
    return IN_FIELD;
}

static bool
compile(TALLOC_CTX *ctx, const struct filter *filter, struct compiled *row)
{
    row->filter = *filter;
    for (size_t i = 0; i < filter->count; i++) {
        struct condition *condition = &row->conditions[i];

        row->filter.fields[i] = mem_strdup(ctx, filter->fields[i]);
        row->filter.patterns[i] = mem_strdup(ctx, filter->patterns[i]);
        *condition = (struct condition){where_of(filter->fields[i]), row->filter.fields[i], strlen(filter->fields[i]), NULL, 0};
        if (condition->where >= BY_SIZE) {
            if (!str_to_int(filter->patterns[i], 0, INT32_MAX, &condition->number))
                return false;
            condition->number *= condition->where == BY_SIZE ? 1024 : 10;
        } else {
            condition->regex = regex_new(ctx, filter->patterns[i], NULL);
            if (condition->regex == NULL)
                return false;
        }
    }
    row->filter.reject_text = mem_strdup(ctx, filter->reject_text);
    row->filter.note = mem_strdup(ctx, filter->note);
    return true;
}

struct filter_set *
filter_set_new(TALLOC_CTX *ctx, const struct filter *filters, size_t count)
{
    struct filter_set *set = mem_new(ctx, struct filter_set);

    set->rows = mem_array(set, struct compiled, count + 1);
    for (size_t i = 0; i < count; i++)
        set->count += compile(set, &filters[i], &set->rows[set->count]);
    return set;
}

size_t
filter_set_count(const struct filter_set *set)
{
    return set->count;
}

/* --- a message, made ready to be searched --- */

struct field { const struct header_field *raw; const char *text; };

struct searched {
    TALLOC_CTX *ctx;
    const struct filter_input *input;
    struct field *fields;
    size_t count;
    const char *text;
};

static void
add_fields(struct searched *searched, const struct header *header)
{
    for (size_t i = 0; i < header->count && searched->count < FIELDS_MAX; i++)
        searched->fields[searched->count++] = (struct field){&header->fields[i], NULL};
}

static struct searched
make_ready(TALLOC_CTX *ctx, const struct filter_input *input)
{
    struct searched searched = {ctx, input, mem_array(ctx, struct field, FIELDS_MAX), 0, NULL};

    add_fields(&searched, input->message->header);
    for (size_t i = 0; i < input->message->count; i++)
        if (input->message->parts[i]->header != input->message->header && input->message->parts[i] != input->message->root)
            add_fields(&searched, input->message->parts[i]->header);
    return searched;
}

/* Valid UTF-8 of at most `most` bytes: a character that the cut would halve goes. */
static const char *
cut(TALLOC_CTX *ctx, const char *text, size_t most)
{
    size_t len = strlen(text);

    if (len <= most)
        return text;
    while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    return mem_strndup(ctx, text, most);
}

static const char *
decoded(struct searched *searched, struct field *field)
{
    struct blob raw = header_raw(field->raw);

    if (field->text == NULL) {
        raw.len = raw.len < 2 * VALUE_MAX ? raw.len : 2 * VALUE_MAX;
        field->text = cut(searched->ctx, str_trim(searched->ctx, word_decode(searched->ctx, raw)), VALUE_MAX);
    }
    return field->text;
}

/* --- the search --- */

static enum regex_answer
ask_fields(struct searched *searched, const struct condition *condition, int64_t end, const char **found_r)
{
    for (size_t i = 0; i < searched->count; i++) {
        struct field *field = &searched->fields[i];
        enum regex_answer answer;

        if (condition->where == IN_FIELD
            && (field->raw->name_len != condition->field_len || !header_field_is(field->raw, condition->field)))
            continue;
        *found_r = decoded(searched, field);
        answer = regex_ask(condition->regex, *found_r);
        if (answer != REGEX_NO)
            return answer;
        if (clock_cpu_us() > end)
            return REGEX_TOO_COSTLY;
    }
    return REGEX_NO;
}

static enum regex_answer
ask_number(struct searched *searched, const struct condition *condition, const char **found_r)
{
    const struct filter_input *input = searched->input;
    bool is_met;

    if (condition->where == BY_SIZE) {
        *found_r = mem_printf(searched->ctx, "%zu", input->size / 1024);
        is_met = input->size > (size_t)condition->number;
    } else {
        *found_r = mem_printf(searched->ctx, "%.1f", input->score_tenths / 10.0);
        is_met = input->has_score && input->score_tenths >= condition->number;
    }
    return is_met ? REGEX_YES : REGEX_NO;
}

static enum regex_answer
ask_condition(struct searched *searched, const struct condition *condition, int64_t end, const char **found_r)
{
    if (condition->where == IN_FIELD || condition->where == IN_ANY)
        return ask_fields(searched, condition, end, found_r);
    if (condition->where >= BY_SIZE)
        return ask_number(searched, condition, found_r);
    if (searched->text == NULL)
        searched->text = cut(searched->ctx, searched->input->text, TEXT_MAX);
    *found_r = searched->text;
    return regex_ask(condition->regex, searched->text);
}

/* All conditions must be met; a costly one counts only where the others could still be. */
static enum regex_answer
ask_filter(struct searched *searched, const struct compiled *row, int64_t end, const char *found[FILTER_CONDITIONS_MAX])
{
    enum regex_answer all = REGEX_YES;

    for (size_t i = 0; i < row->filter.count; i++) {
        enum regex_answer answer = ask_condition(searched, &row->conditions[i], end, &found[i]);

        if (answer == REGEX_NO)
            return REGEX_NO;
        if (answer == REGEX_TOO_COSTLY)
            all = REGEX_TOO_COSTLY;
    }
    return all;
}

struct filter_answer
filter_set_ask(TALLOC_CTX *ctx, const struct filter_set *set, const struct filter_input *input)
{
    struct filter_answer answer = {0};
    struct searched searched;
    int64_t start = clock_cpu_us();

    if (set->count == 0)
        return answer;
    searched = make_ready(ctx, input);
    for (size_t i = 0; i < set->count; i++) {
        const char *found[FILTER_CONDITIONS_MAX] = {NULL};
        int64_t now = clock_cpu_us();
        enum regex_answer said = now > start + FILTERS_CPU_US ? REGEX_TOO_COSTLY
                                                              : ask_filter(&searched, &set->rows[i], now + FILTER_CPU_US, found);

        if (said == REGEX_TOO_COSTLY && answer.costly == NULL)
            answer.costly = &set->rows[i].filter;
        if (said == REGEX_YES) {
            answer.filter = &set->rows[i].filter;
            memcpy(answer.found, found, sizeof found);
            return answer;
        }
    }
    return answer;
}

enum status
filter_set_load(struct db *db, TALLOC_CTX *ctx, struct rule_place place, struct filter_set **set_r)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct row_filter_all *rows;
    struct filter *filters;
    size_t count;
    enum status status = q_filter_all(db, scratch, place.list_id, place.domain_id, &rows, &count);

    if (status == STATUS_OK) {
        filters = mem_array(scratch, struct filter, count + 1);
        for (size_t i = 0; i < count; i++) {
            filters[i] = (struct filter){.id = rows[i].id, .place = {rows[i].list_id, rows[i].domain_id, ""}, .count = filter_row_count(rows[i].fields.count),
                                         .reject_text = rows[i].reject_text, .note = rows[i].note,
                                         .action = post_action_of(rows[i].action)};
            memcpy(filters[i].fields, rows[i].fields.items, filters[i].count * sizeof(char *));
            memcpy(filters[i].patterns, rows[i].patterns.items, filters[i].count * sizeof(char *));
        }
        *set_r = filter_set_new(ctx, filters, count);
    }
    talloc_free(scratch);
    return status;
}
