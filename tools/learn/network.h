/* SPDX-License-Identifier: MIT */
/* A sequence of layers, forward and backward, over a batch of pieces x[step][piece][dim]. Steps
   behind the length of a piece have output 0 in every layer, are not counted by batch norm, and
   take no gradient. The bits do not depend on the number of threads or on the CPU. */
#ifndef VOQ_LEARN_NETWORK_H
#define VOQ_LEARN_NETWORK_H

#include "tools/learn/layer.h"
#include "tools/learn/workers.h"

#include <stddef.h>
#include <stdint.h>

struct layer;

/* Memory that grows to the largest batch. */
struct buffer {
    float *data;
    size_t room;
};

struct network {
    size_t n_layer;
    struct layer *layer;
    uint32_t in_dim, out_dim, stride;
    size_t n_parameter, n_statistic;
    float *parameter;      /* [n_parameter], of all layers */
    float *gradient;       /* [n_parameter], beside it */
    float *statistic;      /* [n_statistic]: running means and variances of batch norm */
    size_t n_row;          /* output rows of the last forward */
    struct buffer back[2]; /* gradients of the outputs of neighbouring layers */
};

enum network_mode { NETWORK_EVAL, NETWORK_TRAIN };

/* What goes into one forward. */
struct pass {
    const float *x; /* [n_step][n_piece][in_dim], kept by the caller until backward is done */
    size_t n_step;  /* above 0, a multiple of the stride */
    size_t n_piece; /* above 0 */
    const uint32_t *length;  /* [n_piece], in steps of the input */
    const uint32_t *speaker; /* [n_piece]; NULL: no layer asks */
    enum network_mode mode;
    uint64_t seed; /* of dropout: another one in every step of the training */
};

/* The seed determines the first parameters. EXIT_INTERNAL: no memory. */
bool network_new(struct network **network, const struct layer_spec *spec, size_t n_layer,
                 uint64_t seed, struct failure *failure);
void network_free(struct network *network); /* NULL is allowed */

/* Output [n_step / stride][n_piece][out_dim], valid until the next forward. NULL: no memory.
   Memory grows to the largest batch and is used again. */
const float *network_forward(struct network *network, struct workers *workers,
                             const struct pass *pass, struct failure *failure);

/* dy as the output of the last forward, which was in NETWORK_TRAIN; rows behind a length are not
   read. Adds to network->gradient. With dx (as the input) also writes the gradient of the input. */
void network_backward(struct network *network, struct workers *workers, const struct pass *pass,
                      const float *dy, float *dx);

/* Output steps that are valid for an input of length steps: (length + stride / 2) / stride. */
uint32_t network_length(const struct network *network, uint32_t length);

/* A layer as an encoder holds it: for a conv, latent or linear w[row][tap][in] and b[row], with the
   running statistics of batch norm folded in; for a GRU w[3 x out][in] (rows r, z, n), b[3 x out],
   u[3 x out][out] and c[3 x out], c being 0 but for n. u and c: NULL for other layers. */
void network_fold(const struct network *network, size_t layer, float *w, float *b, float *u,
                  float *c);

#endif
