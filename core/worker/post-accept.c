/* post-accept.c - a message becomes a post: placed, cooked, expanded */
#include <string.h>

#include "archive/place.h"
#include "delivery/copy.h"
#include "mime/address.h"
#include "policy/pattern.h"
#include "policy/text.h"
#include "util/clock.h"
#include "util/killpoint.h"
#include "util/log.h"
#include "worker/post.h"

enum { CHUNK_LEAST = 5, CHUNK_MOST = 50, REPORT_AFTER_S = 4 * 3600 };

/* Does the list replace this author's From whatever their domain and signature say? */
static bool
is_named_author(struct work *work)
{
    const struct settings *settings = work->settings;
    enum mitigate_action action = settings->dmarc_mitigate_action;

    return action != MITIGATE_NONE && work->read->author != NULL &&
           pattern_find(settings->dmarc_addresses, work->read->author) != NULL;
}

/* NULL: the author's signature is asked. */
static const char *
why_always_replaced(struct work *work)
{
    const struct { bool holds; const char *words; } reasons[] = {
        {work->settings->anonymous_list, N_("The list hides who writes.")},
        {!work->poster->child->conf->smtp_transparent, N_("The next server is not known to pass messages on unchanged.")},
        {work->settings->dmarc_mitigate_unconditionally, N_("The list replaces From in every post.")},
        {is_named_author(work), N_("The list replaces From for this author.")},
    };

    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (reasons[i].holds)
            return reasons[i].words;
    return NULL;
}

static struct cook_list
list_for_cook(struct work *work, const struct place *place)
{
    const struct settings *settings = work->settings;
    const struct list *list = work->list;
    static const enum cook_reply replies[] = {
        [REPLY_NO_MUNGING] = COOK_REPLY_AUTHOR, [REPLY_POINT_TO_LIST] = COOK_REPLY_LIST,
        [REPLY_EXPLICIT_HEADER] = COOK_REPLY_ADD, [REPLY_EXPLICIT_HEADER_ONLY] = COOK_REPLY_ONLY,
    };
    struct cook_list cooked = {
        .name = list->name, .domain = list->domain, .slug = list->slug,
        .base_url = conf_url_of(work->ctx, work->poster->child->conf->site_url, list->web_host),
        .display_name = settings->display_name, .description = settings->description,
        .reply_to = settings->reply_to_address,
        .has_list_fields = settings->include_rfc2369_headers, .takes_posts = settings->allow_list_posts,
        .has_archive = settings->archive_policy != ARCHIVE_NEVER,
        .strips_reply_to = settings->first_strip_reply_to, .is_anonymous = settings->anonymous_list,
        .wraps = settings->dmarc_mitigate_action == MITIGATE_WRAP, .wrap_text = settings->dmarc_wrapped_message_text,
    };

    cooked.reply = replies[settings->reply_goes_to_list];
    if (str_is_empty(cooked.reply_to) && (cooked.reply == COOK_REPLY_ADD || cooked.reply == COOK_REPLY_ONLY))
        cooked.reply = COOK_REPLY_AUTHOR;
    if (!str_is_empty(settings->subject_prefix))
        cooked.prefix = mem_printf(work->ctx, "%s ", cook_prefix(work->ctx, str_trim(work->ctx, settings->subject_prefix),
                                                                 place->number));
    cooked.why_replaced = why_always_replaced(work);
    cooked.always_replace = cooked.why_replaced != NULL;
    return cooked;
}

/* A text of the owners around the post's own, in the list's language. */
static enum status
load_piece(struct work *work, const char *name, const struct cook_list *list, const struct cook_post *post, const char **piece_r)
{
    const struct lang *lang = i18n_lang(work->poster->i18n, language_code(work->settings->preferred_language));
    struct text_values *values = text_values_new(work->ctx);

    text_value_add(values, "number", mem_printf(work->ctx, "%lld", (long long)post->number));
    text_value_add(values, "post_url", !list->has_archive ? "" : cook_post_url(work->ctx, list, post));
    return text_piece(work->poster->child->db, work->ctx, text_row(name), work->list->id, work->list->domain_id, lang, values,
                      list->base_url, piece_r);
}

static enum status
add_variant(struct work *work, int64_t post_id, const struct variant *variant)
{
    return q_variant_add(work->poster->child->db, post_id, variant->kind, variant->head,
                         variant->body_is_received ? (struct blob){NULL, 0} : variant->body, (int64_t)variant->body_offset,
                         (struct blob){variant->body_hash, SHA256_LEN}, variant->eightbit, variant->proof,
                         variant->valid_until, NULL);
}

static enum status
cook_and_store(struct work *work, const struct place *place, int64_t post_id, const char *authentication, const char *topics,
               cook_prove *prove, void *data)
{
    struct cook_list list = list_for_cook(work, place);
    struct cook_post post = {
        .number = place->number, .hash = place->hash, .rfc_message_id = place->rfc_message_id,
        .add_message_id = place->made_message_id, .authentication = authentication, .auth_id = work->poster->child->hostname,
        .date_us = work->row->received_at, .without = work->secret != NULL ? work->secret->without : NULL, .topics = topics,
    };
    struct variants variants;
    enum status status = load_piece(work, "post_header", &list, &post, &list.header);

    if (status == STATUS_OK)
        status = load_piece(work, "post_footer", &list, &post, &list.footer);
    if (status != STATUS_OK)
        return status;
    if (!str_is_empty(list.header))
        list.header = mem_printf(work->ctx, "%s\n\n", list.header);
    cook(work->ctx, work->message, work->summary, &list, &post, prove, data, &variants);
    status = add_variant(work, post_id, &variants.replaced);
    if (status == STATUS_OK && variants.has_kept)
        status = add_variant(work, post_id, &variants.kept);
    return status;
}

/* What the archive is told: on an anonymous list the list itself has written, under a Message-ID of ours. */
static const struct summary *
summary_for_archive(struct work *work)
{
    struct summary *shown;
    struct address *author;

    if (!work->settings->anonymous_list)
        return work->summary;
    shown = mem_new(work->ctx, struct summary);
    author = mem_new(shown, struct address);
    *shown = *work->summary;
    *author = (struct address){.display = work->settings->display_name, .local = work->list->name, .domain = work->list->domain,
                               .ok = true};
    shown->message_id = NULL;
    shown->author = author;
    return shown;
}

/* The author's own wish, in the words that mail programs and Mailman know. */
static bool
says_no_archive(const struct work *work)
{
    const struct header *header = work->message->header;
    const char *no = header_get(work->ctx, header, "X-No-Archive"), *archive = header_get(work->ctx, header, "X-Archive");

    if (archive == NULL)
        archive = header_get(work->ctx, header, "Archive");
    return (no != NULL && !str_eq_nocase(no, "no")) || (archive != NULL && str_eq_nocase(archive, "no"));
}

static bool
goes_into_archive(const struct work *work)
{
    return work->settings->archive_policy != ARCHIVE_NEVER && !(work->settings->respect_no_archive && says_no_archive(work));
}

enum status
post_accept(struct work *work, const char *authentication, cook_prove *prove, void *data)
{
    struct db *db = work->poster->child->db;
    int64_t now = clock_now_us(), post_id = 0;
    struct place_post post = {.message_id = work->claim->message_id, .accepted_us = now, .archived = goes_into_archive(work),
                              .bulk = work->settings->bulk_delivery, .anonymous = work->settings->anonymous_list};
    const struct summary *shown = summary_for_archive(work);
    struct row_chunk_expand *expanded;
    struct reach reach;
    struct place place;
    enum status status;

    /* What needs no number comes first: from place_begin() on the list's other posts wait for this one. */
    status = post_find_reach(work, &reach);
    if (status == STATUS_OK)
        status = q_message_end(db, work->claim->message_id, "accepted", now, NULL);
    if (status == STATUS_OK)
        status = place_begin(db, work->ctx, work->row->list_id, work->list->domain, shown, &place);
    if (status == STATUS_OK)
        status = place_post(db, work->ctx, &place, shown, &post, &post_id);
    killpoint("post.placed");
    if (status == STATUS_OK)
        status = cook_and_store(work, &place, post_id, authentication, reach.topics.names, prove, data);
    if (status == STATUS_OK && reach.topics.ids.count > 0)
        status = q_post_topic_add(db, post_id, reach.topics.ids, NULL);
    if (status == STATUS_OK)
        status = q_chunk_expand(db, work->ctx, post_id, work->row->list_id, now, post.bulk ? CHUNK_MOST : CHUNK_LEAST, CHUNK_MOST,
                                work->read->author, work->read->recipients, reach.include, reach.exclude, reach.by_topic,
                                reach.topics.ids, &expanded);
    killpoint("post.expanded");
    if (status == STATUS_OK && work->read->author != NULL && post_author_is_proven(work))
        status = q_acknowledgement_add(db, post_id, work->row->list_id, work->read->author,
                                       address_text(work->ctx, work->summary->author),
                                       language_code(work->settings->preferred_language),
                                       now + (int64_t)REPORT_AFTER_S * US_PER_S, NULL);
    if (status == STATUS_OK)
        log_event(EVENT_ACCEPTED, "list", "%l", work->list->name, "number", "%lld", (long long)place.number, "recipients", "%lld",
                  (long long)expanded->recipients);
    return status;
}
