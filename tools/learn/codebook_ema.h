/* SPDX-License-Identifier: MIT */
/* A codebook that follows its latents by exponential moving averages: van den Oord, Vinyals and
   Kavukcuoglu (2017), "Neural discrete representation learning", appendix A.1, equations 6 to 8;
   Razavi, van den Oord and Vinyals (2019), "Generating diverse high-fidelity images with VQ-VAE-2",
   section 2.1. With the n_k latents z of code k in a batch and a decay g:

       N_k = g N_k + (1 - g) n_k        m_k = g m_k + (1 - g) sum z        c_k = m_k / N_k

   With Laplace smoothing s, the divisor is (N_k + s) / (N + K s) * N instead, where N is the sum of
   all N_k and K the number of codes. Without it, a code that no latent chose keeps its bits. */
#ifndef VOQ_LEARN_CODEBOOK_EMA_H
#define VOQ_LEARN_CODEBOOK_EMA_H

#include "tools/learn/code_sums.h"

struct ema_options {
    double decay;
    double smoothing; /* 0: none */
};

/* A codebook with its averages; the arrays belong to the owner of the struct. */
struct moving_codebook {
    uint32_t n_code, dim;
    float *codeword; /* [n_code][dim] */
    double *count;   /* [n_code]: N */
    double *sum;     /* [n_code][dim]: m */
};

/* As if every code had stood for `count` latents at its own place. */
void codebook_ema_begin(struct moving_codebook *codebook, double count);

/* Moves the averages by one batch. */
void codebook_ema_average(struct moving_codebook *codebook, const struct ema_options *options,
                          const struct code_sums *batch);

/* Moves the codewords to their averages. */
void codebook_ema_move(struct moving_codebook *codebook, const struct ema_options *options,
                       const struct code_sums *batch);

#endif
