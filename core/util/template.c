/* template.c - pages and mail texts from templates; the only file that includes ClearSilver */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* its cs_config.h defines these again */
#undef PACKAGE_NAME
#undef PACKAGE_STRING
#undef PACKAGE_TARNAME
#undef PACKAGE_VERSION
#include <ClearSilver.h>
#undef STATUS_OK      /* theirs and ours are two things */
#define NEO_OK ((NEOERR *)0)

#include "util/clock.h"
#include "util/log.h"
#include "util/template.h"
#include "util/when.h"

enum { TEMPLATE_LARGEST = 256 * 1024 };

struct template {
    struct templates *set;
    char *name;             /* without ".cs" */
    char *source;
    bool is_partial;
    CSPARSE *parse;         /* NULL for a partial one */
    HDF *empty;             /* what it was compiled with */
    const struct lang *lang;    /* during a rendering */
};

struct templates {
    enum template_mode mode;
    struct template *rows;
    size_t count;
};

static int
template_destroy(struct templates *set)
{
    for (size_t i = 0; i < set->count; i++) {
        cs_destroy(&set->rows[i].parse);
        hdf_destroy(&set->rows[i].empty);
    }
    return 0;
}

/* Takes the error's words and frees it. */
static char *
error_text(TALLOC_CTX *ctx, NEOERR *error)
{
    STRING words;
    char *text;

    string_init(&words);
    nerr_error_string(error, &words);
    text = mem_strdup(ctx, words.buf != NULL ? words.buf : "?");
    string_clear(&words);
    nerr_ignore(&error);
    return text;
}

/* ClearSilver frees what it gets with free(). */
static char *
for_clearsilver(const char *s)
{
    return mem_check(strdup(s));
}

static const struct template *
template_find(const struct templates *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (str_eq(set->rows[i].name, name))
            return &set->rows[i];
    return NULL;
}

/* ---- functions of templates ---- */

static NEOERR *
give_text(CSARG *result, const char *text)
{
    result->op_type = CS_TYPE_STRING;
    result->s = for_clearsilver(text);
    result->alloc = 1;
    return NEO_OK;
}

static const char *
or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static const struct lang *
lang_of(const CSPARSE *parse)
{
    return ((const struct template *)parse->fileload_ctx)->lang;
}

/* t, t1, t2, t3: the format says how many values follow the text. */
static NEOERR *
translate(CSPARSE *parse, CSARG *args, CSARG *result, const char *format)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = NULL, *one = NULL, *two = NULL, *three = NULL;
    NEOERR *error = cs_arg_parse(parse, args, format, &text, &one, &two, &three);

    if (error == NEO_OK)
        error = give_text(result, tr_fill(ctx, tr(lang_of(parse), or_empty(text)), one, two, three));
    free(text);
    free(one);
    free(two);
    free(three);
    talloc_free(ctx);
    return nerr_pass(error);
}

static NEOERR *
function_t(CSPARSE *parse, CS_FUNCTION *function, CSARG *args, CSARG *result)
{
    (void)function;
    return translate(parse, args, result, "s");
}

static NEOERR *
function_t1(CSPARSE *parse, CS_FUNCTION *function, CSARG *args, CSARG *result)
{
    (void)function;
    return translate(parse, args, result, "ss");
}

static NEOERR *
function_t2(CSPARSE *parse, CS_FUNCTION *function, CSARG *args, CSARG *result)
{
    (void)function;
    return translate(parse, args, result, "sss");
}

static NEOERR *
function_t3(CSPARSE *parse, CS_FUNCTION *function, CSARG *args, CSARG *result)
{
    (void)function;
    return translate(parse, args, result, "ssss");
}

static NEOERR *
function_tn(CSPARSE *parse, CS_FUNCTION *function, CSARG *args, CSARG *result)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *one = NULL, *many = NULL;
    long n = 0;
    NEOERR *error = cs_arg_parse(parse, args, "ssi", &one, &many, &n);

    (void)function;
    if (error == NEO_OK)
        error = give_text(result, tr_fill(ctx, trn(lang_of(parse), or_empty(one), or_empty(many), n),
                                          mem_printf(ctx, "%ld", n), NULL, NULL));
    free(one);
    free(many);
    talloc_free(ctx);
    return nerr_pass(error);
}

bool
url_is_plain(const char *url)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:"};

    if (url[0] == '?' || url[0] == '#' || (url[0] == '/' && url[1] != '/' && url[1] != '\\'))
        return true;
    for (size_t i = 0; i < COUNT_OF(schemes); i++)
        if (str_starts_nocase(url, schemes[i]))
            return true;
    return false;
}

static NEOERR *
function_href(CSPARSE *parse, CS_FUNCTION *function, CSARG *args, CSARG *result)
{
    char *url = NULL;
    NEOERR *error = cs_arg_parse(parse, args, "s", &url);

    (void)function;
    if (error == NEO_OK)
        error = give_text(result, url != NULL && url_is_plain(url) ? url : "#");
    free(url);
    return nerr_pass(error);
}

static const struct { const char *name; int arguments; CSFUNCTION function; } functions[] = {
    {"t", 1, function_t}, {"t1", 2, function_t1}, {"t2", 3, function_t2}, {"t3", 4, function_t3},
    {"tn", 3, function_tn}, {"href", 1, function_href},
};

/* ---- reading and compiling ---- */

/* Serves includes from the table; a missing one is an error whichever form of include was written. */
static NEOERR *
load_source(void *ctx, HDF *hdf, const char *filename, char **contents)
{
    struct template *template = ctx;
    size_t len = strlen(filename);
    char *name = mem_strndup(NULL, filename, str_ends(filename, ".cs") ? len - 3 : len);
    const struct template *found = template_find(template->set, name);

    (void)hdf;
    talloc_free(name);
    if (found == NULL)
        return nerr_raise(NERR_ASSERT, "there is no template \"%s\"", filename);
    *contents = for_clearsilver(found->source);
    return NEO_OK;
}

static NEOERR *
new_data(const struct templates *set, HDF **hdf_r)
{
    NEOERR *error = hdf_init(hdf_r);

    if (error == NEO_OK)
        error = hdf_set_value(*hdf_r, "Config.VarEscapeMode", set->mode == TEMPLATE_HTML ? "html" : "none");
    return nerr_pass(error);
}

static NEOERR *
compile(struct template *template)
{
    NEOERR *error = new_data(template->set, &template->empty);
    char *source;

    if (error != NEO_OK)
        return nerr_pass(error);
    error = cs_init(&template->parse, template->empty);
    if (error != NEO_OK)
        return nerr_pass(error);
    cs_register_fileload(template->parse, template, load_source);
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        error = cs_register_function(template->parse, functions[i].name, functions[i].arguments, functions[i].function);
        if (error != NEO_OK)
            return nerr_pass(error);
    }
    source = for_clearsilver(template->source);
    return nerr_pass(cs_parse_string(template->parse, source, strlen(source)));
}

static char *
read_whole(TALLOC_CTX *ctx, const char *path)
{
    char *text = mem_array(ctx, char, TEMPLATE_LARGEST + 1);
    FILE *file = fopen(path, "re");
    size_t len;

    if (file == NULL)
        return NULL;
    len = fread(text, 1, TEMPLATE_LARGEST, file);
    fclose(file);
    text[len] = '\0';
    return mem_resize(ctx, text, char, len + 1);
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(((const struct template *)a)->name, ((const struct template *)b)->name);
}

static enum status
read_folder(struct templates *set, const char *dir, struct fault *fault)
{
    DIR *folder = opendir(dir);
    struct dirent *entry;

    if (folder == NULL)
        return fault_setf(fault, set, STATUS_BROKEN, NULL, "%s: the folder of templates cannot be read: %s; mend [site] data_dir", dir,
                          strerror(errno));
    while ((entry = readdir(folder)) != NULL) {
        struct template *row;

        if (!str_ends(entry->d_name, ".cs"))
            continue;
        set->rows = mem_resize(set, set->rows, struct template, set->count + 1);
        row = &set->rows[set->count++];
        *row = (struct template){.set = set, .name = mem_strndup(set, entry->d_name, strlen(entry->d_name) - 3),
                                 .is_partial = entry->d_name[0] == '_'};
        row->source = read_whole(set, mem_printf(set, "%s/%s", dir, entry->d_name));
        if (row->source == NULL) {
            closedir(folder);
            return fault_setf(fault, set, STATUS_BROKEN, NULL, "%s/%s cannot be read", dir, entry->d_name);
        }
    }
    closedir(folder);
    if (set->count > 0)
        qsort(set->rows, set->count, sizeof(*set->rows), by_name);
    return STATUS_OK;
}

enum status
templates_open(TALLOC_CTX *ctx, const char *dir, enum template_mode mode, struct templates **templates_r, struct fault *fault)
{
    struct templates *set = mem_new(ctx, struct templates);
    enum status status;

    set->mode = mode;
    talloc_set_destructor(set, template_destroy);
    status = read_folder(set, dir, fault);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < set->count; i++) {
        NEOERR *error = set->rows[i].is_partial ? NEO_OK : compile(&set->rows[i]);

        if (error != NEO_OK)
            return fault_setf(fault, ctx, STATUS_BROKEN, NULL, "%s/%s.cs: %s; put the file of this version there again", dir, set->rows[i].name,
                              error_text(set, error));
    }
    *templates_r = set;
    return STATUS_OK;
}

bool
template_exists(const struct templates *templates, const char *name)
{
    const struct template *found = template_find(templates, name);

    return found != NULL && !found->is_partial;
}

const char *
template_name(const struct templates *templates, size_t n)
{
    for (size_t i = 0; i < templates->count; i++)
        if (!templates->rows[i].is_partial && n-- == 0)
            return templates->rows[i].name;
    return NULL;
}

/* ---- data ---- */

static NEOERR *put(HDF *node, TALLOC_CTX *ctx, const struct lang *lang, const struct out *value);

static NEOERR *
put_time(HDF *node, TALLOC_CTX *ctx, const struct lang *lang, int64_t time_us)
{
    NEOERR *error = hdf_set_value(node, NULL, when_full(ctx, lang, time_us));

    if (error == NEO_OK)
        error = hdf_set_value(node, "iso", clock_iso(ctx, time_us));
    if (error == NEO_OK)
        error = hdf_set_value(node, "day", when_day(ctx, lang, time_us));
    if (error == NEO_OK)
        error = hdf_set_value(node, "zone", when_zone_name(time_us));
    if (error == NEO_OK)
        error = hdf_set_value(node, "ago", when_ago(ctx, lang, time_us, clock_now_us()));
    return nerr_pass(error);
}

static NEOERR *
put_children(HDF *node, TALLOC_CTX *ctx, const struct lang *lang, const struct out *parent)
{
    unsigned number = 0;

    for (const struct out *child = parent->first; child != NULL; child = child->next) {
        char digits[16];
        HDF *below;
        NEOERR *error;

        snprintf(digits, sizeof(digits), "%u", number++);
        error = hdf_get_node(node, child->name != NULL ? child->name : digits, &below);
        if (error == NEO_OK)
            error = put(below, ctx, lang, child);
        if (error != NEO_OK)
            return nerr_pass(error);
    }
    return NEO_OK;
}

static NEOERR *
put(HDF *node, TALLOC_CTX *ctx, const struct lang *lang, const struct out *value)
{
    switch (value->kind) {
    case OUT_OBJECT:
    case OUT_ROWS:
        return nerr_pass(put_children(node, ctx, lang, value));
    case OUT_TEXT:
        return nerr_pass(hdf_set_value(node, NULL, value->text));
    case OUT_INT:
    case OUT_BOOL:
        return nerr_pass(hdf_set_value(node, NULL, mem_printf(ctx, "%lld", (long long)value->number)));
    case OUT_TIME:
        return nerr_pass(put_time(node, ctx, lang, value->number));
    case OUT_NULL:
        break;
    }
    return NEO_OK;
}

static NEOERR *
add_piece(void *ctx, char *piece)
{
    str_add(ctx, piece);
    return NEO_OK;
}

enum status
template_render(struct templates *templates, const char *name, const struct lang *lang, const struct out *data,
                struct str *text)
{
    struct template *template = (struct template *)template_find(templates, name);
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t before = text->len;
    HDF *hdf = NULL;
    NEOERR *error;
    bool failed;

    must(template != NULL && !template->is_partial);
    template->lang = lang;
    error = new_data(templates, &hdf);
    if (error == NEO_OK)
        error = put(hdf, ctx, lang, data);
    if (error == NEO_OK) {
        template->parse->hdf = hdf;
        error = cs_render(template->parse, text, add_piece);
        template->parse->hdf = template->empty;
    }
    failed = error != NEO_OK;
    if (failed) {
        log_event(EVENT_TEMPLATE, "name", "%s", name, "error", "%s", error_text(ctx, error));
        text->len = before;
        text->s[before] = '\0';
    }
    hdf_destroy(&hdf);
    talloc_free(ctx);
    return failed ? STATUS_BROKEN : STATUS_OK;
}
