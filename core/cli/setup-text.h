/* setup-text.h - what "kairan setup" writes into files, as text alone
 *
 * Functions over texts, which touch no file and run no program: a block of ours between marks in somebody else's file, the site of nginx,
 * kairan.conf, and what becomes of a setting that Postfix has already. */
#ifndef KAIRAN_CLI_SETUP_TEXT_H
#define KAIRAN_CLI_SETUP_TEXT_H

#include "util/str.h"

/* The text with our block: in place of the one that is there, else before the first line that begins with `before` (NULL, or no such
 * line: at the end). `lines` end with LF. */
char *text_put_block(TALLOC_CTX *ctx, const char *text, const char *lines, const char *before);
/* Without it; the text itself where there is none. */
char *text_take_block(TALLOC_CTX *ctx, const char *text);

char *text_replace(TALLOC_CTX *ctx, const char *text, const char *old, const char *new);

/* nginx-example with this host and these files. without_ipv6: a machine without IPv6 refuses such a listen. */
struct site_words { const char *host, *certificate, *key, *static_dir; bool without_ipv6; };
char *text_site(TALLOC_CTX *ctx, const char *example, const struct site_words *words);

/* NULL, or the sentence that says why this is no name of a host on the internet, or no address. */
const char *text_host_trouble(TALLOC_CTX *ctx, const char *what, const char *name);
const char *text_address_trouble(TALLOC_CTX *ctx, const char *address);

/* "yes" or "no" for what people write to mean so; what is neither as it is. */
const char *text_yes_or_no(const char *answer);

/* "name = value" lines of a main.cf, with lines that go on; ended by a NULL name. */
struct main_line { const char *name, *value; };
struct main_line *text_main_cf(TALLOC_CTX *ctx, const char *text);
/* The first service of a master.cf with its options, on one line; NULL: there is none. */
char *text_master_cf(TALLOC_CTX *ctx, const char *text);

/* What Postfix has of a setting: as main.cf says it (NULL: not at all), and with variables filled in. */
struct postfix_has { const char *said, *means; };
struct postfix_ours {
    const char *domain, *host;
    bool has_others;            /* it relays for other domains too */
    const char *other_domains;  /* those, blanks between */
};
/* The value that it is to have; NULL: what it has is right. */
const char *text_postfix(TALLOC_CTX *ctx, const char *name, const char *wanted, const struct postfix_has *has,
                         const struct postfix_ours *ours);
/* Whether it relays for others: by what relay_domains and relay_transport mean. */
bool text_postfix_others(const char *relay_domains, const char *relay_transport);
/* Words of a list setting, ended by NULL: blanks and commas between, but what stands in braces is one. */
char **text_words(TALLOC_CTX *ctx, const char *value);
/* A word of mydestination and what it means, which may be many words; ended by said == NULL. */
struct postfix_word { const char *said, *means; };
/* The words without those that mean the domain; NULL: none does. is_named_so: myhostname will be the domain. hidden_r: NULL, or the word
 * that means the domain and more, so that nobody but a person can take the domain out. */
const char *text_destination(TALLOC_CTX *ctx, const struct postfix_word *words, const char *domain, bool is_named_so, const char **hidden_r);

/* A command as a person would type it: words with blanks and the like in quotes. */
char *text_command(TALLOC_CTX *ctx, const char *const argv[]);

#endif
