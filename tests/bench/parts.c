/* parts.c - what one personal copy must cost at least: its SMTP transaction, its signatures, its committed row
 *
 *     parts PORT DATABASE KEYS DOMAIN ROUNDS
 *
 * Each part is done ROUNDS times with the worker's own functions and nothing else going on; the medians of the wall times are
 * printed as JSON, in microseconds. The bound that `make bench` measures us against is cores / (smtp + sign + commit). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "auth/dkim-sign.h"
#include "auth/signer.h"
#include "delivery/smtp.h"
#include "mime/header.h"
#include "store/statements.h"
#include "util/clock.h"
#include "util/str.h"

enum { BODY = 10240, KEYS = 2, WARM = 50 };

/* As the worker writes it for a post that came with little. */
static const char head[] =
    "List-Unsubscribe: <https://lists.example.jp/u/abcdefghijklmnopqrstuvwxyzabcdefgh>,\r\n"
    " <mailto:u.abcdefghijklmnopqrstuvwxyzabcdefgh@lists.example.jp>\r\n"
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    "From: Poster via Bench list <bench@lists.example.jp>\r\n"
    "Author: Poster <poster@example.com>\r\n"
    "X-Original-From: Poster <poster@example.com>\r\n"
    "Reply-To: Poster <poster@example.com>\r\n"
    "List-Id: Bench list <bench.lists.example.jp>\r\n"
    "List-Help: <https://lists.example.jp/lists/bench/>\r\n"
    "List-Post: <mailto:bench@lists.example.jp>\r\n"
    "List-Subscribe: <https://lists.example.jp/lists/bench/join>\r\n"
    "List-Owner: <mailto:bench-owner@lists.example.jp>\r\n"
    "List-Archive: <https://lists.example.jp/lists/bench/>\r\n"
    "Archived-At: <https://lists.example.jp/lists/bench/message/ABCDEFGHIJKLMNOPQRSTUVWXYZ234567>\r\n"
    "Precedence: list\r\n"
    "Feedback-ID: 1:bench:list:kairan\r\n"
    "Authentication-Results: mx.lists.example.jp; spf=none; dkim=none; dmarc=none\r\n"
    "To: bench@lists.example.jp\r\n"
    "Subject: bench 18a5c1f0b7d2e6411f2e3d4c\r\n"
    "Message-ID: <18a5c1f0b7d2e6411f2e3d4c@bench.example.com>\r\n"
    "Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=us-ascii\r\n";

struct bench {
    TALLOC_CTX *ctx;
    struct smtp *smtp;
    struct db *db;
    struct signer *signer;
    const char *domain;
    const struct keyring *keys;
    size_t key_ids[KEYS], key_count;
    struct header *header;
    struct blob body;
    uint8_t body_hash[SHA256_LEN];
    int64_t done;
};

static int64_t
now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
check(bool works, const char *what)
{
    if (!works) {
        fprintf(stderr, "parts: %s failed\n", what);
        exit(1);
    }
}

/* --- the parts --- */

static void
do_smtp(struct bench *bench, TALLOC_CTX *scratch)
{
    struct smtp_envelope envelope = {.from = "b.abcdefghijklmnopqrstuvwxyzabcdefgh@lists.example.jp", .size = BODY + 4000,
                                     .ret = SMTP_RET_HDRS};
    struct blob parts[] = {blob_of(head), {(const uint8_t *)"\r\n", 2}, bench->body};

    (void)scratch;
    smtp_mail(bench->smtp, &envelope);
    smtp_rcpt(bench->smtp, "m00001@members.example.org", SMTP_NOTIFY_FAILURE | SMTP_NOTIFY_DELAY, NULL);
    smtp_envelope_send(bench->smtp);
    check(smtp_envelope_finish(bench->smtp) && smtp_data_body(bench->smtp, parts, COUNT_OF(parts)), "sending");
    smtp_data_dot(bench->smtp);
    check(smtp_end(bench->smtp)->class == SMTP_ACCEPTED, "sending");
}

static void
do_sign(struct bench *bench, TALLOC_CTX *scratch)
{
    struct blob *fields = mem_array(scratch, struct blob, bench->header->count);
    struct dkim_input *inputs[KEYS];
    struct dkim_fields *chosen;
    int64_t now_s = clock_now_us() / US_PER_S;

    for (size_t i = 0; i < bench->header->count; i++)
        fields[i] = (struct blob){bench->header->fields[i].start, bench->header->fields[i].len};
    chosen = dkim_sign_fields(scratch, fields, bench->header->count);
    for (size_t i = 0; i < bench->key_count; i++) {
        const struct keyring_key *key = &bench->keys->keys[bench->key_ids[i]];
        struct dkim_sign sign = {bench->domain, key->selector, key->algorithm, now_s, now_s + 7 * 86400};

        inputs[i] = dkim_sign_input(scratch, &sign, chosen, bench->body_hash);
        check(signer_send(bench->signer, bench->key_ids[i], inputs[i]->digest) == STATUS_OK, "signing");
    }
    for (size_t i = 0; i < bench->key_count; i++) {
        struct blob signature;

        check(signer_collect(scratch, bench->signer, &signature) == STATUS_OK, "signing");
        dkim_sign_finish(scratch, inputs[i], signature);
    }
}

static void
do_commit(struct bench *bench, TALLOC_CTX *scratch)
{
    (void)scratch;
    check(q_outcome_add(bench->db, "2000-01-01", 1, ++bench->done, 1, "handed_on", "replaced", "dot", "250 2.0.0 taken", "",
                        clock_now_us(), NULL) == STATUS_OK, "committing");
}

/* --- measuring --- */

static int
compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static double
median_us(struct bench *bench, void (*part)(struct bench *bench, TALLOC_CTX *scratch), size_t rounds)
{
    int64_t *times = mem_array(bench->ctx, int64_t, rounds);

    for (size_t i = 0; i < rounds + WARM; i++) {
        TALLOC_CTX *scratch = talloc_new(bench->ctx);
        int64_t begun = now_ns();

        part(bench, scratch);
        if (i >= WARM)
            times[i - WARM] = now_ns() - begun;
        talloc_free(scratch);
    }
    qsort(times, rounds, sizeof *times, compare);
    return (double)times[rounds / 2] / 1000;
}

/* --- the surroundings --- */

static void
open_smtp(struct bench *bench, int port)
{
    struct smtp_options *options = mem_new(bench->ctx, struct smtp_options);
    struct smtp_reply *reply;

    *options = (struct smtp_options){.host = "127.0.0.1", .port = port, .helo = "bench.example.com", .connect_timeout_ms = 5000,
                                     .reply_timeout_ms = 30000, .data_timeout_ms = 30000};
    bench->smtp = smtp_open(bench->ctx, options, &reply);
    check(bench->smtp != NULL, "connecting to the sink");
}

/* The first keys of the domain, one of each kind. */
static void
choose_keys(struct bench *bench)
{
    bool has[2] = {false, false};

    for (size_t i = 0; i < bench->keys->count; i++) {
        const struct keyring_key *key = &bench->keys->keys[i];

        if (!str_eq_nocase(key->domain, bench->domain) || has[key->algorithm])
            continue;
        has[key->algorithm] = true;
        bench->key_ids[bench->key_count++] = i;
    }
    check(bench->key_count == KEYS, "finding an RSA and an Ed25519 key");
}

static void
open_signer(struct bench *bench, const char *dir)
{
    struct keyring *keys;
    int pair[2];
    pid_t pid;

    check(keyring_load(bench->ctx, dir, &keys, NULL) == STATUS_OK, "loading the keys");
    bench->keys = keys;
    choose_keys(bench);
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
    pid = fork();
    check(pid >= 0, "fork");
    if (pid == 0) {
        close(pair[0]);
        _exit(signer_serve(pair[1], keys) == STATUS_OK ? 0 : 1);
    }
    close(pair[1]);
    bench->signer = signer_open(bench->ctx, pair[0]);
}

static void
make_message(struct bench *bench)
{
    static const char line[] = "The quick brown mailing list delivers sixty-eight characters here.\r\n";
    struct str *body = str_new(bench->ctx);

    while (body->len + sizeof line < BODY)
        str_add(body, line);
    bench->body = (struct blob){(const uint8_t *)body->s, body->len};
    bench->header = header_parse(bench->ctx, blob_of(head));
    canon_body_hash(CANON_RELAXED, bench->body, bench->body_hash);
}

int
main(int argc, char **argv)
{
    struct bench bench = {0};
    size_t rounds;

    if (argc != 6) {
        fputs("Usage: parts PORT DATABASE KEYS DOMAIN ROUNDS\n", stderr);
        return 64;
    }
    mem_init();
    crypto_init();
    bench.ctx = talloc_new(NULL);
    bench.domain = argv[4];
    rounds = strtoul(argv[5], NULL, 10);
    make_message(&bench);
    open_signer(&bench, argv[3]);
    open_smtp(&bench, atoi(argv[1]));
    bench.db = db_open(bench.ctx, argv[2], "parts");
    printf("{\"smtp_us\": %.1f, ", median_us(&bench, do_smtp, rounds));
    printf("\"sign_us\": %.1f, ", median_us(&bench, do_sign, rounds));
    printf("\"commit_us\": %.1f}\n", median_us(&bench, do_commit, rounds));
    smtp_close(&bench.smtp);
    talloc_free(bench.ctx);
    return 0;
}
