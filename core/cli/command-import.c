/* command-import.c - kairan import: an archive from elsewhere becomes a list's archive */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/import-old.h"
#include "archive/import.h"
#include "cli/common.h"
#include "cli/indexer.h"
#include "cli/progress.h"
#include "cli/stopping.h"
#include "policy/setting.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/when.h"

enum { ROWS_MOST = 100000 };

struct work {
    struct call *call;
    struct list *list;
    struct mail_store *store;
    struct import *import;
    struct out *rows;           /* the report in JSON; NULL at a terminal, which sees each line at once */
    int64_t row_count;
    struct progress progress;
};

/* --- what people see meanwhile --- */

static void
tell(void *data, const struct import_note *note)
{
    struct work *work = data;
    struct out *row;

    work->row_count++;
    if (work->rows == NULL) {
        progress_clear(&work->progress);
        printf("%s:%llu: %s%s%s%s\n", note->path, (unsigned long long)note->offset, note->is_left_out ? "left out: " : "",
               note->message_id != NULL ? note->message_id : "", note->message_id != NULL ? ": " : "", note->sentence);
        return;
    }
    if (work->row_count > ROWS_MOST)
        return;
    row = out_row(work->rows);
    out_text(row, "file", note->path);
    out_int(row, "offset", (int64_t)note->offset);
    out_text(row, "message_id", note->message_id);
    out_bool(row, "left_out", note->is_left_out);
    out_text(row, "what", note->sentence);
}

static void
show_progress(struct work *work)
{
    progress_show(&work->progress, import_count(work->import)->read, mail_store_position(work->store), mail_store_size(work->store));
}

static void
show_counts(struct work *work)
{
    const struct import_count *count = import_count(work->import);
    struct out *out = work->call->out;
    int64_t spent = clock_monotonic_ms() - work->progress.begun_ms;

    out_text(out, "list", work->list->address);
    out_int(out, "read", count->read);
    out_int(out, "added", count->added);
    out_int(out, "known", count->known);
    out_int(out, "same_id_other_bytes", count->other);
    out_int(out, "before_since", count->early);
    out_int(out, "mended", count->mended);
    out_int(out, "left_out", count->left_out);
    out_int(out, "seconds", spent / 1000);
    if (work->row_count > ROWS_MOST && work->rows != NULL)
        out_int(out, "report_rows_left_out", work->row_count - ROWS_MOST);
}

/* --- the run: while it is open the archive is not public --- */

/* Held until the connection ends. */
static enum status
take_lock(struct call *call, const struct list *list)
{
    bool held;
    enum status status = db_lock(call->db, LOCK_IMPORT, list->id, &held);

    if (status == STATUS_OK && !held)
        return fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, "LIST", "Another import into %s is under way.", list->address);
    return status;
}

static enum status
begin_run(struct work *work)
{
    struct call *call = work->call;
    struct row_import_begin *run;
    struct change change;
    enum status status = take_lock(call, work->list);

    if (status == STATUS_OK)
        status = change_begin(&change, call->db);
    if (status != STATUS_OK)
        return status;
    status = q_import_begin(call->db, call->ctx, work->list->id, call->actor.words, clock_now_us(), &run);
    if (status == STATUS_OK)
        status = setting_rewrite_effective(call->db, SCOPE_LIST, work->list->id);
    return change_end(&change, status);
}

static enum status
end_run(struct call *call, const struct list *list, const struct import_count *count)
{
    char *detail = mem_printf(call->ctx, "added %lld, known %lld, left out %lld", (long long)count->added, (long long)count->known,
                              (long long)count->left_out);
    struct change change;
    enum status status = change_begin(&change, call->db);

    if (status != STATUS_OK)
        return status;
    status = q_import_end(call->db, list->id, count->added, count->known, count->left_out, clock_now_us(), NULL);
    if (status == STATUS_OK)
        status = setting_rewrite_effective(call->db, SCOPE_LIST, list->id);
    if (status == STATUS_OK)
        status = audit_add(call->db, &call->actor, "import", list->id, list->address, detail);
    return change_end(&change, status);
}

/* --- the work --- */

static enum status
take_all(struct work *work)
{
    struct call *call = work->call;
    struct mail_item item;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !stopping_is_wanted() && mail_store_next(work->store, &item)) {
        status = import_take(work->import, &item);
        show_progress(work);
    }
    if (status == STATUS_OK)
        status = import_end(work->import);
    progress_clear(&work->progress);
    if (status == STATUS_OK && stopping_is_wanted())
        return fault_set(&call->fault, STATUS_UNAVAILABLE, NULL,
                         "The import was stopped. Run the same command again to go on; until it has ended the archive is not public.");
    return status;
}

static enum status
read_order(struct call *call, const struct list *list, struct import_order *order_r)
{
    const char *since = option(call, "--since");
    struct settings *settings;
    enum status status = settings_load(call->db, call->ctx, list->id, &settings);

    if (status != STATUS_OK)
        return status;
    *order_r = (struct import_order){.list_id = list->id, .address = list->address, .domain = list->domain,
                                     .dry_run = has_option(call, "--dry-run"), .told = tell};
    if (settings->archive_policy == ARCHIVE_NEVER)
        return fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, "LIST", "%s keeps no archive; set its archive_policy first.",
                          list->address);
    when_zone("UTC");
    if (since != NULL && !when_read_day(since, &order_r->since_us))
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "--since", "\"%s\" is no day; write it like 2026-11-21.", since);
    return STATUS_OK;
}

static enum status
check_paths(struct call *call)
{
    struct text_array paths = words_rest(call);

    if (paths.count == 0 && !has_option(call, "--old-addresses"))
        return fault_set(&call->fault, STATUS_INVALID, "PATH", "Name the files or folders to import, or - for standard input.");
    for (size_t i = 0; i < paths.count; i++)
        if (!str_eq(paths.items[i], "-") && access(paths.items[i], R_OK) != 0)
            return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "PATH", "%s cannot be read.", paths.items[i]);
    return STATUS_OK;
}

static enum status
import_paths(struct work *work)
{
    struct call *call = work->call;
    const struct mail_format *format;
    struct import_order order;
    struct indexer *indexer = NULL;
    enum status status = mail_format_find(call->ctx, option(call, "--format"), &format, &call->fault);

    if (status == STATUS_OK)
        status = read_order(call, work->list, &order);
    if (status == STATUS_OK && !order.dry_run)
        status = begin_run(work);
    if (status != STATUS_OK)
        return status;
    if (has_option(call, "--index") && !order.dry_run)
        indexer = indexer_start(call->ctx, call->conf);
    stopping_heed();
    order.data = work;
    work->store = mail_store_new(call->ctx, words_rest(call), format);
    work->import = import_new(call->ctx, call->db, &order);
    status = take_all(work);
    if (indexer != NULL) {
        enum status indexed = indexer_end(indexer, call->db);

        status = status == STATUS_OK ? indexed : status;
    }
    if (status == STATUS_OK && !order.dry_run)
        status = end_run(call, work->list, import_count(work->import));
    show_counts(work);
    return status;
}

/* Links to the archive before this one lead here. */
static enum status
import_addresses(struct work *work)
{
    struct call *call = work->call;
    struct import_old_count count;
    enum status status = import_old(call->db, work->list->id, option(call, "--old-addresses"), tell, work, &count, &call->fault);

    out_int(call->out, "old_addresses_read", count.read);
    out_int(call->out, "old_addresses_noted", count.noted);
    out_int(call->out, "old_addresses_left_out", count.left_out);
    return status;
}

enum status
command_import(struct call *call)
{
    struct work work = {.call = call};
    struct import_count nothing = {0};
    enum status status = call_list(call, word(call, "LIST"), &work.list);

    if (status != STATUS_OK)
        return status;
    progress_begin(&work.progress, call, "messages");
    if (has_option(call, "--finish")) {
        status = take_lock(call, work.list);
        return status == STATUS_OK ? end_run(call, work.list, &nothing) : status;
    }
    status = check_paths(call);
    if (status != STATUS_OK)
        return status;
    work.rows = call->json ? out_rows(call->out, "report") : NULL;
    if (words_rest(call).count > 0)
        status = import_paths(&work);
    if (status == STATUS_OK && has_option(call, "--old-addresses") && !has_option(call, "--dry-run"))
        status = import_addresses(&work);
    return status;
}
