/* removal.c - taking posts out of the archive, words out of posts, people out of everything */
#include <string.h>

#include "mime/address.h"
#include "mime/redact.h"
#include "policy/removal.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { CLEARED_A_TURN = 500, WORD_MOST = 500, LINES_MOST = 4 * REDACT_MAX };

/* ---- whole posts ---- */

/* removed NULL: they are shown again. The list is held as by whoever adds a post: both write to threads. */
static enum status
set_removed(struct db *db, const struct actor *actor, int64_t list_id, struct int_array posts, const char *removed, const char *action,
            int64_t *done_r)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_removal_hide *hidden = NULL;
    struct row_removal_show *shown = NULL;
    struct row_list_hold *held;
    struct change change;
    size_t count = 0;
    enum status status = change_begin(&change, db);

    if (status == STATUS_OK) {
        status = q_list_hold(db, ctx, list_id, &held);
        if (status == STATUS_OK)
            status = removed != NULL ? q_removal_hide(db, ctx, list_id, posts, removed, clock_now_us(), &hidden, &count)
                                     : q_removal_show(db, ctx, list_id, posts, &shown, &count);
        for (size_t i = 0; i < count && status == STATUS_OK; i++)
            status = audit_add(db, actor, action, list_id,
                               mem_printf(ctx, "%lld", (long long)(removed != NULL ? hidden[i].id : shown[i].id)), "");
        status = change_end(&change, status);
    }
    *done_r = status == STATUS_OK ? (int64_t)count : 0;
    talloc_free(ctx);
    return status;
}

enum status
removal_hide(struct db *db, const struct actor *actor, int64_t list_id, struct int_array posts, bool for_good, int64_t *done_r)
{
    return set_removed(db, actor, list_id, posts, for_good ? "deleted" : "hidden", for_good ? "post_delete" : "post_hide", done_r);
}

enum status
removal_show(struct db *db, const struct actor *actor, int64_t list_id, struct int_array posts, int64_t *done_r)
{
    return set_removed(db, actor, list_id, posts, NULL, "post_show", done_r);
}

enum status
removal_clear(struct db *db, const struct actor *actor, int64_t list_id, int64_t before_us, int64_t *done_r)
{
    size_t count = CLEARED_A_TURN;
    int64_t after = 0;
    enum status status = STATUS_OK;

    *done_r = 0;
    while (status == STATUS_OK && count == CLEARED_A_TURN) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct row_removal_older *rows;
        int64_t *ids, done = 0;

        status = q_removal_older(db, ctx, list_id, after, before_us, CLEARED_A_TURN, &rows, &count);
        ids = mem_array(ctx, int64_t, count + 1);
        for (size_t i = 0; status == STATUS_OK && i < count; i++)
            after = ids[i] = rows[i].id;
        if (status == STATUS_OK && count > 0)
            status = removal_hide(db, actor, list_id, (struct int_array){ids, count}, true, &done);
        *done_r += done;
        talloc_free(ctx);
    }
    return status;
}

/* ---- words ---- */

/* Each line that says something, with blanks in a row as one. */
static enum status
read_words(TALLOC_CTX *ctx, const char *lines, struct text_array *words_r, struct fault *fault)
{
    char **split = str_split(ctx, lines, '\n', LINES_MOST);
    const char **words = mem_array(ctx, const char *, REDACT_MAX + 1);
    size_t count = 0;

    for (size_t i = 0; split[i] != NULL; i++) {
        char *word = str_trim(ctx, split[i]);

        if (*word == '\0')
            continue;
        if (count == REDACT_MAX)
            return fault_set(fault, STATUS_INVALID, "words", N_("These are too many lines: twenty at most."));
        if (utf8_length(word) < REDACT_LEAST || strlen(word) > WORD_MOST)
            return fault_set(fault, STATUS_INVALID, "words", N_("A line must have two characters at least, and no more than 500 bytes."));
        words[count++] = word;
    }
    if (count == 0)
        return fault_set(fault, STATUS_INVALID, "words", N_("Please write what is to be taken out, one on each line."));
    *words_r = (struct text_array){words, count};
    return STATUS_OK;
}

static enum status
add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *kind, int64_t post_id, struct text_array words,
    int64_t *id_r)
{
    struct row_removal_add *row;
    struct change change;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK)
        return status;
    status = q_removal_add(db, ctx, list_id, kind, post_id, words, actor->words, actor->user_id, clock_now_us(), &row);
    if (status == STATUS_OK) {
        *id_r = row->id;
        status = audit_add(db, actor, str_eq(kind, "erase") ? "person_erase" : "post_redact", list_id,
                           mem_printf(ctx, "%lld", (long long)(post_id != 0 ? post_id : row->id)), "");
    }
    return change_end(&change, status);
}

enum status
removal_redact(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t post_id, const char *lines,
               int64_t *id_r, struct fault *fault)
{
    struct text_array words;
    enum status status = read_words(ctx, lines, &words, fault);

    return status == STATUS_OK ? add(db, actor, ctx, list_id, "redact", post_id, words, id_r) : status;
}

/* Addresses in the form in which they are compared; names as they are. */
static size_t
tidy_addresses(TALLOC_CTX *ctx, struct text_array words, const char **keys)
{
    const char **items = (const char **)(uintptr_t)words.items;
    size_t count = 0;

    for (size_t i = 0; i < words.count; i++) {
        char *key = strchr(items[i], '@') != NULL ? address_key_of(ctx, items[i]) : NULL;

        if (key != NULL)
            items[i] = keys[count++] = key;
    }
    return count;
}

/* What stands in the way of an erasure, named: CONFLICT. */
static enum status
may_erase(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct text_array keys, struct fault *fault)
{
    struct row_removal_belongs *belongs;
    struct row_removal_waits *waits;
    enum status status = q_removal_belongs(db, ctx, list_id, keys, &belongs);

    if (status == STATUS_OK && belongs->key != NULL)
        return fault_setf(fault, ctx, STATUS_CONFLICT, "words",
                          N_("%s is still a member, or has an account here. End that first."), belongs->key);
    if (status == STATUS_OK)
        status = q_removal_waits(db, ctx, list_id, keys, &waits);
    if (status == STATUS_OK && waits != NULL)
        return fault_setf(fault, ctx, STATUS_CONFLICT, "words",
                          N_("Mail from %s still waits on %s. Decide about it first."), waits->key, waits->list);
    return status;
}

enum status
removal_erase(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *lines, int64_t *id_r,
              struct fault *fault)
{
    const char *keys[REDACT_MAX];
    struct text_array words;
    size_t count;
    enum status status = read_words(ctx, lines, &words, fault);

    if (status != STATUS_OK)
        return status;
    count = tidy_addresses(ctx, words, keys);
    if (count == 0)
        return fault_set(fault, STATUS_INVALID, "words", N_("Please write at least one mail address of the person."));
    status = may_erase(db, ctx, list_id, (struct text_array){keys, count}, fault);
    return status == STATUS_OK ? add(db, actor, ctx, list_id, "erase", 0, words, id_r) : status;
}

enum status
removal_decide(struct db *db, const struct actor *actor, int64_t list_id, int64_t id, struct int_array posts, bool all)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_removal_get *row;
    struct change change;
    int64_t changed = 0;
    enum status status = change_begin(&change, db);

    if (status == STATUS_OK) {
        status = q_removal_get(db, ctx, id, list_id, &row);
        if (status == STATUS_OK && row == NULL)
            status = STATUS_NOT_FOUND;
        if (status == STATUS_OK)
            status = q_removal_decided(db, id, clock_now_us(), &changed);
        if (status == STATUS_OK && changed == 0)
            status = STATUS_CONFLICT;
        if (status == STATUS_OK)
            status = all ? q_removal_choose_all(db, id, NULL) : q_removal_choose(db, id, posts, NULL);
        if (status == STATUS_OK)
            status = audit_add(db, actor, "person_erase_found", row->list_id, mem_printf(ctx, "%lld", (long long)id), "");
        status = change_end(&change, status);
    }
    talloc_free(ctx);
    return status;
}
