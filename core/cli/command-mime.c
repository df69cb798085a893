/* command-mime.c - kairan mime show: a message as the archive shows it */
#include <stdio.h>
#include <string.h>

#include "cli/common.h"
#include "mime/normal.h"
#include "mime/view-html.h"
#include "mime/view-print.h"

enum { MESSAGE_MOST = 256 << 20, TEXT_MOST = 16 << 20 };

/* ---- JSON ---- */

static void show_view(struct out *out, const struct view *view);

static void
show_calendar(struct out *out, const struct calendar *calendar)
{
    out_text(out, "method", calendar->method);
    for (size_t i = 0; i < calendar->count; i++) {
        const struct calendar_event *event = &calendar->events[i];
        struct out *row = out_row(out_rows(out, "events"));

        out_text(row, "what", event->what);
        out_text(row, "when", event->when);
        out_text(row, "where", event->where);
        out_text(row, "organizer", event->organizer);
        for (size_t k = 0; k < event->people_count; k++)
            out_row_text(out_rows(row, "people"), event->people[k]);
        out_bool(row, "repeats", event->repeats);
        out_bool(row, "is_cancelled", event->is_cancelled);
    }
}

static void
show_parts(struct out *out, const struct view *view)
{
    struct out *rows = out_rows(out, "attachments");

    for (size_t i = 0; i < view->part_count; i++) {
        const struct view_part *part = &view->parts[i];
        struct out *row = out_row(rows);

        out_text(row, "kind", view_part_kind_name(part->kind));
        out_int(row, "part", (int64_t)part->part);
        out_text(row, "name", part->name);
        out_text(row, "type", part->type);
        out_int(row, "size", (int64_t)part->size);
        out_text(row, "content_id", part->content_id);
        out_text(row, "summary", part->summary);
        if (part->inner != NULL)
            show_view(out_object(row, "message"), part->inner);
        if (part->calendar != NULL)
            show_calendar(out_object(row, "calendar"), part->calendar);
    }
}

static void
show_view(struct out *out, const struct view *view)
{
    struct out *broken = out_rows(out, "broken"), *blocks = out_rows(out, "blocks");

    out_text(out, "from", view->head.from);
    out_text(out, "date", view->head.date);
    out_text(out, "subject", view->head.subject);
    out_text(out, "language", view->language);
    out_text(out, "reaction", view->reaction);
    out_text(out, "sealed", view->sealed);
    out_bool(out, "has_html", view->has_html);
    out_bool(out, "is_from_html", view->is_from_html);
    out_bool(out, "is_cut", view->is_cut);
    for (int fault = 0; fault < VIEW_FAULT_COUNT; fault++)
        if ((view->faults & 1u << fault) != 0)
            out_row_text(broken, view_fault_name(fault));
    for (size_t i = 0; i < view->block_count; i++) {
        struct out *row = out_row(blocks);

        out_text(row, "kind", view_kind_name(view->blocks[i].kind));
        out_bool(row, "is_fixed", view->blocks[i].is_fixed);
        out_bool(row, "is_folded", view->blocks[i].is_folded);
        out_text(row, "text", view->blocks[i].text);
    }
    show_parts(out, view);
}

/* ---- text ---- */

static void print_view(const struct view *view, int depth);

static void
print_line(int depth, const char *line, size_t len)
{
    printf("%*s%.*s\n", 2 * depth, "", (int)len, line);
}

static void
print_text(int depth, const char *text)
{
    for (; *text != '\0'; text += strcspn(text, "\n") + (text[strcspn(text, "\n")] == '\n'))
        print_line(depth, text, strcspn(text, "\n"));
    putchar('\n');
}

static void
print_head(int depth, const char *name, const char *value)
{
    if (*value != '\0')
        printf("%*s%s: %s\n", 2 * depth, "", name, value);
}

static void
print_events(int depth, const struct calendar *calendar)
{
    for (size_t i = 0; i < calendar->count; i++) {
        print_head(depth, "What", calendar->events[i].what);
        print_head(depth, "When", calendar->events[i].when);
        print_head(depth, "Where", calendar->events[i].where);
        print_head(depth, "Asked by", calendar->events[i].organizer);
        putchar('\n');
    }
}

static void
print_parts(const struct view *view, int depth)
{
    for (size_t i = 0; i < view->part_count; i++) {
        const struct view_part *part = &view->parts[i];

        printf("%*s[%s: %s, %s, %zu bytes]\n", 2 * depth, "", view_part_kind_name(part->kind),
               *part->name != '\0' ? part->name : "without a name", part->type, part->size);
        if (part->calendar != NULL)
            print_events(depth + 1, part->calendar);
        if (part->inner != NULL)
            print_view(part->inner, depth + 1);
    }
}

static void
print_view(const struct view *view, int depth)
{
    print_head(depth, "From", view->head.from);
    print_head(depth, "Date", view->head.date);
    print_head(depth, "Subject", view->head.subject);
    putchar('\n');
    for (size_t i = 0; i < view->block_count; i++)
        print_text(depth, view->blocks[i].text);
    print_parts(view, depth);
    for (int fault = 0; fault < VIEW_FAULT_COUNT; fault++)
        if ((view->faults & 1u << fault) != 0)
            printf("%*s[%s]\n", 2 * depth, "", view_fault_sentence(fault));
}

/* ---- the command ---- */

static enum status
print_html(struct call *call, const struct view *view)
{
    const char *code = option(call, "--language");
    const struct i18n *i18n = i18n_open(call->ctx, i18n_dir(call->ctx, call->conf->site_data_dir));
    const struct lang *lang = code == NULL ? i18n_nth(i18n, 0) : i18n_lang(i18n, code);
    struct str *html = str_new(call->ctx);

    if (lang == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "--language", "\"%s\" is no language of Kairan's.", code);
    view_print(html, view_html(call->ctx, view, SIZE_MAX, NULL), lang, has_option(call, "--guest"));
    fputs(html->s, stdout);
    return STATUS_OK;
}

enum status
command_mime_show(struct call *call)
{
    const char *file = word(call, "FILE");
    struct blob raw;
    struct view *view;
    enum status status = read_input(call, file != NULL ? file : "-", MESSAGE_MOST, &raw);

    if (status != STATUS_OK)
        return status;
    view = view_of(call->ctx, message_parse(call->ctx, normal_copy(call->ctx, raw, NULL)), TEXT_MOST);
    if (has_option(call, "--html"))
        return print_html(call, view);
    if (call->json)
        show_view(call->out, view);
    else
        print_view(view, 0);
    return STATUS_OK;
}
