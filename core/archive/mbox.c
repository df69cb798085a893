/* mbox.c - the messages in an mbox, one after the other */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "archive/mbox.h"
#include "mime/summary.h"
#include "util/str.h"

enum { STEP = 256 << 10, KEPT_ROOM = 4 << 20, LINE_MOST = 1000, HEADER_MOST = 1 << 20, EMPTY_LINE = 4 };

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
    char from_line[LINE_MOST + 1];
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

static bool
is_from(struct blob line)
{
    return line.len >= 5 && memcmp(line.data, "From ", 5) == 0;
}

static struct blob
first_line(struct blob text)
{
    const uint8_t *end = memchr(text.data, '\n', text.len);

    if (end != NULL)
        text.len = (size_t)(end - text.data);
    if (text.len > 0 && text.data[text.len - 1] == '\r')
        text.len--;
    return text;
}

/* "Name: ..." */
static bool
is_field(struct blob line)
{
    size_t i = 0;

    while (i < line.len && line.data[i] > 32 && line.data[i] < 127 && line.data[i] != ':')
        i++;
    if (i == 0)
        return false;
    while (i < line.len && (line.data[i] == ' ' || line.data[i] == '\t'))
        i++;
    return i < line.len && line.data[i] == ':';
}

static bool
is_quoted_from(struct blob line)
{
    return line.len >= 6 && memcmp(line.data, ">From ", 6) == 0;
}

/* A time of day, and behind it a year: "13:01:22 1996", "23:00 +0900 2007", "12:00:00 JST 1997". */
static bool
has_time(struct blob line)
{
    const uint8_t *p = line.data;
    size_t clock = 0;

    for (size_t i = 6; i + 4 < line.len && clock == 0; i++)
        if (isdigit(p[i]) && p[i + 1] == ':' && isdigit(p[i + 2]) && isdigit(p[i + 3]))
            clock = i + 4;
    for (size_t i = clock; clock > 0 && i + 4 <= line.len; i++)
        if (p[i - 1] == ' ' && (memcmp(p + i, "19", 2) == 0 || memcmp(p + i, "20", 2) == 0) && isdigit(p[i + 2]) && isdigit(p[i + 3]) &&
            (i + 4 == line.len || p[i + 4] == ' '))
            return true;
    return false;
}

/* "From -": Netscape's and Mozilla's, which need no empty line before it. */
static bool
is_netscape(struct blob line)
{
    return line.len >= 6 && line.data[5] == '-' && (line.len == 6 || (line.len == 7 && line.data[6] == ' '));
}

/* "From MAILER-DAEMON": a sender alone. */
static bool
is_bare(struct blob line)
{
    while (line.len > 5 && line.data[line.len - 1] == ' ')
        line.len--;
    return memchr(line.data + 5, ' ', line.len - 5) == NULL;
}

/* The text begins with the From line of a message, and not with somebody's words. */
static bool
begins_message(struct blob text, bool after_empty_line)
{
    struct blob line = first_line(text), next;
    size_t used = line.len;

    if (!is_from(line) || line.len > LINE_MOST)
        return false;
    while (used < text.len && text.data[used] != '\n')
        used++;
    used += used < text.len;
    next = first_line((struct blob){text.data + used, text.len - used});
    if (has_time(line))     /* an empty line behind it: a message without any header */
        return is_field(next) || is_quoted_from(next) || (after_empty_line && next.len == 0);
    return (is_netscape(line) || (after_empty_line && is_bare(line))) && is_field(next);
}

bool
mbox_is_one(struct blob beginning)
{
    while (beginning.len > 0 && (*beginning.data == '\n' || *beginning.data == '\r')) {
        beginning.data++;
        beginning.len--;
    }
    return begins_message(beginning, true);
}

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
    fill(mbox, at + 2 * LINE_MOST);
    return begins_message((struct blob){mbox->window + at, mbox->len - at}, is_after_empty_line(mbox, least, at));
}

/* --- by Content-Length --- */

/* Where the header that begins at `at` ends: behind its empty line. 0: not within a bound. */
static size_t
header_end(struct mbox *mbox, size_t at)
{
    size_t begun = at;

    while (at - begun < HEADER_MOST) {
        size_t end;

        fill(mbox, at + LINE_MOST);
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
    fill(mbox, end + 2 * LINE_MOST);
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
        if (is_from((struct blob){mbox->window + scan->at, mbox->len - scan->at}))
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
    return n > 0 && is_from((struct blob){line + n, len - n}) ? n : 0;
}

static bool
has_line(struct blob raw, bool quoted)
{
    for (size_t at = 0; at < raw.len;) {
        const uint8_t *end = memchr(raw.data + at, '\n', raw.len - at);

        if (quoted ? quotes(raw.data + at, raw.len - at) > 0 : is_from((struct blob){raw.data + at, raw.len - at}))
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
    struct blob line = first_line((struct blob){mbox->window + at, end - at});
    size_t len = line.len > LINE_MOST ? LINE_MOST : line.len;

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
    fill(mbox, mbox->next + 2 * LINE_MOST);
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

/* --- its time --- */

static bool
is_month(const char *word)
{
    return strlen(word) == 3 && strstr("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", word) != NULL;
}

/* "+0900", "JST". */
static bool
is_zone(const char *word)
{
    if (*word == '+' || *word == '-')
        return strlen(word) == 5;
    return strlen(word) <= 5 && strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(word);
}

/* "From sender Www Mmm dd hh:mm[:ss] [zone] yyyy [zone]" said as a Date field says it. */
int64_t
mbox_time(const char *from_line)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char **words = str_split(ctx, from_line, ' ', 24);
    const char *at[24], *year = NULL, *zone = "+0000";
    size_t count = 0, month = 0;
    int64_t time_us = 0;

    for (size_t i = 0; words[i] != NULL && count < COUNT_OF(at); i++)
        if (*words[i] != '\0')
            at[count++] = words[i];
    for (size_t i = 1; i + 3 < count && month == 0; i++)
        if (is_month(at[i]) && isdigit((unsigned char)at[i + 1][0]) && strchr(at[i + 2], ':') != NULL)
            month = i;
    for (size_t i = month + 3; month > 0 && i < count && i < month + 5; i++)
        if (year == NULL && strlen(at[i]) == 4 && isdigit((unsigned char)at[i][0]) && isdigit((unsigned char)at[i][3]))
            year = at[i];
        else if (is_zone(at[i]))
            zone = at[i];
    if (year != NULL)
        time_us = summary_date(mem_printf(ctx, "%s %s %s %s %s", at[month + 1], at[month], year, at[month + 2], zone));
    talloc_free(ctx);
    return time_us;
}
