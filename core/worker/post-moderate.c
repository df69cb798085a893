/* post-moderate.c - a moderator's answer to a notice about held posts: LIST-confirm+m-TOKEN
 *
 * The token was mailed to one moderator alone; the answer must come from that address, and be proved in this very mail. A word that
 * is not understood does nothing, and is told so. What decides is policy/held.c, as for pages and commands. */
#include <string.h>

#include "policy/budget.h"
#include "policy/moderator-word.h"
#include "policy/moderator.h"
#include "util/clock.h"
#include "util/when.h"
#include "worker/post-answer.h"

enum { SUBJECT_SHOWN = 100, UNPROVED_A_DAY = 2 };

struct moderating {
    struct work *work;
    struct correspondent from;
    const struct moderator_notice *notice;
    struct str *text;           /* of the answer */
};

/* ---- what the answer says ---- */

static const char *
say(const struct moderating *moderating, const char *text)
{
    return tr(moderating->from.lang, text);
}

static void
add_line(struct moderating *moderating, size_t item, const char *subject, const char *outcome)
{
    str_addf(moderating->text, "%zu. %s\n%s\n\n", item + 1, str_is_empty(subject) ? say(moderating, N_("(no subject)")) : subject, outcome);
}

/* Somebody was faster, or the role on that list is over. */
static enum status
tell_gone(struct moderating *moderating, size_t item)
{
    static const struct { const char *action, *sentence; } sentences[] = {
        {"accepted", N_("%1 accepted it.")}, {"refused", N_("%1 refused it.")}, {"discarded", N_("%1 discarded it.")},
        {"cancelled", N_("Its author took it back.")},
    };
    const struct moderator_notice *notice = moderating->notice;
    struct work *work = moderating->work;
    struct row_held_fates *fates;
    size_t count;
    enum status status = q_held_fates(work->poster->child->db, work->ctx, (struct int_array){&notice->items.items[item], 1}, notice->lists,
                                      &fates, &count);

    if (status == STATUS_OK && count == 0)
        add_line(moderating, item, "", say(moderating, N_("It does not wait any more.")));
    for (size_t i = 0; status == STATUS_OK && count > 0 && i < COUNT_OF(sentences); i++)
        if (str_eq(sentences[i].action, fates[0].action))
            add_line(moderating, item, utf8_cut(work->ctx, fates[0].subject, SUBJECT_SHOWN),
                     mem_printf(work->ctx, "%s (%s)", tr_fill(work->ctx, say(moderating, sentences[i].sentence), fates[0].decided_by, NULL, NULL),
                                when_full(work->ctx, moderating->from.lang, fates[0].decided_at)));
    return status;
}

/* ---- what is done ---- */

static enum status
decide(struct moderating *moderating, const struct moderator_word *word, size_t item)
{
    static const char *const done_words[] = {[HELD_ACCEPT] = N_("Accepted."), [HELD_REJECT] = N_("Refused."), [HELD_DISCARD] = N_("Discarded.")};
    const struct moderator_notice *notice = moderating->notice;
    struct work *work = moderating->work;
    struct actor actor = {.words = notice->email, .user_id = notice->user_id};
    struct held_order order = {.act = word->act, .reason = word->reason, .undo_s = (int)work->poster->child->conf->moderation_undo_s};
    struct int_array ids = {&notice->items.items[item], 1};
    struct db *db = work->poster->child->db;
    struct row_held_get *held;
    struct held_done done;
    enum status status = q_held_get(db, work->ctx, notice->items.items[item], notice->lists, &held);

    if (status == STATUS_OK)
        status = held_decide(db, &actor, work->poster->i18n, ids, notice->lists, &order, &done);
    if (status != STATUS_OK)
        return status;
    if (done.done == 0 || held == NULL)
        return tell_gone(moderating, item);
    add_line(moderating, item, utf8_cut(work->ctx, held->subject, SUBJECT_SHOWN), say(moderating, done_words[word->act]));
    return STATUS_OK;
}

static enum status
carry_out(struct moderating *moderating)
{
    struct moderator_word *words = mem_array(moderating->work->ctx, struct moderator_word, MODERATOR_WORDS_MAX);
    size_t count = moderator_words(moderating->work->ctx, moderating->work->summary->text, moderating->notice->items.count, words);
    enum status status = STATUS_OK;

    if (count == 0)
        str_add(moderating->text, say(moderating, N_("No word was found that decides, so nothing was done. Please answer again and begin with one word: accept, reject or discard.")));
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (words[i].count == 0)
            str_addf(moderating->text, "%s\n%s\n\n", words[i].line,
                     say(moderating, N_("Nothing was done: please name the number of the post as well, or say \"all\".")));
        for (size_t n = 0; n < words[i].count && status == STATUS_OK; n++)
            status = decide(moderating, &words[i], words[i].items[n]);
    }
    return status;
}

/* Whoever has the token got it in a mail of ours: the moderator may be told, a few times, that the answer proved nothing. */
static enum status
tell_unproved(struct moderating *moderating)
{
    struct work *work = moderating->work;
    struct notice notice = {
        .kind = NOTICE_held_answer, .lang = moderating->from.lang, .domain_id = work->list->domain_id, .domain = work->list->domain,
        .list_id = work->list->id, .list_name = work->list->name, .from_display = work->settings->display_name,
        .to = moderating->notice->email, .is_reply = true, .in_reply_to = work->summary->message_id,
        .base_url = conf_url_of(work->ctx, work->poster->child->conf->site_url, work->list->web_host)};
    bool taken;
    enum status status = budget_take(work->poster->child->db, "unproved", moderating->notice->key, UNPROVED_A_DAY, INT64_C(86400), &taken);

    if (status != STATUS_OK || !taken)
        return status;
    notice.args[0] = work->settings->display_name;
    notice.args[1] = say(moderating, N_("Nothing was done, because nothing in your answer proves that it comes from you. Please use the link instead."));
    return notice_add(work->poster->child->db, &notice);
}

static enum status
answer_moderator(struct moderating *moderating)
{
    struct work *work = moderating->work;
    enum status status;

    if (moderating->from.is_forged || is_automatic(work))
        return post_end_as(work, "discarded", "discard", "moderation", N_("It is an automatic answer, or its author is forged."));
    if (!moderating->from.is_proved || !str_eq(moderating->from.key, moderating->notice->key)) {
        status = tell_unproved(moderating);
        return status == STATUS_OK ? post_end_as(work, "refused", "reject", "moderation",
                                                 N_("It does not prove that it comes from the moderator.")) : status;
    }
    status = carry_out(moderating);
    if (status == STATUS_OK)
        status = answer(work, &moderating->from, NOTICE_held_answer, (const char *const[NOTICE_ARGS]){
            work->settings->display_name, str_trim(work->ctx, moderating->text->s)});
    return status == STATUS_OK ? post_end_as(work, "accepted", "accept", "moderation", N_("A moderator's answer was carried out.")) : status;
}

enum status
post_moderate(struct work *work)
{
    struct moderating moderating = {.work = work, .text = str_new(work->ctx)};
    struct moderator_notice *notice;
    enum status status = moderator_by_reply(work->poster->child->db, work->ctx, work->row->detail + strlen("m-"), &notice);

    if (status == STATUS_OK) {
        moderating.notice = notice;
        status = correspondent_load(work, false, &moderating.from);
    }
    if (status == STATUS_NOT_FOUND)
        return post_end_as(work, "discarded", "discard", "token", N_("The token in the address is not one of ours."));
    return status == STATUS_OK ? answer_moderator(&moderating) : status;
}
