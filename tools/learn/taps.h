/* SPDX-License-Identifier: MIT */
/* Which rows of the input meet which rows of the output under one tap of a convolution. */
#ifndef VOQ_LEARN_TAPS_H
#define VOQ_LEARN_TAPS_H

#include "tools/learn/layer_work.h"

/* n pairs of rows: x_first + i x_step and y_first + i y_step. */
struct tap_rows {
    size_t n, x_first, x_step, y_first, y_step;
};

/* Without stride the rows of all pieces are one set; with stride each piece has its own. */
size_t tap_sets(const struct layer *layer);
struct tap_rows tap_rows(const struct layer *layer, size_t n_step_in, size_t tap, size_t set);

#endif
