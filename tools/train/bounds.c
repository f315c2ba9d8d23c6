/* SPDX-License-Identifier: MIT */
#include "tools/train/bounds.h"

#include "src/model/model.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

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

static float round_up(double x)
{
    return (float)(x * (1 + 4 * unit));
}

static float round_down(double x)
{
    if (!(x > 0)) return 0;
    return x >= (double)FLT_MAX ? FLT_MAX : (float)(x * (1 - 4 * unit));
}

bool bounds_new(struct bounds *bounds, uint32_t n_code, uint32_t dim)
{
    uint32_t n_group = (n_code + CODE_GROUP - 1) / CODE_GROUP;
    *bounds = (struct bounds){.dim = dim, .n_code = n_code, .n_group = n_group};
    bounds->drift = calloc(n_group, sizeof *bounds->drift);
    bounds->other_drift = calloc(n_group, sizeof *bounds->other_drift);
    bounds->farthest = calloc(n_group, sizeof *bounds->farthest);
    return bounds->drift && bounds->other_drift && bounds->farthest;
}

void bounds_free(struct bounds *bounds)
{
    free(bounds->drift);
    free(bounds->other_drift);
    free(bounds->farthest);
    *bounds = (struct bounds){0};
}

static void note_drift(struct bounds *bounds, uint32_t code, float drift)
{
    uint32_t group = code / CODE_GROUP;
    if (drift > bounds->drift[group]) {
        bounds->other_drift[group] = bounds->drift[group];
        bounds->drift[group] = drift;
        bounds->farthest[group] = code;
    } else if (drift > bounds->other_drift[group]) {
        bounds->other_drift[group] = drift;
    }
}

void bounds_begin(struct bounds *bounds, const voq_model *model, const float *codeword,
                  const float *before)
{
    const float *mean = model->quantizer.codebook->mean;
    uint32_t dim = bounds->dim;
    bounds->norm = 0;
    for (uint32_t g = 0; g < bounds->n_group; g++) {
        bounds->drift[g] = bounds->other_drift[g] = 0;
        bounds->farthest[g] = g * CODE_GROUP;
    }
    for (uint32_t k = 0; k < bounds->n_code; k++) {
        const float *c = codeword + (size_t)k * dim;
        double norm = length(c, mean, dim) * (1 + 2 * unit);
        if (norm > bounds->norm) bounds->norm = norm;
        if (before) note_drift(bounds, k, round_up(length(c, before + (size_t)k * dim, dim)));
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

void bounds_move(const struct bounds *bounds, uint32_t id, float *lower)
{
    const float shrink = 1 - 0x1p-21f; /* more than a difference and a product round */
    uint32_t own = id / CODE_GROUP;
    float own_lower = lower[own];
    for (uint32_t g = 0; g < bounds->n_group; g++)
        lower[g] = (lower[g] - bounds->drift[g]) * shrink;
    if (bounds->farthest[own] == id) lower[own] = (own_lower - bounds->other_drift[own]) * shrink;
}

float bounds_limit(const struct bounds *bounds, float distance)
{
    double own = sqrt((double)distance) * (1 + (bounds->dim + 4) * unit) + tiny;
    double frame_norm = slack * (bounds->norm + own);
    double error = centring_error(bounds, frame_norm);
    own += error;
    /* Centred distances |x - c|^2 differ by twice the difference of scores, each of which is known
       to within score_error. */
    double margin = 4 * slack * score_error(bounds, frame_norm);
    return round_up(slack * sqrt(own * own + margin) + error);
}

void bounds_set(const struct bounds *bounds, const float *centred, const float *score,
                size_t stride, float *lower)
{
    double square = 0;
    for (uint32_t d = 0; d < bounds->dim; d++) square += (double)centred[d] * (double)centred[d];
    double frame_norm = sqrt(square) * slack, rounding = score_error(bounds, frame_norm);
    double error = centring_error(bounds, frame_norm);
    for (uint32_t g = 0; g < bounds->n_group; g++) {
        float best = score[g * stride];
        if (isnan(best)) continue;
        /* |x - c|^2 = |x|^2 + 2 * score */
        double least = square / slack + 2 * ((double)best - rounding);
        lower[g] = round_down(sqrt(fmax(0, least)) / slack - error);
    }
}
