/* command-db.c - kairan db: the schema */
#include <stdio.h>

#include "cli/command.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"

static void
tell_migration(int number, const char *name)
{
    fprintf(stderr, "migration %04d-%s\n", number, name);
}

/* The first key of our tokens (store: token_key); further ones are made when keys change. */
static enum status
make_first_token_key(struct call *call)
{
    struct row_token_key_all *rows;
    uint8_t secret[32];
    size_t count;
    enum status status = q_token_key_all(call->db, call->ctx, &rows, &count);

    if (status != STATUS_OK || count > 0)
        return status;
    random_bytes(secret, sizeof secret);
    status = q_token_key_add(call->db, 1, (struct blob){secret, sizeof secret}, clock_now_us(), NULL);
    random_bytes(secret, sizeof secret);
    return status;
}

enum status
command_db_migrate(struct call *call)
{
    int version = 0;
    enum status status = db_migrate(call->db, call->json ? NULL : tell_migration, &call->fault);

    if (status == STATUS_OK)
        status = make_first_token_key(call);
    if (status == STATUS_OK)
        status = db_schema_version(call->db, &version);
    out_int(call->out, "version", version);
    return status;
}

enum status
command_db_status(struct call *call)
{
    int version = 0;
    enum status status = db_schema_version(call->db, &version);

    if (status != STATUS_OK)
        return status;
    out_int(call->out, "version", version);
    out_int(call->out, "known", db_schema_known());
    out_bool(call->out, "current", version == db_schema_known());
    if (version < db_schema_known())
        return fault_set(&call->fault, STATUS_CONFLICT, NULL, N_("The schema is older than this program: run \"kairan db migrate\"."));
    if (version > db_schema_known())
        return fault_set(&call->fault, STATUS_CONFLICT, NULL, N_("The schema is newer than this program: install the newer program."));
    return STATUS_OK;
}
