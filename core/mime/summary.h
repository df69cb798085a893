/* summary.h - what rules, archive and pages want to know of a message
 *
 * Every value is bytes fit for PostgreSQL (clean UTF-8) and within bounds, whatever the message is. Who wrote it is told with
 * the count of From fields and of the addresses in them: more than one is for a person to look at, never "the first wins".
 *
 * Memory: all in ctx. Sources: RFC 5322 3.6, 4.3; RFC 2919, 2369, 3834; reliability-security B.4 on parsers that disagree. */
#ifndef KAIRAN_MIME_SUMMARY_H
#define KAIRAN_MIME_SUMMARY_H

#include "mime/address.h"
#include "mime/part.h"

enum { SUMMARY_REFERENCES_MAX = 200, SUMMARY_TEXT_MAX = 1 << 20, SUMMARY_ID_MAX = 990 };

struct summary {
    const char *message_id;             /* without <>; NULL when missing or no message id */
    size_t message_id_fields;
    const char *subject;                /* decoded; "" when there is none to see */
    size_t from_fields;
    const struct address_list *from;    /* of all From fields together; never NULL, like those below */
    const struct address_list *sender, *reply_to, *to, *cc;     /* likewise */
    const struct address *author;       /* the one readable address in the one From field, or NULL */
    int64_t date_us;                    /* 0 when missing or not between 1970 and 2100 */
    const char *in_reply_to;            /* without <>, or NULL */
    const char **references;            /* without <>, oldest first; of more than 200 the last */
    size_t reference_count;
    const char *thread_index;           /* Outlook's Thread-Index as it stands there, or NULL */
    const char *list_id;                /* what stands in <>, small letters; NULL when none */
    const char *list_post;              /* unfolded, or NULL */
    const char *precedence;             /* small letters, or NULL */
    const char *auto_submitted;         /* its first word, small letters, or NULL */
    const char *content_type;           /* of the root */
    size_t size;                        /* of the raw message */
    size_t attachment_count;
    const char *text;                   /* message_text(), its first MiB */
};

struct summary *summary_read(TALLOC_CTX *ctx, const struct message *message);

/* RFC 5322 date-time with the obsolete zones and years, and what mailers make of it. 0 when it is no date in 1970..2100. */
int64_t summary_date(const char *text);
/* The first message id in a value, without <>; NULL when there is none. */
char *summary_message_id(TALLOC_CTX *ctx, const char *value);
/* Every From address together (fields in their order), to count and to compare. */
struct address_list *summary_addresses(TALLOC_CTX *ctx, const struct header *header, const char *name);

#endif
