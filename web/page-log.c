/* page-log.c - who did what: the log of a list, of the site, and what of it is about oneself */
#include <stdio.h>
#include <string.h>

#include "policy/setting.h"
#include "store/statements.h"
#include "web/page.h"
#include "web/preferences.h"

enum { LOG_PAGE = 50 };

/* "2026-11-22" that the calendar has; NULL for anything else, which then filters nothing. */
static const char *
date_of(const struct request *request, const char *name)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *text = request_text(request, name);
    int year, month, day, end = 0;

    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || text[end] != '\0' || year < 1970 || month < 1 || month > 12)
        return NULL;
    if (day < 1 || day > days[month - 1] + (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))
        return NULL;
    return text;
}

static const char *
or_null(const char *text)
{
    return str_is_empty(text) ? NULL : text;
}

static void
show_filter(struct request *request)
{
    static const char *const names[] = {"who", "what", "from", "until"};
    struct out *rows = out_rows(request->page, "actions");
    bool is_filtered = false;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        out_text(request->page, names[i], request_text(request, names[i]));
        is_filtered = is_filtered || !str_is_empty(request_text(request, names[i]));
    }
    out_bool(request->page, "is_filtered", is_filtered);
    for (const struct audit_word *word = audit_words(); word->action != NULL; word++) {
        struct out *row = out_row(rows);

        out_text(row, "action", word->action);
        out_text(row, "label", tr(request->lang, word->label));
        out_bool(row, "is_chosen", str_eq(word->action, request_text(request, "what")));
    }
}

/* "(inherited) -> 500" as people read it. */
static char *
change_words(const struct request *request, TALLOC_CTX *ctx, const char *detail)
{
    static const struct { const char *stored, *shown; } words[] = {{"(inherited)", N_("inherited")}, {" -> ", " → "}};
    struct str *out = str_new(ctx);

    while (*detail != '\0') {
        size_t i = 0;

        while (i < COUNT_OF(words) && !str_starts(detail, words[i].stored))
            i++;
        if (i == COUNT_OF(words)) {
            str_addc(out, *detail++);
            continue;
        }
        str_add(out, i == 0 ? tr(request->lang, words[i].shown) : words[i].shown);
        detail += strlen(words[i].stored);
    }
    return out->s;
}

static void
show_line(const struct request *request, struct out *out, const struct row_audit_page *line)
{
    bool is_setting = str_eq(line->action, "setting_change") || str_eq(line->action, "setting_undo");
    const struct setting_row *setting = is_setting ? setting_row(line->object) : NULL;

    out_time(out, "at", line->at);
    out_text(out, "who", line->actor);
    out_text(out, "what", tr(request->lang, audit_label(line->action)));
    out_text(out, "list", request->list == NULL ? line->list : NULL);
    out_text(out, "object", setting != NULL ? tr(request->lang, setting->label) : line->object);
    out_text(out, "detail", is_setting ? change_words(request, out, line->detail)
             : str_eq(line->action, "preference_change") ? preference_change_words(request, line->detail) : line->detail);
}

/* The path of this page with its filter, but without `before`. */
static char *
own_path(const struct request *request)
{
    static const char *const names[] = {"who", "what", "from", "until"};
    struct str *path = str_new((TALLOC_CTX *)request);

    str_addf(path, "%slog?", request->list != NULL ? request->list->path : "/admin/");
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!str_is_empty(request_text(request, names[i])))
            str_addf(path, "%s=%s&", names[i], url_escape(path, request_text(request, names[i])));
    return path->s;
}

enum status
page_log(struct request *request, struct fault *fault)
{
    struct row_audit_page *lines;
    size_t count;
    enum status status = q_audit_page(request->web->db, request, request->list != NULL ? request->list->id : 0,
                                      or_null(str_lower(request, request_text(request, "who"))),
                                      or_null(request_text(request, "what")), date_of(request, "from"), date_of(request, "until"),
                                      request_int(request, "before", 1, INT64_MAX, 0), LOG_PAGE + 1, &lines, &count);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    show_filter(request);
    for (size_t i = 0; i < count && i < LOG_PAGE; i++)
        show_line(request, out_row(out_rows(request->page, "lines")), &lines[i]);
    out_text(request->page, "base", request->list != NULL ? request->list->path : "/admin/");
    if (count > LOG_PAGE)
        out_text(request->page, "older", mem_printf(request, "%sbefore=%lld", own_path(request), (long long)lines[LOG_PAGE - 1].id));
    return STATUS_OK;
}

enum status
page_site_log(struct request *request, struct fault *fault)
{
    return page_log(request, fault);
}

enum status
page_history(struct request *request, struct fault *fault)
{
    struct row_audit_about *found;
    size_t count;
    enum status status = q_audit_about(request->web->db, request, request->me.user_id, request_int(request, "before", 1, INT64_MAX, 0),
                                       LOG_PAGE + 1, &found, &count);

    (void)fault;
    for (size_t i = 0; status == STATUS_OK && i < count && i < LOG_PAGE; i++) {
        const struct row_audit_page line = {.id = found[i].id, .at = found[i].at, .actor = found[i].actor, .action = found[i].action,
                                            .list = found[i].list, .object = found[i].object, .detail = found[i].detail};

        show_line(request, out_row(out_rows(request->page, "lines")), &line);
    }
    if (status == STATUS_OK && count > LOG_PAGE)
        out_text(request->page, "older", mem_printf(request, "/me/history?before=%lld", (long long)found[LOG_PAGE - 1].id));
    return status;
}
