/* mail-store.c - messages that lie in files */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "archive/mail-store.h"
#include "archive/mbox.h"
#include "util/clock.h"
#include "util/input.h"
#include "util/str.h"

enum { PEEK = 4096 };

enum shape { SHAPE_ANY, SHAPE_MBOX, SHAPE_MAILDIR, SHAPE_MH, SHAPE_MESSAGE };
struct mail_format { const char *word; enum shape shape; enum mbox_kind kind; };

static const struct mail_format formats[] = {
    {"auto", SHAPE_ANY, MBOX_ANY}, {"mbox", SHAPE_MBOX, MBOX_ANY}, {"mboxo", SHAPE_MBOX, MBOX_O}, {"mboxrd", SHAPE_MBOX, MBOX_RD},
    {"mboxcl", SHAPE_MBOX, MBOX_CL}, {"mboxcl2", SHAPE_MBOX, MBOX_CL2}, {"maildir", SHAPE_MAILDIR, MBOX_ANY}, {"mh", SHAPE_MH, MBOX_ANY},
    {"eml", SHAPE_MESSAGE, MBOX_ANY},
};

struct mail_store {
    struct text_array paths;
    const struct mail_format *format;
    size_t path_next;                   /* of paths */
    uint64_t size, done;                /* of the files that were read to their end */

    TALLOC_CTX *folder;                 /* the files that one path stands for */
    char **files;
    size_t file_count, file_next;
    bool is_mail_folder;                /* a Maildir or MH: each file is a message, whatever it looks like */

    TALLOC_CTX *file;                   /* the one that is open */
    const char *path;
    struct input *input;
    struct blob ahead;                  /* its beginning, read to see what it is */
    struct mbox *mbox;                  /* NULL: it is a single message */
    char *trouble;                      /* of the file before, said last */
};

enum status
mail_format_find(TALLOC_CTX *ctx, const char *word, const struct mail_format **format_r, struct fault *fault)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (str_eq(word == NULL ? "auto" : word, formats[i].word)) {
            *format_r = &formats[i];
            return STATUS_OK;
        }
    return fault_setf(fault, ctx, STATUS_INVALID, "--format",
                      "There is no format \"%s\". There are auto, mbox, mboxo, mboxrd, mboxcl, mboxcl2, maildir, mh, eml.", word);
}

/* --- folders --- */

/* The month of "2004-January.txt.gz" as a number, so that names come in the order of time. */
static const char *
sorted_name(const char *path, char room[PEEK])
{
    static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
                                         "October", "November", "December"};
    const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;

    if (strspn(name, "0123456789") != 4 || name[4] != '-' || strlen(name) > PEEK / 2)
        return name;
    for (size_t i = 0; i < COUNT_OF(months); i++)
        if (strncasecmp(name + 5, months[i], strlen(months[i])) == 0) {
            snprintf(room, PEEK, "%.5s%02zu%s", name, i + 1, name + 5 + strlen(months[i]));
            return room;
        }
    return name;
}

static int
compare_names(const void *a, const void *b)
{
    char room_a[PEEK], room_b[PEEK];
    const char *left = *(char *const *)a, *right = *(char *const *)b;
    int order = strverscmp(sorted_name(left, room_a), sorted_name(right, room_b));

    return order != 0 ? order : strcmp(left, right);
}

static bool
is_file(const char *path, uint64_t *size)
{
    struct stat st;

    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    *size += (uint64_t)st.st_size;
    return true;
}

/* Adds the files of a folder that do not begin with a dot. */
static void
add_files(struct mail_store *store, const char *folder, uint64_t *size)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char *path;

        if (entry->d_name[0] == '.')
            continue;
        path = mem_printf(store->folder, "%s/%s", folder, entry->d_name);
        if (!is_file(path, size)) {
            talloc_free(path);
            continue;
        }
        if ((store->file_count & (store->file_count + 1)) == 0)      /* at 0, 1, 3, 7: room for twice as many */
            store->files = mem_resize(store->folder, store->files, char *, 2 * (store->file_count + 1));
        store->files[store->file_count++] = path;
    }
    if (dir != NULL)
        closedir(dir);
}

static bool
is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* All file names are numbers, and there is at least one. */
static bool
is_mh(const struct mail_store *store)
{
    for (size_t i = 0; i < store->file_count; i++) {
        const char *name = strrchr(store->files[i], '/') + 1;

        if (name[strspn(name, "0123456789")] != '\0')
            return false;
    }
    return store->file_count > 0;
}

/* Of MH the numbered files alone are messages. */
static void
keep_numbered(struct mail_store *store)
{
    size_t kept = 0;

    for (size_t i = 0; i < store->file_count; i++) {
        const char *name = strrchr(store->files[i], '/') + 1;

        if (name[strspn(name, "0123456789")] == '\0')
            store->files[kept++] = store->files[i];
    }
    store->file_count = kept;
}

/* The files that a path stands for. */
static void
open_path(struct mail_store *store, const char *path, uint64_t *size)
{
    char *current = mem_printf(store, "%s/cur", path), *new = mem_printf(store, "%s/new", path);

    talloc_free(store->folder);
    store->folder = talloc_new(store);
    store->files = NULL;
    store->file_count = store->file_next = 0;
    store->is_mail_folder = false;
    if (!is_folder(path)) {
        store->files = mem_array(store->folder, char *, 1);
        store->files[store->file_count++] = mem_strdup(store->folder, path);
        is_file(path, size);
    } else if (is_folder(current) || is_folder(new)) {
        store->is_mail_folder = true;
        add_files(store, current, size);
        add_files(store, new, size);
    } else {
        add_files(store, path, size);
        if (store->format->shape == SHAPE_MH)
            keep_numbered(store);
        store->is_mail_folder = is_mh(store);
    }
    talloc_free(current);
    talloc_free(new);
    if (store->file_count > 1)
        qsort(store->files, store->file_count, sizeof *store->files, compare_names);
}

struct mail_store *
mail_store_new(TALLOC_CTX *ctx, struct text_array paths, const struct mail_format *format)
{
    struct mail_store *store = mem_new(ctx, struct mail_store);

    store->paths = paths;
    store->format = format;
    for (size_t i = 0; i < paths.count; i++)
        open_path(store, paths.items[i], &store->size);
    store->file_count = 0;
    return store;
}

/* --- one file --- */

static size_t
read_file(void *data, void *buffer, size_t most)
{
    struct mail_store *store = data;
    size_t len = store->ahead.len < most ? store->ahead.len : most;

    if (len == 0)
        return input_read(store->input, buffer, most);
    memcpy(buffer, store->ahead.data, len);
    store->ahead.data += len;
    store->ahead.len -= len;
    return len;
}

static void
peek(struct mail_store *store)
{
    uint8_t *room = mem_array(store->file, uint8_t, PEEK);
    size_t len = 0, got;

    while (len < PEEK && (got = input_read(store->input, room + len, PEEK - len)) > 0)
        len += got;
    store->ahead = (struct blob){room, len};
}

static bool
is_mbox(const struct mail_store *store)
{
    switch (store->format->shape) {
    case SHAPE_MBOX:
        return true;
    case SHAPE_ANY:
        return !store->is_mail_folder && mbox_is_one(store->ahead);
    default:
        return false;
    }
}

static void
open_file(struct mail_store *store, const char *path, struct mail_item *item_r)
{
    store->file = talloc_new(store);
    store->path = path;
    store->mbox = NULL;
    store->input = input_open(store->file, path);
    if (store->input == NULL) {
        item_r->trouble = mem_printf(store->file, "It cannot be read: %s", strerror(errno));
        return;
    }
    peek(store);
    if (is_mbox(store))
        store->mbox = mbox_new(store->file, store->format->kind, MAIL_MESSAGE_MOST, read_file, store);
}

static void
close_file(struct mail_store *store)
{
    if (store->input != NULL)
        store->done += input_size(store->input);
    store->input = NULL;
    talloc_free(store->file);
    store->file = NULL;
}

static const char *
mbox_words(unsigned faults)
{
    if ((faults & MBOX_TOO_LARGE) != 0)
        return "It is larger than 64 MiB and was left out.";
    if ((faults & MBOX_STRAY) != 0)
        return "A line that begins with \"From \" was not quoted; what follows shows that it is text.";
    return (faults & MBOX_PREAMBLE) != 0 ? "What stands before it belongs to no message." : NULL;
}

static bool
next_of_mbox(struct mail_store *store, struct mail_item *item_r)
{
    struct mbox_message message;

    if (!mbox_next(store->mbox, &message))
        return false;
    item_r->raw = message.raw;
    item_r->offset = message.offset;
    item_r->from_line = message.from_line;
    item_r->trouble = mbox_words(message.faults);
    return true;
}

static bool
has_field(struct blob raw)
{
    const uint8_t *end = memchr(raw.data, '\n', raw.len);
    size_t len = end == NULL ? raw.len : (size_t)(end - raw.data);

    for (size_t i = 0; i < len && raw.data[i] > 32 && raw.data[i] < 127; i++)
        if (raw.data[i] == ':')
            return i > 0;
    return len >= 5 && memcmp(raw.data, "From ", 5) == 0;
}

/* A message that begins with empty lines has no header; where a header stands behind them they are no part of it. */
static struct blob
without_empty_lines(struct blob raw)
{
    struct blob rest = raw;

    while (rest.len > 0 && (*rest.data == '\n' || *rest.data == '\r')) {
        rest.data++;
        rest.len--;
    }
    return rest.len == 0 || has_field(rest) ? rest : raw;
}

static const char *
judge_file(const struct mail_store *store, struct blob raw, bool is_cut)
{
    bool is_said = store->format->shape != SHAPE_ANY || store->is_mail_folder || str_ends(store->path, ".eml");

    if (is_cut)
        return mbox_words(MBOX_TOO_LARGE);
    return is_said || has_field(raw) ? NULL : "It is neither a message nor an mbox.";
}

/* The whole file is a message. False: it is empty. */
static bool
whole_file(struct mail_store *store, struct mail_item *item_r)
{
    struct str *text = str_new(store->file);
    char *buffer = mem_array(store->file, char, 65536);
    struct blob raw;
    struct stat st;
    size_t got;

    while (text->len <= MAIL_MESSAGE_MOST && (got = read_file(store, buffer, 65536)) > 0)
        str_addn(text, buffer, got);
    raw = without_empty_lines(str_blob(text));
    if (raw.len == 0)
        return false;
    if (stat(store->path, &st) == 0 && S_ISREG(st.st_mode))
        item_r->file_time_us = (int64_t)st.st_mtime * US_PER_S;
    item_r->trouble = judge_file(store, raw, text->len > MAIL_MESSAGE_MOST);
    if (item_r->trouble != NULL)
        return true;
    item_r->raw = raw;
    if (raw.len < text->len)
        item_r->trouble = "Empty lines before its header were left out.";
    return true;
}

/* A message that the file breaks off in is left out: half of it would look like another mail once the file is whole. */
static bool
is_broken_off(const struct mail_store *store)
{
    return input_trouble(store->input) != NULL && (store->mbox == NULL || mbox_is_done(store->mbox));
}

/* The next message of the open file. False: there is none left; the file may have ended in trouble. */
static bool
next_of_file(struct mail_store *store, struct mail_item *item_r)
{
    bool found = store->mbox != NULL ? next_of_mbox(store, item_r) : store->ahead.data != NULL && whole_file(store, item_r);

    if (store->mbox == NULL)
        store->ahead = (struct blob){NULL, 0};
    if (found && is_broken_off(store))
        found = false;
    if (!found && input_trouble(store->input) != NULL) {
        item_r->raw = (struct blob){NULL, 0};
        item_r->trouble = mem_printf(store->file, "It could be read to here only, and a message not to its end: %s",
                                     input_trouble(store->input));
    }
    return found;
}

/* The next file of the paths. False: there is none. */
static bool
next_file(struct mail_store *store, struct mail_item *item_r)
{
    uint64_t ignored = 0;

    while (store->file_next >= store->file_count) {
        if (store->path_next >= store->paths.count)
            return false;
        open_path(store, store->paths.items[store->path_next++], &ignored);
    }
    open_file(store, store->files[store->file_next++], item_r);
    return true;
}

bool
mail_store_next(struct mail_store *store, struct mail_item *item_r)
{
    for (;;) {
        *item_r = (struct mail_item){.path = store->path};
        if (store->input != NULL) {
            if (next_of_file(store, item_r))
                return true;
            talloc_free(store->trouble);
            item_r->trouble = store->trouble = mem_strdup(store, item_r->trouble);
            close_file(store);
            if (item_r->trouble != NULL)
                return true;
        }
        if (!next_file(store, item_r))
            return false;
        if (item_r->trouble != NULL) {
            item_r->path = store->path;
            return true;
        }
    }
}

uint64_t
mail_store_position(const struct mail_store *store)
{
    return store->done + (store->input != NULL ? input_position(store->input) : 0);
}

uint64_t
mail_store_size(const struct mail_store *store)
{
    return store->size;
}
