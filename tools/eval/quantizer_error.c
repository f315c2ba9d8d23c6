/* SPDX-License-Identifier: MIT */
#include "tools/eval/quantizer_error.h"

#include "tools/base/growing.h"
#include "tools/eval/information.h"

#include <math.h>
#include <stdlib.h>

bool quantizer_sums_init(struct quantizer_sums *sums, uint32_t dim, struct failure *failure)
{
    *sums = (struct quantizer_sums){.sum = zeroed(dim, sizeof *sums->sum, failure),
                                    .squares = zeroed(dim, sizeof *sums->squares, failure)};
    if (sums->sum && sums->squares) return true;
    quantizer_sums_clear(sums);
    return false;
}

void quantizer_sums_clear(struct quantizer_sums *sums)
{
    free(sums->sum);
    free(sums->squares);
    *sums = (struct quantizer_sums){0};
}

void quantizer_sums_add(struct quantizer_sums *sums, const float *x, const float *distance,
                        size_t n, uint32_t dim, uint32_t n_codebook, const float *origin)
{
    sums->frames += n;
    for (size_t i = 0; i < n; i++) {
        sums->squared_error += (double)distance[i * n_codebook + n_codebook - 1];
        for (uint32_t k = 0; k < dim; k++) {
            double v = (double)x[i * dim + k] - (double)origin[k];
            sums->sum[k] += v;
            sums->squares[k] += v * v;
        }
    }
}

void quantizer_sums_join(struct quantizer_sums *sums, const struct quantizer_sums *more,
                         uint32_t dim)
{
    sums->frames += more->frames;
    sums->squared_error += more->squared_error;
    for (uint32_t k = 0; k < dim; k++) {
        sums->sum[k] += more->sum[k];
        sums->squares[k] += more->squares[k];
    }
}

struct quantizer_error quantizer_error_of(const struct quantizer_sums *sums, uint32_t dim)
{
    double n = (double)sums->frames, spread = 0;
    struct quantizer_error e = {.frames = sums->frames, .dim = dim,
                                .distortion = ratio(sums->squared_error, n)};
    for (uint32_t k = 0; n > 0 && k < dim; k++)
        spread += sums->squares[k] / n - sums->sum[k] / n * (sums->sum[k] / n);
    e.distortion_per_dim = e.distortion / dim;
    e.relative = spread > 0 ? e.distortion / spread : (double)NAN;
    e.snr_db = e.distortion > 0 && spread > 0 ? 10 * log10(spread / e.distortion) : (double)NAN;
    return e;
}
