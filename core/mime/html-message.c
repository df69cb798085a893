/* html-message.c - the HTML of a message, cleaned, with the pictures that came with it */
#include <string.h>

#include "mime/html-check.h"
#include "mime/html-clean.h"
#include "util/crypto.h"

enum { PICTURES_MOST = 6 << 20, PICTURES_TRIED = 300, PARTS_MOST = 10, TEXT_MOST = 2 << 20 };

struct pictures {
    TALLOC_CTX *ctx;
    const struct message *message;
    size_t room, tried;
};

static const struct part *
part_with_id(const struct message *message, const char *content_id)
{
    for (size_t i = 0; i < message->count; i++)
        if (part_is_leaf(message->parts[i]) && str_eq(message->parts[i]->content_id, content_id))
            return message->parts[i];
    return NULL;
}

static const char *
picture(void *state, const char *content_id)
{
    struct pictures *pictures = state;
    const struct part *part = pictures->tried++ < PICTURES_TRIED ? part_with_id(pictures->message, content_id) : NULL;
    struct blob data;
    const char *type;

    if (part == NULL || part->size > pictures->room)
        return NULL;
    data = part_data(pictures->ctx, pictures->message, part);
    type = html_image_type(data);
    if (type == NULL)
        return NULL;
    pictures->room -= data.len < pictures->room ? data.len : pictures->room;
    return mem_printf(pictures->ctx, "data:%s;base64,%s", type, base64_encode(pictures->ctx, data));
}

static bool
is_shown(const struct part *part)
{
    if (!str_eq(part->type, "text/html") || part_is_attachment(part))
        return false;
    for (const struct part *outer = part->parent; outer != NULL; outer = outer->parent)
        if (str_starts(outer->type, "message/"))
            return false;
    return true;
}

/* Cut where a character ends. */
static char *
text_of(TALLOC_CTX *ctx, const struct message *message, const struct part *part, bool *is_cut_r)
{
    char *text = part_text(ctx, message, part);
    size_t len = strlen(text);

    if (len > TEXT_MOST) {
        for (len = TEXT_MOST; len > 0 && ((uint8_t)text[len] & 0xc0) == 0x80; len--)
            ;
        text[len] = '\0';
        *is_cut_r = true;
    }
    return text;
}

/* Of alternatives one is shown: the first that is HTML. */
static bool
is_alternative(const struct part *part, const struct part *shown)
{
    return part->parent != NULL && part->parent == shown->parent && str_eq(part->parent->type, "multipart/alternative");
}

struct html_cleaned *
html_clean_message(TALLOC_CTX *ctx, const struct message *message, const struct html_clean_rules *rules)
{
    struct html_cleaned *all = mem_new(ctx, struct html_cleaned);
    struct str *html = str_new(all);
    const struct part *last = NULL;
    size_t count = 0;
    struct pictures pictures = {talloc_new(NULL), message, PICTURES_MOST, 0};
    struct html_clean_rules with = *rules;

    with.picture = picture;
    with.state = &pictures;
    for (size_t i = 0; i < message->count && count < PARTS_MOST; i++) {
        const struct part *part = message->parts[i];
        struct html_cleaned *one;

        if (!is_shown(part) || (last != NULL && is_alternative(part, last)))
            continue;
        one = html_clean(pictures.ctx, text_of(pictures.ctx, message, part, &all->is_cut), &with);
        str_add(html, count++ > 0 ? "<hr>" : "");
        str_add(html, one->html);
        all->remote += one->remote;
        all->missing += one->missing;
        all->steps += one->steps;
        all->is_cut = all->is_cut || one->is_cut;
        last = part;
    }
    talloc_free(pictures.ctx);
    all->html = html->s;
    if (last != NULL)
        return all;
    talloc_free(all);
    return NULL;
}
