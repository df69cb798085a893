/* search-fold.c - two texts that people take for the same become the same; the door to ICU */
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include "archive/search-fold.h"
#include "util/str.h"

enum { PIECE_LETTERS = 33, PIECE_UNITS = PIECE_LETTERS * 2, NORMAL_UNITS = PIECE_UNITS * 20 };
enum { EAST_LETTERS = 64 };
enum { LONG_VOWEL = 0x30FC, WAVE_DASH = 0x301C, WAVY_DASH = 0x3030 };

/* ---- letters ---- */

uint32_t
search_fold_next(const char *s, size_t len, size_t *at)
{
    int32_t i = (int32_t)*at;
    UChar32 letter;

    U8_NEXT_OR_FFFD((const uint8_t *)s, i, (int32_t)len, letter);
    *at = (size_t)i;
    return (uint32_t)letter;
}

uint32_t
search_fold_before(const char *s, size_t at)
{
    int32_t i = (int32_t)at;
    UChar32 letter;

    if (at == 0)
        return 0;
    U8_PREV_OR_FFFD((const uint8_t *)s, 0, i, letter);
    return (uint32_t)letter;
}

struct range { uint32_t first, last; };

static bool
is_in(uint32_t letter, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count && letter >= ranges[i].first; i++)
        if (letter <= ranges[i].last)
            return true;
    return false;
}

/* Scripts whose words are not set apart by blanks, and Hangul, whose particles cling to them. */
static const struct range run_letters[] = {
    {0x0E01, 0x0E3A}, {0x0E40, 0x0E4E}, {0x0E81, 0x0EDF}, {0x1000, 0x109F}, {0x1100, 0x11FF}, {0x1780, 0x17D3}, {0x3005, 0x3007},
    {0x3041, 0x3096}, {0x3099, 0x309A}, {0x309D, 0x309E}, {0x30A1, 0x30FA}, {0x30FC, 0x30FE}, {0x3105, 0x312F}, {0x31A0, 0x31BF},
    {0x31F0, 0x31FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xA000, 0xA48C}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFD},
};
/* Letters of Japanese and Chinese, folded or not: a line end between two of them is no end of a word. */
static const struct range line_letters[] = {
    {0x3005, 0x3007}, {0x3041, 0x3096}, {0x309D, 0x309E}, {0x30A1, 0x30FA}, {0x30FC, 0x30FE}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
    {0xF900, 0xFAFF}, {0xFF66, 0xFF9F}, {0x20000, 0x3FFFD},
};
static const struct range blanks[] = {
    {0x0000, 0x0020}, {0x007F, 0x00A0}, {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F},
    {0x3000, 0x3000},
};
static const struct range dashes[] = {{0x2010, 0x2015}, {0x2212, 0x2212}, {0x2500, 0x2500}};

enum fold_kind
search_fold_kind(uint32_t letter)
{
    if (letter < 0x80)
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ? FOLD_WORD
                                                                                                                   : FOLD_SIGN;
    if (is_in(letter, run_letters, COUNT_OF(run_letters)))
        return FOLD_RUN;
    return (U_GET_GC_MASK((UChar32)letter) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0 ? FOLD_WORD : FOLD_SIGN;
}

static bool
is_blank(uint32_t letter)
{
    return letter <= 0x20 || (letter >= 0x7F && is_in(letter, blanks, COUNT_OF(blanks)));
}

static bool
is_katakana(uint32_t letter)
{
    return (letter >= 0x30A1 && letter <= 0x30FA) || letter == LONG_VOWEL;
}

static uint32_t
find_variant(uint32_t letter)
{
#define VARIANT(from, to) {from, to},
    static const struct { uint32_t from, to; } rows[] = {
#include "archive/search-variants.def"
    };
#undef VARIANT
    size_t low = 0, high = COUNT_OF(rows);

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (rows[middle].from == letter)
            return rows[middle].to;
        if (rows[middle].from < letter)
            low = middle + 1;
        else
            high = middle;
    }
    return letter;
}

/* Most kanji by a table that is made when it is first asked. */
static uint32_t
without_variant(uint32_t letter)
{
    enum { FIRST = 0x4E00, LAST = 0x9FFF };
    static uint16_t found[LAST - FIRST + 1];

    if (letter < FIRST || letter > LAST)
        return find_variant(letter);
    for (uint32_t i = 0; found[LAST - FIRST] == 0 && i < COUNT_OF(found); i++)
        found[i] = (uint16_t)find_variant(FIRST + i);
    return found[letter - FIRST];
}

/* ---- what is being made ---- */

struct work {
    const char *text;
    size_t len, at;             /* of the original */
    struct str *out;
    uint32_t *origins;          /* NULL unless asked for */
    size_t room;
    uint32_t last;              /* the letter put last; 0 at the beginning */
    size_t depth;               /* of quoting, of the present line */
};

static void
make_room(struct work *work, size_t count)
{
    if (work->out->len + count + 1 > work->room) {
        work->room = (work->out->len + count + 64) * 2;
        work->origins = mem_resize(work->out, work->origins, uint32_t, work->room);
    }
}

static void
put_bytes(struct work *work, const uint8_t *bytes, size_t count, size_t origin)
{
    if (work->origins != NULL) {
        make_room(work, count);
        for (size_t i = 0; i < count; i++)
            work->origins[work->out->len + i] = (uint32_t)origin;
    }
    str_addn(work->out, bytes, count);
}

/* A letter that Unicode's folding is done with: what is ours comes now (3 and 4 of the header). */
static void
put(struct work *work, uint32_t letter, size_t origin)
{
    uint8_t bytes[4];
    int32_t count = 0;

    if (letter == ' ' && (work->last == 0 || work->last == ' '))
        return;
    if ((letter >= 0x3041 && letter <= 0x3096) || letter == 0x309D || letter == 0x309E)
        letter += 0x60;
    else if (letter >= 0x4E00)
        letter = without_variant(letter);
    else if (letter == '-' || is_in(letter, dashes, COUNT_OF(dashes)))
        letter = is_katakana(work->last) ? LONG_VOWEL : '-';
    else if (letter == '~' || letter == WAVE_DASH || letter == WAVY_DASH)
        letter = is_katakana(work->last) ? LONG_VOWEL : '~';
    U8_APPEND_UNSAFE(bytes, count, letter);
    put_bytes(work, bytes, (size_t)count, origin);
    work->last = letter;
}

/* ---- Unicode's folding ---- */

/* A letter that folds by itself without a library; 0 for others. */
static uint32_t
simple_fold(uint32_t letter)
{
    if (letter < 0x7F)
        return letter >= 'A' && letter <= 'Z' ? letter | 0x20 : letter > 0x20 ? letter : 0;
    if (letter >= 0xFF01 && letter <= 0xFF5E)
        return simple_fold(letter - 0xFEE0);
    if ((letter >= 0x3041 && letter <= 0x3096) || (letter >= 0x30A1 && letter <= 0x30FE) || (letter >= 0x4E00 && letter <= 0x9FFF))
        return letter;
    return (letter >= 0x3001 && letter <= 0x3003) || (letter >= 0x3008 && letter <= 0x3011) ? letter : 0;
}

struct normalizers { const UNormalizer2 *folding, *apart, *together; };

static const struct normalizers *
normalizers(void)
{
    static struct normalizers all;
    UErrorCode error = U_ZERO_ERROR;

    if (all.together == NULL) {
        all.folding = unorm2_getNFKCCasefoldInstance(&error);
        all.apart = unorm2_getNFDInstance(&error);
        all.together = unorm2_getNFCInstance(&error);
        must(U_SUCCESS(error));
    }
    return &all;
}

static int32_t
normalize(const UNormalizer2 *by, const UChar *from, int32_t len, UChar *to)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t made = unorm2_normalize(by, from, len, to, NORMAL_UNITS, &error);

    return U_SUCCESS(error) ? made : 0;
}

static int32_t
without_accents(UChar *units, int32_t len)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < len; i++)
        if (units[i] < 0x0300 || units[i] > 0x036F)
            units[kept++] = units[i];
    return kept;
}

/* From work->at: a letter and what combines with it. */
static void
put_piece(struct work *work)
{
    const struct normalizers *by = normalizers();
    UChar piece[PIECE_UNITS], folded[NORMAL_UNITS], apart[NORMAL_UNITS];
    size_t origin = work->at, letters = 0;
    int32_t len = 0, i = 0;

    while (work->at < work->len) {
        size_t next = work->at;
        uint32_t letter = search_fold_next(work->text, work->len, &next);

        if (letters > 0 && unorm2_hasBoundaryBefore(by->folding, (UChar32)letter))
            break;
        if (letters++ < PIECE_LETTERS)
            U16_APPEND_UNSAFE(piece, len, (UChar32)letter);
        work->at = next;
    }
    len = normalize(by->folding, piece, len, folded);
    len = without_accents(apart, normalize(by->apart, folded, len, apart));
    len = normalize(by->together, apart, len, folded);
    while (i < len) {
        UChar32 letter;

        U16_NEXT(folded, i, len, letter);
        put(work, (uint32_t)letter, origin);
    }
}

/* ---- white space ---- */

static bool
is_line_letter(uint32_t letter)
{
    return is_in(letter, line_letters, COUNT_OF(line_letters));
}

/* From work->at, over blanks and, once a line has ended, marks of quoting. */
static void
put_blank(struct work *work)
{
    size_t origin = work->at, next = origin, lines = 0, depth = 0;
    uint32_t letter = 0;
    bool joins;

    while (work->at < work->len) {
        letter = search_fold_next(work->text, work->len, &next);
        if (letter == '\n') {
            lines++;
            depth = 0;
        } else if (letter == '>' && (lines > 0 || origin == 0)) {
            depth++;
        } else if (!is_blank(letter)) {
            break;
        }
        work->at = next;
    }
    joins = lines == 1 && depth == work->depth && work->at < work->len && is_line_letter(work->last) && is_line_letter(letter);
    if (lines > 0 || origin == 0)
        work->depth = depth;
    if (!joins)
        put(work, ' ', origin);
}

/* ---- plain text ---- */

/* A byte in each of eight. */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

typedef uint32_t four_numbers __attribute__((vector_size(16)));

static uint64_t
eight_at(const char *text)
{
    uint64_t eight;

    memcpy(&eight, text, sizeof eight);
    return eight;
}

/* From a letter on, past ASCII words with one blank between them, eight bytes at a time: to where something else comes, or less than eight
 * are left. A letter, or the blank behind one, stands there. */
static size_t
past_words(const char *text, size_t len, size_t at)
{
    while (at + sizeof(uint64_t) <= len) {
        uint64_t eight = eight_at(text + at), top = EACH(0x80);
        uint64_t gaps = ~(eight + EACH(0x80 - '!')) & top;          /* blanks and controls, if all are ASCII */

        if (((eight | (eight + EACH(0x80 - 0x7F))) & top) != 0 || (gaps & ~(eight + EACH(0x80 - ' '))) != 0 || (gaps & gaps << 8) != 0)
            break;
        at += sizeof eight - (text[at + sizeof eight - 1] == ' ');
    }
    return at;
}

static void
lower_ascii(char *text, size_t len)
{
    size_t at = 0;

    for (; at + sizeof(uint64_t) <= len; at += sizeof(uint64_t)) {
        uint64_t eight = eight_at(text + at);

        eight |= ((eight + EACH(0x80 - 'A')) & ~(eight + EACH(0x7F - 'Z')) & EACH(0x80)) >> 2;     /* 80 where it is a capital; 20 is the difference */
        memcpy(text + at, &eight, sizeof eight);
    }
    for (; at < len; at++)
        text[at] = (char)(text[at] + 0x20 * (text[at] >= 'A' && text[at] <= 'Z'));
}

/* first, first + 1 ... */
static void
put_numbers(uint32_t *out, size_t count, uint32_t first)
{
    four_numbers four = {first, first + 1, first + 2, first + 3};
    size_t i = 0;

    for (; i + 4 <= count; i += 4, four += 4)
        memcpy(out + i, &four, sizeof four);
    for (; i < count; i++)
        out[i] = first + (uint32_t)i;
}

static bool
is_plain(const struct work *work, size_t at)
{
    return at < work->len && work->text[at] > ' ' && work->text[at] < 0x7F;
}

/* Where a stretch of ASCII ends that has one blank or line end between words and no marks of quoting: its letters fold one by one, as
 * all that combines with one of them is an accent. */
static size_t
plain_end(const struct work *work)
{
    const char *text = work->text;
    size_t end = work->at;

    if (!is_plain(work, end) || text[end] == '-' || text[end] == '~' || (text[end] == '>' && end == 0))
        return end;
    do {
        end = past_words(text, work->len, end);
        while (is_plain(work, end))
            end++;
    } while (is_plain(work, end + 1) && (text[end] == ' ' || (text[end] == '\n' && text[end + 1] != '>')) && ++end);
    return end;
}

static void
put_plain(struct work *work, size_t end)
{
    size_t start = work->at, count = end - start, from = work->out->len;
    char *out, *line_end;

    str_addn(work->out, work->text + start, count);
    line_end = out = work->out->s + from;
    while ((line_end = memchr(line_end, '\n', (size_t)(out + count - line_end))) != NULL) {
        *line_end = ' ';
        work->depth = 0;
    }
    lower_ascii(out, count);
    if (work->origins != NULL) {
        make_room(work, 0);     /* they are put already */
        put_numbers(work->origins + from, count, (uint32_t)start);
    }
    work->last = (uint8_t)out[count - 1];
    work->at = end;
}

/* ---- Japanese and Chinese ---- */

/* A kana or kanji at a place, folded: as three bytes become three. 0: something else stands there. */
static uint32_t
east_letter(const struct work *work, size_t at)
{
    const uint8_t *s = (const uint8_t *)work->text + at;
    uint32_t letter;

    if (at + 3 > work->len || s[0] < 0xE3 || s[0] > 0xE9)
        return 0;
    letter = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
    if (letter >= 0x4E00)
        return without_variant(letter);
    if (letter >= 0x3041 && letter <= 0x3096)
        return letter + 0x60;
    return letter >= 0x30A1 && letter <= 0x30FA ? letter : 0;
}

/* A stretch of them but for the last, as a mark may combine with that. False: there is none. */
static bool
put_east(struct work *work)
{
    uint8_t bytes[3 * EAST_LETTERS];
    uint32_t letter = east_letter(work, work->at), next;
    size_t start = work->at, len = 0;

    for (; len < sizeof bytes && letter != 0 && (next = east_letter(work, start + len + 3)) != 0; letter = next, len += 3) {
        bytes[len] = (uint8_t)(0xE0 | letter >> 12);
        bytes[len + 1] = (uint8_t)(0x80 | (letter >> 6 & 0x3F));
        bytes[len + 2] = (uint8_t)(0x80 | (letter & 0x3F));
        work->last = letter;
    }
    if (work->origins != NULL && len > 0) {
        make_room(work, len);
        for (size_t i = 0; i < len; i++)
            work->origins[work->out->len + i] = (uint32_t)(start + i - i % 3);
    }
    str_addn(work->out, bytes, len);
    work->at += len;
    return len > 0;
}

/* ---- one after another ---- */

static void
put_next(struct work *work)
{
    size_t next = work->at, after, end = plain_end(work);
    uint32_t letter, simple, follower;

    if (end > work->at) {
        put_plain(work, end);
        return;
    }
    if (put_east(work))
        return;
    letter = search_fold_next(work->text, work->len, &next);
    if (is_blank(letter) || (letter == '>' && work->at == 0)) {
        put_blank(work);
        return;
    }
    simple = simple_fold(letter);
    after = next;
    follower = next < work->len ? search_fold_next(work->text, work->len, &after) : ' ';
    if (simple == 0 || !(simple_fold(follower) != 0 || is_blank(follower) ||
                         unorm2_hasBoundaryBefore(normalizers()->folding, (UChar32)follower))) {
        put_piece(work);
        return;
    }
    put(work, simple, work->at);
    work->at = next;
}

struct fold *
search_fold(TALLOC_CTX *ctx, const char *text, size_t len, bool with_origins)
{
    struct fold *fold = mem_new(ctx, struct fold);
    struct work work = {.text = text, .len = len, .out = str_new(fold)};

    must(len < INT32_MAX / 2);
    if (with_origins) {
        work.room = len + 64;
        work.origins = mem_array(work.out, uint32_t, work.room);
    }
    while (work.at < len)
        put_next(&work);
    if (work.last == ' ')
        work.out->s[--work.out->len] = '\0';
    if (with_origins)
        work.origins[work.out->len] = (uint32_t)len;
    fold->text = work.out->s;
    fold->len = work.out->len;
    fold->origins = work.origins;
    return fold;
}

char *
search_fold_text(TALLOC_CTX *ctx, const char *text)
{
    struct fold *fold = search_fold(NULL, text, strlen(text), false);
    char *copy = mem_strndup(ctx, fold->text, fold->len);

    talloc_free(fold);
    return copy;
}
