/* stopping.h - a person wants long work to end (SIGINT, SIGTERM): it ends where nothing is half done */
#ifndef KAIRAN_CLI_STOPPING_H
#define KAIRAN_CLI_STOPPING_H

#include <stdbool.h>

/* From now on the signals do not end the process: the work asks, and ends by itself. */
void stopping_heed(void);
bool stopping_is_wanted(void);

#endif
