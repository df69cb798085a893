/* people.c - links and codes that prove something about an account */
#include "util/clock.h"
#include "util/crypto.h"
#include "web/common.h"
#include "web/people.h"

enum status
people_link_make(struct request *request, const struct people_link_order *order, const char **token_r, const char **code_r,
                 int64_t *id_r)
{
    int64_t now = clock_now_us();
    struct row_people_link_add *row;
    enum status status;

    *token_r = random_token(request);
    status = q_people_link_add(request->web->db, request, secret_hash(request, *token_r), order->purpose, order->email,
                               request->me.user_id, order->detail, now, now + order->lifetime_s * US_PER_S, &row);
    if (status != STATUS_OK)
        return status;
    if (id_r != NULL)
        *id_r = row->id;
    if (code_r == NULL)
        return STATUS_OK;
    *code_r = random_code(request);
    return q_web_link_code(request->web->db, row->id,
                           secret_hash(request, mem_printf(request, "%lld:%s", (long long)row->id, *code_r)), NULL);
}

enum status
people_link_find(struct request *request, const char *purpose, struct row_people_link **link_r)
{
    enum status status = q_people_link(request->web->db, request,
                                       secret_hash(request, str_lower(request, request_param(request, "token"))), link_r);

    return status == STATUS_OK && (*link_r == NULL || !str_eq((*link_r)->purpose, purpose)) ? STATUS_NOT_FOUND : status;
}

enum status
people_code_fits(struct request *request, int64_t id, const char *purpose, const char *typed, bool *fits_r, struct fault *fault)
{
    struct row_people_link_try_code *row;
    struct str *digits = str_new(request);
    struct blob hash;
    enum status status = q_people_link_try_code(request->web->db, request, id, request->me.user_id, purpose, clock_now_us(), &row);

    *fits_r = false;
    if (status != STATUS_OK)
        return status;
    if (row == NULL) {
        fault_set(fault, STATUS_INVALID, "code", N_("This code can no longer be used. Please ask for a new mail, or use the link in it."));
        return STATUS_OK;
    }
    for (const char *s = typed; *s != '\0'; s++)
        if (*s != ' ' && *s != '-')
            str_addc(digits, *s);
    hash = secret_hash(request, mem_printf(request, "%lld:%s", (long long)id, digits->s));
    *fits_r = row->code_hash.len == hash.len && secret_equal(hash.data, row->code_hash.data, hash.len);
    if (!*fits_r)
        fault_set(fault, STATUS_INVALID, "code", N_("This is not the code of the newest mail. Please look again."));
    return STATUS_OK;
}
