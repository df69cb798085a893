/* rule-place.h - whose bans and filters a page is about: a list's, or the site's where the path names no list */
#ifndef KAIRAN_WEB_RULE_PLACE_H
#define KAIRAN_WEB_RULE_PLACE_H

#include "web/request.h"

int64_t rule_place_id(const struct request *request);           /* 0: the site */
const char *rule_place_base(const struct request *request);     /* "/lists/NAME/" or "/admin/" */
/* Page.base, .is_list and .current, for the templates' navigation (_rules.cs). */
void rule_place_show(struct request *request, const char *current);

#endif
