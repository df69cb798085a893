/* charset.c - labels and conversion */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "mime/charset.h"
#include "util/str.h"

#define REPLACEMENT "\xef\xbf\xbd"

enum kind { KIND_NONE, KIND_ASCII, KIND_UTF8, KIND_JIS, KIND_ICONV };

struct charset {
    enum kind kind;
    const char *reader;     /* iconv's name for what the label means in practice */
    const char *writer;     /* and for what it means by its standard; NULL: the same */
    char own[48];           /* the label itself, where the table has no row */
};

static const struct { const char *label; enum kind kind; const char *reader, *writer; } labels[] = {
    {"us-ascii", KIND_ASCII, NULL, NULL},
    {"ascii", KIND_ASCII, NULL, NULL},
    {"ansi_x3.4-1968", KIND_ASCII, NULL, NULL},
    {"utf-8", KIND_UTF8, NULL, NULL},
    {"utf8", KIND_UTF8, NULL, NULL},
    {"unicode-1-1-utf-8", KIND_UTF8, NULL, NULL},
    {"iso-2022-jp", KIND_JIS, NULL, NULL},
    {"iso-2022-jp-1", KIND_JIS, NULL, NULL},
    {"iso-2022-jp-ms", KIND_JIS, NULL, NULL},
    {"csiso2022jp", KIND_JIS, NULL, NULL},
    {"cp50220", KIND_JIS, NULL, NULL},
    {"cp50221", KIND_JIS, NULL, NULL},
    {"cp50222", KIND_JIS, NULL, NULL},
    {"jis", KIND_JIS, NULL, NULL},
    {"shift_jis", KIND_ICONV, "CP932", NULL},
    {"shift-jis", KIND_ICONV, "CP932", NULL},
    {"sjis", KIND_ICONV, "CP932", NULL},
    {"x-sjis", KIND_ICONV, "CP932", NULL},
    {"ms_kanji", KIND_ICONV, "CP932", NULL},
    {"csshiftjis", KIND_ICONV, "CP932", NULL},
    {"windows-31j", KIND_ICONV, "CP932", NULL},
    {"cp932", KIND_ICONV, "CP932", NULL},
    {"ms932", KIND_ICONV, "CP932", NULL},
    {"euc-jp", KIND_ICONV, "EUC-JP-MS", NULL},
    {"x-euc-jp", KIND_ICONV, "EUC-JP-MS", NULL},
    {"eucjp", KIND_ICONV, "EUC-JP-MS", NULL},
    {"cp51932", KIND_ICONV, "EUC-JP-MS", NULL},
    {"iso-8859-1", KIND_ICONV, "CP1252", "ISO-8859-1"},
    {"iso8859-1", KIND_ICONV, "CP1252", "ISO-8859-1"},
    {"iso_8859-1", KIND_ICONV, "CP1252", "ISO-8859-1"},
    {"latin1", KIND_ICONV, "CP1252", "ISO-8859-1"},
    {"iso-8859-9", KIND_ICONV, "CP1254", "ISO-8859-9"},
    {"iso-8859-11", KIND_ICONV, "CP874", "ISO-8859-11"},
    {"iso-8859-8-i", KIND_ICONV, "ISO-8859-8", NULL},
    {"iso-8859-8-e", KIND_ICONV, "ISO-8859-8", NULL},
    {"tis-620", KIND_ICONV, "CP874", "TIS-620"},
    {"windows-874", KIND_ICONV, "CP874", NULL},
    {"gb2312", KIND_ICONV, "GB18030", "GB2312"},
    {"gbk", KIND_ICONV, "GB18030", "GBK"},
    {"x-gbk", KIND_ICONV, "GB18030", "GBK"},
    {"big5", KIND_ICONV, "BIG5-HKSCS", "BIG5"},
    {"euc-kr", KIND_ICONV, "UHC", "EUC-KR"},
    {"ks_c_5601-1987", KIND_ICONV, "UHC", NULL},
    {"ks_c_5601", KIND_ICONV, "UHC", NULL},
    {"ksc5601", KIND_ICONV, "UHC", NULL},
    {"macintosh", KIND_ICONV, "MACINTOSH", NULL},
    {"x-mac-roman", KIND_ICONV, "MACINTOSH", NULL},
    {"dos-720", KIND_ICONV, "CP720", NULL},
};

/* iconv's names may carry orders ("//IGNORE") and places ("char"); a label from a mail may not. */
static bool
label_is_plain(const char *label)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.:+()";

    return strspn(label, allowed) == strlen(label) && strpbrk(label, "0123456789-_") != NULL &&
           strstr(label, "utf-7") == NULL && strstr(label, "utf7") == NULL;
}

static bool
iconv_knows(const char *name)
{
    iconv_t cd = iconv_open("UTF-8", name);

    if (cd == (iconv_t)-1)
        return false;
    iconv_close(cd);
    return true;
}

/* The label in small letters without blanks and quotes around it; false when it cannot be one. */
static bool
label_fold(const char *label, char *folded, size_t room)
{
    size_t len;

    label += strspn(label, " \t\r\n\"'");
    len = strcspn(label, " \t\r\n\"';");
    if (len == 0 || len >= room)
        return false;
    for (size_t i = 0; i < len; i++)
        folded[i] = (char)(label[i] >= 'A' && label[i] <= 'Z' ? label[i] + 32 : label[i]);
    folded[len] = '\0';
    return true;
}

static void
charset_find(const char *label, struct charset *charset)
{
    *charset = (struct charset){KIND_NONE, NULL, NULL, ""};
    if (label == NULL || !label_fold(label, charset->own, sizeof(charset->own)))
        return;
    for (size_t i = 0; i < COUNT_OF(labels); i++)
        if (strcmp(labels[i].label, charset->own) == 0) {
            charset->kind = labels[i].kind;
            charset->reader = labels[i].reader;
            charset->writer = labels[i].writer;
            return;
        }
    if (!label_is_plain(charset->own) || !iconv_knows(charset->own))
        return;
    charset->kind = KIND_ICONV;
    charset->reader = charset->own;
}

bool
charset_is_known(const char *label)
{
    struct charset charset;

    charset_find(label, &charset);
    return charset.kind != KIND_NONE;
}

/* Converts by an open descriptor; what cannot be read becomes U+FFFD. Returns how often. */
static size_t
convert_with(struct str *out, iconv_t cd, struct blob bytes)
{
    char *in = (char *)(uintptr_t)bytes.data, chunk[4096];
    size_t left = bytes.len, errors = 0;

    iconv(cd, NULL, NULL, NULL, NULL);
    while (left > 0) {
        char *to = chunk;
        size_t room = sizeof(chunk);
        size_t result = iconv(cd, &in, &left, &to, &room);
        int error = errno;

        str_addn(out, chunk, (size_t)(to - chunk));
        if (result != (size_t)-1 || error == E2BIG)
            continue;
        str_add(out, REPLACEMENT);
        errors++;
        in++;
        left--;
        if (error == EINVAL)
            break;
    }
    return errors;
}

static size_t
convert_iconv(struct str *out, const char *name, struct blob bytes)
{
    iconv_t cd = iconv_open("UTF-8", name);
    size_t errors;

    if (cd == (iconv_t)-1)
        return SIZE_MAX;
    errors = convert_with(out, cd, bytes);
    iconv_close(cd);
    return errors;
}

/* ISO-2022-JP */

enum jis_set { JIS_ASCII, JIS_ROMAN, JIS_0208, JIS_0212, JIS_KANA, JIS_UNKNOWN };

static const struct { const char *escape; enum jis_set set; } jis_escapes[] = {
    {"(B", JIS_ASCII}, {"(J", JIS_ROMAN}, {"(H", JIS_ROMAN}, {"(I", JIS_KANA}, {"$B", JIS_0208}, {"$@", JIS_0208},
    {"$(B", JIS_0208}, {"$(@", JIS_0208}, {"$(Q", JIS_0208}, {"$(O", JIS_0208}, {"$(D", JIS_0212},
    {"&@", JIS_UNKNOWN},    /* "the next set is that of 1990": nothing by itself */
};

struct jis {
    struct str *out;
    struct str *run;        /* bytes of CP932, or of EUC when run_is_euc, not yet converted */
    bool run_is_euc;
    iconv_t cp932, euc;
    enum jis_set set, before_so;
    size_t errors;
};

static void
jis_flush(struct jis *jis)
{
    if (jis->run->len > 0)
        jis->errors += convert_with(jis->out, jis->run_is_euc ? jis->euc : jis->cp932, str_blob(jis->run));
    str_clear(jis->run);
}

static void
jis_put(struct jis *jis, bool euc, const void *bytes, size_t len)
{
    if (euc != jis->run_is_euc)
        jis_flush(jis);
    jis->run_is_euc = euc;
    str_addn(jis->run, bytes, len);
}

/* A 7-bit pair as the Shift_JIS code of the same character (JIS X 0208 appendix). */
static void
jis_put_0208(struct jis *jis, uint8_t first, uint8_t second)
{
    unsigned row = first - 0x21u, cell = second - 0x21u;
    uint8_t pair[2];

    pair[0] = (uint8_t)(row / 2 + (row < 62 ? 0x81 : 0xc1));
    pair[1] = (uint8_t)(row % 2 == 1 ? cell + 0x9f : cell + 0x40 + (cell >= 63));
    jis_put(jis, false, pair, 2);
}

/* Length of the escape sequence at p (ESC not counted), or 0 when it is none we know. */
static size_t
jis_escape(struct jis *jis, const uint8_t *p, size_t left)
{
    for (size_t i = 0; i < COUNT_OF(jis_escapes); i++) {
        size_t len = strlen(jis_escapes[i].escape);

        if (left < len || memcmp(p, jis_escapes[i].escape, len) != 0)
            continue;
        if (jis_escapes[i].set != JIS_UNKNOWN)
            jis->set = jis->before_so = jis_escapes[i].set;
        return len;
    }
    return 0;
}

static bool
is_94(uint8_t byte)
{
    return byte > 0x20 && byte < 0x7f;
}

/* A graphic byte in the present set; returns how many bytes it took. */
static size_t
jis_graphic(struct jis *jis, const uint8_t *p, size_t left)
{
    bool paired = left > 1 && is_94(p[1]);

    if (jis->set == JIS_KANA && p[0] < 0x60) {
        uint8_t kana = p[0] | 0x80;

        jis_put(jis, false, &kana, 1);
        return 1;
    }
    if (jis->set == JIS_0208 && paired) {
        jis_put_0208(jis, p[0], p[1]);
        return 2;
    }
    if (jis->set == JIS_0212 && paired) {
        uint8_t three[3] = {0x8f, p[0] | 0x80, p[1] | 0x80};

        jis_put(jis, true, three, 3);
        return 2;
    }
    if (jis->set == JIS_ASCII || jis->set == JIS_ROMAN) {
        jis_put(jis, false, p, 1);
        return 1;
    }
    jis_flush(jis);
    str_add(jis->out, REPLACEMENT);
    jis->errors++;
    return 1;
}

/* Controls: shifts, and line ends, which bring back ASCII (RFC 1468). */
static void
jis_control(struct jis *jis, uint8_t byte)
{
    if (byte == 0x0e) {
        if (jis->set != JIS_KANA)
            jis->before_so = jis->set;
        jis->set = JIS_KANA;
    } else if (byte == 0x0f)
        jis->set = jis->before_so;
    else {
        if (byte == '\r' || byte == '\n')
            jis->set = jis->before_so = JIS_ASCII;
        jis_put(jis, false, &byte, 1);
    }
}

static size_t
convert_jis(struct str *out, struct blob bytes)
{
    struct jis jis = {.out = out, .run = str_new(NULL)};

    jis.cp932 = iconv_open("UTF-8", "CP932");
    jis.euc = iconv_open("UTF-8", "EUC-JP-MS");
    must(jis.cp932 != (iconv_t)-1 && jis.euc != (iconv_t)-1);
    for (size_t i = 0; i < bytes.len;) {
        const uint8_t *p = bytes.data + i;

        if (*p == 0x1b) {
            size_t len = jis_escape(&jis, p + 1, bytes.len - i - 1);

            jis.errors += len == 0;
            i += 1 + len;
        } else if (is_94(*p))
            i += jis_graphic(&jis, p, bytes.len - i);
        else if (*p < 0x80) {
            jis_control(&jis, *p);
            i++;
        } else {
            jis_put(&jis, false, p, 1);     /* 8-bit in 7-bit text: CP932, if anything */
            jis.errors++;
            i++;
        }
    }
    jis_flush(&jis);
    iconv_close(jis.cp932);
    iconv_close(jis.euc);
    talloc_free(jis.run);
    return jis.errors;
}

/* Any charset */

/* Returns the number of places that could not be read. UTF-8 passes through: utf8_clean() judges it at the end. */
static size_t
convert(struct str *out, const struct charset *charset, struct blob bytes)
{
    if (charset->kind == KIND_JIS)
        return convert_jis(out, bytes);
    if (charset->kind == KIND_ICONV)
        return convert_iconv(out, charset->reader, bytes);
    str_addn(out, bytes.data, bytes.len);
    return charset_is_utf8(bytes) ? 0 : 1;
}

/* The label did not fit the bytes: reads them anew if a guess does, without a fault. */
static void
second_opinion(struct str *out, struct blob bytes)
{
    struct str *other = str_new(NULL);
    struct charset guess;

    charset_find(charset_guess(bytes), &guess);
    if (guess.kind != KIND_ASCII && !str_eq(guess.reader, "windows-1252") && convert(other, &guess, bytes) == 0) {
        str_clear(out);
        str_addn(out, other->s, other->len);
    }
    talloc_free(other);
}

char *
charset_to_utf8(TALLOC_CTX *ctx, const char *label, struct blob bytes)
{
    struct str *out = str_new(NULL);
    struct charset charset;
    char *clean;

    charset_find(label, &charset);
    if (charset.kind == KIND_NONE || charset.kind == KIND_ASCII)
        charset_find(charset_guess(bytes), &charset);
    if (convert(out, &charset, bytes) > 0)
        second_opinion(out, bytes);
    clean = utf8_clean(ctx, out->s, out->len);
    talloc_free(out);
    return clean;
}

/* Writing */

/* Characters that Unicode has twice for one place of JIS X 0208; the columns are what ISO-2022-JP and what CP932 take. */
static const struct { const char *jis, *cp932; } twins[] = {
    {"\u301c", "\uff5e"}, {"\u2016", "\u2225"}, {"\u2212", "\uff0d"}, {"\u2014", "\u2015"},
    {"\u00a2", "\uffe0"}, {"\u00a3", "\uffe1"}, {"\u00ac", "\uffe2"},
};

static void
add_with_twins(struct str *out, const char *text, bool for_jis)
{
    while (*text != '\0') {
        size_t i, len = 1;

        for (i = 0; i < COUNT_OF(twins); i++) {
            const char *from = for_jis ? twins[i].cp932 : twins[i].jis;

            if (str_starts(text, from)) {
                len = strlen(from);
                str_add(out, for_jis ? twins[i].jis : twins[i].cp932);
                break;
            }
        }
        if (i == COUNT_OF(twins))
            str_addc(out, *text);
        text += len;
    }
}

/* The whole text or nothing. */
static bool
encode(struct str *out, const char *name, const char *text)
{
    iconv_t cd = iconv_open(name, "UTF-8");
    char *in = (char *)(uintptr_t)text, chunk[4096];
    size_t left = strlen(text);
    bool flushed = false, ok = true;

    if (cd == (iconv_t)-1)
        return false;
    while (ok && !flushed) {
        char *to = chunk;
        size_t room = sizeof(chunk);
        bool last = left == 0;
        size_t result = iconv(cd, last ? NULL : &in, last ? NULL : &left, &to, &room);

        ok = result == 0 || (result == (size_t)-1 && errno == E2BIG);
        flushed = last && result != (size_t)-1;
        str_addn(out, chunk, (size_t)(to - chunk));
    }
    iconv_close(cd);
    return ok;
}

static bool
is_japanese_vendor(const struct charset *charset)
{
    return charset->reader != NULL && (strcmp(charset->reader, "CP932") == 0 || strcmp(charset->reader, "EUC-JP-MS") == 0);
}

bool
charset_from_utf8(TALLOC_CTX *ctx, const char *label, const char *text, struct blob *bytes_r)
{
    struct str *plain = str_new(NULL), *out = str_new(ctx);
    struct charset charset;
    bool ok = true;

    charset_find(label, &charset);
    if (charset.kind == KIND_JIS || is_japanese_vendor(&charset))
        add_with_twins(plain, text, charset.kind == KIND_JIS);
    else
        str_add(plain, text);
    if (charset.kind == KIND_NONE || !utf8_is_valid(text, strlen(text)))
        ok = false;
    else if (charset.kind == KIND_ASCII)
        ok = encode(out, "US-ASCII", plain->s);
    else if (charset.kind == KIND_JIS)
        ok = encode(out, "ISO-2022-JP", plain->s);
    else if (charset.kind == KIND_UTF8)
        str_add(out, text);
    else
        ok = encode(out, charset.writer != NULL ? charset.writer : charset.reader, plain->s);
    talloc_free(plain);
    if (ok)
        *bytes_r = str_blob(out);
    else
        talloc_free(out);
    return ok;
}
