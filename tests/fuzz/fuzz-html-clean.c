/* fuzz-html-clean.c - cleaned HTML holds listed tags alone, each closed in order, and cleaning it again changes nothing */
#include <string.h>

#include "../unit/mime/guest.h"
#include "mime/html-clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { OPEN_MOST = HTML_DEPTH_MAX };

static bool
is_void(const char *name)
{
    static const char *const names[] = {"br", "hr", "img", "col", "wbr"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* The tag at p as we write tags, and nothing else: no other parser is needed for that. Returns what follows. */
static const char *
check_tag(const char *p, char open[OPEN_MOST][16], size_t *depth)
{
    bool closes = p[1] == '/';
    size_t len = strspn(p + 1 + closes, "abcdefghijklmnopqrstuvwxyz123456");
    char name[16];

    must(len > 0 && len < sizeof(name));
    memcpy(name, p + 1 + closes, len);
    name[len] = '\0';
    must(strcmp(name, "script") != 0 && strcmp(name, "style") != 0 && strcmp(name, "iframe") != 0 && strcmp(name, "form") != 0);
    p += 1 + closes + len;
    while (!closes && *p == ' ') {
        const char *attribute = p + 1;
        size_t named = strspn(attribute, "abcdefghijklmnopqrstuvwxyz");

        must(named > 0 && strncmp(attribute, "on", 2) != 0 && memcmp(attribute + named, "=\"", 2) == 0);
        p = attribute + named + 2;
        must(strncmp(attribute, "href", 4) != 0 || strncmp(p, "http", 4) == 0 || strncmp(p, "HTTP", 4) == 0 || strncasecmp(p, "mailto:", 7) == 0 ||
             strncasecmp(p, "http", 4) == 0);
        must(strncmp(attribute, "src", 3) != 0 || strncmp(p, "data:image/", 11) == 0);
        p += strcspn(p, "\"");
        must(*p++ == '"');
    }
    must(*p == '>');
    if (closes) {
        must(*depth > 0);
        must(strcmp(open[--*depth], name) == 0);
    } else if (!is_void(name)) {
        must(*depth < OPEN_MOST);
        memcpy(open[(*depth)++], name, sizeof(name));
    }
    return p + 1;
}

static void
check(const char *html)
{
    static char open[OPEN_MOST][16];
    size_t depth = 0;

    must(utf8_is_valid(html, strlen(html)));
    for (const char *p = html; *p != '\0';) {
        must(*p != '>' && *p != '"');
        must(*p != '&' || strncmp(p, "&amp;", 5) == 0 || strncmp(p, "&lt;", 4) == 0 || strncmp(p, "&gt;", 4) == 0 || strncmp(p, "&quot;", 6) == 0);
        p = *p == '<' ? check_tag(p, open, &depth) : p + 1;
    }
    must(depth == 0);
}

/* The first byte says for whom. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    bool is_guest = len > 0 && (data[0] & 1) != 0;
    struct html_clean_rules rules = {.mask = is_guest ? guest_mask : NULL, .hides_addresses = is_guest};
    struct html_cleaned *once, *twice;

    if (len > 0) {
        once = html_clean(ctx, utf8_clean(ctx, data + 1, len - 1), &rules);
        check(once->html);
        twice = html_clean(ctx, once->html, &rules);
        must(once->is_cut || strcmp(once->html, twice->html) == 0);
        must(once->steps <= (len + 1) * 600);
    }
    talloc_free(ctx);
    return 0;
}
