/* SPDX-License-Identifier: MIT */
#include "tools/learn/straight_through.h"

void residual_behind(float *r, size_t n, uint32_t dim, const float *codeword, const uint32_t *id,
                     size_t stride)
{
    for (size_t i = 0; i < n; i++, r += dim) {
        const float *c = codeword + (size_t)id[i * stride] * dim;
        for (uint32_t d = 0; d < dim; d++) r[d] -= c[d];
    }
}

void commitment_rows(const float *r, size_t n, uint32_t dim, double *row)
{
    for (size_t i = 0; i < n; i++, r += dim) {
        row[i] = 0;
        for (uint32_t d = 0; d < dim; d++) row[i] += (double)r[d] * (double)r[d];
    }
}

void commitment_gradient(const float *r, size_t n, uint32_t dim, float scale, float *dz)
{
    for (size_t i = 0; i < n * dim; i++) dz[i] += scale * r[i];
}

void codebook_loss_gradient(const struct code_sums *sums, double scale, float *gradient)
{
    for (uint32_t k = 0; k < sums->n_code; k++)
        for (uint32_t d = 0; d < sums->dim; d++)
            *gradient++ -= (float)(scale * code_sums_at(sums, k, d));
}
