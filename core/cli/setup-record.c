/* setup-record.c - what was changed on the machine, and who has not read it yet */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/setup.h"

static const char record_path[] = SETUP_DIR "/record";

static void
remember(struct setup *setup, const struct setup_entry *entry)
{
    struct setup_record *record = &setup->record;

    record->entries = mem_resize(setup->ctx, record->entries, struct setup_entry, record->count + 1);
    record->entries[record->count++] = (struct setup_entry){mem_strdup(setup->ctx, entry->kind), mem_strdup(setup->ctx, entry->name),
                                                            mem_strdup(setup->ctx, entry->before), mem_strdup(setup->ctx, entry->ours)};
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

/* Not the last alone: what was recorded and then not done left an older one of ours in its place. */
bool
setup_record_has(const struct setup *setup, const char *kind, const char *name, const char *ours)
{
    for (size_t i = 0; i < setup->record.count; i++) {
        const struct setup_entry *entry = &setup->record.entries[i];

        if (str_eq(entry->kind, kind) && str_eq(entry->name, name) && str_eq(entry->ours, ours))
            return true;
    }
    return false;
}

/* ---- writing ---- */

bool
setup_record_folder(void)
{
    return (mkdir(KAIRAN_SYSCONFDIR, 0755) == 0 || errno == EEXIST) && (mkdir(SETUP_DIR, 0700) == 0 || errno == EEXIST);
}

static bool
write_record(struct setup *setup)
{
    struct str *text = str_new(setup->ctx);

    for (size_t i = 0; i < setup->record.count; i++) {
        const struct setup_entry *entry = &setup->record.entries[i];

        str_addf(text, "%s\t%s\t%s\t%s\n", entry->kind, entry->name, entry->before, entry->ours);
    }
    return setup_record_folder() && setup_write(record_path, text->s, 0600);
}

/* What was remembered beyond `count` entries is written, or forgotten. */
static enum status
write_from(struct setup *setup, size_t count)
{
    if (setup->is_dry || write_record(setup))
        return STATUS_OK;
    setup->record.count = count;
    return setup_fail(setup, "%s cannot be written (%s); nothing is changed that could not be taken back.", record_path, strerror(errno));
}

enum status
setup_record_add(struct setup *setup, const char *kind, const char *name, const char *before, const char *ours)
{
    struct setup_entry entry = {kind, name, before, ours};
    const char *reader = setup_reader_of(&entry);
    size_t count = setup->record.count;

    if (reader != NULL && !setup_is_due(setup, reader))
        remember(setup, &(struct setup_entry){"due", reader, "-", "-"});
    if (!setup->is_dry)
        remember(setup, &entry);
    return write_from(setup, count);
}

enum status
setup_record_keep(struct setup *setup, const struct setup_entry *entries, size_t count)
{
    setup->record = (struct setup_record){.entries = mem_array(setup->ctx, struct setup_entry, 1)};
    for (size_t i = 0; i < count; i++)
        remember(setup, &entries[i]);
    if (setup->is_dry || write_record(setup))
        return STATUS_OK;
    return setup_fail(setup, "%s cannot be written: %s.", record_path, strerror(errno));
}

/* ---- who reads it ---- */

static const struct { const char *kind, *beginning, *reader; } readers[] = {
    {"file", "/etc/nginx/", "nginx"},
    {"link", "/etc/nginx/", "nginx"},
    {"postconf", "", "postfix"},
    {"master", "", "postfix"},
    {"block", "/etc/postgresql/", "postgresql"},
};

/* What is put beside somebody's file is read by nobody. */
const char *
setup_reader_of(const struct setup_entry *entry)
{
    for (size_t i = 0; i < COUNT_OF(readers) && !str_ends(entry->name, ".kairan-new"); i++)
        if (str_eq(entry->kind, readers[i].kind) && str_starts(entry->name, readers[i].beginning))
            return readers[i].reader;
    return NULL;
}

enum status
setup_due(struct setup *setup, const char *reader)
{
    size_t count = setup->record.count;

    if (setup_is_due(setup, reader))
        return STATUS_OK;
    remember(setup, &(struct setup_entry){"due", reader, "-", "-"});
    return write_from(setup, count);
}

bool
setup_is_due(const struct setup *setup, const char *reader)
{
    return setup_record_last(setup, "due", reader) != NULL;
}

enum status
setup_has_read(struct setup *setup, const char *reader)
{
    const struct setup_record *record = &setup->record;
    struct setup_entry *kept = mem_array(setup->ctx, struct setup_entry, record->count + 1);
    size_t count = 0;

    for (size_t i = 0; i < record->count; i++)
        if (!str_eq(record->entries[i].kind, "due") || !str_eq(record->entries[i].name, reader))
            kept[count++] = record->entries[i];
    return count < record->count ? setup_record_keep(setup, kept, count) : STATUS_OK;
}
