/* mbox.c - the messages in an mbox, one after the other */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "archive/mbox-private.h"
#include "util/str.h"

enum { STEP = 256 << 10, KEPT_ROOM = 4 << 20, HEADER_MOST = 1 << 20, EMPTY_LINE = 4 };

struct mbox {
    enum mbox_kind kind;
    size_t most;
    mbox_read *read;
    void *data;
    uint8_t *window;            /* bytes of the file from `base` on */
    size_t len, room;
    uint64_t base;
    bool ended, by_length;
    size_t next;                /* where the next message's From line begins */
    bool is_begun;
    struct str *text;           /* of the message given last, where it had to be changed */
    char from_line[MBOX_LINE_MOST + 1];
};

struct mbox *
mbox_new(TALLOC_CTX *ctx, enum mbox_kind kind, size_t most, mbox_read *read, void *data)
{
    struct mbox *mbox = mem_new(ctx, struct mbox);

    mbox->kind = kind;
    mbox->most = most;
    mbox->read = read;
    mbox->data = data;
    mbox->text = str_new(mbox);
    return mbox;
}

/* --- the window --- */

/* Has the window reach to `wanted`, or to the end of the file. */
static bool
fill(struct mbox *mbox, size_t wanted)
{
    while (mbox->len < wanted && !mbox->ended) {
        size_t got;

        if (mbox->len + STEP > mbox->room) {
            mbox->room = mbox->len + STEP > 2 * mbox->room ? mbox->len + STEP : 2 * mbox->room;
            mbox->window = mem_resize(mbox, mbox->window, uint8_t, mbox->room);
        }
        got = mbox->read(mbox->data, mbox->window + mbox->len, mbox->room - mbox->len);
        mbox->ended = got == 0;
        mbox->len += got;
    }
    return mbox->len >= wanted;
}

/* Forgets what lies before `at`, and the room that one long message needed. */
static void
forget(struct mbox *mbox, size_t at)
{
    memmove(mbox->window, mbox->window + at, mbox->len - at);
    mbox->base += at;
    mbox->len -= at;
    if (mbox->room > KEPT_ROOM && mbox->len < KEPT_ROOM / 2) {
        mbox->room = KEPT_ROOM;
        mbox->window = mem_resize(mbox, mbox->window, uint8_t, mbox->room);
    }
}

/* Behind the end of the line that begins at `at`; the window's end where the line has none. */
static size_t
line_end(const struct mbox *mbox, size_t at)
{
    const uint8_t *end = memchr(mbox->window + at, '\n', mbox->len - at);

    return end == NULL ? mbox->len : (size_t)(end + 1 - mbox->window);
}

/* --- what begins a message --- */

/* Is there an empty line that ends before `at`, not further back than `least`? */
static bool
is_after_empty_line(const struct mbox *mbox, size_t least, size_t at)
{
    const uint8_t *p = mbox->window;

    if (at <= least)
        return true;
    at--;                                   /* the line end itself */
    if (at > least && p[at - 1] == '\r')
        at--;
    return at <= least || p[at - 1] == '\n';
}

static bool
message_begins_at(struct mbox *mbox, size_t least, size_t at)
{
    fill(mbox, at + 2 * MBOX_LINE_MOST);
    return mbox_begins_message((struct blob){mbox->window + at, mbox->len - at}, is_after_empty_line(mbox, least, at));
}

/* --- by Content-Length --- */

/* Where the header that begins at `at` ends: behind its empty line. 0: not within a bound. */
static size_t
header_end(struct mbox *mbox, size_t at)
{
    size_t begun = at;

    while (at - begun < HEADER_MOST) {
        size_t end;

        fill(mbox, at + MBOX_LINE_MOST);
        if (at >= mbox->len)
            return 0;
        end = line_end(mbox, at);
        if (mbox->window[at] == '\n' || (mbox->window[at] == '\r' && end == at + 2))
            return end;
        at = end;
    }
    return 0;
}

static size_t
content_length(const struct mbox *mbox, size_t at, size_t end)
{
    static const char name[] = "content-length:";

    for (; at < end; at = line_end(mbox, at)) {
        size_t length = 0, i = at + sizeof name - 1;

        if (end - at < sizeof name || strncasecmp((const char *)mbox->window + at, name, sizeof name - 1) != 0)
            continue;
        while (mbox->window[i] == ' ')
            i++;
        for (; i < end && isdigit(mbox->window[i]) && length < SIZE_MAX / 100; i++)
            length = length * 10 + (size_t)(mbox->window[i] - '0');
        return length;
    }
    return 0;
}

/* The message whose header begins at `at` ends where its Content-Length says, and there the next one begins or the file ends.
 * 0: it does not. next_r: behind the line ends that part the two. */
static size_t
end_by_length(struct mbox *mbox, size_t at, size_t *next_r)
{
    size_t body = header_end(mbox, at), length, end;

    if (body == 0)
        return 0;
    length = content_length(mbox, at, body);
    if (length == 0 || length > mbox->most)
        return 0;
    end = body + length;
    if (!fill(mbox, end))
        return 0;
    fill(mbox, end + 2 * MBOX_LINE_MOST);
    *next_r = end;
    for (int i = 0; i < 4 && *next_r < mbox->len && (mbox->window[*next_r] == '\n' || mbox->window[*next_r] == '\r'); i++)
        ++*next_r;
    return (*next_r == mbox->len && mbox->ended) || message_begins_at(mbox, *next_r, *next_r) ? end : 0;
}

/* Do the lengths of the first two messages lead to where messages end? */
static bool
goes_by_length(struct mbox *mbox, size_t at)
{
    size_t second, third;

    if (mbox->kind != MBOX_ANY)
        return mbox->kind == MBOX_CL || mbox->kind == MBOX_CL2;
    if (end_by_length(mbox, line_end(mbox, at), &second) == 0)
        return false;
    return second == mbox->len || end_by_length(mbox, line_end(mbox, second), &third) != 0;
}

/* --- by From lines --- */

/* How far the text was looked at; in_line: there is no From line before the next line end. */
struct scan { size_t at; bool in_line; };

/* To the next line "From ". False: the window ends before it. */
static bool
find_from(const struct mbox *mbox, struct scan *scan)
{
    for (;;) {
        if (scan->in_line) {
            const uint8_t *end = memchr(mbox->window + scan->at, '\n', mbox->len - scan->at);

            scan->at = end == NULL ? mbox->len : (size_t)(end + 1 - mbox->window);
            scan->in_line = end == NULL;
        }
        if (scan->at == mbox->len || (!mbox->ended && mbox->len - scan->at < 5))
            return false;
        if (mbox_is_from((struct blob){mbox->window + scan->at, mbox->len - scan->at}))
            return true;
        scan->in_line = true;
    }
}

/* What was looked at of a message that is too large goes; what stays tells an empty line before the next From line. */
static void
forget_most(struct mbox *mbox, size_t *begun, struct scan *scan, unsigned *faults)
{
    size_t gone = scan->at - EMPTY_LINE;

    if (scan->at - *begun <= mbox->most || scan->at - *begun <= EMPTY_LINE)
        return;
    *faults |= MBOX_TOO_LARGE;
    forget(mbox, gone);
    scan->at -= gone;
    *begun = 0;
}

/* Where the message that begins at *begun ends, which is where the next begins. What is too large is forgotten on the way, and
 * *begun is then where the window begins. */
static size_t
end_by_from(struct mbox *mbox, size_t *begun, unsigned *faults)
{
    struct scan scan = {*begun, false};

    for (;;) {
        bool found = find_from(mbox, &scan);

        if (found && message_begins_at(mbox, *begun, scan.at))
            return scan.at;
        if (!found && mbox->ended)
            return mbox->len;
        forget_most(mbox, begun, &scan, faults);
        if (found) {
            *faults |= MBOX_STRAY;
            scan.in_line = true;
        } else {
            fill(mbox, mbox->len + 1);
        }
    }
}

/* --- a message --- */

/* A line of so many bytes is a From line with '>' before it: how many? */
static size_t
quotes(const uint8_t *line, size_t len)
{
    size_t n = 0;

    while (n < len && line[n] == '>')
        n++;
    return n > 0 && mbox_is_from((struct blob){line + n, len - n}) ? n : 0;
}

static bool
has_line(struct blob raw, bool quoted)
{
    for (size_t at = 0; at < raw.len;) {
        const uint8_t *end = memchr(raw.data + at, '\n', raw.len - at);

        if (quoted ? quotes(raw.data + at, raw.len - at) > 0 : mbox_is_from((struct blob){raw.data + at, raw.len - at}))
            return true;
        if (end == NULL)
            break;
        at = (size_t)(end + 1 - raw.data);
    }
    return false;
}

/* Takes the quotes off. */
static struct blob
unquoted(struct mbox *mbox, struct blob raw)
{
    str_clear(mbox->text);
    for (size_t at = 0; at < raw.len;) {
        const uint8_t *end = memchr(raw.data + at, '\n', raw.len - at);
        size_t len = end == NULL ? raw.len - at : (size_t)(end + 1 - raw.data) - at, n = quotes(raw.data + at, len);
        size_t off = n > 0 && (n == 1 || mbox->kind != MBOX_O);

        str_addn(mbox->text, raw.data + at + off, len - off);
        at += len;
    }
    return str_blob(mbox->text);
}

/* Without the empty line that parts it from the next. */
static struct blob
without_last_line(struct blob raw)
{
    size_t len = raw.len;

    if (len == 0 || raw.data[len - 1] != '\n')
        return raw;
    len -= len > 1 && raw.data[len - 2] == '\r' ? 2 : 1;
    if (len == 0 || raw.data[len - 1] == '\n')
        raw.len = len;
    return raw;
}

static void
note_from_line(struct mbox *mbox, size_t at, size_t end)
{
    struct blob line = mbox_first_line((struct blob){mbox->window + at, end - at});
    size_t len = line.len > MBOX_LINE_MOST ? MBOX_LINE_MOST : line.len;

    memcpy(mbox->from_line, line.data, len);
    mbox->from_line[len] = '\0';
}

/* To the first message: empty lines are nothing, anything else is a preamble. */
static void
begin(struct mbox *mbox, unsigned *faults)
{
    size_t at = 0;

    mbox->is_begun = true;
    fill(mbox, STEP);
    while (at < mbox->len && (mbox->window[at] == '\n' || mbox->window[at] == '\r'))
        at++;
    mbox->next = at;
    if (at < mbox->len && !message_begins_at(mbox, at, at)) {
        unsigned ignored = 0;
        size_t begun = at;

        mbox->next = end_by_from(mbox, &begun, &ignored);
        *faults |= MBOX_PREAMBLE;
    }
    mbox->by_length = mbox->next < mbox->len && goes_by_length(mbox, mbox->next);
}

/* The bytes from begun to end as they were before they were put into the mbox. */
static struct blob
taken_out(struct mbox *mbox, size_t begun, size_t end, bool is_by_length)
{
    struct blob raw = {mbox->window + begun, end - begun};

    if (!is_by_length)
        raw = without_last_line(raw);
    if (mbox->kind == MBOX_CL2 || !has_line(raw, true) || (is_by_length && has_line(raw, false)))
        return raw;
    return unquoted(mbox, raw);
}

bool
mbox_next(struct mbox *mbox, struct mbox_message *message_r)
{
    size_t begun, end = 0;
    bool is_by_length;

    *message_r = (struct mbox_message){.from_line = mbox->from_line};
    if (!mbox->is_begun)
        begin(mbox, &message_r->faults);
    if (mbox->next >= STEP) {
        forget(mbox, mbox->next);
        mbox->next = 0;
    }
    fill(mbox, mbox->next + 2 * MBOX_LINE_MOST);
    if (mbox->next >= mbox->len)
        return false;
    message_r->offset = mbox->base + mbox->next;
    begun = line_end(mbox, mbox->next);
    note_from_line(mbox, mbox->next, begun);
    if (mbox->by_length)
        end = end_by_length(mbox, begun, &mbox->next);
    is_by_length = end != 0;
    if (!is_by_length)
        mbox->next = end = end_by_from(mbox, &begun, &message_r->faults);
    if (end - begun > mbox->most)
        message_r->faults |= MBOX_TOO_LARGE;
    if ((message_r->faults & MBOX_TOO_LARGE) == 0)
        message_r->raw = taken_out(mbox, begun, end, is_by_length);
    return true;
}

bool
mbox_is_done(const struct mbox *mbox)
{
    return mbox->ended && mbox->next >= mbox->len;
}
