/* words.c - what owners put on pages in their own words */
#include <string.h>

#include "policy/text.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "web/body.h"
#include "web/host.h"
#include "web/words.h"

enum { KEEP_MS = 5000 };

static void
show(struct out *page, const struct lang *lang, const char *piece, const char *words)
{
    if (!str_is_empty(words))
        body_show(out_object(page, piece), lang, words, false);
}

enum status
show_words(struct request *request, const char *piece)
{
    const char *words;
    enum status status = text_piece(request->web->db, request, text_row(piece), request->list->id, request->list->domain_id,
                                    request->lang, text_values_new(request), request_site_url(request, request), &words);

    if (status == STATUS_OK)
        show(request->page, request->lang, piece, words);
    return status;
}

/* ---- the site's ---- */

struct site_words {
    struct row_template_site_words *rows;   /* a domain's before the site's */
    size_t count;
    const char *mark;
    int64_t read_ms;
};

static const char *
mark_of(struct site_words *words)
{
    struct sha256 *hash = sha256_new(words);
    uint8_t digest[SHA256_LEN];

    for (size_t i = 0; i < words->count; i++) {
        const struct row_template_site_words *row = &words->rows[i];
        const char *const parts[] = {row->name, row->language, row->body, row->web_host != NULL ? row->web_host : ""};

        for (size_t n = 0; n < COUNT_OF(parts); n++)
            sha256_add(hash, parts[n], strlen(parts[n]) + 1);
    }
    sha256_end(hash, digest);
    return hex_encode(words, (struct blob){digest, 8});
}

/* Without an answer what was known counts on. */
static struct site_words *
words_now(struct web *web)
{
    struct site_words *fresh;

    if (web->words != NULL && clock_monotonic_ms() - web->words->read_ms < KEEP_MS)
        return web->words;
    fresh = mem_new(web, struct site_words);
    if (q_template_site_words(web->db, fresh, &fresh->rows, &fresh->count) != STATUS_OK) {
        talloc_free(fresh);
        return web->words;
    }
    fresh->mark = mark_of(fresh);
    fresh->read_ms = clock_monotonic_ms();
    talloc_free(web->words);
    return web->words = fresh;
}

static const char *
body_of(const struct request *request, const struct site_words *words, const struct text_row *row)
{
    for (size_t i = 0; i < words->count; i++)
        if (str_eq(words->rows[i].name, row->template) && str_eq(words->rows[i].language, lang_code(request->lang)) &&
            (words->rows[i].web_host == NULL || host_is_asked(request, words->rows[i].web_host)))
            return words->rows[i].body;
    return NULL;
}

void
show_site_words(struct request *request, struct out *out, const char *piece)
{
    struct site_words *words = words_now(request->web);
    const char *body = words == NULL ? NULL : body_of(request, words, text_row(piece));
    struct text_values *values;

    if (str_is_empty(body))
        return;
    values = text_values_new(request);
    text_value_add(values, "site", request->web->conf->site_name);
    show(out, request->lang, piece, text_fill(request, body, values));
}

const char *
site_words_mark(struct request *request)
{
    struct site_words *words = words_now(request->web);

    return words != NULL ? words->mark : "";
}
