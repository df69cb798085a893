/* page-members-batch.c - many people at once: sent, shown with what would happen, then done */
#include <string.h>

#include "policy/invitation.h"
#include "policy/member.h"
#include "policy/preference.h"
#include "policy/setting.h"
#include "store/statements.h"
#include "util/clock.h"
#include "web/common.h"
#include "web/member.h"
#include "web/page.h"

enum { SAMPLE = 5, LINES_SHOWN = 1000, KEEP_HOURS = 24, INVITED_AT_ONCE = 100 };

static const struct { const char *act, *title; } acts[] = {
    {"add", N_("Add or invite people")}, {"invite", N_("Add or invite people")}, {"remove", N_("Remove several")},
};

/* How the bytes may be read when they were read wrongly. */
static const char *const charsets[] = {"utf-8", "cp932", "utf-16le", "euc-jp", "windows-1252"};

static const char *
known_charset(const char *charset)
{
    for (size_t i = 0; i < COUNT_OF(charsets); i++)
        if (str_eq(charsets[i], charset))
            return charsets[i];
    return "";
}

static const char *
known_act(const char *act)
{
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (str_eq(acts[i].act, act))
            return acts[i].act;
    return "add";
}

static void
show_title(struct request *request, const char *act)
{
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (str_eq(acts[i].act, act))
            out_text(request->page, "title", tr(request->lang, acts[i].title));
    out_text(request->page, "act", act);
    out_bool(request->page, "is_removal", str_eq(act, "remove"));
}

/* ---- sending ---- */

static const char *
asked_role(struct request *request)
{
    const char *role = request_text(request, "role");

    return member_role_is_known(role) ? role : "member";
}

/* Invitations that are under way, or were lately. */
static enum status
show_runs(struct request *request)
{
    struct invitation_run *runs;
    size_t count = 0;
    enum status status = invitation_runs(request->web->db, request, request->list->id, &runs, &count);

    for (size_t i = 0; i < count; i++) {
        struct out *row = out_row(out_rows(request->page, "runs"));

        out_int(row, "id", runs[i].id);
        out_int(row, "total", runs[i].total);
        out_int(row, "invited", runs[i].invited);
        out_time(row, "asked_at", runs[i].asked_at);
    }
    return status;
}

static enum status
show_form(struct request *request, const char *act, bool greet)
{
    show_roles(request, asked_role(request));
    show_title(request, act);
    out_bool(request->page, "greet", greet);
    return show_runs(request);
}

enum status
page_members_add(struct request *request, struct fault *fault)
{
    const char *act = known_act(request_text(request, "act"));
    struct settings *settings;
    enum status status = settings_load(request->web->db, request, request->list->id, &settings);

    (void)fault;
    if (status != STATUS_OK)
        return status;
    return show_form(request, act, str_eq(act, "remove") ? settings->send_goodbye_message : settings->send_welcome_message);
}

/* All who have the role, one on each line. */
static enum status
everybody(struct request *request, const char *role, struct blob *bytes_r)
{
    struct str *text = str_new(request);
    struct person *people;
    size_t count = 0;
    enum status status = member_others(request->web->db, request, request->list->id, role, NULL, 0, &people, &count);

    for (size_t i = 0; i < count; i++)
        str_addf(text, "%s\n", people[i].email);
    *bytes_r = str_blob(text);
    return status;
}

/* Everybody, where that was asked; else the file, when there is one; else what was typed. */
static enum status
sent_bytes(struct request *request, const char *act, const char *role, struct blob *bytes_r)
{
    struct blob file = request_file(request, "file");

    *bytes_r = file.len > 0 ? file : blob_of(request_text(request, "people"));
    return str_eq(act, "remove") && request_has(request, "everybody") ? everybody(request, role, bytes_r) : STATUS_OK;
}

enum status
page_members_add_send(struct request *request, struct fault *fault)
{
    const char *act = known_act(request_text(request, "act")), *role = asked_role(request);
    bool is_file = request_file(request, "file").len > 0;
    const char *charset = is_file ? known_charset(request_text(request, "charset")) : "utf-8";
    struct blob bytes;
    int64_t now = clock_now_us();
    struct row_member_batch_add *row;
    enum status status;

    if (!role_may_change(request, role))
        return STATUS_NOT_ALLOWED;
    status = sent_bytes(request, act, role, &bytes);
    if (status != STATUS_OK)
        return status;
    if (people_read(request, bytes, charset, lang_code(request->lang))->count == 0) {
        fault_set(fault, STATUS_INVALID, is_file ? "file" : "people",
                  is_file ? N_("There is no line in this file that could be an address.") : N_("Please give at least one address, or a file."));
        out_text(request->page, "people", request_text(request, "people"));
        form_refuse(request, fault);
        return show_form(request, act, request_has(request, "greet"));
    }
    status = q_member_batch_add(request->web->db, request, request->list->id, request->me.user_id, act, role,
                                request_has(request, "greet"), charset, bytes, now, now + KEEP_HOURS * 3600 * US_PER_S, &row);
    if (status == STATUS_OK)
        response_send_to(request->response, mem_printf(request, "%smembers/batch/%lld", request->list->path, (long long)row->id));
    return status;
}

/* ---- what would happen ---- */

struct batch {
    struct row_member_batch_get *row;
    struct people *people;
    const char *charset;            /* asked for on the page of what would happen; "" */
    size_t counts[PERSON_OUTCOMES];
    enum person_outcome good;
    int64_t run_id;                 /* of invitations that go out little by little; 0 */
};

static enum status
load_batch(struct request *request, struct batch *batch)
{
    int64_t id = 0;
    enum status status = STATUS_OK;

    *batch = (struct batch){0};
    if (str_to_int(request_param(request, "id"), 1, INT64_MAX, &id))
        status = q_member_batch_get(request->web->db, request, request->list->id, request->me.user_id, id, clock_now_us(), &batch->row);
    if (status != STATUS_OK || batch->row == NULL)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    if (!role_may_change(request, batch->row->role))
        return STATUS_NOT_ALLOWED;
    batch->charset = known_charset(request_text(request, "charset"));
    batch->people = people_read(request, batch->row->bytes, *batch->charset != '\0' ? batch->charset : batch->row->charset,
                                lang_code(request->lang));
    batch->good = str_eq(batch->row->act, "remove") ? PERSON_REMOVED : PERSON_ADDED;
    return STATUS_OK;
}

static void
count_outcomes(struct batch *batch)
{
    memset(batch->counts, 0, sizeof(batch->counts));
    for (size_t i = 0; i < batch->people->count; i++)
        batch->counts[batch->people->rows[i].outcome]++;
}

/* Does it, or tries it; outcomes and their numbers. */
static enum status
run_batch(struct request *request, struct batch *batch, bool is_trial)
{
    struct actor actor = request_actor(request);
    struct member_order order = {.role = batch->row->role, .is_trial = is_trial};
    enum status status;

    if (batch->good == PERSON_REMOVED)
        status = member_dismiss(request->web->db, &actor, request, request->list->id, &order, batch->people->rows, batch->people->count);
    else
        status = member_enrol(request->web->db, &actor, request, request->list->id, &order, batch->people->rows, batch->people->count);
    count_outcomes(batch);
    return status;
}

/* Those that are there already (or are absent) are no mistake. */
static bool
is_problem(const struct batch *batch, enum person_outcome outcome)
{
    return outcome != batch->good && outcome != (batch->good == PERSON_ADDED ? PERSON_MEMBER : PERSON_ABSENT);
}

static size_t
problem_count(const struct batch *batch)
{
    size_t count = 0;

    for (size_t i = 0; i < PERSON_OUTCOMES; i++)
        count += is_problem(batch, (enum person_outcome)i) ? batch->counts[i] : 0;
    return count;
}

static const char *
reason_of(struct request *request, TALLOC_CTX *ctx, const struct person *person)
{
    if (person->reason != NULL)
        return tr_fill(ctx, tr(request->lang, person->reason), person->cell, NULL, NULL);
    return tr(request->lang, person_outcome_sentence(person->outcome));
}

static void
show_lines(struct request *request, const struct batch *batch)
{
    struct out *lines = out_rows(request->page, "lines");
    size_t shown = 0, more = 0;

    for (size_t i = 0; i < batch->people->count; i++) {
        const struct person *person = &batch->people->rows[i];
        struct out *row;

        if (!is_problem(batch, person->outcome))
            continue;
        if (shown++ >= LINES_SHOWN) {
            more++;
            continue;
        }
        row = out_row(lines);
        out_int(row, "number", (int64_t)person->line);
        out_text(row, "text", utf8_cut(row, person->text, 120));
        out_text(row, "reason", reason_of(request, row, person));
    }
    out_int(request->page, "more_lines", (int64_t)more);
}

/* "Copies of the posts: Stopped by the member, ..." in the reader's language. */
static const char *
wish_words(const struct request *request, enum person_wish wish, const char *value, const char **label_r)
{
    const struct preference_row *row = preference_row(person_wish_name(wish));

    if (str_eq(value, "true") || str_eq(value, "false"))
        value = str_eq(value, "true") ? "yes" : "no";
    if (row == NULL) {
        *label_r = tr(request->lang, N_("Their posts"));
        return tr(request->lang, moderation_sentence(value));
    }
    *label_r = tr(request->lang, row->label);
    for (const struct preference_choice *choice = row->choices; choice != NULL && choice->value != NULL; choice++)
        if (str_eq(choice->value, value))
            return !choice->comes_later ? tr(request->lang, choice->label)
                : mem_printf((TALLOC_CTX *)request, "%s (%s)", tr(request->lang, choice->label), tr(request->lang, N_("comes later")));
    return value;
}

static char *
wishes_of(const struct request *request, TALLOC_CTX *ctx, const struct person *person)
{
    struct str *text = str_new(ctx);

    for (size_t wish = 0; wish < WISH_COUNT; wish++)
        if (!str_is_empty(person->wishes[wish])) {
            const char *label, *words = wish_words(request, (enum person_wish)wish, person->wishes[wish], &label);

            str_addf(text, "%s%s: %s", text->len > 0 ? ", " : "", label, words);
        }
    return text->s;
}

static void
show_sample(struct request *request, const struct batch *batch)
{
    struct out *rows = out_rows(request->page, "sample"), *unused = out_rows(request->page, "unused");

    for (size_t i = 0, shown = 0; i < batch->people->count && shown < SAMPLE; i++) {
        const struct person *person = &batch->people->rows[i];
        struct out *row;

        if (person->outcome != batch->good)
            continue;
        shown++;
        row = out_row(rows);
        out_text(row, "email", person->email);
        out_text(row, "name", person->name);
        out_text(row, "wishes", wishes_of(request, row, person));
    }
    for (size_t i = 0; i < batch->people->unused_count; i++)
        out_text(out_row(unused), "name", batch->people->unused[i]);
}

static enum status
show_batch(struct request *request, struct batch *batch)
{
    enum status status = run_batch(request, batch, true);

    if (status != STATUS_OK)
        return status;
    show_roles(request, batch->row->role);
    show_title(request, batch->row->act);
    out_text(request->page, "path", mem_printf(request, "%smembers/batch/%lld", request->list->path, (long long)batch->row->id));
    out_int(request->page, "good", (int64_t)batch->counts[batch->good]);
    out_int(request->page, "members", (int64_t)batch->counts[PERSON_MEMBER]);
    out_int(request->page, "absent", (int64_t)batch->counts[PERSON_ABSENT]);
    out_int(request->page, "repeated", (int64_t)batch->counts[PERSON_REPEATED]);
    out_int(request->page, "banned", (int64_t)batch->counts[PERSON_BANNED]);
    out_int(request->page, "wrong", (int64_t)batch->counts[PERSON_INVALID]);
    out_int(request->page, "problems", (int64_t)problem_count(batch));
    out_text(request->page, "charset", batch->people->charset);
    out_text(request->page, "asked_charset", batch->charset);
    for (size_t i = 0; i < COUNT_OF(charsets); i++) {
        struct out *row = out_row(out_rows(request->page, "charsets"));

        out_text(row, "name", charsets[i]);
        out_bool(row, "is_current", str_eq(charsets[i], batch->people->charset));
    }
    out_bool(request->page, "is_table", batch->people->is_table);
    out_bool(request->page, "is_cut", batch->people->is_cut);
    show_lines(request, batch);
    show_sample(request, batch);
    return STATUS_OK;
}

enum status
page_members_batch(struct request *request, struct fault *fault)
{
    struct batch batch;
    enum status status = load_batch(request, &batch);

    (void)fault;
    return status == STATUS_OK ? show_batch(request, &batch) : status;
}

/* ---- doing it ---- */

/* A few at once; many, or more than the hour still has, little by little. */
static enum status
invite(struct request *request, struct batch *batch, struct fault *fault)
{
    struct actor actor = request_actor(request);
    size_t good = batch->counts[PERSON_ADDED];
    int64_t room;
    enum status status = invitation_room(request->web->db, request->web->conf, request->list->id, &room);

    if (status != STATUS_OK)
        return status;
    if (good > INVITED_AT_ONCE || (int64_t)good > room)
        return invitation_begin(request->web->db, &actor, request, request->list->id, batch->people->rows, batch->people->count,
                                &batch->run_id, fault);
    status = members_invite(request, batch->people->rows, batch->people->count);
    count_outcomes(batch);
    return status;
}

/* All in one transaction with the end of the batch. With "all", one line that cannot be used undoes everything. */
static enum status
carry_out(struct request *request, struct batch *batch, bool needs_all, bool *refused_r, struct fault *fault)
{
    bool is_invitation = str_eq(batch->row->act, "invite");
    enum status status;

    status = run_batch(request, batch, is_invitation);
    *refused_r = status == STATUS_OK && needs_all && problem_count(batch) > 0;
    if (*refused_r)
        return STATUS_INVALID;
    if (status == STATUS_OK && is_invitation)
        status = invite(request, batch, fault);
    if (status == STATUS_OK && batch->row->greet && str_eq(batch->row->role, "member") && str_eq(batch->row->act, "add"))
        status = members_say_welcome(request, batch->people->rows, batch->people->count);
    if (status == STATUS_OK && batch->row->greet && str_eq(batch->row->role, "member") && batch->good == PERSON_REMOVED)
        status = members_say_goodbye(request, batch->people->rows, batch->people->count);
    return status == STATUS_OK ? q_member_batch_drop(request->web->db, request->list->id, request->me.user_id, batch->row->id, NULL) : status;
}

static enum status
refuse_batch(struct request *request, struct batch *batch, const char *sentence)
{
    struct fault fault = {.sentence = sentence};

    form_refuse(request, &fault);
    return show_batch(request, batch);
}

enum status
page_members_batch_act(struct request *request, struct fault *fault)
{
    const char *way = request_text(request, "way"), *done;
    struct change change;
    struct batch batch;
    bool refused = false;
    enum status status = load_batch(request, &batch);

    if (status != STATUS_OK)
        return status;
    if (!str_eq(way, "all") && !str_eq(way, "good")) {
        status = q_member_batch_drop(request->web->db, request->list->id, request->me.user_id, batch.row->id, NULL);
        response_send_to(request->response, role_path(request, batch.row->role));
        return status;
    }
    status = change_begin(&change, request->web->db);
    if (status == STATUS_OK)
        status = change_end(&change, carry_out(request, &batch, str_eq(way, "all"), &refused, fault));
    if (refused)
        return refuse_batch(request, &batch, N_("Something changed in the meantime, so nothing was done. Please look again."));
    if (fault->sentence != NULL)
        return refuse_batch(request, &batch, fault->sentence);
    if (status != STATUS_OK)
        return status;
    if (batch.run_id != 0) {
        response_send_to(request->response, mem_printf(request, "%smembers/invited/%lld", request->list->path, (long long)batch.run_id));
        return STATUS_OK;
    }
    done = str_eq(batch.row->act, "invite") ? "invited" : batch.good == PERSON_REMOVED ? "removed" : "added";
    response_send_to(request->response, mem_printf(request, "%s?done=%s&count=%zu", role_path(request, batch.row->role), done,
                                                   batch.counts[str_eq(done, "invited") ? PERSON_INVITED : batch.good]));
    return STATUS_OK;
}
