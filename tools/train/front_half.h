/* SPDX-License-Identifier: MIT */
/* The front half of a model in the making, which is all that comes before the codebook: front end,
   normalisation, transform. */
#ifndef VOQ_TRAIN_FRONT_HALF_H
#define VOQ_TRAIN_FRONT_HALF_H

#include "tools/train/train_settings.h"

struct front_half {
    voq_parts parts;     /* without codebook, name and provenance; dim is the vectors' */
    voq_model *features; /* gives the vectors; NULL: the corpus is vectors */
    voq_cpu cpu;
    voq_frontend frontend;
    voq_normalise normalise;
    voq_transform transform;
    float *mean, *variance, *matrix, *bias;
};

/* A corpus of vectors. */
void front_half_set_vectors(struct front_half *front, uint32_t dim);

/* The front end that the settings describe, nothing behind it yet. */
bool front_half_set_frontend(struct front_half *front, const struct settings *settings,
                             struct failure *failure);

/* The front half of a model: a copy. */
bool front_half_copy(struct front_half *front, const voq_parts *parts, struct failure *failure);

/* enum voq_normalise_kind, its prior or statistics mean[dim] and variance[dim], of dim values of
   the front end. */
bool front_half_set_normalise(struct front_half *front, uint32_t kind, const double *mean,
                              const double *variance, struct failure *failure);

/* Frames to the left and right are stacked; matrix NULL: nothing more. Matrix and bias are
   copied. */
bool front_half_set_transform(struct front_half *front, uint32_t left, uint32_t right,
                              uint32_t out_dim, const float *matrix, const float *bias,
                              struct failure *failure);

/* The front half with codeword[n_codebook][n_code][dim] as a model; NULL codewords: without. */
bool front_half_make(const struct front_half *front, const float *codeword, uint32_t n_codebook,
                     uint32_t n_code, const char *name, const char *provenance, voq_model **model,
                     struct failure *failure);

/* Warps frequencies as another length of the vocal tract does: for the mel filters the samples come
   `factor` times as fast. Frames stay as they are. Done by the next front_half_set_transform. */
void front_half_warp(struct front_half *front, double factor);

void front_half_close(struct front_half *front); /* also of zeroed memory */

#endif
