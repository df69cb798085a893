/* page-list-new.c - a new list: its name, its kind, its owners */
#include <string.h>

#include "mime/address.h"
#include "policy/style.h"
#include "web/common.h"
#include "web/list-form.h"
#include "web/page.h"

/* ---- the form ---- */

static void
show_styles(struct request *request, const char *chosen)
{
    struct out *rows = out_rows(request->page, "styles");

    for (const struct style *style = style_rows(); style->name != NULL; style++) {
        struct out *row = out_row(rows);

        out_text(row, "name", style->name);
        out_text(row, "label", tr(request->lang, style->label));
        out_text(row, "help", tr(request->lang, style->help));
        out_bool(row, "is_chosen", str_eq(style->name, chosen));
    }
}

static void
show_languages(struct request *request, const char *chosen)
{
    struct out *rows = out_rows(request->page, "languages");
    const struct lang *lang;

    for (size_t i = 0; (lang = i18n_nth(request->web->i18n, i)) != NULL; i++) {
        struct out *row = out_row(rows);

        out_text(row, "code", lang_code(lang));
        out_text(row, "name", lang_name(lang));
        out_bool(row, "is_chosen", str_eq(lang_code(lang), chosen));
    }
}

static enum status
show_form(struct request *request, const char *domain, const char *style, const char *language, bool *may_there_r)
{
    show_styles(request, style);
    show_languages(request, language);
    show_list_parts(request);
    return show_own_domains(request, domain, may_there_r);
}

enum status
page_list_new(struct request *request, struct fault *fault)
{
    bool found;

    (void)fault;
    out_text(request->page, "owners", request->me.email);
    out_text(request->page, "like", request_text(request, "like"));
    return show_form(request, request_text(request, "domain"), "discussion", lang_code(request->lang), &found);
}

/* ---- making it ---- */

/* "Orchestra@lists.example.jp" is "orchestra" when that is the domain chosen. */
static const char *
typed_name(struct request *request, const char *domain)
{
    char *name = str_lower(request, request_text(request, "name")), *at = strchr(name, '@');

    if (at != NULL && str_eq(at + 1, domain))
        *at = '\0';
    return name;
}

static void
show_typed(struct request *request)
{
    static const char *const fields[] = {"name", "display_name", "description", "owners", "like", "advertised"};

    for (size_t i = 0; i < COUNT_OF(fields); i++)
        out_text(request->page, fields[i], request_text(request, fields[i]));
}

static enum status
make(struct request *request, const char *domain, struct list **list_r, struct fault *fault)
{
    const char *advertised = request_text(request, "advertised"), *like = request_text(request, "like");
    struct actor actor = request_actor(request);
    struct list_mail mail = request_list_mail(request);
    struct list_order order = {
        .name = typed_name(request, domain), .domain = domain, .display_name = request_text(request, "display_name"),
        .description = request_text(request, "description"), .style = request_text(request, "style"),
        .language = request_text(request, "language"), .advertised = advertised, .owners = request_text(request, "owners"),
        .take_old_name = request_has(request, "take")};
    struct list *from;
    enum status status;

    if (*str_trim(request, order.owners) == '\0')
        return fault_set(fault, STATUS_INVALID, "owners", N_("A list needs an owner, somebody whom members can ask."));
    if (*like != '\0') {
        status = list_of_asker(request, like, &from, fault);
        if (status != STATUS_OK)
            return status;
        order.like = from;
        order.parts = asked_list_parts(request) | LIST_SETTINGS;
        order.style = NULL;
    }
    return list_make(request->web->db, &actor, request, &order, &mail, list_r, fault);
}

enum status
page_list_create(struct request *request, struct fault *fault)
{
    const char *domain = address_domain_ascii(request, request_text(request, "domain"));
    struct list *list;
    bool may_there;
    enum status status = show_form(request, domain, request_text(request, "style"), request_text(request, "language"), &may_there);

    if (status != STATUS_OK)
        return status;
    show_typed(request);
    status = may_there ? make(request, domain, &list, fault)
                       : fault_set(fault, STATUS_INVALID, "domain", N_("You may not make lists in this domain."));
    if (status == STATUS_OK)
        return send_to_list(request, list, "?new=1");
    if (status == STATUS_INVALID || status == STATUS_CONFLICT || status == STATUS_NOT_FOUND)
        return refuse_name(request, fault);
    return status;
}
