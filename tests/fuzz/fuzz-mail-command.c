/* fuzz-mail-command.c - commands out of any bytes that mime/ could decode: first the subject, behind a NUL the text */
#include <string.h>

#include "policy/mail-command.h"
#include "util/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const uint8_t *nul = memchr(data, '\0', len);
    size_t first = nul != NULL ? (size_t)(nul - data) : len;
    struct mail_commands *read = mail_commands_read(ctx, utf8_clean(ctx, data, first),
                                                    nul != NULL ? utf8_clean(ctx, nul + 1, len - first - 1) : "");

    must(read->count + read->ignored_count <= MAIL_COMMANDS_MAX);
    for (size_t i = 0; i < read->count; i++) {
        const struct mail_command *command = &read->rows[i];

        must(command->kind < MAIL_COMMAND_COUNT && command->word_count <= (size_t)mail_command_rows()[command->kind].most);
        must(utf8_is_valid(command->line, strlen(command->line)));
        for (size_t w = 0; w < command->word_count; w++)
            must(*command->words[w] != '\0' && strchr(command->words[w], ' ') == NULL);
    }
    for (size_t i = 0; i < read->ignored_count; i++)
        must(utf8_is_valid(read->ignored[i], strlen(read->ignored[i])));
    talloc_free(ctx);
    return 0;
}
