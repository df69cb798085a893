/* atom.h - a feed (RFC 4287), with what answers what (RFC 4685)
 *
 * Whoever has entries calls atom_begin, atom_entry for each, newest first, and atom_end; what comes out is the whole document. All
 * texts are escaped here; characters that XML has no place for are left out. A person's text is content of type html whose only
 * elements are made here. Knows no list and asks no right. */
#ifndef KAIRAN_WEB_ATOM_H
#define KAIRAN_WEB_ATOM_H

#include "util/str.h"

#define ATOM_TYPE "application/atom+xml; charset=utf-8"
enum { ATOM_ENTRIES = 30, ATOM_TEXT_MOST = 64 * 1024 };

struct atom_feed {
    const char *id;             /* never changes */
    const char *title, *subtitle;   /* subtitle: NULL or "" for none */
    const char *self, *page;    /* whole addresses: of the feed, and of the page it is of */
    const char *lang;
    int64_t updated_us;
};

struct atom_entry {
    const char *id, *page;      /* never changes; the whole address of its page */
    const char *title, *author; /* never empty */
    const char *text;           /* plain; NULL for none */
    const char *parent_id, *parent_page;    /* what it answers; NULL for nothing */
    int64_t published_us, updated_us;
};

void atom_begin(struct str *out, const struct atom_feed *feed);
void atom_entry(struct str *out, const struct atom_entry *entry);
void atom_end(struct str *out);

#endif
