/* jobs-mbox.c - whole archives as files, one mbox.gz for each month, for whoever may read them
 *
 * The files lie in [site] spool_dir under a random name for two days, or until something goes out of the archive.
 * What a child that was ended in the middle left there, nothing names: forget_exports() removes it after a day. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/mbox-pack.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/log.h"
#include "worker/jobs.h"
#include "worker/spool.h"

enum { KEPT_DAYS = 2 };

#define DAY_US (INT64_C(86400) * US_PER_S)

static const char *
part_name(TALLOC_CTX *ctx, const char *result, const char *month)
{
    return mem_printf(ctx, "%s-%.7s", result, month);
}

static enum status
write_part(const struct job_desk *desk, TALLOC_CTX *ctx, const struct mbox_wish *wish, const char *name, int64_t *posts_r, int64_t *size_r)
{
    struct mbox_pack *pack = mbox_pack_new(ctx, desk->db, wish);
    FILE *file = spool_open(ctx, desk->conf, name, "mbox.gz");
    enum status status = file == NULL ? STATUS_DISK_FULL : STATUS_OK;
    struct str *piece = str_new(pack);
    bool end = false;

    if (file == NULL)
        log_event(EVENT_SPOOL_FOLDER, "folder", "%s", desk->conf->site_spool_dir, "error", "%s", strerror(errno));
    while (status == STATUS_OK && !end) {
        str_clear(piece);
        status = mbox_pack_next(pack, piece, &end);
        if (status == STATUS_OK && fwrite(piece->s, 1, piece->len, file) != piece->len)
            status = STATUS_DISK_FULL;
    }
    *posts_r = mbox_pack_posts(pack);
    *size_r = file != NULL ? (int64_t)ftell(file) : 0;
    if (file != NULL && fclose(file) != 0 && status == STATUS_OK)
        status = STATUS_DISK_FULL;
    talloc_free(pack);
    return status;
}

static enum status
write_months(const struct job_desk *desk, TALLOC_CTX *ctx, const struct row_archive_take *job, const struct row_archive_list *list,
             const struct lang *lang, const char *result)
{
    struct mbox_wish wish = {.list_id = job->list_id, .is_reduced = job->reduced, .lang = lang,
                             .why = reduced_why_of(list->addresses)};
    struct row_archive_list_months *months;
    size_t count;
    enum status status = q_archive_pack_add(desk->db, job->id, job->list_id, job->reduced, list->version, NULL);

    wish.url = mem_printf(ctx, "%s/lists/%s/", conf_url_of(ctx, desk->conf->site_url, list->web_host), list->slug);
    if (status == STATUS_OK)
        status = q_archive_list_months(desk->db, ctx, job->list_id, &months, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        int64_t posts, size;

        wish.month = months[i].month;
        status = write_part(desk, ctx, &wish, part_name(ctx, result, wish.month), &posts, &size);
        if (status == STATUS_OK)
            status = q_archive_part_add(desk->db, job->id, wish.month, posts, size, NULL);
    }
    return status;
}

static void
remove_parts(const struct job_desk *desk, TALLOC_CTX *ctx, const char *result, const struct row_archive_list_months *months, size_t count)
{
    for (size_t i = 0; i < count; i++)
        spool_remove(ctx, desk->conf, part_name(ctx, result, months[i].month), "mbox.gz");
}

static enum status
archive_list(const struct job_desk *desk, TALLOC_CTX *ctx, const struct row_archive_take *job)
{
    const char *result = random_token(ctx);
    struct row_archive_list *list;
    struct row_archive_list_months *months = NULL;
    const struct lang *lang;
    size_t count = 0;
    enum status status = q_archive_list(desk->db, ctx, job->list_id, &list);

    if (status != STATUS_OK)
        return status;
    if (list == NULL)
        return q_archive_end(desk->db, job->id, "failed", NULL, clock_now_us(), NULL);
    lang = i18n_lang(desk->i18n, list->language);
    status = write_months(desk, ctx, job, list, lang != NULL ? lang : i18n_nth(desk->i18n, 0), result);
    if (status == STATUS_OK)
        return q_archive_end(desk->db, job->id, "done", result, clock_now_us(), NULL);
    db_rollback(desk->db);
    if (q_archive_list_months(desk->db, ctx, job->list_id, &months, &count) == STATUS_OK)
        remove_parts(desk, ctx, result, months, count);
    return status;      /* tried again */
}

static enum status
archive_one(const struct job_desk *desk, TALLOC_CTX *ctx, bool *any_r)
{
    struct row_archive_take *job;
    enum status status = q_archive_take(desk->db, ctx, clock_now_us(), &job);

    *any_r = status == STATUS_OK && job != NULL;
    return *any_r ? archive_list(desk, ctx, job) : status;
}

enum status
archive_files(struct child *child, const struct i18n *i18n)
{
    return jobs_take(&(struct job_desk){child->db, child->conf, i18n}, archive_one, 1);
}

static enum status
forget_one(const struct job_desk *desk, TALLOC_CTX *ctx, bool *any_r)
{
    struct row_archive_old *job;
    struct row_archive_parts *parts;
    size_t count;
    enum status status = q_archive_old(desk->db, ctx, clock_now_us() - KEPT_DAYS * DAY_US, &job);

    *any_r = status == STATUS_OK && job != NULL;
    if (!*any_r)
        return status;
    status = q_archive_parts(desk->db, ctx, job->id, &parts, &count);
    for (size_t i = 0; status == STATUS_OK && i < count && job->result != NULL; i++)
        spool_remove(ctx, desk->conf, part_name(ctx, job->result, parts[i].month), "mbox.gz");
    return status == STATUS_OK ? q_archive_forget(desk->db, job->id, NULL) : status;
}

enum status
forget_archives(struct child *child, const struct i18n *i18n)
{
    return jobs_take(&(struct job_desk){child->db, child->conf, i18n}, forget_one, JOBS_ALL);
}
