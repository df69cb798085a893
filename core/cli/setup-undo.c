/* setup-undo.c - what was changed on the machine is put back */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/setup-text.h"
#include "cli/setup.h"
#include "util/crypto.h"

/* CHANGED_SINCE: it is not ours any more, and stays for ever. FAILED: it is ours still, and what hindered was shown. */
enum undone { UNDONE, CHANGED_SINCE, FAILED };

static enum undone
failed(struct setup *setup, const char *path)
{
    setup_show(setup, mem_printf(setup->ctx, "%s: %s", path, strerror(errno)));
    return FAILED;
}

static bool
is_hash(TALLOC_CTX *ctx, const char *text, const char *hash)
{
    return str_eq(sha256_hex(ctx, blob_of(text)), hash);
}

/* What stood there before: a copy in our folder. NULL without one. */
static char *
copy_of(struct setup *setup, const struct setup_entry *entry)
{
    return str_eq(entry->before, "-") ? NULL : setup_read(setup->ctx, entry->before);
}

static enum undone
put_copy_back(struct setup *setup, const struct setup_entry *entry)
{
    char *copy = copy_of(setup, entry);

    if (str_eq(entry->before, "-"))
        return unlink(entry->name) == 0 ? UNDONE : failed(setup, entry->name);
    if (copy == NULL)
        return failed(setup, entry->before);
    if (!setup_write(entry->name, copy, 0644))
        return failed(setup, entry->name);
    unlink(entry->before);
    return UNDONE;
}

/* An entry whose change was never made has nothing to put back. */
static enum undone
undo_file(struct setup *setup, const struct setup_entry *entry)
{
    char *now = setup_read(setup->ctx, entry->name), *copy;

    if (now == NULL && errno == ENOENT)
        return UNDONE;
    if (now == NULL)
        return errno == EILSEQ || errno == EFBIG || errno == EISDIR ? CHANGED_SINCE : failed(setup, entry->name);
    if (is_hash(setup->ctx, now, entry->ours))
        return put_copy_back(setup, entry);
    copy = copy_of(setup, entry);
    if (copy == NULL || !str_eq(now, copy))
        return CHANGED_SINCE;
    unlink(entry->before);
    return UNDONE;
}

/* Our lines alone go where somebody changed others. */
static enum undone
undo_block(struct setup *setup, const struct setup_entry *entry)
{
    char *now = setup_read(setup->ctx, entry->name), *without;

    if (now == NULL || is_hash(setup->ctx, now, entry->ours))
        return undo_file(setup, entry);
    without = text_take_block(setup->ctx, now);
    if (!str_eq(now, without) && !setup_write(entry->name, without, 0640))
        return failed(setup, entry->name);
    unlink(entry->before);
    return UNDONE;
}

static enum undone
undo_link(struct setup *setup, const struct setup_entry *entry)
{
    char now[4096] = "";
    ssize_t n = readlink(entry->name, now, sizeof now - 1);

    if (n < 0 && errno == ENOENT)
        return UNDONE;
    if (n < 0)
        return errno == EINVAL ? CHANGED_SINCE : failed(setup, entry->name);
    if (!str_eq(now, entry->ours))
        return CHANGED_SINCE;
    return unlink(entry->name) == 0 ? UNDONE : failed(setup, entry->name);
}

/* What people put into it stays, and so does the folder. */
static enum undone
undo_folder(struct setup *setup, const struct setup_entry *entry)
{
    if (rmdir(entry->name) == 0 || errno == ENOENT)
        return UNDONE;
    return errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR || errno == EBUSY ? CHANGED_SINCE : failed(setup, entry->name);
}

/* Of a folder that was there: as setup_folder() records it. */
static enum undone
undo_owner(struct setup *setup, const struct setup_entry *entry)
{
    const char *now = setup_owner(setup->ctx, entry->name);
    unsigned mode, uid, gid;

    if (now == NULL)
        return errno == ENOENT ? UNDONE : failed(setup, entry->name);
    if (!str_eq(now, entry->ours))
        return str_eq(now, entry->before) ? UNDONE : CHANGED_SINCE;
    if (sscanf(entry->before, "%o %u %u", &mode, &uid, &gid) != 3)
        return CHANGED_SINCE;
    return lchown(entry->name, uid, gid) == 0 && chmod(entry->name, mode) == 0 ? UNDONE : failed(setup, entry->name);
}

static enum undone
undo_member(struct setup *setup, const struct setup_entry *entry)
{
    const char *argv[] = {"/usr/bin/gpasswd", "-d", entry->name, entry->ours, NULL};

    return !setup_is_member(entry->name, entry->ours) || setup_do(setup, argv) ? UNDONE : FAILED;
}

static enum undone
undo_postconf(struct setup *setup, const struct setup_entry *entry)
{
    const char *remove[] = {"/usr/sbin/postconf", "-X", entry->name, NULL};
    const char *put[] = {"/usr/sbin/postconf", "-e", mem_printf(setup->ctx, "%s=%s", entry->name, entry->before + 1), NULL};
    const char *said, *now;

    if (!setup_said(setup, entry->name, &said))
        return FAILED;
    now = said != NULL ? mem_printf(setup->ctx, "=%s", said) : "-";
    if (!str_eq(now, entry->ours))
        return str_eq(now, entry->before) ? UNDONE : CHANGED_SINCE;
    return setup_do(setup, str_eq(entry->before, "-") ? remove : put) ? UNDONE : FAILED;
}

static enum undone
undo_master(struct setup *setup, const struct setup_entry *entry)
{
    const char *ask[] = {"/usr/sbin/postconf", "-M", entry->name, NULL}, *argv[] = {"/usr/sbin/postconf", "-MX", entry->name, NULL};
    const char *now = setup_ask(setup, ask);

    if (str_is_empty(now))
        return now != NULL ? UNDONE : FAILED;
    if (strstr(now, SETUP_SERVICE_MARK) == NULL)
        return CHANGED_SINCE;
    return setup_do(setup, argv) ? UNDONE : FAILED;
}

static enum undone
undo_unit(struct setup *setup, const struct setup_entry *entry)
{
    const char *argv[] = {"/usr/bin/systemctl", "disable", "--now", entry->name, NULL};

    return setup_do(setup, argv) ? UNDONE : FAILED;
}

/* ---- entries ---- */

static const struct kind {
    const char *kind, *words;
    enum undone (*undo)(struct setup *setup, const struct setup_entry *entry);     /* NULL: what was said or sent cannot be taken back */
} kinds[] = {
    {"file", "the file %s", undo_file},
    {"block", "the lines in %s", undo_block},
    {"link", "the link %s", undo_link},
    {"folder", "the folder %s", undo_folder},
    {"owner", "owner and mode of the folder %s", undo_owner},
    {"member", "%s in our group", undo_member},
    {"postconf", "Postfix's %s", undo_postconf},
    {"master", "Postfix's service %s", undo_master},
    {"unit", "the service %s", undo_unit},
    {"mail", "the mail to %s", NULL},
    {"due", "that %s reads it", NULL},
};

static const struct kind *
kind_of(const struct setup_entry *entry)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(kinds[i].kind, entry->kind))
            return &kinds[i];
    return NULL;
}

/* Whether it is out of the way; else it failed. */
static bool
undo_entry(struct setup *setup, const struct setup_entry *entry)
{
    const struct kind *kind = kind_of(entry);
    const char *thing = kind != NULL ? text_replace(setup->ctx, kind->words, "%s", entry->name) : NULL;

    if (kind == NULL || kind->undo == NULL)
        return true;
    if (setup->is_dry) {
        setup_say(setup, "would", "take back: %s", thing);
        return true;
    }
    switch (kind->undo(setup, entry)) {
    case UNDONE:
        setup_say(setup, "done", "taken back: %s", thing);
        return true;
    case CHANGED_SINCE:
        setup_say(setup, "note", "stays, for it is in use or was changed since: %s", thing);
        return true;
    case FAILED:
        break;
    }
    setup_say(setup, "trouble", "could not be taken back, and is still in the record: %s", thing);
    return false;
}

/* What stood before a change that is still there cannot be put back. */
static bool
waits_for_later(const struct setup_entry *entries, const bool *stays, size_t i, size_t count)
{
    for (size_t later = i + 1; later < count; later++)
        if (stays[later] && str_eq(entries[later].kind, entries[i].kind) && str_eq(entries[later].name, entries[i].name))
            return true;
    return false;
}

struct undoing { size_t first; const char *reader; size_t undone, failed; };

static bool
is_meant(const struct undoing *undoing, const struct setup_entry *entry, size_t i)
{
    return i >= undoing->first && (undoing->reader == NULL || str_eq(setup_reader_of(entry), undoing->reader));
}

static enum status
undo(struct setup *setup, struct undoing *undoing)
{
    const struct setup_entry *entries = setup->record.entries;
    size_t count = setup->record.count, kept = 0;
    bool *stays = mem_array(setup->ctx, bool, count + 1);
    struct setup_entry *rest = mem_array(setup->ctx, struct setup_entry, count + 1);

    for (size_t i = count; i > 0; i--) {
        bool is_failed;

        stays[i - 1] = !is_meant(undoing, &entries[i - 1], i - 1);
        if (stays[i - 1])
            continue;
        is_failed = waits_for_later(entries, stays, i - 1, count) || !undo_entry(setup, &entries[i - 1]);
        stays[i - 1] = is_failed;
        undoing->failed += is_failed;
        undoing->undone += !is_failed;
    }
    for (size_t i = 0; i < count; i++)
        if (stays[i])
            rest[kept++] = entries[i];
    return setup->is_dry || undoing->failed + undoing->undone == 0 ? STATUS_OK : setup_record_keep(setup, rest, kept);
}

enum status
setup_undo(struct setup *setup)
{
    struct undoing undoing = {0};
    enum status status = undo(setup, &undoing);

    if (status == STATUS_OK && undoing.failed > 0)
        return setup_fail(setup, "Not all could be taken back; why stands above. Mend that and run \"kairan setup --remove\" again: it goes on with "
                          "the rest.");
    return status;
}

/* From the entry on that says that the reader has still to read. */
static size_t
due_since(const struct setup *setup, const char *reader)
{
    const struct setup_entry *due = setup_record_last(setup, "due", reader);

    return due != NULL ? (size_t)(due - setup->record.entries) : setup->record.count;
}

enum status
setup_back_out(struct setup *setup, const char *reader, const char *sentence)
{
    struct undoing undoing = {.first = due_since(setup, reader), .reader = reader};
    enum status status = setup->is_dry ? STATUS_OK : undo(setup, &undoing);

    if (status == STATUS_OK && undoing.failed == 0 && !setup->is_dry)
        status = setup_has_read(setup, reader);
    if (status != STATUS_OK || undoing.failed > 0)
        return setup_fail(setup, "%s Not all that was changed for it could be taken back; why stands above.", sentence);
    return setup_fail(setup, "%s%s", sentence, undoing.undone > 0 ? " What was changed for it has been taken back." : "");
}
