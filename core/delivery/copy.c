/* copy.c - what one member's copy has of its own */
#include <string.h>

#include "delivery/copy.h"
#include "mime/compose.h"

char *
copy_fields(TALLOC_CTX *ctx, const struct token_keys *keys, const struct copy_list *list, int64_t member_id, int64_t epoch)
{
    struct str *out = str_new(ctx);
    const char *uris[2];

    if (member_id == 0) {
        /* By its list-id, which leads to the page whatever other lists of the name its host has. */
        uris[0] = mem_printf(out, "%s/lists/%s.%s/leave", list->base_url, list->name, list->domain);
        uris[1] = mem_printf(out, "mailto:%s-leave@%s", list->name, list->domain);
        compose_list_field(out, "List-Unsubscribe", uris, 2);
        return out->s;
    }
    struct token token = {TOKEN_LEAVE, member_id, epoch};
    char *text = token_make(out, keys, &token);

    uris[0] = mem_printf(out, "%s/u/%s", list->base_url, text);
    uris[1] = mem_printf(out, "mailto:u.%s@%s", text, list->token_domain);
    compose_list_field(out, "List-Unsubscribe", uris, 2);
    compose_structured(out, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    return out->s;
}

char *
copy_return_path(TALLOC_CTX *ctx, const struct token_keys *keys, const struct copy_list *list, int64_t post_id,
                 int64_t member_id)
{
    struct token token = {TOKEN_BOUNCE, post_id, member_id};

    if (member_id == 0)
        return mem_printf(ctx, "%s-bounces@%s", list->name, list->domain);
    return mem_printf(ctx, "b.%s@%s", token_make(ctx, keys, &token), list->token_domain);
}

const char *const *
copy_field_names(void)
{
    static const char *const names[] = {"List-Unsubscribe", "List-Unsubscribe-Post", NULL};

    return names;
}

bool
copy_wants_replaced(const char *address_key)
{
    /* docomo judges the From by SPF, and answers "unknown user" when it fails (DESIGN 4.6). */
    static const char *const domains[] = {"@docomo.ne.jp"};

    for (size_t i = 0; i < COUNT_OF(domains); i++)
        if (str_ends(address_key, domains[i]))
            return true;
    return false;
}

int64_t
copy_retry_after_s(int tries, int64_t first_s, int64_t most_s, uint32_t random)
{
    int64_t wait_s = first_s;

    for (int i = 0; i < tries && wait_s < most_s; i++)
        wait_s *= 2;
    if (wait_s > most_s)
        wait_s = most_s;
    return wait_s + wait_s * ((int64_t)(random % 401) - 200) / 1000;
}
