/* dmarc.h - what the author's domain asks of receivers, and whether this mail is the author's
 *
 * RFC 9989 (DMARCbis): the organizational domain is found by walking the DNS tree upwards, eight questions at the most. The
 * walk's questions are known from the domain's name, so a message's walks (the author's, and those of signers that could be
 * of the same organization) are asked in one batch with everything else.
 *
 * Two results are kept apart: whether the identifiers fit (pass or fail), and what the domain asks for in the latter case.
 * A resolver that does not answer gives AUTH_TEMPERROR; who must decide then assumes p=reject.
 *
 * Bounds: 50 tags a record, DMARC_DOMAINS_MAX domains a message. Memory: results live in ctx. Names are A-labels.
 * Sources: RFC 9989 4.7, 4.8, 4.10 and B.4; RFC 8601 2.7. */
#ifndef KAIRAN_AUTH_DMARC_H
#define KAIRAN_AUTH_DMARC_H

#include "auth/dns.h"
#include "auth/verdict.h"

enum { DMARC_WALK_MAX = 8, DMARC_DOMAINS_MAX = 20, DMARC_QUESTIONS_MAX = 3 + DMARC_WALK_MAX * (DMARC_DOMAINS_MAX + 1) };

enum dmarc_policy { DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT };
enum dmarc_psd { DMARC_PSD_UNKNOWN, DMARC_PSD_YES, DMARC_PSD_NO };

struct dmarc_record {
    enum dmarc_policy policy;               /* p= */
    enum dmarc_policy subdomain_policy;     /* sp=, else p= */
    enum dmarc_policy nonexistent_policy;   /* np=, else sp= */
    bool dkim_is_strict, spf_is_strict;     /* adkim=s, aspf=s */
    bool is_testing;                        /* t=y */
    enum dmarc_psd psd;
    const char *reports;                    /* rua= or NULL */
};

/* False: not a DMARC record, to be passed over. A record whose policies are broken, but which has an address for reports,
 * counts as p=none; without one it is none. */
bool dmarc_record_parse(TALLOC_CTX *ctx, const char *text, struct dmarc_record *record_r);

const char *dmarc_policy_name(enum dmarc_policy policy);

/* The names of a walk that begins at `domain`, in order, with "_dmarc." before them; returns how many. */
size_t dmarc_walk_names(TALLOC_CTX *ctx, const char *domain, const char *names_r[DMARC_WALK_MAX]);

/* Whatever may be needed for this author and these proved or claimed domains; `questions` has room for
 * DMARC_QUESTIONS_MAX. Returns how many. Domains beyond DMARC_DOMAINS_MAX are not looked up and so never aligned. */
size_t dmarc_ask(TALLOC_CTX *ctx, const char *author, const char *const *domains, size_t count, struct dns_question *questions);

/* The answers to those questions; they may stand among others. */
struct dmarc_answers {
    const struct dns_question *questions;
    size_t count;
};

/* The organizational domain by the walk; NULL when a question of it could not be answered. */
const char *dmarc_organizational_domain(TALLOC_CTX *ctx, const struct dmarc_answers *answers, const char *domain);
/* temporary_r (may be NULL) is set when that could not be found out. */
bool dmarc_is_aligned(const struct dmarc_answers *answers, const char *author, const char *domain, bool strict,
                      bool *temporary_r);

struct dmarc_result {
    enum auth_verdict result;
    const char *reason;                     /* in words, "" for a pass */
    const char *author;                     /* the domain of From; "" when there is none to go by */
    const char *record_domain;              /* whose record is in force; NULL: nobody's */
    const char *record_text;
    enum dmarc_policy policy;               /* in force for this author: p, sp or np */
    enum dmarc_policy asked;                /* the same after t=y has taken one step off; of use when result is fail */
    bool is_testing;
    bool dkim_is_strict, spf_is_strict;
    const char *organizational_domain;      /* of the author by the walk, or NULL */
    const char *aligned_dkim;               /* the domain that proved it, or NULL */
    const char *aligned_spf;
};

/* dkim: the domains whose signatures pass; spf: the domain for which SPF passes, or NULL. is_unsure: some proof could not be
 * looked at because of the resolver, so that a lack of alignment is AUTH_TEMPERROR. */
void dmarc_judge(TALLOC_CTX *ctx, const struct dmarc_answers *answers, const char *author, const char *const *dkim,
                 size_t dkim_count, const char *spf, bool is_unsure, struct dmarc_result *result_r);

#endif
