/* charset-guess.c - what unlabelled bytes most probably are */
#include <string.h>

#include "mime/charset.h"
#include "util/str.h"

struct score {
    size_t good;    /* kana, punctuation, the kanji of every day */
    size_t rare;    /* possible, but not what people write */
    size_t weak;    /* of the good, those whose second byte is ASCII: one alone may be an accented letter and the next one */
    size_t half;    /* half-width kana, which accented Latin letters look like */
    size_t wrong;   /* no character at all */
};

static struct score
score_cp932(struct blob bytes)
{
    struct score score = {0};

    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t a = bytes.data[i], b = i + 1 < bytes.len ? bytes.data[i + 1] : 0;
        unsigned code = (unsigned)a << 8 | b;

        if (a < 0x80)
            continue;
        if (a >= 0xa1 && a <= 0xdf) {
            score.half++;
            continue;
        }
        if (a == 0x80 || a == 0xa0 || a > 0xfc || b < 0x40 || b == 0x7f || b > 0xfc)
            score.wrong++;
        else if (code < 0x8397 || (code >= 0x8740 && code < 0x879d) || (code >= 0x889f && code <= 0x9872))
            score.good++, score.weak += b < 0x80;
        else
            score.rare++;
        i++;
    }
    return score;
}

static struct score
score_euc(struct blob bytes)
{
    struct score score = {0};

    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t a = bytes.data[i], b = i + 1 < bytes.len ? bytes.data[i + 1] : 0;

        if (a < 0x80)
            continue;
        if (a == 0x8f)
            score.rare++, i++;
        else if (a == 0x8e && b >= 0xa1 && b <= 0xdf)
            score.half++;
        else if (a < 0xa1 || a == 0xff || b < 0xa1 || b == 0xff)
            score.wrong++;
        else if (a <= 0xa5 || a == 0xad || (a >= 0xb0 && a <= 0xcf))
            score.good++;
        else
            score.rare++;
        i++;
    }
    return score;
}

static bool
is_plausible(struct score score)
{
    return score.wrong == 0 && score.good > score.rare && score.good * 2 > score.half && (score.good > 1 || score.weak == 0);
}

/* Pairs of high bytes only, three together somewhere: what is not Japanese then is Chinese. Accented letters stand alone. */
static bool
is_all_pairs(struct blob bytes)
{
    size_t run = 0, longest = 0;

    for (size_t i = 0; i <= bytes.len; i++) {
        uint8_t c = i < bytes.len ? bytes.data[i] : 0;

        if (c >= 0xa1 && c <= 0xfe) {
            run++;
            continue;
        }
        if (run % 2 != 0 || c >= 0x80)
            return false;
        longest = run > longest ? run : longest;
        run = 0;
    }
    return longest >= 6;
}

static bool
has_escape(struct blob bytes)
{
    for (const uint8_t *p = bytes.data, *end = p + bytes.len; p < end; p++) {
        p = memchr(p, 0x1b, (size_t)(end - p));
        if (p == NULL)
            return false;
        if (p + 2 < end && (p[1] == '$' || p[1] == '('))
            return true;
    }
    return false;
}

bool
charset_is_utf8(struct blob bytes)
{
    const uint8_t *p = bytes.data, *end = p + bytes.len;

    while (p < end) {
        const uint8_t *nul = memchr(p, 0, (size_t)(end - p));
        const uint8_t *stop = nul != NULL ? nul : end;

        if (!utf8_is_valid(p, (size_t)(stop - p)))
            return false;
        p = stop + 1;
    }
    return true;
}

const char *
charset_guess(struct blob bytes)
{
    if (!blob_has_8bit(bytes))
        return has_escape(bytes) ? "iso-2022-jp" : "us-ascii";
    if (charset_is_utf8(bytes))
        return "utf-8";
    if (is_plausible(score_euc(bytes)))
        return "euc-jp";
    if (is_plausible(score_cp932(bytes)))
        return "cp932";
    if (is_all_pairs(bytes))
        return "gb18030";
    return has_escape(bytes) ? "iso-2022-jp" : "windows-1252";
}
