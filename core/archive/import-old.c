/* import-old.c - where the posts of a list were in the archive before this one */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "archive/import-old.h"
#include "archive/old-address.h"
#include "mime/summary.h"
#include "store/statements.h"
#include "util/input.h"
#include "util/str.h"

enum { PAGE_BYTES = 16 << 10, PATH_MOST = 500, LINE_MOST = 4096 };

struct work {
    struct db *db;
    int64_t list_id;
    import_told *told;
    void *data;
    struct import_old_count *count;
    TALLOC_CTX *batch;
    const char *paths[OLD_BATCH], *ids[OLD_BATCH];
    size_t used;
};

static void
tell(struct work *work, const char *path, const char *id, const char *sentence)
{
    struct import_note note = {path, 0, id, sentence, true};

    work->count->left_out++;
    work->told(work->data, &note);
}

static enum status
write_batch(struct work *work)
{
    int64_t posts[OLD_BATCH];
    const char *paths[OLD_BATCH];
    struct row_import_posts_of *rows = NULL;
    size_t found = 0, count = 0;
    enum status status = q_import_posts_of(work->db, work->batch, work->list_id, (struct text_array){work->ids, work->used}, &rows, &count);

    for (size_t i = 0; status == STATUS_OK && i < work->used; i++) {
        size_t k = 0;

        while (k < count && !str_eq(rows[k].mid, work->ids[i]))
            k++;
        if (k == count) {
            tell(work, work->paths[i], work->ids[i], "There is no post of this Message-ID.");
            continue;
        }
        paths[found] = work->paths[i];
        posts[found++] = rows[k].id;
    }
    if (status == STATUS_OK && found > 0)
        status = old_address_add(work->db, work->list_id, (struct text_array){paths, found}, (struct int_array){posts, found});
    if (status == STATUS_OK)
        work->count->noted += (int64_t)found;
    work->used = 0;
    talloc_free(work->batch);
    work->batch = talloc_new(NULL);
    return status;
}

/* `path` as it stood behind the list's address; an id without <>, or NULL. */
static enum status
take(struct work *work, const char *path, const char *id)
{
    work->count->read++;
    if (id == NULL || strlen(path) > PATH_MOST || !utf8_is_valid(path, strlen(path)) || !utf8_is_valid(id, strlen(id))) {
        tell(work, path, NULL, "No Message-ID could be read for it.");
        return STATUS_OK;
    }
    work->paths[work->used] = mem_strdup(work->batch, path);
    work->ids[work->used++] = mem_strdup(work->batch, id);
    return work->used == OLD_BATCH ? write_batch(work) : STATUS_OK;
}

/* --- Pipermail's pages --- */

static int
hex_value(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* "%3Ca%40b%3E" up to a quotation mark or the next parameter. */
static char *
unescaped(TALLOC_CTX *ctx, const char *text)
{
    struct str *out = str_new(ctx);

    for (; *text != '\0' && strchr("\"'&> \r\n", *text) == NULL; text++)
        if (*text == '%' && isxdigit((unsigned char)text[1]) && isxdigit((unsigned char)text[2])) {
            str_addc(out, (char)(hex_value(text[1]) << 4 | hex_value(text[2])));
            text += 2;
        } else {
            str_addc(out, *text);
        }
    return out->s;
}

/* The Message-ID that an answer to the page's message would name. */
static char *
id_of_page(TALLOC_CTX *ctx, const char *path)
{
    static const char mark[] = "In-Reply-To=";
    struct input *input = input_open(ctx, path);
    char *text = mem_array(ctx, char, PAGE_BYTES + 1), *at, *id;
    size_t len = 0, got;

    while (input != NULL && len < PAGE_BYTES && (got = input_read(input, text + len, PAGE_BYTES - len)) > 0)
        len += got;
    at = strstr(text, mark);
    if (at == NULL)
        return NULL;
    id = unescaped(ctx, at + strlen(mark));
    return *id == '<' ? summary_message_id(ctx, id) : NULL;
}

static int
is_page(const struct dirent *entry)
{
    size_t digits = strspn(entry->d_name, "0123456789");

    return digits >= 5 && digits <= 10 && str_eq(entry->d_name + digits, ".html");
}

static int
is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The pages of one volume ("2024-May"). */
static enum status
take_volume(struct work *work, const char *folder, const char *volume)
{
    struct dirent **entries = NULL;
    char *where = mem_printf(NULL, "%s/%s", folder, volume);
    int count = scandir(where, &entries, is_page, alphasort);
    enum status status = STATUS_OK;

    for (int i = 0; i < count; i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *id = id_of_page(ctx, mem_printf(ctx, "%s/%s", where, entries[i]->d_name));

        if (status == STATUS_OK)
            status = take(work, mem_printf(ctx, "%s/%s", volume, entries[i]->d_name), id);
        free(entries[i]);
        talloc_free(ctx);
    }
    free(entries);
    talloc_free(where);
    return status;
}

static enum status
take_folder(struct work *work, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_shown, versionsort);
    enum status status = STATUS_OK;

    for (int i = 0; i < count; i++) {
        if (status == STATUS_OK)
            status = take_volume(work, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return status;
}

/* --- a text of lines --- */

static enum status
take_line(struct work *work, char *line)
{
    char *end = line + strcspn(line, " \t"), *id = end + strspn(end, " \t"), *stop = id + strcspn(id, " \t\r>");

    if (*line == '\0' || *line == '#')
        return STATUS_OK;
    id += *id == '<';
    *end = *stop = '\0';
    return take(work, line, stop > id ? id : NULL);
}

static enum status
take_file(struct work *work, struct input *input)
{
    struct str *text = str_new(input);
    char buffer[LINE_MOST], *line, *end;
    size_t got = 1;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && got > 0) {
        got = input_read(input, buffer, sizeof buffer);
        str_addn(text, buffer, got);
        if (got == 0)
            str_addc(text, '\n');
        for (line = text->s; status == STATUS_OK && (end = memchr(line, '\n', text->len - (size_t)(line - text->s))) != NULL; line = end + 1) {
            *end = '\0';
            status = take_line(work, line);
        }
        got = text->len - (size_t)(line - text->s) > LINE_MOST ? 0 : got;      /* no text of lines */
        memmove(text->s, line, text->len - (size_t)(line - text->s) + 1);
        text->len -= (size_t)(line - text->s);
    }
    return status;
}

enum status
import_old(struct db *db, int64_t list_id, const char *path, import_told *told, void *data, struct import_old_count *count_r,
           struct fault *fault)
{
    struct work *work = mem_new(NULL, struct work);
    struct input *input = NULL;
    struct stat st;
    enum status status;

    *count_r = (struct import_old_count){0};
    *work = (struct work){.db = db, .list_id = list_id, .told = told, .data = data, .count = count_r, .batch = talloc_new(NULL)};
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        status = take_folder(work, path);
    else if ((input = input_open(work, path)) != NULL)
        status = take_file(work, input);
    else
        status = fault_setf(fault, NULL, STATUS_NOT_FOUND, "--old-addresses", "%s: %s", path, strerror(errno));
    if (status == STATUS_OK && work->used > 0)
        status = write_batch(work);
    talloc_free(work->batch);
    talloc_free(work);
    return status;
}
