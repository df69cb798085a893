/* tally.h - what others expect, counted, and the table of where we do otherwise
 *
 * A miss that is no row of the table is a failure, and so is a row of it that passes. */
#ifndef KAIRAN_TESTS_MIME_TALLY_H
#define KAIRAN_TESTS_MIME_TALLY_H

#include "util/str.h"

struct tally {
    const char *suite;
    size_t passed, known, missed;
};

/* Reads tests/unit/mime/NAME: rows of suite, key, reason; ends the process where it cannot. */
void tally_open(const char *name);
void judge(struct tally *tally, TALLOC_CTX *ctx, const char *key, const char *got, const char *wanted);
/* Prints the numbers; fails the test when something was missed, or nothing passed. */
void tell(const struct tally *tally);

#endif
