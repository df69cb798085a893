/* list-known.c - lists that this process has read, and whether they are still the same */
#include <string.h>

#include "util/str.h"
#include "web/list-known.h"

enum { LISTS_MOST = 64 };

/* `memory` has the row and all its texts; who is given them holds on to it. */
struct known { TALLOC_CTX *memory; const char *host, *name; struct row_web_list *row; };

struct lists_known {
    struct known rows[LISTS_MOST];
    size_t next;                /* the place that is used again first */
};

static struct known *
find(struct lists_known *known, const char *host, const char *name)
{
    for (size_t i = 0; i < LISTS_MOST; i++)
        if (known->rows[i].row != NULL && str_eq(known->rows[i].name, name) && str_eq(known->rows[i].host, host))
            return &known->rows[i];
    return NULL;
}

static void
forget(struct lists_known *known, struct known *place)
{
    if (place->memory != NULL)
        talloc_unlink(known, place->memory);
    *place = (struct known){0};
}

static void
remember(struct lists_known *known, TALLOC_CTX *memory, const char *host, const char *name, struct row_web_list *row)
{
    struct known *place = &known->rows[known->next];

    forget(known, place);
    known->next = (known->next + 1) % LISTS_MOST;
    *place = (struct known){memory, mem_strdup(memory, host), mem_strdup(memory, name), row};
}

/* The row for one request, with texts that stay as long as it does. */
static struct row_web_list *
lend(TALLOC_CTX *ctx, const struct known *place)
{
    struct row_web_list *row = mem_new(ctx, struct row_web_list);

    *row = *place->row;
    must(talloc_reference(ctx, place->memory) != NULL);
    return row;
}

/* The numbers of a list as they are now; all 0 when it is gone. */
static enum status
ask_version(struct db *db, TALLOC_CTX *ctx, const struct row_web_list *row, const char *hash, struct row_web_list_thread_version *now_r)
{
    struct row_web_list_thread_version *of_thread = NULL;
    struct row_web_list_version *of_list = NULL;
    enum status status = hash != NULL ? q_web_list_thread_version(db, ctx, row->id, row->domain_id, hash, &of_thread)
                                      : q_web_list_version(db, ctx, row->id, row->domain_id, &of_list);

    *now_r = (struct row_web_list_thread_version){0};
    if (of_thread != NULL)
        *now_r = *of_thread;
    else if (of_list != NULL)
        *now_r = (struct row_web_list_thread_version){.looked = of_list->looked, .changed = of_list->changed};
    return status;
}

/* The row as it is now, or NULL when it has to be read again. */
static enum status
look_again(struct lists_known *known, struct known *place, struct db *db, TALLOC_CTX *ctx, const char *hash, struct row_web_list **row_r)
{
    struct row_web_list_thread_version now;
    enum status status = ask_version(db, ctx, place->row, hash, &now);

    *row_r = NULL;
    if (status != STATUS_OK)
        return status;
    if (now.looked != place->row->looked) {
        forget(known, place);
        return STATUS_OK;
    }
    *row_r = lend(ctx, place);
    (*row_r)->changed = now.changed;
    (*row_r)->thread_version = now.thread_version;
    return STATUS_OK;
}

enum status
list_read(TALLOC_CTX *owner, struct lists_known **known, struct db *db, TALLOC_CTX *ctx, const char *host, const char *name,
          const char *hash, struct row_web_list **row_r)
{
    TALLOC_CTX *memory;
    struct known *place;
    enum status status = STATUS_OK;

    if (*known == NULL)
        *known = mem_new(owner, struct lists_known);
    *row_r = NULL;
    place = host != NULL ? find(*known, host, name) : NULL;
    if (place != NULL)
        status = look_again(*known, place, db, ctx, hash, row_r);
    if (status != STATUS_OK || *row_r != NULL)
        return status;
    if (host == NULL)
        return q_web_list(db, ctx, host, name, hash, row_r);
    memory = talloc_new(*known);
    status = q_web_list(db, memory, host, name, hash, row_r);
    if (status != STATUS_OK || *row_r == NULL) {
        talloc_free(memory);
        return status;
    }
    must(talloc_reference(ctx, memory) != NULL);
    if ((*row_r)->advertised)
        remember(*known, memory, host, name, *row_r);
    else
        talloc_unlink(*known, memory);
    return STATUS_OK;
}
