/* reader.c - what people who are signed in keep about threads, and by what members sort them */
#include <string.h>

#include "policy/reader.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

/* --- marks of one's own --- */

static enum status
refuse_too_many(struct fault *fault)
{
    return fault_set(fault, STATUS_INVALID, NULL, N_("A thousand threads are marked so already. Please take some off first."));
}

enum status
reader_keep(struct db *db, TALLOC_CTX *ctx, int64_t user_id, const struct thread_seen *thread, bool is_kept, struct fault *fault)
{
    struct row_reader_counts *counts;
    int64_t changed = 0;
    enum status status;

    if (!is_kept)
        return q_reader_drop(db, user_id, thread->id, NULL);
    status = q_reader_keep(db, user_id, thread->first_post, clock_now_us(), THREADS_KEPT_MAX, &changed);
    if (status != STATUS_OK || changed > 0)
        return status;
    status = q_reader_counts(db, ctx, user_id, &counts);
    return status == STATUS_OK && counts->favourites >= THREADS_KEPT_MAX ? refuse_too_many(fault) : status;
}

enum status
reader_mute(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct thread_seen *thread, bool is_muted,
            struct fault *fault)
{
    struct row_reader_counts *counts;
    struct change change;
    int64_t changed = 0;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK)
        return status;
    if (is_muted)
        status = q_reader_mute(db, actor->user_id, thread->first_post, clock_now_us(), THREADS_KEPT_MAX, &changed);
    else
        status = q_reader_unmute(db, actor->user_id, thread->id, &changed);
    if (status == STATUS_OK && is_muted && changed == 0) {
        status = q_reader_counts(db, ctx, actor->user_id, &counts);
        if (status == STATUS_OK && counts->mutes >= THREADS_KEPT_MAX)
            status = refuse_too_many(fault);
    }
    if (status == STATUS_OK && changed > 0)
        status = audit_add(db, actor, is_muted ? "thread_mute" : "thread_unmute", thread->list_id, actor->words, thread->subject);
    return change_end(&change, status);
}

enum status
reader_vote(struct db *db, int64_t user_id, int64_t post_id, int value)
{
    if (value == 0)
        return q_reader_unvote(db, user_id, post_id, NULL);
    return q_reader_vote(db, user_id, post_id, value, clock_now_us(), NULL);
}

/* --- tags --- */

char *
tag_fold(TALLOC_CTX *ctx, const char *typed)
{
    char *name = str_lower(ctx, str_trim(ctx, utf8_fold_width(ctx, typed)));

    name = str_trim(ctx, name + strspn(name, "#"));
    if (*name == '\0' || strpbrk(name, ",\n\t") != NULL || utf8_length(name) > TAG_MAX)
        return NULL;
    return name;
}

enum status
thread_tag(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct thread_seen *thread, const char *typed,
           struct fault *fault)
{
    const char *name = tag_fold(ctx, typed);
    struct row_reader_tag_count *there;
    struct change change;
    int64_t changed = 0;
    enum status status;

    if (name == NULL)
        return fault_set(fault, STATUS_INVALID, "add", N_("A tag is a word or a few, at most 40 characters, without a comma."));
    status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = q_reader_tag_count(db, ctx, thread->list_id, thread->id, &there);
    if (status == STATUS_OK && there->tags >= THREAD_TAGS_MAX)
        status = fault_set(fault, STATUS_INVALID, "add", N_("This thread has twenty tags already."));
    if (status == STATUS_OK)
        status = q_reader_tag(db, thread->list_id, thread->first_post, name, actor->user_id, clock_now_us(), &changed);
    if (status == STATUS_OK && changed > 0)
        status = audit_add(db, actor, "tag_add", thread->list_id, name, thread->subject);
    return change_end(&change, status);
}

enum status
thread_untag(struct db *db, const struct actor *actor, const struct thread_seen *thread, const char *name)
{
    struct change change;
    int64_t changed = 0;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK)
        return status;
    status = q_reader_untag(db, thread->list_id, thread->id, name, &changed);
    if (status == STATUS_OK && changed > 0)
        status = audit_add(db, actor, "tag_remove", thread->list_id, name, thread->subject);
    return change_end(&change, status);
}

/* --- categories --- */

static enum status
name_of(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t id, const char **name_r)
{
    struct row_category_names *rows;
    size_t count;
    enum status status = q_category_names(db, ctx, list_id, &rows, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (rows[i].id == id) {
            *name_r = rows[i].name;
            return STATUS_OK;
        }
    return status == STATUS_OK ? STATUS_NOT_FOUND : status;
}

enum status
thread_categorise(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const struct thread_seen *thread, int64_t category)
{
    const char *name = "";
    struct change change;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK)
        return status;
    if (category != 0)
        status = name_of(db, ctx, thread->list_id, category, &name);
    if (status == STATUS_NOT_FOUND)
        status = STATUS_INVALID;
    if (status == STATUS_OK && category != 0)
        status = q_category_put(db, thread->first_post, category, NULL);
    else if (status == STATUS_OK)
        status = q_category_take(db, thread->id, NULL);
    if (status == STATUS_OK)
        status = audit_add(db, actor, "thread_category", thread->list_id, thread->subject, name);
    return change_end(&change, status);
}

/* The name as it is kept; NULL and a fault when it is none. */
static const char *
category_name(TALLOC_CTX *ctx, const char *typed, struct fault *fault)
{
    const char *name = str_trim(ctx, typed);

    if (*name != '\0' && utf8_length(name) <= CATEGORY_MAX)
        return name;
    fault_set(fault, STATUS_INVALID, "name", N_("A category has a name of at most 60 characters."));
    return NULL;
}

static enum status
has_room(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct fault *fault)
{
    struct row_category_names *rows;
    size_t count = 0;
    enum status status = q_category_names(db, ctx, list_id, &rows, &count);

    if (status == STATUS_OK && count >= CATEGORIES_MAX)
        return fault_set(fault, STATUS_INVALID, "name", N_("There are fifty categories already."));
    return status;
}

enum status
category_save(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id, const char *typed,
              struct fault *fault)
{
    const char *name = category_name(ctx, typed, fault), *before = "";
    struct change change;
    enum status status = name == NULL ? STATUS_INVALID : id == 0 ? has_room(db, ctx, list_id, fault)
                                                                 : name_of(db, ctx, list_id, id, &before);

    if (status == STATUS_OK)
        status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    status = id == 0 ? q_category_add(db, list_id, name, NULL) : q_category_rename(db, list_id, id, name, NULL);
    if (status == STATUS_CONFLICT)
        fault_set(fault, status, "name", N_("There is a category of this name already."));
    if (status == STATUS_OK)
        status = audit_add(db, actor, id == 0 ? "category_add" : "category_rename", list_id, name, before);
    return change_end(&change, status);
}

typedef enum status category_change(struct db *db, int64_t list_id, int64_t id, int64_t *changed_r);

static enum status
change_category(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id, category_change *carry_out,
                const char *action)
{
    const char *name;
    struct change change;
    int64_t changed = 0;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK)
        return status;
    status = name_of(db, ctx, list_id, id, &name);
    if (status == STATUS_OK)
        status = carry_out(db, list_id, id, &changed);
    if (status == STATUS_OK && changed > 0)
        status = audit_add(db, actor, action, list_id, name, "");
    return change_end(&change, status);
}

enum status
category_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id)
{
    return change_category(db, actor, ctx, list_id, id, q_category_remove, "category_remove");
}

enum status
category_raise(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id)
{
    return change_category(db, actor, ctx, list_id, id, q_category_raise, "category_move");
}
