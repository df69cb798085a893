/* fuzz-html-token.c - tokens of anything: texts that end, work that grows with the input alone */
#include <string.h>

#include "mime/html-seen.h"
#include "mime/html-text.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_token(const struct html_token *token)
{
    must(token->kind != HTML_TEXT || token->len > 0);
    must(token->text == NULL || token->text[token->len] == '\0' || token->kind == HTML_DOCTYPE);
    must(token->attribute_count <= HTML_ATTRIBUTES_MAX);
    for (size_t i = 0; i < token->attribute_count; i++) {
        must(token->attributes[i].name[0] != '\0');
        for (size_t k = 0; k < i; k++)
            must(strcmp(token->attributes[i].name, token->attributes[k].name) != 0);
        must(html_attribute(token, token->attributes[i].name) == token->attributes[i].value);
    }
}

/* The first byte says in which state to begin, the second what is done on the way. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct html_tokens *tokens;
    struct html_token token;
    char *clean, *text;

    if (len < 2) {
        talloc_free(ctx);
        return 0;
    }
    tokens = html_tokens_new(ctx, (const char *)data + 2, len - 2);
    html_tokens_set_state(tokens, (enum html_state)(data[0] % (HTML_CDATA + 1)), "title");
    html_tokens_set_foreign(tokens, (data[1] & 1) != 0);
    while (html_tokens_next(tokens, &token)) {
        check_token(&token);
        if (token.kind == HTML_START && (data[1] & 2) != 0)
            html_tokens_enter(tokens, token.text);
    }
    must(html_tokens_steps(tokens) <= (len + 1) * (HTML_ATTRIBUTES_MAX + 2));
    clean = utf8_clean(ctx, data + 2, len - 2);
    text = html_to_text(ctx, clean);
    must(utf8_is_valid(text, strlen(text)));
    must(strstr(text, "\n\n\n") == NULL && text[0] != '\n');
    talloc_free(ctx);
    return 0;
}
