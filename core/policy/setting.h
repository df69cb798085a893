/* setting.h - what owners decide about a list, typed
 *
 * setting-table.c has the table, setting.c the rows, setting-history.c what was changed and how to take it back.
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
enum setting_flag {
    SETTING_SQL = 1, SETTING_ADMIN = 2, SETTING_ADDRESS = 4, SETTING_PATTERNS = 8,
    SETTING_FROM_EFFECT = 16, SETTING_RULES_EFFECT = 32, SETTING_WAIT_EFFECT = 64, SETTING_TOPICS_EFFECT = 128,
    SETTING_ZONE = 256,
    SETTING_LATER = 512,                    /* and the bits above: one a row of later.def */
};

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
const struct setting_group *setting_group(const char *name);
/* The sentence for a setting that is stored but does nothing yet; NULL for all others. */
const char *setting_comes_with(const struct setting_row *row);

/* A member of struct settings as text, as setting_set() takes it. */
char *setting_text(TALLOC_CTX *ctx, const struct settings *settings, const struct setting_row *row);
/* A stored value into its member; false, and nothing done, when it does not fit the row. */
bool setting_put(struct settings *settings, const struct setting_row *row, const char *value);
/* The value a person typed in its one stored form, or INVALID with fault->field = name and a sentence to translate. */
enum status setting_check(TALLOC_CTX *ctx, const struct setting_row *row, const char *value, const char **stored_r,
                          struct fault *fault);
const char *language_code(enum language language);      /* "en", "ja" */
const char *archive_policy_word(enum archive_policy policy);
const char *roster_visibility_word(enum roster_visibility visibility);
const char *archive_addresses_word(enum archive_addresses addresses);
const char *rendering_mode_word(enum rendering_mode mode);
const char *post_action_word(enum post_action action);  /* "hold" */
enum post_action post_action_of(const char *word);      /* POST_HOLD for an unknown one */

/* --- one place, and what it inherits --- */

enum setting_scope { SCOPE_SITE, SCOPE_DOMAIN, SCOPE_LIST };
const char *scope_word(enum setting_scope scope);       /* "site", "domain", "list" */

struct setting_place {
    enum setting_scope scope;
    int64_t domain_id, list_id;     /* as far as the scope has them */
    const char *list_name;          /* for SCOPE_LIST */
};
int64_t setting_place_id(const struct setting_place *place);    /* what the scope's rows carry; 0 for the site */

struct setting_value { const char *name, *value, *changed_by; int64_t changed_at; };
struct setting_sheet {
    struct settings *effective;             /* at this place */
    struct setting_value *own[3];           /* by enum setting_scope: what is set there itself; by name */
    size_t counts[3];
};
/* One statement. */
enum status setting_sheet_load(struct db *db, TALLOC_CTX *ctx, const struct setting_place *place, struct setting_sheet *sheet_r);
/* What is set at one scope; NULL when it inherits. */
const struct setting_value *setting_at(const struct setting_sheet *sheet, enum setting_scope scope, const char *name);
/* What would count at `scope` without its own value, and where it comes from (-1: the program). */
const char *setting_outer(const struct setting_sheet *sheet, enum setting_scope scope, const struct setting_row *row, int *from_r);

/* What is set at one place itself, without what it inherits. */
enum status setting_own(struct db *db, TALLOC_CTX *ctx, enum setting_scope scope, int64_t scope_id,
                        struct setting_value **values_r, size_t *count_r);

/* --- changing --- */

/* Writes the row, list_effective of every list concerned, history and audit log; scope_id is 0 for the site. A NULL value
 * takes the row away, so that the outer value counts again. NOT_FOUND: no such setting. Nothing is written when the value
 * is the one already stored here. */
enum status setting_set(struct db *db, const struct actor *actor, enum setting_scope scope, int64_t scope_id, const char *name,
                        const char *value, TALLOC_CTX *ctx, struct fault *fault);

/* For those who make lists: writes list_effective of all lists in the scope. In a transaction; changes of settings wait for its end. */
enum status setting_rewrite_effective(struct db *db, enum setting_scope scope, int64_t scope_id);

/* --- what was changed --- */

struct setting_change {
    int64_t id, act_id, undoes, changed_at;     /* act_id, undoes: 0 for none */
    enum setting_scope scope;
    int64_t scope_id;
    const char *name, *before, *after, *changed_by;     /* NULL before or after: inherited */
    const char *place;                                  /* in setting_act_changes(): address, domain or "site" */
    bool is_undone;
};
/* The newest first; name NULL for all settings, before_id 0 from the newest. */
enum status setting_history(struct db *db, TALLOC_CTX *ctx, enum setting_scope scope, int64_t scope_id, const char *name,
                            int64_t before_id, int64_t most, struct setting_change **changes_r, size_t *count_r);
/* NOT_FOUND when there is none. */
enum status setting_change_find(struct db *db, TALLOC_CTX *ctx, int64_t id, struct setting_change *change_r);
/* Puts back what was there before this change, whatever came since. Is a change itself, and can be undone. */
enum status setting_undo(struct db *db, const struct actor *actor, const struct setting_change *change, TALLOC_CTX *ctx,
                         struct fault *fault);

/* Many changes made together, and taken back together. setting_act_begin() in the transaction of the changes, which then go
 * through setting_set_in(). */
struct setting_deed { int64_t act_id, undoes; };
enum status setting_act_begin(struct db *db, const struct actor *actor, TALLOC_CTX *ctx, const char *words, int64_t *act_id_r);
enum status setting_set_in(struct db *db, const struct actor *actor, const struct setting_deed *deed, enum setting_scope scope,
                           int64_t scope_id, const char *name, const char *value, TALLOC_CTX *ctx, struct fault *fault);
struct setting_act { int64_t id, made_at, undone_at, changes, user_id; const char *words, *made_by; };
/* The newest first; user_id 0 for everybody's. */
enum status setting_acts(struct db *db, TALLOC_CTX *ctx, int64_t user_id, int64_t most, struct setting_act **acts_r,
                         size_t *count_r);
/* NOT_FOUND when there is none, or when the account (0: anybody's) did not make it or no longer owns what it changed. */
enum status setting_act_find(struct db *db, TALLOC_CTX *ctx, int64_t act_id, int64_t user_id, struct setting_act *act_r);
/* The changes of one act, in the order made. is_undone of a change: its place no longer has the value that the act gave it. */
enum status setting_act_changes(struct db *db, TALLOC_CTX *ctx, int64_t act_id, struct setting_change **changes_r,
                                size_t *count_r);
/* Takes back every change of the act whose place still has the value; undone_r of them. CONFLICT when it was undone before. */
enum status setting_act_undo(struct db *db, const struct actor *actor, int64_t act_id, TALLOC_CTX *ctx, int64_t *undone_r,
                             struct fault *fault);

#endif
