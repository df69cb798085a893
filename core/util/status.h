/* status.h - how a piece of work ended, the same for web, mail and command line
 *
 * A function that a person's input or the world can make fail returns enum status and, where a person is to be told
 * more, fills a struct fault. Our own bugs do not travel: must() stops the process. */
#ifndef KAIRAN_UTIL_STATUS_H
#define KAIRAN_UTIL_STATUS_H

#include "util/mem.h"

#define STATUS(name, http, smtp, enhanced, exit_code, sentence) STATUS_##name,
#ifndef N_
#define N_(text) text
#endif
enum status {
#include "util/status.def"
    STATUS_COUNT
};
#undef STATUS

/* What a person is told. `field` names the form field or option at fault, or is NULL; `sentence` is not yet
 * translated (N_()) unless it was made with fault_setf(), which takes a translated format. */
struct fault {
    const char *field;
    const char *sentence;
    const char *hint;
};

struct status_row {
    const char *name;       /* "NOT_FOUND" */
    int http;
    int smtp;
    const char *enhanced;
    int exit_code;
    const char *sentence;   /* English; give it to tr() */
};

const struct status_row *status_row(enum status status);
/* What an exit code may mean: the n-th sentence, from 0; NULL behind the last. */
const char *status_exit_sentence(int exit_code, size_t n);
/* The world failed and the same work may succeed later. */
bool status_is_temporary(enum status status);

/* Fills `fault` (which may be NULL) and returns `status`, so that a refusal is one line. */
enum status fault_set(struct fault *fault, enum status status, const char *field, const char *sentence);
enum status fault_setf(struct fault *fault, TALLOC_CTX *ctx, enum status status, const char *field,
                       const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
