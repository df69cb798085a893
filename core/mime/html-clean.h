/* html-clean.h - HTML from anybody, made harmless by writing it anew
 *
 * Tokens in, fresh tags out: elements, attributes, style properties and kinds of addresses that are listed, each value checked and
 * written in one form, every element closed. What is not listed is not written; the text in it is. No class, id, form, frame, meta,
 * comment, script, style sheet, svg or math; nothing that a browser would fetch. Cleaning twice changes nothing more. Nothing
 * may touch the result afterwards: what is to be masked is masked here, piece of text by piece of text (CVE-2024-42009).
 *
 * The page it stands in must still forbid all this by its own headers: two walls.
 * Bounds: linear; 100 elements deep, what is deeper loses its tags; output of 4 MiB (and a piece of text) without pictures.
 * Memory: the result lives in ctx. Sources: reliability-security D.3; WHATWG HTML 13.1 and 13.3 for what to escape. */
#ifndef KAIRAN_MIME_HTML_CLEAN_H
#define KAIRAN_MIME_HTML_CLEAN_H

#include "mime/part.h"
#include "util/str.h"

enum { HTML_DEPTH_MAX = 100, HTML_CLEAN_MAX = 4 << 20 };

struct html_clean_rules {
    /* What is shown of text and of values that people read; NULL: all as it is. */
    char *(*mask)(TALLOC_CTX *ctx, const char *text);
    char *(*mask_link)(TALLOC_CTX *ctx, const char *url);   /* likewise of addresses of links */
    bool hides_addresses;       /* mask() cuts mail addresses: none may be left in links, nor be put together from two elements */
    /* A data: address for a picture of the message itself, or NULL. The function NULL: there are none. */
    const char *(*picture)(void *state, const char *content_id);
    void *state;
};

struct html_cleaned {
    const char *html;           /* a fragment: what stands in a body */
    size_t remote;              /* things that a browser would have fetched from elsewhere */
    size_t missing;             /* pictures of the message that are not in it, or are too large to show */
    bool is_cut;
    size_t steps;               /* a measure of work, for tests */
};

struct html_cleaned *html_clean(TALLOC_CTX *ctx, const char *html, const struct html_clean_rules *rules);

/* All HTML that `message` is meant to show, with the pictures that are in the message; NULL when there is none.
 * `rules`: the picture of it does not count. Pictures of 6 MiB in all. */
struct html_cleaned *html_clean_message(TALLOC_CTX *ctx, const struct message *message, const struct html_clean_rules *rules);

/* Text for HTML, between tags or in quotes: & < > " are escaped, controls left out. */
void html_escape(struct str *to, const char *text, size_t len);

#endif
