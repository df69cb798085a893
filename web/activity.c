/* activity.c - how many posts a list had in each month of a year */
#include <stdio.h>

#include "store/statements.h"
#include "util/when.h"
#include "web/activity.h"

enum { BAR_WIDTH = 6, BAR_STEP = 8, BAR_HIGHEST = 24 };

struct activity {
    struct row_web_activity *rows;
    size_t count;
    int year, month;        /* the newest of the twelve */
};

enum status
activity_load(struct db *db, TALLOC_CTX *ctx, struct int_array lists, int64_t now_us, struct activity **activity_r)
{
    struct activity *activity = mem_new(ctx, struct activity);

    when_archive_month(now_us, &activity->year, &activity->month);
    *activity_r = activity;
    return q_web_activity(db, activity, lists, mem_printf(activity, "%04d-%02d-01", activity->year - 1, activity->month),
                          &activity->rows, &activity->count);
}

static size_t
month_index(const struct activity *activity, const char *month)
{
    int year = 0, number = 0;

    sscanf(month, "%d-%d", &year, &number);
    return (size_t)((year - activity->year) * 12 + number - activity->month + ACTIVITY_MONTHS - 1);
}

void
activity_show(struct out *row, const struct lang *lang, const struct activity *activity, int64_t list_id)
{
    int64_t posts[ACTIVITY_MONTHS] = {0}, most = 0, all = 0;
    struct out *out, *bars;

    for (size_t i = 0; i < activity->count; i++) {
        size_t index = month_index(activity, activity->rows[i].month);

        if (activity->rows[i].list_id != list_id || index >= ACTIVITY_MONTHS)
            continue;
        posts[index] = activity->rows[i].posts;
        all += posts[index];
        most = posts[index] > most ? posts[index] : most;
    }
    if (all == 0)
        return;
    out = out_object(row, "activity");
    out_text(out, "sentence", tr_fill(out, trn(lang, "%1 post in the last twelve months", "%1 posts in the last twelve months", all),
                                      mem_printf(out, "%lld", (long long)all), NULL, NULL));
    bars = out_rows(out, "bars");
    for (int i = 0; i < ACTIVITY_MONTHS; i++) {
        struct out *bar = out_row(bars);
        int64_t height = posts[i] == 0 ? 1 : 2 + posts[i] * (BAR_HIGHEST - 2) / most;

        out_int(bar, "x", i * BAR_STEP);
        out_int(bar, "y", BAR_HIGHEST - height);
        out_int(bar, "height", height);
        out_int(bar, "width", BAR_WIDTH);
    }
}
