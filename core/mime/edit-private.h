/* edit-private.h - what the files behind edit.h share: edit.c, edit-subject.c, edit-encode.c. Nobody else includes this. */
#ifndef KAIRAN_MIME_EDIT_PRIVATE_H
#define KAIRAN_MIME_EDIT_PRIVATE_H

#include "mime/edit.h"

/* The order of what is inserted at one offset. */
enum { ORDER_PREPEND = 1 << 28, ORDER_FIELD = 2 << 28, ORDER_SEPARATOR = 3 << 28, ORDER_BODY = 4u << 28 };

/* One more range; `insert` is copied. */
void edit_add_range(struct edit_list *edits, unsigned order, size_t offset, size_t remove, struct blob insert);
/* Where p, which points into the message, is in it. */
size_t edit_offset_of(const struct edit_list *edits, const uint8_t *p);
/* Whole fields after the part's last one. */
void edit_append_to(struct edit_list *edits, const struct part *part, struct blob fields);
/* Content-Transfer-Encoding says this from now on; its content stays as it is. */
void edit_set_encoding(struct edit_list *edits, const struct part *part, const char *cte);
/* The part's content (`data`, without its transfer encoding) written in base64 or quoted-printable, and so named. */
void edit_reencode(struct edit_list *edits, const struct part *part, const char *cte, struct blob data);

#endif
