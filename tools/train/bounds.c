/* SPDX-License-Identifier: MIT */
#include "tools/train/bounds.h"

#include "src/model/model.h"

#include <float.h>
#include <math.h>

static const double unit = 0x1p-24;   /* relative rounding of a float */
static const double slack = 1 + 1e-6; /* over all that is rounded in double here */
static const double tiny = 1e-17;     /* a distance; covers what underflows in float */

static double length(const float *a, const float *b, uint32_t dim)
{
    double sum = 0;
    for (uint32_t d = 0; d < dim; d++) {
        double difference = (double)a[d] - (double)b[d];
        sum += difference * difference;
    }
    return sqrt(sum) * slack;
}

void bounds_begin(struct bounds *bounds, const voq_model *model, const float *codeword,
                  const float *before, uint32_t n_code, uint32_t dim)
{
    const float *mean = model->quantizer.codebook->mean;
    *bounds = (struct bounds){.dim = dim};
    for (uint32_t k = 0; k < n_code; k++) {
        double norm = length(codeword + (size_t)k * dim, mean, dim) * (1 + 2 * unit);
        if (norm > bounds->norm) bounds->norm = norm;
        if (!before) continue;
        double drift = length(codeword + (size_t)k * dim, before + (size_t)k * dim, dim);
        if (drift > bounds->drift) {
            bounds->other_drift = bounds->drift;
            bounds->drift = drift;
            bounds->farthest = k;
        } else if (drift > bounds->other_drift) {
            bounds->other_drift = drift;
        }
    }
}

/* How far a distance between centred, rounded vectors may lie from the true one. */
static double centring_error(const struct bounds *bounds, double frame_norm)
{
    return slack * unit * (frame_norm + bounds->norm) + tiny;
}

/* How far a score in float may lie from the exact one: its rounded start, and a product and a
   difference for each dimension. */
static double score_error(const struct bounds *bounds, double frame_norm)
{
    double terms = bounds->norm * (bounds->norm / 2 + frame_norm);
    return slack * (bounds->dim + 3) * unit * terms * (1 + 2 * bounds->dim * unit) + tiny * tiny;
}

static float round_down(double x)
{
    if (!(x > 0)) return 0;
    return x >= (double)FLT_MAX ? FLT_MAX : (float)(x * (1 - 4 * unit));
}

bool bound_holds(const struct bounds *bounds, struct bound *bound, float distance)
{
    double drift = bound->id == bounds->farthest ? bounds->other_drift : bounds->drift;
    bound->lower = round_down((double)bound->lower - drift);
    double own = sqrt((double)distance) * (1 + (bounds->dim + 4) * unit) + tiny;
    double frame_norm = slack * (bounds->norm + own);
    double error = centring_error(bounds, frame_norm);
    double lower = (double)bound->lower - error;
    own += error;
    return lower > own &&
           lower * lower - own * own > 4 * slack * score_error(bounds, frame_norm);
}

void bound_set(const struct bounds *bounds, struct bound *bound, uint32_t id, const float *centred,
               float second)
{
    double square = 0;
    for (uint32_t d = 0; d < bounds->dim; d++) square += (double)centred[d] * (double)centred[d];
    double frame_norm = sqrt(square) * slack;
    double score = (double)second - score_error(bounds, frame_norm);
    /* |x - c|^2 = |x|^2 + 2 * score, for the best of the others */
    double lower = sqrt(fmax(0, square / slack + 2 * score)) / slack;
    bound->id = id;
    bound->lower = round_down(lower - centring_error(bounds, frame_norm));
}
