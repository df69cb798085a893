/* view-type.c - what a file really is, and a name that does no harm */
#include <string.h>

#include "mime/view-private.h"

enum { LOOK_WITHIN = 512, ENDING_MAX = 12 };

/* ---- types ---- */

static const struct { size_t offset; const char *bytes; size_t len; const char *type; } beginnings[] = {
#define MAGIC(offset, bytes, type) {offset, bytes, sizeof(bytes) - 1, type}
    MAGIC(0, "\x89PNG\r\n\x1a\n", "image/png"),
    MAGIC(0, "\xff\xd8\xff", "image/jpeg"),
    MAGIC(0, "GIF87a", "image/gif"),
    MAGIC(0, "GIF89a", "image/gif"),
    MAGIC(0, "II*\0", "image/tiff"),
    MAGIC(0, "MM\0*", "image/tiff"),
    MAGIC(0, "%PDF-", "application/pdf"),
    MAGIC(0, "%!PS", "application/postscript"),
    MAGIC(0, "PK\003\004", "application/zip"),
    MAGIC(0, "PK\005\006", "application/zip"),
    MAGIC(0, "\x1f\x8b\x08", "application/gzip"),
    MAGIC(0, "BZh", "application/x-bzip2"),
    MAGIC(0, "\xfd" "7zXZ\0", "application/x-xz"),
    MAGIC(0, "(\xb5/\xfd", "application/zstd"),
    MAGIC(0, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    MAGIC(0, "Rar!\x1a\x07", "application/vnd.rar"),
    MAGIC(2, "-lh", "application/x-lzh-compressed"),
    MAGIC(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    MAGIC(0, "{\\rtf", "application/rtf"),
    MAGIC(0, "MZ", "application/x-msdownload"),
    MAGIC(0, "\x7f" "ELF", "application/x-executable"),
    MAGIC(0, "\xca\xfe\xba\xbe", "application/java-vm"),
    MAGIC(0, "ID3", "audio/mpeg"),
    MAGIC(0, "\xff\xfb", "audio/mpeg"),
    MAGIC(0, "OggS", "application/ogg"),
    MAGIC(0, "fLaC", "audio/flac"),
    MAGIC(0, "MThd", "audio/midi"),
    MAGIC(0, "\x1a\x45\xdf\xa3", "video/webm"),
    MAGIC(4, "ftypheic", "image/heic"),
    MAGIC(4, "ftypheix", "image/heic"),
    MAGIC(4, "ftypmif1", "image/heif"),
    MAGIC(4, "ftypavif", "image/avif"),
    MAGIC(4, "ftypqt", "video/quicktime"),
    MAGIC(4, "ftyp3g", "video/3gpp"),
    MAGIC(4, "ftypM4A", "audio/mp4"),
    MAGIC(4, "ftyp", "video/mp4"),
    MAGIC(257, "ustar", "application/x-tar"),
#undef MAGIC
};

/* "RIFF", a length, and what it is. */
static const struct { const char *form, *type; } riffs[] = {{"WEBP", "image/webp"}, {"WAVE", "audio/wav"}, {"AVI ", "video/x-msvideo"}};

/* A type that says more than the bytes of its container do: it is believed where they fit. */
static const struct { const char *container, *label, *ending; } within[] = {
    {"application/zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"},
    {"application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"},
    {"application/zip", "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"},
    {"application/zip", "application/vnd.oasis.opendocument.text", ".odt"},
    {"application/zip", "application/vnd.oasis.opendocument.spreadsheet", ".ods"},
    {"application/zip", "application/vnd.oasis.opendocument.presentation", ".odp"},
    {"application/zip", "application/epub+zip", ".epub"},
    {"application/zip", "application/java-archive", ".jar"},
    {"application/x-ole-storage", "application/msword", ".doc"},
    {"application/x-ole-storage", "application/vnd.ms-excel", ".xls"},
    {"application/x-ole-storage", "application/vnd.ms-powerpoint", ".ppt"},
    {"application/x-ole-storage", "application/vnd.ms-outlook", ".msg"},
    {"application/ogg", "audio/ogg", ".ogg"},
    {"application/ogg", "video/ogg", ".ogv"},
    {"video/webm", "video/x-matroska", ".mkv"},
};

/* What a name's ending promises, for bytes that nobody labelled. */
static const struct { const char *ending, *type; } endings[] = {
    {".txt", "text/plain"}, {".md", "text/markdown"}, {".csv", "text/csv"}, {".ics", "text/calendar"}, {".vcf", "text/vcard"},
    {".patch", "text/x-diff"}, {".diff", "text/x-diff"}, {".c", "text/x-c"}, {".h", "text/x-c"}, {".py", "text/x-python"},
    {".log", "text/plain"}, {".html", "text/html"}, {".htm", "text/html"}, {".xml", "application/xml"}, {".json", "application/json"},
    {".eml", "message/rfc822"}, {".asc", "application/pgp-signature"}, {".svg", "image/svg+xml"},
};

static bool
has_ending(const char *name, const char *ending)
{
    size_t len = name != NULL ? strlen(name) : 0, tail = strlen(ending);

    return len >= tail && str_eq_nocase(name + len - tail, ending);
}

static bool
is_at(struct blob bytes, size_t offset, const char *text, size_t len)
{
    return bytes.len >= offset + len && memcmp(bytes.data + offset, text, len) == 0;
}

static bool
is_markup(struct blob bytes)
{
    static const char *const tags[] = {"<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<svg"};
    size_t i = is_at(bytes, 0, "\xef\xbb\xbf", 3) ? 3 : 0;

    while (i < bytes.len && i < LOOK_WITHIN && memchr(" \t\r\n", bytes.data[i], 4) != NULL)
        i++;
    for (size_t k = 0; k < COUNT_OF(tags); k++)
        if (bytes.len - i >= strlen(tags[k]) && str_starts_nocase((const char *)bytes.data + i, tags[k]))
            return true;
    return false;
}

/* A short sign may be two letters of a sentence. */
static bool
is_sentence(struct blob bytes)
{
    for (size_t i = 0; i < bytes.len && i < LOOK_WITHIN; i++)
        if (bytes.data[i] < '\t')
            return false;
    return true;
}

static const char *
by_bytes(struct blob bytes)
{
    for (size_t i = 0; i < COUNT_OF(beginnings); i++)
        if (is_at(bytes, beginnings[i].offset, beginnings[i].bytes, beginnings[i].len) &&
            (beginnings[i].len > 3 || !is_sentence(bytes)))
            return beginnings[i].type;
    for (size_t i = 0; i < COUNT_OF(riffs); i++)
        if (is_at(bytes, 0, "RIFF", 4) && is_at(bytes, 8, riffs[i].form, 4))
            return riffs[i].type;
    return NULL;
}

static const char *
by_container(const char *container, const char *label, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(within); i++)
        if (str_eq(within[i].container, container) && (str_eq(within[i].label, label) || has_ending(name, within[i].ending)))
            return within[i].label;
    return container;
}

static const char *
by_name(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (has_ending(name, endings[i].ending))
            return endings[i].type;
    return "application/octet-stream";
}

/* A label that fits these bytes, whose beginning tells nothing; of pictures every beginning is known. */
static bool
is_believed(struct blob bytes, const char *label)
{
    static const char *const pictures[] = {"image/png", "image/jpeg", "image/jpg", "image/pjpeg", "image/gif", "image/webp", "image/avif",
                                           "image/heic", "image/tiff"};

    if (strchr(label, '/') == NULL || str_eq(label, "application/octet-stream") || bytes.len == 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(pictures); i++)
        if (str_eq(pictures[i], label))
            return false;
    return true;
}

const char *
view_type(TALLOC_CTX *ctx, struct blob bytes, const char *label, const char *name)
{
    const char *found = by_bytes(bytes);

    if (found != NULL)
        return by_container(found, label, name);
    if (is_markup(bytes) && !str_starts(label, "text/") && !str_eq(label, "image/svg+xml"))
        return "text/html";
    return is_believed(bytes, label) ? mem_strdup(ctx, label) : by_name(name);
}

bool
view_type_is_image(const char *type)
{
    static const char *const shown[] = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"};

    for (size_t i = 0; i < COUNT_OF(shown); i++)
        if (str_eq(shown[i], type))
            return true;
    return false;
}

/* ---- names ---- */

/* Letters that turn the line round, join, or take no room: with them "gpj.exe" looks like "exe.jpg". */
static bool
is_hidden_letter(const char *s)
{
    static const char *const letters[] = {"\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d",
                                          "\u202e", "\u2060", "\u2066", "\u2067", "\u2068", "\u2069", "\ufeff", "\u061c", "\u2028",
                                          "\u2029"};

    for (size_t i = 0; i < COUNT_OF(letters); i++)
        if (str_starts(s, letters[i]))
            return true;
    return false;
}

static char *
plain_name(TALLOC_CTX *ctx, const char *name)
{
    char *clean = utf8_clean(NULL, name, strlen(name));
    struct str *out = str_new(NULL);
    char *result;

    for (const char *s = clean; *s != '\0'; s++) {
        if (is_hidden_letter(s)) {
            while ((s[1] & 0xc0) == 0x80)
                s++;
        } else if (*s == '/' || *s == '\\' || *s == '\n' || *s == '\t')
            str_addc(out, *s == '\n' || *s == '\t' ? ' ' : '_');
        else
            str_addc(out, *s);
    }
    result = str_trim(ctx, out->s);
    talloc_free(clean);
    talloc_free(out);
    return result;
}

char *
view_name(TALLOC_CTX *ctx, const char *name)
{
    char *plain = name != NULL ? plain_name(ctx, name) : mem_strdup(ctx, "");
    char *dot = strrchr(plain, '.');
    size_t tail = dot != NULL && strlen(dot) <= ENDING_MAX ? strlen(dot) : 0, dots = strspn(plain, ".");

    if (dots > 0)
        memset(plain, '_', dots);
    if (strlen(plain) <= VIEW_NAME_MAX)
        return plain;
    return mem_printf(ctx, "%s%s", utf8_cut_bytes(ctx, plain, VIEW_NAME_MAX - tail), plain + strlen(plain) - tail);
}
