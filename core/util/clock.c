/* clock.c - what time it is */
#include <stdio.h>
#include <time.h>

#include "util/clock.h"

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

int64_t
clock_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
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
