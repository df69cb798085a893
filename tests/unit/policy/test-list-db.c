/* test-list-db.c - lists made, renamed, copied and ended, and other names of domains, on a real database */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../database.h"
#include "mime/address.h"
#include "policy/ban.h"
#include "policy/domain.h"
#include "policy/list.h"
#include "policy/recipient.h"
#include "policy/style.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

struct world {
    TALLOC_CTX *ctx;
    struct db *db;
    struct domain *domain, *other;
};

static int
make_world(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct world *world = mem_new(ctx, struct world);
    struct fault fault = {0};

    world->ctx = ctx;
    world->db = database_open(ctx, "test-list-db");
    if (world->db == NULL)
        return -1;
    assert_int_equal(domain_create(world->db, &operator, ctx, "life.example", NULL, NULL, &world->domain, &fault), STATUS_OK);
    assert_int_equal(domain_create(world->db, &operator, ctx, "other.example", "life.example", NULL, &world->other, &fault), STATUS_OK);
    *state = world;
    return 0;
}

static struct list *
make(struct world *world, const struct list_order *order)
{
    struct list *list = NULL;
    struct fault fault = {0};
    enum status status = list_make(world->db, &operator, world->ctx, order, NULL, &list, &fault);

    if (status != STATUS_OK)
        fail_msg("%s: %s: %s", order->name, fault.field, fault.sentence);
    return list;
}

/* The list reached by an address, 0 for none. */
static int64_t
reached(struct world *world, const char *text)
{
    struct address address;
    struct recipient recipient = {0};

    assert_true(address_parse(world->ctx, text, &address));
    return recipient_resolve(world->db, world->ctx, &address, &recipient) == STATUS_OK ? recipient.list_id : 0;
}

static const char *
value_of(struct world *world, const struct list *list, const char *name)
{
    struct settings *settings;

    assert_int_equal(settings_load(world->db, world->ctx, list->id, &settings), STATUS_OK);
    return setting_text(world->ctx, settings, setting_row(name));
}

static void
orders_that_are_refused(void **state)
{
    static const struct { const char *name, *domain, *style, *owners, *language, *field; } rows[] = {
        {"Capital", "life.example", NULL, NULL, NULL, "name"},
        {"a-request", "life.example", NULL, NULL, NULL, "name"},
        {"b.abc", "life.example", NULL, NULL, NULL, "name"},
        {"", "life.example", NULL, NULL, NULL, "name"},
        {"fine", "nowhere.example", NULL, NULL, NULL, "domain"},
        {"fine", "life.example", "bookish", NULL, NULL, "style"},
        {"fine", "life.example", NULL, "hana@example.jp, nobody", NULL, "owners"},
        {"fine", "life.example", NULL, "fine@life.example", NULL, "owners"},
        {"fine", "life.example", NULL, NULL, "fr", "preferred_language"},
        {"taken", "life.example", NULL, NULL, NULL, "name"},
    };
    struct world *world = *state;
    struct row_audit_newest *before, *after;
    size_t count;

    make(world, &(struct list_order){.name = "taken", .domain = "life.example"});
    assert_int_equal(q_audit_newest(world->db, world->ctx, 0, 1, &before, &count), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct list_order order = {.name = rows[i].name, .domain = rows[i].domain, .style = rows[i].style, .owners = rows[i].owners,
                                   .language = rows[i].language};
        struct fault fault = {0};
        struct list *list;

        if (list_make(world->db, &operator, world->ctx, &order, NULL, &list, &fault) == STATUS_OK)
            fail_msg("row %zu was taken", i);
        if (!str_eq(fault.field, rows[i].field))
            fail_msg("row %zu: %s, not %s", i, fault.field, rows[i].field);
    }
    assert_int_equal(q_audit_newest(world->db, world->ctx, 0, 1, &after, &count), STATUS_OK);
    assert_int_equal(before[0].id, after[0].id);
}

static void
every_style_makes_a_list(void **state)
{
    struct world *world = *state;

    for (const struct style *style = style_rows(); style->name != NULL; style++) {
        make(world, &(struct list_order){.name = mem_printf(world->ctx, "style-%s", style->name), .domain = "Life.Example",
                                         .style = style->name, .owners = "a@example.jp; \"B, b\" <b@example.jp>\nc@example.jp"});
        if (style->other_name != NULL)
            assert_ptr_equal(style_find(style->other_name), style);
    }
    assert_null(style_find("legacy"));
}

static void
styles_say_what_they_do(void **state)
{
    struct world *world = *state;
    struct list *list = make(world, &(struct list_order){.name = "hidden", .domain = "life.example", .style = "private-default"});
    struct row_list_people *owners;
    size_t count;

    assert_string_equal(value_of(world, list, "advertised"), "no");
    assert_string_equal(value_of(world, list, "subscription_policy"), "confirm_then_moderate");
    list = make(world, &(struct list_order){.name = "shown", .domain = "life.example", .style = "private", .advertised = "yes",
                                            .description = "About it", .language = "ja", .owners = "a@example.jp,b@example.jp"});
    assert_string_equal(value_of(world, list, "advertised"), "yes");
    assert_string_equal(value_of(world, list, "description"), "About it");
    assert_int_equal(q_list_people(world->db, world->ctx, list->id, "owner", &owners, &count), STATUS_OK);
    assert_int_equal(count, 2);
}

static void
an_old_name_leads_to_the_list(void **state)
{
    struct world *world = *state;
    struct list *list = make(world, &(struct list_order){.name = "old", .domain = "life.example"}), *renamed, *other;
    struct list_order same = {.name = "old", .domain = "life.example"};
    struct fault fault = {0};
    struct text_array addresses;

    assert_int_equal(list_rename(world->db, &operator, world->ctx, list, "new", "life.example", false, &renamed, &fault), STATUS_OK);
    assert_string_equal(renamed->address, "new@life.example");
    assert_int_equal(reached(world, "old@life.example"), list->id);
    assert_int_equal(reached(world, "OLD-request@life.example"), list->id);
    assert_int_equal(reached(world, "new-join@life.example"), list->id);
    assert_string_equal(value_of(world, renamed, "display_name"), "New");
    assert_int_equal(list_find(world->db, world->ctx, "old@life.example", &other, &fault), STATUS_OK);
    assert_int_equal(other->id, list->id);
    /* another list may have the name on purpose alone */
    assert_int_equal(list_make(world->db, &operator, world->ctx, &same, NULL, &other, &fault), STATUS_CONFLICT);
    assert_string_equal(fault.hint, "old_name");
    same.take_old_name = true;
    other = make(world, &same);
    assert_int_equal(reached(world, "old@life.example"), other->id);
    /* to another domain, and back to its own old name */
    fault = (struct fault){0};
    assert_int_equal(list_rename(world->db, &operator, world->ctx, renamed, "new", "other.example", false, &renamed, &fault), STATUS_OK);
    assert_int_equal(reached(world, "new@life.example"), list->id);
    assert_int_equal(list_rename(world->db, &operator, world->ctx, renamed, "new", "life.example", false, &renamed, &fault), STATUS_OK);
    assert_int_equal(list_addresses(world->db, world->ctx, list->id, &addresses), STATUS_OK);
    assert_int_equal(addresses.count, 2);
    assert_string_equal(addresses.items[0], "new@life.example");
    assert_string_equal(addresses.items[1], "new@other.example");
    assert_int_equal(list_old_name_drop(world->db, &operator, world->ctx, renamed, "new@other.example"), STATUS_OK);
    assert_int_equal(list_old_name_drop(world->db, &operator, world->ctx, renamed, "new@other.example"), STATUS_NOT_FOUND);
    assert_int_equal(reached(world, "new@other.example"), 0);
    assert_int_equal(list_rename(world->db, &operator, world->ctx, renamed, "new", "life.example", false, &renamed, &fault), STATUS_INVALID);
}

static void
an_alias_reaches_every_list(void **state)
{
    struct world *world = *state;
    struct list *list = make(world, &(struct list_order){.name = "aka", .domain = "life.example"});
    struct domain *made;
    struct fault fault = {0};

    assert_int_equal(reached(world, "aka@also.example"), 0);
    assert_int_equal(domain_alias_add(world->db, &operator, world->ctx, world->domain, "Also.Example", &fault), STATUS_OK);
    assert_int_equal(reached(world, "aka@also.example"), list->id);
    assert_int_equal(reached(world, "Aka-Owner@ALSO.example"), list->id);
    assert_int_equal(recipient_domain(world->db, world->ctx, "also.example"), STATUS_OK);
    assert_int_equal(recipient_domain(world->db, world->ctx, "example"), STATUS_NOT_FOUND);
    assert_int_equal(domain_alias_add(world->db, &operator, world->ctx, world->other, "also.example", &fault), STATUS_CONFLICT);
    assert_string_equal(fault.field, "alias");
    assert_int_equal(domain_alias_add(world->db, &operator, world->ctx, world->other, "life.example", &fault), STATUS_CONFLICT);
    assert_int_equal(domain_create(world->db, &operator, world->ctx, "also.example", NULL, NULL, &made, &fault), STATUS_CONFLICT);
    assert_int_equal(domain_alias_remove(world->db, &operator, world->ctx, world->domain, "also.example", &fault), STATUS_OK);
    assert_int_equal(domain_alias_remove(world->db, &operator, world->ctx, world->domain, "also.example", &fault), STATUS_NOT_FOUND);
    assert_int_equal(reached(world, "aka@also.example"), 0);
}

static void
copying_takes_settings_and_what_is_asked(void **state)
{
    struct world *world = *state;
    struct list *from = make(world, &(struct list_order){.name = "from", .domain = "life.example", .style = "closed",
                                                         .display_name = "From", .owners = "boss@example.jp"});
    struct list *to = make(world, &(struct list_order){.name = "to", .domain = "life.example", .display_name = "To"});
    struct list_difference *rows;
    struct row_list_people *people;
    struct fault fault = {0};
    size_t count;

    assert_int_equal(setting_set(world->db, &operator, SCOPE_LIST, to->id, "emergency", "yes", world->ctx, &fault), STATUS_OK);
    assert_int_equal(list_compare(world->db, world->ctx, &operator, from, to, &rows, &count), STATUS_OK);
    assert_int_equal(count, 5);     /* four of the style, and emergency taken back */
    assert_int_equal(list_copy(world->db, &operator, world->ctx, from, to, LIST_SETTINGS | LIST_OWNERS, &fault), STATUS_OK);
    assert_string_equal(value_of(world, to, "display_name"), "To");
    assert_string_equal(value_of(world, to, "advertised"), "no");
    assert_string_equal(value_of(world, to, "emergency"), "no");
    assert_int_equal(q_list_people(world->db, world->ctx, to->id, "owner", &people, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(people[0].email, "boss@example.jp");
    assert_int_equal(list_compare(world->db, world->ctx, &operator, from, to, &rows, &count), STATUS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(list_copy(world->db, &operator, world->ctx, from, from, LIST_SETTINGS, &fault), STATUS_INVALID);
    to = make(world, &(struct list_order){.name = "alike", .domain = "life.example", .like = from, .parts = LIST_SETTINGS});
    assert_string_equal(value_of(world, to, "default_nonmember_action"), "reject");
    assert_string_equal(value_of(world, to, "display_name"), "Alike");
}

static void
a_removed_list_comes_back_or_is_erased(void **state)
{
    struct world *world = *state;
    struct list *list = make(world, &(struct list_order){.name = "ends", .domain = "other.example", .owners = "boss@example.jp"}), *ended;
    struct row_list_effective_all *rows;
    struct fault fault = {0};
    int64_t later = clock_now_us() + INT64_C(3600) * US_PER_S;
    bool done = false;
    size_t count;

    assert_int_equal(list_remove(world->db, &operator, world->ctx, list, later, NULL), STATUS_OK);
    assert_int_equal(reached(world, "ends@other.example"), 0);
    assert_int_equal(list_remove(world->db, &operator, world->ctx, list, later, NULL), STATUS_NOT_FOUND);
    assert_int_equal(list_find_ended(world->db, world->ctx, 0, "Ends@other.example", &ended, &fault), STATUS_OK);
    assert_int_equal(ended->erase_at, later);
    assert_int_equal(domain_remove(world->db, &operator, world->ctx, world->other, &fault), STATUS_CONFLICT);
    /* a change for all lists does not show it again */
    assert_int_equal(setting_set(world->db, &operator, SCOPE_SITE, 0, "description", "x", world->ctx, &fault), STATUS_OK);
    assert_int_equal(setting_set(world->db, &operator, SCOPE_SITE, 0, "description", NULL, world->ctx, &fault), STATUS_OK);
    assert_int_equal(q_list_effective_all(world->db, world->ctx, &rows, &count), STATUS_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_not_equal(rows[i].list_id, list->id);
    assert_int_equal(list_restore(world->db, &operator, ended), STATUS_OK);
    assert_int_equal(reached(world, "ends@other.example"), list->id);
    /* not erased unless it was removed */
    assert_int_equal(list_erase_part(world->db, world->ctx, list->id, &done), STATUS_OK);
    assert_int_equal(reached(world, "ends@other.example"), list->id);
    assert_int_equal(list_remove(world->db, &operator, world->ctx, list, later, NULL), STATUS_OK);
    assert_int_equal(list_erase_begin(world->db, &operator, ended), STATUS_OK);
    assert_int_equal(list_restore(world->db, &operator, ended), STATUS_GONE);
    for (done = false; !done;)
        assert_int_equal(list_erase_part(world->db, world->ctx, list->id, &done), STATUS_OK);
    assert_int_equal(list_find_ended(world->db, world->ctx, list->id, NULL, &ended, &fault), STATUS_NOT_FOUND);
    assert_int_equal(domain_remove(world->db, &operator, world->ctx, world->other, &fault), STATUS_OK);
}

static void
a_domain_is_changed(void **state)
{
    struct world *world = *state;
    struct domain *domain;
    struct fault fault = {0};

    assert_int_equal(domain_set(world->db, &operator, world->ctx, world->domain, "WWW.example:8080", NULL, " Our lists ", &fault), STATUS_OK);
    assert_int_equal(domain_find(world->db, world->ctx, "LIFE.example", &domain, &fault), STATUS_OK);
    assert_string_equal(domain->web_host, "www.example:8080");
    assert_string_equal(domain->description, "Our lists");
    assert_string_equal(domain->token_domain, "life.example");
    assert_int_equal(domain_set(world->db, &operator, world->ctx, domain, "no host/", NULL, NULL, &fault), STATUS_INVALID);
    assert_string_equal(fault.field, "web_host");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_that_are_refused),
        cmocka_unit_test(every_style_makes_a_list),
        cmocka_unit_test(styles_say_what_they_do),
        cmocka_unit_test(an_old_name_leads_to_the_list),
        cmocka_unit_test(an_alias_reaches_every_list),
        cmocka_unit_test(copying_takes_settings_and_what_is_asked),
        cmocka_unit_test(a_removed_list_comes_back_or_is_erased),
        cmocka_unit_test(a_domain_is_changed),
    };

    mem_init();
    return cmocka_run_group_tests(tests, make_world, database_end);
}
