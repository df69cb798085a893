/* reduced.h - a post as a mail for those who may not have it as it came
 *
 * Where a list hides addresses from guests, and where it hides who writes, files hold this instead of the mail: who wrote (a name),
 * when, the subject, where it is read, and the text with addresses cut. The mail says of itself that it is such. */
#ifndef KAIRAN_ARCHIVE_REDUCED_H
#define KAIRAN_ARCHIVE_REDUCED_H

#include "util/i18n.h"
#include "util/str.h"

/* Why: for guests; as the list shows addresses to its moderators alone, or to nobody; as it hides who writes. */
enum reduced_why { REDUCED_GUEST, REDUCED_LIST, REDUCED_NOBODY, REDUCED_ANONYMOUS };

struct reduced {
    const char *name, *address;     /* of the author, as the archive names them */
    const char *subject;
    const char *page;               /* whole address of its page */
    int64_t written_us;
    enum reduced_why why;
    struct blob bytes;              /* masked already, as message_seen() gives them */
};

/* A mail in normal form. */
void reduced_put(struct str *out, const struct lang *lang, const struct reduced *post);
/* Where the list's setting archive_addresses says this. */
enum reduced_why reduced_why_of(const char *archive_addresses);
/* "Reduced form: ..." */
const char *reduced_words(const struct lang *lang, enum reduced_why why);

#endif
