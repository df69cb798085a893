/* list-filter.c - which of many lists: by settings, state, domain, a part of the address */
#include <string.h>

#include "policy/list-filter.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { TERMS_MOST = 40, SILENT_DAYS = 365, HELD_DAYS = 7 };

/* --- reading --- */

static const char *const signs[] = {"!=", "=", "~", "<", ">"};

enum status
list_filter_add(TALLOC_CTX *ctx, struct list_filter *filter, const char *name, const char *sign, const char *value,
                struct fault *fault)
{
    const struct setting_row *row = setting_row(name);
    bool compares = *sign == '<' || *sign == '>';
    enum status status = STATUS_OK;

    if (row == NULL)
        return fault_setf(fault, ctx, STATUS_NOT_FOUND, name, "There is no setting \"%s\".", name);
    if (filter->count == LIST_FILTER_TERMS)
        return fault_set(fault, STATUS_INVALID, "where", N_("These are too many conditions."));
    if (strstr(value, " and ") != NULL)
        return fault_set(fault, STATUS_INVALID, "value", N_("\"and\" stands between conditions and cannot be looked for."));
    if (compares && row->kind != SETTING_INT)
        return fault_setf(fault, ctx, STATUS_INVALID, "where", "%s is not a number: ask by = or ~.", name);
    if (*sign != '~')
        status = setting_check(ctx, row, value, &value, fault);
    if (status != STATUS_OK)
        return status;
    filter->names[filter->count] = row->name;
    filter->signs[filter->count] = sign;
    filter->values[filter->count] = value;
    filter->defaults[filter->count++] = row->fallback;
    return STATUS_OK;
}

/* Terms that are a word, or a word and a value of their own. */
static bool
read_state(struct list_filter *filter, const char *term)
{
    const struct { const char *word; bool *flag; } flags[] = {
        {"no-owner", &filter->no_owner}, {"silent", &filter->is_silent}, {"held", &filter->is_held},
    };
    const struct { const char *begin; const char **text; } texts[] = {
        {"own:", &filter->own}, {"domain=", &filter->domain}, {"address~", &filter->address},
    };

    for (size_t i = 0; i < COUNT_OF(flags); i++)
        if (str_eq(term, flags[i].word))
            return *flags[i].flag = true;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_starts(term, texts[i].begin)) {
            *texts[i].text = term + strlen(texts[i].begin);
            return true;
        }
    return false;
}

static enum status
read_term(TALLOC_CTX *ctx, struct list_filter *filter, const char *term, struct fault *fault)
{
    size_t len = strspn(term, "abcdefghijklmnopqrstuvwxyz_0123456789");

    if (read_state(filter, term))
        return filter->own == NULL || setting_row(filter->own) != NULL
                   ? STATUS_OK : fault_setf(fault, ctx, STATUS_NOT_FOUND, "where", "There is no setting \"%s\".", filter->own);
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (len > 0 && strncmp(term + len, signs[i], strlen(signs[i])) == 0)
            return list_filter_add(ctx, filter, mem_strndup(ctx, term, len), signs[i], term + len + strlen(signs[i]), fault);
    return fault_setf(fault, ctx, STATUS_INVALID, "where", "\"%s\" is no condition; such as max_message_size>500, own:footer_text, "
                      "domain=lists.example.org, no-owner, silent, held.", term);
}

enum status
list_filter_read(TALLOC_CTX *ctx, const char *text, struct list_filter *filter_r, struct fault *fault)
{
    enum status status = STATUS_OK;

    *filter_r = (struct list_filter){0};
    for (int terms = 0; !str_is_empty(text) && status == STATUS_OK; terms++) {
        const char *end = strstr(text, " and ");
        char *term = str_trim(ctx, mem_strndup(ctx, text, end != NULL ? (size_t)(end - text) : strlen(text)));

        status = terms < TERMS_MOST ? read_term(ctx, filter_r, term, fault)
                                    : fault_set(fault, STATUS_INVALID, "where", N_("These are too many conditions."));
        text = end != NULL ? end + strlen(" and ") : NULL;
    }
    return status;
}

static void
add_term(struct str *out, const char *begin, const char *text)
{
    if (text != NULL)
        str_addf(out, "%s%s%s", out->len > 0 ? " and " : "", begin, text);
}

char *
list_filter_text(TALLOC_CTX *ctx, const struct list_filter *filter)
{
    struct str *out = str_new(ctx);

    add_term(out, "domain=", filter->domain);
    add_term(out, "address~", filter->address);
    add_term(out, "own:", filter->own);
    add_term(out, "", filter->no_owner ? "no-owner" : NULL);
    add_term(out, "", filter->is_silent ? "silent" : NULL);
    add_term(out, "", filter->is_held ? "held" : NULL);
    for (size_t i = 0; i < filter->count; i++)
        add_term(out, mem_printf(out, "%s%s", filter->names[i], filter->signs[i]), filter->values[i]);
    return out->s;
}

/* --- finding --- */

const char *const *
list_filter_sorts(void)
{
    static const char *const sorts[] = {"members", "held", "last", "created", NULL};

    return sorts;
}

static struct list_found
found_of(TALLOC_CTX *ctx, const struct row_list_filtered *row)
{
    return (struct list_found){
        .id = row->id, .members = row->members, .tally = row->about, .owners = row->owners, .held = row->held, .posts = row->posts,
        .last_at = row->last_at, .created_at = row->created_at, .key = row->key, .name = row->name, .domain = row->domain, .address = mem_printf(ctx, "%s@%s", row->name, row->domain), .title = row->title, .own = row->own,
        .value = row->value};
}

enum status
list_filter_find(struct db *db, TALLOC_CTX *ctx, const struct list_filter *filter, const char *shown,
                 const struct list_filter_page *page, struct list_found **lists_r, size_t *count_r)
{
    const struct setting_row *row = shown == NULL ? NULL : setting_row(shown);
    int64_t now = clock_now_us(), day = INT64_C(86400) * US_PER_S;
    struct row_list_filtered *rows;
    enum status status = q_list_filtered(
        db, ctx, filter->user_id, filter->ids, filter->address == NULL ? NULL : str_lower(ctx, filter->address),
        filter->domain == NULL ? NULL : str_lower(ctx, filter->domain), filter->own, filter->no_owner,
        filter->is_silent ? now - SILENT_DAYS * day : 0, filter->is_held ? now - HELD_DAYS * day : 0,
        (struct text_array){filter->names, filter->count}, (struct text_array){filter->signs, filter->count},
        (struct text_array){filter->values, filter->count}, (struct text_array){filter->defaults, filter->count},
        row == NULL ? NULL : row->name, row == NULL ? NULL : row->fallback, page->after_domain, page->after_name, page->most,
        page->counted, page->sort, page->is_down, page->after_key, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *lists_r = mem_array(ctx, struct list_found, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*lists_r)[i] = found_of(ctx, &rows[i]);
    return STATUS_OK;
}
