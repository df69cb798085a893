/* clock.c - what time it is */
#include <stdio.h>
#include <time.h>

#include "util/clock.h"

enum { CHANGE_S = 60 };

static int64_t shift_us;

void
clock_shift(int64_t offset_s)
{
    shift_us = offset_s * US_PER_S;
}

int64_t
clock_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000 + shift_us;
}

static int64_t
read_ms(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_monotonic_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

/* To the nearest second, or 0 where it is little. */
static int64_t
much(int64_t ms)
{
    int64_t s = (ms + (ms < 0 ? -500 : 500)) / 1000;

    return s > CHANGE_S || s < -CHANGE_S ? s : 0;
}

struct clock_change
clock_look(struct clock_seen *seen)
{
    struct clock_seen now = {clock_now_us(), clock_monotonic_ms(), read_ms(CLOCK_BOOTTIME)}, before = *seen;
    int64_t passed_ms = now.boot_ms - before.boot_ms;

    *seen = now;
    if (before.wall_us == 0)
        return (struct clock_change){0, 0};
    return (struct clock_change){much((now.wall_us - before.wall_us) / 1000 - passed_ms), much(passed_ms - (now.monotonic_ms - before.monotonic_ms))};
}

int64_t
clock_cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

static struct tm
broken_down(int64_t time_us)
{
    time_t seconds = (time_t)(time_us / US_PER_S);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    return tm;
}

char *
clock_iso(TALLOC_CTX *ctx, int64_t time_us)
{
    struct tm tm = broken_down(time_us);

    return mem_printf(ctx, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                      tm.tm_hour, tm.tm_min, tm.tm_sec);
}

char *
clock_rfc5322(TALLOC_CTX *ctx, int64_t time_us)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct tm tm = broken_down(time_us);

    return mem_printf(ctx, "%.3s, %02d %.3s %04d %02d:%02d:%02d +0000", days + 3 * tm.tm_wday, tm.tm_mday,
                      months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
