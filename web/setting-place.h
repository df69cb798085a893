/* setting-place.h - the place whose settings a path speaks of: the site, a domain, or a list
 *
 * The same forms stand below /admin/, /admin/domains/NAME/ and /lists/NAME/. By the time these functions run, the route's right
 * has been asked. Templates find the place in Page.base (where its pages begin), Page.scope and Page.place. */
#ifndef KAIRAN_WEB_SETTING_PLACE_H
#define KAIRAN_WEB_SETTING_PLACE_H

#include "policy/setting.h"
#include "web/request.h"

struct shown_place {
    struct setting_place place;
    const char *base;           /* "/lists/NAME/" */
    struct setting_sheet sheet;
};

/* Finds the place, loads its settings, and fills Page.base and its sisters. */
enum status shown_place_load(struct request *request, struct shown_place *shown_r);

/* Whether the asker may change this setting, or else (in why_r, English) why not. */
bool setting_is_open(const struct request *request, const struct setting_row *row, const char **why_r);
/* A stored value as people read it; NULL reads "inherited". Long ones are cut. */
const char *setting_words(const struct request *request, const struct setting_row *row, const char *value);

/* The pages of settings, for the rail. */
void show_setting_groups(struct request *request, const char *current);

#endif
