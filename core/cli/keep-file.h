/* keep-file.h - files of a backup: written whole or not at all, for nobody else's eyes
 *
 * What is written is on the disk when a function returns OK (fsync), and belongs to who we are, until keep_give() says otherwise.
 * Failures are UNAVAILABLE, DISK_FULL or CONFLICT (it is there already) with a sentence that names the path. */
#ifndef KAIRAN_CLI_KEEP_FILE_H
#define KAIRAN_CLI_KEEP_FILE_H

#include <sys/stat.h>

#include "util/status.h"

/* A new file; there must be none of the name. On failure there is none either. */
enum status keep_write(TALLOC_CTX *ctx, const char *path, struct blob text, int mode, struct fault *fault);
enum status keep_copy(TALLOC_CTX *ctx, const char *from, const char *to, int mode, struct fault *fault);
/* The folder and what leads to it. Those that are new get this mode and, by keep_give(), this owner (user NULL: they are ours). */
struct keep_owner { const char *user, *group; };
enum status keep_folders(TALLOC_CTX *ctx, const char *path, int mode, struct keep_owner owner, struct fault *fault);
/* The names that a folder holds are on the disk. */
enum status keep_sync(TALLOC_CTX *ctx, const char *folder, struct fault *fault);
/* A folder with all that is in it, or a file. What cannot be removed stays, quietly. */
void keep_remove(const char *path);

char *keep_sha256(TALLOC_CTX *ctx, const char *path);       /* hex; NULL, and errno, when it cannot be read to its end */
bool keep_is_equal(TALLOC_CTX *ctx, const char *path, const char *other);       /* what cannot be read equals nothing */

/* Every file below a folder, links followed: `found` gets its path below it. What it answers but OK ends the walk, and so does what cannot
 * be looked at. Where the folder is not there, there is nothing. */
typedef enum status (*keep_found)(void *data, const char *path);
enum status keep_walk(TALLOC_CTX *ctx, const char *folder, keep_found found, void *data, struct fault *fault);

/* Names of a file's owner, numbers where they have none. */
const char *keep_user(TALLOC_CTX *ctx, uid_t uid);
const char *keep_group(TALLOC_CTX *ctx, gid_t gid);
/* Gives a file to whom these names mean on this machine; where they mean nobody, to the owner of the folder that it is in. Only root
 * can; for others nothing happens. */
enum status keep_give(TALLOC_CTX *ctx, const char *path, const char *user, const char *group, struct fault *fault);

#endif
