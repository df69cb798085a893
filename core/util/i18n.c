/* i18n.c - reads .mo catalogues and looks texts up in them */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/i18n.h"
#include "util/log.h"
#include "util/str.h"

enum { MO_MAGIC = 0x950412de, MO_HEADER = 28, MO_LARGEST = 16 * 1024 * 1024 };

struct catalogue {
    const char *bytes;      /* the file and a NUL after it */
    uint32_t size, count, originals, translations;
};

struct lang {
    const char *code, *name;
    unsigned forms;
    unsigned (*form)(int64_t n);
    struct catalogue catalogue;     /* count 0: none */
};

#define LANGUAGE(code, name, forms, rule) \
    static unsigned form_##code(int64_t n) { return (unsigned)(rule); }
#include "util/languages.def"
#undef LANGUAGE

#define LANGUAGE(code, name, forms, rule) {#code, name, forms, form_##code, {0}},
static const struct lang known[] = {
#include "util/languages.def"
};
#undef LANGUAGE

struct i18n {
    struct lang langs[COUNT_OF(known)];
    const struct lang *site;
};

static uint32_t
word_at(const struct catalogue *catalogue, uint32_t offset)
{
    uint32_t word;

    memcpy(&word, catalogue->bytes + offset, sizeof(word));
    return word;
}

/* The index-th text of a table of (length, offset), or NULL when the file lies about it. */
static const char *
text_at(const struct catalogue *catalogue, uint32_t table, uint32_t index, uint32_t *len_r)
{
    uint32_t len = word_at(catalogue, table + 8 * index), offset = word_at(catalogue, table + 8 * index + 4);

    if (offset >= catalogue->size || len >= catalogue->size - offset || catalogue->bytes[offset + len] != '\0')
        return NULL;
    *len_r = len;
    return catalogue->bytes + offset;
}

static bool
catalogue_is_sound(struct catalogue *catalogue)
{
    uint32_t len;

    if (catalogue->size < MO_HEADER || word_at(catalogue, 0) != MO_MAGIC)
        return false;
    catalogue->count = word_at(catalogue, 8);
    catalogue->originals = word_at(catalogue, 12);
    catalogue->translations = word_at(catalogue, 16);
    if (catalogue->count > catalogue->size / 16 || catalogue->originals > catalogue->size - 8 * catalogue->count ||
        catalogue->translations > catalogue->size - 8 * catalogue->count)
        return false;
    for (uint32_t i = 0; i < catalogue->count; i++)
        if (text_at(catalogue, catalogue->originals, i, &len) == NULL ||
            text_at(catalogue, catalogue->translations, i, &len) == NULL)
            return false;
    return true;
}

static struct catalogue
catalogue_read(TALLOC_CTX *ctx, const char *path)
{
    struct catalogue catalogue = {0};
    char *bytes = mem_array(ctx, char, MO_LARGEST / 16);
    size_t room = MO_LARGEST / 16;
    FILE *file = fopen(path, "re");

    if (file == NULL) {
        log_event(EVENT_CATALOGUE_ABSENT, "path", "%s", path);
        talloc_free(bytes);
        return catalogue;
    }
    catalogue.size = (uint32_t)fread(bytes, 1, room - 1, file);
    fclose(file);
    bytes = mem_resize(ctx, bytes, char, catalogue.size + 1);
    bytes[catalogue.size] = '\0';
    catalogue.bytes = bytes;
    if (!catalogue_is_sound(&catalogue)) {
        log_event(EVENT_CATALOGUE_DAMAGED, "path", "%s", path);
        catalogue.count = 0;
    }
    return catalogue;
}

struct i18n *
i18n_open(TALLOC_CTX *ctx, const char *dir)
{
    struct i18n *i18n = mem_new(ctx, struct i18n);

    memcpy(i18n->langs, known, sizeof(known));
    i18n->site = &i18n->langs[0];
    for (size_t i = 1; i < COUNT_OF(known); i++)
        i18n->langs[i].catalogue = catalogue_read(i18n, mem_printf(i18n, "%s/%s.mo", dir, known[i].code));
    return i18n;
}

char *
i18n_made_dir(TALLOC_CTX *ctx, const char *data_dir, const char *name, const char *file)
{
    char program[4096], *installed = mem_printf(ctx, "%s/%s", data_dir, name), *slash;
    ssize_t len;

    if (access(mem_printf(ctx, "%s/%s", installed, file), R_OK) == 0)
        return installed;
    len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (len <= 0)
        return installed;
    program[len] = '\0';
    slash = strrchr(program, '/');
    return slash == NULL ? installed : mem_printf(ctx, "%.*s/%s", (int)(slash - program), program, name);
}

enum status
i18n_check(TALLOC_CTX *ctx, const struct i18n *i18n, const struct conf *conf, struct fault *fault)
{
    const struct lang *lang = i18n_lang(i18n, conf->site_language);

    if (lang == &i18n->langs[0] || (lang != NULL && lang->catalogue.count > 0))
        return STATUS_OK;
    return fault_setf(fault, ctx, STATUS_INVALID, "language", "%s: [site] language = %s: there is no catalogue %s/po/%s.mo; mend [site] "
                      "data_dir", conf->path, conf->site_language, conf->site_data_dir, conf->site_language);
}

char *
i18n_dir(TALLOC_CTX *ctx, const char *data_dir)
{
    return i18n_made_dir(ctx, data_dir, "po", mem_printf(ctx, "%s.mo", known[COUNT_OF(known) - 1].code));
}

void
i18n_set_site(struct i18n *i18n, const char *code)
{
    const struct lang *lang = i18n_lang(i18n, code);

    if (lang != NULL)
        i18n->site = lang;
}

const struct lang *
i18n_beside(const struct i18n *i18n, const struct lang *lang)
{
    if (i18n->site != lang)
        return i18n->site;
    return lang != &i18n->langs[0] ? &i18n->langs[0] : NULL;
}

const struct lang *
i18n_lang(const struct i18n *i18n, const char *code)
{
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_eq(known[i].code, code))
            return &i18n->langs[i];
    return NULL;
}

const struct lang *
i18n_nth(const struct i18n *i18n, size_t n)
{
    return n < COUNT_OF(known) ? &i18n->langs[n] : NULL;
}

/* One element of Accept-Language: the language among ours, if any, and its weight. */
static const struct lang *
accepted_one(const struct i18n *i18n, TALLOC_CTX *ctx, const char *element, double *weight_r)
{
    char **parts = str_split(ctx, element, ';', 4);
    char *range = str_lower(ctx, str_trim(ctx, parts[0])), *dash = strchr(range, '-');

    *weight_r = 1.0;
    for (char **part = parts + 1; *part != NULL; part++) {
        const char *trimmed = str_trim(ctx, *part);

        if (str_starts_nocase(trimmed, "q="))
            *weight_r = strtod(trimmed + 2, NULL);
    }
    if (!(*weight_r >= 0.0 && *weight_r <= 1.0))    /* RFC 9110 12.4.2; web servers count on it that none is above the first plain one */
        *weight_r = 0.0;
    if (dash != NULL)
        *dash = '\0';
    return i18n_lang(i18n, range);
}

const struct lang *
i18n_accepted(const struct i18n *i18n, const char *accept_language)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct lang *best = NULL;
    double best_weight = 0.0;

    if (accept_language != NULL)
        for (char **element = str_split(ctx, accept_language, ',', 32); *element != NULL; element++) {
            double weight;
            const struct lang *lang = accepted_one(i18n, ctx, *element, &weight);

            if (lang != NULL && weight > best_weight) {
                best = lang;
                best_weight = weight;
            }
        }
    talloc_free(ctx);
    return best;
}

const char *
lang_code(const struct lang *lang)
{
    return lang->code;
}

const char *
lang_name(const struct lang *lang)
{
    return lang->name;
}

/* Texts are sorted (strcmp) in the file; that of a plural pair begins with its singular. */
static const char *
look_up(const struct catalogue *catalogue, const char *text, uint32_t *len_r)
{
    uint32_t low = 0, high = catalogue->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2, len;
        int order = strcmp(text, text_at(catalogue, catalogue->originals, middle, &len));

        if (order == 0)
            return text_at(catalogue, catalogue->translations, middle, len_r);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *
tr(const struct lang *lang, const char *text)
{
    uint32_t len;
    const char *found;

    if (text == NULL || *text == '\0')
        return text;
    found = look_up(&lang->catalogue, text, &len);
    return found != NULL && len > 0 ? found : text;
}

const char *
trn(const struct lang *lang, const char *one, const char *many, int64_t n)
{
    uint32_t len;
    const char *found = look_up(&lang->catalogue, one, &len), *end;

    if (found == NULL || len == 0)
        return n == 1 ? one : many;
    end = found + len;
    for (unsigned form = lang->form(n); form > 0 && found + strlen(found) < end; form--)
        found += strlen(found) + 1;
    return found;
}

char *
tr_fill(TALLOC_CTX *ctx, const char *translated, const char *one, const char *two, const char *three)
{
    const char *const values[] = {one, two, three};
    struct str *out = str_new(ctx);

    for (const char *s = translated; *s != '\0'; s++) {
        if (s[0] == '%' && s[1] >= '1' && s[1] <= '3')
            str_add(out, values[*++s - '1']);
        else if (s[0] == '%' && s[1] == '%')
            str_addc(out, *++s);
        else
            str_addc(out, *s);
    }
    return out->s;
}
