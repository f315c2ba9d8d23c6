/* SPDX-License-Identifier: MIT */
/* Dynamic time warping. */
#ifndef VOQ_TOOLS_DTW_H
#define VOQ_TOOLS_DTW_H

#include <stddef.h>
#include <stdint.h>

/* One column of work per frame of the second sequence. */
struct dtw_cell {
    double cost;
    uint32_t length; /* of the path traced back from here */
};

/* Least sum of d[n][stride] (first m columns) over steps (1,1), (0,1), (1,0), divided by the length
   of the path traced back from the end: diagonal if it is not above both others, else left if it
   is not above up, else up. scratch[m]; n and m at least 1. */
double dtw(const double *d, size_t n, size_t m, size_t stride, struct dtw_cell *scratch);

#endif
