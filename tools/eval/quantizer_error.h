/* SPDX-License-Identifier: MIT */
/* Quantization error: the distances of vectors from their codewords, or from what a decoder makes
   of the codewords. */
#ifndef VOQ_TOOLS_QUANTIZER_ERROR_H
#define VOQ_TOOLS_QUANTIZER_ERROR_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct quantizer_error {
    uint64_t frames;
    uint32_t dim;
    double distortion;         /* mean of |x - z_q|^2 over frames */
    double distortion_per_dim; /* divided by dim */
    double relative;           /* distortion / mean |x - mean(x)|^2; NaN: undefined */
    double snr_db;             /* 10 log10(mean |x - mean(x)|^2 / distortion); NaN: undefined */
};

/* Sums over frames, in double, in frame order. */
struct quantizer_sums {
    uint64_t frames;
    double squared_error;
    double *sum, *squares; /* [dim] of x - origin, to keep precision far from 0 */
};

bool quantizer_sums_init(struct quantizer_sums *sums, uint32_t dim, struct failure *failure);
void quantizer_sums_clear(struct quantizer_sums *sums);

/* Adds x[n][dim]. In distance[n][n_codebook] that of the last codebook is the whole error. */
void quantizer_sums_add(struct quantizer_sums *sums, const float *x, const float *distance,
                        size_t n, uint32_t dim, uint32_t n_codebook, const float *origin);
void quantizer_sums_join(struct quantizer_sums *sums, const struct quantizer_sums *more,
                         uint32_t dim);
struct quantizer_error quantizer_error_of(const struct quantizer_sums *sums, uint32_t dim);

#endif
