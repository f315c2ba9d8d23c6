/* SPDX-License-Identifier: MIT */
#include "tools/live/quiet.h"

#include <fcntl.h>
#include <unistd.h>

FILE *quiet_start(void)
{
    int own = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    FILE *file = own >= 0 && nowhere >= 0 ? fdopen(own, "w") : NULL;
    if (file)
        dup2(nowhere, STDERR_FILENO);
    else if (own >= 0)
        close(own);
    if (nowhere >= 0) close(nowhere);
    return file;
}
