/* filter.c - header filters as their owners keep them */
#include <string.h>

#include "policy/filter.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/regex.h"
#include "util/str.h"

enum { FIELD_MAX = 60, REJECT_TEXT_MAX = 1000, NOTE_MAX = 200 };

/* --- what a person typed --- */

static const char *const field_names[] = {"field1", "field2", "field3"};
static const char *const pattern_names[] = {"pattern1", "pattern2", "pattern3"};

static bool
is_number_field(const char *field)
{
    return str_eq(field, ":size") || str_eq(field, ":spam");
}

static bool
is_field(const char *field)
{
    if (str_eq(field, ":any") || str_eq(field, ":text") || is_number_field(field))
        return true;
    for (const char *s = field; *s != '\0'; s++)
        if (*s <= ' ' || *s >= 127 || *s == ':')
            return false;
    return *field != '\0' && strlen(field) <= FIELD_MAX;
}

/* "Subject:" is what people copy. */
static char *
field_form(TALLOC_CTX *ctx, const char *typed)
{
    char *field = str_trim(ctx, typed);
    size_t len = strlen(field);

    if (len > 1 && field[len - 1] == ':')
        field[len - 1] = '\0';
    return *field == ':' ? str_lower(ctx, field) : field;
}

static enum status
check_condition(TALLOC_CTX *ctx, struct filter *filter, size_t i, struct fault *fault)
{
    const char *why = NULL;
    int64_t number;

    filter->fields[i] = field_form(ctx, filter->fields[i]);
    filter->patterns[i] = str_trim(ctx, filter->patterns[i]);
    if (!is_field(filter->fields[i]))
        return fault_set(fault, STATUS_INVALID, field_names[i], N_("This is not the name of a header field, such as Subject or X-Mailer."));
    if (is_number_field(filter->fields[i])) {
        if (str_to_int(filter->patterns[i], 0, 1000000, &number))
            return STATUS_OK;
        return fault_set(fault, STATUS_INVALID, pattern_names[i], N_("This takes a whole number."));
    }
    if (*filter->patterns[i] == '\0')
        return fault_set(fault, STATUS_INVALID, pattern_names[i], N_("Please say what is looked for. A dot (.) stands for anything."));
    if (strlen(filter->patterns[i]) > REGEX_MAX)
        return fault_set(fault, STATUS_INVALID, pattern_names[i], N_("This regular expression is too long."));
    if (regex_new(ctx, filter->patterns[i], &why) != NULL)
        return STATUS_OK;
    fault->hint = why;
    return fault_set(fault, STATUS_INVALID, pattern_names[i], N_("This is not a regular expression."));
}

enum status
filter_check(TALLOC_CTX *ctx, struct filter *filter, struct fault *fault)
{
    enum status status = STATUS_OK;

    if (filter->count == 0 || filter->count > FILTER_CONDITIONS_MAX)
        return fault_set(fault, STATUS_INVALID, field_names[0], filter->count == 0 ? N_("Please say where to look.")
                                                                                 : N_("A filter has at most three conditions."));
    for (size_t i = 0; status == STATUS_OK && i < filter->count; i++)
        status = check_condition(ctx, filter, i, fault);
    if (status != STATUS_OK)
        return status;
    if (filter->action == POST_DEFER)
        return fault_set(fault, STATUS_INVALID, "action", N_("Please choose what becomes of the post."));
    filter->reject_text = str_trim(ctx, utf8_clean(ctx, filter->reject_text, strlen(filter->reject_text)));
    filter->note = utf8_cut(ctx, str_trim(ctx, filter->note), NOTE_MAX);
    if (strlen(filter->reject_text) > 4 * REJECT_TEXT_MAX)
        return fault_set(fault, STATUS_INVALID, "reject_text", N_("This text is too long."));
    return STATUS_OK;
}

char *
filter_words(TALLOC_CTX *ctx, const struct filter *filter)
{
    struct str *words = str_new(ctx);

    for (size_t i = 0; i < filter->count; i++)
        str_addf(words, "%s%s: %s", i > 0 ? ", " : "", filter->fields[i], filter->patterns[i]);
    return words->s;
}

/* --- reading --- */

enum status
filter_list(struct db *db, TALLOC_CTX *ctx, struct rule_place place, struct filter **filters_r, size_t *count_r)
{
    struct row_filter_of *rows;
    enum status status = q_filter_of(db, ctx, place.list_id, place.domain_id, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *filters_r = mem_array(ctx, struct filter, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++) {
        struct filter *filter = &(*filters_r)[i];

        *filter = (struct filter){.id = rows[i].id, .place = place, .count = filter_row_count(rows[i].fields.count),
                                  .action = post_action_of(rows[i].action), .reject_text = rows[i].reject_text,
                                  .note = rows[i].note, .hits = rows[i].hits, .last_hit_at = rows[i].last_hit_at,
                                  .costly = rows[i].costly, .changed_by = rows[i].changed_by, .changed_at = rows[i].changed_at};
        memcpy(filter->fields, rows[i].fields.items, filter->count * sizeof(char *));
        memcpy(filter->patterns, rows[i].patterns.items, filter->count * sizeof(char *));
    }
    return STATUS_OK;
}

enum status
filter_one(struct db *db, TALLOC_CTX *ctx, struct rule_place place, int64_t id, struct filter **filter_r)
{
    struct filter *filters;
    size_t count;
    enum status status = filter_list(db, ctx, place, &filters, &count);

    *filter_r = NULL;
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (filters[i].id == id)
            *filter_r = &filters[i];
    return status == STATUS_OK && *filter_r == NULL ? STATUS_NOT_FOUND : status;
}

/* --- changing --- */

/* Locked, so that the count and the order are everybody's. */
static enum status
begin(struct change *change, struct db *db, TALLOC_CTX *ctx, struct rule_place place, struct filter **filters_r, size_t *count_r)
{
    enum status status = change_begin(change, db);

    if (status != STATUS_OK)
        return status;
    status = q_filter_lock(db, place.list_id, place.domain_id, NULL);
    if (status == STATUS_OK)
        status = filter_list(db, ctx, place, filters_r, count_r);
    return status == STATUS_OK ? status : change_end(change, status);
}

static char *
in_log(TALLOC_CTX *ctx, const struct filter *filter)
{
    return mem_printf(ctx, "%s%s%s: %s", filter->place.domain_id != 0 ? filter->place.domain : "", filter->place.domain_id != 0 ? ": " : "",
                      post_action_word(filter->action), filter_words(ctx, filter));
}

enum status
filter_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct filter *filter, struct fault *fault)
{
    struct row_filter_add *row = NULL;
    struct filter *others;
    struct change change;
    size_t count;
    enum status status = filter_check(ctx, filter, fault);

    if (status == STATUS_OK)
        status = begin(&change, db, ctx, filter->place, &others, &count);
    if (status != STATUS_OK)
        return status;
    if (count >= FILTERS_MAX)
        status = fault_set(fault, STATUS_TOO_MANY, NULL, N_("There are too many filters already. Please remove some first."));
    if (status == STATUS_OK)
        status = q_filter_add(db, ctx, filter->place.list_id, filter->place.domain_id, (struct text_array){filter->fields, filter->count},
                              (struct text_array){filter->patterns, filter->count}, post_action_word(filter->action),
                              filter->reject_text, filter->note, actor->words, clock_now_us(), &row);
    if (status == STATUS_OK) {
        filter->id = row->id;
        status = audit_add(db, actor, "filter_add", filter->place.list_id, mem_printf(ctx, "%lld", (long long)row->id),
                           in_log(ctx, filter));
    }
    return change_end(&change, status);
}

static const struct filter *
find(const struct filter *filters, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (filters[i].id == id)
            return &filters[i];
    return NULL;
}

enum status
filter_change(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct filter *filter, struct fault *fault)
{
    struct filter *all;
    const struct filter *old;
    struct change change;
    size_t count;
    enum status status = filter_check(ctx, filter, fault);

    if (status == STATUS_OK)
        status = begin(&change, db, ctx, filter->place, &all, &count);
    if (status != STATUS_OK)
        return status;
    old = find(all, count, filter->id);
    if (old == NULL)
        return change_end(&change, STATUS_NOT_FOUND);
    status = q_filter_change(db, filter->place.list_id, filter->place.domain_id, filter->id, (struct text_array){filter->fields, filter->count},
                             (struct text_array){filter->patterns, filter->count}, post_action_word(filter->action),
                             filter->reject_text, filter->note, actor->words, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "filter_change", filter->place.list_id, mem_printf(ctx, "%lld", (long long)filter->id),
                           mem_printf(ctx, "%s -> %s", in_log(ctx, old), in_log(ctx, filter)));
    return change_end(&change, status);
}

enum status
filter_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct rule_place place, int64_t id)
{
    struct filter *all;
    const struct filter *old;
    struct change change;
    size_t count;
    enum status status = begin(&change, db, ctx, place, &all, &count);

    if (status != STATUS_OK)
        return status;
    old = find(all, count, id);
    status = old == NULL ? STATUS_NOT_FOUND : q_filter_remove(db, place.list_id, place.domain_id, id, NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "filter_remove", place.list_id, mem_printf(ctx, "%lld", (long long)id), in_log(ctx, old));
    return change_end(&change, status);
}

enum status
filter_move(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, struct rule_place place, int64_t id, int number)
{
    struct filter *all;
    struct change change;
    int64_t *ids;
    size_t count, to, n = 0;
    enum status status = begin(&change, db, ctx, place, &all, &count);

    if (status != STATUS_OK)
        return status;
    if (find(all, count, id) == NULL)
        return change_end(&change, STATUS_NOT_FOUND);
    ids = mem_array(ctx, int64_t, count);
    to = number < 1 ? 0 : (size_t)number > count ? count - 1 : (size_t)number - 1;
    for (size_t i = 0; n < count; n++) {
        if (n == to) {
            ids[n] = id;
            continue;
        }
        while (all[i].id == id)
            i++;
        ids[n] = all[i++].id;
    }
    status = q_filter_place(db, (struct int_array){ids, count}, NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "filter_move", place.list_id, mem_printf(ctx, "%lld", (long long)id), mem_printf(ctx, "%zu", to + 1));
    return change_end(&change, status);
}
