/* thread-header.c - what a message's header says of the thread it belongs to */
#include <string.h>

#include "archive/thread.h"
#include "util/crypto.h"
#include "util/str.h"

/* "Your message of Monday, Hana <hana@example.jp>" is an address and no Message-ID. */
static bool
is_in_list(const struct address_list *list, TALLOC_CTX *ctx, const char *id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i].ok && str_eq_nocase(address_text(ctx, &list->rows[i]), id))
            return true;
    return false;
}

static bool
is_an_address(const struct summary *summary, const char *id)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    bool is_one = is_in_list(summary->to, scratch, id) || is_in_list(summary->cc, scratch, id) ||
                  is_in_list(summary->from, scratch, id);

    talloc_free(scratch);
    return is_one;
}

struct text_array
thread_answers(TALLOC_CTX *ctx, const struct summary *summary, const char *own_id)
{
    enum { FIRST = 10 };
    const char **items = mem_array(ctx, const char *, summary->reference_count + 1);
    size_t count = 0;

    for (size_t i = 0; i <= summary->reference_count; i++) {
        const char *id = i == 0 ? summary->in_reply_to : summary->references[summary->reference_count - i];
        bool known = str_is_empty(id) || str_eq(id, own_id) || (i == 0 && is_an_address(summary, id));

        for (size_t k = 0; k < count && !known; k++)
            known = str_eq(items[k], id);
        if (!known)
            items[count++] = id;
    }
    if (count > THREAD_ANSWERS_MOST) {
        memmove(items + THREAD_ANSWERS_MOST - FIRST, items + count - FIRST, FIRST * sizeof *items);
        count = THREAD_ANSWERS_MOST;
    }
    return (struct text_array){items, count};
}

struct blob
thread_index(TALLOC_CTX *ctx, const char *value)
{
    struct blob bytes = {NULL, 0};

    if (str_is_empty(value) || strlen(value) > THREAD_INDEX_MOST * 2 || !base64_decode(ctx, value, strlen(value), &bytes) ||
        bytes.len < THREAD_INDEX_ROOT || bytes.len > THREAD_INDEX_MOST || (bytes.len - THREAD_INDEX_ROOT) % THREAD_INDEX_STEP != 0)
        return (struct blob){NULL, 0};
    return bytes;
}

struct blob
thread_index_root(struct blob index)
{
    return index.len < THREAD_INDEX_ROOT ? (struct blob){NULL, 0} : (struct blob){index.data, THREAD_INDEX_ROOT};
}
