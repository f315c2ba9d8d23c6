/* SPDX-License-Identifier: MIT */
/* The whole terminal, taken over for a picture and given back as it was. */
#ifndef VOQ_TOOLS_TERMINAL_H
#define VOQ_TOOLS_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>
#include <termios.h>

struct terminal {
    FILE *file;
    struct termios mode; /* to be restored */
    bool has_mode;
};

/* Switches to the alternate screen, without cursor, echo and wrapping. */
void terminal_take(struct terminal *terminal);

/* Switches back. However the process ends before (interrupt.h), this is done. */
void terminal_give_back(struct terminal *terminal);

/* After the process was stopped by somebody else: clears the screen and sets the modes again. */
void terminal_retake(const struct terminal *terminal);

/* 80 by 24 if it is not known. */
void terminal_size(const struct terminal *terminal, unsigned *columns, unsigned *rows);

#endif
