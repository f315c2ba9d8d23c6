/* SPDX-License-Identifier: MIT */
/* A picture of rows and columns. It is drawn as a whole each time, and only what differs from the
   picture on the terminal is written there. */
#ifndef VOQ_TOOLS_SCREEN_H
#define VOQ_TOOLS_SCREEN_H

#include "tools/base/failure.h"

#include <stdint.h>
#include <stdio.h>

/* How a character looks. STYLE_FILL is combined with the colour of the ground, 0xrrggbb. */
enum { STYLE_PLAIN = 0, STYLE_FAINT = 1 << 24, STYLE_ALARM = 2 << 24, STYLE_FILL = 3 << 24 };
enum { STYLE_BLACK_INK = 1 << 28 }; /* with STYLE_FILL; otherwise the characters are white */

enum colours { COLOURS_NONE, COLOURS_256, COLOURS_ALL };

enum { CELL_BYTES = 12 }; /* of a character with its combining marks */

struct cell {
    char text[CELL_BYTES]; /* UTF-8; "" is the right half of a wide character */
    uint32_t style;
};

struct screen {
    struct cell *cell, *shown; /* [rows][columns]: the new picture, and that on the terminal */
    unsigned columns, rows;
    bool utf8; /* else '?' stands for what is not ASCII */
    enum colours colours;
};

/* Sizes the screen for an empty terminal; the picture is blank. utf8 and colours are kept. */
bool screen_resize(struct screen *screen, unsigned columns, unsigned rows,
                   struct failure *failure);
void screen_free(struct screen *screen);

/* Begins a new picture, which is blank. */
void screen_blank(struct screen *screen);

/* Writes text into a row from a column on, up to the column `end`, and returns the next column. The
   text must be harmless (tools/base/utf8.h). */
unsigned screen_put(struct screen *screen, unsigned row, unsigned column, unsigned end,
                    const char *text, uint32_t style);

/* The columns of a text. */
unsigned screen_columns(const struct screen *screen, const char *text);

/* Moves the first `rows` rows of the terminal up by n, since the new picture shows them there. */
void screen_scroll(struct screen *screen, unsigned rows, unsigned n, FILE *terminal);

/* Writes what differs from the picture on the terminal. */
void screen_show(struct screen *screen, FILE *terminal);

#endif
