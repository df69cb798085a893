/* corpus.c - reading foreign test data */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "corpus.h"
#include "util/str.h"

const char *
corpus_dir(void)
{
    static char path[4096];
    const char *given = getenv("KAIRAN_CORPORA"), *srcdir = getenv("srcdir");
    struct stat st;

    snprintf(path, sizeof(path), "%s%s", given != NULL ? given : srcdir != NULL ? srcdir : ".",
             given != NULL ? "" : "/../shared/corpora");
    return stat(path, &st) == 0 ? path : NULL;
}

struct blob
corpus_read(TALLOC_CTX *ctx, const char *path)
{
    char *full = mem_printf(NULL, "%s/%s", corpus_dir(), path);
    FILE *file = fopen(full, "rb");
    struct str *out = str_new(ctx);
    char chunk[65536];
    size_t len;

    talloc_free(full);
    if (file == NULL)
        return (struct blob){NULL, 0};
    while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
        str_addn(out, chunk, len);
    fclose(file);
    return str_blob(out);
}

static bool
is_answer(const char *name)
{
    return strcmp(name, "SOURCES") == 0 || str_ends(name, ".json") || str_ends(name, ".xml") || name[0] == '.';
}

struct blob
corpus_with_lf(TALLOC_CTX *ctx, struct blob raw)
{
    struct str *out = str_new(ctx);

    for (size_t i = 0; i < raw.len; i++)
        if (raw.data[i] != '\r' || i + 1 == raw.len || raw.data[i + 1] != '\n')
            str_addc(out, (char)raw.data[i]);
    return str_blob(out);
}

size_t
corpus_walk(const char *dir, void (*each)(const char *path, void *context), void *context)
{
    char *full = mem_printf(NULL, "%s/%s", corpus_dir(), dir);
    struct dirent **entries;
    int count = scandir(full, &entries, NULL, alphasort);
    size_t files = 0;

    for (int i = 0; i < count; i++) {
        char *path = mem_printf(full, "%s/%s", dir, entries[i]->d_name);

        if (entries[i]->d_type == DT_DIR && entries[i]->d_name[0] != '.')
            files += corpus_walk(path, each, context);
        else if (entries[i]->d_type == DT_REG && !is_answer(entries[i]->d_name)) {
            each(path, context);
            files++;
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    talloc_free(full);
    return files;
}

struct json_reader {
    const char *p, *end;
};

static void
skip_blanks(struct json_reader *r)
{
    while (r->p < r->end && strchr(" \t\r\n", *r->p) != NULL && *r->p != '\0')
        r->p++;
}

static unsigned
hex4(struct json_reader *r)
{
    char digits[5] = "";

    if (r->end - r->p < 4)
        return 0xfffd;
    memcpy(digits, r->p, 4);
    r->p += 4;
    return (unsigned)strtoul(digits, NULL, 16);
}

static void
add_utf8(struct str *out, unsigned code)
{
    if (code < 0x80)
        str_addc(out, (char)code);
    else if (code < 0x800) {
        str_addc(out, (char)(0xc0 | code >> 6));
        str_addc(out, (char)(0x80 | (code & 0x3f)));
    } else if (code < 0x10000) {
        str_addc(out, (char)(0xe0 | code >> 12));
        str_addc(out, (char)(0x80 | (code >> 6 & 0x3f)));
        str_addc(out, (char)(0x80 | (code & 0x3f)));
    } else {
        str_addc(out, (char)(0xf0 | code >> 18));
        str_addc(out, (char)(0x80 | (code >> 12 & 0x3f)));
        str_addc(out, (char)(0x80 | (code >> 6 & 0x3f)));
        str_addc(out, (char)(0x80 | (code & 0x3f)));
    }
}

static void
read_escape(struct json_reader *r, struct str *out)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    char c = *r->p++;
    unsigned code;

    if (c != 'u') {
        const char *at = strchr(from, c);

        str_addc(out, at != NULL ? to[at - from] : c);
        return;
    }
    code = hex4(r);
    if (code >= 0xd800 && code < 0xdc00 && r->end - r->p >= 6 && r->p[0] == '\\' && r->p[1] == 'u') {
        r->p += 2;
        code = 0x10000 + ((code - 0xd800) << 10) + (hex4(r) - 0xdc00);
    }
    add_utf8(out, code);
}

static struct blob
read_string(TALLOC_CTX *ctx, struct json_reader *r)
{
    struct str *out = str_new(ctx);

    for (r->p++; r->p < r->end && *r->p != '"';) {
        if (*r->p == '\\' && r->end - r->p > 1) {
            r->p++;
            read_escape(r, out);
        } else
            str_addc(out, *r->p++);
    }
    r->p++;
    return str_blob(out);
}

static struct json *read_value(TALLOC_CTX *ctx, struct json_reader *r);

static bool
read_members(struct json *json, struct json_reader *r)
{
    struct json **last = &json->first;
    char close = json->kind == JSON_OBJECT ? '}' : ']';

    for (r->p++, skip_blanks(r); r->p < r->end && *r->p != close; skip_blanks(r)) {
        const char *name = NULL;

        if (json->kind == JSON_OBJECT) {
            name = (const char *)read_string(json, r).data;
            skip_blanks(r);
            r->p++;
        }
        *last = read_value(json, r);
        if (*last == NULL)
            return false;
        (*last)->name = name;
        last = &(*last)->next;
        json->count++;
        skip_blanks(r);
        if (r->p < r->end && *r->p == ',')
            r->p++;
    }
    r->p++;
    return r->p <= r->end;
}

static struct json *
read_value(TALLOC_CTX *ctx, struct json_reader *r)
{
    struct json *json = mem_new(ctx, struct json);

    skip_blanks(r);
    if (r->p >= r->end)
        return NULL;
    if (*r->p == '{' || *r->p == '[') {
        json->kind = *r->p == '{' ? JSON_OBJECT : JSON_ARRAY;
        return read_members(json, r) ? json : NULL;
    }
    if (*r->p == '"') {
        json->kind = JSON_TEXT;
        json->text = read_string(json, r);
    } else if (*r->p == 't' || *r->p == 'f') {
        json->kind = JSON_BOOL;
        json->truth = *r->p == 't';
        r->p += json->truth ? 4 : 5;
    } else if (*r->p == 'n')
        r->p += 4;
    else {
        char *end;

        json->kind = JSON_NUMBER;
        json->number = strtol(r->p, &end, 10);
        if (end == r->p)
            return NULL;
        r->p = end;
    }
    return json;
}

struct json *
json_parse(TALLOC_CTX *ctx, struct blob text)
{
    struct json_reader r = {(const char *)text.data, (const char *)text.data + text.len};

    return text.data != NULL ? read_value(ctx, &r) : NULL;
}

const struct json *
json_get(const struct json *object, const char *name)
{
    for (const struct json *member = object != NULL ? object->first : NULL; member != NULL; member = member->next)
        if (str_eq(member->name, name))
            return member;
    return NULL;
}

const char *
json_text(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->kind == JSON_TEXT ? (const char *)member->text.data : NULL;
}
