/* params.h - a field's value and its parameters: text/plain; charset=utf-8; name*0*=...
 *
 * Reading never fails. Of one parameter written several ways the order is RFC 2231's: name*=, name*0..., name=; a charset that
 * does not fit its bytes loses to a plain value beside it. Values are clean UTF-8 on one line (word.h), for showing and for
 * finding a boundary; compose_params() writes them.
 *
 * Bounds: linear in the value; 200 parameters a field. Sources: RFC 2045 5.1, RFC 2231; CVE-2026-27859. */
#ifndef KAIRAN_MIME_PARAMS_H
#define KAIRAN_MIME_PARAMS_H

#include "util/mem.h"

enum { PARAMS_MAX = 200 };

struct param {
    const char *name;       /* lower-case */
    const char *value;      /* decoded by RFC 2231, else RFC 2047 as many mailers write it */
};
struct params {
    const char *value;      /* what stands before the first semicolon, comments removed, as it is written */
    struct param *rows;
    size_t count;
    bool cut;               /* more than PARAMS_MAX */
};
struct params *params_parse(TALLOC_CTX *ctx, struct blob value);
const char *params_get(const struct params *params, const char *name);      /* NULL when absent */

#endif
