/* preferences.h - the form for what one level says about the mail of lists, shown and saved
 *
 * Page.preferences has a row for each preference: its choices, the first of them "as it is inherited". Fields are called
 * set.NAME; a day until when delivery rests is set.vacation_until, chosen by the value "until" of set.delivery_status. */
#ifndef KAIRAN_WEB_PREFERENCES_H
#define KAIRAN_WEB_PREFERENCES_H

#include "policy/preference.h"
#include "web/request.h"

#define PREFERENCE_FIELDS "set.*"

/* What was typed, after a fault, stands before what is stored. */
enum status preferences_show(struct request *request, enum preference_level level, int64_t id, enum preference_hand hand);
/* In the caller's transaction. */
enum status preferences_save(struct request *request, enum preference_level level, int64_t id, enum preference_hand hand,
                             struct fault *fault);
/* "They come", "Stopped by an owner": a stored status in words. */
const char *preference_status_label(const char *status);
/* The detail of an audit row "preference_change" in the reader's words. */
const char *preference_change_words(const struct request *request, const char *detail);

#endif
