/* SPDX-License-Identifier: MIT */
/* Encodes one utterance at a time. Any number of threads may share one encoder. */
#ifndef VOQ_TOOLS_UTTERANCE_ENCODER_H
#define VOQ_TOOLS_UTTERANCE_ENCODER_H

#include "tools/base/failure.h"
#include "voq.h"

#include <stddef.h>

struct utterance_encoder {
    const voq_model *model;
    voq_info info;
    const float *origin; /* [dim] the first codeword */
};

/* An encoded utterance; freed by encoded_clear. */
struct encoded {
    size_t n_frame;
    float *feature;  /* [n_frame][dim] */
    uint32_t *id;    /* [n_frame][n_codebook] */
    float *distance; /* [n_frame][n_codebook] */
};

/* EXIT_USAGE for a model without codebook. */
bool utterance_encoder_init(struct utterance_encoder *encoder, const voq_model *model,
                            struct failure *failure);

/* Encodes x[n] at the model's rate; name is for messages. */
bool encode_samples(const struct utterance_encoder *encoder, const char *name, const float *x,
                    size_t n, struct encoded *encoded, struct failure *failure);

/* Encodes the vectors of a feature file. */
bool encode_vectors(const struct utterance_encoder *encoder, const char *path,
                    struct encoded *encoded, struct failure *failure);

void encoded_clear(struct encoded *encoded);

#endif
