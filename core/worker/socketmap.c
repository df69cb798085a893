/* socketmap.c - how Postfix asks us which recipients exist */
#include <string.h>

#include "worker/socketmap.h"

enum place { IN_LENGTH, IN_REQUEST, AT_COMMA, OVER };

struct socketmap {
    const struct socketmap_handler *handler;
    void *user;
    struct str *output, *request;
    enum place place;
    size_t wanted, digits;
};

struct socketmap *
socketmap_new(TALLOC_CTX *ctx, const struct socketmap_handler *handler, void *user)
{
    struct socketmap *map = mem_new(ctx, struct socketmap);

    map->handler = handler;
    map->user = user;
    map->output = str_new(map);
    map->request = str_new(map);
    return map;
}

static void
answer(struct socketmap *map, enum socketmap_answer kind, const char *value)
{
    static const char *const words[] = {
        [SOCKETMAP_OK] = "OK", [SOCKETMAP_NOTFOUND] = "NOTFOUND", [SOCKETMAP_TEMP] = "TEMP", [SOCKETMAP_PERM] = "PERM",
    };
    size_t len = value == NULL ? 0 : strnlen(value, SOCKETMAP_REPLY_MAX);

    must((size_t)kind < COUNT_OF(words));
    str_addf(map->output, "%zu:%s %.*s,", strlen(words[kind]) + 1 + len, words[kind], (int)len, value == NULL ? "" : value);
}

static void
ask(struct socketmap *map)
{
    TALLOC_CTX *ctx = talloc_new(map);
    char *name = mem_strndup(ctx, map->request->s, map->request->len), *blank = strchr(name, ' ');
    const char *value = NULL;

    if (strlen(name) != map->request->len || strpbrk(name, "\r\n") != NULL) {
        answer(map, SOCKETMAP_NOTFOUND, NULL);
    } else if (blank == NULL) {
        answer(map, SOCKETMAP_PERM, "a request is a name, a blank and a key");
    } else {
        enum socketmap_answer kind;

        *blank = '\0';
        kind = map->handler->lookup(map->user, ctx, name, blank + 1, &value);
        answer(map, kind, value);
    }
    talloc_free(ctx);
}

/* Decimal, without a zero in front (cr.yp.to/proto/netstrings.txt). */
static enum place
length_byte(struct socketmap *map, char byte)
{
    if (byte == ':')
        return map->digits == 0 ? OVER : map->wanted == 0 ? AT_COMMA : IN_REQUEST;
    if (byte < '0' || byte > '9' || (map->digits > 0 && map->wanted == 0))
        return OVER;
    map->digits++;
    map->wanted = map->wanted * 10 + (size_t)(byte - '0');
    return map->wanted > SOCKETMAP_REQUEST_MAX ? OVER : IN_LENGTH;
}

static enum place
comma_byte(struct socketmap *map, char byte)
{
    if (byte != ',')
        return OVER;
    ask(map);
    str_clear(map->request);
    map->wanted = map->digits = 0;
    return IN_LENGTH;
}

void
socketmap_feed(struct socketmap *map, const void *data, size_t len)
{
    const char *bytes = data;

    for (size_t i = 0; i < len && map->place != OVER; i++)
        switch (map->place) {
        case IN_LENGTH:
            map->place = length_byte(map, bytes[i]);
            break;
        case IN_REQUEST:
            str_addc(map->request, bytes[i]);
            if (map->request->len == map->wanted)
                map->place = AT_COMMA;
            break;
        default:
            map->place = comma_byte(map, bytes[i]);
        }
}

struct str *
socketmap_output(struct socketmap *map)
{
    return map->output;
}

bool
socketmap_is_over(const struct socketmap *map)
{
    return map->place == OVER;
}
