/* page-rules.c - why a post passes or not, asked of a pasted message; and the password that lets one pass */
#include "policy/password.h"
#include "policy/trial.h"
#include "web/common.h"
#include "web/page.h"
#include "web/rule-place.h"

static const struct { const char *word, *label, *dmarc, *policy; } proofs[] = {
    {"none", N_("Nothing is proved"), "none", NULL},
    {"pass", N_("The author is proved (DMARC pass)"), "pass", "reject"},
    {"fail", N_("The author's domain disowns it (DMARC fail)"), "fail", "reject"},
};

static size_t
proof_of(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(proofs); i++)
        if (str_eq(proofs[i].word, word))
            return i;
    return 0;
}

static void
show_proofs(struct request *request, size_t chosen)
{
    struct out *rows = out_rows(request->page, "proofs");

    for (size_t i = 0; i < COUNT_OF(proofs); i++) {
        struct out *row = out_row(rows);

        out_text(row, "word", proofs[i].word);
        out_text(row, "label", tr(request->lang, proofs[i].label));
        out_bool(row, "is_chosen", i == chosen);
    }
}

/* The rules in their order, as long as no message was asked about. */
enum status
page_rules(struct request *request, struct fault *fault)
{
    struct out *rows = out_rows(request->page, "rules");

    (void)fault;
    rule_place_show(request, "rules");
    show_proofs(request, 0);
    for (const struct rule_row *rule = rule_rows(); rule->name != NULL; rule++) {
        struct out *row = out_row(rows);

        out_text(row, "name", rule->name);
        out_text(row, "question", tr(request->lang, rule->question));
    }
    return STATUS_OK;
}

enum status
page_rules_ask(struct request *request, struct fault *fault)
{
    size_t proof = proof_of(request_text(request, "proof"));
    struct rule_auth auth = {.dmarc = proofs[proof].dmarc, .dmarc_policy = proofs[proof].policy};
    const char *sender = request_text(request, "sender");
    struct message *message;
    struct trial *trial;
    struct list *list;
    enum status status = trial_message(request, request_text(request, "message"), &message, fault);

    out_text(request->page, "message", request_text(request, "message"));
    out_text(request->page, "sender", sender);
    if (status == STATUS_OK)
        status = list_by_id(request->web->db, request, request->list->id, &list);
    if (status == STATUS_OK)
        status = trial_run(request->web->db, request, list, message, str_is_empty(sender) ? NULL : sender, &auth, &trial);
    if (status == STATUS_OK) {
        rule_place_show(request, "rules");
        show_proofs(request, proof);
        out_bool(request->page, "is_asked", true);
        trial_out(request->page, trial, request->lang);
        return STATUS_OK;
    }
    if (status != STATUS_INVALID)
        return status;
    status = page_rules(request, fault);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}

/* ---- the password ---- */

static enum status
show_password(struct request *request)
{
    const char *changed_by;
    int64_t changed_at;
    enum status status = password_who(request->web->db, request, request->list->id, &changed_by, &changed_at);

    rule_place_show(request, "password");
    out_bool(request->page, "is_set", changed_at != 0);
    out_text(request->page, "changed_by", changed_by);
    out_time(request->page, "changed_at", changed_at);
    return status;
}

enum status
page_password(struct request *request, struct fault *fault)
{
    (void)fault;
    out_text(request->page, "done", request_text(request, "done"));
    return show_password(request);
}

enum status
page_password_save(struct request *request, struct fault *fault)
{
    bool removes = str_eq(request_text(request, "act"), "remove");
    struct actor actor = request_actor(request);
    enum status status = removes ? password_remove(request->web->db, &actor, request->list->id)
                                 : password_set(request->web->db, &actor, request, request->list->id,
                                                request_text(request, "password"), fault);

    if (status == STATUS_OK || (removes && status == STATUS_NOT_FOUND)) {
        response_send_to(request->response, mem_printf(request, "%spassword?done=%s", request->list->path, removes ? "removed" : "set"));
        return STATUS_OK;
    }
    if (fault->field == NULL)
        return status;
    status = show_password(request);
    return status == STATUS_OK ? form_refuse(request, fault) : status;
}
