/* status.c - the table behind enum status */
#include <stdarg.h>

#include "util/status.h"

#define STATUS(name, http, smtp, enhanced, exit_code, sentence) {#name, http, smtp, enhanced, exit_code, sentence},
static const struct status_row rows[] = {
#include "util/status.def"
};
#undef STATUS

const struct status_row *
status_row(enum status status)
{
    must((unsigned)status < COUNT_OF(rows));
    return &rows[status];
}

const char *
status_exit_sentence(int exit_code, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].exit_code == exit_code && n-- == 0)
            return rows[i].sentence;
    return NULL;
}

bool
status_is_temporary(enum status status)
{
    return status_row(status)->smtp / 100 == 4 && status != STATUS_BROKEN;
}

enum status
fault_set(struct fault *fault, enum status status, const char *field, const char *sentence)
{
    if (fault != NULL)
        *fault = (struct fault){.field = field, .sentence = sentence};
    return status;
}

enum status
fault_setf(struct fault *fault, TALLOC_CTX *ctx, enum status status, const char *field, const char *format, ...)
{
    va_list args;

    if (fault == NULL)
        return status;
    va_start(args, format);
    *fault = (struct fault){.field = field, .sentence = mem_check(talloc_vasprintf(ctx, format, args))};
    va_end(args);
    return status;
}
