/* child.c - one process that answers requests until it is told to stop */
#include <signal.h>
#include <stdlib.h>

#include "util/clock.h"
#include "util/killpoint.h"
#include "util/log.h"
#include "util/sandbox.h"
#include "util/tally.h"
#include "web/child.h"
#include "web/fcgi.h"
#include "web/serve.h"

static struct child_slot *the_slot;         /* for the callback of fcgi_accept */
static volatile sig_atomic_t is_stopping;

static void
on_stop(int number)
{
    (void)number;
    is_stopping = 1;
}

static void
request_began(void)
{
    the_slot->request_began_ms = clock_monotonic_ms();
    tally_busy(the_slot->number, "");
}

static struct raw_request
raw_of(struct fcgi *fcgi)
{
    return (struct raw_request){
        .method = fcgi_param(fcgi, "REQUEST_METHOD"), .uri = fcgi_param(fcgi, "REQUEST_URI"),
        .content_type = fcgi_param(fcgi, "CONTENT_TYPE"), .content_length = fcgi_param(fcgi, "CONTENT_LENGTH"),
        .host = fcgi_param(fcgi, "HTTP_HOST"), .cookies = fcgi_param(fcgi, "HTTP_COOKIE"),
        .accept_language = fcgi_param(fcgi, "HTTP_ACCEPT_LANGUAGE"), .user_agent = fcgi_param(fcgi, "HTTP_USER_AGENT"),
        .origin = fcgi_param(fcgi, "HTTP_ORIGIN"), .fetch_site = fcgi_param(fcgi, "HTTP_SEC_FETCH_SITE"),
        .if_none_match = fcgi_param(fcgi, "HTTP_IF_NONE_MATCH"),
        .if_modified_since = fcgi_param(fcgi, "HTTP_IF_MODIFIED_SINCE"), .remote_address = fcgi_param(fcgi, "REMOTE_ADDR"),
        .read = fcgi_read, .state = fcgi};
}

/* Each piece is sent before the next one is made; it counts as the beginning of a request, so that a long table is not stopped as
 * one that hangs. False: the answer stays cut short, and nobody may take it for whole. */
static bool
answer_more(struct fcgi *fcgi, const struct response *response)
{
    bool end = response->more == NULL || response->is_broken, is_good = true;

    while (!end && is_good) {
        struct str *piece = str_new(NULL);
        enum status status = response->more(response->state, piece, &end);

        if (status != STATUS_OK)
            log_event(EVENT_ANSWER_MORE, "status", "%s", status_row(status)->name);
        is_good = fcgi_write(fcgi, piece->s, piece->len) && status == STATUS_OK;
        talloc_free(piece);
        request_began();
    }
    return is_good;
}

static void
count_request(const struct response *response, int64_t took_ms)
{
    static const char *const classes[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};
    int class = response->http / 100;

    tally_add(METRIC_OF_WEB_REQUESTS, classes[class < 1 || class > 5 ? 4 : class - 1], 1);
    tally_add(METRIC_OF_WEB_SECONDS, NULL, took_ms * 1000);
}

static void
answer(struct web *web, struct fcgi *fcgi)
{
    TALLOC_CTX *ctx = talloc_new(web);
    struct raw_request raw = raw_of(fcgi);
    const struct response *response;
    int64_t began_ms = clock_monotonic_ms();
    struct str *text = web_answer(ctx, web, &raw, &response);

    killpoint("web_answer");
    if (fcgi_write(fcgi, text->s, text->len) && !answer_more(fcgi, response))
        fcgi_break(fcgi);
    else
        fcgi_finish(fcgi);
    count_request(response, clock_monotonic_ms() - began_ms);
    talloc_free(ctx);
}

int
child_run(struct web *web, int listening, struct child_slot *slot, bool sandbox)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct sigaction stop = {.sa_handler = on_stop};
    struct fcgi *fcgi;
    sigset_t open;
    enum fcgi_event event = FCGI_NOTHING;

    the_slot = slot;
    sigaction(SIGTERM, &stop, NULL);
    sigemptyset(&open);
    web->db = db_open(ctx, web->conf->database_web, "kairan-web");
    fcgi = fcgi_new(ctx, listening);
    sandbox_limit_memory(web->conf);
    if (sandbox)
        sandbox_enter(SANDBOX_WEB, db_is_by_network(web->conf->database_web));
    for (int answered = 0; answered < CHILD_REQUESTS && !is_stopping && event != FCGI_LOST;) {
        event = fcgi_accept(fcgi, &open, request_began);
        if (event == FCGI_REQUEST) {
            answer(web, fcgi);
            answered++;
        }
        slot->request_began_ms = 0;
        tally_busy(slot->number, NULL);
    }
    talloc_free(ctx);
    return event == FCGI_LOST ? 74 : 0;
}
