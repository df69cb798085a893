/* check-names.c - whether mail for every name of ours comes to us */
#include <string.h>

#include "cli/check.h"
#include "store/statements.h"
#include "util/str.h"

enum { WORDS_MOST = 200, TAKEN_SHOWN = 20 };

static const char *const endings[] = {"", "-owner", "-request", "-join", "-leave", "-subscribe", "-unsubscribe", "-confirm", "-bounces"};

/* --- names of ours that hide one another --- */

static void
check_hidden(struct findings *findings)
{
    struct row_check_hidden *rows;
    size_t count = 0;

    if (q_check_hidden(findings->call->db, findings->call->ctx, &rows, &count) != STATUS_OK) {
        finding_unseen(findings, "names");
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (rows[i].is_domain)
            finding_trouble(findings, "names", "%s is a domain here and another name of %s, too; mail to it goes to the domain. Take the "
                            "other name away with \"kairan domain alias remove %s %s\".", rows[i].name, rows[i].other, rows[i].other, rows[i].name);
        else
            finding_advice(findings, "names", "%s is an old name of %s, but a newer list has that name; mail to it goes there.", rows[i].name,
                           rows[i].other);
    if (count == 0)
        finding_fine(findings, "names", "No name of a list or domain hides another.");
}

/* --- Postfix --- */

struct names {
    struct findings *findings;
    const char *config, *where;
    struct row_check_domains *domains;
    size_t domain_count;
};

static char **
words_of(struct names *names, const char *setting)
{
    const char *value = postconf(names->findings->call->ctx, names->config, setting);
    char *words = mem_strdup(names->findings->call->ctx, value != NULL ? value : "");

    for (char *s = words; *s != '\0'; s++)
        if (*s == ',' || *s == '\t' || *s == '\n')
            *s = ' ';
    return str_split(names->findings->call->ctx, words, ' ', WORDS_MOST);
}

static bool
is_table(const char *word)
{
    return strchr(word, ':') != NULL;
}

/* Ours is asked for by socketmap, and knows all our names; a file's names stand in it, one a line. */
static bool
takes(struct names *names, const char *word, const char *domain)
{
    const char *found;

    if (str_starts(word, "socketmap:") || str_eq_nocase(word, domain))
        return true;
    if (!is_table(word))
        return false;
    found = postmap(names->findings->call->ctx, names->config, word, domain);
    return !str_is_empty(found);
}

static bool
is_in(struct names *names, const char *setting, const char *domain)
{
    for (char **word = words_of(names, setting); *word != NULL; word++)
        if (**word != '\0' && takes(names, *word, domain))
            return true;
    return false;
}

static void
check_domain(struct names *names, const struct row_check_domains *domain)
{
    const char *local = postconf(names->findings->call->ctx, names->config, "local_transport");
    bool is_local = is_in(names, "mydestination", domain->name);

    if (is_local && (local == NULL || str_starts(local, "local")))
        finding_trouble(names->findings, "postfix", "%s: take %s out of mydestination, else its mail goes to accounts and aliases of this "
                        "machine.", names->where, domain->name);
    else if (is_in(names, "virtual_alias_domains", domain->name))
        finding_trouble(names->findings, "postfix", "%s: take %s out of virtual_alias_domains, else its lists are unknown users.",
                        names->where, domain->name);
    else if (!is_local && !is_in(names, "relay_domains", domain->name) && !is_in(names, "virtual_mailbox_domains", domain->name))
        finding_trouble(names->findings, "postfix", "%s: add %s to relay_domains, else its mail is refused%s.", names->where, domain->name,
                        domain->is_alias ? "; it is another name of a domain here" : "");
    else
        finding_fine(names->findings, "postfix", "%s: mail for %s is taken.", names->where, domain->name);
}

/* Every address of every list, old names and other names of domains too, and the domains themselves. */
static char *
all_keys(struct names *names, const struct row_check_lists *lists, size_t count)
{
    struct str *keys = str_new(names->findings->call->ctx);

    for (size_t i = 0; i < count; i++)
        for (size_t e = 0; e < COUNT_OF(endings); e++)
            str_addf(keys, "%s%s@%s\n", lists[i].name, endings[e], lists[i].domain);
    for (size_t i = 0; i < names->domain_count; i++)
        str_addf(keys, "@%s\n", names->domains[i].name);
    return keys->s;
}

/* A table that names one of our addresses, or a whole domain of ours, has the mail before us. */
static size_t
check_table(struct names *names, const char *setting, const char *table, const char *keys)
{
    const char *found = postmap(names->findings->call->ctx, names->config, table, keys);
    char **lines;
    size_t count = 0;

    if (found == NULL) {
        finding_advice(names->findings, "postfix", "%s: %s (%s) could not be asked.", names->where, table, setting);
        return 0;
    }
    lines = str_split(names->findings->call->ctx, found, '\n', SIZE_MAX);
    for (; *lines != NULL; lines++) {
        char *value = strpbrk(*lines, " \t");

        if (**lines == '\0' || count++ >= TAKEN_SHOWN)
            continue;
        if (value != NULL)
            *value++ = '\0';
        finding_trouble(names->findings, "postfix", "%s: %s (%s) sends %s to %s; take it out, else that mail never comes here.",
                        names->where, table, setting, *lines, value == NULL ? "somebody else" : value);
    }
    if (count > TAKEN_SHOWN)
        finding_trouble(names->findings, "postfix", "%s: and %zu more in %s.", names->where, count - TAKEN_SHOWN, table);
    return count;
}

static void
check_tables(struct names *names)
{
    static const char *const settings[] = {"virtual_alias_maps", "canonical_maps", "recipient_canonical_maps", "relocated_maps"};
    struct row_check_lists *lists;
    size_t count, taken = 0;
    const char *keys;

    if (q_check_lists(names->findings->call->db, names->findings->call->ctx, &lists, &count) != STATUS_OK) {
        finding_unseen(names->findings, "names");
        return;
    }
    keys = all_keys(names, lists, count);
    for (size_t i = 0; i < COUNT_OF(settings); i++)
        for (char **word = words_of(names, settings[i]); *word != NULL; word++)
            if (is_table(*word) && !str_starts(*word, "socketmap:"))
                taken += check_table(names, settings[i], *word, keys);
    if (taken == 0)
        finding_fine(names->findings, "postfix", "%s: no table takes an address of a list away.", names->where);
}

void
check_names(struct findings *findings, const char *in_config)
{
    struct call *call = findings->call;
    struct names names = {.findings = findings, .config = in_config, .where = in_config != NULL ? in_config : "/etc/postfix"};

    check_hidden(findings);
    if (postconf(call->ctx, in_config, "relay_domains") == NULL)
        return;
    if (q_check_domains(call->db, call->ctx, &names.domains, &names.domain_count) != STATUS_OK) {
        finding_unseen(findings, "names");
        return;
    }
    for (size_t i = 0; i < names.domain_count; i++)
        check_domain(&names, &names.domains[i]);
    check_tables(&names);
}
