/* SPDX-License-Identifier: MIT */
/* What one step of training sees: pieces of recordings beside each other, time-major, so that a row
   is step * n_piece + piece. Behind its length a piece is 0 and has no label. */
#ifndef VOQ_LEARN_BATCH_H
#define VOQ_LEARN_BATCH_H

#include <stddef.h>
#include <stdint.h>

struct batch {
    size_t n_step, n_piece;  /* n_step is a multiple of the network's stride */
    const uint32_t *length;  /* [n_piece] valid steps */
    float *x;                /* [n_step][n_piece][in_dim]: normalised features */
    float *clean;            /* the same without noise and rooms, for consistency; NULL: none */
    size_t n_head;
    int32_t **label;         /* label[head][n_step][n_piece] on the grid of frames; -1: none */
    const uint32_t *speaker; /* [n_piece] */
    const float *weight;     /* [n_piece] */
};

/* The frame whose label is that of a unit. Labels of frames are taken at such times that this one
   is at the middle of the unit (example.c). */
static inline size_t frame_of_unit(size_t unit, size_t stride)
{
    return unit * stride + stride / 2;
}

#endif
