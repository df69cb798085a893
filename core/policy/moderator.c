/* moderator.c - what moderators are told, and the link and the answer with which they decide */
#include <string.h>

#include "mime/compose.h"
#include "policy/moderator.h"
#include "policy/notice.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/str.h"
#include "util/when.h"

/* 80 bits: the answer has to be proved to come from the moderator besides. */
enum { SHOWN_MOST = 20, REPLY_LETTERS = 16, LOCAL_MOST = 64 };
#define DAY_US (INT64_C(86400) * US_PER_S)

static struct blob
token_hash(TALLOC_CTX *ctx, const char *token)
{
    uint8_t digest[SHA256_LEN];

    sha256(blob_of(token), digest);
    return blob_copy(ctx, digest, sizeof(digest));
}

enum status
moderator_link_make(struct db *db, TALLOC_CTX *ctx, int64_t member_id, int epoch, const char **token_r)
{
    int64_t now = clock_now_us();

    *token_r = random_token(ctx);
    return q_moderator_link_add(db, token_hash(ctx, *token_r), member_id, epoch, now, now + MODERATOR_LINK_DAYS * DAY_US, NULL);
}

enum status
moderator_by_link(struct db *db, TALLOC_CTX *ctx, const char *token, struct moderator **moderator_r)
{
    struct row_moderator_link_find *row;
    enum status status = q_moderator_link_find(db, ctx, token_hash(ctx, str_lower(ctx, token)), &row);

    if (status != STATUS_OK || row == NULL)
        return status == STATUS_OK ? STATUS_NOT_FOUND : status;
    *moderator_r = mem_new(ctx, struct moderator);
    **moderator_r = (struct moderator){row->member_id, row->address_id, row->user_id, row->list_id, row->expires_at,
                                       (int)row->epoch, row->email, row->name, row->list_name, row->domain, row->has_role,
                                       row->expires_at <= clock_now_us()};
    return STATUS_OK;
}

bool
moderator_is_reply(const char *detail)
{
    return detail != NULL && str_starts_nocase(detail, "m-");
}

enum status
moderator_by_reply(struct db *db, TALLOC_CTX *ctx, const char *token, struct moderator_notice **notice_r)
{
    struct row_moderator_notice_find *row;
    struct row_moderator_lists *lists;
    int64_t *ids;
    size_t count = 0;
    enum status status = q_moderator_notice_find(db, ctx, token_hash(ctx, str_lower(ctx, token)), &row);

    if (status == STATUS_OK && (row == NULL || row->sent_at < clock_now_us() - MODERATOR_LINK_DAYS * DAY_US))
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = q_moderator_lists(db, ctx, row->address_id, &lists, &count);
    if (status != STATUS_OK)
        return status;
    ids = mem_array(ctx, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        ids[i] = lists[i].list_id;
    *notice_r = mem_new(ctx, struct moderator_notice);
    **notice_r = (struct moderator_notice){row->address_id, row->user_id, row->email, row->key, row->items, {ids, count}};
    return STATUS_OK;
}

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
    size_t count;
};

/* The heading of a list's part: its name and the link. The first list decides the language of a person who chose none. */
static enum status
begin_list(struct letter *letter, int64_t list_id, int64_t member_id, int epoch)
{
    const char *token;
    enum status status = list_by_id(letter->db, letter->ctx, list_id, &letter->list);

    if (status == STATUS_OK)
        status = settings_load(letter->db, letter->ctx, list_id, &letter->settings);
    if (status == STATUS_OK)
        status = moderator_link_make(letter->db, letter->ctx, member_id, epoch, &token);
    if (status != STATUS_OK)
        return status;
    if (letter->first == NULL) {
        letter->first = letter->list;
        letter->title = letter->settings->display_name;
        letter->lang = i18n_lang(letter->i18n, letter->language != NULL ? letter->language
                                                                        : language_code(letter->settings->preferred_language));
        if (letter->lang == NULL)
            letter->lang = i18n_nth(letter->i18n, 0);
    } else {
        letter->has_many_lists = true;
    }
    str_addf(letter->text, "%s%s (%s)\n%s/m/%s\n", letter->text->len > 0 ? "\n\n" : "", letter->settings->display_name,
             letter->list->address, conf_url_of(letter->ctx, letter->conf->site_url, letter->list->web_host), token);
    return STATUS_OK;
}

/* From the first list's owner address; the reply address is there when there is something to answer. */
static enum status
send(struct letter *letter, enum notice_kind kind, const char *reply_token)
{
    struct list *list = letter->first;
    struct notice notice = {
        .kind = kind, .lang = letter->lang, .domain_id = list->domain_id, .domain = list->domain, .list_id = list->id,
        .list_name = list->name, .from_display = letter->has_many_lists ? letter->conf->site_name : letter->title,
        .to = letter->email};
    struct str *mail = str_new(letter->ctx);
    struct address to;
    struct blob composed;
    int64_t now = clock_now_us();
    enum status status;

    if (!address_parse(letter->ctx, letter->email, &to))
        return STATUS_OK;       /* an address that we could not write to holds nobody else up */
    notice.args[0] = notice.from_display;
    notice.args[1] = letter->text->s;
    notice.base_url = conf_url_of(letter->ctx, letter->conf->site_url, list->web_host);
    status = notice_compose(letter->db, letter->ctx, &notice, now, &composed);
    if (status != STATUS_OK)
        return status;
    if (reply_token != NULL)
        compose_address_field(mail, "Reply-To", NULL,
                              mem_printf(letter->ctx, "%s-confirm+m-%s@%s", list->name, reply_token, list->domain));
    str_addn(mail, composed.data, composed.len);
    return q_notice_add(letter->db, notice.domain_id, notice.list_id, notice_kind_word(kind), notice.to, str_blob(mail), now, false, NULL);
}

/* "3. Subject", who, why, and the first lines; numbers go through all lists, as answers name them. */
static void
add_item(struct letter *letter, const struct row_moderator_todo_take *row)
{
    const struct lang *lang = letter->lang;

    letter->items[letter->count++] = row->held_id;
    str_addf(letter->text, "\n%zu. %s\n", letter->count,
             str_is_empty(row->subject) ? tr(lang, N_("(no subject)")) : utf8_cut(letter->ctx, row->subject, 120));
    str_addf(letter->text, "%s <%s>\n", row->from_name, row->from_address);
    if (str_eq(row->authentication, "fail"))
        str_addf(letter->text, "%s\n", tr(lang, N_("The sender may be forged (DMARC fail).")));
    for (size_t i = 0; i < row->reasons.count; i++)
        str_addf(letter->text, "%s\n", tr(lang, row->reasons.items[i]));
    if (!str_is_empty(row->excerpt))
        str_addf(letter->text, "> %s\n", row->excerpt);
}

/* A local part has 64 bytes at most (RFC 5321 4.5.3.1.1): there is no reply address for lists with very long names. */
static bool
may_be_answered(const struct letter *letter)
{
    return strlen(letter->first->name) + strlen("-confirm+m-") + REPLY_LETTERS <= LOCAL_MOST;
}

static enum status
write_notice(struct letter *letter)
{
    struct row_moderator_todo_take *rows;
    size_t count, left = 0;
    const char *reply;
    enum status status = q_moderator_todo_take(letter->db, letter->ctx, letter->address_id, &rows, &count);

    if (status != STATUS_OK || count == 0)
        return status;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (letter->list == NULL || letter->list->id != rows[i].list_id)
            status = begin_list(letter, rows[i].list_id, rows[i].member_id, (int)rows[i].epoch);
        if (status == STATUS_OK && letter->count < SHOWN_MOST)
            add_item(letter, &rows[i]);
        else
            left++;
    }
    if (status != STATUS_OK)
        return status;
    if (left > 0)
        str_addf(letter->text, "\n%s\n", tr_fill(letter->ctx, trn(letter->lang, "And %1 more.", "And %1 more.", (int64_t)left),
                                                 mem_printf(letter->ctx, "%zu", left), NULL, NULL));
    if (!may_be_answered(letter))
        return send(letter, NOTICE_held_moderators, NULL);
    str_addf(letter->text, "\n%s", tr(letter->lang, N_("You can also answer this mail. Begin with one word: accept, reject or discard. Where several posts wait, name their numbers: \"accept 1 3\", or \"discard all\"; one line for each word.")));
    reply = mem_strndup(letter->ctx, random_token(letter->ctx), REPLY_LETTERS);
    status = q_moderator_notice_add(letter->db, letter->address_id, token_hash(letter->ctx, reply),
                                    (struct int_array){letter->items, letter->count}, clock_now_us(), NULL);
    return status == STATUS_OK ? send(letter, NOTICE_held_moderators, reply) : status;
}

static struct letter
letter_to(struct db *db, TALLOC_CTX *ctx, const struct conf *conf, const struct i18n *i18n, int64_t address_id, const char *email,
          const char *language)
{
    return (struct letter){.ctx = ctx, .db = db, .conf = conf, .i18n = i18n, .address_id = address_id, .email = email,
                           .language = language, .text = str_new(ctx)};
}

enum status
moderator_notify(struct db *db, const struct conf *conf, const struct i18n *i18n, bool *more_r)
{
    int64_t now = clock_now_us(), before = now - conf->moderation_notice_s * US_PER_S;
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_moderator_next *next = NULL;
    struct letter letter;
    enum status status = db_begin(db);

    *more_r = false;
    if (status == STATUS_OK)
        status = q_moderator_next(db, ctx, now, before, &next);
    if (status == STATUS_OK && next != NULL) {
        letter = letter_to(db, ctx, conf, i18n, next->address_id, next->email, next->language);
        status = write_notice(&letter);
        if (status == STATUS_OK && letter.count == 0)       /* nothing of it waits any more: the turn was not used */
            status = q_moderator_pace_back(db, next->address_id, before, NULL);
        *more_r = status == STATUS_OK;
    }
    if (status == STATUS_OK)
        status = db_commit(db);
    else if (db_in_transaction(db))
        db_rollback(db);
    talloc_free(ctx);
    return status;
}

/* --- reminding --- */

/* The lists among `old` that want their moderators reminded. */
static enum status
lists_to_remind(struct db *db, TALLOC_CTX *ctx, struct int_array *lists_r)
{
    struct row_held_lists_older *old;
    struct settings *settings;
    int64_t *ids;
    size_t count = 0, wanted = 0;
    enum status status = q_held_lists_older(db, ctx, clock_now_us() - DAY_US, &old, &count);

    ids = mem_array(ctx, int64_t, count + 1);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = settings_load(db, ctx, old[i].list_id, &settings);
        if (status == STATUS_OK && settings->admin_daily_summary)
            ids[wanted++] = old[i].list_id;
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
    }
    *lists_r = (struct int_array){ids, wanted};
    return status;
}

static enum status
write_summary(struct letter *letter, struct int_array lists)
{
    struct row_moderator_summary *rows;
    size_t count;
    enum status status = q_moderator_summary(letter->db, letter->ctx, letter->address_id, lists, &rows, &count);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = begin_list(letter, rows[i].list_id, rows[i].member_id, (int)rows[i].epoch);
        if (status == STATUS_OK)
            str_addf(letter->text, "%s\n", tr_fill(letter->ctx, trn(letter->lang, "%1 post waits, the oldest since %2.",
                                                                    "%1 posts wait, the oldest since %2.", rows[i].held),
                                                   mem_printf(letter->ctx, "%lld", (long long)rows[i].held),
                                                   when_day(letter->ctx, letter->lang, rows[i].oldest), NULL));
    }
    return status == STATUS_OK && letter->first != NULL ? send(letter, NOTICE_held_summary, NULL) : status;
}

static enum status
remind_one(struct db *db, const struct conf *conf, const struct i18n *i18n, struct int_array lists, bool *more_r)
{
    int64_t now = clock_now_us();
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct row_moderator_reminded *next = NULL;
    struct letter letter;
    enum status status = db_begin(db);

    *more_r = false;
    if (status == STATUS_OK)
        status = q_moderator_reminded(db, ctx, now, now - DAY_US, lists, &next);
    if (status == STATUS_OK && next != NULL) {
        letter = letter_to(db, ctx, conf, i18n, next->address_id, next->email, next->language);
        status = write_summary(&letter, lists);
        *more_r = status == STATUS_OK;
    }
    if (status == STATUS_OK)
        status = db_commit(db);
    else if (db_in_transaction(db))
        db_rollback(db);
    talloc_free(ctx);
    return status;
}

enum status
moderator_remind(struct db *db, const struct conf *conf, const struct i18n *i18n)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct int_array lists;
    bool more = true;
    enum status status = lists_to_remind(db, ctx, &lists);

    while (status == STATUS_OK && lists.count > 0 && more)
        status = remind_one(db, conf, i18n, lists, &more);
    talloc_free(ctx);
    return status;
}
