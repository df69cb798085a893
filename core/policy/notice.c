/* notice.c - mails of the system to one person */
#include "mime/compose.h"
#include "policy/notice.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

#define NOTICE(name, subject, body) {#name, subject, body},
static const struct { const char *word, *subject, *body; } texts[] = {
#include "policy/notices.def"
};
#undef NOTICE

const char *
notice_kind_word(enum notice_kind kind)
{
    return texts[kind].word;
}

/* %1 ... %6 become the arguments, %% a per cent sign. */
static char *
fill(TALLOC_CTX *ctx, const char *text, const char *const args[NOTICE_ARGS])
{
    struct str *filled = str_new(ctx);

    for (; *text != '\0'; text++) {
        if (text[0] == '%' && text[1] >= '1' && text[1] <= '0' + NOTICE_ARGS)
            str_add(filled, args[*++text - '1']);
        else if (text[0] == '%' && text[1] == '%')
            str_addc(filled, *++text);
        else
            str_addc(filled, *text);
    }
    return filled->s;
}

/* A subject is one line, and not longer than what people read. */
static char *
fill_subject(TALLOC_CTX *ctx, const struct notice *notice)
{
    char *subject = utf8_cut(ctx, fill(ctx, tr(notice->lang, texts[notice->kind].subject), notice->args), 200);

    for (char *s = subject; *s != '\0'; s++)
        if (*s == '\n' || *s == '\t')
            *s = ' ';
    return subject;
}

struct blob
notice_compose(TALLOC_CTX *ctx, const struct notice *notice, int64_t now)
{
    /* Mail programs of one maker answer everything unless told so. */
    static const struct mail_header headers[] = {{"X-Auto-Response-Suppress", "All", true}};
    struct address to;
    const char *from = notice->list_name != NULL ? mem_printf(ctx, "%s-owner@%s", notice->list_name, notice->domain)
                                                 : mem_printf(ctx, "postmaster@%s", notice->domain);
    struct mail_text mail = {
        .from_display = notice->from_display, .from = from, .subject = fill_subject(ctx, notice),
        .body = fill(ctx, tr(notice->lang, texts[notice->kind].body), notice->args), .date_us = now,
        .message_id = mem_printf(ctx, "<%s@%s>", random_token(ctx), notice->domain),
        .auto_submitted = notice->is_reply ? "auto-replied" : "auto-generated", .headers = headers,
        .header_count = COUNT_OF(headers)};

    must(address_parse(ctx, notice->to, &to));
    mail.to = address_quote(ctx, &to);
    return compose_text_mail(ctx, &mail);
}

enum status
notice_add(struct db *db, const struct notice *notice)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int64_t now = clock_now_us();
    struct address to;
    enum status status = STATUS_INVALID;

    if (address_parse(ctx, notice->to, &to))
        status = q_notice_add(db, notice->domain_id, notice->list_id, texts[notice->kind].word, notice->to,
                              notice_compose(ctx, notice, now), now, NULL);
    talloc_free(ctx);
    return status;
}
