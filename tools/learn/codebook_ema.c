/* SPDX-License-Identifier: MIT */
#include "tools/learn/codebook_ema.h"

void codebook_ema_begin(struct moving_codebook *codebook, double count)
{
    for (uint32_t k = 0; k < codebook->n_code; k++) codebook->count[k] = count;
    for (size_t i = 0; i < (size_t)codebook->n_code * codebook->dim; i++)
        codebook->sum[i] = count * (double)codebook->codeword[i];
}

void codebook_ema_average(struct moving_codebook *codebook, const struct ema_options *options,
                          const struct code_sums *batch)
{
    double old = options->decay, new = 1 - old;
    for (uint32_t k = 0; k < codebook->n_code; k++) {
        double *sum = codebook->sum + (size_t)k * codebook->dim;
        codebook->count[k] = old * codebook->count[k] + new * (double)batch->count[k];
        for (uint32_t d = 0; d < codebook->dim; d++)
            sum[d] = old * sum[d] + new * code_sums_at(batch, k, d);
    }
}

static double total_count(const struct moving_codebook *codebook)
{
    double total = 0;
    for (uint32_t k = 0; k < codebook->n_code; k++) total += codebook->count[k];
    return total;
}

static double smoothed(double count, double total, double smoothing, uint32_t n_code)
{
    return (count + smoothing) / (total + n_code * smoothing) * total;
}

void codebook_ema_move(struct moving_codebook *codebook, const struct ema_options *options,
                       const struct code_sums *batch)
{
    double total = total_count(codebook), smoothing = options->smoothing;
    for (uint32_t k = 0; k < codebook->n_code; k++) {
        if (!(smoothing > 0) && batch->count[k] == 0) continue;
        double count = codebook->count[k];
        if (smoothing > 0) count = smoothed(count, total, smoothing, codebook->n_code);
        for (uint32_t d = 0; d < codebook->dim; d++) {
            size_t i = (size_t)k * codebook->dim + d;
            codebook->codeword[i] = (float)(codebook->sum[i] / count);
        }
    }
}
