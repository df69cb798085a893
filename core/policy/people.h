/* people.h - people as operators and owners write them down: lines, pasted recipients, tables from a spreadsheet
 *
 * One person a line ("hana@example.jp", "Hana <hana@example.jp>"), several on a line as mail programs paste them, or a table whose
 * first row names its columns in English or Japanese. A table without such a row is read by what its cells look like. Bytes may be
 * UTF-8 with or without a mark, UTF-16, CP932 or another Japanese charset. Nothing is refused as a whole: each line that cannot be
 * used is a row with its number and a reason.
 *
 * Bounds: PEOPLE_MAX rows; linear. Memory: everything lives in ctx. Sources: RFC 4180; columns of Mailman's and of Japanese exports. */
#ifndef KAIRAN_POLICY_PEOPLE_H
#define KAIRAN_POLICY_PEOPLE_H

#include "util/status.h"

enum { PEOPLE_MAX = 300000 };

enum person_outcome { PERSON_ADDED, PERSON_INVALID, PERSON_BANNED, PERSON_MEMBER, PERSON_REPEATED, PERSON_OWN, PERSON_REMOVED,
                      PERSON_ABSENT, PERSON_INVITED, PERSON_LAST_OWNER, PERSON_OUTCOMES };

/* What a table may say about a membership; the columns of table member have these names. */
enum person_wish { WISH_DELIVERY_STATUS, WISH_DELIVERY_MODE, WISH_LANGUAGE, WISH_MODERATION, WISH_HIDE_ADDRESS, WISH_ACKNOWLEDGE,
                   WISH_OWN_POSTINGS, WISH_LIST_COPY, WISH_COUNT };

struct person {
    const char *text;                   /* as written, one line */
    size_t line;                        /* its number, from 1 */
    const char *name, *email, *key;     /* key is NULL when it cannot be used: `reason` says why */
    const char *wishes[WISH_COUNT];     /* "" where nothing was said; "true" and "false" for yes and no */
    const char *reason;                 /* N_() text; %1 in it is `cell` */
    const char *cell;
    enum person_outcome outcome;
};

struct people {
    struct person *rows;
    size_t count;
    const char *charset;                /* what the bytes were taken for */
    bool is_table;                      /* the first row named columns */
    const char **unused;                /* columns that we do not know */
    size_t unused_count;
    bool is_cut;                        /* there are more than PEOPLE_MAX */
};

/* `charset` NULL or "": found out; `language` ("ja") decides between charsets that the bytes do not tell apart. */
struct people *people_read(TALLOC_CTX *ctx, struct blob bytes, const char *charset, const char *language);
/* The same for text that is UTF-8 already. */
struct person *person_read(TALLOC_CTX *ctx, const char *text, size_t *count_r);
/* The bytes as text, as people_read takes them; charset_r says which charset that was. */
char *people_text(TALLOC_CTX *ctx, struct blob bytes, const char *charset, const char *language, const char **charset_r);

const char *person_wish_name(enum person_wish wish);        /* "delivery_status" */
const char *person_outcome_word(enum person_outcome outcome);       /* "added", for JSON */
const char *person_outcome_sentence(enum person_outcome outcome);   /* for people; give it to tr() */
enum person_outcome person_outcome_of(const char *word);

#endif
