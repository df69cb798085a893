/* view-language.c - which language a text's letters show */
#include <string.h>

#include "mime/view-private.h"

enum { LOOK_MOST = 4 << 10, HAN_LEAST = 10 };

enum script { SCRIPT_NONE, SCRIPT_LATIN, SCRIPT_HAN, SCRIPT_KANA, SCRIPT_HANGUL, SCRIPT_CYRILLIC, SCRIPT_GREEK, SCRIPT_HEBREW,
              SCRIPT_ARABIC, SCRIPT_THAI, SCRIPT_DEVANAGARI, SCRIPT_COUNT };

static const struct { uint32_t from, to; enum script script; } scripts[] = {
    {0x41, 0x5a, SCRIPT_LATIN},         {0x61, 0x7a, SCRIPT_LATIN},         {0xc0, 0x24f, SCRIPT_LATIN},
    {0x370, 0x3ff, SCRIPT_GREEK},       {0x400, 0x52f, SCRIPT_CYRILLIC},    {0x590, 0x5ff, SCRIPT_HEBREW},
    {0x600, 0x6ff, SCRIPT_ARABIC},      {0x900, 0x97f, SCRIPT_DEVANAGARI},  {0xe00, 0xe7f, SCRIPT_THAI},
    {0x1100, 0x11ff, SCRIPT_HANGUL},    {0x1f00, 0x1fff, SCRIPT_GREEK},     {0x3041, 0x309f, SCRIPT_KANA},
    {0x30a1, 0x30fa, SCRIPT_KANA},      {0x3400, 0x4dbf, SCRIPT_HAN},       {0x4e00, 0x9fff, SCRIPT_HAN},
    {0xac00, 0xd7a3, SCRIPT_HANGUL},    {0xf900, 0xfaff, SCRIPT_HAN},       {0xff66, 0xff9d, SCRIPT_KANA},
    {0x20000, 0x3134f, SCRIPT_HAN},
};

/* Those that are written in letters of their own; Latin text is looked at by its words. */
static const struct { enum script script; const char *language; } languages[] = {
    {SCRIPT_HANGUL, "ko"}, {SCRIPT_CYRILLIC, "ru"}, {SCRIPT_GREEK, "el"}, {SCRIPT_HEBREW, "he"},
    {SCRIPT_ARABIC, "ar"}, {SCRIPT_THAI, "th"}, {SCRIPT_DEVANAGARI, "hi"},
};

/* Short words that stand in every other sentence of one language and hardly in another. */
static const struct { const char *language, *words[8]; } latin[] = {
    {"en", {" the ", " and ", " you ", " that ", " with ", " this ", " for ", " have "}},
    {"de", {" und ", " der ", " die ", " nicht ", " ist ", " das ", " mit ", " ich "}},
    {"fr", {" les ", " des ", " est ", " une ", " pas ", " pour ", " vous ", " dans "}},
    {"es", {" que ", " los ", " una ", " para ", " por ", " como ", " está ", " del "}},
    {"it", {" che ", " di ", " non ", " per ", " una ", " sono ", " della ", " il "}},
    {"nl", {" het ", " een ", " van ", " niet ", " voor ", " dat ", " zijn ", " ik "}},
    {"pt", {" que ", " não ", " uma ", " para ", " com ", " dos ", " você ", " mais "}},
};

static uint32_t
next_letter(const unsigned char **at)
{
    const unsigned char *s = *at;
    int more = *s < 0x80 ? 0 : *s < 0xe0 ? 1 : *s < 0xf0 ? 2 : 3;
    uint32_t code = more == 0 ? *s : *s & (0x3fu >> more);

    for (s++; more > 0 && (*s & 0xc0) == 0x80; more--)
        code = code << 6 | (*s++ & 0x3fu);
    *at = s;
    return code;
}

static enum script
script_of(uint32_t code)
{
    for (size_t i = 0; i < COUNT_OF(scripts) && code >= scripts[i].from; i++)
        if (code <= scripts[i].to)
            return scripts[i].script;
    return SCRIPT_NONE;
}

/* The words of `language` are more than those of any other, and some at least. */
static const char *
by_words(const char *text)
{
    size_t best = 1, second = 0;
    const char *language = NULL;

    for (size_t i = 0; i < COUNT_OF(latin); i++) {
        size_t found = 0;

        for (size_t k = 0; k < COUNT_OF(latin[i].words); k++)
            found += strstr(text, latin[i].words[k]) != NULL;
        if (found > best) {
            second = language != NULL ? best : 0;
            best = found;
            language = latin[i].language;
        } else if (found > second) {
            second = found;
        }
    }
    return best > second ? language : NULL;
}

static const char *
by_letters(const char *text)
{
    size_t count[SCRIPT_COUNT] = {0}, all = 0;

    for (const unsigned char *s = (const unsigned char *)text; *s != '\0';)
        count[script_of(next_letter(&s))]++;
    for (int i = SCRIPT_LATIN; i < SCRIPT_COUNT; i++)
        all += count[i];
    if (count[SCRIPT_KANA] > 0 && (count[SCRIPT_KANA] + count[SCRIPT_HAN]) * 10 > all)
        return "ja";
    for (size_t i = 0; i < COUNT_OF(languages); i++)
        if (count[languages[i].script] * 3 > all)
            return languages[i].language;
    if (count[SCRIPT_HAN] * 3 > all)
        return count[SCRIPT_HAN] >= HAN_LEAST ? "zh" : NULL;
    return NULL;
}

/* The beginning of what they wrote themselves; of what they quote only when there is nothing else. Addresses of pages and line
 * ends are no words. */
static char *
text_to_look_at(TALLOC_CTX *ctx, const struct view *view)
{
    struct str *out = str_new(ctx);

    for (int quoted = 0; quoted < 2 && out->len == 0; quoted++)
        for (size_t i = 0; i < view->block_count && out->len < LOOK_MOST; i++)
            if (view->blocks[i].kind == (quoted == 1 ? VIEW_QUOTE : VIEW_TEXT)) {
                str_addc(out, ' ');
                str_add(out, utf8_cut_bytes(out, view->blocks[i].text, LOOK_MOST));
            }
    for (char *s = out->s; *s != '\0'; s++)
        if (*s == '\n' || *s == '\t')
            *s = ' ';
        else if (*s >= 'A' && *s <= 'Z')
            *s = (char)(*s + 32);
    for (char *s = out->s; (s = strstr(s, "http")) != NULL;)
        while (*s > ' ' && *s < 0x7f)
            *s++ = ' ';
    return out->s;
}

const char *
view_language(const struct view *view)
{
    char *text = text_to_look_at(NULL, view);
    const char *language = by_letters(text);

    if (language == NULL)
        language = by_words(text);
    talloc_free(talloc_parent(text));
    return language;
}
