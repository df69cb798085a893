/* restore-files.h - keys and configuration of a backup go to their places
 *
 * A key that is another is kept under a name beside. A configuration that the machine has stays: somebody made it for this machine; the
 * backup's is put beside. The report has a row for each ("files"). */
#ifndef KAIRAN_CLI_RESTORE_FILES_H
#define KAIRAN_CLI_RESTORE_FILES_H

#include "cli/command.h"
#include "cli/manifest.h"

/* folder: the backup's. A file is in its place whole or not at all; a failure ends it, what is in its place by then stays. */
enum status restore_files(struct call *call, const char *folder, const struct manifest *manifest);

#endif
