/* cook-wrap.c - a post put untouched into a mail of the list's (RFC 2046 5.2.1) */
#include <string.h>

#include "delivery/cook-wrap.h"
#include "delivery/field.h"
#include "mime/compose.h"
#include "util/crypto.h"

/* A password, hidden recipients, and what belonged to the last mile to us. All else stays, signatures too. */
static bool
is_secret(const struct header_field *field)
{
    static const char *const names[] = {"Approved", "Approve", "X-Approved", "X-Approve", "Bcc", "Return-Path", "Delivered-To",
                                        "X-Original-To"};

    return header_field_is_among(field, names, COUNT_OF(names));
}

/* What the mail around it repeats, so that it threads and sorts as the post would. */
static bool
is_repeated(const struct header *header, const struct header_field *field)
{
    static const char *const names[] = {"To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (header_field_is(field, names[i]))
            return header_find(header, names[i], 0) == field;
    return false;
}

static struct str *
inner_bytes(TALLOC_CTX *ctx, const struct message *inner)
{
    struct str *out = str_new(ctx);
    size_t offset = inner->header->body_offset;

    for (size_t i = 0; i < inner->header->count; i++)
        if (!is_secret(&inner->header->fields[i]))
            field_add(out, &inner->header->fields[i]);
    str_add(out, "\r\n");
    str_addn(out, inner->raw.data + offset, inner->raw.len - offset);
    return out;
}

static void
add_part(struct str *body, const char *boundary, const char *text)
{
    if (str_is_empty(text))
        return;
    str_addf(body, "--%s\r\n", boundary);
    compose_text_part(body, text);
}

struct blob
cook_wrap(TALLOC_CTX *ctx, const struct message *inner, const struct header *outer, const struct cook_wrapping *wrapping,
          struct str *head)
{
    struct str *post = inner_bytes(ctx, inner), *body = str_new(ctx);
    const char *encoding = blob_has_8bit(str_blob(post)) ? "Content-Transfer-Encoding: 8bit\r\n" : "";
    char *boundary = mem_printf(ctx, "=_%s", random_token(ctx));

    for (size_t i = 0; i < outer->count; i++)
        if (is_repeated(outer, &outer->fields[i]) && !(wrapping->add_message_id && header_field_is(&outer->fields[i], "Message-ID")) &&
            !(wrapping->add_date && header_field_is(&outer->fields[i], "Date")))
            field_add(head, &outer->fields[i]);
    str_add(head, "MIME-Version: 1.0\r\n");
    if (str_is_empty(wrapping->above) && str_is_empty(wrapping->below)) {
        str_addf(head, "Content-Type: message/rfc822\r\n%s", encoding);
        return str_blob(post);
    }
    str_addf(head, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n%s", boundary, encoding);
    add_part(body, boundary, wrapping->above);
    str_addf(body, "--%s\r\nContent-Type: message/rfc822\r\n%s\r\n", boundary, encoding);
    str_addn(body, post->s, post->len);
    str_add(body, "\r\n");
    add_part(body, boundary, wrapping->below);
    str_addf(body, "--%s--\r\n", boundary);
    return str_blob(body);
}
