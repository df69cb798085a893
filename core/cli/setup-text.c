/* setup-text.c - blocks, the site, addresses, commands */
#include <string.h>

#include "auth/dns.h"
#include "cli/setup-text.h"
#include "mime/address.h"

static const char block_begin[] = "# [kairan setup: these lines are its own\n", block_end[] = "# kairan setup]\n";

/* Where our block is: false when it is not there whole. */
static bool
find_block(const char *text, const char **begin_r, const char **end_r)
{
    const char *begin = strstr(text, block_begin), *end = begin != NULL ? strstr(begin, block_end) : NULL;

    *begin_r = begin;
    *end_r = end != NULL ? end + strlen(block_end) : NULL;
    return end != NULL;
}

static const char *
find_line(const char *text, const char *beginning)
{
    while (beginning != NULL && text != NULL && *text != '\0') {
        if (str_starts(text, beginning))
            return text;
        text = strchr(text, '\n');
        text += text != NULL;
    }
    return NULL;
}

char *
text_put_block(TALLOC_CTX *ctx, const char *text, const char *lines, const char *before)
{
    struct str *out = str_new(ctx);
    const char *begin, *end;

    if (!find_block(text, &begin, &end)) {
        begin = find_line(text, before);
        if (begin == NULL)
            begin = text + strlen(text);
        end = begin;
    }
    str_addn(out, text, (size_t)(begin - text));
    if (out->len > 0 && out->s[out->len - 1] != '\n')
        str_addc(out, '\n');
    str_addf(out, "%s%s%s%s", block_begin, lines, block_end, end);
    return out->s;
}

char *
text_take_block(TALLOC_CTX *ctx, const char *text)
{
    const char *begin, *end;

    if (!find_block(text, &begin, &end))
        return mem_strdup(ctx, text);
    return mem_printf(ctx, "%.*s%s", (int)(begin - text), text, end);
}

char *
text_replace(TALLOC_CTX *ctx, const char *text, const char *old, const char *new)
{
    struct str *out = str_new(ctx);
    const char *found;

    while ((found = strstr(text, old)) != NULL) {
        str_addn(out, text, (size_t)(found - text));
        str_add(out, new);
        text = found + strlen(old);
    }
    str_add(out, text);
    return out->s;
}

/* Lines that listen on IPv6 go. */
static char *
without_ipv6(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);

    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        const char *listen = strstr(text, "listen [::]");

        len += text[len] == '\n';
        if (listen == NULL || listen >= text + len)
            str_addn(out, text, len);
        text += len;
    }
    return out->s;
}

char *
text_site(TALLOC_CTX *ctx, const char *example, const struct site_words *words)
{
    char *text = text_replace(ctx, example, "/etc/letsencrypt/live/lists.example.org/fullchain.pem", words->certificate);

    text = text_replace(ctx, text, "/etc/letsencrypt/live/lists.example.org/privkey.pem", words->key);
    text = text_replace(ctx, text, "/usr/local/share/kairan/static/", words->static_dir);
    text = text_replace(ctx, text, "lists.example.org", words->host);
    return words->without_ipv6 ? without_ipv6(ctx, text) : text;
}

const char *
text_host_trouble(TALLOC_CTX *ctx, const char *what, const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    const char *lower = str_lower(ctx, name), *last = strrchr(lower, '.');

    if (str_has_8bit(name))
        return mem_printf(ctx, "%s: \"%s\" has letters that DNS does not know; write it in its xn-- form.", what, name);
    if (lower[strspn(lower, plain)] != '\0' || !dns_name_is_host(lower))
        return mem_printf(ctx, "%s: \"%s\" is no domain name; it looks like lists.example.org.", what, name);
    if (last == NULL)
        return mem_printf(ctx, "%s: \"%s\" has no dot, so nobody outside can reach it; it looks like lists.example.org.", what, name);
    if (last[1 + strspn(last + 1, "0123456789")] == '\0')
        return mem_printf(ctx, "%s: \"%s\" is an address in numbers; a name is needed, such as lists.example.org.", what, name);
    return NULL;
}

const char *
text_address_trouble(TALLOC_CTX *ctx, const char *address)
{
    const char *at = strrchr(address, '@');

    if (at == NULL || address_key_of(ctx, address) == NULL || str_has_control(address) || strpbrk(address, "<> ") != NULL)
        return mem_printf(ctx, "--admin: \"%s\" is not a mail address; it looks like you@example.org.", address);
    return text_host_trouble(ctx, "--admin", at + 1);
}

const char *
text_yes_or_no(const char *answer)
{
    if (str_eq_nocase(answer, "y") || str_eq_nocase(answer, "yes"))
        return "yes";
    return str_eq_nocase(answer, "n") || str_eq_nocase(answer, "no") ? "no" : answer;
}

static bool
is_plain(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:@%,";

    return *word != '\0' && word[strspn(word, plain)] == '\0';
}

char *
text_command(TALLOC_CTX *ctx, const char *const argv[])
{
    struct str *line = str_new(ctx);

    for (size_t i = 0; argv[i] != NULL; i++) {
        if (i > 0)
            str_addc(line, ' ');
        if (is_plain(argv[i]))
            str_add(line, argv[i]);
        else
            str_addf(line, "'%s'", text_replace(ctx, argv[i], "'", "'\\''"));
    }
    return line->s;
}
