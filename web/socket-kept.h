/* socket-kept.h - the listening socket, kept by systemd while the program is restarted
 *
 * systemd takes it from one master (FDSTORE, sd_notify(3); FileDescriptorStoreMax= of the unit) and gives it to the next
 * (sd_listen_fds(3)): whoever connects in between waits in it, and nobody is refused. Without systemd nothing of this happens. */
#ifndef KAIRAN_WEB_SOCKET_KEPT_H
#define KAIRAN_WEB_SOCKET_KEPT_H

#include <stdbool.h>

/* The socket that listens on the path and was kept for us; -1 when there is none, or one of another path, which is not kept any longer
 * then. To be asked once, before anything else is opened. */
int socket_kept_take(const char *path);
/* Leaves it to be kept. False: nobody keeps it, so its name ends with us. */
bool socket_kept_leave(int listening);

#endif
