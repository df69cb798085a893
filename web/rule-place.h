/* rule-place.h - whose bans and filters a page is about: a list's, a domain's, or the site's where the path names neither */
#ifndef KAIRAN_WEB_RULE_PLACE_H
#define KAIRAN_WEB_RULE_PLACE_H

#include "policy/pattern.h"
#include "web/request.h"

struct rule_place rule_place(const struct request *request);
const char *rule_place_base(const struct request *request);     /* "/lists/NAME/", "/admin/domains/NAME/" or "/admin/" */
/* Page.base, .is_list, .place (the domain's name) and .current, for the templates' navigation (_rules.cs). */
void rule_place_show(struct request *request, const char *current);

#endif
