/* page-demo.c - try-out only: the copies that the demo's receivers took, so that their links can be followed */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mime/part.h"
#include "mime/summary.h"
#include "util/clock.h"
#include "web/body.h"
#include "web/page.h"

enum { SHOWN_MOST = 200, FILE_LARGEST = 1024 * 1024, TEXT_MOST = 64 * 1024 };

struct copy { char *name; int64_t at; };

static bool
is_on(const struct request *request)
{
    return !str_is_empty(request->web->conf->web_demo_mailbox);
}

static int
newest_first(const void *a, const void *b)
{
    const struct copy *left = a, *right = b;

    return left->at != right->at ? (left->at < right->at) - (left->at > right->at) : strcmp(right->name, left->name);
}

static struct copy *
read_folder(struct request *request, size_t *count_r)
{
    DIR *folder = opendir(request->web->conf->web_demo_mailbox);
    struct copy *copies = mem_array(request, struct copy, 0);
    struct dirent *entry;
    size_t count = 0;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        struct stat found;

        if (!str_ends(entry->d_name, ".eml") || entry->d_name[0] == '.' || strlen(entry->d_name) > 120 ||
            fstatat(dirfd(folder), entry->d_name, &found, 0) != 0)
            continue;
        copies = mem_resize(request, copies, struct copy, count + 1);
        copies[count++] = (struct copy){mem_strdup(request, entry->d_name), found.st_mtim.tv_sec * US_PER_S};
    }
    if (folder != NULL)
        closedir(folder);
    if (count > 0)
        qsort(copies, count, sizeof(*copies), newest_first);
    *count_r = count;
    return copies;
}

static bool
read_copy(struct request *request, const char *name, struct blob *bytes_r)
{
    char *path = mem_printf(request, "%s/%s", request->web->conf->web_demo_mailbox, name), *bytes;
    FILE *file = str_ends(name, ".eml") ? fopen(path, "re") : NULL;

    if (file == NULL)
        return false;
    bytes = mem_array(request, char, FILE_LARGEST);
    *bytes_r = (struct blob){(const uint8_t *)bytes, fread(bytes, 1, FILE_LARGEST, file)};
    fclose(file);
    return true;
}

/* "for <address>" of the topmost Received: the next hop, which took one copy, says for whom. NULL when it does not. */
static char *
received_for(struct request *request, const struct message *message)
{
    const char *received = header_get(request, message->header, "Received");
    const char *begin = received != NULL ? strstr(received, "for <") : NULL;

    return begin != NULL ? mem_strndup(request, begin + 5, strcspn(begin + 5, ">")) : NULL;
}

static void
show_head(struct request *request, struct out *row, const struct message *message)
{
    struct summary *summary = summary_read(request, message);
    const struct address *from = summary->from->count > 0 ? &summary->from->rows[0] : NULL;
    char *to = received_for(request, message);

    out_text(row, "subject", summary->subject);
    if (from != NULL && from->ok)
        out_text(row, "author", str_is_empty(from->display) ? address_text(row, from) : from->display);
    if (to == NULL && summary->to->count > 0 && summary->to->rows[0].ok)
        to = address_text(row, &summary->to->rows[0]);
    out_text(row, "to", to);
}

enum status
page_demo(struct request *request, struct fault *fault)
{
    struct out *rows = out_rows(request->page, "mails");
    struct copy *copies;
    size_t count;

    (void)fault;
    if (!is_on(request))
        return STATUS_NOT_FOUND;
    copies = read_folder(request, &count);
    for (size_t i = 0; i < count && i < SHOWN_MOST; i++) {
        struct out *row = out_row(rows);
        struct blob bytes;

        if (!read_copy(request, copies[i].name, &bytes))
            continue;
        out_text(row, "name", copies[i].name);
        out_time(row, "at", copies[i].at);
        show_head(request, row, message_parse(request, bytes));
    }
    out_int(request->page, "count", (int64_t)count);
    return STATUS_OK;
}

/* The https part of List-Unsubscribe, as a path when it is a page of ours. */
static void
show_leave_link(struct request *request, const struct message *message)
{
    const char *value = header_get(request, message->header, "List-Unsubscribe");

    for (const char *s = value; s != NULL && (s = strchr(s, '<')) != NULL; s++) {
        char *url = mem_strndup(request, s + 1, strcspn(s + 1, ">"));

        if (str_starts_nocase(url, "http")) {
            out_text(request->page, "leave_url", url);
            return;
        }
    }
}

enum status
page_demo_one(struct request *request, struct fault *fault)
{
    struct message *message;
    struct out *rows;
    struct blob bytes;

    (void)fault;
    if (!is_on(request) || !read_copy(request, request_param(request, "name"), &bytes))
        return STATUS_NOT_FOUND;
    message = message_parse(request, bytes);
    show_head(request, request->page, message);
    show_leave_link(request, message);
    rows = out_rows(request->page, "header");
    for (size_t i = 0; i < message->header->count && i < 200; i++) {
        const struct header_field *field = &message->header->fields[i];
        struct out *row = out_row(rows);

        out_text(row, "name", mem_strndup(row, (const char *)field->start, field->name_len));
        out_text(row, "value", header_value(row, field));
    }
    body_show_with_links(request->page, request->lang, message_text(request, message, TEXT_MOST));
    return STATUS_OK;
}
