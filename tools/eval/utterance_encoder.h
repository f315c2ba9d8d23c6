/* SPDX-License-Identifier: MIT */
/* One utterance through a model at a time; one encoder per thread. */
#ifndef VOQ_TOOLS_UTTERANCE_ENCODER_H
#define VOQ_TOOLS_UTTERANCE_ENCODER_H

#include "tools/base/failure.h"
#include "voq.h"

#include <stddef.h>

struct utterance_encoder {
    const voq_model *model;
    voq_info info;
    const float *origin; /* [dim] the first codeword */
    voq_features *features; /* NULL in a model of vectors */
};

/* What an utterance becomes; freed by encoded_clear. */
struct encoded {
    size_t n_frame;
    float *feature;  /* [n_frame][dim] */
    uint32_t *id;    /* [n_frame][n_codebook] */
    float *distance; /* [n_frame][n_codebook] */
};

/* EXIT_USAGE for a model without codebook or one that needs the whole signal. */
bool utterance_encoder_init(struct utterance_encoder *encoder, const voq_model *model,
                            struct failure *failure);
void utterance_encoder_clear(struct utterance_encoder *encoder);

/* Of x[n] at the model's rate; name is for messages. */
bool encode_samples(struct utterance_encoder *encoder, const char *name, const float *x, size_t n,
                    struct encoded *encoded, struct failure *failure);

/* Of the vectors in a file of features. */
bool encode_vectors(struct utterance_encoder *encoder, const char *path, struct encoded *encoded,
                    struct failure *failure);

void encoded_clear(struct encoded *encoded);

#endif
