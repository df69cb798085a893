/* stopping.c - a person wants long work to end */
#include <signal.h>

#include "cli/stopping.h"

static volatile sig_atomic_t wanted;

static void
stop(int signal_number)
{
    (void)signal_number;
    wanted = 1;
}

void
stopping_heed(void)
{
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
}

bool
stopping_is_wanted(void)
{
    return wanted != 0;
}
