/* SPDX-License-Identifier: MIT */
#include "tools/live/terminal.h"

#include "tools/live/interrupt.h"

#include <sys/ioctl.h>

#define ALTERNATE "\033[?1049h"
#define MODES "\033[?25l\033[?7l\033[m\033[2J" /* no cursor, no wrapping; clears */
#define LEAVE "\033[m\033[?7h\033[?25h\033[?1049l"

/* Typed characters would be written into the picture. Ctrl-C and Ctrl-Z still work. */
static void turn_echo_off(const struct terminal *terminal)
{
    struct termios mode = terminal->mode;
    mode.c_lflag &= ~(tcflag_t)ECHO;
    if (terminal->has_mode) tcsetattr(fileno(terminal->file), TCSANOW, &mode);
}

void terminal_take(struct terminal *terminal)
{
    int fd = fileno(terminal->file);
    terminal->has_mode = tcgetattr(fd, &terminal->mode) == 0;
    interrupt_restores(fd, LEAVE, terminal->has_mode ? &terminal->mode : NULL);
    turn_echo_off(terminal);
    fputs(ALTERNATE MODES, terminal->file);
    fflush(terminal->file);
}

void terminal_retake(const struct terminal *terminal)
{
    turn_echo_off(terminal);
    fputs(MODES, terminal->file);
    fflush(terminal->file);
}

void terminal_give_back(struct terminal *terminal)
{
    fflush(terminal->file);
    interrupt_restore();
    interrupt_restores(-1, NULL, NULL);
}

void terminal_size(const struct terminal *terminal, unsigned *columns, unsigned *rows)
{
    struct winsize size;
    bool known = ioctl(fileno(terminal->file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    *columns = known ? size.ws_col : 80;
    *rows = known && size.ws_row > 0 ? size.ws_row : 24;
}
