/* page-site.c - pages about the whole site: the language, letters as keys */
#include <string.h>

#include "store/statements.h"
#include "web/page.h"
#include "web/session.h"

enum { YEAR_S = 365 * 86400 };

enum status
page_keys(struct request *request, struct fault *fault)
{
    (void)request;
    (void)fault;
    return STATUS_OK;
}

enum status
page_language(struct request *request, struct fault *fault)
{
    struct out *rows = out_rows(request->page, "languages");
    const struct lang *lang;

    (void)fault;
    out_text(request->page, "return", request_text(request, "return"));
    for (size_t i = 0; (lang = i18n_nth(request->web->i18n, i)) != NULL; i++) {
        struct out *row = out_row(rows);

        out_text(row, "code", lang_code(lang));
        out_text(row, "name", lang_name(lang));
        out_bool(row, "is_current", lang == request->lang);
    }
    return STATUS_OK;
}

enum status
page_language_set(struct request *request, struct fault *fault)
{
    const struct lang *lang = i18n_lang(request->web->i18n, request_text(request, "language"));

    if (lang == NULL)
        return fault_set(fault, STATUS_INVALID, "language", N_("This language is not spoken here."));
    response_cookie(request->response, request->web->conf->web_secure_cookies, "lang", lang_code(lang), YEAR_S);
    response_send_to(request->response, request_text(request, "return"));
    if (request->me.user_id == 0)
        return STATUS_OK;
    return q_web_user_language(request->web->db, request->me.user_id, lang_code(lang), NULL);
}
