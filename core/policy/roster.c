/* roster.c - who is on a list, a page at a time */
#include <string.h>

#include "policy/roster.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

#define HIGHEST "\U0010ffff"        /* sorts behind every text that begins alike */

static const char *const sort_words[ROSTER_SORTS] = {"address", "name", "joined", "bounce"};

static const struct roster_filter filters[] = {
    {"by_user", N_("Delivery stopped by the member")},
    {"by_bounces", N_("Delivery stopped because mail came back")},
    {"by_moderator", N_("Delivery stopped by an owner")},
    {"digest", N_("Digests")},
    {"moderated", N_("Posts treated in their own way")},
    {NULL, NULL},
};

const char *
roster_sort_word(enum roster_sort sort)
{
    return sort_words[sort];
}

enum roster_sort
roster_sort_of(const char *word)
{
    for (size_t i = 0; i < ROSTER_SORTS; i++)
        if (str_eq(sort_words[i], word))
            return (enum roster_sort)i;
    return ROSTER_BY_ADDRESS;
}

const struct roster_filter *
roster_filters(void)
{
    return filters;
}

/* ---- one page as ids ---- */

struct look {
    struct db *db;
    TALLOC_CTX *ctx;
    const struct roster_query *query;
    struct row_roster_cursor *cursor;       /* of the member to go on from; NULL: from the beginning */
    int64_t cursor_id;
    int64_t ids[ROSTER_PAGE + 1];
    bool by_name[ROSTER_PAGE + 1];
    size_t count;
};

#define TAKE(call) \
    do { \
        status = (call); \
        for (size_t i = 0; status == STATUS_OK && i < found && look->count <= ROSTER_PAGE; i++) \
            look->ids[look->count++] = rows[i].id; \
    } while (0)

static enum status
look_by_address(struct look *look, bool down)
{
    const struct roster_query *query = look->query;
    const char *key = look->cursor != NULL ? look->cursor->sort_address : down ? HIGHEST : "";
    enum status status;
    size_t found = 0;

    if (down) {
        struct row_roster_by_address_down *rows;
        TAKE(q_roster_by_address_down(look->db, look->ctx, query->list_id, query->role, key, look->cursor_id, &rows, &found));
    } else {
        struct row_roster_by_address_up *rows;
        TAKE(q_roster_by_address_up(look->db, look->ctx, query->list_id, query->role, key, look->cursor_id, &rows, &found));
    }
    return status;
}

static enum status
look_by_name(struct look *look, bool down)
{
    const struct roster_query *query = look->query;
    const char *key = look->cursor != NULL ? look->cursor->sort_name : down ? HIGHEST : "";
    enum status status;
    size_t found = 0;

    if (down) {
        struct row_roster_by_name_down *rows;
        TAKE(q_roster_by_name_down(look->db, look->ctx, query->list_id, query->role, key, look->cursor_id, &rows, &found));
    } else {
        struct row_roster_by_name_up *rows;
        TAKE(q_roster_by_name_up(look->db, look->ctx, query->list_id, query->role, key, look->cursor_id, &rows, &found));
    }
    return status;
}

static enum status
look_by_joined(struct look *look, bool down)
{
    const struct roster_query *query = look->query;
    int64_t key = look->cursor != NULL ? look->cursor->joined_at : 0;
    enum status status;
    size_t found = 0;

    if (down) {
        struct row_roster_by_joined_down *rows;
        TAKE(q_roster_by_joined_down(look->db, look->ctx, query->list_id, query->role, key, look->cursor_id, &rows, &found));
    } else {
        struct row_roster_by_joined_up *rows;
        TAKE(q_roster_by_joined_up(look->db, look->ctx, query->list_id, query->role, key, look->cursor_id, &rows, &found));
    }
    return status;
}

static enum status
look_by_bounce(struct look *look, bool down)
{
    const struct roster_query *query = look->query;
    int64_t key = look->cursor != NULL ? look->cursor->last_bounce_at : 0;
    enum status status;
    size_t found = 0;

    if (down) {
        struct row_roster_by_bounce_down *rows;
        TAKE(q_roster_by_bounce_down(look->db, look->ctx, query->list_id, query->role, key, look->cursor_id, look->cursor == NULL,
                                     &rows, &found));
    } else {
        struct row_roster_by_bounce_up *rows;
        TAKE(q_roster_by_bounce_up(look->db, look->ctx, query->list_id, query->role, key, look->cursor_id, &rows, &found));
    }
    return status;
}

/* What was typed, as keys begin: small letters, half width. */
static const char *
search_low(const struct look *look)
{
    return str_lower(look->ctx, utf8_fold_width(look->ctx, look->query->search));
}

static enum status
look_for_addresses(struct look *look)
{
    const struct roster_query *query = look->query;
    const char *low = search_low(look), *high = mem_printf(look->ctx, "%s%s", low, HIGHEST);
    struct row_roster_found_address *rows;
    enum status status;
    size_t found = 0;

    TAKE(q_roster_found_address(look->db, look->ctx, query->list_id, query->role, low, high,
                                look->cursor != NULL ? look->cursor->sort_address : "", look->cursor_id, &rows, &found));
    return status;
}

/* Those whose name begins so; who was found by the address before is left out, and a page may be shorter for it. */
static enum status
look_for_names(struct look *look, bool from_cursor)
{
    const struct roster_query *query = look->query;
    const char *low = search_low(look), *high = mem_printf(look->ctx, "%s%s", low, HIGHEST);
    bool goes_on = from_cursor && look->cursor != NULL;
    struct row_roster_found_name *rows;
    size_t found = 0;
    enum status status = q_roster_found_name(look->db, look->ctx, query->list_id, query->role, query->search,
                                             mem_printf(look->ctx, "%s%s", query->search, HIGHEST),
                                             goes_on ? look->cursor->sort_name : "", goes_on ? look->cursor_id : 0, low, high, &rows,
                                             &found);

    for (size_t i = 0; status == STATUS_OK && i < found && look->count <= ROSTER_PAGE; i++)
        if (!rows[i].twice) {
            look->by_name[look->count] = true;
            look->ids[look->count++] = rows[i].id;
        }
    return status;
}

static enum status
look_for(struct look *look)
{
    enum status status = STATUS_OK;

    if (!look->query->names)
        status = look_for_addresses(look);
    if (status == STATUS_OK && look->count <= ROSTER_PAGE)
        status = look_for_names(look, look->query->names);
    return status;
}

static enum status
look_filtered(struct look *look)
{
    const struct roster_query *query = look->query;
    const char *key = look->cursor != NULL ? look->cursor->sort_address : "";
    enum status status;
    size_t found = 0;

    if (str_eq(query->filter, "digest")) {
        struct row_roster_with_digest *rows;
        TAKE(q_roster_with_digest(look->db, look->ctx, query->list_id, query->role, key, look->cursor_id, &rows, &found));
    } else if (str_eq(query->filter, "moderated")) {
        struct row_roster_with_moderation *rows;
        TAKE(q_roster_with_moderation(look->db, look->ctx, query->list_id, query->role, key, look->cursor_id, &rows, &found));
    } else {
        struct row_roster_with_delivery *rows;
        TAKE(q_roster_with_delivery(look->db, look->ctx, query->list_id, query->role, query->filter, key, look->cursor_id,
                                    clock_now_us(), &rows, &found));
    }
    return status;
}

static enum status
look_sorted(struct look *look, bool down)
{
    static enum status (*const ways[ROSTER_SORTS])(struct look *, bool) = {look_by_address, look_by_name, look_by_joined, look_by_bounce};

    return ways[look->query->sort](look, down);
}

static enum status
find_cursor(struct look *look)
{
    int64_t id = look->query->after != 0 ? look->query->after : look->query->before;
    enum status status = STATUS_OK;

    if (id != 0)
        status = q_roster_cursor(look->db, look->ctx, look->query->list_id, id, &look->cursor);
    if (look->cursor != NULL)
        look->cursor_id = id;
    return status;
}

/* ---- the page ---- */

static void
turn_round(struct look *look)
{
    size_t count = look->count < ROSTER_PAGE ? look->count : ROSTER_PAGE;

    for (size_t i = 0; i < count / 2; i++) {
        int64_t id = look->ids[i];

        look->ids[i] = look->ids[count - 1 - i];
        look->ids[count - 1 - i] = id;
    }
}

static enum status
make_rows(struct look *look, struct roster *roster)
{
    size_t count = look->count < ROSTER_PAGE ? look->count : ROSTER_PAGE;
    struct row_roster_shown *shown;
    enum status status;

    status = q_roster_shown(look->db, look->ctx, (struct int_array){look->ids, count}, clock_now_us(), &shown, &roster->count);
    if (status != STATUS_OK)
        return status;
    roster->rows = mem_array(look->ctx, struct roster_row, roster->count + 1);
    for (size_t i = 0, n = 0; i < roster->count; i++, n++) {
        while (n < count && look->ids[n] != shown[i].id)    /* one that is gone meanwhile */
            n++;
        roster->rows[i] = (struct roster_row){
            .id = shown[i].id, .email = shown[i].email, .name = shown[i].name, .delivery_status = shown[i].delivery_status,
            .delivery_mode = shown[i].delivery_mode, .moderation_action = shown[i].moderation_action,
            .hide_address = shown[i].hide_address, .is_verified = shown[i].verified, .joined_at = shown[i].joined_at,
            .last_bounce_at = shown[i].last_bounce_at, .by_name = n < count && look->by_name[n]};
    }
    return STATUS_OK;
}

enum status
roster_read(struct db *db, TALLOC_CTX *ctx, const struct roster_query *query, struct roster *roster_r)
{
    struct look look = {.db = db, .ctx = ctx, .query = query};
    bool is_search = !str_is_empty(query->search), is_filter = !is_search && !str_is_empty(query->filter);
    bool from_end = !is_search && !is_filter && (query->is_last || (query->before != 0 && query->after == 0));
    enum status status = find_cursor(&look);

    *roster_r = (struct roster){0};
    if (status != STATUS_OK)
        return status;
    if (is_search)
        status = look_for(&look);
    else if (is_filter)
        status = look_filtered(&look);
    else
        status = look_sorted(&look, from_end != query->is_backward);
    if (status != STATUS_OK)
        return status;
    roster_r->has_more = from_end ? look.cursor != NULL : look.count > ROSTER_PAGE;
    roster_r->has_less = from_end ? look.count > ROSTER_PAGE : look.cursor != NULL;
    if (from_end)
        turn_round(&look);
    return make_rows(&look, roster_r);
}

/* ---- how many ---- */

int64_t
roster_round(int64_t members)
{
    int64_t unit = 1;

    while (members / unit >= 100)
        unit *= 10;
    return (members + unit / 2) / unit * unit;
}

struct roster_count
roster_count_of(int64_t counted, int64_t tally)
{
    struct roster_count count = {.members = counted, .is_about = counted > ROSTER_EXACT};

    if (count.is_about)
        count.members = roster_round(tally);
    if (count.is_about && count.members <= ROSTER_EXACT)
        count.members = 0;
    return count;
}

enum status
roster_count(struct db *db, TALLOC_CTX *ctx, int64_t list_id, const char *role, struct roster_count *count_r)
{
    struct row_roster_counts *rows;
    size_t count;
    enum status status = q_roster_counts(db, ctx, list_id, &rows, &count);

    *count_r = (struct roster_count){0};
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (str_eq(rows[i].role, role))
            *count_r = roster_count_of(rows[i].members, rows[i].about);
    return status;
}

enum status
roster_count_found(struct db *db, TALLOC_CTX *ctx, const struct roster_query *query, struct roster_count *count_r)
{
    const char *low = str_lower(ctx, utf8_fold_width(ctx, query->search));
    struct row_roster_found_count *row;
    enum status status = q_roster_found_count(db, ctx, query->list_id, query->role, low, mem_printf(ctx, "%s%s", low, HIGHEST),
                                              query->search, mem_printf(ctx, "%s%s", query->search, HIGHEST), &row);

    *count_r = (struct roster_count){0};
    if (status != STATUS_OK || row == NULL)
        return status;
    count_r->is_about = row->members > ROSTER_EXACT;
    count_r->members = count_r->is_about ? 0 : row->members;
    return STATUS_OK;
}

/* ---- what others see ---- */

/* "h…": somebody is there, and those who know them see who. */
static char *
hint_of(TALLOC_CTX *ctx, const char *email)
{
    return mem_printf(ctx, "%s…", utf8_cut(ctx, email, 1));
}

bool
roster_sees_all(const struct standing *standing)
{
    return standing->is_moderator || may(standing, RIGHT_OWN);
}

void
roster_hide(TALLOC_CTX *ctx, const struct standing *standing, struct roster_row *row)
{
    bool belongs = standing->is_member || standing->is_owner || standing->is_moderator;

    if (roster_sees_all(standing))
        return;
    if (!belongs || row->hide_address)
        row->email = str_is_empty(row->name) ? hint_of(ctx, row->email) : "";
    row->delivery_status = row->delivery_mode = row->moderation_action = NULL;
    row->last_bounce_at = 0;
    row->is_verified = false;
}
