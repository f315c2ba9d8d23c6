/* SPDX-License-Identifier: MIT */
/* PortAudio, ALSA and JACK write to standard error what no user can use, from any thread. */
#ifndef VOQ_TOOLS_QUIET_H
#define VOQ_TOOLS_QUIET_H

#include <stdio.h>

/* From now on what writes to file descriptor 2 is not heard; the result is standard error for those
   who have something to say. NULL where that cannot be had; then nothing has changed. */
FILE *quiet_start(void);

#endif
