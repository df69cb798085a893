/* make-book.c - the manual: make-book SOURCE CATALOGUES FOLDER
 *
 * Reads SOURCE/doc/book/LANG/NAME.md for every chapter of web/book.def and writes
 *     FOLDER/help/LANG/NAME.html          the chapter without its title, for web/page-help.c
 *     FOLDER/help/LANG/all.html           all chapters, to be printed
 *     FOLDER/help/LANG/book.tsv           what there is: chapter NAME TITLE SUMMARY, and below it section ID TITLE
 *     FOLDER/doc/kairan-manual[.LANG].7   the same as a manual page
 * A chapter is CommonMark with two things more: tables of pipes, and <!-- table: NAME --> for those of doc/book-tables.c. Headings have
 * the same ids in all languages, made from the English ones, so that links to them are the same too. */
#include <cmark.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "doc/book-tables.h"
#include "util/file.h"

enum { TEXT_MOST = 1 << 20, IDS_MOST = 400, CELLS_MOST = 8, LINE_FITS = 36, NAME_FITS = 26, OPTIONS = CMARK_OPT_UNSAFE | CMARK_OPT_VALIDATE_UTF8 };
enum medium { PAGE, WHOLE, MAN };       /* a page of its own, part of the whole book, roff */

static const char *const chapters[] = {
    "index",
#define PART(title)
#define CHAPTER(name) name,
#include "web/book.def"
#undef PART
#undef CHAPTER
};

struct ids { char *rows[IDS_MOST]; size_t count; };

/* One chapter in one language, being made. */
struct chapter {
    TALLOC_CTX *ctx;
    const char *source, *name;
    const struct lang *lang;
    enum medium medium;
    struct ids ids;                     /* the English headings' */
    struct str *sections;               /* rows for book.tsv */
    char *title, *summary;
};

static void
stop(const char *path, const char *what)
{
    fprintf(stderr, "make-book: %s: %s\n", path, what);
    exit(1);
}

static char *
path_of(struct chapter *chapter, const char *code, const char *name)
{
    return mem_printf(chapter->ctx, "%s/doc/book/%s/%s.md", chapter->source, code, name);
}

/* NULL: there is no such file. */
static char *
read_text(TALLOC_CTX *ctx, const char *path)
{
    size_t len;
    char *text = file_read(ctx, path, TEXT_MOST, &len);

    if (text == NULL && errno != ENOENT)
        stop(path, strerror(errno));
    if (text != NULL && !utf8_is_valid(text, len))
        stop(path, "this is not UTF-8");
    return text;
}

static bool
is_there(struct chapter *chapter, const char *name)
{
    struct stat found;

    return stat(path_of(chapter, lang_code(chapter->lang), name), &found) == 0;
}

static bool
is_chapter(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(chapters); i++)
        if (str_eq(chapters[i], name))
            return true;
    return false;
}

/* ---- the tree ---- */

/* The words of a heading or paragraph, without marks. */
static char *
plain(TALLOC_CTX *ctx, cmark_node *node)
{
    struct str *text = str_new(ctx);
    cmark_iter *walk = cmark_iter_new(node);
    cmark_event_type event;

    while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE) {
        cmark_node *at = cmark_iter_get_node(walk);

        if (event != CMARK_EVENT_ENTER)
            continue;
        if (cmark_node_get_type(at) == CMARK_NODE_TEXT || cmark_node_get_type(at) == CMARK_NODE_CODE)
            str_add(text, cmark_node_get_literal(at));
        else if (cmark_node_get_type(at) == CMARK_NODE_SOFTBREAK)
            str_addc(text, ' ');
    }
    cmark_iter_free(walk);
    return text->s;
}

/* As code forges do it: small letters, a hyphen for a blank, no other signs. */
static char *
slug(TALLOC_CTX *ctx, const char *title)
{
    struct str *id = str_new(ctx);

    for (; *title != '\0'; title++)
        if (isalnum((unsigned char)*title) || *title == '-' || *title == '_')
            str_addc(id, (char)tolower((unsigned char)*title));
        else if (*title == ' ')
            str_addc(id, '-');
    return id->s;
}

static void
ids_add(TALLOC_CTX *ctx, struct ids *ids, const char *title)
{
    const char *base = slug(ctx, title);
    char *id = mem_strdup(ctx, base);

    for (size_t i = 0, again = 0; i < ids->count; i++)
        if (str_eq(ids->rows[i], id)) {
            id = mem_printf(ctx, "%s-%zu", base, ++again);
            i = (size_t)-1;
        }
    must(ids->count < IDS_MOST);
    ids->rows[ids->count++] = id;
}

static cmark_node *
html_inline(const char *html)
{
    cmark_node *node = cmark_node_new(CMARK_NODE_HTML_INLINE);

    cmark_node_set_literal(node, html);
    return node;
}

/* A heading leads to itself, so that its address can be copied. */
static void
mark_heading(struct chapter *chapter, cmark_node *heading, size_t number)
{
    const char *id = chapter->ids.rows[number];

    if (chapter->medium == WHOLE)
        id = mem_printf(chapter->ctx, "%s-%s", chapter->name, id);
    if (chapter->medium == PAGE && cmark_node_get_heading_level(heading) == 2)
        str_addf(chapter->sections, "section\t%s\t%s\n", id, plain(chapter->ctx, heading));
    cmark_node_prepend_child(heading, html_inline(mem_printf(chapter->ctx, "<a id=\"%s\" href=\"#%s\">", id, id)));
    cmark_node_append_child(heading, html_inline("</a>"));
    if (chapter->medium == WHOLE)
        cmark_node_set_heading_level(heading, cmark_node_get_heading_level(heading) + 1);
}

/* Its children stand where it stood. */
static void
unwrap(cmark_node *node)
{
    while (cmark_node_first_child(node) != NULL)
        cmark_node_insert_before(node, cmark_node_first_child(node));
    cmark_node_unlink(node);
    cmark_node_free(node);
}

/* "dns.md#ptr", as it works in the source, becomes the page's address; what leads to a chapter that is not here is no link. */
static void
turn_link(struct chapter *chapter, cmark_node *link)
{
    const char *url = cmark_node_get_url(link), *hash = strchr(url, '#');
    size_t len = hash != NULL ? (size_t)(hash - url) : strlen(url);
    char *name;

    if (hash == NULL)
        hash = "";
    if (len == 0 && chapter->medium == WHOLE)
        cmark_node_set_url(link, mem_printf(chapter->ctx, "#%s-%s", chapter->name, hash + 1));
    if (len <= 3 || memcmp(url + len - 3, ".md", 3) != 0 || strchr(url, ':') != NULL)
        return;
    name = mem_strndup(chapter->ctx, url, len - 3);
    if (!is_chapter(name))
        stop(path_of(chapter, lang_code(chapter->lang), chapter->name), mem_printf(chapter->ctx, "there is no chapter \"%s\"", name));
    if (!is_there(chapter, name) || chapter->medium == MAN)
        unwrap(link);
    else if (chapter->medium == WHOLE)
        cmark_node_set_url(link, *hash != '\0' ? mem_printf(chapter->ctx, "#%s-%s", name, hash + 1) : mem_printf(chapter->ctx, "#%s", name));
    else
        cmark_node_set_url(link, mem_printf(chapter->ctx, "/help/%s%s", str_eq(name, "index") ? "" : name, hash));
}

static void
add_escaped(struct str *html, const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '<')
            str_add(html, "&lt;");
        else if (*text == '&')
            str_add(html, "&amp;");
        else
            str_addc(html, *text);
}

/* A block with lines too long for a phone can be reached by keyboard, to be scrolled. */
static void
turn_code(struct chapter *chapter, cmark_node *code)
{
    const char *text = cmark_node_get_literal(code);
    struct str *html = str_new(chapter->ctx);
    cmark_node *block;
    bool is_long = false;

    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] != '\0'))
        is_long = is_long || strcspn(line, "\n") > LINE_FITS;
    if (chapter->medium == MAN)
        return;
    str_addf(html, "<pre%s><code>", is_long ? " tabindex=\"0\"" : "");
    add_escaped(html, text);
    str_add(html, "</code></pre>\n");
    block = cmark_node_new(CMARK_NODE_HTML_BLOCK);
    cmark_node_set_literal(block, html->s);
    cmark_node_replace(code, block);
    cmark_node_free(code);
}

static bool
is_wide(unsigned char first)
{
    return first == 0xe3 || (first >= 0xe4 && first <= 0xe9) || first == 0xef;
}

/* The text at one edge of a node: of "see [DNS](dns.md)" the last one is "DNS". NULL: it is no text. */
static const char *
edge(cmark_node *node, cmark_node *(*inner)(cmark_node *))
{
    while (node != NULL && inner(node) != NULL)
        node = inner(node);
    return node != NULL && (cmark_node_get_type(node) == CMARK_NODE_TEXT || cmark_node_get_type(node) == CMARK_NODE_CODE)
        ? cmark_node_get_literal(node) : NULL;
}

/* A line's end beside a character that is written without blanks is no blank. */
static void
turn_break(cmark_node *line_end)
{
    const char *before = edge(cmark_node_previous(line_end), cmark_node_last_child);
    const char *after = edge(cmark_node_next(line_end), cmark_node_first_child), *end;

    if (before == NULL || after == NULL)
        return;
    end = before + strlen(before);
    while (end > before && ((unsigned char)*--end & 0xc0) == 0x80)
        ;
    if (is_wide((unsigned char)*end) || is_wide((unsigned char)*after)) {
        cmark_node_unlink(line_end);
        cmark_node_free(line_end);
    }
}

static void
turn(struct chapter *chapter, cmark_node *tree)
{
    cmark_iter *walk = cmark_iter_new(tree);
    cmark_event_type event;
    size_t headings = 0;

    while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(walk);
        cmark_node_type type = cmark_node_get_type(node);

        if (event == CMARK_EVENT_EXIT && type == CMARK_NODE_HEADING) {
            if (headings == chapter->ids.count)
                stop(path_of(chapter, lang_code(chapter->lang), chapter->name), "has other headings than the English chapter");
            mark_heading(chapter, node, headings++);
        } else if (event == CMARK_EVENT_EXIT && type == CMARK_NODE_LINK) {
            turn_link(chapter, node);
        } else if (event == CMARK_EVENT_ENTER && type == CMARK_NODE_CODE_BLOCK) {
            turn_code(chapter, node);
        } else if (event == CMARK_EVENT_ENTER && type == CMARK_NODE_LINEBREAK && chapter->medium == MAN) {
            cmark_node_replace(node, cmark_node_new(CMARK_NODE_SOFTBREAK));     /* else cmark writes its request into the line */
            cmark_node_free(node);
        } else if (event == CMARK_EVENT_ENTER && type == CMARK_NODE_SOFTBREAK) {
            turn_break(node);
        }
    }
    cmark_iter_free(walk);
    if (cmark_node_get_type(tree) == CMARK_NODE_DOCUMENT && chapter->ids.count > 0 && headings != chapter->ids.count)
        stop(path_of(chapter, lang_code(chapter->lang), chapter->name), "has other headings than the English chapter");
}

/* ---- tables of pipes ---- */

static size_t
cells_of(TALLOC_CTX *ctx, const char *line, size_t len, char *cells[CELLS_MOST])
{
    struct str *cell = str_new(ctx);
    size_t count = 0;

    for (size_t i = 1; i < len && count < CELLS_MOST; i++)
        if (line[i] == '\\' && line[i + 1] == '|')
            str_addc(cell, line[++i]);
        else if (line[i] == '|') {
            cells[count++] = str_trim(ctx, cell->s);
            cell = str_new(ctx);
        } else
            str_addc(cell, line[i]);
    return count;
}

/* A cell's words as HTML, without the paragraph that cmark puts around them. */
static const char *
cell_html(struct chapter *chapter, const char *words)
{
    struct chapter inner = *chapter;
    cmark_node *tree = cmark_parse_document(words, strlen(words), OPTIONS);
    char *html, *text;
    size_t len;

    inner.ids.count = 0;
    turn(&inner, tree);
    html = cmark_render_html(tree, OPTIONS);
    len = strlen(html);
    text = len > 8 && str_starts(html, "<p>") ? mem_strndup(chapter->ctx, html + 3, len - 8) : mem_strdup(chapter->ctx, html);
    free(html);
    cmark_node_free(tree);
    return text;
}

/* A name that is not to be broken in two; "number" is the style sheet's word for that. */
static bool
is_short_name(const char *cell)
{
    size_t len = strlen(cell);

    return len > 2 && len <= NAME_FITS && cell[0] == '`' && strcspn(cell + 1, "`") == len - 2 && strchr(cell, ' ') == NULL;
}

static void
add_row(struct chapter *chapter, struct str *out, char *const *heads, char *const *cells, size_t count)
{
    str_add(out, "<tr>");
    for (size_t i = 0; i < count; i++)
        if (cells == heads)
            str_addf(out, "<th scope=\"col\">%s</th>", cell_html(chapter, cells[i]));
        else if (i == 0)
            str_addf(out, "<td%s>%s</td>", is_short_name(cells[i]) ? " class=\"number\"" : "", cell_html(chapter, cells[i]));
        else if (*cells[i] == '\0')
            str_add(out, "<td></td>");
        else
            str_addf(out, "<td data-label=\"%s\">%s</td>", heads[i], cell_html(chapter, cells[i]));
    str_add(out, "</tr>\n");
}

/* In roff a row is an item of a list. */
static void
add_item(struct str *out, char *const *heads, char *const *cells, size_t count)
{
    str_addf(out, "- %s", cells[0]);
    for (size_t i = 1; i < count; i++)
        if (*cells[i] != '\0')
            str_addf(out, "%s%s%s%s", i == 1 ? ": " : "; ", count > 2 ? heads[i] : "", count > 2 ? ": " : "", cells[i]);
    str_addc(out, '\n');
}

/* Takes the lines of a table; what follows them is returned. */
static const char *
add_table(struct chapter *chapter, struct str *out, const char *text)
{
    char *heads[CELLS_MOST], *cells[CELLS_MOST];
    size_t columns = 0, number = 0;

    str_addc(out, '\n');
    for (; *text == '|'; number++) {
        size_t len = strcspn(text, "\n"), count = cells_of(chapter->ctx, text, len, cells);

        if (number == 0) {
            columns = count;
            memcpy(heads, cells, sizeof(heads));
            if (chapter->medium != MAN) {
                str_add(out, "<table class=\"cards\"><thead>");
                add_row(chapter, out, heads, heads, columns);
                str_add(out, "</thead><tbody>\n");
            }
        } else if (count != columns) {
            stop(path_of(chapter, lang_code(chapter->lang), chapter->name), mem_printf(chapter->ctx, "a row has other cells than its head: %.*s", (int)len, text));
        } else if (number > 1 && chapter->medium == MAN) {
            add_item(out, heads, cells, columns);
        } else if (number > 1) {
            add_row(chapter, out, heads, cells, columns);
        }
        text += len + (text[len] == '\n');
    }
    if (chapter->medium != MAN)
        str_add(out, "</tbody></table>\n");
    str_addc(out, '\n');
    return text;
}

/* ---- a chapter ---- */

/* Puts in the tables that are made. */
static char *
with_made_tables(struct chapter *chapter, const char *text, const struct lang *lang)
{
    static const char mark[] = "<!-- table: ";
    struct str *out = str_new(chapter->ctx);
    const char *found;

    while ((found = strstr(text, mark)) != NULL) {
        const char *name = found + sizeof(mark) - 1, *end = strstr(name, " -->");

        str_addn(out, text, (size_t)(found - text));
        if (end == NULL || !book_table(out, lang, mem_strndup(chapter->ctx, name, (size_t)(end - name))))
            stop(path_of(chapter, lang_code(lang), chapter->name), mem_printf(chapter->ctx, "there is no table %.20s", name));
        text = end + 4;
    }
    str_add(out, text);
    return out->s;
}

static char *
with_pipes(struct chapter *chapter, const char *text)
{
    struct str *out = str_new(chapter->ctx);
    bool is_code = false;

    while (*text != '\0') {
        size_t len = strcspn(text, "\n");

        if (str_starts(text, "```"))
            is_code = !is_code;
        if (*text == '|' && !is_code) {
            text = add_table(chapter, out, text);
            continue;
        }
        str_addn(out, text, len);
        str_addc(out, '\n');
        text += len + (text[len] == '\n');
    }
    return out->s;
}

/* The title goes out of the tree: pages and roff have their own places for it. */
static void
take_title(struct chapter *chapter, cmark_node *tree)
{
    cmark_node *title = cmark_node_first_child(tree), *first;
    const char *end;

    if (title == NULL || cmark_node_get_type(title) != CMARK_NODE_HEADING || cmark_node_get_heading_level(title) != 1)
        stop(path_of(chapter, lang_code(chapter->lang), chapter->name), "does not begin with \"# Title\"");
    chapter->title = plain(chapter->ctx, title);
    first = cmark_node_next(title);
    chapter->summary = first != NULL ? plain(chapter->ctx, first) : mem_strdup(chapter->ctx, "");
    if ((end = strstr(chapter->summary, "。")) != NULL)
        chapter->summary = mem_strndup(chapter->ctx, chapter->summary, (size_t)(end - chapter->summary) + strlen("。"));
    else if ((end = strstr(chapter->summary, ". ")) != NULL)
        chapter->summary = mem_strndup(chapter->ctx, chapter->summary, (size_t)(end - chapter->summary) + 1);
    cmark_node_unlink(title);
    cmark_node_free(title);
}

static void
take_ids(struct chapter *chapter, const struct lang *english)
{
    char *text = read_text(chapter->ctx, path_of(chapter, lang_code(english), chapter->name));
    cmark_node *tree;
    cmark_iter *walk;
    cmark_event_type event;

    if (text == NULL)
        stop(path_of(chapter, lang_code(english), chapter->name), "is not there, but in another language");
    text = with_made_tables(chapter, text, english);
    tree = cmark_parse_document(text, strlen(text), OPTIONS);
    walk = cmark_iter_new(tree);
    while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(walk);

        if (event == CMARK_EVENT_ENTER && cmark_node_get_type(node) == CMARK_NODE_HEADING && cmark_node_get_heading_level(node) > 1)
            ids_add(chapter->ctx, &chapter->ids, plain(chapter->ctx, node));
    }
    cmark_iter_free(walk);
    cmark_node_free(tree);
}

/* The chapter's tree, ready to be rendered; NULL where the language has none. */
static cmark_node *
chapter_tree(struct chapter *chapter, const struct lang *english)
{
    char *text = read_text(chapter->ctx, path_of(chapter, lang_code(chapter->lang), chapter->name));
    cmark_node *tree;

    if (text == NULL)
        return NULL;
    take_ids(chapter, english);
    text = with_pipes(chapter, with_made_tables(chapter, text, chapter->lang));
    tree = cmark_parse_document(text, strlen(text), OPTIONS);
    take_title(chapter, tree);
    turn(chapter, tree);
    return tree;
}

/* ---- files ---- */

static FILE *
create(TALLOC_CTX *ctx, const char *path)
{
    char *copy = mem_strdup(ctx, path);
    FILE *file;

    for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0755) != 0 && errno != EEXIST)
            stop(copy, strerror(errno));
        *slash = '/';
    }
    file = fopen(path, "we");
    if (file == NULL)
        stop(path, strerror(errno));
    return file;
}

static void
finish(FILE *file, const char *path)
{
    if (ferror(file) || fclose(file) != 0)
        stop(path, "could not be written");
}

static void
write_page(struct chapter *chapter, cmark_node *tree, const char *folder)
{
    char *path = mem_printf(chapter->ctx, "%s/%s.html", folder, chapter->name), *html = cmark_render_html(tree, OPTIONS);
    FILE *file = create(chapter->ctx, path);

    fputs(html, file);
    free(html);
    finish(file, path);
}

static void
add_to_whole(struct chapter *chapter, cmark_node *tree, FILE *whole)
{
    char *html = cmark_render_html(tree, OPTIONS);

    fprintf(whole, "<h2><a id=\"%s\" href=\"#%s\">%s</a></h2>\n%s", chapter->name, chapter->name, chapter->title, html);
    free(html);
}

static void
add_to_man(struct chapter *chapter, cmark_node *tree, FILE *man)
{
    char *roff = cmark_render_man(tree, OPTIONS, 0);

    fprintf(man, ".SH %s\n", chapter->title);
    /* cmark forgets that a line of code may begin like a request; its own requests have capitals. */
    for (const char *line = roff; *line != '\0';) {
        size_t len = strcspn(line, "\n");

        if (*line == '\'' || (*line == '.' && !isupper((unsigned char)line[1])))
            fputs("\\&", man);
        fprintf(man, "%.*s\n", (int)len, line);
        line += len + (line[len] == '\n');
    }
    free(roff);
}

/* What looks itself up in a manual page of its own, in English alone, is not in this one. */
static bool
has_own_man_page(const char *name, bool is_english)
{
    if (!is_english)
        return false;
    return str_eq(name, "settings") || str_eq(name, "commands") || str_eq(name, "configuration");
}

static void
begin_man(FILE *man, const struct lang *lang)
{
    /* Both edges straight would tear Japanese apart. */
    fprintf(man, ".\\\" Made by doc/make-book.c; do not edit.\n.TH kairan\\-manual 7 \"\" \"Kairan " PACKAGE_VERSION "\" \"Kairan\"\n.ad l\n"
            ".SH %s\nkairan\\-manual \\- %s\n", tr(lang, N_("NAME")), tr(lang, N_("the manual of Kairan, mailing lists")));
}

static void
end_man(FILE *man, const struct lang *lang)
{
    fprintf(man, ".SH %s\n.BR kairan (1),\n.BR kairan.conf (5),\n.BR kairan\\-settings (7),\n.BR kairan\\-worker (8),\n.BR kairan\\-web (8)\n",
            tr(lang, N_("SEE ALSO")));
}

struct files { FILE *whole, *index, *man; };

static void
write_chapter(TALLOC_CTX *ctx, const char *source, const char *name, const struct lang *lang, const struct lang *english,
              const char *folder, struct files *files)
{
    for (enum medium medium = PAGE; medium <= MAN; medium++) {
        struct chapter chapter = {.ctx = ctx, .source = source, .name = name, .lang = lang, .medium = medium, .sections = str_new(ctx)};
        cmark_node *tree = chapter_tree(&chapter, english);

        if (tree == NULL)
            return;
        if (medium == PAGE) {
            write_page(&chapter, tree, folder);
            fprintf(files->index, "chapter\t%s\t%s\t%s\n%s", name, chapter.title, chapter.summary, chapter.sections->s);
        } else if (medium == WHOLE) {
            add_to_whole(&chapter, tree, files->whole);
        } else if (!has_own_man_page(name, lang == english)) {
            add_to_man(&chapter, tree, files->man);
        }
        cmark_node_free(tree);
    }
}

static void
write_language(TALLOC_CTX *ctx, const char *source, const struct lang *lang, const struct lang *english, const char *target)
{
    const char *folder = mem_printf(ctx, "%s/help/%s", target, lang_code(lang)), *ending = lang == english ? "" : ".";
    char *whole = mem_printf(ctx, "%s/all.html", folder), *index = mem_printf(ctx, "%s/book.tsv", folder);
    char *man = mem_printf(ctx, "%s/doc/kairan-manual%s%s.7", target, ending, lang == english ? "" : lang_code(lang));
    struct files files = {create(ctx, whole), create(ctx, index), create(ctx, man)};

    begin_man(files.man, lang);
    for (size_t i = 0; i < COUNT_OF(chapters); i++)
        write_chapter(ctx, source, chapters[i], lang, english, folder, &files);
    end_man(files.man, lang);
    finish(files.whole, whole);
    finish(files.index, index);
    finish(files.man, man);
}

int
main(int argc, char **argv)
{
    TALLOC_CTX *ctx;
    struct i18n *i18n;
    const struct lang *lang;

    if (argc != 4) {
        fputs("Usage: make-book SOURCE CATALOGUES FOLDER\n", stderr);
        return 2;
    }
    mem_init();
    ctx = talloc_new(NULL);
    i18n = i18n_open(ctx, argv[2]);
    for (size_t i = 0; (lang = i18n_nth(i18n, i)) != NULL; i++)
        write_language(ctx, argv[1], lang, i18n_nth(i18n, 0), argv[3]);
    talloc_free(ctx);
    return 0;
}
