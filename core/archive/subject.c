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
prefix_len(const char *s)
{
    size_t len = *s == '[' ? strcspn(s, "]") : 0;

    return len > 0 && s[len] == ']' && s[len + 1 + strspn(s + len + 1, " ")] != '\0' ? len + 1 : 0;
}

/* What is left of a subject without marks and prefixes; points into it. */
static const char *
matter_of(const char *subject)
{
    size_t len;

    while ((len = blank_len(subject)) > 0 || (len = mark_len(subject)) > 0 || (len = prefix_len(subject)) > 0)
        subject += len;
    return subject;
}

static size_t
blanks(const char *s)
{
    size_t all = 0, len;

    while ((len = blank_len(s + all)) > 0)
        all += len;
    return all;
}

bool
subject_is_same(const char *one, const char *other)
{
    one = matter_of(one);
    other = matter_of(other);
    while (*one != '\0' && *other != '\0') {
        size_t a = blanks(one), b = blanks(other);

        one += a;
        other += b;
        if (*one == '\0' || *other == '\0')
            break;
        if ((a == 0) != (b == 0) || tolower((unsigned char)*one) != tolower((unsigned char)*other))
            return false;
        one++;
        other++;
    }
    return one[blanks(one)] == '\0' && other[blanks(other)] == '\0';
}
