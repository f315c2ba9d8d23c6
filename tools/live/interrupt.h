/* SPDX-License-Identifier: MIT */
/* Signals of `voq live`: the first thread waits for them; what is drawn on a terminal is taken off
   it however the process ends, SIGKILL excepted. */
#ifndef VOQ_TOOLS_INTERRUPT_H
#define VOQ_TOOLS_INTERRUPT_H

/* SIGINT, SIGTERM, SIGHUP and SIGTSTP are held back for interrupt_wait. Call it before other
   threads start: they inherit that. */
void interrupt_start(void);

/* The next of these signals within so many seconds; 0: none came. */
int interrupt_wait(double seconds);

/* From now on such a signal ends the process at once, with 128 + its number. */
void interrupt_ends_at_once(void);

/* What has to be written to this file descriptor before the process ends; NULL: nothing. The text
   stays where it is. */
void interrupt_restores(int fd, const char *text);

/* Stops the process, as Ctrl-Z does; returns when it is continued. */
void interrupt_suspend(void);

#endif
