/* SPDX-License-Identifier: MIT */
/* The front half of a model that is being trained, which is all stages before the codebook: front
   end, normalisation, transform. */
#ifndef VOQ_TRAIN_FRONT_HALF_H
#define VOQ_TRAIN_FRONT_HALF_H

#include "tools/train/frames.h"
#include "tools/train/train_settings.h"

struct front_half {
    voq_parts parts;     /* without codebook, name and provenance; dim is that of the vectors */
    voq_model *features; /* computes the vectors; NULL: the corpus is vectors */
    voq_cpu cpu;
    voq_frontend frontend;
    voq_normalise normalise;
    voq_transform transform;
    float *mean, *variance, *scale, *matrix, *bias;
};

/* For a corpus of vectors. */
void front_half_set_vectors(struct front_half *front, uint32_t dim);

/* Sets the front end that the settings describe; no stage follows yet. */
bool front_half_set_frontend(struct front_half *front, const struct settings *settings,
                             struct failure *failure);

/* Copies the front half of a model. */
bool front_half_copy(struct front_half *front, const voq_parts *parts, struct failure *failure);

/* kind: enum voq_normalise_kind; its prior or statistics are mean and variance of the frames, which
   the front end has computed. */
bool front_half_set_normalise(struct front_half *front, uint32_t kind, const struct frames *frames,
                              size_t n_thread, struct failure *failure);

/* Stacks frames to the left and right, then applies matrix (NULL: none) and bias, which are
   copied. */
bool front_half_set_transform(struct front_half *front, uint32_t left, uint32_t right,
                              uint32_t out_dim, const float *matrix, const float *bias,
                              struct failure *failure);

/* Makes a model of the front half and codeword[n_codebook][n_code][dim]; NULL: no codebook. */
bool front_half_make(const struct front_half *front, const float *codeword, uint32_t n_codebook,
                     uint32_t n_code, const char *name, const char *provenance, voq_model **model,
                     struct failure *failure);

/* Warps frequencies as another vocal tract length does: the mel filters assume a sample rate that
   is `factor` times as high. Frames do not change. Takes effect in front_half_set_transform. */
void front_half_warp(struct front_half *front, double factor);

void front_half_close(struct front_half *front); /* also of zeroed memory */

#endif
