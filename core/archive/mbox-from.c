/* mbox-from.c - the line "From " that stands before each message of an mbox */
#include <ctype.h>
#include <string.h>

#include "archive/mbox-private.h"
#include "mime/summary.h"
#include "util/str.h"

bool
mbox_is_from(struct blob line)
{
    return line.len >= 5 && memcmp(line.data, "From ", 5) == 0;
}

struct blob
mbox_first_line(struct blob text)
{
    const uint8_t *end = memchr(text.data, '\n', text.len);

    if (end != NULL)
        text.len = (size_t)(end - text.data);
    if (text.len > 0 && text.data[text.len - 1] == '\r')
        text.len--;
    return text;
}

/* "Name: ..." */
static bool
is_field(struct blob line)
{
    size_t i = 0;

    while (i < line.len && line.data[i] > 32 && line.data[i] < 127 && line.data[i] != ':')
        i++;
    if (i == 0)
        return false;
    while (i < line.len && (line.data[i] == ' ' || line.data[i] == '\t'))
        i++;
    return i < line.len && line.data[i] == ':';
}

static bool
is_quoted_from(struct blob line)
{
    return line.len >= 6 && memcmp(line.data, ">From ", 6) == 0;
}

/* A time of day, and behind it a year: "13:01:22 1996", "23:00 +0900 2007", "12:00:00 JST 1997". */
static bool
has_time(struct blob line)
{
    const uint8_t *p = line.data;
    size_t clock = 0;

    for (size_t i = 6; i + 4 < line.len && clock == 0; i++)
        if (isdigit(p[i]) && p[i + 1] == ':' && isdigit(p[i + 2]) && isdigit(p[i + 3]))
            clock = i + 4;
    for (size_t i = clock; clock > 0 && i + 4 <= line.len; i++)
        if (p[i - 1] == ' ' && (memcmp(p + i, "19", 2) == 0 || memcmp(p + i, "20", 2) == 0) && isdigit(p[i + 2]) && isdigit(p[i + 3]) &&
            (i + 4 == line.len || p[i + 4] == ' '))
            return true;
    return false;
}

/* "From -": Netscape's and Mozilla's, which need no empty line before it. */
static bool
is_netscape(struct blob line)
{
    return line.len >= 6 && line.data[5] == '-' && (line.len == 6 || (line.len == 7 && line.data[6] == ' '));
}

/* "From MAILER-DAEMON": a sender alone. */
static bool
is_bare(struct blob line)
{
    while (line.len > 5 && line.data[line.len - 1] == ' ')
        line.len--;
    return memchr(line.data + 5, ' ', line.len - 5) == NULL;
}

bool
mbox_begins_message(struct blob text, bool after_empty_line)
{
    struct blob line = mbox_first_line(text), next;
    size_t used = line.len;

    if (!mbox_is_from(line) || line.len > MBOX_LINE_MOST)
        return false;
    while (used < text.len && text.data[used] != '\n')
        used++;
    used += used < text.len;
    next = mbox_first_line((struct blob){text.data + used, text.len - used});
    if (has_time(line))     /* an empty line behind it: a message without any header */
        return is_field(next) || is_quoted_from(next) || (after_empty_line && next.len == 0);
    return (is_netscape(line) || (after_empty_line && is_bare(line))) && is_field(next);
}

bool
mbox_is_one(struct blob beginning)
{
    while (beginning.len > 0 && (*beginning.data == '\n' || *beginning.data == '\r')) {
        beginning.data++;
        beginning.len--;
    }
    return mbox_begins_message(beginning, true);
}

static bool
is_month(const char *word)
{
    return strlen(word) == 3 && strstr("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", word) != NULL;
}

/* "+0900", "JST". */
static bool
is_zone(const char *word)
{
    if (*word == '+' || *word == '-')
        return strlen(word) == 5;
    return strlen(word) <= 5 && strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(word);
}

/* "From sender Www Mmm dd hh:mm[:ss] [zone] yyyy [zone]" said as a Date field says it. */
int64_t
mbox_time(const char *from_line)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char **words = str_split(ctx, from_line, ' ', 24);
    const char *at[24], *year = NULL, *zone = "+0000";
    size_t count = 0, month = 0;
    int64_t time_us = 0;

    for (size_t i = 0; words[i] != NULL && count < COUNT_OF(at); i++)
        if (*words[i] != '\0')
            at[count++] = words[i];
    for (size_t i = 1; i + 3 < count && month == 0; i++)
        if (is_month(at[i]) && isdigit((unsigned char)at[i + 1][0]) && strchr(at[i + 2], ':') != NULL)
            month = i;
    for (size_t i = month + 3; month > 0 && i < count && i < month + 5; i++)
        if (year == NULL && strlen(at[i]) == 4 && isdigit((unsigned char)at[i][0]) && isdigit((unsigned char)at[i][3]))
            year = at[i];
        else if (is_zone(at[i]))
            zone = at[i];
    if (year != NULL)
        time_us = summary_date(mem_printf(ctx, "%s %s %s %s %s", at[month + 1], at[month], year, at[month + 2], zone));
    talloc_free(ctx);
    return time_us;
}
