/* SPDX-License-Identifier: MIT */
/* Arrays of one step of learning, which grow to the largest batch and are used again. */
#ifndef VOQ_LEARN_LEARNER_ROWS_H
#define VOQ_LEARN_LEARNER_ROWS_H

#include "tools/learn/network.h"

/* n rows are dense (dense_rows.h), n_all those of the network's arrays. */
struct learner_rows {
    float *z, *z_q, *clean; /* [n][dim]: latents, codewords, latents of the clean copy */
    float *dz, *dz_q;       /* [n][dim] */
    float *padded;          /* [n_all][dim] */
    float *wide, *target;   /* [n][widest] */
    float *wide_padded;     /* [n_all][widest] */
    float *weight;          /* [n] */
    int32_t *label;         /* [n] */
    uint32_t *id;           /* [n][n_codebook] */
    uint32_t *from;         /* [n] of time_jitter.h, which makes: */
    float *jittered;        /* [n][dim] */
    uint32_t *length;       /* [n_piece] in units */
    size_t capacity[15];
};

bool learner_rows_new(struct learner_rows **rows, struct failure *failure);
void learner_rows_free(struct learner_rows *rows); /* NULL is allowed */

/* Fills rows->length from lengths in frames. */
bool learner_rows_lengths(struct learner_rows *rows, const uint32_t *length, size_t n_piece,
                          const struct network *encoder, struct failure *failure);

struct learner_sizes {
    size_t n, n_all, dim, widest, n_codebook;
};
/* No array is NULL then, also without rows. */
bool learner_rows_fit(struct learner_rows *rows, const struct learner_sizes *sizes,
                      struct failure *failure);

#endif
