/* pieces.c - bytes that come a few at a time */
#include <string.h>

#include "pieces.h"

size_t
pieces_read(void *data, void *buffer, size_t most)
{
    struct pieces *pieces = data;
    size_t len = pieces->rest.len < pieces->step ? pieces->rest.len : pieces->step;

    if (len > most)
        len = most;
    memcpy(buffer, pieces->rest.data, len);
    pieces->rest = (struct blob){pieces->rest.data + len, pieces->rest.len - len};
    return len;
}
