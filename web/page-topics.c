/* page-topics.c - what posts are about: the owners' topics, and a member's choice among them */
#include "policy/topic.h"
#include "web/common.h"
#include "web/page.h"
#include "web/rule-place.h"

/* ---- owners ---- */

static enum status
show_topics(struct request *request, const struct topic *typed)
{
    struct out *rows = out_rows(request->page, "topics");
    struct settings *settings;
    struct topic *topics;
    size_t count;
    enum status status = topic_list(request->web->db, request, request->list->id, &topics, &count);

    if (status == STATUS_OK)
        status = settings_load(request->web->db, request, request->list->id, &settings);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", topics[i].id);
        out_text(row, "name", topics[i].name);
        out_text(row, "pattern", topics[i].pattern);
        out_text(row, "description", topics[i].description);
        out_int(row, "members", topics[i].members);
    }
    rule_place_show(request, "topics");
    out_bool(request->page, "is_on", settings->topics_enabled);
    out_text(request->page, "name", typed->name);
    out_text(request->page, "pattern", typed->pattern);
    out_text(request->page, "description", typed->description);
    return STATUS_OK;
}

enum status
page_topics(struct request *request, struct fault *fault)
{
    static const struct topic empty = {.name = "", .pattern = "", .description = ""};

    (void)fault;
    out_text(request->page, "done", request_text(request, "done"));
    return show_topics(request, &empty);
}

static struct topic
typed_topic(const struct request *request, int64_t id)
{
    return (struct topic){.id = id, .name = request_text(request, "name"), .pattern = request_text(request, "pattern"),
                          .description = request_text(request, "description")};
}

static enum status
sent_on(struct request *request, const char *done)
{
    response_send_to(request->response, mem_printf(request, "%stopics?done=%s", request->list->path, done));
    return STATUS_OK;
}

enum status
page_topics_add(struct request *request, struct fault *fault)
{
    struct topic topic = typed_topic(request, 0);
    struct actor actor = request_actor(request);
    enum status status = topic_save(request->web->db, &actor, request, request->list->id, &topic, fault);

    if (status == STATUS_OK)
        return sent_on(request, "saved");
    if (fault->field == NULL)
        return status;
    status = show_topics(request, &topic);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

static enum status
find(struct request *request, struct topic *topic)
{
    struct topic *topics;
    int64_t id = 0;
    size_t count;
    enum status status = topic_list(request->web->db, request, request->list->id, &topics, &count);

    if (status != STATUS_OK || !str_to_int(request_param(request, "id"), 1, INT64_MAX, &id))
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    for (size_t i = 0; i < count; i++)
        if (topics[i].id == id) {
            *topic = topics[i];
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

static void
show_one(struct request *request, const struct topic *topic, int64_t members)
{
    rule_place_show(request, "topics");
    out_int(request->page, "id", topic->id);
    out_text(request->page, "name", topic->name);
    out_text(request->page, "pattern", topic->pattern);
    out_text(request->page, "description", topic->description);
    out_int(request->page, "members", members);
}

enum status
page_topic(struct request *request, struct fault *fault)
{
    struct topic topic;
    enum status status = find(request, &topic);

    (void)fault;
    if (status == STATUS_OK)
        show_one(request, &topic, topic.members);
    return status;
}

enum status
page_topic_save(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    struct topic old, typed;
    enum status status = find(request, &old);

    if (status != STATUS_OK)
        return status;
    if (str_eq(request_text(request, "act"), "remove")) {
        status = topic_remove(request->web->db, &actor, request, request->list->id, old.id);
        return status == STATUS_OK ? sent_on(request, "removed") : status;
    }
    typed = typed_topic(request, old.id);
    status = topic_save(request->web->db, &actor, request, request->list->id, &typed, fault);
    if (status == STATUS_OK)
        return sent_on(request, "saved");
    if (fault->field == NULL)
        return status;
    show_one(request, &typed, old.members);
    return form_refuse(request, fault);
}

/* ---- a member ---- */

static bool
is_among(struct int_array ids, int64_t id)
{
    for (size_t i = 0; i < ids.count; i++)
        if (ids.items[i] == id)
            return true;
    return false;
}

/* 403 for everybody else: whoever sees the list may know that it has topics, and has none to choose. */
static enum status
need_membership(const struct request *request)
{
    if (request->list->member_id != 0)
        return STATUS_OK;
    return request->standing.is_signed_in ? STATUS_NOT_ALLOWED : STATUS_NOT_SIGNED_IN;
}

enum status
page_my_topics(struct request *request, struct fault *fault)
{
    struct out *rows = out_rows(request->page, "topics");
    struct int_array chosen;
    struct topic *topics;
    bool others;
    size_t count = 0;
    enum status status = need_membership(request);

    (void)fault;
    if (status == STATUS_OK)
        status = topic_list(request->web->db, request, request->list->id, &topics, &count);
    if (status == STATUS_OK)
        status = topic_chosen(request->web->db, request, request->list->member_id, &chosen, &others);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", topics[i].id);
        out_text(row, "name", topics[i].name);
        out_text(row, "description", topics[i].description);
        out_bool(row, "is_chosen", is_among(chosen, topics[i].id));
    }
    if (status == STATUS_OK) {
        out_bool(request->page, "others", others);
        out_bool(request->page, "is_saved", request_has(request, "saved"));
    }
    return status;
}

enum status
page_my_topics_save(struct request *request, struct fault *fault)
{
    struct actor actor = request_actor(request);
    enum status status = need_membership(request);

    (void)fault;
    if (status == STATUS_OK)
        status = topic_choose(request->web->db, &actor, request->list->id, request->list->member_id, request->me.email,
                              request_ids(request, request, "topic"), request_has(request, "others"));
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%smy-topics?saved=1", request->list->path));
    return status;
}
