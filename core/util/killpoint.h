/* killpoint.h - named places at which a test may end the process
 *
 * In a build made with --enable-killpoints the environment's KAIRAN_KILL="name:n" ends the process with _exit(137) at the
 * n-th pass of that name, counted over all processes in the file KAIRAN_KILL_DIR/name; every pass is counted there, so that the
 * crash suite can prove that each point is reached. Otherwise nothing is compiled in. */
#ifndef KAIRAN_UTIL_KILLPOINT_H
#define KAIRAN_UTIL_KILLPOINT_H

#ifdef KAIRAN_KILLPOINTS
void killpoint(const char *name);
#else
#define killpoint(name) ((void)0)
#endif

#endif
