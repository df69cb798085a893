/* progress.c - how far long work is */
#include <stdio.h>
#include <unistd.h>

#include "cli/progress.h"
#include "util/clock.h"

enum { PROGRESS_MS = 500 };

void
progress_begin(struct progress *progress, const struct call *call, const char *what)
{
    *progress = (struct progress){.what = what, .is_wanted = !call->json && isatty(STDERR_FILENO), .begun_ms = clock_monotonic_ms()};
}

void
progress_show(struct progress *progress, int64_t count, uint64_t done, uint64_t all)
{
    int64_t now = clock_monotonic_ms(), spent = now - progress->begun_ms;

    if (!progress->is_wanted || now - progress->shown_ms < PROGRESS_MS || spent == 0)
        return;
    progress->shown_ms = now;
    fprintf(stderr, "\r\033[K%lld %s, %lld a second", (long long)count, progress->what, (long long)(count * 1000 / spent));
    if (done > 0 && all >= done) {
        int64_t left_s = (int64_t)((double)spent / (double)done * (double)(all - done) / 1000);

        fprintf(stderr, ", %d %%, ", (int)(100 * done / all));
        fprintf(stderr, left_s >= 120 ? "%lld min left" : "%lld s left", (long long)(left_s >= 120 ? left_s / 60 : left_s));
    }
    fflush(stderr);
}

void
progress_clear(struct progress *progress)
{
    if (progress->shown_ms != 0)
        fputs("\r\033[K", stderr);
}
