/* people.c - people as operators and owners write them down */
#include <string.h>

#include "mime/address.h"
#include "mime/charset.h"
#include "policy/people.h"
#include "util/csv.h"
#include "util/str.h"

enum { NAME_CHARACTERS = 200, PEOPLE_IN_LINE = 60 };

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

/* ---- bytes ---- */

static bool
begins(struct blob bytes, const char *mark, size_t len)
{
    return bytes.len >= len && memcmp(bytes.data, mark, len) == 0;
}

/* UTF-16 without a mark has NULs, most of them on one side. */
static const char *
utf16_guess(struct blob bytes)
{
    size_t side[2] = {0, 0}, look = bytes.len < 4000 ? bytes.len : 4000;

    for (size_t i = 0; i < look; i++)
        side[i & 1] += bytes.data[i] == 0;
    if (side[0] + side[1] < look / 20 + 1)
        return NULL;
    return side[1] > 4 * side[0] ? "utf-16le" : side[0] > 4 * side[1] ? "utf-16be" : NULL;
}

/* Latin letters with accents are possible characters of CP932 too: there the reader's language decides. */
static const char *
charset_of(struct blob bytes, const char *language)
{
    const char *guess = utf16_guess(bytes);

    if (guess == NULL)
        guess = charset_guess(bytes);
    return str_eq(guess, "windows-1252") && str_eq(language, "ja") ? "cp932" : guess;
}

/* Tables of old Macintosh programs end lines by CR alone, which conversion would take away as it does with other controls. */
static struct blob
with_line_ends(TALLOC_CTX *ctx, struct blob bytes, const char *charset)
{
    size_t unit = str_starts_nocase(charset, "utf-16") ? 2 : 1, low = str_eq_nocase(charset, "utf-16be");
    uint8_t *copy;

    if (bytes.len == 0 || memchr(bytes.data, '\r', bytes.len) == NULL)
        return bytes;
    copy = (uint8_t *)(uintptr_t)(bytes = blob_copy(ctx, bytes.data, bytes.len)).data;
    for (size_t i = 0; i + unit <= bytes.len; i += unit) {
        const uint8_t *next = i + 2 * unit <= bytes.len ? copy + i + unit : NULL;

        if (copy[i + low] != '\r' || (unit == 2 && copy[i + 1 - low] != 0))
            continue;
        if (next == NULL || next[low] != '\n' || (unit == 2 && next[1 - low] != 0))
            copy[i + low] = '\n';
    }
    return bytes;
}

char *
people_text(TALLOC_CTX *ctx, struct blob bytes, const char *charset, const char *language, const char **charset_r)
{
    static const struct { const char *mark; size_t len; const char *charset; } marks[] = {
        {"\xef\xbb\xbf", 3, "utf-8"}, {"\xff\xfe", 2, "utf-16le"}, {"\xfe\xff", 2, "utf-16be"},
    };
    char *text;

    *charset_r = str_is_empty(charset) ? NULL : charset;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (begins(bytes, marks[i].mark, marks[i].len)) {
            *charset_r = marks[i].charset;
            bytes.data += marks[i].len;
            bytes.len -= marks[i].len;
            break;
        }
    if (*charset_r == NULL)
        *charset_r = charset_of(bytes, language);
    text = charset_to_utf8(ctx, *charset_r, with_line_ends(ctx, bytes, *charset_r));
    for (char *s = text; *s != '\0'; s++)
        if (*s == '\v' || *s == '\f')
            *s = ' ';
    return text;
}

/* ---- one person ---- */

/* Without what copying brings along: half and full width, no-break blanks, marks of no width, "mailto:". */
static char *
tidy_address(TALLOC_CTX *ctx, const char *text)
{
    static const char *const nothing[] = {"\u00a0", "\u200b", "\u200e", "\u200f", "\u2060", "\ufeff"};
    struct str *out = str_new(ctx);
    const char *folded = utf8_fold_width(ctx, text);

    while (*folded != '\0') {
        size_t i = 0;

        while (i < COUNT_OF(nothing) && !str_starts(folded, nothing[i]))
            i++;
        if (i < COUNT_OF(nothing))
            folded += strlen(nothing[i]);
        else
            str_addc(out, *folded++);
    }
    folded = str_trim(ctx, out->s);
    return mem_strdup(ctx, str_starts_nocase(folded, "mailto:") ? folded + 7 : folded);
}

/* The name before "<": without quotes and their backslashes. */
static char *
plain_name(TALLOC_CTX *ctx, const char *text, size_t len)
{
    char *name = str_trim(ctx, mem_strndup(ctx, text, len));
    size_t n = strlen(name), out = 0;

    if (n >= 2 && name[0] == '"' && name[n - 1] == '"') {
        for (size_t i = 1; i < n - 1; i++) {
            if (name[i] == '\\' && i + 1 < n - 1)
                i++;
            name[out++] = name[i];
        }
        name[out] = '\0';
    }
    for (char *s = name; *s != '\0'; s++)
        if (*s == '\n' || *s == '\t')
            *s = ' ';
    return utf8_cut(ctx, name, NAME_CHARACTERS);
}

/* "address" or "Name <address>"; false when it is neither, and nothing is changed. */
static bool
read_one(TALLOC_CTX *ctx, const char *text, struct person *person)
{
    struct address address;
    const char *name = "", *open = strrchr(text, '<');
    char *key;
    size_t len = strlen(text);

    if (open != NULL && text[len - 1] == '>') {
        if (memchr(text, '<', (size_t)(open - text)) != NULL)
            return false;
        name = plain_name(ctx, text, (size_t)(open - text));
        text = mem_strndup(ctx, open + 1, len - 1 - (size_t)(open + 1 - text));
    }
    if (!address_parse(ctx, tidy_address(ctx, text), &address) || (key = address_key(ctx, &address)) == NULL)
        return false;
    if (*name != '\0')
        person->name = name;
    person->key = key;
    person->email = address_text(ctx, &address);
    return true;
}

static void
refuse(struct person *person, const char *reason, const char *cell)
{
    person->key = person->email = NULL;
    person->reason = reason;
    person->cell = cell;
}

static struct person *
add_person(struct people *people, const struct csv_row *row)
{
    struct person *person;

    if (people->count == PEOPLE_MAX) {
        people->is_cut = true;
        return NULL;
    }
    if ((people->count & (people->count - 1)) == 0)
        people->rows = mem_resize(people, people->rows, struct person, people->count == 0 ? 1 : 2 * people->count);
    person = &people->rows[people->count++];
    *person = (struct person){.text = row->text, .line = row->line, .name = "", .outcome = PERSON_INVALID};
    for (size_t i = 0; i < WISH_COUNT; i++)
        person->wishes[i] = "";
    return person;
}

/* ---- columns ---- */

enum column { COLUMN_UNKNOWN, COLUMN_KNOWN_UNUSED, COLUMN_ADDRESS, COLUMN_NAME, COLUMN_FIRST_NAME, COLUMN_LAST_NAME, COLUMN_WISH };

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

/* NULL: the word is not known there. */
static const char *
wish_value(enum person_wish wish, const char *word)
{
    enum person_wish kind = wish < WISH_HIDE_ADDRESS ? wish : WISH_COUNT;

    if (*word == '\0')
        return "";
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (words[i].wish == kind && str_eq(words[i].word, word))
            return words[i].value;
    return NULL;
}

struct columns {
    enum column kinds[CSV_CELLS_MAX];
    enum person_wish wishes[CSV_CELLS_MAX];
    bool family_first;              /* 姓 and 名, rather than first and last name */
};

static char *
plain_title(TALLOC_CTX *ctx, const char *cell)
{
    char *title = str_lower(ctx, tidy_address(ctx, cell)), *to = title;

    for (const char *s = title; *s != '\0'; s++)
        if (strchr(" _-()[]/.:", *s) == NULL)
            *to++ = *s;
    *to = '\0';
    return title;
}

/* Whether the row names columns: one of them must be the address. */
static bool
read_titles(TALLOC_CTX *ctx, const struct csv_row *row, struct columns *columns)
{
    bool has_address = false;

    *columns = (struct columns){0};
    for (size_t i = 0; i < row->count; i++) {
        const char *title = plain_title(ctx, row->cells[i]);

        for (size_t j = 0; j < COUNT_OF(titles); j++) {
            if (!str_eq(titles[j].title, title) || (titles[j].column == COLUMN_ADDRESS && has_address))
                continue;
            columns->kinds[i] = titles[j].column;
            columns->wishes[i] = titles[j].wish;
            has_address = has_address || titles[j].column == COLUMN_ADDRESS;
            columns->family_first = columns->family_first || str_eq(title, "姓");
        }
    }
    return has_address;
}

static void
note_unused(struct people *people, const struct csv_row *row, const struct columns *columns)
{
    people->unused = mem_array(people, const char *, row->count + 1);
    for (size_t i = 0; i < row->count; i++)
        if (columns->kinds[i] == COLUMN_UNKNOWN && *row->cells[i] != '\0')
            people->unused[people->unused_count++] = utf8_cut(people, row->cells[i], 60);
}

static void
join_names(TALLOC_CTX *ctx, const struct columns *columns, const char *first, const char *last, struct person *person)
{
    const char *before = columns->family_first ? last : first, *after = columns->family_first ? first : last;

    if (*person->name == '\0' && (*first != '\0' || *last != '\0'))
        person->name = utf8_cut(ctx, str_trim(ctx, mem_printf(ctx, "%s %s", before, after)), NAME_CHARACTERS);
}

static void
read_table_row(struct people *people, const struct csv_row *row, const struct columns *columns)
{
    struct person *person = add_person(people, row);
    const char *address = "", *first = "", *last = "", *name = "";

    if (person == NULL)
        return;
    for (size_t i = 0; i < row->count; i++) {
        const char *cell = csv_plain(row->cells[i]), *value;

        if (columns->kinds[i] == COLUMN_ADDRESS)
            address = cell;
        else if (columns->kinds[i] == COLUMN_NAME)
            name = *name == '\0' ? plain_name(people, cell, strlen(cell)) : name;
        else if (columns->kinds[i] == COLUMN_FIRST_NAME)
            first = cell;
        else if (columns->kinds[i] == COLUMN_LAST_NAME)
            last = cell;
        else if (columns->kinds[i] == COLUMN_WISH) {
            value = wish_value(columns->wishes[i], str_lower(people, utf8_fold_width(people, cell)));
            if (value == NULL)
                refuse(person, N_("\"%1\" is not a word that this column knows"), utf8_cut(people, cell, 60));
            else
                person->wishes[columns->wishes[i]] = value;
        }
    }
    if (person->reason != NULL)
        return;
    if (!read_one(people, address, person))
        refuse(person, *address == '\0' ? N_("There is no address in this line") : N_("\"%1\" is not a mail address"),
               utf8_cut(people, address, 100));
    if (*name != '\0')
        person->name = name;
    join_names(people, columns, first, last, person);
}

/* ---- lines without named columns ---- */

/* A line of cells, none of which was announced: one address and perhaps a name, or addresses alone as they are pasted. */
static void
read_loose_cells(struct people *people, const struct csv_row *row)
{
    struct person found = {.name = ""}, *person;
    const char *name = "";
    size_t good = 0, filled = 0;

    for (size_t i = 0; i < row->count && i < PEOPLE_IN_LINE; i++) {
        const char *cell = csv_plain(row->cells[i]);

        filled += *cell != '\0';
        if (*cell != '\0' && read_one(people, cell, &found))
            good++;
        else if (*cell != '\0' && *name == '\0')
            name = plain_name(people, cell, strlen(cell));
    }
    if (good == filled || good == 0) {
        for (size_t i = 0; i < row->count && i < PEOPLE_IN_LINE; i++)
            if (*row->cells[i] != '\0' && (person = add_person(people, row)) != NULL) {
                if (good > 0 && read_one(people, csv_plain(row->cells[i]), person))
                    continue;
                refuse(person, N_("\"%1\" is not a mail address"), utf8_cut(people, row->text, 100));
                return;
            }
        return;
    }
    person = add_person(people, row);
    if (person == NULL)
        return;
    person->name = *found.name != '\0' ? found.name : name;
    person->key = found.key;
    person->email = found.email;
    if (good > 1)
        refuse(person, N_("This line holds several addresses beside other text"), NULL);
}

static void
read_line(struct people *people, const struct csv_row *row, const char *line, char separator)
{
    struct person probe = {.name = ""}, *person;
    struct csv csv;
    struct csv_row cells;

    if (*line == '#')
        return;
    if (read_one(people, line, &probe)) {
        person = add_person(people, row);
        if (person != NULL) {
            person->name = probe.name;
            person->email = probe.email;
            person->key = probe.key;
        }
        return;
    }
    csv_start(&csv, line, separator);
    if (!csv_next(&csv, people, &cells))
        return;
    cells.line = row->line;
    cells.text = row->text;
    read_loose_cells(people, &cells);
    if (cells.is_torn && people->count > 0 && people->rows[people->count - 1].line == row->line)
        refuse(&people->rows[people->count - 1], N_("A quotation mark is not closed"), NULL);
}

static void
read_lines(struct people *people, const char *text)
{
    struct csv_row row = {.line = 0};

    while (*text != '\0' && !people->is_cut) {
        size_t len = strcspn(text, "\n");
        char *line = mem_strndup(people, text, len);

        row.line++;
        row.text = str_trim(people, line);
        if (*row.text != '\0') {
            /* "hana@example.jp," as mail programs leave it at the end of a line */
            while ((len = strlen(row.text)) > 0 && strchr(",;", row.text[len - 1]) != NULL)
                row.text = str_trim(people, mem_strndup(people, row.text, len - 1));
            read_line(people, &row, row.text, csv_separator(row.text));
        }
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
}

static bool
read_table(struct people *people, const char *text)
{
    struct columns columns;
    struct csv csv;
    struct csv_row row;
    size_t count;

    csv_start(&csv, text, csv_separator(text));
    if (!csv_next(&csv, people, &row) || !read_titles(people, &row, &columns))
        return false;
    people->is_table = true;
    note_unused(people, &row, &columns);
    while (!people->is_cut && csv_next(&csv, people, &row)) {
        if (row.cells[0][0] == '#' && strchr(row.cells[0], '@') == NULL)
            continue;       /* a remark, such as the last line of roster-table.h */
        count = people->count;
        read_table_row(people, &row, &columns);
        if (row.is_torn && people->count > count)
            refuse(&people->rows[count], N_("A quotation mark is not closed"), NULL);
    }
    return true;
}

struct people *
people_read(TALLOC_CTX *ctx, struct blob bytes, const char *charset, const char *language)
{
    struct people *people = mem_new(ctx, struct people);
    const char *text = people_text(people, bytes, charset, language, &people->charset);

    if (!read_table(people, text))
        read_lines(people, text);
    for (size_t i = 0; i < people->count; i++)
        if (strstr(people->rows[i].text, "\ufffd") != NULL && people->rows[i].key != NULL)
            refuse(&people->rows[i], N_("Some letters of this line cannot be read: the file's encoding may be another one"), NULL);
    return people;
}

struct person *
person_read(TALLOC_CTX *ctx, const char *text, size_t *count_r)
{
    struct people *people = people_read(ctx, blob_of(text), "utf-8", NULL);

    *count_r = people->count;
    return people->rows;
}
