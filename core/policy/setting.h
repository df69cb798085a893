/* setting.h - what owners decide about a list, typed
 *
 * settings.def has one row a setting. A value that differs from its default is a row in table setting, at the site, a domain
 * or a list; a list inherits from its domain, a domain from the site. Rows that SQL filters by are repeated in list_effective,
 * rewritten in the transaction of any change, so the two never differ.
 *
 * Memory: struct settings and all its texts live in the context given. A stored value that no longer fits settings.def (after
 * an upgrade) is passed over with a warning in the log: the next outer value counts.
 * Sources: mailman3-features 2.1 for names and meanings. */
#ifndef KAIRAN_POLICY_SETTING_H
#define KAIRAN_POLICY_SETTING_H

#include "policy/change.h"

#define CHOICES(set) enum set {
#define CHOICE(constant, value, label) constant,
#define CHOICES_END(set) };
#include "policy/choices.def"
#undef CHOICES
#undef CHOICE
#undef CHOICES_END

#define BOOL(name, fallback, group, flags, label, help) bool name;
#define INT(name, fallback, least, most, group, flags, label, help) int name;
#define TEXT(name, fallback, most, group, flags, label, help) const char *name;
#define LONG(name, fallback, most, group, flags, label, help) const char *name;
#define LINES(name, most, group, flags, label, help) struct text_array name;
#define CHOICE(name, set, fallback, group, flags, label, help) enum set name;
struct settings {
#include "policy/settings.def"
};
#undef BOOL
#undef INT
#undef TEXT
#undef LONG
#undef LINES
#undef CHOICE

/* The effective settings of a list. NOT_FOUND: there is no such list. display_name is never empty: without one it is the
 * list's name with a capital. */
enum status settings_load(struct db *db, TALLOC_CTX *ctx, int64_t list_id, struct settings **settings_r);
/* All defaults, for tests and for what is not about a list. */
struct settings *settings_default(TALLOC_CTX *ctx);

/* --- the table, for forms, commands and manuals --- */

enum setting_kind { SETTING_BOOL, SETTING_INT, SETTING_TEXT, SETTING_LONG, SETTING_LINES, SETTING_CHOICE };
enum setting_flag { SETTING_SQL = 1, SETTING_ADMIN = 2, SETTING_ADDRESS = 4, SETTING_PATTERNS = 8 };

struct setting_choice { const char *value, *label; };
struct setting_row {
    const char *name;
    enum setting_kind kind;
    const char *group;                      /* name in groups.def */
    unsigned flags;                         /* of enum setting_flag */
    const char *fallback;                   /* the default, as text */
    int least, most;                        /* bounds of a number; most characters of a text */
    const struct setting_choice *choices;   /* ended by a NULL value; NULL for other kinds */
    const char *label, *help;               /* English; give them to tr() */
    size_t offset;                          /* in struct settings */
};
struct setting_group { const char *name, *title, *help; };

const struct setting_row *setting_rows(void);           /* ended by a NULL name */
const struct setting_row *setting_row(const char *name);    /* NULL: there is none */
const struct setting_group *setting_groups(void);       /* ended by a NULL name */

/* A member of struct settings as text, as setting_set() takes it. */
char *setting_text(TALLOC_CTX *ctx, const struct settings *settings, const struct setting_row *row);
/* The value a person typed in its one stored form, or INVALID with fault->field = name and a sentence to translate. */
enum status setting_check(TALLOC_CTX *ctx, const struct setting_row *row, const char *value, const char **stored_r,
                          struct fault *fault);
const char *language_code(enum language language);      /* "en", "ja" */
const char *post_action_word(enum post_action action);  /* "hold" */

/* --- changing --- */

enum setting_scope { SCOPE_SITE, SCOPE_DOMAIN, SCOPE_LIST };

/* Writes the row, list_effective of every list concerned, and the audit log; scope_id is 0 for the site. A NULL value
 * takes the row away, so that the outer value counts again. NOT_FOUND: no such setting. Nothing is written when the value
 * is the one already stored here. */
enum status setting_set(struct db *db, const struct actor *actor, enum setting_scope scope, int64_t scope_id, const char *name,
                        const char *value, TALLOC_CTX *ctx, struct fault *fault);

struct setting_value { const char *name, *value, *changed_by; int64_t changed_at; };
/* What is set at one place itself, without what it inherits. */
enum status setting_own(struct db *db, TALLOC_CTX *ctx, enum setting_scope scope, int64_t scope_id,
                        struct setting_value **values_r, size_t *count_r);

/* For those who make lists: writes list_effective of all lists in the scope. In a transaction; changes of settings wait for its end. */
enum status setting_rewrite_effective(struct db *db, enum setting_scope scope, int64_t scope_id);

#endif
