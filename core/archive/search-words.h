/* search-words.h - what a post is found by: its folded text, and the lexemes of PostgreSQL's index
 *
 * Of a run (Japanese, Chinese, Korean, Thai ...) each pair of neighbouring letters is a lexeme, and the last letter alone, so that a
 * single letter is found as a beginning. Of other scripts each word is one. No positions: a pair or a word says that a post may
 * hold a phrase, and the folded text proves it. Lexemes of text are folded, so a capital at the beginning is a mark of ours:
 *
 *   Sword Fword Eword Tword Nword   word of the subject, author's name, author's address, recipients, names of files
 *   Aname@host A@host               a whole address in what is read, or the author's; and its host
 *   Hattachment Gja Mid L42         has an attachment; language; Message-ID; list
 *   B16.27000                       the time of acceptance, seconds >> 16, at each of the SEARCH_LEVELS: a search begins with the newest
 *
 * What guests may not see is found by nobody who is one: the host of an address is no word of the text (one of other letters than ASCII
 * still is: README names that). It is found with its mark A
 * alone, as the author's address is with E and recipients with T, and those marks are put into a query only for who belongs to
 * the list.
 *
 * The folded text has one line for each search_section. Bounds: of a text the first 300 KB are found; a tsvector holds 1 MB, of which
 * we fill 900,000 bytes; a word is 64 bytes, and what is longer is found by those and proved. is_cut says that one was met.
 * Memory: results live in ctx. */
#ifndef KAIRAN_ARCHIVE_SEARCH_WORDS_H
#define KAIRAN_ARCHIVE_SEARCH_WORDS_H

#include "archive/search-fold.h"

/* Of rows made by an older program: they are to be made again (kairan reindex). */
enum { SEARCH_VERSION = 1, SEARCH_TEXT_MOST = 300 * 1000, SEARCH_WORD_MOST = 64 };

/* Lines of the folded text. TOKENS: marks A, H, G and M with a blank before and behind each. */
enum search_section { SECTION_TOKENS, SECTION_RECIPIENTS, SECTION_ADDRESS, SECTION_NAME, SECTION_SUBJECT, SECTION_FILES, SECTION_TEXT,
                      SECTION_COUNT };

struct search_doc {
    int64_t list_id, at_us;
    const char *message_id;                             /* without <> */
    const char *subject, *name, *address;               /* as the archive shows them: of an anonymous list, the list */
    const char *recipients, *files, *text;              /* as people read them; NULL is none */
    const char *language;                               /* "ja"; NULL: not known */
    bool has_attachment;
};
struct search_words { const char *folded, *words; bool is_cut; };    /* words: one lexeme a line, in the order of their bytes */

void search_words_of(TALLOC_CTX *ctx, const struct search_doc *doc, struct search_words *words_r);

/* The pieces of a folded text: the next run or word at *at or later. False: there is none. */
struct search_piece { enum fold_kind kind; size_t start, end, letters; };
bool search_piece_next(const char *text, size_t len, size_t *at, struct search_piece *piece_r);
/* The length of the first `letters` letters at s. */
size_t search_letters(const char *s, size_t len, size_t letters);

/* An address in a folded text: the next at *at or later; `start` to `at_sign` is its name (may be empty), to `end` its host. */
struct search_address { size_t start, at_sign, end; };
bool search_address_next(const char *text, size_t len, size_t *at, struct search_address *address_r);

/* The levels of marks B: seconds >> level, finest first; ended by 0. */
extern const int SEARCH_LEVELS[];

#endif
