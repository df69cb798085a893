/* view.h - a message as people read it
 *
 * Its text in blocks (what the author wrote, quotations, signature, PGP armour), what is attached, what it is if it is more than
 * a text (a reaction, an invitation, something sealed), and what is broken in it. Anything that was ever sent gives a view: what
 * cannot be read is said by `faults`. Links of ours are masked in every text here (mask.h); addresses are not: see view-html.h.
 *
 * Bounds: text_most bytes of text, forwarded messages within forwarded messages to VIEW_DEPTH_MAX, VIEW_INNER_MAX of them,
 * VIEW_PARTS_MAX attachments; linear in the message. Memory: all in ctx; nothing points into the message.
 * Sources: RFC 2045-2049, 2183, 3676, 5545, 9078; RFC 9580 7 for armour; MS-OXTNEF. */
#ifndef KAIRAN_MIME_VIEW_H
#define KAIRAN_MIME_VIEW_H

#include "mime/part.h"
#include "mime/view-calendar.h"

/* Grows with everything that changes a stored view (post_view.version): older ones are made anew. */
enum { VIEW_VERSION = 3 };
/* The version of a view with Markdown is by so much larger. */
enum { VIEW_MARKDOWN = 1 << 16 };
enum { VIEW_DEPTH_MAX = 4, VIEW_INNER_MAX = 50, VIEW_PARTS_MAX = 200, VIEW_NAME_MAX = 150 };

enum view_kind { VIEW_TEXT, VIEW_QUOTE, VIEW_SIGNATURE, VIEW_ARMOR };
struct view_block {
    enum view_kind kind;
    const char *text;           /* clean UTF-8 with LF, no empty lines at its ends, never empty */
    size_t lines;
    bool is_fixed;              /* tables of blanks, diffs, drawings: wants letters of one width */
    bool is_folded;             /* many quoted lines below somebody's own */
    bool is_markdown;           /* to be shown with its Markdown turned into headings and lists */
};

enum view_part_kind { VIEW_FILE, VIEW_IMAGE, VIEW_MESSAGE, VIEW_CALENDAR, VIEW_SEALED };
struct view_part {
    enum view_part_kind kind;
    size_t part;                /* for view_part_data(): an index into message->parts, or what is packed inside such a part */
    const char *name;           /* fit to be a file's name; "" when it has none */
    const char *type;           /* by its first bytes where they tell, else as labelled */
    const char *content_id;     /* without <>, or NULL */
    size_t size;                /* decoded */
    const struct view *inner;   /* VIEW_MESSAGE: itself a view; NULL beyond the bounds */
    const struct calendar *calendar;    /* VIEW_CALENDAR that could be read, else NULL */
    const char *summary;        /* one line: the subject of a message, of an invitation; NULL */
};

/* A word of view-faults.def: what is broken. */
enum view_fault {
#define FAULT(name, sentence) VIEW_FAULT_##name,
#include "mime/view-faults.def"
#undef FAULT
    VIEW_FAULT_COUNT
};

/* What a forwarded message says above its text. */
struct view_head { const char *from, *date, *subject; };

struct view {
    struct view_head head;      /* clean; "" where nothing is said */
    struct view_block *blocks;
    size_t block_count;
    struct view_part *parts;
    size_t part_count;
    const char *language;       /* as its letters show it: "ja", "ko", "zh", "ru" ...; NULL when they do not */
    const char *reaction;       /* it is nothing but a reaction: the sign */
    const char *sealed;         /* what its text is locked in: "pgp" or "smime"; NULL: it is not */
    bool is_signed;             /* it, or a part of it, was in an S/MIME envelope that is only signed; nobody looked at the signature */
    bool has_html;              /* an HTML part can be asked for */
    bool is_from_html;          /* the text was made from it */
    bool is_cut;                /* there is more text */
    unsigned faults;            /* bits: 1u << VIEW_FAULT_... */
    const char *text;           /* all blocks as one text, those of forwarded messages behind them */
};

struct view *view_of(TALLOC_CTX *ctx, const struct message *message, size_t text_most);
/* The same as a list shows its posts: where people write Markdown, what somebody wrote in plain text is marked so. */
struct view *view_as(TALLOC_CTX *ctx, const struct message *message, size_t text_most, bool is_markdown);
/* What post_view.version of such a view is. */
int view_version(bool is_markdown);

/* The bytes of what view_part.part (and post_part.part) names; NULL data when there is no such part. */
struct blob view_part_data(TALLOC_CTX *ctx, const struct message *message, size_t part);
/* Where that stands in the message, and in which transfer encoding; "" and an end of 0 when it is packed in something. */
const char *view_part_range(const struct message *message, size_t part, int64_t *start_r, int64_t *end_r);

/* A text of any origin in blocks; nothing is masked. */
struct view_block *view_split(TALLOC_CTX *ctx, const char *text, size_t *count_r);

/* "quote"; as templates and JSON name it. */
const char *view_kind_name(enum view_kind kind);
const char *view_part_kind_name(enum view_part_kind kind);      /* "file"; as post_part.kind has it */
/* "unended"; as post_view.broken has it, and the sentence for people (untranslated). */
const char *view_fault_name(enum view_fault fault);
const char *view_fault_sentence(enum view_fault fault);
/* The sentence of a name from post_view.broken; NULL when there is none of that name (any more). */
const char *view_fault_sentence_of(const char *name);

#endif
