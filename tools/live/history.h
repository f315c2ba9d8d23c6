/* SPDX-License-Identifier: MIT */
/* The units so far, as runs of equal units in rows that begin with their time. */
#ifndef VOQ_TOOLS_HISTORY_H
#define VOQ_TOOLS_HISTORY_H

#include "tools/live/screen.h"

#include <stddef.h>

/* A unit, or samples that were lost. */
struct piece {
    uint64_t place; /* of the unit in the stream, or of the first lost unit */
    uint32_t id;    /* or one of the two below */
    float lost_s;
};
#define PIECE_OVERRUN UINT32_MAX
#define PIECE_DEVICE_LOST (UINT32_MAX - 1)

struct run {
    struct piece piece; /* the first */
    uint32_t n;
    uint32_t column; /* 0 begins a row */
};

struct history {
    double hop_s;
    const char *const *label; /* of each unit, "" where it has none; NULL: not shown */
    const uint32_t *style;    /* of each unit; NULL: plain */
    struct run *run;          /* the last runs, in a ring */
    uint64_t n_run;           /* since the start */
    uint64_t n_placed;        /* of these runs have a column */
    uint64_t n_row;           /* since the rows were last made */
    uint64_t shown_row;       /* the number of the row at the top of the terminal */
    unsigned columns;         /* of the screen for which the rows were made */
};

bool history_make(struct history *history, struct failure *failure);
void history_free(struct history *history);

void history_add(struct history *history, const struct piece *piece);

/* Writes the last runs into the screen's first rows. When they have moved up on the terminal, it is
   scrolled; NULL: it is not. */
void history_draw(struct history *history, struct screen *screen, unsigned rows, FILE *terminal);

#endif
