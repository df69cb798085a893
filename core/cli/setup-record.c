/* setup-record.c - what was changed on the machine, and how it is put back */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/setup-text.h"
#include "cli/setup.h"
#include "util/crypto.h"
#include "util/file.h"

static const char record_path[] = SETUP_DIR "/record";

static void
remember(struct setup *setup, const struct setup_entry *entry)
{
    struct setup_record *record = &setup->record;

    record->entries = mem_resize(setup->ctx, record->entries, struct setup_entry, record->count + 1);
    record->entries[record->count++] = *entry;
}

enum status
setup_record_read(struct setup *setup)
{
    char *text;
    enum status status = setup_look(setup, record_path, &text);

    setup->record = (struct setup_record){.entries = mem_array(setup->ctx, struct setup_entry, 1)};
    for (char **line = str_split(setup->ctx, text != NULL ? text : "", '\n', SIZE_MAX); status == STATUS_OK && *line != NULL; line++) {
        char **words = str_split(setup->ctx, *line, '\t', 4);

        if (words[0] != NULL && words[1] != NULL && words[2] != NULL && words[3] != NULL)
            remember(setup, &(struct setup_entry){words[0], words[1], words[2], words[3]});
    }
    return status;
}

const struct setup_entry *
setup_record_last(const struct setup *setup, const char *kind, const char *name)
{
    for (size_t i = setup->record.count; i > 0; i--)
        if (str_eq(setup->record.entries[i - 1].kind, kind) && str_eq(setup->record.entries[i - 1].name, name))
            return &setup->record.entries[i - 1];
    return NULL;
}

static bool
make_folder(void)
{
    return (mkdir(KAIRAN_SYSCONFDIR, 0755) == 0 || errno == EEXIST) && (mkdir(SETUP_DIR, 0700) == 0 || errno == EEXIST);
}

enum status
setup_record_add(struct setup *setup, const char *kind, const char *name, const char *before, const char *ours)
{
    char *line = mem_printf(setup->ctx, "%s\t%s\t%s\t%s\n", kind, name, before, ours);
    int fd = make_folder() ? open(record_path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
    bool written = fd >= 0 && file_write_all(fd, line, strlen(line)) && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    if (!written)
        return setup_fail(setup, "%s cannot be written (%s); nothing is changed that could not be taken back.", record_path, strerror(errno));
    remember(setup, &(struct setup_entry){mem_strdup(setup->ctx, kind), mem_strdup(setup->ctx, name), mem_strdup(setup->ctx, before),
                                          mem_strdup(setup->ctx, ours)});
    return STATUS_OK;
}

/* ---- putting back: a function a kind. False: it was changed since, and stays. ---- */

static bool
is_hash(TALLOC_CTX *ctx, const char *text, const char *hash)
{
    return str_eq(sha256_hex(ctx, blob_of(text)), hash);
}

static bool
undo_file(struct setup *setup, const struct setup_entry *entry)
{
    char *now = setup_read(setup->ctx, entry->name), *before;

    if (now == NULL)
        return errno == ENOENT;
    if (!is_hash(setup->ctx, now, entry->ours))
        return false;
    if (str_eq(entry->before, "-"))
        return unlink(entry->name) == 0;
    before = setup_read(setup->ctx, entry->before);
    return before != NULL && setup_write(entry->name, before, 0644) && unlink(entry->before) == 0;
}

/* Our lines alone go where somebody changed others. */
static bool
undo_block(struct setup *setup, const struct setup_entry *entry)
{
    char *now = setup_read(setup->ctx, entry->name);

    if (now == NULL || is_hash(setup->ctx, now, entry->ours))
        return undo_file(setup, entry);
    return setup_write(entry->name, text_take_block(setup->ctx, now), 0640) && (unlink(entry->before) == 0 || errno == ENOENT);
}

static bool
undo_link(struct setup *setup, const struct setup_entry *entry)
{
    char now[4096] = "";
    ssize_t n = readlink(entry->name, now, sizeof now - 1);

    (void)setup;
    return n < 0 || (str_eq(now, entry->ours) && unlink(entry->name) == 0);
}

/* What people put into it stays, and so does the folder. */
static bool
undo_folder(struct setup *setup, const struct setup_entry *entry)
{
    (void)setup;
    return rmdir(entry->name) == 0 || errno == ENOENT;
}

static bool
undo_member(struct setup *setup, const struct setup_entry *entry)
{
    const char *argv[] = {"/usr/bin/gpasswd", "-d", entry->name, entry->ours, NULL};

    return setup_ask(setup, argv) != NULL;
}

static bool
undo_postconf(struct setup *setup, const struct setup_entry *entry)
{
    const char *ask[] = {"/usr/sbin/postconf", "-h", entry->name, NULL};
    const char *remove[] = {"/usr/sbin/postconf", "-X", entry->name, NULL};
    const char *put[] = {"/usr/sbin/postconf", "-e", mem_printf(setup->ctx, "%s=%s", entry->name, entry->before + 1), NULL};
    const char *now = setup_ask(setup, ask);

    if (now == NULL || !str_eq(mem_printf(setup->ctx, "=%s", now), entry->ours))
        return false;
    return setup_ask(setup, str_eq(entry->before, "-") ? remove : put) != NULL;
}

static bool
undo_master(struct setup *setup, const struct setup_entry *entry)
{
    const char *argv[] = {"/usr/sbin/postconf", "-MX", entry->name, NULL};

    return setup_ask(setup, argv) != NULL;
}

static bool
undo_unit(struct setup *setup, const struct setup_entry *entry)
{
    const char *argv[] = {"/usr/bin/systemctl", "disable", "--now", entry->name, NULL};

    return setup_ask(setup, argv) != NULL;
}

/* What was said or sent cannot be taken back. */
static bool
undo_nothing(struct setup *setup, const struct setup_entry *entry)
{
    (void)setup;
    (void)entry;
    return true;
}

static const struct {
    const char *kind, *words;
    bool (*undo)(struct setup *setup, const struct setup_entry *entry);
} kinds[] = {
    {"file", "the file %s", undo_file},
    {"block", "the lines in %s", undo_block},
    {"link", "the link %s", undo_link},
    {"folder", "the folder %s", undo_folder},
    {"member", "%s in our group", undo_member},
    {"postconf", "Postfix's %s", undo_postconf},
    {"master", "Postfix's service %s", undo_master},
    {"unit", "the service %s", undo_unit},
    {"mail", "the mail to %s", undo_nothing},
};

static void
undo_entry(struct setup *setup, const struct setup_entry *entry)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *thing;

        if (!str_eq(kinds[i].kind, entry->kind))
            continue;
        thing = text_replace(setup->ctx, kinds[i].words, "%s", entry->name);
        if (kinds[i].undo == undo_nothing)
            return;
        if (setup->is_dry)
            setup_say(setup, "would", "take back: %s", thing);
        else if (kinds[i].undo(setup, entry))
            setup_say(setup, "done", "taken back: %s", thing);
        else
            setup_say(setup, "note", "stays, for it is in use or was changed since: %s", thing);
    }
}

enum status
setup_undo(struct setup *setup, size_t first)
{
    struct setup_record *record = &setup->record;
    const struct setup_entry *entries = record->entries;
    struct str *kept = str_new(setup->ctx);

    for (size_t i = record->count; i > first; i--)
        undo_entry(setup, &entries[i - 1]);
    if (setup->is_dry || record->count <= first)
        return STATUS_OK;
    record->count = first;
    for (size_t i = 0; i < first; i++)
        str_addf(kept, "%s\t%s\t%s\t%s\n", entries[i].kind, entries[i].name, entries[i].before, entries[i].ours);
    return setup_write(record_path, kept->s, 0600) ? STATUS_OK : setup_fail(setup, "%s cannot be written: %s.", record_path, strerror(errno));
}
