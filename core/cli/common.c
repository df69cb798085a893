/* common.c - what several commands ask for */
#include <string.h>

#include "cli/common.h"
#include "store/statements.h"

enum status
call_list(struct call *call, const char *text, struct list **list_r)
{
    struct row_list_named *named;
    size_t count;
    enum status status;

    if (strchr(text, '@') != NULL)
        return list_find(call->db, call->ctx, text, list_r, &call->fault);
    status = q_list_named(call->db, call->ctx, str_lower(call->ctx, text), &named, &count);
    if (status != STATUS_OK)
        return status;
    if (count == 0)
        return fault_setf(&call->fault, call->ctx, STATUS_NOT_FOUND, "LIST", "There is no list %s.", text);
    if (count > 1)
        return fault_setf(&call->fault, call->ctx, STATUS_CONFLICT, "LIST", "Several lists are called %s, such as %s and %s; name one "
                          "with its domain.", text, named[0].address, named[1].address);
    return list_find(call->db, call->ctx, named[0].address, list_r, &call->fault);
}

enum status
call_number(struct call *call, const char *name, const char *text, int64_t most, int64_t *number_r)
{
    if (str_to_int(text, 1, most, number_r))
        return STATUS_OK;
    return fault_setf(&call->fault, call->ctx, STATUS_INVALID, name, "%s: \"%s\" is not a whole number from 1 to %lld.", name, text,
                      (long long)most);
}
