/* SPDX-License-Identifier: MIT */
/* Sums of one pass over the frames, per code. */
#ifndef VOQ_TRAIN_TOTALS_H
#define VOQ_TRAIN_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

struct totals {
    uint32_t n_code, dim;
    uint64_t n_frame;
    uint64_t *count;    /* [n_code] frames */
    double *sum;        /* [n_code][dim] of the frames */
    double *distortion; /* [n_code]: sum of squared distances to the codeword */
    double all;         /* the sum over all codes, block by block */
    uint64_t n_searched; /* pairs of a frame and a group that was searched */
};

bool totals_new(struct totals *totals, uint32_t n_code, uint32_t dim); /* false: no memory */
void totals_free(struct totals *totals);                               /* also of zeroed memory */
void totals_clear(struct totals *totals);
void totals_add_frame(struct totals *totals, const float *x, uint32_t id, float distance);
void totals_add(struct totals *totals, const struct totals *block);

/* The number of codes with at least one frame, and 2^entropy of their use. */
uint32_t totals_used(const struct totals *totals);
double totals_perplexity(const struct totals *totals);

#endif
