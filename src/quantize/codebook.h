/* SPDX-License-Identifier: MIT */
/* Codebooks packed for the search, and the search. Shared with tools/train. */
#ifndef VOQ_CODEBOOK_H
#define VOQ_CODEBOOK_H

#include "src/base/arena.h"
#include "src/kernel/kernel.h"
#include "src/kernel/screen_kernel.h"

#include "voq.h"

enum { MAX_CODE_DIM = 2048, MAX_CODEBOOKS = 32, SEARCH_BLOCK = 4 };

/* The scratch of a search, in floats: two rows for every vector of a block. */
#define SEARCH_SCRATCH(dim) (2 * SEARCH_BLOCK * SCREEN_WIDTH(dim))

/* One codebook, centred on the mean of its codewords. Immutable. */
struct codebook {
    const float *codeword;  /* [n_code][dim] as stored */
    const float *mean;      /* [dim], and zeros to SCREEN_WIDTH */
    const float *packed;    /* centred, in groups of CODE_GROUP: see kernel.h */
    const float *half_norm; /* [n_group*CODE_GROUP] */
    struct screen screen;   /* margin 0: none */
};

struct quantizer {
    size_t n_codebook, n_code, n_group, dim;
    const struct codebook *codebook; /* [n_codebook] */
};

/* Lays out and packs codeword[n_codebook][n_code][dim], which must outlive the quantizer, for this
   kernel. */
void voq_quantizer_place(struct quantizer *quantizer, const struct kernel *kernel,
                         const float *codeword, size_t n_codebook, size_t n_code, size_t dim,
                         struct arena *arena);

/* Quantizes vectors x[n][dim] to id[n][n_codebook], distance (same shape) and z_q[n][dim], each of
   which may be NULL. scratch[SEARCH_SCRATCH(dim)]. Returns how many vectors were done: fewer than
   n when the next one has no finite winner. */
size_t voq_quantizer_run(const struct quantizer *quantizer, const struct kernel *kernel,
                         const float *x, size_t n, float *scratch, uint32_t *id, float *distance,
                         float *z_q);

/* Writes the sum of the codewords of id[n_codebook], added in order. */
void voq_quantizer_decode(const struct quantizer *quantizer, const uint32_t *id, float *z_q);

#endif
