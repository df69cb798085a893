/* command-user.c - kairan user, kairan address, kairan preference: accounts, and what people prefer */
#include <string.h>

#include "cli/common.h"
#include "mime/address.h"
#include "policy/account.h"
#include "policy/domain.h"
#include "policy/notice.h"
#include "policy/preference.h"
#include "policy/user.h"
#include "store/statements.h"
#include "util/clock.h"

enum { LINK_SECONDS = 86400, MOST = 1000, MEMBERSHIPS = 10000 };

/* The domain in whose name the site writes: that of the site's own host, else the first. */
static enum status
domain_of_site(struct call *call, const struct domain **domain_r)
{
    struct domain *domains;
    size_t count;
    enum status status = domain_all(call->db, call->ctx, &domains, &count);

    if (status == STATUS_OK && count == 0)
        return fault_set(&call->fault, STATUS_CONFLICT, "--mail", N_("There is no domain yet in whose name a mail could be sent."));
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (i == 0 || str_eq(conf_url_of(call->ctx, call->conf->site_url, domains[i].web_host), call->conf->site_url))
            *domain_r = &domains[i];
    return status;
}

static enum status
mail_link(struct call *call, const char *link)
{
    struct i18n *i18n = i18n_open(call->ctx, i18n_dir(call->ctx, call->conf->site_data_dir));
    struct notice notice = {.kind = NOTICE_login_sent, .from_display = call->conf->site_name, .to = word(call, "ADDRESS"),
        .args = {call->conf->site_name, link}};
    const struct domain *domain = NULL;
    struct row_person_language *known = NULL;
    enum status status = domain_of_site(call, &domain);

    if (status == STATUS_OK)
        status = q_person_language(call->db, call->ctx, 0, address_key_of(call->ctx, notice.to), &known);
    if (status != STATUS_OK)
        return status;
    i18n_set_site(i18n, call->conf->site_language);
    notice_languages(i18n, known != NULL ? known->language : NULL, call->conf->site_language, &notice.lang, &notice.also);
    notice.domain_id = domain->id;
    notice.domain = domain->name;
    return notice_add(call->db, &notice);
}

enum status
command_user_login_link(struct call *call)
{
    const char *token, *link;
    struct change change;
    enum status status = change_begin(&change, call->db);

    if (status != STATUS_OK)
        return status;
    status = user_login_link(call->db, &call->actor, call->ctx, word(call, "ADDRESS"), has_option(call, "--admin"),
                             LINK_SECONDS, &token, &call->fault);
    if (status == STATUS_OK) {
        link = mem_printf(call->ctx, "%s/login/%s", call->conf->site_url, token);
        if (has_option(call, "--mail"))
            status = mail_link(call, link);
        if (status == STATUS_OK)
            out_text(call->out, "url", link);
    }
    return change_end(&change, status);
}

enum status
command_user_list(struct call *call)
{
    struct out *rows = out_rows(call->out, "users");
    const char *text = has_option(call, "--search") ? option(call, "--search") : "";
    struct row_users_find *users;
    int64_t most = 100;
    size_t count;
    enum status status = STATUS_OK;

    if (has_option(call, "--most"))
        status = call_number(call, "--most", option(call, "--most"), MOST, &most);
    if (status == STATUS_OK)
        status = q_users_find(call->db, call->ctx, text, 0, (int)most, &users, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "address", users[i].email);
        out_text(row, "name", users[i].name);
        out_int(row, "addresses", users[i].addresses);
        out_int(row, "memberships", users[i].memberships);
        out_bool(row, "is_admin", users[i].is_admin);
        out_time(row, "created_at", users[i].created_at);
        out_time(row, "last_seen", users[i].last_seen);
    }
    return status;
}

/* The account that owns the address ADDRESS. */
static enum status
find_account(struct call *call, struct row_address_by_key **address_r)
{
    const char *text = word(call, "ADDRESS"), *key = address_key_of(call->ctx, text);
    enum status status;

    if (key == NULL)
        return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "ADDRESS", "\"%s\" is not a mail address.", text);
    status = q_address_by_key(call->db, call->ctx, key, address_r);
    if (status == STATUS_OK && (*address_r == NULL || (*address_r)->user_id == 0))
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "ADDRESS", "%s has no account.", text);
    return status;
}

static enum status
show_addresses(struct call *call, int64_t user_id)
{
    struct out *rows = out_rows(call->out, "addresses");
    struct row_user_addresses *found;
    size_t count;
    enum status status = q_user_addresses(call->db, call->ctx, user_id, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "address", found[i].email);
        out_bool(row, "is_preferred", found[i].is_preferred);
        out_time(row, "verified_at", found[i].verified_at);
        out_int(row, "memberships", found[i].memberships);
    }
    return status;
}

static enum status
show_memberships(struct call *call, int64_t user_id)
{
    struct out *rows = out_rows(call->out, "memberships");
    struct row_me_memberships *found;
    size_t count;
    enum status status = q_me_memberships(call->db, call->ctx, user_id, NULL, 0, clock_now_us(), MEMBERSHIPS, &found, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "list", mem_printf(row, "%s@%s", found[i].list_name, found[i].domain));
        out_text(row, "role", found[i].role);
        out_text(row, "address", found[i].email);
        out_text(row, "delivery_status", found[i].status);
        out_time(row, "joined_at", found[i].joined_at);
    }
    return status;
}

static enum status
show_level(struct call *call, enum preference_level level, int64_t id)
{
    struct out *rows = out_rows(call->out, "preferences");
    struct preferences *preferences;
    enum status status = preferences_load(call->db, call->ctx, level, id, &preferences);

    for (int i = 0; status == STATUS_OK && i < PREFERENCE_COUNT; i++) {
        enum preference_level said_by = LEVEL_DEFAULT;
        const char *value = preference_effective(preferences, (enum preference)i, level, clock_now_us(), &said_by);
        struct out *row;

        if (value == NULL || (level == LEVEL_SITE && !preference_rows()[i].for_site))
            continue;
        row = out_row(rows);
        out_text(row, "name", preference_rows()[i].name);
        out_text(row, "value", value);
        out_text(row, "said_by", preference_level_word(said_by));
    }
    return status;
}

enum status
command_user_show(struct call *call)
{
    struct row_address_by_key *address;
    struct row_user_get *user;
    enum status status = find_account(call, &address);

    if (status == STATUS_OK)
        status = q_user_get(call->db, call->ctx, address->user_id, &user);
    if (status != STATUS_OK || user == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    out_text(call->out, "address", user->email);
    out_text(call->out, "name", user->name);
    out_bool(call->out, "is_admin", user->is_admin);
    out_bool(call->out, "has_password", user->has_password);
    out_text(call->out, "preferred_language", user->language);
    out_text(call->out, "time_zone", user->time_zone);
    out_time(call->out, "created_at", user->created_at);
    status = show_addresses(call, user->id);
    if (status == STATUS_OK)
        status = show_memberships(call, user->id);
    return status == STATUS_OK ? show_level(call, LEVEL_USER, user->id) : status;
}

/* "NAME=VALUE", or "NAME" alone to inherit again; all of them or none. */
static enum status
set_level(struct call *call, enum preference_level level, int64_t id)
{
    struct text_array changes = words_rest(call);
    struct change change;
    enum status status = change_begin(&change, call->db);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; status == STATUS_OK && i < changes.count; i++) {
        const char *equals = strchr(changes.items[i], '=');
        const char *name = equals != NULL ? mem_strndup(call->ctx, changes.items[i], (size_t)(equals - changes.items[i])) : changes.items[i];

        status = preference_set(call->db, &call->actor, HAND_OWNER, call->ctx, level, id, name, equals != NULL ? equals + 1 : NULL, &call->fault);
    }
    status = change_end(&change, status);
    return status == STATUS_OK ? show_level(call, level, id) : status;
}

enum status
command_user_set(struct call *call)
{
    struct row_address_by_key *address;
    bool is_address = has_option(call, "--address");
    enum status status = find_account(call, &address);

    return status != STATUS_OK ? status
        : set_level(call, is_address ? LEVEL_ADDRESS : LEVEL_USER, is_address ? address->id : address->user_id);
}

enum status
command_preference_show(struct call *call)
{
    return show_level(call, LEVEL_SITE, 0);
}

enum status
command_preference_set(struct call *call)
{
    return set_level(call, LEVEL_SITE, 0);
}

/* ---- the account itself ---- */

enum status
command_user_admin(struct call *call)
{
    struct row_address_by_key *address;
    bool is_admin = !has_option(call, "--off");
    enum status status = find_account(call, &address);

    if (status == STATUS_OK)
        status = account_set_admin(call->db, &call->actor, call->ctx, address->user_id, is_admin, &call->fault);
    if (status == STATUS_OK) {
        out_text(call->out, "address", address->email);
        out_bool(call->out, "is_admin", is_admin);
    }
    return status;
}

enum status
command_user_delete(struct call *call)
{
    struct row_address_by_key *address;
    enum status status = find_account(call, &address);

    if (status == STATUS_OK)
        status = account_delete(call->db, &call->actor, call->ctx, address->user_id, has_option(call, "--force"), &call->fault);
    if (status == STATUS_OK)
        out_text(call->out, "deleted", address->email);
    return status;
}

enum status
command_user_address(struct call *call)
{
    struct row_address_by_key *address;
    struct address added;
    enum status status = find_account(call, &address);

    if (status == STATUS_OK && has_option(call, "--add")) {
        if (!address_parse(call->ctx, option(call, "--add"), &added))
            return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "--add", "\"%s\" is not a mail address.", option(call, "--add"));
        status = account_take(call->db, &call->actor, call->ctx, address->user_id, address_text(call->ctx, &added));
    }
    if (status == STATUS_OK && has_option(call, "--prefer"))
        status = account_prefer(call->db, &call->actor, call->ctx, address->user_id, address->id);
    if (status == STATUS_OK && has_option(call, "--remove"))
        status = account_release(call->db, &call->actor, call->ctx, address->user_id, address->id, &call->fault);
    return status == STATUS_OK ? show_addresses(call, address->user_id) : status;
}

enum status
command_address_change(struct call *call)
{
    int64_t moved = 0;
    enum status status = account_change_address(call->db, &call->actor, call->ctx, word(call, "OLD"), word(call, "NEW"), &moved, &call->fault);

    if (status == STATUS_OK)
        out_int(call->out, "memberships", moved);
    return status;
}
