/* search-words.c - what a post is found by: its folded text, and the lexemes of PostgreSQL's index */
#include <stdlib.h>
#include <string.h>

#include "archive/search-words.h"
#include "util/clock.h"
#include "util/str.h"

enum { LEXEMES_MOST = 900 * 1000, TOKENS_MOST = 60 * 1000, SHORT_MOST = 8 * 1000, FILES_MOST = 16 * 1000, MARK_MOST = 1000,
       SHORT_SORT = 40 };

const int SEARCH_LEVELS[] = {13, 16, 19, 22, 25, 28, 0};

/* ---- pieces ---- */

bool
search_piece_next(const char *text, size_t len, size_t *at, struct search_piece *piece_r)
{
    struct search_piece piece = {.kind = FOLD_SIGN};

    while (*at < len) {
        size_t next = *at;
        enum fold_kind kind = search_fold_kind(search_fold_next(text, len, &next));

        if (piece.kind == FOLD_SIGN && kind != FOLD_SIGN) {
            piece.kind = kind;
            piece.start = *at;
        } else if (piece.kind != FOLD_SIGN && kind != piece.kind) {
            break;
        }
        piece.letters += piece.kind != FOLD_SIGN;
        *at = next;
    }
    piece.end = *at;
    *piece_r = piece;
    return piece.kind != FOLD_SIGN;
}

size_t
search_letters(const char *s, size_t len, size_t letters)
{
    size_t at = 0;

    while (letters-- > 0 && at < len)
        search_fold_next(s, len, &at);
    return at;
}

/* ---- addresses ---- */

static bool
is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_name_letter(char c)
{
    return is_plain(c) || (c != '\0' && strchr("._+-!#$%&'*/=?^`{|}~", c) != NULL);
}

bool
search_address_next(const char *text, size_t len, size_t *at, struct search_address *address_r)
{
    size_t least = *at;

    for (size_t i = least + 1; i + 1 < len; i++) {
        size_t start = i, end = i + 1;

        if (text[i] != '@' || !is_plain(text[i + 1]) || !(is_name_letter(text[i - 1]) || (text[i - 1] & 0x80) != 0))
            continue;
        while (start > least && is_name_letter(text[start - 1]))
            start--;
        while (start < i && !is_plain(text[start]))
            start++;
        while (end < len && (is_plain(text[end]) || ((text[end] == '.' || text[end] == '-') && end + 1 < len && is_plain(text[end + 1]))))
            end++;
        *address_r = (struct search_address){start, i, end};
        *at = end;
        return true;
    }
    *at = len;
    return false;
}

/* ---- the set of lexemes ---- */

struct lexemes {
    TALLOC_CTX *ctx;
    size_t *slots, room, count; /* offsets into `held`, plus one */
    struct str *held;           /* each lexeme with a NUL behind it */
    size_t bytes;
    bool is_full;
};

static size_t
hash_of(const char *s, size_t len)
{
    size_t hash = (size_t)1469598103934665603u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)s[i]) * (size_t)1099511628211u;
    return hash;
}

static size_t *
slot_of(struct lexemes *set, const char *s, size_t len)
{
    size_t i = hash_of(s, len) & (set->room - 1);

    while (set->slots[i] != 0 && (strncmp(set->held->s + set->slots[i] - 1, s, len) != 0 || set->held->s[set->slots[i] - 1 + len] != '\0'))
        i = (i + 1) & (set->room - 1);
    return &set->slots[i];
}

static void
grow(struct lexemes *set)
{
    size_t *old = set->slots, count = set->room;

    set->room *= 2;
    set->slots = mem_array(set->ctx, size_t, set->room);
    for (size_t i = 0; i < count; i++)
        if (old[i] != 0)
            *slot_of(set, set->held->s + old[i] - 1, strlen(set->held->s + old[i] - 1)) = old[i];
    talloc_free(old);
}

/* True: it was not there yet, and is now. */
static bool
add_lexeme(struct lexemes *set, char mark, const char *s, size_t len)
{
    char lexeme[MARK_MOST + 2];
    size_t *slot, size = 0;

    if (mark != '\0')
        lexeme[size++] = mark;
    len = len < MARK_MOST ? len : MARK_MOST;
    memcpy(lexeme + size, s, len);
    size += len;
    lexeme[size] = '\0';
    if (set->bytes + size > LEXEMES_MOST) {
        set->is_full = true;
        return false;
    }
    slot = slot_of(set, lexeme, size);
    if (*slot != 0)
        return false;
    *slot = set->held->len + 1;
    str_addn(set->held, lexeme, size + 1);
    set->bytes += size;
    if (++set->count * 2 > set->room)
        grow(set);
    return true;
}

/* The first bytes as a number tell most lexemes apart. */
struct ranked { uint64_t begins; const char *lexeme; };

static int
compare_ranked(const void *a, const void *b)
{
    const struct ranked *one = a, *two = b;

    if (one->begins != two->begins)
        return one->begins < two->begins ? -1 : 1;
    return strcmp(one->lexeme, two->lexeme);
}

static uint64_t
beginning_of(const char *lexeme)
{
    uint64_t begins = 0;

    for (size_t i = 0; i < sizeof begins; i++) {
        begins = begins << 8 | (uint8_t)*lexeme;
        lexeme += *lexeme != '\0';
    }
    return begins;
}

/* A few. */
static void
sort_short(struct ranked *ranked, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct ranked one = ranked[i];
        size_t k = i;

        for (; k > 0 && compare_ranked(&one, &ranked[k - 1]) < 0; k--)
            ranked[k] = ranked[k - 1];
        ranked[k] = one;
    }
}

/* By the first byte, then each of those by itself. */
static struct ranked *
ranked_lexemes(const struct lexemes *set)
{
    struct ranked *ranked = mem_array(set->ctx, struct ranked, set->count + 1);
    size_t ends[UINT8_MAX + 1] = {0}, start = 0;
    const char *lexeme = set->held->s;

    for (size_t i = 0; i < set->count; i++, lexeme += strlen(lexeme) + 1)
        ends[(uint8_t)*lexeme]++;
    for (size_t byte = 0; byte <= UINT8_MAX; byte++) {
        size_t count = ends[byte];

        ends[byte] = start;
        start += count;
    }
    lexeme = set->held->s;
    for (size_t i = 0; i < set->count; i++, lexeme += strlen(lexeme) + 1)
        ranked[ends[(uint8_t)*lexeme]++] = (struct ranked){beginning_of(lexeme), lexeme};
    for (size_t byte = 0, from = 0; byte <= UINT8_MAX; from = ends[byte++])
        if (ends[byte] - from <= SHORT_SORT)
            sort_short(ranked + from, ends[byte] - from);
        else
            qsort(ranked + from, ends[byte] - from, sizeof *ranked, compare_ranked);
    return ranked;
}

static char *
sorted_lines(TALLOC_CTX *ctx, const struct lexemes *set)
{
    const struct ranked *ranked = ranked_lexemes(set);
    char *lines = mem_array(ctx, char, set->held->len + 1), *end = lines;

    for (size_t i = 0; i < set->count; i++) {
        end = stpcpy(end, ranked[i].lexeme);
        *end++ = '\n';
    }
    *end = '\0';
    return lines;
}

static void
add_run(struct lexemes *set, char mark, const char *s, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t first = search_letters(s + at, len - at, 1);
        size_t both = search_letters(s + at, len - at, 2);

        add_lexeme(set, mark, s + at, both);
        at += first;
    }
}

static void
add_word(struct lexemes *set, char mark, const char *s, size_t len)
{
    if (len > SEARCH_WORD_MOST)
        for (len = SEARCH_WORD_MOST; (s[len] & 0xC0) == 0x80; len--)
            ;
    add_lexeme(set, mark, s, len);
}

/* The pieces of a text, with a mark or (0) without one; for 0 and another mark, ask twice. */
static void
add_pieces(struct lexemes *set, char mark, const char *text, size_t len)
{
    struct search_piece piece;

    for (size_t at = 0; search_piece_next(text, len, &at, &piece);) {
        if (piece.kind == FOLD_RUN)
            add_run(set, mark, text + piece.start, piece.end - piece.start);
        else
            add_word(set, mark, text + piece.start, piece.end - piece.start);
    }
}

/* ---- a post ---- */

struct making {
    struct lexemes set;
    struct str *tokens, *folded;    /* `folded` holds the lines behind that of the tokens */
    bool is_cut;
};

static void
add_token(struct making *making, char mark, const char *s, size_t len)
{
    if (len == 0 || len > MARK_MOST || making->tokens->len + len > TOKENS_MOST || !add_lexeme(&making->set, mark, s, len))
        return;
    if (making->tokens->len == 0)
        str_addc(making->tokens, ' ');
    str_addf(making->tokens, "%c%.*s ", mark, (int)len, s);
}

static struct fold *
fold_of(struct making *making, const char *text, size_t most)
{
    size_t len = text != NULL ? strlen(text) : 0;

    if (len > most) {
        for (len = most; len > 0 && (text[len] & 0xC0) == 0x80; len--)
            ;
        making->is_cut = true;
    }
    return search_fold(making->folded, text != NULL ? text : "", len, false);
}

/* An address is found whole, with mark A. */
static void
add_address(struct making *making, const char *text, const struct search_address *address)
{
    if (address->start < address->at_sign)
        add_token(making, 'A', text + address->start, address->end - address->start);
    add_token(making, 'A', text + address->at_sign, address->end - address->at_sign);
}

/* The text without the hosts of its addresses, which go among the tokens. */
static void
add_without_hosts(struct making *making, struct str *line, const struct fold *fold)
{
    struct search_address address;
    size_t from = 0;

    for (size_t at = 0; search_address_next(fold->text, fold->len, &at, &address);) {
        str_addn(line, fold->text + from, address.at_sign + 1 - from);
        str_add(line, "…");
        from = address.end;
        add_address(making, fold->text, &address);
    }
    str_addn(line, fold->text + from, fold->len - from);
}

/* A line that everybody may find who may read. */
static void
add_open(struct making *making, const char *text, size_t most, char mark)
{
    struct fold *fold = fold_of(making, text, most);
    struct str *line = str_new(making->folded);

    add_without_hosts(making, line, fold);
    talloc_free(fold);
    add_pieces(&making->set, '\0', line->s, line->len);
    if (mark != '\0')
        add_pieces(&making->set, mark, line->s, line->len);
    str_addc(making->folded, '\n');
    str_addn(making->folded, line->s, line->len);
    talloc_free(line);
}

/* A line that is found with its mark alone. */
static void
add_closed(struct making *making, const char *text, char mark)
{
    struct fold *fold = fold_of(making, text, SHORT_MOST);
    struct search_address address;

    add_pieces(&making->set, mark, fold->text, fold->len);
    for (size_t at = 0; search_address_next(fold->text, fold->len, &at, &address);) {
        if (address.start < address.at_sign)
            add_lexeme(&making->set, mark, fold->text + address.start, address.end - address.start);
        add_lexeme(&making->set, mark, fold->text + address.at_sign, address.end - address.at_sign);
        if (mark == 'E')
            add_address(making, fold->text, &address);
    }
    str_addc(making->folded, '\n');
    str_addn(making->folded, fold->text, fold->len);
    talloc_free(fold);
}

static void
add_marks(struct making *making, const struct search_doc *doc)
{
    int64_t seconds = doc->at_us / US_PER_S;
    char *text = mem_printf(making->tokens, "%lld", (long long)doc->list_id);

    add_lexeme(&making->set, 'L', text, strlen(text));
    for (const int *level = SEARCH_LEVELS; *level != 0; level++) {
        text = mem_printf(making->tokens, "%d.%lld", *level, (long long)(seconds >> *level));
        add_lexeme(&making->set, 'B', text, strlen(text));
    }
    if (doc->has_attachment)
        add_token(making, 'H', "attachment", strlen("attachment"));
    if (!str_is_empty(doc->language))
        add_token(making, 'G', doc->language, strlen(doc->language));
    if (!str_is_empty(doc->message_id)) {
        text = search_fold_text(making->tokens, doc->message_id);
        for (char *s = text; *s != '\0'; s++)
            *s = *s == ' ' ? '_' : *s;
        add_token(making, 'M', text, strlen(text));
    }
}

void
search_words_of(TALLOC_CTX *ctx, const struct search_doc *doc, struct search_words *words_r)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct making making = {.tokens = str_new(scratch), .folded = str_new(scratch)};
    struct lexemes *set = &making.set;

    set->ctx = scratch;
    set->held = str_new(scratch);
    set->room = 1024;
    set->slots = mem_array(scratch, size_t, set->room);
    add_marks(&making, doc);
    add_closed(&making, doc->recipients, 'T');
    add_closed(&making, doc->address, 'E');
    add_open(&making, doc->name, SHORT_MOST, 'F');
    add_open(&making, doc->subject, SHORT_MOST, 'S');
    add_open(&making, doc->files, FILES_MOST, 'N');
    add_open(&making, doc->text, SEARCH_TEXT_MOST, '\0');
    words_r->folded = mem_printf(ctx, "%s%s", making.tokens->s, making.folded->s);
    words_r->words = sorted_lines(ctx, set);
    words_r->is_cut = making.is_cut || set->is_full;
    talloc_free(scratch);
}
