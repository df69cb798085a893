/* trial.c - what would become of a message */
#include <ctype.h>
#include <string.h>

#include "mime/address.h"
#include "policy/trial.h"
#include "util/str.h"

enum status
trial_message(TALLOC_CTX *ctx, const char *text, struct message **message_r, struct fault *fault)
{
    struct str *raw = str_new(ctx);
    size_t len = strlen(text);

    if (len > TRIAL_MESSAGE_MAX)
        return fault_set(fault, STATUS_INVALID, "message", N_("This is too long; its beginning with the header is enough."));
    while (isspace((unsigned char)*text))
        text++;
    for (; *text != '\0'; text++)
        if (*text == '\n')
            str_add(raw, "\r\n");
        else if (*text != '\r')
            str_addc(raw, *text);
    str_add(raw, "\r\n");
    *message_r = message_parse(ctx, str_blob(raw));
    if ((*message_r)->header->count == 0)
        return fault_set(fault, STATUS_INVALID, "message",
                         N_("This does not begin with the header of a message, such as \"From: hana@example.jp\"."));
    return STATUS_OK;
}

static enum status
ask(struct db *db, struct trial *trial, const struct list *list, const struct settings *settings, const struct rule_auth *auth,
    const struct summary *summary)
{
    enum status status = facts_load(db, trial, list, settings, trial->read, auth, NULL, &trial->facts);

    if (status == STATUS_OK && settings->topics_enabled)
        status = topic_find(db, trial, list->id, trial->message, summary->subject, summary->text,
                            settings->topics_bodylines_limit, &trial->topics);
    if (status == STATUS_OK)
        trial->lines = rules_explain(trial, trial->facts, &trial->verdict);
    return status;
}

enum status
trial_run(struct db *db, TALLOC_CTX *ctx, const struct list *list, struct message *message, const char *sender,
          const struct rule_auth *auth, struct trial **trial_r)
{
    struct trial *trial = mem_new(ctx, struct trial);
    struct summary *summary = summary_read(trial, message);
    struct settings *settings;
    enum status status = settings_load(db, trial, list->id, &settings);

    if (status != STATUS_OK)
        return status;
    if (sender == NULL && summary->author != NULL)
        sender = address_text(trial, summary->author);
    trial->message = message;
    trial->read = rule_message_read(trial, message, summary, sender);
    *trial_r = trial;
    return ask(db, trial, list, settings, auth, summary);
}

static const char *
said(const struct lang *lang, const char *text)
{
    return lang != NULL ? tr(lang, text) : text;
}

static const char *const sentences[] = {
    [VERDICT_ACCEPT] = N_("It would be accepted."), [VERDICT_HOLD] = N_("It would be held for a moderator."),
    [VERDICT_REJECT] = N_("It would be refused."), [VERDICT_DISCARD] = N_("It would be discarded."),
};

void
trial_out(struct out *out, const struct trial *trial, const struct lang *lang)
{
    static const char *const answers[] = {[RULE_MISSED] = "missed", [RULE_HIT] = "hit", [RULE_NOT_ASKED] = "not asked"};
    struct out *rows;

    out_text(out, "action", verdict_word(trial->verdict->action));
    out_text(out, "sentence", said(lang, sentences[trial->verdict->action]));
    out_text(out, "rule", trial->verdict->rule);
    out_text(out, "reason", said(lang, trial->verdict->reason));
    out_text(out, "topics", str_is_empty(trial->topics.names) ? NULL : trial->topics.names);
    rows = out_rows(out, "rules");
    for (size_t i = 0; rule_rows()[i].name != NULL; i++) {
        const struct rule_line *line = &trial->lines[i];
        struct out *row = out_row(rows);

        out_text(row, "name", line->name);
        out_text(row, "answer", answers[line->answer]);
        out_text(row, "action", line->answer == RULE_HIT ? verdict_word(line->action) : NULL);
        out_text(row, "detail", line->detail);
        out_text(row, "question", said(lang, line->question));
        out_text(row, "reason", line->reason != NULL ? said(lang, line->reason) : NULL);
    }
}
