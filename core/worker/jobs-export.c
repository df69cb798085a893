/* jobs-export.c - what is known about a person, as files for that person: data.json, and posts.mbox (mboxrd) with their own posts
 *
 * The files lie in [site] spool_dir under a random name for a week; the web server sends them when kairan-web has looked who asks. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "archive/mbox-write.h"
#include "policy/preference.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/log.h"
#include "util/out.h"
#include "worker/jobs.h"
#include "worker/spool.h"

enum { POSTS_A_TURN = 20, KEPT_DAYS = 7, LOST_DAYS = 1, ABOUT_MOST = 10000 };

#define DAY_US (INT64_C(86400) * US_PER_S)

struct export {
    TALLOC_CTX *ctx;
    struct db *db;
    int64_t user_id;
    struct int_array readable;      /* lists: of posts elsewhere the subject is not told */
    struct out *data;
    FILE *mbox;
};

static void
remove_files(TALLOC_CTX *ctx, const struct conf *conf, const char *name)
{
    spool_remove(ctx, conf, name, "json");
    spool_remove(ctx, conf, name, "mbox");
}

/* --- data.json --- */

/* What one level says itself. */
static enum status
add_preferences(const struct export *export, struct out *object, enum preference_level level, int64_t id)
{
    struct out *said = out_object(object, "preferences");
    struct preferences *preferences;
    enum status status = preferences_load(export->db, export->ctx, level, id, &preferences);

    for (int i = 0; status == STATUS_OK && i < PREFERENCE_COUNT; i++)
        if (preferences->own[level][i] != NULL)
            out_text(said, preference_rows()[i].name, preferences->own[level][i]);
    return status;
}

static enum status
add_account(const struct export *export)
{
    struct out *account = out_object(export->data, "account");
    struct row_export_user *user;
    enum status status = q_export_user(export->db, export->ctx, export->user_id, &user);

    if (status != STATUS_OK || user == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    out_text(account, "name", user->name);
    out_text(account, "preferred_address", user->email);
    out_text(account, "time_zone", user->time_zone);
    out_bool(account, "is_site_administrator", user->is_admin);
    out_time(account, "created_at", user->created_at);
    return add_preferences(export, account, LEVEL_USER, export->user_id);
}

static enum status
add_addresses(const struct export *export)
{
    struct out *rows = out_rows(export->data, "addresses");
    struct row_user_addresses *found;
    size_t count;
    enum status status = q_user_addresses(export->db, export->ctx, export->user_id, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "address", found[i].email);
        out_time(row, "verified_at", found[i].verified_at);
        status = add_preferences(export, row, LEVEL_ADDRESS, found[i].id);
    }
    return status;
}

static enum status
add_topics(const struct export *export, struct out *object, int64_t member_id)
{
    struct row_export_topics *found;
    size_t count;
    enum status status = q_export_topics(export->db, export->ctx, member_id, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        out_row_text(out_rows(object, "topics"), found[i].name);
    return status;
}

static enum status
add_memberships(const struct export *export)
{
    struct out *rows = out_rows(export->data, "memberships");
    struct row_export_memberships *found;
    size_t count;
    enum status status = q_export_memberships(export->db, export->ctx, export->user_id, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "list", found[i].list);
        out_text(row, "role", found[i].role);
        out_text(row, "address", found[i].email);
        out_text(row, "subscription_mode", found[i].mode);
        out_text(row, "moderation_action", found[i].moderation_action);
        out_time(row, "joined_at", found[i].joined_at);
        out_time(row, "left_at", found[i].left_at);
        status = add_preferences(export, row, LEVEL_MEMBER, found[i].id);
        if (status == STATUS_OK)
            status = add_topics(export, row, found[i].id);
    }
    return status;
}

/* --- sections that are rows as they stand --- */

/* A value of a row, by its kind: text, a time, a yes or no. */
struct column { const char *name; char kind; size_t offset; };

static void
add_row(struct out *rows, const struct column *columns, const void *found)
{
    struct out *row = out_row(rows);

    for (; columns->name != NULL; columns++) {
        const char *at = (const char *)found + columns->offset;

        if (columns->kind == 't')
            out_text(row, columns->name, *(const char *const *)at);
        else if (columns->kind == 'b')
            out_bool(row, columns->name, *(const bool *)at);
        else
            out_time(row, columns->name, *(const int64_t *)at);
    }
}

/* add_NAME(): all rows of the statement export_NAME, asked with these values, as the section NAME. */
#define SECTION_OF(section, values, ...) \
    static enum status add_##section(const struct export *export) \
    { \
        typedef struct row_export_##section row_type; \
        static const struct column columns[] = {__VA_ARGS__, {NULL, 0, 0}}; \
        struct out *rows = out_rows(export->data, #section); \
        row_type *found; \
        size_t count; \
        enum status status = q_export_##section values; \
\
        for (size_t i = 0; status == STATUS_OK && i < count; i++) \
            add_row(rows, columns, &found[i]); \
        return status; \
    }
#define SECTION(section, ...) SECTION_OF(section, (export->db, export->ctx, export->user_id, &found, &count), __VA_ARGS__)
#define READING(section, ...) \
    SECTION_OF(section, (export->db, export->ctx, export->user_id, export->readable, &found, &count), __VA_ARGS__)
#define TEXT(column) {#column, 't', offsetof(row_type, column)}
#define TIME(column) {#column, 'a', offsetof(row_type, column)}
#define FLAG(column) {#column, 'b', offsetof(row_type, column)}
SECTION(domains, TEXT(name), TIME(since))
SECTION(sessions, TEXT(agent), FLAG(is_lasting), TIME(created_at), TIME(last_seen), TIME(ends_at))
SECTION(feeds, TEXT(list), TIME(created_at))
SECTION(searches, TEXT(name), TEXT(query), TEXT(list), TIME(created_at))
SECTION(links, TEXT(purpose), TEXT(email), TIME(created_at), TIME(expires_at), TIME(used_at))
SECTION(requests, TEXT(list), TEXT(kind), TEXT(email), TEXT(name), TIME(created_at), TIME(confirmed_at), TIME(ended_at), TEXT(outcome),
        TEXT(reason))
SECTION(held, TEXT(list), TEXT(subject), TEXT(excerpt), TIME(held_at), TEXT(action), TIME(decided_at))
SECTION(bans, TEXT(place), TEXT(pattern), TIME(since))
SECTION(notices, TEXT(kind), TEXT(recipient), TIME(created_at), TIME(ended_at))
SECTION(read, TEXT(list), TIME(read_to), TIME(marked_at))
READING(read_threads, TEXT(list), TEXT(subject))
READING(favourites, TEXT(list), TEXT(subject), TEXT(message_id), TIME(at))
READING(muted, TEXT(list), TEXT(subject), TEXT(message_id), TIME(at))
READING(votes, TEXT(list), TEXT(subject), TEXT(message_id), FLAG(is_for), TIME(at))
READING(tags, TEXT(list), TEXT(tag), TEXT(subject), TIME(at))
SECTION(log, TIME(at), TEXT(action), TEXT(object), TEXT(detail))
#undef SECTION_OF
#undef SECTION
#undef READING
#undef TEXT
#undef TIME
#undef FLAG

/* What others did about one's addresses and memberships. */
static enum status
add_about(const struct export *export)
{
    struct out *rows = out_rows(export->data, "about_you");
    struct row_audit_about *found;
    size_t count;
    enum status status = q_audit_about(export->db, export->ctx, export->user_id, 0, ABOUT_MOST, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_time(row, "at", found[i].at);
        out_text(row, "by", found[i].actor);
        out_text(row, "action", found[i].action);
        out_text(row, "list", found[i].list);
        out_text(row, "object", found[i].object);
        out_text(row, "detail", found[i].detail);
    }
    return status;
}

/* --- posts.mbox --- */

static void
put_message(FILE *file, const struct row_export_posts *post)
{
    struct str *text = str_new(NULL);

    mbox_put(text, post->from_address, post->accepted_at, post->bytes);
    fwrite(text->s, 1, text->len, file);
    talloc_free(text);
}

static enum status
add_posts(const struct export *export)
{
    struct out *rows = out_rows(export->data, "posts");
    struct row_export_posts *found;
    int64_t after = 0;
    size_t count = POSTS_A_TURN;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && count == POSTS_A_TURN) {
        status = q_export_posts(export->db, export->ctx, export->user_id, after, POSTS_A_TURN, &found, &count);
        for (size_t i = 0; status == STATUS_OK && i < count; i++) {
            struct out *row = out_row(rows);

            out_text(row, "list", found[i].list);
            out_int(row, "number", found[i].number);
            out_text(row, "subject", found[i].subject);
            out_text(row, "message_id", found[i].rfc_message_id);
            out_time(row, "accepted_at", found[i].accepted_at);
            if (found[i].bytes.len > 0)
                put_message(export->mbox, &found[i]);
            after = found[i].id;
        }
        if (status == STATUS_OK)
            talloc_free(found);
    }
    return status;
}

/* --- the job --- */

static enum status
find_readable(struct export *export)
{
    struct row_export_lists *found;
    enum status status = q_export_lists(export->db, export->ctx, export->user_id, &found);

    if (status == STATUS_OK)
        export->readable = found->lists;
    return status;
}

static enum status
write_files(struct export *export, const struct conf *conf, const char *name)
{
    static enum status (*const parts[])(const struct export *) = {
        add_addresses, add_memberships, add_domains, add_sessions, add_feeds, add_searches, add_links, add_requests, add_held, add_bans,
        add_notices, add_posts, add_read, add_read_threads, add_favourites, add_muted, add_votes, add_tags, add_log, add_about,
    };
    FILE *file = spool_open(export->ctx, conf, name, "json");
    struct str *json = str_new(export->ctx);
    enum status status = STATUS_OK;
    bool is_good;

    export->mbox = spool_open(export->ctx, conf, name, "mbox");
    if (file == NULL || export->mbox == NULL) {
        log_event(EVENT_SPOOL_FOLDER, "folder", "%s", conf->site_spool_dir, "error", "%s", strerror(errno));
        status = STATUS_DISK_FULL;
    }
    if (status == STATUS_OK)
        status = add_account(export);
    if (status == STATUS_OK)
        status = find_readable(export);
    for (size_t i = 0; status == STATUS_OK && i < COUNT_OF(parts); i++)
        status = parts[i](export);
    out_json(json, export->data);
    is_good = file == NULL || fwrite(json->s, 1, json->len, file) == json->len;
    is_good = (file == NULL || fclose(file) == 0) && is_good;
    is_good = (export->mbox == NULL || (ferror(export->mbox) == 0) & (fclose(export->mbox) == 0)) && is_good;
    return status == STATUS_OK && !is_good ? STATUS_DISK_FULL : status;
}

static enum status
export_one(const struct job_desk *desk, TALLOC_CTX *ctx, bool *any_r)
{
    struct row_export_take *job;
    struct export export;
    const char *name = random_token(ctx);
    enum status status = q_export_take(desk->db, ctx, clock_now_us(), &job);

    *any_r = status == STATUS_OK && job != NULL;
    if (!*any_r)
        return status;
    export = (struct export){.ctx = ctx, .db = desk->db, .user_id = job->user_id, .data = out_new(ctx)};
    status = write_files(&export, desk->conf, name);
    if (status == STATUS_OK)
        return q_export_end(desk->db, job->id, "done", name, clock_now_us(), NULL);
    remove_files(ctx, desk->conf, name);
    /* The account is gone: nobody waits for it. Other trouble is tried again. */
    return status == STATUS_NOT_FOUND ? q_export_end(desk->db, job->id, "failed", NULL, clock_now_us(), NULL) : status;
}

enum status
export_data(struct child *child, const struct i18n *i18n)
{
    return jobs_take(&(struct job_desk){child->db, child->conf, i18n}, export_one, 1);
}

static enum status
forget_one(const struct job_desk *desk, TALLOC_CTX *ctx, bool *any_r)
{
    struct row_export_old *job;
    enum status status = q_export_old(desk->db, ctx, clock_now_us() - KEPT_DAYS * DAY_US, &job);

    *any_r = status == STATUS_OK && job != NULL;
    if (!*any_r)
        return status;
    if (job->result != NULL)
        remove_files(ctx, desk->conf, job->result);
    return q_export_forget(desk->db, job->id, NULL);
}

/* Files, of exports and of whole archives, that their writer could not name because it was ended. After a day nobody writes them any more. */
static enum status
remove_lost(const struct job_desk *desk)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t count, lost_count = 0;
    const char **files = spool_older(ctx, desk->conf, clock_now_us() - LOST_DAYS * DAY_US, &count);
    struct row_spool_lost *lost = NULL;
    enum status status = count == 0 ? STATUS_OK
        : q_spool_lost(desk->db, ctx, (struct text_array){files, count}, SPOOL_TOKEN, &lost, &lost_count);

    for (size_t i = 0; status == STATUS_OK && i < lost_count; i++)
        spool_remove_file(ctx, desk->conf, lost[i].file);
    talloc_free(ctx);
    return status;
}

enum status
forget_exports(struct child *child, const struct i18n *i18n)
{
    struct job_desk desk = {child->db, child->conf, i18n};
    enum status status = jobs_take(&desk, forget_one, JOBS_ALL);

    return status == STATUS_OK ? remove_lost(&desk) : status;
}
