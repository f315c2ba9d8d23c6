/* SPDX-License-Identifier: MIT */
/* The scores that the page shows, in its order. */
#ifndef VOQ_TOOLS_SCORE_ROWS_H
#define VOQ_TOOLS_SCORE_ROWS_H

#include "tools/eval/evaluation.h"

struct score_row {
    const char *title, *about; /* title NULL: `about` is the heading of the rows that follow */
    double (*of)(const struct evaluation *e); /* NaN: undefined, or not measured */
    double scale;
    int decimals;
    int metric; /* of the bootstrap, which has its interval; -1: none */
};

extern const struct score_row score_row[];
extern const size_t n_score_row;

#endif
