/* SPDX-License-Identifier: MIT */
/* Discards what PortAudio, ALSA and JACK write to standard error, from any thread. */
#ifndef VOQ_TOOLS_QUIET_H
#define VOQ_TOOLS_QUIET_H

#include <stdio.h>

/* Redirects file descriptor 2 to /dev/null and returns a stream on the old standard error. NULL: it
   failed and nothing has changed. */
FILE *quiet_start(void);

#endif
