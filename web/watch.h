/* watch.h - the process that answers on kairan-web's metrics socket */
#ifndef KAIRAN_WEB_WATCH_H
#define KAIRAN_WEB_WATCH_H

#include <stdbool.h>

/* Runs until SIGTERM. It has no database and sees no request: what it says is what the others have counted. */
int web_watch(int listening_fd, bool sandbox);

#endif
