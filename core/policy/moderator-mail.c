/* moderator-mail.c - the gathered mails to moderators: what waits, and what has waited for a day */
#include "policy/change.h"
#include "policy/moderator.h"
#include "policy/notice.h"
#include "policy/recipient.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"
#include "util/when.h"

enum { SHOWN_MOST = 20, LINES_MOST = 50 };
#define DAY_US (INT64_C(86400) * US_PER_S)

/* --- a mail to one moderator --- */

struct letter {
    TALLOC_CTX *ctx;
    struct db *db;
    const struct conf *conf;
    const struct lang *lang;
    const struct i18n *i18n;
    int64_t address_id;
    const char *email, *language;   /* the person's, may be NULL */
    struct list *list;              /* whose part is being written, */
    struct settings *settings;
    struct list *first;             /* and the first one: the mail comes from there */
    const char *title;
    bool has_many_lists;
    struct str *text;
    int64_t items[SHOWN_MOST];
    size_t count, left;             /* posts: shown, and only counted */
    struct str *lines;              /* requests alone, for the mail that has nothing else */
    size_t requests;
    const char *request_kind, *asker;       /* of the first one */
};

static char *
site_of(const struct letter *letter)
{
    return conf_url_of(letter->ctx, letter->conf->site_url, letter->list->web_host);
}

/* The heading of a list's part. The first list decides the language of a person who chose none. */
static enum status
begin_list(struct letter *letter, int64_t list_id)
{
    const struct lang *ignored;
    enum status status = list_by_id(letter->db, letter->ctx, list_id, &letter->list);

    if (status == STATUS_OK)
        status = settings_load(letter->db, letter->ctx, list_id, &letter->settings);
    if (status != STATUS_OK)
        return status;
    if (letter->first == NULL) {
        letter->first = letter->list;
        letter->title = letter->settings->display_name;
        notice_languages(letter->i18n, letter->language, language_code(letter->settings->preferred_language), &letter->lang, &ignored);
    } else {
        letter->has_many_lists = true;
    }
    str_addf(letter->text, "%s%s\n", letter->text->len > 0 ? "\n\n" : "",
             tr_fill(letter->ctx, tr(letter->lang, N_("%1 (%2)")), letter->settings->display_name, letter->list->address, NULL));
    return STATUS_OK;
}

/* The link that needs no sign-in. */
static enum status
add_held_link(struct letter *letter, int64_t member_id, int epoch)
{
    const char *token;
    enum status status = moderator_link_make(letter->db, letter->ctx, member_id, epoch, &token);

    if (status == STATUS_OK)
        str_addf(letter->text, "%s/m/%s\n", site_of(letter), token);
    return status;
}

static char *
requests_url(const struct letter *letter)
{
    return mem_printf(letter->ctx, "%s/lists/%s/requests", site_of(letter), letter->list->slug);
}

/* From the first list's owner address; the reply address is there when there is something to answer. */
static enum status
send(struct letter *letter, enum notice_kind kind, const char *const args[NOTICE_ARGS], const char *reply_detail)
{
    struct list *list = letter->first;
    struct notice notice = {
        .kind = kind, .lang = letter->lang, .domain_id = list->domain_id, .domain = list->domain, .list_id = list->id,
        .list_name = list->name, .from_display = letter->has_many_lists ? letter->conf->site_name : letter->title,
        .to = letter->email, .is_gathered = true, .is_of_site = letter->has_many_lists,
        .base_url = conf_url_of(letter->ctx, letter->conf->site_url, list->web_host)};
    enum status status;

    for (size_t i = 0; i < NOTICE_ARGS; i++)
        notice.args[i] = args[i] != NULL ? str_trim(letter->ctx, args[i]) : NULL;
    notice.args[0] = notice.from_display;
    if (reply_detail != NULL)
        notice.reply_to = recipient_reply_address(letter->ctx, list->name, list->domain, reply_detail);
    status = notice_add(letter->db, &notice);
    return status == STATUS_INVALID ? STATUS_OK : status;       /* an address that we could not write to holds nobody else up */
}

/* "3. Subject", who, why, and the first lines; numbers go through all lists, as answers name them. */
static void
add_item(struct letter *letter, const struct row_moderator_todo_take *row)
{
    const struct lang *lang = letter->lang;

    letter->items[letter->count++] = row->held_id;
    str_addf(letter->text, "\n%zu. %s\n", letter->count,
             str_is_empty(row->subject) ? tr(lang, N_("(no subject)")) : utf8_cut(letter->ctx, row->subject, 120));
    str_addf(letter->text, str_is_empty(row->from_name) ? "%s%s\n" : "%s <%s>\n", row->from_name, row->from_address);
    if (str_eq(row->authentication, "fail"))
        str_addf(letter->text, "%s\n", tr(lang, N_("The sender may be forged (DMARC fail).")));
    for (size_t i = 0; i < row->reasons.count; i++)
        str_addf(letter->text, "%s\n", tr(lang, row->reasons.items[i]));
    if (!str_is_empty(row->excerpt))
        str_addf(letter->text, "> %s\n", row->excerpt);
}

static char *
and_more(const struct letter *letter, size_t n)
{
    return tr_fill(letter->ctx, trn(letter->lang, "And %1 more.", "And %1 more.", (int64_t)n), mem_printf(letter->ctx, "%zu", n), NULL, NULL);
}

static enum status
add_posts(struct letter *letter, const struct row_moderator_todo_take *rows, size_t count)
{
    size_t before = letter->left;
    enum status status = count == 0 ? STATUS_OK : add_held_link(letter, rows[0].member_id, (int)rows[0].epoch);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (letter->count < SHOWN_MOST)
            add_item(letter, &rows[i]);
        else
            letter->left++;
    }
    if (status == STATUS_OK && letter->left > before)
        str_addf(letter->text, "\n%s\n", and_more(letter, letter->left - before));
    return status;
}

/* "hana@example.jp asks to join." */
static char *
request_line(const struct letter *letter, const char *kind, const char *email)
{
    const char *text = str_eq(kind, "join") ? N_("%1 asks to join.") : str_eq(kind, "leave") ? N_("%1 asks to leave.")
        : N_("A member asks to be reached at %1.");

    return tr_fill(letter->ctx, tr(letter->lang, text), email, NULL, NULL);
}

static void
add_requests(struct letter *letter, const struct row_moderator_todo_take_requests *rows, size_t count)
{
    struct str *lines = letter->lines;
    size_t begin = lines->len;

    if (count == 0)
        return;
    if (letter->requests == 0) {
        letter->request_kind = rows[0].kind;
        letter->asker = rows[0].email;
    }
    for (size_t i = 0; i < count && i < LINES_MOST; i++)
        str_addf(lines, "%s%s", i > 0 ? "\n" : "", request_line(letter, rows[i].kind, rows[i].email));
    if (count > LINES_MOST)
        str_addf(lines, "\n%s", and_more(letter, count - LINES_MOST));
    letter->requests += count;
    str_addf(letter->text, "\n%s\n%s\n", lines->s + begin, requests_url(letter));
}

/* The parts of all lists, in the order of their ids. */
static enum status
gather(struct letter *letter)
{
    struct row_moderator_todo_take *posts;
    struct row_moderator_todo_take_requests *requests;
    size_t post_count, request_count, post = 0, request = 0;
    enum status status = q_moderator_todo_take(letter->db, letter->ctx, letter->address_id, &posts, &post_count);

    if (status == STATUS_OK)
        status = q_moderator_todo_take_requests(letter->db, letter->ctx, letter->address_id, &requests, &request_count);
    while (status == STATUS_OK && (post < post_count || request < request_count)) {
        bool is_post = request == request_count || (post < post_count && posts[post].list_id <= requests[request].list_id);
        int64_t list_id = is_post ? posts[post].list_id : requests[request].list_id;
        size_t post_end = post, request_end = request;

        while (post_end < post_count && posts[post_end].list_id == list_id)
            post_end++;
        while (request_end < request_count && requests[request_end].list_id == list_id)
            request_end++;
        status = begin_list(letter, list_id);
        if (status == STATUS_OK)
            status = add_posts(letter, posts + post, post_end - post);
        if (status == STATUS_OK)
            add_requests(letter, requests + request, request_end - request);
        post = post_end;
        request = request_end;
    }
    return status;
}

/* Requests alone, on one list: the mails that owners may word for each. */
static enum status
send_requests(struct letter *letter)
{
    enum notice_kind one = str_eq(letter->request_kind, "join") ? NOTICE_join_asked
        : str_eq(letter->request_kind, "leave") ? NOTICE_leave_asked : NOTICE_change_asked;
    bool is_one = letter->requests == 1;

    return send(letter, is_one ? one : NOTICE_requests_waiting, (const char *const[NOTICE_ARGS]){
        NULL, is_one ? letter->asker : letter->lines->s, letter->first->address, requests_url(letter)}, NULL);
}

static enum status
write_notice(struct letter *letter)
{
    const char *reply;
    enum status status = gather(letter);

    if (status != STATUS_OK || letter->first == NULL)
        return status;
    if (letter->count == 0 && !letter->has_many_lists)
        return send_requests(letter);
    if (letter->count == 0)
        return send(letter, NOTICE_things_wait, (const char *const[NOTICE_ARGS]){NULL, letter->text->s}, NULL);
    str_addf(letter->text, "\n%s", tr(letter->lang, N_("You can also answer this mail. Begin with one word: accept, reject or discard. Where several posts wait, name their numbers: \"accept 1 3\", or \"discard all\"; one line for each word.")));
    status = moderator_reply_make(letter->db, letter->ctx, letter->address_id, letter->first->id,
                                  (struct int_array){letter->items, letter->count}, &reply);
    return status != STATUS_OK ? status : send(letter, letter->requests > 0 ? NOTICE_things_wait : NOTICE_held_moderators,
                                               (const char *const[NOTICE_ARGS]){NULL, letter->text->s}, reply);
}

static struct letter
letter_to(struct db *db, TALLOC_CTX *ctx, const struct conf *conf, const struct i18n *i18n, int64_t address_id, const char *email,
          const char *language)
{
    return (struct letter){.ctx = ctx, .db = db, .conf = conf, .i18n = i18n, .address_id = address_id, .email = email,
                           .language = language, .text = str_new(ctx), .lines = str_new(ctx)};
}

enum status
moderator_notify(struct db *db, const struct conf *conf, const struct i18n *i18n, bool *more_r)
{
    int64_t now = clock_now_us(), before = now - conf->moderation_notice_s * US_PER_S;
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_moderator_next *next = NULL;
    struct letter letter;
    struct change change;
    enum status status = change_begin(&change, db);

    *more_r = false;
    if (status == STATUS_OK)
        status = q_moderator_next(db, ctx, now, before, &next);
    if (status == STATUS_OK && next != NULL) {
        letter = letter_to(db, ctx, conf, i18n, next->address_id, next->email, next->language);
        status = write_notice(&letter);
        if (status == STATUS_OK && letter.first == NULL)       /* nothing of it waits any more: the turn was not used */
            status = q_moderator_pace_back(db, next->address_id, before, NULL);
        *more_r = status == STATUS_OK;
    }
    status = change_end(&change, status);
    talloc_free(ctx);
    return status;
}

/* --- reminding --- */

/* Where something has waited for long, on lists that want their moderators reminded: posts, and requests. */
struct overdue { int64_t *posts, *requests; size_t post_count, request_count; };

static enum status
lists_to_remind(struct db *db, TALLOC_CTX *ctx, struct overdue *overdue_r)
{
    struct row_moderator_lists_waiting *old;
    struct settings *settings;
    size_t count = 0;
    enum status status = q_moderator_lists_waiting(db, ctx, clock_now_us() - DAY_US, &old, &count);

    *overdue_r = (struct overdue){mem_array(ctx, int64_t, count + 1), mem_array(ctx, int64_t, count + 1), 0, 0};
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = settings_load(db, ctx, old[i].list_id, &settings);
        if (status == STATUS_OK && settings->admin_daily_summary) {
            if (old[i].has_posts)
                overdue_r->posts[overdue_r->post_count++] = old[i].list_id;
            if (old[i].has_requests)
                overdue_r->requests[overdue_r->request_count++] = old[i].list_id;
        }
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
    }
    return status;
}

/* "2 posts wait, the oldest since 3 May." */
static void
add_sum(struct letter *letter, const char *sentence, int64_t n, int64_t since)
{
    str_addf(letter->text, "%s\n", tr_fill(letter->ctx, sentence, mem_printf(letter->ctx, "%lld", (long long)n),
                                           since != 0 ? when_day(letter->ctx, letter->lang, since) : NULL, NULL));
}

static enum status
sum_up(struct letter *letter, const struct row_moderator_summary *row)
{
    const struct lang *lang;
    enum status status = begin_list(letter, row->list_id);

    lang = letter->lang;
    if (status == STATUS_OK && row->held + row->aside > 0)
        status = add_held_link(letter, row->member_id, (int)row->epoch);
    if (status != STATUS_OK)
        return status;
    if (row->held > 0)
        add_sum(letter, trn(lang, "%1 post waits, the oldest since %2.", "%1 posts wait, the oldest since %2.", row->held), row->held,
                row->held_since);
    if (row->aside > 0)
        add_sum(letter, trn(lang, "%1 mail could not be processed and was set aside.", "%1 mails could not be processed and were set aside.",
                            row->aside), row->aside, 0);
    if (row->requests > 0) {
        str_addf(letter->text, "%s%s\n", row->held + row->aside > 0 ? "\n" : "", requests_url(letter));
        add_sum(letter, trn(lang, "%1 request waits, the oldest since %2.", "%1 requests wait, the oldest since %2.", row->requests),
                row->requests, row->requests_since);
    }
    return STATUS_OK;
}

static enum status
write_summary(struct letter *letter, const struct overdue *overdue)
{
    struct row_moderator_summary *rows;
    size_t count;
    enum status status = q_moderator_summary(letter->db, letter->ctx, letter->address_id,
                                             (struct int_array){overdue->posts, overdue->post_count},
                                             (struct int_array){overdue->requests, overdue->request_count}, &rows, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (rows[i].held + rows[i].aside + rows[i].requests > 0)
            status = sum_up(letter, &rows[i]);
    return status != STATUS_OK || letter->first == NULL ? status
        : send(letter, NOTICE_held_summary, (const char *const[NOTICE_ARGS]){NULL, letter->text->s}, NULL);
}

static enum status
remind_one(struct db *db, const struct conf *conf, const struct i18n *i18n, const struct overdue *overdue, bool *more_r)
{
    int64_t now = clock_now_us();
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_moderator_reminded *next = NULL;
    struct letter letter;
    struct change change;
    enum status status = change_begin(&change, db);

    *more_r = false;
    if (status == STATUS_OK)
        status = q_moderator_reminded(db, ctx, now, now - DAY_US, (struct int_array){overdue->posts, overdue->post_count},
                                      (struct int_array){overdue->requests, overdue->request_count}, &next);
    if (status == STATUS_OK && next != NULL) {
        letter = letter_to(db, ctx, conf, i18n, next->address_id, next->email, next->language);
        status = write_summary(&letter, overdue);
        *more_r = status == STATUS_OK;
    }
    status = change_end(&change, status);
    talloc_free(ctx);
    return status;
}

enum status
moderator_remind(struct db *db, const struct conf *conf, const struct i18n *i18n)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct overdue overdue;
    bool more = true;
    enum status status = lists_to_remind(db, ctx, &overdue);

    while (status == STATUS_OK && overdue.post_count + overdue.request_count > 0 && more)
        status = remind_one(db, conf, i18n, &overdue, &more);
    talloc_free(ctx);
    return status;
}
