/* view-print.h - a kept view (view-html.h) as one reader gets it */
#ifndef KAIRAN_MIME_VIEW_PRINT_H
#define KAIRAN_MIME_VIEW_PRINT_H

#include "util/i18n.h"
#include "util/str.h"

/* Adds the finished HTML to `out`. hide_addresses: for those who do not belong. One pass. */
void view_print(struct str *out, const char *fragment, const struct lang *lang, bool hide_addresses);

#endif
