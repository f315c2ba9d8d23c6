/* SPDX-License-Identifier: MIT */
#include "tools/learn/dead_codes.h"

static bool is_dead(const struct moving_codebook *codebook, const struct restart_options *options,
                    uint32_t k)
{
    return codebook->count[k] < options->least;
}

static void start_again(struct moving_codebook *codebook, uint32_t k, const float *x, double count)
{
    codebook->count[k] = count;
    for (uint32_t d = 0; d < codebook->dim; d++) {
        size_t i = (size_t)k * codebook->dim + d;
        codebook->codeword[i] = x[d];
        codebook->sum[i] = count * (double)x[d];
    }
}

uint32_t dead_codes_restart(struct moving_codebook *codebook, const struct restart_options *options,
                            const float *x, size_t n, struct rng *rng)
{
    uint32_t n_dead = 0, n_restart = 0, k = 0;
    for (uint32_t i = 0; i < codebook->n_code; i++) n_dead += is_dead(codebook, options, i);
    for (size_t i = 0; i < n && n_restart < n_dead; i++) {
        if (rng_below(rng, n - i) >= n_dead - n_restart) continue;
        while (!is_dead(codebook, options, k)) k++;
        start_again(codebook, k++, x + i * codebook->dim, options->count);
        n_restart++;
    }
    return n_restart;
}
