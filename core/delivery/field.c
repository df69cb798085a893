/* field.c - an author's field in a copy: byte for byte, unless no server would pass it on */
#include <string.h>

#include "delivery/field.h"
#include "mime/address.h"
#include "mime/compose.h"
#include "mime/params.h"
#include "mime/word.h"

enum { LINE_MOST = 998, NAME_MOST = 70 };

static bool
is_fit(const struct header_field *field)
{
    size_t line = 0;

    for (size_t i = 0; i < field->len; i++) {
        uint8_t c = field->start[i];

        if (c > 127 || (c != '\n' && c != '\r' && ++line > LINE_MOST))
            return false;
        if (c == '\n')
            line = 0;
    }
    return true;
}

char *
field_mailbox(TALLOC_CTX *ctx, const struct address *address)
{
    struct address ascii = *address;

    ascii.domain = address_domain_ascii(ctx, address->domain);
    if (!address->ok || ascii.domain == NULL || address_is_utf8(address))
        return NULL;
    return compose_mailbox(ctx, address->display, address_quote(ctx, &ascii));
}

static void
add_addresses(struct str *head, const char *name, const struct header_field *field)
{
    struct address_list *list = address_list_parse(head, header_raw(field));
    struct str *value = str_new(head);

    for (size_t i = 0; i < list->count; i++) {
        char *mailbox = field_mailbox(value, &list->rows[i]);

        if (mailbox == NULL)
            continue;
        if (value->len > 0)
            str_add(value, ", ");
        str_add(value, mailbox);
    }
    if (value->len > 0)
        compose_structured(head, name, value->s);
}

/* name="value", or name*=UTF-8''value */
static void
add_parameter(struct str *value, const struct param *param)
{
    static const char hex[] = "0123456789ABCDEF";
    bool plain = !str_has_8bit(param->value) && !str_has_control(param->value);

    str_addf(value, plain ? "; %s=\"" : "; %s*=UTF-8''", param->name);
    for (const unsigned char *p = (const unsigned char *)param->value; *p != '\0'; p++) {
        bool is_safe = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '.' || *p == '-';

        if (plain && (*p == '"' || *p == '\\'))
            str_addc(value, '\\');
        if (plain || is_safe) {
            str_addc(value, (char)*p);
        } else {
            str_addc(value, '%');
            str_addc(value, hex[*p >> 4]);
            str_addc(value, hex[*p & 15]);
        }
    }
    if (plain)
        str_addc(value, '"');
}

static void
add_parameters(struct str *head, const char *name, const struct header_field *field)
{
    struct params *params = params_parse(head, header_raw(field));
    struct str *value = str_new(head);

    str_add(value, params->value);
    for (size_t i = 0; i < params->count; i++)
        add_parameter(value, &params->rows[i]);
    compose_structured(head, name, value->s);
}

/* A message id of other bytes cannot be sent at all; whoever answers names it as it arrived. */
static char *
ascii_only(char *value)
{
    for (char *p = value; *p != '\0'; p++)
        if ((unsigned char)*p > 126)
            *p = '?';
    return value;
}

void
field_add(struct str *head, const struct header_field *field)
{
    static const char *const addresses[] = {"From", "Sender", "Reply-To", "To", "Cc", "Resent-From", "Resent-To", "Resent-Cc"};
    static const char *const parameters[] = {"Content-Type", "Content-Disposition"};
    static const char *const structured[] = {"References", "In-Reply-To", "Received", "Message-ID", "DKIM-Signature",
                                             "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"};
    char *name;

    if (is_fit(field)) {
        str_addn(head, field->start, field->len);
        /* The last line of a message that ends in its header may lack its line end. */
        if (field->len < 2 || head->s[head->len - 1] != '\n')
            str_add(head, "\r\n");
        return;
    }
    /* Nobody reads a field of such a name; folded it would be none. */
    if (field->name_len > NAME_MOST)
        return;
    name = mem_strndup(head, (const char *)field->start, field->name_len);
    if (header_field_is_among(field, addresses, COUNT_OF(addresses)))
        add_addresses(head, name, field);
    else if (header_field_is_among(field, parameters, COUNT_OF(parameters)))
        add_parameters(head, name, field);
    else if (header_field_is_among(field, structured, COUNT_OF(structured)))
        compose_structured(head, name, ascii_only(header_value(head, field)));
    else
        compose_field(head, name, word_decode(head, header_raw(field)));
}

char *
field_value(TALLOC_CTX *ctx, const struct header_field *field)
{
    struct str *written = str_new(ctx);
    struct header *header;

    if (field == NULL)
        return NULL;
    field_add(written, field);
    header = header_parse(ctx, str_blob(written));
    return header->count == 0 ? NULL : header_value(ctx, &header->fields[0]);
}
