/* SPDX-License-Identifier: MIT */
/* Time jitter: a decoder sees now and then the codeword of a neighbour in place of the unit's own,
   so that codewords do not count on their neighbours (Chorowski, Weiss, Bengio and van den Oord
   2019, "Unsupervised speech representation learning using WaveNet autoencoders", section
   III-C). */
#ifndef VOQ_LEARN_TIME_JITTER_H
#define VOQ_LEARN_TIME_JITTER_H

#include "tools/learn/dense_rows.h"

/* Fills from[rows->n]: the row whose codeword stands for each. share: of the units that see a
   neighbour's, half of them from each side. n_piece: of the batch. */
bool time_jitter_draw(const struct dense_rows *rows, size_t n_piece, double share, uint64_t seed,
                      uint64_t step, uint32_t *from, struct failure *failure);

void time_jitter_apply(const uint32_t *from, size_t n, size_t dim, const float *x, float *y);

/* dx[n][dim], overwritten. */
void time_jitter_backward(const uint32_t *from, size_t n, size_t dim, const float *dy, float *dx);

#endif
