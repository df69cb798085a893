/* authres.h - the Authentication-Results field: ours written, others' read
 *
 * Whatever stands in a message or in DNS can neither end the line nor look like a result of ours: values are written as atoms
 * or quoted strings, comments hold our own words only.
 *
 * Reading serves two ends: to know which incoming fields bear our name (they are forged or stale and must go, RFC 8601 5), and
 * to follow ARC later. Bounds: AUTHRES_ITEMS_MAX results, AUTHRES_PROPERTIES_MAX properties each; linear.
 * Sources: RFC 8601 2.2; CVE-2022-48521 (the wrong field deleted), OpenDMARC#441 (too many results). */
#ifndef KAIRAN_AUTH_AUTHRES_H
#define KAIRAN_AUTH_AUTHRES_H

#include "auth/check.h"

enum { AUTHRES_ITEMS_MAX = 100, AUTHRES_PROPERTIES_MAX = 20 };

/* "Authentication-Results: id; dkim=... ; dmarc=...; spf=...\r\n", folded. */
char *authres_write(TALLOC_CTX *ctx, const char *id, const struct auth_result *result);

struct authres_property { const char *type, *name, *value; };       /* header . d = example.jp */
struct authres_item {
    const char *method, *result;                                    /* small letters */
    struct authres_property properties[AUTHRES_PROPERTIES_MAX];
    size_t property_count;
};
struct authres {
    const char *id;                                                 /* unquoted, small letters */
    struct authres_item *items;
    size_t count;
};

/* `value`: the field's raw value (header_raw). False: it is not as RFC 8601 has it, or beyond a bound. id is set if it was
 * readable. The word "none" gives no items. */
bool authres_parse(TALLOC_CTX *ctx, struct blob value, struct authres *authres_r);

/* The field bears our id, or is so broken that a lenient reader might think so. */
bool authres_is_ours(struct blob value, const char *id);

#endif
