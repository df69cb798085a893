/* people-private.h - what the parts of policy/people share: people.c reads, people-words.c knows the words */
#ifndef KAIRAN_POLICY_PEOPLE_PRIVATE_H
#define KAIRAN_POLICY_PEOPLE_PRIVATE_H

#include "policy/people.h"

enum column { COLUMN_UNKNOWN, COLUMN_KNOWN_UNUSED, COLUMN_ADDRESS, COLUMN_NAME, COLUMN_FIRST_NAME, COLUMN_LAST_NAME, COLUMN_WISH };

/* `title` in small letters, without blanks, "_", "-" and brackets. False: no column of ours. */
bool people_column(const char *title, enum column *column_r, enum person_wish *wish_r);
/* What a cell's word, in small letters, means in that column. NULL: the word is not known there. */
const char *people_wish_value(enum person_wish wish, const char *word);

#endif
