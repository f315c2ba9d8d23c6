/* SPDX-License-Identifier: MIT */
/* Sums of one pass over the frames, per code, in whole units (base/exact_sum.h). Totals of parts
   add up to the same numbers, however the frames were divided. */
#ifndef VOQ_TRAIN_TOTALS_H
#define VOQ_TRAIN_TOTALS_H

#include "tools/train/ranks.h"

#include <stdbool.h>
#include <stdint.h>

struct totals {
    uint32_t n_code, dim;
    double *scale;         /* [dim]: units of `sum` */
    double distance_scale; /* units of `distortion` */
    uint64_t n_frame;
    uint64_t *count;      /* [n_code] frames */
    int64_t *sum;         /* [n_code][dim] of the frames */
    int64_t *distortion;  /* [n_code]: sum of squared distances to the codeword */
    uint64_t n_searched;  /* by this rank: pairs of a frame and a group that was searched */
};

bool totals_new(struct totals *totals, uint32_t n_code, uint32_t dim); /* false: no memory */
void totals_free(struct totals *totals);                               /* also of zeroed memory */

/* Begins sums of at most n frames of these largest magnitudes: largest[dim] of the frames,
   `distance` of the squared distances. */
void totals_begin(struct totals *totals, const float *largest, double distance, uint64_t n);

/* Adds a frame, whose distance is finite. */
void totals_add_frame(struct totals *totals, const float *x, uint32_t id, float distance);

/* Adds totals that were begun alike. */
void totals_add(struct totals *totals, const struct totals *part);

/* Adds those of all ranks, but for n_searched, which each rank needs for itself. */
bool totals_unite(struct totals *totals, struct ranks *ranks, struct failure *failure);

/* The sum of dimension d of the frames of a code, and the sum of their squared distances. */
double totals_sum(const struct totals *totals, uint32_t code, uint32_t d);
double totals_distortion(const struct totals *totals, uint32_t code);

/* The mean squared distance of all frames. */
double totals_mean_distance(const struct totals *totals);

/* The number of codes with at least one frame, and 2^entropy of their use. */
uint32_t totals_used(const struct totals *totals);
double totals_perplexity(const struct totals *totals);

#endif
