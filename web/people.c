/* people.c - links and codes that prove something about an account */
#include "util/clock.h"
#include "util/crypto.h"
#include "web/common.h"
#include "web/limit.h"
#include "web/people.h"

enum { CODE_S = 15 * 60, CODES_AN_HOUR = 5, HOUR_S = 3600 };

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
    return link_code(request, row->id, code_r);
}

enum status
people_code_send(struct request *request, const char *purpose, const char *path)
{
    struct people_link_order order = {.purpose = purpose, .email = request->me.email, .lifetime_s = CODE_S};
    const char *token, *code;
    int64_t id;
    enum status status = limit_take(request, mem_printf(request, "%s-code", purpose),
                                    mem_printf(request, "%lld", (long long)request->me.user_id), CODES_AN_HOUR, HOUR_S);

    if (status == STATUS_OK)
        status = db_begin(request->web->db);
    if (status == STATUS_OK)
        status = people_link_make(request, &order, &token, &code, &id);
    if (status == STATUS_OK)
        status = mail_send(request, NOTICE_code, request->me.email, (const char *const[NOTICE_ARGS]){request->web->conf->site_name, code});
    if (status == STATUS_OK)
        status = db_commit(request->web->db);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%s?id=%lld", path, (long long)id));
    return status;
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
