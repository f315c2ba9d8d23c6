/* SPDX-License-Identifier: MIT */
/* The nearest codeword of every row, as the library defines it (src/quantize/README.md), on all
   threads. Residual codebooks: Zeghidour et al. (2021), "SoundStream", algorithm 1. */
#ifndef VOQ_LEARN_CODE_SEARCH_H
#define VOQ_LEARN_CODE_SEARCH_H

#include "tools/learn/workers.h"

#include <stdint.h>

struct codebooks {
    uint32_t n_codebook, n_code, dim;
    const float *codeword; /* [n_codebook][n_code][dim] */
};

/* id[n][n_codebook] and z_q[n][dim]; either may be NULL. EXIT_INPUT if a row or a codeword is not
   finite. */
bool code_search(struct workers *workers, const struct codebooks *codebooks, const float *z,
                 size_t n, uint32_t *id, float *z_q, struct failure *failure);

/* EXIT_INPUT: latents are not finite, so that they have no nearest codeword. Returns false. */
bool fail_latents(struct failure *failure);

#endif
