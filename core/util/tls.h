/* tls.h - the client's side of STARTTLS; OpenSSL's second door (the first is util/crypto.c)
 *
 * TLS 1.2 or later. What a mode promises is never weakened silently: "must" takes any certificate but no plain text,
 * "verify" takes only a certificate for that host name from a trusted authority; only "may" lets its caller go on without.
 * Sources: RFC 3207, RFC 8446, RFC 8996. */
#ifndef KAIRAN_UTIL_TLS_H
#define KAIRAN_UTIL_TLS_H

#include "util/io.h"

enum tls_mode { TLS_NONE, TLS_MAY, TLS_MUST, TLS_VERIFY };

/* "none", "may", "must", "verify"; false for anything else. */
bool tls_mode_parse(const char *text, enum tls_mode *mode_r);

/* What all connections of a client share. `ca_file` is for TLS_VERIFY; NULL or "" takes the system's authorities.
 * INVALID with a fault when it cannot be read. */
struct tls_client;
enum status tls_client_new(TALLOC_CTX *ctx, enum tls_mode mode, const char *ca_file, struct tls_client **client_r,
                           struct fault *fault);

/* The handshake, until the io's deadline. Whatever was read ahead in plain text is forgotten. After IO_LOST or
 * IO_TIMEOUT the connection is of no more use, and *error_r (in ctx) says why in words. */
enum io_result tls_start(TALLOC_CTX *ctx, struct tls_client *client, struct io *io, const char *host,
                         const char **error_r);
/* NULL without TLS, else such as "TLSv1.3 TLS_AES_256_GCM_SHA384". */
const char *tls_describe(TALLOC_CTX *ctx, const struct io *io);

/* When the first certificate of a PEM file ends (clock.h). False: there is none that we may read. */
bool tls_certificate_end(const char *path, int64_t *ends_us_r);

#endif
