/* setting-plan.h - changes of many settings, looked at before they are made
 *
 * A plan is a list of steps: at this place, this setting, from this to that. It comes from a choice of lists, or from text (the
 * form in which settings are exported), is shown, and is then carried out as one act that can be taken back as one.
 *
 * The text has sections, [site], [domain NAME] or [list ADDRESS], and in them NAME = VALUE on a line; NAME: and lines that begin
 * with "| " for values of several lines; NAME alone takes back what is set there. # begins a comment. Only what is named changes. */
#ifndef KAIRAN_POLICY_SETTING_PLAN_H
#define KAIRAN_POLICY_SETTING_PLAN_H

#include "policy/list-filter.h"
#include "util/str.h"

struct setting_step {
    enum setting_scope scope;
    int64_t scope_id;
    const char *place;              /* "site", a domain, a list's address */
    const struct setting_row *row;
    const char *before, *after;     /* set there itself; NULL: inherited */
    const char *now;                /* what counts there at present; NULL when before says it, or it is not known */
    bool is_same;                   /* nothing to do */
    int line;                       /* in the text; 0 for none */
};
struct setting_plan {
    struct setting_step *steps;
    size_t count, changes;          /* changes: steps that are not the same */
};

/* `name` becomes `value` (as typed; NULL takes back) on the lists that the filter finds. */
enum status setting_plan_lists(struct db *db, TALLOC_CTX *ctx, const struct list_filter *filter, const char *name,
                               const char *value, struct setting_plan *plan_r, struct fault *fault);
/* INVALID with a sentence that names the line. user_id: the account may change lists and domains that it owns; 0: everything. */
enum status setting_plan_text(struct db *db, TALLOC_CTX *ctx, const char *text, int64_t user_id, struct setting_plan *plan_r,
                              struct fault *fault);
/* All of it or nothing. act_id_r is 0 when there was nothing to change. */
enum status setting_plan_do(struct db *db, const struct actor *actor, const struct setting_plan *plan, const char *words,
                            TALLOC_CTX *ctx, int64_t *act_id_r, struct fault *fault);

/* What is set at a place itself, as text. */
enum status setting_export(struct db *db, struct str *out, enum setting_scope scope, int64_t scope_id, const char *place);
/* Of each list that the filter finds. */
enum status setting_export_lists(struct db *db, struct str *out, const struct list_filter *filter);

#endif
