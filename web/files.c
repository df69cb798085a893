/* files.c - attachments as pages name them */
#include <string.h>

#include "web/common.h"
#include "web/files.h"

/* A picture that is larger is a link: nobody wants to load ten of them to look at a list of names. */
enum { PICTURE_MOST = 2 << 20 };

static const struct { const char *type, *word; } words[] = {
    {"application/pdf", "PDF"}, {"application/zip", "ZIP"}, {"application/gzip", "gzip"}, {"application/x-7z-compressed", "7z"},
    {"application/msword", "Word"}, {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"},
    {"application/vnd.ms-excel", "Excel"}, {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"},
    {"application/vnd.ms-powerpoint", "PowerPoint"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint"},
    {"application/vnd.oasis.opendocument.text", "OpenDocument"}, {"application/vnd.oasis.opendocument.spreadsheet", "OpenDocument"},
    {"application/postscript", "PostScript"}, {"application/json", "JSON"}, {"application/pgp-signature", N_("signature")},
    {"application/pgp-encrypted", N_("PGP data")},
    {"application/pkcs7-signature", N_("signature")}, {"image/png", "PNG"}, {"image/jpeg", "JPEG"}, {"image/gif", "GIF"},
    {"image/webp", "WebP"}, {"image/svg+xml", "SVG"}, {"image/tiff", "TIFF"}, {"image/heic", "HEIC"}, {"text/plain", N_("text")},
    {"text/html", "HTML"}, {"text/csv", "CSV"}, {"text/calendar", N_("calendar")}, {"text/x-patch", N_("patch")},
    {"text/x-diff", N_("patch")}, {"message/rfc822", N_("mail")}, {"application/octet-stream", N_("file")},
};
static const struct { const char *beginning, *word; } families[] = {
    {"image/", N_("picture")}, {"audio/", N_("sound")}, {"video/", N_("film")}, {"text/", N_("text")}, {"message/", N_("mail")},
};

/* "PDF"; what nobody has a word for is named as it is. */
static const char *
kind_word(struct request *request, const char *type)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(words[i].type, type))
            return request_tr(request, words[i].word);
    for (size_t i = 0; i < COUNT_OF(families); i++)
        if (str_starts(type, families[i].beginning))
            return request_tr(request, families[i].word);
    return type;
}

/* What has no name of its own is named by what it is, where that says something to people. */
static const char *
nameless_word(const char *kind)
{
    static const struct { const char *kind, *word; } rows[] = {{"message", N_("Forwarded message")}, {"calendar", N_("Invitation")}, {"image", N_("picture")}};

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq(rows[i].kind, kind))
            return rows[i].word;
    return N_("without a name");
}

const char *
file_name(TALLOC_CTX *ctx, const char *name, int64_t position)
{
    return str_is_empty(name) ? mem_printf(ctx, "part-%lld", (long long)position) : name;
}

bool
file_has_picture(const char *kind, int64_t size)
{
    return str_eq(kind, "image") && size <= PICTURE_MOST;
}

void
file_show(struct request *request, struct out *row, const struct file_shown *file)
{
    const char *name = str_is_empty(file->name) ? request_tr(request, nameless_word(file->kind)) : file->name;

    if (file->hash != NULL)
        out_text(row, "path", mem_printf(row, "%smessage/%s/attachment/%lld/%s", request->list->path, file->hash, (long long)file->position,
                                         url_escape(row, file_name(row, file->name, file->position))));
    out_text(row, "name", name);
    out_text(row, "type", kind_word(request, file->type));
    out_text(row, "size", size_words(request, (size_t)file->size));
    out_bool(row, "is_picture", !file->is_named_only && file_has_picture(file->kind, file->size));
}
