/* edit.h - changes to a message that leave every other byte as it was
 *
 * An edit is a list of ranges of the raw bytes, each removed and replaced. Nothing is parsed and written out again: a
 * signature over bytes that no edit touches stays good. Ranges never overlap (that would be our bug), so an edit of a part
 * comes after another only on the result: apply, message_parse, edit again. Re-encoding (edit_long_lines, edit_7bit) goes
 * first, then the footer, then fields.
 *
 * What cannot be done leaves the list as it was and says why in one sentence, not yet translated.
 * Memory: a list lives in the context given and points into its message. */
#ifndef KAIRAN_MIME_EDIT_H
#define KAIRAN_MIME_EDIT_H

#include "mime/part.h"

struct edit {
    size_t offset;
    size_t remove;
    struct blob insert;
    unsigned order;         /* among inserts at one offset */
};

struct edit_list {
    const struct message *message;
    struct edit *rows;      /* in the order made; sorted by edit_apply() */
    size_t count;
    bool versioned;         /* MIME-Version is there or added */
};

struct edit_list *edit_new(TALLOC_CTX *ctx, const struct message *message);
bool edit_is_empty(const struct edit_list *edits);

/* Whole fields as compose.h wrote them ("Name: value\r\n", one or several), before everything else; later calls come before
 * earlier ones, as trace fields do. An mbox "From " line at the beginning goes. */
void edit_prepend(struct edit_list *edits, struct blob fields);
/* Whole fields after the last field. */
void edit_append(struct edit_list *edits, struct blob fields);
void edit_replace_field(struct edit_list *edits, const struct header_field *field, struct blob fields);
void edit_remove_field(struct edit_list *edits, const struct header_field *field);
size_t edit_remove_fields(struct edit_list *edits, const char *name);       /* of the message's header; how many */

/* Raw bytes within a body, and the whole content of a leaf (without its transfer encoding) in the encoding it has. */
void edit_replace_range(struct edit_list *edits, size_t offset, size_t len, struct blob insert);
void edit_replace_data(struct edit_list *edits, const struct part *part, struct blob data);

/* The content of a text leaf, which is UTF-8 from now on and says so; the rest of its type stays. */
void edit_set_text(struct edit_list *edits, const struct part *part, const char *text);

/* "[list 5] " in front of the subject; "Re: [list 4] x" becomes "[list 5] Re: x": digits in `prefix` match any digits in the
 * one that is there. The rest keeps its bytes, unless the old prefix is inside an encoded word. No Subject: one is appended. */
void edit_subject_prefix(struct edit_list *edits, const char *prefix);

/* Puts `footer` (UTF-8) under the text: into a single text/plain in its own charset and encoding where both can hold it, else with
 * the text turned into UTF-8 where it can be read with certainty; as a part at the end of multipart/mixed, else by wrapping the message, its inner bytes untouched, in a new multipart/mixed. */
bool edit_footer_text(struct edit_list *edits, const char *footer, const char **reason_r);
/* The same above the text. */
bool edit_header_text(struct edit_list *edits, const char *header, const char **reason_r);

/* Some line of the body is longer than 998 bytes. */
bool edit_has_long_lines(const struct message *message);
bool edit_long_lines(struct edit_list *edits, const char **reason_r);
/* Some byte of the body is above 127. */
bool edit_has_8bit(const struct message *message);
bool edit_7bit(struct edit_list *edits, const char **reason_r);

/* The changed message. */
struct blob edit_apply(TALLOC_CTX *ctx, struct edit_list *edits);
/* The same in pieces, nothing copied. */
void edit_stream(struct edit_list *edits, void (*sink)(void *context, const uint8_t *data, size_t len), void *context);

#endif
