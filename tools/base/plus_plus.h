/* SPDX-License-Identifier: MIT */
/* Initial codewords of k-means: greedy k-means++ (Arthur and Vassilvitskii 2007, "k-means++: the
   advantages of careful seeding"; greedy as in scikit-learn) over a sample of vectors in memory. */
#ifndef VOQ_TOOLS_PLUS_PLUS_H
#define VOQ_TOOLS_PLUS_PLUS_H

#include "tools/base/failure.h"
#include "tools/base/rng.h"

#include <stddef.h>

struct plus_plus;

struct plus_plus_request {
    uint32_t n_code;  /* codewords in the end */
    uint32_t n_given; /* codewords that are already there, at the front */
    size_t n_thread;  /* the result does not depend on it */
    const char *what, *remedy; /* for messages; NULL: "the frames", and no remedy but fewer codes */
};

/* Makes an empty sample for n vectors. EXIT_INTERNAL: no memory. */
bool plus_plus_new(struct plus_plus **sample, uint64_t n, uint32_t dim, struct failure *failure);
void plus_plus_free(struct plus_plus *sample); /* NULL is allowed */

/* Adds the next of the n vectors. */
void plus_plus_put(struct plus_plus *sample, const float *x);

/* Fills codeword[n_given .. n_code-1][dim] with vectors of the sample, which is complete. For each,
   2 + floor(ln n_code) candidates are drawn with probability proportional to the squared distance
   to the codewords so far; the one with the least remaining sum of squared distances wins.
   EXIT_INPUT if there are fewer distinct vectors than codes. Call it once. */
bool plus_plus_run(struct plus_plus *sample, const struct plus_plus_request *request,
                   struct rng *rng, float *codeword, struct failure *failure);

#endif
