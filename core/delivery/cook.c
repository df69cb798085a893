/* cook.c - the forms in which a post goes out */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "auth/authres.h"
#include "auth/canon.h"
#include "delivery/cook-wrap.h"
#include "delivery/cook.h"
#include "delivery/field.h"
#include "mime/compose.h"
#include "mime/edit.h"
#include "mime/word.h"
#include "util/clock.h"
#include "util/str.h"

/* What the parts of this file hand one another. */
struct pot {
    TALLOC_CTX *ctx;
    const struct message *received;
    const struct message *sendable;     /* with lines that servers take, else as received */
    const struct message *message;      /* after the edits that both forms share */
    const struct summary *summary;
    const struct cook_list *list;
    const struct cook_post *post;
    bool body_changed;
};

char *
cook_prefix(TALLOC_CTX *ctx, const char *pattern, int64_t number)
{
    struct str *out = str_new(ctx);

    while (*pattern != '\0') {
        char *end = NULL;
        long width = pattern[0] == '%' ? strtol(pattern + 1, &end, 10) : 0;

        if (pattern[0] == '%' && end != NULL && *end == 'd' && width >= 0 && width <= 9) {
            str_addf(out, pattern[1] == '0' ? "%0*lld" : "%*lld", (int)width, (long long)number);
            pattern = end + 1;
        } else {
            str_addc(out, *pattern++);
        }
    }
    return out->s;
}

/* --- edits that both forms share --- */

static const struct message *
applied(struct pot *pot, struct edit_list *edits)
{
    return edit_is_empty(edits) ? pot->message : message_parse(pot->ctx, edit_apply(pot->ctx, edits));
}

static struct blob
body_of(const struct message *message)
{
    return (struct blob){message->raw.data + message->header->body_offset, message->raw.len - message->header->body_offset};
}

static void
leave_out_secrets(struct pot *pot)
{
    struct blob received = body_of(pot->received), without;

    if (pot->post->without == NULL)
        return;
    pot->message = pot->post->without;
    without = body_of(pot->message);
    pot->body_changed = received.len != without.len || memcmp(received.data, without.data, without.len) != 0;
}

static void
add_text(struct pot *pot, const char *text, bool (*add)(struct edit_list *edits, const char *text, const char **reason_r))
{
    struct edit_list *edits = edit_new(pot->ctx, pot->message);
    const char *reason;

    if (str_is_empty(text) || !add(edits, text, &reason))
        return;
    pot->message = applied(pot, edits);
    pot->body_changed = true;
}

static void
edit_body(struct pot *pot)
{
    const char *reason;

    leave_out_secrets(pot);
    if (edit_has_long_lines(pot->message)) {
        struct edit_list *edits = edit_new(pot->ctx, pot->message);

        if (edit_long_lines(edits, &reason)) {
            pot->message = applied(pot, edits);
            pot->body_changed = true;
        }
    }
    pot->sendable = pot->message;
    add_text(pot, pot->list->header, edit_header_text);
    add_text(pot, pot->list->footer, edit_footer_text);
    if (!str_is_empty(pot->list->prefix)) {
        struct edit_list *edits = edit_new(pot->ctx, pot->message);

        edit_subject_prefix(edits, pot->list->prefix);
        pot->message = applied(pot, edits);
    }
}

/* --- the author's fields --- */

/* Fields of another list's copy, of an earlier hop's last mile, and requests for receipts from everybody. */
static bool
is_not_for_us(const struct header_field *field)
{
    static const char *const names[] = {
        "List-Id", "List-Help", "List-Subscribe", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Post", "List-Owner",
        "List-Archive", "Archived-At", "Precedence", "Feedback-ID", "Return-Path", "Delivered-To", "X-Original-To",
        "Approved", "Approve", "X-Approved", "X-Approve", "Return-Receipt-To", "Disposition-Notification-To",
        "X-Confirm-Reading-To", "X-PMRQC", "Urgent", "X-ML-Count", "X-Topics", "X-Message-ID-Hash", "Message-ID-Hash", "Bcc",
    };

    return header_field_is_among(field, names, COUNT_OF(names));
}

/* Results that claim our name and are not ours (RFC 8601 5). */
static bool
is_forged_result(const struct header_field *field, const char *auth_id)
{
    return header_field_is(field, "Authentication-Results") && authres_is_ours(header_raw(field), auth_id);
}

/* A second one of these makes large receivers refuse the mail (RFC 5322 3.6). */
static bool
is_second_copy(const struct header *header, const struct header_field *field)
{
    static const char *const names[] = {
        "Date", "From", "Sender", "Reply-To", "To", "Cc", "Message-ID", "In-Reply-To", "References", "Subject",
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-ID", "Content-Description", "Author",
    };

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (header_field_is(field, names[i]))
            return header_find(header, names[i], 0) != field;
    return false;
}

/* --- our fields --- */

static void
add_uri(struct str *head, const char *name, char *uri)
{
    const char *const uris[] = {uri};

    compose_list_field(head, name, uris, 1);
}

char *
cook_post_url(TALLOC_CTX *ctx, const struct cook_list *list, const struct cook_post *post)
{
    return mem_printf(ctx, "%s/lists/%s/message/%s", list->base_url, list->slug, post->hash);
}

static void
add_list_fields(struct pot *pot, struct str *head)
{
    const struct cook_list *list = pot->list;
    char *id = mem_printf(head, "%s.%s", list->name, list->domain);
    const char *phrase = str_is_empty(list->description) ? list->display_name : list->description;
    char *address = mem_printf(head, "%s@%s", list->name, list->domain);
    char *page = mem_printf(head, "%s/lists/%s/", list->base_url, list->slug);
    const char *join[] = {mem_printf(head, "%sjoin", page), mem_printf(head, "mailto:%s-join@%s", list->name, list->domain)};
    const char *help[] = {page, mem_printf(head, "mailto:%s-request@%s?subject=help", list->name, list->domain)};
    const char *phrase_text = word_encode_phrase(head, utf8_cut(head, phrase, 60), strlen("List-Id: "));

    compose_structured(head, "List-Id", mem_printf(head, "%s <%s>", phrase_text, id));
    if (!list->has_list_fields)
        return;
    if (list->takes_posts)
        add_uri(head, "List-Post", mem_printf(head, "mailto:%s", address));
    else
        compose_structured(head, "List-Post", "NO");
    compose_list_field(head, "List-Help", help, 2);
    compose_list_field(head, "List-Subscribe", join, 2);
    add_uri(head, "List-Owner", mem_printf(head, "mailto:%s-owner@%s", list->name, list->domain));
    if (!list->has_archive)
        return;
    add_uri(head, "List-Archive", page);
    add_uri(head, "Archived-At", cook_post_url(head, list, pot->post));
}

/* None, or none that anybody could read: strict receivers want one (RFC 5322 3.6). */
static bool
lacks_date(const struct pot *pot)
{
    return pot->summary->date_us == 0;
}

static void
add_our_fields(struct pot *pot, struct str *head)
{
    const struct cook_list *list = pot->list;
    const struct cook_post *post = pot->post;

    if (!list->is_anonymous)
        str_add(head, post->authentication);
    add_list_fields(pot, head);
    compose_structured(head, "Precedence", "list");
    /* Those of other lists stay above it: whoever sees their own knows that the message went round. */
    compose_structured(head, "X-Loop", mem_printf(head, "<%s@%s>", list->name, list->domain));
    compose_structured(head, "Feedback-ID", mem_printf(head, "%s:%s::kairan", list->name, list->domain));
    /* Mailman's name of it, by which its archives are asked. */
    if (list->has_archive)
        compose_structured(head, "X-Message-ID-Hash", post->hash);
    compose_structured(head, "X-ML-Count", mem_printf(head, "%lld", (long long)post->number));
    if (!str_is_empty(post->topics))
        compose_field(head, "X-Topics", post->topics);
    if (post->add_message_id)
        compose_structured(head, "Message-ID", mem_printf(head, "<%s>", post->rfc_message_id));
    if (lacks_date(pot))
        compose_structured(head, "Date", clock_rfc5322(head, post->date_us));
}

/* --- From and Reply-To --- */

static const char *
author_name(struct pot *pot)
{
    const struct address *author = pot->summary->author;

    if (author == NULL)
        return NULL;
    /* A name with an @ in it would show another address than the one that sends. */
    if (!str_is_empty(author->display) && strchr(author->display, '@') == NULL)
        return author->display;
    return author->local;
}

/* The author's mailbox, or NULL where no copy can carry it. */
static char *
author_mailbox(struct pot *pot)
{
    return pot->summary->author == NULL ? NULL : field_mailbox(pot->ctx, pot->summary->author);
}

static void
add_anonymous_from(struct pot *pot, struct str *head)
{
    const struct cook_list *list = pot->list;
    char *address = mem_printf(head, "%s@%s", list->name, list->domain);
    bool elsewhere = list->reply == COOK_REPLY_ADD || list->reply == COOK_REPLY_ONLY;

    compose_address_field(head, "From", str_is_empty(list->description) ? list->display_name : list->description, address);
    compose_structured(head, "Reply-To", elsewhere ? list->reply_to : address);
}

static void
add_replaced_from(struct pot *pot, struct str *head)
{
    const struct cook_list *list = pot->list;
    const struct header *header = pot->message->header;
    const struct header_field *from = header_find(header, "From", 0);
    const char *name = author_name(pot);
    char *address = mem_printf(head, "%s@%s", list->name, list->domain), *author = author_mailbox(pot);
    char *original = field_value(pot->ctx, from);

    compose_address_field(head, "From",
                          name == NULL ? list->display_name : mem_printf(head, "%s via %s", name, list->display_name), address);
    if (header_count(header, "Author") == 0 && author != NULL)
        compose_structured(head, "Author", author);
    if (original != NULL)
        compose_structured(head, "X-Original-From", original);
}

/* What Reply-To says; NULL: the author's own field stays as it is. */
static const char *
reply_value(struct pot *pot, bool replaced, TALLOC_CTX *ctx)
{
    const struct cook_list *list = pot->list;
    const struct header_field *own = header_find(pot->message->header, "Reply-To", 0);
    char *own_value = list->strips_reply_to ? NULL : field_value(ctx, own), *author = author_mailbox(pot);

    switch (list->reply) {
    case COOK_REPLY_AUTHOR:
        return !replaced || own_value != NULL ? NULL : author;
    case COOK_REPLY_LIST:
        return own_value == NULL ? mem_printf(ctx, "%s@%s", list->name, list->domain)
                                 : mem_printf(ctx, "%s@%s, %s", list->name, list->domain, own_value);
    case COOK_REPLY_ADD:
        return own_value == NULL ? list->reply_to : mem_printf(ctx, "%s, %s", list->reply_to, own_value);
    case COOK_REPLY_ONLY:
        return list->reply_to;
    }
    return NULL;
}

/* --- a form --- */

/* What an anonymous list passes on: what it is about, to whom, when, and how the body is to be read. */
static bool
tells_nobody(const struct header_field *field)
{
    static const char *const names[] = {
        "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding", "Content-Disposition", "Content-Language", "Content-ID",
    };

    return header_field_is_among(field, names, COUNT_OF(names));
}

static bool
is_left_out(const struct pot *pot, const struct header_field *field, bool replaced, bool has_reply)
{
    const struct header *header = pot->message->header;

    return is_not_for_us(field) || is_forged_result(field, pot->post->auth_id) || is_second_copy(header, field)
           || (pot->list->is_anonymous && !tells_nobody(field))
           || (replaced && header_field_is(field, "From")) || (replaced && header_field_is(field, "Sender"))
           || (replaced && header_field_is(field, "X-Original-From"))
           || ((has_reply || pot->list->strips_reply_to) && header_field_is(field, "Reply-To"))
           || (pot->post->add_message_id && header_field_is(field, "Message-ID"))
           || (lacks_date(pot) && header_field_is(field, "Date"));
}

/* Ours: what the list says about itself, and whose mail it is. Returns whether Reply-To is among them. */
static bool
add_first_fields(struct pot *pot, struct str *head, bool replaced)
{
    const char *reply = reply_value(pot, replaced, pot->ctx);

    add_our_fields(pot, head);
    if (pot->list->is_anonymous) {
        add_anonymous_from(pot, head);
        return true;
    }
    if (replaced)
        add_replaced_from(pot, head);
    if (reply != NULL)
        compose_structured(head, "Reply-To", reply);
    return reply != NULL;
}

static struct blob
make_head(struct pot *pot, bool replaced)
{
    const struct header *header = pot->message->header;
    struct str *head = str_new(pot->ctx);
    bool has_reply = add_first_fields(pot, head, replaced);

    for (size_t i = 0; i < header->count; i++)
        if (!is_left_out(pot, &header->fields[i], replaced, has_reply))
            field_add(head, &header->fields[i]);
    return str_blob(head);
}

/* The post as it came, inside a mail of ours. */
static void
make_wrapped(struct pot *pot, struct variant *variant)
{
    struct str *head = str_new(pot->ctx);
    const char *header = pot->list->header != NULL ? pot->list->header : "", *wrap_text = pot->list->wrap_text;
    const char *above = mem_printf(pot->ctx, "%s%s", header, wrap_text != NULL ? wrap_text : "");
    struct cook_wrapping wrapping = {above, pot->list->footer, pot->post->add_message_id, lacks_date(pot)};

    add_first_fields(pot, head, true);
    variant->body = cook_wrap(pot->ctx, pot->sendable, pot->message->header, &wrapping, head);
    variant->head = str_blob(head);
}

static void
make_variant(struct pot *pot, bool replaced, struct variant *variant)
{
    const struct message *message = pot->message;
    size_t offset = message->header->body_offset;

    *variant = (struct variant){.kind = replaced ? "replaced" : "kept"};
    if (replaced && pot->list->wraps && !pot->list->is_anonymous) {
        make_wrapped(pot, variant);
    } else {
        variant->head = make_head(pot, replaced);
        variant->body = (struct blob){message->raw.data + offset, message->raw.len - offset};
        variant->body_is_received = !pot->body_changed;
        variant->body_offset = pot->received->header->body_offset;
    }
    variant->eightbit = blob_has_8bit(variant->head) || blob_has_8bit(variant->body);
}

struct blob
cook_whole(TALLOC_CTX *ctx, struct blob head, struct blob body)
{
    struct str *out = str_new(ctx);

    str_addn(out, head.data, head.len);
    str_add(out, "\r\n");
    str_addn(out, body.data, body.len);
    return str_blob(out);
}

void
cook(TALLOC_CTX *ctx, const struct message *message, const struct summary *summary, const struct cook_list *list,
     const struct cook_post *post, cook_prove *prove, void *data, struct variants *variants_r)
{
    struct pot pot = {.ctx = ctx, .received = message, .message = message, .summary = summary, .list = list, .post = post};
    struct cook_proof proof = {false, N_("Nobody could prove that the author's signature survives."), 0};

    edit_body(&pot);
    make_variant(&pot, true, &variants_r->replaced);
    canon_body_hash(CANON_RELAXED, variants_r->replaced.body, variants_r->replaced.body_hash);
    if (list->always_replace || list->is_anonymous) {
        proof.words = list->why_replaced;
    } else if (prove != NULL) {
        make_variant(&pot, false, &variants_r->kept);
        if (list->wraps)
            canon_body_hash(CANON_RELAXED, variants_r->kept.body, variants_r->kept.body_hash);
        else
            memcpy(variants_r->kept.body_hash, variants_r->replaced.body_hash, SHA256_LEN);
        proof = prove(data, cook_whole(ctx, variants_r->kept.head, variants_r->kept.body));
    }
    variants_r->has_kept = proof.kept;
    variants_r->kept.proof = variants_r->replaced.proof = proof.words;
    variants_r->kept.valid_until = proof.valid_until;
}
