/* part.h - the tree of a message's parts, as ranges of its raw bytes
 *
 * One reader serves showing and editing, so that both mean the same bytes. It follows boundaries line by line, innermost
 * first; a part may be unended, a header may be missing, types may be nonsense: something sensible comes out of anything.
 * GMime is not used here: it keeps no offsets of inner parts (it is the second opinion in tests/unit/mime/test-corpora).
 *
 * Bounds: 1,000 parts, 50 levels (what lies deeper is one leaf); linear; no recursion while reading.
 * Memory: the result lives in ctx and points into `raw`. Sources: RFC 2045-2047, 2183, 2231, 3676; CVE-2020-12100. */
#ifndef KAIRAN_MIME_PART_H
#define KAIRAN_MIME_PART_H

#include "mime/header.h"

enum { PART_COUNT_MAX = 1000, PART_DEPTH_MAX = 50 };

struct part {
    const char *type;           /* "text/plain", small letters; what the standard says where nothing is said */
    const char *charset;        /* as labelled, small letters; NULL when not said */
    const char *disposition;    /* "attachment", "inline" ...; NULL when not said */
    const char *file_name;      /* decoded, without folders; NULL when none */
    const char *cte;            /* "7bit", "8bit", "binary", "quoted-printable", "base64", or what else is said, small letters */
    const char *content_id;     /* without <>; NULL when none */
    const char *boundary;       /* of a multipart that names one, else NULL */
    bool flowed, delsp;         /* format=flowed (RFC 3676) */
    struct header *header;      /* its own fields; their pointers are into the raw message */

    size_t header_start;        /* offsets into the raw message; the header ends where the body starts */
    size_t body_start, body_end;    /* the line end before a boundary belongs to the boundary */
    size_t close_start;         /* multipart: where its closing boundary line begins; SIZE_MAX: it has none */
    size_t size;                /* of a leaf's body, decoded; of others 0 */
    size_t longest_line;        /* of a leaf's raw body, without the line end */
    bool has_8bit;              /* in a leaf's raw body */

    unsigned depth;
    size_t index;               /* its place in struct message's `parts` */
    struct part *parent, *first, *last, *next;
};

struct message {
    struct blob raw;
    struct header *header;      /* of the root */
    struct part *root;          /* never NULL */
    struct part **parts;        /* all, in the order of their beginnings */
    size_t count;
    bool cut;                   /* there is more than the bounds allow */
};

struct message *message_parse(TALLOC_CTX *ctx, struct blob raw);

/* Has no parts inside. A multipart whose boundary never comes is one, too: its text is all there is. */
bool part_is_leaf(const struct part *part);
bool part_is_multipart(const struct part *part);
/* Something to save rather than to read: said to be an attachment, or named, or no text. A forwarded message is one. */
bool part_is_attachment(const struct part *part);
/* Inside multipart/signed (or is one): an edit within would break somebody's signature. */
bool part_is_signed(const struct part *part);

/* A leaf's body with its transfer encoding taken off (base64, quoted-printable, uuencode). Never fails: garbage is skipped. */
struct blob part_data(TALLOC_CTX *ctx, const struct message *message, const struct part *part);
/* A text leaf as clean UTF-8 with LF: charset converted, flowed lines joined; HTML is still HTML. */
char *part_text(TALLOC_CTX *ctx, const struct message *message, const struct part *part);

/* What a person reads as the message: the text parts in their order, of alternatives the plain one, HTML turned into text
 * (html-text.h) where there is nothing else. Attachments and forwarded messages are left out; what is in an S/MIME envelope that is
 * only signed is read (signed.h). Never NULL; at most max bytes. */
char *message_text(TALLOC_CTX *ctx, const struct message *message, size_t max);
/* The same text by text, for who wants to know of what type each is; `text` and `part` are gone when `take` returns. The last one may go
 * beyond max. */
typedef void (*text_taker)(void *to, const struct part *part, const char *text);
void message_each_text(const struct message *message, size_t max, text_taker take, void *to);
/* The first text/html that is not an attachment, or NULL. */
const struct part *message_html(const struct message *message);
/* The attachments in their order, NULL-terminated; parts of a forwarded message are not listed again. */
const struct part **message_attachments(TALLOC_CTX *ctx, const struct message *message, size_t *count_r);

#endif
