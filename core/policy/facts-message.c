/* facts-message.c - what the rules are told about a message, read from its bytes */
#include <stdlib.h>
#include <string.h>

#include "mime/address.h"
#include "mime/word.h"
#include "policy/rule.h"
#include "util/str.h"

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
        .source = message, .subject = summary->subject, .from_fields = summary->from_fields, .from_addresses = summary->from->count,
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

/* --- what the mail server's filters wrote --- */

/* Where our own fields end: behind the last Received that is ours. Fields below it are anybody's. 0: all are believed. */
static size_t
trusted_fields(const struct header *header, int received)
{
    size_t end = 0;

    if (received == 0)
        return header->count;
    for (; end < header->count && received > 0; end++)
        received -= header_field_is(&header->fields[end], "Received");
    return received > 0 ? 0 : end;
}

/* The first of that name among the trusted ones, decoded, or NULL. */
static char *
scan_value(TALLOC_CTX *ctx, const struct header *header, size_t end, const char *name)
{
    for (size_t i = 0; i < end; i++)
        if (header_field_is(&header->fields[i], name))
            return str_trim(ctx, word_decode(ctx, header_raw(&header->fields[i])));
    return NULL;
}

/* "7.3", "7.3 / 15.00", "Yes, score=7.3 required=5.0", "****" */
static bool
read_score(const char *text, int *tenths_r)
{
    const char *score = text != NULL ? strstr(text, "score=") : NULL, *number = score != NULL ? score + 6 : text;
    char *end;
    double value;

    if (text == NULL)
        return false;
    if (*text == '*') {
        *tenths_r = (int)strspn(text, "*") * 10;
        return true;
    }
    value = strtod(number, &end);
    if (end == number || !(value > -10000 && value < 10000))
        return false;
    *tenths_r = (int)(value * 10 + (value < 0 ? -0.5 : 0.5));
    return true;
}

static bool
says_yes(const char *text)
{
    return text != NULL && (str_starts_nocase(text, "yes") || str_starts_nocase(text, "true"));
}

struct rule_scan
rule_scan_read(TALLOC_CTX *ctx, const struct header *header, const struct settings *settings)
{
    static const char *const flags[] = {"X-Spam-Flag", "X-Spam", "X-Spam-Status"};
    static const char *const scores[] = {"X-Spam-Score", "X-Spam-Status", "X-Spam-Level"};
    size_t end = trusted_fields(header, settings->spam_received_fields);
    const char *own = settings->spam_score_field, *virus = scan_value(ctx, header, end, settings->virus_field);
    struct rule_scan scan = {0};

    for (size_t i = 0; i < COUNT_OF(flags); i++)
        scan.flagged = scan.flagged || says_yes(scan_value(ctx, header, end, flags[i]));
    if (*own != '\0')
        scan.has_score = read_score(scan_value(ctx, header, end, own), &scan.score_tenths);
    for (size_t i = 0; *own == '\0' && i < COUNT_OF(scores) && !scan.has_score; i++)
        scan.has_score = read_score(scan_value(ctx, header, end, scores[i]), &scan.score_tenths);
    if (virus != NULL && (str_starts_nocase(virus, "infected") || says_yes(virus)))
        scan.virus = utf8_cut(ctx, virus, 200);
    return scan;
}
