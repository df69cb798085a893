/* command-export.c - kairan export: a list's archive as files */
#include "archive/export.h"
#include "cli/common.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/when.h"

enum { ROWS_AT_ONCE = 200, BYTES_AT_ONCE = 8 << 20 };

struct range { int64_t since_us, until_us; };

static enum status
read_range(struct call *call, struct range *range_r)
{
    const struct { const char *name; int64_t *time_us; } ends[] = {{"--from", &range_r->since_us}, {"--to", &range_r->until_us}};

    *range_r = (struct range){0, 0};
    when_zone("UTC");
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        const char *text = option(call, ends[i].name);

        if (text != NULL && !when_read_day(text, ends[i].time_us))
            return fault_setf(&call->fault, call->ctx, STATUS_INVALID, ends[i].name, "\"%s\" is no day; write it like 2026-11-21.", text);
    }
    if (range_r->until_us != 0)
        range_r->until_us += 86400 * US_PER_S;      /* the last day is meant whole */
    return STATUS_OK;
}

struct export_count { int64_t written, anonymous; };

/* Some posts behind the number *after; count_r of them were there. */
static enum status
write_some(struct call *call, struct export *export, int64_t list_id, const struct range *range, int64_t *after,
           struct export_count *count, size_t *count_r)
{
    TALLOC_CTX *ctx = talloc_new(call->ctx);
    struct row_archive_export *rows;
    enum status status = q_archive_export(call->db, ctx, list_id, *after, range->since_us, range->until_us, ROWS_AT_ONCE, BYTES_AT_ONCE,
                                        &rows, count_r);

    for (size_t i = 0; status == STATUS_OK && i < *count_r; i++) {
        struct export_post post = {rows[i].number, rows[i].accepted_at, rows[i].sender, rows[i].from_address, rows[i].bytes};

        *after = rows[i].number;
        if (rows[i].anonymous && !has_option(call, "--anonymous")) {
            count->anonymous++;
            continue;
        }
        status = export_add(export, &post, &call->fault);
        count->written++;
    }
    talloc_free(ctx);
    return status;
}

static enum status
write_all(struct call *call, struct export *export, int64_t list_id, const struct range *range, struct export_count *count)
{
    int64_t after = 0;
    size_t found = 1;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && found > 0)
        status = write_some(call, export, list_id, range, &after, count, &found);
    return status == STATUS_OK ? export_close(export, &call->fault) : status;
}

enum status
command_export(struct call *call)
{
    const char *path = word(call, "PATH");
    struct export_count count = {0};
    enum export_format format;
    struct export *export;
    struct range range;
    struct list *list;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = export_format_find(call->ctx, option(call, "--format"), &format, &call->fault);
    if (status == STATUS_OK)
        status = read_range(call, &range);
    if (status == STATUS_OK)
        status = export_open(call->ctx, format, path, &export, &call->fault);
    if (status == STATUS_OK)
        status = write_all(call, export, list->id, &range, &count);
    if (status != STATUS_OK || str_eq(path, "-"))
        return status;
    out_text(call->out, "list", list->address);
    out_text(call->out, "path", path);
    out_int(call->out, "written", count.written);
    if (count.anonymous > 0)
        out_int(call->out, "anonymous_left_out", count.anonymous);
    return STATUS_OK;
}
