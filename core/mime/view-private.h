/* view-private.h - between view.c, which puts a view together, and those who know one thing of it */
#ifndef KAIRAN_MIME_VIEW_PRIVATE_H
#define KAIRAN_MIME_VIEW_PRIVATE_H

#include "mime/view.h"
#include "util/str.h"

/* Blocks of several texts, one behind the other. */
struct view_blocks {
    struct view_block *rows;
    size_t count;
    bool is_markdown;           /* the text that comes next */
};
void view_split_into(TALLOC_CTX *ctx, struct view_blocks *blocks, const char *text);
/* Nothing of somebody's own stands beside the quotations: then they are what there is to read. */
void view_unfold_lonely(struct view_blocks *blocks);

/* Without folders, controls and letters that turn the line round; at most VIEW_NAME_MAX bytes, its ending kept. "" for nothing. */
char *view_name(TALLOC_CTX *ctx, const char *name);
/* What bytes are, by their beginning; where that tells nothing, by label and name. A constant, or a copy in ctx. */
const char *view_type(TALLOC_CTX *ctx, struct blob bytes, const char *label, const char *name);
bool view_type_is_image(const char *type);

/* The language that a text's letters show; NULL. */
const char *view_language(const struct view *view);

/* The sign of an RFC 9078 reaction (or Gmail's) in this part, NULL when it is none. */
char *view_reaction(TALLOC_CTX *ctx, const struct message *message, const struct part *part);

#endif
