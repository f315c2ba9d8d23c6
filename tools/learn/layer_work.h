/* SPDX-License-Identifier: MIT */
/* A layer at work: its place in the arrays of the network, and its memory for one batch. */
#ifndef VOQ_LEARN_LAYER_WORK_H
#define VOQ_LEARN_LAYER_WORK_H

#include "tools/learn/layer.h"
#include "tools/learn/network.h"

bool buffer_reserve(struct buffer *buffer, size_t n, struct failure *failure);
void buffer_free(struct buffer *buffer);

struct layer {
    struct layer_spec spec;
    uint32_t index;
    /* w: conv, latent and linear [out][tap][in]; GRU [3 out][in]; speaker [speaker][out]. u: GRU
       [3 out][out]. b: bias [out], GRU [3 out]. c: GRU [out]. gamma, beta: batch norm [out]. */
    float *w, *u, *b, *c, *gamma, *beta;
    ptrdiff_t to_gradient;  /* from a parameter to its gradient */
    float *mean, *variance; /* running, of batch norm */
    uint32_t total_stride;  /* steps of the network's input per step of the output */

    /* Of this batch. */
    size_t n_step, n_piece; /* of the output */
    uint32_t *length;       /* [n_piece], of the output */
    size_t length_room;
    double n_valid; /* rows within the lengths */
    const float *x; /* the input of the last forward */

    struct buffer raw;     /* conv with norm: before the norm; GRU: gates [row][3 out] */
    struct buffer inner;   /* GRU: [row][out] */
    struct buffer y;       /* output */
    struct buffer dropped; /* output behind the dropout */
    struct buffer columns; /* batch norm: six values per column; GRU: the state before a piece */
    struct buffer packed, packed_back; /* GRU: u for forward and backward */
    struct buffer total;               /* doubles: sums over rows */
};

/* What a forward or backward needs beside the layer. */
struct layer_call {
    struct workers *workers;
    const struct pass *pass;
    size_t n_step; /* of the layer's input */
};

static inline size_t layer_rows(const struct layer *layer)
{
    return layer->n_step * layer->n_piece;
}

static inline bool layer_row_valid(const struct layer *layer, size_t row)
{
    return row / layer->n_piece < layer->length[row % layer->n_piece];
}

static inline float *layer_gradient(const struct layer *layer, float *parameter)
{
    return parameter + layer->to_gradient;
}

/* total[n] doubles of the layer. */
static inline double *layer_total(const struct layer *layer)
{
    return (double *)(void *)layer->total.data;
}

/* gradient[n] += total[n] */
void layer_add_total(float *gradient, const double *total, size_t n);

/* Calls work for runs of rows that together are all, from several threads. */
typedef void row_work(void *context, size_t first, size_t last);
void each_rows(struct workers *workers, size_t n_row, row_work *work, void *context);

#endif
