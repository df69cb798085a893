/* subscribe.c - forms that make us write to whatever address is typed */
#include <string.h>

#include "delivery/token.h"
#include "policy/budget.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "web/common.h"
#include "web/subscribe.h"

enum { FORM_HOURS = 12, WORK_BITS = 16 };

#define ALL_LISTS INT64_C(0xffffffff)        /* in the place of a list's id */

struct list *
subscribe_list(const struct request *request)
{
    const struct list_seen *seen = request->list;
    struct list *list = mem_new((TALLOC_CTX *)seen, struct list);

    *list = (struct list){.id = seen->id, .domain_id = seen->domain_id, .name = seen->name, .domain = seen->domain,
                          .address = seen->address, .web_host = seen->web_host};
    return list;
}

enum status
subscribe_desk(struct request *request, struct subscription_desk **desk_r)
{
    struct subscription_desk *desk = mem_new(request, struct subscription_desk);
    struct token_keys *keys;
    enum status status = token_keys_load(request->web->db, request, &keys);

    *desk = (struct subscription_desk){.db = request->web->db, .i18n = request->web->i18n, .conf = request->web->conf,
                                       .leave_token = token_leave, .keys = keys};
    *desk_r = desk;
    return status;
}

/* A form is for one list, or for all of them. */
static int64_t
stamp_of(const struct request *request)
{
    return request->list != NULL ? request->list->id : ALL_LISTS;
}

enum status
subscribe_show_form(struct request *request)
{
    struct token_keys *keys;
    enum status status = token_keys_load(request->web->db, request, &keys);

    if (status == STATUS_OK)
        out_text(request->page, "stamp", token_make(request, keys, &(struct token){
            .kind = TOKEN_FORM, .first = clock_now_us() / US_PER_S, .second = stamp_of(request)}));
    return status;
}

/* ---- judging ---- */

static enum status
read_stamp(struct request *request, bool *good_r)
{
    struct token_keys *keys;
    struct token stamp;
    int64_t age_s;
    enum status status = token_keys_load(request->web->db, request, &keys);

    if (status != STATUS_OK)
        return status;
    *good_r = token_read(keys, TOKEN_FORM, request_text(request, "stamp"), &stamp) && stamp.second == stamp_of(request);
    if (*good_r) {
        age_s = clock_now_us() / US_PER_S - stamp.first;
        *good_r = age_s >= request->web->conf->limits_form_least_s && age_s <= FORM_HOURS * 3600;
    }
    return STATUS_OK;
}

static const char *
puzzle(struct request *request, const char *key)
{
    return mem_printf(request, "%s:%s:", request_text(request, "stamp"), key);
}

/* The puzzle with the browser's number behind it hashes to so many zero bits. */
static bool
work_is_done(struct request *request, const char *key)
{
    const char *work = request_text(request, "work");
    uint8_t digest[SHA256_LEN];
    unsigned bits = 0;

    if (str_is_empty(work))
        return false;
    sha256(blob_of(mem_printf(request, "%s%s", puzzle(request, key), work)), digest);
    while (bits < WORK_BITS && (digest[bits / 8] & (0x80 >> bits % 8)) == 0)
        bits++;
    return bits == WORK_BITS;
}

static void
show_work(struct request *request, const char *key)
{
    request->template = "work";
    request->response->http = 429;
    out_text(request->page, "puzzle", puzzle(request, key));
    out_int(request->page, "bits", WORK_BITS);
    out_text(request->page, "stamp", request_text(request, "stamp"));
    out_text(request->page, "action", request->path);
}

static void
show_again(struct request *request)
{
    struct fault fault = {0};

    fault_set(&fault, STATUS_INVALID, "stamp", N_("Please press the button once more. The form was open for very long, or came back faster than people are."));
    form_refuse(request, &fault);
}

enum status
subscribe_check_form(struct request *request, const char *key, enum form_answer *answer_r)
{
    const struct conf *conf = request->web->conf;
    struct budget_limits limits = {.net_work = conf->limits_net_work, .site_work = conf->limits_site_work};
    bool good = false, wants_work = false;
    enum status status;

    *answer_r = FORM_TRAP;
    if (request_has(request, "website") && *request_text(request, "website") != '\0')
        return STATUS_OK;
    *answer_r = FORM_AGAIN;
    status = read_stamp(request, &good);
    if (status != STATUS_OK || !good) {
        show_again(request);
        return status == STATUS_OK ? subscribe_show_form(request) : status;
    }
    *answer_r = FORM_GOOD;
    status = budget_wants_work(request->web->db, request, &limits, budget_net(request, request->raw.remote_address), &wants_work);
    if (status == STATUS_OK && wants_work && !work_is_done(request, key)) {
        *answer_r = FORM_WORK;
        show_work(request, key);
    }
    return status;
}

enum status
subscribe_refuse(struct request *request, struct fault *fault, const char *field, const char *sentence)
{
    fault_set(fault, STATUS_INVALID, field, sentence);
    form_refuse(request, fault);
    return subscribe_show_form(request);
}
