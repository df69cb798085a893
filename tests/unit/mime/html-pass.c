/* html-pass.c - shows what HTML becomes, for check-html.py
 *
 * Each line of the input is "WHAT STATE NAME HEX": WHAT is tokens, clean, guest or text; STATE and NAME (of the last start tag) are for
 * tokens, "-" otherwise; HEX is the HTML ("-": none). For each, one line of JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"
#include "mime/html-clean.h"
#include "mime/html-text.h"
#include "mime/html-token.h"
#include "mime/transfer.h"

static void
add_json(struct str *out, const char *text, size_t len)
{
    if (text == NULL) {
        str_add(out, "null");
        return;
    }
    str_addc(out, '"');
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == '"' || text[i] == '\\')
            str_addf(out, "\\u%04x", (unsigned)(unsigned char)text[i]);
        else
            str_addc(out, text[i]);
    str_addc(out, '"');
}

static void
add_json_text(struct str *out, const char *text)
{
    add_json(out, text, text != NULL ? strlen(text) : 0);
}

static void
add_attributes(struct str *out, const struct html_token *token)
{
    str_add(out, ", {");
    for (size_t i = 0; i < token->attribute_count; i++) {
        str_add(out, i > 0 ? ", " : "");
        add_json_text(out, token->attributes[i].name);
        str_add(out, ": ");
        add_json_text(out, token->attributes[i].value);
    }
    str_add(out, token->is_self_closing ? "}, true" : "}");
}

static void
add_token(struct str *out, const struct html_token *token)
{
    static const char *const kinds[] = {"Character", "StartTag", "EndTag", "Comment", "DOCTYPE"};

    str_addf(out, "%s[\"%s\", ", out->len > 1 ? ", " : "", kinds[token->kind]);
    if (token->kind == HTML_TEXT || token->kind == HTML_COMMENT)
        add_json(out, token->text, token->len);
    else
        add_json_text(out, token->text);
    if (token->kind == HTML_START)
        add_attributes(out, token);
    if (token->kind == HTML_DOCTYPE) {
        str_add(out, ", ");
        add_json_text(out, token->public_id);
        str_add(out, ", ");
        add_json_text(out, token->system_id);
        str_add(out, token->is_quirky ? ", false" : ", true");
    }
    str_addc(out, ']');
}

static void
add_tokens(struct str *out, struct blob html, const char *state, const char *name)
{
    static const char *const states[] = {"Data", "RCDATA", "RAWTEXT", "Script", "PLAINTEXT", "CDATA"};
    struct html_tokens *tokens = html_tokens_new(out, (const char *)html.data, html.len);
    struct html_token token;

    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (strcmp(states[i], state) == 0)
            html_tokens_set_state(tokens, (enum html_state)i, strcmp(name, "-") == 0 ? NULL : name);
    str_addc(out, '[');
    while (html_tokens_next(tokens, &token))
        add_token(out, &token);
    str_addc(out, ']');
}

static void
add_clean(struct str *out, const char *html, bool is_guest)
{
    struct html_clean_rules rules = {.mask = is_guest ? guest_mask : NULL, .hides_addresses = is_guest};
    struct html_cleaned *cleaned = html_clean(out, html, &rules);

    str_add(out, "{\"html\": ");
    add_json_text(out, cleaned->html);
    str_addf(out, ", \"remote\": %zu, \"missing\": %zu, \"steps\": %zu}", cleaned->remote, cleaned->missing, cleaned->steps);
}

static struct blob
from_hex(TALLOC_CTX *ctx, const char *hex)
{
    struct str *bytes = str_new(ctx);

    for (; *hex != '\0' && *hex != '-'; hex += 2)
        str_addc(bytes, (char)transfer_hex_pair(hex, 2));
    return str_blob(bytes);
}

static void
pass(char *line)
{
    struct str *out = str_new(NULL);
    char *rest = line, *what = strtok_r(line, " \n", &rest), *state = strtok_r(NULL, " \n", &rest), *name = strtok_r(NULL, " \n", &rest);
    char *hex = strtok_r(NULL, " \n", &rest), *html;
    struct blob bytes;

    must(hex != NULL);
    bytes = from_hex(out, hex);
    html = utf8_clean(out, bytes.data, bytes.len);
    if (strcmp(what, "tokens") == 0)
        add_tokens(out, bytes, state, name);
    else if (strcmp(what, "text") == 0)
        add_json_text(out, html_to_text(out, html));
    else
        add_clean(out, html, strcmp(what, "guest") == 0);
    puts(out->s);
    talloc_free(out);
}

int
main(void)
{
    char *line = NULL;
    size_t room = 0;

    mem_init();
    while (getline(&line, &room, stdin) > 0)
        pass(line);
    free(line);
    return 0;
}
