/* rule.h - what becomes of a post: accepted, held, refused or discarded, and why
 *
 * The rules are pure functions over struct facts; nothing is looked up while they run, so the same facts always give the same
 * verdict, and a page can say what another setting would have done. Whoever wants a verdict reads the message
 * (rule_message_read), asks the database (facts_load), says what authentication found, and judges (rules_judge).
 * A message that a person has accepted is not judged again.
 *
 * Rights to post go by the one author's From address; membership of any address of the same account counts. A From that its
 * domain disowns (DMARC fail under quarantine or reject) is held before any right is looked at. Nobody gets a row as a nonmember
 * for having written: such rows are a person's decision.
 *
 * Memory: all in ctx; facts point to what was given. Sources: mailman3-features 1.4-1.6; DESIGN 4.3. */
#ifndef KAIRAN_POLICY_RULE_H
#define KAIRAN_POLICY_RULE_H

#include "mime/summary.h"
#include "policy/list.h"
#include "policy/rule-cache.h"
#include "util/out.h"

/* In the words of judgement.action; a later one is severer. */
enum verdict_action { VERDICT_ACCEPT, VERDICT_HOLD, VERDICT_REJECT, VERDICT_DISCARD };
const char *verdict_word(enum verdict_action action);

/* What the rules want to know of a message. Addresses are keys (mime/address.h). */
struct rule_message {
    const struct message *source;           /* for header filters; may be NULL in tests */
    const char *subject;
    size_t from_fields, from_addresses;     /* readable or not */
    const char *author;                     /* the one readable author's key, or NULL */
    const char *envelope_sender;            /* key; NULL for the null sender and for what is no address */
    struct text_array senders;              /* From, envelope, Sender, Reply-To: each that could be read */
    struct text_array recipients;           /* To, Cc, Resent-To, Resent-Cc */
    size_t to_addresses;                    /* in To and Cc, readable or not */
    size_t size;
    const char *list_id;                    /* what stands in <>, small letters; NULL when none */
    const char *list_post;                  /* unfolded; NULL when none */
    struct text_array x_loop;
    const char *auto_submitted;             /* first word, small letters; NULL when none */
    const char *text;
};
struct rule_message *rule_message_read(TALLOC_CTX *ctx, const struct message *message, const struct summary *summary,
                                       const char *envelope_sender);

enum password_state { PASSWORD_NONE, PASSWORD_RIGHT, PASSWORD_WRONG, PASSWORD_LIMITED /* too many wrong ones: not looked at */ };

/* What is proved about the message, by others than the rules; all NULL or 0 when it was not asked. */
struct rule_auth {
    const char *dmarc;          /* "pass", "fail", "none", "temperror", "permerror" */
    const char *dmarc_policy;   /* "none", "quarantine", "reject", as the author's domain published it; NULL when it did not */
    bool submitted;             /* its sender gave the MTA a password: DMARC says nothing about it */
    enum password_state password;   /* the moderators', in the message */
    const char *umbrella;       /* the list of ours, by its address, whose copy to this list it is */
};

/* What the mail server's filters wrote. */
struct rule_scan {
    bool flagged;               /* it says that it is spam */
    bool has_score;
    int score_tenths;
    const char *virus;          /* what it says about a virus, or NULL */
};
struct rule_scan rule_scan_read(TALLOC_CTX *ctx, const struct header *header, const struct settings *settings);

enum author_state { AUTHOR_UNKNOWN, AUTHOR_NONMEMBER, AUTHOR_MEMBER, AUTHOR_MODERATOR, AUTHOR_OWNER };
const char *author_state_word(enum author_state state);

struct facts {
    const struct settings *settings;
    const char *list_address;               /* key of the posting address */
    struct text_array list_addresses;       /* others of it: old ones, and those on other names of its domain */
    const char *list_id;                    /* name.domain */
    const struct rule_message *message;
    struct rule_auth auth;
    struct rule_scan scan;
    enum author_state author_state;
    int64_t member_id;                      /* 0 when the author has no row */
    bool has_own_action;                    /* its row says what becomes of its posts: */
    enum post_action own_action;
    const char *banned, *banned_by;         /* the sender that is banned and the ban, or NULL */
    struct filter_answer filter;            /* the first header filter that it meets */
    const char *listed;                     /* the line of the lists of nonmembers that the author stands in, or NULL */
    enum rule_lines listed_in;
};

/* Fills what the database knows: the author's membership, bans of any sender, filters, lists of nonmembers. A few statements.
 * `cache` may be NULL. Header filters are asked here. */
enum status facts_load(struct db *db, TALLOC_CTX *ctx, const struct list *list, const struct settings *settings,
                       const struct rule_message *message, const struct rule_auth *auth, struct rule_cache *cache,
                       struct facts **facts_r);
/* Looks for an author outside the list in the four lists; facts_load does so. `cached` may be NULL. */
void facts_find_listed(struct facts *facts, struct rule_cached *cached, struct text_array memberships);
/* For judgement.facts: numbers and states, no address of anybody but the author. */
char *facts_json(TALLOC_CTX *ctx, const struct facts *facts);

struct verdict {
    enum verdict_action action;
    const char *rule;               /* that settled it; "default" when none hit */
    const char *reason;             /* English, of that rule */
    const char *reject_text;        /* an owner's own words to the author, or NULL */
    struct text_array reasons;      /* all of them; empty when accepted by default */
    struct text_array hits, misses; /* names of rules; those after the one that settled it are in neither */
};
struct verdict *rules_judge(TALLOC_CTX *ctx, const struct facts *facts);

/* One line a rule, asked or not, for those who want to know why. */
enum rule_answer { RULE_MISSED, RULE_HIT, RULE_NOT_ASKED };
struct rule_line {
    const char *name, *question, *reason;   /* reason of a hit, else NULL */
    const char *detail;                     /* what it saw: a ban, a filter, a line; NULL when there is nothing to name */
    enum rule_answer answer;                /* NOT_ASKED: one before it has settled the matter */
    enum verdict_action action;             /* of a hit */
};
/* As many as rule_rows() has, and the same verdict as rules_judge(). */
struct rule_line *rules_explain(TALLOC_CTX *ctx, const struct facts *facts, struct verdict **verdict_r);

/* The table, for manuals and pages. */
struct rule_row { const char *name; bool settles; enum verdict_action action; const char *reason, *question; };
const struct rule_row *rule_rows(void);     /* ended by a NULL name */

#endif
