/* intake.c - a message that is coming in: from the wire to a committed row */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mime/header.h"
#include "mime/normal.h"
#include "policy/recipient.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/crypto.h"
#include "util/killpoint.h"
#include "util/log.h"
#include "util/str.h"
#include "util/tally.h"
#include "worker/intake.h"

enum { TRIES = 5 };

struct intake {
    const struct intake_limits *limits;
    int fd;
    enum status status;         /* of writing the file */
    struct normal normal;
    struct sha256 *hash;
    uint8_t digest[SHA256_LEN];
    struct blob bytes;          /* the file, mapped */
};

static int
intake_free(struct intake *intake)
{
    if (intake->bytes.len > 0)
        munmap((void *)intake->bytes.data, intake->bytes.len);
    if (intake->fd >= 0)
        close(intake->fd);
    return 0;
}

static void
write_out(void *context, const uint8_t *data, size_t len)
{
    struct intake *intake = context;

    sha256_add(intake->hash, data, len);
    while (len > 0 && intake->status == STATUS_OK) {
        ssize_t written = write(intake->fd, data, len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            intake->status = errno == ENOSPC || errno == EDQUOT ? STATUS_DISK_FULL : STATUS_UNAVAILABLE;
            log_event(EVENT_INTAKE_WRITE, "error", "%s", strerror(errno));
            return;
        }
        data += written;
        len -= (size_t)written;
    }
}

struct intake *
intake_open(TALLOC_CTX *ctx, const struct intake_limits *limits)
{
    struct intake *intake = mem_new(ctx, struct intake);

    intake->limits = limits;
    intake->fd = open(limits->temp_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    talloc_set_destructor(intake, intake_free);
    if (intake->fd < 0) {
        log_event(EVENT_INTAKE_FILE, "dir", "%s", limits->temp_dir, "error", "%s", strerror(errno));
        talloc_free(intake);
        return NULL;
    }
    intake->hash = sha256_new(intake);
    normal_begin(&intake->normal, write_out, intake);
    return intake;
}

void
intake_add(struct intake *intake, struct blob chunk)
{
    normal_add(&intake->normal, chunk.data, chunk.len);
}

static enum status
finish_file(struct intake *intake)
{
    void *map;

    normal_end(&intake->normal);
    sha256_end(intake->hash, intake->digest);
    if (intake->status != STATUS_OK)
        return intake->status;
    if (intake->normal.written == 0) {
        intake->bytes = (struct blob){(const uint8_t *)"", 0};
        return STATUS_OK;
    }
    map = mmap(NULL, intake->normal.written, PROT_READ, MAP_PRIVATE, intake->fd, 0);
    if (map == MAP_FAILED) {
        log_event(EVENT_INTAKE_MAP, "error", "%s", strerror(errno));
        return STATUS_UNAVAILABLE;
    }
    intake->bytes = (struct blob){map, intake->normal.written};
    return STATUS_OK;
}

/* The topmost Received was written by our own MTA: "from ... by NAME (...) ...". */
static bool
came_through_our_mta(const struct header *header, const char *mta_name)
{
    char *value, *by;
    size_t len = strlen(mta_name);
    bool ours;

    if (header->count == 0 || !header_field_is(&header->fields[0], "Received"))
        return false;
    value = header_value(NULL, &header->fields[0]);
    by = strstr(value, "by ");
    while (by != NULL && by != value && by[-1] != ' ' && by[-1] != '\t')
        by = strstr(by + 3, "by ");
    ours = by != NULL && strncasecmp(by + 3, mta_name, len) == 0 && (by[3 + len] == ' ' || by[3 + len] == '\0');
    talloc_free(value);
    return ours;
}

/* Everything of one recipient, in the transaction that the caller opened. message_r is 0 where it was stored before. */
static enum status
store_rows(const struct intake *intake, struct db *db, const struct lmtp_transaction *transaction,
           const struct lmtp_recipient *recipient, bool submitted, const char *refused, bool trusted, int64_t *message_r)
{
    TALLOC_CTX *scratch = talloc_new(NULL);
    const struct recipient *who = recipient->object;
    struct row_message_receive *row;
    struct blob digest = {intake->digest, SHA256_LEN};
    const char *detail = who->detail;
    int64_t now = clock_now_us(), added = 1;
    enum status status;

    *message_r = 0;
    status = q_message_receive(db, scratch, who->list_id, transaction->too_large ? (struct blob){NULL, 0} : intake->bytes,
                               (int64_t)intake->normal.written, digest, (int64_t)intake->normal.changed, transaction->from,
                               recipient->path, recipient_kind_word(who->kind), detail, transaction->client.addr,
                               transaction->client.name, transaction->client.helo, submitted, now,
                               refused != NULL ? "refused" : "received", &row);
    if (status == STATUS_OK && trusted)
        status = q_seen_add(db, recipient->path, digest, transaction->from, row->id, now, &added);
    if (status == STATUS_OK && added != 0)
        *message_r = row->id;
    if (*message_r == 0)
        ;   /* its end is the caller's */
    else if (refused != NULL)
        status = q_judgement_set(db, row->id, "reject", "intake", refused, (struct text_array){NULL, 0},
                                 (struct text_array){NULL, 0}, "{}", now, NULL);
    else
        status = q_incoming_add(db, row->id, now, NULL);
    talloc_free(scratch);
    return status;
}

static enum status
store_once(const struct intake *intake, struct db *db, const struct lmtp_transaction *transaction,
           const struct lmtp_recipient *recipient, bool submitted, const char *refused, bool trusted)
{
    enum status status = db_begin(db);
    int64_t message;

    if (status != STATUS_OK)
        return status;
    status = store_rows(intake, db, transaction, recipient, submitted, refused, trusted, &message);
    if (status != STATUS_OK || message == 0) {
        db_rollback(db);
        tally_add(METRIC_OF_SEEN, NULL, status == STATUS_OK);
        if (status == STATUS_OK)
            log_event(EVENT_SEEN_BEFORE, "sender", "%s", *transaction->from == '\0' ? "null" : "set");
        return status;
    }
    killpoint("lmtp.precommit");
    status = db_commit(db);
    killpoint("lmtp.postcommit");
    tally_add(METRIC_OF_RECEIVED, NULL, status == STATUS_OK);
    if (status == STATUS_OK)
        log_event(EVENT_RECEIVED, "message", "%lld", (long long)message, "sender", "%s", transaction->from, "size", "%llu",
                  (unsigned long long)intake->normal.written);
    return status;
}

/* Words for a message that is kept as refused; NULL for one that goes on. */
static const char *
refuse_why(const struct intake *intake, const struct lmtp_transaction *transaction, const struct header *header)
{
    if (transaction->too_large)
        return N_("The message is larger than this server takes.");
    if ((int)header_count(header, "Received") > intake->limits->max_hops)
        return N_("The message has travelled too far; it seems to go in circles.");
    return NULL;
}

void
intake_store(struct intake *intake, struct db *db, struct lmtp_transaction *transaction, bool submitted)
{
    enum status status = finish_file(intake);
    struct header *header;
    const char *refused;
    bool trusted;

    for (size_t i = 0; i < transaction->recipient_count; i++)
        transaction->recipients[i].status = status;
    if (status != STATUS_OK)
        return;
    header = header_parse(transaction, intake->bytes);
    refused = refuse_why(intake, transaction, header);
    trusted = came_through_our_mta(header, intake->limits->mta_name);
    for (size_t i = 0; i < transaction->recipient_count; i++) {
        struct lmtp_recipient *recipient = &transaction->recipients[i];
        int tries = 0;

        do
            recipient->status = store_once(intake, db, transaction, recipient, submitted, refused, trusted);
        while (recipient->status == STATUS_RETRY && ++tries < TRIES);
    }
}
