/* dkim-tags.c - signature fields and key records, read before anybody believes them */
#include <ctype.h>
#include <string.h>

#include "auth/dkim-tags.h"
#include "auth/dns.h"
#include "auth/verdict.h"
#include "util/str.h"

const char *
auth_verdict_name(enum auth_verdict verdict)
{
    static const char *const names[] = {"none", "pass", "fail", "neutral", "policy", "temperror", "permerror"};

    return names[verdict];
}

/* ---- tag lists ---- */

static bool
is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The bytes of [from, to) without white space; NULL when there is a control character or a letter outside ASCII. */
static char *
dense(TALLOC_CTX *ctx, const uint8_t *from, const uint8_t *to)
{
    char *text = mem_array(ctx, char, to - from + 1), *out = text;

    for (const uint8_t *p = from; p < to; p++) {
        if (is_space(*p))
            continue;
        if (*p < 0x20 || *p > 0x7e)
            return NULL;
        *out++ = (char)*p;
    }
    return text;
}

static bool
is_tag_name(const char *name)
{
    if (!isalpha((unsigned char)*name))
        return false;
    while (isalnum((unsigned char)*name) || *name == '_')
        name++;
    return *name == '\0';
}

static bool
add_tag(struct dkim_tags *tags, const uint8_t *from, const uint8_t *to)
{
    const uint8_t *equals = memchr(from, '=', (size_t)(to - from));
    struct dkim_tag *tag = &tags->rows[tags->count];

    if (equals == NULL || tags->count == DKIM_TAGS_MAX)
        return false;
    tag->name = dense(tags->rows, from, equals);
    tag->value = dense(tags->rows, equals + 1, to);
    if (tag->name == NULL || tag->value == NULL || !is_tag_name(tag->name) || dkim_tags_get(tags, tag->name) != NULL)
        return false;
    tags->count++;
    return true;
}

struct dkim_tags *
dkim_tags_parse(TALLOC_CTX *ctx, struct blob text)
{
    struct dkim_tags *tags = mem_new(ctx, struct dkim_tags);
    const uint8_t *p = text.data, *end = p + text.len;

    tags->rows = mem_array(tags, struct dkim_tag, DKIM_TAGS_MAX + 1);
    while (p < end) {
        const uint8_t *semicolon = memchr(p, ';', (size_t)(end - p)), *to = semicolon == NULL ? end : semicolon;

        while (p < to && is_space(*p))
            p++;
        if (p == to && semicolon == NULL)
            break;          /* after the last semicolon */
        if (!add_tag(tags, p, to)) {
            talloc_free(tags);
            return NULL;
        }
        p = to + 1;
    }
    return tags;
}

const char *
dkim_tags_get(const struct dkim_tags *tags, const char *name)
{
    for (size_t i = 0; i < tags->count; i++)
        if (strcmp(tags->rows[i].name, name) == 0)
            return tags->rows[i].value;
    return NULL;
}

/* ---- signatures ---- */

static const char is_sha1[] = "it uses sha1, which proves nothing any more";

static const char *
read_algorithm(struct dkim_signature *signature, const char *name)
{
    if (str_eq(name, "rsa-sha256") || str_eq(name, "ed25519-sha256")) {
        signature->algorithm = *name == 'r' ? KEY_RSA : KEY_ED25519;
        return NULL;
    }
    return str_eq(name, "rsa-sha1") ? is_sha1 : "its algorithm (a=) is not known";
}

static const char *
read_canonicalisation(struct dkim_signature *signature, const char *text)
{
    static const char *const names[] = {"simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"};
    const char *whole = strchr(text, '/') != NULL ? text : mem_printf(signature, "%s/simple", text);

    for (unsigned i = 0; i < COUNT_OF(names); i++)
        if (str_eq_nocase(whole, names[i])) {
            signature->header_canon = i & 2 ? CANON_RELAXED : CANON_SIMPLE;
            signature->body_canon = i & 1 ? CANON_RELAXED : CANON_SIMPLE;
            signature->canonicalisation = names[i];
            return NULL;
        }
    return "its canonicalisation (c=) is not known";
}

static const char *
read_names(struct dkim_signature *signature, const char *text)
{
    bool has_from = false;

    signature->names_text = text;
    signature->names = (const char **)str_split(signature, text, ':', DKIM_NAMES_MAX + 1);
    while (signature->names[signature->name_count] != NULL)
        has_from = str_eq_nocase(signature->names[signature->name_count++], "From") || has_from;
    if (signature->name_count > DKIM_NAMES_MAX)
        return "it lists too many fields (h=)";
    return has_from ? NULL : "it does not cover From";
}

/* The domain of i= must be d= or below it. */
static bool
identity_is_within(const char *identity, const char *domain)
{
    const char *at = strrchr(identity, '@');
    size_t len, domain_len = strlen(domain);

    if (at == NULL)
        return false;
    len = strlen(++at);
    return len >= domain_len && str_eq_nocase(at + len - domain_len, domain)
           && (len == domain_len || at[len - domain_len - 1] == '.');
}

static const char *
read_domain(struct dkim_signature *signature, const struct dkim_tags *tags)
{
    const char *d = dkim_tags_get(tags, "d"), *s = dkim_tags_get(tags, "s"), *i = dkim_tags_get(tags, "i");

    if (d == NULL || s == NULL)
        return "it names no domain or selector (d=, s=)";
    signature->domain = str_lower(signature, d);
    signature->selector = str_lower(signature, s);
    signature->identity = i != NULL ? i : mem_printf(signature, "@%s", signature->domain);
    if (!dns_name_is_host(d) || strchr(d, '.') == NULL
        || !dns_name_is_host(mem_printf(signature, "%s._domainkey.%s", s, d)))
        return "its domain or selector is no domain name (d=, s=)";
    return identity_is_within(signature->identity, d) ? NULL : "its identity (i=) lies outside its domain";
}

static const char *
read_numbers(struct dkim_signature *signature, const struct dkim_tags *tags)
{
    const char *t = dkim_tags_get(tags, "t"), *x = dkim_tags_get(tags, "x"), *l = dkim_tags_get(tags, "l");
    static const int64_t latest = INT64_C(253402300799);    /* the end of the year 9999 */

    signature->length = CANON_NO_LIMIT;
    signature->has_length = l != NULL;
    if (l != NULL && !str_to_int(l, 0, INT64_MAX - 1, &signature->length))
        return "its length (l=) is no number";
    if ((t != NULL && !str_to_int(t, 0, latest, &signature->t_s)) || (x != NULL && !str_to_int(x, 0, latest, &signature->x_s)))
        return "its times (t=, x=) are no numbers";
    return x != NULL && t != NULL && signature->x_s <= signature->t_s ? "it expired before it was made (x=, t=)" : NULL;
}

static const char *
read_hashes(struct dkim_signature *signature, const struct dkim_tags *tags)
{
    const char *b = dkim_tags_get(tags, "b"), *bh = dkim_tags_get(tags, "bh");

    if (str_is_empty(b) || str_is_empty(bh))
        return "its hashes (b=, bh=) are missing";
    signature->signature_text = b;
    if (!base64_decode(signature, b, strlen(b), &signature->signature)
        || !base64_decode(signature, bh, strlen(bh), &signature->body_hash) || signature->body_hash.len != SHA256_LEN)
        return "its hashes (b=, bh=) are not as they must be";
    return NULL;
}

static bool
has_dns_query(const char *q)
{
    char **methods = q == NULL ? NULL : str_split(NULL, q, ':', 20);
    bool has = q == NULL;

    for (size_t i = 0; !has && methods[i] != NULL; i++)
        has = str_eq_nocase(methods[i], "dns/txt") || str_eq_nocase(methods[i], "dns");
    talloc_free(methods);
    return has;
}

/* What is wrong with it, in the order in which a person would look. Fills what can be read in any case. */
static const char *
read_signature(struct dkim_signature *signature, const struct dkim_tags *tags)
{
    const char *h = dkim_tags_get(tags, "h"), *c = dkim_tags_get(tags, "c"), *a = dkim_tags_get(tags, "a");
    const char *domain = read_domain(signature, tags), *numbers = read_numbers(signature, tags);
    const char *canonicalisation = read_canonicalisation(signature, c == NULL ? "simple" : c);
    const char *names = h == NULL ? "it lists no fields (h=)" : read_names(signature, h);
    const char *algorithm, *hashes = NULL;

    signature->algorithm_name = a;
    if (!str_eq(dkim_tags_get(tags, "v"), "1"))
        return "its version is not 1 (v=)";
    if ((algorithm = a == NULL ? "its algorithm is missing (a=)" : read_algorithm(signature, a)) == NULL)
        hashes = read_hashes(signature, tags);
    if (!has_dns_query(dkim_tags_get(tags, "q")))
        return "its key is not to be had by DNS (q=)";
    return domain != NULL ? domain : names != NULL ? names : algorithm != NULL ? algorithm : numbers != NULL ? numbers
           : canonicalisation != NULL ? canonicalisation : hashes;
}

struct dkim_signature *
dkim_signature_parse(TALLOC_CTX *ctx, struct blob field)
{
    struct dkim_signature *signature = mem_new(ctx, struct dkim_signature);
    const uint8_t *colon = memchr(field.data, ':', field.len);
    struct dkim_tags *tags = NULL;

    signature->field = field;
    signature->length = CANON_NO_LIMIT;
    if (colon != NULL)
        tags = dkim_tags_parse(signature, (struct blob){colon + 1, field.len - (size_t)(colon + 1 - field.data)});
    signature->problem = tags == NULL ? "it is no list of tags" : read_signature(signature, tags);
    signature->is_refused = signature->problem == is_sha1;
    return signature;
}

/* ---- keys ---- */

static bool
list_has(const char *list, const char *word)
{
    char **words = str_split(NULL, list, ':', 100);
    bool has = false;

    for (size_t i = 0; !has && words[i] != NULL; i++)
        has = str_eq_nocase(words[i], word);
    talloc_free(words);
    return has;
}

static const char *
read_public(struct dkim_key *key, const char *p)
{
    struct blob data;

    if (*p == '\0')
        return "the key was revoked (p= is empty)";
    if (!base64_decode(key, p, strlen(p), &data) || verify_key_read(key, key->algorithm, data, &key->key) != STATUS_OK)
        return "the key record's p= is no key";
    key->bits = verify_key_bits(key->key);
    key->is_refused = key->algorithm == KEY_RSA && key->bits < 1024;
    return key->is_refused ? "the key has fewer than 1024 bits" : NULL;
}

static const char *
read_key(struct dkim_key *key, const struct dkim_tags *tags)
{
    const char *v = dkim_tags_get(tags, "v"), *k = dkim_tags_get(tags, "k"), *h = dkim_tags_get(tags, "h");
    const char *s = dkim_tags_get(tags, "s"), *t = dkim_tags_get(tags, "t"), *p = dkim_tags_get(tags, "p");

    key->is_testing = t != NULL && list_has(t, "y");
    key->is_strict = t != NULL && list_has(t, "s");
    if (v != NULL && (!str_eq(v, "DKIM1") || !str_eq(tags->rows[0].name, "v")))
        return "the key record's version is not DKIM1 (v=)";
    if (k != NULL && !str_eq_nocase(k, "rsa") && !str_eq_nocase(k, "ed25519"))
        return "the key record's kind is not known (k=)";
    key->algorithm = k != NULL && str_eq_nocase(k, "ed25519") ? KEY_ED25519 : KEY_RSA;
    if (h != NULL && !list_has(h, "sha256"))
        return "the key is not for sha256 (h=)";
    if (s != NULL && !list_has(s, "email") && !list_has(s, "*"))
        return "the key is not for mail (s=)";
    return p == NULL ? "the key record has no key (p=)" : read_public(key, p);
}

struct dkim_key *
dkim_key_parse(TALLOC_CTX *ctx, const char *record)
{
    struct dkim_key *key = mem_new(ctx, struct dkim_key);
    struct dkim_tags *tags = dkim_tags_parse(key, blob_of(record));

    key->problem = tags == NULL ? "the key record is no list of tags" : read_key(key, tags);
    return key;
}

/* ---- the check ---- */

/* The field with the value of b= taken out, as it was when it was signed. */
static struct blob
without_signature(TALLOC_CTX *ctx, struct blob field)
{
    const uint8_t *p = memchr(field.data, ':', field.len), *end = field.data + field.len;
    struct str *text = str_new(ctx);

    str_addn(text, field.data, (size_t)(++p - field.data));
    while (p < end) {
        const uint8_t *semicolon = memchr(p, ';', (size_t)(end - p)), *to = semicolon == NULL ? end : semicolon + 1;
        const uint8_t *equals = memchr(p, '=', (size_t)(to - p)), *name = p, *name_end = equals == NULL ? p : equals;

        while (name < name_end && is_space(*name))
            name++;
        while (name_end > name && is_space(name_end[-1]))
            name_end--;
        if (name_end - name == 1 && *name == 'b') {
            str_addn(text, p, (size_t)(equals + 1 - p));
            if (semicolon != NULL)
                str_addc(text, ';');
        } else {
            str_addn(text, p, (size_t)(to - p));
        }
        p = to;
    }
    return str_blob(text);
}

static void
hash_header(TALLOC_CTX *ctx, const struct dkim_signature *signature, const struct blob *fields, size_t count,
            uint8_t digest_r[SHA256_LEN])
{
    struct str *canonical = str_new(ctx);

    canon_header(canonical, signature->header_canon, fields, count, signature->names, signature->name_count);
    canon_field_last(canonical, signature->header_canon, without_signature(ctx, signature->field));
    sha256(str_blob(canonical), digest_r);
}

const char *
dkim_signature_check(const struct dkim_signature *signature, const struct dkim_key *key,
                     const struct blob *fields, size_t count, struct blob body)
{
    TALLOC_CTX *tmp = talloc_new(NULL);
    struct canon_body *hash = canon_body_new(tmp, signature->body_canon, signature->length);
    uint8_t digest[SHA256_LEN];
    const char *reason = NULL;

    must(signature->problem == NULL && key->problem == NULL);
    canon_body_add(hash, body.data, body.len);
    if (canon_body_end(hash, digest) < signature->length && signature->has_length)
        reason = "the body is shorter than its length (l=)";
    else if (memcmp(digest, signature->body_hash.data, SHA256_LEN) != 0)
        reason = "the body was changed";
    else if (key->algorithm != signature->algorithm)
        reason = "the key is of another kind than the signature";
    else {
        hash_header(tmp, signature, fields, count, digest);
        if (!verify_key_digest(key->key, digest, signature->signature))
            reason = "the signature does not fit the header";
    }
    talloc_free(tmp);
    return reason;
}
