/* SPDX-License-Identifier: MIT */
/* What comes before the codebook, in the making: front end, normalisation, transform. */
#ifndef VOQ_TRAIN_FEATURE_CHAIN_H
#define VOQ_TRAIN_FEATURE_CHAIN_H

#include "tools/train/train_settings.h"

struct chain {
    voq_parts parts;     /* without codebook, name and provenance; dim is the vectors' */
    voq_model *features; /* gives the vectors; NULL: the corpus is vectors */
    voq_cpu cpu;
    voq_frontend frontend;
    voq_normalise normalise;
    voq_transform transform;
    float *mean, *variance, *matrix, *bias;
};

/* A corpus of vectors. */
void chain_set_vectors(struct chain *chain, uint32_t dim);

/* The front end that the settings describe, nothing behind it yet. */
bool chain_set_frontend(struct chain *chain, const struct settings *settings,
                        struct failure *failure);

/* The chain of a model: a copy. */
bool chain_copy(struct chain *chain, const voq_parts *parts, struct failure *failure);

/* enum voq_normalise_kind, its prior or statistics mean[dim] and variance[dim], of dim values of
   the front end. */
bool chain_set_normalise(struct chain *chain, uint32_t kind, const double *mean,
                         const double *variance, struct failure *failure);

/* Frames to the left and right are stacked; matrix NULL: nothing more. Matrix and bias are
   copied. */
bool chain_set_transform(struct chain *chain, uint32_t left, uint32_t right, uint32_t out_dim,
                         const float *matrix, const float *bias, struct failure *failure);

/* The chain with codeword[n_codebook][n_code][dim] as a model; NULL codewords: without. */
bool chain_make(const struct chain *chain, const float *codeword, uint32_t n_codebook,
                uint32_t n_code, const char *name, const char *provenance, voq_model **model,
                struct failure *failure);

/* Warps frequencies as another length of the vocal tract does: for the mel filters the samples come
   `factor` times as fast. Frames stay as they are. Done by the next chain_set_transform. */
void chain_warp(struct chain *chain, double factor);

void chain_close(struct chain *chain); /* also of zeroed memory */

#endif
