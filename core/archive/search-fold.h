/* search-fold.h - two texts that people take for the same become the same
 *
 * Folding is what makes a search find: it is done to the text when it is indexed, to the query when it is asked, and to the text
 * again to mark what was found. In this order:
 *   1. NFKC with case folded (Unicode's NFKC_Casefold): full and half width, ligatures, circled numbers, capitals; what has no
 *      width and no meaning (soft hyphen, variation selector) goes.
 *   2. Accents go: combining marks U+0300-036F after decomposition, so e is found by e with acute and the other way round. Voiced
 *      kana, Thai vowels and the like are letters of their own and stay.
 *   3. Hiragana becomes katakana; old forms of kanji become the present ones (search-variants.def).
 *   4. Dashes of all kinds become "-" and wave dashes "~"; behind katakana both are the long vowel sign.
 *   5. White space in a row becomes one blank, with the marks of quoted lines behind a line end. Between two letters of Japanese or
 *      Chinese a single line end goes altogether (the line was only full), unless the depth of quoting changes there.
 * A fold is one line: it holds no control.
 *
 * This is the door to ICU; its types stand nowhere else. Common letters are folded by tables here and never reach ICU: a unit
 * compares both for every character. Memory: results live in ctx. Bounds: linear; 32 combining marks in a row, more are dropped.
 * Sources: UAX 15, UAX 44 (NFKC_Casefold), peers-and-standards E on Japanese search. */
#ifndef KAIRAN_ARCHIVE_SEARCH_FOLD_H
#define KAIRAN_ARCHIVE_SEARCH_FOLD_H

#include "util/mem.h"

struct fold {
    const char *text;
    size_t len;
    /* Asked for: of each byte of `text`, where in the original its letter begins; one more for the end. */
    const uint32_t *origins;
};

/* `text` is clean UTF-8 of `len` bytes, less than 1 GiB. */
struct fold *search_fold(TALLOC_CTX *ctx, const char *text, size_t len, bool with_origins);
char *search_fold_text(TALLOC_CTX *ctx, const char *text);

/* What a letter of a fold is to a searcher. RUN: of a script without blanks between words, found by any part of a run; WORD: of
 * words that are found whole; SIGN: between words. */
enum fold_kind { FOLD_SIGN, FOLD_WORD, FOLD_RUN };
enum fold_kind search_fold_kind(uint32_t letter);
/* The letter at s[*at], and past it; what is not UTF-8 is U+FFFD. */
uint32_t search_fold_next(const char *s, size_t len, size_t *at);
/* The letter that ends before s[at]; 0 at the beginning. */
uint32_t search_fold_before(const char *s, size_t at);

#endif
