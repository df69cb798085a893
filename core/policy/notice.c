/* notice.c - mails of the system to one person */
#include "mime/compose.h"
#include "policy/notice.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

const char *
notice_kind_word(enum notice_kind kind)
{
    return text_rows()[kind].name;
}

void
notice_languages(const struct i18n *i18n, const char *known, const char *of_list, const struct lang **lang_r,
                 const struct lang **also_r)
{
    *lang_r = i18n_lang(i18n, known);
    *also_r = NULL;
    if (*lang_r != NULL)
        return;
    *lang_r = i18n_lang(i18n, of_list);
    if (*lang_r == NULL)
        *lang_r = i18n_nth(i18n, 0);
    *also_r = i18n_beside(i18n, *lang_r);
}

const char *
notice_actor(const struct lang *lang, const char *words)
{
    return str_starts(words, "command line") ? tr(lang, N_("a site administrator")) : words;
}

/* The notice's own values by their names, then the list's. */
static enum status
values_of(struct db *db, TALLOC_CTX *ctx, const struct notice *notice, const struct lang *lang, struct text_values **values_r)
{
    struct text_array names = text_variables(ctx, &text_rows()[notice->kind]);
    struct text_values *values = *values_r = text_values_new(ctx);

    must(names.count <= NOTICE_ARGS);
    for (size_t i = 0; i < names.count; i++)
        text_value_add(values, names.items[i], lang == notice->also && notice->also_args[i] != NULL ? notice->also_args[i]
                                                                                                   : notice->args[i]);
    return notice->list_id == 0 ? STATUS_OK : text_values_of_list(db, values, notice->list_id, lang, notice->base_url);
}

/* A subject is one line, and not longer than what people read. */
static char *
fill_subject(TALLOC_CTX *ctx, const char *text, const struct text_values *values)
{
    char *subject = utf8_cut(ctx, text_fill(ctx, text, values), 200);

    for (char *s = subject; *s != '\0'; s++)
        if (*s == '\n' || *s == '\t')
            *s = ' ';
    return subject;
}

/* What a mail says, in one language or two. */
struct wording { char *subject; struct str *body; const char *sign_off, *list_id; };

/* What stands below: whose mail it is, why it came, and whom to ask. */
static const char *
sign_off(TALLOC_CTX *ctx, const struct notice *notice, const struct lang *lang)
{
    const char *why = notice->is_gathered
                          ? tr(lang, N_("You get this mail because you look after the list. Its settings say which of these mails come.")) : "";

    if (notice->list_id == 0 || notice->is_of_site)
        return why;
    return mem_printf(ctx, "%s%s%s", tr(lang, N_("$listname\nOwners: $owner_email")), *why != '\0' ? "\n" : "", why);
}

static enum status
add_wording(struct db *db, TALLOC_CTX *ctx, const struct notice *notice, const struct lang *lang, const struct text *text,
            struct wording *wording)
{
    bool first = wording->body->len == 0;
    char *subject;
    struct text_values *values;
    enum status status = values_of(db, ctx, notice, lang, &values);

    if (status != STATUS_OK)
        return status;
    subject = fill_subject(ctx, text->subject, values);
    wording->subject = first || str_eq(subject, wording->subject) ? subject : mem_printf(ctx, "%s / %s", wording->subject, subject);
    str_addf(wording->body, "%s%s", first ? "" : "\n\n* * *\n\n", text_fill(ctx, text->body, values));
    if (!first)
        return STATUS_OK;
    wording->list_id = text_fill(ctx, "$list_id", values);
    wording->sign_off = text_fill(ctx, sign_off(ctx, notice, lang), values);
    return STATUS_OK;
}

/* `other` is NULL where one language is enough. */
static enum status
word(struct db *db, TALLOC_CTX *ctx, const struct notice *notice, const struct text *text, const struct text *other,
     struct wording *wording)
{
    enum status status;

    *wording = (struct wording){.body = str_new(ctx)};
    status = add_wording(db, ctx, notice, notice->lang, text, wording);
    if (status == STATUS_OK && other != NULL)
        status = add_wording(db, ctx, notice, notice->also, other, wording);
    if (status == STATUS_OK)
        str_addf(wording->body, "\n\n-- \n%s%s%s\n", notice->from_display != NULL ? notice->from_display : "", *wording->sign_off != '\0' ? "\n" : "", wording->sign_off);
    return status;
}

static void
add_header(struct mail_text *mail, struct mail_header *headers, const char *name, const char *value)
{
    if (value != NULL)
        headers[mail->header_count++] = (struct mail_header){name, value, true};
}

/* Named by nobody else: whatever refers to it stands together. */
static char *
thread_of_day(TALLOC_CTX *ctx, const struct notice *notice, int64_t now)
{
    return mem_printf(ctx, "<%s.%lld.%s@%s>", notice->kind == NOTICE_members_changed ? "members" : "waiting",
                      (long long)(now / US_PER_S / 86400), notice->list_name, notice->domain);
}

static enum status
compose_in(struct db *db, TALLOC_CTX *ctx, const struct notice *notice, const struct text *text, const struct text *other, int64_t now,
           struct blob *mail_r)
{
    const char *answered = notice->in_reply_to != NULL ? mem_printf(ctx, "<%s>", notice->in_reply_to) : NULL;
    struct mail_header headers[5];
    struct mail_text mail = {.from_display = notice->from_display, .date_us = now, .headers = headers,
                             .auto_submitted = notice->is_reply ? "auto-replied" : "auto-generated"};
    struct wording wording;
    struct address to;
    enum status status = word(db, ctx, notice, text, other, &wording);

    if (status != STATUS_OK)
        return status;
    add_header(&mail, headers, "X-Auto-Response-Suppress", "All");      /* programs of one maker answer everything unless told so */
    add_header(&mail, headers, "Reply-To", notice->reply_to);
    add_header(&mail, headers, "In-Reply-To", answered);
    add_header(&mail, headers, "References", answered == NULL && notice->is_gathered ? thread_of_day(ctx, notice, now) : answered);
    if (notice->list_id != 0 && !notice->is_of_site)
        add_header(&mail, headers, "List-Id", compose_mailbox(ctx, notice->from_display, wording.list_id));
    must(address_parse(ctx, notice->to, &to));
    mail.to = address_quote(ctx, &to);
    mail.from = notice->list_name != NULL ? mem_printf(ctx, "%s-owner@%s", notice->list_name, notice->domain)
                                          : mem_printf(ctx, "postmaster@%s", notice->domain);
    mail.subject = wording.subject;
    mail.body = wording.body->s;
    mail.message_id = mem_printf(ctx, "<%s@%s>", random_token(ctx), notice->domain);
    *mail_r = compose_text_mail(ctx, &mail);
    return STATUS_OK;
}

enum status
notice_compose_text(struct db *db, TALLOC_CTX *ctx, const struct notice *notice, const struct text *text, int64_t now,
                    struct blob *mail_r)
{
    return compose_in(db, ctx, notice, text, NULL, now, mail_r);
}

enum status
notice_compose(struct db *db, TALLOC_CTX *ctx, const struct notice *notice, int64_t now, struct blob *mail_r)
{
    const struct text_row *row = &text_rows()[notice->kind];
    struct text text, other;
    enum status status = text_load(db, ctx, row, notice->list_id, notice->domain_id, notice->lang, &text);

    if (status == STATUS_OK && notice->also != NULL)
        status = text_load(db, ctx, row, notice->list_id, notice->domain_id, notice->also, &other);
    return status == STATUS_OK ? compose_in(db, ctx, notice, &text, notice->also != NULL ? &other : NULL, now, mail_r) : status;
}

enum status
notice_add(struct db *db, const struct notice *notice)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int64_t now = clock_now_us();
    struct address to;
    struct blob mail;
    enum status status = STATUS_INVALID;

    if (address_parse(ctx, notice->to, &to))
        status = notice_compose(db, ctx, notice, now, &mail);
    if (status == STATUS_OK)
        status = q_notice_add(db, notice->domain_id, notice->list_id, notice_kind_word(notice->kind), notice->to, mail, now,
                              notice->is_unsent, NULL);
    talloc_free(ctx);
    return status;
}
