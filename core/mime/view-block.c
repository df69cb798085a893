/* view-block.c - where a text is somebody's own, quoted, signature or armour */
#include <ctype.h>
#include <string.h>

#include "mime/view-markdown.h"
#include "mime/view-private.h"

enum { FOLD_LINES = 4, DASHES_LINES = 12, FOOTER_LINES = 8, UNDERSCORES = 40, HISTORY_LOOK = 6, LABEL_MOST = 24 };

#define WIDE_BLANK "\xe3\x80\x80"

struct line { const char *s; size_t len; };

struct splitter {
    TALLOC_CTX *ctx;
    struct view_blocks *blocks;
    enum view_kind kind;        /* of the block under way */
    const char *from;           /* where it begins */
    const char *end;            /* of the whole text, without the empty lines there */
    const char *before;         /* the line before this one */
    const char *quote_end;      /* behind the last quoted line; empty lines after it are not decided yet */
    bool is_history;            /* an old mail stands below: quoted to the end */
    bool has_open_fence;        /* of Markdown's code: one that does not end */
    bool is_clearsigned;        /* between BEGIN PGP SIGNED MESSAGE and its signature */
};

static struct line
line_at(const char *s)
{
    return (struct line){s, strcspn(s, "\n")};
}

static const char *
next_line(struct line line)
{
    return line.s + line.len + (line.s[line.len] == '\n');
}

static bool
line_is(struct line line, const char *text)
{
    return line.len == strlen(text) && memcmp(line.s, text, line.len) == 0;
}

static bool
line_starts(struct line line, const char *text)
{
    return line.len >= strlen(text) && memcmp(line.s, text, strlen(text)) == 0;
}

static bool
is_empty(struct line line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.s[i] != ' ' && line.s[i] != '\t')
            return false;
    return true;
}

/* At most `most` lines follow this one. */
static bool
is_near_end(const struct splitter *splitter, struct line line, size_t most)
{
    size_t lines = 0;

    for (const char *s = line.s; s < splitter->end; s++)
        if (*s == '\n' && ++lines > most)
            return false;
    return true;
}

/* ---- what begins a block ---- */

/* "Original message" between dashes, as mailers write it above what they answer. */
static bool
is_history_mark(struct line line)
{
    static const char *const words[] = {
        "Original Message", "Original message", "Original Appointment", "元のメッセージ", "元のメール", "Ursprüngliche Nachricht",
        "Original-Nachricht", "Message d'origine", "Message d’origine", "Mensaje original", "Mensagem original",
        "Messaggio originale", "Oorspronkelijk bericht", "Исходное сообщение", "原始邮件", "原始郵件", "邮件原件", "원본 메시지",
    };
    const char *s = line.s, *end = line.s + line.len;

    while (s < end && (*s == '-' || *s == ' '))
        s++;
    if (s - line.s < 2 || line.s[0] != '-')
        return false;
    while (end > s && (end[-1] == '-' || end[-1] == ' ' || end[-1] == '\t'))
        end--;
    if (line.s + line.len - end < 2)
        return false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if ((size_t)(end - s) == strlen(words[i]) && memcmp(s, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

static struct line
without_stars(struct line line)
{
    while (line.len > 0 && (*line.s == '*' || *line.s == ' ')) {
        line.s++;
        line.len--;
    }
    return line;
}

static bool
str_holds(struct line line, const char *text, size_t within)
{
    return memmem(line.s, line.len < within ? line.len : within, text, strlen(text)) != NULL;
}

/* "From: Hana", "*差出人:* 花子": the label of such a line as a number, 0 when it is none; 1 names the sender. */
static int
head_label(struct line line)
{
    static const struct { const char *label; int what; } labels[] = {
        {"From", 1}, {"差出人", 1}, {"送信者", 1}, {"Von", 1}, {"De", 1}, {"Da", 1}, {"Van", 1}, {"От", 1}, {"发件人", 1}, {"寄件者", 1},
        {"보낸 사람", 1}, {"Sent", 2}, {"Date", 2}, {"送信日時", 2}, {"日時", 2}, {"日付", 2}, {"Gesendet", 2}, {"Datum", 2},
        {"Envoyé", 2}, {"Enviado", 2}, {"Inviato", 2}, {"Verzonden", 2}, {"发送时间", 2}, {"傳送日期", 2}, {"보낸 날짜", 2},
        {"Отправлено", 2}, {"To", 3}, {"宛先", 3}, {"An", 3}, {"À", 3}, {"Para", 3}, {"A", 3}, {"Aan", 3}, {"收件人", 3},
        {"收件者", 3}, {"받는 사람", 3}, {"Кому", 3}, {"Subject", 4}, {"件名", 4}, {"Betreff", 4}, {"Objet", 4}, {"Asunto", 4},
        {"Oggetto", 4}, {"Onderwerp", 4}, {"主题", 4}, {"主旨", 4}, {"제목", 4}, {"Тема", 4},
    };

    line = without_stars(line);
    if (memchr(line.s, ':', line.len < LABEL_MOST ? line.len : LABEL_MOST) == NULL && !str_holds(line, "：", LABEL_MOST))
        return 0;
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        size_t len = strlen(labels[i].label);
        struct line rest = {line.s + len, line.len - len};

        if (!line_starts(line, labels[i].label))
            continue;
        rest = without_stars(rest);
        if (line_starts(rest, ":") || line_starts(rest, "："))
            return labels[i].what;
    }
    return 0;
}

/* The head of an old mail, as Outlook puts it above without any mark: who, and two of when, to whom, about what. */
static bool
is_history_head(struct line line)
{
    bool seen[5] = {false};

    if (head_label(line) != 1)
        return false;
    for (int i = 0; i < HISTORY_LOOK; i++) {
        line = line_at(next_line(line));
        if (is_empty(line))
            break;
        seen[head_label(line)] = true;
    }
    return seen[2] + seen[3] + seen[4] >= 2;
}

/* "---------- Forwarded message ---------" and its like: what follows is what the mail is for. */
static bool
is_forward_mark(struct line line)
{
    static const char *const words[] = {"Forwarded message", "Forwarded Message", "forwarded message", "転送メッセージ", "転送されたメッセージ",
                                        "Weitergeleitete Nachricht", "Message transféré", "Mensaje reenviado", "转发邮件", "轉寄郵件"};

    if (!line_starts(line, "--") && !line_starts(line, "Begin "))
        return false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (memmem(line.s, line.len, words[i], strlen(words[i])) != NULL)
            return true;
    return false;
}

static bool
is_quoted(struct line line)
{
    return line_starts(line, ">") || line_starts(line, "＞");
}

/* What a mailbox did to a sentence that began with "From ". */
static bool
is_mbox_from(struct line line)
{
    return line_starts(line, ">From ") && !is_quoted(line_at(next_line(line)));
}

static bool
is_signature_mark(const struct splitter *splitter, struct line line)
{
    return line_is(line, "-- ") || (line_is(line, "--") && is_near_end(splitter, line, DASHES_LINES));
}

/* Nothing but underscores, as many at least. */
static bool
is_underscores(struct line line, size_t least)
{
    size_t i = 0;

    while (i < line.len && line.s[i] == '_')
        i++;
    return i >= least && is_empty((struct line){line.s + i, line.len - i});
}

/* The line with which mailing lists begin their footer. */
static bool
is_footer_mark(const struct splitter *splitter, struct line line)
{
    return is_underscores(line, UNDERSCORES) && is_near_end(splitter, line, FOOTER_LINES) &&
           !is_history_head(line_at(next_line(line)));
}

static bool
is_armor_begin(struct line line)
{
    return line_starts(line, "-----BEGIN PGP ") && !line_starts(line, "-----BEGIN PGP SIGNED MESSAGE");
}

/* ---- blocks ---- */

/* What tools write. */
static bool
begins_patch(struct line line)
{
    return line_starts(line, "diff --git ") || line_starts(line, "@@ ") || line_starts(line, "+--");
}

/* Three blanks in a row inside a line, or two of Japanese. */
static bool
has_columns(struct line line)
{
    size_t wide = strlen(WIDE_BLANK), blanks = 0, step;
    bool begun = false;

    for (size_t i = 0; i < line.len; i += step) {
        bool is_wide = i + wide <= line.len && memcmp(line.s + i, WIDE_BLANK, wide) == 0;

        step = is_wide ? wide : 1;
        if (is_wide || line.s[i] == ' ') {
            blanks += is_wide ? 2 : 1;
            continue;
        }
        if (begun && blanks >= 3)
            return true;
        begun = true;
        blanks = 0;
    }
    return false;
}

/* Columns, or lines drawn with letters. */
static bool
is_table_line(struct line line)
{
    return has_columns(line) || memmem(line.s, line.len, "─", 3) != NULL || memmem(line.s, line.len, "│", 3) != NULL;
}

/* One such line by itself may be anything. */
static bool
holds_table(const char *text)
{
    int signs = 0;

    for (struct line line = line_at(text); signs < 2; line = line_at(next_line(line))) {
        signs += is_table_line(line);
        if (line.s[line.len] == '\0')
            break;
    }
    return signs >= 2;
}

/* The lines at s up to the next empty one want letters of one width: a patch does so from where it begins to its end. Returns where the
 * next ones begin. */
static const char *
paragraph(const char *s, bool tables, bool *is_patch, bool *is_fixed_r)
{
    struct line line = line_at(s);

    while (*line.s != '\0' && is_empty(line))
        line = line_at(next_line(line));
    *is_fixed_r = *is_patch;
    while (*line.s != '\0' && !is_empty(line)) {
        *is_patch = *is_patch || begins_patch(line);
        *is_fixed_r = *is_fixed_r || *is_patch || (tables && is_table_line(line));
        line = line_at(next_line(line));
    }
    while (*line.s != '\0' && is_empty(line))
        line = line_at(next_line(line));
    return line.s;
}

static bool
holds_patch(const char *text)
{
    for (struct line line = line_at(text);; line = line_at(next_line(line))) {
        if (begins_patch(line))
            return true;
        if (line.s[line.len] == '\0')
            return false;
    }
}

static size_t
count_lines(const char *text)
{
    size_t lines = 1;

    for (const char *s = text; (s = strchr(s, '\n')) != NULL; s++)
        lines++;
    return lines;
}

/* "- -----BEGIN" was "-----BEGIN" before it was signed (RFC 9580 7.2). */
static char *
without_dashes(TALLOC_CTX *ctx, const char *text, size_t len)
{
    struct str *out = str_new(ctx);

    for (const char *s = text, *end = text + len; s < end;) {
        struct line line = line_at(s);
        size_t whole = (size_t)(next_line(line) - s), skip = line_starts(line, "- ") ? 2 : 0;

        if (whole > (size_t)(end - s))
            whole = (size_t)(end - s);
        str_addn(out, s + skip, whole - skip);
        s += whole;
    }
    return out->s;
}

static struct view_block *
new_block(struct splitter *splitter, const char *text, size_t len)
{
    struct view_blocks *blocks = splitter->blocks;
    struct view_block *block;

    while (len > 0 && text[len - 1] == '\n')
        len--;
    if ((blocks->count & (blocks->count - 1)) == 0)
        blocks->rows = mem_resize(splitter->ctx, blocks->rows, struct view_block, blocks->count == 0 ? 1 : blocks->count * 2);
    block = &blocks->rows[blocks->count++];
    *block = (struct view_block){.kind = splitter->kind};
    block->text = splitter->is_clearsigned ? without_dashes(splitter->ctx, text, len) : mem_strndup(splitter->ctx, text, len);
    block->lines = count_lines(block->text);
    block->is_folded = block->kind == VIEW_QUOTE && block->lines > FOLD_LINES;
    return block;
}

/* Somebody's own text: paragraphs of one kind stay together. */
static void
add_own(struct splitter *splitter, const char *text)
{
    bool tables = holds_table(text), is_patch = false, was_fixed = false, is_fixed;
    const char *from = text;

    for (const char *s = tables || holds_patch(text) ? text : ""; *s != '\0';) {
        const char *next = paragraph(s, tables, &is_patch, &is_fixed);

        if (s > text && is_fixed != was_fixed) {
            new_block(splitter, from, (size_t)(s - from))->is_fixed = was_fixed;
            from = s;
        }
        was_fixed = is_fixed;
        s = next;
    }
    new_block(splitter, from, strlen(from))->is_fixed = was_fixed;
}

static void
add_block(struct splitter *splitter, const char *end)
{
    const char *text = splitter->from;
    size_t len = (size_t)(end - text);
    char *own;

    while (len > 0 && text[len - 1] == '\n')
        len--;
    while (len > 0 && *text == '\n') {
        text++;
        len--;
    }
    splitter->from = end;
    if (len == 0)
        return;
    if (splitter->kind != VIEW_TEXT) {
        new_block(splitter, text, len);
        return;
    }
    own = mem_strndup(NULL, text, len);
    if (splitter->blocks->is_markdown && len <= MARKDOWN_MOST && !holds_patch(own))
        new_block(splitter, text, len)->is_markdown = true;
    else
        add_own(splitter, own);
    talloc_free(own);
}

static void
begin_block(struct splitter *splitter, enum view_kind kind, const char *at)
{
    if (splitter->kind == VIEW_QUOTE && !splitter->is_history && splitter->quote_end != NULL && splitter->quote_end < at) {
        const char *rest = splitter->quote_end;

        add_block(splitter, rest);
        splitter->kind = VIEW_TEXT;
    }
    add_block(splitter, at);
    splitter->kind = kind;
    splitter->quote_end = NULL;
}

/* The line that ends armour belongs to it. */
static void
armor_line(struct splitter *splitter, struct line line)
{
    if (line_starts(line, "-----END PGP "))
        begin_block(splitter, VIEW_TEXT, next_line(line));
}

/* BEGIN PGP SIGNED MESSAGE and the lines to the next empty one are no text. */
static const char *
skip_signed_head(struct splitter *splitter, struct line line)
{
    begin_block(splitter, VIEW_TEXT, line.s);
    while (*line.s != '\0' && !is_empty(line))
        line = line_at(next_line(line));
    splitter->from = line.s;
    splitter->is_clearsigned = true;
    return line.s;
}

/* An old mail is quoted to the end, unless its lines are marked: then the answer may stand among them. */
static const char *
begin_history(struct splitter *splitter, struct line line)
{
    const char *at = line.s;
    int look = 2 * HISTORY_LOOK;

    if (splitter->before != NULL && splitter->before >= splitter->from && is_underscores(line_at(splitter->before), UNDERSCORES / 4))
        at = splitter->before;
    begin_block(splitter, VIEW_QUOTE, at);
    line = line_at(next_line(line));
    while (*line.s != '\0' && look-- > 0 && (is_empty(line) || head_label(line) > 0))
        line = line_at(next_line(line));
    splitter->is_history = !is_quoted(line);
    splitter->quote_end = line.s;
    return line.s;
}

/* Returns where to go on. */
static const char *
text_line(struct splitter *splitter, struct line line, bool forwards)
{
    bool quoted = is_quoted(line) && !(splitter->kind == VIEW_TEXT && is_mbox_from(line));

    if (is_history_mark(line) || (!forwards && is_history_head(line)))
        return begin_history(splitter, line);
    if (splitter->kind == VIEW_SIGNATURE)
        return next_line(line);
    if (is_signature_mark(splitter, line) || is_footer_mark(splitter, line)) {
        begin_block(splitter, VIEW_SIGNATURE, line.s);
    } else if (quoted) {
        if (splitter->kind != VIEW_QUOTE)
            begin_block(splitter, VIEW_QUOTE, line.s);
        splitter->quote_end = next_line(line);
    } else if (splitter->kind == VIEW_QUOTE && !is_empty(line)) {
        begin_block(splitter, VIEW_TEXT, splitter->quote_end);
    }
    return next_line(line);
}

/* Code between fences of Markdown is no quotation, whatever it begins with: behind it, when it ends. */
static const char *
behind_code(struct splitter *splitter, struct line line, const char *next)
{
    const char *fence = line_starts(line, "```") ? "```" : line_starts(line, "~~~") ? "~~~" : NULL;

    if (fence == NULL || splitter->has_open_fence)
        return next;
    for (line = line_at(next); *line.s != '\0'; line = line_at(next_line(line)))
        if (line_starts(line, fence) && is_empty((struct line){line.s + 3, line.len - 3}))
            return next_line(line);
    splitter->has_open_fence = true;
    return next;
}

static const char *
end_of(const char *text)
{
    const char *end = text + strlen(text);

    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    return end;
}

void
view_split_into(TALLOC_CTX *ctx, struct view_blocks *blocks, const char *text)
{
    struct splitter splitter = {.ctx = ctx, .blocks = blocks, .kind = VIEW_TEXT, .from = text, .end = end_of(text)};
    bool forwards = false;

    for (const char *s = text; *s != '\0' && !splitter.is_history;) {
        struct line line = line_at(s);
        const char *next = next_line(line);

        if (splitter.kind == VIEW_ARMOR)
            armor_line(&splitter, line);
        else if (line_starts(line, "-----BEGIN PGP SIGNED MESSAGE"))
            next = skip_signed_head(&splitter, line);
        else if (is_armor_begin(line)) {
            begin_block(&splitter, VIEW_ARMOR, line.s);
            splitter.is_clearsigned = false;
        } else
            next = text_line(&splitter, line, forwards);
        if (blocks->is_markdown && splitter.kind == VIEW_TEXT)
            next = behind_code(&splitter, line, next);
        if (!is_empty(line))
            forwards = is_forward_mark(line);
        splitter.before = s;
        s = next;
    }
    begin_block(&splitter, VIEW_TEXT, text + strlen(text));
}

void
view_unfold_lonely(struct view_blocks *blocks)
{
    for (size_t i = 0; i < blocks->count; i++)
        if (blocks->rows[i].kind == VIEW_TEXT)
            return;
    for (size_t i = 0; i < blocks->count; i++)
        blocks->rows[i].is_folded = false;
}

struct view_block *
view_split(TALLOC_CTX *ctx, const char *text, size_t *count_r)
{
    struct view_blocks blocks = {NULL, 0, false};

    view_split_into(ctx, &blocks, text);
    view_unfold_lonely(&blocks);
    *count_r = blocks.count;
    return blocks.rows;
}
