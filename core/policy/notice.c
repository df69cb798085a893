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

/* The notice's own values by their names, then the list's. */
static enum status
values_of(struct db *db, TALLOC_CTX *ctx, const struct notice *notice, struct text_values **values_r)
{
    struct text_array names = text_variables(ctx, &text_rows()[notice->kind]);
    struct text_values *values = *values_r = text_values_new(ctx);

    must(names.count <= NOTICE_ARGS);
    for (size_t i = 0; i < names.count; i++)
        text_value_add(values, names.items[i], notice->args[i]);
    return notice->list_id == 0 ? STATUS_OK : text_values_of_list(db, values, notice->list_id, notice->lang, notice->base_url);
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

enum status
notice_compose_text(struct db *db, TALLOC_CTX *ctx, const struct notice *notice, const struct text *text, int64_t now,
                    struct blob *mail_r)
{
    /* Mail programs of one maker answer everything unless told so. */
    const char *answered = notice->in_reply_to != NULL ? mem_printf(ctx, "<%s>", notice->in_reply_to) : NULL;
    struct mail_header headers[4] = {{"X-Auto-Response-Suppress", "All", true}};
    struct mail_text mail = {.from_display = notice->from_display, .date_us = now, .headers = headers, .header_count = 1,
                             .auto_submitted = notice->is_reply ? "auto-replied" : "auto-generated"};
    struct text_values *values;
    struct address to;
    enum status status = values_of(db, ctx, notice, &values);

    if (status != STATUS_OK)
        return status;
    if (notice->reply_to != NULL)
        headers[mail.header_count++] = (struct mail_header){"Reply-To", notice->reply_to, true};
    if (answered != NULL) {
        headers[mail.header_count++] = (struct mail_header){"In-Reply-To", answered, true};
        headers[mail.header_count++] = (struct mail_header){"References", answered, true};
    }
    must(address_parse(ctx, notice->to, &to));
    mail.to = address_quote(ctx, &to);
    mail.from = notice->list_name != NULL ? mem_printf(ctx, "%s-owner@%s", notice->list_name, notice->domain)
                                          : mem_printf(ctx, "postmaster@%s", notice->domain);
    mail.subject = fill_subject(ctx, text->subject, values);
    mail.body = text_fill(ctx, text->body, values);
    mail.message_id = mem_printf(ctx, "<%s@%s>", random_token(ctx), notice->domain);
    *mail_r = compose_text_mail(ctx, &mail);
    return STATUS_OK;
}

enum status
notice_compose(struct db *db, TALLOC_CTX *ctx, const struct notice *notice, int64_t now, struct blob *mail_r)
{
    struct text text;
    enum status status = text_load(db, ctx, &text_rows()[notice->kind], notice->list_id, notice->domain_id, notice->lang, &text);

    return status == STATUS_OK ? notice_compose_text(db, ctx, notice, &text, now, mail_r) : status;
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
