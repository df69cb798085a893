/* check-deep.c - kairan check --deep: is what is stored whole? */
#include <string.h>

#include "archive/index.h"
#include "cli/check.h"
#include "cli/keep-file.h"
#include "policy/key.h"
#include "store/statements.h"
#include "util/clock.h"

enum { SHOWN_MOST = 50 };

/* --- rows --- */

static const char *
mend_of(const char *kind)
{
#define DAMAGE(kind, mend) {#kind, mend},
    static const struct { const char *kind, *mend; } mends[] = {
#include "cli/deep.def"
    };
#undef DAMAGE

    for (size_t i = 0; i < COUNT_OF(mends); i++)
        if (str_eq(mends[i].kind, kind))
            return mends[i].mend;
    must(!"deep_damages finds what deep.def does not know");
    return NULL;
}

static void
look_for_breaches(struct findings *findings)
{
    struct row_invariants *breaches;
    size_t count;

    if (q_invariants(findings->call->db, findings->call->ctx, clock_now_us(), &breaches, &count) != STATUS_OK) {
        finding_unseen(findings, "data");
        return;
    }
    for (size_t i = 0; i < count && i < SHOWN_MOST; i++)
        finding_trouble(findings, "data", "%s: %s. This is a mistake of ours, or the disk's: please report it, and compare with a backup.",
                        breaches[i].invariant, breaches[i].breach);
    if (count > SHOWN_MOST)
        finding_trouble(findings, "data", "And %zu more of this kind.", count - SHOWN_MOST);
}

static void
look_for_damages(struct findings *findings)
{
    struct row_deep_damages *damages;
    size_t count;

    if (q_deep_damages(findings->call->db, findings->call->ctx, INDEX_ATTEMPTS, &damages, &count) != STATUS_OK) {
        finding_unseen(findings, "data");
        return;
    }
    for (size_t i = 0; i < count; i++)
        finding_trouble(findings, "data", "%s; %s.", damages[i].what, mend_of(damages[i].kind));
}

/* Every statement of ours names tables, columns and functions: what is missing of the schema shows here. */
static void
look_for_schema(struct findings *findings)
{
    const char *failed;

    if (db_prepare_all(findings->call->db, &failed) != STATUS_OK)
        finding_trouble(findings, "database", "The schema is not whole: the statement %s cannot run (%s). Restore a backup.", failed,
                        db_last_error(findings->call->db));
}

/* --- files --- */

struct look {
    struct findings *findings;
    struct row_dkim_key_of_all *keys;
    struct row_deep_results *results;
    size_t key_count, result_count, strange;
    const char *first;
};

static bool
is_key(const struct look *look, const char *path)
{
    for (size_t i = 0; i < look->key_count; i++)
        if (str_eq(path, mem_printf(look->findings->call->ctx, "%s/%s.pem", look->keys[i].domain, look->keys[i].selector)))
            return true;
    return false;
}

static void
look_through(struct look *look, const char *area, const char *folder, keep_found judge)
{
    struct fault fault = {0};

    if (keep_walk(look->findings->call->ctx, folder, judge, look, &fault) != STATUS_OK)
        finding_trouble(look->findings, area, "%s", fault.sentence);
}

static enum status
judge_key(void *data, const char *path)
{
    struct look *look = data;

    if (!is_key(look, path))
        finding_advice(look->findings, "keys", "The file %s/%s is the key of no domain here; move it away, unless it belongs to what a backup will bring.",
                       look->findings->call->conf->keys_dir, path);
    return STATUS_OK;
}

static void
look_for_keys(struct findings *findings)
{
    struct look look = {.findings = findings};

    if (q_dkim_key_of_all(findings->call->db, findings->call->ctx, &look.keys, &look.key_count) == STATUS_OK)
        look_through(&look, "keys", findings->call->conf->keys_dir, judge_key);
    else
        finding_unseen(findings, "keys");
}

static enum status
judge_spool(void *data, const char *path)
{
    struct look *look = data;

    for (size_t i = 0; i < look->result_count; i++)
        if (str_starts(path, look->results[i].result))
            return STATUS_OK;
    if (look->strange++ == 0)
        look->first = mem_strdup(look->findings->call->ctx, path);
    return STATUS_OK;
}

/* A file that is being written belongs to nobody yet. */
static void
look_for_spool(struct findings *findings)
{
    struct call *call = findings->call;
    struct look look = {.findings = findings};

    if (q_deep_results(call->db, call->ctx, &look.results, &look.result_count) != STATUS_OK) {
        finding_unseen(findings, "files");
        return;
    }
    look_through(&look, "files", call->conf->site_spool_dir, judge_spool);
    if (look.strange > 0)
        finding_advice(findings, "files", "In %s lie %zu files that nobody asked for, %s is one; those older than a day may be deleted.",
                       call->conf->site_spool_dir, look.strange, look.first);
}

/* --- PostgreSQL's own log of changes --- */

/* Only where somebody has switched it on can it be broken. */
static void
look_for_archiver(struct findings *findings)
{
    struct call *call = findings->call;
    struct row_keep_archiver *archiver;

    if (q_keep_archiver(call->db, call->ctx, &archiver) != STATUS_OK || archiver == NULL)
        finding_unseen(findings, "backup");
    else if (str_eq(archiver->mode, "off"))
        finding_fine(findings, "backup", "PostgreSQL keeps no log of changes (archive_mode): what came after the last backup could not be brought back.");
    else if (archiver->failed_at > archiver->archived_at)
        finding_trouble(findings, "backup", "PostgreSQL could not put %s of its log of changes away (%s); mend archive_command, and look into its log.",
                        archiver->failed_wal, clock_iso(call->ctx, archiver->failed_at));
    else
        finding_fine(findings, "backup", "PostgreSQL keeps a log of changes; the last piece was put away: %s.",
                     archiver->archived_at != 0 ? clock_iso(call->ctx, archiver->archived_at) : "none yet");
}

void
check_deep(struct findings *findings)
{
    struct row_keep_patient *patient;
    size_t before = findings->troubles;

    if (q_keep_patient(findings->call->db, findings->call->ctx, &patient) != STATUS_OK) {
        finding_unseen(findings, "data");
        return;
    }
    look_for_schema(findings);
    look_for_breaches(findings);
    look_for_damages(findings);
    if (findings->troubles == before)
        finding_fine(findings, "data", "The stored data agrees with itself.");
    look_for_keys(findings);
    look_for_spool(findings);
    look_for_archiver(findings);
}
