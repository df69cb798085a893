/* text.h - the texts that owners may change
 *
 * Every text has a row in notices.def: its shipped form is there, in English, with its translations in po/. A list, a domain or
 * the site may put another one in its place, for one language; it is a row in table template. The innermost counts: list, domain,
 * site, shipped. A text in another language than the reader's never counts: who reads Japanese gets Japanese.
 *
 * A text holds $name or ${name}; $$ is a dollar sign. A name that a text does not know is refused when it is saved. Values are put in
 * once and are not searched for names themselves.
 *
 * Sources: mailman3-features 1.12 for names of texts and variables. */
#ifndef KAIRAN_POLICY_TEXT_H
#define KAIRAN_POLICY_TEXT_H

#include "policy/setting.h"
#include "util/i18n.h"

struct text_row {
    const char *name;           /* "welcome" */
    const char *template;       /* "list:user:notice:welcome" */
    const char *variables;      /* its own, separated by blanks; a star before those that must be there */
    const char *label;          /* English; give it to tr() */
    const char *subject, *body; /* as shipped, English; give them to tr(); NULL and "" for a piece, which is no mail of its own */
};
const struct text_row *text_rows(void);                     /* ended by a NULL name */
const struct text_row *text_row(const char *name);          /* by either name; NULL: there is none */
bool text_is_of_list(const struct text_row *row);           /* may be changed for a list; else for a domain and the site alone */
bool text_is_mail(const struct text_row *row);
bool text_is_page(const struct text_row *row);              /* words on a page of ours */
/* A text's own variables, without stars. */
struct text_array text_variables(TALLOC_CTX *ctx, const struct text_row *row);
struct text_array text_needed_variables(TALLOC_CTX *ctx, const struct text_row *row);       /* those with stars */

struct variable_row { const char *name, *help, *sample; bool is_common; };
const struct variable_row *variable_rows(void);             /* ended by a NULL name */
const struct variable_row *variable_row(const char *name);  /* by its name or an alias; NULL: there is none */

/* --- the text that counts --- */

struct text {
    const char *subject, *body;
    bool is_shipped;
    enum setting_scope scope;           /* where it was changed, unless it is the shipped one */
};
struct text text_shipped(const struct text_row *row, const struct lang *lang);
/* For a list and its domain (0: for none), in one language. The shipped one is translated already. */
enum status text_load(struct db *db, TALLOC_CTX *ctx, const struct text_row *row, int64_t list_id, int64_t domain_id,
                      const struct lang *lang, struct text *text_r);

/* --- filling it --- */

struct text_values;
struct text_values *text_values_new(TALLOC_CTX *ctx);
/* The first value of a name counts; NULL is "". */
void text_value_add(struct text_values *values, const char *name, const char *value);
/* The common ones, read from the list's rows base_url is "https://host" of its pages, NULL: made from its web host. */
enum status text_values_of_list(struct db *db, struct text_values *values, int64_t list_id, const struct lang *lang,
                                const char *base_url);
/* The name that begins at a dollar sign; "" for "$$", NULL for a dollar sign that begins no name. end_r is what follows. */
char *text_name_at(TALLOC_CTX *ctx, const char *dollar, const char **end_r);
/* A name without a value stays as it is written. */
char *text_fill(TALLOC_CTX *ctx, const char *text, const struct text_values *values);

/* What stands in a piece's place about a list, filled: "" for nothing. `values` hold the piece's own; the list's are added. */
enum status text_piece(struct db *db, TALLOC_CTX *ctx, const struct text_row *row, int64_t list_id, int64_t domain_id,
                       const struct lang *lang, struct text_values *values, const char *base_url, const char **piece_r);

/* --- changing --- */

/* Which texts were changed where, the innermost place of each text and language first. */
struct text_place { const char *template, *language; enum setting_scope scope; const char *changed_by; int64_t changed_at; };
enum status text_places(struct db *db, TALLOC_CTX *ctx, int64_t list_id, int64_t domain_id, struct text_place **places_r,
                        size_t *count_r);

/* What a person typed, in its stored form; INVALID with fault->field "subject" or "body", and in fault->hint the name that is unknown or
 * missing. */
enum status text_check(TALLOC_CTX *ctx, const struct text_row *row, const char *subject, const char *body,
                       struct text *stored_r, struct fault *fault);
/* Checks, writes the row and the audit log; scope_id is 0 for the site. NOT_FOUND: this text is not for lists. */
enum status text_set(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, enum setting_scope scope, int64_t scope_id,
                     const struct text_row *row, const struct lang *lang, const char *subject, const char *body,
                     struct fault *fault);
/* Takes the row away, so that the outer text counts again; nothing happens where there is none. */
enum status text_reset(struct db *db, const struct actor *actor, enum setting_scope scope, int64_t scope_id,
                       const struct text_row *row, const struct lang *lang);

#endif
