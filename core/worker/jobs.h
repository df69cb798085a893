/* jobs.h - work of the clock that writes mails or files: functions of jobs.def that are not in jobs.c
 *
 * Two runs at once do no harm; each takes what it works on in the transaction that ends it. */
#ifndef KAIRAN_WORKER_JOBS_H
#define KAIRAN_WORKER_JOBS_H

#include <limits.h>

#include "util/i18n.h"
#include "worker/child.h"

/* What a piece of such work may use; without a child there is only the database. */
struct job_desk { struct db *db; const struct conf *conf; const struct i18n *i18n; };
/* Takes one piece and does it; any_r: there was one. */
typedef enum status job_work(const struct job_desk *desk, TALLOC_CTX *ctx, bool *any_r);

/* At most so many pieces, each in a transaction of its own; ends where there is none, or at trouble. */
enum { JOBS_ALL = INT_MAX };
enum status jobs_take(const struct job_desk *desk, job_work *work, int most);

enum status index_posts(struct child *child, const struct i18n *i18n);
enum status acknowledge_posts(struct child *child, const struct i18n *i18n);
enum status invite_people(struct child *child, const struct i18n *i18n);
enum status export_data(struct child *child, const struct i18n *i18n);
/* core/worker/jobs-removal.c: these need no mails. */
enum status carry_out_removals(struct db *db);
enum status expire_posts(struct db *db);
enum status forget_exports(struct child *child, const struct i18n *i18n);
enum status archive_files(struct child *child, const struct i18n *i18n);
enum status mend_due(struct child *child, const struct i18n *i18n);       /* core/worker/jobs-clock.c */
enum status forget_archives(struct child *child, const struct i18n *i18n);

#endif
