/* SPDX-License-Identifier: MIT */
/* Distances between the frames of two sequences. */
#ifndef VOQ_TOOLS_FRAME_DISTANCE_H
#define VOQ_TOOLS_FRAME_DISTANCE_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

enum frame_distance {
    DISTANCE_ANGULAR,      /* arccos(cos) / pi; a zero vector has distance 1 to others, 0 to zero */
    DISTANCE_EUCLIDEAN,
    DISTANCE_KL_SYMMETRIC, /* 0.5 sum (p-q)(ln(p+1e-6) - ln(q+1e-6)); rows are distributions */
    DISTANCE_IDENTICAL     /* 0 or 1: frames are units */
};

extern const char *const frame_distance_name[4]; /* "angular" ... */

/* The frames of one sequence. */
struct frames {
    const float *vector;  /* [n][dim] */
    const uint32_t *unit; /* [n], for DISTANCE_IDENTICAL */
    size_t n;
};

/* Frames prepared for comparison with many others; zeroed at first, reused by prepare. */
struct prepared_frames {
    double *row;    /* [n][dim] */
    double *column; /* [dim][stride]: lanes run across frames, never across the terms of a sum */
    double *weight; /* [n] norms; kl_symmetric: [dim][stride] logarithms */
    const uint32_t *unit;
    size_t n, stride; /* n rounded up to whole lanes */
    size_t row_capacity, column_capacity, weight_capacity;
};

bool prepare_frames(struct prepared_frames *prepared, const struct frames *frames, size_t dim,
                    enum frame_distance kind, struct failure *failure);
void prepared_frames_clear(struct prepared_frames *prepared);

/* Fills d[x->n][y->stride] with the distances of all frames of x to all frames of y; columns from
   y->n on are undefined. */
void distance_matrix(enum frame_distance kind, const struct prepared_frames *x,
                     const struct prepared_frames *y, size_t dim, double *d);

/* Checks that vector[n][dim] are finite and, for kl_symmetric, distributions. EXIT_INPUT names the
   frame (and dim); name is that of the file. */
bool check_frames(const struct frames *frames, size_t dim, enum frame_distance kind,
                  const char *name, struct failure *failure);

#endif
