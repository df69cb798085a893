/* thread-load.c - a thread out of the store */
#include <string.h>

#include "archive/place.h"
#include "archive/thread-load.h"
#include "util/str.h"

/* "https://.../lists/NAME/thread/HASH#OTHER" or ".../message/HASH/raw?x": the last hash that it names. */
static const char *
hash_in_address(TALLOC_CTX *ctx, const char *text)
{
    const char *mark = strchr(text, '#'), *at = NULL;

    if (strchr(text, '/') == NULL)
        return text;
    for (const char *p = text; (p = strchr(p, '/')) != NULL; p++)
        if (str_starts(p, "/thread/") || str_starts(p, "/message/"))
            at = strchr(p + 1, '/') + 1;
    if (mark != NULL && mark[1] != '\0')
        at = mark + 1;
    return at == NULL ? text : mem_strndup(ctx, at, strcspn(at, "/?#"));
}

enum status
thread_find_post(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *text, bool archived_only, struct row_thread_post **post_r)
{
    const char *given = hash_in_address(ctx, str_trim(ctx, text));
    size_t len = strlen(given);
    int64_t number = 0;
    enum status status;

    if (len > 2 && given[0] == '<' && given[len - 1] == '>')
        given = mem_strndup(ctx, given + 1, len - 2);
    str_to_int(given[0] == '#' ? given + 1 : given, 1, INT64_MAX, &number);
    status = q_thread_post(db, ctx, list_id, number, given, given, post_r);
    if (status == STATUS_OK && *post_r != NULL && archived_only && !(*post_r)->is_archived)
        *post_r = NULL;
    return status;
}

enum status
thread_load(struct db *db, TALLOC_CTX *ctx, int64_t thread_id, bool archived_only, struct row_thread_leaves **posts_r, size_t *count_r,
            struct thread_line **lines_r, size_t *line_count_r)
{
    enum status status = q_thread_leaves(db, ctx, thread_id, PLACE_ROWS_MOST, posts_r, count_r);
    struct thread_leaf *leaves;

    if (status != STATUS_OK)
        return status;
    leaves = mem_array(ctx, struct thread_leaf, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++) {
        const struct row_thread_leaves *post = &(*posts_r)[i];

        leaves[i] = (struct thread_leaf){post->id, post->parent, post->missing, post->hash, post->written_at, post->is_copy,
                                         archived_only && !post->is_archived};
    }
    *lines_r = thread_tree(ctx, leaves, *count_r, line_count_r);
    return STATUS_OK;
}
