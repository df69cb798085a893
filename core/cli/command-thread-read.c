/* command-thread-read.c - kairan thread read: the threads of messages in files, placed as a list's archive places them
 *
 * No list and no database: what the messages say is all there is. Their bytes are not kept, one is in memory at a time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/import-read.h"
#include "archive/mail-store.h"
#include "archive/mbox.h"
#include "archive/thread.h"
#include "cli/common.h"
#include "mime/normal.h"
#include "util/clock.h"
#include "util/crypto.h"

enum { MESSAGES_MOST = 100000, DEPTH_SHOWN = 30 };

struct mail { const char *from, *address, *subject; };

struct pile {
    struct call *call;
    struct mail *mails;
    struct thread_row *rows;
    struct thread_leaf *leaves;
    size_t count, room;
    const char *trouble;        /* the last one */
};

static void
pile_grow(struct pile *pile)
{
    pile->room = pile->room == 0 ? 256 : pile->room * 2;
    pile->mails = mem_resize(pile->call->ctx, pile->mails, struct mail, pile->room);
    pile->rows = mem_resize(pile->call->ctx, pile->rows, struct thread_row, pile->room);
    pile->leaves = mem_resize(pile->call->ctx, pile->leaves, struct thread_leaf, pile->room);
}

static struct text_array
copy_array(TALLOC_CTX *ctx, struct text_array from)
{
    const char **items = mem_array(ctx, const char *, from.count + 1);

    for (size_t i = 0; i < from.count; i++)
        items[i] = mem_strdup(ctx, from.items[i]);
    return (struct text_array){items, from.count};
}

static void
take_mail(struct pile *pile, TALLOC_CTX *scratch, const struct mail_item *item)
{
    TALLOC_CTX *ctx = pile->call->ctx;
    struct blob raw = normal_copy(scratch, item->raw, NULL);
    struct message *message = message_parse(scratch, raw);
    const struct summary *summary = summary_read(scratch, message);
    const struct address *author = summary->author != NULL ? summary->author : import_author(scratch, message->header);
    uint8_t digest[SHA256_LEN];
    char *id, *mark;

    if (pile->count == pile->room)
        pile_grow(pile);
    sha256(raw, digest);
    id = import_message_id(ctx, message->header, digest, "localhost");
    mark = hex_encode(ctx, (struct blob){digest, SHA256_LEN});
    pile->mails[pile->count] = (struct mail){mem_strdup(ctx, author != NULL ? author->display : ""),
                                             author != NULL ? address_text(ctx, author) : NULL, mem_strdup(ctx, summary->subject)};
    pile->rows[pile->count] = (struct thread_row){id, copy_array(ctx, thread_answers(scratch, summary, id)),
                                                  thread_index(ctx, summary->thread_index), blob_of(mark)};
    pile->leaves[pile->count] = (struct thread_leaf){.id = (int64_t)pile->count + 1, .hash = mem_printf(ctx, "%s %s", id, mark),
                                                     .written_us = summary->date_us};
    if (summary->date_us == 0 && item->from_line != NULL)
        pile->leaves[pile->count].written_us = mbox_time(item->from_line);
    pile->count++;
}

static enum status
take_all(struct pile *pile, struct mail_store *store)
{
    struct call *call = pile->call;
    struct mail_item item;

    while (mail_store_next(store, &item)) {
        TALLOC_CTX *scratch;

        if (item.trouble != NULL) {
            struct out *row = out_row(out_rows(call->out, "trouble"));

            pile->trouble = mem_printf(call->ctx, "%s: %s", item.path, item.trouble);
            out_text(row, "file", item.path);
            out_int(row, "offset", (int64_t)item.offset);
            out_text(row, "what", item.trouble);
        }
        if (item.raw.data == NULL)
            continue;
        if (pile->count == MESSAGES_MOST)
            return fault_setf(&call->fault, call->ctx, STATUS_INVALID, "FILE", "There are more than %d messages.", MESSAGES_MOST);
        scratch = talloc_new(NULL);
        take_mail(pile, scratch, &item);
        talloc_free(scratch);
    }
    return STATUS_OK;
}

/* ---- threads, the earliest first ---- */

struct branch { size_t thread, mail; int64_t at; const struct thread_leaf *leaf; };

static int
compare_branches(const void *a, const void *b)
{
    const struct branch *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->thread != y->thread)
        return x->thread < y->thread ? -1 : 1;
    return (x->mail > y->mail) - (x->mail < y->mail);
}

/* A row a message, those of a thread side by side; `at` and `thread` become its first time and, of that time, its least name. */
static struct branch *
sort_branches(const struct pile *pile, const struct thread_spot *spots)
{
    struct branch *branches = mem_array(pile->call->ctx, struct branch, pile->count + 1);
    size_t *first = mem_array(pile->call->ctx, size_t, pile->count + 1);

    for (size_t i = 0; i < pile->count; i++)
        first[i] = THREAD_NONE;
    for (size_t i = 0; i < pile->count; i++) {
        size_t *least = &first[spots[i].thread];
        const struct thread_leaf *mine = &pile->leaves[i], *old = *least == THREAD_NONE ? NULL : &pile->leaves[*least];

        if (old == NULL || mine->written_us < old->written_us || (mine->written_us == old->written_us && strcmp(mine->hash, old->hash) < 0))
            *least = i;
    }
    for (size_t i = 0; i < pile->count; i++)
        branches[i] = (struct branch){first[spots[i].thread], i, pile->leaves[first[spots[i].thread]].written_us, &pile->leaves[i]};
    qsort(branches, pile->count, sizeof *branches, compare_branches);
    return branches;
}

static void
show_line_as_row(const struct pile *pile, struct out *row, const struct thread_line *line, const struct thread_leaf *leaf)
{
    const struct mail *mail;

    out_int(row, "depth", (int64_t)line->depth);
    out_bool(row, "is_here", leaf != NULL);
    if (leaf == NULL) {
        out_text(row, "message_id", line->missing);
        return;
    }
    mail = &pile->mails[leaf->id - 1];
    out_text(row, "message_id", pile->rows[leaf->id - 1].id);
    out_int(row, "number", leaf->id);
    out_text(row, "from", mail->from);
    out_text(row, "address", mail->address);
    out_text(row, "subject", mail->subject);
    out_time(row, "written_at", leaf->written_us);
    out_bool(row, "is_copy", leaf->is_copy);
}

static void
print_line(const struct pile *pile, TALLOC_CTX *ctx, const struct thread_line *line, const struct thread_leaf *leaf)
{
    int indent = 2 * (int)(line->depth < DEPTH_SHOWN ? line->depth : DEPTH_SHOWN);
    const struct mail *mail;

    if (leaf == NULL) {
        printf("%*s(a message that is not here)%s%s%s\n", indent, "", line->missing != NULL ? " <" : "",
               line->missing != NULL ? call_line(ctx, line->missing) : "", line->missing != NULL ? ">" : "");
        return;
    }
    mail = &pile->mails[leaf->id - 1];
    printf("%*s#%lld <%s> %s, %s: %s\n", indent, "", (long long)leaf->id, call_line(ctx, pile->rows[leaf->id - 1].id),
           call_line(ctx, *mail->from != '\0' || mail->address == NULL ? mail->from : mail->address),
           leaf->written_us != 0 ? clock_iso(ctx, leaf->written_us) : "-", call_line(ctx, mail->subject));
}

/* The thread of branches[0], which ends before branches[count]. */
static void
show_thread(const struct pile *pile, const struct branch *branches, size_t count, struct out *rows)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct thread_leaf *leaves = mem_array(ctx, struct thread_leaf, count);
    struct out *lines_out = rows != NULL ? out_rows(out_row(rows), "lines") : NULL;
    struct thread_line *lines;
    size_t line_count;

    for (size_t i = 0; i < count; i++)
        leaves[i] = *branches[i].leaf;
    lines = thread_tree(ctx, leaves, count, &line_count);
    for (size_t i = 0; i < line_count; i++) {
        const struct thread_leaf *leaf = lines[i].leaf == THREAD_NONE ? NULL : &leaves[lines[i].leaf];

        if (lines_out != NULL)
            show_line_as_row(pile, out_row(lines_out), &lines[i], leaf);
        else
            print_line(pile, ctx, &lines[i], leaf);
    }
    if (lines_out == NULL)
        putchar('\n');
    talloc_free(ctx);
}

static void
show_all(struct pile *pile)
{
    struct thread_spot *spots = thread_place(pile->call->ctx, pile->rows, pile->count, NULL, 0);
    struct branch *branches;
    struct out *rows = pile->call->json ? out_rows(pile->call->out, "threads") : NULL;
    size_t threads = 0, end;

    for (size_t i = 0; i < pile->count; i++) {
        pile->leaves[i].parent_id = spots[i].parent == THREAD_NONE ? 0 : (int64_t)spots[i].parent + 1;
        pile->leaves[i].missing = spots[i].missing;
        pile->leaves[i].is_copy = spots[i].is_copy;
    }
    branches = sort_branches(pile, spots);
    for (size_t start = 0; start < pile->count; start = end, threads++) {
        for (end = start; end < pile->count && branches[end].thread == branches[start].thread; end++)
            ;
        show_thread(pile, branches + start, end - start, rows);
    }
    out_int(pile->call->out, "messages", (int64_t)pile->count);
    out_int(pile->call->out, "thread_count", (int64_t)threads);
}

enum status
command_thread_read(struct call *call)
{
    struct pile pile = {.call = call};
    const struct mail_format *format;
    enum status status = mail_format_find(call->ctx, option(call, "--format"), &format, &call->fault);

    if (status != STATUS_OK)
        return status;
    status = take_all(&pile, mail_store_new(call->ctx, words_rest(call), format));
    if (status != STATUS_OK)
        return status;
    if (pile.count == 0)
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "FILE", "There is no message. %s", pile.trouble != NULL ? pile.trouble : "");
    show_all(&pile);
    return STATUS_OK;
}
