/* post-reach.c - whom a post reaches beside the list's own members, and those who want it for its topic */
#include "policy/pattern.h"
#include "worker/post.h"

static enum status
ids_of(struct work *work, struct text_array addresses, struct int_array *ids_r)
{
    struct row_lists_by_address *rows;
    const char **keys = mem_array(work->ctx, const char *, addresses.count + 1);
    int64_t *ids;
    size_t count = 0;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < addresses.count; i++)
        if ((keys[count] = address_key_of(work->ctx, addresses.items[i])) != NULL)
            count++;
    *ids_r = (struct int_array){NULL, 0};
    if (count == 0)
        return STATUS_OK;
    status = q_lists_by_address(work->poster->child->db, work->ctx, (struct text_array){keys, count}, &rows, &count);
    if (status != STATUS_OK)
        return status;
    ids = mem_array(work->ctx, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = rows[i].id;
    *ids_r = (struct int_array){ids, count};
    return STATUS_OK;
}

static enum status
load_siblings(struct work *work, struct reach *reach)
{
    struct text_array excluded = work->settings->regular_exclude_lists, recipients = work->read->recipients;
    const char **named = mem_array(work->ctx, const char *, excluded.count + 1);
    size_t count = 0;
    enum status status = ids_of(work, work->settings->regular_include_lists, &reach->include);

    for (size_t i = 0; i < excluded.count; i++)
        for (size_t k = 0; k < recipients.count; k++)
            if (pattern_matches(excluded.items[i], recipients.items[k])) {
                named[count++] = excluded.items[i];
                break;
            }
    return status == STATUS_OK ? ids_of(work, (struct text_array){named, count}, &reach->exclude) : status;
}

static enum status
find_topics(struct work *work, struct topics_found *topics)
{
    if (!work->settings->topics_enabled)
        return STATUS_OK;
    return topic_find(work->poster->child->db, work->ctx, work->row->list_id, work->message, work->summary->subject,
                      work->summary->text, work->settings->topics_bodylines_limit, topics);
}

enum status
post_find_reach(struct work *work, struct reach *reach_r)
{
    enum status status;

    *reach_r = (struct reach){.by_topic = work->settings->topics_enabled};
    status = find_topics(work, &reach_r->topics);
    return status == STATUS_OK ? load_siblings(work, reach_r) : status;
}
