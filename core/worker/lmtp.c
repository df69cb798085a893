/* lmtp.c - the lmtp role: takes messages from Postfix and tells it which recipients exist
 *
 * One child serves one LMTP connection at a time. Between two it also answers the socketmap connections that Postfix keeps
 * open; when a message comes it lets those go, so that no question waits behind a slow sender (Postfix asks another child). */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mime/address.h"
#include "policy/recipient.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/io.h"
#include "util/log.h"
#include "util/socket.h"
#include "util/str.h"
#include "worker/child.h"
#include "worker/intake.h"
#include "worker/lmtp-session.h"
#include "worker/socketmap.h"

enum { MAP_MAX = 20, RECYCLE_AFTER = 20000, SLICE_MS = 500 };

struct map_client { int fd; struct socketmap *map; };

struct reception {
    struct child *child;
    struct lmtp_limits limits;
    struct intake_limits intake_limits;
    struct socket_peers *peers;
    struct map_client maps[MAP_MAX];
    size_t map_count;
    bool submitted;             /* the connection being served came to the submission socket */
    unsigned served;
};

/* --- recipients --- */

static enum status
resolve(struct reception *reception, TALLOC_CTX *ctx, const char *path, struct recipient *recipient_r)
{
    struct address address;

    if (!address_parse(ctx, path, &address))
        return STATUS_NOT_FOUND;
    return recipient_resolve(reception->child->db, ctx, &address, recipient_r);
}

static enum status
on_recipient(void *user, struct lmtp_transaction *transaction, struct lmtp_recipient *recipient)
{
    struct recipient *who = mem_new(transaction, struct recipient);
    enum status status = resolve(user, transaction, recipient->path, who);

    recipient->object = who;
    return status == STATUS_UNKNOWN_OUTCOME ? STATUS_UNAVAILABLE : status;
}

static enum socketmap_answer
on_lookup(void *user, TALLOC_CTX *ctx, const char *name, const char *key, const char **value_r)
{
    struct recipient who;
    struct reception *reception = user;
    enum status status = str_eq(name, "domains") ? recipient_domain(reception->child->db, ctx, key) : resolve(user, ctx, key, &who);

    if (status == STATUS_OK) {
        *value_r = "OK";
        return SOCKETMAP_OK;
    }
    *value_r = status == STATUS_NOT_FOUND ? "" : "the database cannot be asked now";
    return status == STATUS_NOT_FOUND ? SOCKETMAP_NOTFOUND : SOCKETMAP_TEMP;
}

/* --- the message --- */

static enum status
on_data_begin(void *user, struct lmtp_transaction *transaction)
{
    struct reception *reception = user;

    transaction->object = intake_open(transaction, &reception->intake_limits);
    return transaction->object == NULL ? STATUS_UNAVAILABLE : STATUS_OK;
}

static enum status
on_data_chunk(void *user, struct lmtp_transaction *transaction, struct blob chunk)
{
    (void)user;
    intake_add(transaction->object, chunk);
    return STATUS_OK;
}

static void
on_data_end(void *user, struct lmtp_transaction *transaction)
{
    struct reception *reception = user;

    intake_store(transaction->object, reception->child->db, transaction, reception->submitted);
    reception->served++;
}

static const struct lmtp_handler lmtp_handler = {on_recipient, on_data_begin, on_data_chunk, on_data_end};
static const struct socketmap_handler map_handler = {on_lookup};

/* --- connections --- */

static bool
send_output(struct io *io, struct str *output)
{
    enum io_result result = io_put(io, output->s, output->len);

    str_clear(output);
    return result == IO_OK && io_flush(io) == IO_OK;
}

/* Waits for more bytes in slices, so that a request to stop is seen. False: the conversation is over. */
static bool
feed_some(struct reception *reception, struct io *io, struct lmtp_session *session, int64_t *quiet_since_ms,
          int64_t *message_since_ms)
{
    const struct conf *conf = reception->child->conf;
    char buffer[32768];
    size_t len;
    enum io_result result;
    int64_t now;

    io_deadline_in(io, SLICE_MS);
    result = io_read(io, buffer, sizeof buffer, &len);
    now = clock_monotonic_ms();
    if (result == IO_OK) {
        *quiet_since_ms = now;
        lmtp_session_feed(session, buffer, len);
    } else if (result != IO_TIMEOUT) {
        return false;
    }
    if (!lmtp_session_in_data(session))
        *message_since_ms = now;
    if (now - *quiet_since_ms > (int64_t)conf->worker_idle_timeout_s * 1000
        || now - *message_since_ms > (int64_t)conf->worker_session_timeout_s * 1000)
        lmtp_session_time_out(session);
    else if (child_is_stopping() && lmtp_session_is_idle(session))
        lmtp_session_stop(session);
    io_deadline_in(io, (int64_t)conf->worker_idle_timeout_s * 1000);
    return send_output(io, lmtp_session_output(session)) && !lmtp_session_is_over(session);
}

static void
serve_lmtp(struct reception *reception, int fd)
{
    TALLOC_CTX *ctx = talloc_new(reception->child->ctx);
    struct io *io = io_new(ctx, fd);
    struct lmtp_session *session = lmtp_session_new(ctx, &reception->limits, &lmtp_handler, reception);
    int64_t quiet_since_ms = clock_monotonic_ms(), message_since_ms = quiet_since_ms;

    io_deadline_in(io, (int64_t)reception->child->conf->worker_idle_timeout_s * 1000);
    if (send_output(io, lmtp_session_output(session)))
        while (feed_some(reception, io, session, &quiet_since_ms, &message_since_ms))
            ;
    talloc_free(ctx);
}

static void
map_close(struct reception *reception, size_t i)
{
    close(reception->maps[i].fd);
    talloc_free(reception->maps[i].map);
    reception->maps[i] = reception->maps[--reception->map_count];
}

static void
map_open(struct reception *reception, int fd)
{
    if (reception->map_count == MAP_MAX)
        map_close(reception, 0);
    reception->maps[reception->map_count++] =
        (struct map_client){fd, socketmap_new(reception->child->ctx, &map_handler, reception)};
}

static void
map_answer(struct reception *reception, size_t i)
{
    struct map_client *client = &reception->maps[i];
    struct str *output = socketmap_output(client->map);
    char buffer[8192];
    ssize_t len = recv(client->fd, buffer, sizeof buffer, MSG_DONTWAIT);

    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (len <= 0) {
        map_close(reception, i);
        return;
    }
    socketmap_feed(client->map, buffer, (size_t)len);
    /* Answers are short; a peer that does not take them is not worth waiting for. */
    if (send(client->fd, output->s, output->len, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)output->len
        || socketmap_is_over(client->map)) {
        map_close(reception, i);
        return;
    }
    str_clear(output);
}

static void
take_connection(struct reception *reception, int listening_fd)
{
    struct child *child = reception->child;
    int fd = socket_accept(listening_fd);

    if (fd < 0)
        return;
    if (!socket_peer_is_among(fd, reception->peers)) {
        log_event(EVENT_PEER_REFUSED);
        close(fd);
        return;
    }
    if (listening_fd == child->socketmap_fd) {
        map_open(reception, fd);
        return;
    }
    while (reception->map_count > 0)
        map_close(reception, 0);
    reception->submitted = listening_fd == child->submission_fd;
    child_busy(child, true);
    serve_lmtp(reception, fd);
    child_busy(child, false);
}

static void
wait_and_serve(struct reception *reception)
{
    struct child *child = reception->child;
    struct pollfd fds[3 + MAP_MAX] = {
        {.fd = child->lmtp_fd, .events = POLLIN},
        {.fd = child->submission_fd, .events = POLLIN},
        {.fd = child->socketmap_fd, .events = POLLIN},
    };

    for (size_t i = 0; i < reception->map_count; i++)
        fds[3 + i] = (struct pollfd){.fd = reception->maps[i].fd, .events = POLLIN};
    if (poll(fds, 3 + (nfds_t)reception->map_count, SLICE_MS) <= 0)
        return;
    /* Backwards: closing moves the last one into the gap. */
    for (size_t i = reception->map_count; i-- > 0;)
        if (fds[3 + i].revents != 0)
            map_answer(reception, i);
    for (size_t i = 0; i < 3; i++)
        if ((fds[i].revents & POLLIN) != 0) {
            take_connection(reception, fds[i].fd);
            return;
        }
}

int
lmtp_child(struct child *child)
{
    const struct conf *conf = child->conf;
    struct reception *reception = mem_new(child->ctx, struct reception);

    reception->child = child;
    reception->limits = (struct lmtp_limits){child->hostname, (size_t)conf->worker_max_recipients,
                                             (uint64_t)conf->worker_max_message_mib << 20};
    reception->intake_limits = (struct intake_limits){conf->worker_state_dir, child->hostname, conf->worker_max_hops};
    reception->peers = socket_peers_new(reception, conf->worker_trusted_users);
    while (!child_is_stopping() && reception->served < RECYCLE_AFTER)
        wait_and_serve(reception);
    return 0;
}
