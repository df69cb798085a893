/* i18n.h - texts for people, in their language
 *
 * Catalogues are gettext's .mo files, read here and not by libintl: no system locale is needed and the language is a parameter.
 * A text without a translation is shown as it stands in the source, in English.
 *
 * Memory: translations live as long as the struct i18n; a struct lang too. Source: GNU gettext manual, "The Format of GNU MO Files". */
#ifndef KAIRAN_UTIL_I18N_H
#define KAIRAN_UTIL_I18N_H

#include "util/conf.h"

#ifndef N_
#define N_(text) text
#endif

struct i18n;        /* all catalogues of a process */
struct lang;        /* one language; never NULL where a function asks for it */

/* Reads DIR/CODE.mo for each row of languages.def; a catalogue that is absent or damaged leaves its language English, with a
 * warning in the log. */
struct i18n *i18n_open(TALLOC_CTX *ctx, const char *dir);
/* Where the catalogues are: DATA_DIR/po once installed, else po beside the program, as it is in the folder of a build. */
char *i18n_dir(TALLOC_CTX *ctx, const char *data_dir);
/* The same for a folder NAME of anything that is made for each language, found by one of its files. */
char *i18n_made_dir(TALLOC_CTX *ctx, const char *data_dir, const char *name, const char *file);
/* NULL for a code that is no language of ours, or for NULL. */
const struct lang *i18n_lang(const struct i18n *i18n, const char *code);
/* The n-th language of languages.def, NULL after the last. The first is English. */
const struct lang *i18n_nth(const struct i18n *i18n, size_t n);
/* The catalogue of [site] language is there; else people would read English where nobody chose it. */
enum status i18n_check(TALLOC_CTX *ctx, const struct i18n *i18n, const struct conf *conf, struct fault *fault);
/* The language of those of whom nothing else is known; English unless said. */
void i18n_set_site(struct i18n *i18n, const char *code);
/* What to say something in besides `lang` to somebody who may not read it: the site's language, or English. NULL: `lang` is both. */
const struct lang *i18n_beside(const struct i18n *i18n, const struct lang *lang);
/* The best of ours for an Accept-Language field (RFC 9110 12.5.4), NULL when it names none. */
const struct lang *i18n_accepted(const struct i18n *i18n, const char *accept_language);

const char *lang_code(const struct lang *lang);     /* "en" */
const char *lang_name(const struct lang *lang);     /* "English" */

const char *tr(const struct lang *lang, const char *text) __attribute__((format_arg(2)));
const char *trn(const struct lang *lang, const char *one, const char *many, int64_t n)
    __attribute__((format_arg(2), format_arg(3)));
/* tr() with %1, %2, %3 replaced by the arguments, as the templates do it; %% is a per cent sign. NULL is "". */
char *tr_fill(TALLOC_CTX *ctx, const char *translated, const char *one, const char *two, const char *three);

#endif
