/* activity.h - how many posts a list had in each month of a year: bars for the eye, a sentence for the ear */
#ifndef KAIRAN_WEB_ACTIVITY_H
#define KAIRAN_WEB_ACTIVITY_H

#include "store/db.h"
#include "util/i18n.h"
#include "util/out.h"

enum { ACTIVITY_MONTHS = 12 };
struct activity;

enum status activity_load(struct db *db, TALLOC_CTX *ctx, struct int_array lists, int64_t now_us, struct activity **activity_r);
/* Fills activity.bars (x, y, height, label) and activity.sentence; nothing when the list had no post. */
void activity_show(struct out *row, const struct lang *lang, const struct activity *activity, int64_t list_id);

#endif
