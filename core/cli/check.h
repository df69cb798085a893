/* check.h - what "kairan check" looks at; each look adds findings
 *
 * A finding is one sentence; where something is wrong it says what to do. Only "trouble" makes the exit status bad. */
#ifndef KAIRAN_CLI_CHECK_H
#define KAIRAN_CLI_CHECK_H

#include "cli/command.h"

struct findings {
    struct call *call;
    struct out *rows;
    size_t troubles;
};

void finding_fine(struct findings *findings, const char *area, const char *format, ...) __attribute__((format(printf, 3, 4)));
void finding_advice(struct findings *findings, const char *area, const char *format, ...) __attribute__((format(printf, 3, 4)));
void finding_trouble(struct findings *findings, const char *area, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The database did not say what was to be looked at: that is no sign that all is well. */
void finding_unseen(struct findings *findings, const char *area);

/* Postfix's settings, as DESIGN's table wants them. Folders may be NULL: then Postfix's own, when it is installed. */
void check_postfix(struct findings *findings, const char *in_config, const char *out_config);

/* Whether the kernel takes our filters of system calls (util/sandbox.h). */
void check_sandbox(struct findings *findings);

/* Whether Postfix brings mail for every name of ours to us, old names of lists and other names of domains included: neither somebody
 * else's, nor taken away by a table of Postfix's, nor hidden by another of ours. The first half needs Postfix here. */
void check_names(struct findings *findings, const char *in_config);

/* Whether what is stored is whole: invariants, rows that are missing or left over, the schema's objects, key files, the spool. */
void check_deep(struct findings *findings);

/* Programs of Postfix's. A setting's value with its variables filled in; NULL: it is not known, or Postfix is not here. */
const char *postconf(TALLOC_CTX *ctx, const char *config, const char *name);
/* "key value" lines for those of the keys (one a line) that the table knows; NULL: it cannot be asked. */
const char *postmap(TALLOC_CTX *ctx, const char *config, const char *table, const char *keys);

#endif
