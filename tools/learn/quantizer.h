/* SPDX-License-Identifier: MIT */
/* The quantizer as a layer that learns: one codebook, or several residual ones (RQ-VAE: Lee, Kim,
   Kim, Cho and Han 2022; SoundStream: Zeghidour et al. 2021). In every step of the training:

       quantizer_search       z_q, which goes on to the decoder or the heads
       quantizer_commitment   dz holds dL/dz_q; adds the gradient of the commitment loss, and with
                              CODEBOOK_LOSS that of the codewords
       quantizer_learn        moves the codebooks; dead codes start again

   The rows z[n][dim] are latents of valid frames. All count alike, whatever weight their recordings
   have in other losses. Results do not depend on threads. */
#ifndef VOQ_LEARN_QUANTIZER_H
#define VOQ_LEARN_QUANTIZER_H

#include "tools/learn/code_usage.h"
#include "tools/learn/codebook_ema.h"
#include "tools/learn/dead_codes.h"
#include "tools/learn/workers.h"

enum codebook_rule {
    CODEBOOK_EMA, /* codebook_ema.h */
    CODEBOOK_LOSS /* straight_through.h; the optimizer moves the codewords */
};

struct quantizer_options {
    uint32_t n_codebook, n_code, dim;
    enum codebook_rule rule;
    double commitment; /* beta */
    struct ema_options ema;
    struct restart_options restart;
    uint64_t seed;
};

/* A checkpoint needs n_learned, codeword, count and sum. */
struct vector_quantizer {
    struct quantizer_options options;
    uint64_t n_learned;       /* calls of quantizer_learn */
    float *codeword;          /* [n_codebook][n_code][dim] */
    float *gradient;          /* the same shape: of CODEBOOK_LOSS, added up */
    double *count;            /* [n_codebook][n_code]: moving counts */
    double *sum;              /* [n_codebook][n_code][dim]: moving sums */
    struct code_usage *usage; /* [n_codebook], since the caller cleared it */
    struct code_sums sums;    /* scratch, like those below */
    float *before;            /* [n_code][dim] */
    float *residual;          /* [capacity][dim] */
    double *row;              /* [capacity] */
    size_t capacity;
};

bool quantizer_new(struct vector_quantizer *quantizer, const struct quantizer_options *options,
                   struct failure *failure);
void quantizer_free(struct vector_quantizer *quantizer); /* also of zeroed memory */

/* Starts every codebook with k-means (codebook_start.h) of what the ones before it left. Moving
   counts start at options.restart.count. */
bool quantizer_begin(struct vector_quantizer *quantizer, struct workers *workers, const float *z,
                     size_t n, struct failure *failure);

/* id[n][n_codebook] and z_q[n][dim]. */
bool quantizer_search(const struct vector_quantizer *quantizer, struct workers *workers,
                      const float *z, size_t n, uint32_t *id, float *z_q, struct failure *failure);

/* Gradients count `share` times. Writes loss[n_codebook]: per level, the mean over the rows of
   |z - (c_1 + ... + c_l)|^2, without beta. */
bool quantizer_commitment(struct vector_quantizer *quantizer, struct workers *workers,
                          const float *z, const uint32_t *id, size_t n, double share, float *dz,
                          double *loss, struct failure *failure);

bool quantizer_learn(struct vector_quantizer *quantizer, const float *z, const uint32_t *id,
                     size_t n, struct failure *failure);

#endif
