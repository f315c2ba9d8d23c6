/* SPDX-License-Identifier: MIT */
#include "src/frontend/cepstrum.h"

#include <math.h>

static const double pi = 3.1415926535897932384626433832795;

static double lifter_of(const voq_frontend *f, uint32_t c)
{
    double q = (double)f->lifter;
    return q == 0.0 ? 1.0 : 1.0 + 0.5 * q * sin(pi * (c + f->lifter_origin) / q);
}

void voq_cepstrum_fill(const voq_frontend *f, float *matrix)
{
    double n = f->n_mel;
    for (uint32_t c = 0; c < f->n_cepstrum; c++) {
        double scale = sqrt((c == 0 && f->dct == VOQ_DCT_ORTHO ? 1.0 : 2.0) / n) * lifter_of(f, c);
        for (uint32_t m = 0; m < f->n_mel; m++)
            *matrix++ = (float)(scale * cos(pi * c * (m + 0.5) / n));
    }
}
