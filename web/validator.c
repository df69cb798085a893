/* validator.c - whether somebody still has a page as it is now */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/clock.h"
#include "util/crypto.h"
#include "util/when.h"
#include "web/validator.h"
#include "web/words.h"

enum { TAG_BYTES = 12 };

/* ---- the mark of a process ---- */

static void
add_folder(TALLOC_CTX *ctx, struct sha256 *hash, const char *path)
{
    struct dirent **found = NULL;
    int count = scandir(path, &found, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        if (str_ends(found[i]->d_name, ".cs") || str_ends(found[i]->d_name, ".mo")) {
            sha256_add(hash, found[i]->d_name, strlen(found[i]->d_name));
            sha256_add_file(hash, mem_printf(ctx, "%s/%s", path, found[i]->d_name));
        }
        free(found[i]);
    }
    free(found);
}

char *
validator_mark(TALLOC_CTX *ctx, const struct web *web)
{
    struct sha256 *hash = sha256_new(ctx);
    const struct conf *conf = web->conf;
    const char *shown[] = {conf->site_name, conf->site_url, conf->site_contact, conf->site_language, conf->web_demo_mailbox, web->zone,
                           web->style_path, web->script_path, web->icon_path};
    uint8_t digest[SHA256_LEN];

    sha256_add_file(hash, "/proc/self/exe");
    add_folder(ctx, hash, mem_printf(ctx, "%s/templates", conf->site_data_dir));
    add_folder(ctx, hash, i18n_dir(ctx, conf->site_data_dir));
    for (size_t i = 0; i < COUNT_OF(shown); i++)
        if (shown[i] != NULL)
            sha256_add(hash, shown[i], strlen(shown[i]) + 1);
    sha256_end(hash, digest);
    return hex_encode(ctx, (struct blob){digest, 8});
}

/* ---- a page ---- */

static void
add_text(struct sha256 *hash, const char *text)
{
    sha256_add(hash, text, strlen(text) + 1);
}

static char *
tag_of(struct request *request, const char *version)
{
    struct sha256 *hash = sha256_new(request);
    uint8_t digest[SHA256_LEN];
    int year = 0, month = 0;

    if (request->route->form == ROUTE_ARCHIVE)
        when_archive_month(clock_now_us(), &year, &month);
    add_text(hash, request->web->mark);
    add_text(hash, site_words_mark(request));
    add_text(hash, lang_code(request->lang));
    add_text(hash, request->raw.host != NULL ? request->raw.host : "");
    add_text(hash, request->raw.uri);
    add_text(hash, mem_printf(request, "%lld %s %04d-%02d", (long long)request->list->id, version, year, month));
    sha256_end(hash, digest);
    return mem_printf(request, "\"%s\"", hex_encode(request, (struct blob){digest, TAG_BYTES}));
}

/* Who may see a list but not read it is not told of what is in its archive: nor that something came or changed there. */
static char *
version_of_list(struct request *request)
{
    const struct list_seen *list = request->list;

    return request_may(request, RIGHT_READ) ? mem_printf(request, "%lld", (long long)list->changed)
                                            : mem_printf(request, "closed %lld", (long long)list->looked);
}

void
validator_take(struct request *request)
{
    const struct list_seen *list = request->list;
    bool is_thread = request->route->form == ROUTE_THREAD;
    int64_t version;

    if (request->is_personal || list == NULL || (!is_thread && request->route->form != ROUTE_ARCHIVE) ||
        (is_thread && list->thread_version == 0))
        return;
    if (!is_thread) {
        /* On pages of a whole archive the passing of time shows, too: only the tag tells of that. */
        request->validator.tag = tag_of(request, version_of_list(request));
        return;
    }
    version = list->thread_version + list->looked;
    request->validator.tag = tag_of(request, mem_printf(request, "%lld", (long long)version));
    if (version < clock_now_us() / US_PER_S)
        request->validator.changed_s = version;
}

void
validator_name(struct request *request, const char *version)
{
    if (!request->is_personal)
        request->validator.tag = tag_of(request, mem_printf(request, "%s %lld", version, (long long)request->list->looked));
}

/* RFC 9110 5.6.7, always in GMT. */
static char *
http_date(TALLOC_CTX *ctx, int64_t seconds)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t at = (time_t)seconds;
    struct tm tm;

    gmtime_r(&at, &tm);
    return mem_printf(ctx, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
                      tm.tm_hour, tm.tm_min, tm.tm_sec);
}

bool
validator_fits(const struct request *request, const struct validator *validator)
{
    if (validator->tag == NULL)
        return false;
    /* Weak or strong, alone or in a list: a web server that packs answers makes the tag weak. */
    if (request->raw.if_none_match != NULL)
        return strstr(request->raw.if_none_match, validator->tag) != NULL;
    return validator->changed_s != 0 && request->raw.if_modified_since != NULL &&
        str_eq(request->raw.if_modified_since, http_date((TALLOC_CTX *)request, validator->changed_s));
}

void
validator_show(struct request *request, const struct validator *validator)
{
    response_field(request->response, "ETag", validator->tag);
    if (validator->changed_s != 0)
        response_field(request->response, "Last-Modified", http_date(request, validator->changed_s));
}
