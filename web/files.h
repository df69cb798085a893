/* files.h - attachments as pages name them: a link, a kind in a word, a size; a picture where browsers show one */
#ifndef KAIRAN_WEB_FILES_H
#define KAIRAN_WEB_FILES_H

#include "web/request.h"

struct file_shown {
    const char *hash;           /* of the post; NULL: it has no page, and the file no address */
    int64_t position, size;
    const char *kind, *name, *type;     /* as in post_part */
    bool is_named_only;         /* no picture, however small */
};

/* The last part of its address: its name, or "part-2" where it has none. */
const char *file_name(TALLOC_CTX *ctx, const char *name, int64_t position);
/* Is it small enough to be shown as it is? */
bool file_has_picture(const char *kind, int64_t size);
/* Fills `row`: path, name, kind, size, and is_picture where it is small enough to be shown as it is. */
void file_show(struct request *request, struct out *row, const struct file_shown *file);

#endif
