/* command-post.c - kairan post, kairan log: where a mail is, and who changed what */
#include "cli/common.h"
#include "store/statements.h"
#include "util/clock.h"

enum { OUTCOMES_MOST = 100000, TROUBLE_MOST = 200, LOG_SHOWN = 50 };

static void
show_post(struct out *out, const struct row_post_find *post)
{
    out_int(out, "number", post->number);
    out_text(out, "hash", post->hash);
    out_int(out, "message", post->message_id);
    out_text(out, "subject", post->subject);
    out_text(out, "from", post->from_address);
    out_text(out, "message_id", post->rfc_message_id);
    out_int(out, "size", post->size);
    out_time(out, "received_at", post->received_at);
    out_time(out, "accepted_at", post->accepted_at);
    out_bool(out, "archived", post->archived);
}

static char *
joined(TALLOC_CTX *ctx, struct text_array texts)
{
    struct str *all = str_new(ctx);

    for (size_t i = 0; i < texts.count; i++)
        str_addf(all, "%s%s", i > 0 ? ", " : "", texts.items[i]);
    return all->s;
}

static enum status
show_judgement(struct call *call, int64_t message_id)
{
    struct row_judgement_get *judgement;
    struct out *out;
    enum status status = q_judgement_get(call->db, call->ctx, message_id, &judgement);

    if (status != STATUS_OK || judgement == NULL)
        return status;
    out = out_object(call->out, "judgement");
    out_text(out, "action", judgement->action);
    out_text(out, "rule", judgement->rule);
    out_text(out, "reason", judgement->reason);
    out_text(out, "hits", joined(call->ctx, judgement->hits));
    out_text(out, "misses", joined(call->ctx, judgement->misses));
    out_text(out, "facts", judgement->facts);
    out_time(out, "judged_at", judgement->judged_at);
    return STATUS_OK;
}

static enum status
show_authentication(struct call *call, int64_t message_id)
{
    struct out *rows = out_rows(call->out, "authentication");
    struct row_auth_results_get *results;
    size_t count;
    enum status status = q_auth_results_get(call->db, call->ctx, message_id, &results, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "method", results[i].method);
        out_text(row, "result", results[i].result);
        out_text(row, "domain", results[i].domain);
        out_text(row, "selector", results[i].selector);
        out_bool(row, "aligned", results[i].aligned);
        out_text(row, "detail", results[i].detail);
    }
    return status;
}

static enum status
show_variants(struct call *call, int64_t post_id)
{
    struct out *rows = out_rows(call->out, "variants");
    struct row_variants_get *variants;
    size_t count;
    enum status status = q_variants_get(call->db, call->ctx, post_id, &variants, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "kind", variants[i].kind);
        out_text(row, "proof", variants[i].proof);
        out_time(row, "valid_until", variants[i].valid_until);
        out_bool(row, "eightbit", variants[i].eightbit);
    }
    return status;
}

/* The whole in one sentence; "handed on" is all that we know until a final server said more. */
static char *
fate_in_words(TALLOC_CTX *ctx, const struct row_post_find *post, const struct row_post_fate *fate)
{
    struct str *words = str_new(ctx);

    str_addf(words, "Of %lld copies %lld have been handed on to the mail server", (long long)post->recipients,
             (long long)fate->handed_on);
    if (fate->waiting > 0)
        str_addf(words, ", %lld wait to be sent", (long long)fate->waiting);
    if (fate->put_off > 0)
        str_addf(words, ", %lld are tried again (next at %s)", (long long)fate->put_off, clock_iso(ctx, fate->next_due));
    if (fate->failed > 0)
        str_addf(words, ", %lld were refused", (long long)fate->failed);
    if (fate->gone > 0)
        str_addf(words, ", %lld were not sent because the member had left", (long long)fate->gone);
    str_add(words, ".");
    return words->s;
}

static enum status
show_fate(struct call *call, const struct row_post_find *post)
{
    struct out *out = out_object(call->out, "copies");
    struct row_post_fate *fate;
    enum status status = q_post_fate(call->db, call->ctx, post->id, &fate);

    if (status != STATUS_OK)
        return status;
    out_text(out, "sentence", fate_in_words(call->ctx, post, fate));
    out_int(out, "all", post->recipients);
    out_int(out, "handed_on", fate->handed_on);
    out_int(out, "waiting", fate->waiting);
    out_int(out, "put_off", fate->put_off);
    out_int(out, "failed", fate->failed);
    out_int(out, "left", fate->gone);
    out_time(out, "first_at", fate->first_at);
    out_time(out, "last_at", fate->last_at);
    return STATUS_OK;
}

static enum status
show_outcomes(struct call *call, int64_t post_id)
{
    struct out *rows = out_rows(call->out, "outcomes");
    struct row_post_outcomes *outcomes;
    bool all = has_option(call, "--all");
    size_t count;
    enum status status = q_post_outcomes(call->db, call->ctx, post_id, !all, all ? OUTCOMES_MOST : TROUBLE_MOST, &outcomes, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_text(row, "address", outcomes[i].address);
        out_int(row, "attempt", outcomes[i].attempt);
        out_text(row, "result", outcomes[i].result);
        out_text(row, "variant", outcomes[i].variant);
        out_text(row, "phase", outcomes[i].phase);
        out_text(row, "reply", outcomes[i].reply);
        out_text(row, "queue_id", outcomes[i].queue_id);
        out_time(row, "at", outcomes[i].at);
    }
    return status;
}

enum status
command_post_show(struct call *call)
{
    struct row_post_find *post;
    enum status status = call_post(call, &post);

    if (status != STATUS_OK)
        return status;
    show_post(call->out, post);
    status = show_fate(call, post);
    if (status == STATUS_OK)
        status = show_judgement(call, post->message_id);
    if (status == STATUS_OK)
        status = show_authentication(call, post->message_id);
    if (status == STATUS_OK)
        status = show_variants(call, post->id);
    if (status == STATUS_OK)
        status = show_outcomes(call, post->id);
    return status;
}

static const char *
lower_or_null(struct call *call, const char *text)
{
    return text == NULL ? NULL : str_lower(call->ctx, text);
}

enum status
command_log(struct call *call)
{
    struct out *rows = out_rows(call->out, "log");
    const char *list_name = option(call, "--list"), *most_text = option(call, "--most");
    struct row_audit_page *lines;
    struct list *list = NULL;
    int64_t most = LOG_SHOWN;
    size_t count;
    enum status status = STATUS_OK;

    if (most_text != NULL)
        status = call_number(call, "--most", most_text, OUTCOMES_MOST, &most);
    if (status == STATUS_OK && list_name != NULL)
        status = call_list(call, list_name, &list);
    if (status == STATUS_OK)
        status = q_audit_page(call->db, call->ctx, list != NULL ? list->id : 0, lower_or_null(call, option(call, "--who")),
                              option(call, "--action"), option(call, "--from"), option(call, "--until"), 0, most, &lines, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct out *row = out_row(rows);

        out_time(row, "at", lines[i].at);
        out_text(row, "actor", lines[i].actor);
        out_text(row, "action", lines[i].action);
        out_text(row, "list", lines[i].list);
        out_text(row, "object", lines[i].object);
        out_text(row, "detail", lines[i].detail);
    }
    return status;
}
