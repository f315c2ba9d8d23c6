/* SPDX-License-Identifier: MIT */
#include "tools/train/bounds.h"

#include "tools/base/wide.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static const double unit = 0x1p-24;   /* relative rounding of a float */
static const double slack = 1 + 1e-6; /* covers all rounding in double here */
static const double tiny = 1e-17;     /* a distance; covers underflow in float */

double square_between(const float *a, const float *b, uint32_t dim)
{
    double sum = 0;
    for (uint32_t d = 0; d < dim; d++) {
        double difference = (double)a[d] - (double)b[d];
        sum += difference * difference;
    }
    return sum;
}

static float round_up(double x)
{
    return (float)(x * (1 + 4 * unit));
}

static float round_down(double x)
{
    return x >= (double)FLT_MAX ? FLT_MAX : (float)(x * (1 - 4 * unit));
}

bool bounds_new(struct bounds *bounds, const struct groups *groups)
{
    *bounds = (struct bounds){.groups = groups, .dim = groups->dim};
    bounds->drift = calloc(groups->n_group, sizeof *bounds->drift);
    bounds->apart = calloc(groups->n_code, sizeof *bounds->apart);
    return bounds->drift && bounds->apart;
}

void bounds_free(struct bounds *bounds)
{
    free(bounds->drift);
    free(bounds->apart);
    *bounds = (struct bounds){0};
}

static float nearest_in_group(const struct bounds *bounds, const float *codeword, uint32_t code)
{
    const struct groups *groups = bounds->groups;
    uint32_t dim = bounds->dim, first = groups->group[code] * CODE_GROUP;
    double least = INFINITY;
    for (uint32_t i = first; i < first + CODE_GROUP && i < groups->n_code; i++) {
        uint32_t other = groups->code[i];
        double square = square_between(codeword + (size_t)code * dim,
                                       codeword + (size_t)other * dim, dim);
        if (other != code && square < least) least = square;
    }
    return round_down(sqrt(least) / slack);
}

void bounds_begin(struct bounds *bounds, const float *mean, const float *codeword,
                  const float *before)
{
    const struct groups *groups = bounds->groups;
    uint32_t dim = bounds->dim;
    bounds->norm = 0;
    for (uint32_t g = 0; g < groups->n_group; g++) bounds->drift[g] = 0;
    for (uint32_t k = 0; k < groups->n_code; k++) {
        const float *c = codeword + (size_t)k * dim;
        double norm = sqrt(square_between(c, mean, dim)) * slack * (1 + 2 * unit);
        if (norm > bounds->norm) bounds->norm = norm;
        bounds->apart[k] = nearest_in_group(bounds, codeword, k);
        if (!before) continue;
        float *drift = &bounds->drift[groups->group[k]];
        float moved = round_up(sqrt(square_between(c, before + (size_t)k * dim, dim)) * slack);
        if (moved > *drift) *drift = moved;
    }
}

/* The largest error of a distance between centred, rounded vectors. */
static inline double centring_error(double norm, double frame_norm)
{
    return slack * unit * (frame_norm + norm) + tiny;
}

/* The largest error of a score in float: its rounded start, and one product and one difference per
   dimension. */
static inline double score_error(double norm, double frame_norm, uint32_t dim)
{
    double terms = norm * (norm / 2 + frame_norm);
    return slack * (dim + 3) * unit * terms * (1 + 2 * dim * unit) + tiny * tiny;
}

WIDE void bounds_limit(const struct bounds *bounds, const float *distance, size_t n, float *limit)
{
    uint32_t dim = bounds->dim;
    double norm = bounds->norm;
    for (size_t i = 0; i < n; i++) {
        double own = sqrt((double)distance[i]) * (1 + (dim + 4) * unit) + tiny;
        double frame_norm = slack * (norm + own), error = centring_error(norm, frame_norm);
        own += error;
        /* Centred distances |x - c|^2 differ by twice the difference of scores, and each score has
           an error of at most score_error. */
        double margin = 4 * slack * score_error(norm, frame_norm, dim);
        limit[i] = round_up(slack * sqrt(own * own + margin) + error);
    }
}

WIDE void bounds_base(const struct bounds *bounds, const float *square, size_t n, float *base,
                      float *error)
{
    uint32_t dim = bounds->dim;
    double norm = bounds->norm, summed = 1 + (dim + 4) * unit;
    for (size_t i = 0; i < n; i++) {
        double frame_norm = sqrt((double)square[i]) * summed * slack + tiny;
        double least = (double)square[i] / (summed * slack) -
                       2 * slack * score_error(norm, frame_norm, dim);
        base[i] = (float)(least - 4 * unit * fabs(least));
        error[i] = round_up(centring_error(norm, frame_norm));
    }
}

WIDE void bounds_move(const struct bounds *bounds, uint32_t g, size_t n, float *lower)
{
    float drift = bounds->drift[g];
    for (size_t i = 0; i < n; i++) lower[i] = (lower[i] - drift) * bounds_shrink;
}
