/* html-token.h - HTML as a row of tokens, the same that a browser sees
 *
 * These are the states of the WHATWG standard's tokenizer without the tree that a browser builds from them: text with its
 * references resolved, start tags with their attributes, end tags, comments, doctypes. Nothing is refused, and what is wrong is not told:
 * a mail is read, not judged. Who reads the tokens says when an element's content is no markup (html_tokens_enter).
 *
 * The text is clean UTF-8 as a rule; bytes that are not pass as they are, but for NUL where the standard replaces it.
 * Bounds: linear, no recursion; of a tag's attributes the first 64 count.
 * Memory: a token's texts are valid until the next one is read.
 * Sources: WHATWG HTML 13.2.3.5, 13.2.5; html5lib's tokenizer cases are the test. */
#ifndef KAIRAN_MIME_HTML_TOKEN_H
#define KAIRAN_MIME_HTML_TOKEN_H

#include "util/mem.h"

enum { HTML_ATTRIBUTES_MAX = 64 };
enum html_kind { HTML_TEXT, HTML_START, HTML_END, HTML_COMMENT, HTML_DOCTYPE };
/* In what the text is read: as markup; with references and no tags but the end of the element (title, textarea); without references
 * either (style, xmp ...); as script; until the end of all; until "]]>". */
enum html_state { HTML_DATA, HTML_RCDATA, HTML_RAWTEXT, HTML_SCRIPT, HTML_PLAINTEXT, HTML_CDATA };

struct html_attribute { const char *name, *value; };

struct html_token {
    enum html_kind kind;
    const char *text;                           /* text, comment; name of a tag or doctype in small letters (NULL: it has none) */
    size_t len;                                 /* of text, which may hold NUL in markup */
    const struct html_attribute *attributes;    /* of a start tag; names in small letters, of each the first */
    size_t attribute_count;
    bool is_self_closing;
    const char *public_id, *system_id;          /* of a doctype, or NULL */
    bool is_quirky;                             /* of a doctype: it is not right */
};

struct html_tokens;

/* `html` must stay where it is. */
struct html_tokens *html_tokens_new(TALLOC_CTX *ctx, const char *html, size_t len);
/* False after the last. Text may come in several tokens, none of them empty. */
bool html_tokens_next(struct html_tokens *tokens, struct html_token *token_r);
/* After a start tag that counts: what follows is read as this element's content is. */
void html_tokens_enter(struct html_tokens *tokens, const char *element);
/* Inside svg and math "<![CDATA[" begins text; elsewhere a comment. */
void html_tokens_set_foreign(struct html_tokens *tokens, bool is_foreign);
/* Begins in the middle of an element, for tests. */
void html_tokens_set_state(struct html_tokens *tokens, enum html_state state, const char *last_start);
/* How many bytes were looked at so far, those of names again for each comparison: a measure of work. */
size_t html_tokens_steps(const struct html_tokens *tokens);

/* The value of an attribute, NULL when it is not there. */
const char *html_attribute(const struct html_token *token, const char *name);

#endif
