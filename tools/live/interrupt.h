/* SPDX-License-Identifier: MIT */
/* Signals of `voq live`: the first thread waits for them, and the terminal is restored however the
   process ends, except by SIGKILL. */
#ifndef VOQ_TOOLS_INTERRUPT_H
#define VOQ_TOOLS_INTERRUPT_H

#include <termios.h>

/* Blocks SIGINT, SIGTERM, SIGHUP, SIGTSTP and SIGCONT, for interrupt_wait. Call it before other
   threads start, so that they inherit the mask. */
void interrupt_start(void);

/* Waits so many seconds for the next of these signals; 0: none came. */
int interrupt_wait(double seconds);

/* From now on SIGINT, SIGTERM and SIGHUP end the process at once, with 128 + number. */
void interrupt_ends_at_once(void);

/* Sets what restores the terminal before the process ends: `text` is written to fd, and the
   terminal there gets `mode`. Both may be NULL. The text is not copied. */
void interrupt_restores(int fd, const char *text, const struct termios *mode);

/* Restores the terminal now. */
void interrupt_restore(void);

/* Stops the process as Ctrl-Z does; returns when it is continued. */
void interrupt_suspend(void);

#endif
