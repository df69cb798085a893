/* page-write.c - writing to a list on a page: an answer to a post, or a new thread
 *
 * The mail is the logged-in person's, from one of their proved addresses, and goes the way of all mail (policy/web-post.h). The page
 * asks the rules beforehand, so that nobody writes in vain. Guests see how to answer by mail. */
#include <string.h>

#include "mime/address.h"
#include "mime/compose-attach.h"
#include "mime/normal.h"
#include "mime/quote.h"
#include "mime/summary.h"
#include "policy/trial.h"
#include "policy/web-post.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/when.h"
#include "web/archive.h"
#include "web/body.h"
#include "web/common.h"
#include "web/limit.h"
#include "web/mailto.h"
#include "web/page.h"

enum { QUOTED_READ = 1 << 20, REFERENCES_SENT = 20, WRITTEN_AN_HOUR = 30, HOUR_S = 3600, FILES_LARGEST = 16 * 1000 * 1000 };

/* What is being written, and by whom. */
struct writing {
    struct request *request;
    const struct row_web_reply_to *to;      /* NULL: a new thread */
    const struct summary *answered;         /* the same as it came */
    const char *answered_text;
    struct settings *settings;
    struct list *list;
    struct row_user_addresses *addresses;
    size_t address_count;
    const char *from;                       /* the chosen one */
    const char *subject, *text, *mark;
    struct mail_file *files;
    size_t file_count;
};

/* ---- who writes, and to what ---- */

/* The address that belongs to the list, else the preferred one, else the first. */
static const char *
usual_address(const struct writing *writing, const char *member)
{
    const char *usual = NULL;

    for (size_t i = 0; i < writing->address_count; i++) {
        const struct row_user_addresses *row = &writing->addresses[i];

        if (row->verified_at == 0)
            continue;
        if (str_eq(row->email, member))
            return row->email;
        if (usual == NULL || row->is_preferred)
            usual = row->email;
    }
    return usual;
}

static enum status
load_writer(struct writing *writing)
{
    struct request *request = writing->request;
    struct row_web_post_member *member;
    int64_t chosen = request->route->method == ROUTE_POST ? request_int(request, "from", 1, INT64_MAX, 0) : 0;
    enum status status = q_user_addresses(request->web->db, request, request->me.user_id, &writing->addresses, &writing->address_count);

    if (status == STATUS_OK)
        status = q_web_post_member(request->web->db, request, request->me.user_id, request->list->id, &member);
    if (status != STATUS_OK)
        return status;
    writing->from = usual_address(writing, member != NULL ? member->email : NULL);
    for (size_t i = 0; i < writing->address_count; i++)
        if (writing->addresses[i].id == chosen && writing->addresses[i].verified_at != 0)
            writing->from = writing->addresses[i].email;
    return writing->from != NULL ? STATUS_OK : STATUS_NOT_ALLOWED;
}

static enum status
load_answered(struct writing *writing)
{
    struct request *request = writing->request;
    struct row_web_reply_to *to;
    struct message *message;
    enum status status = q_web_reply_to(request->web->db, request, request->list->id, request_param(request, "hash"), QUOTED_READ, &to);

    if (status != STATUS_OK || to == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    message = message_parse(request, to->bytes);
    to->subject = archive_words(request, to->subject);
    writing->to = to;
    writing->answered = summary_read(request, message);
    writing->answered_text = message_text(request, message, QUOTE_BYTES_MAX * 2);
    return STATUS_OK;
}

static enum status
load(struct writing *writing, struct request *request, bool is_answer)
{
    enum status status = list_by_id(request->web->db, request, request->list->id, &writing->list);

    writing->request = request;
    if (status == STATUS_OK)
        status = settings_load(request->web->db, request, request->list->id, &writing->settings);
    if (status == STATUS_OK && is_answer)
        status = load_answered(writing);
    if (status == STATUS_OK && request->standing.is_signed_in)
        status = load_writer(writing);
    return status;
}

/* ---- what the form begins with ---- */

static const char *
quotation(const struct writing *writing)
{
    struct request *request = writing->request;
    const char *author = author_name(request, writing->to->from_name, writing->to->from_address, true);
    char *text = mem_strdup(request, archive_words(request, writing->answered_text));
    const char *quoted;

    mask_tokens(text, strlen(text));
    quoted = quote_text(request, text);
    if (*quoted == '\0')
        return "";
    return mem_printf(request, "%s\n%s\n", tr_fill(request, request_tr(request, N_("On %1, %2 wrote:")),
                      when_full(request, request->lang, writing->to->written_at), author, NULL), quoted);
}

static void
begin(struct writing *writing)
{
    writing->subject = writing->to != NULL ? quote_subject(writing->request, writing->to->subject) : "";
    writing->text = writing->to != NULL ? quotation(writing) : "";
    writing->mark = random_token(writing->request);
}

static void
take_typed(struct writing *writing)
{
    struct request *request = writing->request;

    writing->subject = request_text(request, "subject");
    writing->text = request_text(request, "text");
    writing->mark = *request_text(request, "mark") != '\0' ? request_text(request, "mark") : random_token(request);
    writing->files = mem_array(request, struct mail_file, request->input->count + 1);
    for (size_t i = 0; i < request->input->count; i++) {
        const struct form_field *field = &request->input->rows[i];

        if (str_eq(field->name, "file") && field->file.len > 0)
            writing->files[writing->file_count++] = (struct mail_file){field->filename, field->type, field->file};
    }
}

/* ---- the mail ---- */

/* The thread's ids as RFC 5322 3.6.4 wants them; of very many the first and the last. On a list that hides who writes only what we gave. */
static const char *
references_of(const struct writing *writing)
{
    const struct summary *answered = writing->answered;
    struct str *out = str_new(writing->request);
    size_t count = writing->to->anonymous ? 0 : answered->reference_count;

    if (count == 0 && !writing->to->anonymous && answered->in_reply_to != NULL)
        str_addf(out, "<%s> ", answered->in_reply_to);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || i + REFERENCES_SENT > count)
            str_addf(out, "<%s> ", answered->references[i]);
    str_addf(out, "<%s>", writing->to->mid);
    return out->s;
}

static struct blob
compose(const struct writing *writing)
{
    struct request *request = writing->request;
    struct mail_header headers[3] = {{"User-Agent", "Kairan", true}};
    struct address from;
    struct mail_text mail = {
        .from_display = str_eq(request->me.name, request->me.email) ? NULL : request->me.name,
        .to_display = request->list->title, .to = request->list->address, .subject = writing->subject, .body = writing->text,
        .date_us = clock_now_us(), .headers = headers, .header_count = 1,
        .message_id = mem_printf(request, "<%s@%s>", random_token(request), request->list->domain)};

    must(address_parse(request, writing->from, &from));
    mail.from = address_quote(request, &from);
    if (writing->to != NULL) {
        headers[mail.header_count++] = (struct mail_header){"In-Reply-To", mem_printf(request, "<%s>", writing->to->mid), true};
        headers[mail.header_count++] = (struct mail_header){"References", references_of(writing), true};
    }
    return normal_copy(request, compose_files(request, compose_text_mail(request, &mail), writing->files, writing->file_count), NULL);
}

/* The largest mail that the list, the server and this page take. */
static size_t
largest(const struct writing *writing)
{
    size_t most = FILES_LARGEST, site = (size_t)writing->request->web->conf->worker_max_message_mib << 20,
           list = (size_t)writing->settings->max_message_size << 10;

    most = site < most ? site : most;
    return list > 0 && list < most ? list : most;
}

static enum status
check(struct writing *writing, struct fault *fault)
{
    struct request *request = writing->request;

    if (*str_trim(request, writing->subject) == '\0' && writing->to == NULL)
        return fault_set(fault, STATUS_INVALID, "subject", N_("Please say in a few words what it is about."));
    if (*str_trim(request, writing->text) == '\0' && writing->file_count == 0)
        return fault_set(fault, STATUS_INVALID, "text", N_("There is nothing to send yet."));
    return STATUS_OK;
}

/* ---- showing ---- */

static void
show_ways(const struct writing *writing)
{
    struct request *request = writing->request;
    const struct settings *settings = writing->settings;
    struct mailto mail = {.to = request->list->address};
    const char *author = NULL, *other = settings->reply_to_address;
    enum reply_policy policy = settings->reply_goes_to_list;

    if (writing->to == NULL) {
        out_text(request->page, "mailto", mailto_link(request, &mail));
        return;
    }
    mail.in_reply_to = writing->to->mid;
    mail.subject = quote_subject(request, writing->to->subject);
    out_text(request->page, "mailto_list", mailto_link(request, &mail));
    if (!archive_hides_addresses(request) && !writing->to->anonymous && address_key_of(request, writing->to->from_address) != NULL)
        author = writing->to->from_address;
    if (author == NULL)
        return;
    if (policy != REPLY_POINT_TO_LIST) {
        bool has_other = policy != REPLY_NO_MUNGING && !str_is_empty(other);

        mail.to = !has_other ? author : policy == REPLY_EXPLICIT_HEADER_ONLY ? other : mem_printf(request, "%s,%s", other, author);
        mail.cc = has_other ? NULL : request->list->address;
        out_text(request->page, "mailto", mailto_link(request, &mail));
    }
    mail.to = author;
    mail.cc = NULL;
    out_text(request->page, "mailto_author", mailto_link(request, &mail));
}

/* What the list would do with it, for people who are to know before they write. */
static enum status
show_verdict(struct writing *writing)
{
    struct request *request = writing->request;
    struct rule_auth auth = {.dmarc = "none", .submitted = true};
    struct out *out = out_object(request->page, "verdict"), *rows = out_rows(out, "reasons");
    const char *subject = writing->subject, *text = writing->text;
    struct trial *trial;
    enum status status;

    /* An empty form says nothing about subject and text. */
    writing->subject = *subject != '\0' ? subject : "Subject";
    writing->text = *text != '\0' ? text : "Text";
    status = trial_run(request->web->db, request, writing->list, message_parse(request, compose(writing)), writing->from, &auth, &trial);
    writing->subject = subject;
    writing->text = text;
    if (status != STATUS_OK)
        return status;
    out_text(out, "action", verdict_word(trial->verdict->action));
    /* Why a post is discarded is the owners' business. */
    for (size_t i = 0; trial->verdict->action == VERDICT_HOLD && i < trial->verdict->reasons.count; i++)
        out_row_text(rows, request_tr(request, trial->verdict->reasons.items[i]));
    if (trial->verdict->action == VERDICT_REJECT)
        out_row_text(rows, trial->verdict->reject_text != NULL ? trial->verdict->reject_text : request_tr(request, trial->verdict->reason));
    out_bool(out, "is_member", trial->facts->author_state >= AUTHOR_MEMBER);
    return STATUS_OK;
}

static void
show_addresses(const struct writing *writing)
{
    struct out *rows = out_rows(writing->request->page, "addresses");

    for (size_t i = 0; i < writing->address_count; i++) {
        struct out *row;

        if (writing->addresses[i].verified_at == 0)
            continue;
        row = out_row(rows);
        out_int(row, "id", writing->addresses[i].id);
        out_text(row, "email", writing->addresses[i].email);
        out_bool(row, "is_chosen", str_eq(writing->addresses[i].email, writing->from));
    }
}

static enum status
show(struct writing *writing)
{
    struct request *request = writing->request;

    if (writing->to != NULL) {
        out_text(request->page, "hash", writing->to->hash);
        out_text(request->page, "subject_answered", writing->to->subject);
        out_text(request->page, "author", author_name(request, writing->to->from_name, writing->to->from_address,
                                                      archive_hides_addresses(request)));
    }
    show_ways(writing);
    if (!request->standing.is_signed_in)
        return STATUS_OK;
    out_text(request->page, "subject", writing->subject);
    out_text(request->page, "text", writing->text);
    out_text(request->page, "mark", writing->mark);
    out_text(request->page, "most", size_words(request, largest(writing)));
    show_addresses(writing);
    return show_verdict(writing);
}

static enum status
show_preview(struct writing *writing)
{
    struct request *request = writing->request;
    struct out *preview = out_object(request->page, "preview");
    struct out *files = out_rows(preview, "files");

    out_text(preview, "author", request->me.name);
    out_text(preview, "address", writing->from);
    out_text(preview, "subject", writing->subject);
    body_show(preview, request->lang, writing->text, false);
    for (size_t i = 0; i < writing->file_count; i++) {
        struct out *row = out_row(files);

        out_text(row, "name", writing->files[i].name);
        out_text(row, "size", size_words(request, writing->files[i].data.len));
    }
    return show(writing);
}

/* ---- sending ---- */

static enum status
refuse(struct writing *writing, struct fault *fault)
{
    enum status status = show(writing);

    return status == STATUS_OK ? form_refuse(writing->request, fault) : status;
}

static enum status
send_mail(struct writing *writing, struct fault *fault)
{
    struct request *request = writing->request;
    struct web_post post = {.list_id = request->list->id, .user_id = request->me.user_id, .list_address = request->list->address,
                            .sender = writing->from, .mark = writing->mark};
    int64_t id;
    enum status status = web_post_find(request->web->db, request, post.user_id, post.mark, &id);

    if (status == STATUS_OK && id == 0) {
        post.bytes = compose(writing);
        if (post.bytes.len > largest(writing)) {
            fault_set(fault, STATUS_INVALID, "file", N_("This is more than the list takes. A file that lies somewhere else can be linked to."));
            return refuse(writing, fault);
        }
        status = limit_take(request, "write", mem_printf(request, "%lld", (long long)post.user_id), WRITTEN_AN_HOUR, HOUR_S);
        if (status == STATUS_OK)
            status = web_post_add(request->web->db, request, &post, &id);
    }
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%swritten/%lld", request->list->path, (long long)id));
    return status;
}

static enum status
take(struct request *request, bool is_answer, struct fault *fault)
{
    struct writing writing = {0};
    enum status status = load(&writing, request, is_answer);

    if (status != STATUS_OK)
        return status;
    take_typed(&writing);
    if (check(&writing, fault) != STATUS_OK)
        return refuse(&writing, fault);
    return str_eq(request_text(request, "act"), "preview") ? show_preview(&writing) : send_mail(&writing, fault);
}

static enum status
begin_to_write(struct request *request, bool is_answer)
{
    struct writing writing = {0};
    enum status status = load(&writing, request, is_answer);

    if (status != STATUS_OK)
        return status;
    begin(&writing);
    return show(&writing);
}

enum status
page_reply(struct request *request, struct fault *fault)
{
    (void)fault;
    return begin_to_write(request, true);
}

enum status
page_reply_send(struct request *request, struct fault *fault)
{
    return take(request, true, fault);
}

enum status
page_write(struct request *request, struct fault *fault)
{
    (void)fault;
    return begin_to_write(request, false);
}

enum status
page_write_send(struct request *request, struct fault *fault)
{
    return take(request, false, fault);
}

/* What became of it. Whether it was discarded nobody is told, as by mail. */
enum status
page_written(struct request *request, struct fault *fault)
{
    struct row_web_post_state *row;
    struct out *rows = out_rows(request->page, "reasons");
    int64_t id = 0;
    enum status status;

    (void)fault;
    str_to_int(request_param(request, "id"), 1, INT64_MAX, &id);
    status = q_web_post_state(request->web->db, request, request->me.user_id, request->list->id, id, &row);
    if (status != STATUS_OK || row == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    out_int(request->page, "id", id);
    out_text(request->page, "state", row->state);
    out_text(request->page, "hash", row->is_archived && request_may(request, RIGHT_READ) ? row->hash : NULL);
    for (size_t i = 0; str_eq(row->state, "held") && i < row->reasons.count; i++)
        out_row_text(rows, request_tr(request, row->reasons.items[i]));
    if (str_eq(row->state, "refused") && row->reason != NULL)
        out_row_text(rows, request_tr(request, row->reason));
    return STATUS_OK;
}
