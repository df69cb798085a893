/* member.c - people as operators and owners write them down, and their memberships */
#include <string.h>

#include "mime/address.h"
#include "policy/ban.h"
#include "policy/member.h"
#include "policy/pattern.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

static const struct { const char *word, *sentence; } outcomes[] = {
    [PERSON_ADDED] = {"added", N_("was added")},
    [PERSON_INVALID] = {"invalid", N_("is not a mail address")},
    [PERSON_BANNED] = {"banned", N_("is banned")},
    [PERSON_MEMBER] = {"member", N_("is there already")},
    [PERSON_REPEATED] = {"repeated", N_("stands here twice")},
    [PERSON_OWN] = {"own", N_("is the list's own address")},
    [PERSON_REMOVED] = {"removed", N_("was removed")},
    [PERSON_ABSENT] = {"absent", N_("is not there")},
};

const char *
person_outcome_word(enum person_outcome outcome)
{
    return outcomes[outcome].word;
}

const char *
person_outcome_sentence(enum person_outcome outcome)
{
    return outcomes[outcome].sentence;
}

bool
member_role_is_known(const char *role)
{
    return str_eq(role, "member") || str_eq(role, "nonmember") || str_eq(role, "moderator") || str_eq(role, "owner");
}

/* The name before "<": without quotes and their backslashes. */
static char *
plain_name(TALLOC_CTX *ctx, const char *text, size_t len)
{
    char *name = str_trim(ctx, mem_strndup(ctx, text, len));
    size_t n = strlen(name), out = 0;

    if (n >= 2 && name[0] == '"' && name[n - 1] == '"') {
        for (size_t i = 1; i < n - 1; i++) {
            if (name[i] == '\\' && i + 1 < n - 1)
                i++;
            name[out++] = name[i];
        }
        name[out] = '\0';
    }
    return name;
}

static void
read_person(TALLOC_CTX *ctx, const char *line, struct person *person)
{
    struct address address;
    const char *open = strrchr(line, '<');
    size_t len = strlen(line);

    *person = (struct person){.text = line, .name = "", .outcome = PERSON_INVALID};
    if (open != NULL && line[len - 1] == '>') {
        person->name = utf8_cut(ctx, plain_name(ctx, line, (size_t)(open - line)), 200);
        line = mem_strndup(ctx, open + 1, len - 1 - (size_t)(open + 1 - line));
    }
    if (!address_parse(ctx, line, &address))
        return;
    person->key = address_key(ctx, &address);
    person->email = address_text(ctx, &address);
}

struct person *
person_read(TALLOC_CTX *ctx, const char *text, size_t *count_r)
{
    char **lines = str_split(ctx, utf8_clean(ctx, text, strlen(text)), '\n', SIZE_MAX);
    struct person *people;
    size_t most = 0, count = 0;

    while (lines[most] != NULL)
        most++;
    people = mem_array(ctx, struct person, most + 1);
    for (size_t i = 0; i < most; i++) {
        const char *line = str_trim(ctx, lines[i]);

        if (*line != '\0' && *line != '#')
            read_person(ctx, line, &people[count++]);
    }
    *count_r = count;
    return people;
}

/* What can be looked up, as arrays for one statement; `whose` leads back from a place in them to the person. */
struct batch {
    const char **keys, **emails, **names;
    size_t *whose, count;
};

static struct batch *
batch_new(TALLOC_CTX *ctx, const struct person *people, size_t count)
{
    struct batch *batch = mem_new(ctx, struct batch);

    batch->keys = mem_array(batch, const char *, count + 1);
    batch->emails = mem_array(batch, const char *, count + 1);
    batch->names = mem_array(batch, const char *, count + 1);
    batch->whose = mem_array(batch, size_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (people[i].key == NULL || people[i].outcome == PERSON_BANNED)
            continue;
        batch->keys[batch->count] = people[i].key;
        batch->emails[batch->count] = people[i].email;
        batch->names[batch->count] = people[i].name;
        batch->whose[batch->count++] = i;
    }
    return batch;
}

static enum person_outcome
outcome_of(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(outcomes); i++)
        if (str_eq(outcomes[i].word, word))
            return (enum person_outcome)i;
    must(!"an outcome of member_add_many is not known");
    return PERSON_INVALID;
}

/* Those whom an expression bans; addresses and domains are looked up by the statement. */
static enum status
mark_banned(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct person *people, size_t count)
{
    struct pattern_set *expressions;
    enum status status = ban_expressions(db, ctx, list_id, &expressions);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        people[i].outcome = people[i].key != NULL && pattern_set_find(expressions, people[i].key, (struct text_array){NULL, 0}) != NULL
            ? PERSON_BANNED : PERSON_INVALID;
    return status;
}

enum status
member_add(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *role, struct person *people,
           size_t count)
{
    struct row_member_add_many *rows;
    struct batch *batch;
    size_t found = 0;
    enum status status = mark_banned(db, ctx, list_id, people, count);

    must(member_role_is_known(role));
    if (status != STATUS_OK)
        return status;
    batch = batch_new(ctx, people, count);
    if (batch->count == 0)
        return STATUS_OK;
    status = q_member_add_many(db, ctx, list_id, role, (struct text_array){batch->keys, batch->count},
                               (struct text_array){batch->emails, batch->count},
                               (struct text_array){batch->names, batch->count}, actor->words, actor->user_id, clock_now_us(),
                               &rows, &found);
    for (size_t i = 0; i < found && status == STATUS_OK; i++)
        people[batch->whose[rows[i].place - 1]].outcome = outcome_of(rows[i].outcome);
    return status;
}

enum status
member_remove(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, int64_t list_id, const char *role,
              struct person *people, size_t count)
{
    struct batch *batch = batch_new(ctx, people, count);
    struct row_member_remove_many *rows;
    size_t found = 0;
    enum status status;

    for (size_t i = 0; i < count; i++)
        people[i].outcome = people[i].key == NULL ? PERSON_INVALID : PERSON_ABSENT;
    if (batch->count == 0)
        return STATUS_OK;
    status = q_member_remove_many(db, ctx, list_id, role, (struct text_array){batch->keys, batch->count}, actor->words,
                                  actor->user_id, clock_now_us(), &rows, &found);
    for (size_t i = 0; i < found && status == STATUS_OK; i++)
        people[batch->whose[rows[i].place - 1]].outcome = PERSON_REMOVED;
    return status;
}
