/* topic.c - what posts are about, and who wants which */
#include <stdio.h>
#include <string.h>

#include "mime/word.h"
#include "policy/topic.h"
#include "store/statements.h"
#include "util/regex.h"
#include "util/str.h"

enum { DESCRIPTION_MAX = 300, KEYWORDS_MAX = 20 };

enum status
topic_list(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct topic **topics_r, size_t *count_r)
{
    struct row_topic_of_list *rows;
    enum status status = q_topic_of_list(db, ctx, list_id, &rows, count_r);

    if (status != STATUS_OK)
        return status;
    *topics_r = mem_array(ctx, struct topic, *count_r + 1);
    for (size_t i = 0; i < *count_r; i++)
        (*topics_r)[i] = (struct topic){rows[i].id, rows[i].members, rows[i].name, rows[i].pattern, rows[i].description};
    return STATUS_OK;
}

static enum status
check(TALLOC_CTX *ctx, struct topic *topic, struct fault *fault)
{
    topic->name = str_trim(ctx, topic->name);
    topic->pattern = str_trim(ctx, topic->pattern);
    topic->description = utf8_cut(ctx, str_trim(ctx, topic->description), DESCRIPTION_MAX);
    if (*topic->name == '\0' || strpbrk(topic->name, ",\n") != NULL || !str_eq(utf8_cut(ctx, topic->name, TOPIC_NAME_MAX), topic->name))
        return fault_set(fault, STATUS_INVALID, "name", N_("A topic has a name of at most 60 characters, without a comma."));
    if (*topic->pattern == '\0' || regex_new(ctx, topic->pattern, &fault->hint) == NULL)
        return fault_set(fault, STATUS_INVALID, "pattern", N_("This is not a regular expression."));
    return STATUS_OK;
}

enum status
topic_save(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, struct topic *topic, struct fault *fault)
{
    struct topic *others;
    struct change change;
    int64_t changed = 1;
    size_t count = 0;
    enum status status = check(ctx, topic, fault);

    if (status == STATUS_OK)
        status = topic_list(db, ctx, list_id, &others, &count);
    if (status == STATUS_OK && topic->id == 0 && count >= TOPICS_MAX)
        return fault_set(fault, STATUS_INVALID, "name", N_("There are too many topics already."));
    if (status == STATUS_OK)
        status = change_begin(&change, db);
    if (status != STATUS_OK)
        return status;
    if (topic->id == 0)
        status = q_topic_add(db, list_id, topic->name, topic->pattern, topic->description, NULL);
    else
        status = q_topic_change(db, list_id, topic->id, topic->name, topic->pattern, topic->description, &changed);
    if (status == STATUS_CONFLICT)
        fault_set(fault, status, "name", N_("There is a topic of this name already."));
    if (status == STATUS_OK && changed == 0)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = audit_add(db, actor, topic->id == 0 ? "topic_add" : "topic_change", list_id, topic->name, topic->pattern);
    return change_end(&change, status);
}

enum status
topic_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, int64_t id)
{
    struct row_topic_remove *row;
    struct change change;
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK)
        return status;
    status = q_topic_remove(db, ctx, list_id, id, &row);
    if (status == STATUS_OK && row == NULL)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = audit_add(db, actor, "topic_remove", list_id, row->name, "");
    return change_end(&change, status);
}

/* --- members --- */

enum status
topic_chosen(struct db *db, TALLOC_CTX *ctx, int64_t member_id, struct int_array *chosen_r, bool *others_r)
{
    struct row_topic_chosen *rows;
    struct row_topic_others *others;
    int64_t *ids;
    size_t count;
    enum status status = q_topic_chosen(db, ctx, member_id, &rows, &count);

    if (status == STATUS_OK)
        status = q_topic_others(db, ctx, member_id, &others);
    if (status != STATUS_OK)
        return status;
    ids = mem_array(ctx, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = rows[i].topic_id;
    *chosen_r = (struct int_array){ids, count};
    *others_r = others == NULL || others->without_topic;
    return STATUS_OK;
}

enum status
topic_choose(struct db *db, const struct actor *actor, int64_t list_id, int64_t member_id, const char *who,
             struct int_array chosen, bool others)
{
    struct change change;
    int64_t changed = 0;
    char detail[60];
    enum status status = change_begin(&change, db);

    if (status != STATUS_OK)
        return status;
    status = q_topic_choose(db, list_id, member_id, chosen, others, &changed);
    if (status == STATUS_OK && changed == 0)
        status = STATUS_NOT_FOUND;
    snprintf(detail, sizeof detail, "%zu topics%s", chosen.count, others ? ", and posts without" : "");
    if (status == STATUS_OK)
        status = audit_add(db, actor, "topic_choose", list_id, who, detail);
    return change_end(&change, status);
}

/* --- what a message is about --- */

struct lines { const char *items[KEYWORDS_MAX]; size_t count; };

static void
add_line(struct lines *lines, const char *text)
{
    if (lines->count < KEYWORDS_MAX && !str_is_empty(text))
        lines->items[lines->count++] = text;
}

/* The lines at the beginning of the text that say Subject: or Keywords: once more; the first other line ends them. */
static void
add_body_lines(TALLOC_CTX *ctx, const char *text, int most, struct lines *lines)
{
    for (int i = 0; i < most && *text != '\0'; i++) {
        size_t len = strcspn(text, "\n");
        const char *line = str_trim(ctx, mem_strndup(ctx, text, len < 1000 ? len : 1000));

        if (str_starts_nocase(line, "Subject:"))
            add_line(lines, line + strlen("Subject:"));
        else if (str_starts_nocase(line, "Keywords:"))
            add_line(lines, line + strlen("Keywords:"));
        else if (*line != '\0')
            return;
        text += len + (text[len] == '\n');
    }
}

static bool
is_about(TALLOC_CTX *ctx, const char *pattern, const struct lines *lines)
{
    struct regex *regex = regex_new(ctx, pattern, NULL);

    for (size_t i = 0; regex != NULL && i < lines->count; i++)
        if (regex_matches(regex, lines->items[i]))
            return true;
    return false;
}

enum status
topic_find(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const struct message *message, const char *subject, const char *text,
           int lines, struct topics_found *found_r)
{
    struct lines searched = {{NULL}, 0};
    struct str *names = str_new(ctx);
    const struct header_field *field;
    struct topic *topics;
    size_t count, found = 0;
    int64_t *ids;
    enum status status = topic_list(db, ctx, list_id, &topics, &count);

    if (status != STATUS_OK)
        return status;
    add_line(&searched, subject);
    for (size_t i = 0; i < KEYWORDS_MAX && (field = header_find(message->header, "Keywords", i)) != NULL; i++)
        add_line(&searched, word_decode(ctx, header_raw(field)));
    add_body_lines(ctx, text, lines, &searched);
    ids = mem_array(ctx, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        if (is_about(ctx, topics[i].pattern, &searched)) {
            str_addf(names, "%s%s", found > 0 ? ", " : "", topics[i].name);
            ids[found++] = topics[i].id;
        }
    *found_r = (struct topics_found){{ids, found}, names->s};
    return STATUS_OK;
}
