/* summary.c - the values of a header, read once */
#include <string.h>
#include <strings.h>

#include "mime/summary.h"
#include "mime/word.h"
#include "util/clock.h"
#include "util/str.h"

enum { DATE_WORDS_MAX = 12, DATE_MAX = 200, YEAR_FIRST = 1970, YEAR_END = 2100 };

/* Dates */

/* Comments out, "6-Sep-12" in three words, in small letters; cut at DATE_MAX. */
static void
date_plain(const char *text, char plain[DATE_MAX + 1])
{
    size_t depth = 0, len = 0;
    bool before_time = true;
    const char *first_colon = strchr(text, ':');

    for (const char *p = text; *p != '\0' && len < DATE_MAX; p++) {
        char c = *p;

        if (c == '(')
            depth++;
        if (depth > 0) {
            depth -= c == ')';
            continue;
        }
        before_time = first_colon == NULL || p < first_colon;
        if (c == ',' || c == '\t' || c == '\r' || c == '\n' || (c == '-' && before_time))
            c = ' ';
        plain[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    plain[len] = '\0';
}

static size_t
date_words(char *plain, char *words[DATE_WORDS_MAX])
{
    size_t count = 0;
    char *state, *word = strtok_r(plain, " ", &state);

    for (; word != NULL && count < DATE_WORDS_MAX; word = strtok_r(NULL, " ", &state))
        words[count++] = word;
    return count;
}

static int
month_of(const char *word)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    for (int i = 0; i < 12; i++)
        if (strncmp(word, names + i * 3, 3) == 0)
            return i + 1;
    return 0;
}

static bool
number_of(const char *word, int64_t min, int64_t max, int64_t *value_r)
{
    return word[0] != '-' && strlen(word) <= 4 && str_to_int(word, min, max, value_r);
}

/* RFC 5322 4.3: two and three digits are years of the last century and this one. */
static int64_t
full_year(const char *digits, int64_t year)
{
    if (strlen(digits) == 2)
        return year + (year < 50 ? 2000 : 1900);
    return strlen(digits) == 3 ? year + 1900 : year;
}

/* "hh:mm", "hh:mm:ss", with a fraction or not. */
static bool
seconds_of(const char *word, int64_t *seconds_r)
{
    char part[3][3] = {"", "", "0"};
    int64_t value[3];
    const char *p = word;

    for (size_t i = 0; i < 3; i++) {
        size_t len = strspn(p, "0123456789");

        if (len == 0 || len > 2)
            return false;
        memcpy(part[i], p, len);
        part[i][len] = '\0';
        p += len;
        if (*p != ':')
            break;
        p++;
    }
    if (!str_to_int(part[0], 0, 23, &value[0]) || !str_to_int(part[1], 0, 59, &value[1]) ||
        !str_to_int(part[2], 0, 60, &value[2]) || (*p != '\0' && *p != '.'))
        return false;
    *seconds_r = value[0] * 3600 + value[1] * 60 + value[2];
    return true;
}

/* "+0900", "+09:00", or a name; what is not known is UTC, as RFC 5322 4.3 wants. In seconds east. */
static int64_t
zone_of(const char *word)
{
    static const struct { const char *name; int hours; } names[] = {
        {"est", -5}, {"edt", -4}, {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7},
        {"ast", -4}, {"adt", -3}, {"jst", 9},  {"kst", 9},  {"cet", 1},  {"cest", 2}, {"met", 1},  {"mest", 2},
        {"eet", 2},  {"eest", 3}, {"bst", 1},  {"ist", 5},  {"msk", 3},  {"hst", -10}, {"akst", -9}, {"akdt", -8},
    };
    char digits[5] = "";
    size_t len = 0;
    int64_t value;

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(word, names[i].name) == 0)
            return names[i].hours * 3600 + (strcmp(word, "ist") == 0 ? 1800 : 0);
    if (word[0] != '+' && word[0] != '-')
        return 0;
    for (const char *p = word + 1; *p != '\0' && len < 4; p++)
        if (*p != ':')
            digits[len++] = *p;
    if (len < 3 || !str_to_int(digits, 0, 1459, &value) || value % 100 > 59)
        return 0;
    value = value / 100 * 3600 + value % 100 * 60;
    return word[0] == '-' ? -value : value;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct date {
    int64_t day, month, year, seconds, zone;
};

/* The words around the month's name: "6 Sep 2012 08:08:21 -0700", or "Sep 6 08:08:21 2012" as ctime writes. Returns the place
 * of the year, 0 when this is no date. */
static size_t
day_and_year(char *const *words, size_t count, size_t month, size_t time, struct date *date)
{
    size_t year;

    date->month = month_of(words[month]);
    if (date->month == 0)
        return 0;
    if (month > 0 && number_of(words[month - 1], 1, 31, &date->day))
        year = month + 1;
    else if (month + 1 < count && number_of(words[month + 1], 1, 31, &date->day))
        year = time == month + 2 ? time + 1 : month + 2;
    else
        return 0;
    if (year >= count || !number_of(words[year], 0, 9999, &date->year))
        return 0;
    date->year = full_year(words[year], date->year);
    return year;
}

/* "Mar" may be a weekday in French: the first month that has a day and a year beside it. */
static bool
date_read(char *const *words, size_t count, struct date *date)
{
    size_t time = 0, year = 0, last;

    while (time < count && strchr(words[time], ':') == NULL)
        time++;
    if (time == count || !seconds_of(words[time], &date->seconds))
        return false;
    for (size_t month = 0; month < count && year == 0; month++)
        year = day_and_year(words, count, month, time, date);
    last = year > time ? year : time;
    date->zone = last + 1 < count ? zone_of(words[last + 1]) : 0;
    return year > 0;
}

int64_t
summary_date(const char *text)
{
    char plain[DATE_MAX + 1], *words[DATE_WORDS_MAX];
    struct date date = {0};
    int64_t seconds;

    date_plain(text, plain);
    if (!date_read(words, date_words(plain, words), &date))
        return 0;
    if (date.year < YEAR_FIRST || date.year >= YEAR_END)
        return 0;
    seconds = days_of(date.year, date.month, date.day) * 86400 + date.seconds - date.zone;
    return seconds > 0 ? seconds * US_PER_S : 0;
}

/* Message ids */

/* Without the blanks that folding put into it; NULL when it is none. */
static char *
id_clean(TALLOC_CTX *ctx, const char *text, size_t len)
{
    char *id = mem_strndup(ctx, text, len), *to = id;

    for (const char *p = id; *p != '\0'; p++)
        if (*p != ' ' && *p != '\t')
            *to++ = *p;
    *to = '\0';
    len = strlen(id);
    for (const char *p = id; *p != '\0'; p++)
        if ((uint8_t)*p < 0x20 || *p == 0x7f || *p == '<')
            len = 0;
    if (len == 0 || len > SUMMARY_ID_MAX || !utf8_is_valid(id, len)) {
        talloc_free(id);
        return NULL;
    }
    return id;
}

/* The next id in <> at *p, which is moved behind it; NULL at the end. What is no id is stepped over. */
static char *
next_id(TALLOC_CTX *ctx, const char **p)
{
    const char *open, *close;

    while ((open = strchr(*p, '<')) != NULL && (close = strchr(open, '>')) != NULL) {
        char *id;

        while (memchr(open + 1, '<', (size_t)(close - open - 1)) != NULL)
            open = strchr(open + 1, '<');
        *p = close + 1;
        id = id_clean(ctx, open + 1, (size_t)(close - open - 1));
        if (id != NULL)
            return id;
    }
    *p += strlen(*p);
    return NULL;
}

char *
summary_message_id(TALLOC_CTX *ctx, const char *value)
{
    const char *p = value;
    char *id = next_id(ctx, &p);

    if (id == NULL && strchr(value, '<') == NULL && strpbrk(value, " \t") == NULL && strchr(value, '@') != NULL)
        id = id_clean(ctx, value, strlen(value));
    return id;
}

/* All ids, or the last SUMMARY_REFERENCES_MAX of them. */
static const char **
read_references(TALLOC_CTX *ctx, const char *value, size_t *count_r)
{
    const char **ids = mem_array(ctx, const char *, SUMMARY_REFERENCES_MAX + 1);
    size_t total = 0, first;
    char *id;

    while ((id = next_id(ids, &value)) != NULL) {
        size_t at = total++ % SUMMARY_REFERENCES_MAX;

        talloc_free((void *)(uintptr_t)ids[at]);
        ids[at] = id;
    }
    *count_r = total < SUMMARY_REFERENCES_MAX ? total : SUMMARY_REFERENCES_MAX;
    first = total < SUMMARY_REFERENCES_MAX ? 0 : total % SUMMARY_REFERENCES_MAX;
    if (first > 0) {
        const char **turned = mem_array(ctx, const char *, SUMMARY_REFERENCES_MAX + 1);

        for (size_t i = 0; i < *count_r; i++)
            turned[i] = ids[(first + i) % SUMMARY_REFERENCES_MAX];
        return turned;
    }
    return ids;
}

/* Addresses and words */

/* Takes over the rows of a field, as many as the bound leaves room for. */
static void
add_rows(struct address_list *all, const struct address_list *list, size_t *room)
{
    size_t left = ADDRESS_LIST_MAX - all->count, take = list->count < left ? list->count : left;

    if (all->count + take > *room) {
        *room = (all->count + take) * 2;
        all->rows = mem_resize(all, all->rows, struct address, *room);
    }
    if (take > 0)
        memcpy(all->rows + all->count, list->rows, take * sizeof(*list->rows));
    all->count += take;
    all->groups += list->groups;
    all->cut = list->cut || take < list->count;
}

struct address_list *
summary_addresses(TALLOC_CTX *ctx, const struct header *header, const char *name)
{
    struct address_list *all = mem_new(ctx, struct address_list);
    size_t room = 0;

    for (size_t i = 0; i < header->count && !all->cut; i++)
        if (header_field_is(&header->fields[i], name))
            add_rows(all, address_list_parse(all, header_raw(&header->fields[i])), &room);
    return all;
}

static char *
clean_value(TALLOC_CTX *ctx, const struct header *header, const char *name)
{
    char *value = header_get(NULL, header, name), *clean = NULL;

    if (value != NULL)
        clean = utf8_clean(ctx, value, strlen(value));
    talloc_free(value);
    return clean;
}

/* The first word, in small letters; NULL when there is none. */
static char *
first_word(TALLOC_CTX *ctx, const struct header *header, const char *name)
{
    char *value = clean_value(NULL, header, name), *word = NULL;

    if (value != NULL) {
        value[strcspn(value, " \t;(")] = '\0';
        word = *value != '\0' ? str_lower(ctx, value) : NULL;
    }
    talloc_free(value);
    return word;
}

/* RFC 2919: what stands in the last <>, or the whole value where mailers forget them. */
static char *
read_list_id(TALLOC_CTX *ctx, const struct header *header)
{
    char *value = clean_value(NULL, header, "List-Id"), *open = value != NULL ? strrchr(value, '<') : NULL;
    char *close = open != NULL ? strchr(open, '>') : NULL, *id = close != NULL ? open + 1 : value, *result = NULL;

    if (close != NULL)
        *close = '\0';
    if (!str_is_empty(id) && strpbrk(id, " \t") == NULL)
        result = str_lower(ctx, id);
    talloc_free(value);
    return result;
}

static const struct address *
read_author(const struct summary *summary)
{
    const struct address_list *from = summary->from;

    return summary->from_fields == 1 && from->count == 1 && from->groups == 0 && from->rows[0].ok ? &from->rows[0] : NULL;
}

static void
read_ids(struct summary *summary, const struct header *header)
{
    char *id = header_get(summary, header, "Message-ID");
    char *reply = header_get(summary, header, "In-Reply-To");
    char *references = header_get(summary, header, "References");

    summary->message_id_fields = header_count(header, "Message-ID");
    summary->message_id = id != NULL ? summary_message_id(summary, id) : NULL;
    summary->in_reply_to = reply != NULL ? summary_message_id(summary, reply) : NULL;
    summary->thread_index = header_get(summary, header, "Thread-Index");
    summary->references = read_references(summary, references != NULL ? references : "", &summary->reference_count);
}

struct summary *
summary_read(TALLOC_CTX *ctx, const struct message *message)
{
    struct summary *summary = mem_new(ctx, struct summary);
    const struct header *header = message->header;
    char *date = header_get(summary, header, "Date");

    read_ids(summary, header);
    summary->subject = word_decode(summary, header_raw(header_find(header, "Subject", 0)));
    summary->from_fields = header_count(header, "From");
    summary->from = summary_addresses(summary, header, "From");
    summary->sender = summary_addresses(summary, header, "Sender");
    summary->reply_to = summary_addresses(summary, header, "Reply-To");
    summary->to = summary_addresses(summary, header, "To");
    summary->cc = summary_addresses(summary, header, "Cc");
    summary->author = read_author(summary);
    summary->date_us = date != NULL ? summary_date(date) : 0;
    summary->list_id = read_list_id(summary, header);
    summary->list_post = clean_value(summary, header, "List-Post");
    summary->precedence = first_word(summary, header, "Precedence");
    summary->auto_submitted = first_word(summary, header, "Auto-Submitted");
    summary->content_type = message->root->type;
    summary->size = message->raw.len;
    message_attachments(summary, message, &summary->attachment_count);
    summary->text = message_text(summary, message, SUMMARY_TEXT_MAX);
    return summary;
}
