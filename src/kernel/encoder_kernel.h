/* SPDX-License-Identifier: MIT */
/* The inner loops of the learned encoder, in integers, which src/encoder/README.md defines. They
   are chosen on their own: a CPU may have an instruction for them that its other kernels ignore. */
#ifndef VOQ_ENCODER_KERNEL_H
#define VOQ_ENCODER_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Columns of weights are packed COLUMN_GROUP together. What comes out of a layer is padded to a
   multiple of DENSE_GROUP values, and so is a frame that goes in. What the padding holds does not
   matter, because the weights there are 0. */
enum { COLUMN_GROUP = 4, DENSE_GROUP = 64 };

/* A matrix packed for a kernel: [row/group_rows][column/COLUMN_GROUP][group_rows][COLUMN_GROUP]. A
   row reads n_chunk runs of n_column activations. */
struct dense {
    const int8_t *weight;
    const int32_t *bias;       /* [n_row] */
    const int32_t *multiplier; /* [n_row] */
    uint32_t shift;
    size_t n_row;    /* a multiple of DENSE_GROUP */
    size_t n_chunk;  /* taps */
    size_t n_column; /* activations of a chunk, a multiple of COLUMN_GROUP */
    bool is_signed;  /* the activations may be below 0 */
};

/* The activations of n frames: chunk c of frame i begins at x + i*frame_step + c*chunk_step. */
struct activations {
    const int8_t *x;
    size_t n, frame_step, chunk_step;
};

struct encoder_kernel {
    const char *name;
    size_t group_rows; /* of packed weights: 1 or DENSE_GROUP */
    int32_t offset; /* that it adds to signed activations; packing takes it off the bias */

    /* a = clamp(rint(32 v), -127, 127) */
    void (*input)(const float *v, size_t n, int8_t *a);

    /* y[i*y_step + r] = clamp of the requantized row r of frame i, to 0..127 or to int16 */
    void (*dense_i8)(const struct dense *dense, const struct activations *in, int8_t *y,
                     size_t y_step);
    void (*dense_i16)(const struct dense *dense, const struct activations *in, int16_t *y,
                      size_t y_step);

    /* One step of a GRU: from gi and gh, [3][n], to the state h[n], in place, and its copy h8[n]. n
       is a multiple of DENSE_GROUP. */
    void (*gates)(const int16_t *gi, const int16_t *gh, size_t n, int16_t *h, int8_t *h8);

    /* z = (S(2p) - 16384) / 16384, exact */
    void (*latent)(const int16_t *p, size_t n, float *z);
};

/* T of the definition: the logistic function in steps of 1/16 from -8, in Q15. */
extern const int16_t voq_logistic_table[258];

extern const struct encoder_kernel voq_encoder_scalar;

#endif
