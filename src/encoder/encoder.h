/* SPDX-License-Identifier: MIT */
/* The learned encoder of a model, packed for its kernels. Immutable. README.md has the definition.
   Shared with tools/learn and tools/train. */
#ifndef VOQ_ENCODER_H
#define VOQ_ENCODER_H

#include "src/base/arena.h"
#include "src/kernel/encoder_kernel.h"

#include "voq.h"

enum {
    MAX_LAYERS = 16,
    MAX_LAYER_DIM = 1024,
    MAX_TAPS = 64,
    MAX_HISTORY = 256, /* frames that a layer keeps: (taps-1) * dilation */
    MAX_STRIDE = 16    /* of all layers together */
};

struct encoder_layer {
    uint32_t kind; /* enum voq_layer_kind */
    size_t in_dim, out_dim;
    size_t in_step;   /* in_dim padded: activations from one frame of the input to the next */
    size_t n_history; /* earlier frames that an output reads: (taps-1) * dilation */
    size_t n_late;    /* later frames that it reads: right * dilation */
    size_t dilation, stride;
    struct dense input, state;
};

struct encoder {
    const struct encoder_kernel *kernel;
    const struct encoder_layer *layer; /* [n_layer] */
    size_t n_layer, in_dim, out_dim;
};

/* Lays out and packs an encoder that the reader of models has accepted. */
void voq_encoder_place(struct encoder *encoder, const voq_encoder *parts,
                       const struct encoder_kernel *kernel, struct arena *arena);

/* Returns layer i of an array whose elements may be larger or smaller than this voq's. */
voq_layer voq_encoder_layer(const voq_encoder *parts, size_t i);

/* Returns the frames in for a latent out: the product of all strides. */
uint32_t voq_encoder_stride(const voq_encoder *parts);

/* Returns how many frames after the last of its own stride a latent depends on. */
uint32_t voq_encoder_look_ahead(const voq_encoder *parts);

/* Return the number of weights and biases, and of multiply-adds for a frame that enters. */
uint64_t voq_encoder_parameters(const voq_encoder *parts);
uint64_t voq_encoder_multiplies(const voq_encoder *parts);

/* The rows of the matrix that multiplies the input: out_dim, three times that in a GRU. */
static inline uint64_t voq_layer_rows(const voq_layer *layer)
{
    return (uint64_t)layer->out_dim * (layer->kind == VOQ_LAYER_GRU ? 3 : 1);
}

/* Whether a layer's input may be below 0: the output of a convolution is not. */
static inline int voq_layer_is_signed(const voq_encoder *parts, size_t i)
{
    return i == 0 || voq_encoder_layer(parts, i - 1).kind != VOQ_LAYER_CONV;
}

#endif
