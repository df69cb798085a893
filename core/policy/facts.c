/* facts.c - what the rules are told: about the message, about its author, about bans */
#include <string.h>

#include "mime/address.h"
#include "policy/rule.h"
#include "store/statements.h"
#include "util/str.h"

static const char *const state_words[] = {
    [AUTHOR_UNKNOWN] = "unknown", [AUTHOR_NONMEMBER] = "nonmember", [AUTHOR_MEMBER] = "member",
    [AUTHOR_MODERATOR] = "moderator", [AUTHOR_OWNER] = "owner",
};

const char *
author_state_word(enum author_state state)
{
    return state_words[state];
}

/* --- the message --- */

enum { SENDERS_MAX = 100, FIELDS_MAX = 20 };

struct keys { const char **items; size_t count, room; };

static void
add_key(TALLOC_CTX *ctx, struct keys *keys, const struct address *address, size_t most)
{
    const char *key = address->ok ? address_key(ctx, address) : NULL;

    if (key == NULL || keys->count >= most)
        return;
    if (keys->count == keys->room) {
        keys->room = keys->room == 0 ? 16 : keys->room * 2;
        keys->items = mem_resize(ctx, keys->items, const char *, keys->room);
    }
    keys->items[keys->count++] = key;
}

static void
add_keys(TALLOC_CTX *ctx, struct keys *keys, const struct address_list *list, size_t most)
{
    for (size_t i = 0; i < list->count; i++)
        add_key(ctx, keys, &list->rows[i], most);
}

/* Of every field of that name. */
static void
add_fields(TALLOC_CTX *ctx, struct keys *keys, const struct header *header, const char *name)
{
    const struct header_field *field;

    for (size_t i = 0; i < FIELDS_MAX && (field = header_find(header, name, i)) != NULL; i++)
        add_keys(ctx, keys, address_list_parse(ctx, header_raw(field)), ADDRESS_LIST_MAX);
}

static struct text_array
as_array(const struct keys *keys)
{
    return (struct text_array){keys->items, keys->count};
}

/* Every field of that name, unfolded. */
static struct text_array
field_values(TALLOC_CTX *ctx, const struct header *header, const char *name)
{
    const char **values = mem_array(ctx, const char *, FIELDS_MAX);
    size_t count = 0;

    while (count < FIELDS_MAX && header_find(header, name, count) != NULL) {
        values[count] = header_value(ctx, header_find(header, name, count));
        count++;
    }
    return (struct text_array){values, count};
}

struct rule_message *
rule_message_read(TALLOC_CTX *ctx, const struct message *message, const struct summary *summary, const char *envelope_sender)
{
    struct rule_message *read = mem_new(ctx, struct rule_message);
    struct keys senders = {0}, recipients = {0};
    struct address envelope;

    *read = (struct rule_message){
        .subject = summary->subject, .from_fields = summary->from_fields, .from_addresses = summary->from->count,
        .author = summary->author != NULL ? address_key(read, summary->author) : NULL,
        .to_addresses = summary->to->count + summary->cc->count, .size = summary->size, .list_id = summary->list_id,
        .list_post = summary->list_post, .auto_submitted = summary->auto_submitted, .text = summary->text};
    if (!str_is_empty(envelope_sender) && address_parse(read, envelope_sender, &envelope)) {
        read->envelope_sender = address_key(read, &envelope);
        add_key(read, &senders, &envelope, SENDERS_MAX);
    }
    add_keys(read, &senders, summary->from, SENDERS_MAX);
    add_keys(read, &senders, summary->sender, SENDERS_MAX);
    add_keys(read, &senders, summary->reply_to, SENDERS_MAX);
    add_keys(read, &recipients, summary->to, ADDRESS_LIST_MAX);
    add_keys(read, &recipients, summary->cc, ADDRESS_LIST_MAX);
    add_fields(read, &recipients, message->header, "Resent-To");
    add_fields(read, &recipients, message->header, "Resent-Cc");
    read->senders = as_array(&senders);
    read->recipients = as_array(&recipients);
    read->x_loop = field_values(read, message->header, "X-Loop");
    return read;
}

/* --- the database --- */

static enum author_state
state_of(const char *role)
{
    for (size_t i = 0; i < COUNT_OF(state_words); i++)
        if (str_eq(state_words[i], role))
            return (enum author_state)i;
    return AUTHOR_UNKNOWN;
}

static enum post_action
action_of(const char *word)
{
    for (int action = POST_DEFER; action <= POST_DISCARD; action++)
        if (str_eq(post_action_word((enum post_action)action), word))
            return (enum post_action)action;
    return POST_HOLD;
}

/* The rows of the author, the membership first: a member who also has rights is a member in the eyes of the rules. */
static enum status
load_author(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct facts *facts)
{
    struct row_facts_author *rows;
    size_t count;
    enum status status = q_facts_author(db, ctx, list_id, facts->message->author, &rows, &count);

    if (status != STATUS_OK || count == 0)
        return status;
    facts->author_state = state_of(rows[0].role);
    facts->member_id = rows[0].id;
    facts->has_own_action = rows[0].moderation_action != NULL;
    if (facts->has_own_action)
        facts->own_action = action_of(rows[0].moderation_action);
    return STATUS_OK;
}

enum status
facts_load(struct db *db, TALLOC_CTX *ctx, const struct list *list, const struct settings *settings,
           const struct rule_message *message, const struct rule_auth *auth, struct facts **facts_r)
{
    struct facts *facts = mem_new(ctx, struct facts);
    struct row_facts_ban *ban = NULL;
    enum status status = STATUS_OK;

    *facts = (struct facts){.settings = settings, .list_address = list->address, .message = message, .auth = *auth,
                            .list_id = mem_printf(facts, "%s.%s", list->name, list->domain)};
    if (message->author != NULL)
        status = load_author(db, facts, list->id, facts);
    if (status == STATUS_OK)
        status = q_facts_ban(db, facts, list->id, message->senders, &ban);
    if (status == STATUS_OK)
        status = list_addresses(db, facts, list->id, &facts->list_addresses);
    if (status != STATUS_OK)
        return status;
    facts->banned = ban != NULL ? ban->key : NULL;
    *facts_r = facts;
    return STATUS_OK;
}

char *
facts_json(TALLOC_CTX *ctx, const struct facts *facts)
{
    const struct rule_message *message = facts->message;
    struct out *out = out_new(ctx);
    struct str *json = str_new(ctx);

    out_text(out, "author", message->author);
    out_text(out, "author_state", author_state_word(facts->author_state));
    out_int(out, "member", facts->member_id);
    out_text(out, "own_action", facts->has_own_action ? post_action_word(facts->own_action) : NULL);
    out_bool(out, "banned", facts->banned != NULL);
    out_int(out, "from_fields", (int64_t)message->from_fields);
    out_int(out, "from_addresses", (int64_t)message->from_addresses);
    out_int(out, "to_addresses", (int64_t)message->to_addresses);
    out_int(out, "size", (int64_t)message->size);
    out_bool(out, "has_subject", !str_is_empty(message->subject));
    out_text(out, "auto_submitted", message->auto_submitted);
    out_text(out, "dmarc", facts->auth.dmarc);
    out_text(out, "dmarc_policy", facts->auth.dmarc_policy);
    out_bool(out, "submitted", facts->auth.submitted);
    out_json(json, out);
    return json->s;
}
