/* SPDX-License-Identifier: MIT */
/* An encoder in floats: its folded weights, and a plain forward pass that shows every layer. It
   serves to find the scales of the integers, and to count the units that differ from theirs. The
   decoder that a model keeps runs here too. */
#ifndef VOQ_LEARN_FLOAT_NETWORK_H
#define VOQ_LEARN_FLOAT_NETWORK_H

#include "tools/base/failure.h"
#include "tools/learn/encoder_spec.h"

/* Rows are outputs; those of a GRU are in the order r, z, n. Batch norm is folded into the weights.
   A GRU's state_bias is 0 but for the rows of n. A LAYER_SPEAKER adds its bias; it has no
   weight. */
struct float_layer {
    float *weight; /* [row][tap][in] */
    float *bias;   /* [row] */
    float *state_weight, *state_bias; /* of a GRU: [row][out_dim], [row]; else NULL */
};

struct float_network {
    struct encoder_spec spec;
    struct float_layer layer[ENCODER_MOST_LAYERS];
};

static inline size_t float_layer_rows(const struct layer_spec *spec)
{
    return spec->kind == LAYER_GRU ? 3 * (size_t)spec->out_dim : spec->out_dim;
}

/* Allocates weights of zeros; after a failure float_network_free frees what there is. */
bool float_network_new(struct float_network *network, const struct encoder_spec *spec,
                       struct failure *failure);
void float_network_free(struct float_network *network);

/* Packed weights, and the memory of forward passes over utterances of at most n_most frames. */
struct float_forward;
bool float_forward_new(struct float_forward **forward, const struct float_network *network,
                       size_t n_most, struct failure *failure);
void float_forward_free(struct float_forward *forward); /* NULL is allowed */

/* Sees the output v[n][out_dim] of a layer. */
typedef void float_forward_see(void *context, size_t layer, const float *v, size_t n);

/* Runs one utterance x[n][in_dim], with zeros around every layer's input. Calls `see`, if there is
   one, after each layer. Returns the latents and their number; they last until the next call. */
const float *float_forward_run(struct float_forward *forward, const float *x, size_t n,
                               float_forward_see *see, void *context, size_t *n_latent);

#endif
