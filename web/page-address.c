/* page-address.c - other addresses of what is in an archive: by Message-ID, and those of archives before this one */
#include <string.h>

#include "archive/old-address.h"
#include "store/statements.h"
#include "web/form.h"
#include "web/page.h"

enum status
page_message_id(struct request *request, struct fault *fault)
{
    const char *mid = request_param(request, "message-id");
    size_t len = strlen(mid);
    struct row_web_post_by_message_id *row;
    enum status status;

    (void)fault;
    if (len > 2 && mid[0] == '<' && mid[len - 1] == '>')
        mid = mem_strndup(request, mid + 1, len - 2);
    status = q_web_post_by_message_id(request->web->db, request, request->list->id, mid, &row);
    if (status != STATUS_OK || row == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    response_found(request->response, mem_printf(request, "%smessage/%s", request->list->path, row->hash));
    return STATUS_OK;
}

/* ---- archives before this one ---- */

static const char *
present_path(struct request *request, const struct old_address *old)
{
    switch (old->kind) {
    case OLD_LIST:
        return "";
    case OLD_MONTH:
        return mem_printf(request, "%04d/%02d/", old->year, old->month);
    case OLD_MONTH_MBOX:
        return mem_printf(request, "%04d/%02d/mbox.gz", old->year, old->month);
    case OLD_THREAD:
        return mem_printf(request, "thread/%s", old->hash);
    case OLD_MESSAGE:
        return mem_printf(request, "message/%s", old->hash);
    case OLD_FEED:
        return "feed.atom";
    case OLD_UNKNOWN:
        break;
    }
    return NULL;
}

static enum status
send_on(struct request *request, const struct old_address *old)
{
    const char *path = present_path(request, old);

    if (path == NULL)
        return STATUS_NOT_FOUND;
    response_moved(request->response, mem_printf(request, "%s%s", request->list->path, path));
    return STATUS_OK;
}

/* What was written down at the import counts before what the form of the address says. */
static enum status
send_by_rest(struct request *request, struct old_address (*read)(TALLOC_CTX *ctx, const char *rest))
{
    const char *rest = request_param(request, "rest"), *hash;
    struct old_address old = {OLD_MESSAGE, 0, 0, NULL};
    enum status status = old_address_find(request->web->db, request, request->list->id, rest, &hash);

    if (status != STATUS_OK)
        return status;
    old.hash = hash;
    if (hash == NULL)
        old = read(request, rest);
    return send_on(request, &old);
}

static struct old_address
read_pipermail(TALLOC_CTX *ctx, const char *rest)
{
    (void)ctx;
    return old_address_pipermail(rest);
}

/* Each program, and each way to install it, had an address of its own. */
#define OLD_LIST_AT(name) \
    enum status page_old_##name(struct request *request, struct fault *fault) \
    { \
        (void)fault; \
        return send_on(request, &(struct old_address){OLD_LIST, 0, 0, NULL}); \
    }
#define OLD_ARCHIVE_AT(name, reader) \
    enum status page_old_##name(struct request *request, struct fault *fault) \
    { \
        (void)fault; \
        return send_by_rest(request, reader); \
    }
OLD_LIST_AT(hyperkitty_list)
OLD_LIST_AT(archives_list)
OLD_LIST_AT(mailman3_list)
OLD_LIST_AT(pipermail_list)
OLD_LIST_AT(private_list)
OLD_LIST_AT(listinfo)
OLD_LIST_AT(postorius)
OLD_ARCHIVE_AT(hyperkitty, old_address_hyperkitty)
OLD_ARCHIVE_AT(archives, old_address_hyperkitty)
OLD_ARCHIVE_AT(mailman3, old_address_hyperkitty)
OLD_ARCHIVE_AT(pipermail, read_pipermail)
OLD_ARCHIVE_AT(private, read_pipermail)
