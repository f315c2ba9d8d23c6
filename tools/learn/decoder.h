/* SPDX-License-Identifier: MIT */
/* Runs the decoder that a model of a VQ-VAE keeps: from codewords back to what entered its encoder.
   Any number of threads may use one decoder at once. */
#ifndef VOQ_LEARN_DECODER_H
#define VOQ_LEARN_DECODER_H

#include "tools/learn/float_network.h"
#include "voq.h"

struct decoder {
    struct float_network network;
    uint32_t dim;       /* of a codeword */
    uint32_t frame_dim; /* of a vector that enters the encoder */
    uint32_t stride;    /* such vectors per unit */
    size_t left, right; /* units before and after its own that an output depends on */
};

bool decoder_exists(const voq_model *model);

/* Reads the bytes of a section as a decoder of one frame per unit. EXIT_USAGE: what is wrong with
   them. After a failure there is nothing to free. */
bool decoder_read(struct decoder *decoder, const void *bytes, size_t n_byte,
                  struct failure *failure);

/* The decoder of a model. EXIT_USAGE: the model has no decoder, or one that does not fit it; `name`
   is the model's, for the message. After a failure there is nothing to free. */
bool decoder_open(struct decoder *decoder, const voq_model *model, const char *name,
                  struct failure *failure);
void decoder_close(struct decoder *decoder); /* all zero is allowed */

/* Where a decoder takes codewords from, and what it does with the frames. */
struct decoder_ends {
    /* Writes z_q[n][dim] of the units from `first` on. */
    void (*codewords)(void *context, uint64_t first, size_t n, float *z_q);
    /* Takes frame[n][frame_dim], the next frames; false: stop, with *failure set. */
    bool (*frames)(void *context, const float *frame, size_t n, struct failure *failure);
    void *context;
};

/* Decodes n units of one utterance, outside of which there are zeros, into n * stride frames. The
   memory that it needs does not grow with n, and the bits do not depend on the blocks. */
bool decoder_run(const struct decoder *decoder, uint64_t n, const struct decoder_ends *ends,
                 struct failure *failure);

/* Makes a model whose features are what enters the encoder of a model: its front end, normalisation
   and transform; in a model of vectors with a codebook of no meaning, which such a model needs. */
bool encoder_input_model(voq_model **input, const voq_model *model, struct failure *failure);

#endif
