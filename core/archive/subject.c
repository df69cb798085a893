/* subject.c - whether an answer is still about the same matter */
#include <ctype.h>
#include <string.h>

#include "archive/subject.h"
#include "util/str.h"

/* Both colons of each: half and full width are told apart below. */
static const char *const marks[] = {"re", "fwd", "fw", "aw", "wg", "sv", "vs", "tr", "返信", "転送", "ｒｅ", "Ｒｅ", "ＲＥ"};

static size_t
blank_len(const char *s)
{
    return *s == ' ' || *s == '\t' ? 1 : str_starts(s, "　") ? strlen("　") : 0;
}

/* "Re:", "RE[2]:", "Re^3:", "Re：" */
static size_t
mark_len(const char *s)
{
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        size_t len = strlen(marks[i]);

        if (!str_starts_nocase(s, marks[i]))
            continue;
        if (s[len] == '[' || s[len] == '^')
            len += 1 + strspn(s + len + 1, "0123456789");
        len += s[len] == ']';
        len += blank_len(s + len);
        if (s[len] == ':')
            return len + 1;
        if (str_starts(s + len, "："))
            return len + strlen("：");
    }
    return 0;
}

/* "[orchestra 12]", unless it is all there is. */
static size_t
prefix_len(const char *s, size_t left)
{
    size_t len = *s == '[' ? strcspn(s, "]") : 0;

    return len > 0 && s[len] == ']' && len + 1 + strspn(s + len + 1, " ") < left ? len + 1 : 0;
}

/* "[Fwd: ...]", as one program wrote it around the whole; what stands before and behind the matter goes. */
static bool
is_wrapped(const char *s, size_t len)
{
    return len > 6 && str_starts_nocase(s, "[fwd:") && s[len - 1] == ']';
}

static size_t
end_len(const char *s, size_t len)
{
    static const char mark[] = "(fwd)";
    size_t mark_len = strlen(mark);

    if (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
        return 1;
    return len > mark_len && str_starts_nocase(s + len - mark_len, mark) ? mark_len : 0;
}

/* What is left of a subject without marks and prefixes; points into it. */
static const char *
matter_of(const char *subject, size_t *len_r)
{
    size_t left = strlen(subject), len;

    while (left > 0)
        if ((len = end_len(subject, left)) > 0)
            left -= len;
        else if (is_wrapped(subject, left)) {
            subject += strlen("[fwd:");
            left -= strlen("[fwd:]");
        } else if ((len = blank_len(subject)) > 0 || (len = mark_len(subject)) > 0 || (len = prefix_len(subject, left)) > 0) {
            len = len < left ? len : left;
            subject += len;
            left -= len;
        } else
            break;
    *len_r = left;
    return subject;
}

static size_t
blanks(const char *s, const char *end)
{
    size_t all = 0, len;

    while (s + all < end && (len = blank_len(s + all)) > 0)
        all += len;
    return all;
}

bool
subject_is_same(const char *one, const char *other)
{
    size_t one_len, other_len;
    const char *one_end, *other_end;

    one = matter_of(one, &one_len);
    other = matter_of(other, &other_len);
    one_end = one + one_len;
    other_end = other + other_len;
    while (one < one_end && other < other_end) {
        size_t a = blanks(one, one_end), b = blanks(other, other_end);

        one += a;
        other += b;
        if (one == one_end || other == other_end)
            break;
        if ((a == 0) != (b == 0) || tolower((unsigned char)*one) != tolower((unsigned char)*other))
            return false;
        one++;
        other++;
    }
    return one + blanks(one, one_end) == one_end && other + blanks(other, other_end) == other_end;
}
