/* mbox-write.c - messages put into an mbox */
#include <string.h>
#include <time.h>

#include "archive/mbox-write.h"
#include "util/clock.h"

/* "From hana@example.jp Sat Nov 21 09:12:00 2026": English whatever the locale, and UTC. */
static void
put_from_line(struct str *out, const char *from, int64_t at_us)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t seconds = (time_t)(at_us / US_PER_S);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    if (str_is_empty(from) || str_has_control(from) || strchr(from, ' ') != NULL)
        from = "MAILER-DAEMON";
    str_addf(out, "From %s %.3s %.3s %2d %02d:%02d:%02d %d\n", from, days + 3 * tm.tm_wday, months + 3 * tm.tm_mon, tm.tm_mday,
             tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_year + 1900);
}

static bool
is_from_line(const char *line, size_t len)
{
    size_t quotes = 0;

    while (quotes < len && line[quotes] == '>')
        quotes++;
    return len - quotes >= 5 && memcmp(line + quotes, "From ", 5) == 0;
}

void
mbox_put(struct str *out, const char *from, int64_t at_us, struct blob bytes)
{
    const char *at = (const char *)bytes.data, *end = at + bytes.len;

    put_from_line(out, from, at_us);
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop != NULL ? stop : end) - at);

        if (is_from_line(at, len))
            str_addc(out, '>');
        str_addn(out, at, len > 0 && at[len - 1] == '\r' ? len - 1 : len);
        str_addc(out, '\n');
        at += len + 1;
    }
    str_addc(out, '\n');
}
