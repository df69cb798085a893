/* dns-network.h - questions on their way to the resolver and back; only dns.c includes this
 *
 * c-ares sends and waits; its packets are read here, within the bounds of dns.h. Each call has sockets of its own and leaves
 * nothing open. */
#ifndef KAIRAN_AUTH_DNS_NETWORK_H
#define KAIRAN_AUTH_DNS_NETWORK_H

#include "auth/dns.h"

/* Fills every answer, with DNS_TEMPERROR where none came before the deadline. servers_csv is c-ares' form; NULL: resolv.conf. */
void dns_network_ask(TALLOC_CTX *ctx, const char *servers_csv, struct dns_question **questions, size_t count,
                     int64_t deadline_ms);

#endif
