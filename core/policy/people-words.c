/* people-words.c - the words of tables of people: titles of columns, what stands below them, what became of a line */
#include "policy/people-private.h"
#include "util/str.h"

static const struct { const char *word, *sentence; } outcomes[PERSON_OUTCOMES] = {
    [PERSON_ADDED] = {"added", N_("was added")},
    [PERSON_INVALID] = {"invalid", N_("is not a mail address")},
    [PERSON_BANNED] = {"banned", N_("is banned")},
    [PERSON_MEMBER] = {"member", N_("is there already")},
    [PERSON_REPEATED] = {"repeated", N_("stands here twice")},
    [PERSON_OWN] = {"own", N_("is the list's own address")},
    [PERSON_REMOVED] = {"removed", N_("was removed")},
    [PERSON_ABSENT] = {"absent", N_("is not there")},
    [PERSON_INVITED] = {"invited", N_("was invited")},
    [PERSON_LAST_OWNER] = {"last_owner", N_("is the last owner")},
};

const char *
person_outcome_word(enum person_outcome outcome)
{
    return outcomes[outcome].word;
}

const char *
person_outcome_sentence(enum person_outcome outcome)
{
    return outcomes[outcome].sentence;
}

enum person_outcome
person_outcome_of(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(outcomes); i++)
        if (str_eq(outcomes[i].word, word))
            return (enum person_outcome)i;
    must(!"an outcome of a statement is not known");
    return PERSON_INVALID;
}

/* In small letters, without blanks, "_", "-" and brackets. */
static const struct { const char *title; enum column column; enum person_wish wish; } titles[] = {
    {"address", COLUMN_ADDRESS, 0}, {"email", COLUMN_ADDRESS, 0}, {"mail", COLUMN_ADDRESS, 0}, {"emailaddress", COLUMN_ADDRESS, 0},
    {"mailaddress", COLUMN_ADDRESS, 0}, {"email1value", COLUMN_ADDRESS, 0}, {"メールアドレス", COLUMN_ADDRESS, 0},
    {"メール", COLUMN_ADDRESS, 0}, {"アドレス", COLUMN_ADDRESS, 0}, {"eメール", COLUMN_ADDRESS, 0}, {"emailアドレス", COLUMN_ADDRESS, 0},
    {"ﾒｰﾙｱﾄﾞﾚｽ", COLUMN_ADDRESS, 0}, {"電子メール", COLUMN_ADDRESS, 0}, {"電子メールアドレス", COLUMN_ADDRESS, 0}, {"宛先", COLUMN_ADDRESS, 0},
    {"name", COLUMN_NAME, 0}, {"displayname", COLUMN_NAME, 0}, {"fullname", COLUMN_NAME, 0}, {"realname", COLUMN_NAME, 0},
    {"名前", COLUMN_NAME, 0}, {"氏名", COLUMN_NAME, 0}, {"お名前", COLUMN_NAME, 0}, {"表示名", COLUMN_NAME, 0}, {"参加者名", COLUMN_NAME, 0},
    {"firstname", COLUMN_FIRST_NAME, 0}, {"givenname", COLUMN_FIRST_NAME, 0}, {"名", COLUMN_FIRST_NAME, 0},
    {"lastname", COLUMN_LAST_NAME, 0}, {"familyname", COLUMN_LAST_NAME, 0}, {"surname", COLUMN_LAST_NAME, 0}, {"姓", COLUMN_LAST_NAME, 0},
    {"deliverystatus", COLUMN_WISH, WISH_DELIVERY_STATUS}, {"delivery", COLUMN_WISH, WISH_DELIVERY_STATUS},
    {"配送", COLUMN_WISH, WISH_DELIVERY_STATUS}, {"配送状態", COLUMN_WISH, WISH_DELIVERY_STATUS}, {"配送の状態", COLUMN_WISH, WISH_DELIVERY_STATUS},
    {"deliverymode", COLUMN_WISH, WISH_DELIVERY_MODE}, {"mode", COLUMN_WISH, WISH_DELIVERY_MODE}, {"digest", COLUMN_WISH, WISH_DELIVERY_MODE},
    {"配送方法", COLUMN_WISH, WISH_DELIVERY_MODE}, {"配送の形", COLUMN_WISH, WISH_DELIVERY_MODE}, {"まとめ送り", COLUMN_WISH, WISH_DELIVERY_MODE},
    {"preferredlanguage", COLUMN_WISH, WISH_LANGUAGE}, {"language", COLUMN_WISH, WISH_LANGUAGE}, {"lang", COLUMN_WISH, WISH_LANGUAGE},
    {"言語", COLUMN_WISH, WISH_LANGUAGE}, {"言葉", COLUMN_WISH, WISH_LANGUAGE},
    {"moderationaction", COLUMN_WISH, WISH_MODERATION}, {"moderation", COLUMN_WISH, WISH_MODERATION},
    {"承認", COLUMN_WISH, WISH_MODERATION}, {"投稿の扱い", COLUMN_WISH, WISH_MODERATION},
    {"hideaddress", COLUMN_WISH, WISH_HIDE_ADDRESS}, {"アドレスを隠す", COLUMN_WISH, WISH_HIDE_ADDRESS},
    {"acknowledgeposts", COLUMN_WISH, WISH_ACKNOWLEDGE}, {"receiveownpostings", COLUMN_WISH, WISH_OWN_POSTINGS},
    {"receivelistcopy", COLUMN_WISH, WISH_LIST_COPY},
    {"role", COLUMN_KNOWN_UNUSED, 0}, {"役割", COLUMN_KNOWN_UNUSED, 0}, {"joined", COLUMN_KNOWN_UNUSED, 0}, {"参加日", COLUMN_KNOWN_UNUSED, 0},
    {"lastbounce", COLUMN_KNOWN_UNUSED, 0}, {"最後の未達", COLUMN_KNOWN_UNUSED, 0}, {"id", COLUMN_KNOWN_UNUSED, 0}, {"番号", COLUMN_KNOWN_UNUSED, 0},
};

static const char *const wish_names[WISH_COUNT] = {
    [WISH_DELIVERY_STATUS] = "delivery_status", [WISH_DELIVERY_MODE] = "delivery_mode", [WISH_LANGUAGE] = "preferred_language",
    [WISH_MODERATION] = "moderation_action", [WISH_HIDE_ADDRESS] = "hide_address", [WISH_ACKNOWLEDGE] = "acknowledge_posts",
    [WISH_OWN_POSTINGS] = "receive_own_postings", [WISH_LIST_COPY] = "receive_list_copy",
};

const char *
person_wish_name(enum person_wish wish)
{
    return wish_names[wish];
}

/* What cells say, in small letters. Yes and no are understood by every column of that kind. */
static const struct { enum person_wish wish; const char *word, *value; } words[] = {
    {WISH_DELIVERY_STATUS, "enabled", "enabled"}, {WISH_DELIVERY_STATUS, "on", "enabled"}, {WISH_DELIVERY_STATUS, "配送する", "enabled"},
    {WISH_DELIVERY_STATUS, "する", "enabled"}, {WISH_DELIVERY_STATUS, "by_user", "by_user"}, {WISH_DELIVERY_STATUS, "off", "by_user"},
    {WISH_DELIVERY_STATUS, "停止", "by_user"}, {WISH_DELIVERY_STATUS, "しない", "by_user"}, {WISH_DELIVERY_STATUS, "by_moderator", "by_moderator"},
    {WISH_DELIVERY_STATUS, "by_bounces", "by_bounces"}, {WISH_DELIVERY_STATUS, "yes", "enabled"}, {WISH_DELIVERY_STATUS, "no", "by_user"},
    {WISH_DELIVERY_MODE, "regular", "regular"}, {WISH_DELIVERY_MODE, "通常", "regular"}, {WISH_DELIVERY_MODE, "個別", "regular"},
    {WISH_DELIVERY_MODE, "no", "regular"}, {WISH_DELIVERY_MODE, "digest", "mime_digests"}, {WISH_DELIVERY_MODE, "mime_digests", "mime_digests"},
    {WISH_DELIVERY_MODE, "mime", "mime_digests"}, {WISH_DELIVERY_MODE, "まとめ送り", "mime_digests"}, {WISH_DELIVERY_MODE, "yes", "mime_digests"},
    {WISH_DELIVERY_MODE, "plaintext_digests", "plaintext_digests"}, {WISH_DELIVERY_MODE, "plain", "plaintext_digests"},
    {WISH_DELIVERY_MODE, "summary_digests", "plaintext_digests"},
    {WISH_LANGUAGE, "en", "en"}, {WISH_LANGUAGE, "english", "en"}, {WISH_LANGUAGE, "英語", "en"}, {WISH_LANGUAGE, "ja", "ja"},
    {WISH_LANGUAGE, "japanese", "ja"}, {WISH_LANGUAGE, "日本語", "ja"},
    {WISH_MODERATION, "accept", "accept"}, {WISH_MODERATION, "hold", "hold"}, {WISH_MODERATION, "reject", "reject"},
    {WISH_MODERATION, "discard", "discard"}, {WISH_MODERATION, "defer", "defer"}, {WISH_MODERATION, "承認", "accept"},
    {WISH_MODERATION, "保留", "hold"}, {WISH_MODERATION, "却下", "reject"}, {WISH_MODERATION, "破棄", "discard"},
    {WISH_COUNT, "yes", "true"}, {WISH_COUNT, "true", "true"}, {WISH_COUNT, "1", "true"}, {WISH_COUNT, "on", "true"}, {WISH_COUNT, "はい", "true"},
    {WISH_COUNT, "no", "false"}, {WISH_COUNT, "false", "false"}, {WISH_COUNT, "0", "false"}, {WISH_COUNT, "off", "false"},
    {WISH_COUNT, "いいえ", "false"},
};

const char *
people_wish_value(enum person_wish wish, const char *word)
{
    enum person_wish kind = wish < WISH_HIDE_ADDRESS ? wish : WISH_COUNT;

    if (*word == '\0')
        return "";
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (words[i].wish == kind && str_eq(words[i].word, word))
            return words[i].value;
    return NULL;
}

bool
people_column(const char *title, enum column *column_r, enum person_wish *wish_r)
{
    for (size_t i = 0; i < COUNT_OF(titles); i++)
        if (str_eq(titles[i].title, title)) {
            *column_r = titles[i].column;
            *wish_r = titles[i].wish;
            return true;
        }
    return false;
}
