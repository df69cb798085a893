/* search-question.c - a query made into a question to the index, and decided on the folded text */
#include <string.h>

#include "archive/search-query-private.h"
#include "util/str.h"

enum { LEXEMES_A_TERM = 40 };

/* ---- the question ---- */

/* What the index can say of a node: a text that is met by all posts that meet the node, or by nothing, or by everything. */
enum said_kind { SAID_TEXT, SAID_NOTHING, SAID_EVERYTHING };
struct said { enum said_kind kind; bool is_exact; const char *text; };
static const struct said nothing = {SAID_NOTHING, true, NULL}, unknown = {SAID_EVERYTHING, false, NULL};

static void
add_lexeme(struct str *out, char mark, const char *s, size_t len, bool is_beginning)
{
    str_add(out, out->len > 0 ? " & '" : "'");
    if (mark != '\0')
        str_addc(out, mark);
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '\'' || s[i] == '\\')
            str_addc(out, s[i]);
        str_addc(out, s[i]);
    }
    str_add(out, is_beginning ? "':*" : "'");
}

static size_t
cut_word(const char *s, size_t len)
{
    if (len > SEARCH_WORD_MOST)
        for (len = SEARCH_WORD_MOST; (s[len] & 0xC0) == 0x80; len--)
            ;
    return len;
}

static size_t
add_run(struct str *out, const struct query_node *node, const struct search_piece *piece, bool is_alone)
{
    const char *s = node->text + piece->start;
    size_t len = piece->end - piece->start, count = 0;

    if (piece->letters == 1) {
        if (is_alone)
            add_lexeme(out, node->mark, s, len, true);
        return is_alone;
    }
    for (size_t at = 0, both; count < LEXEMES_A_TERM && (both = at + search_letters(s + at, len - at, 2)) <= len; count++) {
        add_lexeme(out, node->mark, s + at, both - at, false);
        if (both == len)
            return count + 1;
        at += search_letters(s + at, len - at, 1);
    }
    return count;
}

static struct said
say_text(TALLOC_CTX *ctx, const struct query_node *node)
{
    struct str *out = str_new(ctx);
    struct search_piece piece, only = {0};
    size_t pieces = 0, lexemes = 0, at = 0;
    bool is_exact;

    while (search_piece_next(node->text, node->len, &at, &piece)) {
        pieces++;
        only = piece;
    }
    for (at = 0; lexemes < LEXEMES_A_TERM && search_piece_next(node->text, node->len, &at, &piece);) {
        size_t len = piece.end - piece.start, cut = cut_word(node->text + piece.start, len);

        if (piece.kind == FOLD_RUN) {
            lexemes += add_run(out, node, &piece, pieces == 1);
            continue;
        }
        add_lexeme(out, node->mark, node->text + piece.start, cut, piece.end == node->len && node->is_beginning);
        lexemes++;
    }
    if (out->len == 0)      /* single letters of runs between words: each begins a lexeme */
        add_lexeme(out, node->mark, node->text + only.start, only.end - only.start, true);
    is_exact = pieces == 1 && only.start == 0 && only.end == node->len && (node->mark != '\0' || node->sections == QUERY_PLAIN) &&
               (only.kind == FOLD_RUN ? only.letters <= 2 : node->len < SEARCH_WORD_MOST);
    return (struct said){SAID_TEXT, is_exact, mem_printf(ctx, lexemes > 1 ? "(%s)" : "%s", out->s)};
}

static struct said
say_lexeme(TALLOC_CTX *ctx, char mark, const char *text, size_t len)
{
    struct str *out = str_new(ctx);

    add_lexeme(out, mark, text, len, false);
    return (struct said){SAID_TEXT, true, out->s};
}

static struct said say(TALLOC_CTX *ctx, const struct query_node *node, enum query_belonging belonging);

static struct said
say_not(struct said child, TALLOC_CTX *ctx)
{
    if (!child.is_exact)
        return unknown;
    if (child.kind == SAID_TEXT)
        return (struct said){SAID_TEXT, true, mem_printf(ctx, "!%s", child.text)};
    return child.kind == SAID_NOTHING ? (struct said){SAID_EVERYTHING, true, NULL} : nothing;
}

static struct said
say_many(TALLOC_CTX *ctx, const struct query_node *node, enum query_belonging belonging)
{
    bool is_all = node->kind == QUERY_ALL, is_exact = true;
    struct str *out = str_new(ctx);

    for (const struct query_node *child = node->first; child != NULL; child = child->next) {
        struct said one = say(ctx, child, belonging);

        if (one.kind == (is_all ? SAID_NOTHING : SAID_EVERYTHING))
            return one;
        is_exact = is_exact && one.is_exact;
        if (one.kind == SAID_TEXT)
            str_addf(out, "%s%s", out->len == 0 ? "(" : is_all ? " & " : " | ", one.text);
    }
    if (out->len == 0)
        return (struct said){is_all ? SAID_EVERYTHING : SAID_NOTHING, is_exact, NULL};
    str_addc(out, ')');
    return (struct said){SAID_TEXT, is_exact, out->s};
}

static struct said
say_plainly(TALLOC_CTX *ctx, const struct query_node *node, enum query_belonging belonging)
{
    switch (node->kind) {
    case QUERY_ALL: case QUERY_ANY: return say_many(ctx, node, belonging);
    case QUERY_NOT: return say_not(say(ctx, node->first, belonging), ctx);
    case QUERY_TEXT: return say_text(ctx, node);
    case QUERY_TOKEN: case QUERY_ADDRESS: return say_lexeme(ctx, node->mark, node->text, node->len);
    case QUERY_TIME: return (struct said){SAID_EVERYTHING, node->is_bound, NULL};
    case QUERY_LIST: break;
    }
    if (node->list_id == 0)
        return nothing;
    return say_lexeme(ctx, '\0', mem_printf(ctx, "L%lld", (long long)node->list_id), strlen(mem_printf(ctx, "L%lld", (long long)node->list_id)));
}

static struct said
say(TALLOC_CTX *ctx, const struct query_node *node, enum query_belonging belonging)
{
    struct said said;

    if (node->is_closed && belonging == BELONGS_NOWHERE)
        return nothing;
    said = say_plainly(ctx, node, belonging);
    said.is_exact = said.is_exact && !(node->is_closed && belonging == BELONGS_TO_SOME);
    return said;
}

char *
query_question(TALLOC_CTX *ctx, const struct query *query, enum query_belonging belonging, bool *is_exact_r)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    struct said said = query->root != NULL ? say(scratch, query->root, belonging) : nothing;
    char *question = said.kind == SAID_NOTHING ? NULL : mem_strdup(ctx, said.kind == SAID_TEXT ? said.text : "");

    *is_exact_r = said.is_exact;
    talloc_free(scratch);
    return question;
}

/* ---- finding in a folded text ---- */

/* The next place at *at or later where `node` stands as it must: a word whole, unless it may go on. */
static bool
find_next(const struct query_node *node, const char *text, size_t len, size_t *at, struct query_place *place_r)
{
    size_t first = 0;
    bool begins_word = search_fold_kind(search_fold_next(node->text, node->len, &first)) == FOLD_WORD;
    bool ends_word = !node->is_beginning && search_fold_kind(search_fold_before(node->text, node->len)) == FOLD_WORD;

    while (*at < len) {
        const char *found = memmem(text + *at, len - *at, node->text, node->len);
        size_t start, end, next;

        if (found == NULL)
            break;
        start = (size_t)(found - text);
        next = end = start + node->len;
        *at = start + 1;
        if ((begins_word && start > 0 && search_fold_kind(search_fold_before(text, start)) == FOLD_WORD) ||
            (ends_word && end < len && search_fold_kind(search_fold_next(text, len, &next)) == FOLD_WORD))
            continue;
        *place_r = (struct query_place){start, end};
        *at = end;
        return true;
    }
    *at = len;
    return false;
}

/* A section of the folded text. */
static const char *
section_of(const char *folded, enum search_section section, size_t *len_r)
{
    for (unsigned i = 0; i < section && folded != NULL; i++) {
        folded = strchr(folded, '\n');
        folded = folded != NULL ? folded + 1 : NULL;
    }
    *len_r = folded == NULL ? 0 : section + 1 == SECTION_COUNT ? strlen(folded) : strcspn(folded, "\n");
    return folded != NULL ? folded : "";
}

static bool
stands_in(const struct query_node *node, const char *folded)
{
    for (unsigned section = 0; section < SECTION_COUNT; section++) {
        struct query_place place;
        const char *text;
        size_t len, at = 0;

        if ((node->sections & (1u << section)) == 0)
            continue;
        text = section_of(folded, section, &len);
        if (find_next(node, text, len, &at, &place))
            return true;
    }
    return false;
}

static bool
has_token(const struct query_node *node, const char *folded)
{
    size_t len;
    const char *tokens = section_of(folded, SECTION_TOKENS, &len);
    char *token = mem_printf(NULL, " %c%.*s ", node->mark, (int)node->len, node->text);
    bool answer = memmem(tokens, len, token, strlen(token)) != NULL;

    talloc_free(token);
    return answer;
}

static bool
has_address(const struct query_node *node, const char *folded)
{
    for (unsigned section = 0; section < SECTION_COUNT; section++) {
        struct search_address address;
        const char *text;
        size_t len;

        if ((node->sections & (1u << section)) == 0)
            continue;
        text = section_of(folded, section, &len);
        for (size_t at = 0; search_address_next(text, len, &at, &address);) {
            size_t start = node->text[0] == '@' ? address.at_sign : address.start;

            if (address.end - start == node->len && memcmp(text + start, node->text, node->len) == 0)
                return true;
        }
    }
    return false;
}

static bool
meets(const struct query_node *node, const struct query_candidate *candidate)
{
    bool is_any = node->kind == QUERY_ANY;

    if (node->is_closed && !candidate->belongs)
        return false;
    switch (node->kind) {
    case QUERY_NOT: return !meets(node->first, candidate);
    case QUERY_TEXT: return stands_in(node, candidate->folded);
    case QUERY_TOKEN: return has_token(node, candidate->folded);
    case QUERY_ADDRESS: return has_address(node, candidate->folded);
    case QUERY_TIME: return candidate->at_us >= node->from_us && candidate->at_us < node->until_us;
    case QUERY_LIST: return candidate->list_id == node->list_id;
    case QUERY_ALL: case QUERY_ANY: break;
    }
    for (const struct query_node *child = node->first; child != NULL; child = child->next)
        if (meets(child, candidate) == is_any)
            return is_any;
    return !is_any;
}

bool
query_meets(const struct query *query, const struct query_candidate *candidate)
{
    return query->root != NULL && meets(query->root, candidate);
}

/* ---- order, and marks ---- */

static int
score_of(const struct query_node *node, const struct query_candidate *candidate)
{
    static const struct { enum search_section section; int each, most; } weights[] = {
        {SECTION_SUBJECT, 12, 1}, {SECTION_NAME, 6, 1}, {SECTION_FILES, 4, 1}, {SECTION_TEXT, 1, 8},
    };
    int score = 0;

    if (node->kind == QUERY_NOT || (node->is_closed && !candidate->belongs))
        return 0;
    for (size_t i = 0; i < COUNT_OF(weights) && node->kind == QUERY_TEXT; i++) {
        struct query_place place;
        const char *text;
        size_t len, at = 0;

        if ((node->sections & (1u << weights[i].section)) == 0)
            continue;
        text = section_of(candidate->folded, weights[i].section, &len);
        for (int count = 0; count < weights[i].most && find_next(node, text, len, &at, &place); count++)
            score += weights[i].each;
    }
    for (const struct query_node *child = node->first; child != NULL; child = child->next)
        score += score_of(child, candidate);
    return score;
}

int
query_score(const struct query *query, const struct query_candidate *candidate)
{
    return query->root != NULL ? score_of(query->root, candidate) : 0;
}

struct places { const char *text; size_t len; struct query_place *rows; size_t count, most; };

/* Puts a place in order; of two that overlap the first found stays. */
static void
put_place(struct places *places, struct query_place place)
{
    size_t i = places->count;

    while (i > 0 && places->rows[i - 1].start >= place.end)
        i--;
    if (places->count == places->most || (i > 0 && places->rows[i - 1].end > place.start))
        return;
    memmove(places->rows + i + 1, places->rows + i, (places->count - i) * sizeof(*places->rows));
    places->rows[i] = place;
    places->count++;
}

static void
find_places(const struct query_node *node, struct places *places)
{
    struct query_place place;

    if (node->kind == QUERY_NOT)
        return;
    if (node->kind == QUERY_TEXT && !node->is_closed)
        for (size_t at = 0; places->count < places->most && find_next(node, places->text, places->len, &at, &place);)
            put_place(places, place);
    for (const struct query_node *child = node->first; child != NULL; child = child->next)
        find_places(child, places);
}

size_t
query_places(const struct query *query, const char *folded, size_t len, struct query_place *places_r, size_t most)
{
    struct places places = {folded, len, places_r, 0, most};

    if (query->root != NULL)
        find_places(query->root, &places);
    return places.count;
}
