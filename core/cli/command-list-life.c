/* command-list-life.c - kairan list: made, copied, renamed, removed, restored, erased */
#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "mime/address.h"
#include "policy/style.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/when.h"

enum { ERASE_WAITS = 300, ERASE_WAIT_US = 100000 };

#define DAY_US (INT64_C(86400) * US_PER_S)

static void
show_list(struct out *out, const struct list *list)
{
    out_int(out, "id", list->id);
    out_text(out, "address", list->address);
    out_text(out, "web_host", list->web_host);
    out_int(out, "posts", list->last_number);
    out_time(out, "created_at", list->created_at);
}

/* NULL with --quiet. */
static struct list_mail *
mail_of(struct call *call)
{
    struct list_mail *mail;

    if (has_option(call, "--quiet"))
        return NULL;
    mail = mem_new(call->ctx, struct list_mail);
    when_zone(call->conf->site_timezone);
    mail->i18n = i18n_open(mail, i18n_dir(mail, call->conf->site_data_dir));
    mail->site_url = call->conf->site_url;
    return mail;
}

/* Name and domain as they were typed: trouble with the name is told by whoever makes the list. */
static enum status
split_name(struct call *call, const char *text, const char **name_r, const char **domain_r)
{
    const char *at = strrchr(text, '@');

    if (at == NULL || at == text || at[1] == '\0')
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "list", "\"%s\" is not a list's address (LIST@DOMAIN).", text);
    *name_r = str_lower(call->ctx, mem_strndup(call->ctx, text, (size_t)(at - text)));
    *domain_r = at + 1;
    return STATUS_OK;
}

/* "old_name" is a word for programs. */
static enum status
explain_name(struct call *call, enum status status)
{
    if (call->fault.hint != NULL && str_eq(call->fault.hint, "old_name"))
        call->fault.hint = "Add --take-old-name to have it all the same.";
    return call_explain(call, status);
}

enum status
command_list_create(struct call *call)
{
    struct list_order order = {
        .display_name = option(call, "--display-name"), .description = option(call, "--description"),
        .language = option(call, "--language"), .advertised = option(call, "--advertised"), .style = option(call, "--style"),
        .owners = option(call, "--owner"), .take_old_name = has_option(call, "--take-old-name"), .parts = LIST_SETTINGS};
    struct list *list, *like = NULL;
    enum status status = split_name(call, word(call, "LIST@DOMAIN"), &order.name, &order.domain);

    if (status == STATUS_OK && has_option(call, "--like"))
        status = call_list(call, option(call, "--like"), &like);
    order.like = like;
    if (status == STATUS_OK)
        status = list_make(call->db, &call->actor, call->ctx, &order, mail_of(call), &list, &call->fault);
    if (status == STATUS_OK)
        show_list(call->out, list);
    return explain_name(call, status);
}

/* "settings,bans". */
static enum status
read_parts(struct call *call, const char *text, unsigned *parts_r)
{
    *parts_r = text == NULL ? LIST_SETTINGS : 0;
    for (char **words = str_split(call->ctx, text == NULL ? "" : text, ',', 20); text != NULL && *words != NULL; words++) {
        const struct list_part_row *row = list_part_rows();

        while (row->word != NULL && !str_eq(row->word, *words))
            row++;
        if (row->word == NULL)
            return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "--parts", "\"%s\" is nothing that can be copied.", *words);
        *parts_r |= row->part;
    }
    return STATUS_OK;
}

enum status
command_list_copy(struct call *call)
{
    struct out *out = out_rows(call->out, "settings");
    struct list_difference *rows;
    struct list *from, *to;
    unsigned parts = 0;
    size_t count = 0;
    enum status status = call_list(call, word(call, "FROM"), &from);

    if (status == STATUS_OK)
        status = call_list(call, word(call, "TO"), &to);
    if (status == STATUS_OK)
        status = read_parts(call, option(call, "--parts"), &parts);
    if (status == STATUS_OK && parts & LIST_SETTINGS)
        status = list_compare(call->db, call->ctx, &call->actor, from, to, &rows, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct out *row = out_row(out);

        out_text(row, "name", rows[i].row->name);
        out_text(row, "before", rows[i].before == NULL ? "(inherited)" : rows[i].before);
        out_text(row, "after", rows[i].after == NULL ? "(inherited)" : rows[i].after);
    }
    if (status != STATUS_OK || has_option(call, "--dry-run"))
        return status;
    return call_explain(call, list_copy(call->db, &call->actor, call->ctx, from, to, parts, &call->fault));
}

enum status
command_list_rename(struct call *call)
{
    const char *name, *domain;
    struct list *list, *renamed;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = split_name(call, word(call, "NAME@DOMAIN"), &name, &domain);
    if (status == STATUS_OK)
        status = list_rename(call->db, &call->actor, call->ctx, list, name, domain, has_option(call, "--take-old-name"), &renamed,
                             &call->fault);
    if (status == STATUS_OK)
        show_list(call->out, renamed);
    return explain_name(call, status);
}

enum status
command_list_names(struct call *call)
{
    struct out *rows = out_rows(call->out, "addresses");
    struct text_array addresses;
    struct list *list;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK && has_option(call, "--drop"))
        status = list_old_name_drop(call->db, &call->actor, call->ctx, list, option(call, "--drop"));
    if (status == STATUS_OK)
        status = list_addresses(call->db, call->ctx, list->id, &addresses);
    for (size_t i = 0; status == STATUS_OK && i < addresses.count; i++)
        out_row_text(rows, addresses.items[i]);
    return status;
}

enum status
command_list_remove(struct call *call)
{
    int64_t erase_at = has_option(call, "--keep") ? 0 : clock_now_us() + call->conf->site_grace_days * DAY_US;
    struct list *list;
    enum status status = call_list(call, word(call, "LIST"), &list);

    if (status == STATUS_OK)
        status = list_remove(call->db, &call->actor, call->ctx, list, erase_at, mail_of(call));
    if (status == STATUS_OK) {
        out_text(call->out, "removed", list->address);
        out_time(call->out, "erase_at", erase_at);
    }
    return status;
}

/* By its address, or by its name alone where one removed list has it. */
static enum status
find_ended(struct call *call, struct list **list_r)
{
    const char *text = word(call, "LIST");
    struct row_list_ended_named *named;
    size_t count;
    enum status status;

    if (strchr(text, '@') == NULL) {
        status = q_list_ended_named(call->db, call->ctx, str_lower(call->ctx, text), &named, &count);
        if (status != STATUS_OK)
            return status;
        if (count > 1)
            return fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, "LIST", "Several removed lists are called %s; name one with its "
                              "domain.", text);
        if (count == 0)
            return fault_set(&call->fault, STATUS_NOT_FOUND, "LIST", N_("There is no removed list of this name."));
        text = named[0].address;
    }
    return list_find_ended(call->db, call->ctx, 0, text, list_r, &call->fault);
}

enum status
command_list_restore(struct call *call)
{
    struct list *list;
    enum status status = find_ended(call, &list);

    if (status == STATUS_OK)
        status = list_restore(call->db, &call->actor, list);
    if (status == STATUS_GONE)
        return fault_set(&call->fault, status, "LIST", N_("This list is being erased."));
    if (status == STATUS_OK)
        out_text(call->out, "restored", list->address);
    return status;
}

enum status
command_list_erase(struct call *call)
{
    bool done = false;
    struct list *list;
    enum status status = find_ended(call, &list);

    if (status == STATUS_OK)
        status = list_erase_begin(call->db, &call->actor, list);
    /* A sender may have a part in hand for a moment. */
    for (int waits = 0; status == STATUS_OK && !done && waits < ERASE_WAITS;) {
        int64_t before = clock_monotonic_ms();

        status = list_erase_part(call->db, call->ctx, list->id, &done);
        if (!done && clock_monotonic_ms() - before < 5) {
            usleep(ERASE_WAIT_US);
            waits++;
        }
    }
    if (status == STATUS_OK && !done)
        return fault_set(&call->fault, STATUS_UNAVAILABLE, "LIST", N_("Copies of its posts are being sent; the worker erases it soon."));
    if (status == STATUS_OK)
        out_text(call->out, "erased", list->address);
    return status;
}
