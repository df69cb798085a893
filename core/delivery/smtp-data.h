/* smtp-data.h - a message's bytes on their way into SMTP
 *
 * Bytes come in normal form (DESIGN P4): every line ends in CRLF, no CR or LF stands alone, no NUL, no line is longer than
 * 998 bytes. Whoever hands over anything else is refused before a final dot could make it mail: that is what keeps one
 * message from being taken for two (reference B.4). Dots are stuffed here and nowhere else.
 *
 * Sources: RFC 5321 2.3.8, 4.1.1.4, 4.5.2; RFC 5322 2.1.1; RFC 6152. */
#ifndef KAIRAN_DELIVERY_SMTP_DATA_H
#define KAIRAN_DELIVERY_SMTP_DATA_H

#include "util/io.h"

enum smtp_form {
    SMTP_FORM_OK, SMTP_FORM_BARE_CR, SMTP_FORM_BARE_LF, SMTP_FORM_NUL, SMTP_FORM_LONG_LINE, SMTP_FORM_NO_END,
    SMTP_FORM_8BIT
};
const char *smtp_form_text(enum smtp_form form);    /* for logs and rows */

struct smtp_data_scan {
    enum smtp_form form;    /* the first thing that is wrong, SMTP_FORM_8BIT never */
    bool is_8bit;           /* has a byte over 127: MAIL wants BODY=8BITMIME */
    uint64_t size;          /* for SIZE=: without stuffed dots */
};
/* The parts are one message, one behind the other; a line may go across parts. */
struct smtp_data_scan smtp_data_scan(const struct blob parts[], size_t count);

/* Puts them with dots stuffed, without the final dot. They must have been scanned. */
enum io_result smtp_data_put(struct io *io, const struct blob parts[], size_t count);

#endif
