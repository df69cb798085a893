/* when.c - a time as people read it */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/clock.h"
#include "util/str.h"
#include "util/when.h"

enum { ZONE_LONGEST = 60 };

static const char *const months[] = {
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
};

void
when_zone(const char *zone)
{
    const char *present = getenv("TZ");

    if (!str_is_empty(zone) && !str_eq(zone, present))
        setenv("TZ", zone, 1);
    tzset();
}

/* Names are of letters, digits and "_+-/", and begin with a capital: what else lies in the folder is "right/...", "posixrules". */
static bool
is_zone_name(const char *name)
{
    return name[0] >= 'A' && name[0] <= 'Z' && strlen(name) <= ZONE_LONGEST &&
        name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/")] == '\0';
}

/* RFC 9636 3: such a file begins with "TZif". */
bool
when_zone_is_known(const char *zone)
{
    const char *folder = getenv("TZDIR");
    char path[4096], mark[4] = "";
    FILE *file;

    if (!is_zone_name(zone))
        return false;
    snprintf(path, sizeof(path), "%s/%s", !str_is_empty(folder) ? folder : "/usr/share/zoneinfo", zone);
    file = fopen(path, "re");
    if (file == NULL)
        return false;
    if (fread(mark, 1, sizeof(mark), file) != sizeof(mark))
        mark[0] = '\0';
    fclose(file);
    return memcmp(mark, "TZif", sizeof(mark)) == 0;
}

static struct tm
local(int64_t time_us)
{
    time_t seconds = (time_t)(time_us / US_PER_S);
    struct tm tm = {0};

    localtime_r(&seconds, &tm);
    return tm;
}

const char *
when_zone_name(int64_t time_us)
{
    static const char *const utc = "UTC";
    struct tm tm = local(time_us);

    return tm.tm_zone != NULL ? tm.tm_zone : utc;
}

static char *
pattern_fill(TALLOC_CTX *ctx, const struct lang *lang, const char *pattern, const struct tm *tm)
{
    struct str *out = str_new(ctx);

    for (const char *s = pattern; *s != '\0'; s++) {
        if (*s != '%') {
            str_addc(out, *s);
            continue;
        }
        switch (*++s) {
        case 'Y': str_addf(out, "%d", tm->tm_year + 1900); break;
        case 'm': str_addf(out, "%d", tm->tm_mon + 1); break;
        case 'd': str_addf(out, "%d", tm->tm_mday); break;
        case 'H': str_addf(out, "%02d", tm->tm_hour); break;
        case 'M': str_addf(out, "%02d", tm->tm_min); break;
        case 'b': str_addn(out, months[tm->tm_mon], 3); break;
        case 'B': str_add(out, tr(lang, months[tm->tm_mon])); break;
        case '\0': return out->s;
        default: str_addc(out, *s);
        }
    }
    return out->s;
}

char *
when_full(TALLOC_CTX *ctx, const struct lang *lang, int64_t time_us)
{
    struct tm tm = local(time_us);

    return pattern_fill(ctx, lang, tr(lang, N_("%d %b %Y, %H:%M")), &tm);
}

char *
when_day(TALLOC_CTX *ctx, const struct lang *lang, int64_t time_us)
{
    struct tm tm = local(time_us);

    return pattern_fill(ctx, lang, tr(lang, N_("%d %b %Y")), &tm);
}

char *
when_month(TALLOC_CTX *ctx, const struct lang *lang, int year, int month)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = (month + 11) % 12, .tm_mday = 1};

    return pattern_fill(ctx, lang, tr(lang, N_("%B %Y")), &tm);
}

static char *
count_text(TALLOC_CTX *ctx, const char *translated, int64_t n)
{
    return tr_fill(ctx, translated, mem_printf(ctx, "%lld", (long long)n), NULL, NULL);
}

char *
when_ago(TALLOC_CTX *ctx, const struct lang *lang, int64_t time_us, int64_t now_us)
{
    int64_t minutes = (now_us - time_us) / (60 * US_PER_S);

    if (minutes < 1)
        return mem_strdup(ctx, tr(lang, N_("just now")));
    if (minutes < 60)
        return count_text(ctx, trn(lang, "%1 minute ago", "%1 minutes ago", minutes), minutes);
    if (minutes < 24 * 60)
        return count_text(ctx, trn(lang, "%1 hour ago", "%1 hours ago", minutes / 60), minutes / 60);
    return when_day(ctx, lang, time_us);
}

void
when_parts(int64_t time_us, int *year_r, int *month_r, int *day_r)
{
    struct tm tm = local(time_us);

    *year_r = tm.tm_year + 1900;
    *month_r = tm.tm_mon + 1;
    *day_r = tm.tm_mday;
}

void
when_archive_month(int64_t time_us, int *year_r, int *month_r)
{
    time_t seconds = (time_t)(time_us / US_PER_S);
    struct tm tm = {0};

    gmtime_r(&seconds, &tm);
    *year_r = tm.tm_year + 1900;
    *month_r = tm.tm_mon + 1;
}

bool
when_read_day(const char *text, int64_t *time_us_r)
{
    struct tm tm = {.tm_isdst = -1};
    int year, month, day;
    char rest;

    if (strlen(text) != 10 || sscanf(text, "%4d-%2d-%2d%c", &year, &month, &day, &rest) != 3)
        return false;
    tm.tm_year = year - 1900;
    tm.tm_mon = month - 1;
    tm.tm_mday = day;
    *time_us_r = (int64_t)mktime(&tm) * US_PER_S;
    /* The thirtieth of February has become a day of March. */
    return tm.tm_mday == day && tm.tm_mon == month - 1 && year >= 1970;
}
