/* import-read.c - what a message that comes from an archive says of itself */
#include <stdlib.h>
#include <string.h>

#include "archive/import-read.h"
#include "archive/mbox.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"

enum { DERIVED_LEN = 20, WEEK_S = 7 * 86400, DAY_S = 86400, YEAR_S = 365 * 86400 };

char *
import_message_id(TALLOC_CTX *ctx, const struct header *header, const uint8_t *sha256, const char *domain)
{
    char *value = header_get(ctx, header, "Message-ID"), *id = value != NULL ? summary_message_id(ctx, value) : NULL;

    if (id != NULL)
        return id;
    return mem_printf(ctx, "%s@%s", base32_encode_lower(ctx, (struct blob){sha256, DERIVED_LEN}), domain);
}

/* --- when --- */

/* What stands behind the last semicolon of the topmost Received field. */
static int64_t
received_time(TALLOC_CTX *ctx, const struct header *header)
{
    char *value = header_get(ctx, header, "Received"), *date = value != NULL ? strrchr(value, ';') : NULL;

    return date != NULL ? summary_date(date + 1) : 0;
}

static int64_t
date_time(TALLOC_CTX *ctx, const struct header *header)
{
    char *value = header_get(ctx, header, "Date");

    return value != NULL ? summary_date(value) : 0;
}

enum { FROM_LINE, RECEIVED, DATE, FILE_TIME, PREVIOUS, NOW, SOURCES };
static const char *const source_names[SOURCES] = {"the From line", "the topmost Received field", "Date", "the file",
                                                  "the message before it", "today"};

static bool
is_sane(int64_t time_us, int64_t now_us)
{
    return time_us >= YEAR_S * US_PER_S && time_us <= now_us + DAY_S * US_PER_S;
}

int64_t
import_time(TALLOC_CTX *ctx, const struct header *header, const struct import_clock *clock, const char **note_r)
{
    int64_t times[SOURCES] = {
        clock->from_line != NULL ? mbox_time(clock->from_line) : 0, received_time(ctx, header), date_time(ctx, header),
        clock->file_time_us, clock->previous_us, clock->now_us};
    int refused = -1, taken = 0;

    if (is_sane(times[FROM_LINE], clock->now_us) && is_sane(times[RECEIVED], clock->now_us) &&
        llabs(times[FROM_LINE] - times[RECEIVED]) > WEEK_S * US_PER_S)
        refused = FROM_LINE, taken = RECEIVED;
    while (taken < NOW && !is_sane(times[taken], clock->now_us)) {
        if (times[taken] != 0 && refused < 0)
            refused = taken;
        taken++;
    }
    *note_r = NULL;
    if (refused >= 0)
        *note_r = mem_printf(ctx, "%s says %s, which is no time of arrival; it was taken from %s.", source_names[refused],
                             clock_iso(ctx, times[refused]), source_names[taken]);
    else if (taken > FILE_TIME)
        *note_r = mem_printf(ctx, "It says nowhere when it arrived; the time was taken from %s.", source_names[taken]);
    return times[taken];
}

/* --- who --- */

/* "hana at example.org", "hana(a)example.org": where the stand-in for @ is, and how long it is. NULL: there is none. */
static char *
find_hidden_at(char *text, size_t *len_r)
{
    static const char *const stand_ins[] = {" at ", "(a)", "(at)"};

    for (size_t i = 0; i < COUNT_OF(stand_ins); i++) {
        char *found = strstr(text, stand_ins[i]);

        if (found != NULL && found > text && strchr(found, '.') != NULL) {
            *len_r = strlen(stand_ins[i]);
            return found;
        }
    }
    return NULL;
}

const struct address *
import_author(TALLOC_CTX *ctx, const struct header *header)
{
    struct address_list *list;
    char *value = header_count(header, "From") == 1 ? header_get(ctx, header, "From") : NULL, *at, *fixed;
    size_t len;

    if (value == NULL || strchr(value, '@') != NULL || (at = find_hidden_at(value, &len)) == NULL)
        return NULL;
    fixed = mem_printf(ctx, "%.*s@%s", (int)(at - value), value, at + len);
    list = address_list_parse(ctx, blob_of(fixed));
    return list->count == 1 && list->rows[0].ok ? &list->rows[0] : NULL;
}
