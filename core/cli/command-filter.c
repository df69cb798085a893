/* command-filter.c - kairan filter, kairan topic: what header fields decide, and what posts are about */
#include <string.h>

#include "cli/common.h"
#include "mime/address.h"
#include "policy/filter.h"
#include "policy/rule.h"
#include "policy/topic.h"
#include "store/statements.h"

enum status
command_filter_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "filters");
    struct filter *filters;
    struct rule_place place;
    size_t count;
    enum status status = call_rule_place(call, &place);

    if (status == STATUS_OK)
        status = filter_list(call->db, call->ctx, place, &filters, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_int(row, "id", filters[i].id);
        out_text(row, "action", post_action_word(filters[i].action));
        out_text(row, "conditions", filter_words(row, &filters[i]));
        out_int(row, "hits", filters[i].hits);
        out_time(row, "last_hit_at", filters[i].last_hit_at);
        out_int(row, "too_costly", filters[i].costly);
        out_text(row, "note", filters[i].note);
        if (call->json)
            out_text(row, "reject_text", filters[i].reject_text);
    }
    return status;
}

/* Further conditions stand in --and, as "FIELD: EXPRESSION", one on each line. */
static enum status
add_conditions(struct call *call, struct filter *filter)
{
    char **lines = str_split(call->ctx, option(call, "--and") != NULL ? option(call, "--and") : "", '\n', 10);

    for (size_t i = 0; lines[i] != NULL; i++) {
        char *line = str_trim(call->ctx, lines[i]), *colon = *line != '\0' ? strchr(line + 1, ':') : NULL;

        if (*line == '\0')
            continue;
        if (filter->count == FILTER_CONDITIONS_MAX)
            return fault_set(&call->fault, STATUS_INVALID, "--and", N_("A filter has at most three conditions."));
        if (colon != NULL)
            *colon = '\0';
        filter->fields[filter->count] = line;
        filter->patterns[filter->count++] = colon != NULL ? colon + 1 : "";
    }
    return STATUS_OK;
}

enum status
command_filter_add(struct call *call)
{
    const char *action = option(call, "--action"), *text = option(call, "--text"), *note = option(call, "--note");
    struct filter filter = {.count = 1, .fields = {word(call, "FIELD")}, .patterns = {word(call, "EXPRESSION")},
                            .reject_text = text != NULL ? text : "", .note = note != NULL ? note : "",
                            .action = post_action_of(action != NULL ? action : "hold")};
    enum status status = call_rule_place(call, &filter.place);

    if (action != NULL && !str_eq(post_action_word(filter.action), action))
        return fault_set(&call->fault, STATUS_INVALID, "--action", N_("An action is accept, hold, reject or discard."));
    if (status == STATUS_OK)
        status = add_conditions(call, &filter);
    if (status == STATUS_OK)
        status = filter_add(call->db, &call->actor, call->ctx, &filter, &call->fault);
    if (status == STATUS_OK)
        out_int(call->out, "added", filter.id);
    return status;
}

static enum status
find_filter(struct call *call, struct rule_place *place_r, int64_t *id_r)
{
    enum status status = call_rule_place(call, place_r);

    return status == STATUS_OK ? call_number(call, "ID", word(call, "ID"), INT64_MAX, id_r) : status;
}

static enum status
say_changed(struct call *call, enum status status, const char *how, int64_t id)
{
    if (status == STATUS_OK)
        out_int(call->out, how, id);
    if (status == STATUS_NOT_FOUND && call->fault.sentence == NULL)
        return fault_set(&call->fault, status, "ID", N_("There is no such filter here."));
    return status;
}

enum status
command_filter_remove(struct call *call)
{
    struct rule_place place;
    int64_t id = 0;
    enum status status = find_filter(call, &place, &id);

    if (status == STATUS_OK)
        status = filter_remove(call->db, &call->actor, call->ctx, place, id);
    return say_changed(call, status, "removed", id);
}

enum status
command_filter_move(struct call *call)
{
    struct rule_place place;
    int64_t id = 0, where = 0;
    enum status status = find_filter(call, &place, &id);

    if (status == STATUS_OK)
        status = call_number(call, "PLACE", word(call, "PLACE"), FILTERS_MAX, &where);
    if (status == STATUS_OK)
        status = filter_move(call->db, &call->actor, call->ctx, place, id, (int)where);
    return say_changed(call, status, "moved", id);
}

/* Which filter a message meets, of all that are asked at the place. */
enum status
command_filter_test(struct call *call)
{
    struct filter_answer answer;
    struct filter_input input;
    struct filter_set *set;
    struct message *message;
    struct rule_scan scan;
    struct blob bytes;
    struct rule_place place;
    enum status status = call_rule_place(call, &place);

    if (status == STATUS_OK)
        status = read_input(call, "-", 64 << 20, &bytes);
    if (status == STATUS_OK)
        status = filter_set_load(call->db, call->ctx, place, &set);
    if (status != STATUS_OK)
        return status;
    message = message_parse(call->ctx, bytes);
    scan = rule_scan_read(call->ctx, message->header, settings_default(call->ctx));
    input = (struct filter_input){message, message_text(call->ctx, message, 65536), bytes.len, scan.has_score, scan.score_tenths};
    answer = filter_set_ask(call->ctx, set, &input);
    out_int(call->out, "filters", (int64_t)filter_set_count(set));
    out_int(call->out, "met", answer.filter != NULL ? answer.filter->id : 0);
    out_text(call->out, "action", answer.filter != NULL ? post_action_word(answer.filter->action) : NULL);
    out_text(call->out, "conditions", answer.filter != NULL ? filter_words(call->ctx, answer.filter) : NULL);
    out_text(call->out, "found", answer.found[0] != NULL ? utf8_cut(call->ctx, answer.found[0], 200) : NULL);
    out_int(call->out, "too_costly", answer.costly != NULL ? answer.costly->id : 0);
    return STATUS_OK;
}

/* --- topics --- */

static enum status
topics_of(struct call *call, struct list **list_r, struct topic **topics_r, size_t *count_r)
{
    enum status status = call_list(call, word(call, "LIST"), list_r);

    return status == STATUS_OK ? topic_list(call->db, call->ctx, (*list_r)->id, topics_r, count_r) : status;
}

static const struct topic *
topic_named(const struct topic *topics, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq_nocase(topics[i].name, name))
            return &topics[i];
    return NULL;
}

static enum status
no_topic(struct call *call, const char *name)
{
    return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "TOPIC", "There is no topic \"%s\" on this list.", name);
}

enum status
command_topic_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "topics");
    struct topic *topics;
    struct list *list;
    size_t count;
    enum status status = topics_of(call, &list, &topics, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "topic", topics[i].name);
        out_text(row, "expression", topics[i].pattern);
        out_int(row, "members", topics[i].members);
        out_text(row, "description", topics[i].description);
    }
    return status;
}

enum status
command_topic_add(struct call *call)
{
    const char *description = option(call, "--description");
    struct topic topic = {.name = word(call, "TOPIC"), .pattern = word(call, "EXPRESSION"),
                          .description = description != NULL ? description : ""};
    struct list *list;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = topic_save(call->db, &call->actor, call->ctx, list->id, &topic, &call->fault);
    if (status == STATUS_OK)
        out_text(call->out, "added", topic.name);
    return status;
}

enum status
command_topic_remove(struct call *call)
{
    const struct topic *topic;
    struct topic *topics;
    struct list *list;
    size_t count;
    enum status status = topics_of(call, &list, &topics, &count);

    if (status != STATUS_OK)
        return status;
    topic = topic_named(topics, count, word(call, "TOPIC"));
    if (topic == NULL)
        return no_topic(call, word(call, "TOPIC"));
    status = topic_remove(call->db, &call->actor, call->ctx, list->id, topic->id);
    if (status == STATUS_OK)
        out_text(call->out, "removed", topic->name);
    return status;
}

static enum status
find_member(struct call *call, const struct list *list, int64_t *member_id_r)
{
    const char *key = address_key_of(call->ctx, word(call, "ADDRESS"));
    struct row_topic_member *row = NULL;
    enum status status = key == NULL ? STATUS_OK : q_topic_member(call->db, call->ctx, list->id, key, &row);

    if (status == STATUS_OK && row == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "ADDRESS", "%s is not a member.", word(call, "ADDRESS"));
    *member_id_r = row != NULL ? row->id : 0;
    return status;
}

/* Without topics: all posts again. */
enum status
command_topic_choose(struct call *call)
{
    struct text_array names = words_rest(call);
    int64_t *ids = mem_array(call->ctx, int64_t, names.count + 1), member_id = 0;
    struct topic *topics;
    struct list *list;
    size_t count;
    enum status status = topics_of(call, &list, &topics, &count);

    if (status == STATUS_OK)
        status = find_member(call, list, &member_id);
    for (size_t i = 0; status == STATUS_OK && i < names.count; i++) {
        const struct topic *topic = topic_named(topics, count, names.items[i]);

        if (topic == NULL)
            return no_topic(call, names.items[i]);
        ids[i] = topic->id;
    }
    if (status == STATUS_OK)
        status = topic_choose(call->db, &call->actor, list->id, member_id, word(call, "ADDRESS"),
                              (struct int_array){ids, names.count}, !has_option(call, "--only"));
    if (status == STATUS_OK)
        out_int(call->out, "topics", (int64_t)names.count);
    return status;
}
