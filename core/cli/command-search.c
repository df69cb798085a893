/* command-search.c - kairan search: find posts */
#include "archive/search.h"
#include "cli/common.h"
#include "policy/setting.h"
#include "store/statements.h"
#include "util/i18n.h"
#include "util/when.h"

enum { HITS_SHOWN = 20, HITS_MOST = 1000, BODY_LETTERS = 1 };

/* Days of a query are those of the list, as on its pages; else the site's. */
static enum status
choose_zone(struct call *call, int64_t list_id)
{
    struct settings *settings;
    enum status status = settings_load(call->db, call->ctx, list_id, &settings);

    if (status == STATUS_OK && !str_is_empty(settings->time_zone))
        when_zone(settings->time_zone);
    return status;
}

/* --all, or a list. */
static enum status
find_scope(struct call *call, struct search_scope *scope_r)
{
    const char *name = word(call, "LIST");
    struct list *list;
    enum status status;

    if ((name != NULL) == has_option(call, "--all"))
        return fault_set(&call->fault, STATUS_INVALID, "LIST", N_("Name a list, or say --all."));
    when_zone(call->conf->site_timezone);
    if (name == NULL)
        return search_scope_all(call->db, call->ctx, scope_r);
    status = call_list(call, name, &list);
    if (status == STATUS_OK)
        status = choose_zone(call, list->id);
    return status == STATUS_OK ? search_scope_list(call->db, call->ctx, list->id, true, scope_r) : status;
}

static enum status
find_query(struct call *call, const struct search_scope *scope, struct query **query_r)
{
    struct query_fault why;

    if (!query_read(call->ctx, word(call, "QUERY"), query_r, &why)) {
        call->fault = (struct fault){.field = "QUERY", .sentence = tr_fill(call->ctx, why.sentence, why.word,
                                                                           mem_printf(call->ctx, "%zu", why.place), NULL)};
        return STATUS_INVALID;
    }
    if ((*query_r)->root == NULL)
        return fault_set(&call->fault, STATUS_INVALID, "QUERY", N_("The query is empty."));
    return search_name_lists(call->db, call->ctx, scope, *query_r);
}

static enum status
show_hits(struct call *call, const struct search_found *found, size_t most)
{
    int64_t *ids = mem_array(call->ctx, int64_t, found->count + 1);
    struct out *rows = out_rows(call->out, "posts");
    struct row_search_shown *posts;
    size_t count = found->count < most ? found->count : most, shown = 0;
    enum status status;

    for (size_t i = 0; i < count; i++)
        ids[i] = found->hits[i].post_id;
    status = q_search_shown(call->db, call->ctx, (struct int_array){ids, count}, BODY_LETTERS, &posts, &shown);
    for (size_t i = 0; status == STATUS_OK && i < shown; i++) {
        struct out *row = out_row(rows);

        out_time(row, "at", posts[i].accepted_at);
        out_text(row, "list", posts[i].slug);
        out_int(row, "number", posts[i].number);
        out_text(row, "from", posts[i].from_address);
        out_text(row, "subject", posts[i].subject);
        out_text(row, "hash", posts[i].hash);
    }
    return status;
}

enum status
command_search(struct call *call)
{
    const char *most_text = option(call, "--most");
    int64_t most = HITS_SHOWN;
    struct search_scope scope;
    struct search_found found;
    struct query *query;
    enum status status = STATUS_OK;

    if (most_text != NULL)
        status = call_number(call, "--most", most_text, HITS_MOST, &most);
    if (status == STATUS_OK)
        status = find_scope(call, &scope);
    if (status == STATUS_OK)
        status = find_query(call, &scope, &query);
    if (status == STATUS_OK)
        status = has_option(call, "--best") ? search_best(call->db, call->ctx, &scope, query, &found)
                                            : search_newest(call->db, call->ctx, &scope, query, (struct search_key){0, 0}, (size_t)most,
                                                            SEARCH_COUNT_MOST + 1, &found);
    if (status != STATUS_OK)
        return status;
    out_int(call->out, "found", found.total);
    if (found.total > SEARCH_COUNT_MOST && !has_option(call, "--best"))
        out_int(call->out, "about", found.about);
    if (found.is_cut)
        out_time(call->out, "stopped_at", found.last.at_us);
    return show_hits(call, &found, (size_t)most);
}
