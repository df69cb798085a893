/* test-gmime.c - GMime's opinion about the same messages
 *
 * GMime is the reader that notmuch trusts. Its tree of types and its decoded leaves are compared with ours over all messages of
 * the corpora; a message on which both differ is counted, and the count may not grow. It writes nothing here either. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gmime/gmime.h>

#include "corpus.h"
#include "mime/normal.h"
#include "mime/part.h"
#include "util/crypto.h"
#include "util/str.h"

enum { DIFFERENT_MOST = 21 };   /* broken ones, looked at one by one when this was written */

static void
add_leaf(struct str *out, const void *data, size_t len)
{
    uint8_t digest[SHA256_LEN];
    char *hex;

    sha256((struct blob){data, len}, digest);
    hex = hex_encode(NULL, (struct blob){digest, 4});
    str_addf(out, " %s", hex);
    talloc_free(hex);
}

static void add_object(struct str *out, GMimeObject *object);

static void
add_content(struct str *out, GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GMimeStream *memory = g_mime_stream_mem_new();
    GByteArray *bytes;

    if (content != NULL)
        g_mime_data_wrapper_write_to_stream(content, memory);
    bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
    add_leaf(out, bytes->data, bytes->len);
    g_object_unref(memory);
}

static void
add_object(struct str *out, GMimeObject *object)
{
    GMimeContentType *type = g_mime_object_get_content_type(object);
    char *name = g_mime_content_type_get_mime_type(type), *lower = str_lower(NULL, name);

    str_addf(out, "\n%s", lower);
    talloc_free(lower);
    g_free(name);
    if (GMIME_IS_MULTIPART(object))
        for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); i++)
            add_object(out, g_mime_multipart_get_part(GMIME_MULTIPART(object), i));
    else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));

        if (inner != NULL && g_mime_message_get_mime_part(inner) != NULL)
            add_object(out, g_mime_message_get_mime_part(inner));
    } else if (GMIME_IS_PART(object))
        add_content(out, GMIME_PART(object));
}

static char *
their_tree(TALLOC_CTX *ctx, struct blob raw)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)raw.data, raw.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    struct str *out = str_new(ctx);

    if (message != NULL && g_mime_message_get_mime_part(message) != NULL)
        add_object(out, g_mime_message_get_mime_part(message));
    if (message != NULL)
        g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
    return out->s;
}

static char *
our_tree(TALLOC_CTX *ctx, struct blob raw)
{
    struct message *message = message_parse(ctx, raw);
    struct str *out = str_new(ctx);

    for (size_t i = 0; i < message->count; i++) {
        const struct part *part = message->parts[i];

        str_addf(out, "\n%s", part->type);
        if (part_is_leaf(part) && !part_is_multipart(part)) {
            struct blob data = part_data(ctx, message, part);

            add_leaf(out, data.data, data.len);
        }
    }
    return out->s;
}

struct count {
    size_t same, different;
};

static void
compare(const char *path, void *context)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct blob raw = normal_copy(ctx, corpus_read(ctx, path), NULL);
    struct count *count = context;

    if (raw.len < 1000000 && strcmp(our_tree(ctx, raw), their_tree(ctx, raw)) == 0)
        count->same++;
    else {
        count->different++;
        if (getenv("SHOW") != NULL)
            printf("%s\n--- ours%s\n--- theirs%s\n", path, our_tree(ctx, raw), their_tree(ctx, raw));
    }
    talloc_free(ctx);
}

static void
test_trees(void **state)
{
    static const char *const dirs[] = {"mime/cpython", "mime/enmime",   "mime/hyperkitty", "mime/mail-gem", "mime/mailarch",
                                       "mime/notmuch", "mime/rspamd",   "mime/tmail",      "mime/zbateson", "mime/mail-parser",
                                       "threading/notmuch"};
    struct count count = {0, 0};

    (void)state;
    if (corpus_dir() == NULL)
        skip();
    for (size_t i = 0; i < COUNT_OF(dirs); i++)
        corpus_walk(dirs[i], compare, &count);
    print_message("gmime: %zu messages read alike, %zu differently\n", count.same, count.different);
    assert_true(count.same > 0);
    assert_true(count.different <= DIFFERENT_MOST);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_trees)};
    int failed;

    mem_init();
    g_mime_init();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    g_mime_shutdown();
    return failed;
}
