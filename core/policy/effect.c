/* effect.c - what another value of a setting would have done to the last posts: read, and counted */
#include <string.h>

#include "policy/effect-private.h"
#include "util/clock.h"
#include "util/str.h"

enum { POSTS_MOST = 100, POSTS_OF_ALL = 300 };

bool
setting_has_effect(const struct setting_row *row)
{
    return row->flags & (SETTING_FROM_EFFECT | SETTING_RULES_EFFECT | SETTING_WAIT_EFFECT | SETTING_TOPICS_EFFECT);
}

/* --- counting --- */

static bool
stops(enum post_action action)
{
    return action >= POST_HOLD;
}

static void
count_rule(struct effect *effect, const struct asker *asker, const past *post, const struct choice *now,
           const struct choice *then)
{
    enum post_action before = asker->ask(post, now), after = asker->ask(post, then);

    if (post->is_waiting) {
        /* It would have passed only where this rule alone held it. */
        effect->passing += !stops(after) && post->hits.count == 1 && str_eq(post->hits.items[0], asker->rule);
        return;
    }
    if (stops(before) || !stops(after))
        return;
    effect->held += after == POST_HOLD;
    effect->refused += after == POST_REJECT;
    effect->discarded += after == POST_DISCARD;
}

/* Each author once: the posts come sorted by author. */
static void
count_authors(struct effect *effect, const past *posts, size_t count, const struct settings *now, const struct settings *then)
{
    bool loses = false, keeps = false;

    for (size_t i = 0; i < count; i++) {
        bool before = keeps_from(&posts[i], now, now), after = keeps_from(&posts[i], then, now);

        if (posts[i].is_waiting)
            continue;
        loses = loses || (before && !after);
        keeps = keeps || (!before && after);
        if (i + 1 < count && !posts[i + 1].is_waiting && str_eq(posts[i].author, posts[i + 1].author))
            continue;
        effect->authors++;
        effect->lose_from += loses;
        effect->keep_from += keeps && !loses;
        loses = keeps = false;
    }
}

static void
count_waits(struct effect *effect, const past *post, const struct settings *now, const struct settings *then)
{
    bool is_over = now->max_days_to_hold > 0 && post->days >= now->max_days_to_hold;

    effect->too_long += post->is_waiting && !is_over && then->max_days_to_hold > 0 && post->days >= then->max_days_to_hold;
}

/* The posts of one list. */
static enum status
count_list(struct effect *effect, const struct effect_question *question, const struct settings *now, const past *posts, size_t count)
{
    const struct setting_row *row = question->row;
    const struct asker *asker = row->flags & SETTING_RULES_EFFECT ? asker_of(row->name) : NULL;
    struct settings *then = mem_new(effect->ctx, struct settings);
    struct choice *before, *after;

    must(asker != NULL || !(row->flags & SETTING_RULES_EFFECT));
    *then = *now;
    if (!setting_put(then, row, question->value))
        return STATUS_INVALID;
    before = choice_new(then, now);
    after = choice_new(then, then);
    for (size_t i = 0; i < count; i++) {
        effect->waiting += posts[i].is_waiting;
        effect->posts += !posts[i].is_waiting;
        if (asker != NULL)
            count_rule(effect, asker, &posts[i], before, after);
        if (row->flags & SETTING_WAIT_EFFECT)
            count_waits(effect, &posts[i], now, then);
    }
    count_authors(effect, posts, count, now, then);
    talloc_free(then);
    return STATUS_OK;
}

/* --- asking --- */

/* Lists that the question is about, each with what counts on it now. */
struct asked {
    int64_t *ids;
    struct settings **settings;
    size_t count;
};

static enum status
ask_one(TALLOC_CTX *ctx, const struct effect_question *question, struct asked *asked)
{
    *asked = (struct asked){mem_array(ctx, int64_t, 1), mem_array(ctx, struct settings *, 1), 1};
    asked->ids[0] = question->scope_id;
    asked->settings[0] = (struct settings *)question->now;
    return STATUS_OK;
}

/* Those of the scope that have no nearer value of their own. One more than can be told is asked for. */
static enum status
ask_many(struct db *db, TALLOC_CTX *ctx, const struct effect_question *question, struct asked *asked)
{
    struct row_effect_lists *rows;
    size_t count;
    enum status status = q_effect_lists(db, ctx, scope_word(question->scope), question->scope_id, question->row->name,
                                        EFFECT_LISTS_MOST + 1, &rows, &count);

    *asked = (struct asked){mem_array(ctx, int64_t, EFFECT_LISTS_MOST + 1), mem_array(ctx, struct settings *, EFFECT_LISTS_MOST + 1), 0};
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        const struct setting_row *row = rows[i].name == NULL ? NULL : setting_row(rows[i].name);

        if (i == 0 || rows[i].list_id != rows[i - 1].list_id) {
            asked->ids[asked->count] = rows[i].list_id;
            asked->settings[asked->count++] = settings_default(ctx);
        }
        if (row != NULL)
            setting_put(asked->settings[asked->count - 1], row, rows[i].value);
    }
    return status;
}

/* Posts come list by list, in the order of the lists. */
static enum status
count_posts(struct db *db, TALLOC_CTX *ctx, const struct effect_question *question, const struct asked *asked, struct effect *effect)
{
    int64_t each = POSTS_OF_ALL / (int64_t)asked->count;
    past *posts;
    size_t count, from = 0;
    enum status status = q_effect_posts(db, ctx, (struct int_array){asked->ids, asked->count}, each < 1 ? 1 : each > POSTS_MOST ? POSTS_MOST : each,
                                        clock_now_us(), &posts, &count);

    for (size_t list = 0; status == STATUS_OK && list < asked->count; list++) {
        size_t end = from;

        while (end < count && posts[end].list_id == asked->ids[list])
            end++;
        if (end > from || list == 0)
            status = count_list(effect, question, asked->settings[list], posts + from, end - from);
        from = end;
    }
    return status;
}

static enum status
count_topics(struct db *db, TALLOC_CTX *ctx, const struct asked *asked, struct effect *effect)
{
    struct row_effect_topics *row;
    enum status status = q_effect_topics(db, ctx, (struct int_array){asked->ids, asked->count}, &row);

    if (status == STATUS_OK)
        effect->choosers = (size_t)row->members;
    return status;
}

enum status
effect_ask(struct db *db, TALLOC_CTX *ctx, const struct effect_question *question, struct effect *effect_r)
{
    bool is_list = question->scope == SCOPE_LIST;
    struct asked asked;
    enum status status = is_list ? ask_one(ctx, question, &asked) : ask_many(db, ctx, question, &asked);

    *effect_r = (struct effect){.ctx = ctx};
    if (status != STATUS_OK)
        return status;
    effect_r->lists = asked.count;
    effect_r->is_too_much = asked.count > EFFECT_LISTS_MOST;
    if (asked.count == 0 || effect_r->is_too_much)
        return STATUS_OK;
    status = count_posts(db, ctx, question, &asked, effect_r);
    if (status == STATUS_OK && question->row->flags & SETTING_TOPICS_EFFECT)
        status = count_topics(db, ctx, &asked, effect_r);
    if (!(question->row->flags & SETTING_FROM_EFFECT) || !question->is_transparent)
        effect_r->lose_from = effect_r->keep_from = 0;
    return status;
}
