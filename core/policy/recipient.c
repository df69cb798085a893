/* recipient.c - what an address of ours means */
#include <string.h>

#include "policy/recipient.h"
#include "store/statements.h"
#include "util/crypto.h"
#include "util/str.h"

static const char reply_beginning[] = "c.", moderator_beginning[] = "m-";

static const struct { const char *ending; enum recipient_kind kind; } sub_addresses[] = {
    {"-owner", RECIPIENT_OWNER},
    {"-request", RECIPIENT_REQUEST},
    {"-join", RECIPIENT_JOIN},
    {"-subscribe", RECIPIENT_JOIN},
    {"-leave", RECIPIENT_LEAVE},
    {"-unsubscribe", RECIPIENT_LEAVE},
    {"-confirm", RECIPIENT_CONFIRM},
    {"-bounces", RECIPIENT_BOUNCE},
};

static const struct { const char *beginning; enum recipient_kind kind; } tokens[] = {
    {"b.", RECIPIENT_BOUNCE},
    {"u.", RECIPIENT_UNSUBSCRIBE},
    {"r.", RECIPIENT_RELAY},
};

static const char *const kind_words[] = {
    [RECIPIENT_POST] = "post", [RECIPIENT_OWNER] = "owner", [RECIPIENT_REQUEST] = "request", [RECIPIENT_JOIN] = "join",
    [RECIPIENT_LEAVE] = "leave", [RECIPIENT_CONFIRM] = "confirm", [RECIPIENT_BOUNCE] = "bounce",
    [RECIPIENT_UNSUBSCRIBE] = "unsubscribe", [RECIPIENT_RELAY] = "relay",
};

const char *
recipient_kind_word(enum recipient_kind kind)
{
    return kind_words[kind];
}

bool
recipient_is_token_like(const char *local)
{
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        if (str_starts_nocase(local, tokens[i].beginning))
            return true;
    return false;
}

bool
recipient_ends_in_sub_address(const char *local)
{
    for (size_t i = 0; i < COUNT_OF(sub_addresses); i++)
        if (str_ends(local, sub_addresses[i].ending))
            return true;
    return false;
}

/* The ways in which a local part can be read, the best first. */
struct reading { const char *name; enum recipient_kind kind; const char *detail; };
enum { READINGS_MAX = 4 };

static void
add_readings(TALLOC_CTX *ctx, const char *local, const char *detail, struct reading *readings, size_t *count)
{
    readings[(*count)++] = (struct reading){local, RECIPIENT_POST, detail};
    for (size_t i = 0; i < COUNT_OF(sub_addresses); i++)
        if (str_ends(local, sub_addresses[i].ending))
            readings[(*count)++] = (struct reading){
                mem_strndup(ctx, local, strlen(local) - strlen(sub_addresses[i].ending)), sub_addresses[i].kind, detail};
}

static size_t
read_local(TALLOC_CTX *ctx, const char *written, struct reading readings[READINGS_MAX])
{
    const char *local = str_lower(ctx, written), *plus = strchr(written, '+');
    size_t count = 0;

    add_readings(ctx, local, NULL, readings, &count);
    if (plus != NULL)
        add_readings(ctx, mem_strndup(ctx, local, (size_t)(plus - written)), plus + 1, readings, &count);
    return count;
}

static enum status
resolve_token(struct db *db, TALLOC_CTX *ctx, const char *domain, const char *local, struct recipient *recipient_r)
{
    struct row_recipient_token_domain *row;
    enum status status = q_recipient_token_domain(db, ctx, domain, &row);

    if (status != STATUS_OK || row == NULL)
        return status == STATUS_OK ? STATUS_NOT_FOUND : status;
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        if (str_starts_nocase(local, tokens[i].beginning))
            *recipient_r = (struct recipient){tokens[i].kind, 0, row->id, mem_strdup(ctx, local + 2)};
    return STATUS_OK;
}

char *
recipient_reply_address(TALLOC_CTX *ctx, const char *list_name, const char *domain, const char *detail)
{
    char *local = mem_printf(ctx, "%s-confirm+%s", list_name, detail);

    if (strlen(local) > ADDRESS_LOCAL_MAX)      /* RFC 5321 4.5.3.1.1 */
        local = mem_printf(ctx, "%s%s", reply_beginning, detail);
    return mem_printf(ctx, "%s@%s", local, domain);
}

/* NOT_FOUND: it may still be the name of a list. */
static enum status
resolve_reply(struct db *db, TALLOC_CTX *ctx, const char *local, struct recipient *recipient_r)
{
    char *detail = str_lower(ctx, local + strlen(reply_beginning));
    const char *token = str_starts(detail, moderator_beginning) ? detail + strlen(moderator_beginning) : detail;
    struct row_recipient_reply *row;
    uint8_t hash[SHA256_LEN];
    enum status status;

    sha256(blob_of(token), hash);
    status = q_recipient_reply(db, ctx, (struct blob){hash, sizeof hash}, &row);
    if (status != STATUS_OK || row == NULL)
        return status == STATUS_OK ? STATUS_NOT_FOUND : status;
    *recipient_r = (struct recipient){RECIPIENT_CONFIRM, row->list_id, row->domain_id, detail};
    return STATUS_OK;
}

enum status
recipient_resolve(struct db *db, TALLOC_CTX *ctx, const struct address *address, struct recipient *recipient_r)
{
    const char *domain = address_domain_ascii(ctx, address->domain), *names[READINGS_MAX];
    struct reading readings[READINGS_MAX];
    struct row_recipient_list *row;
    size_t count;
    enum status status;

    if (domain == NULL || *address->local == '\0' || !utf8_is_valid(address->local, strlen(address->local)))
        return STATUS_NOT_FOUND;
    if (recipient_is_token_like(address->local))
        return resolve_token(db, ctx, domain, address->local, recipient_r);
    if (str_starts_nocase(address->local, reply_beginning)) {
        status = resolve_reply(db, ctx, address->local, recipient_r);
        if (status != STATUS_NOT_FOUND)
            return status;
    }
    count = read_local(ctx, address->local, readings);
    for (size_t i = 0; i < count; i++)
        names[i] = readings[i].name;
    status = q_recipient_list(db, ctx, domain, (struct text_array){names, count}, &row);
    if (status != STATUS_OK || row == NULL)
        return status == STATUS_OK ? STATUS_NOT_FOUND : status;
    *recipient_r = (struct recipient){readings[row->place - 1].kind, row->list_id, row->domain_id,
                                      mem_strdup(ctx, readings[row->place - 1].detail)};
    return STATUS_OK;
}

enum status
recipient_domain(struct db *db, TALLOC_CTX *ctx, const char *domain)
{
    const char *ascii = address_domain_ascii(ctx, domain);
    struct row_recipient_domain *row = NULL;
    enum status status = ascii == NULL ? STATUS_OK : q_recipient_domain(db, ctx, ascii, &row);

    return status == STATUS_OK && row == NULL ? STATUS_NOT_FOUND : status;
}
